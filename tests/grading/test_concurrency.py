"""Many at once, on the database of the settings; each promise has a twin that breaks it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection

from grading import api
from grading.api import AttemptsUsedUp, StaleDraft, SubmissionRecord
from grading.digest import digest_exercise
from grading.models import ExerciseSnapshot, Regrade, StudentItem, Submission
from grading.regrade_work import begin
from tests.grading.exercises import EXERCISE, HALF, RIGHT, item

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8


def at_once(work: Callable[[int, Barrier], Any], threads: int = THREADS) -> list[Any]:
    """What each thread's ``work`` returned or raised; they start together."""
    barrier = Barrier(threads, timeout=60)

    def run(number: int) -> Any:
        try:
            barrier.wait()
            return work(number, barrier)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


def submit(allowed: int = 0, key: str = "") -> SubmissionRecord:
    return api.submit(
        item(),
        RIGHT,
        grader="marc",
        exercise=EXERCISE,
        points=10,
        attempts_allowed=allowed,
        idempotency_key=key,
    )


def naive_submit(number: int, barrier: Barrier, allowed: int = 0, key: str = "") -> None:
    """Read, decide, write: what ``api.submit`` would be without its lock."""
    head = StudentItem.objects.get(item_id=item()["item_id"])
    seen = key and Submission.objects.filter(item=head, idempotency_key=key).exists()
    barrier.wait()
    if seen or (allowed and head.attempts >= allowed):
        raise AttemptsUsedUp(allowed)
    Submission.objects.create(
        item=head,
        attempt=head.attempts + 1,
        answer=RIGHT,
        answer_sha256="",
        exercise_id=digest_exercise(EXERCISE),
        grader="marc",
        points=10,
        mark={},
        score=1.0,
        idempotency_key=key or f"naive-{number}",
        submitted_at="2026-01-01T00:00:00Z",
    )
    head.attempts += 1
    head.save()


@pytest.fixture
def opened() -> None:
    """The row and the snapshot are there: only the race of later submissions is left."""
    api.save_draft(item(), HALF, 0)
    ExerciseSnapshot.objects.create(sha256=digest_exercise(EXERCISE), exercise=EXERCISE)


def test_submissions_at_once_are_all_kept_and_counted() -> None:
    records = at_once(lambda *_: submit())
    assert sorted(record.attempt for record in records) == list(range(1, THREADS + 1))
    assert {record.id for record in records} == {r.id for r in api.submissions(item())}
    assert api.load_item(item()).attempts == THREADS


def test_fifty_submissions_of_one_learner_at_once_lose_none() -> None:
    records = at_once(lambda *_: submit(), threads=50)
    assert sorted(record.attempt for record in records) == list(range(1, 51))
    assert {record.id for record in records} == {row.id for row in api.submissions(item())}


@pytest.mark.usefixtures("opened")
def test_submissions_at_once_without_the_lock_are_miscounted() -> None:
    at_once(naive_submit)
    assert Submission.objects.count() == THREADS
    assert api.load_item(item()).attempts < THREADS


def test_submissions_at_once_never_exceed_the_attempts_allowed() -> None:
    outcomes = at_once(lambda *_: submit(allowed=3))
    refused = [outcome for outcome in outcomes if isinstance(outcome, AttemptsUsedUp)]
    assert len(refused) == THREADS - 3
    assert len(api.submissions(item())) == api.load_item(item()).attempts == 3


@pytest.mark.usefixtures("opened")
def test_submissions_at_once_without_the_lock_exceed_the_attempts_allowed() -> None:
    at_once(lambda number, barrier: naive_submit(number, barrier, allowed=3))
    assert Submission.objects.count() > 3


def test_one_submission_sent_many_times_at_once_is_kept_once() -> None:
    outcomes = at_once(lambda *_: submit(key="one"))
    assert len({outcome.id for outcome in outcomes}) == 1
    assert Submission.objects.count() == api.load_item(item()).attempts == 1


@pytest.mark.usefixtures("opened")
def test_one_submission_sent_many_times_at_once_without_the_lock_fails() -> None:
    outcomes = at_once(lambda number, barrier: naive_submit(number, barrier, key="one"))
    assert any(isinstance(outcome, IntegrityError) for outcome in outcomes)


def test_of_first_drafts_at_once_one_is_kept_and_the_others_are_told() -> None:
    outcomes = at_once(lambda number, _: api.save_draft(item(), [number], 0))
    kept = [outcome for outcome in outcomes if not isinstance(outcome, Exception)]
    told = [outcome for outcome in outcomes if isinstance(outcome, StaleDraft)]
    assert (len(kept), len(told)) == (1, THREADS - 1)
    assert {tuple(stale.current.draft) for stale in told} == {tuple(kept[0].draft)}
    assert api.load_item(item()).draft == kept[0].draft


@pytest.mark.usefixtures("opened")
def test_of_drafts_at_once_without_the_condition_all_but_one_are_lost_silently() -> None:
    def naive_save(number: int, barrier: Barrier) -> None:
        head = StudentItem.objects.get(item_id=item()["item_id"])
        barrier.wait()
        assert head.draft_revision == 1
        head.draft = [number]
        head.draft_revision += 1
        head.save()

    outcomes = at_once(naive_save)
    assert [outcome for outcome in outcomes if outcome is None] == [None] * THREADS
    assert api.load_item(item()).draft_revision == 2


def test_drafts_and_submissions_mixed_lose_nothing_that_was_acknowledged() -> None:
    def work(number: int, _: Barrier) -> tuple[int, int]:
        drafts = submissions = 0
        for _round in range(10):
            if number % 2:
                submit()
                submissions += 1
                continue
            try:
                api.save_draft(item(), HALF, api.load_item(item()).draft_revision)
                drafts += 1
            except StaleDraft:
                pass
        return drafts, submissions

    outcomes = at_once(work)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    drafts = sum(outcome[0] for outcome in outcomes)
    submissions = sum(outcome[1] for outcome in outcomes)
    state = api.load_item(item())
    assert state.attempts == submissions == Submission.objects.count() == THREADS // 2 * 10
    assert state.draft_revision == drafts + submissions


STUDENTS = [f"student-{number}" for number in range(6)]
EASIER: dict[str, Any] = {"keys": [{**EXERCISE["keys"][0], "free_extras": 5}]}


def answer_of(student: str) -> SubmissionRecord:
    return api.submit(item(student=student), RIGHT, grader="marc", exercise=EXERCISE, points=10)


@pytest.fixture
def answered() -> Regrade:
    """Everybody has half an answer, and a re-grade of them is wanted."""
    for student in STUDENTS:
        api.submit(item(student=student), HALF, grader="marc", exercise=EXERCISE, points=10)
    api.request_regrade(
        item()["course_id"],
        item()["item_id"],
        grader="marc",
        exercise=EASIER,
        points=10,
        requested_by=None,
        apply_at_once=True,
    )
    return Regrade.objects.select_related("exercise").get()


def no_beat(done: int = 0, total: int = 0) -> None:
    """Nobody waits for this job."""


def test_a_regrade_among_submissions_loses_none_of_them(answered: Regrade) -> None:
    def work(number: int, _: Barrier) -> Any:
        if number < 2:  # two runners that both believe the job is theirs
            return begin(answered, no_beat)
        return [answer_of(student) for student in STUDENTS]

    outcomes = at_once(work)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    for student in STUDENTS:
        rows = api.submissions(item(student=student))
        attempts = [row for row in rows if not row.is_rescore]
        state = api.load_item(item(student=student))
        assert len(attempts) == state.attempts == THREADS - 2 + 1
        assert state.last == rows[-1]
        assert (state.earned, state.possible) == (10.0, 10.0)
        by_attempt = [row.attempt for row in rows if row.is_rescore]
        assert len(by_attempt) == len(set(by_attempt)), "an answer was graded again twice"


def test_a_regrade_without_the_lock_takes_a_later_submission_away(answered: Regrade) -> None:
    student = STUDENTS[0]

    def work(number: int, barrier: Barrier) -> None:
        if number:
            barrier.wait()
            answer_of(student)
            barrier.wait()
            return
        head = StudentItem.objects.get(student_id=student)
        barrier.wait()
        barrier.wait()
        head.earned = 7.0
        head.save()

    at_once(work, threads=2)
    assert api.load_item(item(student=student)).last != api.submissions(item(student=student))[-1]
