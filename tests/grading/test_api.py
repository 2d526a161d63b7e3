from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from grading import api
from grading.api import (
    AttemptsUsedUp,
    IdempotencyConflict,
    InvalidAnswer,
    InvalidExercise,
    NothingSubmitted,
    StaleDraft,
    StudentItemKey,
)
from grading.models import ExerciseSnapshot, StudentItem, Submission
from tests.grading.exercises import EDITION, EXERCISE, HALF, RIGHT, TITLE, item

pytestmark = pytest.mark.django_db


def submit(answer: Any = RIGHT, at: StudentItemKey | None = None, **options: Any) -> Any:
    settings = {"grader": "marc", "exercise": EXERCISE, "points": 10, **options}
    return api.submit(at or item(), answer, **settings)


def test_an_unknown_item_has_an_empty_state() -> None:
    state = api.load_item(item())
    assert (state.draft, state.draft_revision, state.attempts, state.last) == (None, 0, 0, None)


def test_a_right_answer_earns_all_points_and_is_kept_whole() -> None:
    record = submit()
    assert (record.score, record.earned, record.points, record.attempt) == (1.0, 10.0, 10, 1)
    row = Submission.objects.get()
    assert str(row.uuid) == record.id
    assert row.answer == RIGHT
    assert row.exercise.exercise == EXERCISE
    assert (row.grader, row.points, row.score) == ("marc", 10, 1.0)
    state = api.load_item(item())
    assert (state.attempts, state.earned, state.possible) == (1, 10.0, 10.0)
    assert state.last == record


def test_a_stored_mark_says_what_the_grader_said() -> None:
    record = submit(HALF)
    assert record.mark == api.GRADERS["marc"](EXERCISE, HALF)
    assert api.load_item(item()).last == record
    assert 0 < record.score < 1


def test_the_last_submission_counts() -> None:
    submit(RIGHT)
    last = submit(HALF)
    state = api.load_item(item())
    assert state.last == last
    assert state.earned == pytest.approx(last.score * 10)
    assert [record.attempt for record in api.submissions(item())] == [1, 2]


def test_a_submission_past_the_allowed_attempts_is_refused_and_leaves_nothing() -> None:
    submit(attempts_allowed=1)
    with pytest.raises(AttemptsUsedUp):
        submit(HALF, attempts_allowed=1)
    assert Submission.objects.count() == 1
    assert api.load_item(item()).attempts == 1


def test_no_limit_of_attempts_is_no_limit() -> None:
    for _ in range(4):
        submit(attempts_allowed=0)
    assert api.load_item(item()).attempts == 4


def test_the_same_key_again_returns_the_first_result_even_when_no_attempt_is_left() -> None:
    first = submit(idempotency_key="k1", attempts_allowed=1)
    again = submit(idempotency_key="k1", attempts_allowed=1)
    assert again == first
    assert Submission.objects.count() == 1


def test_the_same_key_after_another_submission_still_returns_its_own_result() -> None:
    first = submit(HALF, idempotency_key="k1")
    submit(RIGHT, idempotency_key="k2")
    assert submit(HALF, idempotency_key="k1") == first
    assert api.load_item(item()).earned == 10.0


def test_the_same_key_with_another_answer_is_refused() -> None:
    submit(idempotency_key="k1")
    with pytest.raises(IdempotencyConflict):
        submit(HALF, idempotency_key="k1")
    assert Submission.objects.count() == 1


def test_keys_of_two_learners_do_not_meet() -> None:
    submit(at=item(student="a" * 32), idempotency_key="k1")
    submit(HALF, at=item(student="b" * 32), idempotency_key="k1")
    assert Submission.objects.count() == 2


def test_an_answer_of_the_wrong_shape_uses_no_attempt() -> None:
    with pytest.raises(InvalidAnswer):
        submit([["24", "10", []]])
    assert not Submission.objects.exists()
    assert api.load_item(item()).attempts == 0


def test_an_exercise_without_a_key_is_refused() -> None:
    with pytest.raises(InvalidExercise):
        submit(exercise={})


def test_an_unknown_grader_is_an_error_of_the_caller() -> None:
    with pytest.raises(KeyError):
        submit(grader="nobody")


@pytest.mark.parametrize(
    "answer",
    [
        [["245", "10", [["a", "nul \0"]]]],
        [["245", "10", [["a", "half a pair \ud83d"]]]],
        [["245", "10", [["a", "x" * 300_000]]]],
        {"deep": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["bottom"]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]},
        [float("nan")],
        {"not json": object()},
    ],
)
def test_what_no_database_can_keep_is_refused_by_all(answer: Any) -> None:
    with pytest.raises(InvalidAnswer):
        submit(answer)
    with pytest.raises(InvalidAnswer):
        api.save_draft(item(), answer, 0)
    assert not StudentItem.objects.exists()


def test_an_exercise_is_kept_once_however_often_it_is_answered() -> None:
    submit()
    submit(HALF)
    submit(exercise={**EXERCISE["keys"][0]})
    assert ExerciseSnapshot.objects.count() == 2


def test_a_draft_is_saved_and_counted() -> None:
    state = api.save_draft(item(), HALF, 0)
    assert (state.draft, state.draft_revision) == (HALF, 1)
    assert state.draft_saved_at is not None
    assert api.save_draft(item(), RIGHT, 1).draft_revision == 2
    assert api.load_item(item()).draft == RIGHT


def test_a_draft_that_was_changed_elsewhere_is_refused_with_what_is_stored() -> None:
    api.save_draft(item(), HALF, 0)
    for revision in (0, 2):
        with pytest.raises(StaleDraft) as stale:
            api.save_draft(item(), RIGHT, revision)
        assert stale.value.current.draft == HALF
        assert stale.value.current.draft_revision == 1
    assert api.load_item(item()).draft == HALF


def test_a_submission_becomes_the_draft() -> None:
    api.save_draft(item(), HALF, 0)
    submit(RIGHT)
    state = api.load_item(item())
    assert (state.draft, state.draft_revision) == (RIGHT, 2)
    with pytest.raises(StaleDraft):
        api.save_draft(item(), HALF, 1)


def test_a_draft_can_be_cleared() -> None:
    api.save_draft(item(), HALF, 0)
    assert api.save_draft(item(), None, 1).draft is None


def test_a_rescore_keeps_both_marks_and_uses_no_attempt() -> None:
    first = submit(HALF)
    easier = {"keys": [{"profile": "marc21", "fields": EXERCISE["keys"][0]["fields"][:1]}]}
    again = api.rescore(item(), grader="marc", exercise=easier, points=5)
    assert (again.score, again.points, again.attempt, again.is_rescore) == (1.0, 5, 1, True)
    state = api.load_item(item())
    assert (state.attempts, state.last, state.earned, state.possible) == (1, again, 5.0, 5.0)
    assert [record.id for record in api.submissions(item())] == [first.id, again.id]


def test_a_rescore_only_if_higher_keeps_a_better_score() -> None:
    best = submit(RIGHT)
    fields = [*EXERCISE["keys"][0]["fields"], {"tag": "300", "sub": [["a", "214 stranica"]]}]
    harder = {"keys": [{"profile": "marc21", "fields": fields}]}
    options: dict[str, Any] = {"grader": "marc", "exercise": harder, "points": 10}
    assert api.rescore(item(), **options, only_if_higher=True) == best
    assert api.load_item(item()).earned == 10.0
    assert api.rescore(item(), **options).score < 1
    assert (api.load_item(item()).earned or 10.0) < 10.0


def test_nothing_submitted_cannot_be_scored_again() -> None:
    with pytest.raises(NothingSubmitted):
        api.rescore(item(), grader="marc", exercise=EXERCISE, points=10)
    with pytest.raises(NothingSubmitted):
        api.set_score(item(), 1, 10)


def test_a_score_set_by_the_host_counts_and_leaves_the_mark() -> None:
    record = submit(HALF)
    api.set_score(item(), 9, 10)
    state = api.load_item(item())
    assert (state.earned, state.possible) == (9.0, 10.0)
    assert state.last == record


def test_a_preview_of_a_score_writes_nothing() -> None:
    assert api.preview_score("marc", EXERCISE, RIGHT) == 1.0
    assert not StudentItem.objects.exists()


def test_many_items_cost_one_query() -> None:
    names = [f"exercise{number}" for number in range(20)]
    for name in names[:10]:
        submit(at=item(name))
    me = item()
    ids = [item(name)["item_id"] for name in names]
    with (
        CaptureQueriesContext(connection) as queries,
        api.prefetched(me["student_id"], me["course_id"], ids),
    ):
        attempts = [api.load_item(item(name)).attempts for name in names]
    assert attempts == [1] * 10 + [0] * 10
    assert len(queries) == 1


def test_prefetched_states_do_not_outlive_a_change() -> None:
    me = item()
    with api.prefetched(me["student_id"], me["course_id"], [me["item_id"]]):
        api.save_draft(me, HALF, 0)
        assert api.load_item(me).draft == HALF
        submit(RIGHT)
        assert api.load_item(me).earned == 10.0
        api.rescore(me, grader="marc", exercise=EXERCISE, points=4)
        assert api.load_item(me).earned == 4.0
        api.set_score(me, 1, 4)
        assert api.load_item(me).earned == 1.0


def test_prefetched_states_are_not_another_learners() -> None:
    submit(at=item(student="a" * 32))
    with api.prefetched("b" * 32, item()["course_id"], [item()["item_id"]]):
        assert api.load_item(item(student="a" * 32)).attempts == 1
        assert api.load_item(item(student="b" * 32)).attempts == 0


def test_a_submission_costs_few_statements() -> None:
    api.save_draft(item(), TITLE, 0)
    submit(HALF)
    with CaptureQueriesContext(connection) as queries:
        submit([EDITION])
    allowed = 5 if connection.features.has_select_for_update else 6
    assert len(queries) <= allowed
