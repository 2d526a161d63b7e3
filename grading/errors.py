"""What the functions of ``grading.api`` raise beside ``InvalidExercise`` and ``InvalidAnswer``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grading.records import ItemState


class GradingError(Exception):
    """Base of every refusal."""


class StaleDraft(GradingError):
    """The draft was changed elsewhere; ``current`` is what is stored now."""

    def __init__(self, current: ItemState) -> None:
        super().__init__(f"The draft is at revision {current.draft_revision}.")
        self.current = current


class AttemptsUsedUp(GradingError):
    """No submission is left; ``allowed`` is how many there were."""

    def __init__(self, allowed: int) -> None:
        super().__init__(f"All {allowed} attempts are used up.")
        self.allowed = allowed


class IdempotencyConflict(GradingError):
    """The key was used before, with another answer."""


class NothingSubmitted(GradingError):
    """There is no answer to grade again."""
