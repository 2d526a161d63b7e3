"""Coded fields: which position is wrong, in every kind of material and in both families."""

from __future__ import annotations

import pytest

from tests.grading.checking.records import MARC21, UNIMARC, and_field, found, only, with_field

BOOK = "191021s2019    ci a          000 p hrv d"
CODED = UNIMARC[2][2][0][1]


def changed(text: str, start: int, piece: str) -> str:
    """Return the text with ``piece`` at ``start``."""
    return text[:start] + piece + text[start + len(piece) :]


@pytest.mark.parametrize(
    ("start", "piece", "code", "span"),
    [
        (0, "191321", "position.date", "00-05"),
        (6, "z", "position.code", "06"),
        (7, "2o19", "position.year", "07-10"),
        (7, "20u9", "position.year", "07-10"),
        (11, "2020", "dates.unwanted", "11-14"),
        (15, "hr ", "position.code", "15-17"),
        (15, "yu ", "position.obsolete", "15-17"),
        (18, "aq  ", "position.code", "18-21"),
        (18, " a  ", "position.gap", "18-21"),
        (22, "z", "position.code", "22"),
        (32, "1", "position.undefined", "32"),
        (33, "x", "position.code", "33"),
        (35, "cro", "position.code", "35-37"),
        (35, "scr", "position.obsolete", "35-37"),
        (39, "x", "position.code", "39"),
    ],
)
def test_a_wrong_position_of_008_is_told_alone(
    start: int, piece: str, code: str, span: str
) -> None:
    record = with_field(MARC21, "008", changed(BOOK, start, piece))

    assert found(record) == [(code, f"008[0]/{span}")]


@pytest.mark.parametrize(
    ("start", "piece"),
    [
        (6, "m20192021"),
        (6, "q20102019"),
        (7, "20uu"),
        (7, "||||"),
        (15, "xx "),
        (6, "e20190521"),
        (6, "e201905  "),
        (18, "||||"),
        (35, "und"),
        (6, "t20192018"),
    ],
)
def test_a_right_position_of_008_is_right(start: int, piece: str) -> None:
    codes = found(with_field(MARC21, "008", changed(BOOK, start, piece)))

    assert [code for code, _ in codes if code.startswith(("position", "dates"))] == []


@pytest.mark.parametrize(
    ("dates", "code", "span"),
    [
        ("m2019    ", "dates.missing", "11-14"),
        ("m20212019", "dates.order", "07-14"),
        ("e20192231", "dates.day", "11-14"),
        ("c20199999", "dates.serial", "06"),
    ],
)
def test_the_second_date_agrees_with_the_type_of_date(dates: str, code: str, span: str) -> None:
    assert found(with_field(MARC21, "008", changed(BOOK, 6, dates))) == [(code, f"008[0]/{span}")]


def test_a_serial_that_still_appears_has_no_end() -> None:
    record = with_field(MARC21, "LDR", "00000nas a2200000 i 4500")
    serial = "191021c20192020ci qr p       0   b0hrv d"

    assert ("dates.current", "008[0]/11-14") in found(with_field(record, "008", serial))
    assert found(with_field(record, "008", serial.replace("2020", "9999"))) == []


def test_one_character_lost_is_one_mistake() -> None:
    diagnostic = only(with_field(MARC21, "008", BOOK[:11] + BOOK[12:]))

    assert (diagnostic.code, diagnostic.where) == ("fixed.lost", "008[0]")
    assert "39" in diagnostic.message
    assert "40" in diagnostic.message


def test_one_character_too_many_is_one_mistake() -> None:
    diagnostic = only(with_field(MARC21, "008", BOOK[:30] + "0" + BOOK[30:]))

    assert (diagnostic.code, diagnostic.where) == ("fixed.doubled", "008[0]")


def test_a_much_too_short_008_is_one_mistake() -> None:
    assert found(with_field(MARC21, "008", BOOK[:20])) == [("fixed.length", "008[0]")]


def test_a_wrong_kind_of_material_is_one_mistake() -> None:
    music = with_field(MARC21, "LDR", "00000ncm a2200000 i 4500")

    assert ("position.material", "008[0]/18-34") in found(music)
    assert [code for code, _ in found(music) if code == "position.code"] == []


def test_008_without_a_leader_is_checked_where_all_materials_agree() -> None:
    music = "191021s2019    ci sna         n    hrv d"

    assert [where for code, where in found([["008", music]]) if code != "field.missing"] == []


@pytest.mark.parametrize(
    ("place", "code", "where"),
    [
        ((5, "x"), "position.code", "LDR[0]/05"),
        ((6, "h"), "position.obsolete", "LDR[0]/06"),
        ((17, "K"), "position.network", "LDR[0]/17"),
        ((18, "z"), "position.code", "LDR[0]/18"),
        ((20, "9999"), "position.system", "LDR[0]/20"),
        ((0, "x"), "position.system", "LDR[0]/00-04"),
    ],
)
def test_the_leader_is_told_by_position(place: tuple[int, str], code: str, where: str) -> None:
    assert (code, where) in found(with_field(MARC21, "LDR", changed(MARC21[0][1], *place)))


@pytest.mark.parametrize(
    ("tag", "text", "expected"),
    [
        ("006", "a     s     000 p ", None),
        ("006", "a     y     000 p ", ("position.code", "006[0]/06")),
        ("006", "x     s     000 p ", ("position.form", "006[0]/00")),
        ("006", "a    s     000 p ", ("fixed.lost", "006[0]")),
        ("007", "ta", None),
        ("007", "tq", ("position.code", "007[0]/01")),
        ("007", "sd fsngnnmmned", None),
        ("007", "sd fsngnnmmnee", None),
        ("007", "sd fsngnnmmnex", ("position.code", "007[0]/13")),
        ("007", "cr uuu", None),
        ("007", "cr uuu---auuuu", None),
        ("007", "xr", ("position.form", "007[0]/00")),
        ("007", "vf", ("fixed.length", "007[0]")),
    ],
)
def test_006_and_007_follow_the_kind_of_material_they_begin_with(
    tag: str, text: str, expected: tuple[str, str] | None
) -> None:
    assert found(and_field(MARC21, tag, text)) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("start", "piece", "code", "span"),
    [
        (0, "20191321", "position.date", "00-07"),
        (8, "z", "position.code", "08"),
        (9, "20l9", "position.year", "09-12"),
        (13, "2020", "dates.unwanted", "13-16"),
        (8, "f2019    ", "dates.missing", "13-16"),
        (8, "g20192001", "dates.order", "09-16"),
        (20, "q", "position.code", "20"),
        (22, "cro", "position.code", "22-24"),
        (26, "89", "position.code", "26-27"),
        (34, "xx", "position.code", "34-35"),
    ],
)
def test_a_wrong_position_of_unimarc_100_is_told_alone(
    start: int, piece: str, code: str, span: str
) -> None:
    record = with_field(UNIMARC, "100", "  ", [["a", changed(CODED, start, piece)]])

    assert found(record, "unimarc") == [(code, f"100[0]$a[0]/{span}")]


@pytest.mark.parametrize("blank", ["#", "^", "\u2423"])
def test_a_blank_in_a_coded_subfield_may_be_written_as_a_sign(blank: str) -> None:
    for coded in ("100", "105"):
        [text] = [field[2][0][1] for field in UNIMARC if field[0] == coded]
        record = with_field(UNIMARC, coded, "  ", [["a", text.replace(" ", blank)]])

        assert found(record, "unimarc") == []


def test_rusmarc_has_its_own_character_sets() -> None:
    record = with_field(UNIMARC, "100", "  ", [["a", changed(CODED, 26, "89")]])

    assert found(record, "rusmarc") == []


@pytest.mark.parametrize(
    ("tag", "code", "text", "expected"),
    [
        ("105", "a", "a       000ay", None),
        ("105", "a", "a       000xy", ("position.code", "105[0]$a[0]/11")),
        ("105", "a", "a       00ay", ("fixed.lost", "105[0]$a[0]")),
        ("106", "a", "x", ("position.code", "106[0]$a[0]/00")),
        ("110", "a", "aua    0yy0", None),
        ("115", "a", "c090cuxxxxx    abxxxa", ("fixed.doubled", "115[0]$a[0]")),
        ("116", "a", "aaybab          aa", None),
        ("125", "a", "aq", ("position.code", "125[0]$a[0]/01")),
        ("135", "a", "vrcn", ("fixed.length", "135[0]$a[0]")),
        ("182", "a", "n", None),
        ("182", "a", "k", ("position.code", "182[0]$a[0]/00")),
    ],
)
def test_unimarc_coded_fields_are_told_by_position(
    tag: str, code: str, text: str, expected: tuple[str, str] | None
) -> None:
    ind = " 0" if tag == "182" else "  "

    assert found(with_field(UNIMARC, tag, ind, [[code, text]]), "unimarc") == (
        [expected] if expected else []
    )


def test_carriers_are_not_checked_against_the_codes_of_media() -> None:
    """The public schema lists the media types of 182 again under 183 $a."""
    assert found(and_field(UNIMARC, "183", " 1", [["a", "nga"]]), "unimarc") == []
