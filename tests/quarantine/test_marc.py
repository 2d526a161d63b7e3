from __future__ import annotations

import json
import random
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarantine.marc import (
    ENCODINGS,
    MarcLimits,
    MarcRefused,
    Record,
    check_record,
    decode_marc8,
    is_marc21,
    parse_iso2709,
    parse_marc_json,
    parse_marc_text,
    parse_marcxml,
    read_marc,
    split_records,
    write_iso2709,
    write_marc_text,
    write_marcxml,
)
from tests.quarantine.marc_mutants import MUTATIONS, Mutation

DATA = Path(__file__).parent / "data"
LEADER = "00000nam a2200000 i 4500"
JUDITA: Record = [
    ["LDR", LEADER],
    ["001", "RU\\{1}"],
    ["008", "191021s2019    ci a          000 p hrv d"],
    ["020", "  ", [["a", "9789539999900"], ["q", "(tvrdi uvez)"], ["c", "$15"]]],
    ["100", "1 ", [["a", "Marulić, Marko,"], ["d", "1450-1524,"], ["e", "autor."]]],
    ["245", "10", [["a", "Judita :"], ["b", "ep u šest libara /"], ["c", "Marko Marulić."]]],
    ["245", "10", [["a", ""], ["a", " x "]]],
]


def samples() -> list[Record]:
    found = [
        read_marc((DATA / "marc21.dat").read_bytes()),
        read_marc((DATA / "unimarc.dat").read_bytes()),
        read_marc((DATA / "marc21.xml").read_bytes()),
        read_marc((DATA / "rusmarc_cp1251.iso").read_bytes(), encoding="cp1251"),
    ]
    return [outcome.record for outcomes in found for outcome in outcomes if outcome.record]


def test_the_samples_are_read_whole() -> None:
    records = samples()
    assert len(records) == 20 + 1 + 4 + 1
    assert records[0][5] == [
        "906",
        "  ",
        [["a", "0"], ["b", "vip"], ["c", "orignew"], ["d", "1"], ["e", "ocip"], ["f", "19"],
         ["g", "y-gencatlg"]],
    ]  # fmt: skip
    assert [is_marc21(record) for record in records[19:26]] == [True, False, *[True] * 4, False]


@pytest.mark.parametrize("record", [*samples(), JUDITA])
def test_what_is_written_is_read_back_equal(record: Record) -> None:
    written = write_iso2709(record)
    again = parse_iso2709(written)
    assert again[1:] == record[1:]
    assert write_iso2709(again) == written
    assert int(again[0][1][:5]) == len(written)
    assert parse_marcxml(write_marcxml([record, record])) == [record, record]
    assert parse_marc_text(write_marc_text([record, record])) == [record, record]
    assert parse_marc_json(json.dumps(record).encode()) == [record]


FIELD_TEXT = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"
    ),
    max_size=20,
)
CODES = st.sampled_from("!#%0189=@AZ\\_abz{|}~")
INDICATORS = st.text("0123456789 abc|#$", min_size=2, max_size=2)
TAGS = st.from_regex("[0-9A-Z]{3}", fullmatch=True).filter(
    lambda tag: tag != "LDR" and not tag.startswith("00")
)
RECORDS = st.builds(
    lambda leader, controls, fields: [*leader, *controls, *fields],
    st.lists(st.just(["LDR", LEADER]), max_size=1),
    st.lists(st.tuples(st.from_regex("00[0-9]", fullmatch=True), FIELD_TEXT).map(list), max_size=3),
    st.lists(
        st.tuples(
            TAGS,
            INDICATORS,
            st.lists(st.tuples(CODES, FIELD_TEXT).map(list), min_size=1, max_size=4),
        ).map(list),
        min_size=1,
        max_size=6,
    ),
)


@settings(max_examples=100, deadline=None)
@given(RECORDS)
def test_any_record_survives_every_form(record: Record) -> None:
    assert check_record(record) == record
    assert [field for field in parse_iso2709(write_iso2709(record)) if field[0] != "LDR"] == [
        field for field in record if field[0] != "LDR"
    ]
    assert parse_marcxml(write_marcxml([record])) == [record]
    assert parse_marc_text(write_marc_text([record])) == [record]
    assert parse_marc_json(json.dumps(record).encode()) == [record]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_damage_to_one_record_never_costs_its_neighbours(mutation: Mutation) -> None:
    rng = random.Random(mutation.__name__)  # noqa: S311 # a seed, no secret
    whole = [write_iso2709(record) for record in samples() if len(write_iso2709(record)) < 2_500]
    refused = 0
    for _ in range(60):
        before, victim, after = (rng.choice(whole) for _ in range(3))
        mutant = bytes(mutation(rng, bytearray(victim)))
        outcomes = read_marc(before + mutant + after)
        assert outcomes[0].record == parse_iso2709(before)
        assert outcomes[-1].record == parse_iso2709(after)
        assert all((outcome.record is None) != (outcome.error is None) for outcome in outcomes)
        refused += any(outcome.error for outcome in outcomes)
        for encoding in (None, *ENCODINGS):
            try:
                record = parse_iso2709(mutant, encoding=encoding)
            except MarcRefused as refusal:
                str(refusal).encode()
            else:
                assert check_record(record) == record
    assert refused > 6


@pytest.mark.parametrize("sign", ["\x00", "\x1d", "\x7f", "\x85", "\ufffe"])
def test_signs_that_are_no_text_are_refused(sign: str) -> None:
    record = write_iso2709([*JUDITA, ["500", "  ", [["a", "Ep&&&."]]]])
    size = len(sign.encode())

    with pytest.raises(MarcRefused):
        parse_iso2709(record.replace(b"&" * size, sign.encode(), 1))


def test_the_fate_of_each_record_is_told() -> None:
    good = write_iso2709(JUDITA)
    for said in (b"99999", b"00010", b"     "):
        bad = said + good[5:]
        outcomes = read_marc(good + bad + b"\r\n" + good + good)
        assert [outcome.record is not None for outcome in outcomes] == [True, False, True, True]
        error = outcomes[1].error
        assert error is not None
        assert error.message == (
            f"The leader says {said.decode()} bytes, but the record has {len(good)}."
        )


def test_a_lost_end_mark_is_found_by_the_leader_that_follows() -> None:
    good = write_iso2709(JUDITA)
    raws = list(split_records(good[:-1] + good + b"garbage" + good + good[:40]))
    assert [raw.error is None for raw in raws] == [False, True, False, True, False]
    assert [raw.offset for raw in raws] == [
        0,
        len(good) - 1,
        2 * len(good) - 1,
        2 * len(good) + 6,
        3 * len(good) + 6,
    ]
    assert b"".join(raw.data for raw in raws) == good[:-1] + good + b"garbage" + good + good[:40]


def test_leader_09_starts_marc8_in_marc21_only() -> None:
    def raw(title_tag: bytes, mark: bytes, text: bytes) -> bytes:
        body = b"10\x1fa" + text + b"\x1e"
        directory = title_tag + b"%04d00000\x1e" % len(body)
        base = 24 + len(directory)
        size = base + len(body) + 1
        leader = b"%05dnam " % size + mark + b"22%05d   4500" % base
        return leader + directory + body + b"\x1d"

    marc8 = b"caf\xe2e"
    assert parse_iso2709(raw(b"245", b" ", marc8))[1][2] == [["a", "café"]]
    assert parse_iso2709(raw(b"245", b" ", "šč".encode()))[1][2] == [["a", "šč"]]
    assert parse_iso2709(raw(b"200", b" ", "šč".encode()))[1][2] == [["a", "šč"]]
    assert parse_iso2709(raw(b"200", b" ", "Иван".encode("cp1251")), encoding="cp1251")[1][2] == [
        ["a", "Иван"]
    ]
    for title, mark in ((b"245", b"a"), (b"200", b" ")):
        with pytest.raises(MarcRefused) as refusal:
            parse_iso2709(raw(title, mark, marc8))
        assert (refusal.value.code, refusal.value.where) == (
            "marc.encoding",
            f"{title.decode()}[0]$a",
        )
    with pytest.raises(MarcRefused) as refusal:
        parse_iso2709(raw(b"245", b" ", b"x"), encoding="utf-7")
    assert refusal.value.code == "marc.encoding"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"plain", "plain"),
        (b"\xe2e\xe5a", "éā"),
        (b"\xe8\xe5u", unicodedata.normalize("NFC", "u\u0308\u0304")),
        (b"\x1b(NiWAN\x1b(B x", "Иван x"),
        (b"\x1b)N\xe9\xf7\xe1\xee", "ИВАН"),
        (b"\x1b$1!0d\x1b(B.", "\u4eba."),
        (b"\x1bga\x1bs", "\u03b1"),
        (b"H\x1bb2\x1bsO", "H\u2082O"),
        (b"\x1b(2`\x1b(B", "\u05d0"),
        (b"\x1b)N\x1b)!E\xe2e", "é"),
        (b"\x88The \x89end", "\x98The \x9cend"),
        (b"", ""),
    ],
)
def test_marc8_is_decoded(data: bytes, text: str) -> None:
    assert decode_marc8(data) == text


@pytest.mark.parametrize(
    "data",
    [b"\xe2", b"\x1b", b"\x1b(", b"\x1b$1!0", b"\x1bZx", b"\x80", b"\xff", b"\x1b$1\x7f\x7f\x7f"],
)
def test_broken_marc8_is_refused_without_a_sound(
    data: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(MarcRefused) as refusal:
        decode_marc8(data)
    assert refusal.value.code == "marc.marc8"
    assert capfd.readouterr() == ("", "")


TYPED = """
LDR 00000nam#a2200000#i#4500
008 191021s2019####ci#a##########000#p#hrv#d
020    $a 9789539999900 $q (tvrdi uvez)
100 1_ ‡aMarulić, Marko,‡d1450-1524
245 1 0 |aJudita :|bep u šest libara /
    |cMarko Marulić.
264  1 $$aZagreb :$$bNaklada Vježba,$$c2019.
365 ## ǂb $15.00 ǂc EUR
500 \\\\ $acost {dollar}5
"""


def test_records_are_read_as_people_type_them() -> None:
    assert parse_marc_text(TYPED) == [
        [
            ["LDR", LEADER],
            ["008", "191021s2019    ci a          000 p hrv d"],
            ["020", "  ", [["a", "9789539999900"], ["q", "(tvrdi uvez)"]]],
            ["100", "1 ", [["a", "Marulić, Marko,"], ["d", "1450-1524"]]],
            [
                "245",
                "10",
                [["a", "Judita :"], ["b", "ep u šest libara /"], ["c", "Marko Marulić."]],
            ],
            ["264", " 1", [["a", "Zagreb :"], ["b", "Naklada Vježba,"], ["c", "2019."]]],
            ["365", "  ", [["b", "$15.00"], ["c", "EUR"]]],
            ["500", "  ", [["a", "cost $5"]]],
        ]
    ]


def test_marcedit_text_is_read_exactly() -> None:
    text = (
        "=LDR  00000nam\\a2200000\\i\\4500\r\n"
        "=001  a\\b{bsol}\r\n=245  1\\$a x $b{dollar}{lcub}\r\n"
    )
    assert parse_marc_text(text) == [
        [["LDR", LEADER], ["001", "a b\\"], ["245", "1 ", [["a", " x "], ["b", "${"]]]]
    ]


def test_a_blank_line_or_a_leader_begins_the_next_record() -> None:
    assert parse_marc_text("\n200 1# $aA\n\n\n200 1# $aB\nLDR 00000nam  2200000   450 \n") == [
        [["200", "1 ", [["a", "A"]]]],
        [["200", "1 ", [["a", "B"]]]],
        [["LDR", "00000nam  2200000   450 "]],
    ]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("Judita", "marc.no_tag", 1),
        ("245 10 $aX\nJudita", "marc.no_tag", 2),
        ("245 10 Judita", "marc.no_subfields", 1),
        ("245", "marc.no_subfields", 1),
        ("\n\n245 123 $aX", "marc.indicators", 3),
        ("245 10 $", "marc.no_code", 1),
        ("245 10 $aX $ Y", "marc.no_code", 1),
        ("=245  1$aX", "marc.no_subfields", 1),
        ("=245  10$aX$", "marc.no_code", 1),
        ("=245  10$aX\n=2", "marc.no_tag", 2),
    ],
)
def test_a_line_that_is_no_field_is_named(text: str, code: str, line: int) -> None:
    with pytest.raises(MarcRefused) as refusal:
        parse_marc_text(text)
    assert (refusal.value.code, refusal.value.line) == (code, line)


XML_RECORD = b'<record><datafield tag="245" ind1="1" ind2="0">%s</datafield></record>'


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"<html/>", "marc.xml_root"),
        (b"<collection><x/></collection>", "marc.xml_element"),
        (b"<record/>", "marc.empty"),
        (b"<record><x/></record>", "marc.xml_element"),
        (b"<record><leader>short</leader></record>", "marc.leader"),
        (b"<record><controlfield>x</controlfield></record>", "marc.tag"),
        (b"<record><controlfield tag='24\xd9\xa0'>x</controlfield></record>", "marc.tag"),
        (b"<record><controlfield tag='245'>x</controlfield></record>", "marc.shape"),
        (b"<record><datafield tag='245' ind1='10'/></record>", "marc.indicators"),
        (b"<record><datafield tag='245'/></record>", "marc.no_subfields"),
        (XML_RECORD % b"<subfield>x</subfield>", "marc.code"),
        (XML_RECORD % b"<subfield code='ab'>x</subfield>", "marc.code"),
        (XML_RECORD % b"<subfield code='a'>x<b/></subfield>", "marc.xml_element"),
        (
            b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><record>&x;</record>",
            "xml.doctype",
        ),
        (b"<record>", "xml.malformed"),
    ],
)
def test_xml_that_is_no_record_is_refused(xml: bytes, code: str) -> None:
    with pytest.raises(MarcRefused) as refusal:
        parse_marcxml(xml)
    assert refusal.value.code == code


def test_marcxml_is_read_in_any_namespace_and_its_text_is_only_text() -> None:
    field = XML_RECORD % b"<subfield code='a'>&lt;script>alert(1)&lt;/script></subfield>"
    for namespace in (b"", b" xmlns='info:lc/xmlns/marcxchange-v2'"):
        assert parse_marcxml(field.replace(b"<record", b"<record" + namespace)) == [
            [["245", "10", [["a", "<script>alert(1)</script>"]]]]
        ]


def test_marc_in_json_is_read() -> None:
    record = {
        "leader": LEADER,
        "fields": [
            {"001": "x"},
            {"245": {"ind1": "1", "ind2": " ", "subfields": [{"a": "A"}, {"b": "B"}]}},
        ],
    }
    expected = [["LDR", LEADER], ["001", "x"], ["245", "1 ", [["a", "A"], ["b", "B"]]]]
    assert parse_marc_json(json.dumps(record).encode()) == [expected]
    assert parse_marc_json(json.dumps([record, record]).encode()) == [expected, expected]
    assert parse_marc_json(json.dumps([expected, expected]).encode()) == [expected, expected]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1", "marc.json_shape"),
        ("{}", "marc.json_shape"),
        ("[]", "marc.empty"),
        ("[[]]", "marc.shape"),
        ('[["245", "10", "x"]]', "marc.shape"),
        ('[["245", "10", [["a", 1]]]]', "marc.shape"),
        ('[["245", "10", [["a"]]]]', "marc.shape"),
        ('[[245, "10", [["a", "x"]]]]', "marc.shape"),
        ('{"fields": [1]}', "marc.json_field"),
        ('{"fields": [{"245": 1}]}', "marc.json_field"),
        (
            '{"fields": [{"245": {"ind1": "1", "ind2": "0", "subfields": ["a"]}}]}',
            "marc.json_field",
        ),
        ('{"leader": 1, "fields": []}', "marc.shape"),
        ('[["245", "10", [["a", "\\u0001"]]]]', "marc.character"),
        ('[["245", "10", [["a", "\\ud800"]]]]', "json.character"),
        ('{"fields": NaN}', "json.number"),
    ],
)
def test_json_that_is_no_record_is_refused(text: str, code: str) -> None:
    with pytest.raises(MarcRefused) as refusal:
        parse_marc_json(text.encode())
    assert refusal.value.code == code


def test_an_upload_is_read_whatever_its_form() -> None:
    forms = [
        write_iso2709(JUDITA),
        write_marcxml([JUDITA]),
        json.dumps(JUDITA).encode(),
        b"\xef\xbb\xbf" + write_marc_text([JUDITA]).encode(),
        write_marc_text([JUDITA]).encode("utf-16"),
    ]
    for form in forms:
        (outcome,) = read_marc(form)
        assert outcome.record is not None
        assert outcome.record[1:] == JUDITA[1:]


def test_limits_hold_in_every_form() -> None:
    few = MarcLimits(records=1)
    for form in (
        write_iso2709(JUDITA) * 2,
        write_marcxml([JUDITA, JUDITA]),
        json.dumps([JUDITA, JUDITA]).encode(),
        write_marc_text([JUDITA, JUDITA]).encode(),
    ):
        with pytest.raises(MarcRefused) as refusal:
            read_marc(form, limits=few)
        assert refusal.value.code == "marc.too_many_records"
        with pytest.raises(MarcRefused) as refusal:
            read_marc(form, limits=MarcLimits(size=100))
        assert refusal.value.code == "marc.too_large"


def test_fields_that_overlap_cannot_make_a_small_record_large() -> None:
    body = b"10\x1fa" + b"x" * 9_990 + b"\x1e"
    directory = b"500%04d00000" % len(body) * 6_000 + b"\x1e"
    base = 24 + len(directory)
    size = base + len(body) + 1
    record = b"%05dnam a22%05d   4500" % (size, base) + directory + body + b"\x1d"
    with pytest.raises(MarcRefused) as refusal:
        parse_iso2709(record)
    assert refusal.value.code == "marc.outside"


def test_what_does_not_fit_is_not_written() -> None:
    with pytest.raises(MarcRefused) as refusal:
        write_iso2709([["500", "  ", [["a", "x" * 10_000]]]])
    assert (refusal.value.code, refusal.value.where) == ("marc.field_too_large", "500")
    with pytest.raises(MarcRefused) as refusal:
        write_iso2709([["500", "  ", [["a", "x" * 9_000]]]] * 12)
    assert refusal.value.code == "marc.record_too_large"


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=65_536)
    | st.text(alphabet='<>"=$‡|#\\{}[]:,0123459aLDR \n\x1d\x1e\x1f', max_size=300).map(str.encode),
    st.sampled_from([None, *ENCODINGS]),
)
def test_any_bytes_are_read_or_refused_without_a_sound(data: bytes, encoding: str | None) -> None:
    for read in (
        lambda: read_marc(data, encoding=encoding),
        lambda: parse_iso2709(data, encoding=encoding),
        lambda: parse_marcxml(data),
        lambda: parse_marc_json(data),
        lambda: parse_marc_text(data.decode("latin-1")),
        lambda: decode_marc8(data),
    ):
        try:
            read()
        except MarcRefused as refusal:
            str(refusal).encode()


def test_a_file_of_nothing_but_marks_is_read_in_time() -> None:
    start = time.process_time()
    with pytest.raises(MarcRefused):
        read_marc(b"\x1e" + b"\x1d" * 2_000_000)
    for data in (b"\x1e" * 2_000_000, b"00030" * 400_000 + b"\x1e\x1d"):
        assert all(outcome.error for outcome in read_marc(data))
    assert time.process_time() - start < 3
