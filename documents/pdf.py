"""Documents as PDF."""

from __future__ import annotations

import io
from typing import Any

from reportlab.graphics.barcode.qr import QrCode
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from documents import fonts
from documents.content import Document
from documents.setting import FOOT, SIDE, TOP, Mark, Page, Picture, Rule, Setter, Text
from documents.tagging import Element, write_tree

__all__ = ["write_pdf"]

INK, SOFT, LINE = HexColor("#231F1A"), HexColor("#5C544A"), HexColor("#B5AB9B")
PRODUCER = "Library School"


def write_pdf(document: Document) -> bytes:
    """Return the document as a tagged PDF of A4 pages with its fonts inside."""
    for name in (fonts.SANS, fonts.SANS_BOLD, fonts.SERIF):
        fonts.load(name)
    setter = Setter(document)
    pages = setter.set_all()
    out = io.BytesIO()
    canvas = Canvas(
        out,
        pagesize=setter.size,
        pageCompression=1,
        lang=document.language,
        initialFontName=fonts.SANS,
    )
    canvas.setTitle(document.title)
    canvas.setAuthor(document.author)
    canvas.setSubject(document.subject)
    canvas.setCreator(PRODUCER)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    for number, page in enumerate(pages):
        _Drawing(canvas, number).draw(page, _frame(document, setter, number, len(pages)))
    _name_pages(canvas, len(pages))
    write_tree(canvas, setter.root, len(pages))
    canvas.save()
    return out.getvalue()


def _frame(document: Document, setter: Setter, number: int, count: int) -> list[Mark]:
    """What is on every page: the header, the footer and the page's number."""
    wide, high = setter.size
    label = document.page_label % {"page": number + 1, "pages": count}
    right = wide - SIDE - fonts.width(label, fonts.SMALL)
    room = right - SIDE - 12
    marks: list[Mark] = [
        Rule(SIDE, FOOT - 10, wide - 2 * SIDE),
        Text(right, FOOT - 22, label, fonts.SMALL),
    ]
    for place, line in enumerate(fonts.wrap(document.footer, fonts.SMALL, room)[:2]):
        base = FOOT - 22 - place * fonts.SMALL.leading
        marks.append(Text(SIDE, base, line, fonts.SMALL))
    for line in fonts.wrap(document.header, fonts.SMALL, wide - 2 * SIDE)[:1]:
        marks.append(Text(SIDE, high - TOP + 16, line, fonts.SMALL))
    return marks


class _Drawing:
    """Draws one page: each piece marked with the element it belongs to."""

    def __init__(self, canvas: Any, number: int) -> None:
        self.canvas = canvas
        self.number = number
        self.marked = 0

    def draw(self, page: Page, frame: list[Mark]) -> None:
        self._piece(None, frame)
        for element, marks in page.marks:
            self._piece(element, marks)
        for place, (level, text, y) in enumerate(page.headings):
            key = f"{self.number}.{place}"
            self.canvas.bookmarkHorizontal(key, 0, y)
            self.canvas.addOutlineEntry(text, key, level=level - 1)
        self.canvas.showPage()

    def _piece(self, element: Element | None, marks: list[Mark]) -> None:
        if element is None:
            self.canvas.addLiteral("/Artifact BMC")
        else:
            element.kids.append((self.number, self.marked))
            self.canvas.addLiteral(f"/{element.kind} <</MCID {self.marked}>> BDC")
            self.marked += 1
        for mark in marks:
            self._mark(mark)
        self.canvas.addLiteral("EMC")

    def _mark(self, mark: Mark) -> None:
        canvas = self.canvas
        if isinstance(mark, Text):
            canvas.setFillColor(SOFT if mark.style.is_soft else INK)
            canvas.setFont(mark.style.font, mark.style.size)
            canvas.drawString(mark.x, mark.y, mark.text)
        elif isinstance(mark, Rule):
            canvas.setStrokeColor(INK if mark.is_strong else LINE)
            canvas.setLineWidth(0.8 if mark.is_strong else 0.4)
            canvas.line(mark.x, mark.y, mark.x + mark.width, mark.y)
        else:
            _draw_picture(canvas, mark)


def _draw_picture(canvas: Any, picture: Picture) -> None:
    code = QrCode(picture.url, width=picture.size, height=picture.size, qrBorder=0)
    code.drawOn(canvas, picture.x, picture.y)


def _name_pages(canvas: Any, count: int) -> None:
    """Say on each page which list of the structure tree has its marks, and the order of tabs."""
    for number in range(count):
        page = canvas._doc.idToObject[f"Page{number + 1}"]
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents = number
        page.Tabs = "/S"
