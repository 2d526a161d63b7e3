"""Comparing one value of the model with one of the answer: a credit from 0 to 1 and its reason."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

from grading.graders.compare.isbn import is_valid_isbn, read_isbn
from grading.graders.compare.text import Value, script_free, strip_diacritics, words
from grading.graders.compare.udc import compare_hierarchy, compare_udc

POLICIES = ("text", "any", "code", "number", "isbn", "udc", "ddc", "name", "fixed")
"""How a value may be compared; ``fixed`` (by positions) is decided in the module fixed."""

LONG = 600
"""Texts longer than this many characters are compared by words, not by characters."""


class Verdict(NamedTuple):
    """Credit from 0 to 1, why, and the author's own word on a near miss."""

    credit: float
    reason: str
    remark: str = ""


RIGHT = Verdict(1.0, "ok")
WRONG = Verdict(0.0, "wrong")
EMPTY = Verdict(0.0, "empty")


class ModelValue(NamedTuple):
    """What the model says of a value: itself, accepted others, near misses with their credit."""

    value: Value
    policy: str = "text"
    alternatives: tuple[Value, ...] = ()
    near: tuple[tuple[Value, float, str], ...] = ()


def compare(model: ModelValue, given: Value) -> Verdict:
    """Return the best verdict over the model's value, its alternatives and its near misses."""
    if not given.text:
        return EMPTY
    best = _compare_one(model.value, given, model.policy)
    if best.credit == 1.0:
        return best
    for other in model.alternatives:
        verdict = _compare_one(other, given, model.policy)
        if verdict.credit == 1.0:
            return Verdict(1.0, "alternative")
        if verdict.credit > best.credit:
            best = verdict
    for value, credit, remark in model.near:
        if credit > best.credit and _compare_one(value, given, model.policy).credit == 1.0:
            best = Verdict(credit, "near", remark)
    return best


def accepted_contents(model: ModelValue) -> list[str]:
    """Return the folded contents that earn so much that a wrong subfield code is forgiven in part.

    Only for values that are compared as text or code.
    """
    near = [value.folded for value, _, _ in model.near]
    return [model.value.folded, *(other.folded for other in model.alternatives), *near]


def _compare_one(model: Value, given: Value, policy: str) -> Verdict:
    if policy == "any" or model.text == given.text:
        return RIGHT
    if policy == "isbn":
        return compare_isbn(model.text, given.text)
    if policy == "udc":
        return Verdict(*compare_udc(model.text, given.text))
    if policy == "ddc":
        return Verdict(*compare_hierarchy(model.text, given.text))
    if policy == "code":
        return _compare_code(model.text, given.text)
    return _compare_text(model, given, policy)


def _compare_code(model: str, given: str) -> Verdict:
    if model.casefold() == given.casefold():
        return Verdict(0.9, "code.case")
    return Verdict(0.0, "code")


def _compare_text(model: Value, given: Value, policy: str) -> Verdict:
    k, s = model.content, given.content
    if k == s:
        return RIGHT
    has_same_digits = model.digits == given.digits
    if policy == "number" and not has_same_digits:
        return Verdict(0.0, "number")
    if model.folded == given.folded:
        if k.casefold() == s.casefold():
            return Verdict(0.9, "case")
        if strip_diacritics(k) == strip_diacritics(s):
            return Verdict(0.8, "diacritics")
        return Verdict(0.72, "diacritics.case")
    if model.is_cyrillic != given.is_cyrillic and script_free(k) & script_free(s):
        return Verdict(0.5, "script")
    typo = _compare_spelling(model.folded, given.folded)
    if not has_same_digits:
        typo *= 0.5
    if policy == "name" and typo < 0.5 and _has_same_words(model.folded, given.folded):
        return Verdict(0.5, "name")
    if typo > 0.0:
        if policy == "name" and words(model.folded) == words(given.folded):
            return Verdict(typo, "name.mark")
        return Verdict(typo, "typo" if has_same_digits else "typo.number")
    return WRONG


def _compare_spelling(k: str, s: str) -> float:
    """Return 0 below 70 % of like characters, rising to 0.8."""
    if max(len(k), len(s)) > LONG:
        ratio = _word_ratio(k, s)
    else:
        ratio = fuzz.ratio(k, s, score_cutoff=70) / 100
    return max(0.0, 0.8 * (ratio - 0.7) / 0.3)


def _word_ratio(k: str, s: str) -> float:
    expected, got = _distinct_words(k), _distinct_words(s)
    size = len(expected) + len(got)
    return 2.0 * len(expected & got) / size if size else 0.0


@lru_cache(maxsize=64)
def _distinct_words(text: str) -> frozenset[str]:
    return frozenset(words(text))


def _has_same_words(k: str, s: str) -> bool:
    return sorted(words(k)) == sorted(words(s))


def compare_isbn(model: str, given: str) -> Verdict:
    """Compare as ISBN-13: hyphens and qualifiers do not count; one slip of a digit earns 0.25."""
    k, s = read_isbn(model), read_isbn(given)
    if not s:
        return WRONG
    if k == s:
        return RIGHT
    if fuzz.ratio(k, s) >= 90:
        return Verdict(0.25, "isbn.slip" if is_valid_isbn(s) else "isbn.check")
    return Verdict(0.0, "isbn.wrong" if is_valid_isbn(s) else "isbn.check")
