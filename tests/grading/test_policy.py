import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.policy import (
    DEFAULT_POLICY,
    Assignment,
    AssignmentFormat,
    InvalidPolicy,
    ScoredBlock,
    block_counts,
    course_grade,
    grade_format,
    is_improvement,
    letter_of,
    passing_cutoff,
    percent_of,
    read_policy,
    round_course_percent,
    subsection_total,
    validate_policy,
    weighted_score,
)

CASES: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parent / "data" / "openedx_grading_cases.json").read_text(encoding="utf-8")
)


def cases(kind: str) -> Any:
    return pytest.mark.parametrize(
        "case", CASES[kind], ids=lambda case: case.get("label", json.dumps(case)[:60])
    )


def format_of(case: dict[str, Any]) -> AssignmentFormat:
    kind, min_count, drop_count = case["args"]
    entry = {"type": kind, "min_count": min_count, "drop_count": drop_count, **case["kw"]}
    (fmt,), _ = read_policy({"GRADER": [entry]})
    return fmt


@cases("assignment_format")
def test_a_format_is_graded_as_open_edx_grades_it(case: dict[str, Any]) -> None:
    fmt = format_of(case)
    assignments = [
        Assignment(earned, possible, f"{fmt.type}{index}")
        for index, (earned, possible) in enumerate(case["sheet"].get(fmt.type, []))
    ]
    grade = grade_format(fmt, assignments)
    assert grade.percent == case["percent"]
    assert len(grade.breakdown) == case["n_breakdown"]
    assert [row.label for row in grade.breakdown] == case["labels"]
    assert [row.percent for row in grade.breakdown] == case["percents"]
    assert [row.detail for row in grade.breakdown] == case["details"]
    assert [i for i, row in enumerate(grade.breakdown) if row.dropped] == case["dropped"]


@cases("weighted")
def test_a_course_is_graded_as_open_edx_grades_it(case: dict[str, Any]) -> None:
    policy = {"GRADER": case["conf"]}
    if "error" in case:
        with pytest.raises(InvalidPolicy, match=r"GRADER\[0\]\.(min|drop)_count: This is missing"):
            course_grade(policy, {})
        return
    grade = course_grade(policy, case["sheet"])
    formats, _ = read_policy(policy)
    shares = {fmt.category: grade.formats[fmt.type] * fmt.weight for fmt in formats}
    assert grade.percent_unrounded == case["percent"]
    assert grade.percent == case["course_percent"]
    assert sum(fmt.weight for fmt in formats) == case["sum_of_weights"]
    assert len(grade.breakdown) == case["n_breakdown"]
    assert shares == {name: part["percent"] for name, part in case["grade_breakdown"].items()}


@cases("compute_percent")
def test_a_percentage_is_rounded_half_to_even_at_four_places(case: dict[str, Any]) -> None:
    assert percent_of(case["earned"], case["possible"]) == case["percent"]


@cases("course_percent")
def test_a_course_percentage_is_rounded_with_a_small_favour(case: dict[str, Any]) -> None:
    assert round_course_percent(case["percent"]) == case["rounded"]


@cases("letter")
def test_the_letter_is_that_of_the_highest_cutoff_reached(case: dict[str, Any]) -> None:
    cutoff = passing_cutoff(case["cutoffs"])
    assert letter_of(case["percent"], case["cutoffs"]) == case["letter"]
    assert (None if cutoff is None else case["percent"] >= cutoff) == case["passed"]


@cases("weighted_score")
def test_a_weight_rescales_the_points_of_a_block(case: dict[str, Any]) -> None:
    earned, possible = case["raw"]
    assert weighted_score(earned, possible, case["weight"]) == tuple(case["weighted"])


@cases("aggregate")
def test_a_subsection_sums_all_blocks_and_the_graded_ones(case: dict[str, Any]) -> None:
    blocks = [ScoredBlock(score[2], score[3], score[5]) for score in case["scores"]]
    total = subsection_total(blocks)
    assert total.all == tuple(case["all"])
    assert total.graded == tuple(case["graded"])
    assert total.percent == percent_of(*case["graded"])


@cases("only_if_higher")
def test_a_score_only_if_higher_replaces_one_that_is_not_higher(case: dict[str, Any]) -> None:
    assert is_improvement(case["old"], case["new"]) == case["update"]


def test_a_block_counts_unless_told_otherwise_or_worth_nothing() -> None:
    assert block_counts(None, 4)
    assert block_counts(True, 4)
    assert not block_counts(False, 4)
    assert not block_counts(True, 0)


def test_a_subsection_without_possible_points_takes_no_slot() -> None:
    policy = {"GRADER": [{"type": "HW", "min_count": 0, "drop_count": 0, "weight": 1}]}
    assert course_grade(policy, {"HW": [(0, 0), (3, 4)]}).percent_unrounded == 0.75


def test_a_format_that_the_policy_does_not_name_is_ignored() -> None:
    policy = {"GRADER": [{"type": "HW", "min_count": 1, "drop_count": 0, "weight": 1}]}
    assert course_grade(policy, {"HW": [(1, 2)], "Quiz": [(9, 9)]}).percent_unrounded == 0.5


def test_an_empty_policy_is_replaced_by_the_default_one() -> None:
    formats, cutoffs = read_policy({})
    assert [fmt.type for fmt in formats] == ["Homework", "Lab", "Midterm Exam", "Final Exam"]
    assert cutoffs == {"Pass": 0.5}
    assert validate_policy(DEFAULT_POLICY) == []


def test_a_cutoff_of_a_half_is_passed_from_0_4945() -> None:
    policy = {"GRADER": [{"type": "HW", "min_count": 1, "drop_count": 0, "weight": 1}]}
    just = course_grade(policy, {"HW": [(0.4945, 1)]})
    below = course_grade(policy, {"HW": [(0.4944, 1)]})
    assert (just.percent, just.letter, just.passed) == (0.5, "Pass", True)
    assert (below.percent, below.letter, below.passed) == (0.49, None, False)


@pytest.mark.parametrize(
    ("policy", "where"),
    [
        ([], "grading_policy"),
        ({"GRADER": {}}, "GRADER"),
        ({"GRADER": ["Homework"]}, "GRADER[0]"),
        ({"GRADER": [{"min_count": 1, "drop_count": 0}]}, "GRADER[0].type"),
        ({"GRADER": [{"type": "HW", "min_count": "x", "drop_count": 0}]}, "GRADER[0].min_count"),
        ({"GRADER": [{"type": "HW", "min_count": 10**9, "drop_count": 0}]}, "GRADER[0].min_count"),
        ({"GRADER": [{"type": "HW", "min_count": 1, "drop_count": -1}]}, "GRADER[0].drop_count"),
        ({"GRADER": [{"type": "HW", "min_count": 1, "drop_count": True}]}, "GRADER[0].drop_count"),
        (
            {"GRADER": [{"type": "HW", "min_count": 1, "drop_count": 0, "weight": "nan"}]},
            "GRADER[0].weight",
        ),
        ({"GRADE_CUTOFFS": []}, "GRADE_CUTOFFS"),
        ({"GRADE_CUTOFFS": {"A": None}}, "GRADE_CUTOFFS.A"),
    ],
)
def test_a_fault_in_a_policy_is_named_with_its_place(policy: Any, where: str) -> None:
    errors = [problem for problem in validate_policy(policy) if problem.is_error]
    assert [problem.where for problem in errors] == [where]
    with pytest.raises(InvalidPolicy) as refused:
        read_policy(policy)
    assert str(refused.value).startswith(f"{where}: ")


def test_what_is_merely_odd_in_a_policy_is_a_warning_and_grades() -> None:
    policy = {
        "GRADER": [
            {"type": "HW", "min_count": "1", "drop_count": "0", "name": "Homework"},
            {"type": "HW", "min_count": 1, "drop_count": 0, "weight": 1},
        ],
        "GRADE_CUTOFFS": {"A": 1.5},
    }
    problems = validate_policy(policy)
    assert {(problem.where, problem.is_error) for problem in problems} == {
        ("GRADER[0].weight", False),
        ("GRADER[0].name", False),
        ("GRADER[1].type", False),
        ("GRADE_CUTOFFS.A", False),
    }
    assert course_grade(policy, {"HW": [(1, 1)]}).percent == 1.0


POINTS = st.tuples(st.integers(0, 20), st.integers(1, 20))
SHEETS = st.lists(POINTS, max_size=12)
FORMATS = st.builds(
    AssignmentFormat,
    type=st.just("HW"),
    min_count=st.integers(0, 12),
    drop_count=st.integers(0, 6),
)


@given(FORMATS, SHEETS, st.data())
def test_more_points_never_lower_a_grade(
    fmt: AssignmentFormat, sheet: list[tuple[int, int]], data: st.DataObject
) -> None:
    if not sheet:
        return
    index = data.draw(st.integers(0, len(sheet) - 1))
    better = list(sheet)
    better[index] = (sheet[index][0] + data.draw(st.integers(0, 10)), sheet[index][1])
    before = grade_format(fmt, [Assignment(*entry) for entry in sheet]).percent
    after = grade_format(fmt, [Assignment(*entry) for entry in better]).percent
    assert after >= before - 1e-12


@given(FORMATS, SHEETS, st.randoms(use_true_random=False))
def test_the_order_of_subsections_does_not_change_a_percentage(
    fmt: AssignmentFormat, sheet: list[tuple[int, int]], random: Any
) -> None:
    shuffled = list(sheet)
    random.shuffle(shuffled)
    before = grade_format(fmt, [Assignment(*entry) for entry in sheet]).percent
    after = grade_format(fmt, [Assignment(*entry) for entry in shuffled]).percent
    assert after == pytest.approx(before)


@given(FORMATS, SHEETS)
def test_as_many_are_dropped_as_the_policy_says_and_the_lowest(
    fmt: AssignmentFormat, sheet: list[tuple[int, int]]
) -> None:
    rows = grade_format(fmt, [Assignment(*entry) for entry in sheet]).breakdown
    assignments = [row for row in rows if not row.is_average]
    dropped = [row.percent for row in assignments if row.dropped]
    kept = [row.percent for row in assignments if not row.dropped]
    if assignments:
        assert len(dropped) == min(fmt.drop_count, len(assignments))
    assert not dropped or not kept or max(dropped) <= min(kept)


@given(st.floats(0, 2), st.floats(0, 2))
def test_rounding_a_course_percentage_keeps_the_order(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert round_course_percent(low) <= round_course_percent(high)
    assert abs(round_course_percent(low) - low) <= 0.0061
