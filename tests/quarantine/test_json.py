from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarantine.json import JsonRefused, parse_json


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "json.malformed"),
        (b"{", "json.malformed"),
        (b"[1,]", "json.malformed"),
        (b"{'a': 1}", "json.malformed"),
        (b"[1] [2]", "json.malformed"),
        (b'"a\nb"', "json.malformed"),
        (b"[NaN]", "json.number"),
        (b"[-Infinity]", "json.number"),
        (b"1e999", "json.number"),
        (b"9" * 5_000, "json.number"),
        (b'{"a": 1, "b": 2, "a": 3}', "json.duplicate_key"),
        (b'{"a": 1, "\\u0061": 3}', "json.duplicate_key"),
        (b'["\\ud800"]', "json.character"),
        (b'{"\\u0000": 1}', "json.character"),
        (b"[" * 51 + b"]" * 51, "json.too_deep"),
        (b'{"a":' * 51 + b"1" + b"}" * 51, "json.too_deep"),
        (b"[" * 500_000, "json.too_deep"),
        (b"\xff", "json.encoding"),
        ("[]".encode("utf-16"), "json.encoding"),
        (b" " * 1_048_577, "json.too_large"),
        (b"{" + b",".join(b'"%d":1' % n for n in range(90_000)) + b',"1":1}', "json.duplicate_key"),
    ],
)
def test_what_readers_would_differ_on_is_refused(data: bytes, code: str) -> None:
    start = time.process_time()
    with pytest.raises(JsonRefused) as refusal:
        parse_json(data)
    assert refusal.value.code == code
    assert time.process_time() - start < 1


def test_a_refusal_names_the_line() -> None:
    with pytest.raises(JsonRefused) as refusal:
        parse_json(b'{\n"a": 1,\n"b" 2}')
    assert refusal.value.line == 3


def test_a_mark_in_front_is_skipped_and_the_deepest_allowed_is_read() -> None:
    assert parse_json('\ufeff{"č": [1, 2.5, true, null]}'.encode()) == {"č": [1, 2.5, True, None]}
    assert parse_json(b"[" * 50 + b"]" * 50)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", exclude_characters="\0")),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text(st.characters(min_codepoint=32, codec="utf-8")), inner)
    ),
    max_leaves=20,
)


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_what_json_can_say_is_read_back(value: Any) -> None:
    assert parse_json(json.dumps(value, ensure_ascii=False).encode()) == value


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=4_096) | st.text(alphabet='[]{}",:0123eE+-.\\u truefalsn').map(str.encode)
)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        parse_json(data)
    except JsonRefused as refusal:
        str(refusal).encode()
