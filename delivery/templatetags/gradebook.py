"""The words of the grade book's templates: rows of marks, charts, answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from delivery.gradebook.columns import key_of, path_of
from delivery.gradebook.state import BookState
from delivery.gradebook.statistics import CLASSES, Figures
from delivery.grades.api import Cell, Column
from delivery.templatetags.school import points
from grading.api import ElementAnalysis, describe_element

register = template.Library()

SHORTEST_BAR = 0.02  # of the tallest: one learner among thousands is still seen
NOTHING = "\N{EN DASH}"
DEEPEST = 6  # levels of an answer that are shown


# --- Marks --------------------------------------------------------------------------------------


@register.simple_tag
def mark_cells(user_id: int, cells: Sequence[Cell], paths: Sequence[str]) -> SafeString:
    """The cells of a learner's row, each a link to the mark.

    A page has thousands of them, so they are put together here. Every part is a number, a path
    that is quoted or a text of ours.
    """
    parts = [
        f'<td class="mark{_state_of(cell)}"><a href="{user_id}/{path}/"{_exact(cell)}>'
        f"{_mark_html(*mark_words(cell))}</a></td>"
        for cell, path in zip(cells, paths, strict=True)
    ]
    return mark_safe("".join(parts))  # noqa: S308  # see above


def _state_of(cell: Cell) -> str:
    if cell.is_excused:
        return " is-excused"
    if cell.is_overridden:
        return " is-overridden"
    return " is-empty" if cell.earned is None else ""


def _exact(cell: Cell) -> str:
    """The points as they are kept: what the script says that it saw."""
    return "" if cell.earned is None else f' data-e="{cell.earned!r}"'


def mark_words(cell: Cell) -> tuple[str, str]:
    """A mark in a few signs, and what is said of it to those who do not see how it is drawn."""
    return _mark_words(cell.earned, cell.is_overridden, cell.is_excused, get_language() or "")


@lru_cache(maxsize=20_000)
def _mark_words(
    earned: float | None, is_overridden: bool, is_excused: bool, _language: str
) -> tuple[str, str]:
    if is_excused:
        return _("exc."), ""
    if earned is None:
        return NOTHING, ""
    return points(earned), _("changed by hand") if is_overridden else ""


@lru_cache(maxsize=20_000)
def _mark_html(text: str, note: str) -> SafeString:
    if not note:
        return format_html("{}", text)
    return format_html('{}<span class="visually-hidden"> {}</span>', text, note)


@register.filter
def path(column: Column) -> str:
    """A column's short name as a part of an address."""
    return path_of(column)


@register.filter
def at(found: Mapping[Any, Any], key: Any) -> Any:
    """What a mapping has at a key."""
    return found.get(key)


# --- Charts -------------------------------------------------------------------------------------


@register.inclusion_tag("gradebook/histogram.html")
def histogram(counts: Sequence[int], label: str) -> dict[str, Any]:
    """A chart of ten classes of scores, with the number on each bar and a table behind it."""
    tallest = max(counts, default=0)
    bars = [
        {
            "low": number * 100 // CLASSES,
            "high": (number + 1) * 100 // CLASSES,
            "count": count,
            "x": number * 10,
            "height": round(max(count / tallest, SHORTEST_BAR) * 40, 2) if count else 0,
        }
        for number, count in enumerate(counts)
    ]
    for bar in bars:
        bar["y"] = 46 - bar["height"]
        bar["text_y"] = bar["y"] - 1.5
    return {"bars": bars, "label": label, "total": sum(counts)}


@register.inclusion_tag("gradebook/bars.html")
def small_bars(figures: Figures) -> dict[str, Any]:
    """A histogram of the size of a line of text; its figures stand beside it."""
    tallest = max(figures.histogram, default=0)
    return {
        "bars": [
            {
                "x": number * 6,
                "height": round(max(count / tallest, SHORTEST_BAR * 4) * 16, 2) if count else 0,
                "y": round(16 - max(count / tallest, SHORTEST_BAR * 4) * 16, 2) if count else 16,
            }
            for number, count in enumerate(figures.histogram)
        ]
    }


# --- Answers ------------------------------------------------------------------------------------


@register.simple_tag
def show_answer(answer: Any, block_type: str) -> SafeString:
    """An answer as a person reads it: a record field by field, anything else as lists."""
    if block_type == "marc_record" and isinstance(answer, list):
        return _show_record(answer)
    return _show_value(answer, DEEPEST)


def _show_record(fields: Iterable[Any]) -> SafeString:
    return format_html(
        '<pre class="record">{}</pre>',
        "\n".join(_record_line(field) for field in fields if isinstance(field, list) and field),
    )


def _record_line(field: list[Any]) -> str:
    tag, *rest = field
    if len(rest) < 2 or not isinstance(rest[1], list):
        return f"{tag}    {rest[0] if rest else ''}"
    subfields = (pair for pair in rest[1] if isinstance(pair, list) and len(pair) == 2)
    told = " ".join(f"${code} {value}" for code, value in subfields)
    return f"{tag} {str(rest[0]).replace(' ', '#'):2} {told}"


def _show_value(value: Any, depth: int) -> SafeString:
    if isinstance(value, Mapping) and value and depth:
        rows = ((str(name), _show_value(entry, depth - 1)) for name, entry in value.items())
        inside = format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", rows)
        return format_html('<dl class="answer">{}</dl>', inside)
    if isinstance(value, list) and value and depth:
        items = format_html_join("", "<li>{}</li>", ((_show_value(v, depth - 1),) for v in value))
        return format_html("<ol>{}</ol>", items)
    if isinstance(value, bool):
        return format_html("{}", _("yes") if value else _("no"))
    return format_html("{}", NOTHING if value in (None, "", [], {}) else value)


# --- Heads --------------------------------------------------------------------------------------


@register.simple_tag
def sort_query(state: BookState, sort: str) -> str:
    """The query that sorts by a column, or turns the order round."""
    return state.turned(sort)


@register.simple_tag
def head_cells(columns: Sequence[Column], paths: Sequence[str], state: BookState) -> SafeString:
    """The heads of the columns: what it is and, beside it, the way to sort by it."""
    sort_word = _("Sort by %(name)s")
    rows = (
        (
            _sorted_as(state, key_of(column)),
            "" if column.is_open else " is-closed",
            f"{column.possible:g}",
            column_path,
            column.name,
            points(column.possible),
            state.turned(key_of(column)),
            sort_word % {"name": column.name},
        )
        for column, column_path in zip(columns, paths, strict=True)
    )
    return format_html_join(
        "",
        '<th scope="col"{}class="head{}" data-possible="{}"><a href="columns/{}/">{}</a> '
        '<span class="head-foot"><span class="soft">/ {}</span> '
        '<a class="sort" href="?{}"><span class="visually-hidden">{}</span></a></span></th>',
        rows,
    )


def _sorted_as(state: BookState, key: str) -> SafeString:
    if state.sort != key:
        return SafeString(" ")
    return SafeString(f' aria-sort="{"descending" if state.is_descending else "ascending"}" ')


@register.filter
def element_words(element: ElementAnalysis) -> str:
    """What was missed, in words."""
    return describe_element(element)


@register.filter
def of_points(share: float, possible: float) -> str:
    """A share of an exercise as its points."""
    return points(share * possible)
