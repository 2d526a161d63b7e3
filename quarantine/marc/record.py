"""What a MARC record is to us, and what every reader of one checks.

A record is a list of fields in their order: ``["LDR", value]`` first where there is a leader,
``[tag, value]`` for control fields (``00X``), ``[tag, indicators, [[code, value], ...]]`` for the
others. Indicators are two characters, blanks being spaces. MARC 21, UNIMARC and COMARC look alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, TypeAlias

from quarantine.errors import Refused, gettext_noop

__all__ = [
    "DEFAULT_LIMITS",
    "Field",
    "MarcLimits",
    "MarcRefused",
    "Record",
    "check_record",
    "is_marc21",
    "translated",
]

Field: TypeAlias = list[Any]
Record: TypeAlias = list[Field]

TOO_LARGE = gettext_noop("The records take %(size)d bytes; the limit is %(limit)d.")
TOO_MANY_RECORDS = gettext_noop("There are more than %(limit)d records.")
TOO_MANY_FIELDS = gettext_noop("The record has more than %(limit)d fields.")
EMPTY = gettext_noop("The record has no fields.")
SHAPE = gettext_noop("A field is not of the form tag, indicators, subfields.")
TAG = gettext_noop("%(tag)s is not a tag: three letters or digits are needed.")
INDICATORS = gettext_noop("The field needs two indicators, but has %(found)s.")
CODE = gettext_noop("%(found)s is not a subfield code: one letter or digit is needed.")
NO_SUBFIELDS = gettext_noop("The field has no subfields.")
LEADER = gettext_noop("The leader must be 24 characters of plain text.")
CHARACTER = gettext_noop("The field has a character that is no text: %(character)s.")

_NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x87\x8a-\x97\x99-\x9b\x9d-\x9f\ud800-\udfff\ufffe\uffff]")


class MarcRefused(Refused):
    """A record or file that cannot be read as MARC; ``where`` names the field (``245[0]``)."""


@dataclass(frozen=True, slots=True)
class MarcLimits:
    """How much a file of records may hold; sizes are in bytes."""

    size: int = 2 * 1024 * 1024
    record: int = 99_999
    records: int = 1_000
    fields: int = 8_000


DEFAULT_LIMITS = MarcLimits()


def check_record(record: Record, limits: MarcLimits = DEFAULT_LIMITS) -> Record:
    """Return ``record`` in its regular form, as fresh lists; raise if it has none.

    Tabs and line ends become spaces. The bytes that mark what sorting passes over (U+0098 and
    U+009C) stay. Raises :class:`MarcRefused`.
    """
    if not record:
        raise MarcRefused("marc.empty", EMPTY)
    if len(record) > limits.fields:
        raise MarcRefused("marc.too_many_fields", TOO_MANY_FIELDS, limit=limits.fields)
    seen: dict[str, int] = {}
    return [_checked_field(field, seen) for field in record]


def is_marc21(record: Record) -> bool:
    """Tell MARC 21 from the UNIMARC family, whose title is in 200 rather than 245."""
    tags = {field[0] for field in record}
    return "245" in tags or not tags & {"200", "801"}


def translated(error: Refused) -> MarcRefused:
    """Return the refusal of another gate as one of this gate."""
    refusal = MarcRefused(error.code, error.template, where=error.where, line=error.line)
    refusal.params = error.params
    return refusal


def _checked_field(field: Field, seen: dict[str, int]) -> Field:
    tag = field[0] if isinstance(field, list) and len(field) in (2, 3) else None
    if not isinstance(tag, str) or not all(isinstance(part, str) for part in field[:2]):
        raise MarcRefused("marc.shape", SHAPE)
    if not (len(tag) == 3 and tag.isascii() and tag.isalnum()):
        raise MarcRefused("marc.tag", TAG, tag=ascii(tag)[:20])
    where = f"{tag}[{seen.get(tag, 0)}]"
    seen[tag] = seen.get(tag, 0) + 1
    if tag == "LDR" or tag.startswith("00"):
        return _checked_control(field, where)
    if len(field) != 3 or not isinstance(field[2], list):
        raise MarcRefused("marc.shape", SHAPE, where=where)
    # Some programs export their sign for a blank.
    indicators = field[1].replace("\\", " ")
    if not re.fullmatch("[ -~]{2}", indicators):
        raise MarcRefused("marc.indicators", INDICATORS, where=where, found=ascii(field[1])[:20])
    if not field[2]:
        raise MarcRefused("marc.no_subfields", NO_SUBFIELDS, where=where)
    return [tag, indicators, [_checked_subfield(subfield, where) for subfield in field[2]]]


def _checked_control(field: Field, where: str) -> Field:
    if len(field) != 2:
        raise MarcRefused("marc.shape", SHAPE, where=where)
    if field[0] == "LDR" and not re.fullmatch("[ -~]{24}", field[1]):
        raise MarcRefused("marc.leader", LEADER, where="LDR")
    return [field[0], _checked_value(field[1], where)]


def _checked_subfield(subfield: Any, where: str) -> list[str]:
    if (
        not isinstance(subfield, list)
        or len(subfield) != 2
        or not all(isinstance(part, str) for part in subfield)
    ):
        raise MarcRefused("marc.shape", SHAPE, where=where)
    code, value = subfield
    if not re.fullmatch("[!-#%-~]", code):
        raise MarcRefused("marc.code", CODE, where=where, found=ascii(code)[:20])
    return [code, _checked_value(value, f"{where}${code}")]


def _checked_value(value: str, where: str) -> str:
    if value.isprintable():
        return value
    value = re.sub("[\t\r\n]", " ", value)
    bad = _NOT_TEXT.search(value)
    if bad:
        raise MarcRefused("marc.character", CHARACTER, where=where, character=ascii(bad[0]))
    return value
