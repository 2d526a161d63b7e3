"""The audit trail to read: what happened to something, and who looked at somebody's data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from practicum.data import Actor, Receipt
from practicum.errors import NotFound
from practicum.models import AuditEvent, Person
from practicum.people import is_coordinator, require_account, require_coordinator
from practicum.running import Run, perform

LOOKS = ("look_at_export", "look_at_file")


@dataclass(frozen=True, slots=True)
class TrailEventRecord:
    """An event of the trail; ``facts`` hold nothing personal."""

    sequence: int
    actor: UUID | None
    means: str
    command: str
    subject: UUID
    facts: Mapping[str, Any]
    at: datetime
    hash: str


def trail_events(
    actor: Actor, *, subject: UUID | None = None, before: int | None = None, limit: int = 50
) -> list[TrailEventRecord]:
    """Events, the latest first, ``before`` a number; of one thing, if ``subject`` says of which.

    Coordinators and the program.
    """
    require_coordinator(actor)
    rows = AuditEvent.objects.order_by("-sequence")
    if subject is not None:
        rows = rows.filter(subject=subject)
    if before is not None:
        rows = rows.filter(sequence__lt=before)
    return [_record(row) for row in rows[:limit]]


def _record(row: AuditEvent) -> TrailEventRecord:
    return TrailEventRecord(
        row.sequence, row.actor, row.means, row.command, row.subject, row.facts, row.at, row.hash
    )


def note_look(actor: Actor, command: str, person: UUID, **facts: Any) -> None:
    """Write down that somebody other than the person themselves looked at their data."""
    if actor.person == person:
        return

    def effect(run: Run) -> Receipt:
        run.step(command, person, **facts)
        return Receipt(person)

    perform(actor, command, "", [person], effect)


def access_log(actor: Actor, person: UUID) -> list[TrailEventRecord]:
    """Who took out or opened a person's data, the latest first: the person, or a coordinator."""
    require_account(actor)
    if actor.person != person and not is_coordinator(actor):
        raise NotFound(what="person")
    if not Person.objects.filter(id=person).exists():
        raise NotFound(what="person")
    rows = AuditEvent.objects.filter(subject=person, command__in=LOOKS)
    return [_record(row) for row in rows.order_by("-sequence")]
