"""A placement in one line of figures: what summaries, and the dashboard, are made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from practicum.rules.calendar import days_between


class PlacementLine(NamedTuple):
    """A placement with its minutes, by how far they are trusted.

    ``confirmed`` is the ledger's, ``locked`` the part of it in closed periods, ``categories`` the
    confirmed minutes by code. ``required`` is what the whole programme requires. Names are empty
    where nobody asked for them, or the person was erased. A tuple, since there are thousands.
    """

    placement: UUID
    trainee: UUID
    host: UUID
    host_name: str
    programme: UUID
    programme_name: str
    first: date
    last: date
    trainee_name: str = ""
    municipality: str = ""
    cohort: UUID | None = None
    cohort_name: str = ""
    required: int = 0
    confirmed: int = 0
    locked: int = 0
    pending: int = 0
    draft: int = 0
    returned: int = 0
    categories: Mapping[str, int] = MappingProxyType({})
    pauses: tuple[tuple[date, date], ...] = ()
    is_erased: bool = False

    def runs_on(self, day: date) -> bool:
        """Whether the placement lasts on a day."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A trainee in a programme: placements that follow each other share its requirement."""

    lines: tuple[PlacementLine, ...]
    total: PlacementLine

    @property
    def hosts(self) -> str:
        """The hosts' names, each once, in the order of the placements."""
        return "; ".join(dict.fromkeys(line.host_name for line in self.lines))

    def expected(self, today: date) -> int:
        """What should be confirmed or wait by ``today``, if practice is spread evenly.

        Days of interruptions count for nothing.
        """
        served = open_days = 0
        for line in self.lines:
            passed = _open_days(line, today)
            served += passed
            open_days += passed if today >= line.last else _open_days(line, line.last)
        return self.total.required * served // open_days if open_days else 0

    def behind(self, today: date) -> int:
        """Minutes missing from what is expected; what waits for a mentor is no delay."""
        done = self.total.confirmed + self.total.pending
        return max(min(self.expected(today), self.total.required) - done, 0)


def _open_days(line: PlacementLine, until: date) -> int:
    last = min(line.last, until)
    days = max((last - line.first).days + 1, 0)
    if not line.pauses:
        return days
    paused = {
        day
        for begins, ends in line.pauses
        for day in days_between(max(begins, line.first), min(ends, last))
    }
    return days - len(paused)


def by_person(lines: Iterable[PlacementLine]) -> list[PersonLine]:
    """The lines of each trainee in each programme together, in the order of first appearance."""
    groups: dict[tuple[UUID, UUID], list[PlacementLine]] = {}
    for line in lines:
        groups.setdefault((line.trainee, line.programme), []).append(line)
    return [_together(group) for group in groups.values()]


def _together(lines: list[PlacementLine]) -> PersonLine:
    if len(lines) == 1:
        return PersonLine(tuple(lines), lines[0])
    lines.sort(key=lambda line: line.first)
    total = lines[0]._replace(
        last=max(line.last for line in lines),
        required=max(line.required for line in lines),
        confirmed=sum(line.confirmed for line in lines),
        locked=sum(line.locked for line in lines),
        pending=sum(line.pending for line in lines),
        draft=sum(line.draft for line in lines),
        returned=sum(line.returned for line in lines),
        categories=add_up(line.categories for line in lines),
    )
    return PersonLine(tuple(lines), total)


def add_up(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The sum of minutes by code, by code."""
    sums: dict[str, int] = {}
    for part in parts:
        for code, minutes in part.items():
            sums[code] = sums.get(code, 0) + minutes
    return dict(sorted(sums.items()))
