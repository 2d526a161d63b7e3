"""The frozen records that ``grading.api`` takes and returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from grading.data import Mark
from jobs.api import JobStatus


class StudentItemKey(TypedDict):
    """One learner's side of one block, in the form edx-submissions uses.

    ``student_id`` is the anonymous id per course (at most 64 characters), ``course_id`` and
    ``item_id`` the course key and usage key as text, ``item_type`` the block type.
    """

    student_id: str
    course_id: str
    item_id: str
    item_type: str


@dataclass(frozen=True, slots=True)
class SubmissionRecord:
    """One graded answer. ``score`` is 0-1; it is worth ``score * points`` of ``points``.

    ``is_rescore`` tells an answer that was graded again from the attempt it repeats.
    """

    id: str
    answer: Any
    mark: Mark
    score: float
    points: int
    attempt: int
    grader: str
    submitted_at: datetime
    is_rescore: bool = False

    @property
    def earned(self) -> float:
        """Points earned of ``points``."""
        return self.score * self.points


@dataclass(frozen=True, slots=True)
class ItemState:
    """Where a learner stands with a block.

    ``draft`` is the answer not yet submitted (``None``: none kept). ``earned`` of ``possible``
    is the score that counts: the last submission's, unless the host set another.
    """

    draft: Any = None
    draft_revision: int = 0
    draft_saved_at: datetime | None = None
    attempts: int = 0
    last: SubmissionRecord | None = None
    earned: float | None = None
    possible: float | None = None


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """How one learner's points would change, in the new exercise's points."""

    student_id: str
    before: float
    after: float

    @property
    def change(self) -> float:
        """Points won, or lost if negative."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class RegradePreview:
    """What a changed exercise would do to the answers already graded.

    ``graded`` answers count; the latest ``compared`` of them were graded anew: ``better``,
    ``worse``, ``same``, and ``refused`` by the new exercise (they would keep their marks).
    ``largest`` is the largest change of points, negative for a loss; ``changes`` the largest
    ones.
    """

    graded: int
    compared: int
    better: int
    worse: int
    same: int
    refused: int
    largest: float
    changes: tuple[ScoreChange, ...]


@dataclass(frozen=True, slots=True)
class GivenScore:
    """A score that arose outside the learner's request, on its way to the host.

    ``earned`` of ``possible`` with decimals; ``whole`` is for hosts that have whole points only.
    ``submission_id`` names the mark behind it.
    """

    item: StudentItemKey
    earned: float
    possible: int
    whole: int
    submission_id: str


@dataclass(frozen=True, slots=True)
class RegradeStatus:
    """A re-grade of a block.

    ``state`` is one of reporting, reported, applying, applied, stopped, discarded, superseded.
    ``total`` answers are concerned; those that change got ``better`` or ``worse``, ``refused``
    ones keep their marks, and all others are the ``same``. ``job`` tells the progress while it
    is at work, ``is_failing`` that the job was given up and waits to be run again.
    """

    id: int
    course_id: str
    item_id: str
    state: str
    state_name: str
    points: int
    total: int
    better: int
    worse: int
    refused: int
    requested_by: int | None
    requested_at: datetime
    job: JobStatus | None

    @property
    def same(self) -> int:
        """Answers whose share of the points stays as it is."""
        return max(0, self.total - self.better - self.worse - self.refused)

    @property
    def is_working(self) -> bool:
        """Whether a job is at work on it."""
        return self.state in {"reporting", "applying"} and not self.is_failing

    @property
    def is_failing(self) -> bool:
        """Whether its job was given up."""
        at_work = self.state in {"reporting", "applying"}
        return at_work and (self.job is None or self.job.state in {"dead", "cancelled"})


@dataclass(frozen=True, slots=True)
class LearnerChange:
    """A line of a re-grade's report: points before and after, each of those possible then."""

    student_id: str
    outcome: str
    outcome_name: str
    before: float
    possible_before: float
    after: float
    possible: int
