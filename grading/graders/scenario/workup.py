"""Tests before a decision: each reveals something and costs something; some must come first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from grading.data import ScoreLine
from grading.data import gettext_noop as _
from grading.graders import faults
from grading.graders.lines import cap, line_of
from grading.graders.reading import HEAVIEST, LONGEST_HTML, Node

MOST_TESTS = 30
MOST_DECISIONS = 20
LONGEST_ID = 80

SAME_ID = _("Another entry has this id.")
NO_TEST = _("No test is called «%(name)s».")
NO_RIGHT = _("No decision earns everything.")
LATER = _("A test can only need tests that stand before it.")
NO_WEIGHT = _("At least one of the weights must be more than 0.")

UNDECIDED = _("Nothing is decided.")
DECISION = _("«%(decision)s»: the decision earns %(share)s %%.")
SAFE = _("Nothing was done before it was known to be safe.")
UNSAFE = _("«%(step)s» came before «%(gate)s» was known. At most %(cap)s %% can be earned.")
SAFE_LOST = _("Something was done before it was known to be safe.")
NOTHING_TO_READ = _("The tests have nothing to be read.")
UNTESTED = _("Nothing was tested, so nothing was known to be safe.")
ECONOMY = _("The tests cost %(cost)s.")
READ = _("«%(test)s» is rightly read.")
MISREAD = _("«%(test)s» must be read again.")
UNREAD = _("«%(test)s» is not read.")


class Reading(NamedTuple):
    """What a test shows: a number within a tolerance, or a word out of some."""

    number: float | None
    tolerance: float
    word: str
    choices: tuple[str, ...]

    def is_right(self, node: Node) -> bool:
        """Tell whether a learner's reading is right; raises InvalidAnswer."""
        if self.number is None:
            return node.text("").strip() == self.word
        return abs(node.number(1e12, -1e12, 1e12) - self.number) <= self.tolerance + 1e-9


class Probe(NamedTuple):
    """A test that can be made."""

    id: str
    text: str
    result: str
    cost: float
    needs: tuple[str, ...]
    reading: Reading | None


class Decision(NamedTuple):
    """What can be decided in the end; ``needs`` are tests that must have been made."""

    id: str
    text: str
    credit: float
    needs: tuple[str, ...]


class Workup(NamedTuple):
    """Tests and decisions; ``needed`` are the tests of the best decision, ``cost`` their cost."""

    tests: Mapping[str, Probe]
    decisions: Mapping[str, Decision]
    weights: Mapping[str, float]
    cap: float
    best: Decision
    needed: tuple[str, ...]
    cost: float


_WEIGHTS = {"w_decision": 0.4, "w_safe": 0.3, "w_economy": 0.15, "w_reading": 0.15}


def read_workup(node: Node) -> Workup:
    """Return tests and decisions; raises InvalidExercise."""
    settings = node.get("settings")
    for name in settings.object():
        if name not in (*_WEIGHTS, "cap"):
            raise settings.fail(faults.NO_SETTING, name=str(name)[:40])
    tests: dict[str, Probe] = {}
    for row in node.get("tests").list(1, MOST_TESTS):
        test = _read_test(row, tests)
        if test.id in tests:
            raise row.get("id").fail(SAME_ID)
        tests[test.id] = test
    decisions: dict[str, Decision] = {}
    for row in node.get("decisions").list(1, MOST_DECISIONS):
        decision = _read_decision(row, tests)
        if decision.id in decisions:
            raise row.get("id").fail(SAME_ID)
        decisions[decision.id] = decision
    right = [decision for decision in decisions.values() if decision.credit == 1.0]
    if not right:
        raise node.get("decisions").fail(NO_RIGHT)
    costs = {d.id: _cost(tests, _closure(tests, d.needs)) for d in right}
    best = min(right, key=lambda decision: costs[decision.id])
    weights = {n: settings.get(n).number(w, 0.0, HEAVIEST) for n, w in _WEIGHTS.items()}
    if not weights["w_decision"]:
        raise settings.get("w_decision").fail(NO_WEIGHT)
    return Workup(
        tests=tests,
        decisions=decisions,
        weights=weights,
        cap=settings.get("cap").number(0.4, 0.0, 1.0),
        best=best,
        needed=tuple(_closure(tests, best.needs)) or tuple(tests)[:1],
        cost=costs[best.id],
    )


def _read_test(node: Node, earlier: Mapping[str, Probe]) -> Probe:
    test_id = node.get("id").text(longest=LONGEST_ID)
    return Probe(
        id=test_id,
        text=node.get("text").text(test_id).strip(),
        result=node.get("result").text("", LONGEST_HTML),
        cost=node.get("cost").number(1.0, 0.0, 1e6),
        needs=_read_needs(node.get("needs"), earlier, LATER),
        reading=_read_reading(node.get("reading")) if node.has("reading") else None,
    )


def _read_needs(node: Node, tests: Mapping[str, Probe], template: str) -> tuple[str, ...]:
    names = [row.text(longest=LONGEST_ID) for row in node.list(most=MOST_TESTS)]
    for name in names:
        if name not in tests:
            raise node.fail(LATER) if template is LATER else node.fail(NO_TEST, name=name)
    return tuple(dict.fromkeys(names))


def _read_reading(node: Node) -> Reading:
    if isinstance(node.get("value").value, str):
        word = node.get("value").text().strip()
        choices = {row.text().strip() for row in node.get("choices").list()}
        return Reading(None, 0.0, word, tuple(sorted({*choices, word})))
    if node.get("value").value is None:
        raise node.get("value").fail(faults.TEXT)
    number = node.get("value").number(0.0, -1e9, 1e9)
    return Reading(number, node.get("tolerance").number(0.5, 0.0, 1e9), "", ())


def _read_decision(node: Node, tests: Mapping[str, Probe]) -> Decision:
    decision_id = node.get("id").text(longest=LONGEST_ID)
    return Decision(
        id=decision_id,
        text=node.get("text").text(decision_id).strip(),
        credit=node.get("credit").number(0.0, 0.0, 1.0),
        needs=_read_needs(node.get("needs"), tests, NO_TEST),
    )


def _closure(tests: Mapping[str, Probe], names: Sequence[str]) -> list[str]:
    """Return the tests that these need, they included, in the author's order."""
    wanted = set(names)
    for test in reversed(list(tests.values())):
        if test.id in wanted:
            wanted.update(test.needs)
    return [name for name in tests if name in wanted]


def _cost(tests: Mapping[str, Probe], names: Sequence[str]) -> float:
    return sum(tests[name].cost for name in names)


def grade_workup(read: Workup, node: Node) -> list[ScoreLine] | None:
    """Return the lines of an answer; ``None`` if nothing is answered. Raises InvalidAnswer."""
    given = [row.text("") for row in node.get("tests").list(most=200)]
    made = [name for name in dict.fromkeys(given) if name in read.tests]
    name = node.get("decision").text("").strip()
    decision = read.decisions.get(name)
    if not made and decision is None:
        return None
    total = sum(read.weights.values())
    weights = {name: weight / total for name, weight in read.weights.items()}
    credit = decision.credit if decision else 0.0
    lines = [
        _decision_line(read, decision, credit, weights["w_decision"]),
        *_economy_lines(read, made, credit, weights["w_economy"]),
        *_reading_lines(read, made, node.get("readings"), weights["w_reading"]),
    ]
    breaches = _breaches(read, made, decision)
    is_safe = bool(made) and not breaches
    template = SAFE if is_safe else UNTESTED if not made else SAFE_LOST
    safe = weights["w_safe"] * is_safe
    lines.append(line_of("scenario.safe", safe, weights["w_safe"], template, "tests"))
    for where, step, gate in breaches:
        params = {"step": step, "gate": read.tests[gate].text, "cap": f"{100 * read.cap:g}"}
        lines = cap(lines, read.cap, "scenario.unsafe", UNSAFE, where, **params)
    return lines


def model_of(read: Workup) -> dict[str, Any]:
    """Return an answer that scores 1."""
    readings = {
        name: test.reading.word if test.reading.number is None else test.reading.number
        for name, test in read.tests.items()
        if name in read.needed and test.reading
    }
    return {"tests": list(read.needed), "readings": readings, "decision": read.best.id}


def show(read: Workup) -> dict[str, Any]:
    """Return what the page may know: results only of tests that were made are asked for apart."""
    return {
        "tests": [
            {
                "id": t.id,
                "text": t.text,
                "cost": t.cost,
                "reads": None if t.reading is None else list(t.reading.choices),
            }
            for t in read.tests.values()
        ],
        "decisions": [{"id": d.id, "text": d.text} for d in read.decisions.values()],
    }


def _decision_line(
    read: Workup, decision: Decision | None, credit: float, weight: float
) -> ScoreLine:
    if decision is None:
        return line_of("scenario.undecided", 0.0, weight, UNDECIDED, "decision")
    params = {"decision": decision.text, "share": f"{100 * credit:.0f}"}
    return line_of(
        "scenario.decision",
        weight * credit,
        weight,
        DECISION,
        "decision",
        expected="" if credit == 1.0 else read.best.text,
        **params,
    )


def _economy_lines(
    read: Workup, made: Sequence[str], credit: float, weight: float
) -> list[ScoreLine]:
    """Return the line of what the tests cost: it counts as far as the decision is right."""
    if not weight:
        return []
    cost = _cost(read.tests, made)
    over = max(0.0, cost - read.cost)
    share = max(0.0, 1.0 - over / read.cost) if read.cost else float(over == 0.0)
    points = weight * share * credit
    return [line_of("scenario.economy", points, weight, ECONOMY, "tests", cost=f"{cost:g}")]


def _reading_lines(read: Workup, made: Sequence[str], node: Node, weight: float) -> list[ScoreLine]:
    """Return a line for the reading of each test that was needed; others are told, not counted."""
    counted = [name for name in read.needed if read.tests[name].reading]
    if not counted:
        share_line = line_of("scenario.read", weight * bool(made), weight, NOTHING_TO_READ, "tests")
        return [share_line] if weight else []
    lines = []
    for name in counted:
        test, most = read.tests[name], weight / len(counted)
        where = f"readings.{name}"
        given = node.get(name)
        if name not in made or test.reading is None or given.value is None:
            lines.append(line_of("scenario.unread", 0.0, most, UNREAD, where, test=test.text))
        elif test.reading.is_right(given):
            lines.append(line_of("scenario.read", most, most, READ, where, test=test.text))
        else:
            lines.append(line_of("scenario.misread", 0.0, most, MISREAD, where, test=test.text))
    return lines


def _breaches(
    read: Workup, made: Sequence[str], decision: Decision | None
) -> list[tuple[str, str, str]]:
    """Return (where, what was done, gate that was unknown) for each gate that was not kept."""
    known: set[str] = set()
    found = []
    for number, name in enumerate(made):
        test = read.tests[name]
        found += [(f"tests[{number}]", test.text, n) for n in test.needs if n not in known]
        known.add(name)
    if decision is not None:
        found += [("decision", decision.text, n) for n in decision.needs if n not in known]
    return found
