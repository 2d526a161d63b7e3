"""The frozen values that cross the boundary of ``practicum``.

Pure: nothing here knows of Django or a database. Times are aware datetimes in UTC, days are dates
in the placement's time zone, minutes are whole numbers. Messages are English templates marked for
translation; whoever shows them translates the template and then fills in the parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

__all__ = [
    "HARD_ALWAYS",
    "Actor",
    "AmendmentRecord",
    "AmendmentState",
    "AppealState",
    "BrokenLink",
    "DecisionKind",
    "EntryRecord",
    "EntryState",
    "EntryValues",
    "Figure",
    "ItemOutcome",
    "MandateRecord",
    "Means",
    "Measure",
    "OverrideKind",
    "PlacementRecord",
    "Problem",
    "Receipt",
    "Requirement",
    "ReviewItem",
    "ReviewLinkView",
    "Rules",
    "Severity",
    "SignatureRecord",
    "Standing",
    "Totals",
    "TrailReport",
    "gettext_noop",
]


def gettext_noop(message: str) -> str:
    """Mark ``message`` for translation and return it unchanged."""
    return message


class EntryState(StrEnum):
    """Where an entry stands; ``VOID`` is final."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    LOCKED = "locked"
    VOID = "void"


class AmendmentState(StrEnum):
    """Where a proposed correction stands. ``SIGNED`` waits for a coordinator's second signature."""

    OPEN = "open"
    SIGNED = "signed"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class AppealState(StrEnum):
    """Where a trainee's appeal against a return stands."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class DecisionKind(StrEnum):
    """What a signature says of the version that it is over."""

    SUBMIT = "submit"
    APPROVE = "approve"
    COUNTERSIGN = "countersign"
    RETURN = "return"
    AMEND = "amend"
    REVERSE = "reverse"


class OverrideKind(StrEnum):
    """What a coordinator let pass: more minutes in a day or a week, or an entry made late."""

    DAY_CAP = "day_cap"
    WEEK_CAP = "week_cap"
    BACK_ENTRY = "back_entry"


class Means(StrEnum):
    """How an actor came to act."""

    ACCOUNT = "account"
    LINK = "link"
    SYSTEM = "system"


class Measure(StrEnum):
    """What of a programme counts in a course: hours confirmed, or competencies reached."""

    HOURS = "hours"
    COMPETENCIES = "competencies"


class Severity(StrEnum):
    """Whether a problem stops an entry, is only told, or is not looked for."""

    HARD = "hard"
    SOFT = "soft"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person of ``practicum`` (``None`` for the program itself) and how.

    ``link`` is the review link that was opened, if it was; the actor may then do nothing but
    decide on what the link lists.
    """

    person: UUID | None
    means: Means = Means.ACCOUNT
    link: UUID | None = None


# --- Programmes -----------------------------------------------------------------------------------

# Codes whose problems always stop an entry: the totals and the database rest on them.
HARD_ALWAYS = frozenset(
    {
        "interval.order",
        "interval.length",
        "interval.minutes",
        "break.length",
        "overlap",
        "allocations.sum",
        "allocations.minutes",
        "allocations.category",
        "competencies.unknown",
        "period.closed",
    }
)


@dataclass(frozen=True, slots=True)
class Requirement:
    """Minutes required in all, by activity category and by competency (codes)."""

    minutes: int = 0
    categories: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    competencies: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Rules:
    """What a version of a programme of practice asks for. Minutes; 0 sets no limit.

    ``weekdays`` are allowed days, Monday 1. ``country`` (ISO 3166) brings its public holidays,
    ``holidays`` are the programme's own. ``severities`` overrule ``DEFAULT_SEVERITIES`` by code,
    but not for ``HARD_ALWAYS``. ``undo_minutes`` is how long an approval may be taken back,
    ``grace_days`` how long after its end a period stays open, ``back_entry_days`` how long after a
    day it may be logged without a coordinator. ``close_after`` is how many days after its end a
    month closes by itself once nothing of it waits (never before its days of grace; 0: never).
    """

    requirement: Requirement = Requirement()
    categories: tuple[str, ...] = ()
    competencies: tuple[str, ...] = ()
    day_cap: int = 10 * 60
    week_cap: int = 48 * 60
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5)
    country: str = ""
    holidays: tuple[date, ...] = ()
    break_after: int = 6 * 60
    break_least: int = 30
    rest_least: int = 11 * 60
    usual_from: time = time(7)
    usual_until: time = time(20)
    clock_slack: int = 15
    back_entry_days: int = 31
    undo_minutes: int = 30
    grace_days: int = 5
    close_after: int = 0
    is_two_step: bool = False
    severities: Mapping[str, Severity] = field(default_factory=lambda: MappingProxyType({}))


# --- Entries --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EntryValues:
    """What a trainee says of one stretch of practice.

    ``allocations`` are minutes by category code and sum to the net time, which is the time from
    ``start`` to ``end`` (aware) less ``break_minutes``. ``competencies`` are codes, ``evidence``
    the ids of files kept with ``add_evidence``.
    """

    start: datetime
    end: datetime
    break_minutes: int
    allocations: Mapping[str, int]
    competencies: tuple[str, ...] = ()
    text: str = ""
    evidence: tuple[UUID, ...] = ()

    @property
    def net_minutes(self) -> int:
        """Minutes served."""
        return int((self.end - self.start).total_seconds()) // 60 - self.break_minutes


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is wrong with an entry, or unusual (``is_hard`` false).

    ``entry`` is the entry in conflict, where there is one; ``field`` the part of the values.
    """

    code: str
    template: str
    params: Mapping[str, Any] = field(default_factory=dict)
    is_hard: bool = True
    field: str = ""
    entry: UUID | None = None

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.template % self.params if self.params else self.template


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """What became of one item of a command on many: ``error`` is empty where it was done."""

    id: UUID
    state: str = ""
    version: int = 0
    error: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether the command took effect on this item."""
        return not self.error


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a command did; a replay returns the first one. Holds nothing personal.

    ``id`` is what the command made or changed, ``state`` and ``version`` how it stands afterwards,
    ``content_hash`` what a signature would be over. ``warnings`` are soft problems. ``items`` are
    the outcomes of a command on many.
    """

    id: UUID
    state: str = ""
    version: int = 0
    content_hash: str = ""
    warnings: tuple[Problem, ...] = ()
    items: tuple[ItemOutcome, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One decision: on ``entry`` as it was shown, that is with ``content_hash``.

    ``reason`` is needed to return an entry and is told to the trainee.
    """

    entry: UUID
    content_hash: str
    approve: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SignatureRecord:
    """A signature as it may be shown; ``name`` and ``organisation`` are empty once erased."""

    id: UUID
    kind: str
    content_hash: str
    signer: UUID
    name: str
    role: str
    organisation: str
    means: str
    reason: str
    at: datetime
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class EntryRecord:
    """An entry with its current version. ``author`` is who wrote that version."""

    id: UUID
    placement: UUID
    trainee: UUID
    state: EntryState
    version: int
    values: EntryValues
    day: date
    net_minutes: int
    content_hash: str
    author: UUID
    from_sheet: UUID | None
    submitted_at: datetime | None
    has_amendment: bool
    signatures: tuple[SignatureRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class AmendmentRecord:
    """A proposed correction; ``values`` is ``None`` for one that takes the entry back whole."""

    id: UUID
    entry: UUID
    placement: UUID
    base: int
    values: EntryValues | None
    content_hash: str
    reason: str
    proposer: UUID
    state: AmendmentState
    needs_coordinator: bool
    proposed_at: datetime


# --- Placements -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MandateRecord:
    """From when until when (``None``: the placement's end) a mentor answers for a placement."""

    id: UUID
    mentor: UUID
    name: str
    first: date
    last: date | None
    is_revoked: bool


@dataclass(frozen=True, slots=True)
class PlacementRecord:
    """A trainee's stay at a host library; days are in the time zone ``tz``.

    ``programme`` is the code of the programme.
    """

    id: UUID
    trainee: UUID
    trainee_name: str
    host: UUID
    host_name: str
    programme_version: UUID
    programme: str
    programme_name: str
    cohort: UUID | None
    first: date
    last: date
    tz: str
    follows: UUID | None
    pauses: tuple[tuple[date, date], ...]
    mandates: tuple[MandateRecord, ...]
    rules: Rules


@dataclass(frozen=True, slots=True)
class Figure:
    """Minutes of one category or competency, or of all: by how far they are trusted."""

    code: str
    required: int = 0
    confirmed: int = 0
    pending: int = 0
    draft: int = 0
    returned: int = 0

    @property
    def missing(self) -> int:
        """Minutes that are still to be confirmed."""
        return max(self.required - self.confirmed, 0)


@dataclass(frozen=True, slots=True)
class Totals:
    """A placement's, or a person's, minutes at the trail's sequence number ``sequence``."""

    all: Figure
    categories: tuple[Figure, ...]
    competencies: tuple[Figure, ...]
    sequence: int
    forecast: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a programme is done of what is required (minutes, or competencies), as points."""

    measure: Measure
    done: int
    required: int
    earned: int
    possible: int

    @property
    def share(self) -> float:
        """How much of it is done, from 0 to 1."""
        return min(self.done / self.required, 1.0) if self.required else 0.0


# --- Links and the trail --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReviewLinkView:
    """What an opened review link shows: the entries as they are now, in the order of the link.

    ``stale`` are those whose version is no longer the one that the link lists, ``decided`` those
    that wait for no decision any more.
    """

    actor: Actor
    mentor_name: str
    expires_at: datetime
    entries: tuple[EntryRecord, ...]
    stale: frozenset[UUID] = frozenset()
    decided: frozenset[UUID] = frozenset()
    placements: tuple[PlacementRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """Where the trail stops telling what the tables hold: an event's number, and why."""

    sequence: int
    what: str
    table: str = ""
    row: str = ""


@dataclass(frozen=True, slots=True)
class TrailReport:
    """The outcome of a verification of the audit trail."""

    events: int
    head: str
    broken: BrokenLink | None = None

    @property
    def is_whole(self) -> bool:
        """Whether every event and every row is as it was written."""
        return self.broken is None
