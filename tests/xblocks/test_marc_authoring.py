"""The check of a catalogue record while it is made, and what its author is told of the key."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grading.marc import PROFILES
from tests.xblocks.host import KEY, RIGHT, call, make_block, state_of
from xblocks.marc_record import MarcRecordBlock

pytestmark = pytest.mark.django_db

LEADER = {"tag": "LDR", "value": "00000nam a2200000 i 4500"}
DATES = {"tag": "008", "value": "191021s2019    ci a          000 p hrv d"}


def check(fields: Any, **authored: Any) -> tuple[int, Any]:
    return call(make_block(**authored), "check", {"fields": fields})


def review(exercise: Any, **values: Any) -> list[dict[str, Any]]:
    answer = call(make_block(), "review_edits", {"values": {"exercise": exercise, **values}})
    found: list[dict[str, Any]] = answer[1]["findings"]
    return found


def key(*fields: dict[str, Any], **about: Any) -> dict[str, Any]:
    return {"profile": "marc21", **about, "fields": list(fields)}


def field(tag: str, ind: str, *subfields: list[Any]) -> dict[str, Any]:
    return {"tag": tag, "ind": ind, "sub": list(subfields)}


# --- While the trainee types ---


def test_what_the_format_does_not_allow_is_said_with_its_place_and_rule() -> None:
    status, answer = check([["245", "10", [["a", "Judita"], ["l", "x"]]]])
    assert status == 200
    (found,) = [one for one in answer["diagnostics"] if one["code"] == "subfield.undefined"]
    assert (found["severity"], found["where"]) == ("error", "245[0]$l[0]")
    assert "245" in found["message"]
    assert found["refs"][0]["number"].startswith("245")


def test_what_is_only_still_missing_is_not_said_yet() -> None:
    _, answer = check([["245", "10", [["a", "Judita"]]]])
    assert not [one for one in answer["diagnostics"] if "missing" in one["code"]]


def test_the_record_is_checked_by_the_format_of_the_exercise() -> None:
    fields = [["200", "1 ", [["a", "Judita"]]]]
    assert check(fields, profile="unimarc")[1]["diagnostics"] == []
    assert check(fields)[1]["diagnostics"] != []


def test_where_the_author_switched_it_off_nothing_is_said() -> None:
    status, answer = check(RIGHT, check_while_typing=False)
    assert (status, "diagnostics" in answer) == (403, False)
    state = state_of(make_block(check_while_typing=False))
    assert (state["checks"], state_of(make_block())["checks"]) == (False, True)


@pytest.mark.parametrize("fields", [None, "245", [["245", 1]], [["245", "10", []]] * 201])
def test_what_is_no_record_is_not_checked(fields: Any) -> None:
    assert check(fields)[0] == 400


# --- What the author is told of a key ---


def test_a_key_that_breaks_its_format_is_pointed_out_and_can_be_saved() -> None:
    wrong = field("245", "10", ["a", "Judita :"], ["l", "x"])
    found = review({"keys": [KEY, key(wrong)]})
    about = [one for one in found if one["where"] == "keys[1].245[0]$l[0]"]
    assert ("warning", "exercise") in [(one["severity"], one["field"]) for one in about]
    assert about[0]["refs"]
    assert call(
        make_block(), "submit_studio_edits", {"values": {"exercise": {"keys": [key(wrong)]}}}
    ) == (200, {"result": "success"})


def test_a_whole_record_is_told_what_it_lacks_and_a_part_of_one_is_not() -> None:
    title = field("245", "10", ["a", "Judita."])
    assert not [one for one in review({"keys": [key(title)]}) if one["where"] == "keys[0].008"]
    assert [one for one in review({"keys": [key(LEADER, title)]}) if one["where"] == "keys[0].008"]
    dated = review({"keys": [key(LEADER, DATES, title)]})
    assert not [one for one in dated if one["where"] == "keys[0].008"]


def test_every_key_with_a_fault_is_named_once() -> None:
    bad = {"tag": "245", "ind": "10", "sub": []}
    found = review({"keys": [key(bad), KEY, key(bad)]})
    errors = [one["where"] for one in found if one["severity"] == "error"]
    assert errors == ["keys[0].fields[0].sub", "keys[2].fields[0].sub"]


def test_a_key_just_begun_is_called_empty() -> None:
    (found,) = review({"keys": [key()]})
    assert (found["severity"], found["where"]) == ("error", "keys[0]")
    assert "empty" in found["message"]


@pytest.mark.parametrize(
    "odd",
    [
        key(
            field("245", "10", ["a", "Judita."]),
            field("440", " 0", ["a", "Red"]),
            forbidden=["440"],
        ),
        key(field("100", "1 ", ["a", "X"]), field("110", "1 ", ["a", "Y"])),
        key(field("245", "10", ["a", "Judita :"], ["b", "ep"]), punct="forbidden"),
    ],
)
def test_even_an_odd_key_is_satisfied_by_its_own_record(odd: dict[str, Any]) -> None:
    assert not [one for one in review({"keys": [odd]}) if one["severity"] == "error"]


def test_a_key_in_another_format_than_the_exercise_is_pointed_out() -> None:
    found = review({"keys": [KEY]}, profile="unimarc")
    assert ("warning", "keys[0]") in [(one["severity"], one["where"]) for one in found]


def test_mending_is_measured_by_what_trainees_begin_with() -> None:
    spoilt = [["245", "00", [["a", "Judita"]]]]
    exercise = {"start": spoilt, "keys": [KEY]}
    assert not [one for one in review(exercise, starter=spoilt) if one["field"] == "starter"]
    (found,) = [one for one in review(exercise, starter=[]) if one["field"] == "starter"]
    assert found["severity"] == "warning"


@pytest.mark.parametrize(
    "exercise", [{}, {"keys": 5}, {"keys": ["x", None]}, {"keys": []}, {"fields": {}}, {"keys": {}}]
)
def test_no_exercise_takes_the_check_down(exercise: Any) -> None:
    found = review(exercise)
    assert [one["field"] for one in found if one["severity"] == "error"]


# --- What the editor knows of a format ---


def test_the_editor_knows_each_format_s_names_and_usual_grading() -> None:
    for profile in PROFILES:
        status, answer = call(make_block(), "describe_format", {"profile": profile})
        assert status == 200
        title = "245" if profile == "marc21" else "200"
        assert answer["labels"][title]["subfields"]["a"]
        assert answer["usual"][title]["weight"] == 10
    assert call(make_block(), "describe_format", {"profile": "x"})[0] == 400
    assert call(make_block(), "describe_format", {})[0] == 400


def test_the_usual_grading_names_policies_other_than_text() -> None:
    _, answer = call(make_block(), "describe_format", {"profile": "marc21"})
    assert answer["usual"]["020"]["policies"]["a"] == "isbn"
    assert "a" not in answer["usual"]["245"]["policies"]


# --- Whatever is in the form ---

TEXTS = st.text(max_size=6) | st.sampled_from(["245", "LDR", "008", "marc21", "a", "10", "#"])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS
NAMES = st.sampled_from(
    ["keys", "fields", "tag", "ind", "sub", "value", "profile", "pools", "alt", "start", "w"]
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | TEXTS, inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    values=st.dictionaries(st.sampled_from(MarcRecordBlock.editable_fields), ANYTHING, max_size=4)
)
def test_whatever_stands_in_the_form_is_checked_previewed_and_tried_without_a_crash(
    values: dict[str, Any],
) -> None:
    block = make_block()
    status, reviewed = call(block, "review_edits", {"values": values})
    assert status == 200
    errors = [one for one in reviewed["findings"] if one["severity"] == "error"]
    assert call(block, "preview_edits", {"values": values})[0] == 200
    tried, _ = call(block, "try_answer", {"values": values, "fields": RIGHT})
    assert tried in (200, 422)
    saved, _ = call(block, "submit_studio_edits", {"values": values})
    assert saved == (400 if errors else 200)
