"""Condition reports to try in the XBlock workbench: drawn pages."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from grading import engines

PAGE = "workbench/4"
OTHER_PAGE = "bench two/3"


def condition_report_scenarios() -> list[tuple[str, str]]:
    """A page to be marked in every way, and another on which areas are drawn alone."""
    every_way = _olx(
        page_exercise(PAGE, modes=["areas", "grid", "points", "described"]),
        display_name="A leaf from a parish register",
        prompt="<p>Mark every damage of the leaf. Say what it is and how grave.</p>",
        source_text="<p>One leaf of laid paper, written on one side.</p>",
        source_image_alt="A written leaf on a dark desk.",
        attempts_allowed=2,
    )
    by_areas = _olx(
        page_exercise(OTHER_PAGE, modes=["areas"]),
        display_name="The next leaf",
        source_image_alt="A written leaf on a dark desk.",
    )
    return [
        ("Condition report: a page marked in every way", every_way),
        ("Condition report: areas alone", by_areas),
    ]


def page_exercise(name: str, **settings: Any) -> dict[str, Any]:
    """The exercise of a drawn page with further settings."""
    exercise = engines.draw_page(name)
    return {**exercise, "settings": {**exercise["settings"], **settings}}


def _olx(exercise: dict[str, Any], **attributes: Any) -> str:
    written = {**attributes, "exercise": json.dumps(exercise, ensure_ascii=False)}
    quoted = " ".join(f'{name}="{escape(str(value))}"' for name, value in written.items())
    return f"<condition_report {quoted}/>"
