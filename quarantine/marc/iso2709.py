"""Records as exchanged between libraries: ISO 2709."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from quarantine.errors import gettext_noop
from quarantine.marc.marc8 import decode_marc8
from quarantine.marc.record import (
    DEFAULT_LIMITS,
    TOO_LARGE,
    TOO_MANY_RECORDS,
    Field,
    MarcLimits,
    MarcRefused,
    Record,
    check_record,
    is_marc21,
)
from quarantine.marc.regular import read_regular

__all__ = ["ENCODINGS", "RawRecord", "parse_iso2709", "split_records", "write_iso2709"]

ENCODINGS = ("utf-8", "marc-8", "cp1251")

LENGTH = gettext_noop("The leader says %(said)s bytes, but the record has %(found)d.")
NO_END = gettext_noop("The record has no end mark.")
RECORD_TOO_LARGE = gettext_noop("The record takes %(size)d bytes; the limit is %(limit)d.")
SHORT = gettext_noop("The record is too short to have a leader and a directory.")
BASE = gettext_noop("The leader says that the data begin at %(said)s, which cannot be.")
DIRECTORY = gettext_noop("The directory is damaged at entry %(number)d.")
OUTSIDE = gettext_noop("The directory points outside the record, or twice to the same place.")
FIELD_END = gettext_noop("The field does not end where the directory says.")
NO_CODE = gettext_noop("A subfield has no code.")
ENCODING = gettext_noop("The text is not %(encoding)s; please choose another encoding.")
FIELD_TOO_LARGE = gettext_noop("The field takes more than %(limit)d bytes.")
UNKNOWN_ENCODING = gettext_noop("%(encoding)s is not an encoding that is read here.")

LEADER = 24
ENTRY = 12
MAX_FIELD = 9_999
FIELD, UNIT, END = b"\x1e", b"\x1f", b"\x1d"
BLANK_LEADER = "00000nam a2200000   4500"
# Letters in windows-1251. No Latin text has so many bytes of the upper half together: not in
# MARC-8, where they are accents before a letter, nor in an encoding of Western Europe.
_CYRILLIC_WORD = re.compile(rb"[\xa8\xb8\xc0-\xff]{4}")
# What may stand between records without harm: line ends, padding, the end mark of old systems.
_BETWEEN = b"\r\n\0\x1a"
# A leader, looked for at every byte: what stands before it may end in digits too.
_START = re.compile(rb"(?=[0-9]{5}.{5}[0-9 ]{2}[0-9]{5})", re.DOTALL)


class RawRecord(NamedTuple):
    """The bytes of one record at ``offset`` of a file, and what is wrong with its length if any."""

    offset: int
    data: bytes
    error: MarcRefused | None


def split_records(data: bytes, limits: MarcLimits = DEFAULT_LIMITS) -> Iterator[RawRecord]:
    """Yield the records of a file one by one; damage to one never costs its neighbours.

    A record ends at its end mark, whatever its leader says. Where a mark is missing, the next
    record is found by its own leader. Raises :class:`MarcRefused` if the file is beyond ``limits``.
    """
    if len(data) > limits.size:
        raise MarcRefused("marc.too_large", TOO_LARGE, size=len(data), limit=limits.size)
    for count, raw in enumerate(raw_records(data, limits), start=1):
        if count > limits.records:
            raise MarcRefused("marc.too_many_records", TOO_MANY_RECORDS, limit=limits.records)
        yield raw


def raw_records(data: bytes, limits: MarcLimits) -> Iterator[RawRecord]:
    """Yield the records in ``data``, however many they are; otherwise as :func:`split_records`."""
    place = 0
    while place < len(data):
        end = data.find(END, place) + 1 or len(data)
        for start, stop in _pieces(data, place, end):
            yield RawRecord(start, data[start:stop], _fault(data[start:stop], limits))
        place = end


def _pieces(data: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans of what stands between two end marks: mostly one record."""
    while start < end and data[start] in _BETWEEN:
        start += 1
    if start == end:
        return []
    if _is_whole(data, start, end):
        return [(start, end)]
    window = max(start, end - DEFAULT_LIMITS.record)
    starts = [match.start() for match in _START.finditer(data, window, end)]
    whole = next((place for place in reversed(starts) if _is_whole(data, place, end)), start)
    return [(start, end)] if whole == start else [(start, whole), (whole, end)]


def _is_whole(data: bytes, start: int, end: int) -> bool:
    """Tell whether the leader at ``start`` fits a record that ends at ``end``."""
    said, base_said = data[start : start + 5], data[start + 12 : start + 17]
    if not (said.isdigit() and base_said.isdigit()) or int(said) != end - start:
        return False
    base = int(base_said)
    mark = start + base - 1
    return base % ENTRY == (LEADER + 1) % ENTRY and data[mark : mark + 1] == FIELD


def _fault(record: bytes, limits: MarcLimits) -> MarcRefused | None:
    if len(record) > limits.record:
        return MarcRefused(
            "marc.record_too_large", RECORD_TOO_LARGE, size=len(record), limit=limits.record
        )
    if not record.endswith(END):
        return MarcRefused("marc.no_end", NO_END)
    said = record[:5]
    if not said.isdigit() or int(said) != len(record):
        return MarcRefused(
            "marc.length", LENGTH, where="LDR", said=ascii(said)[2:-1], found=len(record)
        )
    return None


def parse_iso2709(
    data: bytes, *, encoding: str | None = None, limits: MarcLimits = DEFAULT_LIMITS
) -> Record:
    """Return the record in ``data``, which holds exactly one.

    ``encoding`` is one of :data:`ENCODINGS`. Without it, text is UTF-8; what is not, but has words
    of Cyrillic letters in windows-1251, is that; else a MARC 21 record whose leader/09 is blank is
    MARC-8. That byte means nothing in UNIMARC. Raises :class:`MarcRefused`.
    """
    if encoding not in (None, *ENCODINGS):
        raise MarcRefused("marc.encoding", UNKNOWN_ENCODING, encoding=ascii(encoding)[:40])
    fault = _fault(data, limits)
    if fault:
        raise fault
    if encoding != "marc-8" and (record := read_regular(data, encoding or "utf-8", limits)):
        return record
    raw = list(_raw_fields(data))
    leader = _leader(data)
    chosen = encoding or _guess(leader, raw)
    seen: dict[str, int] = {}
    fields = [_parsed(tag, body, chosen, seen) for tag, body in raw]
    return check_record([["LDR", leader], *fields], limits)


def _leader(data: bytes) -> str:
    return data[:LEADER].decode("latin-1")


def _raw_fields(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield tag and bytes of the fields in the order of the directory."""
    if len(data) < LEADER + 2:
        raise MarcRefused("marc.short", SHORT)
    said = data[12:17]
    base = int(said) if _digits(said) else 0
    size = base - 1 - LEADER
    if size < 0 or base >= len(data) or size % ENTRY or data[base - 1 : base] != FIELD:
        raise MarcRefused("marc.base", BASE, where="LDR", said=ascii(said)[2:-1])
    room = len(data) - base - 1
    for number in range(size // ENTRY):
        start = LEADER + ENTRY * number
        entry = data[start : start + ENTRY]
        if not (entry[:3].isalnum() and entry[3:].isdigit()):
            raise MarcRefused("marc.directory", DIRECTORY, number=number + 1)
        tag = entry[:3].decode("ascii")
        begin = base + int(entry[7:])
        end = begin + int(entry[3:7])
        # Fields that overlap would let a small record grow large.
        room -= end - begin
        if end > len(data) - 1 or room < 0:
            raise MarcRefused("marc.outside", OUTSIDE, where=tag)
        body = data[begin:end]
        if body.find(FIELD) != len(body) - 1 or not body:
            raise MarcRefused("marc.field_end", FIELD_END, where=tag)
        yield tag, body[:-1]


def _guess(leader: str, raw: list[tuple[str, bytes]]) -> str:
    text = b"".join(body for _, body in raw)
    may_be_marc8 = leader[9] == " " and is_marc21([[tag, ""] for tag, _ in raw])
    if may_be_marc8 and b"\x1b" in text:
        return "marc-8"
    try:
        text.decode()
    except UnicodeDecodeError:
        if _CYRILLIC_WORD.search(text):
            return "cp1251"
        return "marc-8" if may_be_marc8 else "utf-8"
    return "utf-8"


def _parsed(tag: str, body: bytes, encoding: str, seen: dict[str, int]) -> Field:
    where = f"{tag}[{seen.get(tag, 0)}]"
    seen[tag] = seen.get(tag, 0) + 1
    if tag.startswith("00"):
        return [tag, _decoded(body, encoding, where)]
    indicators, *subfields = body.split(UNIT)
    if not all(subfields):
        raise MarcRefused("marc.no_code", NO_CODE, where=where)
    return [
        tag,
        indicators.decode("latin-1"),
        [
            [chr(subfield[0]), _decoded(subfield[1:], encoding, f"{where}${chr(subfield[0])}")]
            for subfield in subfields
        ],
    ]


def _decoded(data: bytes, encoding: str, where: str) -> str:
    try:
        return decode_marc8(data) if encoding == "marc-8" else data.decode(encoding)
    except UnicodeDecodeError as error:
        raise MarcRefused("marc.encoding", ENCODING, where=where, encoding=encoding) from error
    except MarcRefused as error:
        error.where = where
        raise


def write_iso2709(record: Record) -> bytes:
    """Return ``record`` as one record in UTF-8.

    The leader gets the lengths that are true, and in MARC 21 the mark of Unicode in position 9;
    without a leader there is a plain one. Raises :class:`MarcRefused` for what does not fit.
    """
    record = check_record(record)
    leader = record[0][1] if record[0][0] == "LDR" else BLANK_LEADER
    directory, bodies = bytearray(), bytearray()
    for field in record:
        if field[0] == "LDR":
            continue
        body = _written(field)
        if len(body) > MAX_FIELD:
            raise MarcRefused(
                "marc.field_too_large", FIELD_TOO_LARGE, where=field[0], limit=MAX_FIELD
            )
        directory += f"{field[0]}{len(body):04}{len(bodies):05}".encode("ascii")
        bodies += body
    base = LEADER + len(directory) + 1
    size = base + len(bodies) + 1
    if size > DEFAULT_LIMITS.record:
        raise MarcRefused(
            "marc.record_too_large", RECORD_TOO_LARGE, size=size, limit=DEFAULT_LIMITS.record
        )
    unicode = "a" if is_marc21(record) else leader[9]
    leader = f"{size:05}{leader[5:9]}{unicode}{leader[10:12]}{base:05}{leader[17:]}"
    return b"".join((leader.encode("ascii"), directory, FIELD, bodies, END))


def _written(field: Field) -> bytes:
    if len(field) == 2:
        return f"{field[1]}\x1e".encode()
    subfields = "".join(f"\x1f{code}{value}" for code, value in field[2])
    return f"{field[1]}{subfields}\x1e".encode()


def _digits(data: bytes) -> bool:
    return bool(re.fullmatch(rb"[0-9]+", data))
