"""What each kind of uploaded file looks like inside; see :mod:`quarantine.files`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lxml import etree

from quarantine.errors import Refused, gettext_noop
from quarantine.json import parse_json
from quarantine.marc import read_marc
from quarantine.text import decode_text
from quarantine.xml import parse_xml
from quarantine.zips import open_zip

__all__ = ["KINDS", "FileRefused", "Kind"]


class FileRefused(Refused):
    """An uploaded file that is too large, of a kind not asked for, or not what it claims."""


SVG = "{http://www.w3.org/2000/svg}"
OUTWARD = re.compile(r"url\((?!\s*['\"]?#)|@import|\\")
DRAWING_WORDS = (
    "a circle clippath defs desc ellipse feblend fecolormatrix fecomposite fegaussianblur "
    "femerge femergenode feoffset filter g image line lineargradient marker mask metadata path "
    "pattern polygon polyline radialgradient rect stop style svg switch symbol text textpath "
    "title tspan use"
)
DRAWING = frozenset(DRAWING_WORDS.split())


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its extensions, the media type it is served as, and the look inside."""

    extensions: tuple[str, ...]
    media_type: str
    check: Callable[[bytes], None]


def _disguised(template: str) -> FileRefused:
    return FileRefused("file.disguised", template)


def _pdf(data: bytes) -> None:
    if not data.startswith((b"%PDF-1.", b"%PDF-2.")) or b"%%EOF" not in data[-1024:]:
        raise _disguised(gettext_noop("The file is no complete PDF document."))
    if b"/JavaScript" in data or b"/Launch" in data:
        raise _disguised(gettext_noop("The PDF document has scripts in it."))
    _nothing_else(data)


def _png(data: bytes) -> None:
    if not data.startswith(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"):
        raise _disguised(gettext_noop("The file is no PNG picture."))
    place = 8
    while place + 12 <= len(data):
        kind = data[place + 4 : place + 8]
        place += 12 + int.from_bytes(data[place : place + 4], "big")
        if kind == b"IEND":
            break
    else:
        kind = b""
    if kind != b"IEND" or place != len(data):
        raise _disguised(gettext_noop("The PNG picture does not end where it should."))
    _nothing_else(data)


def _jpeg(data: bytes) -> None:
    if not data.startswith(b"\xff\xd8\xff") or not data.rstrip(b"\0").endswith(b"\xff\xd9"):
        raise _disguised(gettext_noop("The file is no complete JPEG picture."))
    _nothing_else(data)


def _gif(data: bytes) -> None:
    if not data.startswith((b"GIF87a", b"GIF89a")) or not data.rstrip(b"\0").endswith(b";"):
        raise _disguised(gettext_noop("The file is no complete GIF picture."))
    _nothing_else(data)


def _webp(data: bytes) -> None:
    size = 8 + int.from_bytes(data[4:8], "little")
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or len(data) - size not in (0, 1):
        raise _disguised(gettext_noop("The file is no complete WebP picture."))
    _nothing_else(data)


def _nothing_else(data: bytes) -> None:
    """Refuse a file that is another one as well, to a browser, a server or an archiver."""
    folded = data.lower()
    if any(mark in folded for mark in (b"<script", b"<?php", b"<!doctype", b"<html", b"<iframe")):
        raise _disguised(gettext_noop("The file has a program or a web page in it."))
    if b"PK\x05\x06" in data[-65_557:] or b"PK\x03\x04" in data[:1024]:
        raise _disguised(gettext_noop("The file has an archive in it."))
    if b"%PDF-" in data[1:1024]:
        raise _disguised(gettext_noop("The file has a PDF document in it."))


def _text(data: bytes) -> None:
    start = decode_text(data).lstrip()[:64].lower()
    if start.startswith(("<!doctype", "<html", "<head", "<script", "<svg", "<?", "#!", "%pdf")):
        raise _disguised(gettext_noop("The file is a program or a web page, not plain text."))


def _xml(data: bytes) -> None:
    root = parse_xml(data, limit=max(len(data), 1)).tag.lower()
    if root.rpartition("}")[2] in ("svg", "html", "stylesheet", "transform"):
        raise _disguised(gettext_noop("The file is a picture, a page or a program written in XML."))


def _svg(data: bytes) -> None:
    """A drawing that only draws: nothing in it acts, or asks another server for anything."""
    root = parse_xml(data, limit=max(len(data), 1))
    if root.tag not in (SVG + "svg", "svg"):
        raise _disguised(gettext_noop("The file is no SVG picture."))
    for element in root.iter(etree.Element):
        name = str(element.tag).removeprefix(SVG).lower()
        if "{" in name or name not in DRAWING:
            raise FileRefused(
                "file.active",
                gettext_noop("The SVG picture has a part that may not be in one: %(name)s."),
                name=name.rpartition("}")[2],
            )
        if name == "style":
            _check_attribute("style", (element.text or "").lower())
        for attribute, value in element.attrib.items():
            _check_attribute(str(attribute).rpartition("}")[2].lower(), str(value).lower())


def _check_attribute(name: str, value: str) -> None:
    links_out = name == "href" and not value.strip().startswith(("#", "data:image/"))
    if name.startswith("on") or links_out or OUTWARD.search(value):
        raise FileRefused(
            "file.active",
            gettext_noop("The SVG picture has an attribute that may not be in one: %(name)s."),
            name=name,
        )


def _json(data: bytes) -> None:
    parse_json(data, limit=max(len(data), 1))


def _office(part: str) -> Callable[[bytes], None]:
    def check(data: bytes) -> None:
        with open_zip(data) as archive:
            if not {part, "[Content_Types].xml"} <= set(archive.namelist()):
                raise _disguised(
                    gettext_noop("The file is not the kind of document that its name says.")
                )
        _ends_as_zip(data)

    return check


def _odt(data: bytes) -> None:
    with open_zip(data) as archive:
        first = archive.infolist()[:1]
        kind = archive.read(first[0]) if first and first[0].filename == "mimetype" else b""
    if not kind.startswith(b"application/vnd.oasis.opendocument.text"):
        raise _disguised(gettext_noop("The file is not the kind of document that its name says."))
    _ends_as_zip(data)


def _ends_as_zip(data: bytes) -> None:
    end = data.rfind(b"PK\x05\x06")
    if end < 0 or len(data) != end + 22 + int.from_bytes(data[end + 20 : end + 22], "little"):
        raise _disguised(gettext_noop("There is something behind the end of the document."))


def _marc(data: bytes) -> None:
    if not data[:5].isdigit() or b"\x1e" not in data:
        raise _disguised(gettext_noop("The file holds no MARC records."))
    read_marc(data)


def _archive(data: bytes) -> None:
    if not data.startswith(b"\x1f\x8b\x08"):
        raise _disguised(gettext_noop("The file is no .tar.gz archive."))


_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS: Mapping[str, Kind] = {
    "pdf": Kind(("pdf",), "application/pdf", _pdf),
    "png": Kind(("png",), "image/png", _png),
    "jpeg": Kind(("jpg", "jpeg"), "image/jpeg", _jpeg),
    "gif": Kind(("gif",), "image/gif", _gif),
    "webp": Kind(("webp",), "image/webp", _webp),
    "svg": Kind(("svg",), "image/svg+xml", _svg),
    "txt": Kind(("txt", "md", "mrk"), "text/plain; charset=utf-8", _text),
    "csv": Kind(("csv", "tsv"), "text/csv; charset=utf-8", _text),
    "xml": Kind(("xml",), "application/octet-stream", _xml),
    "json": Kind(("json",), "application/json", _json),
    "xlsx": Kind(("xlsx",), _OFFICE + "spreadsheetml.sheet", _office("xl/workbook.xml")),
    "docx": Kind(("docx",), _OFFICE + "wordprocessingml.document", _office("word/document.xml")),
    "odt": Kind(("odt",), "application/vnd.oasis.opendocument.text", _odt),
    "mrc": Kind(("mrc", "iso", "dat"), "application/marc", _marc),
    "tar.gz": Kind(("tar.gz", "tgz"), "application/gzip", _archive),
}
