"""Score lines of a machine's mark that people change, one by one."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from submissions import api as submissions

from grading import api, staff
from grading.api import NothingSubmitted
from grading.models import LineOverride
from grading.staff import ChangedMark, Place, TaskRefused
from jobs import runner
from tests.grading.exercises import EXERCISE, HALF, RIGHT, item
from tests.grading.tasks import ANA, BORIS

pytestmark = pytest.mark.django_db


def submit(answer: Any = HALF) -> api.SubmissionRecord:
    return api.submit(item(), answer, grader="marc", exercise=EXERCISE, points=10)


def missing_line(record: api.SubmissionRecord) -> Any:
    return next(line for line in record.mark.lines if line.points < line.max)


def override(line: Any, points: float | None, **more: Any) -> ChangedMark:
    values: dict[str, Any] = {"comment": "The source has no edition.", "weight": None, **more}
    by = values.pop("by", ANA)
    place = {"attempt": 1, "code": line.code, "where": line.where, "occurrence": 0}
    return staff.override_line(item(), by, points=points, **{**place, **values})


def test_a_changed_line_counts_with_its_reason_and_the_mark_stays() -> None:
    record = submit()
    line = missing_line(record)
    changed = override(line, line.max)
    state = api.load_item(item())
    assert state.last is not None
    assert state.last.mark == record.mark
    gain = (line.max - line.points) / record.mark.possible * 10
    assert state.earned == pytest.approx(record.earned + gain)
    given = submissions.get_score(dict(item()))
    assert given["points_possible"] == 10
    assert given["points_earned"] == pytest.approx(state.earned, abs=1)
    entry = next(entry for entry in changed.lines if entry.change)
    assert entry.change is not None
    assert (entry.change.comment, entry.change.by) == ("The source has no edition.", ANA)
    assert (entry.change.machine_points, entry.is_stale) == (line.points, False)


def test_a_change_is_taken_back_and_both_are_kept() -> None:
    record = submit()
    line = missing_line(record)
    override(line, line.max)
    override(line, None, by=BORIS, comment="Taken back.")
    assert api.load_item(item()).earned == pytest.approx(record.earned)
    assert submissions.get_score(dict(item())) is None, "what the block published counts again"
    assert [row.by for row in LineOverride.objects.order_by("pk")] == [ANA, BORIS]


@pytest.mark.parametrize(
    ("points", "comment", "words"),
    [(99.0, "x", "are possible"), (-0.5, "x", "are possible"), (0.0, "  ", "Say why")],
)
def test_points_that_the_line_cannot_have_or_no_reason_are_refused(
    points: float, comment: str, words: str
) -> None:
    record = submit()
    with pytest.raises(TaskRefused, match=words):
        override(missing_line(record), points, comment=comment)
    assert api.load_item(item()).earned == pytest.approx(record.earned)


def test_a_line_that_is_not_there_and_a_learner_without_an_answer_are_refused() -> None:
    record = submit()
    with pytest.raises(TaskRefused, match="no such line"):
        staff.override_line(
            item(),
            ANA,
            attempt=1,
            code="x",
            where="",
            occurrence=0,
            points=1.0,
            comment="x",
            weight=None,
        )
    with pytest.raises(NothingSubmitted):
        staff.override_line(
            item(student="z"),
            ANA,
            attempt=1,
            code=record.mark.lines[0].code,
            where="",
            occurrence=0,
            points=1.0,
            comment="x",
            weight=None,
        )


def test_a_line_of_an_answer_that_nobody_has_looked_at_yet_is_not_changed() -> None:
    line = missing_line(submit())
    submit()
    with pytest.raises(TaskRefused, match="answered again"):
        override(line, line.max)
    assert not LineOverride.objects.exists()
    assert override(line, line.max, attempt=2).is_changed


def test_a_new_answer_has_its_own_mark() -> None:
    line = missing_line(submit())
    override(line, line.max)
    record = submit(RIGHT)
    assert api.load_item(item()).earned == pytest.approx(10.0)
    changed = staff.changed_mark(item(), record.mark, record.attempt)
    assert not changed.is_changed


def test_a_regrade_keeps_the_score_and_flags_a_change_of_something_else() -> None:
    record = submit()
    line = missing_line(record)
    override(line, line.max)
    earned = api.load_item(item()).earned
    only_title = {"keys": [{**EXERCISE["keys"][0], "fields": EXERCISE["keys"][0]["fields"][:1]}]}
    place = item()["course_id"], item()["item_id"]
    wanted: dict[str, Any] = {
        "grader": "marc",
        "exercise": only_title,
        "points": 10,
        "requested_by": None,
    }
    api.request_regrade(*place, **wanted, apply_at_once=True)
    assert runner.run_next("test")
    state = api.load_item(item())
    assert state.earned == pytest.approx(earned)
    assert state.last is not None
    changed = staff.changed_mark(item(), state.last.mark, state.last.attempt)
    assert [change.by for change in changed.lost] == [ANA]


def test_a_change_taken_back_after_a_regrade_leaves_what_the_regrade_gave(settings: Any) -> None:
    settings.GRADING_SCORE_HOST = ""
    submit()
    only_title = {"keys": [{**EXERCISE["keys"][0], "fields": EXERCISE["keys"][0]["fields"][:1]}]}
    place = item()["course_id"], item()["item_id"]
    api.request_regrade(
        *place, grader="marc", exercise=only_title, points=10, requested_by=None, apply_at_once=True
    )
    assert runner.run_next("test")
    regraded = submissions.get_score(dict(item()))["points_earned"]
    assert regraded == 10
    last = api.load_item(item()).last
    assert last is not None
    line = next(line for line in last.mark.lines if line.max)
    override(line, 0.0)
    assert submissions.get_score(dict(item()))["points_earned"] < regraded
    override(line, None)
    assert submissions.get_score(dict(item()))["points_earned"] == regraded
    submit(HALF)
    assert submissions.get_score(dict(item())) is None, "what the block publishes counts again"


def test_a_rescore_by_the_host_keeps_the_persons_word() -> None:
    line = missing_line(submit())
    override(line, line.max)
    earned = api.load_item(item()).earned
    api.rescore(item(), grader="marc", exercise=EXERCISE, points=10)
    assert api.load_item(item()).earned == pytest.approx(earned)


def test_those_who_answered_are_listed_with_what_was_changed() -> None:
    record = submit()
    override(missing_line(record), missing_line(record).max)
    api.submit(item(student="b"), RIGHT, grader="marc", exercise=EXERCISE, points=10)
    api.save_draft(item(student="c"), HALF, 0)
    place = Place(item()["course_id"], item()["item_id"])
    rows, total = staff.list_answered(place)
    assert [(row.student_id, row.is_changed) for row in rows] == [("b", False), ("s" * 32, True)]
    assert total == 2
    assert staff.list_answered(place, page=2) == ([], 2)


def test_the_database_refuses_to_change_what_was_changed() -> None:
    line = missing_line(submit())
    override(line, line.max)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE libschool_grading_lineoverride SET points = 0")
