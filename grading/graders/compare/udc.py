"""Comparing class numbers: UDC by its parts, DDC by its hierarchy."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import permutations
from typing import NamedTuple

# One notation per alternative; brackets and quotes first, since they may hold any other sign.
_TOKEN = re.compile(
    r"""
      (?P<language> \(=[^)]*\) | =[\d.'/]+ )
    | (?P<form> \(0[^)]*\) )
    | (?P<place> \([^)]*\) )
    | (?P<time> "[^"]*" )
    | (?P<property> -0[\d.]* )
    | (?P<special> -\d[\d.]* | '[\d.]+ | (?<=\d)\.0\d* )
    | (?P<connector> :: | [:+/] )
    | (?P<main> \d+(?:\.[1-9]\d*|\.(?=\d{3})\d{3,})* )
    | (?P<alphabetical> [^\W\d_]+(?:/[^\W\d_]+)? )
    | (?P<other> \S )
    """,
    re.VERBOSE,
)
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_COMMUTATIVE = {":", "+"}
_MOST_PERMUTED = 4
_LONGEST = 120


class ClassNumber(NamedTuple):
    """A UDC number: its simple numbers, its auxiliaries with their kinds, its connectors."""

    mains: tuple[str, ...]
    auxiliaries: tuple[tuple[str, str], ...]
    connectors: tuple[str, ...]


@lru_cache(maxsize=256)
def parse(text: str) -> ClassNumber:
    """Take a UDC number apart; what has no simple number counts its first sign as one."""
    mains: list[str] = []
    auxiliaries: list[tuple[str, str]] = []
    connectors: list[str] = []
    for match in _TOKEN.finditer(text[:_LONGEST].replace(" ", "")):
        kind, token = str(match.lastgroup), match.group()
        if kind == "connector":
            connectors.append(token)
        elif kind == "main" or not mains:
            mains.append(token)
        else:
            auxiliaries.append((kind, token.casefold().rstrip(".")))
    return ClassNumber(tuple(mains), tuple(auxiliaries), tuple(connectors))


def compare_hierarchy(model: str, given: str) -> tuple[float, str]:
    """Return credit (0-1) and reason of a place in a decimal hierarchy.

    Equal is 1; a broader class earns the share of its length; a narrower one 0.8; a wrong branch
    half the share of the common beginning.
    """
    model = _NOT_ALPHANUMERIC.sub("", model).casefold()
    given = _NOT_ALPHANUMERIC.sub("", given).casefold()
    if model == given:
        return 1.0, "ok"
    if not given or not model:
        return 0.0, "wrong"
    if model.startswith(given):
        return len(given) / len(model), "broad"
    if given.startswith(model):
        return 0.8, "narrow"
    common = 0
    while model[common] == given[common]:
        common += 1
    return 0.5 * common / max(len(model), len(given)), "branch" if common else "wrong"


class Examination(NamedTuple):
    """What a number has of another: credits of its simple numbers and of what qualifies them.

    ``missing`` and ``unwanted`` are auxiliaries and connecting signs by kind and text;
    ``misplaced`` is the kind of the first auxiliary that stands where another should.
    """

    main: float
    reason: str
    shared: float = 0.0
    missing: tuple[tuple[str, str], ...] = ()
    unwanted: tuple[tuple[str, str], ...] = ()
    has_same_order: bool = False
    misplaced: str = ""


SHARES = (0.6, 0.3, 0.1)
"""What simple numbers, auxiliaries with connecting signs, and their order count."""


def compare_udc(model: str, given: str) -> tuple[float, str]:
    """Return credit (0-1) and reason: 0.6 main numbers, 0.3 auxiliaries, 0.1 citation order.

    Parts joined by ``:`` or ``+`` may change places; those joined by ``::`` or ``/`` may not.
    A number whose main class is wrong from its first digit earns nothing.
    """
    found = examine_udc(model, given)
    if found.main == 0.0:
        return 0.0, "wrong"
    shares = zip(SHARES, (found.main, found.shared, float(found.has_same_order)), strict=True)
    return round(sum(share * credit for share, credit in shares), 12), found.reason


def examine_udc(model: str, given: str) -> Examination:
    """Compare a number with a model part by part."""
    return _examine(model[:_LONGEST], given[:_LONGEST])


@lru_cache(maxsize=1_024)
def _examine(model: str, given: str) -> Examination:
    expected, got = parse(model), parse(given)
    if expected == got:
        return Examination(1.0, "ok", 1.0, has_same_order=True)
    main, reason = _compare_mains(expected, got)
    if main == 0.0:
        return Examination(0.0, "wrong")
    wanted, found = Counter(_qualifiers(expected)), Counter(_qualifiers(got))
    shared = _dice(wanted, found)
    order = zip(expected.auxiliaries, got.auxiliaries, strict=False)
    misplaced = next((found_kind for (kind, _), (found_kind, _) in order if found_kind != kind), "")
    same_order = not misplaced and len(expected.auxiliaries) == len(got.auxiliaries)
    if main == 1.0:
        reason = "auxiliary" if shared < 1.0 else "ok" if same_order else "citation"
    return Examination(
        main,
        reason,
        shared,
        tuple((wanted - found).elements()),
        tuple((found - wanted).elements()),
        same_order,
        misplaced,
    )


def _qualifiers(number: ClassNumber) -> list[tuple[str, str]]:
    return [*number.auxiliaries, *(("connector", sign) for sign in number.connectors)]


def _compare_mains(expected: ClassNumber, got: ClassNumber) -> tuple[float, str]:
    size = max(len(expected.mains), len(got.mains))
    if not size:
        return 0.0, "wrong"
    model = expected.mains + ("",) * (size - len(expected.mains))
    given = got.mains + ("",) * (size - len(got.mains))
    rows: Iterable[Sequence[tuple[float, str]]]
    if set(expected.connectors + got.connectors) <= _COMMUTATIVE and size <= _MOST_PERMUTED:
        pairs = [[_compare_main(k, s) for s in given] for k in model]
        rows = ([pairs[k][s] for k, s in enumerate(order)] for order in permutations(range(size)))
    else:
        rows = [[_compare_main(k, s) for k, s in zip(model, given, strict=True)]]
    best, reason = 0.0, "wrong"
    for found in rows:
        credit = sum(c for c, _ in found) / size
        if credit > best:
            partial = [why for c, why in found if c < 1.0]
            best, reason = credit, partial[0] if partial else "ok"
    return best, reason


def _compare_main(model: str, given: str) -> tuple[float, str]:
    """Compare two simple numbers; an auxiliary that stands alone is like none of them."""
    if model[:1].isdecimal() != given[:1].isdecimal():
        return 0.0, "wrong"
    return compare_hierarchy(model, given)


def _dice(expected: Counter[tuple[str, str]], got: Counter[tuple[str, str]]) -> float:
    size = expected.total() + got.total()
    return 2.0 * (expected & got).total() / size if size else 1.0
