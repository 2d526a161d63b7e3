"""Many graders and one learner at once, on the database of the settings; with unprotected twins."""

from __future__ import annotations

from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from grading import api, staff
from grading.human.works import HELD_FOR
from grading.models import TaskAnswer, TaskGrading, TaskWork
from grading.staff import HeldByAnother, TaskRefused
from tests.grading.tasks import BETTER, ESSAY, FAIR, PLACE, SETTINGS, grade, hand_in, learner
from tests.grading.test_concurrency import THREADS, at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def works() -> list[UUID]:
    return [hand_in(learner(f"student-{number}")) for number in range(THREADS)]


def test_graders_who_ask_at_once_never_get_the_same_work(works: list[UUID]) -> None:
    taken = at_once(lambda number, _: staff.claim_next(PLACE, str(number)))
    assert sorted(map(str, taken)) == sorted(map(str, works))


def test_graders_who_ask_at_once_without_the_lock_get_the_same_work(works: list[UUID]) -> None:
    def naive_claim(number: int, barrier: Barrier) -> UUID:
        work = TaskWork.objects.filter(held_by="").order_by("waiting_since").first()
        assert work is not None
        barrier.wait()
        TaskWork.objects.filter(pk=work.pk).update(
            held_by=str(number), held_until=timezone.now() + HELD_FOR
        )
        return work.uuid

    assert len(set(at_once(naive_claim))) < THREADS


def test_of_graders_who_open_one_work_at_once_one_has_it(works: list[UUID]) -> None:
    outcomes = at_once(lambda number, _: staff.claim(PLACE, works[0], str(number)))
    assert outcomes.count(None) == 1
    assert sum(isinstance(outcome, HeldByAnother) for outcome in outcomes) == THREADS - 1


def test_one_grade_sent_twice_at_once_is_given_once(works: list[UUID]) -> None:
    outcomes = at_once(lambda number, _: grade(works[0], str(number % 2), FAIR), threads=4)
    given = [outcome for outcome in outcomes if not isinstance(outcome, Exception)]
    unexpected = [
        outcome
        for outcome in outcomes
        if isinstance(outcome, Exception) and not isinstance(outcome, TaskRefused)
    ]
    assert given
    assert not unexpected
    assert TaskGrading.objects.count() == len(given) == len(api.submissions(learner("student-0")))


def test_fifty_versions_handed_in_at_once_by_one_learner_are_all_kept() -> None:
    def work(number: int, _: Barrier) -> list[int]:
        return [
            staff.hand_in(learner(), {**ESSAY, "text": f"{number} {turn} words"}, SETTINGS)
            for turn in range(10)
        ]

    outcomes = at_once(work, threads=5)
    numbers = sorted(number for outcome in outcomes for number in outcome)
    assert numbers == list(range(1, 51))
    assert TaskAnswer.objects.count() == api.load_item(learner()).attempts == 50
    assert staff.load_task(learner()).answers[-1].number == 50


def test_versions_handed_in_at_once_without_the_lock_are_lost() -> None:
    hand_in()

    def naive_hand_in(number: int, barrier: Barrier) -> None:
        work = TaskWork.objects.select_related("current").get()
        barrier.wait()
        assert work.current is not None
        TaskAnswer.objects.create(
            work=work,
            number=work.current.number + 1,
            answer={"text": str(number), "files": []},
            answer_sha256="",
            exercise_id=work.current.exercise_id,
            idempotency_key=str(number),
            submitted_at=timezone.now(),
        )

    outcomes = at_once(naive_hand_in)
    assert TaskAnswer.objects.count() < 1 + THREADS
    assert any(isinstance(outcome, Exception) for outcome in outcomes)


def test_a_version_handed_in_while_a_grader_begins_is_kept_or_refused_never_overlooked() -> None:
    work = hand_in()

    def act(number: int, _: Barrier) -> Any:
        if number:
            return staff.hand_in(learner(), BETTER, SETTINGS, key=str(number))
        staff.claim(PLACE, work, "1")
        return staff.load_sheet(PLACE, work, "1").answers[-1].number

    seen, *handed_in = at_once(act, threads=4)
    kept = [number for number in handed_in if isinstance(number, int)]
    refused = [outcome for outcome in handed_in if isinstance(outcome, TaskRefused)]
    assert len(kept) + len(refused) == 3
    assert seen == max([1, *kept]), "what the grader sees is the last that was kept"
