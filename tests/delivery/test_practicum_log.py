"""Practice in a unit: hours are logged there, and what a mentor confirms moves the course grade."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from submissions import api as submissions

from delivery.outline import outline_of
from delivery.progress import Eyes, grade_course, load_scores
from delivery.tree import load_tree
from jobs import runner
from jobs.models import Job
from practicum import api
from practicum.api import SYSTEM, Actor, Measure, Requirement
from practicum.models import CourseItem
from practicum.running import UPDATE_SCORES
from tests.delivery.factories import block, make_user, scored
from tests.delivery.visits import Learner, join, visit
from tests.practicum.school import (
    RULES,
    day_ago,
    id_of,
    person,
    place,
    programme,
)

pytestmark = pytest.mark.django_db

LOG = "practicum_log"
TEN_HOURS = replace(RULES, requirement=Requirement(600, {"cataloguing": 600}), undo_minutes=60)


@dataclass
class Practice:
    """A trainee in a course and in a placement, with their mentor."""

    learner: Learner
    trainee: Actor
    mentor: Actor
    placement: UUID

    def call(self, handler: str, data: Any, learner: Learner | None = None) -> Any:
        return (learner or self.learner).call(LOG, "hours", handler, data)

    def log(self, ago: int = 3, end: str = "13:00", **data: Any) -> Any:
        sent = {
            "entry": str(uuid4()),
            "placement": str(self.placement),
            "day": day_ago(ago).isoformat(),
            "start": "09:00",
            "end": end,
            "break_minutes": 0,
            "category": "cataloguing",
            "text": "Подредих каталога.",
            "submit": True,
            **data,
        }
        return self.call("log", sent)

    def entries(self) -> list[api.EntryRecord]:
        return api.entries(self.trainee, placement=self.placement)


@pytest.fixture
def practice() -> Practice:
    learner = visit(scored(block(LOG, "hours", programme="basic", points=50), 50))
    mentor, version = person("Meri"), programme(TEN_HOURS)
    host = api.save_host(SYSTEM, name="Sample City Library", tz="Europe/Sofia").id
    trainee = api.actor_for(learner.user)
    return Practice(learner, trainee, mentor, place(trainee, host, version, mentor))


def run_jobs() -> int:
    jobs = list(Job.objects.filter(task=UPDATE_SCORES, state="queued").values_list("pk", flat=True))
    for job in jobs:
        runner.run_job(job, "test")
    return len(jobs)


def approve(practice: Practice) -> None:
    waiting = api.waiting_entries(practice.mentor)
    items = [api.ReviewItem(one.id, one.content_hash, True) for one in waiting]
    assert all(item.is_done for item in api.review_entries(practice.mentor, items).items)


def grade(learner: Learner) -> tuple[float, float]:
    """What the subsection has in the course's grade: earned of possible."""
    tree, now = load_tree(learner.made.version.pk), timezone.now()
    scores = load_scores(tree, learner.made.course.pk, learner.user.pk, now)
    (part,) = grade_course(outline_of(tree), {}, scores, Eyes(now, sees_all=True)).subsections
    return part.total.all.earned, part.total.all.possible


def test_hours_are_logged_in_the_unit_and_wait_for_the_mentor(practice: Practice) -> None:
    assert "No hours yet" in practice.learner.page()
    answer = practice.log()
    assert answer.status_code == 200
    assert "waiting for your mentor" in answer.json()["html"]
    (entry,) = practice.entries()
    assert (entry.state.value, entry.net_minutes, entry.values.text) == (
        "submitted",
        240,
        "Подредих каталога.",
    )
    assert [one.id for one in api.waiting_entries(practice.mentor)] == [entry.id]
    assert "4 h" in practice.learner.page()


def test_an_entry_sent_again_is_one_entry(practice: Practice) -> None:
    entry = str(uuid4())
    for _ in range(2):
        assert practice.log(entry=entry).status_code == 200
    assert len(practice.entries()) == 1


def test_what_breaks_a_rule_is_refused_in_words(practice: Practice) -> None:
    practice.log()
    for wrong, words in (
        ({"start": "10:00", "end": "11:00"}, "Another entry has the time"),
        ({"ago": -3}, "in the future"),
        ({"ago": 5, "category": "singing"}, "no activity singing"),
        ({"ago": 5, "break_minutes": 300}, "break has to be shorter"),
        ({"ago": 5, "day": "yesterday"}, "A day and two times"),
        ({"ago": 5, "start": "09:00+05:00"}, "A day and two times"),
        ({"ago": 5, "break_minutes": "ten"}, "number of minutes"),
        ({"ago": 5, "day": "9999-12-31", "start": "23:00", "end": "01:00"}, "A day and two"),
        ({"ago": 5, "day": "0001-01-01"}, "A day and two times"),
    ):
        refused = practice.log(**wrong)
        assert refused.status_code == 400, wrong
        assert words in refused.json()["error"]
    assert len(practice.entries()) == 1


def test_nobody_logs_at_another_s_placement_or_without_one(practice: Practice) -> None:
    other = join(practice.learner.made)
    assert "no placement in this programme" in other.page()
    for handler in ("log", "refresh", "submit_drafts"):
        assert practice.call(handler, {}, other).status_code == 409
    stranger = api.actor_for(other.user)
    host = api.save_host(SYSTEM, name="Elsewhere", tz="UTC").id
    version = api.placement(SYSTEM, practice.placement).programme_version
    place(stranger, host, version, practice.mentor)
    sent = {"entry": str(uuid4()), "placement": str(practice.placement)}
    assert practice.call("log", sent, other).status_code == 403
    assert practice.entries() == []


def test_drafts_are_submitted_together(practice: Practice) -> None:
    for ago in (3, 4):
        practice.log(ago=ago, submit=False)
    drafts = [str(one.id) for one in practice.entries()]
    assert "Submit all drafts" in practice.learner.page()
    assert practice.call("submit_drafts", {"entries": drafts}).status_code == 200
    assert {one.state.value for one in practice.entries()} == {"submitted"}
    assert practice.call("submit_drafts", {"entries": ["x"]}).status_code == 400


def test_a_returned_entry_is_shown_with_its_reason(practice: Practice) -> None:
    practice.log()
    (entry,) = practice.entries()
    item = api.ReviewItem(entry.id, entry.content_hash, False, "Was it not longer?")
    api.review_entries(practice.mentor, [item])
    page = practice.learner.page()
    assert "Returned to you" in page
    assert "Was it not longer?" in page


def test_the_course_grade_moves_when_the_mentor_confirms_and_back(practice: Practice) -> None:
    practice.learner.page()
    assert grade(practice.learner) == (0, 50)
    practice.log()
    assert run_jobs() == 0  # nothing counts before a mentor says so
    approve(practice)
    assert run_jobs() == 1
    row = practice.learner.state(LOG, "hours")
    assert (row.earned, row.possible) == (20, 50)
    assert grade(practice.learner) == (20, 50)
    api.undo_approval(practice.mentor, practice.entries()[0].id)
    run_jobs()
    assert grade(practice.learner) == (0, 50)


def test_more_than_required_earns_no_more_than_all(practice: Practice) -> None:
    practice.learner.page()
    for ago in (3, 4, 5):
        practice.log(ago=ago)
    approve(practice)
    run_jobs()
    row = practice.learner.state(LOG, "hours")
    assert (row.earned, row.possible) == (50, 50)
    assert practice.learner.completion(LOG, "hours") is None
    practice.call("refresh", {})
    assert practice.learner.completion(LOG, "hours") == 1.0


def test_hours_confirmed_before_the_unit_was_opened_count_at_its_opening(
    practice: Practice,
) -> None:
    practice.log()  # the handler registers the block as well
    CourseItem.objects.all().delete()
    approve(practice)
    assert run_jobs() == 0
    practice.learner.page()
    assert practice.learner.state(LOG, "hours").earned == 20


def test_opening_again_writes_and_tells_nothing(practice: Practice) -> None:
    practice.learner.page()
    practice.log()
    approve(practice)
    run_jobs()
    item = CourseItem.objects.get()
    told = {
        "student_id": item.student_id,
        "course_id": item.course_id,
        "item_id": item.item_id,
        "item_type": item.item_type,
    }
    before = len(submissions.get_submissions(told))
    practice.learner.page()
    practice.call("refresh", {})
    assert len(submissions.get_submissions(told)) == before == 1


def test_a_correction_changes_the_score_once_it_is_signed(practice: Practice) -> None:
    practice.learner.page()
    practice.log()
    approve(practice)
    run_jobs()
    (entry,) = practice.entries()
    shorter = replace(
        entry.values,
        start=entry.values.end - (entry.values.end - entry.values.start) / 2,
        allocations={"cataloguing": 120},
    )
    made = api.propose_amendment(
        practice.trainee, entry.id, shorter, base=1, reason="I came at eleven."
    )
    assert run_jobs() == 0
    api.approve_amendment(practice.mentor, made.id, content_hash=made.content_hash)
    run_jobs()
    assert practice.learner.state(LOG, "hours").earned == 10


def test_competencies_that_a_mentor_saw_count_where_the_author_says_so(
    practice: Practice,
) -> None:
    item = {
        "student_id": "f" * 32,
        "course_id": practice.learner.made.key,
        "item_id": "block-of-competencies",
        "item_type": LOG,
    }

    def standing() -> api.Standing:
        return api.register_item(
            practice.trainee,
            item,
            programme="basic",
            points=10,
            measure=Measure.COMPETENCIES,
            level=2,
        )

    assert (standing().done, standing().required) == (0, 2)
    api.assess_competency(practice.trainee, practice.placement, "marc", 4)
    assert run_jobs() == 0  # what trainees say of themselves earns nothing
    api.assess_competency(practice.mentor, practice.placement, "marc", 2)
    assert run_jobs() == 1
    assert CourseItem.objects.get().given_earned == 5
    assert standing().share == 0.5
    api.assess_competency(practice.mentor, practice.placement, "marc", 1)
    run_jobs()
    assert CourseItem.objects.get().given_earned == 0


def test_an_erased_trainee_s_practice_counts_nowhere_any_more(practice: Practice) -> None:
    practice.learner.page()
    assert CourseItem.objects.count() == 1
    coordinator = api.actor_for(make_user())
    api.appoint_coordinator(SYSTEM, id_of(coordinator))
    api.change_placement(coordinator, practice.placement, last=day_ago(1))
    api.erase_person(coordinator, id_of(practice.trainee))
    assert not CourseItem.objects.exists()
    assert "no placement in this programme" in practice.learner.page()
