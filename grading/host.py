"""Scores that arise outside the learner's request, on their way to the host.

A person's goes through edx-submissions; those of a re-grade do too, unless the host names a class
that takes many at once (``ScoreHost``). Such a score wins over what the block published until it
is reset. The points of edx-submissions are whole, and they count in the subsection as they are:
no weight is applied to them, so they cannot be multiplied to carry decimals.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string
from submissions import api as submissions

from grading.records import GivenScore, StudentItemKey

PRECISION = 9  # decimals beyond which a difference is noise


def whole_possible(points: int, weight: float | None) -> int:
    """What a perfect answer counts in the subsection, in whole points; 0 if it counts nothing."""
    if weight is None:
        return points
    return max(1, round(weight)) if weight > 0 else 0


def whole_earned(score: float, possible: int, before: float) -> int:
    """``score`` (0-1) in whole points of ``possible``, rounded the way it moved from ``before``.

    So a better mark never earns less than it did, and a worse one never more.
    """
    exact = round(score * possible, PRECISION)
    return math.floor(exact) if score < before else math.ceil(exact)


def give_score(item: StudentItemKey, earned: int, possible: int, submission_id: str) -> None:
    """Let ``earned`` of ``possible`` win until it is reset; ``submission_id`` names our record."""
    given = submissions.create_submission(dict(item), {"submission": submission_id})
    submissions.set_score(given["uuid"], earned, possible)


class Held(Protocol):
    """What a host has locked of some learners."""

    def give(self, scores: Sequence[GivenScore]) -> None:
        """Let the learners' scores win over what the blocks published, until they are reset."""


class ScoreHost(Protocol):
    """Takes the scores of re-graded answers, for a host that knows better than one by one.

    The setting ``GRADING_SCORE_HOST`` names the class. All is called in the transaction that
    writes the marks.
    """

    def hold(self, items: Sequence[StudentItemKey]) -> Held:
        """Lock what belongs to these learners, whose marks are locked already."""

    def reset(self, item: StudentItemKey) -> None:
        """Let what the block publishes count again."""


class SubmissionsHost:
    """The LMS: whole points by edx-submissions' own functions, whose signals it hears."""

    def hold(self, items: Sequence[StudentItemKey]) -> Held:
        """Nothing to lock."""
        return self

    def give(self, scores: Sequence[GivenScore]) -> None:
        """One score after the other."""
        for score in scores:
            give_score(score.item, score.whole, score.possible, score.submission_id)

    def reset(self, item: StudentItemKey) -> None:
        """Nothing more than edx-submissions does, for whoever the host is."""


def hold(items: Sequence[StudentItemKey]) -> Held:
    """Lock what the host has of these learners, after their marks, as whoever submits does."""
    return _host().hold(items)


def reset_score(item: StudentItemKey) -> None:
    """Let what the block publishes count again."""
    submissions.reset_score(item["student_id"], item["course_id"], item["item_id"])
    _host().reset(item)


def _host() -> ScoreHost:
    path = getattr(settings, "GRADING_SCORE_HOST", "")
    found: ScoreHost = import_string(path)() if path else SubmissionsHost()
    return found
