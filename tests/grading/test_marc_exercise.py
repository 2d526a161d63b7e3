"""What an exercise may say, and how what it must not say is refused."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from grading.data import InvalidAnswer, InvalidExercise
from grading.graders import marc
from tests.grading.marc_records import MODELS, answer_of

NOTE = {"tag": "500", "sub": [["a", "bilješka"]]}


@pytest.mark.parametrize(
    ("exercise", "where"),
    [
        ([], ""),
        ({"keys": {}}, "keys"),
        ({"keys": [{"fields": [NOTE]}] * 7}, "keys"),
        ({"keys": ["x"]}, "keys[0]"),
        ({"fields": []}, "fields"),
        ({"fields": [NOTE], "profile": "danmarc"}, "profile"),
        ({"fields": [NOTE], "punct": "loose"}, "punct"),
        ({"fields": [NOTE, NOTE]}, "fields[1]"),
        ({"fields": [NOTE | {"tag": 500}]}, "fields[0].tag"),
        ({"fields": [NOTE | {"ind": "123"}]}, "fields[0].ind"),
        ({"fields": [NOTE | {"w": 0}]}, "fields[0].w"),
        ({"fields": [NOTE | {"w": True}]}, "fields[0].w"),
        ({"fields": [NOTE | {"w": float("nan")}]}, "fields[0].w"),
        ({"fields": [NOTE | {"w": 10**400}]}, "fields[0].w"),
        ({"fields": [NOTE | {"optional": True}]}, "fields"),
        ({"fields": [NOTE | {"pool": "p"}]}, "fields[0].pool"),
        ({"fields": [NOTE | {"pool": "p"}], "pools": {"p": 2}}, "pools.p"),
        ({"fields": [NOTE | {"alt": [{"tag": "245", "sub": [["a", "x"]]}]}]}, "fields[0].alt[0]"),
        ({"fields": [{"tag": "500", "sub": []}]}, "fields[0].sub"),
        ({"fields": [{"tag": "500", "sub": [["a", " "]]}]}, "fields[0].sub[0]"),
        ({"fields": [{"tag": "500", "sub": [["ab", "x"]]}]}, "fields[0].sub[0]"),
        ({"fields": [{"tag": "500", "sub": [["9", "x"]]}]}, "fields[0].sub"),
        ({"fields": [{"tag": "008", "value": "2019"}]}, "fields[0].value"),
        ({"fields": [{"tag": "008", "value": " " * 40}]}, "fields[0].value"),
        ({"fields": [NOTE], "settings": {"mercy": 1}}, "settings"),
        ({"fields": [NOTE], "settings": {"false_heading": 2}}, "settings.false_heading"),
        ({"fields": [NOTE], "settings": {"weights": {"title": -1}}}, "settings.weights.title"),
        ({"fields": [NOTE], "forbidden": ["5XXX"]}, "forbidden[0]"),
        ({"fields": [NOTE], "free_extras": 1.5}, "free_extras"),
        ({"keys": [{"fields": [NOTE]}, {"fields": [{"tag": "x"}]}]}, "keys[1].fields[0].tag"),
        (
            {"fields": [{"tag": "500", "sub": [["a", "x", {"policy": "kind"}]]}]},
            "fields[0].sub.policy",
        ),
        (
            {"fields": [{"tag": "500", "sub": [["a", "x", {"near": [["y", 2]]}]]}]},
            "fields[0].sub.near[0]",
        ),
        ({"fields": [{"tag": "500", "sub": [["a", f"{n}"]]} for n in range(31)]}, "fields"),
    ],
)
def test_a_faulty_exercise_is_refused_by_its_place(exercise: Any, where: str) -> None:
    with pytest.raises(InvalidExercise) as refusal:
        marc.grade(exercise, [])

    assert not isinstance(refusal.value, InvalidAnswer)
    assert refusal.value.where == where
    assert str(refusal.value) == f"{where}: {refusal.value.message}".removeprefix(": ")


@pytest.mark.parametrize(
    ("answer", "where"),
    [
        ({}, ""),
        ([["500", "  ", []]] * 201, ""),
        (["500"], "fields[0]"),
        ([["500", "  ", [], []]], "fields[0]"),
        ([["5", "  ", []]], "fields[0][0]"),
        ([["500", 1, []]], "fields[0][1]"),
        ([["500", "  ", "abc"]], "fields[0][2]"),
        ([["500", "  ", [["a"]]]], "fields[0][2][0]"),
        ([["500", "  ", [["a", None]]]], "fields[0][2][0]"),
        ([["500", "  ", [["a", "\ud800"]]]], "fields[0][2][0]"),
        ([["500", "  ", [["a", "x" * 10_000]]]], "fields[0][2][0]"),
        ([["500", "  ", [["a", "x" * 9_000], ["a", "x" * 9_000]]]], "500[0]"),
        ([["500", "  ", [["a", "x"]] * 101]], "500[0]"),
        ([["500", "  ", [["a", "x" * 9_000]]]] * 12, "500[11]"),
        ([["500", "  ", [["a", "x"]] * 90]] * 23, "500[11]"),
        ([["008", "x", [["a", "x"]]]], "fields[0]"),
    ],
)
def test_a_faulty_answer_is_refused_by_its_place(answer: Any, where: str) -> None:
    with pytest.raises(InvalidAnswer) as refusal:
        marc.grade({"fields": [NOTE]}, answer)

    assert refusal.value.where == where


def test_all_keys_together_are_limited() -> None:
    tags = ["500", "650", "700", "490", "080", "020"]
    fields = [{"tag": tag, "sub": [["a", f"{n}"]]} for n in range(10) for tag in tags]

    with pytest.raises(InvalidExercise, match="too many fields; the most is 150"):
        marc.grade({"keys": [{"fields": fields}] * 6}, [])


def test_values_that_are_too_dear_to_compare_are_refused() -> None:
    alt = [f"821.{n}" for n in range(12)]
    fields = [{"tag": "080", "sub": [["a", f"82{n}", {"alt": alt}]]} for n in range(20)]

    with pytest.raises(InvalidExercise, match="too many values"):
        marc.grade({"fields": fields}, [])


@pytest.mark.parametrize("blank", [[], ["", "", []], ["", "  "], ["500", "  ", []]])
def test_empty_rows_of_an_editor_change_nothing(blank: list[Any]) -> None:
    key = MODELS["judita marc21"]
    rows = [blank] if blank else []

    assert marc.grade(key, [*answer_of(key), *rows]).score == 1.0


def test_ways_of_writing_a_blank_are_one() -> None:
    key = MODELS["judita marc21"]
    answer = [
        [field[0], field[1].replace(" ", "#")]
        if len(field) == 2
        else [field[0], field[1].replace(" ", "\\"), field[2]]
        for field in answer_of(key)
    ]

    assert marc.grade(key, answer).score == 1.0


def test_trailing_blanks_of_a_fixed_field_may_be_lost() -> None:
    key = MODELS["judita unimarc"]
    answer = answer_of(key)
    answer[0] = ["LEADER", answer[0][1].rstrip()]

    assert marc.grade(key, answer).score == 1.0


def test_weights_come_from_the_field_the_settings_or_the_profile() -> None:
    key: dict[str, Any] = {
        "fields": [
            {"tag": "245", "ind": "10", "sub": [["a", "Judita"]]},
            {"tag": "250", "sub": [["a", "2. izdanje"]]},
            {"tag": "300", "sub": [["a", "214 str."]], "w": 7},
            {"tag": "500", "sub": [["a", "bilješka"]]},
        ],
        "settings": {"weights": {"title": 20, "500": 3}},
    }

    weights = [match.weight for match in marc.compare(key, []).matches]

    assert weights == [20, 4, 7, 3]


def test_a_dearer_false_heading_can_be_set() -> None:
    key = copy.deepcopy(MODELS["judita marc21"])
    key["fields"] = [f for f in key["fields"] if f["tag"] == "650"]
    answer = [*answer_of(key), ["650", " 4", [["a", "Kuharstvo"]]]]

    assert marc.grade(key, answer).score == pytest.approx(0.8)
    assert marc.grade(key | {"settings": {"false_heading": 0.5}}, answer).score == pytest.approx(
        0.5
    )


def test_optional_fields_count_neither_way() -> None:
    key = {"fields": [NOTE, {"tag": "504", "sub": [["a", "Bibliografija"]], "optional": True}]}
    without = [["500", "  ", [["a", "bilješka"]]]]
    extra = ["504", "  ", [["a", "Bibliografija."]]]

    assert marc.grade(key, without).score == marc.grade(key, [*without, extra]).score == 1.0
    codes = [line.code for line in marc.grade(key, [*without, extra]).lines]
    assert codes == ["500.right", "504.optional"]


def test_other_indicators_may_be_right_as_well() -> None:
    key = {
        "fields": [
            {"tag": "650", "ind": " 4", "ind_alt": [" 7"], "sub": [["a", "Epovi"]]},
        ]
    }

    assert marc.grade(key, [["650", " 7", [["a", "Epovi"]]]]).score == 1.0
    assert marc.grade(key, [["650", " 0", [["a", "Epovi"]]]]).score < 1.0


def test_a_pool_takes_the_best_of_what_is_offered() -> None:
    key: dict[str, Any] = {
        "pools": {"p": 1},
        "fields": [
            {"tag": "650", "ind": " 4", "sub": [["a", "Epovi"]], "pool": "p"},
            {"tag": "650", "ind": " 4", "sub": [["a", "Renesansa"]], "pool": "p"},
            {"tag": "650", "ind": " 4", "sub": [["a", "Renesansna književnost"]]},
        ],
    }
    answer = [
        ["650", " 4", [["a", "Renesansna knjizevnost"]]],
        ["650", " 4", [["a", "epovi"]]],
        ["650", " 4", [["a", "Renesansa"]]],
    ]

    comparison = marc.compare(key, answer)

    assert [round(match.credit, 3) for match in comparison.matches] == [1.0, 0.867]
    assert [field.path for field in comparison.accepted] == ["650[1]"]
    assert comparison.penalty == 0.0


def test_a_field_in_another_script_follows_the_rules_of_the_field_it_is_linked_to() -> None:
    key = {
        "fields": [
            {
                "tag": "880",
                "ind": "10",
                "sub": [["6", "245-01/(N"], ["a", "Под игото :"], ["b", "роман"]],
            }
        ]
    }
    linked = [["880", "10", [["6", "245-02"], ["a", "Под игото :"], ["b", "роман"]]]]
    without_mark = [["880", "10", [["6", "245-01"], ["a", "Под игото"], ["b", "роман"]]]]

    assert marc.grade(key, linked).score == 1.0
    assert marc.grade(key, linked).possible == 5.0
    assert marc.grade(key, without_mark).score == pytest.approx(1 - 1 / 11)


def test_embedded_fields_say_the_same_as_subfields() -> None:
    key = {
        "profile": "rusmarc",
        "fields": [{"tag": "461", "ind": " 0", "sub": [["t", "Абай жолы"], ["v", "Кн. 1"]]}],
    }
    embedded = [
        ["1", "001RU123"],
        ["1", "2001 "],
        ["a", "Абай жолы"],
        ["v", "Кн. 1"],
    ]

    assert marc.grade(key, [["461", " 0", embedded]]).score == 1.0


def test_the_leader_says_which_008_it_is() -> None:
    serial = "191021c20199999ci mr p       0   a0hrv d"
    key = {
        "fields": [
            {"tag": "LDR", "value": "00000nas a2200000 i 4500"},
            {"tag": "008", "value": serial},
        ]
    }
    answer = [
        ["LDR", "00000nas a2200000 i 4500"],
        ["008", serial[:18] + "qr" + serial[20:]],
    ]

    codes = {line.code: line.params.get("name") for line in marc.grade(key, answer).lines}

    assert codes == {"LDR.right": None, "008.rest": None, "008.18.wrong": "Frequency"}
