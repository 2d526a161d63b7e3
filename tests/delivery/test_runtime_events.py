"""What becomes of the events that blocks publish."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from delivery.models import Completion, LearnerState, TrackingEvent
from delivery.runtime.dates import deadlines
from delivery.tree import load_tree
from tests.delivery.factories import block, make_user
from tests.delivery.sample_blocks import COUNTER
from tests.delivery.visits import Learner, visit

pytestmark = pytest.mark.django_db


def publish(learner: Learner, event: str, **data: Any) -> Any:
    return learner.call(COUNTER, "a", "publish", {"event": event, "data": data})


def learner_with(**fields: Any) -> Learner:
    return visit(block(COUNTER, "a", **fields))


def score(learner: Learner) -> tuple[float | None, float | None]:
    row = LearnerState.objects.filter(user=learner.user).first()
    return (row.earned, row.possible) if row else (None, None)


def at(**delta: float) -> str:
    return (timezone.now() + timedelta(**delta)).strftime("%Y-%m-%dT%H:%M:%SZ")


# --- Grades -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "max_value", "kept"),
    [
        (3, 4, (3.0, 4.0)),
        (99, 4, (4.0, 4.0)),
        (-1, 4, (0.0, 4.0)),
        (0.25, 1.0, (0.25, 1.0)),
        (5, 0, (0.0, 0.0)),
    ],
)
def test_a_grade_is_kept_as_it_was_published_but_never_above_its_maximum(
    value: float, max_value: float, kept: tuple[float, float]
) -> None:
    learner = learner_with()
    assert publish(learner, "grade", value=value, max_value=max_value).status_code == 200
    assert score(learner) == kept


@pytest.mark.parametrize("value", ["3", None, True, [3]])
def test_a_grade_that_is_no_number_is_refused(value: object) -> None:
    learner = learner_with()
    assert publish(learner, "grade", value=value, max_value=4).status_code == 400
    assert score(learner) == (None, None)


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_a_grade_that_is_not_finite_is_refused(value: str) -> None:
    learner = learner_with()
    body = f'{{"event": "grade", "data": {{"value": {value}, "max_value": 4}}}}'
    response = learner.client.post(
        learner.handler_url(COUNTER, "a", "publish"), body, content_type="application/json"
    )
    assert response.status_code == 400
    assert score(learner) == (None, None)


def test_a_later_grade_replaces_an_earlier_one() -> None:
    learner = learner_with()
    publish(learner, "grade", value=3, max_value=4)
    publish(learner, "grade", value=2, max_value=4)
    assert score(learner) == (2.0, 4.0)


@pytest.mark.parametrize(
    ("value", "max_value", "kept"),
    [
        (2, 4, (3.0, 4.0)),
        (3, 4, (3.0, 4.0)),
        (6, 8, (6.0, 8.0)),
        (1, 1, (1.0, 1.0)),
        (0, 0, (3.0, 4.0)),
    ],
)
def test_only_if_higher_compares_shares_and_takes_an_equal_one(
    value: float, max_value: float, kept: tuple[float, float]
) -> None:
    learner = learner_with()
    publish(learner, "grade", value=3, max_value=4)
    publish(learner, "grade", value=value, max_value=max_value, only_if_higher=True)
    assert score(learner) == kept


def test_a_deleted_score_is_gone_and_so_is_the_completion() -> None:
    learner = learner_with()
    publish(learner, "grade", value=3, max_value=4)
    publish(learner, "grade", value=0, max_value=4, score_deleted=True)
    assert score(learner) == (None, None)
    assert learner.completion(COUNTER, "a") == 0.0


def test_a_grade_for_another_learner_is_dropped() -> None:
    learner = learner_with()
    other = make_user()
    publish(learner, "grade", value=4, max_value=4, user_id=other.pk)
    assert not LearnerState.objects.filter(earned__isnull=False).exists()
    publish(learner, "grade", value=4, max_value=4, user_id=learner.user.pk)
    assert score(learner) == (4.0, 4.0)


# --- Deadlines ----------------------------------------------------------------------------------


def test_a_grade_counts_until_the_due_date_and_not_after_it() -> None:
    early, late = learner_with(due=at(hours=1)), learner_with(due=at(hours=-1))
    for learner in (early, late):
        publish(learner, "grade", value=4, max_value=4)
    assert score(early) == (4.0, 4.0)
    assert score(late) == (None, None)


def test_days_of_grace_follow_the_due_date_wherever_both_are_set() -> None:
    options = {"settings": {"graceperiod": "1 day 12 hours 59 minutes 59 seconds"}}
    within = visit(block(COUNTER, "a"), unit_settings={"due": at(hours=-30)}, **options)
    beyond = visit(block(COUNTER, "a"), unit_settings={"due": at(hours=-40)}, **options)
    for learner in (within, beyond):
        publish(learner, "grade", value=4, max_value=4)
    assert score(within) == (4.0, 4.0)
    assert score(beyond) == (None, None)
    tree = load_tree(within.made.version.pk)
    _due, closes = deadlines(tree, within.made.usage(COUNTER, "a"), {})
    assert closes is not None
    assert timedelta(hours=6) < closes - timezone.now() < timedelta(hours=8)


def test_a_due_date_that_cannot_be_read_closes_nothing() -> None:
    learner = learner_with(due="some day", graceperiod="a while")
    publish(learner, "grade", value=4, max_value=4)
    assert score(learner) == (4.0, 4.0)


# --- Completion ---------------------------------------------------------------------------------


def test_any_score_completes_a_scored_block() -> None:
    learner = learner_with()
    publish(learner, "grade", value=0, max_value=4)
    assert learner.completion(COUNTER, "a") == 1.0


def test_a_completion_may_go_down() -> None:
    learner = learner_with()
    publish(learner, "completion", completion=1)
    publish(learner, "completion", completion=0.25)
    assert learner.completion(COUNTER, "a") == 0.25


@pytest.mark.parametrize("completion", [1.01, -1, "1", None, True])
def test_a_completion_outside_its_range_is_refused(completion: object) -> None:
    learner = learner_with()
    assert publish(learner, "completion", completion=completion).status_code == 400
    assert not Completion.objects.exists()


def test_progress_completes() -> None:
    learner = learner_with()
    publish(learner, "progress")
    assert learner.completion(COUNTER, "a") == 1.0


# --- The rest -----------------------------------------------------------------------------------


def test_any_other_event_is_noted_with_its_learner_and_block() -> None:
    learner = learner_with()
    publish(learner, "school.opened", page=3)
    event = TrackingEvent.objects.get()
    assert (event.user, event.name, event.data) == (learner.user, "school.opened", {"page": 3})
    assert event.usage_key == learner.made.usage(COUNTER, "a")


def test_an_event_with_an_overlong_name_is_cut_to_size() -> None:
    learner = learner_with()
    assert publish(learner, "x" * 1000).status_code == 200
    assert TrackingEvent.objects.get().name == "x" * 255
