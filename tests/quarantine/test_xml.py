from __future__ import annotations

import codecs
import gzip
import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from quarantine.xml import XmlRefused, line_of, parse_fragment, parse_xml


def declared(encoding: str, body: str = "<a>ž</a>") -> bytes:
    return f'<?xml version="1.0" encoding="{encoding}"?>{body}'.encode(
        encoding, "xmlcharrefreplace"
    )


def doctype(inner: str, body: str = "<a>&x;</a>") -> bytes:
    return f"<!DOCTYPE a [{inner}]>{body}".encode()


LAUGHS = "".join(
    f'<!ENTITY l{n} "{"".join(f"&l{n - 1};" for _ in range(10))}">' for n in range(1, 10)
)

REFUSED: dict[str, tuple[bytes, str]] = {
    "file entity": (doctype('<!ENTITY x SYSTEM "file:///etc/passwd">'), "xml.doctype"),
    "http entity": (doctype('<!ENTITY x SYSTEM "http://127.0.0.1:9/">'), "xml.doctype"),
    "public entity": (doctype('<!ENTITY x PUBLIC "a" "file:///etc/passwd">'), "xml.doctype"),
    "parameter entity": (doctype('<!ENTITY % x SYSTEM "file:///x.dtd"> %x;'), "xml.doctype"),
    "external DTD": (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "xml.doctype"),
    "public DTD": (
        b'<!DOCTYPE html PUBLIC "-//W3C//DTD" "http://127.0.0.1:9/"><html/>',
        "xml.doctype",
    ),
    "bare doctype": (b"<!DOCTYPE a><a/>", "xml.doctype"),
    "doctype behind a comment": (b"<!-- <a> --> <?x ?>\n<!DOCTYPE a><a/>", "xml.doctype"),
    "doctype in UTF-16": (declared("utf-16", "<!DOCTYPE a><a/>"), "xml.doctype"),
    "billion laughs": (doctype(f'<!ENTITY l0 "ha">{LAUGHS}', "<a>&l9;</a>"), "xml.doctype"),
    "laughs in an attribute": (
        doctype(f'<!ENTITY l0 "ha">{LAUGHS}', '<a b="&l9;"/>'),
        "xml.doctype",
    ),
    "quadratic entity": (
        doctype(f'<!ENTITY x "{"x" * 50_000}">', f"<a>{'&x;' * 50_000}</a>"),
        "xml.doctype",
    ),
    "recursive entity": (doctype('<!ENTITY x "&y;"><!ENTITY y "&x;">'), "xml.doctype"),
    "default attribute": (doctype('<!ATTLIST a b CDATA "c">', "<a/>"), "xml.doctype"),
    "notation": (doctype('<!NOTATION x SYSTEM "file:///bin/sh">', "<a/>"), "xml.doctype"),
    "lower-case doctype": (b"<!doctype a><a/>", "xml.malformed"),
    "unknown entity": (b"<a>&nbsp;</a>", "xml.malformed"),
    "UTF-7": (b'<?xml version="1.0" encoding="UTF-7"?><a>+ADw-b/+AD4-</a>', "xml.encoding"),
    "HZ": (b'<?xml version="1.0" encoding="HZ-GB-2312"?><a/>', "xml.encoding"),
    "ISO-2022-JP": (b"<?xml version='1.0' encoding='ISO-2022-JP'?><a/>", "xml.encoding"),
    "ISO-2022-KR": (b"<?xml version='1.0'\n encoding = 'ISO-2022-KR'?><a/>", "xml.encoding"),
    "GB18030": (declared("gb18030"), "xml.encoding"),
    "Shift JIS": (declared("shift_jis"), "xml.encoding"),
    "KOI8-R": (declared("koi8-r", "<a>ж</a>"), "xml.encoding"),
    "ISO-8859-1": (declared("iso-8859-1"), "xml.encoding"),
    "UTF-32": ('<?xml version="1.0" encoding="UTF-32"?><a/>'.encode("utf-32"), "xml.encoding"),
    "UTF-32 unmarked": ("<a/>".encode("utf-32-be"), "xml.malformed"),
    "EBCDIC": (declared("cp037"), "xml.undecodable"),
    "UTF-8 that is UTF-16": (
        b"\xef\xbb\xbf" + b'<?xml version="1.0" encoding="UTF-16"?><a/>',
        "xml.encoding",
    ),
    "UTF-16 that is UTF-8": (
        codecs.BOM_UTF16_LE + '<?xml version="1.0" encoding="UTF-8"?><a/>'.encode("utf-16-le"),
        "xml.encoding",
    ),
    "broken UTF-8": (b"<a>\n\xc3(</a>", "xml.undecodable"),
    "overlong UTF-8": (b"<a>\xc0\xbcb/></a>", "xml.undecodable"),
    "surrogate in UTF-8": (b"<a>\xed\xa0\x80</a>", "xml.undecodable"),
    "broken windows-1251": (
        b'<?xml version="1.0" encoding="windows-1251"?><a>\x98</a>',
        "xml.undecodable",
    ),
    "gzip": (gzip.compress(b"<a/>"), "xml.undecodable"),
    "NUL": (b"<a>\0</a>", "xml.malformed"),
    "control character": (b"<a>&#1;</a>", "xml.malformed"),
    "empty": (b"", "xml.malformed"),
    "no element": (b"<!-- x -->", "xml.malformed"),
    "two roots": (b"<a/><b/>", "xml.malformed"),
    "unclosed": (b"<a><b></a>", "xml.malformed"),
    "same attribute twice": (b"<a b='1' b='2'/>", "xml.malformed"),
    "undeclared prefix": (b"<a:b/>", "xml.malformed"),
    "declaration inside": (b" <?xml version='1.0'?><a/>", "xml.malformed"),
    "nested 101 deep": (b"<a>" * 101 + b"</a>" * 101, "xml.too_deep"),
    "nested 50,000 deep": (b"<a>" * 50_000, "xml.malformed"),
    "65 attributes": (
        b"<a>\n<b " + b" ".join(b"a%d=''" % n for n in range(65)) + b"/></a>",
        "xml.too_many_attributes",
    ),
    "100,000 attributes": (
        b"<a " + b" ".join(b"a%d=''" % n for n in range(100_000)) + b"/>",
        "xml.too_many_attributes",
    ),
    "300,000 elements": (b"<a>" + b"<b/>" * 300_000 + b"</a>", "xml.too_many_nodes"),
    "500,000 elements": (b"<a>" + b"<b/>" * 500_000 + b"</a>", "xml.too_many_nodes"),
    "name of 60 kB": (b"<" + b"a" * 60_000 + b"/>", "xml.malformed"),
    "beyond 2 MB": (b"<a>" + b"x" * 2 * 1024 * 1024 + b"</a>", "xml.too_large"),
    "comment without end": (b"<a/><!--" + b" <!--" * 300_000, "xml.malformed"),
    "instructions without root": (b"<?x ?>" * 300_000, "xml.malformed"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_xml_is_refused_in_time(name: str) -> None:
    data, code = REFUSED[name]
    start = time.process_time()
    with pytest.raises(XmlRefused) as refusal:
        parse_xml(data)
    assert time.process_time() - start < 1
    assert refusal.value.code == code
    assert "root:" not in str(refusal.value)
    if code != "xml.malformed":
        with pytest.raises(XmlRefused):
            parse_fragment(data)


@pytest.mark.parametrize("encoding", ["utf-8", "UTF-8", "utf-16", "us-ascii", "windows-1251"])
def test_the_encodings_of_courses_are_read(encoding: str) -> None:
    text = "Читальня" if encoding == "windows-1251" else "čitaonica"
    assert parse_xml(declared(encoding, f"<a>{text}</a>")).text == text


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_mark_or_the_first_bytes_tell_unicode_apart(codec: str) -> None:
    assert parse_xml("<a>š</a>".encode(codec)).text == "š"


def test_text_around_comments_stays_and_lines_are_kept() -> None:
    root = parse_xml(
        b'<?xml version="1.0"\n encoding="UTF-8"?>\n'
        b"<a>one<!-- two\n --> three<b/>four<?x y?>five</a>"
    )
    assert etree.tostring(root) == b"<a>one three<b/>fourfive</a>"
    assert (line_of(root), line_of(root[0])) == (3, 4)


def test_a_refusal_names_the_line() -> None:
    with pytest.raises(XmlRefused) as refusal:
        parse_xml(b"<a>\n<b>\n</a>")
    assert refusal.value.line == 3
    with pytest.raises(XmlRefused) as refusal:
        parse_xml(REFUSED["65 attributes"][0])
    assert refusal.value.line == 2


def test_the_root_must_be_the_one_expected() -> None:
    assert parse_xml(b"<course/>", root="course").tag == "course"
    with pytest.raises(XmlRefused, match="<library> where <course> was expected"):
        parse_xml(b"<library/>", root="course")


def test_xinclude_is_never_followed() -> None:
    root = parse_xml(
        b'<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd"/></a>'
    )
    assert len(root) == 1
    assert not list(root.itertext())


def test_the_largest_that_is_allowed_is_read() -> None:
    assert len(parse_xml(b"<a>" + b"<b/>" * 190_000 + b"</a>")) == 190_000
    assert parse_xml(b"<a>" * 100 + b"</a>" * 100).tag == "a"
    assert len(parse_xml(b"<a " + b" ".join(b"a%d=''" % n for n in range(64)) + b"/>").attrib) == 64


def test_a_fragment_keeps_its_text_and_needs_no_root() -> None:
    fragment = parse_fragment(
        '<?xml version="1.0"?>\none <b>two</b><!-- x --> three <c/>š'.encode()
    )
    assert etree.tostring(fragment, encoding="unicode") == (
        "<fragment>\none <b>two</b> three <c/>š</fragment>"
    )
    assert line_of(fragment[0]) == 2


@pytest.mark.parametrize("text", [b"</fragment><fragment>", b"</fragment>", b"<fragment>", b"a]]>"])
def test_a_fragment_cannot_leave_its_frame(text: bytes) -> None:
    with pytest.raises(XmlRefused):
        parse_fragment(text)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=65_536))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for parse in (parse_xml, parse_fragment):
        try:
            parse(data)
        except XmlRefused as refusal:
            str(refusal).encode()


def test_mutants_of_a_course_raise_nothing_else() -> None:
    rng = random.Random(6_143)  # noqa: S311 # a seed, no secret
    course = declared("utf-8", "<course a='1'><!-- x --><b>ž &amp; <![CDATA[<i>]]></b></course>")
    refused = 0
    for _ in range(1_500):
        mutant = bytearray(course)
        for _ in range(rng.randint(1, 5)):
            mutant[rng.randrange(len(mutant))] = rng.choice(b"\0\n <>&!?[]'\"=/x-\x80\xff")
        try:
            parse_xml(bytes(mutant))
        except XmlRefused:
            refused += 1
    assert 500 < refused < 1_500


def test_nothing_is_read_from_disk_or_network(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("canary")
    for template in (
        '<!DOCTYPE a [<!ENTITY x SYSTEM "{0}">]><a>&x;</a>',
        '<?xml-stylesheet href="{0}"?><a/>',
        '<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{0}" parse="text"/></a>',
        '<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="x {0}"/>',
    ):
        try:
            root = parse_xml(template.format(secret.as_uri()).encode())
        except XmlRefused:
            continue
        assert "canary" not in etree.tostring(root, encoding="unicode")
