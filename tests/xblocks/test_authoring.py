"""The editor of an exercise: its form, checks, preview and trials, tried on ``marc_record``."""

import json
from typing import Any

import pytest
from opaque_keys.edx.keys import UsageKey

from grading import api as grading
from grading.models import Regrade, StudentItem, Submission
from jobs import runner
from tests.xblocks.host import (
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

BAD_KEY = {"keys": [{"profile": "marc21", "fields": [{"tag": "245"}]}]}


def edit(asked: str, values: dict[str, Any], block: Any = None, **data: Any) -> tuple[int, Any]:
    return call(block or make_block(), asked, {"values": values, **data})


def places(answer: Any) -> list[tuple[str, str]]:
    return [(found["field"], found["where"]) for found in answer["findings"]]


# --- The form ---


def test_the_form_has_a_labelled_field_for_all_that_an_author_sets() -> None:
    html = make_block(points=12, prompt="<p>Describe & code.</p>").render("studio_view").content
    for name in MarcRecordBlock.editable_fields:
        assert f'data-field-name="{name}"' in html
        assert str(MarcRecordBlock.fields[name].display_name) in html
        assert str(MarcRecordBlock.fields[name].help).replace('"', "&quot;") in html
    assert 'value="12"' in html
    assert "&lt;p&gt;Describe &amp; code.&lt;/p&gt;" in html


def test_the_form_s_script_gets_each_field_s_value_and_choices() -> None:
    state = island(make_block(show_answer="never").render("studio_view").content)
    assert state["fields"]["exercise"]["value"] == {"keys": [KEY]}
    assert state["fields"]["show_answer"]["value"] == "never"
    assert state["fields"]["feedback_level"]["choices"] == [0, 1, 2, 3]
    assert state["module"] == "/resources/marc_record/public/marc_record.js"


def test_what_an_author_typed_cannot_leave_the_form() -> None:
    evil = "</script></textarea><script>alert(1)</script>"
    html = make_block(prompt=evil, display_name=evil).render("studio_view").content
    assert evil not in html
    assert island(html)["fields"]["prompt"]["value"] == evil


# --- Saving ---


def test_the_form_is_kept() -> None:
    block = make_block()
    exercise = {"keys": [{**KEY, "profile": "unimarc"}]}
    values = {"points": "12", "profile": "unimarc", "exercise": exercise, "weight": "2,5"}
    assert edit("submit_studio_edits", values, block) == (200, {"result": "success"})
    assert (block.points, block.profile, block.weight) == (12, "unimarc", 2.5)
    assert block.exercise == exercise
    assert block.prompt == "<p>Describe the book.</p>"


def test_a_field_put_back_to_its_default_is_no_longer_set() -> None:
    block = make_block(points=20)
    edit("submit_studio_edits", {"points": 10}, block)
    assert (block.points, block.fields["points"].is_set_on(block)) == (10, False)
    assert call(block, "submit_studio_edits", {"values": {}, "defaults": ["prompt"]})[0] == 200
    assert (block.prompt, block.fields["prompt"].is_set_on(block)) == ("", False)


def test_with_one_fault_nothing_is_kept_and_every_fault_is_named_by_field() -> None:
    block = make_block()
    values = {
        "display_name": "Another",
        "points": "many",
        "attempts_allowed": 1.5,
        "weight": "-1",
        "show_answer": "tomorrow",
        "exercise": BAD_KEY,
    }
    status, answer = edit("submit_studio_edits", values, block)
    assert (status, bool(answer["error"])) == (400, True)
    assert places(answer) == [
        ("points", ""),
        ("attempts_allowed", ""),
        ("weight", ""),
        ("show_answer", ""),
        ("exercise", "keys[0].fields[0].sub"),
    ]
    assert {found["severity"] for found in answer["findings"]} == {"error"}
    assert (block.display_name, block.points, block.exercise) == ("Judita", 10, {"keys": [KEY]})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("points", None),
        ("points", True),
        ("points", "1e400"),
        ("weight", "much"),
        ("display_name", 5),
        ("prompt", "x" * 100_001),
        ("exercise", []),
        ("exercise", "{"),
        ("starter", {}),
        ("starter", [["245", 1]]),
        ("profile", "marc"),
        ("source_image", "https://elsewhere.example/x.png"),
    ],
)
def test_what_is_no_value_of_a_field_is_refused_there(field: str, value: Any) -> None:
    status, answer = edit("submit_studio_edits", {field: value})
    assert status == 400
    assert [found["field"] for found in answer["findings"]] == [field]
    assert answer["findings"][0]["message"]


def test_characters_that_no_course_file_can_hold_are_left_out() -> None:
    block = make_block()
    assert edit("submit_studio_edits", {"display_name": "Ju\x08dita\x00"}, block)[0] == 200
    assert block.display_name == "Judita"


@pytest.mark.parametrize("data", [{}, [], {"values": []}, {"values": None}, b"nothing"])
def test_what_is_no_form_is_refused(data: Any) -> None:
    for handler in ("submit_studio_edits", "review_edits", "preview_edits", "try_answer"):
        assert call(make_block(), handler, data)[0] == 400


def test_fields_that_are_not_the_author_s_are_passed_over() -> None:
    block = make_block()
    assert edit("submit_studio_edits", {"due": "2020-01-01", "tags": ["x"]}, block)[0] == 200
    assert block.tags == []


# --- Checking ---


def test_the_check_names_what_saving_would_refuse_and_keeps_nothing() -> None:
    block = make_block()
    status, answer = edit("review_edits", {"points": "many", "exercise": BAD_KEY}, block)
    assert status == 200
    assert places(answer) == [("points", ""), ("exercise", "keys[0].fields[0].sub")]
    assert (block.points, block.exercise) == (10, {"keys": [KEY]})


def test_a_faultless_exercise_has_no_errors() -> None:
    status, answer = edit("review_edits", {"points": 5})
    assert (status, [f for f in answer["findings"] if f["severity"] == "error"]) == (200, [])


# --- Preview ---


def test_the_preview_is_the_trainee_s_page_of_what_is_in_the_form() -> None:
    block = make_block()
    submit(block, HALF)
    values = {"prompt": "<p>Describe it <em>well</em>.</p>", "starter": RIGHT, "points": 7}
    status, answer = edit("preview_edits", values, block)
    assert status == 200
    assert "<p>Describe it <em>well</em>.</p>" in answer["html"]
    state = island(answer["html"])
    assert (state["fields"], state["points"]) == (RIGHT, 7)
    assert (state["attempts"], state["submitted"], state["answer"]) == (0, None, None)
    assert block.prompt == "<p>Describe the book.</p>"


def test_the_preview_keeps_an_unsent_answer() -> None:
    _, answer = edit("preview_edits", {}, draft=HALF)
    assert island(answer["html"])["fields"] == HALF
    assert edit("preview_edits", {}, draft="?")[0] == 400


def test_author_html_is_sanitised_in_the_preview_as_well() -> None:
    _, answer = edit("preview_edits", {"prompt": "<p>Read.</p><script>alert(1)</script>"})
    assert "alert(1)" not in answer["html"]


def test_values_with_faults_do_not_take_the_preview_down() -> None:
    values = {
        "starter": [5],
        "profile": "x",
        "points": "many",
        "exercise": {},
        "prompt": "<p>P</p>",
    }
    status, answer = edit("preview_edits", values)
    assert (status, "<p>P</p>" in answer["html"]) == (200, True)
    assert island(answer["html"])["fields"] == STARTER


def test_the_preview_asks_learners_handlers_of_the_draft_and_of_these_only_what_it_may() -> None:
    values = {"profile": "unimarc"}
    status, answer = edit("call_previewed", values, handler="labels", data={})
    assert (status, "200" in answer["labels"]) == (200, True)
    layout = {"tag": "100", "leader": ""}
    status, answer = edit("call_previewed", values, handler="layout", data=layout)
    assert (status, bool(answer["positions"])) == (200, True)
    for handler in ("submit", "save_draft", "submit_studio_edits", "__init__", "studio_view"):
        assert edit("call_previewed", values, handler=handler, data={})[0] == 404


# --- Trials ---


def test_an_answer_is_tried_as_a_trainee_would_hand_it_in_and_nothing_is_kept() -> None:
    block = make_block()
    values = {"points": 20, "attempts_allowed": 2, "show_answer": "finished"}
    status, first = edit("try_answer", values, block, fields=HALF, tries=0)
    assert (status, first["attempts"], first["may_submit"]) == (200, 1, True)
    assert (first["answer"], first["result"]["possible"]) == (None, 20)
    _, second = edit("try_answer", values, block, fields=RIGHT, tries=1)
    assert (second["result"]["score"], second["may_submit"]) == (1.0, False)
    assert second["answer"] == RIGHT
    assert (StudentItem.objects.count(), Submission.objects.count()) == (0, 0)
    assert block.runtime.published == []
    assert state_of(block)["attempts"] == 0


def test_a_trial_scores_by_the_key_in_the_form() -> None:
    block = make_block()
    key = {"keys": [{**KEY, "fields": KEY["fields"][:1]}]}
    _, saved = edit("try_answer", {}, block, fields=HALF)
    _, typed = edit("try_answer", {"exercise": key}, block, fields=HALF)
    assert saved["result"]["score"] < typed["result"]["score"] == 1.0


def test_an_exercise_past_due_can_still_be_tried() -> None:
    block = make_block(mixed_in=PAST)
    assert not state_of(block)["may_submit"]
    status, state = edit("try_answer", {}, block, fields=RIGHT)
    assert (status, state["may_submit"]) == (200, True)
    assert state["result"]["score"] == 1.0


@pytest.mark.parametrize(
    ("values", "fields", "told"),
    [
        ({"exercise": BAD_KEY}, RIGHT, "The key, keys[0].fields[0].sub"),
        ({}, [["24", "10", []]], "The answer, "),
    ],
)
def test_what_cannot_be_graded_is_explained_to_the_author(
    values: dict[str, Any], fields: Any, told: str
) -> None:
    for handler in ("try_answer", "score_answer"):
        status, answer = edit(handler, values, fields=fields)
        assert (status, answer["error"][: len(told)]) == (422, told)


def test_the_number_of_tries_is_a_number() -> None:
    for tries in (-1, True, "1", 10**9):
        assert edit("try_answer", {}, fields=RIGHT, tries=tries)[0] == 400


def test_the_whole_mark_is_shown_to_the_author_whatever_trainees_see() -> None:
    values = {"feedback_level": 0, "show_answer": "never"}
    status, answer = edit("score_answer", values, fields=HALF)
    assert status == 200
    lines = answer["result"]["lines"]
    assert "Drugo izdanje." in json.dumps([line.get("expected") for line in lines])
    total = sum(line["points"] for line in lines)
    assert total == pytest.approx(answer["result"]["points"], abs=0.01)


def test_a_copy_for_trying_leaves_the_block_as_it_is() -> None:
    block = make_block()
    draft = block.drafted({"points": 3, "exercise": {"keys": []}})
    assert (draft.points, block.points) == (3, 10)
    draft.exercise["more"] = 1
    block.save()
    assert block.exercise == {"keys": [KEY]}
    assert not grading.submissions(item_of(block))


# --- Answers already graded ---

HARDER = {"keys": [{**KEY, "fields": [{**KEY["fields"][0], "w": 1}, *KEY["fields"][1:]]}]}  # type: ignore[dict-item]  # a list of objects


def test_a_changed_key_tells_how_many_answers_it_does_not_speak_for() -> None:
    block = make_block()
    submit(block, HALF)
    submit(make_block("b" * 32), RIGHT)
    assert edit("review_edits", {"points": 5}, block)[1]["graded"] == 0
    assert edit("review_edits", {"exercise": HARDER}, block)[1]["graded"] == 2
    assert block.count_graded_answers() == 2
    _, answer = edit("submit_studio_edits", {"exercise": HARDER}, block)
    assert answer == {"result": "success", "graded": 2}


def test_what_a_changed_key_would_do_is_told_before_it_is_saved() -> None:
    block = make_block()
    submit(block, HALF)
    submit(make_block("b" * 32), RIGHT)
    status, found = edit("preview_regrade", {"exercise": HARDER}, block)
    assert status == 200
    assert {name: found[name] for name in ("graded", "compared", "better", "worse", "same")} == {
        "graded": 2,
        "compared": 2,
        "better": 0,
        "worse": 1,
        "same": 1,
    }
    assert found["largest"] < 0
    assert block.exercise == {"keys": [KEY]}
    assert edit("preview_regrade", {"exercise": BAD_KEY}, block)[0] == 422


def test_answers_are_graded_again_by_the_saved_key_as_a_job() -> None:
    block = make_block(usage_key=UsageKey.from_string(USAGE_KEY))
    _, before = submit(block, HALF)
    edit("submit_studio_edits", {"exercise": HARDER}, block)
    status, answer = call(block, "regrade_answers", {})
    assert status == 200
    assert Regrade.objects.get().pk == answer["regrade"]
    assert runner.run_next("test")
    after = grading.load_item(item_of(block))
    assert after.last is not None
    assert after.last.is_rescore
    assert after.last.score < before["result"]["score"]


def test_where_changes_are_published_later_nothing_is_graded_again_at_once() -> None:
    block = make_block()
    submit(block, HALF)
    block.runtime.regrades_when_publishing = True
    status, _ = call(block, "regrade_answers", {})
    assert (status, Regrade.objects.count()) == (409, 0)
    assert island(block.render("studio_view").content)["regrades_later"] is True


def test_a_broken_key_grades_nothing_again() -> None:
    block = make_block(exercise={})
    assert call(block, "regrade_answers", {})[0] == 422
