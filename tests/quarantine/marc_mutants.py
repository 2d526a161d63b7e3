"""Damage to records in ISO 2709, one function for each kind; each takes and gives bytes."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Mutation = Callable[[random.Random, bytearray], bytearray]

LEADER = 24
VALUES = [
    b"00000",
    b"99999",
    b"00023",
    b"     ",
    b"-1234",
    b"0x1f0",
    b"12\x0034",
    b"\xb2\xb3\xb9 1",
]


def replaced(record: bytearray, place: int, data: bytes) -> bytearray:
    return record[:place] + data + record[place + len(data) :]


def entries(record: bytearray) -> int:
    return max((record.find(b"\x1e") - LEADER) // 12, 1)


def an_entry(rng: random.Random, record: bytearray) -> int:
    return LEADER + 12 * rng.randrange(entries(record))


def length(rng: random.Random, record: bytearray) -> bytearray:
    near = b"%05d" % (len(record) + rng.choice([-1, 1, 1000]))
    return replaced(record, 0, rng.choice([*VALUES, near]))


def base_address(rng: random.Random, record: bytearray) -> bytearray:
    said = int(record[12:17])
    near = b"%05d" % (said + rng.choice([-12, -1, 1, 12, 4000]))
    return replaced(record, 12, rng.choice([*VALUES, near]))


def leader_byte(rng: random.Random, record: bytearray) -> bytearray:
    return replaced(record, rng.randrange(5, 12), bytes([rng.choice([32, 97, 0, 255, 29, 30])]))


def entry_length(rng: random.Random, record: bytearray) -> bytearray:
    value = rng.choice([b"0000", b"9999", b"0001", b"   1", b"00a1"])
    return replaced(record, an_entry(rng, record) + 3, value)


def entry_start(rng: random.Random, record: bytearray) -> bytearray:
    value = rng.choice([b"00000", b"99999", b"00001", b"-0001", b"     "])
    return replaced(record, an_entry(rng, record) + 7, value)


def same_place(rng: random.Random, record: bytearray) -> bytearray:
    first, second = an_entry(rng, record), an_entry(rng, record)
    return replaced(record, first + 3, bytes(record[second + 3 : second + 12]))


def tag(rng: random.Random, record: bytearray) -> bytearray:
    value = rng.choice(
        [b"00A", b"   ", b"\xd9\xa0\xd9", b"0\x001", b"LDR", b"000", b"\x1e\x1e\x1e"]
    )
    return replaced(record, an_entry(rng, record), value)


def directory_cut(rng: random.Random, record: bytearray) -> bytearray:
    place = an_entry(rng, record) + rng.randrange(12)
    return record[:place] + record[place + rng.randrange(1, 12) :]


def a_separator_lost(rng: random.Random, record: bytearray) -> bytearray:
    places = [match.start() for match in re.finditer(b"[\x1d\x1e\x1f]", record)]
    place = rng.choice(places)
    return record[:place] + record[place + 1 :]


def a_separator_too_many(rng: random.Random, record: bytearray) -> bytearray:
    place = rng.randrange(LEADER, len(record))
    return record[:place] + bytes([rng.choice([0x1E, 0x1F])]) + record[place:]


def a_separator_swapped(rng: random.Random, record: bytearray) -> bytearray:
    places = [match.start() for match in re.finditer(b"[\x1e\x1f]", record)]
    return replaced(record, rng.choice(places), bytes([rng.choice([0x1E, 0x1F, 0x20, 0])]))


def bytes_of_another_encoding(rng: random.Random, record: bytearray) -> bytearray:
    words = [
        "Читальня".encode("cp1251"),
        "Читальня".encode("koi8-r"),
        "šč".encode("utf-16"),
        b"\xe2e",
    ]
    place = rng.randrange(record.find(b"\x1e") + 1, len(record))
    return replaced(record, place, rng.choice(words))[: len(record) - 1] + b"\x1d"


def escapes(rng: random.Random, record: bytearray) -> bytearray:
    broken = [b"\x1b", b"\x1b$1", b"\x1b$1!", b"\x1b(", b"\x1b)Q", b"\x1bg", b"\x1b$1!!!", b"\xe5"]
    place = rng.randrange(record.find(b"\x1e") + 1, len(record) - 1)
    return replaced(record, place, rng.choice(broken))[: len(record) - 1] + b"\x1d"


def noise(rng: random.Random, record: bytearray) -> bytearray:
    for _ in range(rng.randint(1, 8)):
        record[rng.randrange(len(record))] = rng.choice([0, 10, 26, 27, 30, 31, 48, 57, 128, 255])
    return record


def cut(rng: random.Random, record: bytearray) -> bytearray:
    return record[: rng.randrange(1, len(record))]


# These leave one end mark, at the end or nowhere, so that a record's neighbours can be told.
MUTATIONS: list[Mutation] = [
    length,
    base_address,
    leader_byte,
    entry_length,
    entry_start,
    same_place,
    tag,
    directory_cut,
    a_separator_lost,
    a_separator_too_many,
    a_separator_swapped,
    bytes_of_another_encoding,
    escapes,
    noise,
    cut,
]
