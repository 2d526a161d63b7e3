"""Points as people type them."""

from __future__ import annotations

from math import isfinite


def read_points(text: str) -> float | None:
    """A number with a point or a comma before its decimals; ``None`` if it is none.

    Of digits in groups, such as 1,000.5, nothing is guessed.
    """
    text = text.strip()
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    if "_" in text:  # which Python would take
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None
