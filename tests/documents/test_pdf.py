"""What is promised of documents: every letter, every row, in the order of reading."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from documents import fonts
from documents.columns import column_widths
from documents.content import (
    Block,
    Column,
    Document,
    Facts,
    Heading,
    PageBreak,
    Paragraph,
    Proof,
    SignatureLine,
    Signatures,
    Table,
)
from documents.pdf import write_pdf

COLUMNS = (Column("Day"), Column("Hours", is_figure=True))
ALPHABETS = {
    "kk": "Айжан Әбдіқадырқызы Мұхамеджанова ә ғ қ ң ө ұ ү һ і Ә Ғ Қ Ң Ө Ұ Ү Һ І",  # noqa: RUF001  # letters of that language
    "bg": "Градска библиотека „Пенчо Славейков“ № 5 ъ ь щ ю я",
    "hr": "Đurđa Šćepanović, Žužemberk č ć đ š ž Č Ć Đ Š Ž",
    "ru": "Объём ёлка Ы Э съёмка «книга» — 1 234,50",
}


def read(*blocks: Block, **options: Any) -> PdfReader:
    options = {"title": "Record", "language": "en", **options}
    return PdfReader(io.BytesIO(write_pdf(Document(blocks=blocks, **options))))


def root(reader: PdfReader) -> Any:
    return reader.trailer["/Root"]


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


def elements(reader: PdfReader) -> list[tuple[str, Any]]:
    """Kind and dictionary of every element of the structure tree, in the order of reading."""
    found = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if "/S" in node:
            found.append((node["/S"], node))
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            if "/MCID" not in kid.get_object():
                walk(kid)

    walk(root(reader)["/StructTreeRoot"]["/K"])
    return found


@pytest.mark.parametrize("language", ALPHABETS)
def test_every_letter_can_be_read_back(language: str) -> None:
    text = ALPHABETS[language]
    reader = read(Paragraph(text), title=text, language=language)
    assert words(reader).count(text) == 2
    assert root(reader)["/Lang"] == language
    assert reader.metadata is not None
    assert reader.metadata.title == text


def test_every_font_lies_in_the_file() -> None:
    reader = read(Heading("A"), Paragraph("b"))
    page: Any = reader.pages[0]
    used = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert used
    assert all("/FontFile2" in font["/FontDescriptor"] for font in used)


def test_a_table_repeats_its_headings_and_loses_no_row() -> None:
    rows = [(f"day-{number}", str(number)) for number in range(200)]
    reader = read(Table(COLUMNS, rows, totals=[("All", "19900")]))
    assert len(reader.pages) > 3
    texts = [page.extract_text() for page in reader.pages]
    assert all("Hours" in text for text in texts)
    seen = [word for text in texts for word in text.split() if word.startswith("day-")]
    assert seen == [day for day, _number in rows]
    assert "19900" in texts[-1]


def test_pages_say_which_of_how_many_they_are() -> None:
    reader = read(
        Paragraph("one"),
        PageBreak(),
        Paragraph("two"),
        page_label="Page %(page)d of %(pages)d",
        header="School",
        footer="Code 12",
    )
    texts = [page.extract_text() for page in reader.pages]
    assert ["Page 1 of 2" in texts[0], "Page 2 of 2" in texts[1], len(texts)] == [True, True, 2]
    assert all("School" in text and "Code 12" in text for text in texts)


def test_a_row_longer_than_a_page_goes_on_over_pages() -> None:
    long = " ".join(f"w{number}" for number in range(4000))
    reader = read(Table((Column("A"), Column("B")), [(long, "x"), ("last", "y")]))
    assert len(reader.pages) > 1
    seen = [word for word in words(reader).split() if word.startswith("w")]
    assert seen == long.split()
    assert "last" in words(reader)


def test_a_screen_reader_finds_headings_cells_and_their_headings() -> None:
    reader = read(
        Heading("Hours"),
        Facts([("Trainee", "Ana")]),
        Table(COLUMNS, [("Monday", "7,50")], caption="Week"),
        Proof("Check it.", "https://school.example.org/x", "Code to scan"),
    )
    assert root(reader)["/MarkInfo"]["/Marked"]
    kinds = [kind for kind, _node in elements(reader)]
    assert kinds == [
        *("/Document", "/H1", "/H2"),
        *("/Table", "/TR", "/TH", "/TD"),
        *("/Table", "/Caption", "/TR", "/TH", "/TH", "/TR", "/TD", "/TD"),
        *("/Figure", "/P"),
    ]
    scopes = [node["/A"]["/Scope"] for kind, node in elements(reader) if kind == "/TH"]
    assert scopes == ["/Row", "/Column", "/Column"]
    figure = next(node for kind, node in elements(reader) if kind == "/Figure")
    assert figure["/Alt"] == "Code to scan"


def test_repeated_headings_are_read_out_once() -> None:
    rows = [(f"day-{number}", str(number)) for number in range(200)]
    kinds = [kind for kind, _node in elements(read(Table(COLUMNS, rows)))]
    assert kinds.count("/TH") == 2
    assert kinds.count("/TD") == 400


def test_lines_to_sign_on_stay_together() -> None:
    lines = [SignatureLine("Mentor", "Ana Horvat"), SignatureLine("Trainee", "Айжан Әлі", "signed")]
    for filling in range(40, 56):
        reader = read(*[Paragraph(str(number)) for number in range(filling)], Signatures(lines))
        texts = [page.extract_text() for page in reader.pages]
        assert [all(one in text for one in ("Ana Horvat", "Айжан Әлі")) for text in texts][-1]


def test_headings_are_bookmarks() -> None:
    reader = read(Heading("Week 1"), Paragraph("x"), Heading("Day", level=2), Heading("Week 2"))
    outline: list[Any] = list(reader.outline)
    assert [outline[0]["/Title"], outline[1][0]["/Title"], outline[2]["/Title"]] == [
        "Week 1",
        "Day",
        "Week 2",
    ]


def test_text_wider_than_its_place_is_cut_and_nothing_is_lost() -> None:
    word = "Жұмыс" * 200
    assert "".join(fonts.wrap(word, fonts.BODY, 100)) == word


@given(st.text(max_size=200), st.floats(min_value=30, max_value=400))
def test_lines_fit_and_hold_all_words(text: str, limit: float) -> None:
    lines = fonts.wrap(text, fonts.CELL, limit)
    assert "".join("".join(lines).split()) == "".join(text.split())
    long = [line for line in lines if fonts.width(line.rstrip(), fonts.CELL) > limit + 1e-6]
    assert all(len(line.strip()) == 1 for line in long)


@given(
    st.lists(
        st.lists(st.text(max_size=40), min_size=3, max_size=3),
        max_size=8,
    ),
    st.floats(min_value=120, max_value=800),
)
def test_columns_fill_the_breadth(rows: list[list[str]], breadth: float) -> None:
    columns = (Column("Day"), Column("What was done"), Column("Hours", is_figure=True))
    widths = column_widths(Table(columns, rows), breadth)
    assert sum(widths) == pytest.approx(breadth)
    assert min(widths) > 0


@settings(max_examples=20)
@given(st.text())
def test_any_text_makes_a_document(text: str) -> None:
    table = Table((Column(text),), [(text,)], caption=text)
    reader = read(Heading(text), Paragraph(text), Facts([(text, text)]), table, title=text)
    assert len(reader.pages) >= 1
