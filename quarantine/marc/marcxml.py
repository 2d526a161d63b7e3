"""Records as MARCXML."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lxml import etree

from quarantine.errors import gettext_noop
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
from quarantine.xml import XmlRefused, line_of, parse_xml

__all__ = ["NAMESPACE", "parse_marcxml", "write_marcxml"]

NAMESPACE = "http://www.loc.gov/MARC21/slim"

ROOT = gettext_noop("The XML is no MARCXML: it begins with <%(found)s>.")
ELEMENT = gettext_noop("<%(found)s> has no place in a MARCXML record.")


def parse_marcxml(data: bytes, *, limits: MarcLimits = DEFAULT_LIMITS) -> list[Record]:
    """Return the records of a ``collection`` or ``record``, in whatever namespace it is.

    Raises :class:`MarcRefused`, with the line of the fault in the XML.
    """
    try:
        root = parse_xml(data, limit=limits.size)
    except XmlRefused as error:
        raise translated(error) from error
    found = _name(root)
    if found not in ("collection", "record"):
        raise MarcRefused("marc.xml_root", ROOT, line=line_of(root), found=found[:100])
    elements = [root] if found == "record" else list(root)
    if len(elements) > limits.records:
        raise MarcRefused("marc.too_many_records", TOO_MANY_RECORDS, limit=limits.records)
    return [_record(element, limits) for element in elements]


def write_marcxml(records: Iterable[Record]) -> bytes:
    """Return ``records`` as a MARCXML collection in UTF-8."""
    default: Any = {None: NAMESPACE}
    collection = etree.Element(f"{{{NAMESPACE}}}collection", nsmap=default)
    for record in records:
        element = etree.SubElement(collection, f"{{{NAMESPACE}}}record")
        for field in check_record(record):
            _write_field(element, field)
    return etree.tostring(collection, encoding="utf-8", xml_declaration=True)


def _record(element: etree._Element, limits: MarcLimits) -> Record:
    if _name(element) != "record":
        raise _misplaced(element)
    fields = [_field(child) for child in element]
    try:
        return check_record(fields, limits)
    except MarcRefused as error:
        error.line = error.line or line_of(element)
        raise


def _field(element: etree._Element) -> Field:
    name = _name(element)
    tag = element.get("tag", "")
    if name == "leader":
        return ["LDR", _text(element)]
    if name == "controlfield":
        return [tag, _text(element)]
    if name != "datafield":
        raise _misplaced(element)
    return [
        tag,
        element.get("ind1", " ") + element.get("ind2", " "),
        [[child.get("code", ""), _subfield(child)] for child in element],
    ]


def _subfield(element: etree._Element) -> str:
    if _name(element) != "subfield":
        raise _misplaced(element)
    return _text(element)


def _text(element: etree._Element) -> str:
    for child in element:
        raise _misplaced(child)
    return element.text or ""


def _misplaced(element: etree._Element) -> MarcRefused:
    return MarcRefused(
        "marc.xml_element", ELEMENT, line=line_of(element), found=_name(element)[:100]
    )


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _write_field(record: etree._Element, field: Field) -> None:
    tag = field[0]
    if tag == "LDR":
        etree.SubElement(record, f"{{{NAMESPACE}}}leader").text = field[1]
    elif len(field) == 2:
        etree.SubElement(record, f"{{{NAMESPACE}}}controlfield", tag=tag).text = field[1]
    else:
        ind1, ind2 = field[1]
        element = etree.SubElement(
            record, f"{{{NAMESPACE}}}datafield", tag=tag, ind1=ind1, ind2=ind2
        )
        for code, value in field[2]:
            etree.SubElement(element, f"{{{NAMESPACE}}}subfield", code=code).text = value
