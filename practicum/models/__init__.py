"""What ``practicum`` keeps; read and written through ``practicum.api`` alone from outside."""

from __future__ import annotations

from practicum.models.comforts import (
    CalendarFeed,
    EntryTemplate,
    MailPreference,
    SentNotice,
)
from practicum.models.crediting import CourseItem
from practicum.models.entries import (
    Amendment,
    Appeal,
    AttendanceSheet,
    Entry,
    EntryVersion,
    EvidenceContent,
    EvidenceFile,
    LedgerLine,
    Signature,
    Withdrawal,
)
from practicum.models.figures import (
    FiguresHead,
    PlacementFigures,
)
from practicum.models.people import (
    Coordinator,
    Person,
    PersonKey,
)
from practicum.models.placements import (
    Agreement,
    Mandate,
    Override,
    Pause,
    Period,
    Placement,
    Reopening,
)
from practicum.models.portfolio import (
    Absence,
    Checklist,
    ChecklistTick,
    CompetencyAssessment,
    Evaluation,
    EvaluationForm,
    WeeklyReport,
)
from practicum.models.programmes import (
    Category,
    Cohort,
    Competency,
    HostLibrary,
    Programme,
    ProgrammeVersion,
)
from practicum.models.tokens import ApiToken
from practicum.models.trail import (
    AuditEvent,
    CommandReceipt,
    IssuedCollection,
    IssuedDocument,
    ReviewLink,
    TrailHead,
)

__all__ = [
    "Absence",
    "Agreement",
    "Amendment",
    "ApiToken",
    "Appeal",
    "AttendanceSheet",
    "AuditEvent",
    "CalendarFeed",
    "Category",
    "Checklist",
    "ChecklistTick",
    "Cohort",
    "CommandReceipt",
    "Competency",
    "CompetencyAssessment",
    "Coordinator",
    "CourseItem",
    "Entry",
    "EntryTemplate",
    "EntryVersion",
    "Evaluation",
    "EvaluationForm",
    "EvidenceContent",
    "EvidenceFile",
    "FiguresHead",
    "HostLibrary",
    "IssuedCollection",
    "IssuedDocument",
    "LedgerLine",
    "MailPreference",
    "Mandate",
    "Override",
    "Pause",
    "Period",
    "Person",
    "PersonKey",
    "Placement",
    "PlacementFigures",
    "Programme",
    "ProgrammeVersion",
    "Reopening",
    "ReviewLink",
    "SentNotice",
    "Signature",
    "TrailHead",
    "WeeklyReport",
    "Withdrawal",
]
