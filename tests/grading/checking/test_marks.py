"""Punctuation, and what sorting passes over at the beginning of a title."""

from __future__ import annotations

import pytest

from grading.marc import check_record
from tests.grading.checking.records import MARC21, UNIMARC, and_field, found, with_field

TITLE = [["a", "Judita :"], ["b", "ep u šest libara /"], ["c", "Marko Marulić."]]


def title(*changes: tuple[int, str]) -> list[list[str]]:
    subfields = [list(pair) for pair in TITLE]
    for place, value in changes:
        subfields[place][1] = value
    return subfields


@pytest.mark.parametrize(
    ("subfields", "code", "where"),
    [
        (title((0, "Judita")), "mark.missing", "245[0]$a[0]"),
        (title((0, "Judita:")), "mark.spacing", "245[0]$a[0]"),
        (title((0, "Judita ;")), None, ""),
        (title((0, "Judita =")), None, ""),
        (title((1, "ep u šest libara")), "mark.missing", "245[0]$b[0]"),
        (title((1, "ep u šest libara.")), "mark.missing", "245[0]$b[0]"),
        (title((1, "ep u šest libara/")), "mark.spacing", "245[0]$b[0]"),
        (title((2, "Marko Marulić")), "mark.stop", "245[0]$c[0]"),
        (title((2, "M. M. Marulić.")), "title.initials", "245[0]$c[0]"),
        ([["a", "Judita."], ["n", "1,"], ["p", "Prvi dio /"], TITLE[2]], None, ""),
        (
            [["a", "Judita."], ["n", "1."], ["p", "Prvi dio /"], TITLE[2]],
            "mark.missing",
            "245[0]$n[0]",
        ),
        ([["a", "Judita,"], ["p", "Prvi dio /"], TITLE[2]], "mark.missing", "245[0]$a[0]"),
        ([["a", "Judita"], ["n", "1 /"], TITLE[2]], "mark.missing", "245[0]$a[0]"),
        ([["a", "Judita"], ["h", "[tekst] /"], TITLE[2]], None, ""),
        ([["a", "Judita "], ["h", "[tekst] /"], TITLE[2]], "title.blank", "245[0]$a[0]"),
        ([["a", "Judita"], ["h", "tekst /"], TITLE[2]], "title.material", "245[0]$h[0]"),
        ([TITLE[2], ["a", "Judita."]], "title.first", "245[0]$c[0]"),
    ],
)
def test_the_marks_of_a_title(subfields: list[list[str]], code: str | None, where: str) -> None:
    assert found(with_field(MARC21, "245", "10", subfields)) == ([(code, where)] if code else [])


def test_several_marks_that_would_be_right_are_told_apart_in_every_language() -> None:
    record = with_field(MARC21, "245", "10", title((0, "Judita")))
    words = {" :» or « ;» or « =": " :» ili « ;» ili « ="}

    (row,) = check_record("marc21", record)
    (translated,) = check_record("marc21", record, lambda text: words.get(text, text))

    assert "says that « :» or « ;» or « =» ends this" in row["message"]
    assert "says that « :» ili « ;» ili « =» ends this" in translated["message"]


@pytest.mark.parametrize(
    ("tag", "ind", "subfields", "where"),
    [
        ("264", " 1", [["a", "Zagreb"], ["b", "Vježba,"], ["c", "2019."]], "264[0]$a[0]"),
        ("264", " 1", [["a", "Zagreb :"], ["b", "Vježba"], ["c", "2019."]], "264[0]$b[0]"),
        ("264", " 1", [["a", "Zagreb :"], ["a", "Split :"], ["b", "V,"], ["c", "2019."]], ""),
        (
            "300",
            "  ",
            [["a", "214 stranica ;"], ["b", "ilustracije ;"], ["c", "21 cm"]],
            "300[0]$a[0]",
        ),
        (
            "300",
            "  ",
            [["a", "214 stranica :"], ["b", "ilustracije,"], ["c", "21 cm"]],
            "300[0]$b[0]",
        ),
        ("300", "  ", [["a", "214 stranica ;"], ["c", "21 cm"], ["e", "1 CD"]], "300[0]$c[0]"),
        ("250", "  ", [["a", "Drugo izdanje"], ["b", "A. Horvat."]], "250[0]$a[0]"),
        ("490", "0 ", [["a", "Biblioteka"], ["v", "knjiga 3"]], "490[0]$a[0]"),
        ("100", "1 ", [["a", "Marulić, Marko"], ["d", "1450-1524."]], "100[0]$a[0]"),
        ("100", "1 ", [["a", "Marulić, Marko,"], ["d", "1450-"], ["e", "autor."]], ""),
    ],
)
def test_the_marks_of_other_fields(
    tag: str, ind: str, subfields: list[list[str]], where: str
) -> None:
    marks = [w for c, w in found(with_field(MARC21, tag, ind, subfields)) if c.startswith("mark.")]

    assert marks == ([where] if where else [])


@pytest.mark.parametrize("form", [" ", "c", "n", "u"])
def test_a_record_that_promises_no_isbd_marks_need_not_have_them(form: str) -> None:
    record = with_field(MARC21, "LDR", f"00000nam a2200000 {form} 4500")

    assert found(with_field(record, "245", "10", title((0, "Judita")))) == []


@pytest.mark.parametrize(
    ("tag", "ind", "subfields", "code", "where"),
    [
        ("200", "1 ", [["a", "Judita :"], ["e", "ep"]], "mark.typed", "200[0]$a[0]"),
        (
            "200",
            "1 ",
            [["a", "Judita"], ["e", "ep /"], ["f", "M. M."]],
            "mark.typed",
            "200[0]$e[0]",
        ),
        (
            "210",
            "  ",
            [["a", "Zagreb"], ["c", "Vježba,"], ["d", "2019"]],
            "mark.typed",
            "210[0]$c[0]",
        ),
        ("210", "  ", [["a", "Moskva"], ["c", "Крисмас+"], ["d", "2019"]], None, ""),
        ("700", " 1", [["a", "Marulić"], ["b", ", Marko"]], "mark.leading", "700[0]$b[0]"),
        ("215", "  ", [["a", "214 str."], ["d", "21 cm."]], None, ""),
        ("200", "1 ", [["a", "...u 1994. godini"]], None, ""),
    ],
)
def test_unimarc_types_no_marks(
    tag: str, ind: str, subfields: list[list[str]], code: str | None, where: str
) -> None:
    assert found(with_field(UNIMARC, tag, ind, subfields), "unimarc") == (
        [(code, where)] if code else []
    )


def titled(text: str, ind: str, language: str = "eng") -> list[tuple[str, str]]:
    record = with_field(MARC21, "008", f"191021s2019    ci a          000 p {language} d")
    return found(with_field(record, "245", f"1{ind}", [["a", text]]))


@pytest.mark.parametrize(
    ("text", "ind", "language", "code"),
    [
        ("The tenth brother.", "4", "eng", None),
        ("The tenth brother.", "0", "eng", "nonfiling.article"),
        ("The tenth brother.", "3", "eng", "nonfiling.count"),
        ("Tenth brother.", "4", "eng", "nonfiling.unjustified"),
        ('"The" tenth brother.', "6", "eng", None),
        ("[The tenth brother].", "5", "eng", None),
        ("--the tenth brother.", "6", "eng", None),
        ("... the tenth brother.", "8", "eng", None),
        ("\u00a1El fin!", "4", "spa", None),
        ("\u2018The\u2019 tenth brother.", "0", "eng", "nonfiling.article"),
        ("A to Z.", "0", "eng", None),
        ("Los Angeles.", "0", "spa", None),
        ("Los hermanos.", "0", "spa", "nonfiling.article"),
        ("Los hermanos.", "0", "eng", "nonfiling.foreign"),
        ("Los hermanos.", "4", "eng", None),
        ("Die hard.", "0", "eng", None),
        ("Die Brüder.", "0", "ger", "nonfiling.article"),
        ("L'altra faccia.", "2", "ita", None),
        ("L\u2019altra faccia.", "0", "ita", "nonfiling.article"),
        ("Un capitaine.", "0", "fre", "nonfiling.numeral"),
        ("Un capitaine.", "3", "fre", None),
        ("A magyar.", "2", "hun", None),
        ("Под игото.", "0", "bul", None),
        ("Под игото.", "4", "bul", "nonfiling.unjustified"),
        ("Deseti brat.", "0", "slv", None),
        ("A.", "0", "eng", None),
        ("", "0", "eng", None),
    ],
)
def test_sorting_passes_over_articles_of_the_language(
    text: str, ind: str, language: str, code: str | None
) -> None:
    codes = [c for c, _ in titled(text, ind, language) if c.startswith("nonfiling.")]

    assert codes == ([code] if code else [])


def test_a_decomposed_title_counts_as_a_composed_one() -> None:
    assert titled("Le\u0301s hommes.", "0", "fre") == []


def test_other_titles_count_too() -> None:
    record = and_field(MARC21, "740", "0 ", [["a", "The story."]])

    assert ("nonfiling.foreign", "740[0]/ind1") in found(record)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("\x98Il \x9cciclo", None),
        ("\x88L'\x89altra faccia", None),
        ("\x98Il ciclo", "nonsorting.signs"),
        ("Il ciclo", "nonsorting.article"),
    ],
)
def test_unimarc_encloses_what_sorting_passes_over(text: str, code: str | None) -> None:
    record = with_field(UNIMARC, "101", "0 ", [["a", "ita"]])
    codes = [c for c, _ in found(with_field(record, "200", "1 ", [["a", text]]), "unimarc")]

    assert codes == ([code] if code else [])
