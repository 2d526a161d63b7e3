"""The dates that authors set, as moments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from delivery.runtime.mixins import InheritanceMixin
from delivery.tree import CourseTree


def parse_time(value: Any) -> datetime | None:
    """The moment in a date field's JSON value; ``None`` if it is not set or cannot be read."""
    try:
        moment: datetime | None = InheritanceMixin.due.from_json(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment


def parse_span(value: Any) -> timedelta | None:
    """The span of time in a field's JSON value such as ``2 days 3 hours``."""
    try:
        span: timedelta | None = InheritanceMixin.graceperiod.from_json(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return span


def due_date(tree: CourseTree, usage_key: str, extensions: Mapping[str, str]) -> datetime | None:
    """When a block is due for a learner: on the author's day, or on one of the learner's own.

    ``extensions`` maps the block, or something around it, to the learner's own due date; the
    nearest one stands in place of the author's. What has no due date needs none.
    """
    due = parse_time(tree.setting(usage_key, "due"))
    return own_due(chain_of(tree, usage_key), extensions) or due if due else None


def chain_of(tree: CourseTree, usage_key: str) -> Iterator[str]:
    """A block and what is around it, the nearest first."""
    yield usage_key
    yield from (node.usage_key for node in tree.ancestors(usage_key))


def own_due(chain: Iterable[str], extensions: Mapping[str, str]) -> datetime | None:
    """The learner's own due date by the nearest of a block and what is around it, if any."""
    if not extensions:
        return None
    return next((parse_time(extensions[key]) for key in chain if key in extensions), None)


def deadlines(
    tree: CourseTree, usage_key: str, extensions: Mapping[str, str]
) -> tuple[datetime | None, datetime | None]:
    """When a block is due for a learner and until when its scores count: some days of grace later.

    Both are ``None`` if it is never due.
    """
    due = due_date(tree, usage_key, extensions)
    grace = parse_span(tree.setting(usage_key, "graceperiod"))
    return due, due + grace if due and grace else due
