"""Comparing single values, through the face of the grader."""

from __future__ import annotations

from typing import Any

import pytest

from grading.graders import marc


def credit(policy: str, expected: str, given: str, **options: Any) -> float:
    key = {
        "profile": "unimarc",
        "punct": "ignored",
        "fields": [{"tag": "300", "sub": [["a", expected, {"policy": policy, **options}]]}],
    }
    return marc.grade(key, [["300", "  ", [["a", given]]]]).score


@pytest.mark.parametrize(
    ("expected", "given", "share"),
    [
        ("Judita", "Judita", 1.0),
        ("Judita", "Judita :", 1.0),
        ("„Judita“", '"Judita"', 1.0),
        ("1450\u20131524", "1450-1524", 1.0),
        ("Judita  i  Holoferno", "Judita i Holoferno", 1.0),
        ("Đuro Đaković", "Duro Dakovic", 0.8),
        ("Łódź", "łodz", 0.72),
        ("Straße", "STRASSE", 0.9),
        ("Под игото", "Pod igoto", 0.5),
        ("роман в три части", "roman v tri chasti", 0.5),
        ("роман в три части", "roman v tri časti", 0.5),
        ("България", "Bălgarija", 0.5),
        ("България", "Bulgariya", 0.5),
        ("Съвременна проза", "Savremenna proza", 0.5),
        ("Людмила Щербакова", "Ljudmila Ščerbakova", 0.5),
        ("Абай жолы", "Abai zholy", 0.5),
        ("Pod igoto", "Под игото", 0.5),
        ("Под игото", "Под иготу", 0.5037),
        ("Judita", "Holoferno", 0.0),
        ("Judita", "", 0.0),
        ("Drugo izdanje 2019", "Drugo izdanje 2018", 0.3259),
    ],
)
def test_text_is_compared_as_a_cataloguer_reads_it(expected: str, given: str, share: float) -> None:
    assert credit("text", expected, given) == pytest.approx(share, abs=0.001)


@pytest.mark.parametrize(
    ("expected", "given", "share"),
    [
        ("214 str.", "241 str.", 0.0),
        ("21 cm", "21 CM", 0.9),
        ("21 cm", "12 cm", 0.0),
        ("2019", "c2019", 0.5037),
    ],
)
def test_a_wrong_number_is_no_slip_of_the_pen(expected: str, given: str, share: float) -> None:
    assert credit("number", expected, given) == pytest.approx(share, abs=0.001)


def test_codes_are_right_or_wrong_but_for_case() -> None:
    assert credit("code", "hrv", "hrv") == 1.0
    assert credit("code", "hrv", "HRV") == pytest.approx(0.9)
    assert credit("code", "hrv", "hrw") == 0.0


def test_any_text_will_do_but_none() -> None:
    assert credit("any", "HR-VJ", "SI-VA") == 1.0
    assert credit("any", "HR-VJ", "  ") == 0.0


def test_a_name_in_direct_order_earns_half() -> None:
    assert credit("name", "Marulić, Marko", "Marko Marulić") == 0.5
    assert credit("text", "Marulić, Marko", "Marko Marulić") == 0.0


@pytest.mark.parametrize(
    ("given", "share"),
    [
        ("978-953-99999-0-0", 1.0),
        ("ISBN 978 953 99999 0 0", 1.0),
        ("9789539999900 (tvrdi uvez)", 1.0),
        ("9789539999907", 0.25),
        ("9789619999905", 0.0),
        ("Judita", 0.0),
    ],
)
def test_isbns_are_compared_as_numbers(given: str, share: float) -> None:
    assert credit("isbn", "9789539999900", given) == share


def test_an_old_isbn_is_the_same_as_its_new_form() -> None:
    assert credit("isbn", "9780804429573", "0-8044-2957-X") == 1.0
    assert credit("isbn", "080442957X", "978-0-8044-2957-3") == 1.0


@pytest.mark.parametrize(
    ("expected", "given", "share"),
    [
        ('821.163.42-13"15"', "821.163.42-13", 0.8),
        ('821.163.42-13"15"', '821.163.42"15"-13', 0.9),
        ("37:004", "004:37", 1.0),
        ("016:821.163.42", "821.163.42:016", 1.0),
        ("37::004", "004::37", 0.0),
        ("811.163.42'36", "811.163.42", 0.6),
        ("821.163.42", "821.163", 0.85),
        ("821.163.42", "821.163.422", 0.88),
        ("821.163.42", "821.163.6", 0.625),
        ("821.163.42", "37", 0.0),
        ("821.163.42", "Judita", 0.0),
        ("02(075)=163.6", "02(075.8)=163.6", 0.85),
        ('94(497.5)"1941/1945"', '94(497.5)"1941/1945"', 1.0),
        ("016:821.163.42", "821.163.42", 0.4),
    ],
)
def test_udc_numbers_are_compared_by_their_parts(expected: str, given: str, share: float) -> None:
    assert credit("udc", expected, given) == pytest.approx(share, abs=0.001)


@pytest.mark.parametrize(
    ("given", "share"),
    [("891.821", 1.0), ("891.82", 0.8333), ("891.8213", 0.8), ("891.83", 0.3333), ("5", 0.0)],
)
def test_dewey_numbers_are_compared_by_their_hierarchy(given: str, share: float) -> None:
    assert credit("ddc", "891.821", given) == pytest.approx(share, abs=0.001)


def test_near_misses_and_alternatives_raise_the_credit() -> None:
    near = [["214 str.", 0.7, "abbreviation"], ["214 s.", 0.4]]

    assert credit("number", "214 stranica", "214 str.", near=near) == pytest.approx(0.7)
    assert credit("number", "214 stranica", "214 s.", near=near) == pytest.approx(0.4)
    assert credit("number", "214 stranica", "214 strana", alt=["214 strana"]) == 1.0


def test_long_texts_are_compared_by_their_words() -> None:
    words = [f"{a}{b}{c}" for a in "bcdfghj" for b in "aeiou" for c in "klmnprs"]
    text = " ".join(words)

    assert credit("text", text, " ".join(["nešto", *words[1:]])) == pytest.approx(0.789, abs=0.001)
    assert credit("text", text, " ".join(words[:100])) == 0.0
