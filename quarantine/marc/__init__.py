"""The only gate for MARC records: MARC 21, UNIMARC and COMARC, in every form they come in.

Whatever the form, a record comes out as the lists of :mod:`quarantine.marc.record`, and what
cannot be read raises :class:`MarcRefused` and nothing else. :func:`read_marc` is for uploads of
unknown form, where each record of a file has its own fate; :func:`stream_marc` for files of any
size.
"""

from __future__ import annotations

from collections.abc import Iterator

from quarantine.marc.iso2709 import (
    ENCODINGS,
    RawRecord,
    parse_iso2709,
    split_records,
    write_iso2709,
)
from quarantine.marc.marc8 import decode_marc8
from quarantine.marc.marcjson import parse_marc_json
from quarantine.marc.marcxml import parse_marcxml, write_marcxml
from quarantine.marc.mnemonic import parse_marc_text, write_marc_text
from quarantine.marc.record import (
    DEFAULT_LIMITS,
    TOO_LARGE,
    Field,
    MarcLimits,
    MarcRefused,
    Record,
    check_record,
    is_marc21,
    translated,
)
from quarantine.marc.streams import NO_RECORDS, Outcome, stream_marc
from quarantine.text import TextRefused, decode_text

__all__ = [
    "DEFAULT_LIMITS",
    "ENCODINGS",
    "Field",
    "MarcLimits",
    "MarcRefused",
    "Outcome",
    "RawRecord",
    "Record",
    "check_record",
    "decode_marc8",
    "is_marc21",
    "parse_iso2709",
    "parse_marc_json",
    "parse_marc_text",
    "parse_marcxml",
    "read_marc",
    "split_records",
    "stream_marc",
    "write_iso2709",
    "write_marc_text",
    "write_marcxml",
]


def read_marc(
    data: bytes, *, encoding: str | None = None, limits: MarcLimits = DEFAULT_LIMITS
) -> list[Outcome]:
    """Return what became of each record in a file of ISO 2709, MARCXML, JSON or text.

    In ISO 2709 a damaged record leaves the others whole; the other forms are read as one. Raises
    :class:`MarcRefused` if nothing can be read.
    """
    if len(data) > limits.size:
        raise MarcRefused("marc.too_large", TOO_LARGE, size=len(data), limit=limits.size)
    start = data.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1]
    if b"\x1e" in data:
        outcomes = list(_exchanged(data, encoding, limits))
    elif start == b"<":
        outcomes = [Outcome(record) for record in parse_marcxml(data, limits=limits)]
    elif start in (b"{", b"["):
        outcomes = [Outcome(record) for record in parse_marc_json(data, limits=limits)]
    else:
        outcomes = [Outcome(record) for record in _typed(data, encoding, limits)]
    if not outcomes:
        raise MarcRefused("marc.no_records", NO_RECORDS)
    return outcomes


def _exchanged(data: bytes, encoding: str | None, limits: MarcLimits) -> Iterator[Outcome]:
    for raw in split_records(data, limits):
        try:
            if raw.error:
                raise raw.error
            record = parse_iso2709(raw.data, encoding=encoding, limits=limits)
            yield Outcome(record, offset=raw.offset)
        except MarcRefused as error:
            yield Outcome(None, error, raw.offset)


def _typed(data: bytes, encoding: str | None, limits: MarcLimits) -> list[Record]:
    try:
        return parse_marc_text(decode_text(data, encoding), limits=limits)
    except TextRefused as error:
        raise translated(error) from error
