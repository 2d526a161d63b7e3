"""What a class's marks say of an exercise, and of its elements. Pure.

Classical item analysis (Ebel and Frisbie, *Essentials of Educational Measurement*, 5th ed.,
chapter 13). The marks are read once, one by one, and none is kept.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

BINS = 10
EXAMPLES = 5
STRUGGLING = 20
STRUGGLES_BELOW = 0.5
FEWEST = 5  # marks, below which a correlation says nothing
NOTHING = 1e-9


class StudentMark(NamedTuple):
    """What counts of one learner: ``score`` 0-1 of a mark that had ``lines`` as they are stored.

    ``possible`` is the mark's, in which the lines' points are told. ``total`` is what the learner
    has in the rest of the course (0-1), ``None`` where that is not known.
    """

    student_id: str
    score: float
    attempts: int
    possible: float
    lines: Iterable[Mapping[str, Any]]
    total: float | None = None


@dataclass(frozen=True, slots=True)
class ElementAnalysis:
    """One thing that learners missed: a score line's ``code`` at ``where``.

    ``missed`` learners lost points there, a ``share`` (0-1) of all. ``mean_loss`` is what one of
    them lost, as a share of the exercise (0-1). ``discrimination`` is the correlation (-1 to 1)
    of having it right with the rest of the course: ``None`` where it says nothing. (Not with the
    rest of the exercise: of two faults in one place a learner can only have one.)
    ``template`` and ``params`` are a line's sentence; ``examples`` name some of the learners.
    """

    code: str
    where: str
    template: str
    params: Mapping[str, Any]
    missed: int
    share: float
    mean_loss: float
    discrimination: float | None
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Struggler:
    """A learner with less than half of the points."""

    student_id: str
    score: float
    attempts: int


@dataclass(frozen=True, slots=True)
class ItemAnalysis:
    """What ``learners`` marks of one exercise say.

    ``facility`` is the mean score (0-1), ``deviation`` its standard deviation. ``histogram`` has
    ten equal classes of scores, 100 % being in the last. ``discrimination`` is the correlation of
    the score with the rest of the course. ``elements`` are ordered by how many missed them, and
    then by what that cost; ``struggling`` by score, the lowest first, then by attempts.
    """

    learners: int = 0
    facility: float = 0.0
    deviation: float = 0.0
    mean_attempts: float = 0.0
    discrimination: float | None = None
    histogram: tuple[int, ...] = (0,) * BINS
    elements: tuple[ElementAnalysis, ...] = ()
    struggling: tuple[Struggler, ...] = ()
    below_half: int = 0


@dataclass(slots=True)
class _Moments:
    """The sums from which the correlation of two quantities follows."""

    count: int = 0
    x: float = 0.0
    y: float = 0.0
    xx: float = 0.0
    yy: float = 0.0
    xy: float = 0.0

    def add(self, x: float, y: float) -> None:
        self.count += 1
        self.x += x
        self.y += y
        self.xx += x * x
        self.yy += y * y
        self.xy += x * y

    def correlation(self) -> float | None:
        """Pearson's r; ``None`` for too few pairs, or where one quantity never differs."""
        if self.count < FEWEST:
            return None
        spread_x = self.count * self.xx - self.x**2
        spread_y = self.count * self.yy - self.y**2
        if min(spread_x, spread_y) <= NOTHING * self.count**2:
            return None
        found: float = (self.count * self.xy - self.x * self.y) / (spread_x * spread_y) ** 0.5
        return max(-1.0, min(1.0, found))


@dataclass(slots=True)
class _Element:
    """What is summed up of one element, over the learners who missed it.

    ``known`` are those of them whose rest of the course is known.
    """

    template: str
    params: Mapping[str, Any]
    missed: int = 0
    loss: float = 0.0
    known: _Moments = field(default_factory=_Moments)
    examples: list[str] = field(default_factory=list)

    def add(self, mark: StudentMark, loss: float) -> None:
        self.missed += 1
        self.loss += loss
        if mark.total is not None:
            self.known.add(-loss, mark.total)
        if len(self.examples) < EXAMPLES:
            self.examples.append(mark.student_id)

    def discrimination(self, totals: _Moments) -> float | None:
        """The correlation of what is not lost here with ``totals``; others have lost nothing."""
        known = self.known
        return _Moments(
            totals.count, known.x, totals.y, known.xx, totals.yy, known.xy
        ).correlation()


def analyse(marks: Iterable[StudentMark]) -> ItemAnalysis:
    """What the marks of one exercise say; each learner has one."""
    scores, totals = _Moments(), _Moments()
    histogram = [0] * BINS
    elements: dict[tuple[str, str], _Element] = {}
    struggling: list[tuple[float, int, str]] = []  # a heap: whoever does best is first to leave
    attempts = below_half = 0
    for mark in marks:
        scores.add(mark.score, mark.score)
        attempts += mark.attempts
        histogram[_class_of(mark.score)] += 1
        if mark.total is not None:
            totals.add(mark.score, mark.total)
        if mark.score < STRUGGLES_BELOW:
            below_half += 1
            _keep_lowest(struggling, mark)
        _add_losses(elements, mark)
    if not scores.count:
        return ItemAnalysis()
    mean = scores.x / scores.count
    return ItemAnalysis(
        learners=scores.count,
        facility=mean,
        deviation=max(0.0, scores.xx / scores.count - mean**2) ** 0.5,
        mean_attempts=attempts / scores.count,
        discrimination=totals.correlation(),
        histogram=tuple(histogram),
        elements=_ordered(elements, scores.count, totals),
        struggling=tuple(
            Struggler(student_id, -score, tries)
            for score, tries, student_id in sorted(
                struggling, key=lambda entry: (-entry[0], -entry[1], entry[2])
            )
        ),
        below_half=below_half,
    )


def _class_of(score: float) -> int:
    """The class of a score among ``BINS``; the small favour undoes binary fractions."""
    return max(0, min(BINS - 1, int(score * BINS + NOTHING)))


def _keep_lowest(heap: list[tuple[float, int, str]], mark: StudentMark) -> None:
    entry = (-mark.score, mark.attempts, mark.student_id)
    if len(heap) < STRUGGLING:
        heapq.heappush(heap, entry)
    else:
        heapq.heappushpop(heap, entry)


def _add_losses(elements: dict[tuple[str, str], _Element], mark: StudentMark) -> None:
    """Count what one learner lost; several lines for one element are one loss."""
    if mark.possible <= 0:
        return
    lost: dict[tuple[str, str], float] = {}
    for line in mark.lines:
        loss = line["max"] - line["points"]
        if loss <= NOTHING:
            continue
        name = (line["code"], line.get("where", ""))
        lost[name] = lost.get(name, 0.0) + loss / mark.possible
        if name not in elements:
            elements[name] = _Element(line["template"], line.get("params") or {})
    for name, loss in lost.items():
        elements[name].add(mark, loss)


def _ordered(
    elements: Mapping[tuple[str, str], _Element], learners: int, totals: _Moments
) -> tuple[ElementAnalysis, ...]:
    found = [
        ElementAnalysis(
            code=code,
            where=where,
            template=element.template,
            params=element.params,
            missed=element.missed,
            share=element.missed / learners,
            mean_loss=element.loss / element.missed,
            discrimination=element.discrimination(totals),
            examples=tuple(element.examples),
        )
        for (code, where), element in elements.items()
    ]
    return tuple(
        sorted(found, key=lambda entry: (-entry.missed, -entry.mean_loss, entry.code, entry.where))
    )
