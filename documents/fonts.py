"""The fonts of documents and how wide text is in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FOLDER = Path(__file__).parent / "typefaces"
SANS = "School-Sans-Regular"
SANS_BOLD = "School-Sans-SemiBold"
SERIF = "School-Serif-SemiBold"


@dataclass(frozen=True, slots=True)
class Style:
    """A font at a size, with the distance of its lines; in points."""

    font: str
    size: float
    leading: float
    is_soft: bool = False


TITLE = Style(SERIF, 20, 25)
HEADINGS = {1: Style(SERIF, 14, 18), 2: Style(SANS_BOLD, 11, 14)}
BODY = Style(SANS, 10, 14)
LABEL = Style(SANS, 10, 14, is_soft=True)
SMALL = Style(SANS, 8.5, 11.5, is_soft=True)
CELL = Style(SANS, 8.5, 11)
HEAD_CELL = Style(SANS_BOLD, 8.5, 11)
DENSE_CELL = Style(SANS, 6.5, 8.5)
DENSE_HEAD = Style(SANS_BOLD, 6.5, 8.5)
CAPTION = Style(SANS_BOLD, 9.5, 13)


@cache
def load(name: str) -> TTFont:
    """The font, known to the library that writes the PDF from now on."""
    font = TTFont(name, FOLDER / f"{name}.ttf")
    pdfmetrics.registerFont(font)
    return font


def width(text: str, style: Style) -> float:
    """How wide a line of text is, in points."""
    face = load(style.font).face
    widths, default = face.charWidths, face.defaultWidth
    return float(sum(widths.get(ord(one), default) for one in text)) * style.size / 1000


def wrap(text: str, style: Style, limit: float) -> list[str]:
    """Text in lines no wider than ``limit`` points; a word that is wider is cut."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _wrap_line(paragraph, style, limit)
    return lines


def _wrap_line(text: str, style: Style, limit: float) -> Iterator[str]:
    if width(text, style) <= limit:
        yield text
        return
    line, used, space = "", 0.0, width(" ", style)
    for word in text.split():
        wide = width(word, style)
        if line and used + space + wide <= limit:
            line, used = f"{line} {word}", used + space + wide
            continue
        if line:
            yield f"{line} "  # without the space, words would run together when it is read out
        *whole, line = _cut(word, style, limit) if wide > limit else [word]
        yield from whole
        used = width(line, style)
    yield line


def _cut(word: str, style: Style, limit: float) -> list[str]:
    pieces, piece = [], ""
    for one in word:
        if piece and width(piece + one, style) > limit:
            pieces.append(piece)
            piece = ""
        piece += one
    return [*pieces, piece]
