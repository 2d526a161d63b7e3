"""Tables in and out: CSV and XLSX, where no text of anyone's ever becomes a formula."""

from __future__ import annotations

import csv
import datetime
import io
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any, TypeAlias

import openpyxl
import xlsxwriter

from quarantine.errors import Refused, gettext_noop
from quarantine.text import decode_text
from quarantine.zips import open_zip

__all__ = [
    "Cell",
    "Sheet",
    "TableLimits",
    "TableRefused",
    "read_table",
    "stream_csv",
    "write_csv",
    "write_workbook",
    "write_xlsx",
]

Cell: TypeAlias = (
    str | int | float | bool | Decimal | datetime.date | datetime.time | datetime.timedelta | None
)

TOO_LARGE = gettext_noop("The table takes %(size)d bytes; the limit is %(limit)d.")
TOO_MANY_ROWS = gettext_noop("The table has more than %(limit)d rows.")
TOO_MANY_COLUMNS = gettext_noop("The table has more than %(limit)d columns.")
MALFORMED = gettext_noop("The table is malformed: %(reason)s.")
NO_WORKBOOK = gettext_noop("The file is not a workbook that can be read.")
UNKNOWN = gettext_noop("Only .csv, .txt and .xlsx files hold tables here.")

MAX_EXCEL_TEXT = 32_767
ROWS_AT_ONCE = 100  # of a stream
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_QUOTES = (
    "'\"`\u00b4\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u2032\u2033\u00ab\u00bb\uff02\uff07"
)
_FORMULA = "=+-@"


class TableRefused(Refused):
    """A table that is malformed or too large."""


@dataclass(frozen=True, slots=True)
class TableLimits:
    """How much a table may hold; ``size`` is in bytes of the file."""

    size: int = 5 * 1024 * 1024
    rows: int = 20_000
    columns: int = 100


DEFAULT_LIMITS = TableLimits()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook. Its first ``heads`` rows are bold and stay in sight.

    ``widths`` of the columns are in characters.
    """

    name: str
    rows: Iterable[Sequence[Cell]]
    heads: int = 0
    widths: Sequence[float] = ()


def read_table(data: bytes, name: str, *, limits: TableLimits = DEFAULT_LIMITS) -> list[list[Cell]]:
    """Return the rows of a CSV file or of the first sheet of a workbook.

    The cells of a CSV file are text, those of a workbook text, numbers, booleans or dates, and
    formulas give the values they last had; an empty cell is ``""``. Rows are as wide as they are
    written, without empty cells at their ends, and empty rows at the end are dropped. Raises a
    :class:`Refused`, with the line where it is known.
    """
    if len(data) > limits.size:
        raise TableRefused("table.too_large", TOO_LARGE, size=len(data), limit=limits.size)
    suffix = name.lower().rpartition(".")[2]
    if suffix == "xlsx":
        rows = _read_xlsx(data, limits)
    elif suffix in ("csv", "txt", "tsv"):
        rows = _read_csv(decode_text(data), limits)
    else:
        raise TableRefused("table.unknown", UNKNOWN, where=ascii(name)[1:-1][:200])
    for row in rows:
        while row and row[-1] == "":
            row.pop()
    while rows and not rows[-1]:
        rows.pop()
    return rows


def write_csv(rows: Iterable[Sequence[Cell]], *, delimiter: str = ",", decimal: str = ".") -> bytes:
    """Return ``rows`` as CSV in UTF-8 with a mark, as spreadsheets expect it.

    Text that could start a formula gets an apostrophe in front; numbers stay numbers. Where the
    ``decimal`` mark is a comma, spreadsheets expect ``;`` as the delimiter.
    """
    return b"".join(stream_csv(rows, delimiter=delimiter, decimal=decimal))


def stream_csv(
    rows: Iterable[Sequence[Cell]], *, delimiter: str = ",", decimal: str = "."
) -> Iterator[bytes]:
    """Yield what :func:`write_csv` returns, a hundred rows at a time, while ``rows`` are read."""
    left = iter(rows)
    mark = "\ufeff"
    while some := list(islice(left, ROWS_AT_ONCE)):
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=delimiter)
        writer.writerows([_csv_cell(cell, decimal) for cell in row] for row in some)
        yield (mark + out.getvalue()).encode()
        mark = ""
    if mark:
        yield mark.encode()


def write_xlsx(rows: Iterable[Sequence[Cell]], *, sheet: str = "") -> bytes:
    """Return ``rows`` as a workbook of one sheet, under the rules of :func:`write_csv`.

    Text beyond what a cell can hold (32,767 characters) is cut, which an ellipsis shows.
    """
    return write_workbook([Sheet(sheet, rows)])


def write_workbook(sheets: Iterable[Sheet]) -> bytes:
    """Return a workbook, under the rules of :func:`write_xlsx`; rows are not kept in memory.

    Names are cut to what a workbook takes, and numbered where they would be the same.
    """
    out = io.BytesIO()
    options = {
        "constant_memory": True,
        "default_date_format": "yyyy-mm-dd hh:mm",
        "remove_timezone": True,
    }
    taken: set[str] = set()
    with xlsxwriter.Workbook(out, options) as workbook:
        formats = _Formats(
            workbook.add_format({"num_format": "yyyy-mm-dd"}),
            workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        )
        for sheet in sheets:
            page = workbook.add_worksheet(_sheet_name(sheet.name, taken))
            for column, width in enumerate(sheet.widths):
                page.set_column(column, column, width)
            if sheet.heads:
                page.freeze_panes(sheet.heads, 0)
            for number, row in enumerate(sheet.rows):
                for column, cell in enumerate(row):
                    style = formats.head if number < sheet.heads else None
                    _write_xlsx_cell(page, number, column, cell, formats.date, style)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _Formats:
    date: Any
    head: Any


def _sheet_name(name: str, taken: set[str]) -> str | None:
    """A name that Excel takes (``None`` lets it choose), not yet ``taken`` whatever its case."""
    plain = re.sub(r"[\[\]:*?/\\'\x00-\x1f]", " ", name)[:31].strip()
    if not plain:
        return None
    found, count = plain, 1
    while found.casefold() in taken:
        count += 1
        ending = f" ({count})"
        found = plain[: 31 - len(ending)] + ending
    taken.add(found.casefold())
    return found


def _read_csv(text: str, limits: TableLimits) -> list[list[Cell]]:
    first, _, rest = text.partition("\n")
    if re.fullmatch("sep=.", first):
        text, delimiter = rest, first[-1]
    else:
        delimiter = _delimiter(text)
    rows: list[list[Cell]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            _check_shape(len(rows) + 1, len(row), reader.line_num, limits)
            rows.append(list(row))
    except csv.Error as error:
        raise TableRefused(
            "table.malformed", MALFORMED, line=reader.line_num, reason=str(error)
        ) from error
    return rows


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts the first lines into most columns of equal number."""
    sample = text[:8192].split("\n")[:20]
    lines = [re.sub(r'"[^"]*"', "", line) for line in sample if line.strip()]

    def weight(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines]
        return (min(counts, default=0), sum(counts))

    return max((",", ";", "\t"), key=weight)


def _read_xlsx(data: bytes, limits: TableLimits) -> list[list[Cell]]:
    open_zip(data)
    try:
        workbook = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=True, keep_links=False
        )
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()
        found = sheet.iter_rows(max_row=limits.rows + 1, values_only=True)
        rows = []
        for number, row in enumerate(found, start=1):
            width = max((place for place, cell in enumerate(row, 1) if cell is not None), default=0)
            if width:
                _check_shape(number, width, None, limits)
            rows.append([_read_cell(cell) for cell in row])
    except TableRefused:
        raise
    except Exception as error:  # openpyxl raises whatever the part it stumbles over raises
        raise TableRefused("table.no_workbook", NO_WORKBOOK) from error
    return rows


def _check_shape(rows: int, columns: int, line: int | None, limits: TableLimits) -> None:
    if rows > limits.rows:
        raise TableRefused("table.too_many_rows", TOO_MANY_ROWS, limit=limits.rows)
    if columns > limits.columns:
        raise TableRefused(
            "table.too_many_columns", TOO_MANY_COLUMNS, line=line or rows, limit=limits.columns
        )


def _read_cell(cell: Any) -> Cell:
    if cell is None:
        return ""
    if isinstance(cell, float) and not math.isfinite(cell):
        return ""
    if isinstance(cell, str):
        return _NOT_TEXT.sub("", cell)
    return cell  # type: ignore[no-any-return]  # the other values of openpyxl's cells are Cells


def _harmless(text: str) -> str:
    """Return ``text`` with an apostrophe in front if any spreadsheet might compute it.

    What counts is the first character that is seen: after white space, quotation marks and
    characters of no width, in its plain form where it has a wide or small one.
    """
    text = _NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    seen = next((character for character in text if not _is_skipped(character)), "")
    is_formula = unicodedata.normalize("NFKC", seen)[:1] in tuple(_FORMULA)
    return f"'{text}" if is_formula or text[:1] in ("\t", "\n") else text


def _is_skipped(character: str) -> bool:
    return character in _QUOTES or character.isspace() or unicodedata.category(character) == "Cf"


def _plain(cell: Cell) -> str | int | float | bool:
    """Return a cell as text that is safe, or as the number or truth value that it is."""
    if isinstance(cell, (bool, int)):
        return cell
    if isinstance(cell, (float, Decimal)):
        return float(cell) if math.isfinite(cell) else ""
    if cell is None:
        return ""
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, (datetime.date, datetime.time)):
        return cell.isoformat()
    return _harmless(str(cell))


def _csv_cell(cell: Cell, decimal: str) -> str | int | float | bool | Decimal:
    if isinstance(cell, (float, Decimal)) and math.isfinite(cell):  # what large tables are made of
        return cell if decimal == "." else str(cell).replace(".", decimal)
    return _plain(cell)


def _write_xlsx_cell(
    page: Any, row: int, column: int, cell: Cell, date: Any, style: Any = None
) -> None:
    if isinstance(cell, datetime.datetime):
        page.write_datetime(row, column, cell)
    elif isinstance(cell, datetime.date):
        page.write_datetime(row, column, cell, date)
    else:
        value = _plain(cell)
        if isinstance(value, bool):
            page.write_boolean(row, column, value, style)
        elif isinstance(value, (int, float)):
            page.write_number(row, column, value, style)
        elif not value:
            return
        elif len(value) > MAX_EXCEL_TEXT:
            page.write_string(row, column, value[: MAX_EXCEL_TEXT - 1] + "…", style)
        else:
            page.write_string(row, column, value, style)
