"""The words of the coordinators' templates: addresses with another page, moments, drawings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import template
from django.template.context import Context
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from practicum.steps import step_name
from practicum.words import hours

register = template.Library()


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The query of this address with some of it changed; ``None`` and nothing leave it out."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, "", 0):
            params.pop(name, None)
        else:
            params[name] = str(value)
    return f"?{params.urlencode()}"


@register.simple_tag
def bar(pieces: Sequence[Any]) -> SafeString:
    """The drawing of a bar. Its figures stand beside it, so that it need not be read out."""
    drawn = format_html_join(
        "", '<rect class="bar-{}" x="{}" width="{}" height="8"/>', _drawn(pieces)
    )
    return format_html(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"'
        ' focusable="false">{}</svg>',
        drawn,
    )


def _drawn(pieces: Sequence[Any]) -> list[tuple[str, str, str]]:
    return [(one.css, f"{one.x:.3f}", f"{one.width:.3f}") for one in pieces]


@register.filter
def moment(at: datetime | None) -> str:
    """A moment in the reader's time zone and language."""
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT") if at else ""


@register.filter
def named(code: str, names: dict[str, str]) -> str:
    """The name behind a code, or the code."""
    return names.get(code, code)


@register.filter
def hours_or_dash(minutes: int) -> str:
    """Hours, or a dash where there are none, so that columns of figures stay quiet."""
    return hours(minutes) if minutes else "–"  # noqa: RUF001  # a dash, as for every empty cell


@register.filter
def step(command: str) -> str:
    """A step of the trail, in words."""
    return step_name(command)
