"""Whatever is put into the checker, it answers with diagnostics that can be shown.

``HYPOTHESIS_PROFILE=long`` tries 2,000 examples of each property.
"""

from __future__ import annotations

import copy
import io
import json
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from grading.checking import check
from grading.checking.messages import RULES
from grading.graders.marc import PROFILES
from grading.marc import check_record
from quarantine.marc import MarcRefused, parse_iso2709, stream_marc, write_iso2709
from tests.grading.checking.records import COMARC, MARC21, UNIMARC, Record
from tests.grading.checking.test_samples import HERE, OTHERS, records

SAMPLES: list[Record] = [
    MARC21,
    UNIMARC,
    COMARC,
    *records(HERE / "rusmarc.iso"),
    *records(OTHERS / "marc21.dat"),
    *records(OTHERS / "unimarc.dat"),
]
TAGS = sorted({field[0] for record in SAMPLES for field in record} | {"006", "007", "880", "490"})
profiles = st.sampled_from(PROFILES)
strictness = st.sampled_from(["full", "draft"])
texts = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", " ", "880-01", "245-01/(N", "2001 ", "001x", "9789539999900", "0317-8471"]
    ),
    st.sampled_from([value for record in SAMPLES for f in record for value in f[1:2]]),
)
codes = st.one_of(st.sampled_from("abcdefghnptvxyz0123456789"), st.text(max_size=2))
fields = st.one_of(
    st.tuples(st.sampled_from(TAGS), texts).map(list),
    st.tuples(
        st.sampled_from(TAGS),
        st.one_of(st.text(" 0123456789#", min_size=2, max_size=2), st.text(max_size=3)),
        st.lists(st.tuples(codes, texts).map(list), max_size=5),
    ).map(list),
)
anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


@st.composite
def mutants(draw: st.DrawFn) -> Record:
    """A real record after a few changes of any kind."""
    record = copy.deepcopy(draw(st.sampled_from(SAMPLES)))
    for _ in range(draw(st.integers(1, 5))):
        place = draw(st.integers(0, len(record) - 1))
        field = record[place]
        match draw(st.sampled_from(["drop", "double", "ind", "value", "code", "cut", "field"])):
            case "drop" if len(record) > 1:
                del record[place]
            case "double":
                record.insert(place, copy.deepcopy(field))
            case "ind" if len(field) == 3:
                field[1] = draw(st.text(" 0123456789ax", min_size=2, max_size=2))
            case "value" if len(field) == 3 and field[2]:
                field[2][-1][1] = draw(texts)
            case "code" if len(field) == 3 and field[2]:
                field[2][0][0] = draw(codes)
            case "cut" if len(field) == 2:
                field[1] = field[1][: draw(st.integers(0, len(field[1])))]
            case _:
                record.append(draw(fields))
    return record


def assert_shown(record: Any, profile: str, strict: Any) -> None:
    """Assert that everything found can be shown, and sent as JSON."""
    for diagnostic in check(record, profile, strictness=strict):
        severity, template = RULES[diagnostic.code]
        assert diagnostic.template == template
        assert diagnostic.severity in ("error", "warning", "note", severity)
        assert "%(" not in diagnostic.message
    json.dumps(check_record(profile, record, strictness=strict))


@given(mutants(), profiles, strictness)
def test_any_change_to_a_record_is_survived(record: Record, profile: str, strict: str) -> None:
    assert_shown(record, profile, strict)


@given(st.lists(fields, max_size=8), profiles, strictness)
def test_any_fields_are_survived(record: Record, profile: str, strict: str) -> None:
    assert_shown(record, profile, strict)


@given(anything, profiles, strictness)
def test_anything_at_all_is_survived(record: Any, profile: str, strict: str) -> None:
    assert_shown(record, profile, strict)


@given(st.binary(max_size=300), st.sampled_from(SAMPLES), st.integers(0, 2_000), profiles)
def test_any_bytes_in_a_file_are_survived(
    noise: bytes, record: Record, place: int, profile: str
) -> None:
    data = write_iso2709(record)
    place = min(place, len(data))
    try:
        outcomes = list(stream_marc(io.BytesIO(data[:place] + noise + data[place:] + data)))
    except MarcRefused:
        return
    for outcome in outcomes:
        if outcome.record is not None:
            assert_shown(outcome.record, profile, "full")


@given(mutants(), profiles)
def test_a_draft_is_blamed_for_nothing_that_the_whole_is_not(record: Record, profile: str) -> None:
    def found(strict: Any) -> set[tuple[str, str]]:
        return {(d.code, d.where) for d in check(record, profile, strictness=strict)}

    assert found("draft") <= found("full")


@given(mutants(), profiles)
def test_local_fields_change_nothing(record: Record, profile: str) -> None:
    local: Record = [["990", "ab", [["a", "x"], ["q", ""]]], ["CAT", "  ", []]]

    def found(fields: Record) -> list[tuple[str, str]]:
        return [(d.code, d.where) for d in check(fields, profile)]

    assert found([*record, *local]) == found(record)


@given(mutants(), profiles)
def test_checking_leaves_the_record_as_it_was(record: Record, profile: str) -> None:
    before = copy.deepcopy(record)
    first = check(record, profile)

    assert record == before
    assert check(record, profile) == first


@given(mutants(), profiles)
def test_a_record_is_judged_alike_before_and_after_it_was_exchanged(
    record: Record, profile: str
) -> None:
    try:
        again = parse_iso2709(write_iso2709(record))
    except MarcRefused:
        return
    fields = [field for field in record if field[0] != "LDR"]

    def found(record: Record) -> list[tuple[str, str]]:
        return [(d.code, d.where) for d in check(record, profile) if d.where[:3] != "LDR"]

    assume(again[1:] == fields)
    assert found(again[1:]) == found(fields)
