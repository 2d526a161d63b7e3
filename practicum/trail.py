"""The audit trail: one chained event for every step, with the digests of the rows it wrote."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, models

from practicum.canonical import digest, plain
from practicum.data import Actor
from practicum.models import AuditEvent, Person, TrailHead
from practicum.models.base import new_id

HEAD = 1
# The link of a person to an account goes with the account, which is no step of ours.
NOT_AUDITED = frozenset({"user"})


def row_digest(row: models.Model) -> str:
    """The digest of every column of a row."""
    return digest(
        {
            column.attname: column.get_prep_value(getattr(row, column.attname))
            if isinstance(column, models.UUIDField)
            else getattr(row, column.attname)
            for column in row._meta.concrete_fields
            if column.name not in NOT_AUDITED
        }
    )


def event_hash(event: AuditEvent) -> str:
    """What ``hash`` of an event has to be."""
    return digest(
        [
            event.sequence,
            event.id,
            event.previous,
            event.actor,
            event.means,
            event.command,
            event.subject,
            event.facts,
            event.rows,
            event.at,
        ]
    )


@dataclass(slots=True)
class Step:
    """An event in the making: what was done to ``subject``, and the rows that it wrote."""

    command: str
    subject: UUID
    facts: dict[str, Any]
    id: UUID = field(default_factory=new_id)
    rows: list[models.Model] = field(default_factory=list)


def lock_head() -> TrailHead:
    """The head of the trail, locked until the transaction ends; made if need be."""
    heads = TrailHead.objects.select_for_update().filter(pk=HEAD)
    head = heads.first()
    if head is None:
        TrailHead.objects.bulk_create([TrailHead(pk=HEAD)], ignore_conflicts=True)
        head = heads.get()
    return head


def take_write_lock() -> None:
    """Where the database locks no rows (SQLite), let the first statement be a write."""
    if not connection.features.has_select_for_update:
        TrailHead.objects.filter(pk=HEAD).update(id=HEAD)


def append(steps: Sequence[Step], actor: Actor, at: datetime) -> int:
    """Write the events of ``steps``, whose rows are written; returns the last one's number.

    The head is locked last of all, so that others wait for no longer than a commit takes.
    """
    if not steps:
        return current_sequence()
    head = lock_head()
    events = []
    for step in steps:
        event = AuditEvent(
            sequence=head.sequence + 1,
            id=step.id,
            previous=head.hash,
            actor=actor.person,
            means=actor.means.value,
            command=step.command,
            subject=step.subject,
            facts=plain(step.facts),
            rows=_list_rows(step.rows),
            at=at,
        )
        event.hash = event_hash(event)
        head.sequence, head.hash = event.sequence, event.hash
        events.append(event)
    AuditEvent.objects.bulk_create(events)
    head.save(update_fields=["sequence", "hash"])
    return head.sequence


def current_sequence() -> int:
    """The number of the last event; 0 before the first."""
    return TrailHead.objects.filter(pk=HEAD).values_list("sequence", flat=True).first() or 0


def _list_rows(rows: Iterable[models.Model]) -> list[list[str]]:
    listed = {(row._meta.model_name or "", str(_key(row))): row_digest(row) for row in rows}
    return [[table, key, sha256] for (table, key), sha256 in sorted(listed.items())]


def _key(row: models.Model) -> Any:
    return row.id if isinstance(row, Person) else row.pk
