"""The grade book as tables: all points, or what Open edX's own grade report has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from delivery.gradebook.columns import Book, key_of
from delivery.grades.api import ATTEMPTED, EXCUSED, Column, PackedLine, Totals, assignments_of
from grading.policy import format_share, percent_of
from quarantine.tables import Cell

DECIMALS = 4
EXCUSED_WORD = "excused"
USERNAME, NAME, EMAIL, GRADE, LETTER = "username", "name", "email", "grade", "letter"
WHO = (USERNAME, NAME, EMAIL, GRADE, LETTER)
NOT_ATTEMPTED = "Not Attempted"  # this and the next two as in Open edX's report
PLATFORM_WHO = ("Student ID", "Email", "Username")
ENROLLED = "enrolled"


def heading_of(column: Column, book: Book) -> str:
    """The head of a column in a table: in words and, for the import, by its key in brackets."""
    part = book.part_of[column.subsection].name
    points = round(column.possible, DECIMALS)
    return f"{part} · {column.name} / {points:g} [{key_of(column)}]"


def point_rows(lines: Iterable[PackedLine], book: Book) -> Iterator[Sequence[Cell]]:
    """Every learner with the points in every block, a heading first; no score, no figure.

    The cells are those that an import takes: what is typed over in such a table can come back.
    """
    yield [*WHO, *(heading_of(block, book) for block in book.blocks)]
    for line in lines:
        points = line.points
        figures: list[Cell] = [_round(earned) for earned in points.earned]
        if any(points.flags):
            for index, flags in enumerate(points.flags):
                if flags & EXCUSED:
                    figures[index] = EXCUSED_WORD
        yield [line.username, line.name, line.email, line.percent, line.letter, *figures]


def _round(earned: float) -> float | str:
    return round(earned, DECIMALS) if earned == earned else ""  # not a number: no score


def platform_rows(lines: Iterable[PackedLine], book: Book) -> Iterator[Sequence[Cell]]:
    """Every learner with the columns of Open edX's grade report, ratios from 0 to 1.

    Kinds of assignments with more than one have a column for each and one for their average,
    others one column of their own. What Open edX knows and a library school does not
    (certificates, tracks) is left out.
    """
    kinds = _kinds(book)
    yield [*PLATFORM_WHO, "Grade", *_platform_heads(kinds), "Enrollment Status"]
    for line in lines:
        totals = line.totals
        cells: list[Cell] = []
        for kind, parts in kinds.items():
            cells += [_platform_cell(totals, book.index_of(part)) for part in parts]
            if len(parts) > 1:
                cells.append(_average(book, kind, totals, line.scored))
        yield [line.user_id, line.email, line.username, line.percent, *cells, ENROLLED]


def _kinds(book: Book) -> dict[str, list[Column]]:
    """The subsections that count by their format, both in course order."""
    kinds: dict[str, list[Column]] = {}
    for part in book.parts:
        if part.counts:
            kinds.setdefault(part.format, []).append(part)
    return kinds


def _platform_heads(kinds: Mapping[str, Sequence[Column]]) -> Iterator[str]:
    for kind, parts in kinds.items():
        if len(parts) == 1:
            yield kind
            continue
        for number, part in enumerate(parts, start=1):
            yield f"{kind} {number}: {part.name}"
        yield f"{kind} (Avg)"


def _platform_cell(totals: Totals, index: int) -> float | str:
    if not totals.flags[index] & ATTEMPTED:
        return NOT_ATTEMPTED
    return round(percent_of(totals.earned[index], totals.possible[index]), DECIMALS)


def _average(book: Book, kind: str, totals: Totals, scored: int) -> float | str:
    """The average of a kind after its drops; empty where the policy does not name it."""
    fmt = next((fmt for fmt in book.plan.formats or () if fmt.type == kind), None)
    if fmt is None:
        return ""
    if not scored:
        return 0.0
    share = format_share(fmt, assignments_of(book.plan, totals, kind))
    return round(share.percent, DECIMALS)
