"""What every graded exercise does, tried on ``marc_record``."""

import datetime as dt
import json
from typing import Any

import pytest
from xblock.scorable import Score
from xblock.validation import Validation

from grading import api as grading
from tests.xblocks.host import (
    FUTURE,
    HALF,
    KEY,
    PAST,
    RIGHT,
    STARTER,
    USAGE_KEY,
    call,
    island,
    item_of,
    make_block,
    state_of,
    submit,
)
from xblocks.marc_record import MarcRecordBlock

pytestmark = pytest.mark.django_db


# --- Drafts ---


def test_a_draft_is_saved_and_comes_back() -> None:
    block = make_block()
    status, saved = call(block, "save_draft", {"fields": HALF, "revision": 0})
    assert (status, saved["revision"], saved["fields"]) == (200, 1, HALF)
    assert dt.datetime.fromisoformat(saved["saved_at"]).tzinfo is not None
    state = state_of(block)
    assert (state["fields"], state["revision"]) == (HALF, 1)


def test_an_unfinished_record_is_a_draft_too() -> None:
    draft = [["24", "1 ", [["", "typ"]]], ["", "", []], ["LDR", "00000"], ["008", ""]]
    status, _ = call(make_block(), "save_draft", {"fields": draft, "revision": 0})
    assert status == 200


def test_a_draft_changed_in_another_window_is_answered_with_that_one() -> None:
    block = make_block()
    call(block, "save_draft", {"fields": HALF, "revision": 0})
    status, conflict = call(block, "save_draft", {"fields": RIGHT, "revision": 0})
    assert status == 409
    assert (conflict["fields"], conflict["revision"]) == (HALF, 1)
    assert conflict["error"]


def test_starting_again_brings_the_starter_back_and_keeps_submissions() -> None:
    block = make_block()
    submit(block, HALF)
    status, reset = call(block, "reset_draft", {})
    assert (status, reset["fields"], reset["revision"]) == (200, STARTER, 2)
    assert state_of(block)["submitted"] == HALF


@pytest.mark.parametrize(
    "data",
    [
        [],
        {},
        {"fields": HALF},
        {"fields": HALF, "revision": "0"},
        {"fields": HALF, "revision": -1},
        {"fields": HALF, "revision": True},
        {"revision": 0},
        {"fields": None, "revision": 0},
        {"fields": {"245": ""}, "revision": 0},
        {"fields": ["245"], "revision": 0},
        {"fields": [["245", 1]], "revision": 0},
        {"fields": [["245", "10", "x"]], "revision": 0},
        {"fields": [["245", "10", [["a", 1]]]], "revision": 0},
        {"fields": [["245", "10", [["a", "\0"]]]], "revision": 0},
        {"fields": [["245", "10", []]] * 201, "revision": 0},
        {"fields": [["245", "10", [["a", ""]] * 600]] * 2, "revision": 0},
        {"fields": [["245", "10", [["a", "x" * 300_000]]]], "revision": 0},
        b'{"fields": [["245", "10", [["a", "\\ud83d"]]]], "revision": 0}',
        b"not json",
    ],
)
def test_what_is_no_draft_is_refused(data: Any) -> None:
    block = make_block()
    status, answer = call(block, "save_draft", data)
    assert status == 400
    assert answer["error"]
    assert state_of(block)["revision"] == 0


# --- Submissions ---


def test_a_right_record_earns_all_points_and_the_host_is_told() -> None:
    block = make_block(points=20)
    status, state = submit(block)
    assert status == 200
    assert state["result"]["score"] == 1.0
    assert (state["result"]["points"], state["result"]["possible"]) == (20, 20)
    assert (state["attempts"], state["submitted"], state["fields"]) == (1, RIGHT, RIGHT)
    assert block.runtime.published == [("grade", {"value": 20.0, "max_value": 20.0})]
    assert {**state_of(block), **state} == state_of(block)


def test_the_host_is_told_the_score_in_points() -> None:
    block = make_block()
    _, state = submit(block, HALF)
    ((kind, event),) = block.runtime.published
    assert kind == "grade"
    assert event["max_value"] == 10
    assert 0 < event["value"] < 10
    assert event["value"] == pytest.approx(state["result"]["score"] * 10, abs=1e-3)


def test_the_same_submission_sent_twice_counts_once() -> None:
    block = make_block()
    _, first = submit(block, HALF, "try-1")
    status, again = submit(block, HALF, "try-1")
    assert (status, again) == (200, first)
    status, _ = submit(block, RIGHT, "try-1")
    assert status == 409
    assert state_of(block)["attempts"] == 1


def test_a_late_repetition_does_not_lower_the_score_that_counts() -> None:
    block = make_block()
    submit(block, HALF, "try-1")
    submit(block, RIGHT, "try-2")
    submit(block, HALF, "try-1")
    assert block.runtime.published[-1] == ("grade", {"value": 10.0, "max_value": 10.0})


def test_no_submission_beyond_the_attempts_allowed() -> None:
    block = make_block(attempts_allowed=1)
    _, state = submit(block, HALF)
    assert (state["may_submit"], bool(state["closed_reason"])) == (False, True)
    status, answer = submit(block, RIGHT)
    assert (status, bool(answer["error"])) == (403, True)
    assert len(block.runtime.published) == 1


def test_no_limit_of_attempts_leaves_the_exercise_open() -> None:
    block = make_block(attempts_allowed=0)
    for _ in range(5):
        status, state = submit(block, HALF)
        assert (status, state["may_submit"]) == (200, True)


def test_nothing_is_graded_after_the_due_date() -> None:
    block = make_block(mixed_in=PAST)
    assert not state_of(block)["may_submit"]
    status, _ = submit(block)
    assert status == 403
    assert block.runtime.published == []
    assert not grading.submissions(item_of(block))


def test_days_of_grace_and_self_paced_courses_keep_it_open() -> None:
    grace = {"due": dt.datetime.now(dt.UTC) - dt.timedelta(1), "graceperiod": dt.timedelta(2)}
    for mixed_in in (grace, {**PAST, "self_paced": True}, FUTURE):
        status, _ = submit(make_block(str(mixed_in)[:30], mixed_in=mixed_in))
        assert status == 200


def test_a_date_without_a_time_zone_closes_nothing() -> None:
    status, _ = submit(make_block(mixed_in={"due": dt.datetime(2020, 1, 1)}))
    assert status == 200


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({}, 400),
        ({"fields": "245"}, 400),
        ({"fields": [["2", "10", []]]}, 400),
        ({"fields": RIGHT, "key": 5}, 400),
        ({"fields": RIGHT, "key": "x" * 65}, 400),
        ({"fields": RIGHT, "key": "a b"}, 400),
        ({"fields": [["245", "10", [["a", "\0"]]]]}, 400),
    ],
)
def test_what_is_no_submission_is_refused_and_uses_no_attempt(data: Any, status: int) -> None:
    block = make_block()
    answered, answer = call(block, "submit", data)
    assert (answered, bool(answer["error"])) == (status, True)
    assert state_of(block)["attempts"] == 0
    assert block.runtime.published == []


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        (
            ["24", "10", [["a", "x"]]],
            "«24» is no tag: a tag has three characters, digits or letters A-Z.",
        ),
        (
            ["245", "10", [["\u0430", "x"]]],
            "«\u0430» is no subfield code: a code is one Latin letter or digit.",
        ),
        (["245", "10", [["", "x"]]], "Field 245: a subfield has no code."),
        (["001", "x", [["a", "x"]]], "Field 001 has no subfields."),
    ],
)
def test_a_slip_in_a_record_is_told_in_words_not_as_a_path(field: Any, sentence: str) -> None:
    _, answer = submit(make_block(), [field])
    assert answer["error"] == sentence


def test_a_refusal_that_quotes_nothing_names_its_place() -> None:
    _, answer = submit(make_block(), [["500", "  ", [["a", "x"]] * 101]])
    assert answer["error"] == "500[0]: This field has too many subfields; the most is 100."


def test_an_exercise_with_a_fault_keeps_the_trainees_attempt() -> None:
    status, answer = submit(make_block(exercise={}))
    assert status == 422
    assert "instructor" in answer["error"]


def test_handlers_want_a_post() -> None:
    for name in ("submit", "save_draft", "reset_draft", "read_record", "labels", "layout"):
        status, _ = call(make_block(), name, method="GET")
        assert status == 405


# --- Who ---


def test_a_visitor_nobody_knows_may_read_and_nothing_else() -> None:
    block = make_block(None)
    state = state_of(block)
    assert (state["may_submit"], bool(state["closed_reason"])) == (False, True)
    for handler, data in (
        ("submit", {"fields": RIGHT}),
        ("save_draft", {"fields": RIGHT, "revision": 0}),
        ("reset_draft", {}),
    ):
        status, _ = call(block, handler, data)
        assert status == 403
    assert block.runtime.published == []


def test_the_public_view_asks_for_no_user() -> None:
    block = make_block(services={}, user_id=None)
    state = island(block.render("public_view").content)
    assert (state["may_submit"], state["fields"]) == (False, STARTER)


def test_two_trainees_do_not_see_each_other() -> None:
    submit(make_block("a" * 32), HALF)
    state = state_of(make_block("b" * 32))
    assert (state["attempts"], state["submitted"], state["fields"]) == (0, None, STARTER)


def test_a_host_with_plain_ids_and_no_user_service_keeps_its_learners_apart() -> None:
    plain: dict[str, Any] = {"services": {}, "usage_key": "judita.marc_record.d0.u0"}
    first = make_block(user_id="student_1", **plain)
    second = make_block(user_id="student_2", **plain)
    status, _ = submit(first, HALF)
    assert status == 200
    assert state_of(first)["attempts"] == 1
    assert state_of(second)["attempts"] == 0
    assert first.student_item() == {
        "student_id": "student_1",
        "course_id": "",
        "item_id": "judita.marc_record.d0.u0",
        "item_type": "marc_record",
    }


def test_ids_too_long_for_the_table_stay_different() -> None:
    first = make_block("a" * 64 + "1").student_item()
    second = make_block("a" * 64 + "2").student_item()
    assert first is not None
    assert second is not None
    assert len(first["student_id"]) == 64
    assert first["student_id"] != second["student_id"]


def test_every_handler_declares_who_may_call_it() -> None:
    declared = {
        name: getattr(getattr(MarcRecordBlock, name), "libschool_access", None)
        for name in dir(MarcRecordBlock)
        if getattr(getattr(MarcRecordBlock, name, None), "_is_xblock_handler", False)
    }
    assert declared == {
        "submit": "learner",
        "save_draft": "learner",
        "reset_draft": "learner",
        "read_record": "learner",
        "labels": "learner",
        "layout": "learner",
        "check": "learner",
        "staff_answers": "staff",
        "staff_answer": "staff",
        "staff_override": "staff",
        "describe_format": "author",
        "submit_studio_edits": "author",
        "review_edits": "author",
        "preview_edits": "author",
        "call_previewed": "author",
        "try_answer": "author",
        "score_answer": "author",
        "preview_regrade": "author",
        "regrade_answers": "author",
    }


# --- Feedback ---


def test_each_feedback_level_shows_more_of_the_mark() -> None:
    def line_keys(level: int) -> list[set[str]]:
        block = make_block(f"level {level}", feedback_level=level, show_answer="always")
        _, state = submit(block, HALF)
        return [set(line) for line in state["result"]["lines"]]

    place = {"points", "max", "where", "kind"}
    reason = place | {"code", "message", "refs"}
    assert line_keys(0) == []
    assert {frozenset(keys) for keys in line_keys(1)} == {frozenset(place)}
    assert {frozenset(keys) for keys in line_keys(2)} == {frozenset(reason)}
    assert reason | {"expected"} in line_keys(3)


def test_the_lines_of_a_result_add_up_to_its_points() -> None:
    _, state = submit(make_block(points=7), HALF)
    result = state["result"]
    assert sum(line["points"] for line in result["lines"]) == pytest.approx(
        result["points"], abs=0.01
    )


@pytest.mark.parametrize(
    ("mixed_in", "hidden"),
    [
        ({"show_correctness": "never"}, True),
        ({"show_correctness": "never_but_include_grade"}, True),
        ({"show_correctness": "past_due", **FUTURE}, True),
        ({"show_correctness": "past_due"}, False),
        ({"show_correctness": "always"}, False),
    ],
)
def test_a_host_that_holds_results_back_is_obeyed(mixed_in: dict[str, Any], hidden: bool) -> None:
    block = make_block(mixed_in=mixed_in, show_answer="always")
    _, state = submit(block)
    assert (state["result"] is None) == hidden
    assert (state["answer"] is None) == hidden
    assert bool(state["notice"]) == hidden
    assert len(block.runtime.published) == 1


# --- Scores for the host ---


def test_the_score_of_the_host_comes_from_the_last_submission() -> None:
    block = make_block()
    assert (block.max_score(), block.has_score) == (10, True)
    assert block.get_score() == Score(0.0, 10.0)
    assert not block.has_submitted_answer()
    submit(block)
    assert block.has_submitted_answer()
    assert block.get_score() == Score(10.0, 10.0)
    assert block.allows_rescore()


def test_points_are_known_without_a_learner() -> None:
    assert make_block(services={}, user_id=None, points=25).max_score() == 25


def test_a_rescore_by_a_changed_key_tells_the_host() -> None:
    submit(make_block(), HALF)
    easier = make_block(exercise={"keys": [{**KEY, "fields": KEY["fields"][:1]}]})
    assert easier.calculate_score() == Score(10.0, 10.0)
    easier.rescore(only_if_higher=False)
    grade = {"value": 10.0, "max_value": 10.0, "only_if_higher": False}
    assert easier.runtime.published == [("grade", grade)]
    assert easier.get_score() == Score(10.0, 10.0)
    assert len(grading.submissions(item_of(easier))) == 2


def test_nothing_submitted_cannot_be_rescored() -> None:
    for call_ in (make_block().calculate_score, lambda: make_block().rescore(False)):
        with pytest.raises(ValueError, match="Nothing was submitted"):
            call_()


def test_a_score_set_by_staff_is_the_one_shown() -> None:
    block = make_block()
    _, before = submit(block, HALF)
    block.set_score(Score(9.0, 10.0))
    after = state_of(block)["result"]
    assert (after["points"], after["score"]) == (9.0, 0.9)
    assert after["lines"] == before["result"]["lines"]
    assert block.get_score() == Score(9.0, 10.0)


def test_a_score_above_the_points_possible_is_cut() -> None:
    block = make_block()
    submit(block, HALF, "try-1")
    block.set_score(Score(50.0, 10.0))
    submit(block, HALF, "try-1")
    assert [event["value"] <= 10.0 for _, event in block.runtime.published] == [True, True]


# --- Authors ---


def test_the_author_sees_the_answer_and_a_new_block_does_not_fail() -> None:
    assert island(make_block().render("author_view").content)["answer"] == RIGHT
    assert island(make_block(exercise={}).render("author_view").content)["answer"] is None
    assert MarcRecordBlock.has_author_view


def test_the_search_index_has_the_text_and_no_markup() -> None:
    entry = make_block(prompt="<p>Opišite <b>knjigu</b>.</p>").index_dictionary()
    assert entry["content"]["display_name"] == "Judita"
    assert "Opišite knjigu." in entry["content"]["text"]
    assert "<" not in entry["content"]["text"]


def test_the_authors_form_saves_right_values_and_names_wrong_ones() -> None:
    block = make_block()
    values = {"points": 12, "exercise": {"keys": [KEY]}, "profile": "unimarc"}
    status, answer = call(block, "submit_studio_edits", {"values": values, "defaults": []})
    assert (status, answer) == (200, {"result": "success"})
    assert (block.points, block.profile) == (12, "unimarc")
    bad = {"exercise": {"keys": [{"profile": "marc21", "fields": [{"tag": "245"}]}]}}
    status, answer = call(block, "submit_studio_edits", {"values": bad, "defaults": []})
    assert status == 400
    assert "keys[0].fields[0].sub" in json.dumps(answer)
    assert block.exercise == {"keys": [KEY]}


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"points": 0}, "points"),
        ({"attempts_allowed": -1}, "attempts_allowed"),
        ({"weight": -1.0}, "weight"),
        ({"show_answer": "tomorrow"}, "show_answer"),
        ({"feedback_level": 4}, "feedback_level"),
        ({"profile": "marc"}, "profile"),
        ({"starter": [["245", 1]]}, "starter.fields[0]"),
        ({"source_image": "https://elsewhere.example/x.png"}, "source_image"),
        ({"exercise": {"keys": []}}, "keys"),
        ({"exercise": {"keys": [{"profile": "x", "fields": []}]}}, "keys[0].profile"),
    ],
)
def test_validation_names_the_place_of_a_fault(fields: dict[str, Any], place: str) -> None:
    validation = Validation(USAGE_KEY)
    block = make_block(**fields)
    block.validate_field_data(validation, block)
    (message,) = validation.messages
    assert str(message.text).startswith(f"{place}: ")
