"""The small words of the site's templates: icons, percentages, dates."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from delivery.access import Visit
from delivery.models import CourseImport
from delivery.outline import Opening
from delivery.progress import DONE, SOME, TODO

register = template.Library()

ICONS = "delivery/icons.svg"
STATE_WORDS = {
    DONE: gettext_noop("Done:"),
    SOME: gettext_noop("Begun:"),
    TODO: gettext_noop("To do:"),
}


@register.simple_tag
@lru_cache(maxsize=128)
def icon(name: str) -> SafeString:
    """A drawing from the icon sheet. It is decoration: the words beside it carry the meaning."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><use href="{}#{}"/></svg>',
        static(ICONS),
        name,
    )


@register.filter
def percent(ratio: float | None) -> str:
    """A ratio (0-1) as a whole percentage, rounded down, so that only the whole is 100 %."""
    # The small favour undoes binary fractions: 0.29 * 100 is 28.999999999999996.
    whole = int((ratio or 0.0) * 100 + 1e-9)
    return _("%(number)s %%") % {"number": number_format(whole, use_l10n=True)}


@register.filter
def points(value: float | None) -> str:
    """Points without needless decimals, in the reader's way of writing numbers."""
    rounded = round(value or 0.0, 2)
    return number_format(int(rounded) if rounded == int(rounded) else rounded, use_l10n=True)


@register.filter
def moment(value: datetime | None) -> str:
    """A date with its time, in the reader's language and the site's time zone."""
    if value is None:
        return ""
    return date_format(timezone.localtime(value), "DATETIME_FORMAT")


@register.filter
def day(value: datetime | None) -> str:
    """A date, in the reader's language."""
    return date_format(timezone.localtime(value), "DATE_FORMAT") if value else ""


@register.inclusion_tag("parts/field.html")
def field(bound_field: Any) -> dict[str, Any]:
    """A form field: label above, help under the label, error under the field."""
    widget = bound_field.field.widget
    kind = getattr(widget, "input_type", "")
    has_group = kind == "radio" or getattr(widget, "allow_multiple_selected", False)
    return {"field": bound_field, "is_check": kind == "checkbox", "is_group": has_group}


@register.simple_tag
@lru_cache(maxsize=20_000)
def unit_url(course_key: str, usage_key: str) -> str:
    """The address of a page of a course. Pages link to many, and working one out takes time."""
    return reverse("unit", args=[course_key, usage_key])


@register.simple_tag
def state_mark(state: str, usage_key: str = "") -> SafeString:
    """Whether something is done: a drawing, and the word for it to those who cannot see it.

    With a ``usage_key`` the page's script can find the mark and change it.
    """
    return _draw_state(state, _(STATE_WORDS[state]), usage_key)


@lru_cache(maxsize=5_000)
def _draw_state(state: str, word: str, usage_key: str) -> SafeString:
    return format_html(
        '<span class="state state-{}"{}>{}<span class="visually-hidden">{}</span></span>',
        state,
        format_html(' data-unit-state="{}"', usage_key) if usage_key else "",
        icon(state),
        word,
    )


@register.simple_tag
def opening_note(opening: Opening, sees_all: bool) -> SafeString:
    """When a part of a course opens, if it is not open to all yet."""
    if opening.staff_only:
        return _note("eye", _("for the staff alone"), "tag tag-warn")
    if opening.at is None or opening.at <= timezone.now():
        return SafeString("")
    if sees_all:
        said = _("opens %(when)s: trainees do not see this yet") % {"when": day(opening.at)}
        return _note("clock", said, "tag tag-warn")
    return _note("clock", _("opens %(when)s") % {"when": moment(opening.at)}, "tag")


def _note(drawing: str, said: str, css_class: str) -> SafeString:
    return format_html('<span class="{}">{} {}</span>', css_class, icon(drawing), said)


@register.filter
def timezone_name(value: datetime) -> str:
    """The short name of the time zone in which a date is shown."""
    return timezone.localtime(value).tzname() or ""


@register.simple_tag
def import_of(visit: Visit) -> CourseImport | None:
    """The upload that brought a previewed version and waits to be published, if there is one."""
    ready = CourseImport.objects.filter(version=visit.version_id, state=CourseImport.State.READY)
    return ready.first()


@register.filter
def block_id(usage_key: str) -> str:
    """The last part of a usage key, by which links inside a course name a block."""
    return usage_key.rpartition("@")[2]
