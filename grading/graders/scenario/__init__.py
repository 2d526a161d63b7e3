"""Grading a case with consequences: a path through a graph, or tests before a decision.

What an exercise and an answer may hold is written in ``README.md`` beside this file.

Pure: no Django, no files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from grading.data import Mark
from grading.data import gettext_noop as _
from grading.graders.keeping import kept
from grading.graders.lines import add_up, cap, charge_line, line_of, unanswered
from grading.graders.reading import Node, answer_node, exercise_node
from grading.graders.scenario.graph import MOST_STEPS, Graph, Place, read_graph
from grading.graders.scenario.play import (
    Played,
    Searched,
    Situation,
    open_choices,
    play,
    search,
    worth,
)
from grading.graders.scenario.workup import Workup, grade_workup, model_of, read_workup, show

__all__ = ["check", "grade", "inspect", "log", "model_answer", "public"]

ANSWER = _("An answer is an object with a path.")
NO_END = _("No end can be reached without a choice that caps the score.")
NO_PERFECT = _("No path reaches all targets; let the best path count as everything instead.")
NO_WORTH = _("Even the best path is worth nothing.")

UNFINISHED = _("The case is not finished.")
BROKEN_PATH = _("This choice is not possible here; the path ends before it.")
STATE = _("The case ends as «%(end)s»: %(share)s %% of what could be reached.")
VALUE = _("%(variable)s: %(value)s in the end.")
CRITICAL = _("«%(choice)s»: %(message)s At most %(cap)s %% can be earned.")


class _Case(NamedTuple):
    """A graph with its best path."""

    graph: Graph
    best: Searched


def grade(exercise: Mapping[str, Any], answer: Any) -> Mark:
    """Grade a case with consequences: where a path ends, or tests made before a decision.

    Raises InvalidExercise or InvalidAnswer, naming the place, for what cannot be read.
    """
    read = _read_exercise(exercise)
    node = answer_node(answer)
    if answer is not None and not isinstance(answer, Mapping):
        raise node.fail(ANSWER)
    if isinstance(read, Workup):
        lines = grade_workup(read, node)
        return unanswered("scenario", 1.0) if lines is None else add_up(lines)
    path = _read_path(node)
    return _grade_path(read, path) if path else unanswered("scenario", 1.0)


def check(exercise: Any) -> None:
    """Raise InvalidExercise at the first fault of an exercise."""
    _read_exercise(exercise)


def public(exercise: Mapping[str, Any], path: Sequence[str] = ()) -> dict[str, Any]:
    """Return what the page may know after a path of choices; raises InvalidExercise.

    Of a graph: the node, the choices that are open, the shown variables, whether it is an end. Of
    tests: all that can be made and decided, and the results of those in ``path``.
    """
    read = _read_exercise(exercise)
    if isinstance(read, Workup):
        results = {name: read.tests[name].result for name in path if name in read.tests}
        return show(read) | {"results": results}
    played = play(read.graph, path)
    return _show(read.graph, played.situation)


def model_answer(exercise: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer that scores 1; raises InvalidExercise."""
    read = _read_exercise(exercise)
    return model_of(read) if isinstance(read, Workup) else {"path": list(read.best.path)}


def log(exercise: Mapping[str, Any], path: Sequence[str]) -> list[dict[str, Any]]:
    """Return what happened step by step on a path of a graph; raises InvalidExercise.

    ``{"node", "choice", "note", "happened", "values"}``: the values are those after the step.
    """
    read = _read_exercise(exercise)
    if isinstance(read, Workup):
        return []
    shown = {v.id for v in read.graph.variables.values() if v.is_shown}
    return [
        {
            "node": step.node,
            "choice": step.choice.text,
            "note": step.choice.note,
            "happened": list(step.happened),
            "values": {name: value for name, value in step.values.items() if name in shown},
        }
        for step in play(read.graph, path).steps
    ]


def inspect(exercise: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an author should know of a graph; raises InvalidExercise.

    ``{"unreachable": [node], "impossible": [[node, choice]], "stuck": [node], "exact"}``. Where the
    case is too large to try everything (``exact`` is false), nothing is called impossible.
    """
    read = _read_exercise(exercise)
    if isinstance(read, Workup):
        return {"unreachable": [], "impossible": [], "stuck": [], "exact": True}
    graph, best = read
    reached = _reach(graph)
    impossible = [
        [node.id, choice]
        for node in graph.nodes.values()
        for choice in node.choices
        if best.is_exact and node.id in reached and (node.id, choice) not in best.taken
    ]
    return {
        "unreachable": [name for name in graph.nodes if name not in reached],
        "impossible": impossible,
        "stuck": sorted(best.stuck),
        "exact": best.is_exact,
    }


@kept
def _read_exercise(raw: Any) -> _Case | Workup:
    node = exercise_node(raw)
    if not isinstance(raw, Mapping):
        raise node.fail(_("An exercise is an object with nodes, or with tests and decisions."))
    if node.has("tests"):
        return read_workup(node)
    graph = read_graph(node)
    best = search(graph)
    if best is None:
        raise node.get("nodes").fail(NO_END)
    if best.worth <= 0.0:
        raise node.get("nodes").fail(NO_WORTH)
    if graph.scale == "targets" and best.worth < 1.0 - 1e-9:
        raise node.get("settings").get("scale").fail(NO_PERFECT)
    return _Case(graph, best)


def _read_path(node: Node) -> list[str]:
    return [row.text("") for row in node.get("path").list(most=MOST_STEPS)]


def _grade_path(case: _Case, path: Sequence[str]) -> Mark:
    graph = case.graph
    played = play(graph, path)
    end = graph.nodes[played.situation.node]
    if end.choices:
        lines = [line_of("scenario.unfinished", 0.0, 1.0, UNFINISHED, "path")]
    else:
        share = min(worth(graph, played.situation) / case.best.worth, 1.0)
        params = {"end": _title(end), "share": f"{100 * share:.0f}"}
        lines = [line_of("scenario.state", share, 1.0, STATE, "path", **params)]
        for variable, value in zip(graph.variables.values(), played.situation.values, strict=True):
            if variable.weight:
                params = {"variable": variable.text, "value": f"{value:g}"}
                lines.append(line_of("scenario.value", 0.0, 0.0, VALUE, "path", **params))
    if not played.is_whole:
        where = f"path[{len(played.steps)}]"
        lines.append(charge_line("scenario.impossible", 0.0, BROKEN_PATH, where))
    return add_up(_apply_caps(played, lines))


def _apply_caps(played: Played, lines: list[Any]) -> list[Any]:
    for number, step in enumerate(played.steps):
        choice = step.choice
        if choice.cap is not None:
            params = {
                "choice": choice.text,
                "message": choice.message,
                "cap": f"{100 * choice.cap:g}",
            }
            where = f"path[{number}]"
            lines = cap(lines, choice.cap, "scenario.critical", CRITICAL, where, **params)
    return lines


def _title(place: Place) -> str:
    """Return the first words of a node's text, which may be long."""
    return place.text if len(place.text) <= 80 else f"{place.text[:79]}…"


def _show(graph: Graph, situation: Situation) -> dict[str, Any]:
    place = graph.nodes[situation.node]
    pairs = zip(graph.variables.values(), situation.values, strict=True)
    return {
        "node": {"id": place.id, "text": place.text, "detail": place.detail},
        "choices": [{"id": c.id, "text": c.text} for c in open_choices(graph, situation)],
        "variables": [
            {"id": v.id, "text": v.text, "value": value} for v, value in pairs if v.is_shown
        ],
        "is_end": not place.choices,
    }


def _reach(graph: Graph) -> set[str]:
    """Return the nodes that arrows lead to from the start, whatever the conditions."""
    reached = {graph.start}
    queue = [graph.start]
    while queue:
        for choice in graph.nodes[queue.pop()].choices.values():
            if choice.to not in reached:
                reached.add(choice.to)
                queue.append(choice.to)
    return reached
