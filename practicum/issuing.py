"""Reports that were handed out: the code on each tells whether it still says what counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from practicum import closing
from practicum.closing import DocumentCheck, confirmed_minutes, issue_document
from practicum.data import Actor, Receipt
from practicum.models import IssuedCollection
from practicum.people import require_coordinator
from practicum.running import Run, perform
from practicum.trail import current_sequence


def issue_report(
    actor: Actor, kind: str, placements: Sequence[UUID], first: date, last: date, *, key: str = ""
) -> Receipt:
    """Note that a report is handed out; the receipt's id is the code printed on it.

    On one placement by whoever sees it, on several by coordinators.
    """
    if len(placements) == 1:
        return issue_document(actor, placements[0], kind, first, last, key=key)
    wanted = sorted(placements)

    def effect(run: Run) -> Receipt:
        require_coordinator(actor)
        issued = IssuedCollection(
            kind=kind,
            placements=[str(one) for one in wanted],
            first=first,
            last=last,
            sequence=current_sequence(),
            figures=confirmed_minutes(wanted, first, last),
            issued_at=run.at,
        )
        run.add(run.step("issue_report", issued.id, kind=kind), issued)
        return Receipt(issued.id, version=issued.sequence)

    return perform(actor, "issue_report", key, [kind, wanted, first, last], effect)


def check_document(code: UUID) -> DocumentCheck:
    """Whether a report still says what counts; raises ``NotFound`` for a code of none."""
    row = IssuedCollection.objects.filter(pk=code).first()
    if row is None:
        return closing.check_document(code)
    now = confirmed_minutes([UUID(one) for one in row.placements], row.first, row.last)
    return DocumentCheck(
        kind=row.kind,
        first=row.first,
        last=row.last,
        minutes=sum(row.figures.values()),
        issued_at=row.issued_at,
        is_current=row.figures == now,
    )
