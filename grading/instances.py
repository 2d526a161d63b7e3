"""The exercise as one learner gets it: with the variants and the items of pools that are theirs.

What is kept with an answer is the author's exercise, one for all learners; a learner's own follows
from it, so that a page, its grade and a later re-grade agree.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from grading import scoring
from grading.data import Mark
from grading.graders import INSTANTIATE
from grading.graders.sharing import series_named
from grading.records import StudentItemKey

SEED_LENGTH = 16


def instance_of(
    grader: str, exercise: Mapping[str, Any], item: StudentItemKey | None
) -> Mapping[str, Any]:
    """``exercise`` for that learner (``None``: for nobody in particular).

    The same learner gets the same of the same exercise, whoever asks and how often. Raises
    ``InvalidExercise`` if the exercise cannot be read.
    """
    instantiate = INSTANTIATE.get(grader)
    if instantiate is None:
        return exercise
    return instantiate(exercise, seed_of(item, series_named(exercise)))


def grade_for(
    item: StudentItemKey | None, grader: str, exercise: Mapping[str, Any], answer: Any
) -> Mark:
    """The mark of that learner's ``answer`` by their instance of ``exercise``.

    Raises ``KeyError`` for an unknown grader, ``InvalidExercise`` and ``InvalidAnswer``.
    """
    return scoring.grade(grader, instance_of(grader, exercise, item), answer)


def seed_of(item: StudentItemKey | None, series: str = "") -> str:
    """What decides all that differs from one learner to the next; empty for nobody.

    Exercises of one course about the same ``series`` of data get the same.
    """
    if item is None:
        return ""
    about = f"series {series}" if series else item["item_id"]
    identity = "\n".join((item["student_id"], item["course_id"], about))
    return hashlib.sha256(identity.encode()).hexdigest()[:SEED_LENGTH]
