"""Which exercises of a course are about the same data of a learner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

USUAL_SERIES = "logger"


def series_named(exercise: Mapping[str, Any]) -> str:
    """Return the series that an exercise shares with others; empty if it shares none."""
    climate = exercise.get("climate") if isinstance(exercise, Mapping) else None
    if not isinstance(climate, Mapping):
        return ""
    name = climate.get("series", USUAL_SERIES)
    return name if isinstance(name, str) else ""
