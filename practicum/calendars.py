"""A calendar in the form that calendar programs subscribe to (iCalendar, RFC 5545). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LINE = 75  # octets, without the end of the line


@dataclass(frozen=True, slots=True)
class Event:
    """A stretch of time, or a whole day (``end`` unused then), with what it is."""

    id: str
    start: datetime | date
    end: datetime | None
    title: str
    place: str = ""
    text: str = ""


def write_calendar(name: str, events: Iterable[Event], made_at: datetime) -> str:
    """The calendar as text, lines folded at 75 octets and ended by CR LF."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Library School//Practicum//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
    ]
    for event in events:
        lines += _event(event, made_at)
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) for line in lines)


def _event(event: Event, made_at: datetime) -> list[str]:
    lines = ["BEGIN:VEVENT", f"UID:{_escaped(event.id)}", f"DTSTAMP:{_utc(made_at)}"]
    if isinstance(event.start, datetime):
        lines.append(f"DTSTART:{_utc(event.start)}")
        if event.end is not None:
            lines.append(f"DTEND:{_utc(event.end)}")
    else:
        lines.append(f"DTSTART;VALUE=DATE:{event.start:%Y%m%d}")
        lines.append(f"DTEND;VALUE=DATE:{event.start + timedelta(days=1):%Y%m%d}")
        lines.append("TRANSP:TRANSPARENT")
    lines.append(f"SUMMARY:{_escaped(event.title)}")
    if event.place:
        lines.append(f"LOCATION:{_escaped(event.place)}")
    if event.text:
        lines.append(f"DESCRIPTION:{_escaped(event.text)}")
    return [*lines, "END:VEVENT"]


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    kept = "".join(one for one in text if one in "\n\t" or one.isprintable())
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        kept = kept.replace(plain, written)
    return kept


def _folded(line: str) -> str:
    """The line in pieces of at most 75 octets, none of which splits a character."""
    pieces, piece, size = [], "", 0
    for letter in line:
        width = len(letter.encode())
        if size + width > LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + letter, size + width
    return "\r\n".join([*pieces, piece]) + "\r\n"
