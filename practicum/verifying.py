"""Whether the audit trail is whole and the tables hold what it says; and what it says of entries.

Both ways: every row that an event lists is there, with its digest and no older than the event, and
every row is listed by the event that it names. Works through a million rows in constant memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from django.apps import apps

from dbrules.append_only import AppendOnlyModel
from practicum.data import BrokenLink, TrailReport
from practicum.models import AuditEvent, TrailHead
from practicum.trail import HEAD, event_hash, row_digest

CHUNK = 500
Item = TypeVar("Item")


def audited_models() -> dict[str, Any]:
    """The tables whose rows are in the trail, by the names they have there."""
    models = apps.get_app_config("libschool_practicum").get_models()
    return {model._meta.model_name or "": model for model in models if hasattr(model, "event_id")}


def verify_audit_trail(progress: Callable[[int], None] = lambda _done: None) -> TrailReport:
    """Check every event and every row; ``broken`` is the first that is not as it was written.

    ``progress`` is told how many events were checked.
    """
    models = audited_models()
    sequence, previous = 0, ""
    for events in _chunks(AuditEvent.objects.order_by("sequence").iterator(CHUNK)):
        for event in events:
            broken = _check_event(event, sequence, previous)
            if broken is not None:
                return TrailReport(sequence, previous, broken)
            sequence, previous = event.sequence, event.hash
        broken = _check_rows(events, models)
        if broken is not None:
            return TrailReport(sequence, previous, broken)
        progress(sequence)
    head = TrailHead.objects.filter(pk=HEAD).first()
    if head is not None and (head.sequence, head.hash) != (sequence, previous):
        broken = BrokenLink(sequence + 1, "events at the end are missing")
        return TrailReport(sequence, previous, broken)
    return TrailReport(sequence, previous, _find_unlisted(models))


def _check_event(event: AuditEvent, sequence: int, previous: str) -> BrokenLink | None:
    if event.sequence != sequence + 1:
        return BrokenLink(sequence + 1, "the event is missing")
    if event.previous != previous:
        return BrokenLink(event.sequence, "the event does not follow the one before it")
    if event.hash != event_hash(event):
        return BrokenLink(event.sequence, "the event was altered")
    return None


def _check_rows(events: list[AuditEvent], models: dict[str, Any]) -> BrokenLink | None:
    """The first event of a chunk that lists a row which is not as it should be."""
    wanted: dict[str, set[str]] = {}
    for event in events:
        for table, key, _digest in event.rows:
            wanted.setdefault(table, set()).add(key)
    rows = {table: _rows(models[table], keys) for table, keys in wanted.items()}
    named = {row.event_id for found in rows.values() for row in found.values()}
    sequences = dict(AuditEvent.objects.filter(id__in=named).values_list("id", "sequence"))
    for event in events:
        for table, key, sha256 in event.rows:
            what = _row_fault(event, rows[table].get(key), sha256, sequences)
            if what:
                return BrokenLink(event.sequence, what, table, key)
    return None


def _row_fault(event: AuditEvent, row: Any, sha256: str, sequences: dict[UUID, int]) -> str:
    if row is None:
        return "a row is missing"
    if row.event_id == event.id:
        return "" if row_digest(row) == sha256 else "a row was altered"
    is_later = sequences.get(row.event_id, 0) > event.sequence
    if isinstance(row, AppendOnlyModel) or not is_later:
        return "a row was put back to an earlier state, or names another event"
    return ""


def _rows(model: Any, keys: Iterable[str]) -> dict[str, Any]:
    return {str(row.id): row for row in model.objects.filter(id__in=list(keys))}


def _find_unlisted(models: dict[str, Any]) -> BrokenLink | None:
    """A row that no event lists: it was written past the trail."""
    for table, model in sorted(models.items()):
        for rows in _chunks(model.objects.order_by("pk").iterator(CHUNK)):
            events = AuditEvent.objects.filter(id__in={row.event_id for row in rows})
            listed = {
                (event.id, key): event.sequence
                for event in events
                for name, key, _digest in event.rows
                if name == table
            }
            for row in rows:
                if (row.event_id, str(row.id)) not in listed:
                    return BrokenLink(0, "a row is in no event", table, str(row.id))
    return None


def _chunks(items: Iterator[Item]) -> Iterator[list[Item]]:
    while chunk := list(islice(items, CHUNK)):
        yield chunk


def rebuild() -> tuple[dict[UUID, tuple[str, int]], dict[tuple[UUID, str], int]]:
    """What the trail alone says: state and version of each entry; minutes by placement, category.

    For audits, and to prove that nothing stands in the tables that the trail does not tell.
    """
    states: dict[UUID, tuple[str, int]] = {}
    minutes: dict[tuple[UUID, str], int] = {}
    for event in AuditEvent.objects.order_by("sequence").iterator(CHUNK):
        facts = event.facts
        if "state" in facts and "version" in facts:
            states[event.subject] = (facts["state"], facts["version"])
        for category, change in facts.get("ledger", {}).items():
            place = UUID(facts["placement"]), category
            minutes[place] = minutes.get(place, 0) + change
    return states, minutes
