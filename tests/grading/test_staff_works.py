"""The life of a work that people grade: handed in, graded, returned, reviewed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone
from submissions import api as submissions

from grading import api, staff
from grading.api import AttemptsUsedUp, IdempotencyConflict, InvalidAnswer
from grading.human import bank
from grading.models import Submission, TaskAnswer, TaskGrading, TaskStep, TaskWork
from grading.staff import (
    Actor,
    HeldByAnother,
    NoSuchWork,
    StaleNotes,
    State,
    TaskMoved,
    TaskRefused,
    task_moved,
)
from tests.grading.tasks import (
    ANA,
    BETTER,
    BORIS,
    ESSAY,
    FAIR,
    GOOD,
    OTHER,
    PLACE,
    SETTINGS,
    TOGETHER,
    TWO,
    VERA,
    give_back,
    grade,
    hand_in,
    learner,
    verdict,
    work_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Any:
    """What the host was told."""
    heard: list[TaskMoved] = []

    def listen(moved: TaskMoved, **_: Any) -> None:
        heard.append(moved)

    task_moved.connect(listen)
    yield heard
    task_moved.disconnect(listen)


def score_of(item: Any = None) -> tuple[int, int]:
    given = submissions.get_score(dict(item or learner()))
    return given["points_earned"], given["points_possible"]


# --- Handing in -----------------------------------------------------------------------------------


def test_before_anything_is_handed_in_it_is_the_learners_turn() -> None:
    state = staff.load_task(learner())
    assert (state.state, state.actor, state.answers) == (None, Actor.TRAINEE, ())


def test_what_is_handed_in_waits_for_a_grader_and_is_kept_as_it_was() -> None:
    hand_in()
    state = staff.load_task(learner())
    assert (state.state, state.actor) == (State.WAITING, Actor.GRADER)
    assert [(a.number, a.text) for a in state.answers] == [(1, ESSAY["text"])]
    assert api.load_item(learner()).attempts == 1


def test_another_version_may_be_handed_in_until_somebody_begins_to_grade() -> None:
    work = hand_in()
    assert staff.load_task(learner()).may_replace
    assert staff.hand_in(learner(), BETTER, SETTINGS) == 2
    assert staff.claim_next(PLACE, ANA) == work
    assert not staff.load_task(learner()).may_replace
    with pytest.raises(TaskRefused, match="begun to grade"):
        staff.hand_in(learner(), ESSAY, SETTINGS)
    staff.save_notes(PLACE, work, ANA, verdict({}), 0)
    staff.release(PLACE, work, ANA)
    with pytest.raises(TaskRefused, match="begun to grade"):
        staff.hand_in(learner(), ESSAY, SETTINGS)
    assert TaskAnswer.objects.count() == 2


def test_a_grader_who_only_looked_lets_the_learner_send_another_version() -> None:
    work = hand_in()
    staff.claim(PLACE, work, ANA)
    staff.release(PLACE, work, ANA)
    assert staff.hand_in(learner(), BETTER, SETTINGS) == 2


def test_versions_end_where_the_author_says_but_a_revision_asked_for_is_always_taken() -> None:
    limited = replace(SETTINGS, attempts_allowed=1)
    work = hand_in(settings=limited)
    with pytest.raises(AttemptsUsedUp):
        staff.hand_in(learner(), BETTER, limited)
    give_back(work)
    assert staff.hand_in(learner(), BETTER, limited) == 2


def test_who_is_too_late_hears_so_before_how_many_versions_there_are() -> None:
    limited = replace(SETTINGS, attempts_allowed=1)
    grade(hand_in(settings=limited), settings=limited)
    with pytest.raises(TaskRefused, match="has been graded"):
        staff.hand_in(learner(), BETTER, limited)


def test_the_same_key_hands_in_once_and_never_another_answer() -> None:
    assert staff.hand_in(learner(), ESSAY, SETTINGS, key="k") == 1
    assert staff.hand_in(learner(), ESSAY, SETTINGS, key="k") == 1
    with pytest.raises(IdempotencyConflict):
        staff.hand_in(learner(), BETTER, SETTINGS, key="k")
    assert TaskAnswer.objects.count() == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"text": "", "files": []}, "Write something"),
        ({"text": "one", "files": []}, "At least 2 words"),
        ({"text": "word " * 51, "files": []}, "At most 50 words"),
        ({"text": ESSAY["text"], "files": ["f" * 32]}, "no file"),
        ({"text": ESSAY["text"], "files": ["../etc"]}, "no file"),
        ({"text": 7}, "Text is expected"),
        ([], "object"),
    ],
)
def test_what_is_not_as_asked_for_is_refused_in_words(answer: Any, words: str) -> None:
    with pytest.raises(InvalidAnswer, match=words):
        staff.hand_in(learner(), answer, SETTINGS)
    assert not TaskWork.objects.exclude(state="").exists()


# --- Grading --------------------------------------------------------------------------------------


def test_a_grade_is_shown_at_once_and_reaches_the_host_in_its_points(told: Any) -> None:
    assert grade(hand_in(), marks=FAIR, comment="Close.") == State.PUBLISHED
    state = staff.load_task(learner())
    given = state.answers[0].gradings[0]
    assert (given.marks["choice"]["comment"], given.comment) == ("And the editor?", "Close.")
    assert score_of() == (14, 20)
    item = api.load_item(learner())
    assert (item.earned, item.possible) == (14.0, 20.0)
    assert item.last is not None
    assert [line.code for line in item.last.mark.lines] == ["rubric.choice", "rubric.words"]
    assert [(moved.what, moved.by) for moved in told] == [("graded", ANA)]


def test_a_first_grade_is_rounded_to_the_nearest_point_for_the_host() -> None:
    marks = {"choice": {"points": 3.1}, "words": {"points": 4}}
    grade(hand_in(), marks=marks)
    assert score_of() == (14, 20)
    assert api.load_item(learner()).earned == pytest.approx(14.2)


def test_marks_that_do_not_fit_change_nothing() -> None:
    work = hand_in()
    with pytest.raises(InvalidAnswer):
        grade(work, marks={"choice": {"points": 7}, "words": {"points": 1}})
    assert work_of().state == State.WAITING
    assert not TaskGrading.objects.exists()


def test_a_version_that_was_replaced_meanwhile_is_not_graded() -> None:
    work = hand_in()
    staff.hand_in(learner(), BETTER, SETTINGS)
    with pytest.raises(TaskRefused, match="newer version"):
        grade(work, version=1)
    assert grade(work, version=2) == State.PUBLISHED


def test_grades_that_are_shown_together_wait_for_their_publication(told: Any) -> None:
    items = [learner("a"), learner("b")]
    for item in items:
        assert grade(hand_in(item), settings=TOGETHER) == State.READY
    assert staff.load_task(items[0]).answers[0].gradings == []
    assert told == []
    assert submissions.get_score(dict(items[0])) is None
    assert staff.publish_all(PLACE, BORIS, TOGETHER) == 2
    assert staff.publish_all(PLACE, BORIS, TOGETHER) == 0
    assert staff.load_task(items[1]).answers[0].gradings[0].by == ANA
    assert score_of(items[0]) == (20, 20)
    assert [moved.what for moved in told] == ["graded", "graded"]


def test_a_grade_that_stands_may_be_revised_and_both_are_kept() -> None:
    work = hand_in()
    grade(work, marks=FAIR)
    grade(work, BORIS, marks=GOOD)
    assert score_of() == (20, 20)
    assert [row.is_rescore for row in api.submissions(learner())] == [False, True]
    assert len(staff.load_task(learner()).answers[0].gradings) == 1


def test_a_grade_may_be_computed_again_by_a_changed_rubric() -> None:
    grade(hand_in(), marks=FAIR)
    choice, words = SETTINGS.exercise["criteria"]
    levels = [*choice["levels"][:2], {"name": "Complete", "points": [4, 16]}]
    harder = {"criteria": [{**choice, "points": 16, "levels": levels}, words]}
    record = api.rescore(learner(), grader="rubric", exercise=harder, points=20)
    assert record.earned == pytest.approx(7.0)


# --- Second grading and moderation ----------------------------------------------------------------


def test_two_graders_who_nearly_agree_meet_in_the_middle() -> None:
    work = hand_in()
    assert grade(work, ANA, GOOD, TWO) == State.SECOND
    close = {"choice": {"points": 5}, "words": {"points": 4, "comment": "Yes."}}
    assert grade(work, BORIS, close, TWO) == State.PUBLISHED
    given = staff.load_task(learner()).answers[0].gradings[0]
    assert given.marks["choice"]["points"] == 5.5
    assert (given.role, given.by) == ("agreed", "")
    assert score_of() == (19, 20)


def test_nobody_grades_a_work_twice() -> None:
    work = hand_in()
    grade(work, ANA, GOOD, TWO)
    assert staff.claim_next(PLACE, ANA) is None
    for act in (
        lambda: staff.claim(PLACE, work, ANA),
        lambda: grade(work, ANA, FAIR, TWO),
        lambda: staff.save_notes(PLACE, work, ANA, verdict(), 0),
    ):
        with pytest.raises(TaskRefused, match="somebody else"):
            act()
    assert not staff.load_sheet(PLACE, work, ANA).may_grade


def test_a_second_grader_does_not_see_what_the_first_one_gave() -> None:
    work = hand_in()
    grade(work, ANA, FAIR, TWO, comment="Weak.")
    sheet = staff.load_sheet(PLACE, work, BORIS)
    assert sheet.answers[0].gradings == []
    assert "graded" not in [step.what for step in sheet.steps]
    assert staff.load_sheet(PLACE, work, ANA).answers[0].gradings[0].comment == "Weak."


def test_graders_who_differ_are_moderated_with_their_differences_shown() -> None:
    work = hand_in()
    grade(work, ANA, GOOD, TWO)
    assert grade(work, BORIS, FAIR, TWO) == State.MODERATION
    assert staff.load_task(learner()).actor == Actor.MODERATOR
    sheet = staff.load_sheet(PLACE, work, VERA)
    assert sheet.differences == {"choice": -3.0}
    assert [given.by for given in sheet.answers[0].gradings] == [ANA, BORIS]
    decided = {"choice": {"points": 4, "level": 2}, "words": {"points": 4}}
    assert grade(work, VERA, decided, TWO) == State.PUBLISHED
    assert score_of() == (16, 20)
    assert [given.by for given in staff.load_task(learner()).answers[0].gradings] == [VERA]


def test_a_rubric_that_changed_between_two_graders_is_moderated() -> None:
    work = hand_in()
    grade(work, ANA, GOOD, TWO)
    short = replace(TWO, exercise={"criteria": [TWO.exercise["criteria"][1]]})
    assert grade(work, BORIS, {"words": {"points": 4}}, short) == State.MODERATION


# --- Returning ------------------------------------------------------------------------------------


def test_what_is_returned_comes_back_with_comments_and_without_marks(told: Any) -> None:
    due = timezone.now() + dt.timedelta(days=7)
    pins = [{"kind": "text", "start": 0, "end": 5, "comment": "Who is that?"}]
    give_back(hand_in(), due_at=due, pins=pins)
    state = staff.load_task(learner())
    assert (state.state, state.actor, state.due_at) == (State.RETURNED, Actor.TRAINEE, due)
    given = state.answers[0].gradings[0]
    assert (given.comment, given.score) == ("Say why.", None)
    assert given.pins[0]["quote"] == "Марин"
    assert [(moved.what, moved.due_at) for moved in told] == [("returned", due)]
    assert staff.hand_in(learner(), BETTER, SETTINGS) == 2
    assert staff.load_task(learner()).due_at is None
    assert grade(work_of().uuid, version=2) == State.PUBLISHED


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"comment": " "}, "what is to be revised"),
        ({"due_at": timezone.now() - dt.timedelta(days=1)}, "passed already"),
    ],
)
def test_returning_needs_a_reason_and_a_date_to_come(more: Any, words: str) -> None:
    work = hand_in()
    with pytest.raises(TaskRefused, match=words):
        give_back(work, **more)
    assert work_of().state == State.WAITING


def test_a_grade_that_is_shown_is_not_returned() -> None:
    work = hand_in()
    grade(work)
    with pytest.raises(TaskRefused, match="cannot be returned"):
        give_back(work)


@pytest.mark.parametrize(
    "pin",
    [
        {"kind": "text", "start": 4, "end": 4, "comment": "x"},
        {"kind": "text", "start": 0, "end": 9999, "comment": "x"},
        {"kind": "text", "start": 0, "end": 4, "comment": " "},
        {"kind": "image", "file": "f" * 32, "x": 0.5, "y": 0.5, "comment": "x"},
        {"kind": "page", "comment": "x"},
        "x",
    ],
)
def test_a_comment_is_pinned_to_a_place_that_is_there(pin: Any) -> None:
    work = hand_in()
    with pytest.raises(InvalidAnswer):
        grade(work, pins=[pin])
    assert work_of().state == State.WAITING


# --- Reviews --------------------------------------------------------------------------------------


def test_a_review_is_asked_for_once_and_an_answer_is_owed(told: Any) -> None:
    work = hand_in()
    grade(work, marks=FAIR)
    staff.appeal(learner(), "The editor is named in my second sentence.")
    state = staff.load_task(learner())
    assert (state.state, state.actor, state.may_appeal) == (State.APPEALED, Actor.GRADER, False)
    assert state.answers[0].gradings, "the grade stays in sight"
    with pytest.raises(TaskRefused, match="write an answer"):
        staff.answer_appeal(PLACE, work, ANA, " ")
    staff.answer_appeal(PLACE, work, ANA, "It names the publisher.")
    state = staff.load_task(learner())
    assert (state.state, state.appeal_answer) == (State.PUBLISHED, "It names the publisher.")
    assert score_of() == (14, 20)
    with pytest.raises(TaskRefused, match="once"):
        staff.appeal(learner(), "But still.")
    assert [moved.what for moved in told] == ["graded", "appealed", "answered"]
    assert told[1].grader == ANA


def test_a_review_may_change_the_grade_and_is_answered_in_any_case() -> None:
    work = hand_in()
    grade(work, marks=FAIR)
    staff.appeal(learner(), "Please look again.")
    with pytest.raises(TaskRefused, match="write an answer"):
        grade(work, BORIS, GOOD)
    assert grade(work, BORIS, GOOD, reply="You are right.") == State.PUBLISHED
    assert score_of() == (20, 20)


def test_a_review_of_what_is_not_graded_is_refused() -> None:
    hand_in()
    with pytest.raises(TaskRefused, match="once the grade is shown"):
        staff.appeal(learner(), "Why?")
    with pytest.raises(TaskRefused, match="Say why"):
        staff.appeal(learner(), "")


# --- The queue ------------------------------------------------------------------------------------


def test_the_queue_gives_what_has_been_waiting_longest_and_goes_on_from_there() -> None:
    works = [hand_in(learner(name)) for name in "abc"]
    assert staff.claim_next(PLACE, ANA) == works[0]
    assert staff.claim_next(PLACE, ANA, after=works[0]) == works[1]
    assert staff.claim_next(PLACE, BORIS) == works[0], "Ana let it go"
    assert staff.claim_next(PLACE, ANA, after=works[1]) == works[2]
    assert staff.claim_next(PLACE, ANA, after=works[2]) == works[1], "and begins again"


def test_two_never_have_the_same_work_until_one_was_away_for_long() -> None:
    work = hand_in()
    staff.claim(PLACE, work, ANA)
    assert staff.claim_next(PLACE, BORIS) is None
    for act in (
        lambda: staff.claim(PLACE, work, BORIS),
        lambda: grade(work, BORIS),
        lambda: give_back(work, BORIS),
        lambda: staff.save_notes(PLACE, work, BORIS, verdict(), 0),
    ):
        with pytest.raises(HeldByAnother) as refusal:
            act()
        assert refusal.value.by == ANA
    TaskWork.objects.update(held_until=timezone.now() - dt.timedelta(seconds=1))
    assert staff.claim_next(PLACE, BORIS) == work
    with pytest.raises(HeldByAnother):
        grade(work, ANA)


def test_notes_are_kept_for_their_grader_alone_and_never_lost_to_another_window() -> None:
    work = hand_in()
    notes = verdict({"choice": {"points": 2}}, comment="so far")
    assert staff.save_notes(PLACE, work, ANA, notes, 0) == 1
    with pytest.raises(StaleNotes) as stale:
        staff.save_notes(PLACE, work, ANA, verdict(comment="older"), 0)
    assert stale.value.content["comment"] == "so far"
    assert staff.load_sheet(PLACE, work, ANA).notes == notes
    assert staff.load_sheet(PLACE, work, BORIS).notes == {}
    assert staff.load_task(learner()).answers[0].gradings == []
    grade(work)
    assert staff.load_sheet(PLACE, work, ANA).notes == {}


def test_queues_are_counted_by_state_with_the_oldest_that_waits() -> None:
    works = [hand_in(learner(name)) for name in "abc"]
    grade(works[0])
    counted = staff.count_queues(PLACE.course_key, [PLACE.usage_key, OTHER.usage_key])
    assert counted[PLACE.usage_key].states == {"waiting": 2, "published": 1}
    assert counted[PLACE.usage_key].owed == 2
    assert counted[PLACE.usage_key].oldest == work_of(learner("b")).waiting_since
    assert (counted[OTHER.usage_key].owed, counted[OTHER.usage_key].oldest) == (0, None)


def test_works_are_listed_page_by_page_and_by_state() -> None:
    works = [hand_in(learner(name)) for name in "abc"]
    grade(works[1], marks=FAIR)
    first = staff.list_works(PLACE, ANA, size=2)
    assert ([row.id for row in first.rows], first.total) == ([works[0], works[2]], 3)
    assert [row.id for row in staff.list_works(PLACE, ANA, size=2, page=2).rows] == [works[1]]
    shown = staff.list_works(PLACE, ANA, states=["published"])
    assert [(row.score, row.actor) for row in shown.rows] == [(0.7, Actor.NOBODY)]
    assert staff.list_works(PLACE, ANA, states=["waiting", "waiting"]).total == 2
    assert staff.list_works(OTHER, ANA).rows == []


def test_nothing_of_another_task_is_reached_through_a_place() -> None:
    work = hand_in()
    for act in (
        lambda: staff.claim(OTHER, work, ANA),
        lambda: staff.load_sheet(OTHER, work, ANA),
        lambda: staff.save_notes(OTHER, work, ANA, verdict(), 0),
        lambda: staff.grade(OTHER, work, ANA, verdict(), SETTINGS, version=1),
        lambda: staff.give_back(OTHER, work, ANA, verdict(), SETTINGS, version=1),
        lambda: staff.answer_appeal(OTHER, work, ANA, "x"),
        lambda: staff.release(OTHER, work, ANA),
    ):
        with pytest.raises(NoSuchWork):
            act()
    assert staff.claim_next(OTHER, ANA) is None


def test_every_step_is_on_record() -> None:
    work = hand_in()
    staff.claim_next(PLACE, ANA)
    give_back(work)
    staff.hand_in(learner(), BETTER, SETTINGS)
    grade(work, version=2)
    staff.appeal(learner(), "Why?")
    staff.answer_appeal(PLACE, work, ANA, "So.")
    steps = [(step.what, step.by) for step in TaskStep.objects.order_by("pk")]
    assert steps == [
        ("handed_in", ""),
        ("taken", ANA),
        ("returned", ANA),
        ("handed_in", ""),
        ("graded", ANA),
        ("appealed", ""),
        ("answered", ANA),
    ]
    assert Submission.objects.count() == 1


# --- The comment bank -----------------------------------------------------------------------------


def test_a_bank_holds_ones_own_comments_and_what_the_course_shares() -> None:
    own = staff.add_comment(PLACE.course_key, ANA, " Name the rule. ", is_shared=False)
    shared = staff.add_comment(PLACE.course_key, BORIS, "Say why.", is_shared=True)
    staff.add_comment(PLACE.course_key, BORIS, "Private.", is_shared=False)
    staff.add_comment("course-v1:School+OTHER+2026", VERA, "Elsewhere.", is_shared=True)
    staff.use_comment(PLACE.course_key, ANA, shared.id)
    found = staff.bank(PLACE.course_key, ANA)
    assert [(row.text, row.is_own) for row in found] == [
        ("Say why.", False),
        ("Name the rule.", True),
    ]
    assert staff.add_comment(PLACE.course_key, ANA, "Name the rule.", is_shared=True).id == own.id
    with pytest.raises(NoSuchWork):
        staff.delete_comment(PLACE.course_key, ANA, shared.id)
    staff.delete_comment(PLACE.course_key, ANA, own.id)
    assert [row.text for row in staff.bank(PLACE.course_key, ANA)] == ["Say why."]
    with pytest.raises(TaskRefused):
        staff.add_comment(PLACE.course_key, ANA, "  ", is_shared=False)


def test_a_full_bank_takes_no_more_but_lets_a_comment_be_shared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bank, "MOST_COMMENTS", 2)
    first = staff.add_comment(PLACE.course_key, ANA, "One.", is_shared=False)
    staff.add_comment(PLACE.course_key, ANA, "Two.", is_shared=False)
    with pytest.raises(TaskRefused):
        staff.add_comment(PLACE.course_key, ANA, "Three.", is_shared=False)
    again = staff.add_comment(PLACE.course_key, ANA, "One.", is_shared=True)
    assert (again.id, again.is_shared) == (first.id, True)
