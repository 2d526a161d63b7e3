"""Reading JSON with a path: what is not as it must be raises an error that names its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grading.data import InvalidAnswer, InvalidExercise
from grading.data import gettext_noop as _
from grading.graders import faults

LONGEST_TEXT = 2_000
"""Characters of a text that is compared or shown beside others."""
LONGEST_HTML = 50_000
MOST_PARTS = 50
"""Rows, options, elements of one item."""
HEAVIEST = 1_000.0

TOO_LONG = _("This text is too long; the most is %(longest)s characters.")
BLANK = _("Text is expected here; this is empty.")

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,5}")
_URL = re.compile(r"https?://[^\s<>\"']+")
_PICTURE = re.compile(r"(?:https?:/)?/[^\s<>\"']+")
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Node:
    """A value read from JSON, its path, and the error that a fault in it raises.

    A member that is missing or ``null`` has the value ``None``.
    """

    value: Any
    where: str
    error: type[InvalidExercise]

    def fail(self, template: str, **params: Any) -> InvalidExercise:
        """Return an error at this place; ``template`` is marked for translation."""
        return self.error(template, self.where, **params)

    def get(self, name: str) -> Node:
        """Return a member of this object."""
        return Node(self.object().get(name), self.join(name), self.error)

    def has(self, name: str) -> bool:
        """Tell whether this object has a member that is not ``null``."""
        return self.object().get(name) is not None

    def join(self, name: str) -> str:
        """Return the path of a member."""
        return f"{self.where}.{name}" if self.where else name

    def object(self) -> Mapping[str, Any]:
        """Return this object; one that is missing is empty."""
        if self.value is None:
            return {}
        if not isinstance(self.value, Mapping):
            raise self.fail(faults.OBJECT)
        return self.value

    def list(self, least: int = 0, most: int = MOST_PARTS) -> Sequence[Node]:
        """Return the members of this list; one that is missing is empty."""
        raw = [] if self.value is None else self.value
        if not isinstance(raw, list | tuple):
            raise self.fail(faults.LIST)
        if len(raw) < least:
            raise self.fail(faults.TOO_FEW, least=least)
        if len(raw) > most:
            raise self.fail(faults.TOO_MANY, most=most)
        return [Node(value, f"{self.where}[{i}]", self.error) for i, value in enumerate(raw)]

    def text(self, default: Any = _ABSENT, longest: int = LONGEST_TEXT) -> str:
        """Return text that can be stored; without ``default`` it must not be blank."""
        if self.value is None and default is not _ABSENT:
            return str(default)
        if not isinstance(self.value, str):
            raise self.fail(faults.TEXT)
        if len(self.value) > longest:
            raise self.fail(TOO_LONG, longest=longest)
        if default is _ABSENT and not self.value.strip():
            raise self.fail(BLANK)
        if not self.value.isascii():
            try:
                self.value.encode()
            except UnicodeEncodeError:
                raise self.fail(faults.UNICODE) from None
        return self.value

    def number(self, default: float, least: float, most: float) -> float:
        """Return a number within bounds."""
        if self.value is None:
            return default
        raw = self.value
        if isinstance(raw, bool) or not isinstance(raw, int | float) or not least <= raw <= most:
            raise self.fail(faults.NUMBER, least=f"{least:g}", most=f"{most:g}")
        return float(raw)

    def whole(self, default: int | None, least: int, most: int) -> int:
        """Return a whole number within bounds; without ``default`` it must be there."""
        if self.value is None and default is not None:
            return default
        raw = self.value
        if isinstance(raw, bool) or not isinstance(raw, int) or not least <= raw <= most:
            raise self.fail(faults.WHOLE, least=least, most=most)
        return raw

    def weight(self, default: float) -> float:
        """Return the member ``w``: how much this counts."""
        return self.get("w").number(default, 1e-3, HEAVIEST)

    def flag(self, *, default: bool) -> bool:
        """Return true or false."""
        if self.value is None:
            return default
        if not isinstance(self.value, bool):
            raise self.fail(faults.FLAG)
        return self.value

    def one_of(self, choices: Sequence[str], default: str | None = None) -> str:
        """Return one of a few words; without ``default`` it must be there."""
        if self.value is None and default is not None:
            return default
        if not isinstance(self.value, str) or self.value not in choices:
            raise self.fail(faults.ONE_OF, choices=", ".join(choices))
        return self.value

    def some_of(self, choices: Sequence[str], default: Sequence[str]) -> tuple[str, ...]:
        """Return some of a few words, without repetition, in the order of ``choices``."""
        if self.value is None:
            return tuple(default)
        chosen = {node.one_of(choices) for node in self.list(most=len(choices))}
        return tuple(choice for choice in choices if choice in chosen)

    def language(self) -> str:
        """Return a language tag, empty if there is none."""
        tag = self.text("")
        if tag and not _LANGUAGE.fullmatch(tag):
            raise self.fail(_("A language tag such as hr or ru-petr1708 is expected here."))
        return tag

    def url(self) -> str:
        """Return an address of the web, empty if there is none."""
        address = self.text("")
        if address and not _URL.fullmatch(address):
            raise self.fail(_("An address that begins with https:// is expected here."))
        return address

    def picture(self) -> str:
        """Return the address of a picture, on the web or on the same site; empty if none."""
        address = self.text("")
        if address and not _PICTURE.fullmatch(address):
            raise self.fail(_("An address that begins with / or https:// is expected here."))
        return address


def exercise_node(raw: Any, where: str = "") -> Node:
    """Return a node whose faults are the author's."""
    return Node(raw, where, InvalidExercise)


def answer_node(raw: Any, where: str = "") -> Node:
    """Return a node whose faults are the learner's."""
    return Node(raw, where, InvalidAnswer)


def count_values(raw: Any) -> float:
    """Return how many values there are in JSON; long texts count as several."""
    if isinstance(raw, str):
        return 1 + len(raw) / 2_000
    if isinstance(raw, Mapping):
        return 1 + sum(count_values(value) for value in raw.values())
    if isinstance(raw, list | tuple):
        return 1 + sum(count_values(value) for value in raw)
    return 1


def is_blank(raw: Any) -> bool:
    """Tell whether nothing is written anywhere in a learner's value."""
    if raw is None:
        return True
    if isinstance(raw, str):
        return not raw.strip()
    if isinstance(raw, Mapping):
        return all(is_blank(value) for value in raw.values())
    if isinstance(raw, list | tuple):
        return all(is_blank(value) for value in raw)
    return False
