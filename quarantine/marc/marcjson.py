"""Records as JSON: MARC-in-JSON, and our own lists."""

from __future__ import annotations

from typing import Any

from quarantine.errors import gettext_noop
from quarantine.json import JsonRefused, parse_json
from quarantine.marc.record import (
    DEFAULT_LIMITS,
    TOO_MANY_RECORDS,
    Field,
    MarcLimits,
    MarcRefused,
    Record,
    check_record,
    translated,
)

__all__ = ["parse_marc_json"]

SHAPE = gettext_noop("The JSON is no MARC record: it needs a leader and a list of fields.")
FIELD = gettext_noop("Field %(number)d of the JSON is not of the form of MARC-in-JSON.")


def parse_marc_json(data: bytes, *, limits: MarcLimits = DEFAULT_LIMITS) -> list[Record]:
    """Return the record or records of a JSON document.

    A record is MARC-in-JSON, ``{"leader": …, "fields": [{"245": {"ind1": …, "ind2": …,
    "subfields": [{"a": …}]}}]}``, or a list in the form of :mod:`quarantine.marc.record`; several
    are a list of those. Raises :class:`MarcRefused`.
    """
    try:
        value = parse_json(data, limit=limits.size)
    except JsonRefused as error:
        raise translated(error) from error
    records = value if _is_many(value) else [value]
    if len(records) > limits.records:
        raise MarcRefused("marc.too_many_records", TOO_MANY_RECORDS, limit=limits.records)
    return [check_record(_record(record), limits) for record in records]


def _is_many(value: Any) -> bool:
    """Tell a list of records from one record that is a list of fields."""
    first = value[0] if isinstance(value, list) and value else None
    return isinstance(first, dict) or bool(
        isinstance(first, list) and first and isinstance(first[0], list)
    )


def _record(value: Any) -> Record:
    if isinstance(value, list):
        return value
    if not isinstance(value, dict) or not isinstance(value.get("fields"), list):
        raise MarcRefused("marc.json_shape", SHAPE)
    leader = [["LDR", value["leader"]]] if "leader" in value else []
    return leader + [_field(field, number) for number, field in enumerate(value["fields"], start=1)]


def _field(value: Any, number: int) -> Field:
    if not isinstance(value, dict) or len(value) != 1:
        raise MarcRefused("marc.json_field", FIELD, number=number)
    ((tag, body),) = value.items()
    if isinstance(body, str):
        return [tag, body]
    try:
        indicators = str(body["ind1"] or " ") + str(body["ind2"] or " ")
        pairs = [[code, text] for subfield in body["subfields"] for code, text in subfield.items()]
    except (AttributeError, KeyError, TypeError) as error:
        raise MarcRefused("marc.json_field", FIELD, number=number) from error
    return [tag, indicators, pairs]
