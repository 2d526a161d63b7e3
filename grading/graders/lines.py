"""Adding up score lines, so that the lines of a mark always make its points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from grading.data import Mark, ScoreLine
from grading.data import gettext_noop as _

UNANSWERED = _("Nothing is answered here.")

_DIGITS = 9
"""Of sums: the noise of many lines is more than that of one."""
_EXACT = 1.0 - 1e-12


def add_up(lines: Iterable[ScoreLine]) -> Mark:
    """Return the mark that these lines make."""
    kept = tuple(lines)
    possible = round(sum(line.max for line in kept), _DIGITS) + 0.0
    points = round(sum(line.points for line in kept), _DIGITS) + 0.0
    return Mark(min(max(points, 0.0), possible), possible, kept)


def tidy(points: float) -> float:
    """Take away the noise of binary fractions (10.000000000000002) and the sign of nothing."""
    return round(points, 12) + 0.0


def kind_of(points: float, most: float, *, is_charged: bool = False) -> str:
    """Return the kind of a line that earned ``points`` of ``most``."""
    if points < 0 or (is_charged and most == 0):
        return "unwanted"
    if most == 0:
        return "note"
    if points >= most * _EXACT:
        return "right"
    return "nearly" if points > 0 else "missing"


def limit_charges(charges: Sequence[float], earned: float) -> list[float]:
    """Return the charges scaled down so that together they take no more than was earned."""
    total = sum(charges)
    share = min(1.0, earned / total) if total else 0.0
    return [charge * share for charge in charges]


def line_of(
    code: str,
    points: float,
    most: float,
    template: str,
    where: str = "",
    *,
    expected: str = "",
    **params: Any,
) -> ScoreLine:
    """Return a line whose kind follows from its points; ``params`` fill the template."""
    points, most = tidy(points), tidy(most)
    return ScoreLine(
        code=code,
        points=points,
        max=most,
        template=template,
        where=where,
        params=params,
        kind=kind_of(points, most),
        expected=expected,
    )


def charge_line(
    code: str, charge: float, template: str, where: str = "", **params: Any
) -> ScoreLine:
    """Return the line of something that should not be there; it costs ``charge``."""
    return ScoreLine(
        code=code,
        points=tidy(-charge),
        max=0.0,
        template=template,
        where=where,
        params=params,
        kind="unwanted",
    )


def cap(
    lines: Sequence[ScoreLine],
    share: float,
    code: str,
    template: str,
    where: str = "",
    **params: Any,
) -> list[ScoreLine]:
    """Return the lines, and one more that takes what exceeds ``share`` of the possible points.

    The line stands there, with nothing to take, even if less was earned: the fault is grave.
    """
    possible = sum(line.max for line in lines)
    points = sum(line.points for line in lines)
    excess = max(0.0, points - share * possible)
    return [*lines, charge_line(code, excess, template, where, **params)]


def unanswered(grader: str, possible: float) -> Mark:
    """Return the mark of an empty answer."""
    return add_up([line_of(f"{grader}.unanswered", 0.0, possible, UNANSWERED)])
