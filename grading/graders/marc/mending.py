"""Grading how a faulty record was mended: what was put right, what is left, what came to harm.

The possible points are what the record at the start lacks; of these the answer earns what it put
right, ``(after - before) / (1 - before)``. A field that was right and is no longer costs what it
lost once more, so that changing things at random does not pay.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from grading.data import Mark, ScoreLine
from grading.graders.marc import messages
from grading.graders.marc.explain import EXACT, explain_parts, kind_of, round_points
from grading.graders.marc.record import Comparison

HARM = 1.0
"""What harm to a right field costs beside the loss itself, as a share of it."""

_NOISE = 1e-9

Topic = tuple[str, object]
Topics = Mapping[Topic, list[ScoreLine]]
"""The lines about each field of the model, each pool and each needless field."""


def is_faulty(start: Comparison) -> bool:
    """Tell whether there is anything to mend."""
    return start.score < EXACT - _NOISE


def sort_by_topic(comparison: Comparison) -> Topics:
    """Return the lines of a comparison by what they are about."""
    topics: dict[Topic, list[ScoreLine]] = {}
    for part in explain_parts(comparison):
        topics.setdefault((part.kind, part.about), []).extend(part.lines)
    return topics


def explain_mending(before: Topics, answer: Comparison) -> Mark:
    """Return the mark of ``answer``, which began as ``before``; both beside the same key."""
    after = sort_by_topic(answer)
    lines: list[ScoreLine] = []
    for topic in dict.fromkeys([*before, *after]):
        lines += _compare(topic[0], before.get(topic, []), after.get(topic, []))
    gained = max(0.0, sum(line.points for line in lines))
    lacked = sum(line.max for line in lines)
    return Mark(round_points(gained), round_points(lacked), tuple(_level(lines)))


def _compare(kind: str, before: Sequence[ScoreLine], after: Sequence[ScoreLine]) -> list[ScoreLine]:
    """Return the lines about one thing: their sums are what it could gain and what it gained."""
    if kind != "extra" and sum(line.points for line in before) <= _NOISE:
        return list(after)  # there was nothing: what is there now is judged for itself
    faults = _by_aspect(before)
    lines: list[ScoreLine] = []
    for aspect, left in _by_aspect(after).items():
        lost = sum(_loss(line) for line in faults.pop(aspect, []))
        lines += _judge(left, lost)
    lines += [_mended(kind, fault) for mended in faults.values() for fault in mended]
    if kind == "field" and sum(map(_loss, before)) <= _NOISE:
        lines += _harm(after)
    return lines + [line for line in after if not line.max and not line.points]


def _loss(line: ScoreLine) -> float:
    return line.max - line.points


def _by_aspect(lines: Sequence[ScoreLine]) -> dict[str, list[ScoreLine]]:
    """The lines that tell of a loss, by what of the field they are about."""
    aspects: dict[str, list[ScoreLine]] = {}
    for line in lines:
        if _loss(line) > _NOISE:
            aspects.setdefault(_aspect(line.code), []).append(line)
    return aspects


def _aspect(code: str) -> str:
    """``245.b.punctuation.missing`` is about ``b.punctuation``, ``245.order`` about ``order``."""
    rest = code.partition(".")[2]
    return rest.rpartition(".")[0] or rest


def _judge(left: Sequence[ScoreLine], lost: float) -> list[ScoreLine]:
    """The faults that are left of one aspect which at the start had lost ``lost``."""
    lines = []
    for line in left:
        loss = _loss(line)
        if lost:
            lines.append(_with(line, max(0.0, lost - loss), lost))
        if loss > lost:
            lines.append(_with(line, lost - loss, 0.0))
        lost = 0.0
    return lines


def _with(line: ScoreLine, points: float, most: float) -> ScoreLine:
    points, most = round_points(points), round_points(most)
    return replace(line, points=points, max=most, kind=kind_of(points, most))


def _mended(kind: str, fault: ScoreLine) -> ScoreLine:
    template = messages.REMOVED if kind == "extra" else messages.MENDED
    tag = fault.code.partition(".")[0]
    line = replace(fault, code=f"{fault.code}.mended", template=template, where=tag, expected="")
    return _with(line, _loss(fault), _loss(fault))


def _harm(after: Sequence[ScoreLine]) -> list[ScoreLine]:
    """The line that charges harm to a field which was right."""
    lost = sum(map(_loss, after))
    if lost <= _NOISE:
        return []
    worst = max(after, key=_loss)
    tag = worst.code.partition(".")[0]
    line = replace(
        worst,
        code=f"{tag}.harm",
        template=messages.HARM,
        where=worst.where.partition("$")[0].partition("/")[0],
        params={"place": tag},
        expected="",
    )
    return [_with(line, -HARM * lost, 0.0)]


def _level(lines: Sequence[ScoreLine]) -> list[ScoreLine]:
    """Let the deductions take no more than was earned; a cap lowers all of them alike."""
    earned = sum(line.points for line in lines if line.points > 0)
    charged = -sum(line.points for line in lines if line.points < 0)
    if charged <= earned:
        return list(lines)
    share = earned / charged
    return [
        _with(line, line.points * share, line.max) if line.points < 0 else line for line in lines
    ]
