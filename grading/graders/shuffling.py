"""Orders that say nothing of the truth: they depend on a seed alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


def digest(text: str) -> str:
    """Return eight hexadecimal digits that stand for ``text``."""
    return blake2b(text.encode(), digest_size=4).hexdigest()


def sort_by_seed(items: Iterable[T], name: Callable[[T], str], *seed: str) -> list[T]:
    """Return the items in an order that depends on the seed alone, not on theirs.

    An item added or taken away leaves the others in their order.
    """
    start = "\n".join(seed)
    return sorted(items, key=lambda item: digest(f"{start}\n{name(item)}"))
