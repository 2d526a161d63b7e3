"""Standard numbers and codes in subfields, in every format."""

from __future__ import annotations

import pytest

from grading.checking import check
from tests.grading.checking.records import COMARC, MARC21, UNIMARC, and_field, found, with_field


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("9789539999900", None),
        ("9539999901", None),
        ("9789539999900 (tvrdi uvez)", None),
        ("9789539999901", "number.isbn.check"),
        ("953999990X", "number.isbn.check"),
        ("97895399999", "number.isbn.length"),
        ("964704528", "number.isbn.length"),
        ("9999539999903", "number.isbn.form"),
        ("tvrdi uvez", "number.isbn.form"),
        ("978-953-99999-0-0", "number.isbn.plain"),
        ("ISBN 9789539999900", "number.isbn.plain"),
        ("9789539999900(tvrdi uvez)", "number.isbn.qualifier"),
    ],
)
def test_an_isbn_of_marc21(value: str, code: str | None) -> None:
    expected = [(code, "020[0]$a[0]")] if code else []

    assert found(with_field(MARC21, "020", "  ", [["a", value]])) == expected


def test_a_wrong_isbn_may_be_recorded_as_such() -> None:
    assert found(with_field(MARC21, "020", "  ", [["z", "9789539999901"]])) == []


@pytest.mark.parametrize(
    ("tag", "ind", "subfields", "code"),
    [
        ("022", "  ", [["a", "0317-8471"]], None),
        ("022", "  ", [["a", "0317-8472"]], "number.issn.check"),
        ("022", "  ", [["a", "03178471"]], "number.issn.hyphen"),
        ("022", "  ", [["a", "0317-847"]], "number.issn.length"),
        ("024", "2 ", [["a", "9790345246805"]], None),
        ("024", "2 ", [["a", "979-0-3452-4680-7"]], "number.ismn.check"),
        ("024", "2 ", [["a", "M345246805"]], None),
        ("024", "3 ", [["a", "9780471117094"]], None),
        ("024", "3 ", [["a", "9780471117092"]], "number.ean.check"),
        ("024", "8 ", [["a", "whatever"]], None),
        ("773", "0 ", [["t", "Serial"], ["x", "0317-8472"]], "number.issn.check"),
        ("776", "08", [["t", "Book"], ["z", "9789539999901"]], "number.isbn.check"),
        ("490", "0 ", [["a", "Series,"], ["x", "0317-8471 ;"], ["v", "3"]], None),
    ],
)
def test_other_numbers_of_marc21(
    tag: str, ind: str, subfields: list[list[str]], code: str | None
) -> None:
    codes = [c for c, _ in found(and_field(MARC21, tag, ind, subfields))]

    assert codes == ([code] if code else [])


@pytest.mark.parametrize(
    ("tag", "ind", "subfields", "code"),
    [
        ("010", "  ", [["a", "978-953-99999-0-0"]], None),
        ("010", "  ", [["a", "978-953-99999-0-1"]], "number.isbn.check"),
        ("010", "  ", [["a", "5-900776-31-\u0445"]], "number.cyrillic"),
        ("010", "  ", [["a", "5-900776-31-X"]], None),
        ("011", "  ", [["a", "0317-8472"]], "number.issn.check"),
        ("013", "  ", [["a", "979-0-3452-4680-7"]], "number.ismn.check"),
        ("461", " 0", [["t", "Zbirka"], ["x", "0317-8472"]], "number.issn.check"),
        ("461", " 0", [["1", "011  "], ["a", "0317-8472"]], "number.issn.check"),
    ],
)
def test_numbers_of_unimarc(
    tag: str, ind: str, subfields: list[list[str]], code: str | None
) -> None:
    codes = [c for c, _ in found(and_field(UNIMARC, tag, ind, subfields), "unimarc")]

    assert codes == ([code] if code else [])


@pytest.mark.parametrize(
    ("tag", "ind", "subfields", "code", "where"),
    [
        ("040", "  ", [["a", "HR-VJ"], ["b", "cro"]], "code.marc_languages", "040[0]$b[0]"),
        ("041", "0 ", [["a", "hrv"], ["a", "xxz"]], "code.marc_languages", "041[0]$a[1]"),
        ("041", "0 ", [["a", "hrv"], ["a", "scc"]], "code.obsolete", "041[0]$a[1]"),
        ("041", "0 ", [["a", "hrveng"]], None, ""),
        ("041", "0 ", [["a", "hrven"]], "code.length", "041[0]$a[0]"),
        ("041", "07", [["a", "hr"], ["2", "iso639-1"]], None, ""),
        ("043", "  ", [["a", "e-ci---"]], None, ""),
        ("043", "  ", [["a", "e-ci--"]], "code.marc_areas", "043[0]$a[0]"),
        ("044", "  ", [["a", "hr"]], "code.marc_countries", "044[0]$a[0]"),
        ("336", "  ", [["b", "tekst"], ["2", "rdacontent"]], "code.rda_content", "336[0]$b[0]"),
        ("337", "  ", [["b", "n"], ["2", "local"]], None, ""),
        ("338", "  ", [["b", "nv"], ["2", "rdacarrier"]], "code.rda_carrier", "338[0]$b[0]"),
        ("700", "1 ", [["a", "Ivić, Iva,"], ["4", "ilu"]], None, ""),
        ("700", "1 ", [["a", "Ivić, Iva"], ["4", "xxx"]], "code.marc_relators", "700[0]$4[0]"),
        ("700", "1 ", [["a", "Ivić, Iva"], ["4", "http://id.loc.gov/x"]], None, ""),
    ],
)
def test_codes_of_marc21(
    tag: str, ind: str, subfields: list[list[str]], code: str | None, where: str
) -> None:
    record = with_field(MARC21, tag, ind, subfields)

    assert found(record) == ([(code, where)] if code else [])


@pytest.mark.parametrize(
    ("tag", "ind", "subfields", "code"),
    [
        ("101", "0 ", [["a", "cro"]], "code.iso_languages"),
        ("101", "0 ", [["a", "scr"]], "code.obsolete"),
        ("102", "  ", [["a", "hr"]], "code.iso_countries"),
        ("102", "  ", [["a", "YU"]], "code.obsolete"),
        ("801", " 0", [["a", "HRV"], ["b", "NSK"]], "code.iso_countries"),
        ("700", " 1", [["a", "Marulić"], ["b", "Marko"], ["4", "aut"]], "code.unimarc_relators"),
    ],
)
def test_codes_of_unimarc(tag: str, ind: str, subfields: list[list[str]], code: str) -> None:
    assert [c for c, _ in found(with_field(UNIMARC, tag, ind, subfields), "unimarc")] == [code]


@pytest.mark.parametrize(
    ("tag", "ind", "subfields", "code"),
    [
        ("102", "  ", [["a", "SI"]], "code.iso_countries_3"),
        ("102", "  ", [["a", "hrv"]], None),
        ("100", "  ", [["b", "d"], ["c", "2018"], ["h", "cro"], ["l", "ba"]], "code.iso_languages"),
        ("100", "  ", [["b", "w"], ["c", "2018"], ["h", "slv"], ["l", "ba"]], "code.coded"),
        ("100", "  ", [["b", "d"], ["c", "2018"], ["h", "slv"], ["l", "xx"]], "code.coded"),
        ("100", "  ", [["a", "20191021d2019    m  y0slvy50      ba"]], "subfield.undefined"),
        ("105", "  ", [["a", "ac"], ["f", "a"]], None),
        ("105", "  ", [["f", "x"]], "code.coded"),
        ("200", "1 ", [["a", "Deseti brat"]], "title.with_entry"),
        ("675", "  ", [["a", "821.163.6-31"]], "subfield.missing"),
        ("210", "  ", [["a", "Ljubljana"], ["c", "Vaja"], ["d", "2019"]], "year.disagrees"),
    ],
)
def test_comarc_keeps_to_its_own_conventions(
    tag: str, ind: str, subfields: list[list[str]], code: str | None
) -> None:
    codes = [c for c, _ in found(with_field(COMARC, tag, ind, subfields), "comarc")]

    assert codes == ([code] if code else [])


def test_comarc_titles_without_a_heading_are_main_entries() -> None:
    record = [field for field in COMARC if field[0] not in ("700", "702")]

    assert [d.code for d in check(record, "comarc")] == ["title.without_entry"]
