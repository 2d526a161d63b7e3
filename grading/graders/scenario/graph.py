"""A branching case read from JSON: nodes, choices, state variables, events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from grading.data import gettext_noop as _
from grading.graders import faults
from grading.graders.reading import HEAVIEST, LONGEST_HTML, Node

MOST_NODES = 200
MOST_CHOICES = 8
MOST_VARIABLES = 12
MOST_EVENTS = 30
MOST_STEPS = 100
LARGEST = 1e9
LONGEST_ID = 80
SCALES = ("best", "targets")

SAME_ID = _("Another entry has this id.")
NO_NODE = _("No node is called «%(name)s».")
NO_VARIABLE = _("No variable is called «%(name)s».")
NO_TARGET = _("Nothing is graded: no variable has a target and no end has a score.")
FLAT = _("The good value must differ from the bad one.")
SPAN = _("The least value must not be more than the most.")


class Variable(NamedTuple):
    """Something that choices change; it has a target if ``weight`` is more than 0."""

    id: str
    text: str
    start: float
    least: float
    most: float
    bad: float
    good: float
    weight: float
    is_shown: bool

    def share(self, value: float) -> float:
        """Return how near a value is to the good one, 0-1, starting from the bad one."""
        return min(max((value - self.bad) / (self.good - self.bad), 0.0), 1.0)


class Condition(NamedTuple):
    """Bounds that a variable must keep."""

    variable: str
    least: float
    most: float


class Event(NamedTuple):
    """What happens after so many steps, if its conditions hold then."""

    after: int
    effects: tuple[tuple[str, float], ...]
    conditions: tuple[Condition, ...]
    text: str


class Choice(NamedTuple):
    """What can be done at a node; a ``cap`` limits what can be earned after it."""

    id: str
    text: str
    to: str
    effects: Mapping[str, float]
    conditions: tuple[Condition, ...]
    later: tuple[Event, ...]
    note: str
    cap: float | None
    message: str


class Place(NamedTuple):
    """A node; without choices it is an end. ``score`` is what ending here is worth, 0-1."""

    id: str
    text: str
    detail: str
    choices: Mapping[str, Choice]
    score: float | None


class Graph(NamedTuple):
    """A branching case."""

    variables: Mapping[str, Variable]
    nodes: Mapping[str, Place]
    start: str
    events: tuple[Event, ...]
    scale: str
    cap: float
    w_end: float
    """What the score of the end counts; 0 if no end has one."""


def read_graph(node: Node) -> Graph:
    """Return the case; raises InvalidExercise."""
    settings = node.get("settings")
    for name in settings.object():
        if name not in ("scale", "cap", "w_end"):
            raise settings.fail(faults.NO_SETTING, name=str(name)[:40])
    variables = {
        name: _read_variable(name, node.get("variables").get(name))
        for name in list(node.get("variables").object())[: MOST_VARIABLES + 1]
    }
    if len(variables) > MOST_VARIABLES:
        raise node.get("variables").fail(faults.TOO_MANY, most=MOST_VARIABLES)
    rows = node.get("nodes").list(1, MOST_NODES)
    names = _names(rows)
    cap = settings.get("cap").number(0.4, 0.0, 1.0)
    nodes = {
        name: _read_place(name, row, names, variables, cap)
        for name, row in zip(names, rows, strict=True)
    }
    start = node.get("start")
    has_scores = any(place.score is not None for place in nodes.values())
    graph = Graph(
        variables=variables,
        nodes=nodes,
        start=_read_name(start, names) if start.value is not None else names[0],
        events=tuple(
            _read_event(row, "at", variables) for row in node.get("events").list(most=MOST_EVENTS)
        ),
        scale=settings.get("scale").one_of(SCALES, "best"),
        cap=cap,
        w_end=settings.get("w_end").number(1.0, 0.0, HEAVIEST) if has_scores else 0.0,
    )
    if not graph.w_end and not any(variable.weight for variable in variables.values()):
        raise node.get("variables").fail(NO_TARGET)
    return graph


def _names(rows: Sequence[Node]) -> list[str]:
    names: list[str] = []
    for row in rows:
        name = row.get("id").text(longest=LONGEST_ID)
        if name in names:
            raise row.get("id").fail(SAME_ID)
        names.append(name)
    return names


def _read_name(node: Node, names: Sequence[str]) -> str:
    name = node.text(longest=LONGEST_ID)
    if name not in names:
        raise node.fail(NO_NODE, name=name)
    return name


def _read_variable(name: str, node: Node) -> Variable:
    least = node.get("min").number(-LARGEST, -LARGEST, LARGEST)
    most = node.get("max").number(LARGEST, -LARGEST, LARGEST)
    if least > most:
        raise node.get("max").fail(SPAN)
    target = node.get("target")
    bad = target.get("bad").number(0.0, -LARGEST, LARGEST)
    good = target.get("good").number(1.0, -LARGEST, LARGEST)
    if bad == good:
        raise target.get("good").fail(FLAT)
    return Variable(
        id=name,
        text=node.get("text").text(name).strip(),
        start=node.get("start").number(0.0, -LARGEST, LARGEST),
        least=least,
        most=most,
        bad=bad,
        good=good,
        weight=target.get("w").number(1.0, 1e-3, HEAVIEST) if node.has("target") else 0.0,
        is_shown=node.get("shown").flag(default=True),
    )


def _read_place(
    name: str, node: Node, names: Sequence[str], variables: Mapping[str, Variable], cap: float
) -> Place:
    choices: dict[str, Choice] = {}
    for row in node.get("choices").list(most=MOST_CHOICES):
        choice = _read_choice(row, names, variables, cap)
        if choice.id in choices:
            raise row.get("id").fail(SAME_ID)
        choices[choice.id] = choice
    return Place(
        id=name,
        text=node.get("text").text(name, LONGEST_HTML),
        detail=node.get("detail").text("", LONGEST_HTML),
        choices=choices,
        score=node.get("score").number(0.0, 0.0, 1.0) if node.has("score") else None,
    )


def _read_choice(
    node: Node, names: Sequence[str], variables: Mapping[str, Variable], cap: float
) -> Choice:
    choice_id = node.get("id").text(longest=LONGEST_ID)
    message = node.get("critical").text("").strip()
    return Choice(
        id=choice_id,
        text=node.get("text").text(choice_id).strip(),
        to=_read_name(node.get("to"), names),
        effects=_read_effects(node.get("effects"), variables),
        conditions=_read_conditions(node.get("if"), variables),
        later=tuple(_read_event(row, "after", variables) for row in node.get("later").list(most=5)),
        note=node.get("note").text("").strip(),
        cap=cap if message else None,
        message=message,
    )


def _read_effects(node: Node, variables: Mapping[str, Variable]) -> dict[str, float]:
    effects = {}
    for name in node.object():
        if name not in variables:
            raise node.fail(NO_VARIABLE, name=name[:LONGEST_ID])
        effects[name] = node.get(name).number(0.0, -LARGEST, LARGEST)
    return effects


def _read_conditions(node: Node, variables: Mapping[str, Variable]) -> tuple[Condition, ...]:
    conditions = []
    for name in node.object():
        if name not in variables:
            raise node.fail(NO_VARIABLE, name=name[:LONGEST_ID])
        bounds = node.get(name)
        least = bounds.get("min").number(-LARGEST, -LARGEST, LARGEST)
        most = bounds.get("max").number(LARGEST, -LARGEST, LARGEST)
        conditions.append(Condition(name, least, most))
    return tuple(conditions)


def _read_event(node: Node, when: str, variables: Mapping[str, Variable]) -> Event:
    return Event(
        after=node.get(when).whole(None, 1, MOST_STEPS),
        effects=tuple(_read_effects(node.get("effects"), variables).items()),
        conditions=_read_conditions(node.get("if"), variables),
        text=node.get("text").text("").strip(),
    )
