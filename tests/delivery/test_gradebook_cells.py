"""One mark: what is seen of it, and what an instructor may decide."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from delivery.grades import api as grades
from delivery.models import Enrollment, Override, ScoreChange
from delivery.tree import load_tree
from grading import api as grading
from tests.delivery.marking import Class, make_class
from tests.delivery.reading_room import faults, words
from tests.grading.exercises import EXERCISE, HALF, RIGHT

pytestmark = pytest.mark.django_db

SUM = ("problem", "sum")
QUESTION = ("problem", "question")
JUDITA = ("marc_record", "judita")


@pytest.fixture
def school_class() -> Class:
    made = make_class(people=2)
    made.score(made.people[0], "sum", 6, 10)
    return made


def submit(made: Class, person: Any, answer: Any) -> None:
    item = grading.StudentItemKey(
        student_id=Enrollment.objects.get(user=person, course=made.course).anonymous_id,
        course_id=made.course.key,
        item_id=made.usage("marc_record", "judita"),
        item_type="marc_record",
    )
    grading.submit(item, answer, grader="marc", exercise=EXERCISE, points=20)


# --- Looking


def test_a_mark_shows_every_answer_with_its_score_lines_the_latest_first(
    school_class: Class,
) -> None:
    ana = school_class.people[0]
    submit(school_class, ana, HALF)
    submit(school_class, ana, RIGHT)
    response = school_class.get("gradebook_cell", ana.pk, *JUDITA)
    assert faults(response) == []
    said = words(response)
    assert said.index("Answer 2") < said.index("Answer 1")
    assert "20 of 20 points" in said
    assert "245 10 $a Judita : $b ep u šest libara." in said
    assert "250 is missing." in said


def test_another_block_shows_what_it_keeps_and_a_subsection_only_its_total(
    school_class: Class,
) -> None:
    ana = school_class.people[0]
    assert "6 of 10 points" in words(school_class.get("gradebook_cell", ana.pk, *SUM))
    part = school_class.get("gradebook_cell", ana.pk, "sequential", "one")
    assert faults(part) == []
    assert "6 of 30 points" in words(part)


def test_the_panel_is_the_look_without_the_page_around_it(school_class: Class) -> None:
    response = school_class.get("gradebook_cell", school_class.people[0].pk, *SUM, panel=1)
    assert b"<html" not in response.content
    assert "6 of 10 points" in words(response)


@pytest.mark.parametrize(
    ("kind", "name"), [("problem", "gone"), ("html", "free_text"), ("vertical", "one_page")]
)
def test_what_is_not_marked_has_no_page(school_class: Class, kind: str, name: str) -> None:
    ana = school_class.people[0]
    assert school_class.get("gradebook_cell", ana.pk, kind, name).status_code == 404


def test_somebody_of_another_course_has_no_page(school_class: Class) -> None:
    stranger = make_class(people=1).people[0]
    assert school_class.get("gradebook_cell", stranger.pk, *SUM).status_code == 404
    assert school_class.get("gradebook_learner", stranger.pk).status_code == 404
    refused = school_class.post("gradebook_override", stranger.pk, *SUM, points=1, reason="x")
    assert refused.status_code == 404
    assert not Override.objects.exists()


# --- Deciding


def test_a_mark_is_changed_with_a_reason_and_the_grade_follows_at_once(
    school_class: Class,
) -> None:
    ana = school_class.people[0]
    before = school_class.line(ana).percent
    response = school_class.post(
        "gradebook_override", ana.pk, *SUM, points="9,5", reason="An oral examination"
    )
    assert response.status_code == 302
    cell = school_class.cell(ana, "problem/sum")
    assert (cell.earned, cell.is_overridden) == (9.5, True)
    assert school_class.line(ana).percent > before
    change = ScoreChange.objects.latest("pk")
    assert (change.kind, change.earned, change.reason, change.made_by) == (
        "override",
        9.5,
        "An oral examination",
        school_class.teacher.pk,
    )
    said = words(school_class.get("gradebook_cell", ana.pk, *SUM))
    assert "An oral examination" in said
    assert "Ivo Instructor" in said


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"points": "11", "reason": "x"}, "At most 10 points"),
        ({"points": "-1", "reason": "x"}, "0 or more"),
        ({"points": "nan", "reason": "x"}, "not a number"),
        ({"points": "seven", "reason": "x"}, "not a number"),
        ({"points": "7", "reason": " "}, "required"),
    ],
)
def test_a_mark_that_cannot_be_is_refused_in_words_and_nothing_changes(
    school_class: Class, values: dict[str, str], problem: str
) -> None:
    ana = school_class.people[0]
    for as_json in (False, True):
        response = school_class.post("gradebook_override", ana.pk, *SUM, json=as_json, **values)
        assert response.status_code == 422
        assert problem in (response.json()["error"] if as_json else words(response))
    assert school_class.cell(ana, "problem/sum").earned == 6
    assert not Override.objects.exists()


def test_the_script_gets_the_mark_and_the_grade_as_they_are_then(school_class: Class) -> None:
    ana = school_class.people[0]
    told = school_class.post(
        "gradebook_override", ana.pk, *SUM, json=True, points="10", reason="x", expected="6.0"
    ).json()
    assert told == {
        "text": "10",
        "note": "changed by hand",
        "earned": 10.0,
        "is_overridden": True,
        "is_excused": False,
        "decision": Override.objects.get().pk,
        "grade": "10 %",
        "letter": "",
    }


def test_of_two_who_change_the_same_mark_the_second_is_told_and_loses_nothing(
    school_class: Class,
) -> None:
    ana = school_class.people[0]

    def change(points: str, expected: str) -> Any:
        return school_class.post(
            "gradebook_override",
            ana.pk,
            *SUM,
            json=True,
            points=points,
            reason="x",
            expected=expected,
        )

    assert change("8", "6.0").status_code == 200
    late = change("7", "6.0")
    assert late.status_code == 422
    assert late.json()["earned"] == 8
    assert "meanwhile" in late.json()["error"]
    assert change("7", "8.0").status_code == 200


def test_who_has_no_mark_yet_gets_one_if_that_is_what_the_script_saw(
    school_class: Class,
) -> None:
    borna = school_class.people[1]
    told = school_class.post(
        "gradebook_override", borna.pk, *SUM, json=True, points="4", reason="x", expected=""
    )
    assert told.json()["earned"] == 4


def test_a_change_is_taken_back_and_what_counted_before_counts_again(school_class: Class) -> None:
    ana = school_class.people[0]
    for points in ("7", "8"):
        school_class.post("gradebook_override", ana.pk, *SUM, points=points, reason="x")
    found = []
    for _time in range(3):
        told = school_class.post("gradebook_undo", ana.pk, *SUM, json=True)
        found.append((told.json()["earned"], told.json()["is_overridden"]))
    assert found == [(7, True), (6, False), (6, False)]


def test_a_colleagues_newer_decision_is_not_taken_back_in_place_of_ones_own(
    school_class: Class,
) -> None:
    ana = school_class.people[0]

    def change(points: str) -> Any:
        told = school_class.post(
            "gradebook_override", ana.pk, *SUM, json=True, points=points, reason="x"
        )
        return told.json()["decision"]

    own, newer = change("7"), change("8")
    refused = school_class.post("gradebook_undo", ana.pk, *SUM, json=True, decision=own)
    assert refused.status_code == 422
    assert (refused.json()["earned"], refused.json()["decision"]) == (8, newer)
    assert "meanwhile" in refused.json()["error"]
    told = school_class.post("gradebook_undo", ana.pk, *SUM, json=True, decision=newer)
    assert (told.status_code, told.json()["earned"]) == (200, 7)


def test_the_form_takes_back_the_decision_that_its_page_shows(school_class: Class) -> None:
    ana = school_class.people[0]
    school_class.post("gradebook_override", ana.pk, *SUM, points="7", reason="x")
    number = Override.objects.get().pk
    shown = school_class.get("gradebook_cell", ana.pk, *SUM).content.decode()
    assert f'name="decision" value="{number}"' in shown


def test_nothing_is_decided_about_who_has_left_and_words_say_so(school_class: Class) -> None:
    ana = school_class.people[0]
    school_class.post("gradebook_override", ana.pk, *SUM, points="7", reason="x")
    Enrollment.objects.filter(user=ana).delete()
    sent: dict[str, dict[str, Any]] = {
        "gradebook_override": {"points": "5", "reason": "x"},
        "gradebook_undo": {},
        "gradebook_extend": {"revoke": "1"},
    }
    for view, values in sent.items():
        response = school_class.post(view, ana.pk, *SUM, **values)
        assert response.status_code == 422
        assert "This person does not take the course." in words(response)


def test_an_excuse_counts_neither_way_and_can_be_taken_back(school_class: Class) -> None:
    ana = school_class.people[0]
    school_class.post("gradebook_excuse", ana.pk, *SUM, reason="ill")
    assert school_class.cell(ana, "problem/sum").is_excused
    assert school_class.cell(ana, "sequential/one").possible == 20
    said = words(school_class.get("gradebook_cell", ana.pk, *SUM))
    assert "Take the excuse back" in said
    school_class.post("gradebook_undo", ana.pk, *SUM)
    assert school_class.cell(ana, "problem/sum").earned == 6


def test_a_whole_subsection_is_changed_like_a_block(school_class: Class) -> None:
    ana = school_class.people[0]
    school_class.post("gradebook_override", ana.pk, "sequential", "one", points=30, reason="x")
    assert school_class.cell(ana, "sequential/one").earned == 30
    assert school_class.cell(ana, "problem/sum").earned == 6


def test_more_time_is_given_to_one_and_taken_back(school_class: Class) -> None:
    ana = school_class.people[0]
    response = school_class.post(
        "gradebook_extend", ana.pk, *QUESTION, due="2999-06-01T12:00", reason="ill"
    )
    assert response.status_code == 302
    key = school_class.usage("problem", "question")
    (due,) = Enrollment.objects.get(user=ana).extensions.items()
    assert due[0] == key
    assert "a date of their own" in words(school_class.get("gradebook_cell", ana.pk, *QUESTION))
    school_class.post("gradebook_extend", ana.pk, *QUESTION, revoke="1")
    assert Enrollment.objects.get(user=ana).extensions == {}


@pytest.mark.parametrize(
    ("due", "problem"),
    [("2001-01-01T00:00", "later than the due date of all"), ("tomorrow", "valid date")],
)
def test_no_more_time_is_no_extension(school_class: Class, due: str, problem: str) -> None:
    ana = school_class.people[0]
    refused = school_class.post("gradebook_extend", ana.pk, *QUESTION, due=due, reason="x")
    assert refused.status_code == 422
    assert problem in words(refused)


def test_after_a_decision_one_is_where_one_was_but_never_on_another_site(
    school_class: Class,
) -> None:
    ana = school_class.people[0]
    here = school_class.url("gradebook") + "?sort=-grade"
    for wanted, led_to in (
        (here, here),
        ("https://evil.example/", school_class.url("gradebook_cell", ana.pk, *SUM)),
        ("//evil.example/", school_class.url("gradebook_cell", ana.pk, *SUM)),
    ):
        response = school_class.post("gradebook_excuse", ana.pk, *SUM, reason="x", next=wanted)
        assert response["Location"] == led_to


# --- A learner


def test_a_learners_page_says_how_the_grade_came_about_and_what_is_still_to_gain(
    school_class: Class,
) -> None:
    ana, borna = school_class.people
    school_class.score(ana, "guess", 4, 4)
    school_class.score(ana, "question", 1, 2)
    response = school_class.get("gradebook_learner", ana.pk)
    assert faults(response) == []
    said = words(response)
    assert "best 2 of 3 count" in said
    assert "left out: others are better" in said
    # Judita and the third exercise can still earn all: (1 + 26/30) is beaten by (1 + 1) / 2.
    assert "Best still possible 80 %" in said
    assert "1 of 2 learners have a lower grade" in said
    empty = school_class.get("gradebook_learner", borna.pk)
    assert faults(empty) == []
    assert "Best still possible 100 %" in words(empty)


def test_what_is_closed_is_not_to_gain(school_class: Class) -> None:
    ana = school_class.people[0]
    past = timezone.now().isoformat()
    blocks = school_class.course.current_version.blocks  # type: ignore[union-attr]  # it has one
    rows = blocks.filter(usage_key=school_class.usage("sequential", "test"))
    rows.update(fields={**rows.get().fields, "due": past})
    load_tree.cache_clear()
    grades.recompute(school_class.course)
    assert "Best still possible 60 %" in words(school_class.get("gradebook_learner", ana.pk))
