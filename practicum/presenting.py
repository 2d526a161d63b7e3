"""Reports as people read them: a page, a PDF, a workbook, CSV; and JSON for programs.

All are made from one ``Report``. Hours are rounded to hundredths so that those above a total sum
to the total that is shown.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from documents import content
from documents.pdf import write_pdf
from documents.writing import Writing, writing_of
from practicum.canonical import plain
from practicum.reports.summaries import ERASED, NOT_SAID
from practicum.reports.table import ALL, FIGURES, Column, Fact, Kind, Report, Row, Section, Value
from practicum.rules.calendar import share_out
from quarantine.tables import Cell, Sheet, write_csv, write_workbook

PLACEHOLDERS = frozenset({ALL, ERASED, NOT_SAID})
DENSE_COLUMNS = 14
FORMATS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}


@dataclass(frozen=True, slots=True)
class Edition:
    """What a report that is handed out says beside its figures.

    ``code`` is what ``check_report`` knows it by, ``url`` where anybody may check it.
    """

    language: str
    school: str = ""
    code: UUID | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report as a file to be downloaded."""

    name: str
    content_type: str
    data: bytes


def as_file(report: Report, form: str, edition: Edition) -> ReportFile:
    """The report in one of ``FORMATS``, in the edition's language."""
    with translation.override(edition.language):
        if form == "pdf":
            data = write_pdf(as_document(report, edition))
        elif form == "xlsx":
            data = write_workbook(_sheets(report))
        elif form == "csv":
            data = _csv(report, writing_of(edition.language))
        else:
            data = json.dumps(as_plain(report), ensure_ascii=False, indent=2).encode()
    name = f"{report.kind}-{report.first:%Y-%m-%d}-{report.last:%Y-%m-%d}.{form}"
    return ReportFile(name, FORMATS[form], data)


def as_plain(report: Report) -> dict[str, Any]:
    """The report as JSON types: minutes whole, days ISO 8601, columns by their names."""
    found: dict[str, Any] = plain(
        {
            "report": report.kind,
            "first": report.first,
            "last": report.last,
            "sequence": report.sequence,
            "confirmed": report.minutes,
            "facts": {fact.name: fact.value for fact in report.facts},
            "sections": [
                {
                    "title": section.title % plain(section.params),
                    "rows": [_named(section.columns, row) for row in section.rows],
                    "totals": _named(section.columns, section.totals) if section.totals else None,
                    "texts": [{"title": title, "text": text} for title, text in section.texts],
                }
                for section in report.sections
            ],
        }
    )
    return found


def _named(columns: Sequence[Column], row: Row) -> dict[str, Value]:
    return {column.name: value for column, value in zip(columns, row, strict=True)}


# --- Cells ----------------------------------------------------------------------------------------


def shown(value: Value, kind: Kind, writing: Writing) -> str:
    """A value as the language of ``writing`` writes it; nothing for what is not there."""
    match value:
        case None:
            return ""
        case tuple():
            return writing.share(*value)
        case datetime():
            local = timezone.localtime(value)
            return f"{writing.day(local.date())} {writing.clock(local.time())}"
        case date():
            return writing.day(value)
        case time():
            return writing.clock(value)
        case int() if kind is Kind.HOURS:
            return writing.number(_hundredths([value])[0], 2)
        case int():
            return writing.number(value)
    return _(value) if value and (kind is Kind.LABEL or value in PLACEHOLDERS) else value


def _hundredths(minutes: Sequence[int]) -> list[Decimal]:
    """Minutes as hours of two decimals that sum to the rounded sum (largest remainders)."""
    whole = round(Decimal(sum(minutes)) * 100 / 60)
    return [Decimal(share).scaleb(-2) for share in share_out(whole, minutes)]


def _exact(section: Section) -> list[list[Value | Decimal]]:
    """The rows and the totals with hours as decimals."""
    rows: list[list[Value | Decimal]] = [list(row) for row in section.rows]
    if section.totals:
        rows.append(list(section.totals))
    for place, column in enumerate(section.columns):
        if column.kind is not Kind.HOURS:
            continue
        minutes = [value if isinstance(value, int) else 0 for value in _column(section, place)]
        hours = _hundredths(minutes)
        for row, value in zip(rows, hours, strict=False):
            row[place] = value if row[place] is not None else None
        whole = section.totals[place] if section.totals else None
        if isinstance(whole, int):
            is_sum = whole == sum(minutes)
            rows[-1][place] = sum(hours, Decimal(0)) if is_sum else _hundredths([whole])[0]
    return rows


def _column(section: Section, place: int) -> list[Value]:
    return [row[place] for row in section.rows]


def _labels(section: Section) -> list[str]:
    return [column.label if column.is_plain else _(column.label) for column in section.columns]


def _title(section: Section, writing: Writing) -> str:
    title = _(section.title)
    if not section.params:
        return title
    return title % {name: shown(one, Kind.TEXT, writing) for name, one in section.params.items()}


# --- Pages and PDF --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell of a page; ``is_figure`` stands at the end of its column."""

    text: str
    is_figure: bool


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section of a page, its words translated and its figures written out."""

    title: str
    labels: tuple[ShownCell, ...]
    rows: tuple[tuple[ShownCell, ...], ...]
    totals: tuple[ShownCell, ...]
    texts: tuple[tuple[str, str], ...]


def shown_facts(report: Report, writing: Writing) -> list[tuple[str, str]]:
    """What the report says of itself, in the current language."""
    return [(_(fact.label), _fact(fact, writing)) for fact in report.facts if fact.value != ""]


def _fact(fact: Fact, writing: Writing) -> str:
    return shown(fact.value, fact.kind, writing)


def shown_sections(report: Report, writing: Writing) -> list[ShownSection]:
    """The sections of the report, in the current language."""
    return [_shown_section(section, writing) for section in report.sections]


def _shown_section(section: Section, writing: Writing) -> ShownSection:
    figures = [column.kind in FIGURES for column in section.columns]
    is_dense = len(section.columns) > DENSE_COLUMNS
    rows = [
        tuple(
            ShownCell(_cell(value, column.kind, writing, is_dense=is_dense), is_figure)
            for value, column, is_figure in zip(row, section.columns, figures, strict=True)
        )
        for row in _exact(section)
    ]
    totals = rows.pop() if section.totals else ()
    labels = zip(_labels(section), figures, strict=True)
    return ShownSection(
        _title(section, writing),
        tuple(ShownCell(label, is_figure) for label, is_figure in labels),
        tuple(rows),
        totals,
        tuple((_(title), text) for title, text in section.texts),
    )


def _cell(value: Value | Decimal, kind: Kind, writing: Writing, *, is_dense: bool) -> str:
    if not isinstance(value, Decimal):
        return shown(value, kind, writing)
    if not is_dense:
        return writing.number(value, 2)
    places = max(-int(value.normalize().as_tuple().exponent), 0)
    return writing.number(value, places) if value else ""


def as_document(report: Report, edition: Edition) -> content.Document:
    """The report as a document to print, in the current language."""
    writing = writing_of(edition.language)
    title = _(report.title)
    blocks: list[content.Block] = [content.Facts(shown_facts(report, writing))]
    for section, made in zip(report.sections, shown_sections(report, writing), strict=True):
        if section.is_on_new_page:
            blocks.append(content.PageBreak())
        blocks += _section_blocks(section, made)
    blocks.append(_signatures(report))
    if edition.code is not None:
        blocks.append(_proof(report, edition, writing))
    footer = ""
    if edition.code is not None:
        footer = _("Code %(code)s") % {"code": edition.code}
    subject = next((str(fact.value) for fact in report.facts if fact.value), "")
    return content.Document(
        title=title,
        language=edition.language,
        blocks=blocks,
        author=edition.school,
        subject=subject,
        header=" · ".join(one for one in (edition.school, title, subject) if one),
        footer=footer,
        page_label=_("Page %(page)d of %(pages)d"),
        is_landscape=report.is_wide,
    )


def _section_blocks(section: Section, made: ShownSection) -> list[content.Block]:
    blocks: list[content.Block] = [content.Heading(made.title)]
    if made.labels:
        blocks.append(
            content.Table(
                [content.Column(cell.text, cell.is_figure) for cell in made.labels],
                [[cell.text for cell in row] for row in made.rows],
                [[cell.text for cell in made.totals]] if made.totals else [],
                is_dense=len(section.columns) > DENSE_COLUMNS,
            )
        )
        if not made.rows:
            blocks.append(content.Paragraph(_("Nothing yet."), is_small=True))
    for title, text in made.texts:
        blocks += [content.Heading(title, level=2), content.Paragraph(text)]
    return blocks


def _signatures(report: Report) -> content.Signatures:
    place = _("Place, date, signature")
    return content.Signatures(
        [content.SignatureLine(_(one.role), one.name, place) for one in report.signers]
    )


def _proof(report: Report, edition: Edition, writing: Writing) -> content.Proof:
    said = {
        "hours": writing.number(_hundredths([report.minutes])[0], 2),
        "day": writing.day(timezone.localdate()),
        "code": edition.code,
        "url": edition.url,
    }
    text = _(
        "Made on %(day)s. It says that %(hours)s hours are confirmed. Whether that still holds, "
        "anybody may check: %(url)s (code %(code)s)"
    )
    return content.Proof(text % said, edition.url or str(edition.code), _("Address of the check"))


# --- Spreadsheets ---------------------------------------------------------------------------------


def _sheets(report: Report) -> list[Sheet]:
    facts: list[list[Cell]] = [
        [_(fact.label), _raw(fact.value, fact.kind)] for fact in report.facts
    ]
    sheets = [Sheet(_(report.title), [[_(report.title)], *facts], heads=1, widths=(30, 50))]
    writing = writing_of(translation.get_language() or "")
    for section in report.sections:
        rows: list[Sequence[Cell]] = [_labels(section)] if section.columns else []
        rows += _raw_rows(section)
        rows += [[_(title), text] for title, text in section.texts]
        widths = [16 if column.kind in FIGURES else 26 for column in section.columns]
        heads = 1 if section.columns else 0
        name = _title(section, writing)
        if section.params:  # a week: its number is enough for a name
            name = name.partition(":")[0]
        sheets.append(Sheet(name, rows, heads=heads, widths=widths))
    return sheets


def _csv(report: Report, writing: Writing) -> bytes:
    rows = _raw_facts(report)
    for section in report.sections:
        rows += [[], [_title(section, writing)]]
        rows += [_labels(section)] if section.columns else []
        rows += _raw_rows(section)
        rows += [[_(title), text] for title, text in section.texts]
    return write_csv(rows, delimiter=writing.delimiter, decimal=writing.decimal)


def _raw_facts(report: Report) -> list[Sequence[Cell]]:
    return [[_(fact.label), _raw(fact.value, fact.kind)] for fact in report.facts]


def _raw_rows(section: Section) -> list[Sequence[Cell]]:
    return [
        [_raw(value, column.kind) for value, column in zip(row, section.columns, strict=True)]
        for row in _exact(section)
    ]


def _raw(value: Value | Decimal, kind: Kind) -> Cell:
    """A value as spreadsheets take it: hours and shares as numbers, days as days."""
    if isinstance(value, tuple):
        part, whole = value
        return round(Decimal(part) / whole, 4) if whole else None
    if isinstance(value, datetime):
        return timezone.localtime(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, int) and kind is Kind.HOURS:
        return _hundredths([value])[0]
    if isinstance(value, str) and value and (kind is Kind.LABEL or value in PLACEHOLDERS):
        return _(value)
    return value
