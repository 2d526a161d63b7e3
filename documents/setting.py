"""Setting a document: which text stands where on which page. Points, from the lower left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import assert_never

from documents import fonts
from documents.columns import cell_styles, column_widths
from documents.content import (
    Block,
    Document,
    Facts,
    Heading,
    PageBreak,
    Paragraph,
    Proof,
    Signatures,
    Table,
)
from documents.fonts import Style
from documents.tagging import Element

MM = 72 / 25.4
SHORT, LONG = 210 * MM, 297 * MM
SIDE, TOP, FOOT = 18 * MM, 24 * MM, 22 * MM
PAD = 3.0
PICTURE = 26 * MM
SIGNING = 22 * MM
LABEL_SHARE = 0.32


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text; ``x`` is its left edge, ``y`` its base line."""

    x: float
    y: float
    text: str
    style: Style


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin horizontal line."""

    x: float
    y: float
    width: float
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A square picture of an address, for a camera."""

    x: float
    y: float
    size: float
    url: str


Mark = Text | Rule | Picture


@dataclass(slots=True)
class Page:
    """What is on a page: marks with the element they belong to; decoration belongs to none."""

    marks: list[tuple[Element | None, list[Mark]]] = field(default_factory=list)
    headings: list[tuple[int, str, float]] = field(default_factory=list)

    def put(self, element: Element | None, *marks: Mark) -> None:
        """Add marks to the page."""
        if marks:
            self.marks.append((element, list(marks)))


@dataclass(slots=True)
class Setter:
    """Sets blocks one under the other, on as many pages as they take."""

    document: Document
    root: Element = field(default_factory=lambda: Element("Document"))
    pages: list[Page] = field(default_factory=list)
    y: float = 0.0

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the paper."""
        return (LONG, SHORT) if self.document.is_landscape else (SHORT, LONG)

    @property
    def breadth(self) -> float:
        """The width that text may take."""
        return self.size[0] - 2 * SIDE

    @property
    def height(self) -> float:
        """The height that text may take on an empty page."""
        return self.size[1] - TOP - FOOT

    @property
    def room(self) -> float:
        """The height that is left on this page."""
        return self.y - FOOT

    def set_all(self) -> list[Page]:
        """Set the title and every block."""
        self.turn()
        title = fonts.wrap(self.document.title, fonts.TITLE, self.breadth)
        self._lines(self.root.add("H1"), title, fonts.TITLE)
        self.y -= 8
        for block in self.document.blocks:
            self._block(block)
        return self.pages

    def turn(self) -> None:
        """Go on with a new page."""
        self.pages.append(Page())
        self.y = self.size[1] - TOP

    def need(self, height: float) -> None:
        """Turn the page unless ``height`` is left, or nothing is on the page yet."""
        if height > self.room and self.room < self.height:
            self.turn()

    def _block(self, block: Block) -> None:
        match block:
            case Heading():
                self._heading(block)
            case Paragraph():
                style = fonts.SMALL if block.is_small else fonts.BODY
                self._lines(self.root.add("P"), fonts.wrap(block.text, style, self.breadth), style)
                self.y -= 5
            case Facts():
                self._facts(block)
            case Table():
                self._table(block)
            case Signatures():
                self._signatures(block)
            case Proof():
                self._proof(block)
            case PageBreak():
                if self.room < self.height:
                    self.turn()
            case _:
                assert_never(block)

    def _lines(self, element: Element, lines: Sequence[str], style: Style, x: float = SIDE) -> None:
        for line in lines:
            self.need(style.leading)
            self.y -= style.leading
            self.pages[-1].put(element, Text(x, self.y + style.leading * 0.27, line, style))

    def _heading(self, block: Heading) -> None:
        style = fonts.HEADINGS[block.level]
        lines = fonts.wrap(block.text, style, self.breadth)
        self.need(len(lines) * style.leading + 60)
        if self.room < self.height:
            self.y -= 12 if block.level == 1 else 6
        self.pages[-1].headings.append((block.level, block.text, self.y))
        self._lines(self.root.add(f"H{block.level + 1}"), lines, style)
        self.y -= 4

    def _facts(self, block: Facts) -> None:
        table = self.root.add("Table")
        left = self.breadth * LABEL_SHARE
        for label, value in block.pairs:
            row = table.add("TR")
            labels = fonts.wrap(label, fonts.LABEL, left - 2 * PAD)
            values = fonts.wrap(value, fonts.BODY, self.breadth - left)
            self.need(max(len(labels), len(values)) * fonts.BODY.leading)
            top = self.y
            self._lines(row.add("TH", scope="Row"), labels, fonts.LABEL)
            bottom, self.y = self.y, top
            self._lines(row.add("TD"), values, fonts.BODY, SIDE + left)
            self.y = min(self.y, bottom)
        self.y -= 8

    # --- Tables -----------------------------------------------------------------------------------

    def _table(self, block: Table) -> None:
        widths = column_widths(block, self.breadth)
        cell, head, _pad = cell_styles(block)
        table = self.root.add("Table")
        if block.caption:
            self.need(80)
            caption = fonts.wrap(block.caption, fonts.CAPTION, self.breadth)
            self._lines(table.add("Caption"), caption, fonts.CAPTION)
        labels = [column.label for column in block.columns]
        self._row(block, widths, labels, head, table.add("TR"), is_head=True)
        for row in block.rows:
            self._row(block, widths, row, cell, table.add("TR"))
        for row in block.totals:
            self._row(block, widths, row, head, table.add("TR"))
        self.y -= 10

    def _row(
        self,
        block: Table,
        widths: Sequence[float],
        cells: Sequence[str],
        style: Style,
        row: Element,
        *,
        is_head: bool = False,
    ) -> None:
        pad = cell_styles(block)[2]
        wrapped = [
            fonts.wrap(cell, style, wide - 2 * pad)
            for cell, wide in zip(cells, widths, strict=True)
        ]
        kind, scope = ("TH", "Column") if is_head else ("TD", "")
        elements = [row.add(kind, scope=scope) for _ in cells]
        lines = max(len(cell) for cell in wrapped)
        if is_head:
            self.need(lines * style.leading + 2 * pad + 3 * fonts.CELL.leading)
        done = 0
        while done < lines:
            if self._fitting(lines - done, style) < min(lines - done, self._most(style)):
                self.turn()
                if not is_head:
                    self._repeat_head(block, widths)
            count = max(1, min(lines - done, self._fitting(lines - done, style)))
            self._strip(block, widths, wrapped, elements, style, done, count)
            done += count
            is_end = done >= lines
            if is_end:
                self.pages[-1].put(None, Rule(SIDE, self.y, self.breadth, is_strong=is_head))

    def _fitting(self, lines: int, style: Style) -> int:
        return min(lines, int((self.room - 2 * PAD) / style.leading))

    def _most(self, style: Style) -> int:
        """The lines that fit on a page under repeated headings; longer rows are split."""
        return int((self.height - 6 * fonts.HEAD_CELL.leading) / style.leading)

    def _repeat_head(self, block: Table, widths: Sequence[float]) -> None:
        _cell, head, pad = cell_styles(block)
        labels = [
            fonts.wrap(column.label, head, wide - 2 * pad)
            for column, wide in zip(block.columns, widths, strict=True)
        ]
        nobody = [None] * len(labels)
        count = max(len(label) for label in labels)
        self._strip(block, widths, labels, nobody, head, 0, count)
        self.pages[-1].put(None, Rule(SIDE, self.y, self.breadth, is_strong=True))

    def _strip(
        self,
        block: Table,
        widths: Sequence[float],
        wrapped: Sequence[Sequence[str]],
        elements: Sequence[Element | None],
        style: Style,
        first: int,
        count: int,
    ) -> None:
        """Set ``count`` lines of a row from line ``first`` on."""
        pad = cell_styles(block)[2]
        x, top = SIDE, self.y - pad
        for column, wide, lines, element in zip(
            block.columns, widths, wrapped, elements, strict=True
        ):
            marks: list[Mark] = []
            for number, line in enumerate(lines[first : first + count], start=1):
                if line:
                    slack = (
                        wide - 2 * pad - fonts.width(line.rstrip(), style)
                        if column.is_figure
                        else 0
                    )
                    base = top - number * style.leading + style.leading * 0.27
                    marks.append(Text(x + pad + slack, base, line, style))
            self.pages[-1].put(element, *marks)
            x += wide
        self.y = top - count * style.leading - pad

    # --- Signatures and proof ---------------------------------------------------------------------

    def _signatures(self, block: Signatures) -> None:
        across = min(len(block.lines), 4 if self.document.is_landscape else 3) or 1
        gap = 16.0
        wide = (self.breadth - gap * (across - 1)) / across
        for start in range(0, len(block.lines), across):
            lines = block.lines[start : start + across]
            texts = [
                [
                    (style, part)
                    for style, text in ((fonts.BODY, one.name), (fonts.SMALL, one.role))
                    for part in (fonts.wrap(text, style, wide) if text else ())
                ]
                + [(fonts.SMALL, part) for part in fonts.wrap(one.note, fonts.SMALL, wide) if part]
                for one in lines
            ]
            height = max(sum(style.leading for style, _part in text) for text in texts)
            self.need(SIGNING + height)
            self.y -= SIGNING
            for number, text in enumerate(texts):
                x, y = SIDE + number * (wide + gap), self.y
                self.pages[-1].put(None, Rule(x, y, wide, is_strong=True))
                marks: list[Mark] = []
                for style, part in text:
                    y -= style.leading
                    marks.append(Text(x, y + style.leading * 0.2, part, style))
                self.pages[-1].put(self.root.add("P"), *marks)
            self.y -= height + 4

    def _proof(self, block: Proof) -> None:
        self.need(PICTURE + 14)
        self.y -= 10
        top = self.y
        figure = self.root.add("Figure", alternative=block.picture_label)
        self.pages[-1].put(figure, Picture(SIDE, top - PICTURE, PICTURE, block.url))
        left = PICTURE + 10
        lines = fonts.wrap(block.text, fonts.SMALL, self.breadth - left)
        self.y -= 2
        self._lines(self.root.add("P"), lines, fonts.SMALL, SIDE + left)
        self.y = min(self.y, top - PICTURE)
