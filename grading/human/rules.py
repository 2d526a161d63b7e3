"""The life of a task that people grade: who must act next, and what an act leads to.

Pure. A learner's work on a task is in one of the states of ``State`` once something was handed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from grading.data import Mark

__all__ = [
    "ACTORS",
    "QUEUED",
    "RETURNABLE",
    "Actor",
    "Policy",
    "Role",
    "State",
    "after_grading",
    "average",
    "differ",
    "differences",
    "role_of",
]


class State(StrEnum):
    """Where a learner's work on a task stands."""

    WAITING = "waiting"  # for a first grader
    SECOND = "second"  # for a second one, who does not see what the first gave
    MODERATION = "moderation"  # the two differ: somebody decides
    READY = "ready"  # graded; shown to the learner with everybody else's
    PUBLISHED = "published"
    RETURNED = "returned"  # to the learner, for revision
    APPEALED = "appealed"  # the learner asked for a review; an answer is owed


class Actor(StrEnum):
    """Who must act next."""

    TRAINEE = "trainee"
    GRADER = "grader"
    SECOND_GRADER = "second_grader"
    MODERATOR = "moderator"
    PUBLISHER = "publisher"
    NOBODY = "nobody"


class Role(StrEnum):
    """In which part a person graded."""

    FIRST = "first"
    SECOND = "second"
    MODERATOR = "moderator"
    AGREED = "agreed"  # what two graders who nearly agree come to; nobody's in particular
    REVISION = "revision"  # of a grade that stood already
    RETURN = "return"


ACTORS: Mapping[State, Actor] = {
    State.WAITING: Actor.GRADER,
    State.SECOND: Actor.SECOND_GRADER,
    State.MODERATION: Actor.MODERATOR,
    State.READY: Actor.PUBLISHER,
    State.PUBLISHED: Actor.NOBODY,
    State.RETURNED: Actor.TRAINEE,
    State.APPEALED: Actor.GRADER,
}

QUEUED = (State.APPEALED, State.MODERATION, State.SECOND, State.WAITING)
"""The states in which staff owe something: what the queue holds."""

RETURNABLE = frozenset({State.WAITING, State.SECOND, State.MODERATION, State.READY})

_ROLES: Mapping[State, Role] = {
    State.WAITING: Role.FIRST,
    State.SECOND: Role.SECOND,
    State.MODERATION: Role.MODERATOR,
    State.READY: Role.REVISION,
    State.PUBLISHED: Role.REVISION,
    State.APPEALED: Role.REVISION,
}


@dataclass(frozen=True, slots=True)
class Policy:
    """How a task is graded.

    ``graders`` is 1 or 2; two whose totals differ by more than ``tolerance`` (0-1, of the points
    possible) are moderated. ``is_together``: grades are shown when somebody publishes them all.
    """

    graders: int = 1
    tolerance: float = 0.1
    is_together: bool = False


def role_of(state: State) -> Role | None:
    """In which part a grading given in ``state`` counts; ``None`` where none can be given."""
    return _ROLES.get(state)


def after_grading(state: State, policy: Policy, first: Mark | None, given: Mark) -> State:
    """The state to which a grading leads; ``first`` is that of the first grader, if any."""
    if state == State.WAITING and policy.graders > 1:
        return State.SECOND
    if state == State.SECOND and first is not None and differ(first, given, policy.tolerance):
        return State.MODERATION
    if state in (State.PUBLISHED, State.APPEALED):
        return State.PUBLISHED
    return State.READY if policy.is_together else State.PUBLISHED


def differ(first: Mark, second: Mark, tolerance: float) -> bool:
    """Whether two totals are further apart than ``tolerance``."""
    return abs(first.score - second.score) > tolerance + 1e-9


def differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, float]:
    """By how much the second grader's points exceed the first one's, by criterion."""
    return {
        name: _points(second, name) - _points(first, name)
        for name in first
        if abs(_points(second, name) - _points(first, name)) > 1e-9
    }


def average(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The marks on which two graders who nearly agree meet: the mean of each criterion.

    Both comments are kept. The mean may lie between two levels, so none is named.
    """
    return {
        name: {
            "points": round((_points(first, name) + _points(second, name)) / 2, 2),
            "comment": "\n\n".join(filter(None, (_comment(first, name), _comment(second, name)))),
        }
        for name in first
    }


def _points(marks: Mapping[str, Any], name: str) -> float:
    return float((marks.get(name) or {}).get("points") or 0.0)


def _comment(marks: Mapping[str, Any], name: str) -> str:
    return str((marks.get(name) or {}).get("comment") or "")
