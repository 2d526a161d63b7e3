"""A field as the rules see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple


class Field(NamedTuple):
    """A field: a control field has ``text`` and no subfields, a data field the other way round.

    ``rules`` is the tag whose rules apply: field 880 follows the field it is linked to. ``codes``
    are the codes of the subfields in their order, each as one character. ``number`` counts the
    fields of its tag before it, ``row`` the rows of the record. ``is_plain``
    tells that every value is text of plain letters. A field that UNIMARC embeds in another has
    that one as ``parent``, where its subfields begin at ``offset``.
    """

    tag: str
    rules: str
    ind: str
    subfields: Sequence[Sequence[str]]
    codes: str
    text: str
    number: int
    row: int
    is_control: bool
    is_plain: bool
    parent: Field | None = None
    offset: int = 0

    def first(self, code: str) -> str:
        """Return the first value of subfield ``code``, empty if there is none."""
        for found, value in self.subfields:
            if found == code:
                return value
        return ""

    @property
    def path(self) -> str:
        """The place of the field in the record, such as ``650[2]``."""
        if self.parent:
            return self.parent.place(self.offset - 1)
        return f"{self.tag}[{self.number}]"

    @property
    def label(self) -> str:
        """The field as messages call it: ``245``, ``880 (245)``, ``461 $1 200``."""
        if self.parent:
            return f"{self.parent.tag} $1 {self.tag}"
        return self.tag if self.rules == self.tag else f"{self.tag} ({self.rules})"

    def place(self, index: int) -> str:
        """Return the path of the subfield at ``index``."""
        if self.parent:
            return self.parent.place(self.offset + index)
        code = self.subfields[index][0]
        return f"{self.path}${code}[{_occurrences(self.codes)[index]}]"


@lru_cache(maxsize=64)
def _occurrences(codes: str) -> tuple[int, ...]:
    """Return for each code how many of its like stand before it: once for all the places."""
    counts: Counter[str] = Counter()
    numbers = []
    for code in codes:
        numbers.append(counts[code])
        counts[code] += 1
    return tuple(numbers)
