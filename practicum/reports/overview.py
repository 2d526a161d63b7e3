"""How practice stands in the whole school: what the dashboard shows, from lines of figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from practicum.reports.lines import PersonLine, PlacementLine, add_up, by_person

SOON = timedelta(days=30)
SHOWN = 8  # rows of each list on the dashboard


@dataclass(frozen=True, slots=True)
class Group:
    """Minutes of a cohort or a host; ``key`` is ``None`` for those of none."""

    key: UUID | None
    name: str
    placements: int
    confirmed: int
    pending: int
    open: int  # drafts and returned ones

    @property
    def whole(self) -> int:
        """All minutes that were entered."""
        return self.confirmed + self.pending + self.open


@dataclass(frozen=True, slots=True)
class Load:
    """How many trainees a host has on a day, of how many; capacity 0 is not said."""

    host: UUID
    name: str
    trainees: int
    capacity: int

    @property
    def is_full(self) -> bool:
        """Whether nobody more fits in."""
        return 0 < self.capacity <= self.trainees


@dataclass(frozen=True, slots=True)
class Overview:
    """The school's practice on a day. ``states`` are minutes by an entry's state."""

    trainees: int
    placements: int
    states: tuple[tuple[str, int], ...]
    cohorts: tuple[Group, ...]
    hosts: tuple[Group, ...]
    categories: tuple[tuple[str, int], ...]
    behind: tuple[PersonLine, ...]
    behind_count: int
    ending: tuple[PlacementLine, ...]
    ending_count: int
    loads: tuple[Load, ...]


def overview(
    lines: Sequence[PlacementLine], capacities: Iterable[tuple[UUID, str, int]], today: date
) -> Overview:
    """What ``lines`` add up to; ``capacities`` are hosts, their names and how many they take."""
    late = ((one.behind(today), one) for one in by_person(lines))
    behind = sorted(
        ((minutes, one) for minutes, one in late if minutes),
        key=lambda pair: (-pair[0], pair[1].total.first),
    )
    ending = sorted(
        (line for line in lines if today <= line.last <= today + SOON),
        key=lambda line: (line.last, line.first),
    )
    return Overview(
        trainees=len({line.trainee for line in lines}),
        placements=len(lines),
        states=_states(lines),
        cohorts=_groups(lines, lambda line: (line.cohort, line.cohort_name)),
        hosts=_groups(lines, lambda line: (line.host, line.host_name)),
        categories=_by_minutes(add_up(line.categories for line in lines)),
        behind=tuple(one for _minutes, one in behind[:SHOWN]),
        behind_count=len(behind),
        ending=tuple(ending[:SHOWN]),
        ending_count=len(ending),
        loads=_loads(lines, capacities, today),
    )


def _states(lines: Iterable[PlacementLine]) -> tuple[tuple[str, int], ...]:
    sums = {"locked": 0, "approved": 0, "submitted": 0, "returned": 0, "draft": 0}
    for line in lines:
        sums["locked"] += line.locked
        sums["approved"] += line.confirmed - line.locked
        sums["submitted"] += line.pending
        sums["returned"] += line.returned
        sums["draft"] += line.draft
    return tuple(sums.items())


def _groups(
    lines: Iterable[PlacementLine], of: Callable[[PlacementLine], tuple[UUID | None, str]]
) -> tuple[Group, ...]:
    """The groups with most minutes first; those without a name come last."""
    found: dict[UUID | None, tuple[str, list[PlacementLine]]] = {}
    for line in lines:
        key, name = of(line)
        found.setdefault(key, (name, []))[1].append(line)
    groups = [
        Group(
            key,
            name,
            len(some),
            sum(line.confirmed for line in some),
            sum(line.pending for line in some),
            sum(line.draft + line.returned for line in some),
        )
        for key, (name, some) in found.items()
    ]
    return tuple(sorted(groups, key=lambda one: (one.key is None, -one.whole, one.name)))


def _by_minutes(minutes: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(minutes.items(), key=lambda one: (-one[1], one[0])))


def _loads(
    lines: Iterable[PlacementLine], capacities: Iterable[tuple[UUID, str, int]], today: date
) -> tuple[Load, ...]:
    there: dict[UUID, set[UUID]] = {}
    for line in lines:
        if line.runs_on(today):
            there.setdefault(line.host, set()).add(line.trainee)
    loads = [
        Load(host, name, len(there.get(host, ())), capacity)
        for host, name, capacity in capacities
        if capacity or host in there
    ]
    return tuple(sorted(loads, key=lambda one: (-one.trainees, one.name)))
