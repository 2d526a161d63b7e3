"""Words in which the letters of two alphabets look alike."""

from __future__ import annotations

import pytest

from tests.grading.checking.records import UNIMARC, found, with_field

LATIN_C, CYRILLIC_O = "c", "\u043e"


@pytest.mark.parametrize(
    ("title", "is_mixed"),
    [
        ("Под игото", False),
        (f"{LATIN_C}борник", True),
        (f"R{CYRILLIC_O}man", True),
        ("Учебник формата UNIMARC", False),
        ("DVD\u0438\u0441\u043a", False),
        ("Roman, роман", False),
        ("Қара сөз", False),
        ("Šest libara", False),
    ],
)
def test_a_slip_of_the_layout_is_seen(title: str, is_mixed: bool) -> None:
    record = with_field(UNIMARC, "200", "1 ", [["a", title]])

    assert found(record, "unimarc") == ([("text.mixed", "200[0]$a[0]")] if is_mixed else [])
