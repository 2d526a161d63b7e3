"""``isbn``: check digits, finding the wrong digit, converting between ten and thirteen digits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grading.data import gettext_noop as _
from grading.graders.compare.standard_numbers import load_stdnum
from grading.graders.compare.text import normalize
from grading.graders.drill.item import Finding, Item, Settings
from grading.graders.reading import Node

TASKS = ("repair", "check_digit", "to_13", "to_10")
NUMBER_WEIGHT = 2.0
POSITION_WEIGHT = 1.0
NEARLY_CREDIT = 0.25
LONGEST_NUMBER = 60

NUMBER = {
    "right": _("The ISBN is right."),
    "missing": _("No ISBN is given."),
    "unreadable": _("An ISBN has ten or thirteen digits; the last of ten may be X."),
    "form": _("The right kind of ISBN is asked for: look at the number of digits."),
    "unchanged": _("This is the number as it was given."),
    "check": _("This is not a valid ISBN; its check digit must agree with the others."),
    "stem": _("The right digits, but the check digit must be worked out anew."),
    "other": _("A valid ISBN, but the wrong digit was another one. Compare it with the source."),
    "wrong": _("This is not the ISBN that is asked for."),
}
POSITION = {
    "right": _("The wrong digit is found."),
    "missing": _("The place of the wrong digit is not given."),
    "wrong": _("The wrong digit stands at another place."),
}

ONE_DIGIT = _("This must differ from the value in exactly one digit.")
STEM = _("The first nine or twelve digits of an ISBN are expected here.")
THIRTEEN = _("A valid ISBN of thirteen digits from 978 on is expected here.")

_DIGITS = re.compile(r"[0-9]{9}[0-9X]|[0-9]{13}")
_LABEL = re.compile(r"^ISBN(?:-1[03])?:?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Isbn(Item):
    """A number to be worked out from the one given.

    ``position`` (from 1) is that of the digit to be repaired, 0 where it is not asked.
    """

    TYPE = "isbn"

    task: str
    given: str
    value: str
    position: int

    @classmethod
    def read(cls, node: Node, settings: Settings) -> Isbn:
        """Read the task and work out its result."""
        task = node.get("task").one_of(TASKS)
        asks_position = node.get("ask_position").flag(default=task == "repair")
        if asks_position and task != "repair":
            raise node.get("ask_position").fail(_("Only a repair asks for the position."))
        given = node.get("given").text().strip()
        value = _WORK_OUT[task](node, bare(given))
        if node.has("value") and bare(node.get("value").text()) != value:
            raise node.get("value").fail(_("The task has another number as its result."))
        position = _find_difference(bare(given), value) if asks_position else 0
        return cls(task, given, value, position)

    @property
    def possible(self) -> float:
        """The number, and the position if it is asked."""
        return NUMBER_WEIGHT + (POSITION_WEIGHT if self.position else 0.0)

    def grade(self, answer: Node) -> Sequence[Finding]:
        """Compare the number digit by digit, hyphens aside."""
        reason, credit = self._compare(answer.get("number").text("", LONGEST_NUMBER))
        findings = [
            Finding(
                "number",
                f"number.{reason}",
                NUMBER[reason],
                credit,
                NUMBER_WEIGHT,
                expected="" if credit == 1.0 else load_stdnum("isbn").format(self.value),
            )
        ]
        if self.position:
            findings.append(self._compare_position(answer.get("position").whole(0, 0, 13)))
        return findings

    def _compare(self, typed: str) -> tuple[str, float]:
        number = bare(typed)
        if number == self.value:
            return "right", 1.0
        if not number:
            return "missing", 0.0
        if not _DIGITS.fullmatch(number):
            return "unreadable", 0.0
        if number == bare(self.given):
            return "unchanged", 0.0
        if len(number) != len(self.value):
            return "form", 0.0
        is_valid = load_stdnum("isbn").is_valid(number)
        if self.task in ("to_13", "to_10") and number[:-1] == self.value[:-1]:
            return "stem", NEARLY_CREDIT
        if not is_valid:
            return "check", 0.0
        if self.task == "repair" and _count_differences(number, bare(self.given)) == 1:
            return "other", NEARLY_CREDIT
        return "wrong", 0.0

    def _compare_position(self, position: int) -> Finding:
        reason = "right" if position == self.position else "wrong" if position else "missing"
        credit = float(reason == "right")
        return Finding(
            "position",
            f"position.{reason}",
            POSITION[reason],
            credit,
            POSITION_WEIGHT,
            expected="" if credit else str(self.position),
        )

    def public(self, seed: str) -> dict[str, Any]:
        """The task and the number given."""
        return {"task": self.task, "given": self.given, "ask_position": bool(self.position)}

    def model(self) -> dict[str, Any]:
        """The number with its hyphens, and the position."""
        model: dict[str, Any] = {"number": load_stdnum("isbn").format(self.value)}
        return model | ({"position": self.position} if self.position else {})


def bare(text: str) -> str:
    """Return a number without hyphens, blanks and the letters ISBN before it."""
    text = _LABEL.sub("", normalize(text))
    return text.replace("-", "").replace(" ", "").upper()


def _work_out_repair(node: Node, given: str) -> str:
    value = bare(node.get("value").text())
    if not load_stdnum("isbn").is_valid(value):
        raise node.get("value").fail(_("This is not a valid ISBN."))
    if len(given) != len(value) or _count_differences(given, value) != 1:
        raise node.get("given").fail(ONE_DIGIT)
    return value


def _work_out_check_digit(node: Node, given: str) -> str:
    stem = given.rstrip("?_.*")
    if len(stem) in (9, 12) and stem.isdecimal() and stem.isascii():
        for digit in "0123456789X":
            if load_stdnum("isbn").is_valid(stem + digit):
                return stem + digit
    raise node.get("given").fail(STEM)


def _work_out_13(node: Node, given: str) -> str:
    if len(given) != 10 or not load_stdnum("isbn").is_valid(given):
        raise node.get("given").fail(_("A valid ISBN of ten digits is expected here."))
    return str(load_stdnum("isbn").to_isbn13(given))


def _work_out_10(node: Node, given: str) -> str:
    if len(given) != 13 or not given.startswith("978") or not load_stdnum("isbn").is_valid(given):
        raise node.get("given").fail(THIRTEEN)
    return bare(load_stdnum("isbn").to_isbn10(given))


_WORK_OUT = {
    "repair": _work_out_repair,
    "check_digit": _work_out_check_digit,
    "to_13": _work_out_13,
    "to_10": _work_out_10,
}


def _count_differences(first: str, second: str) -> int:
    return sum(a != b for a, b in zip(first, second, strict=True))


def _find_difference(first: str, second: str) -> int:
    return next(i for i, (a, b) in enumerate(zip(first, second, strict=True), 1) if a != b)
