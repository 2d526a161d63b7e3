"""Steps, their order and the rules over them, read from JSON and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any, NamedTuple

from grading.data import gettext_noop as _
from grading.graders import faults
from grading.graders.keeping import kept
from grading.graders.reading import HEAVIEST, LONGEST_HTML, Node, exercise_node

MOST_STEPS = 100
MOST_EDGES = 500
KINDS = ("required", "optional", "needless", "forbidden")
RULES = ("critical", "advice")
ORDERS = ("partial", "total")
LONGEST_ID = 80

SAME_ID = _("Another entry has this id.")
NO_STEP = _("No step is called «%(name)s».")
EDGE = _("An edge is [before, after] or [before, after, weight].")
SAME_STEP = _("A step cannot come before itself.")
CIRCLE = _("These steps wait for each other in a circle: %(names)s.")
NO_REQUIRED = _("No step is required, so nothing could be graded.")
NEEDED = _("«%(name)s» must be required: without it no plan could keep this rule.")
NO_WEIGHT = _("At least one of the weights must be more than 0.")
LOSS = _("The required steps alone lose more than the budget allows.")


class Settings(NamedTuple):
    """What an author may set; the defaults are those of ``README.md``."""

    w_sel: float
    w_ord: float
    cap: float
    order: str
    budget: float | None


class Step(NamedTuple):
    """Something that can be done; ``loss`` is what cannot be undone about it."""

    id: str
    kind: str
    text: str
    detail: str
    reason: str
    loss: float


class Edge(NamedTuple):
    """A step that should come before another, and how much that counts."""

    before: str
    after: str
    weight: float


class Rule(NamedTuple):
    """A step without which, and before which, another must not be done."""

    before: str
    after: str
    kind: str
    message: str


class Exercise(NamedTuple):
    """An exercise as it was read; ``model`` is one of its right orders."""

    steps: Mapping[str, Step]
    edges: tuple[Edge, ...]
    rules: tuple[Rule, ...]
    settings: Settings
    model: tuple[str, ...]

    @property
    def required(self) -> list[str]:
        """The ids of the steps that must be done, in the author's order."""
        return [step.id for step in self.steps.values() if step.kind == "required"]

    @property
    def has_order(self) -> bool:
        """Whether an order is asked for at all."""
        if self.settings.order == "total":
            return len(self.required) > 1
        return bool(self.edges)


@kept
def read_exercise(raw: Any) -> Exercise:
    """Return the exercise that ``raw`` is; raises InvalidExercise."""
    node = exercise_node(raw)
    if not isinstance(raw, Mapping):
        raise node.fail(_("An exercise is an object with steps."))
    steps: dict[str, Step] = {}
    for row in node.get("steps").list(1, MOST_STEPS):
        step = _read_step(row)
        if step.id in steps:
            raise row.get("id").fail(SAME_ID)
        steps[step.id] = step
    required = [step.id for step in steps.values() if step.kind == "required"]
    if not required:
        raise node.get("steps").fail(NO_REQUIRED)
    edges = tuple(_read_edge(row, steps) for row in node.get("edges").list(most=MOST_EDGES))
    rules = tuple(_read_rule(row, steps) for row in node.get("rules").list(most=MOST_EDGES))
    settings = _read_settings(node.get("settings"))
    wanted = {*required, *_advised(rules, steps)}
    if settings.budget is not None and sum(steps[s].loss for s in wanted) > settings.budget:
        raise node.get("settings").get("budget").fail(LOSS)
    pairs = [(edge.before, edge.after) for edge in edges]
    pairs += [(rule.before, rule.after) for rule in rules]
    if settings.order == "total":
        pairs += list(pairwise(required))
    model = _sort(pairs, list(steps), node.get("edges"))
    return Exercise(steps, edges, rules, settings, tuple(s for s in model if s in wanted))


def _read_settings(node: Node) -> Settings:
    for name in node.object():
        if name not in Settings._fields:
            raise node.fail(faults.NO_SETTING, name=str(name)[:40])
    settings = Settings(
        w_sel=node.get("w_sel").number(0.5, 0.0, HEAVIEST),
        w_ord=node.get("w_ord").number(0.5, 0.0, HEAVIEST),
        cap=node.get("cap").number(0.4, 0.0, 1.0),
        order=node.get("order").one_of(ORDERS, "partial"),
        budget=node.get("budget").number(0.0, 0.0, 1e6) if node.has("budget") else None,
    )
    if not settings.w_sel:
        raise node.get("w_sel").fail(NO_WEIGHT)
    return settings


def _read_step(node: Node) -> Step:
    step_id = node.get("id").text(longest=LONGEST_ID)
    return Step(
        id=step_id,
        kind=node.get("kind").one_of(KINDS),
        text=node.get("text").text(step_id).strip(),
        detail=node.get("detail").text("", LONGEST_HTML),
        reason=node.get("reason").text("").strip(),
        loss=node.get("loss").number(0.0, 0.0, HEAVIEST),
    )


def _read_edge(node: Node, steps: Mapping[str, Step]) -> Edge:
    parts = node.list()
    if not 2 <= len(parts) <= 3:
        raise node.fail(EDGE)
    before, after = (_read_name(part, steps) for part in parts[:2])
    if before == after:
        raise node.fail(SAME_STEP)
    weight = parts[2].number(1.0, 1e-3, HEAVIEST) if len(parts) == 3 else 1.0
    return Edge(before, after, weight)


def _read_rule(node: Node, steps: Mapping[str, Step]) -> Rule:
    before, after = (_read_name(node.get(name), steps) for name in ("before", "after"))
    if before == after:
        raise node.fail(SAME_STEP)
    kind = node.get("kind").one_of(RULES, "critical")
    is_needed = kind == "critical" and steps[after].kind == "required"
    if is_needed and steps[before].kind != "required":
        raise node.get("before").fail(NEEDED, name=before)
    return Rule(before, after, kind, node.get("message").text("").strip())


def _read_name(node: Node, steps: Mapping[str, Step]) -> str:
    name = node.text(longest=LONGEST_ID)
    if name not in steps:
        raise node.fail(NO_STEP, name=name)
    return name


def _advised(rules: Iterable[Rule], steps: Mapping[str, Step]) -> set[str]:
    """Return the optional steps that are better done before a required one."""
    return {
        rule.before
        for rule in rules
        if steps[rule.before].kind == "optional" and steps[rule.after].kind == "required"
    }


def _sort(pairs: Iterable[tuple[str, str]], names: Sequence[str], node: Node) -> list[str]:
    """Return the names so that every pair is in order, else as they stand."""
    sorter: TopologicalSorter[str] = TopologicalSorter(dict.fromkeys(names, ()))
    for before, after in pairs:
        sorter.add(after, before)
    try:
        sorter.prepare()
    except CycleError as error:
        raise node.fail(CIRCLE, names=", ".join(error.args[1])) from None
    place = {name: number for number, name in enumerate(names)}
    result = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=place.__getitem__)
        result += ready
        sorter.done(*ready)
    return result
