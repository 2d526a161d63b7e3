"""What the practicum says to people: refusals, problems and figures, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from practicum.data import Problem
from practicum.errors import InvalidEntry, PracticumError
from practicum.models import Absence

MINUTES_OF_HOUR = 60
ABSENCES = dict(Absence.KINDS)


def say(error: PracticumError | Problem) -> str:
    """A refusal or a problem as a sentence."""
    if isinstance(error, InvalidEntry):
        return " ".join(say(problem) for problem in error.problems)
    if not error.params and "%(" in error.template:
        return _(PracticumError.template)  # an outcome keeps the refusal's name, not its details
    template = _(error.template)
    return template % _shown(error.params) if error.params else template


def _shown(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _written(value) for name, value in params.items()}


def _written(value: Any) -> Any:
    """Days and times of the rules come as ISO 8601; they are read in the reader's way."""
    if not isinstance(value, str):
        return value
    try:
        day = date.fromisoformat(value)
    except ValueError:
        pass
    else:
        return date_format(day, "DATE_FORMAT")
    try:
        at = datetime.strptime(value, "%Y-%m-%d %H:%M")  # local to the placement
    except ValueError:
        return _(value) if value else value
    return date_format(at, "SHORT_DATETIME_FORMAT")


def hours(minutes: int) -> str:
    """Minutes as hours and minutes: ``7 h 30 min``."""
    sign = "\N{MINUS SIGN}" if minutes < 0 else ""
    whole, rest = divmod(abs(minutes), MINUTES_OF_HOUR)
    if not rest:
        return sign + _("%(hours)s h") % {"hours": number_format(whole, use_l10n=True)}
    if not whole:
        return sign + _("%(minutes)d min") % {"minutes": rest}
    shown = {"hours": number_format(whole, use_l10n=True), "minutes": rest}
    return sign + _("%(hours)s h %(minutes)d min") % shown
