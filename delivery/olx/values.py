"""Dates, lengths of time and weights in attributes, checked and put into one form."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from typing import Any

DATES = frozenset(
    ["start", "due", "end", "enrollment_start", "enrollment_end", "certificate_available_date"]
)
DURATIONS = frozenset({"graceperiod"})
WEIGHTS = frozenset({"weight"})

# xmodule.fields.Timedelta
_DURATION = re.compile(
    r"(?:(?P<days>\d{1,6}) days?\s*)?(?:(?P<hours>\d{1,6}) hours?\s*)?"
    r"(?:(?P<minutes>\d{1,6}) minutes?\s*)?(?:(?P<seconds>\d{1,6}) seconds?)?\s*"
)


class BadValue(ValueError):
    """An attribute that is not what it must be; ``code`` names the kind of problem."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def unquote(text: str) -> str:
    """The text of an attribute that may be a JSON string: ``"2026-01-02"`` with its quotes."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        try:
            return str(json.loads(text))
        except ValueError:
            return text.strip('"')
    return text


def normalise(attribute: str, text: str) -> str:
    """An attribute's value in its usual form, or unchanged; empty if it sets nothing.

    Raises :class:`BadValue` for a date, length of time or weight that cannot be read.
    """
    if attribute in DATES:
        return _date(unquote(text))
    if attribute in DURATIONS:
        return _duration(unquote(text))
    if attribute in WEIGHTS:
        return _weight(unquote(text))
    return text


def _date(text: str) -> str:
    if text in {"", "null"}:
        return ""
    try:
        moment = dt.datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment
        moment = moment.astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise BadValue("value.date") from error
    return moment.strftime("%Y-%m-%dT%H:%M:%S").zfill(19) + "Z"


def _duration(text: str) -> str:
    if text in {"", "null"}:
        return ""
    if not _DURATION.fullmatch(text):
        raise BadValue("value.duration")
    return text


def _weight(text: str) -> str:
    if text in {"", "null"}:
        return ""
    try:
        weight = float(text)
    except ValueError as error:
        raise BadValue("value.weight") from error
    if not math.isfinite(weight) or weight < 0:
        raise BadValue("value.weight")
    return text


def as_attribute(value: Any) -> str:
    """A JSON value in the form of an attribute: text as it is, all else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
