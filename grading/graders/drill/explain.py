"""From what was found in an item to the lines of a mark: every point stands in exactly one line."""

from __future__ import annotations

from collections.abc import Sequence

from grading.data import ScoreLine
from grading.graders.drill.item import Finding, Frame, Item
from grading.graders.lines import UNANSWERED, kind_of, limit_charges, tidy
from grading.graders.reading import Node, is_blank

FEEDBACK = "%(text)s"


def grade_item(frame: Frame, item: Item, answer: Node) -> list[ScoreLine]:
    """Return the lines of one item; raises InvalidAnswer."""
    points = frame.weight or item.points
    place = f"items.{frame.id}"
    if is_blank(answer.value):
        return [
            ScoreLine(
                code=f"{item.TYPE}.unanswered",
                points=0.0,
                max=points,
                template=UNANSWERED,
                where=place,
                refs=frame.refs,
                kind="missing",
            )
        ]
    findings = item.grade(answer)
    scale = points / item.possible
    charges = _charge(findings)
    lines = [
        _line(frame, item.TYPE, finding, scale, charge * scale)
        for finding, charge in zip(findings, charges, strict=True)
    ]
    if frame.feedback:
        lines.append(
            ScoreLine(
                code=f"{item.TYPE}.feedback",
                points=0.0,
                max=0.0,
                template=FEEDBACK,
                where=place,
                params={"text": frame.feedback},
                kind="note",
            )
        )
    return lines


def _charge(findings: Sequence[Finding]) -> list[float]:
    """Return what each finding costs: together no more than the item earned."""
    earned = sum(f.credit * f.weight for f in findings)
    return limit_charges([f.charge for f in findings], earned)


def _line(frame: Frame, kind: str, finding: Finding, scale: float, charge: float) -> ScoreLine:
    points = tidy(finding.credit * finding.weight * scale - charge)
    most = tidy(finding.weight * scale)
    is_lost = points < most
    return ScoreLine(
        code=f"{kind}.{finding.code}",
        points=points,
        max=most,
        template=finding.template,
        where=f"items.{frame.id}.{finding.place}" if finding.place else f"items.{frame.id}",
        params=finding.params,
        refs=(*finding.refs, *frame.refs) if is_lost else (),
        kind=kind_of(points, most, is_charged=finding.charge > 0),
        expected=finding.expected,
    )
