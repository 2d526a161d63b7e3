from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from delivery.models import Completion, Enrollment, LearnerState
from delivery.outline import CourseOutline, completed_by, outline_of
from delivery.progress import (
    CourseGrades,
    Eyes,
    RawScore,
    RawScores,
    SubsectionGrade,
    grade_course,
    load_completions,
    load_scores,
    measure,
    place_to_continue,
)
from delivery.tree import load_tree
from grading.policy import CourseGrade
from tests.delivery.factories import Spec, block, make_user
from tests.delivery.reading_room import FUTURE, PAST, Room, make_room, page, problem, text

pytestmark = pytest.mark.django_db


def read_outline(room: Room) -> CourseOutline:
    return outline_of(load_tree(room.version.pk))


def eyes(sees_all: bool = False) -> Eyes:
    return Eyes(timezone.now(), sees_all)


def sequential(name: str, *pages: Spec, **fields: Any) -> Spec:
    return block("sequential", name, *pages, display_name=name, **fields)


def chapter(*subsections: Spec) -> list[Spec]:
    return [block("chapter", "only", *subsections, display_name="Only")]


# --- Completion


def test_a_page_is_done_when_each_of_its_completable_parts_is_whole() -> None:
    room = make_room(chapter(sequential("s", page("p", text("a"), problem("b")))))
    a, b = room.usage("html", "a"), room.usage("problem", "b")

    def state(**completions: float) -> tuple[str, int, int]:
        keys = {"a": a, "b": b}
        done = {keys[name]: ratio for name, ratio in completions.items()}
        (unit,) = measure(read_outline(room), done, eyes()).units
        return unit.state, unit.done, unit.total

    assert state() == ("todo", 0, 2)
    assert state(a=1.0) == ("some", 1, 2)
    assert state(a=1.0, b=0.99) == ("some", 1, 2)
    assert state(a=1.0, b=1.0) == ("done", 2, 2)


def test_a_block_that_is_not_installed_does_not_keep_its_page_from_being_done() -> None:
    room = make_room(chapter(sequential("s", page("p", text("a"), block("no_such_block", "x")))))
    (unit,) = measure(read_outline(room), {room.usage("html", "a"): 1.0}, eyes()).units
    assert (unit.state, unit.total) == ("done", 1)


def test_a_page_with_nothing_to_complete_counts_nowhere() -> None:
    room = make_room(chapter(sequential("s", page("p"), page("q", block("no_such_block", "x")))))
    progress = measure(read_outline(room), {room.usage("html", "p_text"): 1.0}, eyes())
    assert (progress.done, progress.total, progress.is_done) == (1, 1, True)
    assert [unit.state for unit in progress.units] == ["done", "todo"]


def test_a_course_counts_its_pages_and_their_share() -> None:
    room = make_room()
    done = {room.usage("html", "one_text"): 1.0}
    progress = measure(read_outline(room), done, eyes())
    assert (progress.done, progress.total, progress.ratio) == (1, 5, 0.2)
    first, *_rest = progress.subsections
    assert (first.done, first.total, first.state) == (1, 3, "some")


def test_what_is_not_open_yet_is_announced_without_pages_and_counts_for_staff_alone() -> None:
    room = make_room()
    names = {
        part.outline.name: part for part in measure(read_outline(room), {}, eyes()).subsections
    }
    assert list(names) == ["Reading", "Exercise", "Test", "Later"]
    assert (names["Later"].is_open, names["Later"].units) == (False, ())
    for_staff = measure(read_outline(room), {}, eyes(sees_all=True))
    assert [part.outline.name for part in for_staff.subsections][-2:] == ["Later", "Hidden"]
    assert for_staff.total == 7


def test_a_part_opens_when_its_date_has_come() -> None:
    room = make_room()
    late = Eyes(datetime(2999, 3, 3, 9, 0, tzinfo=UTC))
    assert measure(read_outline(room), {}, late).total == 6
    assert measure(read_outline(room), {}, eyes()).total == 5


def test_a_block_below_a_closed_part_stays_closed_whatever_it_says() -> None:
    early = text("early", start="2001-01-01T00:00:00Z")
    room = make_room(chapter(sequential("s", page("p", early), start=FUTURE)))
    (subsection,) = read_outline(room).subsections
    assert not eyes().see(subsection.units[0].leaves[0].opening)


def test_one_goes_on_where_one_left_else_at_the_first_page_not_done() -> None:
    room = make_room()
    done = {room.usage("html", "one_text"): 1.0}
    progress = measure(read_outline(room), done, eyes())

    def name(last_unit: str) -> str:
        place = place_to_continue(progress, last_unit)
        assert place is not None
        return place.outline.name

    assert name(room.unit("three")) == "Page three"
    assert name("") == "Page two"
    assert name("a page that is gone") == "Page two"
    assert name(room.unit("future")) == "Page two"


def test_a_finished_course_is_reopened_at_its_first_page_and_an_empty_one_nowhere() -> None:
    room = make_room(chapter(sequential("s", page("p"))))
    whole = measure(read_outline(room), {room.usage("html", "p_text"): 1.0}, eyes())
    place = place_to_continue(whole, "")
    assert place is not None
    assert place.outline.name == "Page p"
    assert place_to_continue(measure(read_outline(make_room([])), {}, eyes()), "") is None


def test_how_a_block_is_completed_follows_its_class() -> None:
    assert completed_by("html") == "view"
    assert completed_by("problem") == "score"
    assert completed_by("vertical") is None
    assert completed_by("no_such_block") == ""


# --- Grades


def grades_of(room: Room, scores: RawScores, sees_all: bool = False) -> CourseGrades:
    tree = load_tree(room.version.pk)
    return grade_course(outline_of(tree), tree.grading_policy, scores, eyes(sees_all))


def grade_of(grades: CourseGrades) -> CourseGrade:
    assert grades.grade is not None
    return grades.grade


def by_name(grades: CourseGrades) -> dict[str, SubsectionGrade]:
    return {entry.outline.name: entry for entry in grades.subsections}


def test_points_are_weighted_summed_and_graded_as_open_edx_does() -> None:
    room = make_room()
    scores = {
        room.usage("problem", "sum"): RawScore(3.0, 4.0),
        room.usage("problem", "guess"): RawScore(1.0, 1.0),
        room.usage("problem", "question"): RawScore(1.5, 2.0),
    }
    grades = grades_of(room, scores)
    grade = grade_of(grades)
    exercise, test = by_name(grades)["Exercise"], by_name(grades)["Test"]
    assert exercise.total.all == (4.0, 5.0)
    assert exercise.total.graded == (3.0, 4.0)  # the author took the guess out of the grade
    assert test.total.graded == (7.5, 10.0)  # 1.5 of 2, weighted to 10
    # Exercises: 0.75 and one that is still missing, 0.375; test 0.75; half each: 0.5625.
    assert grade.formats == {"Exercises": 0.375, "Test": 0.75}
    assert grade.percent_unrounded == pytest.approx(0.5625)
    assert (grade.percent, grade.letter, grade.passed) == (0.56, None, False)


def test_an_untouched_course_is_worth_nothing_of_all_its_points() -> None:
    grades = grades_of(make_room(), {})
    grade, entry = grade_of(grades), by_name(grades)["Test"]
    assert (entry.total.graded, entry.attempted, entry.counts) == ((0.0, 10.0), False, True)
    assert (grade.percent, grade.letter) == (0.0, None)


def test_a_subsection_without_points_takes_no_place_among_the_assignments() -> None:
    room = make_room(
        chapter(
            sequential("empty", page("p"), graded=True, format="Test"),
            sequential(
                "nought", page("q", problem("n", 2.0, weight=0)), graded=True, format="Test"
            ),
            sequential("real", page("r", problem("m", 2.0)), graded=True, format="Test"),
        )
    )
    grades = grades_of(room, {room.usage("problem", "m"): RawScore(2.0, 2.0)})
    assert [entry.counts for entry in grades.subsections] == [False, False, True]
    assert grade_of(grades).formats["Test"] == 1.0


def test_what_trainees_do_not_see_leaves_their_grade() -> None:
    room = make_room(
        chapter(
            sequential("now", page("p", problem("a", 1.0)), graded=True, format="Test"),
            sequential(
                "then", page("q", problem("b", 1.0)), graded=True, format="Test", start=FUTURE
            ),
        )
    )
    scores = {room.usage("problem", "a"): RawScore(1.0, 1.0)}
    assert grade_of(grades_of(room, scores)).formats["Test"] == 1.0
    assert grade_of(grades_of(room, scores, sees_all=True)).formats["Test"] == 0.5


def test_a_policy_that_cannot_be_read_leaves_the_points_and_says_why() -> None:
    room = make_room(policy={"GRADER": [{"type": "Test"}]})
    grades = grades_of(room, {room.usage("problem", "sum"): RawScore(4.0, 4.0)})
    assert grades.grade is None
    assert by_name(grades)["Exercise"].total.graded == (4.0, 4.0)
    assert {problem.where for problem in grades.problems} >= {"GRADER[0].min_count"}


# --- Rows


def test_completions_take_one_query_and_are_the_learners_own(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    room, other = make_room(), make_room()
    me, somebody = make_user(), make_user()
    key = room.usage("problem", "sum")
    for user, course, ratio in ((me, room, 1.0), (me, other, 0.5), (somebody, room, 0.25)):
        Completion.objects.create(user=user, course=course.course, usage_key=key, completion=ratio)
    with django_assert_num_queries(1):
        found = load_completions(me.pk, [room.course.pk, other.course.pk])
    assert found == {room.course.pk: {key: 1.0}, other.course.pk: {key: 0.5}}


def test_scores_take_one_query_once_they_are_stored_and_are_the_learners_own(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    room = make_room()
    tree = load_tree(room.version.pk)
    me, somebody = make_user(), make_user()
    key = room.usage("problem", "question")  # of 2 points, weighted to 10
    for user, earned in ((me, 1.5), (somebody, 0.5)):
        LearnerState.objects.create(
            user=user, course=room.course, usage_key=key, earned=earned, possible=2.0
        )
    LearnerState.objects.create(user=me, course=room.course, usage_key="unscored")
    mine = {key: RawScore(7.5, 10.0, True)}
    assert load_scores(tree, room.course.pk, me.pk, timezone.now()) == mine
    for user in (me, somebody):
        Enrollment.objects.create(user=user, course=room.course)
    with django_assert_num_queries(1):
        assert load_scores(tree, room.course.pk, me.pk, timezone.now()) == mine


# --- What may be seen of a grade


def two_tests(**settings: Any) -> tuple[Room, RawScores]:
    """A test of which all is seen and one with other rules; all of the one, none of the other."""
    room = make_room(
        chapter(
            sequential("open", page("p", problem("a", 1.0)), graded=True, format="Test"),
            sequential(
                "shut", page("q", problem("b", 1.0)), graded=True, format="Test", **settings
            ),
        )
    )
    return room, {room.usage("problem", "a"): RawScore(1.0, 1.0)}


@pytest.mark.parametrize(
    ("settings", "is_shown", "test_grade"),
    [
        ({}, True, 0.5),
        ({"show_correctness": "always"}, True, 0.5),
        ({"show_correctness": "never"}, False, 1.0),
        ({"show_correctness": "never_but_include_grade"}, False, 0.5),
        ({"show_correctness": "past_due"}, True, 0.5),
        ({"show_correctness": "past_due", "due": PAST}, True, 0.5),
        ({"show_correctness": "past_due", "due": FUTURE}, False, 1.0),
    ],
)
def test_points_that_are_hidden_are_in_no_grade_that_the_learner_sees(
    settings: dict[str, Any], is_shown: bool, test_grade: float
) -> None:
    room, scores = two_tests(**settings)
    grades = grades_of(room, scores)
    assert by_name(grades)["shut"].is_shown == is_shown
    assert grade_of(grades).formats["Test"] == test_grade


def test_points_stay_hidden_until_the_due_date_that_the_learner_has() -> None:
    room, scores = two_tests(show_correctness="past_due", due=PAST)
    outline = read_outline(room)
    for above in (room.usage("sequential", "shut"), room.usage("chapter", "only")):
        later = Eyes(timezone.now(), extensions={above: FUTURE})
        grades = grade_course(outline, {}, scores, later)
        assert [part.is_shown for part in grades.subsections] == [True, False]
        (_open, shut) = measure(outline, {}, later).subsections
        assert shut.due == datetime(2999, 3, 3, 9, tzinfo=UTC)


def test_an_extension_that_cannot_be_read_leaves_the_due_date_of_all() -> None:
    room, _scores = two_tests(show_correctness="past_due", due=PAST)
    broken = Eyes(timezone.now(), extensions={room.usage("sequential", "shut"): "soon"})
    (_open, shut) = measure(read_outline(room), {}, broken).subsections
    (_open, usual) = measure(read_outline(room), {}, eyes()).subsections
    assert shut.due == usual.due
    assert usual.due is not None


def test_staff_see_points_before_the_due_date_but_not_those_that_are_never_shown() -> None:
    room, scores = two_tests(show_correctness="past_due", due=FUTURE)
    assert by_name(grades_of(room, scores, sees_all=True))["shut"].is_shown
    room, scores = two_tests(show_correctness="never")
    assert not by_name(grades_of(room, scores, sees_all=True))["shut"].is_shown
