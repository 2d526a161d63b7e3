"""An exercise is read once for the many answers to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar

T = TypeVar("T")

_KEPT = 64
_LONGEST_KEPT = 100_000
"""Characters of JSON; what is longer is read again each time, so that memory stays bounded."""


def kept(read: Callable[[Any], T]) -> Callable[[Any], T]:
    """Make ``read(exercise)`` remember what it made of the last exercises, by their JSON."""

    @lru_cache(maxsize=_KEPT)
    def read_text(text: str) -> T:
        return read(json.loads(text))

    @wraps(read)
    def read_kept(raw: Any) -> T:
        try:
            text = json.dumps(raw)
        except (TypeError, ValueError, RecursionError):
            return read(raw)
        return read_text(text) if len(text) <= _LONGEST_KEPT else read(raw)

    return read_kept
