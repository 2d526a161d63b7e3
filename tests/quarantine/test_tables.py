from __future__ import annotations

import csv
import datetime
import io
import time
import unicodedata
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarantine.errors import Refused
from quarantine.tables import (
    Cell,
    Sheet,
    TableLimits,
    read_table,
    stream_csv,
    write_csv,
    write_workbook,
    write_xlsx,
)

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    " =1+1",
    "\u00a0=1+1",
    "\u3000=1+1",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\r\n=1+1",
    "\tx",
    "\rx",
    "\nx",
    '"=1+1',
    "'=1+1",
    "''=1+1",
    "\u201c=1+1",
    '" "=1+1',
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(A1)",
    "\ufe66SUM",
    "\ufe621",
    " \uff1d1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\u202e=1+1",
    "\x00=1+1",
    "\x07=1+1",
    "\x1b=1+1",
    '=HYPERLINK("https://evil.example","x")',
    "=WEBSERVICE(A1)",
    "-2+3+cmd|' /C calc'!A0",
    "@import",
    "+385 1 234 5678",
    "- an item of a list",
]


def looks_like_formula(text: str) -> bool:
    """The rule in other words: what would start a formula after all that is not seen."""
    if text[:1] in ("\t", "\r", "\n"):
        return True
    seen = unicodedata.normalize("NFKC", text).lstrip("\u200b\u202e\ufeff \u00a0")
    return seen[:1] in ("=", "+", "-", "@")


def cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("formula", FORMULAS)
def test_text_never_starts_a_formula(formula: str) -> None:
    ((written,),) = cells(write_csv([[formula]]))
    assert written.startswith("'")
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx([[formula]]))).worksheets[0]
    assert sheet["A1"].data_type == "s"
    assert sheet["A1"].value.startswith("'")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.text(st.characters(codec=None), max_size=30), max_size=4), max_size=4))
def test_no_cell_of_an_export_is_a_formula(rows: list[list[str]]) -> None:
    for row in cells(write_csv(rows)):
        assert not any(looks_like_formula(cell) for cell in row)


@pytest.mark.parametrize(
    "text", ["Čitaonica", "a=b", "a-b", "1+1", "Marulić, Marko", 'say "yes"', "", "#12", "'quoted'"]
)
def test_other_text_is_left_alone(text: str) -> None:
    assert cells(write_csv([[text, "x"]])) == [[text, "x"]]


def test_numbers_stay_numbers() -> None:
    rows: list[list[Any]] = [[-5, -2.5, Decimal("-1.50"), True, None, float("nan"), "-5"]]
    assert write_csv(rows) == b"\xef\xbb\xbf-5,-2.5,-1.50,True,,,'-5\r\n"
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(rows))).worksheets[0]
    assert [cell.data_type for cell in sheet[1]] == ["n", "n", "n", "b", "n", "n", "s"]
    assert [cell.value for cell in sheet[1]][:4] == [-5, -2.5, -1.5, True]


def test_dates_are_written_as_dates() -> None:
    rows: list[list[Any]] = [
        [datetime.date(2025, 3, 1), datetime.datetime(2025, 3, 1, 9, 30), datetime.time(9, 30)]
    ]
    assert cells(write_csv(rows)) == [["2025-03-01", "2025-03-01 09:30", "09:30:00"]]
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx(rows))).worksheets[0]
    assert sheet["B1"].value == datetime.datetime(2025, 3, 1, 9, 30)


def test_a_workbook_is_read_back() -> None:
    rows: list[list[Any]] = [["Ime", "sati"], ["Ana Knjižničarka", 12], ["", 1.5], ["x", True]]
    assert read_table(write_xlsx(rows, sheet="Sati/2025"), "hours.XLSX") == rows


def test_a_stream_begins_before_all_rows_are_read_and_has_one_mark() -> None:
    read = []

    def rows() -> Iterator[list[Cell]]:
        for number in range(1_000):
            read.append(number)
            yield [number, f"={number}", 0.5]

    parts = stream_csv(rows())
    first = next(parts)
    assert 0 < len(read) < 200
    assert first.startswith(b"\xef\xbb\xbf0,'=0,0.5\r\n")
    rest = b"".join(parts)
    assert b"\xef\xbb\xbf" not in rest
    assert (first + rest).count(b"\r\n") == 1_000


def test_a_stream_of_nothing_is_an_empty_table() -> None:
    assert b"".join(stream_csv([])) == write_csv([]) == b"\xef\xbb\xbf"


def test_decimals_are_written_as_the_reader_writes_them() -> None:
    rows: list[list[Cell]] = [
        ["Жұмыс", Decimal("7.50"), 1.25, 3],
        ["=1+1", Decimal("-0.5"), None, True],
    ]
    text = write_csv(rows, delimiter=";", decimal=",").decode("utf-8-sig")
    assert text == "Жұмыс;7,50;1,25;3\r\n'=1+1;-0,5;;True\r\n"
    assert read_table(text.encode("utf-8-sig"), "a.csv")[0] == ["Жұмыс", "7,50", "1,25", "3"]


def test_a_workbook_has_every_sheet_under_a_name_of_its_own() -> None:
    rows: list[list[Cell]] = [["Day", "Hours"], [datetime.date(2026, 3, 2), Decimal("7.50")]]
    names = ["A/B", "a b", "x" * 40, "x" * 40]
    data = write_workbook([Sheet(name, rows, heads=1, widths=(12, 8)) for name in names])
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["A B", "a b (2)", "x" * 31, "x" * 27 + " (2)"]
    for page in book.worksheets:
        assert page.freeze_panes == "A2"
        assert page["A1"].font.bold
        assert [page["A2"].value, page["B2"].value] == [datetime.datetime(2026, 3, 2), 7.5]


def test_text_too_long_for_a_cell_is_cut_visibly() -> None:
    ((cell,),) = read_table(write_xlsx([["x" * 40_000]]), "a.xlsx")
    assert isinstance(cell, str)
    assert len(cell) == 32_767
    assert cell.endswith("x…")


def test_a_formula_gives_its_last_value_and_is_never_computed() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["=1+1", 3])
    out = io.BytesIO()
    book.save(out)
    assert read_table(out.getvalue(), "a.xlsx") == [["", 3]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encoding_and_delimiter_are_found(encoding: str, delimiter: str) -> None:
    rows = [["Имя", "Библиотека"], ["Иван Вазов", 'Под "игото"'], ["a,b;c\td", "две \n строки"]]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    assert read_table(out.getvalue().encode(encoding), "x.csv") == rows


def test_the_delimiter_can_be_named_and_empty_ends_are_dropped() -> None:
    assert read_table(b"sep=|\na|b,c||\n\nd\n\n\n", "x.csv") == [["a", "b,c"], [], ["d"]]


def bomb(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def with_part(name: str, data: bytes) -> bytes:
    out = io.BytesIO(write_xlsx([["x"]]))
    with zipfile.ZipFile(out) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    return bomb({**parts, name: data})


def sheet_xml(rows: str) -> bytes:
    return with_part(
        "xl/worksheets/sheet1.xml",
        '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org'
        f'/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'.encode(),
    )


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("x.csv", b'"a,b', "table.malformed"),
        ("x.csv", b'"a"b,c', "table.malformed"),
        ("x.csv", b"a," * 200, "table.too_many_columns"),
        ("x.csv", b"a\n" * 30_000, "table.too_many_rows"),
        ("x.csv", b"x" * 6_000_000, "table.too_large"),
        ("x.csv", b'"' + b"x" * 200_000 + b'"', "table.malformed"),
        ("x.csv", b"a\0b", "text.binary"),
        ("x.csv", "č;š".encode("cp1250"), "text.encoding"),
        ("x.csv", b"PK\x03\x04", "text.binary"),
        ("x.ods", b"x", "table.unknown"),
        ("x", b"x", "table.unknown"),
        ("x.xlsx", b"", "zip.damaged"),
        ("x.xlsx", b"a,b", "zip.damaged"),
        ("x.xlsx", b"PK\x03\x04" + b"\0" * 60, "zip.damaged"),
        ("x.xlsx", bomb({"x.xml": b"<x/>"}), "table.no_workbook"),
        ("x.xlsx", bomb({"xl/x.bin": b"\0" * 60_000_000}), "zip.too_large"),
        ("x.xlsx", bomb({f"x{n}": b"" for n in range(1_001)}), "zip.too_many"),
        ("x.xlsx", bomb({"a.xml": b"", "A.XML": b""}), "zip.duplicate"),
        ("x.xlsx", bomb({"x.xml": b"<!DOCTYPE x [<!ENTITY y 'z'>]><x/>"}), "zip.xml"),
        ("x.xlsx", bomb({"x.xml": "<!DOCTYPE x><x/>".encode("utf-16")}), "zip.xml"),
        ("x.xlsx", with_part("xl/vbaProject.bin", b"x"), "zip.macros"),
        ("x.xlsx", b"%PDF-" + write_xlsx([["x"]]), "zip.damaged"),
        (
            "x.xlsx",
            sheet_xml('<row r="1"><c r="XFD1"><v>1</v></c></row>'),
            "table.too_many_columns",
        ),
        ("x.xlsx", sheet_xml('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'), None),
        (
            "x.xlsx",
            sheet_xml('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'),
            "table.no_workbook",
        ),
        ("x.xlsx", sheet_xml('<row r="x"><c r="%%"><v>1</v></c></row>'), "table.no_workbook"),
        ("x.xlsx", sheet_xml("<row>"), "table.no_workbook"),
    ],
)
def test_a_hostile_table_is_refused_in_time(name: str, data: bytes, code: str | None) -> None:
    start = time.process_time()
    if code is None:
        assert read_table(data, name) == []
    else:
        with pytest.raises(Refused) as refusal:
            read_table(data, name)
        assert refusal.value.code == code
    assert time.process_time() - start < 3


def test_a_workbook_of_too_many_rows_is_refused() -> None:
    data = write_xlsx([[n] for n in range(12)])
    with pytest.raises(Refused) as refusal:
        read_table(data, "x.xlsx", limits=TableLimits(rows=10))
    assert refusal.value.code == "table.too_many_rows"


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=65_536), st.sampled_from(["x.csv", "x.xlsx"]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    for upload in (data, b"PK\x03\x04" + data):
        try:
            read_table(upload, name)
        except Refused as refusal:
            str(refusal).encode()


WORKBOOK = write_xlsx([["x", 1], ["y", 2]])


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_damaged_workbook_raises_nothing_else(data: st.DataObject) -> None:
    mutant = bytearray(WORKBOOK)
    for _ in range(data.draw(st.integers(1, 4))):
        mutant[data.draw(st.integers(0, len(mutant) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_table(bytes(mutant), "x.xlsx")
    except Refused as refusal:
        str(refusal).encode()
