"""From a comparison to the lines of a mark: every point earned or lost stands in exactly one line.

The lines' ``max`` add up to the possible points and their ``points`` to those earned. The kind of a
line follows from its figures: right (all), nearly (some), missing (none), unwanted (a deduction)
and note (nothing to earn).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from grading.data import Mark, ScoreLine
from grading.graders.marc import messages
from grading.graders.marc.elements import Element
from grading.graders.marc.extras import Extra
from grading.graders.marc.fields import Field, show
from grading.graders.marc.fixed import REPAIRED, FixedVerdict
from grading.graders.marc.keys import Key
from grading.graders.marc.pairs import WRONG_TAG, Pair
from grading.graders.marc.record import Comparison, Match
from grading.graders.marc.refs import find_refs

EXACT = 1.0 - 1e-12
"""The share from which all is earned, but for the noise of binary fractions."""


MATCHES_KEPT = 1_024
"""Matches of fields that other answers have too, whose lines are kept for them."""


class Part(NamedTuple):
    """The lines about one thing: a field of the model, a pool, or a needless field.

    ``about`` is the number of the field in the key, the name of the pool, or what the needless
    field says; ``kind`` tells them apart: ``field``, ``pool`` or ``extra``.
    """

    kind: str
    about: object
    lines: tuple[ScoreLine, ...]


def explain(comparison: Comparison) -> Mark:
    """Return the mark of a comparison with all its lines, in the order of the model record."""
    lines = tuple(line for part in explain_parts(comparison) for line in part.lines)
    return Mark(round_points(comparison.points), round_points(comparison.possible), lines)


def explain_parts(comparison: Comparison) -> list[Part]:
    """Return the lines of a comparison by what they are about, in the order of the model record."""
    missed = _Unmatched(comparison)
    parts: list[Part] = []
    for match in sorted(comparison.matches, key=lambda m: m.key.number if m.key else 1_000):
        lines: Sequence[ScoreLine] = ()
        if match.pair is not None and match.given is not None:
            explain_it = _explain_shared if match.given.is_shared else _explain_match
            lines = explain_it(comparison.key, match)
        elif match.weight:
            lines = (missed.explain(match),)
        parts.append(_part(match, lines))
    for field in comparison.accepted:
        line = _line(comparison, f"{field.tag}.accepted", field, messages.POOL_FULL)
        parts.append(Part("extra", field.signature, (line,)))
    for extra in comparison.extras:
        if extra.charged or extra.field.path not in missed.shown:
            line = _explain_extra(comparison, extra)
            parts.append(Part("extra", extra.field.signature, (line,)))
    return parts


def _part(match: Match, lines: Sequence[ScoreLine]) -> Part:
    pool = match.pool or (match.key.pool if match.key else "")
    if pool or match.key is None:
        return Part("pool", pool, tuple(lines))
    return Part("field", match.key.number, tuple(lines))


def round_points(points: float) -> float:
    """Take away the noise of binary fractions (10.000000000000002) and the sign of nothing."""
    return round(points, 12) + 0.0


def kind_of(points: float, most: float) -> str:
    """Return the kind of a line with these figures."""
    if points < 0:
        return "unwanted"
    if most == 0:
        return "note"
    if points >= most * EXACT:
        return "right"
    return "nearly" if points > 0 else "missing"


def _line(
    comparison: Comparison, code: str, field: Field, template: str, points: float = 0.0
) -> ScoreLine:
    """Return a line about a whole field of the answer that has nothing to earn."""
    return ScoreLine(
        code=code,
        points=round_points(points),
        max=0.0,
        template=template,
        where=field.path,
        params={"place": field.tag, "free": comparison.key.settings.free_extras},
        refs=find_refs(comparison.key.profile, field.tag) if points < 0 else (),
        kind=kind_of(points, 0.0),
    )


def _explain_extra(comparison: Comparison, extra: Extra) -> ScoreLine:
    field = extra.field
    template = messages.EXTRA[extra.kind]
    return _line(comparison, f"{field.tag}.{extra.kind}", field, template, -extra.charged)


class _Unmatched:
    """Explains fields of the model for which the answer has nothing, or nothing that agrees.

    ``shown`` are the paths of the answer's fields that such a line already points to.
    """

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.shown: set[str] = set()
        self._left: dict[str, list[Field]] = {}
        for extra in comparison.extras:
            if extra.kind != "repeat":
                self._left.setdefault(extra.field.tag, []).append(extra.field)

    def explain(self, match: Match) -> ScoreLine:
        if match.key is None:
            return ScoreLine(
                code="pool.missing",
                points=0.0,
                max=match.weight,
                template=messages.POOL_EMPTY,
                params={"pool": match.pool},
                kind=kind_of(0.0, match.weight),
            )
        tag, where = match.tag, match.tag
        code, template = "missing", messages.FIELD_MISSING
        candidates = self._left.get(tag)
        if candidates:
            where = candidates.pop(0).path
            self.shown.add(where)
            code, template = "wrong", messages.FIELD_DISAGREES
        return ScoreLine(
            code=f"{tag}.{code}",
            points=0.0,
            max=match.weight,
            template=template,
            where=where,
            params={"place": tag},
            refs=find_refs(self.comparison.key.profile, tag),
            kind=kind_of(0.0, match.weight),
            expected=show(match.key.variants[0].field),
        )


@dataclass(slots=True)
class _Part:
    """What a line says of an element, before its points are worked out."""

    code: str
    template: str
    where: str
    part: str = ""
    expected: str = ""
    params: dict[str, Any] | None = None


def _explain_match(key: Key, match: Match) -> Sequence[ScoreLine]:
    """Return the lines about a match; none where the answer has nothing."""
    if match.pair is None or match.given is None:
        return ()
    return _Explainer(key, match, match.pair, match.given).explain()


_explain_shared = lru_cache(maxsize=MATCHES_KEPT)(_explain_match)


class _Explainer:
    """Explains one field of the answer beside the field of the model it was matched with."""

    def __init__(self, key: Key, match: Match, pair: Pair, given: Field) -> None:
        self.key = key
        self.match = match
        self.pair = pair
        self.given = given
        self.scale = match.weight / sum(e.weight for e in pair.elements)
        self.lines: list[ScoreLine] = []
        self.notes: list[ScoreLine] = []
        self.right = [0.0, 0.0]

    def explain(self) -> list[ScoreLine]:
        """Return the lines: one if all is right, otherwise one for each element that is not."""
        self._note_form()
        gated: list[Element] = []
        for element in _merge_missing(self.pair.elements):
            if element.fixed is not None:
                self._explain_fixed(element, element.fixed)
            elif element.credit >= EXACT:
                self._count_right(element.weight, element.weight)
                self._note(element)
            elif element.reason in ("ok", "alternative", "carried", "filing"):
                gated.append(element)
            else:
                self._add(self._describe(element), element.weight * element.credit, element.weight)
        self._explain_gated(gated)
        self._explain_tag()
        return [*self._right_lines(), *self.lines, *self.notes]

    def _count_right(self, points: float, most: float) -> None:
        self.right[0] += points * self.scale
        self.right[1] += most * self.scale

    def _right_lines(self) -> list[ScoreLine]:
        if not self.right[1] and (self.lines or self.match.weight):
            return []
        template, code = messages.FIELD_RIGHT, "right"
        if self.lines:
            template, code = messages.REST_RIGHT, "rest"
        if not self.match.weight:
            template, code = messages.OPTIONAL, "optional"
        return [
            ScoreLine(
                code=f"{self.given.tag}.{code}",
                points=round_points(self.right[0]),
                max=round_points(self.right[1]),
                template=template,
                where=self.given.path,
                params={"place": self.given.tag},
                kind=kind_of(*self.right),
            )
        ]

    def _add(self, part: _Part, points: float, most: float) -> None:
        """Add a line; an optional field has nothing to earn or lose, so its faults are notes."""
        profile = self.key.profile
        points, most = round_points(points * self.scale), round_points(most * self.scale)
        self.lines.append(
            ScoreLine(
                code=f"{self.given.tag}.{part.code}",
                points=points,
                max=most,
                template=part.template,
                where=f"{self.given.path}{part.where}",
                params=part.params or {"place": self._place(part.part)},
                refs=find_refs(profile, self.given.tag, part.part),
                kind=kind_of(points, most),
                expected=part.expected,
            )
        )

    def _place(self, part: str) -> str:
        return f"{self.given.tag} {part}" if part.startswith("$") else f"{self.given.tag}{part}"

    def _describe(self, element: Element) -> _Part:
        kind, place = element.kind, element.place
        subfield = place[:2] or f"${element.code}"
        if kind == "content":
            return self._describe_content(element, subfield)
        if kind == "mark":
            reason = element.reason
            if reason == "unwanted" and self.key.punctuation == "forbidden":
                reason = "forbidden"
            code = f"{subfield[1]}.punctuation.{element.reason}"
            return _Part(code, messages.MARK[reason], place, subfield, element.expected)
        if kind == "extra":
            return _Part(f"{subfield[1]}.extra", messages.EXTRA_SUBFIELD, place, subfield)
        if kind == "undefined":
            template = messages.UNDEFINED_INDICATOR[element.code]
            return _Part(f"{element.code}.undefined", template, place, "", "_")
        if kind == "link":
            return _Part("link", messages.LINK, "$6", "$6", element.expected)
        if kind == "order":
            return _Part("order", messages.ORDER, "", "", element.expected)
        if element.reason == "nonfiling":
            return _Part(f"{kind}.nonfiling", messages.NONFILING, place, "", element.expected)
        return _Part(f"{kind}.wrong", messages.INDICATOR[kind], place, "", element.expected)

    def _describe_content(self, element: Element, subfield: str) -> _Part:
        reason = "missing" if element.missing else element.reason
        params: dict[str, Any] = {"place": self._place(subfield)}
        template = messages.CONTENT[reason]
        if reason == "near":
            params["remark"] = element.remark
            if not element.remark:
                template = messages.CONTENT["near.bare"]
        where = element.place or subfield
        code = f"{subfield[1]}.{reason}"
        return _Part(code, template, where, subfield, element.expected, params)

    def _explain_gated(self, gated: Sequence[Element]) -> None:
        if gated:
            self._add(
                _Part("gate", messages.GATE, ""),
                sum(e.weight * e.credit for e in gated),
                sum(e.weight for e in gated),
            )

    def _explain_tag(self) -> None:
        """Take back what the wrong tag costs of all that the field's elements earned."""
        if self.pair.is_wrong_tag and self.pair.credit > 0.0:
            lost = self.pair.credit / WRONG_TAG - self.pair.credit
            total = sum(e.weight for e in self.pair.elements)
            self._add(
                _Part("tag.wrong", messages.WRONG_TAG, "", "", self.match.tag), -lost * total, 0.0
            )

    def _explain_fixed(self, element: Element, verdict: FixedVerdict) -> None:
        total = sum(v.position.weight for v in verdict.positions)
        if not total:
            self._count_right(element.weight * element.credit, element.weight)
            return
        share = element.weight / total
        code = f"{element.code}." if element.code else ""
        for judged in verdict.positions:
            position = judged.position
            points, most = share * position.weight * judged.credit, share * position.weight
            span = f"/{position.span}"
            if judged.credit >= EXACT:
                self._count_right(points, most)
                if judged.reason == "carried":
                    self._add_note(
                        f"{code}{position.span}.carried",
                        messages.CARRIED["year"],
                        span,
                        f"{element.place}{span}",
                    )
                continue
            part = _Part(
                f"{code}{position.span}.{judged.reason}",
                messages.POSITION[judged.reason],
                f"{element.place}{span}",
                span,
                judged.expected,
                {"place": f"{self.given.tag}{span}", "name": position.name},
            )
            self._add(part, points, most)
        self._explain_length(element, verdict, code)

    def _explain_length(self, element: Element, verdict: FixedVerdict, code: str) -> None:
        if not verdict.repair:
            return
        lost = element.weight * (verdict.credit / REPAIRED - verdict.credit)
        part = _Part(
            f"{code}length.{verdict.repair}",
            messages.LENGTH[verdict.repair],
            element.place,
            "",
            "",
            {"place": self.given.tag, "at": verdict.at, "length": verdict.length},
        )
        self._add(part, -lost, 0.0)

    def _note_form(self) -> None:
        if self.pair.variant:
            self._add_note("accepted", messages.ACCEPTED_FORM, "", "")

    def _note(self, element: Element) -> None:
        """Say so where an element counts as right though it differs from the model."""
        is_content = element.kind == "content"
        part = element.place[:2] if is_content else ""
        code = part[1:] or element.kind
        if element.reason == "alternative":
            self._add_note(f"{code}.accepted", messages.ACCEPTED_FORM, part, element.place)
        elif element.reason == "carried":
            template = messages.CARRIED["year" if is_content else "main"]
            self._add_note(f"{code}.carried", template, part, element.place)
        elif element.reason == "filing":
            template = messages.CARRIED["filing"]
            self._add_note(f"{code}.carried", template, "", element.place)

    def _add_note(self, code: str, template: str, part: str, place: str) -> None:
        self.notes.append(
            ScoreLine(
                code=f"{self.given.tag}.{code}",
                points=0.0,
                max=0.0,
                template=template,
                where=f"{self.given.path}{place}",
                params={"place": self._place(part)},
                kind="note",
            )
        )


def _merge_missing(elements: Sequence[Element]) -> list[Element]:
    """Let a missing subfield stand for the mark that is missing with it: one mistake, one line."""
    merged: list[Element] = []
    for element in elements:
        before = merged[-1] if merged else None
        if element.kind == "mark" and element.missing and before is not None and before.missing:
            merged[-1] = before._replace(weight=before.weight + element.weight)
        else:
            merged.append(element)
    return merged
