"""What holds for every block over the engines: secrecy, attempts, feedback, staff, re-grades."""

from __future__ import annotations

import json
from typing import Any

import pytest
from opaque_keys.edx.keys import UsageKey

from grading import api as grading
from grading import engines
from grading.models import Submission
from quarantine.xml import parse_xml
from tests.xblocks.engine_blocks import ROWS, Row, make_engine_block
from tests.xblocks.host import FUTURE, Urls, call, island, item_of, state_of, submit
from tests.xblocks.test_staff_task import Staff

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.parametrize("row", ROWS, ids=[f"{row.tag}-{at}" for at, row in enumerate(ROWS)]),
]


NO_ANSWERS: tuple[Any, ...] = (
    [],
    "x",
    7,
    {
        "cells": "x",
        "episodes": "x",
        "items": "x",
        "order": "x",
        "path": "x",
        "shares": "x",
        "shifts": "x",
        "tests": 3,
    },
)


def model(block: Any) -> dict[str, Any]:
    answer = engines.own_model_answer(block.GRADER, block.exercise, item_of(block))
    return answer


def values_of(block: Any, **changes: Any) -> dict[str, Any]:
    """The form as the editor sends it."""
    values = {name: getattr(block, name) for name in block.editable_fields}
    return {"values": {**values, **changes}}


# --- Grading --------------------------------------------------------------------------------------


def test_the_model_answer_earns_everything_and_an_empty_one_nothing(row: Row) -> None:
    block = make_engine_block(row)
    _status, state = submit(block, {})
    assert (state["result"]["points"], state["attempts"]) == (0, 1)
    status, state = submit(block, model(block))
    assert (status, state["result"]["score"]) == (200, 1.0)
    assert block.runtime.published[-1] == ("grade", {"value": 10.0, "max_value": 10.0})
    assert [record.score for record in grading.submissions(item_of(block))] == [0.0, 1.0]


def test_half_an_answer_earns_a_part_and_every_line_has_its_reason(row: Row) -> None:
    _status, state = submit(make_engine_block(row), row.half)
    result = state["result"]
    assert 0 < result["points"] < 10
    assert all(line["message"] for line in result["lines"])
    assert state["submitted"] == row.half


def test_what_is_no_answer_is_refused_and_costs_no_attempt(row: Row) -> None:
    block = make_engine_block(row)
    for answer in NO_ANSWERS:
        assert submit(block, answer)[0] == 400, answer
    assert state_of(block)["attempts"] == 0
    too_long: tuple[Any, ...] = ([], "x", {"order": ["x" * 100_001]})
    for draft in too_long:
        assert call(block, "save_draft", {"fields": draft, "revision": 0})[0] == 400


def test_drafts_are_kept_and_attempts_end(row: Row) -> None:
    block = make_engine_block(row, attempts_allowed=1)
    status, _saved = call(block, "save_draft", {"fields": row.half, "revision": 0})
    assert (status, state_of(block)["fields"]) == (200, row.half)
    submit(block, row.half)
    assert submit(block, row.half)[0] == 403
    assert not state_of(block)["may_submit"]
    assert Submission.objects.count() == 1


# --- Secrecy --------------------------------------------------------------------------------------


def assert_secret(row: Row, text: str) -> None:
    for secret in row.secrets:
        assert secret not in text, secret
        assert json.dumps(secret)[1:-1] not in text, secret


@pytest.mark.parametrize("level", [0, 2, 3])
def test_the_truth_never_reaches_the_page_before_it_may(row: Row, level: int) -> None:
    block = make_engine_block(row, feedback_level=level, mixed_in=FUTURE)
    answers = [
        call(block, "save_draft", {"fields": row.half, "revision": 0}),
        call(block, "walk", {"fields": row.half, "revision": 1}) if row.tag == "scenario" else "",
        call(block, "replay", {"path": []}) if row.tag == "scenario" else "",
        submit(block, row.half),
        call(block, "reset_draft"),
        block.student_view_data(),
        block.index_dictionary(),
    ]
    for answer in answers:
        assert_secret(row, json.dumps(answer, ensure_ascii=False))
    for view in ("student_view", "public_view"):
        assert_secret(row, block.render(view).content)
    assert state_of(block)["answer"] is None


def test_the_answer_is_shown_once_attempts_are_used_up(row: Row) -> None:
    block = make_engine_block(row, attempts_allowed=1)
    _status, state = submit(block, row.half)
    assert state["answer"] == model(block)
    assert state_of(make_engine_block(row, attempts_allowed=1))["answer"] == model(block)
    assert state_of(make_engine_block(row, "b" * 32, attempts_allowed=1))["answer"] is None


def test_results_that_the_host_holds_back_explain_nothing(row: Row) -> None:
    hidden = {"show_correctness": "never"}
    block = make_engine_block(row, attempts_allowed=1, mixed_in=hidden)
    _status, state = submit(block, row.half)
    assert (state["result"], state["answer"]) == (None, None)
    assert not state.get("log")
    assert_secret(row, block.render("student_view").content)


# --- Staff and re-grades --------------------------------------------------------------------------


def test_staff_change_a_line_and_its_trainee_reads_why(row: Row) -> None:
    key = UsageKey.from_string(f"block-v1:School+CON+2026+type@{row.tag}+block@one")
    submit(make_engine_block(row, usage_key=key), row.half)
    services = {"user": Staff("7"), "replace_urls": Urls()}
    staff = make_engine_block(row, "f" * 32, services=services, usage_key=key)
    assert 'data-part="open-staff"' in staff.render("student_view").content
    _status, mark = call(staff, "staff_answer", {"student": "a" * 32})
    line = next(line for line in mark["lines"] if line["points"] < line["max"])
    change = {name: line[name] for name in ("code", "where", "occurrence")}
    data = {"student": "a" * 32, "attempt": 1, "points": line["max"], "comment": "Well argued."}
    assert call(staff, "staff_override", {**data, **change})[0] == 200
    result = state_of(make_engine_block(row, usage_key=key))["result"]
    assert [change["comment"] for change in result["changes"]] == ["Well argued."]
    trainee = make_engine_block(row, usage_key=key)
    assert call(trainee, "staff_override", {**data, **change})[0] == 403


def test_a_changed_key_grades_the_last_answer_again(row: Row) -> None:
    submit(make_engine_block(row), row.half)
    harder = make_engine_block(row, points=20)
    before = harder.get_score().raw_earned
    harder.rescore(only_if_higher=False)
    assert harder.get_score().raw_earned == pytest.approx(2 * before, abs=0.1)


# --- The author's editor --------------------------------------------------------------------------


def test_the_editor_opens_reviews_tries_and_saves(row: Row) -> None:
    block = make_engine_block(row)
    html = block.render("studio_view").content
    assert island(html)["fields"]["exercise"]["value"] == row.exercise
    assert "data-own-words" in html
    _status, review = call(block, "review_edits", values_of(block))
    assert [f for f in review["findings"] if f["severity"] == "error"] == []
    _status, tried = call(block, "try_answer", {**values_of(block), "fields": model(block)})
    assert tried["result"]["score"] == 1.0
    assert not Submission.objects.exists()
    status, _saved = call(block, "submit_studio_edits", values_of(block, points=7))
    assert (status, block.points) == (200, 7)


def test_a_fault_is_named_by_its_place_and_nothing_is_saved(row: Row) -> None:
    exercise, where = row.fault
    block = make_engine_block(row)
    status, refused = call(block, "submit_studio_edits", values_of(block, exercise=exercise))
    assert (status, refused["findings"][0]["where"]) == (400, where)
    assert refused["findings"][0]["message"]
    assert block.exercise == row.exercise


def test_an_exercise_with_a_fault_is_no_page_to_fail(row: Row) -> None:
    for exercise in ({}, row.fault[0], {"steps": 3, "items": "x", "nodes": [None], "tests": 1}):
        block = make_engine_block(row, exercise=exercise)
        for view in ("student_view", "author_view", "studio_view"):
            assert block.render(view).content
        assert "There is nothing to do here yet." in block.render("student_view").content
        assert submit(block, row.half)[0] == 422
        assert block.index_dictionary()["content"]["text"].startswith("What do you do?")


def test_authors_html_is_cleaned_wherever_it_stands(row: Row) -> None:
    hostile = "<img src=x onerror=alert(1)><script>alert(1)</script><p>kept</p>"
    exercise = json.loads(json.dumps(row.exercise))
    for name in ("steps", "items", "nodes", "tests"):
        for part in exercise.get(name, ()):
            part |= {"detail": hostile} if name != "tests" else {"result": hostile}
    block = make_engine_block(row, exercise=exercise, prompt=hostile, show_answer="always")
    submit(block, row.half)
    for view in ("student_view", "author_view"):
        html = block.render(view).content
        assert "onerror" not in html
        assert "alert(1)" not in html


def test_the_scenarios_of_the_workbench_can_be_solved(row: Row) -> None:
    for _title, xml in row.block.workbench_scenarios():
        exercise = json.loads(parse_xml(xml.encode()).get("exercise") or "")
        answer = engines.model_answer(row.block.GRADER, exercise)
        assert grading.preview_score(row.block.GRADER, exercise, answer, None) == pytest.approx(1)
