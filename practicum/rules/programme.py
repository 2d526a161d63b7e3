"""A programme's rules from the JSON that they are kept as."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from practicum.data import Requirement, Rules, Severity


def load_rules(stored: Mapping[str, Any]) -> Rules:
    """The rules that were kept; what a later version of this code adds has its default.

    Raises ``KeyError``, ``TypeError`` or ``ValueError`` for what are no rules.
    """
    values = {name: stored[name] for name in Rules.__dataclass_fields__ if name in stored}
    requirement = values.get("requirement", {})
    return Rules(
        **{
            **values,
            "requirement": Requirement(
                minutes=requirement.get("minutes", 0),
                categories=dict(requirement.get("categories", {})),
                competencies=dict(requirement.get("competencies", {})),
            ),
            "categories": tuple(values.get("categories", ())),
            "competencies": tuple(values.get("competencies", ())),
            "weekdays": tuple(values.get("weekdays", (1, 2, 3, 4, 5))),
            "holidays": tuple(date.fromisoformat(day) for day in values.get("holidays", ())),
            "usual_from": _time(values.get("usual_from"), time(7)),
            "usual_until": _time(values.get("usual_until"), time(20)),
            "severities": {
                code: Severity(severity) for code, severity in values.get("severities", {}).items()
            },
        }
    )


def _time(stored: str | None, default: time) -> time:
    return time.fromisoformat(stored) if stored else default
