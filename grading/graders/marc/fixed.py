"""Comparing fixed fields position by position, forgiving one lost or doubled character."""

from __future__ import annotations

import re
from collections.abc import Set
from typing import NamedTuple

from grading.graders.marc.positions import Position

REPAIRED = 0.75
"""What is left of the credit when the field had not its length."""

_BLANKS = re.compile("[#\\\\^\u2422\u2423\xa0]")


class PositionVerdict(NamedTuple):
    """Credit of one position; ``reason`` is ok, wrong, missing, part, carried or blank.

    ``blank`` is a right blank that counts only as far as the codes beside it are right.
    """

    position: Position
    credit: float
    reason: str
    expected: str


class FixedVerdict(NamedTuple):
    """Credit (0-1) of a whole fixed field, with its positions before the loss for its length.

    ``length`` is what the field must have; ``repair`` says how it was mended: empty, ``lost`` or
    ``doubled`` (one character, at ``at``), ``short`` or ``long`` (more than one).
    """

    credit: float
    positions: tuple[PositionVerdict, ...]
    length: int = 0
    repair: str = ""
    at: int = -1


def clean(text: str) -> str:
    """Return the text of a fixed field with every way of writing a blank as a blank."""
    return _BLANKS.sub(" ", text)


def compare_fixed(
    model: str, given: str, positions: tuple[Position, ...], years: Set[str] = frozenset()
) -> FixedVerdict:
    """Compare two fixed fields.

    ``years`` are those the answer wrongly gives in its publication field: a first date coded in
    agreement with one of them counts as right. A field without a layout is compared character by
    character. Positions where the model has fill characters are not graded.
    """
    if not positions:
        positions = tuple(Position(i, i, "", 1.0) for i in range(len(model)))
    graded = tuple(
        p for p in positions if p.weight > 0 and model[p.start : p.end + 1].strip("|") != ""
    )
    if not given.strip():
        return FixedVerdict(0.0, tuple(_nothing(p, model) for p in graded), len(model))
    if len(given) < len(model) and not model[len(given) :].strip():
        given = given.ljust(len(model))
    # Tried by their credit alone first: there are as many repairs as characters.
    repairs = _repairs(given, len(model))
    text, repair, at = max(repairs, key=lambda r: _right_weight(graded, model, r[0]))
    verdicts = tuple(_compare_position(p, model, text, years) for p in graded)
    credit, verdicts = _weigh(verdicts)
    if repair:
        credit *= REPAIRED
    return FixedVerdict(credit, verdicts, len(model), repair, at)


def _right_weight(graded: tuple[Position, ...], model: str, given: str) -> float:
    """Return the weight of the positions that agree to the letter."""
    return sum(p.weight for p in graded if model[p.start : p.end + 1] == given[p.start : p.end + 1])


def _repairs(given: str, length: int) -> list[tuple[str, str, int]]:
    """Return the texts of the right length that ``given`` may have been meant for."""
    excess = len(given) - length
    if excess == 0:
        return [(given, "", -1)]
    if excess == -1:
        return [(given[:i] + " " + given[i:], "lost", i) for i in range(length)]
    if excess == 1:
        return [(given[:i] + given[i + 1 :], "doubled", i) for i in range(length + 1)]
    return [(given[:length].ljust(length), "short" if excess < 0 else "long", -1)]


def _nothing(position: Position, model: str) -> PositionVerdict:
    return PositionVerdict(position, 0.0, "missing", model[position.start : position.end + 1])


def _compare_position(
    position: Position, model: str, given: str, years: Set[str]
) -> PositionVerdict:
    expected = model[position.start : position.end + 1]
    got = given[position.start : position.end + 1]
    if expected == got:
        return PositionVerdict(position, 1.0, "ok", expected)
    if position.kind == "date1" and got in years:
        return PositionVerdict(position, 1.0, "carried", expected)
    if position.kind == "flags":
        credit = _dice(set(expected) - {" ", "|"}, set(got) - {" "})
        reason = "ok" if credit == 1.0 else "part" if credit else "wrong"
        return PositionVerdict(position, credit, reason, expected)
    return PositionVerdict(position, 0.0, "wrong", expected)


def _weigh(
    verdicts: tuple[PositionVerdict, ...],
) -> tuple[float, tuple[PositionVerdict, ...]]:
    """Return the credit; blanks that are right count no more than twice the coded positions.

    Otherwise a field of nothing but blanks would earn what its blanks happen to be worth.
    """
    total = sum(v.position.weight for v in verdicts)
    coded = [v for v in verdicts if v.expected.strip()]
    coded_total = sum(v.position.weight for v in coded)
    if not total:
        return 1.0, verdicts
    gate = 1.0
    if coded_total:
        gate = min(1.0, 2 * sum(v.position.weight * v.credit for v in coded) / coded_total)
    if gate < 1.0:
        verdicts = tuple(
            v
            if v.expected.strip() or not v.credit
            else PositionVerdict(v.position, v.credit * gate, "blank", v.expected)
            for v in verdicts
        )
    return sum(v.position.weight * v.credit for v in verdicts) / total, verdicts


def _dice(expected: set[str], got: set[str]) -> float:
    if not expected and not got:
        return 1.0
    return 2 * len(expected & got) / (len(expected) + len(got))
