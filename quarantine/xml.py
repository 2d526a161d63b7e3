"""The only place that parses XML from outside.

Everything goes through :func:`parse_xml`, from bytes that were read with a cap, never from a
path: libxml2 unpacks gzip by itself when it opens a file. Whoever needs XML elsewhere calls this
module; a test finds any other parser.
"""

from __future__ import annotations

import codecs
import re
from typing import Any

from lxml import etree

from quarantine.errors import Refused, gettext_noop

__all__ = ["XML_LIMIT", "XmlRefused", "line_of", "parse_fragment", "parse_xml"]

XML_LIMIT = 2 * 1024 * 1024
MAX_NODES = 200_000
MAX_ATTRIBUTES = 64
MAX_DEPTH = 100

TOO_LARGE = gettext_noop("The XML takes %(size)d bytes; the limit is %(limit)d.")
ENCODING = gettext_noop("The XML is in an encoding that is not read here: %(encoding)s.")
UNDECODABLE = gettext_noop("The bytes of the XML are not valid %(encoding)s.")
DOCTYPE = gettext_noop("The XML has a document type declaration, which is not allowed.")
MALFORMED = gettext_noop("The XML is not well-formed: %(reason)s.")
TOO_MANY_NODES = gettext_noop("The XML has more than %(limit)d nodes.")
TOO_MANY_ATTRIBUTES = gettext_noop("An element has more than %(limit)d attributes.")
TOO_DEEP = gettext_noop("Elements are nested more than %(limit)d deep.")
ROOT = gettext_noop("The XML begins with <%(found)s> where <%(expected)s> was expected.")

_CODECS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-16": "utf-16",
    "utf-16le": "utf-16",
    "utf-16be": "utf-16",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "windows-1251": "cp1251",
    "cp1251": "cp1251",
}

_UTF16_START = {
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}
_DECLARATION = re.compile(
    r"<\?xml\s+version\s*=\s*(?:'[^']*'|\"[^\"]*\")"
    r"(?:\s+encoding\s*=\s*(?:'(?P<a>[^']*)'|\"(?P<b>[^\"]*)\"))?[^>]*\?>"
)
_DOCTYPE = re.compile(r"(?:\s++|<!--.*?-->|<\?.*?\?>)*+<!DOCTYPE", re.DOTALL)


class XmlRefused(Refused):
    """XML that is malformed, too large, or says what no course or record needs to say."""


def parse_xml(data: bytes, *, limit: int = XML_LIMIT, root: str | None = None) -> etree._Element:
    """Parse a document and return its root; comments and processing instructions are gone.

    The text around a comment stays, and so does ``sourceline``. ``limit`` is in bytes; ``root``
    is the tag that the document must begin with (``{namespace}name`` where it has one). Raises
    :class:`XmlRefused`, with the line where it is known.
    """
    element = _parse(_decode(data, limit))
    if root is not None and element.tag != root:
        raise XmlRefused("xml.root", ROOT, line=line_of(element), found=element.tag, expected=root)
    return element


def parse_fragment(data: bytes, *, limit: int = XML_LIMIT) -> etree._Element:
    """Parse text and elements that have no common root; they come back inside ``<fragment>``.

    Otherwise as :func:`parse_xml`. An XML declaration in front is skipped.
    """
    text = _decode(data, limit)
    if _DOCTYPE.match(text):
        raise XmlRefused("xml.doctype", DOCTYPE)
    return _parse(f"<fragment>{text}</fragment>")


def line_of(element: etree._Element) -> int | None:
    """Return the line on which ``element`` begins, counted from 1."""
    line: Any = element.sourceline
    return int(line) if line else None


def _decode(data: bytes, limit: int) -> str:
    """Return the text of ``data`` without its declaration, whose line is kept."""
    if len(data) > limit:
        raise XmlRefused("xml.too_large", TOO_LARGE, size=len(data), limit=limit)
    data = data.removeprefix(b"\xef\xbb\xbf")
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise XmlRefused("xml.encoding", ENCODING, encoding="UTF-32")
    start = _UTF16_START.get(data[:2])
    head = data[:400].decode(start or "latin-1", "ignore").removeprefix("\ufeff")
    declared = _DECLARATION.match(head)
    name = ((declared["a"] or declared["b"]) if declared else None) or (
        "utf-16" if start else "utf-8"
    )
    codec = _CODECS.get(name.lower())
    if codec is None or ("16" in codec) != bool(start):
        raise XmlRefused("xml.encoding", ENCODING, encoding=name[:40])
    try:
        text = data.decode(start or codec)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise XmlRefused("xml.undecodable", UNDECODABLE, line=line, encoding=name) from error
    text = text.removeprefix("\ufeff")
    return "\n" * declared[0].count("\n") + text[declared.end() :] if declared else text


def _parse(text: str) -> etree._Element:
    if _DOCTYPE.match(text):
        raise XmlRefused("xml.doctype", DOCTYPE)
    if text.count("<") > 2 * MAX_NODES:
        raise XmlRefused("xml.too_many_nodes", TOO_MANY_NODES, limit=MAX_NODES)
    try:
        element = etree.fromstring(text.encode(), _parser())
    except etree.XMLSyntaxError as error:
        reason = re.sub(r", line \d+, column \d+.*", "", error.msg or "")[:200]
        raise XmlRefused("xml.malformed", MALFORMED, line=error.lineno, reason=reason) from error
    except (etree.LxmlError, ValueError) as error:
        raise XmlRefused("xml.malformed", MALFORMED, reason=str(error)[:200]) from error
    _check(element)
    return element


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        remove_pis=True,
        remove_comments=True,
        collect_ids=False,
    )


def _check(element: etree._Element) -> None:
    document: Any = element.getroottree().docinfo
    if document.doctype:
        raise XmlRefused("xml.doctype", DOCTYPE)
    if _found(element, "count(//*) + count(//text())") > MAX_NODES:
        raise XmlRefused("xml.too_many_nodes", TOO_MANY_NODES, limit=MAX_NODES)
    for crowded in _found(element, f"(//*[count(@*) > {MAX_ATTRIBUTES}])[1]"):
        raise XmlRefused(
            "xml.too_many_attributes",
            TOO_MANY_ATTRIBUTES,
            line=line_of(crowded),
            limit=MAX_ATTRIBUTES,
        )
    for deep in _found(element, f"({'/*' * (MAX_DEPTH + 1)})[1]"):
        raise XmlRefused("xml.too_deep", TOO_DEEP, line=line_of(deep), limit=MAX_DEPTH)


def _found(element: etree._Element, path: str) -> Any:
    return element.xpath(path)
