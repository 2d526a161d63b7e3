"""The condition report as a page, its truth kept back, its staff half and its editor."""

import base64
import json
from typing import Any

import pytest
from opaque_keys.edx.keys import UsageKey
from xblock.validation import Validation

from grading import engines
from tests.xblocks.host import FUTURE, Urls, build_block, call, island, state_of
from tests.xblocks.test_staff_task import Staff
from xblocks.condition_report import ConditionReportBlock
from xblocks.condition_scenarios import page_exercise

pytestmark = pytest.mark.django_db

USAGE_KEY = "block-v1:School+CON+2026+type@condition_report+block@leaf"
HANDLERS: tuple[tuple[str, Any], ...] = (
    ("save_draft", {"fields": {"marks": []}, "revision": 99}),
    ("reset_draft", {}),
    ("submit", {"fields": {"marks": 1}}),
)


def square(x: float, y: float, size: float = 0.2) -> list[list[float]]:
    return [[x, y], [x + size, y], [x + size, y + size], [x, y + size]]


SPOT = {"cls": "foxing", "sev": 2, "poly": square(0.1, 0.1)}
SPLIT = {"cls": "tear", "sev": 1, "line": [[0.9, 0.0], [0.85, 0.3]]}
EXERCISE: dict[str, Any] = {
    "regions": [
        SPOT | {"id": "r1", "text": "kanarinac žuti"},
        SPLIT | {"id": "r2", "value": 2, "text": "kanarček rumeni"},
    ],
    "ignore": [{"poly": square(0.4137, 0.4)}],
    "decoys": [{"poly": square(0.6243, 0.6, 0.1), "message": "канарче: a watermark."}],
    "classes": {"foxing": "Foxing", "tear": "Tear", "mould": "Mould"},
    "definitions": {"foxing": "Small brown spots."},
    "families": {"spot": ["foxing", "mould"]},
    "confusions": [{"of": "foxing", "as": "mould", "message": "канарейка"}],
    "observations": ["In the upper left are brown spots.", "The ink is black."],
    "cells": [{"at": [1, 1], "text": "Brown spots"}, {"at": [5, 7], "text": "A pale ring"}],
    "settings": {"modes": ["areas", "grid", "points", "described"], "w_act": 0.0},
}
CANARIES = ("kanarinac", "kanarček", "канарче", "канарейка", "0.4137", "0.6243", "0.85")


def make_report(student: str | None = "a" * 32, **fields: Any) -> Any:
    host = {name: fields.pop(name, None) for name in ("mixed_in", "services")}
    usage_key = fields.pop("usage_key", USAGE_KEY)
    authored = {"display_name": "A leaf", "exercise": EXERCISE, **fields}
    return build_block(ConditionReportBlock, authored, student, usage_key=usage_key, **host)


def submit(block: Any, *marks: Any) -> tuple[int, Any]:
    return call(block, "submit", {"fields": {"marks": list(marks)}})


def assert_secret(text: str) -> None:
    for canary in CANARIES:
        assert canary not in text
        assert json.dumps(canary)[1:-1] not in text


# --- The page ---


def test_the_page_knows_the_kinds_and_what_is_seen_but_no_damage() -> None:
    block = make_report(source_image="/static/leaf.svg", source_image_alt='A "leaf"')
    html = block.render("student_view").content
    task = island(html)["task"]
    assert [each["id"] for each in task["classes"]] == ["foxing", "mould", "tear"]
    assert task["classes"][0]["definition"] == "Small brown spots."
    assert task["observations"] == EXERCISE["observations"]
    assert task["cells"] == EXERCISE["cells"]
    assert (task["modes"], task["grid"], task["levels"]) == (
        ["areas", "grid", "points", "described"],
        [8, 12],
        4,
    )
    assert 'data-picture="/files/of/course/leaf.svg" data-alt="A &quot;leaf&quot;"' in html


def test_the_drawn_page_is_the_picture_where_there_is_no_file_and_its_name_stays_secret() -> None:
    block = make_report(exercise=page_exercise("secret oak/2"))
    html = block.render("student_view").content
    encoded = html.partition('data-picture="data:image/svg+xml;base64,')[2].partition('"')[0]
    assert base64.b64decode(encoded).startswith(b"<svg")
    assert "secret oak" not in html
    with_file = make_report(exercise=page_exercise("secret oak/2"), source_image="/static/a.svg")
    assert "data:image" not in with_file.render("student_view").content


@pytest.mark.parametrize("exercise", [{}, {"regions": []}, {"regions": 1, "page": 5}])
def test_an_exercise_with_a_fault_takes_no_page_down(exercise: Any) -> None:
    block = make_report(exercise=exercise)
    assert state_of(block)["task"] == {}
    assert "There is no picture here yet." in block.render("student_view").content


def test_what_an_author_wrote_is_cleaned_and_escaped() -> None:
    hostile = {**EXERCISE, "classes": {"foxing": "</script><script>alert(1)</script>"}}
    block = make_report(
        exercise=hostile,
        prompt="<p>Mark.</p><script>alert(2)</script>",
        source_image="https://elsewhere.example/spy.png",
        source_image_alt='"><script>alert(3)</script>',
    )
    html = block.render("student_view").content
    assert "<script>" not in html
    assert "elsewhere" not in html
    assert island(html)["task"]["classes"][0]["text"] == hostile["classes"]["foxing"]


# --- The truth is kept back ---


@pytest.mark.parametrize("level", [0, 1, 2, 3])
@pytest.mark.parametrize("policy", ["never", "finished", "past_due"])
def test_the_truth_never_reaches_the_page_before_it_may(level: int, policy: str) -> None:
    block = make_report(feedback_level=level, show_answer=policy, mixed_in=FUTURE)
    far = {"cls": "tear", "sev": 1, "poly": square(0.05, 0.7)}
    near = {"cls": "foxing", "sev": 0, "cells": [[0, 1]]}
    texts = [block.render(view).content for view in ("student_view", "public_view")]
    for name, data in (*HANDLERS, ("submit", {"fields": {"marks": [far, near]}})):
        texts.append(json.dumps(call(block, name, data)[1], ensure_ascii=False))
    texts.append(block.render("student_view").content)
    texts.append(json.dumps(block.student_view_data(), ensure_ascii=False))
    texts.append(json.dumps(block.index_dictionary(), ensure_ascii=False))
    assert len(texts) == 9
    for text in texts:
        assert_secret(text)
    state = state_of(block)
    assert (state["answer"], state["reference"]) == (None, None)


def test_what_is_said_of_no_damage_is_said_to_those_who_marked_it() -> None:
    block = make_report(show_answer="never")
    on_decoy = {"cls": "foxing", "sev": 1, "poly": square(0.63, 0.61, 0.08)}
    _, state = submit(block, SPOT, on_decoy)
    messages = [line["message"] for line in state["result"]["lines"]]
    assert any("канарче: a watermark." in message for message in messages)
    assert "канарейка" not in json.dumps(state, ensure_ascii=False)


def test_the_reference_is_drawn_once_the_answer_may_be_shown() -> None:
    block = make_report(show_answer="attempted")
    assert state_of(block)["reference"] is None
    _, state = submit(block, SPLIT)
    reference = state["reference"]
    assert [region["text"] for region in reference["regions"]] == [
        "kanarinac žuti",
        "kanarček rumeni",
    ]
    assert reference["regions"][0]["poly"] == square(0.1, 0.1)
    assert reference["regions"][1]["place"] == "upper_right"
    assert reference["ignore"] == EXERCISE["ignore"]
    assert reference["decoys"] == EXERCISE["decoys"]


# --- Drafts, submissions, the staff half ---


def test_marks_of_every_way_are_kept_graded_and_read_back() -> None:
    block = make_report(attempts_allowed=0)
    draft = {"marks": [{"poly": square(0.1, 0.1), "note": "unfinished"}]}
    assert call(block, "save_draft", {"fields": draft, "revision": 0})[0] == 200
    assert state_of(block)["fields"] == draft
    ways: list[list[dict[str, Any]]] = [
        [SPOT | {"note": "sure"}, SPLIT],
        [
            {"cls": "foxing", "sev": 2, "place": "upper_left", "observation": 0},
            {"cls": "tear", "sev": 1, "place": "upper_right", "observation": 1},
        ],
        [
            {"cls": "foxing", "sev": 2, "point": [0.2, 0.2]},
            {"cls": "tear", "sev": 1, "point": [0.88, 0.1]},
        ],
    ]
    for marks in ways:
        status, state = submit(block, *marks)
        assert (status, state["result"]["score"]) == (200, 1.0)
        assert state["submitted"] == {"marks": marks}
    assert block.runtime.published[-1][1] == {"value": 10.0, "max_value": 10.0}


def test_staff_change_a_line_of_a_mark_and_the_trainee_reads_why() -> None:
    key = UsageKey.from_string(USAGE_KEY)
    block = make_report(usage_key=key)
    submit(block, SPOT)
    assert call(block, "staff_answers", {"page": 1})[0] == 403
    services = {"user": Staff("7"), "replace_urls": Urls()}
    desk = make_report("f" * 32, usage_key=key, services=services)
    assert 'data-part="export-marks"' in desk.render("student_view").content
    _, mark = call(desk, "staff_answer", {"student": "a" * 32})
    line = next(line for line in mark["lines"] if line["code"] == "regions.missed")
    change = {name: line[name] for name in ("code", "where", "occurrence")} | {"attempt": 1}
    data = {**change, "student": "a" * 32, "points": 1.5, "comment": "The split is hard to see."}
    assert call(desk, "staff_override", data)[0] == 200
    result = state_of(block)["result"]
    assert [change["comment"] for change in result["changes"]] == ["The split is hard to see."]
    assert result["points"] == pytest.approx(10 / 3 + 1.5, abs=0.5)


@pytest.mark.parametrize("draft", [None, [], "x", {"marks": "x" * 100_001}])
def test_what_can_never_become_an_answer_is_no_draft(draft: Any) -> None:
    assert call(make_report(), "save_draft", {"fields": draft, "revision": 0})[0] == 400


def test_two_reports_of_one_page_keep_their_marks_apart() -> None:
    first, second = make_report(), make_report(usage_key=f"{USAGE_KEY}2")
    call(first, "save_draft", {"fields": {"marks": [SPOT]}, "revision": 0})
    assert state_of(second)["fields"] == {}


# --- The editor ---


def findings_of(block: Any, **values: Any) -> list[tuple[str, str, str]]:
    _, answer = call(block, "review_edits", {"values": values})
    return [(each["severity"], each["where"], each["message"]) for each in answer["findings"]]


def test_every_region_with_a_fault_is_named_at_its_place() -> None:
    regions = [SPOT | {"cls": ""}, SPLIT, SPLIT | {"sev": 9}, {"cls": "tear", "sev": 1}]
    found = findings_of(make_report(), exercise={**EXERCISE, "regions": regions})
    places = [where for severity, where, _message in found if severity == "error"]
    assert places == ["regions[0].cls", "regions[2].sev", "regions[3]"]
    assert ("error", "regions[0].cls", "This damage has no kind yet.") in found


def test_an_author_is_told_of_a_missing_picture_and_of_missing_observations() -> None:
    exercise = {name: EXERCISE[name] for name in ("regions", "settings")}
    messages = [
        message for _severity, _where, message in findings_of(make_report(), exercise=exercise)
    ]
    assert messages == [
        "There is no picture to be marked yet.",
        "Marking by description needs observations for those who cannot see the picture.",
    ]


def test_a_drawn_page_is_a_whole_exercise_of_its_own() -> None:
    block = make_report()
    drawn = [call(block, "draw_page", {"damages": 3}) for _time in range(2)]
    assert [status for status, _answer in drawn] == [200, 200]
    first, second = (answer["exercise"] for _status, answer in drawn)
    assert first != second
    assert len(first["regions"]) <= 3
    assert drawn[0][1]["picture"].startswith("data:image/svg+xml;base64,")
    engines.check("regions", first)
    _, found = call(block, "find_picture", {"values": {"exercise": first}})
    assert found == {"picture": drawn[0][1]["picture"]}
    for damages in (0, 7, True, "3", None):
        assert call(block, "draw_page", {"damages": damages})[0] == 400


def test_experts_are_compared_on_the_exercise_in_the_form() -> None:
    block = make_report()
    other = {"cls": "tear", "sev": 1, "poly": square(0.6, 0.7)}
    experts = [{"marks": [SPOT, other]}, {"marks": [SPOT]}, {"marks": [SPOT]}]
    status, found = call(
        block, "compare_experts", {"values": {"exercise": EXERCISE}, "experts": experts}
    )
    assert status == 200
    assert (found["iou"], found["t1"], found["unsure"]) == (1.0, 0.5, [{"poly": other["poly"]}])
    assert 0 < found["kappa"] < 1
    unread: list[Any] = [[], [{"marks": []}], [{"marks": [{"poly": 1}]}] * 2]
    for refused in unread:
        data = {"values": {"exercise": EXERCISE}, "experts": refused}
        assert call(block, "compare_experts", data)[0] == 422
    assert call(block, "compare_experts", {"values": {}, "experts": "x"})[0] == 400


def test_the_editor_brings_the_picture_and_the_usual_kinds() -> None:
    html = make_report(source_image="/static/leaf.svg").render("studio_view").content
    state = island(html)
    assert state["picture"] == "/files/of/course/leaf.svg"
    assert set(state["usual"]["definitions"]) == set(state["usual"]["classes"])


def test_what_is_saved_is_the_exercise_and_a_fault_keeps_it_from_being_saved() -> None:
    block = make_report()
    better = {**EXERCISE, "regions": [SPOT]}
    assert (
        call(block, "submit_studio_edits", {"values": {"exercise": better}, "defaults": []})[0]
        == 200
    )
    assert block.exercise == better
    worse = {"values": {"exercise": {"regions": []}}, "defaults": []}
    assert call(block, "submit_studio_edits", worse)[0] == 400
    assert block.exercise == better


def test_a_block_without_faults_validates() -> None:
    block = make_report()
    validation = Validation(USAGE_KEY)
    block.validate_field_data(validation, block)
    assert not validation.messages
