"""Records that the tests of the checker share: right ones, and ways to make them wrong."""

from __future__ import annotations

import copy
from typing import Any

from grading.checking import Diagnostic, check
from tests.grading.marc_records import MODELS, answer_of

Record = list[list[Any]]

MARC21: Record = [
    ["LDR", "00000nam a2200000 i 4500"],
    ["008", "191021s2019    ci a          000 p hrv d"],
    ["020", "  ", [["a", "9789539999900"], ["q", "(tvrdi uvez)"]]],
    ["040", "  ", [["a", "HR-VJ"], ["b", "hrv"], ["e", "rda"], ["c", "HR-VJ"]]],
    ["100", "1 ", [["a", "Marulić, Marko,"], ["d", "1450-1524,"], ["e", "autor."]]],
    [
        "245",
        "10",
        [["a", "Judita :"], ["b", "ep u šest libara /"], ["c", "Marko Marulić."]],
    ],
    ["264", " 1", [["a", "Zagreb :"], ["b", "Naklada Vježba,"], ["c", "2019."]]],
    ["300", "  ", [["a", "214 stranica :"], ["b", "ilustracije ;"], ["c", "21 cm."]]],
    ["336", "  ", [["b", "txt"], ["2", "rdacontent"]]],
    ["337", "  ", [["b", "n"], ["2", "rdamedia"]]],
    ["338", "  ", [["b", "nc"], ["2", "rdacarrier"]]],
    ["650", " 4", [["a", "Hrvatsko pjesništvo"], ["y", "16. stoljeće."]]],
]
"""A right MARC 21 record of a printed book."""

UNIMARC: Record = answer_of(MODELS["judita unimarc"])
"""A right UNIMARC record of the same book."""

COMARC: Record = answer_of(MODELS["deseti_brat comarc"])
"""A right COMARC/B record."""


def with_field(record: Record, tag: str, *rest: Any) -> Record:
    """Return the record with this field in place of the first of its tag, or added."""
    changed = copy.deepcopy(record)
    for index, field in enumerate(changed):
        if field[0] == tag:
            changed[index] = [tag, *rest]
            return changed
    return [*changed, [tag, *rest]]


def and_field(record: Record, tag: str, *rest: Any) -> Record:
    """Return the record with this field added."""
    return [*copy.deepcopy(record), [tag, *rest]]


def without(record: Record, tag: str) -> Record:
    """Return the record without the fields of that tag."""
    return [copy.deepcopy(field) for field in record if field[0] != tag]


def found(record: Any, profile: str = "marc21") -> list[tuple[str, str]]:
    """Return code and place of what a check finds."""
    return [(d.code, d.where) for d in check(record, profile)]


def only(record: Any, profile: str = "marc21") -> Diagnostic:
    """Return the one diagnostic of a record with one mistake."""
    (diagnostic,) = check(record, profile)
    return diagnostic
