"""Answers graded again on the site: found, reported, applied; and others' blocks scored again."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from delivery.grades.api import read_history, read_line
from delivery.models import Enrollment, LearnerState
from grading import api as grading
from jobs import runner
from jobs.models import Job
from tests.delivery.factories import (
    MadeCourse,
    Spec,
    block,
    enrol,
    make_course,
    make_user,
    make_version,
    scored,
)
from tests.delivery.test_hosting_problems import answer_of
from tests.delivery.visits import Learner, join
from tests.grading.exercises import EXERCISE, HALF, RIGHT

pytestmark = pytest.mark.django_db

FIELDS = EXERCISE["keys"][0]["fields"]
EASIER = {"keys": [{**EXERCISE["keys"][0], "fields": [FIELDS[0], {**FIELDS[1], "optional": True}]}]}
PROBLEM = "<problem><stringresponse answer='{}'><textline/></stringresponse></problem>"


class Teacher:
    """An instructor of a course, at its pages of re-grades."""

    def __init__(self, made: MadeCourse) -> None:
        self.made = made
        self.user = make_user()
        enrol(self.user, made, Enrollment.Role.INSTRUCTOR)
        self.client = Client()
        self.client.force_login(self.user)

    def get(self, view: str, *args: Any, **query: Any) -> Any:
        return self.client.get(reverse(view, args=[self.made.key, *args]), query)

    def post(self, view: str, *args: Any, **data: Any) -> Any:
        url = reverse(view, args=[self.made.key, *args])
        return self.client.post(url, data, follow=True)

    def begin(self, *names: str) -> int:
        """Have exercises reported; the number of the latest request."""
        self.post("regrades", exercise=[self.made.usage("marc_record", name) for name in names])
        return grading.find_regrades(self.made.key)[:1][0].id


def text(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def run_all() -> None:
    while runner.run_next("test"):
        pass


def blocks(changes: dict[str, dict[str, Any]]) -> list[Spec]:
    """The course's exercises, with ``changes`` of fields by the names of blocks."""
    fields: dict[str, dict[str, Any]] = {
        "judita": {"exercise": EXERCISE, "display_name": "Judita"},
        "other": {"exercise": EXERCISE, "display_name": "Another"},
        "p": {"data": PROBLEM.format("fern"), "display_name": "A problem"},
    }
    return [
        scored(block("problem" if name == "p" else "marc_record", name, **all_fields), 10)
        for name, known in fields.items()
        if (all_fields := known | changes.get(name, {}))
    ]


def change(made: MadeCourse, **changes: dict[str, Any]) -> None:
    """Serve a version with other fields."""
    make_version(made.course, *blocks(changes))


@pytest.fixture
def made() -> MadeCourse:
    return make_course(*blocks({}))


@pytest.fixture
def teacher(made: MadeCourse) -> Teacher:
    return Teacher(made)


@pytest.fixture
def learners(made: MadeCourse) -> list[Learner]:
    """Two who answered: one half, one right."""
    people = [join(made, first_name=name, last_name="Marić") for name in ("Ana", "Ben")]
    for learner, answer in zip(people, (HALF, RIGHT), strict=True):
        reply = learner.call("marc_record", "judita", "submit", {"fields": answer})
        assert reply.status_code == 200
    return people


def test_nothing_is_to_be_done_while_all_answers_have_marks_by_the_key_served(
    teacher: Teacher, learners: list[Learner]
) -> None:
    page = text(teacher.get("regrades"))
    assert "Every answer that counts was graded by the key" in page
    assert "Nothing was graded again in this course." in page


@pytest.mark.parametrize("changed", [{"exercise": EASIER}, {"points": 20}])
def test_a_changed_key_or_changed_points_are_offered_with_the_number_of_answers(
    teacher: Teacher, learners: list[Learner], changed: dict[str, Any]
) -> None:
    change(teacher.made, judita=changed)
    page = text(teacher.get("regrades"))
    assert "Judita: 2 answers" in page
    assert "Another:" not in page


def test_the_report_names_who_changes_and_nothing_counts_before_it_is_applied(
    teacher: Teacher, learners: list[Learner]
) -> None:
    ana, ben = learners
    change(teacher.made, judita={"exercise": EASIER})
    regrade = teacher.begin("judita")
    page = text(teacher.get("regrade", regrade))
    assert "Working out who changes" in page
    assert "data-follow" in page
    run_all()
    page = text(teacher.get("regrade", regrade))
    assert "Nothing has changed yet." in page
    assert "Ana Marić" in page
    assert "Ben Marić" not in page
    assert "7.14 of 10" in page
    assert "+2.86" in page
    assert ana.state("marc_record", "judita").earned == pytest.approx(100 / 14)
    assert "The new marks are being applied." in text(teacher.post("regrade_apply", regrade))
    run_all()
    assert "Applied." in text(teacher.get("regrade", regrade))
    state = ana.state("marc_record", "judita")
    assert (state.earned, state.possible) == (10.0, 10.0)
    assert state.published_earned == pytest.approx(100 / 14)
    line = read_line(teacher.made.course, ana.user.pk)
    assert line is not None
    assert [entry.kind for entry in history(ana)] == ["regrade", "submission"]
    assert [entry.kind for entry in history(ben)] == ["submission"]
    assert "Every answer that counts" in text(teacher.get("regrades"))


def history(learner: Learner) -> Any:
    return read_history(learner.made.course, learner.user.pk)


def test_a_whole_course_is_reported_at_once(teacher: Teacher, learners: list[Learner]) -> None:
    learners[0].call("marc_record", "other", "submit", {"fields": HALF})
    change(teacher.made, judita={"exercise": EASIER}, other={"exercise": EASIER})
    teacher.begin("judita", "other")
    run_all()
    found = grading.find_regrades(teacher.made.key)[:5]
    assert [(row.state, row.better) for row in found] == [("reported", 1), ("reported", 1)]
    page = text(teacher.get("regrades"))
    assert page.count("waits for a decision") == 2


def test_a_report_is_filtered_paged_and_taken_away_as_a_table(
    teacher: Teacher, learners: list[Learner]
) -> None:
    change(teacher.made, judita={"exercise": EASIER})
    regrade = teacher.begin("judita")
    run_all()
    assert "Ana Marić" in text(teacher.get("regrade", regrade, outcome="better"))
    assert "Nobody is in this group." in text(teacher.get("regrade", regrade, outcome="worse"))
    table = teacher.get("regrade_table", regrade)
    assert table["Content-Disposition"] == f'attachment; filename="regrade-{regrade}.csv"'
    content = b"".join(table.streaming_content).decode("utf-8-sig")
    head, row = csv.reader(io.StringIO(content))
    assert head[:3] == ["Name", "Username", "Outcome"]
    assert row[0] == "Ana Marić"
    assert row[2:] == ["better", "7.1429", "10.0", "10.0", "10", "2.8571"]


def test_a_report_that_is_discarded_changes_nothing(
    teacher: Teacher, learners: list[Learner]
) -> None:
    change(teacher.made, judita={"exercise": EASIER})
    regrade = teacher.begin("judita")
    run_all()
    assert "Stopped." in text(teacher.post("regrade_stop", regrade))
    assert "It has moved on meanwhile." in text(teacher.post("regrade_apply", regrade))
    run_all()
    assert learners[0].state("marc_record", "judita").earned == pytest.approx(100 / 14)


def test_the_script_is_told_how_far_it_is_and_when_it_is_over(
    teacher: Teacher, learners: list[Learner]
) -> None:
    change(teacher.made, judita={"exercise": EASIER})
    regrade = teacher.begin("judita")
    told = teacher.get("regrade_state", regrade).json()
    assert (told["label"], told["is_over"]) == ("Working out who changes", False)
    run_all()
    assert teacher.get("regrade_state", regrade).json()["is_over"] is True


def test_a_regrade_of_another_course_is_not_found(
    teacher: Teacher, learners: list[Learner]
) -> None:
    change(teacher.made, judita={"exercise": EASIER})
    regrade = teacher.begin("judita")
    stranger = Teacher(make_course())
    for view in ("regrade", "regrade_state", "regrade_table"):
        assert stranger.get(view, regrade).status_code == 404
    for view in ("regrade_apply", "regrade_stop", "regrade_again"):
        assert stranger.post(view, regrade).status_code == 404
    assert grading.regrade_status(regrade).state == "reporting"


def test_the_page_costs_the_same_however_many_regrades_there_were(
    teacher: Teacher, learners: list[Learner], django_assert_max_num_queries: Any
) -> None:
    change(teacher.made, judita={"exercise": EASIER})
    for _ in range(5):
        teacher.begin("judita")
    with django_assert_max_num_queries(20):
        teacher.get("regrades")


# --- Others' blocks -------------------------------------------------------------------------------


def solve(learner: Learner, given: str) -> None:
    url = learner.handler_url("problem", "p", "xmodule_handler", "problem_check")
    assert learner.client.post(url, answer_of(learner, {"2_1": given})).status_code == 200


def score(learner: Learner) -> float | None:
    return learner.state("problem", "p").earned


def change_problem(made: MadeCourse, answer: str, **fields: Any) -> None:
    change(made, p={"data": PROBLEM.format(answer), **fields})


@pytest.fixture
def solvers(made: MadeCourse) -> list[Learner]:
    """Two who answered the problem: one right by its first key, one by its second."""
    people = [join(made), join(made)]
    for learner, given in zip(people, ("fern", "moss"), strict=True):
        solve(learner, given)
    assert [score(learner) for learner in people] == [1.0, 0.0]
    return people


def test_a_problem_scores_again_for_everybody_by_its_new_key(
    teacher: Teacher, solvers: list[Learner]
) -> None:
    change_problem(teacher.made, "moss")
    assert "A problem (2 learners)" in text(teacher.get("regrades"))
    teacher.post("rescore", block=teacher.made.usage("problem", "p"))
    run_all()
    assert [score(learner) for learner in solvers] == [0.0, 1.0]
    job = Job.objects.get(task="delivery.rescore")
    assert job.result == {"better": 1, "worse": 1, "same": 0, "unanswered": 0, "failed": 0}
    assert [entry.kind for entry in history(solvers[1])] == ["regrade", "submission"]
    page = text(teacher.client.get(reverse("job", args=[job.pk])))
    assert "Scoring answers again" in page
    assert '<dt>Better</dt><dd class="figure">1</dd>' in page


def test_a_problem_scores_again_for_one_learner_alone(
    teacher: Teacher, solvers: list[Learner]
) -> None:
    change_problem(teacher.made, "moss")
    block_key = teacher.made.usage("problem", "p")
    teacher.post("rescore", block=block_key, username=solvers[1].user.username)
    run_all()
    assert [score(learner) for learner in solvers] == [1.0, 1.0]
    for name in ("nobody", "no\0body"):
        refused = teacher.post("rescore", block=block_key, username=name)
        assert "Nobody of this name has a score there." in text(refused)


def test_a_score_that_would_fall_is_kept_if_that_is_wished(
    teacher: Teacher, solvers: list[Learner]
) -> None:
    change_problem(teacher.made, "moss")
    teacher.post("rescore", block=teacher.made.usage("problem", "p"), only_if_higher="1")
    run_all()
    assert [score(learner) for learner in solvers] == [1.0, 1.0]


def test_a_problem_that_is_closed_by_now_scores_again_all_the_same(
    teacher: Teacher, solvers: list[Learner]
) -> None:
    past = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    change_problem(teacher.made, "moss", due=past)
    teacher.post("rescore", block=teacher.made.usage("problem", "p"))
    run_all()
    assert [score(learner) for learner in solvers] == [0.0, 1.0]
    assert not [entry for entry in history(solvers[1]) if entry.is_late]


def test_what_grading_keeps_or_nobody_answered_is_not_scored_this_way(
    teacher: Teacher, learners: list[Learner]
) -> None:
    assert "Problems that keep their answers" not in text(teacher.get("regrades"))
    for name in ("marc_record", "problem"):
        key = teacher.made.usage(name, "judita" if name == "marc_record" else "p")
        refused = teacher.post("rescore", block=key)
        assert "This block cannot score answers again." in text(refused)
    assert not Job.objects.filter(task="delivery.rescore").exists()
    assert LearnerState.objects.count() == 2
