"""Scores that reach the site from outside a learner's request."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from submissions import api as submissions

from delivery.models import Block, Completion, Enrollment, LearnerState
from delivery.outline import outline_of
from delivery.progress import Eyes, grade_course, load_scores
from delivery.tree import load_tree
from grading import api as grading
from grading.api import StudentItemKey
from grading.models import StudentItem
from jobs import runner
from tests.delivery.factories import MadeCourse, block, make_course, make_version, scored
from tests.delivery.sample_blocks import COUNTER
from tests.delivery.visits import Learner, join, visit
from tests.grading.exercises import EXERCISE, HALF
from tests.waiting import wait_for_who_is_blocked_by_us

pytestmark = pytest.mark.django_db

EASIER = {"keys": [{**EXERCISE["keys"][0], "fields": EXERCISE["keys"][0]["fields"][:1]}]}


def give(learner: Learner, earned: int, possible: int, name: str = "a") -> None:
    """A score as a person or a job gives it."""
    given = submissions.create_submission(key_of(learner, name), "by hand")
    submissions.set_score(given["uuid"], earned, possible)


def reset(learner: Learner, name: str = "a") -> None:
    key = key_of(learner, name)
    submissions.reset_score(key["student_id"], key["course_id"], key["item_id"])


def key_of(learner: Learner, name: str) -> dict[str, str]:
    enrollment = Enrollment.objects.get(user=learner.user)
    return {
        "student_id": enrollment.anonymous_id,
        "course_id": learner.made.key,
        "item_id": learner.made.usage(COUNTER, name),
        "item_type": COUNTER,
    }


def publish(learner: Learner, **data: Any) -> None:
    sent = {"event": "grade", "data": data}
    assert learner.call(COUNTER, "a", "publish", sent).status_code == 200


def score(learner: Learner) -> tuple[float | None, float | None]:
    row = learner.state(COUNTER, "a")
    return row.earned, row.possible


@pytest.fixture
def learner() -> Learner:
    return visit(block(COUNTER, "a"), block(COUNTER, "b"))


def test_a_given_score_counts_and_completes_the_block(learner: Learner) -> None:
    give(learner, 3, 4)
    assert score(learner) == (3.0, 4.0)
    assert learner.completion(COUNTER, "a") == 1.0
    assert learner.completion(COUNTER, "b") is None


def test_a_given_score_never_exceeds_what_is_possible(learner: Learner) -> None:
    give(learner, 9, 4)
    assert score(learner) == (4.0, 4.0)


def test_a_given_score_wins_over_published_ones_until_it_is_reset(learner: Learner) -> None:
    publish(learner, value=1, max_value=4)
    give(learner, 3, 4)
    assert score(learner) == (3.0, 4.0)
    publish(learner, value=2, max_value=4)
    give(learner, 0, 4)
    assert score(learner) == (0.0, 4.0)
    reset(learner)
    assert score(learner) == (2.0, 4.0)
    publish(learner, value=4, max_value=4)
    assert score(learner) == (4.0, 4.0)


def test_a_reset_of_the_only_score_leaves_none(learner: Learner) -> None:
    give(learner, 3, 4)
    reset(learner)
    reset(learner)
    assert score(learner) == (None, None)


def test_no_points_possible_take_a_given_score_back(learner: Learner) -> None:
    publish(learner, value=1, max_value=4)
    give(learner, 3, 4)
    give(learner, 0, 0)
    assert score(learner) == (1.0, 4.0)


def test_a_given_score_leaves_the_learners_fields_alone(learner: Learner) -> None:
    learner.call(COUNTER, "a", "add", {"amount": 1})
    before = learner.state(COUNTER, "a").state
    give(learner, 3, 4)
    assert learner.state(COUNTER, "a").state == before
    learner.call(COUNTER, "a", "add", {"amount": 1})
    assert learner.state(COUNTER, "a").state != before
    assert score(learner) == (3.0, 4.0)


def test_scores_of_strangers_are_not_ours_to_keep(learner: Learner) -> None:
    given = submissions.create_submission(
        {**key_of(learner, "a"), "student_id": "somebody of another site"}, "by hand"
    )
    submissions.set_score(given["uuid"], 3, 4)
    assert not LearnerState.objects.exists()
    assert not Completion.objects.exists()


def test_a_score_for_a_block_that_is_gone_is_kept_for_its_return(learner: Learner) -> None:
    make_version(learner.made.course, block(COUNTER, "b"))
    give(learner, 3, 4)
    assert score(learner) == (3.0, 4.0)


# --- A changed exercise, from the learner's answer to the progress page ---------------------------


def answer(learner: Learner) -> None:
    reply = learner.call("marc_record", "judita", "submit", {"fields": HALF})
    assert reply.status_code == 200


def regrade(learner: Learner, exercise: Any, weight: float | None = None) -> None:
    usage = learner.made.usage("marc_record", "judita")
    Block.objects.filter(usage_key=usage).update(fields={"exercise": exercise})
    request(learner.made, exercise, weight)
    assert runner.run_next("test")


def request(made: MadeCourse, exercise: Any, weight: float | None = None) -> None:
    grading.request_regrade(
        made.key,
        made.usage("marc_record", "judita"),
        grader="marc",
        exercise=exercise,
        points=10,
        requested_by=None,
        weight=weight,
        apply_at_once=True,
    )


def shown(learner: Learner) -> tuple[float, float]:
    """What the progress page counts for the exercise."""
    tree = load_tree(learner.made.version.pk)
    now = Eyes(timezone.now(), sees_all=True)
    scores = load_scores(tree, learner.made.course.pk, learner.user.pk, now.now)
    (part,) = grade_course(outline_of(tree), {}, scores, now).subsections
    return part.total.all.earned, part.total.all.possible


def test_a_regrade_reaches_the_progress_page_with_its_decimals() -> None:
    harder = {"keys": [{**EXERCISE["keys"][0], "settings": {"weights": {"250": 12}}}]}
    learner = visit(scored(block("marc_record", "judita", exercise=EXERCISE), 10))
    answer(learner)
    assert shown(learner) == pytest.approx((100 / 14, 10))
    regrade(learner, harder)
    assert shown(learner) == pytest.approx((100 / 22, 10))


def test_a_given_score_counts_as_it_is_whatever_the_weight() -> None:
    learner = visit(scored(block(COUNTER, "a", weight=10.0), 4))
    publish(learner, value=3, max_value=4)
    assert shown(learner) == (7.5, 10.0)
    give(learner, 3, 4)
    assert shown(learner) == (3.0, 4.0)


def test_a_regrade_of_a_weighted_exercise_keeps_its_weight() -> None:
    learner = visit(scored(block("marc_record", "judita", exercise=EXERCISE, weight=5.0), 10))
    answer(learner)
    regrade(learner, EASIER, weight=5.0)
    assert shown(learner) == (5.0, 5.0)


def test_a_later_answer_counts_again_after_a_regrade() -> None:
    learner = visit(scored(block("marc_record", "judita", exercise=EXERCISE), 10))
    answer(learner)
    regrade(learner, EASIER)
    assert shown(learner) == (10.0, 10.0)
    part = [["245", "10", [["a", "Judita :"]]]]
    reply = learner.call("marc_record", "judita", "submit", {"fields": part})
    assert 0 < reply.json()["result"]["points"] < 10
    assert shown(learner) == pytest.approx((reply.json()["result"]["points"], 10.0), abs=1e-3)
    assert learner.state("marc_record", "judita").given_at is None


@pytest.mark.skipif(connection.vendor != "postgresql", reason="asks PostgreSQL who waits for whom")
@pytest.mark.django_db(transaction=True)
def test_a_regrade_that_waits_for_a_learners_mark_does_not_keep_their_row() -> None:
    learner = visit(scored(block("marc_record", "judita", exercise=EXERCISE), 10))
    answer(learner)
    request(learner.made, EASIER)

    def work() -> None:
        try:
            runner.run_next("test")
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    with transaction.atomic():  # as a submission does: the mark first, the row with its score
        StudentItem.objects.select_for_update().get(item_type="marc_record")
        thread.start()
        wait_for_who_is_blocked_by_us()
        rows = LearnerState.objects.select_for_update(nowait=True).filter(earned__isnull=False)
        assert [row.user_id for row in rows] == [learner.user.pk]
    thread.join()
    assert shown(learner) == (10.0, 10.0)


@pytest.mark.django_db(transaction=True)
def test_a_regrade_among_answers_leaves_the_site_and_grading_of_one_mind() -> None:
    made = make_course(
        scored(block("marc_record", "judita", exercise=EXERCISE, attempts_allowed=0), 10)
    )
    learners = [join(made) for _ in range(4)]
    for learner in learners:
        answer(learner)
    usage = made.usage("marc_record", "judita")
    request(made, EASIER)

    def work(learner: Learner | None) -> int:
        try:
            if learner is None:
                return int(runner.run_next("test"))
            sent = {"fields": [["245", "10", [["a", "Judita :"]]]]}
            replies = [learner.call("marc_record", "judita", "submit", sent) for _ in "abc"]
            return max(int(reply.status_code) for reply in replies)
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        assert sorted(pool.map(work, [*learners, None])) == [1, 200, 200, 200, 200]
    for learner in learners:
        student = Enrollment.objects.get(user=learner.user).anonymous_id
        state = grading.load_item(
            StudentItemKey(
                student_id=student, course_id=made.key, item_id=usage, item_type="marc_record"
            )
        )
        row = learner.state("marc_record", "judita")
        assert state.attempts == 4
        assert state.last is not None
        assert (row.earned, row.possible) == pytest.approx((state.earned, state.possible))
        # Whatever was last counts: the re-grade's score is given only where no answer followed it.
        assert (row.given_at is not None) == state.last.is_rescore


@pytest.mark.django_db(transaction=True)
def test_fifty_submissions_of_one_learner_at_once_lose_none() -> None:
    learner = visit(
        scored(block("marc_record", "judita", exercise=EXERCISE, attempts_allowed=0), 10)
    )

    def submit(number: int) -> int:
        try:
            sent = {"fields": HALF, "key": f"try-{number}"}
            return int(learner.call("marc_record", "judita", "submit", sent).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as pool:
        assert list(pool.map(submit, range(50))) == [200] * 50
    student = Enrollment.objects.get(user=learner.user).anonymous_id
    item = StudentItemKey(
        student_id=student,
        course_id=learner.made.key,
        item_id=learner.made.usage("marc_record", "judita"),
        item_type="marc_record",
    )
    kept = grading.submissions(item)
    assert sorted(row.attempt for row in kept) == list(range(1, 51))
    assert grading.load_item(item).attempts == 50
    assert learner.state("marc_record", "judita").earned == pytest.approx(kept[-1].earned)
