"""What documents are made of. All text is plain, and in the document's language already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

__all__ = [
    "Block",
    "Column",
    "Document",
    "Facts",
    "Heading",
    "PageBreak",
    "Paragraph",
    "Proof",
    "SignatureLine",
    "Signatures",
    "Table",
]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``level`` 1 is the highest below the document's title."""

    text: str
    level: Literal[1, 2] = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text that wraps; a line feed in it starts a new line."""

    text: str
    is_small: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values, one under the other."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table by its heading; figures stand at its end, ``is_figure``."""

    label: str
    is_figure: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings that are repeated on every page; ``totals`` are set off below them.

    Widths follow from what is in the columns. A row has a cell for each column. Tables of many
    narrow columns are ``is_dense``: set smaller.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    totals: Sequence[Sequence[str]] = ()
    caption: str = ""
    is_dense: bool = False


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """Where somebody signs on paper. ``name`` and ``note`` are printed under the line."""

    role: str
    name: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to sign on, side by side, kept on one page."""

    lines: Sequence[SignatureLine]


@dataclass(frozen=True, slots=True)
class Proof:
    """How the document is checked: a text, and a picture of ``url`` for a phone's camera."""

    text: str
    url: str
    picture_label: str


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page."""


Block: TypeAlias = Heading | Paragraph | Facts | Table | Signatures | Proof | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """A document to be set.

    ``language`` is a tag such as ``kk``. ``header`` stands on top of every page, ``footer`` at its
    foot beside the page number, whose words ``page_label`` has with ``%(page)d`` and ``%(pages)d``.
    """

    title: str
    language: str
    blocks: Sequence[Block]
    author: str = ""
    subject: str = ""
    header: str = ""
    footer: str = ""
    page_label: str = "%(page)d / %(pages)d"
    is_landscape: bool = False
    created_at: datetime | None = None
