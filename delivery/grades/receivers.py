"""Keeps the grade book's list of learners as the enrolments and accounts are."""

from __future__ import annotations

from typing import Any

from delivery.grades.lines import list_learner, rename_learner
from delivery.models import Enrollment

NAMES = frozenset({"first_name", "last_name", "username"})


def list_enrolled(instance: Enrollment, *, raw: bool = False, **kwargs: Any) -> None:
    """Let an enrolment have its line."""
    if not raw:
        list_learner(instance)


def rename_account(
    instance: Any,
    *,
    created: bool,
    update_fields: frozenset[str] | None = None,
    raw: bool = False,
    **kwargs: Any,
) -> None:
    """Sort a person's lines anew if their name may have changed."""
    if not (created or raw) and (update_fields is None or NAMES & set(update_fields)):
        rename_learner(instance)
