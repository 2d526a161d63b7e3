from __future__ import annotations

from itertools import pairwise

import pytest

from grading.checking.layouts import UNDEFINED, physical_layout
from grading.graders import marc
from grading.graders.marc.label_texts import LABELS
from grading.graders.marc.labels import all_labels
from grading.graders.marc.positions import get_positions
from tests.grading.marc_records import MODELS

FIXED = [
    ("marc21", "LDR", "books", 24),
    *(("marc21", "008", material, 40) for material in marc.MATERIALS),
    *(("marc21", "006", material, 18) for material in marc.MATERIALS),
    ("unimarc", "LDR", "books", 24),
    ("unimarc", "100", "books", 36),
    ("unimarc", "105", "books", 13),
    ("unimarc", "106", "books", 1),
    ("unimarc", "110", "books", 11),
    ("rusmarc", "100", "books", 36),
    ("comarc", "LDR", "books", 24),
]


@pytest.mark.parametrize(("profile", "tag", "material", "length"), FIXED)
def test_positions_cover_a_fixed_field_without_gap(
    profile: str, tag: str, material: str, length: int
) -> None:
    rows = marc.layout(profile, tag, material)

    assert rows[0]["start"] == 0
    assert rows[-1]["end"] == length - 1
    assert all(after["start"] == before["end"] + 1 for before, after in pairwise(rows))
    for row in rows:
        width = row["end"] - row["start"] + 1
        size = 1 if row["kind"] == "flags" else width
        assert row["name"]
        assert all(len(code) == size and label for code, label in row["codes"].items())


def test_positions_name_their_codes() -> None:
    books = {row["start"]: row for row in marc.layout("marc21", "008")}
    unimarc = {row["start"]: row for row in marc.layout("unimarc", "105")}

    assert books[33]["name"] == "Literary form"
    assert books[33]["codes"]["p"] == "Poetry"
    assert books[18]["kind"] == "flags"
    assert unimarc[11]["codes"]["g"] == "Poetry"


@pytest.mark.parametrize(
    ("category", "length"), [("a", 8), ("c", 14), ("q", 2), ("s", 14), ("t", 2), ("v", 9)]
)
def test_the_positions_of_a_007_agree_with_what_the_checker_allows(
    category: str, length: int
) -> None:
    rows = get_positions("marc21", "007", value=category)
    coded = {row.span: row for row in rows if row.codes}

    assert rows[-1].end == length - 1
    for slot in physical_layout(category).slots:
        if slot.name != UNDEFINED:
            row = coded.pop(slot.span)
            assert row.name == slot.name
            assert set(row.codes) == slot.good - {"|"}
    assert not coded


def test_comarc_keeps_its_codes_in_subfields() -> None:
    rows = {row["subfield"]: row for row in marc.layout("comarc", "100")}

    assert rows["b"]["codes"]["d"] == "Monograph complete within one year"
    assert rows["l"]["codes"]["ca"] == "Cyrillic"
    assert rows["h"]["codes"] == {}


def test_a_field_without_positions_has_no_layout() -> None:
    assert marc.layout("marc21", "245") == []


@pytest.mark.parametrize("arguments", [("danmarc", "008"), ("marc21", "008", "clay")])
def test_unknown_formats_and_materials_are_refused(arguments: tuple[str, ...]) -> None:
    with pytest.raises(KeyError):
        marc.layout(*arguments)


@pytest.mark.parametrize("name", MODELS)
def test_every_field_and_subfield_of_the_models_has_a_label(name: str) -> None:
    key = MODELS[name]
    labels = marc.field_labels(key["profile"])

    for field in key["fields"]:
        assert labels[field["tag"]]["label"]
        for code, _ in field.get("sub", []):
            assert labels[field["tag"]]["subfields"][code]
        for place, value in enumerate(field.get("ind", "")):
            if value != " ":
                codes = labels[field["tag"]][f"ind{place + 1}"].get("codes")
                assert codes is None or value in codes


def test_formats_differ_where_they_differ() -> None:
    unimarc, comarc = marc.field_labels("unimarc"), marc.field_labels("comarc")

    assert unimarc["200"]["ind1"]["label"] == "Significance"
    assert comarc["200"]["ind1"]["label"] == "Main entry"
    assert "b" in comarc["100"]["subfields"]
    assert "899" in marc.field_labels("rusmarc")
    with pytest.raises(KeyError):
        marc.field_labels("danmarc")


def test_a_caller_cannot_change_the_labels() -> None:
    marc.field_labels("marc21")["245"]["label"] = "changed"
    marc.layout("marc21", "008")[0]["codes"]["x"] = "changed"

    assert marc.field_labels("marc21")["245"]["label"] == "Title Statement"
    assert marc.layout("marc21", "008")[0]["codes"] == {}


def test_translators_find_every_label() -> None:
    assert set(LABELS) == all_labels()
