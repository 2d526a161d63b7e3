"""The life of one work under any acts of a learner and three graders, against a plain model."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from grading import api, staff
from grading.human.rules import QUEUED, RETURNABLE, Actor, State
from grading.models import Submission, TaskAnswer, TaskGrading, TaskStep
from grading.staff import TaskRefused
from tests.grading.tasks import (
    ANA,
    BORIS,
    ESSAY,
    FAIR,
    GOOD,
    PLACE,
    SETTINGS,
    TWO,
    VERA,
    give_back,
    grade,
    learner,
    work_of,
)

graders = st.sampled_from([ANA, BORIS, VERA])


class Life(RuleBasedStateMachine):
    """What should be so is worked out here without the database."""

    task = TWO

    def __init__(self) -> None:
        super().__init__()
        self.state: State | None = None
        self.first = ""
        self.first_marks: Any = None
        self.holder = ""
        self.version = 0
        self.appealed = False
        self.noted: set[str] = set()

    def attempt(self, is_allowed: bool, act: Any) -> bool:
        try:
            act()
        except TaskRefused:
            assert not is_allowed
            return False
        assert is_allowed
        return True

    def moved(self, state: State) -> None:
        self.state, self.holder = state, ""

    def is_free(self, by: str) -> bool:
        return self.holder in ("", by)

    @rule()
    def hand_in(self) -> None:
        is_untouched = self.state == State.WAITING and not self.holder and not self.noted
        is_allowed = self.state in (None, State.RETURNED) or is_untouched
        if self.attempt(is_allowed, lambda: staff.hand_in(learner(), ESSAY, self.task)):
            self.version += 1
            self.first, self.noted = "", set()
            self.moved(State.WAITING)

    @precondition(lambda self: self.version)
    @rule(by=graders)
    def claim(self, by: str) -> None:
        is_allowed = self.is_free(by) and not (self.state == State.SECOND and self.first == by)
        if self.attempt(is_allowed, lambda: staff.claim(PLACE, work_of().uuid, by)):
            self.holder = by

    @precondition(lambda self: self.version)
    @rule(by=graders)
    def claim_next(self, by: str) -> None:
        is_there = self.state in QUEUED and self.is_free(by)
        is_there = is_there and not (self.state == State.SECOND and self.first == by)
        taken = staff.claim_next(PLACE, by)
        assert (taken is not None) == is_there
        if is_there:
            self.holder = by

    @precondition(lambda self: self.version)
    @rule(by=graders)
    def release(self, by: str) -> None:
        staff.release(PLACE, work_of().uuid, by)
        if self.holder == by:
            self.holder = ""

    @precondition(lambda self: self.version)
    @rule(by=graders)
    def note(self, by: str) -> None:
        revision = staff.load_sheet(PLACE, work_of().uuid, by).revision
        may = self.state != State.RETURNED and self.is_free(by)
        may = may and not (self.state == State.SECOND and self.first == by)
        if self.attempt(
            may,
            lambda: staff.save_notes(PLACE, work_of().uuid, by, {"comment": "so far"}, revision),
        ):
            self.holder = by
            self.noted.add(by)

    @precondition(lambda self: self.version)
    @rule(by=graders, marks=st.sampled_from([GOOD, FAIR]))
    def grade(self, by: str, marks: Any) -> None:
        may = self.state != State.RETURNED and self.is_free(by)
        may = may and not (self.state == State.SECOND and self.first == by)
        if not self.attempt(
            may,
            lambda: grade(
                work_of().uuid, by, marks, self.task, version=self.version, reply="Looked at."
            ),
        ):
            return
        self.noted.discard(by)
        if self.state == State.WAITING:
            self.first, self.first_marks = by, marks
            return self.moved(State.SECOND)
        if self.state == State.SECOND and marks is not self.first_marks:
            return self.moved(State.MODERATION)
        return self.moved(State.PUBLISHED)

    @precondition(lambda self: self.version)
    @rule(by=graders)
    def give_back(self, by: str) -> None:
        may = self.state in RETURNABLE and self.is_free(by)
        if self.attempt(may, lambda: give_back(work_of().uuid, by, self.version)):
            self.noted, self.first = set(), ""
            self.moved(State.RETURNED)

    @precondition(lambda self: self.version)
    @rule()
    def appeal(self) -> None:
        may = self.state == State.PUBLISHED and not self.appealed
        if self.attempt(may, lambda: staff.appeal(learner(), "Why?")):
            self.appealed = True
            self.moved(State.APPEALED)

    @precondition(lambda self: self.version)
    @rule(by=graders)
    def answer(self, by: str) -> None:
        may = self.state == State.APPEALED and self.is_free(by)
        if self.attempt(may, lambda: staff.answer_appeal(PLACE, work_of().uuid, by, "So.")):
            self.moved(State.PUBLISHED)

    @invariant()
    def it_stands_as_it_should(self) -> None:
        task = staff.load_task(learner())
        assert task.state == self.state
        assert len(task.answers) == self.version == TaskAnswer.objects.count()
        assert api.load_item(learner()).attempts == self.version
        if self.state is None:
            assert task.actor == Actor.TRAINEE
            return
        shown = [given for answer in task.answers for given in answer.gradings]
        is_shown = self.state in (State.PUBLISHED, State.APPEALED)
        assert any(given.role != "return" for given in shown) == is_shown
        work = work_of()
        assert work.held_by == self.holder
        assert TaskStep.objects.filter(work=work).exclude(what="").count() >= self.version
        if is_shown:
            last = Submission.objects.order_by("-pk").first()
            assert last is not None
            assert last.attempt == self.version
            assert api.load_item(learner()).earned == last.score * SETTINGS.points
        assert TaskGrading.objects.filter(role="first").count() <= TaskGrading.objects.count()


class Lives(Life):
    """One life after another, each in a transaction that is undone."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)


@pytest.mark.django_db
def test_any_acts_lead_where_they_should() -> None:
    run_state_machine_as_test(
        Lives, settings=settings(max_examples=15, stateful_step_count=20, deadline=None)
    )
