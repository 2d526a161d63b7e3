"""Comparing one field of the model with one of the answer, element by element."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from grading.graders.compare.align import assign, longest_increasing
from grading.graders.compare.text import MARKS, words
from grading.graders.compare.values import EMPTY, Verdict, accepted_contents, compare
from grading.graders.marc.elements import Context, Element
from grading.graders.marc.fields import ALTERNATE, Field, Subfield
from grading.graders.marc.fixed import FixedVerdict, clean, compare_fixed
from grading.graders.marc.indicators import judge_indicators
from grading.graders.marc.keys import KeySubfield, Variant
from grading.graders.marc.profiles import Profile

WRONG_TAG = 0.5
WRONG_CODE = 0.5
LEAST_FOR_WRONG_CODE = 0.8
MOST_EXTRA = 2
_MARKED_POLICIES = frozenset({"text", "number", "name"})
_HIERARCHICAL = frozenset({"isbn", "udc", "ddc"})
_NAME_CODES = "ab"
_MOST_REPEATED = 8
"""Repetitions of one subfield code that are compared each with each."""


class Pair(NamedTuple):
    """A field of the model beside one of the answer.

    ``credit`` is the share earned (0-1); ``similarity`` the credit of the contents alone.
    """

    credit: float
    similarity: float
    elements: tuple[Element, ...]
    variant: int
    is_wrong_tag: bool


class _Match(NamedTuple):
    key: KeySubfield
    number: int
    given: Subfield | None
    verdict: Verdict
    is_wrong_code: bool
    fixed: FixedVerdict | None


def compare_pair(variants: tuple[Variant, ...], given: Field, context: Context) -> Pair:
    """Return the best pair over the variants of a field of the model."""
    best = _compare(variants[0], 0, given, context)
    for number in range(1, len(variants)):
        pair = _compare(variants[number], number, given, context)
        if pair.credit > best.credit:
            best = pair
    return best


def _compare(variant: Variant, number: int, given: Field, context: Context) -> Pair:
    model = variant.field
    is_wrong_tag = model.tag != given.tag
    if model.is_control or given.is_control:
        if is_wrong_tag:
            return Pair(0.0, 0.0, (), number, True)
        return _compare_control(variant, number, given, context)
    matches, extras = _align(variant, given, context)
    matches, extras = _divide(variant, given, matches, extras, context.profile)
    content = sum(m.key.weight for m in matches)
    similarity = sum(m.key.weight * m.verdict.credit for m in matches) / content
    gate = min(1.0, 2.0 * similarity)
    elements = judge_indicators(variant, given, context, gate)
    if model.tag == given.tag == ALTERNATE:
        elements.append(_link(model, given, gate))
    for match in matches:
        elements.append(_content(match))
        mark = _mark(match, len(matches), context, gate)
        if mark is not None:
            elements.append(mark)
    for extra in extras[:MOST_EXTRA]:
        place = extra.place
        elements.append(Element("extra", 1.0, 0.0, "extra", extra.code, place))
    if len(matches) > 1:
        elements.append(_order(matches, given, gate))
    total = sum(e.weight for e in elements)
    credit = sum(e.weight * e.credit for e in elements) / total
    if is_wrong_tag:
        credit *= WRONG_TAG
    return Pair(credit, similarity, tuple(elements), number, is_wrong_tag)


def _compare_control(variant: Variant, number: int, given: Field, context: Context) -> Pair:
    verdict = compare_fixed(variant.field.text, given.text, variant.positions, context.wrong_years)
    element = Element("fixed", 1.0, verdict.credit, "fixed", fixed=verdict)
    return Pair(verdict.credit, verdict.credit, (element,), number, False)


def _align(variant: Variant, given: Field, context: Context) -> tuple[list[_Match], list[Subfield]]:
    """Pair subfields: like codes first, then right contents under a wrong code, then the rest."""
    by_code = given.by_code
    matched: dict[int, _Match] = {}
    free: set[int] = set(range(len(given.subfields)))
    unlike: list[_Match] = []
    for code, ks in variant.by_code.items():
        for match, position in _align_code(variant, ks, given, by_code.get(code, []), context):
            if match.verdict.credit > 0.0:
                matched[match.number] = match
                free.discard(position)
            else:
                unlike.append(match)
    if free and len(matched) < len(variant.subfields):
        _align_across(variant, given, context, matched, free)
    positions = {id(s): i for i, s in enumerate(given.subfields)}
    for match in unlike:
        position = positions[id(match.given)]
        if match.number not in matched and position in free:
            matched[match.number] = match
            free.discard(position)
    matches = [
        matched.get(k) or _Match(key, k, None, EMPTY, False, None)
        for k, key in enumerate(variant.subfields)
    ]
    return matches, [given.subfields[i] for i in sorted(free)]


def _align_code(
    variant: Variant, ks: Sequence[int], given: Field, positions: Sequence[int], context: Context
) -> list[tuple[_Match, int]]:
    """Pair the subfields of one code so that the contents agree best; what is left, in order."""
    if not positions:
        return []
    if len(ks) == 1 and len(positions) == 1:
        return [(_match(variant, ks[0], given.subfields[positions[0]], context), positions[0])]
    result = []
    if max(len(ks), len(positions)) > _MOST_REPEATED:
        for k, i in _pair_equal(variant, ks, given, positions):
            result.append((_match(variant, k, given.subfields[i], context), i))
        done = {match.number for match, _ in result}
        used = {i for _, i in result}
        ks = [k for k in ks if k not in done][:_MOST_REPEATED]
        positions = [i for i in positions if i not in used][:_MOST_REPEATED]
    table = [[_match(variant, k, given.subfields[i], context) for i in positions] for k in ks]
    chosen = assign([[m.verdict.credit for m in row] for row in table])
    left = [column for column in range(len(positions)) if column not in chosen]
    for row, column in enumerate(chosen):
        if column < 0 and left:
            column = left.pop(0)
        if column >= 0:
            result.append((table[row][column], positions[column]))
    return result


def _pair_equal(
    variant: Variant, ks: Sequence[int], given: Field, positions: Sequence[int]
) -> list[tuple[int, int]]:
    """Pair the subfields whose texts are the same, first with first."""
    waiting: dict[str, deque[int]] = {}
    for i in positions:
        waiting.setdefault(given.subfields[i].value.content, deque()).append(i)
    pairs = []
    for k in ks:
        same = waiting.get(variant.subfields[k].model.value.content)
        if same:
            pairs.append((k, same.popleft()))
    return pairs


def _align_across(
    variant: Variant,
    given: Field,
    context: Context,
    matched: dict[int, _Match],
    free: set[int],
) -> None:
    """Pair what is left by content where the code is wrong; the credit is halved."""
    by_content: dict[str, list[int]] = {}
    for i in sorted(free):
        by_content.setdefault(given.subfields[i].value.folded, []).append(i)
    candidates = []
    for k, key in enumerate(variant.subfields):
        if k in matched or key.model.policy in ("any", "fixed"):
            continue
        if key.model.policy in _HIERARCHICAL:
            likely = sorted(free)[:_MOST_REPEATED]
        else:
            likely = [i for c in accepted_contents(key.model) for i in by_content.get(c, ())]
        for i in likely:
            subfield = given.subfields[i]
            if subfield.code != key.code:
                verdict = compare(key.model, subfield.value)
                if verdict.credit >= LEAST_FOR_WRONG_CODE:
                    candidates.append((-verdict.credit, k, i, verdict))
    for _, k, i, verdict in sorted(candidates, key=lambda c: c[:3]):
        if k in matched or i not in free:
            continue
        halved = Verdict(WRONG_CODE * verdict.credit, "subfield", verdict.remark)
        matched[k] = _Match(variant.subfields[k], k, given.subfields[i], halved, True, None)
        free.discard(i)


def _divide(
    variant: Variant,
    given: Field,
    matches: list[_Match],
    extras: list[Subfield],
    profile: Profile,
) -> tuple[list[_Match], list[Subfield]]:
    """Forgive half where a name or a title of several parts was not divided into subfields.

    «$aMarulić, Marko» has the words of «$aMarulić$bMarko», and so has «$aMarko Marulić».
    """
    codes = profile.divided.get(variant.field.rules)
    parts = [m for m in matches if m.key.code in codes] if codes else []
    if len(parts) < 2 or all(m.verdict.credit >= WRONG_CODE for m in parts):
        return matches, extras
    for subfield in given.subfields:
        run = _find_run(parts, subfield, is_name=codes == _NAME_CODES)
        if run and all(m in run for m in matches if m.given is subfield):
            return _give_half(matches, extras, run, subfield)
    return matches, extras


def _find_run(parts: list[_Match], subfield: Subfield, *, is_name: bool) -> list[_Match]:
    """Return the parts, two or more in a row, of whose words ``subfield`` consists.

    The words of a name may stand in another order.
    """
    got = words(subfield.value.folded)
    for first in range(len(parts) - 1):
        expected = words(parts[first].key.model.value.folded)
        for last in range(first + 1, len(parts)):
            expected += words(parts[last].key.model.value.folded)
            if expected == got or (is_name and sorted(expected) == sorted(got)):
                return parts[first : last + 1]
    return []


def _give_half(
    matches: list[_Match], extras: list[Subfield], run: list[_Match], subfield: Subfield
) -> tuple[list[_Match], list[Subfield]]:
    expected = [word for m in run for word in words(m.key.model.value.folded)]
    reason = "divided" if words(subfield.value.folded) == expected else "name"
    half = Verdict(WRONG_CODE, reason)
    improved = {
        m.number: m._replace(
            given=subfield if m is run[0] else None, verdict=half, is_wrong_code=True, fixed=None
        )
        for m in run
        if m.verdict.credit < WRONG_CODE
    }
    result = [improved.get(m.number, m) for m in matches]
    used = {id(m.given) for m in result}
    released = [m.given for m in run if m.given is not None and id(m.given) not in used]
    left = [s for s in [*extras, *released] if id(s) not in used]
    return result, left


def _link(model: Field, given: Field, gate: float) -> Element:
    """Judge to which field $6 links a field in another script."""
    is_right = model.rules == given.rules
    expected = f"{model.rules}-…"
    return Element(
        "link", 1.0, gate if is_right else 0.0, "ok" if is_right else "link", "", "$6", expected
    )


def _match(variant: Variant, k: int, given: Subfield, context: Context) -> _Match:
    key = variant.subfields[k]
    if key.model.policy == "fixed":
        fixed = compare_fixed(
            clean(key.model.value.raw), clean(given.value.raw), key.positions, context.wrong_years
        )
        return _Match(key, k, given, Verdict(fixed.credit, "fixed"), False, fixed)
    verdict = compare(key.model, given.value)
    if (
        verdict.credit < 1.0
        and given.value.text in context.wrong_years
        and f"{variant.field.tag}${key.code}" in context.profile.date_coded
    ):
        verdict = Verdict(1.0, "carried")
    return _Match(key, k, given, verdict, False, None)


def _content(match: _Match) -> Element:
    key, verdict = match.key, match.verdict
    return Element(
        "content",
        key.weight,
        verdict.credit,
        verdict.reason,
        key.code,
        match.given.place if match.given else "",
        f"${key.code} {key.model.value.raw}" if match.is_wrong_code else key.model.value.raw,
        verdict.remark,
        match.fixed,
        match.given is None and not verdict.credit,
    )


def _mark(match: _Match, count: int, context: Context, gate: float) -> Element | None:
    """Judge the ISBD mark at the end of a subfield; a full stop at the field's end is optional."""
    key = match.key
    if context.punctuation == "ignored" or key.model.policy not in _MARKED_POLICIES:
        return None
    value = key.model.value
    given = match.given.value if match.given else None
    place = match.given.place if match.given else ""
    wanted = value.mark if value.mark in MARKS or match.number < count - 1 else ""
    if context.punctuation == "forbidden" or not wanted:
        if given is None or not given.mark or given.mark not in MARKS or given.mark == value.mark:
            return None
        return Element("mark", 1.0, 0.0, "unwanted", key.code, place)
    expected = f" {wanted}" if value.is_spaced else wanted
    if given is None:
        return Element("mark", 1.0, 0.0, "missing", key.code, "", expected, missing=True)
    if given.mark != wanted:
        reason = "wrong" if given.mark and given.mark in MARKS else "missing"
        return Element("mark", 1.0, 0.0, reason, key.code, place, expected)
    if given.is_spaced != value.is_spaced:
        return Element("mark", 1.0, 0.5 * gate, "spacing", key.code, place, expected)
    return Element("mark", 1.0, gate, "ok", key.code, place, expected)


def _order(matches: list[_Match], given: Field, gate: float) -> Element:
    """Judge the order of the subfields by the longest part that is in order."""
    order = {id(s): i for i, s in enumerate(given.subfields)}
    pairs = sorted((order[id(m.given)], m.number) for m in matches if m.given is not None)
    count = len(pairs)
    credit = 1.0
    if count > 1:
        credit = (longest_increasing(index for _, index in pairs) - 1) / (count - 1)
    expected = " ".join(f"${m.key.code}" for m in matches)
    return Element(
        "order", 1.0, credit * gate, "ok" if credit == 1.0 else "order", "", "", expected
    )
