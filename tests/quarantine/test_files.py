from __future__ import annotations

import gzip
import hashlib
import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarantine.errors import Refused
from quarantine.files import (
    DOWNLOAD_HEADERS,
    KINDS,
    download_headers,
    inspect_upload,
    safe_name,
)
from quarantine.marc import write_iso2709
from quarantine.tables import write_xlsx

EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}" + "$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*chunks: bytes) -> bytes:
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
        + b"".join(chunks)
        + chunk(b"IDAT", zlib.compress(b"\0\0"))
        + chunk(b"IEND", b"")
    )


def document(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


TYPES = {"[Content_Types].xml": b"<Types/>"}
PNG = png()
PDF = b"%PDF-1.7\n1 0 obj<</OpenAction 2 0 R>>endobj\nstartxref\n0\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xd9"
GIF = b"GIF89a\x01\0\x01\0\0\0\0;"
WEBP = b"RIFF" + struct.pack("<I", 12) + b"WEBPVP8 \0\0\0\0"
DOCX = document({**TYPES, "word/document.xml": b"<d/>"})
ODT = document({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<d/>"})
MRC = write_iso2709([["245", "10", [["a", "Judita"]]]])

SVG = (
    b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><style>.a{fill:url(#g)}</style>"
    b"<linearGradient id='g'/><path class='a' d='M0 0h9' /><use href='#g'/>"
    b"<image href='data:image/png;base64,iVBORw0KGgo='/></svg>"
)

GOOD = {
    "plan.pdf": ("pdf", PDF),
    "shelf.PNG": ("png", PNG),
    "shelf.jpeg": ("jpeg", JPEG),
    "shelf.jpg": ("jpeg", JPEG + b"\0\0"),
    "shelf.gif": ("gif", GIF),
    "shelf.webp": ("webp", WEBP),
    "leaf.svg": ("svg", SVG),
    "notes.txt": ("txt", "Čitaonica <b>\n".encode()),
    "hours.csv": ("csv", b"a;b\n1;2\n"),
    "hours.xlsx": ("xlsx", write_xlsx([["x"]])),
    "report.docx": ("docx", DOCX),
    "report.odt": ("odt", ODT),
    "record.xml": ("xml", b"<record/>"),
    "record.json": ("json", b"{}"),
    "records.mrc": ("mrc", MRC),
    "course.tar.gz": ("tar.gz", gzip.compress(b"x")),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_file_that_is_what_it_says_is_let_in(name: str) -> None:
    kind, data = GOOD[name]
    for source in (data, io.BytesIO(data)):
        upload = inspect_upload(name, source, allowed=KINDS)
        assert (upload.kind, upload.size, upload.data) == (kind, len(data), data)
        assert upload.media_type == KINDS[kind].media_type
        assert upload.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("name", GOOD)
def test_no_file_passes_for_another_kind(name: str) -> None:
    kind, data = GOOD[name]
    is_text = kind in ("txt", "csv", "xml", "json", "mrc")
    for other, look in KINDS.items():
        if other == kind or (is_text and other in ("txt", "csv")):
            continue
        with pytest.raises(Refused):
            inspect_upload(f"x.{look.extensions[0]}", data, allowed=[other])


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("x.pdf", b"", "file.empty"),
        ("x.exe", b"MZ", "file.kind"),
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "file.active"),
        ("x.svg", SVG.replace(b"<use", b"<script/><use"), "file.active"),
        ("x.svg", SVG.replace(b"<use", b"<foreignObject/><use"), "file.active"),
        ("x.svg", SVG.replace(b"<use", b"<animate/><use"), "file.active"),
        ("x.svg", SVG.replace(b"'#g'", b"'https://ferns.example/x.svg'"), "file.active"),
        ("x.svg", SVG.replace(b"'#g'", b"'javascript:x'"), "file.active"),
        ("x.svg", SVG.replace(b"'#g'", b"'data:text/html,x'"), "file.active"),
        ("x.svg", SVG.replace(b"url(#g)", b"url(//ferns.example)"), "file.active"),
        ("x.svg", SVG.replace(b".a{", b"@import 'x';.a{"), "file.active"),
        ("x.svg", SVG.replace(b".a{", rb"@\69mport 'x';.a{"), "file.active"),
        ("x.svg", b"<html/>", "file.disguised"),
        ("x.html", b"<script>alert(1)</script>", "file.kind"),
        ("x.php", b"<?php", "file.kind"),
        ("x.pdf.exe", PDF, "file.kind"),
        ("x.pdf ", PDF, "file.kind"),
        ("x", PDF, "file.kind"),
        ("pdf", PDF, "file.kind"),
        ("x.pdf", b"MZ\x90\0", "file.disguised"),
        ("x.pdf", b"\x7fELF", "file.disguised"),
        ("x.pdf", b"<html>%PDF-1.7 %%EOF", "file.disguised"),
        ("x.pdf", b"\n" + PDF, "file.disguised"),
        ("x.pdf", PDF[:-7], "file.disguised"),
        ("x.pdf", PDF + b"<script>alert(1)</script>%%EOF", "file.disguised"),
        ("x.pdf", PDF.replace(b"/OpenAction", b"/JavaScript"), "file.disguised"),
        ("x.pdf", PDF.replace(b"/OpenAction", b"/Launch"), "file.disguised"),
        ("x.pdf", PDF + DOCX + b"%%EOF", "file.disguised"),
        ("x.png", PNG + b"<?php system('id') ?>", "file.disguised"),
        ("x.png", PNG + DOCX, "file.disguised"),
        ("x.png", png(chunk(b"tEXt", b"a\0<script>alert(1)</script>")), "file.disguised"),
        ("x.png", PNG[:-12], "file.disguised"),
        ("x.png", b"\x89PNG\r\n\x1a\n", "file.disguised"),
        ("x.png", JPEG, "file.disguised"),
        ("x.jpg", JPEG[:-2] + b"<?PHP echo 1\xff\xd9", "file.disguised"),
        ("x.jpg", b"\xff\xd8\xff/*" + b"*/=alert(1)", "file.disguised"),
        ("x.jpg", JPEG[:4] + DOCX + b"\xff\xd9", "file.disguised"),
        ("x.gif", b"GIF89a/*<script>*/;", "file.disguised"),
        ("x.gif", b"GIF89a" + DOCX, "file.disguised"),
        ("x.webp", WEBP + b"trailer", "file.disguised"),
        ("x.txt", b"<!DOCTYPE html><script>alert(1)</script>", "file.disguised"),
        ("x.txt", b"\xef\xbb\xbf \n<HTML>", "file.disguised"),
        ("x.txt", b"#!/bin/sh\nrm -rf /", "file.disguised"),
        ("x.txt", b"MZ\x90\0", "text.binary"),
        ("x.csv", b"\x1f\x8b\x08\0", "text.binary"),
        ("x.txt", EICAR.encode(), "file.virus"),
        ("x.pdf", PDF + EICAR.encode(), "file.virus"),
        ("x.xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file.disguised"),
        ("x.xml", b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "file.disguised"),
        ("x.xml", b"<stylesheet xmlns='http://www.w3.org/1999/XSL/Transform'/>", "file.disguised"),
        (
            "x.xml",
            b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
            "xml.doctype",
        ),
        ("x.json", b"{'a': 1}", "json.malformed"),
        ("x.docx", ODT, "file.disguised"),
        ("x.odt", DOCX, "file.disguised"),
        ("x.docx", DOCX + b"MZ", "file.disguised"),
        ("x.docx", b"MZ" + DOCX, "zip.damaged"),
        (
            "x.docx",
            document({**TYPES, "word/document.xml": b"", "word/vbaProject.bin": b""}),
            "zip.macros",
        ),
        ("x.odt", document({"mimetype": b"x", "Basic/x.xml": b"<x/>"}), "zip.macros"),
        ("x.mrc", b"not a record", "file.disguised"),
        ("x.tar.gz", b"PK\x03\x04", "file.disguised"),
        ("x.tgz", b"\x1f\x8b", "file.disguised"),
    ],
)
def test_a_disguised_file_is_refused(name: str, data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        inspect_upload(name, data, allowed=KINDS)
    assert refusal.value.code == code


def test_only_the_kinds_asked_for_are_let_in() -> None:
    with pytest.raises(Refused, match=r"accepted are: \.jpg, \.png"):
        inspect_upload("x.pdf", PDF, allowed={"png", "jpeg"})


def test_no_more_is_read_than_the_limit_allows() -> None:
    class Endless:
        taken = 0

        def read(self, size: int, /) -> bytes:
            self.taken += size
            return b"x" * size

    stream = Endless()
    with pytest.raises(Refused) as refusal:
        inspect_upload("x.txt", stream, allowed=KINDS, limit=1_000_000)
    assert refusal.value.code == "file.too_large"
    assert stream.taken < 1_200_000


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Plan čitaonice.PDF", "Plan čitaonice.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\x.pdf", "x.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\r\nSet-Cookie: x=1.pdf", "a__Set-Cookie_ x=1.pdf"),
        ('a"; filename="b.pdf', "a__ filename=_b.pdf"),
        ("CON.txt", "_CON.txt"),
        ("...", "file"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ("x.pdf. . ", "x.pdf"),
        ("e\u0301.txt", "é.txt"),
        ("a" * 300 + ".pdf", "a" * 96 + ".pdf"),
        ("a\ud800\x00.pdf", "a__.pdf"),
    ],
)
def test_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(codec=None), max_size=200))
def test_any_name_gives_one_line_of_headers_and_a_name_that_stays_put(name: str) -> None:
    safe = safe_name(name)
    assert safe_name(safe) == safe
    assert 0 < len(safe) <= 101
    assert not set(safe) & set('/\\:\r\n"<>|?*')
    for header, value in download_headers(name, "text/plain").items():
        value.encode("ascii")
        assert "\n" not in value
        assert "\r" not in value
        if header == "Content-Disposition":
            assert value.count('"') == 2


def test_downloads_never_run_in_a_page() -> None:
    headers = download_headers("x.pdf", KINDS["pdf"].media_type)
    assert headers["Content-Disposition"].startswith("attachment;")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"].split("; ")
    assert headers.keys() > DOWNLOAD_HEADERS.keys()
    assert not any("html" in kind.media_type for kind in KINDS.values())


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([(name, *look) for name, look in GOOD.items()]), st.data())
def test_any_bytes_are_let_in_or_refused(good: tuple[str, str, bytes], data: st.DataObject) -> None:
    name, _, content = good
    cut = data.draw(st.integers(0, len(content)))
    mutant = content[:cut] + data.draw(st.binary(max_size=64)) + content[cut + 1 :]
    try:
        inspect_upload(name, mutant, allowed=KINDS)
    except Refused as refusal:
        str(refusal).encode()
