"""What staff do with a machine's marks inside an exercise, and what trainees see of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from opaque_keys.edx.keys import UsageKey

from grading import api
from grading import staff as staff_module
from grading.models import LineOverride
from jobs import runner
from tests.grading.exercises import EXERCISE
from tests.xblocks.host import HALF, RIGHT, USAGE_KEY, Urls, call, make_block, state_of, submit
from tests.xblocks.test_staff_task import Staff

pytestmark = pytest.mark.django_db

KEY = UsageKey.from_string(USAGE_KEY)
TENA = "a" * 32


def trainee(student: str = TENA, **fields: Any) -> Any:
    return make_block(student, usage_key=KEY, **fields)


def staff(**fields: Any) -> Any:
    services = {"user": Staff("7"), "replace_urls": Urls()}
    return make_block("f" * 32, usage_key=KEY, services=services, **fields)


def lost_line(mark: Any) -> Any:
    return next(line for line in mark["lines"] if line["points"] < line["max"])


def override(line: Any, points: float | None, comment: str = "The copy has none.") -> Any:
    names = ("code", "where", "occurrence")
    data = {"student": TENA, "attempt": 1, "points": points, "comment": comment}
    return call(staff(), "staff_override", {**data, **{name: line[name] for name in names}})


def test_staff_see_who_answered_and_every_line_of_a_mark() -> None:
    submit(trainee(), HALF)
    submit(trainee("b" * 32), RIGHT)
    assert 'data-part="open-staff"' in staff().render("student_view").content
    _status, found = call(staff(), "staff_answers", {})
    assert [row["name"] for row in found["rows"]] == ["Trainee b", "Trainee a"]
    _status, mark = call(staff(feedback_level=0), "staff_answer", {"student": TENA})
    assert mark["possible"] == 10
    assert lost_line(mark)["message"], "whatever trainees see of it"


def test_a_changed_line_is_shown_to_its_trainee_with_who_and_why() -> None:
    submit(trainee(), HALF)
    line = lost_line(call(staff(), "staff_answer", {"student": TENA})[1])
    status, mark = override(line, line["max"])
    assert (status, mark["points"]) == (200, 10.0)
    result = state_of(trainee())["result"]
    assert result["points"] == pytest.approx(10.0)
    [change] = result["changes"]
    assert (change["comment"], change["by"]) == ("The copy has none.", "An instructor")
    shown = next(shown for shown in result["lines"] if shown.get("change"))
    assert shown["points"] == line["max"]
    assert call(staff(), "staff_answers", {})[1]["rows"][0]["is_changed"]
    _status, mark = override(line, None, "Taken back.")
    assert "changes" not in state_of(trainee())["result"]
    assert LineOverride.objects.count() == 2


def test_a_line_is_not_changed_in_an_answer_that_came_after_it_was_looked_at() -> None:
    submit(trainee(), HALF)
    line = lost_line(call(staff(), "staff_answer", {"student": TENA})[1])
    submit(trainee(), HALF)
    assert override(line, line["max"])[0] == 409
    assert not LineOverride.objects.exists()


def test_a_change_tells_no_more_of_the_key_than_the_author_allows() -> None:
    submit(trainee(), HALF)
    line = lost_line(call(staff(), "staff_answer", {"student": TENA})[1])
    override(line, line["max"])
    result = state_of(trainee(feedback_level=0))["result"]
    assert result["lines"] == []
    assert result["changes"][0]["comment"] == "The copy has none."
    assert line["message"] not in json.dumps(result, ensure_ascii=False)


def test_a_trainee_can_neither_see_nor_change_marks() -> None:
    submit(trainee(), HALF)
    line = lost_line(call(staff(), "staff_answer", {"student": TENA})[1])
    assert "open-staff" not in trainee().render("student_view").content
    other = trainee("b" * 32)
    for name, data in (
        ("staff_answers", {}),
        ("staff_answer", {"student": TENA}),
        ("staff_override", {"student": TENA, "points": 1, "comment": "x", **line}),
    ):
        assert call(other, name, data)[0] == 403
    assert not LineOverride.objects.exists()


@pytest.mark.parametrize(
    ("points", "comment", "status"),
    [(99, "x", 409), (1, " ", 409), ("1", "x", 400), (float("nan"), "x", 400), (1, 7, 400)],
)
def test_a_change_that_cannot_be_is_refused_in_words(
    points: Any, comment: Any, status: int
) -> None:
    submit(trainee(), HALF)
    line = lost_line(call(staff(), "staff_answer", {"student": TENA})[1])
    got, answer = override(line, points, comment)
    assert got == status
    assert answer["error"]
    assert call(staff(), "staff_answer", {"student": "nobody"})[0] == 404


def test_a_mark_that_is_graded_again_while_staff_change_it_is_shown_by_its_new_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    submit(trainee(), HALF)
    before = call(staff(), "staff_answer", {"student": TENA})[1]
    line = lost_line(before)
    change = staff_module.override_line

    def grade_again_first(*told: Any, **values: Any) -> Any:
        key = EXERCISE["keys"][0]
        extent = {"tag": "300", "ind": "  ", "sub": [["a", "42 str."]]}
        longer = {"keys": [{**key, "fields": [*key["fields"], extent]}]}
        api.request_regrade(
            str(KEY.course_key),
            USAGE_KEY,
            grader="marc",
            exercise=longer,
            points=10,
            requested_by=None,
            apply_at_once=True,
        )
        assert runner.run_next("test")
        return change(*told, **values)

    monkeypatch.setattr(staff_module, "override_line", grade_again_first)
    status, mark = override(line, 0.0)
    assert status == 200
    assert len(mark["lines"]) > len(before["lines"])
