"""What a page of the grade book shows, as its address says it: found, filtered, sorted, paged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.utils.translation import gettext_lazy as _

from delivery.gradebook.columns import Book
from delivery.grades.api import Sort, Status

SORTS = {
    "name": Sort.NAME,
    "grade": Sort.PERCENT,
    "scored": Sort.SCORED,
    "last": Sort.LAST_SCORED,
}
NAME = "name"
STATUSES = (
    ("", _("everyone")),
    (Status.PASSED.value, _("passed")),
    (Status.NOT_PASSED.value, _("not passed yet")),
    (Status.NOT_STARTED.value, _("without any mark")),
    (Status.STARTED.value, _("with some mark")),
    (Status.DECIDED.value, _("with a mark changed by hand")),
)
PAGE_SIZES = (25, 50, 100)
LONGEST_SEARCH = 100
MOST_DIGITS = 9


class Columns(models.TextChoices):
    """What the columns are."""

    BLOCKS = "", _("exercises")
    PARTS = "subsections", _("subsections")


@dataclass(frozen=True, slots=True)
class BookState:
    """The state of the page. ``sort`` is one of ``SORTS`` or a column's short name.

    ``group`` is a group's number, 0 for all learners.
    """

    search: str = ""
    group: int = 0
    status: str = ""
    columns: str = Columns.BLOCKS
    sort: str = NAME
    is_descending: bool = False
    size: int = PAGE_SIZES[0]
    page: int = 1

    @property
    def is_filtered(self) -> bool:
        """Whether some learners may be left out."""
        return bool(self.search or self.group or self.status)

    def query(self, **changes: Any) -> str:
        """The query of an address with some things changed; what is as usual is left out.

        Unless the page itself is asked for, it is the first.
        """
        state = replace(self, **({"page": 1} | changes))
        usual = BookState()
        told = {
            "q": state.search,
            "group": state.group or "",
            "status": state.status,
            "columns": state.columns,
            "sort": state.sort_word if state.sort_word != usual.sort_word else "",
            "size": state.size if state.size != usual.size else "",
            "page": state.page if state.page != usual.page else "",
        }
        return urlencode({name: value for name, value in told.items() if value != ""})

    def turned(self, sort: str) -> str:
        """The query that sorts by ``sort``, or the other way round if it does already.

        Marks begin with the highest, names with the first.
        """
        is_descending = not self.is_descending if self.sort == sort else sort != NAME
        return self.query(sort=sort, is_descending=is_descending)

    def sort_of(self, book: Book) -> Sort | str:
        """What to sort by; by name if that has gone."""
        column = book.by_key.get(self.sort)
        return column.usage_key if column else SORTS.get(self.sort, Sort.NAME)

    @property
    def status_of(self) -> Status | None:
        """Which lines to show, ``None`` for all."""
        return Status(self.status) if self.status else None

    @property
    def sort_word(self) -> str:
        """The sort as the address says it."""
        return ("-" if self.is_descending else "") + self.sort


def read_state(query: Mapping[str, str]) -> BookState:
    """The state in an address; whatever makes no sense is as usual."""
    sort = query.get("sort", "") or NAME
    size = _number(query.get("size", ""))
    return BookState(
        search=" ".join(query.get("q", "").split())[:LONGEST_SEARCH],
        group=_number(query.get("group", "")),
        status=_chosen(dict(STATUSES), query.get("status", "")),
        columns=_chosen(dict(Columns.choices), query.get("columns", "")),
        sort=sort.removeprefix("-"),
        is_descending=sort.startswith("-"),
        size=size if size in PAGE_SIZES else PAGE_SIZES[0],
        page=_number(query.get("page", "")) or 1,
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else 0


def _chosen(choices: Mapping[Any, Any], value: str) -> str:
    return value if value in choices else ""
