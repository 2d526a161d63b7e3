"""Files of records of any size: none stops the others, none is kept longer than it is needed."""

from __future__ import annotations

import io
import json
import random
import re
from typing import BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarantine.marc import (
    ENCODINGS,
    MarcRefused,
    Outcome,
    Record,
    parse_iso2709,
    stream_marc,
    write_iso2709,
    write_marc_text,
    write_marcxml,
)
from quarantine.marc.streams import BLOCK, LONGEST
from tests.quarantine.marc_mutants import MUTATIONS, Mutation
from tests.quarantine.test_marc import DATA, JUDITA, samples

CYRILLIC: Record = [
    ["LDR", "00000nam0 2200000   450 "],
    ["100", "  ", [["a", "19980716d1997    u  y0rusy0189    ca"]]],
    ["200", "1 ", [["a", "Под игото"], ["f", "Иван Вазов"]]],
    ["801", " 0", [["a", "RU"], ["b", "NLR"]]],
]


def stream(data: bytes, encoding: str | None = None) -> list[Outcome]:
    return list(stream_marc(io.BytesIO(data), encoding=encoding))


def whole(outcomes: list[Outcome]) -> list[Record]:
    assert [str(outcome.error) for outcome in outcomes if outcome.error] == []
    return [outcome.record for outcome in outcomes if outcome.record]


def in_json(record: Record) -> bytes:
    fields = [
        {field[0]: field[1]}
        if len(field) == 2
        else {
            field[0]: {
                "ind1": field[1][0],
                "ind2": field[1][1],
                "subfields": [{code: value} for code, value in field[2]],
            }
        }
        for field in record[1:]
    ]
    return json.dumps({"leader": record[0][1], "fields": fields}).encode()


def test_every_form_is_streamed() -> None:
    records = samples()
    exchanged = b"".join(map(write_iso2709, records))
    again = whole(stream(exchanged))

    assert [record[1:] for record in again] == [record[1:] for record in records]
    for form in (
        write_marcxml(records),
        json.dumps(records).encode(),
        b"[" + b",\n".join(map(in_json, records)) + b"]",
        b"\n".join(map(in_json, records)),
        write_marc_text(records).encode(),
        write_marc_text(records).encode("utf-16"),
        write_marcxml(records).decode().replace("utf-8", "utf-16").encode("utf-16"),
    ):
        assert whole(stream(form)) == records


def test_one_record_is_read_in_every_form() -> None:
    for form in (json.dumps(JUDITA).encode(), in_json(JUDITA), write_marc_text([JUDITA]).encode()):
        assert whole(stream(form)) == [JUDITA]


@pytest.mark.parametrize("data", [b"", b"\n\n", b"<collection/>", b"[]"])
def test_a_file_without_records_is_refused(data: bytes) -> None:
    with pytest.raises(MarcRefused):
        stream(data)


def test_offsets_tell_where_each_record_begins() -> None:
    sample = (DATA / "marc21.dat").read_bytes()
    offsets = [outcome.offset for outcome in stream(sample)]

    assert offsets[0] == 0
    assert offsets == sorted(set(offsets))
    for offset, end in zip(offsets, [*offsets[1:], len(sample)], strict=True):
        assert parse_iso2709(sample[offset:end])


@pytest.mark.parametrize(
    ("good", "bad", "between"),
    [
        (write_iso2709(JUDITA), b"99999" + write_iso2709(JUDITA)[5:], b""),
        (in_json(JUDITA), in_json(JUDITA).replace(b'"fields"', b'"felder"'), b"\n"),
        (in_json(JUDITA), b'{"leader": nonsense}', b"\n"),
        (write_marc_text([JUDITA]).encode(), b"=245  10no subfield\n", b"\n"),
    ],
)
def test_a_damaged_record_is_told_with_its_offset_and_the_rest_is_read(
    good: bytes, bad: bytes, between: bytes
) -> None:
    outcomes = stream(between.join([good, bad, good]))

    assert [outcome.record is not None for outcome in outcomes] == [True, False, True]
    assert outcomes[1].offset == len(good + between)
    assert outcomes[2].offset == len(good + between + bad + between)


@pytest.mark.parametrize(
    "damage",
    [
        (b"<subfield", b"<subfeld"),
        (b"</record>", b""),
        (b"</datafield>", b""),
        (b'tag="245"', b'tag="2"'),
    ],
)
def test_a_damaged_record_in_marcxml_is_told_alone(damage: tuple[bytes, bytes]) -> None:
    whole_file = write_marcxml([JUDITA] * 3)
    places = [match.start() for match in re.finditer(b"<record>", whole_file)]
    middle = whole_file[places[1] : places[2]].replace(*damage, 1)
    outcomes = stream(whole_file[: places[1]] + middle + whole_file[places[2] :])

    assert [outcome.record is not None for outcome in outcomes] == [True, False, True]
    assert outcomes[1].offset == places[1]


def test_an_error_in_text_names_the_line_of_the_file() -> None:
    text = write_marc_text([JUDITA]) + "\n=245  10no subfield\n"
    error = stream(text.encode())[1].error

    assert error is not None
    assert error.line == text.count("\n")


def test_a_document_type_is_refused_for_the_whole_file() -> None:
    data = write_marcxml([JUDITA]).replace(b"<collection", b'<!DOCTYPE x SYSTEM "y"><collection', 1)

    with pytest.raises(MarcRefused):
        stream(data)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_no_damage_costs_a_neighbour(mutation: Mutation) -> None:
    rng = random.Random(mutation.__name__)  # noqa: S311 # a seed, no secret
    good = write_iso2709(JUDITA)
    for _ in range(20):
        outcomes = stream(good + bytes(mutation(rng, bytearray(good))) + good)
        assert outcomes[0].record == parse_iso2709(good)
        assert outcomes[-1].record == parse_iso2709(good)


def test_windows_1251_is_told_by_itself() -> None:
    utf8 = write_iso2709(CYRILLIC)
    text = utf8.decode()
    body = text[text.index("\x1e") + 1 :].encode("cp1251")
    written = write_in("cp1251", CYRILLIC)

    assert body in written
    assert whole(stream(utf8 + written + utf8))[1][2] == CYRILLIC[2]
    assert whole(stream(written, "cp1251"))[0][2] == CYRILLIC[2]
    assert stream(written, "utf-8")[0].error is not None


def write_in(encoding: str, record: Record) -> bytes:
    """Return the record as a system without Unicode writes it."""
    text = [
        (field[0], field[1] + "".join(f"\x1f{c}{v}" for c, v in field[2]) + "\x1e")
        for field in record[1:]
    ]
    bodies = [(tag, body.encode(encoding)) for tag, body in text]
    directory, place = b"", 0
    for tag, body in bodies:
        directory += f"{tag}{len(body):04}{place:05}".encode()
        place += len(body)
    base = 24 + len(directory) + 1
    leader = f"{base + place + 1:05}{record[0][1][5:12]}{base:05}{record[0][1][17:]}".encode()
    return leader + directory + b"\x1e" + b"".join(body for _, body in bodies) + b"\x1d"


class Endless(io.RawIOBase):
    """Gives the same bytes over and over, ``size`` in all."""

    def __init__(self, pattern: bytes, size: int) -> None:
        super().__init__()
        self._pattern = pattern
        self._size = size
        self.taken = 0

    def read(self, size: int = -1) -> bytes:
        size = min(size, self._size - self.taken)
        self.taken += size
        return (self._pattern * (size // len(self._pattern) + 1))[:size]


@pytest.mark.parametrize(
    "pattern",
    [write_iso2709(JUDITA), b"\x1e", b"<record>", b"{", b'{"a": "', b"245 10 $a x\n", b"x"],
)
def test_no_more_is_kept_than_a_record_needs(pattern: bytes) -> None:
    file = Endless(pattern, 4 * LONGEST)
    for outcome in stream_marc(cast("BinaryIO", file)):
        assert file.taken - outcome.offset <= LONGEST + 2 * BLOCK


@given(
    st.one_of(
        st.binary(max_size=200),
        st.lists(
            st.sampled_from(
                [b"\x1d", b"\x1e", b"\x1f", b"00060", b"<record>", b"</record>", b"<collection>",
                 b'{"leader"', b"[", b"]", b"}", b'"', b"\n", b"=LDR  ", b"245 10 $a", b"\xff"]
            ),
            max_size=30,
        ).map(b"".join),
    ),
    st.sampled_from([None, *ENCODINGS]),
)  # fmt: skip
def test_any_bytes_end_in_outcomes_or_a_refusal(data: bytes, encoding: str | None) -> None:
    try:
        outcomes = stream(data, encoding)
    except MarcRefused:
        return
    assert all((outcome.record is None) != (outcome.error is None) for outcome in outcomes)


def test_unimarc_in_unicode_is_not_taken_for_marc8() -> None:
    """Leader/09 means the type of control in UNIMARC; some readers take its blank for MARC-8."""
    assert whole(stream(write_iso2709(CYRILLIC)))[0][1:] == CYRILLIC[1:]


def test_writing_keeps_what_leader_09_means_in_unimarc() -> None:
    """Some writers put the sign of Unicode there, which says «archival» in UNIMARC."""
    assert write_iso2709(CYRILLIC)[9:10] == b" "
    archival = [["LDR", "00000nam0a2200000   450 "], *CYRILLIC[1:]]
    assert write_iso2709(archival)[9:10] == b"a"


def test_no_control_character_reaches_xml() -> None:
    """Some writers pass them on, and no reader takes the XML."""
    with pytest.raises(MarcRefused):
        write_marcxml([[["LDR", JUDITA[0][1]], ["500", "  ", [["a", "x\x12y"]]]]])


def test_nothing_is_said_on_the_console(capfd: pytest.CaptureFixture[str]) -> None:
    """Some readers print thousands of lines about MARC-8 that they cannot read."""
    record = write_in("cp1251", [["LDR", JUDITA[0][1].replace("a22", " 22")], *JUDITA[3:4]])
    stream(record.replace(b"tvrdi", b"\xff\xfe\xfd\x1b$"))

    assert capfd.readouterr() == ("", "")
