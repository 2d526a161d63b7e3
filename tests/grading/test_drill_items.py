"""What each item type credits, and what its lines say and point to."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from grading.data import InvalidAnswer, Mark
from grading.graders import drill
from grading.graders.compare.align import longest_increasing
from grading.graders.drill.order import BY_CHANCE
from tests.grading.drills import (
    AREA_1,
    AUTHORITY,
    CODED,
    COMARC_100,
    HEADINGS,
    ISBN,
    JUDITA_008,
    LRM,
    MAPPINGS,
    NAMES,
    NUMBERS,
    OLD_RUSSIAN,
    PAIRS,
    PUBLICATION,
    RDA,
    TITLE_PAGE,
    Item,
    drill_of,
    grade_one,
    id_of,
    item,
    lines_of,
)

TEXTS = [element["text"] for element in AREA_1["elements"]]
MARKS = {element["text"]: element["mark"] for element in AREA_1["elements"][1:]}


def codes(mark: Mark) -> list[str]:
    """The codes of the lines, without the item's type."""
    return [line.code.partition(".")[2] for line in mark.lines]


# --- Order ---


@pytest.mark.parametrize(
    ("order", "credit"),
    [
        (TEXTS, 1.0),
        ([TEXTS[0], TEXTS[1], TEXTS[3], TEXTS[2]], (3 - 29 / 12) / (4 - 29 / 12)),
        ([TEXTS[1], TEXTS[0], TEXTS[3], TEXTS[2]], 0.0),
        (TEXTS[:3], (3 - 29 / 12) / (4 - 29 / 12)),
        (TEXTS[::-1], 0.0),
        ([TEXTS[0]] * 3 + TEXTS[1:] + ["nothing of this"], 1.0),
    ],
)
def test_an_order_earns_what_it_has_beyond_chance(order: list[str], credit: float) -> None:
    mark = grade_one(AREA_1, {"order": order, "marks": MARKS})

    assert mark.points == pytest.approx(3 * credit + 3)
    assert mark.lines[0].where == "items.m1e1.order"


def test_the_order_that_chance_brings_is_that_of_all_permutations() -> None:
    for size in range(1, 8):
        lengths = [longest_increasing(order) for order in permutations(range(size))]
        assert BY_CHANCE[size] == pytest.approx(sum(lengths) / len(lengths))


@pytest.mark.parametrize(
    ("mark", "code", "points"),
    [
        (" : ", "mark.right", 1.0),
        (":", "mark.spacing", 0.5),
        (": ", "mark.spacing", 0.5),
        (" / ", "mark.wrong", 0.0),
        ("  ", "mark.missing", 0.0),
    ],
)
def test_a_mark_counts_half_with_wrong_blanks(mark: str, code: str, points: float) -> None:
    marks = {**MARKS, "ep u šest libara": mark}
    place = f"marks.{id_of('ep u šest libara', AREA_1)}"

    line = lines_of(AREA_1, {"order": TEXTS, "marks": marks})[place]

    assert (line.code, line.points, line.max) == (f"order.{code}", points, 1.0)
    assert line.expected == ("" if points == 1.0 else " : ")


def test_only_marks_may_be_asked() -> None:
    value = {"marks": {"Учебно издателство": " : ", "2021": " , "}}

    mark = grade_one(PUBLICATION, value)

    assert (mark.points, mark.possible) == (1.5, 2.0)
    [public] = drill.public_items(drill_of(PUBLICATION))
    assert [row["text"] for row in public["elements"]] == ["София", "Учебно издателство", "2021"]


def test_dashes_of_an_area_may_be_written_in_several_ways() -> None:
    areas = item("order", elements=[{"text": "Zagreb"}, {"text": "Split", "mark": ". \u2014 "}])

    for mark in (". - ", ". \u2013 ", ". -- "):
        assert grade_one(areas, {"order": ["Zagreb", "Split"], "marks": {"Split": mark}}).score == 1


def test_an_element_that_belongs_elsewhere_costs_a_point() -> None:
    with_other = {**AREA_1, "distractors": ["Zagreb"]}

    lines = lines_of(with_other, {"order": ["Zagreb", *TEXTS], "marks": MARKS})

    unwanted = lines[f"order.{id_of('Zagreb', with_other)}"]
    assert (unwanted.kind, unwanted.points, unwanted.max) == ("unwanted", -1.0, 0.0)
    assert lines["order"].points == 3.0


def test_another_right_statement_scores_1_too() -> None:
    other = {"order": [TEXTS[0], TEXTS[2], TEXTS[1], TEXTS[3]], "marks": {TEXTS[1]: " = "}}
    marks = {**MARKS, TEXTS[1]: " = "}

    assert grade_one({**AREA_1, "alt": [other]}, {**other, "marks": marks}).score == 1.0
    assert grade_one({**AREA_1, "alt": [other]}, {"order": TEXTS, "marks": MARKS}).score == 1.0


# --- Mapping ---


@pytest.mark.parametrize(
    ("typed", "code", "points"),
    [
        ("264 _1 $c", "row.right", 1.0),
        ("264 #1 ‡c", "row.right", 1.0),
        ("264  1$c", "row.right", 1.0),
        ("264 _4 $c", "row.indicators", 0.8),
        ("264 $c", "row.indicators", 0.8),
        ("264 _1 $a", "row.subfield", 0.5),
        ("264", "row.subfield", 0.5),
        ("260 $c", "row.wrong", 0.0),
        ("two six four", "row.unreadable", 0.0),
        ("", "row.missing", 0.0),
    ],
)
def test_a_place_counts_half_with_another_subfield(typed: str, code: str, points: float) -> None:
    value = {"rows": {"2019": typed, "knjiga 3": "490 $v"}}

    line = lines_of(MAPPINGS[0], value)[f"rows.{id_of('2019', MAPPINGS[0])}"]

    assert (line.code, line.points) == (f"mapping.{code}", points)
    assert line.expected == ("" if points == 1.0 else "264 _1 $c")


def test_another_field_may_be_right_as_well() -> None:
    row = {"text": "2019", "place": "264 _1 $c", "alt": ["260 $c"]}

    assert grade_one(item("mapping", rows=[row]), {"rows": {"2019": "260 $c"}}).score == 1.0


# --- Fixed fields ---


@pytest.mark.parametrize(
    ("text", "score", "lost"),
    [
        (JUDITA_008, 1.0, set()),
        ("191021s2019    yu a          000 0 scr d", 0.6875, {"15-17", "33", "35-37"}),
        ("999999s2019    ci a          000 p hrv d", 1.0, set()),
        (JUDITA_008.replace(" ", "#"), 1.0, set()),
    ],
)
def test_positions_are_judged_one_by_one(text: str, score: float, lost: set[str]) -> None:
    lines = lines_of(CODED, text)

    assert {place for place, line in lines.items() if line.points < line.max} == lost
    assert grade_one(CODED, text).score == pytest.approx(score, abs=0.00005)
    assert grade_one(CODED, text).possible == 8.0


def test_a_lost_character_costs_a_quarter_and_is_named() -> None:
    lines = lines_of(CODED, "191021s2019   ci a          000 p hrv d")

    assert grade_one(CODED, "191021s2019   ci a          000 p hrv d").score == 0.75
    assert (lines["length"].code, lines["length"].max) == ("fixed_field.length.lost", 0.0)
    assert "one character is lost at position 1" in lines["length"].message


def test_only_the_positions_asked_are_blanked_and_graded() -> None:
    some = {**CODED, "positions": ["07-10", "33"]}

    [public] = drill.public_items(drill_of(some))
    assert public["given"] == "191021s        ci a          000   hrv d"
    assert [row["span"] for row in public["positions"]] == ["07-10", "33"]
    assert public["positions"][1]["codes"]["p"] == "Poetry"
    assert grade_one(some, public["given"]).score == 0.0
    assert grade_one(some, "191021s2019    xx a          000 p xxx d").score == 1.0


def test_a_007_has_the_positions_of_its_category() -> None:
    disc = item("fixed_field", tag="007", value="sd fsngnnmmned")

    [public] = drill.public_items(drill_of(disc))
    positions = {row["span"]: row for row in public["positions"]}
    assert positions["04"]["codes"]["s"] == "Stereophonic"
    assert "02" not in positions
    assert grade_one(disc, "sd fmngnnmmned").score == pytest.approx(0.9)


def test_subfields_of_comarc_are_coded_one_by_one() -> None:
    lines = lines_of(COMARC_100, {"b": "d", "c": "2018", "h": "SLV"})

    assert {place: (line.code, line.points) for place, line in lines.items()} == {
        "b": ("fixed_field.subfield.right", 1.0),
        "c": ("fixed_field.subfield.wrong", 0.0),
        "h": ("fixed_field.subfield.case", 0.9),
        "l": ("fixed_field.subfield.missing", 0.0),
    }
    [public] = drill.public_items(drill_of(COMARC_100))
    assert public["subfields"][0]["codes"]["d"] == "Monograph complete within one year"


# --- Access points ---

PERFECT = {
    "Marko Marulić": {"entry": "main", "heading": "Marulić, Marko", "relator": "070"},
    "Ana Horvat": {"entry": "added", "heading": "Horvat, Ana, 1970-", "relator": "340"},
}


def grade_names(**changes: Any) -> dict[str, Any]:
    names: dict[str, Any] = {name: dict(row) for name, row in PERFECT.items()}
    for place, value in changes.items():
        name, _, part = place.rpartition("__")
        names.setdefault(name.replace("_", " "), {})[part] = value
    lines = lines_of(NAMES, {"names": names})
    return {place.partition(".")[2]: line for place, line in lines.items()}


@pytest.mark.parametrize(
    ("name", "part", "value", "code", "points"),
    [
        ("Ana_Horvat", "entry", "added", "entry.right", 2.0),
        ("Ana_Horvat", "entry", "main", "entry.kind", 1.0),
        ("Ana_Horvat", "entry", "none", "entry.missing", 0.0),
        ("Ana_Horvat", "heading", "Ana Horvat", "heading.name", 2.0),
        ("Ana_Horvat", "heading", "Horvat, Ana", "heading.right", 4.0),
        ("Ana_Horvat", "heading", "", "heading.empty", 0.0),
        ("Ana_Horvat", "relator", "400", "relator.near", 0.8),
        ("Ana_Horvat", "relator", "730", "relator.code", 0.0),
        ("Biblioteka_Hrvatska_baština", "entry", "added", "entry.optional", 0.0),
        ("Naklada_Vježba", "entry", "added", "entry.unwanted", -4.0),
    ],
)
def test_entry_heading_and_relator_are_judged_apart(
    name: str, part: str, value: str, code: str, points: float
) -> None:
    line = grade_names(**{f"{name}__{part}": value})[
        f"{id_of(name.replace('_', ' '), NAMES)}.{part}"
    ]

    assert (line.code, line.points) == (f"access_points.{code}", pytest.approx(points))
    assert line.where.startswith("items.m3e1.names.")


def test_a_heading_counts_only_with_an_access_point() -> None:
    lines = grade_names(Ana_Horvat__entry="none")
    part = id_of("Ana Horvat", NAMES)

    assert lines[f"{part}.heading"].code == "access_points.heading.unsupported"
    assert lines[f"{part}.heading"].points == lines[f"{part}.relator"].points == 0.0


@pytest.mark.parametrize("name", ["Marko Marulić", "Naklada Vježba", "Biblioteka Hrvatska baština"])
@pytest.mark.parametrize("part", ["entry", "heading", "relator"])
def test_what_is_no_text_is_refused_of_every_name_and_tells_nothing_of_it(
    name: str, part: str
) -> None:
    with pytest.raises(InvalidAnswer, match="Text is expected here"):
        grade_one(NAMES, {"names": {name: {"entry": "none", part: 5}}})


def test_a_name_left_out_is_one_mistake_with_all_its_points() -> None:
    mark = grade_one(NAMES, {"names": {"Marko Marulić": {"entry": "added"}}})
    at_place = [line for line in mark.lines if id_of("Ana Horvat", NAMES) in line.where]

    assert [(line.code, line.points) for line in at_place] == [("access_points.entry.missing", 0.0)]
    assert sum(line.max for line in mark.lines) == mark.possible


def test_a_missing_heading_and_a_missing_relator_are_told_apart() -> None:
    lines = grade_names(Ana_Horvat__heading="", Ana_Horvat__relator="")
    part = id_of("Ana Horvat", NAMES)

    assert lines[f"{part}.heading"].message == "«Ana Horvat»: the form of the heading is missing."
    assert lines[f"{part}.relator"].message == "«Ana Horvat»: the relator is missing."


def test_a_name_without_its_comma_is_not_sent_to_look_for_a_letter() -> None:
    line = grade_names(Ana_Horvat__heading="Horvat Ana")[f"{id_of('Ana Horvat', NAMES)}.heading"]

    assert line.code == "access_points.heading.name.mark"
    assert 0 < line.points < line.max


def test_alternative_responsibility_is_of_unimarc_alone() -> None:
    [unimarc] = drill.public_items(drill_of(NAMES))
    [marc21] = drill.public_items(drill_of({**NAMES, "profile": "marc21"}))

    assert [e["id"] for e in unimarc["entries"]] == ["main", "alternative", "added", "none"]
    assert [e["id"] for e in marc21["entries"]] == ["main", "added", "none"]


# --- Authority ---

REFERRED = "The form is one referred from"


@pytest.mark.parametrize(
    ("choice", "reasons", "found", "points"),
    [
        ("Marulić, Marko, 1450-1524", [REFERRED], ["choice.right", "reasons.right"], 3.0),
        ("Marulić, Marko, 1450-1524", [], ["choice.right", "reasons.missing"], 2.0),
        (
            "Marulić, Marko, 1450-1524",
            [REFERRED, "The form sounds alike"],
            ["choice.right", "reasons.right", "reasons.unwanted"],
            2.5,
        ),
        (
            "Marullus, Michael, 1453-1500",
            [REFERRED],
            ["choice.nearly", "reasons.unsupported"],
            0.5,
        ),
        ("Marulić, Marko, 1978-", [REFERRED], ["choice.wrong", "reasons.unsupported"], 0.0),
        ("none", [REFERRED], ["choice.none", "reasons.unsupported"], 0.0),
        ("", [REFERRED], ["choice.missing", "reasons.unsupported"], 0.0),
        ("a record taken away since", [], ["choice.wrong", "reasons.missing"], 0.0),
    ],
)
def test_reasons_count_only_with_the_right_record(
    choice: str, reasons: list[str], found: list[str], points: float
) -> None:
    mark = grade_one(AUTHORITY, {"choice": choice, "reasons": reasons})

    assert (codes(mark), mark.points) == (found, points)


def test_homonyms_are_told_apart_and_none_may_be_right() -> None:
    homonyms = item(
        "authority",
        heading="Horvat, Ana",
        candidates=[
            {"heading": "Horvat, Ana", "details": "kemičarka"},
            {"heading": "Horvat, Ana", "details": "glazbenica"},
        ],
    )
    [public] = drill.public_items(drill_of(homonyms))

    assert len({candidate["id"] for candidate in public["candidates"]}) == 2
    assert grade_one(homonyms, {"choice": "none"}).score == 1.0
    assert grade_one(homonyms, {"choice": public["candidates"][0]["id"]}).score == 0.0


# --- UDC ---


@pytest.mark.parametrize(
    ("model", "given", "expected"),
    [
        ("02(075)=163.6", "02(075)=163.6", {"": ("number.right", 2.0)}),
        ("02(075)=163.6", "02(075.8)=163.6", {"": ("number.alternative", 2.0)}),
        ("37:004", "004:37", {"": ("number.right", 2.0)}),
        ("821.163.6-31", "53", {"": ("number.wrong", 0.0)}),
        (
            "02(075)=163.6",
            "02=163.6(075)",
            {
                "main": ("main.right", 1.2),
                "auxiliaries": ("auxiliaries.right", 0.6),
                "order": ("order.wrong", 0.0),
            },
        ),
        (
            '821.163.42-13"15"',
            "821.163.42-13",
            {
                "main": ("main.right", 1.2),
                "auxiliaries": ("auxiliaries.part", 0.4),
                "auxiliaries.time": ("auxiliaries.missing.time", 0.0),
                "order": ("order.open", 0.0),
            },
        ),
        (
            "7(497.2)(031)",
            "7(497.5)(031)",
            {
                "main": ("main.right", 1.2),
                "auxiliaries": ("auxiliaries.part", 0.3),
                "auxiliaries.place": ("auxiliaries.wrong.place", 0.0),
                "order": ("order.right", 0.2),
            },
        ),
        (
            "37:004",
            "37:004(075)",
            {
                "main": ("main.right", 1.2),
                "auxiliaries": ("auxiliaries.part", 0.4),
                "auxiliaries.form": ("auxiliaries.unwanted.form", 0.0),
                "order": ("order.open", 0.0),
            },
        ),
        (
            "821.163.6-31",
            "821.163-31",
            {
                "main": ("main.broad", 1.2 * 6 / 7),
                "auxiliaries": ("auxiliaries.right", 0.6),
                "order": ("order.right", 0.2),
            },
        ),
    ],
)
def test_a_number_is_judged_part_by_part(
    model: str, given: str, expected: dict[str, tuple[str, float]]
) -> None:
    number = next(n for n in NUMBERS if n["value"] == model)

    lines = lines_of(number, given)

    assert {place: line.code.removeprefix("udc.") for place, line in lines.items()} == {
        place: code for place, (code, _) in expected.items()
    }
    for place, (_, points) in expected.items():
        assert lines[place].points == pytest.approx(points)


def test_the_auxiliary_out_of_order_is_named() -> None:
    lines = lines_of(NUMBERS[5], "02=163.6(075)")

    assert lines["order"].message == (
        "The rule of citation order: the auxiliary of language stands too early."
    )


def test_an_auxiliary_alone_is_no_main_number() -> None:
    library = item("udc", value="02")

    assert grade_one(library, "(075)").points == 0.0


@pytest.mark.parametrize("given", ["821.163.42-1", "821.163.42-13"])
def test_a_number_that_is_nearly_right_earns_a_part(given: str) -> None:
    assert 0.6 <= grade_one(NUMBERS[1], given).score < 1.0


def test_the_author_may_say_what_a_near_miss_earns_and_why() -> None:
    number = {**NUMBERS[1], "near": [["821.163.42-1", 0.9, "the form is left general"]]}

    lines = lines_of(number, "821.163.42-1")

    assert lines[""].points == pytest.approx(1.8)
    assert "the form is left general" in lines[""].message


# --- ISBN ---


@pytest.mark.parametrize(
    ("data", "number", "code", "points"),
    [
        ({}, "978-953-99999-0-0", "number.right", 2.0),
        ({}, "ISBN 9789539999900", "number.right", 2.0),
        ({}, "9789539999907", "number.unchanged", 0.0),
        ({}, "9789539999901", "number.check", 0.0),
        ({}, "9789539999207", "number.other", 0.5),
        ({}, "9783161484100", "number.wrong", 0.0),
        ({}, "953-99999-0-1", "number.form", 0.0),
        ({}, "12", "number.unreadable", 0.0),
        ({}, "", "number.missing", 0.0),
        ({"task": "check_digit", "given": "978-953-99999-0-?"}, "9789539999900", "number.right", 2),
        ({"task": "check_digit", "given": "978953999990"}, "9789539999907", "number.check", 0.0),
        ({"task": "to_13", "given": "953-99999-0-1"}, "978-953-99999-0-0", "number.right", 2.0),
        ({"task": "to_13", "given": "953-99999-0-1"}, "978-953-99999-0-1", "number.stem", 0.5),
        ({"task": "to_13", "given": "953-99999-0-1"}, "9539999901", "number.unchanged", 0.0),
        ({"task": "to_10", "given": "9789539999900"}, "953-99999-0-1", "number.right", 2.0),
        ({"task": "to_10", "given": "9789539999900"}, "953-99999-0-X", "number.stem", 0.5),
    ],
)
def test_a_number_is_worked_out_not_copied(
    data: dict[str, str], number: str, code: str, points: float
) -> None:
    base = {k: v for k, v in ISBN.items() if k != "value" or "task" not in data}

    line = lines_of({**base, **data}, {"number": number, "position": 1})["number"]

    assert (line.code, line.points) == (f"isbn.{code}", points)


@pytest.mark.parametrize(("position", "points"), [(13, 1.0), (12, 0.0), (None, 0.0)])
def test_the_wrong_digit_is_to_be_found(position: int | None, points: float) -> None:
    lines = lines_of(ISBN, {"number": "9789539999900", "position": position})

    assert lines["position"].points == points
    assert lines["position"].expected == ("" if points else "13")


# --- Duplicates, entities, elements, headings ---


def test_differences_count_with_a_decision_that_earns_something() -> None:
    edition = PAIRS[1]
    found = {
        decision: grade_one(edition, {"decision": decision, "differences": ["Year", "Edition"]})
        for decision in ("manifestation", "expression", "same")
    }

    assert {decision: mark.score for decision, mark in found.items()} == {
        "manifestation": 4 / 5,
        "expression": 3 / 5,
        "same": 0.0,
    }
    assert codes(found["manifestation"]) == [
        "decision.right",
        "differences.right",
        "differences.right",
        "differences.missing",
    ]
    missing = found["manifestation"].lines[-1]
    assert missing.where == "items.m3e5-edition.differences"
    assert missing.message.endswith("missing: 1.")


def test_a_needless_difference_costs_and_one_that_is_open_does_not() -> None:
    chosen = ["Year", "Edition", "Pages", "Abbreviations", "Binding"]

    mark = grade_one(PAIRS[1], {"decision": "manifestation", "differences": chosen})

    assert mark.score == pytest.approx((5.0 - 1.5) / 5.0)
    assert codes(mark)[-2:] == ["differences.unwanted", "differences.neutral"]


@pytest.mark.parametrize(
    ("entity", "code", "points"),
    [
        ("person", "row.right", 1.0),
        ("agent", "row.broad", 0.5),
        ("work", "row.wrong", -1 / 7),
        ("", "row.missing", 0.0),
    ],
)
def test_a_superclass_counts_half_and_a_guess_costs(entity: str, code: str, points: float) -> None:
    rows = {"Marko Marulić": entity, "Split": "place"}

    line = lines_of(LRM, {"rows": rows})[f"rows.{id_of('Marko Marulić', LRM)}"]

    assert line.code == f"lrm.{code}"
    assert line.points == pytest.approx(points)


def test_the_manner_counts_only_with_the_right_element() -> None:
    text = "ilustracije"
    part = f"rows.{id_of(text, RDA)}"
    right = {"21 cm": {"element": "dimensions", "manner": "recorded"}}

    def points(element: str, manner: str) -> tuple[float, float]:
        rows = {**right, text: {"element": element, "manner": manner}}
        lines = lines_of(RDA, {"rows": rows})
        return lines[f"{part}.element"].points, lines[f"{part}.manner"].points

    assert points("illustration", "recorded") == (2.0, 1.0)
    assert points("illustration", "transcribed") == (2.0, 0.0)
    assert points("extent", "recorded") == (1.0, 0.0)
    assert points("edition", "recorded")[0] < 0.0


@pytest.mark.parametrize(
    ("chosen", "found", "points"),
    [
        (["Epovi", "Renesansa"], ["chosen.right", "chosen.right"], 4.0),
        (
            ["Epovi", "Renesansa", "Hrvatsko pjesništvo"],
            ["chosen.right", "chosen.right", "chosen.full"],
            4.0,
        ),
        (
            ["Epovi", "Hrvatska književnost"],
            ["chosen.right", "chosen.nearly"],
            3.0,
        ),
        (["Epovi", "Humanizam"], ["chosen.right", "chosen.neutral", "chosen.missing"], 2.0),
        (["Epovi", "15. stoljeće"], ["chosen.right", "chosen.unwanted", "chosen.missing"], 1.6),
        (["15. stoljeće"], ["chosen.unwanted", "chosen.missing"], 0.0),
    ],
)
def test_the_best_headings_count_and_a_needless_one_costs(
    chosen: list[str], found: list[str], points: float
) -> None:
    mark = grade_one(HEADINGS, {"chosen": chosen})

    assert codes(mark) == found
    assert mark.points == pytest.approx(points)


# --- Transcription ---


@pytest.mark.parametrize(
    ("given", "code", "credit"),
    [
        ("Libar Marka Marula Splićanina", "right", 1.0),
        ("Libar | Marka Marula Spli-|ćanina", "free", 1.0),
        ("Libar Marka Marvla Splićanina", "uv", 0.8),
        ("Libar Marka Marula \u017fplićanina", "case", 0.9),
        ("Libar Marka Marvla splićanina", "several", 0.9 * 0.8),
        ("LIBAR MARKA MARULA SPLIĆANINA", "case", 0.9),
        ("Libar Marka Marula Splicanina", "diacritics", 0.8),
        ("Knjiga Marka Marula", "wrong", 0.0),
    ],
)
def test_features_of_old_print_are_named(given: str, code: str, credit: float) -> None:
    place = f"elements.{id_of('Title proper', TITLE_PAGE)}"

    line = lines_of(TITLE_PAGE, {"elements": {"Title proper": given}})[place]

    assert line.code == f"transcription.element.{code}"
    assert line.points == pytest.approx(4 * credit)


def test_the_long_s_alone_is_said_to_be_it() -> None:
    page = item(
        "transcription",
        conventions="early_latin",
        elements=[{"label": "Title", "value": "Historia Salonitana et \u017fic"}],
    )

    [line] = grade_one(page, {"elements": {"Title": "Hi\u017ftoria Salonitana et sic"}}).lines

    assert line.code == "transcription.element.long_s"
    assert line.points == pytest.approx(1.8)
    assert "long s" in line.message


@pytest.mark.parametrize(
    ("given", "code", "credit"),
    [
        ("Исторія Россійскаго Государства въ вѣкахъ", "right", 1.0),
        ("Исторія Россійскаго Государства в вѣках", "hard_sign", 0.8),
        ("Исторія Россійскаго Государства въ векахъ", "yat", 0.8),
        ("История Российскаго Государства в веках", "several", 0.528),
        ("Istoria Rossiiskago Gosudarstva v vekah", "wrong", 0.0),
    ],
)
def test_old_spelling_is_kept_and_its_letters_named(given: str, code: str, credit: float) -> None:
    [line] = grade_one(OLD_RUSSIAN, {"elements": {"Заглавие": given}}).lines

    assert line.code == f"transcription.element.{code}"
    assert line.points == pytest.approx(2 * credit, abs=0.02)


@pytest.mark.parametrize(
    ("conventions", "old", "new"),
    [
        ("old_russian", "Ѳедоръ и міръ", "Федор и мир"),
        ("old_bulgarian", "Подъ игото на бѣлитѣ рѫцѣ", "Под игото на белите ръце"),
        ("old_bulgarian", "Бѣлъ свѣтъ", "Бял свят"),
        ("old_serbian", "Бѣлградъ", "Бијелград"),
        ("old_serbian", "Бѣлградъ", "Белград"),
        ("early_latin", "IVDITA uulgo &c.", "JUDITA vulgo et"),
    ],
)
def test_modern_spelling_is_free_where_the_author_says_so(
    conventions: str, old: str, new: str
) -> None:
    features = ["hard_sign", "yat", "yus", "decimal_i", "fita", "uv", "ij", "ampersand"]
    page = item(
        "transcription",
        conventions=conventions,
        free=features,
        elements=[{"label": "Title", "value": old}],
    )

    [line] = grade_one(page, {"elements": {"Title": new}}).lines

    assert (line.code, line.points) == ("transcription.element.free", 2.0)
    strict = grade_one({**page, "free": []}, {"elements": {"Title": new}})
    assert 0.0 < strict.score < 1.0


def test_letters_and_diacritics_may_be_typed_apart() -> None:
    assert (
        grade_one(
            TITLE_PAGE,
            {"elements": {"Title proper": "Libar Marka Marula Splic\u0301anina", "Date": "1521"}},
        ).score
        == 1.0
    )


# --- All ---


def test_points_rules_and_explanation_of_the_author_reach_the_lines() -> None:
    refs = [{"scheme": "ISBD", "number": "1.3", "url": "https://www.ifla.org/"}]
    given: Item = {**AREA_1, "w": 12, "refs": refs, "feedback": "See the area of title."}

    lines = lines_of(given, {"order": TEXTS, "marks": {**MARKS, TEXTS[1]: "/"}})

    wrong = lines[f"marks.{id_of(TEXTS[1], AREA_1)}"]
    assert (wrong.max, wrong.points, wrong.refs) == (2.0, 0.0, tuple(refs))
    assert lines["order"].refs == ()
    assert (lines[""].kind, lines[""].message) == ("note", "See the area of title.")
    assert sum(line.max for line in lines.values()) == pytest.approx(12.0)
