"""Wet lots, how long they keep, and the order in which most and least of them is saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from grading.data import gettext_noop as _
from grading.graders.keeping import kept
from grading.graders.reading import Node, exercise_node

MOST_ITEMS = 12
MOST_TEAMS = 10
MOST_EXACT = 8
"""Lots up to which the best and the worst order are found by trying all that differ."""
BEAM = 100
"""Unfinished orders that are kept at each step when there are more lots."""
LONGEST_ID = 80

SAME_ID = _("Another entry has this id.")
NOTHING_TO_DECIDE = _("Whatever the order, the same is saved: there is nothing to decide.")


class Item(NamedTuple):
    """A lot: it takes ``work_hours`` to save and keeps whole until ``limit_h``, then halves."""

    id: str
    text: str
    value: float
    work_hours: float
    limit_h: float
    half_life_h: float

    def saved(self, hour: float) -> float:
        """Return what is left of the value when the work on it ends at ``hour``."""
        if hour <= self.limit_h + 1e-9:
            return self.value
        return self.value * float(0.5 ** ((hour - self.limit_h) / self.half_life_h))


class Event(NamedTuple):
    """What became of one lot: when which team worked on it, and the value saved."""

    id: str
    team: int
    start: float
    end: float
    saved: float


class Exercise(NamedTuple):
    """An exercise as it was read, with the orders that save most and least."""

    items: Mapping[str, Item]
    teams: int
    start_h: float
    best: tuple[str, ...]
    best_value: float
    worst_value: float


@kept
def read_exercise(raw: Any) -> Exercise:
    """Return the exercise that ``raw`` is; raises InvalidExercise."""
    node = exercise_node(raw)
    if not isinstance(raw, Mapping):
        raise node.fail(_("An exercise is an object with items."))
    items: dict[str, Item] = {}
    for row in node.get("items").list(2, MOST_ITEMS):
        item = _read_item(row)
        if item.id in items:
            raise row.get("id").fail(SAME_ID)
        items[item.id] = item
    teams = node.get("teams").whole(1, 1, MOST_TEAMS)
    start = node.get("start_h").number(0.0, 0.0, 1e4)
    best = find_order(list(items.values()), teams, start, max)
    worst = find_order(list(items.values()), teams, start, min)
    best_value = value_of(simulate(items, teams, start, best))
    worst_value = value_of(simulate(items, teams, start, worst))
    if best_value - worst_value < 1e-6 * best_value:
        raise node.get("items").fail(NOTHING_TO_DECIDE)
    return Exercise(items, teams, start, best, best_value, worst_value)


def _read_item(node: Node) -> Item:
    item_id = node.get("id").text(longest=LONGEST_ID)
    return Item(
        id=item_id,
        text=node.get("text").text(item_id).strip(),
        value=node.get("value").number(1.0, 1e-3, 1e6),
        work_hours=node.get("work_hours").number(1.0, 1e-2, 1e4),
        limit_h=node.get("limit_h").number(48.0, 0.0, 1e4),
        half_life_h=node.get("half_life_h").number(24.0, 1e-2, 1e4),
    )


def simulate(
    items: Mapping[str, Item], teams: int, start: float, order: Sequence[str]
) -> list[Event]:
    """Return what happens to the lots of ``order``: each goes to the team that is free first."""
    free = [start] * teams
    events = []
    for name in order:
        team = min(range(teams), key=free.__getitem__)
        begun = free[team]
        free[team] = begun + items[name].work_hours
        saved = items[name].saved(free[team])
        events.append(Event(name, team, begun, free[team], saved))
    return events


def value_of(events: Sequence[Event]) -> float:
    """Return the value saved in all."""
    return sum(event.saved for event in events)


class _Partial(NamedTuple):
    """The best way found to have dealt with some lots."""

    value: float
    order: tuple[int, ...]


_State = tuple[int, tuple[float, ...]]
"""Which lots are dealt with (a bit for each), and when each team is free, soonest first."""


def find_order(
    items: Sequence[Item], teams: int, start: float, better: Callable[..., Any]
) -> tuple[str, ...]:
    """Return the ids in the order that saves most (``better`` is ``max``) or least (``min``).

    Two ways to have dealt with the same lots that leave the teams free at the same hours are one:
    the better counts. Up to MOST_EXACT lots nothing else is left out, so the result is exact;
    with more, only the most promising ways are followed.
    """
    sign = 1.0 if better is max else -1.0
    teams = min(teams, len(items))
    layer: dict[_State, _Partial] = {(0, (start,) * teams): _Partial(0.0, ())}
    for _step in items:
        following: dict[_State, _Partial] = {}
        for (done, free), partial in layer.items():
            for number, item in enumerate(items):
                if done >> number & 1:
                    continue
                end = free[0] + item.work_hours
                value = partial.value + sign * item.saved(end)
                state = (done | 1 << number, tuple(sorted((end, *free[1:]))))
                known = following.get(state)
                if known is None or value > known.value:
                    following[state] = _Partial(value, (*partial.order, number))
        layer = following
        if len(items) > MOST_EXACT and len(layer) > BEAM:
            layer = _narrow(layer, items, sign)
    order = max(layer.values(), key=lambda partial: partial.value).order
    return tuple(items[number].id for number in order)


def _narrow(
    layer: dict[_State, _Partial], items: Sequence[Item], sign: float
) -> dict[_State, _Partial]:
    """Keep the most promising states: by what is saved and what could still be saved at once."""

    def promise(entry: tuple[_State, _Partial]) -> float:
        (done, free), partial = entry
        rest = sum(
            item.saved(free[0] + item.work_hours)
            for number, item in enumerate(items)
            if not done >> number & 1
        )
        return partial.value + sign * rest

    return dict(sorted(layer.items(), key=promise, reverse=True)[:BEAM])
