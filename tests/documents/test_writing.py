"""Numbers, days and the order of names, language by language."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.collation import sort_key
from documents.writing import LANGUAGES, writing_of

SORTED = {
    "bg": "Ангелова Ъглова Янева Ivanova",
    "en": "Adams Čapek Davis O'Neil Øverby Zola Иванов",
    "hr": "Cvitan Čuljak Ćosić Dabo Džeba Đurić Lukić Ljubić Nušić Njegovan Sabol Šabić Zec Žagar",
    "kk": "Абай Әбілқайыр Байтұрсынұлы Ғабит Дулат Қажым Лашын Ңұр Омар Өтеген Тұман Ұлан Үсен "
    "Фарида Һан Ысқақ Іңкәр",
    "ru": "Ежов Ёлкин Жуков Щукин Эрн",
    "sl": "Cankar Čop Kosovel Šorli Zupan Župančič",
}


@pytest.mark.parametrize("language", SORTED)
def test_names_stand_in_the_order_of_the_alphabet(language: str) -> None:
    names = SORTED[language].split()
    assert sorted(sorted(names, key=len), key=sort_key(language)) == names


def test_accents_decide_only_between_names_that_are_otherwise_the_same() -> None:
    names = ["Müller B", "Muller A", "Muller C", "Müller A"]
    wanted = ["Muller A", "Müller A", "Müller B", "Muller C"]
    assert sorted(names, key=sort_key("en")) == wanted


def test_a_shorter_name_comes_before_a_longer_one() -> None:
    names = ["Ana-Marija", "Anamarija", "Ana Zorić", "Ana"]
    assert sorted(names, key=sort_key("hr"))[0] == "Ana"
    assert sorted(names, key=sort_key("hr"))[-1] == "Anamarija"


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert sort_key("hr")("C\u030copor")[0] == sort_key("hr")("Čopor")[0]


@given(st.lists(st.text()), st.sampled_from([*LANGUAGES, "", "xx"]))
def test_any_text_can_be_sorted(texts: list[str], language: str) -> None:
    assert sorted(sorted(texts, key=sort_key(language))) == sorted(texts)


@pytest.mark.parametrize(
    ("language", "number", "day"),
    [
        ("bg", "12\u00a0345,50", "09.03.2026 г."),  # noqa: RUF001  # letters of that language
        ("en", "12,345.50", "09 Mar 2026"),
        ("hr", "12.345,50", "09.03.2026."),
        ("kk", "12\u00a0345,50", "09.03.2026"),
        ("ru", "12\u00a0345,50", "09.03.2026"),
        ("sl", "12.345,50", "09. 03. 2026"),
        ("en-gb", "12,345.50", "09 Mar 2026"),
        ("xx", "12,345.50", "09 Mar 2026"),
    ],
)
def test_numbers_and_days_are_written_as_the_language_does(
    language: str, number: str, day: str
) -> None:
    writing = writing_of(language)
    assert writing.number(Decimal("12345.5"), 2) == number
    assert writing.day(date(2026, 3, 9)) == day


def test_small_numbers_signs_and_shares() -> None:
    writing = writing_of("ru")
    assert writing.number(1234) == "1234"
    assert writing.number(-7, 1) == "\N{MINUS SIGN}7,0"
    assert writing.number(1_234_567) == "1\u00a0234\u00a0567"
    assert writing.share(1, 3) == "33\u00a0%"
    assert writing.share(0, 0) == ""
    assert writing.clock(time(9, 5)) == "09:05"


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_a_number_can_be_read_back(value: Decimal) -> None:
    for language in LANGUAGES:
        writing = writing_of(language)
        text = writing.number(value, 2).replace(writing.group, "").replace(writing.decimal, ".")
        assert Decimal(text.replace("\N{MINUS SIGN}", "-")) == value
