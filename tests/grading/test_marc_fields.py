"""Fields that need more than themselves: in another script, embedded, divided into parts."""

from __future__ import annotations

from typing import Any

import pytest

from grading.data import Mark, ScoreLine
from grading.graders import marc

Fields = list[dict[str, Any]]


def key(*fields: dict[str, Any], profile: str = "marc21") -> dict[str, Any]:
    return {"profile": profile, "fields": list(fields)}


def field(tag: str, ind: str, *sub: list[Any]) -> dict[str, Any]:
    return {"tag": tag, "ind": ind, "sub": list(sub)}


def by_code(mark: Mark) -> dict[str, ScoreLine]:
    assert sum(line.points for line in mark.lines) == pytest.approx(mark.points, abs=1e-9)
    assert sum(line.max for line in mark.lines) == pytest.approx(mark.possible, abs=1e-9)
    return {line.code: line for line in mark.lines}


# --- Another script -----------------------------------------------------------------------------

LATIN = field("245", "10", ["6", "880-01"], ["a", "Pod igoto :"], ["b", "roman."])
CYRILLIC = field("880", "10", ["6", "245-01/(N"], ["a", "Под игото :"], ["b", "роман."])
AUTHOR = field("100", "1 ", ["6", "880-02"], ["a", "Vazov, Ivan."])
CYRILLIC_AUTHOR = field("880", "1 ", ["6", "100-02/(N"], ["a", "Вазов, Иван."])
BOTH = key(LATIN, CYRILLIC, AUTHOR, CYRILLIC_AUTHOR)

LATIN_TITLE = ["245", "10", [["6", "880-01"], ["a", "Pod igoto :"], ["b", "roman."]]]
CYRILLIC_TITLE = ["880", "10", [["6", "245-01/(N"], ["a", "Под игото :"], ["b", "роман."]]]
LATIN_NAME = ["100", "1 ", [["6", "880-02"], ["a", "Vazov, Ivan."]]]
CYRILLIC_NAME = ["880", "1 ", [["6", "100-02/(N"], ["a", "Вазов, Иван."]]]


def test_fields_in_both_scripts_are_compared_each_with_its_own() -> None:
    answer = [LATIN_TITLE, CYRILLIC_NAME, LATIN_NAME, CYRILLIC_TITLE]
    assert marc.grade(BOTH, answer).score == 1.0
    lines = by_code(marc.grade(BOTH, [LATIN_TITLE, CYRILLIC_TITLE, LATIN_NAME]))
    assert (lines["880.missing"].max, lines["880.missing"].points) == (4.0, 0.0)


@pytest.mark.parametrize("link", [["6", "100-01/(N"], ["6", "880-01"], None])
def test_a_wrong_or_missing_link_costs_the_link_and_not_the_field(link: list[str] | None) -> None:
    title = ["880", "10", [*([link] if link else []), *CYRILLIC_TITLE[2][1:]]]
    lines = by_code(marc.grade(BOTH, [LATIN_TITLE, title, LATIN_NAME, CYRILLIC_NAME]))
    assert lines["880.link"].points == 0.0
    assert lines["880.link"].max == pytest.approx(5 / 11)
    assert lines["880.link"].where == "880[0]$6"
    assert lines["880.link"].expected == "245-…"


def test_the_other_script_alone_earns_half_where_the_model_has_no_such_field() -> None:
    plain = key(field("245", "10", ["a", "Под игото :"], ["b", "роман."]))
    lines = by_code(marc.grade(plain, [CYRILLIC_TITLE]))
    assert marc.grade(plain, [CYRILLIC_TITLE]).score == pytest.approx(0.5)
    assert lines["880.tag.wrong"].expected == "245"


def test_another_script_beside_the_right_field_is_welcome_and_free() -> None:
    plain = key(LATIN, AUTHOR)
    extra = [["880", "1 ", [["6", "100-02"], ["a", "Вазов, Иван."]]], CYRILLIC_TITLE]
    mark = marc.grade(plain, [LATIN_TITLE, LATIN_NAME, *extra])
    assert mark.score == 1.0
    assert {line.code for line in mark.lines if line.kind == "note"} == {"880.parallel"}


# --- Embedded fields ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("embedded", "plain"),
    [
        ([["1", "2001 "], ["a", "Абай жолы"], ["e", "роман"]],
         [["t", "Абай жолы"], ["o", "роман"]]),
        ([["1", "700 1"], ["a", "Әуезов"], ["b", "Мұхтар"]], [["a", "Әуезов, Мұхтар"]]),
        ([["1", "210  "], ["a", "Алматы"], ["c", "Ана тілі"], ["d", "2019"]],
         [["c", "Алматы"], ["n", "Ана тілі"], ["d", "2019"]]),
        ([["1", "001RU1"], ["1", "2001 "], ["a", "Абай"], ["h", "2"], ["i", "Ақын"]],
         [["t", "Абай"], ["h", "2"], ["i", "Ақын"]]),
    ],
)  # fmt: skip
def test_both_techniques_of_linking_say_the_same(
    embedded: list[list[str]], plain: list[list[str]]
) -> None:
    for model, answer in ((embedded, plain), (plain, embedded), (embedded, embedded)):
        exercise = key(field("461", " 0", *model), profile="rusmarc")
        assert marc.grade(exercise, [["461", " 0", answer]]).score == 1.0


def test_a_fault_in_an_embedded_field_is_shown_where_it_was_typed() -> None:
    exercise = key(field("461", " 0", ["t", "Абай жолы"], ["v", "Кн. 1"]), profile="rusmarc")
    typed = [["1", "2001 "], ["a", "Абай жоли"], ["v", "Кн. 1"], ["1", "205  "], ["a", "2-басылым"]]
    lines = by_code(marc.grade(exercise, [["461", " 0", typed]]))
    assert {line.where for line in lines.values() if line.points < line.max} == {
        "461[0]$a[0]",
        "461[0]$a[1]",
    }


def test_what_no_subfield_says_is_still_compared() -> None:
    embedded = [["1", "2001 "], ["a", "Абай жолы"], ["b", "Текст"]]
    exercise = key(field("461", " 0", *embedded), profile="rusmarc")
    other = [["1", "2001 "], ["a", "Абай жолы"], ["b", "Ноты"]]
    assert marc.grade(exercise, [["461", " 0", embedded]]).score == 1.0
    assert marc.grade(exercise, [["461", " 0", other]]).score < 1.0


# --- Names and titles of several parts ------------------------------------------------------------

NAME = key(field("700", " 1", ["a", "Marulić"], ["b", "Marko"]), profile="unimarc")
PART = key(field("245", "10", ["a", "Rat i mir."], ["n", "Knj. 1,"], ["p", "Austerlitz."]))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ([["a", "Marulić, Marko"]], "700.a.divided"),
        ([["a", "Marko Marulić"]], "700.a.name"),
        ([["a", "Marko"], ["b", "Marulić"]], "700.a.subfield"),
    ],
)
def test_the_right_name_entered_wrongly_earns_half_of_its_content(
    given: list[list[str]], code: str
) -> None:
    mark = marc.grade(NAME, [["700", " 1", given]])
    lines = by_code(mark)
    assert 0.4 <= mark.score <= 0.7
    assert lines[code].points == pytest.approx(lines[code].max / 2)


def test_the_entry_element_of_an_undivided_name_matters_as_well() -> None:
    exercise = key(field("100", "1 ", ["a", "Marulić, Marko,"], ["d", "1450-1524."]))
    given = [["100", "1 ", [["a", "Marko Marulić,"], ["d", "1450-1524."]]]]
    line = by_code(marc.grade(exercise, given))["100.a.name"]
    assert line.points == pytest.approx(line.max / 2)


def test_another_name_earns_nothing_for_its_words() -> None:
    assert marc.grade(NAME, [["700", " 1", [["a", "Marko Marko"]]]]).score < 0.1


def test_a_part_of_a_title_that_is_not_divided_off_earns_half() -> None:
    given = [["245", "10", [["a", "Rat i mir."], ["n", "Knj. 1, Austerlitz."]]]]
    lines = by_code(marc.grade(PART, given))
    assert lines["245.n.divided"].points == pytest.approx(lines["245.n.divided"].max / 2)
    assert lines["245.p.divided"].where == "245[0]$p"
    together = marc.grade(PART, [["245", "10", [["a", "Rat i mir. Knj. 1, Austerlitz."]]]])
    divided = marc.grade(PART, [["245", "10", PART["fields"][0]["sub"]]])
    assert 0.3 < together.score < 0.7 < divided.score == 1.0


def test_another_number_of_a_part_is_no_typing_error() -> None:
    given = [["245", "10", [["a", "Rat i mir."], ["n", "Knj. 2,"], ["p", "Austerlitz."]]]]
    assert by_code(marc.grade(PART, given))["245.n.number"].points == 0.0


def test_numbers_and_names_of_parts_in_the_wrong_order_lose_the_order() -> None:
    sub = [["a", "Djela."], ["n", "Sv. 1,"], ["p", "Drame."], ["n", "Knj. 2,"], ["p", "Komedije."]]
    exercise = key(field("245", "10", *sub))
    swapped = [sub[0], sub[3], sub[4], sub[1], sub[2]]
    lines = by_code(marc.grade(exercise, [["245", "10", swapped]]))
    assert lines["245.order"].points < lines["245.order"].max


# --- What sorting passes over ---------------------------------------------------------------------

ENGLISH = "191021s2019    enk           000 0 eng d"
BOOK = key({"tag": "008", "value": ENGLISH}, field("245", "04", ["a", "The book of old libraries"]))


def title(ind: str, text: str) -> dict[str, ScoreLine]:
    return by_code(marc.grade(BOOK, [["008", ENGLISH], ["245", ind, [["a", text]]]]))


def test_a_wrong_number_of_nonfiling_characters_is_explained() -> None:
    lines = title("00", "The book of old libraries")
    assert lines["245.ind2.nonfiling"].points == 0.0
    assert lines["245.ind2.nonfiling"].where == "245[0]/ind2"
    assert lines["245.ind2.nonfiling"].expected == "4"


@pytest.mark.parametrize(
    ("ind", "text"),
    [("00", "Book of old libraries"), ("02", "A book of old libraries"), ("00", "Old libraries")],
)
def test_a_number_that_agrees_with_the_title_as_given_is_no_second_mistake(
    ind: str, text: str
) -> None:
    assert "245.ind2.nonfiling" not in title(ind, text)


@pytest.mark.parametrize("text", ["Book of old libraries", "A book of old libraries"])
def test_a_number_that_agrees_with_no_title_is_a_mistake(text: str) -> None:
    assert title("03", text)["245.ind2.nonfiling"].points == 0.0
