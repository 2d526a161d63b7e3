"""The small words of the practicum's templates: icons, hours, days, clock times."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.formats import date_format, time_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from practicum.data import EntryState
from practicum.rules.calendar import zone
from practicum.words import hours as said_hours

register = template.Library()

ICONS = "practicum/icons.svg"
STATES = {
    EntryState.DRAFT: (gettext_noop("Draft"), "edit", "tag"),
    EntryState.SUBMITTED: (gettext_noop("Waits for your mentor"), "clock", "tag"),
    EntryState.RETURNED: (gettext_noop("Returned to you"), "undo", "tag tag-warn"),
    EntryState.APPROVED: (gettext_noop("Confirmed"), "good", "tag tag-good"),
    EntryState.LOCKED: (gettext_noop("Confirmed, closed"), "closed", "tag tag-good"),
    EntryState.VOID: (gettext_noop("Given up"), "close", "tag"),
}


@register.simple_tag
@lru_cache(maxsize=128)
def icon(name: str) -> SafeString:
    """A drawing from the sheet. It is decoration: the words beside it carry the meaning."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><use href="{}#{}"/></svg>',
        static(ICONS),
        name,
    )


@register.filter
def hours(minutes: int | None) -> str:
    """Minutes as hours and minutes."""
    return said_hours(minutes or 0)


@register.filter
def long_day(day: date) -> str:
    """A day with its name, in the reader's language."""
    return date_format(day, "l, ") + date_format(day, "DATE_FORMAT")


@register.filter
def day(day: date | None) -> str:
    """A day, in the reader's language."""
    return date_format(day, "DATE_FORMAT") if day else ""


@register.filter
def clock(at: datetime, tz: str) -> str:
    """The clock time of a moment in a placement's time zone."""
    return time_format(at.astimezone(zone(tz)).time(), "H:i")


@register.filter
def local(at: datetime, tz: str) -> str:
    """A moment with its day, in a placement's time zone."""
    return date_format(at.astimezone(zone(tz)), "SHORT_DATETIME_FORMAT")


@register.filter
def local_date(at: datetime, tz: str) -> str:
    """The day of a moment, in a placement's time zone."""
    return date_format(at.astimezone(zone(tz)), "DATE_FORMAT")


@register.simple_tag
def state_tag(state: str) -> SafeString:
    """Where an entry stands: a word with a drawing."""
    word, drawing, css_class = STATES[EntryState(state)]
    return format_html('<span class="{}">{} {}</span>', css_class, icon(drawing), _(word))


@register.inclusion_tag("practicum/parts/field.html")
def field(bound_field: Any, says_optional: bool = True) -> dict[str, Any]:
    """A form field: label above, help under the label, error under the field.

    Of several in a row ``says_optional`` is false: the word would not fit.
    """
    widget = bound_field.field.widget
    kind = getattr(widget, "input_type", "")
    has_group = kind == "radio" or getattr(widget, "allow_multiple_selected", False)
    is_marked = says_optional and not bound_field.field.required
    return {
        "field": bound_field,
        "is_check": kind == "checkbox",
        "is_group": has_group,
        "is_marked": is_marked,
    }
