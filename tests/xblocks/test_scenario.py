"""A case in the page: only what was walked to, and what stands."""

from __future__ import annotations

import json
from typing import Any

import pytest

from grading.models import Submission
from tests.xblocks.engine_blocks import ROWS, make_engine_block
from tests.xblocks.host import call, state_of, submit

pytestmark = pytest.mark.django_db

CUTS, INK = (row for row in ROWS if row.tag == "scenario")


def case(student: str | None = "a" * 32, **fields: Any) -> Any:
    return make_engine_block(CUTS, student, **fields)


def workup(**fields: Any) -> Any:
    key = "block-v1:School+CON+2026+type@scenario+block@ink"
    return make_engine_block(INK, usage_key=key, **fields)


def walk(block: Any, revision: int, *path: str) -> tuple[int, Any]:
    return call(block, "walk", {"fields": {"path": list(path)}, "revision": revision})


def test_a_step_tells_the_next_place_what_happened_and_nothing_else() -> None:
    block = case()
    assert state_of(block)["task"]["node"]["id"] == "letter"
    status, seen = walk(block, 0, "figures")
    assert (status, seen["revision"], seen["task"]["node"]["id"]) == (200, 1, "talk")
    assert [step["note"] for step in seen["log"]] == ["It took two evenings."]
    values = {variable["id"]: variable["value"] for variable in seen["task"]["variables"]}
    assert values == {"budget": 45, "trust": 55}
    assert "impressed" not in json.dumps(seen), "it is still to come"
    page = state_of(block)
    assert (page["fields"], page["task"], page["log"]) == (
        {"path": ["figures"]},
        seen["task"],
        seen["log"],
    )
    _status, end = walk(block, 1, "figures", "bus")
    assert end["task"]["is_end"]
    assert end["log"][-1]["happened"] == ["The council is impressed and pays for the bus."]


def test_what_was_chosen_stands_until_the_case_is_handed_in() -> None:
    block = case()
    walk(block, 0, "press")
    for handler, data in (
        ("walk", {"fields": {"path": []}, "revision": 1}),
        ("walk", {"fields": {"path": ["figures"]}, "revision": 1}),
        ("save_draft", {"fields": {"path": ["figures"]}, "revision": 1}),
        ("submit", {"fields": {"path": ["figures", "bus"]}}),
        ("reset_draft", {}),
    ):
        status, refused = call(block, handler, data)
        assert (status, refused["error"]) == (
            400,
            "What was decided or tested stands; it cannot be taken back.",
        )
    assert state_of(block)["fields"] == {"path": ["press"]}
    walk(block, 1, "press", "close")
    assert submit(block, {"path": ["press", "close"]})[0] == 200
    assert call(block, "reset_draft")[0] == 200
    assert walk(block, state_of(block)["revision"], "figures")[0] == 200


def test_a_member_that_is_not_graded_cannot_stand_in_for_what_was_chosen() -> None:
    block = case()
    walk(block, 0, "press")
    fields = {"path": ["figures", "bus"], "tests": ["press"]}
    assert submit(block, fields)[0] == 400
    assert Submission.objects.count() == 0


def test_steps_are_taken_back_where_the_author_allows_it_but_no_tests() -> None:
    block = case(may_take_back=True)
    walk(block, 0, "press")
    assert walk(block, 1)[1]["task"]["node"]["id"] == "letter"
    tests = workup(may_take_back=True)
    call(tests, "walk", {"fields": {"tests": ["fibre"]}, "revision": 0})
    assert call(tests, "walk", {"fields": {"tests": ["look"]}, "revision": 1})[0] == 400


def test_another_window_is_told_where_the_case_stands() -> None:
    block = case()
    walk(block, 0, "press")
    status, told = walk(block, 0, "figures")
    assert (status, told["fields"], told["revision"]) == (409, {"path": ["press"]}, 1)


def test_what_is_no_step_is_refused() -> None:
    block = case()
    for data in ({}, {"fields": {"path": "x"}, "revision": 0}, {"fields": {"path": [1]}}):
        assert call(block, "walk", data)[0] == 400
    for revision in (-1, True, "0", None):
        assert call(block, "walk", {"fields": {"path": []}, "revision": revision})[0] == 400
    assert walk(case(student=None), 0, "press")[0] == 403
    for path in ("x", [1], None):
        assert call(block, "replay", {"path": path})[0] == 400


def test_a_test_shows_its_result_cleaned_once_it_is_made() -> None:
    exercise = json.loads(json.dumps(INK.exercise))
    exercise["tests"][0]["result"] = "<p onclick='x()'>Brown</p><script>x()</script>"
    block = workup(exercise=exercise)
    assert state_of(block)["task"]["results"] == {}
    _status, seen = call(block, "walk", {"fields": {"tests": ["look"]}, "revision": 0})
    assert list(seen["task"]["results"]) == ["look"]
    assert "Brown" in seen["task"]["results"]["look"]
    assert "onclick" not in json.dumps(seen)
    assert "script" not in json.dumps(seen)


def test_a_case_is_replayed_and_compared_only_once_the_answer_may_be_shown() -> None:
    block = case(attempts_allowed=1)
    assert call(block, "replay", {"path": []})[0] == 403
    _status, state = submit(block, {"path": ["press", "close"]})
    assert [step["choice"] for step in state["best_log"]][-1].startswith("Propose a book bus")
    assert [step["choice"] for step in state["own_log"]][-1] == "Close the branch"
    status, played = call(block, "replay", {"path": ["figures", "bus"]})
    assert (status, played["task"]["node"]["id"]) == (200, "bus")
    assert state_of(block)["fields"] == {"path": ["press", "close"]}, "a replay is kept nowhere"
    assert Submission.objects.count() == 1


def test_the_preview_walks_without_keeping_anything() -> None:
    block = case()
    values = {name: getattr(block, name) for name in block.editable_fields}
    data = {"fields": {"path": ["figures"]}, "revision": 4}
    sent = {"values": values, "handler": "walk", "data": data}
    status, seen = call(block, "call_previewed", sent)
    assert (status, seen["revision"], seen["task"]["node"]["id"]) == (200, 5, "talk")
    assert state_of(block)["fields"] == {}


def test_the_author_is_told_what_nobody_comes_to() -> None:
    exercise = json.loads(json.dumps(CUTS.exercise))
    exercise["nodes"].append({"id": "moon", "text": "The moon"})
    exercise["nodes"][1]["choices"].append(
        {"id": "rich", "text": "Buy a bus", "to": "bus", "if": {"budget": {"min": 99}}}
    )
    block = case(exercise=exercise)
    found = {(finding.severity, finding.where) for finding in block.review()}
    assert found == {("warning", "nodes[4]"), ("warning", "nodes[1].choices[2]")}
