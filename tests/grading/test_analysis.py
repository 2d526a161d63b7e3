import math
import statistics
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading import api
from grading.analysis import BINS, ItemAnalysis, StudentMark, analyse
from tests.grading.exercises import EXERCISE, HALF, RIGHT, item

COURSE, BLOCK = item()["course_id"], item()["item_id"]


def line(code: str, points: float, most: float, where: str = "") -> dict[str, Any]:
    return {
        "code": code,
        "where": where,
        "points": points,
        "max": most,
        "template": "%(place)s is missing.",
        "params": {"place": code},
    }


def mark(name: str, score: float, *lines: dict[str, Any], **more: Any) -> StudentMark:
    values = {"attempts": 1, "possible": 10.0, **more}
    return StudentMark(student_id=name, score=score, lines=lines, **values)


def test_no_marks_say_nothing() -> None:
    assert analyse([]) == ItemAnalysis()


def test_what_most_missed_comes_first_with_its_share_and_its_cost() -> None:
    found = analyse(
        [
            mark("ana", 0.7, line("245.a", 0, 3)),
            mark("iva", 0.5, line("245.a", 2, 3), line("100.d", 1, 5)),
            mark("jan", 1.0, line("245.right", 10, 10)),
            mark("eva", 0.9, line("245.a", 2, 3)),
        ]
    )
    first, second = found.elements
    assert (first.code, first.missed, first.share) == ("245.a", 3, 0.75)
    assert first.mean_loss == pytest.approx((0.3 + 0.1 + 0.1) / 3)
    assert first.examples == ("ana", "iva", "eva")
    assert (second.code, second.missed) == ("100.d", 1)
    assert second.mean_loss == pytest.approx(0.4)
    assert api.describe_element(second) == "100.d is missing."


def test_the_same_fault_at_another_place_is_another_element() -> None:
    found = analyse(
        [mark("ana", 0.5, line("650.a", 0, 1, "650[0]$a"), line("650.a", 0, 1, "650[1]$a"))]
    )
    assert {element.where for element in found.elements} == {"650[0]$a", "650[1]$a"}
    assert [element.missed for element in found.elements] == [1, 1]


def test_two_lines_of_one_element_are_one_loss() -> None:
    (element,) = analyse([mark("ana", 0.5, line("a", 0, 1), line("a", 0, 2))]).elements
    assert element.missed == 1
    assert element.mean_loss == pytest.approx(0.3)


def test_a_deduction_is_a_loss() -> None:
    (element,) = analyse([mark("ana", 0.8, line("9.unwanted", -2, 0))]).elements
    assert element.mean_loss == pytest.approx(0.2)


def test_the_classes_of_scores_hold_every_mark_once_and_the_whole_in_the_last() -> None:
    scores = (0.0, 0.09, 0.1, 0.3, 0.7, 0.99, 1.0)
    found = analyse(mark(str(score), score) for score in scores)
    assert found.histogram == (2, 1, 0, 1, 0, 0, 0, 1, 0, 2)


def test_who_struggles_is_named_from_the_lowest_score_and_the_most_attempts() -> None:
    found = analyse(
        [
            mark("good", 0.9),
            mark("half", 0.5),
            mark("once", 0.2, attempts=1),
            mark("often", 0.2, attempts=4),
            mark("worst", 0.1),
        ]
    )
    assert [entry.student_id for entry in found.struggling] == ["worst", "often", "once"]
    assert (found.below_half, found.mean_attempts) == (3, 1.6)


def test_no_more_than_twenty_are_named_but_all_are_counted() -> None:
    found = analyse(mark(f"{number:03}", number / 1000) for number in range(300))
    assert [entry.student_id for entry in found.struggling] == [f"{n:03}" for n in range(20)]
    assert found.below_half == 300


def test_an_element_that_good_learners_have_right_discriminates_and_one_by_chance_does_not() -> (
    None
):
    def learner(number: int) -> StudentMark:
        is_good, is_odd = number >= 20, number % 2
        lines = []
        if not is_good:
            lines += [line("hard", 0, 2), line("rest", 0, 5)]
        if is_odd:
            lines.append(line("chance", 0, 1))
        lost = sum(entry["max"] for entry in lines)
        return mark(str(number), 1 - lost / 10, *lines, total=0.9 if is_good else 0.2)

    found = analyse(map(learner, range(40)))
    by_code = {element.code: element.discrimination for element in found.elements}
    assert by_code["hard"] == pytest.approx(1.0)
    assert by_code["chance"] == pytest.approx(0.0, abs=0.01)
    assert found.discrimination is not None
    assert found.discrimination > 0.95


def test_without_the_rest_of_the_course_nothing_discriminates() -> None:
    found = analyse(mark(str(n), n / 9, line("a", n, 9)) for n in range(10))
    assert [element.discrimination for element in found.elements] == [None]


def test_few_marks_or_equal_ones_have_no_discrimination() -> None:
    few = analyse(mark(str(n), n / 4, line("a", 0, 4 - n), total=n / 4) for n in range(4))
    assert few.discrimination is None
    assert {element.discrimination for element in few.elements} == {None}
    same = analyse(mark(str(n), 0.5, total=n / 10) for n in range(10))
    assert same.discrimination is None


@given(
    st.lists(
        st.tuples(
            st.lists(st.integers(0, 3), min_size=3, max_size=3),
            st.floats(0, 1, allow_nan=False, width=32),
        ),
        min_size=1,
        max_size=40,
    )
)
def test_the_sums_agree_with_the_figures_computed_from_the_whole_list(
    learners: list[tuple[list[int], float]],
) -> None:
    marks, losses, scores, totals = [], [], [], []
    for number, (lost, total) in enumerate(learners):
        lines = [line(f"e{place}", 3 - points, 3) for place, points in enumerate(lost)]
        score = 1 - sum(lost) / 9
        marks.append(mark(str(number), score, *lines, possible=9.0, total=total))
        losses.append([points / 9 for points in lost])
        scores.append(score)
        totals.append(total)
    found = analyse(marks)
    assert found.facility == pytest.approx(statistics.fmean(scores))
    assert found.deviation == pytest.approx(statistics.pstdev(scores), abs=1e-6)
    assert sum(found.histogram) == len(scores)
    assert len(found.histogram) == BINS
    for element in found.elements:
        own = [row[int(element.code[1:])] for row in losses]
        assert element.missed == sum(1 for loss in own if loss)
        assert element.mean_loss == pytest.approx(sum(own) / element.missed)
        if element.discrimination is not None:
            expected = statistics.correlation([-loss for loss in own], totals)
            assert element.discrimination == pytest.approx(expected, abs=1e-6)
    shares = [element.share for element in found.elements]
    assert shares == sorted(shares, reverse=True)
    assert all(math.isfinite(share) and 0 < share <= 1 for share in shares)


@pytest.mark.django_db
def test_a_block_is_analysed_from_the_last_submissions_in_one_query(
    django_assert_num_queries: Any,
) -> None:
    options: dict[str, Any] = {"grader": "marc", "exercise": EXERCISE, "points": 10}
    for number in range(6):
        who = {**item(), "student_id": f"learner{number}"}
        api.submit(who, HALF, **options)  # type: ignore[arg-type]  # a TypedDict with one other value
        if number < 2:
            api.submit(who, RIGHT, **options)  # type: ignore[arg-type]  # as above
    with django_assert_num_queries(1):
        found = api.analyse_item(COURSE, BLOCK, {f"learner{n}": n / 10 for n in range(6)})
    half = api.GRADERS["marc"](EXERCISE, HALF)
    assert found.learners == 6
    assert found.facility == pytest.approx((2 + 4 * half.score) / 6)
    assert found.mean_attempts == pytest.approx(8 / 6)
    lost = {row.code for row in half.lines if row.points < row.max}
    assert {element.code for element in found.elements} == lost
    assert {element.missed for element in found.elements} == {4}


@pytest.mark.django_db
def test_another_mark_makes_the_number_of_the_newest_grow() -> None:
    options: dict[str, Any] = {"grader": "marc", "exercise": EXERCISE, "points": 10}
    numbers = [api.newest_mark(COURSE, BLOCK)]
    for answer in (HALF, RIGHT):
        api.submit(item(), answer, **options)
        numbers.append(api.newest_mark(COURSE, BLOCK))
    api.rescore(item(), grader="marc", exercise=EXERCISE, points=10)
    numbers.append(api.newest_mark(COURSE, BLOCK))
    assert numbers[0] == 0
    assert numbers == sorted(set(numbers))
