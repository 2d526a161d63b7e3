"""The blocks of conservation and management in the XBlock workbench, over HTTP."""

from collections import Counter
from collections.abc import Iterable, Iterator
from secrets import token_hex
from typing import Any, NamedTuple

import pytest

from tests.workbench.served import Visitor, Workbench
from tests.xblocks.engine_blocks import ROWS

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("workbench")]

# What every learner has their own data for is answered in part from their own model answer.
OWN_DATA = {"time_line": "episodes", "condition_report": "marks"}


class Scenario(NamedTuple):
    """A block's exercise in the workbench, with an answer that earns a part."""

    tag: str
    number: int
    half: dict[str, Any]

    def part_of(self, model: dict[str, Any]) -> dict[str, Any]:
        name = OWN_DATA.get(self.tag)
        return {name: model[name][:1]} if name else self.half


def numbered(answers: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[Scenario]:
    """The rows are in the order of each block's scenarios."""
    seen: Counter[str] = Counter()
    for tag, half in answers:
        yield Scenario(tag, seen[tag], half)
        seen[tag] += 1


SCENARIOS = [
    *numbered((row.tag, row.half) for row in ROWS),
    *numbered([("condition_report", {})] * 2),
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[f"{s.tag}-{s.number}" for s in SCENARIOS])
def test_each_renders_is_edited_and_is_graded(workbench: Workbench, scenario: Scenario) -> None:
    ana = Visitor(workbench, f"ana-{token_hex(4)}")
    state = ana.open(scenario.number, scenario.tag)
    assert state["may_submit"]
    assert state["task"]

    form = ana.edit(scenario.number, scenario.tag)
    values = {name: field["value"] for name, field in form["fields"].items()}
    changed = {**values, "show_answer": "always", "attempts_allowed": 3, "points": 8}
    assert ana.call("review_edits", {"values": changed})[1]["findings"] == []
    assert ana.call("submit_studio_edits", {"values": changed})[0] == 200

    model = ana.open(scenario.number, scenario.tag)["answer"]
    half = scenario.part_of(model)
    _status, nothing = ana.call("submit", {"fields": {}, "key": "nothing"})
    status, _saved = ana.call("save_draft", {"fields": half, "revision": nothing["revision"]})
    assert status == 200
    assert ana.open(scenario.number, scenario.tag)["fields"] == half
    _status, part = ana.call("submit", {"fields": half, "key": "half"})
    _status, whole = ana.call("submit", {"fields": model, "key": "model"})
    assert nothing["result"]["score"] == 0 < part["result"]["score"] < 1
    assert (whole["result"]["score"], whole["attempts"]) == (1, 3)
    assert workbench.grades()[-1] == {"value": 8.0, "max_value": 8.0}
