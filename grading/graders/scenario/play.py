"""Playing a branching case: one step, a whole path, the best path there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from grading.graders.scenario.graph import MOST_STEPS, Choice, Condition, Event, Graph

MOST_DEPTH = 30
"""Steps after which the search for the best path gives up; a case has loops, perhaps."""
BEAM = 80
"""Situations that the search follows at each step; with fewer it is exact."""
MOST_WORK, NARROW = 8_000, 6
"""Steps tried, those with many events to come counting more, after which it follows only a few."""


class Situation(NamedTuple):
    """Where a player is: node, values of the variables, what is still to come, steps made.

    ``pending`` are the events to come and in how many steps; ``steps`` are counted no further than
    the last event that depends on them, so that ways that come to the same are the same.
    """

    node: str
    values: tuple[float, ...]
    pending: tuple[tuple[int, Event], ...]
    steps: int


class Step(NamedTuple):
    """One step of a path: the choice made, what happened besides, and the values after it."""

    node: str
    choice: Choice
    happened: tuple[str, ...]
    values: Mapping[str, float]


class Played(NamedTuple):
    """A path as far as it could be followed; ``is_whole`` if all of it was possible."""

    steps: tuple[Step, ...]
    situation: Situation
    is_whole: bool


class Searched(NamedTuple):
    """The best path, what it is worth, and what the search saw on its way.

    ``is_exact`` tells that everything within MOST_DEPTH steps was tried; ``stuck`` are nodes where
    no choice was possible although there are some; ``taken`` are (node, choice) pairs.
    """

    path: tuple[str, ...]
    worth: float
    is_exact: bool
    taken: frozenset[tuple[str, str]]
    stuck: frozenset[str]
    ends: frozenset[str]


def begin(graph: Graph) -> Situation:
    """Return the situation in which a case begins."""
    return Situation(graph.start, tuple(v.start for v in graph.variables.values()), (), 0)


def is_possible(graph: Graph, situation: Situation, conditions: Iterable[Condition]) -> bool:
    """Tell whether conditions hold in a situation."""
    values = dict(zip(graph.variables, situation.values, strict=True))
    return all(c.least <= values[c.variable] <= c.most for c in conditions)


def open_choices(graph: Graph, situation: Situation) -> list[Choice]:
    """Return the choices that can be made in a situation."""
    choices = graph.nodes[situation.node].choices.values()
    return [c for c in choices if is_possible(graph, situation, c.conditions)]


def step(graph: Graph, situation: Situation, choice: Choice) -> tuple[Situation, list[str]]:
    """Return the situation after a choice, and the texts of events that happened.

    The effects of the choice come first, then what is due after this many steps. At an end all
    that is still to come happens at once: nobody escapes the consequences by finishing.
    """
    made = min(situation.steps + 1, _horizon(graph))
    moved = Situation(choice.to, situation.values, situation.pending, made)
    moved = _apply(graph, moved, choice.effects)
    queue = [(left - 1, event) for left, event in situation.pending]
    queue += [(event.after, event) for event in choice.later]
    queue += [(0, event) for event in graph.events if event.after == made]
    queue.sort(key=lambda entry: entry[0])
    is_end = not graph.nodes[choice.to].choices
    happened = []
    kept = []
    for left, event in queue:
        if left > 0 and not is_end:
            kept.append((left, event))
        elif is_possible(graph, moved, event.conditions):
            moved = _apply(graph, moved, dict(event.effects))
            happened.append(event.text)
    return moved._replace(pending=tuple(kept)), [text for text in happened if text]


def _horizon(graph: Graph) -> int:
    return max((event.after for event in graph.events), default=0) + 1


def _apply(graph: Graph, situation: Situation, effects: Mapping[str, float]) -> Situation:
    if not effects:
        return situation
    pairs = zip(graph.variables.values(), situation.values, strict=True)
    values = tuple(
        min(max(value + effects.get(variable.id, 0.0), variable.least), variable.most)
        for variable, value in pairs
    )
    return situation._replace(values=values)


def play(graph: Graph, path: Sequence[str]) -> Played:
    """Follow a path of choices as far as it is possible."""
    situation = begin(graph)
    steps: list[Step] = []
    for name in path[:MOST_STEPS]:
        options = {choice.id: choice for choice in open_choices(graph, situation)}
        if name not in options:
            return Played(tuple(steps), situation, is_whole=False)
        node = situation.node
        situation, happened = step(graph, situation, options[name])
        values = dict(zip(graph.variables, situation.values, strict=True))
        steps.append(Step(node, options[name], tuple(happened), values))
    return Played(tuple(steps), situation, is_whole=True)


def worth(graph: Graph, situation: Situation) -> float:
    """Return how good a situation is, 0-1: near the targets, at an end that scores."""
    parts = [
        (variable.weight, variable.share(value))
        for variable, value in zip(graph.variables.values(), situation.values, strict=True)
        if variable.weight
    ]
    if graph.w_end:
        parts.append((graph.w_end, graph.nodes[situation.node].score or 0.0))
    return sum(part * share for part, share in parts) / sum(part for part, _share in parts)


def search(graph: Graph) -> Searched | None:
    """Return the best path to an end that no grave choice spoils; ``None`` if there is none.

    Breadth first, one situation standing for all ways into it; where there are more than BEAM at
    once, the most promising are followed.
    """
    layer: dict[Situation, tuple[str, ...]] = {begin(graph): ()}
    seen: set[Situation] = set()
    taken: set[tuple[str, str]] = set()
    stuck: set[str] = set()
    ends: dict[str, tuple[float, tuple[str, ...]]] = {}
    is_exact, work = True, 0
    for _depth in range(MOST_DEPTH):
        seen.update(layer)
        following: dict[Situation, tuple[str, ...]] = {}
        for situation, path in layer.items():
            options = open_choices(graph, situation)
            if not options:
                if graph.nodes[situation.node].choices:
                    stuck.add(situation.node)
                else:
                    found = (worth(graph, situation), path)
                    ends[situation.node] = max(ends.get(situation.node, found), found)
                continue
            for choice in options:
                taken.add((situation.node, choice.id))
                if choice.cap is None:
                    work += 1 + len(situation.pending) // 4
                    after, _texts = step(graph, situation, choice)
                    if after not in seen:
                        following.setdefault(after, (*path, choice.id))
        width = BEAM if work < MOST_WORK else NARROW
        if len(following) > width:
            is_exact = False
            ranked = sorted(following.items(), key=lambda entry: -worth(graph, entry[0]))
            following = dict(ranked[:width])
        layer = following
        if not layer:
            break
    if not ends:
        return None
    best, path = max(ends.values(), key=lambda found: (found[0], -len(found[1])))
    return Searched(
        path, best, is_exact and not layer, frozenset(taken), frozenset(stuck), frozenset(ends)
    )
