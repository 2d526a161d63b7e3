"""Opaque keys, parsed once: parsing costs more than all else that is done with a key."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from opaque_keys.edx.keys import CourseKey, UsageKey


@lru_cache(maxsize=50_000)
def usage_key_of(text: str) -> Any:
    """The usage key written as ``text``; raises ``opaque_keys.InvalidKeyError``."""
    return UsageKey.from_string(text)


@lru_cache(maxsize=1_000)
def course_key_of(text: str) -> Any:
    """The course key written as ``text``; raises ``opaque_keys.InvalidKeyError``."""
    return CourseKey.from_string(text)
