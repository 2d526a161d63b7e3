"""From a learner's scores to their line: the same by every way, and as exact fractions say."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.grades.bulk import grade_many, pack_grade
from delivery.grades.plan import plan_at
from delivery.grades.sheets import (
    EXCUSED,
    Decision,
    grade,
    pack_points,
    pack_totals,
    unpack_points,
    unpack_sheet,
    unpack_totals,
)
from delivery.outline import outline_of
from delivery.progress import Eyes, grade_course
from delivery.progress import RawScore as SeenScore
from delivery.tree import CourseTree
from tests.delivery.exact_grades import exact_percent, rounded
from tests.delivery.factories import Spec, block, scored
from tests.delivery.grading_courses import (
    NOW,
    Learner,
    RawScore,
    learners,
    part_key,
    points_of,
    problem_key,
    sheet_of,
    tree_of,
    trees,
)
from tests.delivery.reading_room import FUTURE


def subsection(name: str, *problems: Spec, form: str = "Exercises", **fields: object) -> Spec:
    return block(
        "sequential",
        name,
        block("vertical", f"{name}_unit", *problems),
        graded=True,
        format=form,
        **fields,
    )


def problem(name: str, points: float = 10.0, **fields: object) -> Spec:
    return scored(block("problem", name, **fields), points)


def policy(*formats: tuple[str, int, int, float]) -> dict[str, object]:
    return {
        "GRADER": [
            {"type": name, "min_count": least, "drop_count": drop, "weight": weight}
            for name, least, drop, weight in formats
        ],
        "GRADE_CUTOFFS": {"Pass": 0.5},
    }


def four_exercises(*, drop: int = 1, **decisions: Decision) -> float:
    """The grade of 10, 5, 0 and no points of 10, the best three counting."""
    tree = tree_of(
        [subsection(f"s{n}", problem(f"p{n}")) for n in range(4)],
        policy(("Exercises", 4, drop, 1.0)),
    )
    scores = {problem_key(f"p{n}"): RawScore(got, 10) for n, got in enumerate((10.0, 5.0, 0.0))}
    keys = {name: (part_key if name.startswith("s") else problem_key)(name) for name in decisions}
    learner = Learner(scores, {keys[name]: made for name, made in decisions.items()})
    return percent_of(tree, learner)


def percent_of(tree: CourseTree, learner: Learner) -> float:
    plan = plan_at(tree, NOW)
    return grade(plan, sheet_of(plan, learner)).percent_unrounded


# --- The same by every way


@given(st.data())
def test_a_line_says_what_the_learners_own_page_says(data: st.DataObject) -> None:
    tree = data.draw(trees())
    learner = data.draw(learners(tree))
    plan = plan_at(tree, NOW)
    line = grade(plan, sheet_of(plan, learner))
    scores = {
        key: SeenScore(score.earned, score.possible, score.is_given)
        for key, score in learner.scores.items()
    } | {
        key: SeenScore(made.earned, made.possible, True, made.is_excused)
        for key, made in learner.decisions.items()
    }
    seen = grade_course(outline_of(tree), tree.grading_policy, scores, Eyes(NOW))
    assert seen.grade is not None
    assert line.percent_unrounded == seen.grade.percent_unrounded
    assert (line.percent, line.letter) == (seen.grade.percent, seen.grade.letter or "")
    assert line.passed == seen.grade.passed
    for part in seen.subsections:
        place = plan.places[part.outline.usage_key]
        assert part.total.graded == (line.totals.earned[place], line.totals.possible[place])
        assert part.total.all == (line.totals.earned_all[place], line.totals.possible_all[place])
        assert part.is_excused == bool(line.totals.flags[place] & EXCUSED)


@given(st.data())
def test_many_learners_at_once_get_what_each_gets_alone(data: st.DataObject) -> None:
    tree = data.draw(trees())
    plan = plan_at(tree, NOW)
    some = data.draw(st.lists(learners(tree), min_size=1, max_size=5))
    decided = {number: each.decisions for number, each in enumerate(some) if each.decisions}
    alone = [pack_grade(sheet, grade(plan, sheet)) for sheet in (sheet_of(plan, s) for s in some)]
    assert grade_many(plan, points_of(plan, some), decided) == alone


@given(st.data())
def test_totals_are_those_of_an_exact_calculator(data: st.DataObject) -> None:
    tree = data.draw(trees())
    learner = data.draw(learners(tree))
    plan = plan_at(tree, NOW)
    line = grade(plan, sheet_of(plan, learner))
    exact = exact_percent(tree, learner)
    assert line.percent_unrounded == pytest.approx(float(exact), abs=1e-9)
    if abs((float(exact) * 100 + 0.55) % 1 - 0.5) < 0.499:  # not where a last bit decides
        assert line.percent == rounded(exact)


@given(st.data())
def test_what_is_packed_comes_out_as_it_went_in(data: st.DataObject) -> None:
    tree = data.draw(trees())
    plan = plan_at(tree, NOW)
    sheet = sheet_of(plan, data.draw(learners(tree)))
    totals = grade(plan, sheet).totals
    blocks, subsections = pack_points(sheet.points), pack_totals(totals)
    assert pack_points(unpack_points(blocks)) == blocks
    assert pack_totals(unpack_totals(subsections)) == subsections
    again = unpack_sheet(blocks, subsections)
    assert again.decisions == sheet.decisions
    assert grade(plan, again).percent_unrounded == grade(plan, sheet).percent_unrounded


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_packed_points_sort_as_the_points_do(one: float, other: float) -> None:
    tree = tree_of([subsection("s", problem("p"))], policy())
    plan = plan_at(tree, NOW)
    packed = []
    for earned in (one, other):
        sheet = sheet_of(plan, Learner({problem_key("p"): RawScore(earned, 1e6)}))
        packed.append(pack_points(sheet.points)[:8])
    assert (packed[0] < packed[1]) == (one < other)


# --- What an override and an excuse do


def test_an_override_stands_in_place_of_the_score() -> None:
    assert four_exercises() == pytest.approx((1 + 0.5 + 0) / 3)
    assert four_exercises(p2=Decision(8, 10)) == pytest.approx((1 + 0.5 + 0.8) / 3)
    assert four_exercises(s3=Decision(3, 4)) == pytest.approx((1 + 0.5 + 0.75) / 3)


def test_an_excuse_counts_neither_for_nor_against() -> None:
    assert four_exercises(drop=0) == pytest.approx((1 + 0.5) / 4)
    assert four_exercises(drop=0, p3=Decision(is_excused=True)) == pytest.approx(1.5 / 3)
    assert four_exercises(drop=0, s3=Decision(is_excused=True)) == pytest.approx(1.5 / 3)


def test_an_excuse_leaves_the_last_remaining_assignment_standing() -> None:
    excuses = {f"s{number}": Decision(is_excused=True) for number in (0, 1, 2)}
    assert four_exercises(drop=3, **excuses) == 0.0
    excuses = {f"s{number}": Decision(is_excused=True) for number in (1, 2, 3)}
    assert four_exercises(drop=3, **excuses) == 1.0


def test_who_is_excused_from_one_block_is_graded_by_the_others_of_its_subsection() -> None:
    tree = tree_of(
        [subsection("s", problem("a", 10.0), problem("b", 30.0))],
        policy(("Exercises", 1, 0, 1.0)),
    )
    scores = {problem_key("a"): RawScore(5, 10)}
    assert percent_of(tree, Learner(scores)) == 0.125
    assert percent_of(tree, Learner(scores, {problem_key("b"): Decision(is_excused=True)})) == 0.5


def test_the_weight_of_a_format_that_is_excused_goes_to_the_others() -> None:
    tree = tree_of(
        [subsection("s", problem("a")), subsection("t", problem("b"), form="Test")],
        policy(("Exercises", 1, 0, 0.25), ("Test", 1, 0, 0.75)),
    )
    scores = {problem_key("b"): RawScore(6, 10)}
    assert percent_of(tree, Learner(scores)) == pytest.approx(0.45)
    excused = Learner(scores, {part_key("s"): Decision(is_excused=True)})
    assert percent_of(tree, excused) == pytest.approx(0.6)
    nothing_left = {part_key(name): Decision(is_excused=True) for name in "st"}
    assert percent_of(tree, Learner(scores, nothing_left)) == 0.0


@given(st.data())
def test_an_excuse_from_what_was_not_done_never_lowers_a_grade(data: st.DataObject) -> None:
    tree = data.draw(trees())
    learner = data.draw(learners(tree, with_decisions=False))
    plan = plan_at(tree, NOW)
    for planned in plan.blocks:
        if planned.usage_key not in learner.scores:
            excused = Learner(learner.scores, {planned.usage_key: Decision(is_excused=True)})
            assert percent_of(tree, excused) >= percent_of(tree, learner) - 1e-4


# --- The plan


def test_a_plan_changes_with_what_counts_and_not_with_texts() -> None:
    parts = [subsection("s", problem("a", display_name="Old name"))]
    rules = policy(("Exercises", 1, 0, 1.0))
    stamp = plan_at(tree_of(parts, rules), NOW).stamp
    renamed = [subsection("s", problem("a", display_name="New name", data="<p/>"))]
    assert plan_at(tree_of(renamed, rules), NOW).stamp == stamp
    changes = [
        ([subsection("s", problem("a", points=5.0))], rules),
        ([subsection("s", problem("a", weight=2))], rules),
        ([subsection("s", problem("a", graded=False))], rules),
        ([subsection("s", problem("a"), form="Test")], rules),
        ([subsection("s", problem("a"), start=FUTURE)], rules),
        ([subsection("s", problem("a"), problem("b"))], rules),
        (parts, policy(("Exercises", 2, 0, 1.0))),
        (parts, policy(("Exercises", 1, 0, 0.5))),
    ]
    stamps = {plan_at(tree_of(*change), NOW).stamp for change in changes}
    assert len(stamps) == len(changes)
    assert stamp not in stamps


def test_a_plan_holds_until_the_next_part_opens() -> None:
    later = "2026-12-01T00:00:00Z"
    tree = tree_of([subsection("s", problem("a")), subsection("t", problem("b"), start=later)], {})
    plan = plan_at(tree, NOW)
    assert plan.next_opening is not None
    assert [block.is_open for block in plan.blocks] == [True, False]
    then = plan_at(tree, plan.next_opening)
    assert [block.is_open for block in then.blocks] == [True, True]
    assert (then.next_opening, then.stamp == plan.stamp) == (None, False)


def test_a_policy_that_cannot_be_read_grades_nothing_and_says_why() -> None:
    plan = plan_at(tree_of([subsection("s", problem("a"))], {"GRADER": [{"type": "HW"}]}), NOW)
    learner = Learner({problem_key("a"): RawScore(10, 10)})
    alone = grade(plan, sheet_of(plan, learner))
    assert (alone.percent, alone.letter, alone.passed) == (0.0, "", None)
    assert alone.totals.earned == [10.0]
    assert {each.where for each in plan.problems} >= {"GRADER[0].min_count"}
    assert grade_many(plan, points_of(plan, [learner]), {})[0].percent == 0.0


def test_the_exact_calculator_knows_what_a_grade_is() -> None:
    tree = tree_of([subsection("s", problem("a", 3.0))], policy(("Exercises", 1, 0, 1.0)))
    assert exact_percent(tree, Learner({problem_key("a"): RawScore(1, 3)})) == Fraction(3333, 10000)
