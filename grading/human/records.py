"""The frozen records that ``grading.staff`` takes and returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from grading.human.rules import ACTORS, Actor, Policy, State
from grading.records import StudentItemKey

__all__ = [
    "AnswerRecord",
    "GradingRecord",
    "Place",
    "QueueCount",
    "Sheet",
    "StepRecord",
    "TaskMoved",
    "TaskSettings",
    "TaskState",
    "WorkPage",
    "WorkRow",
]


class Place(NamedTuple):
    """A task: the course key and the usage key of its block, as text."""

    course_key: str
    usage_key: str


@dataclass(frozen=True, slots=True)
class TaskSettings:
    """What a task's author set. ``weight`` is what it counts in its subsection, if not its points.

    ``attempts_allowed`` limits the versions that a learner may hand in unasked; 0 sets no limit.
    """

    exercise: Mapping[str, Any]
    points: int
    weight: float | None = None
    attempts_allowed: int = 0
    policy: Policy = field(default_factory=Policy)


@dataclass(frozen=True, slots=True)
class GradingRecord:
    """What somebody gave. ``score`` is 0-1, ``None`` for work returned without marks."""

    id: str
    role: str
    by: str
    marks: Mapping[str, Any]
    comment: str
    pins: Sequence[Mapping[str, Any]]
    score: float | None
    exercise: Mapping[str, Any]
    given_at: datetime


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """One version of an answer, with those gradings of it that the reader may see."""

    id: str
    number: int
    text: str
    files: Sequence[Mapping[str, Any]]
    submitted_at: datetime
    gradings: Sequence[GradingRecord] = ()


@dataclass(frozen=True, slots=True)
class TaskState:
    """Where a learner stands; ``state`` is ``None`` before anything was handed in.

    ``may_replace``: another version may be handed in, since nobody has begun to grade. Gradings
    are those that the learner may see.
    """

    state: State | None = None
    due_at: datetime | None = None
    answers: Sequence[AnswerRecord] = ()
    may_replace: bool = False
    appeal: str = ""
    appealed_at: datetime | None = None
    appeal_answer: str = ""
    appeal_answered_at: datetime | None = None
    changed_at: datetime | None = None

    @property
    def actor(self) -> Actor:
        """Who must act next."""
        return ACTORS[self.state] if self.state else Actor.TRAINEE

    @property
    def may_appeal(self) -> bool:
        """Whether a review may be asked for: once, of a grade that is shown."""
        return self.state == State.PUBLISHED and self.appealed_at is None


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One work as the queue lists it."""

    id: UUID
    student_id: str
    state: State
    version: int
    submitted_at: datetime
    waiting_since: datetime
    held_by: str
    held_until: datetime | None
    score: float | None
    is_own_first: bool

    @property
    def actor(self) -> Actor:
        """Who must act next."""
        return ACTORS[self.state]


@dataclass(frozen=True, slots=True)
class WorkPage:
    """Some of the works on a task, and how many there are in each state."""

    rows: Sequence[WorkRow]
    total: int
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class QueueCount:
    """How many works of a task are in each state, and since when the oldest has been waiting."""

    states: Mapping[str, int] = field(default_factory=dict)
    oldest: datetime | None = None

    @property
    def owed(self) -> int:
        """How many wait for a grader."""
        return sum(
            self.states.get(state, 0)
            for state in (State.WAITING, State.SECOND, State.MODERATION, State.APPEALED)
        )


@dataclass(frozen=True, slots=True)
class StepRecord:
    """One step of a work; ``by`` is empty for the learner."""

    what: str
    by: str
    at: datetime
    state: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that a grader needs of one work. ``notes`` are the grader's own, unsaved ones apart.

    ``differences`` are by how much the second grader's points exceed the first's, by criterion,
    while somebody has to decide between the two.
    """

    row: WorkRow
    answers: Sequence[AnswerRecord]
    notes: Mapping[str, Any]
    revision: int
    due_at: datetime | None
    appeal: str
    appealed_at: datetime | None
    appeal_answer: str
    steps: Sequence[StepRecord]
    differences: Mapping[str, float]
    may_grade: bool
    may_return: bool


@dataclass(frozen=True, slots=True)
class TaskMoved:
    """What a host may want to tell people: ``graded``, ``returned``, ``appealed``, ``answered``.

    ``by`` is who did it, empty for the learner; ``grader`` who gave the grade in question.
    """

    item: StudentItemKey
    what: str
    by: str
    grader: str = ""
    due_at: datetime | None = None
