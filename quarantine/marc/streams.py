"""Files of records of any size, read one record at a time.

:func:`stream_marc` never gives up on a file because of one record: what cannot be read becomes an
outcome with its byte offset, and reading goes on at the next record that can be found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from quarantine.errors import gettext_noop
from quarantine.marc.iso2709 import END, NO_END, parse_iso2709, raw_records
from quarantine.marc.marcjson import parse_marc_json
from quarantine.marc.marcxml import parse_marcxml
from quarantine.marc.mnemonic import parse_marc_text
from quarantine.marc.record import DEFAULT_LIMITS, MarcLimits, MarcRefused, Record, translated
from quarantine.text import TextRefused, decode_text

__all__ = ["Outcome", "stream_marc"]

NO_RECORDS = gettext_noop("There are no records in the file.")
PIECE_TOO_LARGE = gettext_noop("Something here takes more than %(limit)d bytes and is no record.")

BLOCK = 256 * 1024
LONGEST = 4 * BLOCK
"""As much as is kept in memory while the end of a record is looked for."""

_START = re.compile(rb"<(?:[\w.-]+:)?record[\s>]")
_STOP = re.compile(rb"</(?:[\w.-]+:)?record\s*>")
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]*)(?:\s[^<>]*)?>\s*$")
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[{}\[\]]', re.DOTALL)
_LINE = re.compile(rb"[^\n]*\n|[^\n]+$")
_LEADER_LINE = re.compile(rb"\s*=?(?:LDR|000)\b")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")


class Outcome(NamedTuple):
    """What became of one record of a file: the ``record``, or the ``error`` that stopped it.

    ``offset`` is the place of its first byte in the file.
    """

    record: Record | None
    error: MarcRefused | None = None
    offset: int = 0


class _Window:
    """The part of a file that is being looked at; ``offset`` is where it begins."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.data = b""
        self.offset = 0
        self.line = 1
        self.is_last = False

    def grow(self) -> bool:
        """Read on; tell whether there was anything."""
        block = self._file.read(BLOCK)
        self.is_last = not block
        self.data += block
        return bool(block)

    def drop(self, size: int) -> None:
        """Leave that many bytes behind."""
        self.offset += size
        self.data = self.data[size:]

    def drop_lines(self, size: int) -> None:
        """Leave that many bytes of text behind."""
        self.line += self.data.count(b"\n", 0, size)
        self.drop(size)

    def read_all(self, limit: int) -> bytes:
        """Return the rest of the file, or more than ``limit`` bytes of it."""
        while len(self.data) <= limit and self.grow():
            pass
        return self.data


def stream_marc(
    file: BinaryIO, *, encoding: str | None = None, limits: MarcLimits = DEFAULT_LIMITS
) -> Iterator[Outcome]:
    """Yield what becomes of each record in a file of ISO 2709, MARCXML, JSON or text.

    JSON may be one record, an array of them, or a record a line. ``encoding`` is for ISO 2709 and
    text; without it UTF-8, MARC-8 and windows-1251 are told apart record by record. Of ``limits``
    those of one record count, and the size of a document that cannot be taken apart. Raises
    :class:`MarcRefused` if there are no records at all.
    """
    window = _Window(file)
    window.grow()
    start = window.data.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1]
    if b"\x1e" in window.data:
        outcomes = _exchanged(window, encoding, limits)
    elif start == b"<":
        outcomes = _marked_up(window, limits)
    elif start in (b"{", b"["):
        outcomes = _in_json(window, limits)
    else:
        outcomes = _typed(window, encoding, limits)
    is_empty = True
    for outcome in outcomes:
        is_empty = False
        yield outcome
    if is_empty:
        raise MarcRefused("marc.no_records", NO_RECORDS)


def _exchanged(window: _Window, encoding: str | None, limits: MarcLimits) -> Iterator[Outcome]:
    while window.data or window.grow():
        end = window.data.rfind(END) + 1
        if not end and window.grow():
            if len(window.data) > LONGEST:
                yield Outcome(None, MarcRefused("marc.no_end", NO_END), window.offset)
                window.drop(len(window.data) - limits.record)
            continue
        size = end or len(window.data)
        for raw in raw_records(window.data[:size], limits):
            offset = window.offset + raw.offset
            try:
                if raw.error:
                    raise raw.error
                record = parse_iso2709(raw.data, encoding=encoding, limits=limits)
                yield Outcome(record, offset=offset)
            except MarcRefused as error:
                yield Outcome(None, error, offset)
        window.drop(size)


def _marked_up(window: _Window, limits: MarcLimits) -> Iterator[Outcome]:
    """Read MARCXML record by record, each inside the beginning and end of the whole document."""
    first = _START.search(window.data)
    if window.data.startswith(_WIDE) or not first:
        yield from _whole(window, limits, lambda data: parse_marcxml(data, limits=limits))
        return
    head = window.data[: first.start()]
    root = _ROOT.search(_COMMENT.sub(b"", head))
    tail = b"</" + root[1] + b">" if root else b""
    if root:
        parse_marcxml(head + tail, limits=limits)
    window.drop_lines(len(head))
    lines = head.count(b"\n")
    while window.data or window.grow():
        start, stop = _START.search(window.data), _STOP.search(window.data)
        if not stop and window.grow():
            if len(window.data) > LONGEST:
                yield _too_large(window)
                return
            continue
        if not start:
            return
        size = stop.end() if stop else len(window.data)
        # A record without its end must not swallow the next one.
        following = _START.search(window.data, start.end(), size)
        if following:
            size = following.start()
        piece, before = (
            window.data[start.start() : size],
            window.data.count(b"\n", 0, start.start()),
        )
        offset = window.offset + start.start()
        try:
            for record in parse_marcxml(head + piece + tail, limits=limits):
                yield Outcome(record, offset=offset)
        except MarcRefused as error:
            if error.line:
                error.line += window.line + before - 1 - lines
            yield Outcome(None, error, offset)
        window.drop_lines(size)


def _in_json(window: _Window, limits: MarcLimits) -> Iterator[Outcome]:
    start = re.match(rb"(?:\xef\xbb\xbf)?\s*(\[?)\s*([\[{]?)\s*(\[?)", window.data)
    is_list = start is not None and start[1] and (start[2] == b"{" or start[3] == b"[")
    if start is None or (start[1] and not is_list):
        yield from _whole(window, limits, lambda data: parse_marc_json(data, limits=limits))
        return
    window.drop_lines(start.start(2) if is_list else window.data.find(b"{"))
    while window.data or window.grow():
        first = re.search(rb"[{\[]", window.data)
        end = _end_of_value(window.data, first.start()) if first else 0
        if not end and window.grow():
            if len(window.data) > LONGEST:
                yield _too_large(window)
                return
            continue
        if not first:
            return
        size = end or len(window.data)
        offset = window.offset + first.start()
        try:
            for record in parse_marc_json(window.data[first.start() : size], limits=limits):
                yield Outcome(record, offset=offset)
        except MarcRefused as error:
            if error.line:
                before = window.data.count(b"\n", 0, first.start())
                error.line += window.line + before - 1
            yield Outcome(None, error, offset)
        window.drop_lines(size)


def _end_of_value(data: bytes, start: int) -> int:
    """Return the place after the object or array that begins at ``start``; 0 if it has no end."""
    depth = 0
    for token in _TOKEN.finditer(data, start):
        if token[0] in (b"{", b"["):
            depth += 1
        elif token[0] in (b"}", b"]"):
            depth -= 1
            if not depth:
                return token.end()
    return 0


def _typed(window: _Window, encoding: str | None, limits: MarcLimits) -> Iterator[Outcome]:
    """Read text record by record: up to a blank line, or to the next leader."""
    if window.data.startswith(_WIDE):
        yield from _whole(window, limits, lambda data: _from_text(data, encoding, limits))
        return
    while window.data or window.grow():
        size = _end_of_lines(window.data)
        if not size and window.grow():
            if len(window.data) > LONGEST:
                yield _too_large(window)
                return
            continue
        size = size or len(window.data)
        piece = window.data[:size]
        if piece.strip(b"\xef\xbb\xbf \t\r\n"):
            try:
                for record in _from_text(piece, encoding, limits):
                    yield Outcome(record, offset=window.offset)
            except MarcRefused as error:
                if error.line:
                    error.line += window.line - 1
                yield Outcome(None, error, window.offset)
        window.drop_lines(size)


def _end_of_lines(data: bytes) -> int:
    """Return the place after the lines of the first record; 0 if that cannot be told yet."""
    has_lines = False
    for line in _LINE.finditer(data):
        if not line[0].strip():
            if has_lines:
                return line.end()
        elif has_lines and _LEADER_LINE.match(line[0]):
            return line.start()
        else:
            has_lines = True
    return 0


def _from_text(data: bytes, encoding: str | None, limits: MarcLimits) -> list[Record]:
    try:
        return parse_marc_text(decode_text(data, encoding), limits=limits)
    except TextRefused as error:
        raise translated(error) from error


def _whole(
    window: _Window, limits: MarcLimits, parse: Callable[[bytes], list[Record]]
) -> Iterator[Outcome]:
    """Read a document that cannot be taken apart; a fault is one of the whole."""
    for record in parse(window.read_all(limits.size)):
        yield Outcome(record)


def _too_large(window: _Window) -> Outcome:
    error = MarcRefused("marc.piece_too_large", PIECE_TOO_LARGE, limit=LONGEST)
    return Outcome(None, error, window.offset)
