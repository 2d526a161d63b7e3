"""What one part of a record demands of another."""

from __future__ import annotations

import pytest

from grading.checking import check
from tests.grading.checking.records import (
    MARC21,
    UNIMARC,
    Record,
    and_field,
    found,
    with_field,
    without,
)

TITLE = MARC21[5][2]
NAME = [["a", "Horvat, Ana."]]


@pytest.mark.parametrize(
    ("record", "code", "where"),
    [
        (and_field(MARC21, "700", "1 ", [["e", "urednik."]]), "subfield.missing", "700[0]$a"),
        (and_field(MARC21, "700", "1 ", [["4", "edt"]]), "subfield.missing", "700[0]$a"),
        (and_field(MARC21, "650", " 7", [["a", "x"]]), "source.missing", "650[1]$2"),
        (and_field(MARC21, "650", " 7", [["a", "x"], ["2", "eurovoc"]]), None, ""),
        (
            and_field(MARC21, "650", " 4", [["a", "x"], ["2", "eurovoc"]]),
            "source.unwanted",
            "650[1]$2[0]",
        ),
        (and_field(MARC21, "024", "7 ", [["a", "x"]]), "source.missing", "024[0]$2"),
        (and_field(MARC21, "041", "1 ", [["a", "hrv"]]), "language.original", "041[0]$h"),
        (and_field(MARC21, "041", "1 ", [["a", "hrv"], ["h", "lat"]]), None, ""),
        (
            and_field(MARC21, "041", "0 ", [["a", "hrv"], ["h", "lat"]]),
            "language.translation",
            "041[0]/ind1",
        ),
        (and_field(MARC21, "041", "0 ", [["a", "eng"]]), "language.disagrees", "041[0]$a[0]"),
        (and_field(MARC21, "110", "2 ", [["a", "Zavod."]]), "entry.second", "110[0]"),
        (and_field(MARC21, "100", "1 ", NAME), "field.repeated", "100[1]"),
        (with_field(MARC21, "245", "00", TITLE), "title.with_entry", "245[0]/ind1"),
        (without(MARC21, "100"), "title.without_entry", "245[0]/ind1"),
        (and_field(MARC21, "490", "1 ", [["a", "Zbirka"]]), "series.untraced", "490[0]/ind1"),
        (
            and_field(
                and_field(MARC21, "490", "1 ", [["a", "Zbirka"]]), "830", " 0", [["a", "Zbirka."]]
            ),
            None,
            "",
        ),
        (
            with_field(MARC21, "264", " 1", [["a", "Zagreb :"], ["b", "V,"], ["c", "2020."]]),
            "year.disagrees",
            "008[0]/07-10",
        ),
        (
            with_field(MARC21, "264", " 1", [["a", "Zagreb :"], ["b", "V,"], ["c", "[2019?]"]]),
            None,
            "",
        ),
        (without(MARC21, "300"), "field.recommended", "300"),
        (without(MARC21, "264"), "field.recommended", "264"),
        (without(MARC21, "338"), "field.recommended", "338"),
    ],
)
def test_marc21(record: Record, code: str | None, where: str) -> None:
    assert found(record) == ([(code, where)] if code else [])


def test_a_uniform_title_stands_beside_a_name() -> None:
    record = with_field(without(MARC21, "100"), "245", "00", TITLE)

    assert found(and_field(record, "240", "10", [["a", "Judita."]])) == [
        ("title.uniform", "240[0]")
    ]


@pytest.mark.parametrize(
    ("record", "code", "where"),
    [
        (and_field(UNIMARC, "701", " 1", [["4", "070"]]), "subfield.missing", "701[0]$a"),
        (and_field(UNIMARC, "710", "02", [["a", "Zavod"]]), "entry.second", "710[0]"),
        (and_field(UNIMARC, "500", "11", [["a", "Judita"]]), "entry.title", "500[0]/ind2"),
        (with_field(UNIMARC, "101", "1 ", [["a", "hrv"]]), "language.original", "101[0]$c"),
        (
            with_field(UNIMARC, "101", "0 ", [["a", "hrv"], ["c", "lat"]]),
            "language.translation",
            "101[0]/ind1",
        ),
        (
            with_field(UNIMARC, "210", "  ", [["a", "Zagreb"], ["d", "2020"]]),
            "year.disagrees",
            "100[0]$a[0]/09-12",
        ),
        (without(UNIMARC, "105"), "field.recommended", "105"),
    ],
)
def test_unimarc(record: Record, code: str, where: str) -> None:
    assert found(record, "unimarc") == [(code, where)]


def test_a_draft_is_not_blamed_for_what_may_yet_come() -> None:
    draft = [["245", "10", TITLE], ["490", "1 ", [["a", "Zbirka"]]]]

    assert check(draft, "marc21", strictness="draft") == []


def test_what_is_recommended_is_only_a_note() -> None:
    assert [d.severity for d in check(without(MARC21, "300"), "marc21")] == ["note"]


def test_diagnostics_come_in_the_order_of_the_record() -> None:
    record = with_field(without(MARC21, "338"), "650", " 9", [["a", "x"]])
    record = with_field(record, "020", "  ", [["a", "1"]])

    assert [where for _, where in found(record)] == ["020[0]$a[0]", "650[0]/ind2", "338"]
