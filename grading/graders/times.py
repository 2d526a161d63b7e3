"""Times of an exercise or an answer, in hours."""

from __future__ import annotations

from datetime import datetime

from grading.data import gettext_noop as _
from grading.graders.reading import Node

LATEST = 1e8
"""Hours: numbers beyond this are no times."""

_DAY_ZERO = datetime(1970, 1, 1)  # loggers and rotas tell local time without a zone

BAD_TIME = _("A time such as 2023-07-08 14:00 or a number of hours is expected here.")


def read_time(node: Node) -> float:
    """Return hours: a number as it is, text as hours since the beginning of 1970."""
    raw = node.value
    if isinstance(raw, int | float) and not isinstance(raw, bool) and abs(raw) <= LATEST:
        return float(raw)
    if isinstance(raw, str) and len(raw) <= 30:
        try:
            return hours_of(raw.strip())
        except ValueError:
            raise node.fail(BAD_TIME) from None
    raise node.fail(BAD_TIME)


def hours_of(time: str) -> float:
    """Return hours since the beginning of 1970; raises ValueError for what is no local time."""
    read = datetime.fromisoformat(time)
    if read.tzinfo is not None:
        raise ValueError("a time of no zone is expected")
    return (read - _DAY_ZERO).total_seconds() / 3600


def is_weekend(hours: float) -> bool:
    """Tell whether a time lies on a Saturday or Sunday; 1 January 1970 was a Thursday."""
    return int(hours // 24) % 7 in (2, 3)
