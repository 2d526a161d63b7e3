"""An exercise was changed: what its answers are worth now, and how everybody gets their due."""

from __future__ import annotations

import copy
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from submissions import api as submissions

from grading import api, comparing, host, regrade_work
from grading.models import Regrade, StudentItem, Submission
from jobs import api as jobs
from jobs import runner
from jobs.models import Job
from tests.grading.exercises import EDITION, EXERCISE, HALF, RIGHT, item

pytestmark = pytest.mark.django_db

COURSE, BLOCK = item()["course_id"], item()["item_id"]
POINTS = 10
HALF_SCORE = 10 / 14  # the title weighs 10, the edition 4


def changed(**fields: Any) -> dict[str, Any]:
    """The exercise with other properties of its edition, field 250."""
    exercise = copy.deepcopy(EXERCISE)
    exercise["keys"][0]["fields"][1] |= fields
    return exercise


EASIER = changed(optional=True)
HARDER = changed(w=30)


def answer(student: str, given: Any = HALF, exercise: Any = EXERCISE) -> api.SubmissionRecord:
    return api.submit(item(student=student), given, grader="marc", exercise=exercise, points=POINTS)


@pytest.fixture(autouse=True)
def lms(settings: Any) -> None:
    """Scores go to edx-submissions, as in the LMS."""
    settings.GRADING_SCORE_HOST = ""


def ask(exercise: Any = EASIER, **options: Any) -> int:
    wanted = {"grader": "marc", "exercise": exercise, "points": POINTS, "requested_by": None}
    return api.request_regrade(COURSE, BLOCK, **(wanted | options))


def job_of(regrade: int) -> uuid.UUID:
    job = Regrade.objects.get(pk=regrade).job
    assert job is not None
    return job


def request(exercise: Any = EASIER, **options: Any) -> uuid.UUID:
    """The job of a request that waits for nobody."""
    return job_of(ask(exercise, apply_at_once=True, **options))


def run(job: uuid.UUID) -> jobs.JobStatus:
    assert runner.run_job(job, "test")
    return jobs.status(job)


def preview(exercise: Any = EASIER) -> api.RegradePreview:
    return api.preview_regrade(COURSE, BLOCK, grader="marc", exercise=exercise, points=POINTS)


def given_score(student: str) -> tuple[int, int] | None:
    """What edx-submissions has for a learner, as the host reads it."""
    score = submissions.get_scores(COURSE, student).get(BLOCK)
    return (score["points_earned"], score["points_possible"]) if score else None


# --- Before -------------------------------------------------------------------------------------


def test_learners_with_a_submission_are_counted_once() -> None:
    assert api.count_graded(COURSE, BLOCK) == 0
    answer("ana")
    answer("ana", RIGHT)
    answer("ben")
    api.save_draft(item(student="cy"), HALF, 0)
    api.submit(item("other"), HALF, grader="marc", exercise=EXERCISE, points=POINTS)
    assert api.count_graded(COURSE, BLOCK) == 2


def test_a_preview_tells_who_would_win_and_lose_and_writes_nothing() -> None:
    answer("ana", HALF)
    answer("ben", RIGHT)
    answer("cy", [EDITION])
    found = preview(changed(optional=True, w=30))
    assert (found.graded, found.compared) == (3, 3)
    assert (found.better, found.worse, found.same, found.refused) == (1, 1, 1, 0)
    assert {change.student_id: round(change.change, 4) for change in found.changes} == {
        "ana": round(10 - 10 * HALF_SCORE, 4),
        "cy": round(-10 * 4 / 14, 4),
    }
    assert found.largest == found.changes[0].change
    assert Submission.objects.count() == 3
    assert not Regrade.objects.exists()


def test_a_preview_of_nothing_is_empty() -> None:
    assert preview() == api.RegradePreview(0, 0, 0, 0, 0, 0, 0.0, ())


def test_answers_that_the_new_exercise_cannot_read_keep_their_marks() -> None:
    answer("ana")
    record = Submission.objects.get()
    head = StudentItem.objects.create(**item(student="ben"), earned=3.0, possible=10.0)
    unreadable = {"answer": "a record of former times", "score": 0.3, "idempotency_key": "once"}
    copied = ("exercise_id", "grader", "points", "mark", "submitted_at")
    same = {name: getattr(record, name) for name in copied}
    head.last = Submission.objects.create(item=head, attempt=1, **same, **unreadable)
    head.save()
    assert (preview().better, preview().refused) == (1, 1)
    assert run(request()).state == "done"
    assert len(api.submissions(item(student="ana"))) == 2
    assert len(api.submissions(item(student="ben"))) == 1
    assert api.load_item(item(student="ben")).earned == 3.0


def test_a_preview_looks_at_the_latest_answers_only() -> None:
    record = answer("first")
    last = Submission.objects.get(uuid=record.id)
    StudentItem.objects.bulk_create(
        StudentItem(**item(student=f"s{n}"), last=last, earned=record.earned, possible=POINTS)
        for n in range(comparing.MOST_PREVIEWED + 20)
    )
    found = preview()
    assert found.graded == comparing.MOST_PREVIEWED + 21
    assert found.compared == found.better <= comparing.MOST_PREVIEWED
    assert len(found.changes) == comparing.CHANGES_SHOWN


def test_a_preview_of_marks_that_stay_asks_for_them_ten_at_a_time(
    django_assert_max_num_queries: Any,
) -> None:
    record = answer("first")
    last = Submission.objects.get(uuid=record.id)
    StudentItem.objects.bulk_create(
        StudentItem(**item(student=f"s{n}"), last=last, earned=record.earned, possible=POINTS)
        for n in range(39)
    )
    with django_assert_max_num_queries(6):
        assert preview(EXERCISE).same == 40


@pytest.mark.parametrize("bad", [{}, {"keys": []}, {"keys": [{"fields": [{"tag": "?"}]}]}])
def test_an_exercise_that_grades_nothing_is_refused_at_once(bad: dict[str, Any]) -> None:
    with pytest.raises(api.InvalidExercise):
        preview(bad)
    with pytest.raises(api.InvalidExercise):
        request(bad)
    assert not Regrade.objects.exists()


# --- Doing it -----------------------------------------------------------------------------------


def test_every_last_answer_gets_a_new_mark_and_keeps_the_old_one() -> None:
    answer("ana", RIGHT)
    old = answer("ana", HALF)
    answer("ben", RIGHT)
    status = run(request())
    assert (status.state, status.progress_done, status.progress_total) == ("done", 2, 2)
    rows = api.submissions(item(student="ana"))
    assert [(row.attempt, row.is_rescore, round(row.score, 4)) for row in rows] == [
        (1, False, 1.0),
        (2, False, round(HALF_SCORE, 4)),
        (2, True, 1.0),
    ]
    assert rows[1] == old
    assert Submission.objects.get(uuid=rows[2].id).rescored_from == Submission.objects.get(
        uuid=old.id
    )
    state = api.load_item(item(student="ana"))
    assert (state.earned, state.possible, state.attempts) == (10.0, 10.0, 2)
    assert state.last == rows[2]


def test_the_request_says_who_asked_for_what(admin_user: User) -> None:
    answer("ana")
    job = request(requested_by=admin_user.pk)
    row = Regrade.objects.get()
    assert (row.job, row.requested_by, row.points) == (job, admin_user, POINTS)
    assert row.exercise.exercise == EASIER
    assert jobs.status(job).state == "queued"


def test_answers_and_marks_that_stay_the_same_are_not_touched() -> None:
    same = changed()
    same["note"] = "a remark that no grader reads"
    answer("ana")
    answer("ben", RIGHT)
    run(request(same))
    for student in ("ana", "ben"):
        assert len(api.submissions(item(student=student))) == 1
    assert given_score("ana") is None
    assert Regrade.objects.get().state == "applied"


def test_the_same_score_for_other_reasons_is_a_mark_of_its_own() -> None:
    answer("ana", RIGHT)
    run(request(HARDER))
    (old, new) = api.submissions(item(student="ana"))
    assert old.score == new.score == 1.0
    assert old.mark != new.mark
    assert given_score("ana") is None


def test_a_job_run_twice_adds_nothing() -> None:
    answer("ana")
    job = request()
    run(job)
    again = Regrade.objects.select_related("exercise").get()
    again.state = "applying"
    regrade_work.begin(again, lambda done=0, total=0: None)
    assert len(api.submissions(item(student="ana"))) == 2


def test_a_job_interrupted_anywhere_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regrade_work, "BATCH", 2)
    for number in range(5):
        answer(f"s{number}")
    job = request()

    def stop_after_two(done: int = 0, total: int = 0) -> None:
        if done == 2:
            raise jobs.LeaseLost

    with pytest.raises(jobs.LeaseLost):
        regrade_work.begin(Regrade.objects.get(), stop_after_two)
    assert Submission.objects.filter(rescored_from__isnull=False).count() == 2
    assert run(job).state == "done"
    assert Submission.objects.filter(rescored_from__isnull=False).count() == 5
    row = Regrade.objects.get()
    assert (row.state, row.total, row.done) == ("applied", 5, 5)
    assert api.regrade_status(row.pk).better == 5


def test_long_work_is_shared_among_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regrade_work, "PART", 3)
    monkeypatch.setattr(regrade_work, "BATCH", 2)
    for number in range(8):
        answer(f"s{number}")
    regrade = ask()
    assert runner.run_job(job_of(regrade), "test")
    found = api.regrade_status(regrade)
    assert found.job is not None
    assert (found.job.state, found.job.progress_done, found.job.progress_total) == ("running", 0, 8)
    assert runner.run_next("one")
    assert runner.run_next("another")
    assert api.regrade_status(regrade).state == "reporting"
    assert runner.run_next("one")
    assert api.regrade_status(regrade).state == "reported"
    api.apply_regrade(regrade)
    while runner.run_next("test"):
        pass
    found = api.regrade_status(regrade)
    assert (found.state, found.total, found.better) == ("applied", 8, 8)
    assert {api.load_item(item(student=f"s{n}")).earned for n in range(8)} == {10.0}


def test_the_same_answer_is_graded_once_for_all_who_gave_it() -> None:
    for number in range(5):
        answer(f"s{number:02}")
    comparer = comparing.Comparer("marc", EASIER, POINTS)
    heads = StudentItem.objects.select_related("last")
    marks = {id(found.mark) for found in comparer.compare(list(heads))}
    assert len(marks) == 1


def test_a_later_request_takes_the_place_of_an_earlier_one() -> None:
    answer("ana")
    earlier, later = request(EASIER), request(HARDER)
    assert jobs.status(earlier).state == "cancelled"
    assert not runner.run_job(earlier, "test")
    run(later)
    assert list(Regrade.objects.order_by("pk").values_list("state", flat=True)) == [
        "superseded",
        "applied",
    ]
    (_, mark) = api.submissions(item(student="ana"))
    assert mark.score == pytest.approx(10 / 40)


def test_what_an_earlier_request_has_changed_already_is_graded_again_by_the_later_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(regrade_work, "BATCH", 1)
    answer("ana")
    answer("ben")
    request(EASIER)

    def overtake(done: int = 0, total: int = 0) -> None:
        if done == 1:
            request(HARDER)

    with pytest.raises(regrade_work.GivenUp):
        regrade_work.begin(Regrade.objects.get(), overtake)
    assert api.load_item(item(student="ana")).earned == 10.0
    run(job_of(Regrade.objects.latest("pk").pk))
    for student in ("ana", "ben"):
        assert api.load_item(item(student=student)).earned == pytest.approx(2.5)


def test_answers_to_a_later_exercise_are_left_alone() -> None:
    answer("ana")
    job = request(EASIER)
    answer("ana", HALF, exercise=HARDER)
    run(job)
    assert [row.is_rescore for row in api.submissions(item(student="ana"))] == [False, False]


def test_other_points_count_at_once() -> None:
    answer("ana")
    run(request(EXERCISE, points=20))
    state = api.load_item(item(student="ana"))
    assert (state.earned, state.possible) == pytest.approx((20 * HALF_SCORE, 20.0))
    assert given_score("ana") == (15, 20)


def test_a_score_that_a_person_set_stands() -> None:
    answer("ana")
    api.set_score(item(student="ana"), 9.0, 10.0)
    run(request())
    state = api.load_item(item(student="ana"))
    assert (state.earned, state.possible) == (9.0, 10.0)
    assert state.last is not None
    assert state.last.score == 1.0
    assert given_score("ana") is None


# --- The report ---------------------------------------------------------------------------------


def report(exercise: Any = EASIER, **options: Any) -> int:
    regrade = ask(exercise, **options)
    assert run(job_of(regrade)).state == "done"
    return regrade


def test_a_report_tells_who_changes_and_by_how_much_before_anything_counts() -> None:
    answer("ana", HALF)
    answer("ben", RIGHT)
    answer("cy", [EDITION])
    regrade = report(changed(optional=True, w=30))
    found = api.regrade_status(regrade)
    assert (found.state, found.total) == ("reported", 3)
    assert (found.better, found.worse, found.same, found.refused) == (1, 1, 1, 0)
    lines = {line.student_id: line for line in api.read_changes(regrade)[:10]}
    assert set(lines) == {"ana", "cy"}
    ana = lines["ana"]
    assert (ana.outcome, ana.after, ana.possible) == ("better", 10.0, 10)
    assert (ana.before, ana.possible_before) == pytest.approx((10 * HALF_SCORE, 10.0))
    assert len(api.read_changes(regrade, "worse")) == 1
    assert Submission.objects.count() == 3
    assert api.load_item(item(student="ana")).earned == pytest.approx(10 * HALF_SCORE)


def test_the_largest_changes_come_first() -> None:
    answer("ana", HALF)
    answer("ben", [["245", "10", [["a", "Judita :"]]]])
    regrade = report(HARDER)
    lines = api.read_changes(regrade)[:2]
    sizes = [abs(line.after - line.before) for line in lines]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[1]


def test_what_is_applied_is_what_was_reported() -> None:
    for student, record in {"ana": HALF, "ben": RIGHT, "cy": [EDITION]}.items():
        answer(student, record)
    regrade = report(HARDER)
    promised = {line.student_id: line.after for line in api.read_changes(regrade)[:10]}
    api.apply_regrade(regrade)
    assert run(job_of(regrade)).state == "done"
    assert api.regrade_status(regrade).state == "applied"
    for student, points in promised.items():
        assert api.load_item(item(student=student)).earned == pytest.approx(points)


def test_an_answer_that_came_after_the_report_is_graded_too_and_added_to_it() -> None:
    answer("ana")
    regrade = report()
    answer("ben")
    api.apply_regrade(regrade)
    run(job_of(regrade))
    assert {line.student_id for line in api.read_changes(regrade)[:9]} == {"ana", "ben"}
    assert api.load_item(item(student="ben")).earned == 10.0


def test_other_points_alone_are_reported_with_their_share_unchanged() -> None:
    answer("ana")
    regrade = report(EXERCISE, points=20)
    (line,) = api.read_changes(regrade)[:9]
    assert line.outcome == "same"
    assert (line.before, line.after) == pytest.approx((10 * HALF_SCORE, 20 * HALF_SCORE))
    assert (line.possible_before, line.possible) == (10.0, 20)
    assert api.regrade_status(regrade).same == 1


def test_a_report_of_nothing_is_ready_at_once() -> None:
    regrade = report()
    assert (api.regrade_status(regrade).state, len(api.read_changes(regrade))) == ("reported", 0)


def test_a_report_can_be_discarded_and_then_not_applied() -> None:
    answer("ana")
    regrade = report()
    api.stop_regrade(regrade)
    assert api.regrade_status(regrade).state == "discarded"
    with pytest.raises(api.RegradeMoved):
        api.apply_regrade(regrade)
    with pytest.raises(api.RegradeMoved):
        api.stop_regrade(regrade)
    assert len(api.submissions(item(student="ana"))) == 1


def test_work_that_is_stopped_keeps_what_it_did_and_can_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(regrade_work, "BATCH", 1)
    monkeypatch.setattr(runner, "BEAT_INTERVAL", 0.0)
    for student in ("ana", "ben", "cy"):
        answer(student)
    regrade = report()
    api.apply_regrade(regrade)

    def stop(done: int = 0, total: int = 0) -> None:
        if done == 1:
            api.stop_regrade(regrade)

    with pytest.raises(regrade_work.GivenUp):
        regrade_work.begin(Regrade.objects.select_related("exercise").get(), stop)
    assert jobs.status(job_of(regrade)).state == "cancelled"
    assert api.regrade_status(regrade).state == "stopped"
    assert Submission.objects.filter(rescored_from__isnull=False).count() == 1
    api.apply_regrade(regrade)
    assert run(job_of(regrade)).state == "done"
    found = api.regrade_status(regrade)
    assert (found.state, found.total, found.better) == ("applied", 3, 3)
    assert Submission.objects.filter(rescored_from__isnull=False).count() == 3


def test_a_request_whose_job_was_given_up_is_run_again(caplog: pytest.LogCaptureFixture) -> None:
    answer("ana")
    regrade = ask()
    Regrade.objects.filter(pk=regrade).update(grader="gone")
    for _ in range(5):
        Job.objects.update(run_after=timezone.now() - timedelta(minutes=5))
        runner.run_next("test")
    found = api.regrade_status(regrade)
    assert (found.state, found.is_failing, found.is_working) == ("reporting", True, False)
    Regrade.objects.filter(pk=regrade).update(grader="marc")
    api.run_regrade_again(regrade)
    assert api.regrade_status(regrade).is_working
    while runner.run_next("test"):
        pass
    assert api.regrade_status(regrade).state == "reported"
    with pytest.raises(api.RegradeMoved):
        api.run_regrade_again(regrade)


def test_the_requests_of_a_course_are_listed_latest_first() -> None:
    answer("ana")
    first, second = ask(), ask(HARDER)
    api.submit(item("other"), HALF, grader="marc", exercise=EXERCISE, points=POINTS)
    found = api.find_regrades(COURSE)
    assert len(found) == 2
    assert [(row.id, row.state) for row in found[:5]] == [
        (second, "reporting"),
        (first, "superseded"),
    ]
    assert len(api.find_regrades("course-v1:Other+X+1")) == 0
    with pytest.raises(api.NoRegrade):
        api.regrade_status(second + 1)


def test_answers_by_another_key_or_of_other_points_are_counted_by_block() -> None:
    answer("ana")
    answer("ben", exercise=HARDER)
    here = (BLOCK, HARDER, POINTS)
    assert api.count_outdated(COURSE, [here]) == {BLOCK: 1}
    assert api.count_outdated(COURSE, [(BLOCK, HARDER, 20)]) == {BLOCK: 2}
    assert api.count_outdated(COURSE, [("block-v1:X+Y+Z+type@t+block@b", HARDER, 10)]) == {}
    run(request(HARDER))
    assert api.count_outdated(COURSE, [here]) == {}


# --- The host -----------------------------------------------------------------------------------


def test_the_host_is_given_whole_points_where_the_score_changed() -> None:
    answer("ana", HALF)
    answer("ben", RIGHT)
    run(request(HARDER))
    assert given_score("ana") == (2, 10)  # 2.5, and it fell
    assert given_score("ben") is None


def test_a_weighted_block_is_given_what_it_counts_in_its_subsection() -> None:
    answer("ana")
    run(request(EASIER, weight=4.0))
    assert given_score("ana") == (4, 4)
    run(request(HARDER, weight=0.0))
    assert given_score("ana") == (4, 4)


@pytest.mark.parametrize("act", ["submit", "rescore", "set_score"])
def test_a_given_score_is_reset_by_whatever_the_block_or_host_decides_later(act: str) -> None:
    answer("ana")
    run(request())
    assert given_score("ana") == (10, 10)
    if act == "submit":
        answer("ana", HALF, exercise=HARDER)
    elif act == "rescore":
        api.rescore(item(student="ana"), grader="marc", exercise=HARDER, points=POINTS)
    else:
        api.set_score(item(student="ana"), 2.5, 10.0)
    assert given_score("ana") is None
    assert api.load_item(item(student="ana")).earned == pytest.approx(2.5)


def test_outside_a_course_nobody_is_told_of_a_score() -> None:
    lone = item(student="ana")
    lone["course_id"] = ""
    api.submit(lone, HALF, grader="marc", exercise=EXERCISE, points=POINTS)
    regrade = api.request_regrade(
        *("", BLOCK),
        grader="marc",
        exercise=EASIER,
        points=POINTS,
        requested_by=None,
        apply_at_once=True,
    )
    assert run(job_of(regrade)).state == "done"
    assert api.load_item(lone).earned == 10.0


def test_whoever_keeps_decimals_finds_those_behind_whole_points() -> None:
    answer("ana")
    run(request(HARDER))
    earned, possible = given_score("ana") or (0, 0)
    assert api.exact_score("ana", COURSE, BLOCK, earned, possible) == pytest.approx((2.5, 10.0))
    assert api.exact_score("ana", COURSE, BLOCK, 9, 10) == (9.0, 10.0)
    assert api.exact_score("ana", COURSE, BLOCK, 1, 2) == pytest.approx((0.5, 2.0))
    assert api.exact_score("nobody", COURSE, BLOCK, 3, 4) == (3.0, 4.0)


scores = st.floats(0, 1)


@given(scores, scores, st.integers(1, 1000))
def test_whole_points_move_the_way_the_score_moved(
    score: float, before: float, possible: int
) -> None:
    earned = host.whole_earned(score, possible, before)
    assert 0 <= earned <= possible
    assert abs(earned - score * possible) < 1
    exact = round(before * possible, 9)
    assert earned <= max(exact, 0) if score < before else earned >= exact - 1e-9
