"""Stored grades: they follow every score and decision at once, and say who decided what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dbrules.append_only import AppendOnlyViolation
from delivery.grades import api as grades
from delivery.grades.api import DecisionRefused, LineChanged, Sort, Status
from delivery.importing.versions import publish_version
from delivery.models import Course, Enrollment, LearnerGrade, LearnerState, Override, ScoreChange
from jobs import runner
from tests.delivery.factories import MadeCourse, block, enrol, make_user, scored
from tests.delivery.reading_room import add_version, make_room, page
from tests.delivery.sample_blocks import COUNTER
from tests.delivery.test_receivers import give, reset
from tests.delivery.visits import Learner, join, visit

pytestmark = pytest.mark.django_db

POLICY = {
    "GRADER": [
        {"type": "Exercises", "min_count": 2, "drop_count": 0, "weight": 0.5},
        {"type": "Test", "min_count": 1, "drop_count": 0, "weight": 0.5},
    ],
    "GRADE_CUTOFFS": {"Distinction": 0.85, "Pass": 0.6},
}
YESTERDAY = timezone.now() - timedelta(days=1)
TOMORROW = timezone.now() + timedelta(days=1)


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def counter(name: str, points: float = 4.0, **fields: Any) -> Any:
    return scored(block(COUNTER, name, **fields), points)


def subsection(name: str, *blocks: Any, form: str = "Exercises", **fields: Any) -> Any:
    return block(
        "sequential", name, page(f"{name}_page", *blocks), graded=True, format=form, **fields
    )


def sections(**test_settings: Any) -> list[Any]:
    """Two exercises and a test of two blocks, the second weighted."""
    return [
        block(
            "chapter",
            "only",
            subsection("one", counter("a")),
            subsection("two", counter("b")),
            subsection("test", counter("c"), counter("d", weight=16), form="Test", **test_settings),
        )
    ]


def make_graded(**test_settings: Any) -> MadeCourse:
    room = make_room(sections(**test_settings), policy=POLICY)
    return MadeCourse(room.course, room.version)


@pytest.fixture
def room() -> MadeCourse:
    return make_graded()


@pytest.fixture
def learner(room: MadeCourse) -> Learner:
    return join(room)


@pytest.fixture
def teacher() -> Any:
    return make_user("teacher")


def publish(learner: Learner, name: str, value: float, of: float = 4.0, **data: Any) -> None:
    sent = {"event": "grade", "data": {"value": value, "max_value": of, **data}}
    assert learner.call(COUNTER, name, "publish", sent).status_code == 200


def line(learner: Learner) -> grades.BookLine:
    found = grades.read_line(course_of(learner), learner.user.pk)
    assert found is not None
    return found


def course_of(learner: Learner) -> Course:
    return Course.objects.get(key=learner.made.key)


def stored(learner: Learner) -> LearnerGrade:
    return LearnerGrade.objects.get(user=learner.user)


def cells(learner: Learner) -> list[tuple[float | None, float]]:
    return [(cell.earned, cell.possible) for cell in line(learner).blocks]


def totals(learner: Learner) -> list[tuple[float | None, float]]:
    return [(cell.earned, cell.possible) for cell in line(learner).subsections]


def history(learner: Learner, *names: str) -> list[tuple[str, float | None, bool]]:
    keys = [learner.made.usage(COUNTER, name) for name in names] or None
    found = grades.read_history(course_of(learner), learner.user.pk, keys)
    return [(entry.kind, entry.earned, entry.counts) for entry in found]


def assert_right(course: Course) -> None:
    """A full re-computation finds nothing to change."""
    found = grades.recompute(course, repair=False)
    assert (found.changed, found.differences) == (0, ())


# --- Scores


def test_a_score_is_in_the_stored_grades_when_its_request_ends(learner: Learner) -> None:
    publish(learner, "a", 3)
    publish(learner, "d", 2)
    row = stored(learner)
    # Exercises: 0.75 and a missing one; test: 8 of 20, for its second block weighs 16.
    assert row.percent_unrounded == pytest.approx((0.75 / 2 + 0.4) / 2)
    assert (row.percent, row.letter, row.passed, row.scored) == (0.39, "", False, 2)
    assert cells(learner) == [(3, 4), (None, 4), (None, 4), (8, 16)]
    assert totals(learner) == [(3, 4), (None, 4), (8, 20)]
    assert_right(course_of(learner))


def test_a_new_score_costs_three_statements_however_many_learners_there_are(
    learner: Learner,
) -> None:
    def statements() -> list[str]:
        publish(learner, "a", 1)
        with CaptureQueriesContext(connection) as captured:
            publish(learner, "a", 2)
        tables = (LearnerGrade._meta.db_table, ScoreChange._meta.db_table)
        return [
            query["sql"].split()[0]
            for query in captured.captured_queries
            if any(f'"{table}"' in query["sql"] for table in tables)
        ]

    assert statements() == ["SELECT", "INSERT", "INSERT"]
    for _ in range(5):
        publish(join(learner.made), "b", 1)
    assert statements() == ["SELECT", "INSERT", "INSERT"]


def test_the_same_score_again_is_remembered_and_changes_nothing(learner: Learner) -> None:
    publish(learner, "a", 3)
    before = stored(learner)
    publish(learner, "a", 3)
    after = stored(learner)
    assert (after.revision, after.last_scored_at) == (before.revision, before.last_scored_at)
    assert history(learner) == [("submission", 3, True), ("submission", 3, True)]
    assert_right(course_of(learner))


def test_a_score_that_is_deleted_leaves_the_grade(learner: Learner) -> None:
    publish(learner, "a", 3)
    publish(learner, "a", 0, score_deleted=True)
    assert (line(learner).percent, cells(learner)[0]) == (0.0, (None, 4))
    assert history(learner) == [("reset", None, True), ("submission", 3, True)]
    assert_right(course_of(learner))


def test_given_scores_count_as_they_are_until_they_are_reset(learner: Learner) -> None:
    publish(learner, "d", 1)
    give(learner, 9, 10, "d")
    assert cells(learner)[3] == (9, 10)  # no weight
    assert line(learner).blocks[3].is_given
    publish(learner, "d", 4)
    assert cells(learner)[3] == (9, 10)
    assert_right(course_of(learner))
    reset(learner, "d")
    assert cells(learner)[3] == (16, 16)
    assert history(learner, "d") == [
        ("reset", 4, True),
        ("submission", 4, False),
        ("staff", 9, True),
        ("submission", 1, True),
    ]
    assert_right(course_of(learner))


def test_the_history_can_only_be_added_to(learner: Learner) -> None:
    publish(learner, "a", 3)
    change = ScoreChange.objects.get()
    assert (change.made_by, change.user_id) == (learner.user.pk, learner.user.pk)
    with pytest.raises(AppendOnlyViolation):
        change.save()
    with pytest.raises(AppendOnlyViolation):
        ScoreChange.objects.all().delete()
    with pytest.raises(Exception, match="never changed"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {ScoreChange._meta.db_table} SET earned = 4")  # noqa: S608  # our own table


# --- Due dates


def late_room(due: datetime, **settings: Any) -> Learner:
    return join(make_graded(due=iso(due), **settings))


def test_a_score_after_the_close_counts_nowhere_and_is_remembered() -> None:
    learner = late_room(YESTERDAY)
    publish(learner, "c", 4)
    assert not LearnerState.objects.filter(earned__isnull=False).exists()
    assert line(learner).percent == 0.0
    assert history(learner) == [("late", 4, False)]
    assert ScoreChange.objects.get().is_late


def test_a_score_in_the_days_of_grace_counts_and_says_that_it_is_late() -> None:
    learner = late_room(YESTERDAY, graceperiod="2 days")
    publish(learner, "c", 4)
    assert cells(learner)[2] == (4, 4)
    assert ScoreChange.objects.get().is_late


def test_a_learner_with_an_extension_is_in_time_when_others_are_late(teacher: Any) -> None:
    learner = late_room(YESTERDAY)
    other = join(learner.made)
    course, part = course_of(learner), learner.made.usage("sequential", "test")
    grades.extend(course, learner.user.pk, part, due=TOMORROW, reason="ill", by=teacher)
    for each in (learner, other):
        publish(each, "c", 4)
    assert (cells(learner)[2], cells(other)[2]) == ((4, 4), (None, 4))
    (entry,) = grades.read_history(course, learner.user.pk, [part])
    assert (entry.kind, entry.due, entry.reason) == ("extension", TOMORROW, "ill")
    assert entry.made_by == teacher.pk
    assert grades.revoke_extension(course, learner.user.pk, part, by=teacher)
    assert not grades.revoke_extension(course, learner.user.pk, part, by=teacher)
    publish(learner, "d", 4)
    assert cells(learner)[3] == (None, 16)


def test_blocks_are_told_the_due_date_that_their_learner_has(teacher: Any) -> None:
    learner = late_room(YESTERDAY)
    block_key = learner.made.usage(COUNTER, "c")
    grades.extend(
        course_of(learner), learner.user.pk, block_key, due=TOMORROW, reason="", by=teacher
    )
    assert learner.call(COUNTER, "c", "due_date", {}).json() == {"due": TOMORROW.isoformat()}
    assert learner.call(COUNTER, "d", "due_date", {}).json() != {"due": TOMORROW.isoformat()}


def test_an_extension_of_what_is_not_due_or_not_later_is_refused(
    learner: Learner, teacher: Any
) -> None:
    course, user = course_of(learner), learner.user.pk
    part = learner.made.usage("sequential", "test")
    with pytest.raises(DecisionRefused, match="no due date"):
        grades.extend(course, user, part, due=TOMORROW, reason="", by=teacher)
    late = late_room(TOMORROW)
    part = late.made.usage("sequential", "test")
    with pytest.raises(DecisionRefused, match="later"):
        grades.extend(course_of(late), late.user.pk, part, due=YESTERDAY, reason="", by=teacher)
    with pytest.raises(DecisionRefused, match="does not take"):
        grades.extend(course_of(late), user, part, due=TOMORROW + timedelta(1), reason="", by=None)


# --- Decisions


def test_an_override_of_a_block_counts_at_once_and_can_be_undone(
    learner: Learner, teacher: Any
) -> None:
    course, user, key = course_of(learner), learner.user.pk, learner.made.usage(COUNTER, "d")
    publish(learner, "d", 1)
    grades.override(course, user, key, earned=12.5, reason="a fair answer", by=teacher)
    assert cells(learner)[3] == (12.5, 16)
    assert line(learner).blocks[3].is_overridden
    publish(learner, "d", 3)
    assert cells(learner)[3] == (12.5, 16)
    grades.override(course, user, key, earned=16, reason="on second thoughts", by=teacher)
    assert (cells(learner)[3], line(learner).overrides) == ((16, 16), 1)
    assert_right(course)
    assert grades.undo(course, user, key, by=teacher)
    assert cells(learner)[3] == (12.5, 16)
    assert grades.undo(course, user, key, by=teacher)
    assert (cells(learner)[3], line(learner).overrides) == ((12, 16), 0)
    assert not grades.undo(course, user, key, by=teacher)
    assert [kind for kind, _earned, _counts in history(learner, "d")] == [
        "undo",
        "undo",
        "override",
        "submission",
        "override",
        "submission",
    ]
    assert_right(course)


def test_an_override_of_a_subsection_stands_before_its_blocks(
    learner: Learner, teacher: Any
) -> None:
    course, part = course_of(learner), learner.made.usage("sequential", "test")
    grades.override(course, learner.user.pk, part, earned=10, reason="an oral test", by=teacher)
    publish(learner, "c", 4)
    assert totals(learner)[2] == (10, 20)
    assert line(learner).percent_unrounded == pytest.approx(0.25)
    assert_right(course)
    assert grades.undo(course, learner.user.pk, part, by=teacher)
    assert totals(learner)[2] == (4, 20)


def test_an_excused_learner_is_graded_by_the_rest(learner: Learner, teacher: Any) -> None:
    course = course_of(learner)
    publish(learner, "a", 4)
    publish(learner, "c", 4)
    publish(learner, "d", 4)
    assert line(learner).percent == 0.75
    grades.excuse(
        course, learner.user.pk, learner.made.usage(COUNTER, "b"), reason="ill", by=teacher
    )
    row = line(learner)
    assert (row.percent, row.blocks[1].is_excused, row.subsections[1].is_excused) == (1, True, True)
    assert_right(course)


def test_a_decision_on_a_line_that_moved_on_is_refused(learner: Learner, teacher: Any) -> None:
    course, key = course_of(learner), learner.made.usage(COUNTER, "a")
    seen = line(learner).revision
    publish(learner, "b", 1)
    with pytest.raises(LineChanged):
        grades.override(
            course, learner.user.pk, key, earned=1, reason="", by=teacher, revision=seen
        )
    grades.override(
        course,
        learner.user.pk,
        key,
        earned=1,
        reason="",
        by=teacher,
        revision=line(learner).revision,
    )
    assert cells(learner)[0] == (1, 4)


@pytest.mark.parametrize("points", [-1.0, 4.5, float("nan"), float("inf")])
def test_points_that_are_none_or_too_many_are_refused(
    learner: Learner, teacher: Any, points: float
) -> None:
    key = learner.made.usage(COUNTER, "a")
    with pytest.raises(DecisionRefused):
        grades.override(
            course_of(learner), learner.user.pk, key, earned=points, reason="", by=teacher
        )
    assert not Override.objects.exists()


def test_decisions_on_strangers_and_on_parts_that_are_gone_are_refused(
    learner: Learner, teacher: Any
) -> None:
    course, key = course_of(learner), learner.made.usage(COUNTER, "a")
    with pytest.raises(DecisionRefused, match="does not take"):
        grades.excuse(course, teacher.pk, key, reason="", by=teacher)
    with pytest.raises(DecisionRefused, match="not in the course"):
        grades.excuse(course, learner.user.pk, "block-v1:gone", reason="", by=teacher)


# --- The book


def named(room: Any, last: str, first: str = "Ana", **attributes: Any) -> Learner:
    return join(room, last_name=last, first_name=first, **attributes)


def names(page: grades.BookPage) -> list[str]:
    return [line.last_name for line in page.lines]


def test_a_page_of_the_book_has_everybody_by_name_and_costs_four_statements(
    room: MadeCourse,
) -> None:
    for last in ("Žagar", "Cindrić", "Čavić", "Әуезов", "anić"):
        named(room, last)
    teacher = make_user(last_name="Aardvark")
    enrol(teacher, room, Enrollment.Role.INSTRUCTOR)
    gone = named(room, "Abel")
    gone.client.post(reverse("leave", args=[room.key]))
    grades.recompute(room.course)
    with CaptureQueriesContext(connection) as captured:
        first = grades.read_page(room.course, limit=3)
    assert len(captured) <= 4
    assert (names(first), first.total) == (["anić", "Cindrić", "Čavić"], 5)
    assert names(grades.read_page(room.course, offset=3)) == ["Žagar", "Әуезов"]
    assert [line.last_name for line in grades.iterate_lines(room.course)] == [
        "anić",
        "Cindrić",
        "Čavić",
        "Žagar",
        "Әуезов",
    ]
    assert not first.is_settling


def test_the_book_is_sorted_by_any_column_and_who_has_no_score_comes_last(room: MadeCourse) -> None:
    for last, points in (("Ban", 3.0), ("Car", None), ("Dan", 0.0), ("Eva", 0.5)):
        learner = named(room, last)
        if points is not None:
            publish(learner, "a", points)

    def order(sort: Sort | str, *, descending: bool = False) -> list[str]:
        return names(grades.read_page(room.course, sort=sort, descending=descending))

    key = room.usage(COUNTER, "a")
    assert order(key) == ["Dan", "Eva", "Ban", "Car"]
    assert order(key, descending=True) == ["Ban", "Eva", "Dan", "Car"]
    assert order(room.usage("sequential", "one"), descending=True)[:2] == ["Ban", "Eva"]
    assert order(Sort.PERCENT, descending=True)[:2] == ["Ban", "Eva"]
    assert order(Sort.SCORED)[0] == "Car"
    with pytest.raises(KeyError):
        order("no such column")


def test_the_book_is_filtered_by_status_group_and_words(room: MadeCourse, teacher: Any) -> None:
    good, poor, idle = (named(room, last) for last in ("Good", "Poor", "Idle"))
    for name in "abcd":
        publish(good, name, 4)
    publish(poor, "a", 1)
    grades.excuse(room.course, poor.user.pk, room.usage(COUNTER, "b"), reason="", by=teacher)
    grades.recompute(room.course)

    def found(**wanted: Any) -> list[str]:
        return names(grades.read_page(room.course, **wanted))

    assert found(status=Status.PASSED) == ["Good"]
    assert found(status=Status.NOT_PASSED) == ["Idle", "Poor"]
    assert found(status=Status.NOT_STARTED) == ["Idle"]
    assert found(status=Status.STARTED) == ["Good", "Poor"]
    assert found(status=Status.DECIDED) == ["Poor"]
    assert found(search="poo ana") == ["Poor"]
    assert found(search=idle.user.email) == ["Idle"]
    assert found(user_ids=[good.user.pk, idle.user.pk]) == ["Good", "Idle"]


def test_the_book_follows_a_change_of_name(room: MadeCourse) -> None:
    first, second = named(room, "Adam"), named(room, "Bede")
    first.user.last_name = "Cato"
    first.user.save()
    assert names(grades.read_page(room.course)) == ["Bede", "Cato"]
    assert second.user.pk == grades.read_page(room.course).lines[0].user_id


def test_the_columns_are_those_of_the_version_that_is_served(room: MadeCourse) -> None:
    columns = grades.read_columns(room.course)
    assert [(each.possible, each.format) for each in columns.blocks] == [
        (4, "Exercises"),
        (4, "Exercises"),
        (4, "Test"),
        (16, "Test"),
    ]
    assert [(each.possible, each.counts) for each in columns.subsections] == [
        (4, True),
        (4, True),
        (20, True),
    ]


# --- Another version


def test_a_new_version_is_read_rightly_at_once_and_stored_by_its_job(
    learner: Learner, room: MadeCourse
) -> None:
    others = [join(room) for _ in range(3)]
    publish(learner, "a", 4)
    publish(learner, "c", 4)
    before = stored(learner)
    one_kind = {"type": "Exercises", "min_count": 1, "drop_count": 0, "weight": 1}
    easier = {**POLICY, "GRADER": [one_kind]}
    only_one = [block("chapter", "only", subsection("one", counter("a", weight=2)))]
    publish_version(add_version(room.course, only_one, policy=easier))
    room.course.refresh_from_db()
    assert stored(learner).percent == before.percent
    assert (line(learner).percent, cells(learner)) == (1.0, [(2, 2)])
    assert grades.read_page(room.course, limit=1).is_settling
    assert runner.run_next("test")
    assert not grades.read_page(room.course, limit=1).is_settling
    assert stored(learner).percent == 1.0
    assert all(stored(each).blocks for each in others)
    assert_right(room.course)


def test_who_was_enrolled_before_the_first_version_is_in_the_book_of_it() -> None:
    course = Course.objects.create(key="course-v1:Fern+EARLY+2026", display_name="Early")
    early = make_user()
    Enrollment.objects.create(user=early, course=course)
    publish_version(add_version(course))
    course.refresh_from_db()
    found = grades.read_page(course)
    assert [line.user_id for line in found.lines] == [early.pk]
    assert found.total == 1


def test_learners_who_had_scores_before_there_were_lines_get_theirs(learner: Learner) -> None:
    publish(learner, "a", 4)
    right = stored(learner)
    LearnerGrade.objects.all().delete()
    assert grades.read_line(course_of(learner), learner.user.pk) is None
    grades.recompute(course_of(learner))
    again = stored(learner)
    assert (again.percent_unrounded, again.blocks) == (right.percent_unrounded, right.blocks)
    LearnerGrade.objects.all().delete()
    publish(learner, "b", 4)
    assert cells(learner)[:2] == [(4, 4), (4, 4)]


def test_scores_in_a_visit_to_another_learners_course_stay_apart(room: MadeCourse) -> None:
    learner, stranger = join(room), visit(counter("a"))
    publish(learner, "a", 4)
    publish(stranger, "a", 2)
    assert [line.user_id for line in grades.read_page(room.course).lines] == [learner.user.pk]
    assert history(stranger) == [("submission", 2, True)]


def test_a_line_worked_out_anew_says_when_the_last_score_that_counts_came(
    learner: Learner,
) -> None:
    publish(learner, "a", 4)
    publish(learner, "b", 2)
    right = stored(learner).last_scored_at
    assert right is not None
    LearnerGrade.objects.all().delete()
    grades.recompute(course_of(learner))
    newest = LearnerState.objects.filter(user=learner.user).latest("scored_at").scored_at
    assert stored(learner).last_scored_at == newest
    assert newest is not None
    assert abs(newest - right) < timedelta(seconds=1)
