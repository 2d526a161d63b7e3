"""What blocks publish, and what becomes of it: scores, completions, and a trail of the rest."""

from __future__ import annotations

import math
from typing import Any

import structlog
from django.utils import timezone
from xblock.completable import XBlockCompletionMode

from delivery.runtime.dates import deadlines
from delivery.runtime.state import LearnerStore

logger = structlog.get_logger(__name__)

GRADE = "grade"
COMPLETION = "completion"
PROGRESS = "progress"
HOST_EVENTS = frozenset({GRADE, COMPLETION, PROGRESS})
MAX_NAME = 255


class EventRefused(ValueError):
    """A grade or completion that is no number in its range."""


def is_completable(block: Any) -> bool:
    """Whether a block can be completed by itself."""
    return bool(XBlockCompletionMode.get_mode(type(block)) == XBlockCompletionMode.COMPLETABLE)


def is_completed_by_score(block_class: Any) -> bool:
    """Whether a block of this class is done once it has a score."""
    mode = XBlockCompletionMode.get_mode(block_class)
    is_custom = getattr(block_class, "has_custom_completion", False)
    return bool(mode == XBlockCompletionMode.COMPLETABLE and not is_custom)


def record_event(store: LearnerStore, block: Any, name: str, data: Any) -> None:
    """Act on an event of a block, for the learner of ``store`` and nobody else.

    Raises ``EventRefused`` for a grade or completion that is no number in its range.
    """
    data = data if isinstance(data, dict) else {}
    if not _is_own(store, data):
        logger.warning(
            "event_for_another_learner", usage_key=block.scope_ids.def_id, event_name=name
        )
        return
    if name == GRADE:
        _record_grade(store, block, data)
    elif name == COMPLETION:
        _record_completion(store, block, data)
    elif name == PROGRESS:
        if is_completable(block) and not getattr(block, "has_custom_completion", False):
            store.complete(block.scope_ids.def_id, 1.0)
    else:
        store.track(block.scope_ids.def_id, str(name)[:MAX_NAME], data)


def _is_own(store: LearnerStore, data: dict[str, Any]) -> bool:
    claimed = data.get("user_id")
    return claimed is None or str(claimed) == str(store.user_id)


def _number(data: dict[str, Any], name: str) -> float:
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise EventRefused(f"A grade's {name} must be a number, not {value!r}.")
    return float(value)


def _points(data: dict[str, Any]) -> tuple[float, float]:
    possible = max(_number(data, "max_value"), 0.0)
    return min(max(_number(data, "value"), 0.0), possible), possible


def _record_grade(store: LearnerStore, block: Any, data: dict[str, Any]) -> None:
    key = block.scope_ids.def_id
    now = timezone.now()
    due, closes = deadlines(store.tree, key, store.extensions)
    if closes is not None and now > closes and not store.is_rescoring:
        logger.info("grade_after_close", usage_key=key, closed_at=closes.isoformat())
        if not data.get("score_deleted"):
            store.refuse_score(key, *_points(data))
        return
    row = store.learner(key)
    was_scored = row.earned is not None
    if data.get("score_deleted"):
        row.set_score(None, None)
    else:
        earned, possible = _points(data)
        if data.get("only_if_higher") and _is_lower(earned, possible, row.earned, row.possible):
            return
        is_late = due is not None and now > due and not store.is_rescoring
        row.set_score(earned, possible, is_late=is_late)
    _complete_by_score(store, block, data, was_scored)


def _is_lower(
    earned: float, possible: float, old_earned: float | None, old_possible: float | None
) -> bool:
    if old_earned is None:
        return False
    return _share(earned, possible) < _share(old_earned, old_possible or 0.0)


def _share(earned: float, possible: float) -> float:
    return earned / possible if possible else 0.0


def _complete_by_score(
    store: LearnerStore, block: Any, data: dict[str, Any], was_scored: bool
) -> None:
    if not is_completed_by_score(type(block)):
        return
    if data.get("score_deleted"):
        store.complete(block.scope_ids.def_id, 0.0)
    elif not data.get("grader_response") and not was_scored:
        store.complete(block.scope_ids.def_id, 1.0)


def _record_completion(store: LearnerStore, block: Any, data: dict[str, Any]) -> None:
    if not is_completable(block):
        return
    share = data.get("completion")
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        raise EventRefused(f"A completion must be a number from 0 to 1, not {share!r}.")
    store.complete(block.scope_ids.def_id, float(share))
