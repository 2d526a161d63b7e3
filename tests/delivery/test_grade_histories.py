"""Whatever happens, and in whatever order: the stored grades are what the raw scores come to."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from threading import Barrier
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from submissions import api as submissions

from delivery.grades import api as grades
from delivery.grades.counting import NewScore, count_scores
from delivery.grades.lines import lock_line, write_line
from delivery.grades.plan import plan_at
from delivery.grades.sheets import set_score, unpack_sheet
from delivery.importing.versions import publish_version
from delivery.models import Course, Enrollment, LearnerGrade, LearnerState, ScoreChange
from delivery.runtime.state import LearnerStore
from delivery.tree import load_tree
from tests.delivery.factories import block, enrol, make_user
from tests.delivery.grading_courses import NOW
from tests.delivery.reading_room import add_version
from tests.delivery.sample_blocks import COUNTER
from tests.delivery.test_grades import POLICY, counter, make_graded, sections, subsection

NAMES = ("a", "b", "c", "d")
PARTS = ("one", "two", "test")
LEARNERS = 3
THREADS = 6

names = st.sampled_from(NAMES)
learners = st.integers(0, LEARNERS - 1)
points = st.integers(0, 4)
EVENTS = st.one_of(
    st.tuples(st.just("publish"), learners, names, points),
    st.tuples(st.just("publish"), learners, names, points),
    st.tuples(st.just("delete"), learners, names, points),
    st.tuples(st.just("give"), learners, names, points),
    st.tuples(st.just("reset"), learners, names, points),
    st.tuples(st.just("override"), learners, st.sampled_from(NAMES + PARTS), points),
    st.tuples(st.just("excuse"), learners, st.sampled_from(NAMES + PARTS), points),
    st.tuples(st.just("undo"), learners, st.sampled_from(NAMES + PARTS), points),
    st.tuples(st.just("version"), learners, names, points),
    st.tuples(st.just("recompute"), learners, names, points),
)
VERSIONS = (
    {"chapters": sections(), "policy": POLICY},
    {"chapters": sections(), "policy": {**POLICY, "GRADE_CUTOFFS": {"Pass": 0.3}}},
    {
        "chapters": [
            block(
                "chapter",
                "only",
                subsection("one", counter("b"), counter("a", weight=3)),
                subsection("test", counter("d", graded=False), form="Test"),
            )
        ],
        "policy": POLICY,
    },
)


class Story:
    """A course with some learners to whom things happen."""

    def __init__(self) -> None:
        self.made = make_graded()
        self.users = [make_user() for _ in range(LEARNERS)]
        for user in self.users:
            enrol(user, self.made)
        self.teacher = make_user()
        self.versions = 0

    @property
    def course(self) -> Course:
        return Course.objects.get(pk=self.made.course.pk)

    def key(self, name: str) -> str:
        return self.made.usage(COUNTER if name in NAMES else "sequential", name)

    def happen(self, what: str, learner: int, name: str, value: int) -> None:
        getattr(self, f"do_{what}")(self.users[learner], name, value)

    def do_publish(self, user: Any, name: str, value: int) -> None:
        self._publish(user, name, float(value), 4.0)

    def do_delete(self, user: Any, name: str, value: int) -> None:
        self._publish(user, name, None, None)

    def _publish(self, user: Any, name: str, value: float | None, of: float | None) -> None:
        tree = load_tree(self.course.current_version_id or 0)
        if self.key(name) in tree.blocks:
            with transaction.atomic():
                store = LearnerStore(tree, self.made.course.pk, user.pk)
                store.lock([self.key(name)])
                store.learner(self.key(name)).set_score(value, of)
                store.flush()

    def do_give(self, user: Any, name: str, value: int) -> None:
        signal("set", user, self.made.key, self.key(name), value)

    def do_reset(self, user: Any, name: str, value: int) -> None:
        signal("reset", user, self.made.key, self.key(name), value)

    def do_override(self, user: Any, name: str, value: int) -> None:
        self._decide(grades.override, user, name, earned=value / 2, possible=4.0)

    def do_excuse(self, user: Any, name: str, value: int) -> None:
        self._decide(grades.excuse, user, name)

    def do_undo(self, user: Any, name: str, value: int) -> None:
        self._decide(grades.undo, user, name)

    def _decide(self, act: Any, user: Any, name: str, **values: Any) -> None:
        plan = grades.read_columns(self.course).plan
        if self.key(name) in {**plan.positions, **plan.places}:
            act(self.course, user.pk, self.key(name), reason="why", by=self.teacher, **values)

    def do_version(self, user: Any, name: str, value: int) -> None:
        self.versions += 1
        version = VERSIONS[self.versions % len(VERSIONS)]
        publish_version(add_version(self.course, **version))

    def do_recompute(self, user: Any, name: str, value: int) -> None:
        grades.recompute(self.course, only_stale=bool(value % 2))


def signal(kind: str, user: Any, course_key: str, usage_key: str, earned: int) -> None:
    """A score as edx-submissions tells of it."""
    enrollment = Enrollment.objects.get(user=user, course__key=course_key)
    item = {
        "student_id": enrollment.anonymous_id,
        "course_id": course_key,
        "item_id": usage_key,
        "item_type": COUNTER,
    }
    if kind == "set":
        given = submissions.create_submission(item, "by hand")
        submissions.set_score(given["uuid"], earned, 4)
    else:
        submissions.reset_score(item["student_id"], course_key, usage_key)


class RandomHistories(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(st.lists(EVENTS, min_size=1, max_size=14))
    def test_a_full_recomputation_equals_what_is_stored(
        self, events: list[tuple[str, int, str, int]]
    ) -> None:
        story = Story()
        for event in events:
            story.happen(*event)
        found = grades.recompute(story.course, repair=False)
        assert (found.learners, found.wrong) == (LEARNERS, 0), found.differences
        grades.recompute(story.course, only_stale=True)
        assert grades.recompute(story.course, repair=False).changed == 0
        changes = ScoreChange.objects.filter(kind="submission", course_id=story.made.course.pk)
        assert changes.count() <= len(events)


# --- The command


@pytest.fixture
def told() -> Story:
    story = Story()
    for number, name in enumerate(NAMES):
        story.happen("publish", number % LEARNERS, name, 3)
    return story


def run(*options: str, key: str) -> str:
    out = StringIO()
    call_command("recompute_grades", key, *options, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_command_finds_a_wrong_grade_tells_of_it_and_repairs_it(told: Story) -> None:
    key, user = told.made.key, told.users[0]
    assert run("--check", key=key).startswith("3 learners, 0 to change")
    right = LearnerGrade.objects.get(user=user).percent_unrounded
    LearnerGrade.objects.filter(user=user).update(percent_unrounded=0.99)
    with pytest.raises(CommandError, match="not those of the raw scores"):
        run("--check", key=key)
    assert LearnerGrade.objects.get(user=user).percent_unrounded == 0.99
    said = run("--check", "--repair", key=key)
    assert "1 changed: 1 wrong" in said
    assert f"account {user.pk}: 0.990000 is {right:.6f}" in said
    assert LearnerGrade.objects.get(user=user).percent_unrounded == right
    assert run("--check", key=key).startswith("3 learners, 0 to change")


@pytest.mark.django_db
def test_the_command_can_leave_alone_what_is_of_the_present_policy(told: Story) -> None:
    LearnerGrade.objects.filter(user=told.users[0]).update(percent=0.99)
    assert run("--changed", key=told.made.key).startswith("0 learners, 0 changed")
    told.happen("version", 0, "a", 0)
    assert run("--changed", key=told.made.key).startswith("3 learners, 3 changed: 0 wrong")


@pytest.mark.django_db
def test_a_recomputation_takes_few_statements_however_many_learners(
    told: Story, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        enrol(make_user(), told.made)
    LearnerGrade.objects.update(stamp=0)
    with django_assert_max_num_queries(12):
        assert grades.recompute(told.course).changed == LEARNERS + 12


@pytest.mark.django_db
def test_some_learners_are_brought_up_to_date_by_name(told: Story) -> None:
    LearnerState.objects.filter(user__in=told.users[:2], earned=3).update(earned=1)
    chosen = [user.pk for user in told.users[:1]]
    assert grades.recompute(told.course, user_ids=chosen).changed == 1
    assert grades.recompute(told.course, repair=False).changed == 1


# --- Many at once


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """What each thread's ``work`` returned or raised; they start together."""
    barrier = Barrier(THREADS, timeout=60)

    def run(number: int) -> Any:
        try:
            barrier.wait()
            return work(number)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


@pytest.mark.django_db(transaction=True)
def test_scores_decisions_and_recomputations_at_once_lose_nothing(told: Story) -> None:
    def work(number: int) -> None:
        for turn in range(4):
            told.happen("publish", 0, NAMES[number % len(NAMES)], (number + turn) % 5)
            if number == 4:
                told.happen("override", 0, "b", turn)
                told.happen("recompute", 0, "a", turn)
            if number == 5:
                told.happen("undo", 0, "b", turn)

    assert at_once(work) == [None] * THREADS
    found = grades.recompute(told.course, repair=False)
    assert (found.changed, found.differences) == (0, ())


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="writers follow each other anyway")
def test_without_its_lock_a_line_loses_scores(told: Story) -> None:
    """The twin: read the line, meet the others, write it."""
    course_id, user_id = told.made.course.pk, told.users[0].pk
    tree = load_tree(told.course.current_version_id or 0)
    plan = plan_at(tree, NOW)
    barrier = Barrier(THREADS, timeout=60)

    def count_unprotected(number: int) -> None:
        name = NAMES[number % len(NAMES)]
        key = told.key(name)
        with transaction.atomic():
            LearnerState.objects.filter(user_id=user_id, usage_key=key).update(
                earned=1.0, possible=4.0
            )
        row = LearnerGrade.objects.get(course_id=course_id, user_id=user_id)
        sheet = unpack_sheet(bytes(row.blocks), bytes(row.subsections))
        set_score(plan, sheet, plan.positions[key], 1.0, 4.0)
        barrier.wait()
        with transaction.atomic():
            write_line(plan, lock_line(course_id, user_id), sheet, None)

    for name in NAMES:
        told.happen("publish", 0, name, 4)
    assert at_once(count_unprotected) == [None] * THREADS
    assert grades.recompute(told.course, repair=False).wrong == 1


@pytest.mark.django_db
def test_a_score_of_a_block_that_is_gone_is_remembered_and_counts_nowhere(told: Story) -> None:
    tree = load_tree(told.course.current_version_id or 0)
    user = told.users[0]
    before = LearnerGrade.objects.get(user=user)
    count_scores(tree, told.made.course.pk, user.pk, [NewScore("block-v1:gone", 4.0, 4.0)])
    after = LearnerGrade.objects.get(user=user)
    assert (after.blocks, after.percent) == (before.blocks, before.percent)
    assert ScoreChange.objects.filter(usage_key="block-v1:gone").exists()
