"""What the block ``practicum_log`` shows of a trainee's practice: figures and entries in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from practicum.api import (
    EntryRecord,
    EntryState,
    Measure,
    PlacementRecord,
    Standing,
    local_time,
)
from xblocks.block import _

RECENT = 8  # entries shown
MAX_SUBMITTED = 100  # entries at once
STATES: Mapping[EntryState, str] = {
    EntryState.DRAFT: _("draft"),
    EntryState.SUBMITTED: _("waiting for your mentor"),
    EntryState.RETURNED: _("returned"),
    EntryState.APPROVED: _("confirmed"),
    EntryState.LOCKED: _("confirmed, closed"),
}

Translate = Callable[[str], str]


def describe_practice(
    placements: Iterable[PlacementRecord],
    entries: Iterable[EntryRecord],
    standing: Standing,
    translate: Translate,
) -> dict[str, Any]:
    """The figures, the latest and the returned entries, and the last one as a usual day."""
    places = {one.id: one for one in placements}
    kept = sorted(entries, key=lambda entry: entry.values.start, reverse=True)
    shown = [(entry, _describe(entry, places[entry.placement], translate)) for entry in kept]
    drafts = [str(entry.id) for entry in kept if entry.state is EntryState.DRAFT]
    return {
        "is_hours": standing.measure is Measure.HOURS,
        "figures": _figures(standing, kept, translate),
        "percent": int(standing.share * 100),
        "points": {"earned": standing.earned, "possible": standing.possible},
        "returned": [one for entry, one in shown if entry.state is EntryState.RETURNED],
        "recent": [one for _entry, one in shown[:RECENT]],
        "drafts": drafts[:MAX_SUBMITTED],
        "usual": _usual(kept[0], places[kept[0].placement]) if kept else None,
    }


def _figures(
    standing: Standing, entries: Sequence[EntryRecord], translate: Translate
) -> list[dict[str, str]]:
    def minutes(*states: EntryState) -> str:
        found = sum(entry.net_minutes for entry in entries if entry.state in states)
        return say_hours(found, translate)

    if standing.measure is Measure.HOURS:
        missing = max(standing.required - standing.done, 0)
        figures = {
            _("Confirmed"): say_hours(standing.done, translate),
            _("Required"): say_hours(standing.required, translate),
            _("Still missing"): say_hours(missing, translate),
        }
    else:
        figures = {
            _("Competencies reached"): str(standing.done),
            _("Competencies in all"): str(standing.required),
            _("Confirmed"): minutes(EntryState.APPROVED, EntryState.LOCKED),
        }
    figures[_("Waiting for your mentor")] = minutes(EntryState.SUBMITTED)
    figures[_("In drafts")] = minutes(EntryState.DRAFT)
    return [{"name": translate(name), "value": value} for name, value in figures.items()]


def say_hours(minutes: int, translate: Translate) -> str:
    """Minutes as hours and minutes."""
    hours, rest = divmod(minutes, 60)
    template = translate(_("%(hours)d h %(minutes)d min") if rest else _("%(hours)d h"))
    return template % {"hours": hours, "minutes": rest}


def _times(entry: EntryRecord, placement: PlacementRecord) -> tuple[datetime, datetime]:
    start, end = entry.values.start, entry.values.end
    return local_time(start, placement.tz), local_time(end, placement.tz)


def _describe(
    entry: EntryRecord, placement: PlacementRecord, translate: Translate
) -> dict[str, str]:
    start, end = _times(entry, placement)
    reasons = [one.reason for one in entry.signatures if one.kind == "return" and one.reason]
    return {
        "day": entry.day.isoformat(),
        "time": f"{start:%H:%M}\N{EN DASH}{end:%H:%M}",
        "hours": say_hours(entry.net_minutes, translate),
        "text": entry.values.text,
        "state": entry.state.value,
        "state_name": translate(STATES[entry.state]),
        "reason": reasons[-1] if reasons else "",
    }


def _usual(entry: EntryRecord, placement: PlacementRecord) -> dict[str, Any]:
    """An entry as a pattern for the next one."""
    start, end = _times(entry, placement)
    allocations = entry.values.allocations
    return {
        "placement": str(placement.id),
        "start": f"{start:%H:%M}",
        "end": f"{end:%H:%M}",
        "break_minutes": entry.values.break_minutes,
        "category": max(allocations, key=lambda code: allocations[code]),
    }
