"""The grid of marks: who is found, in what order, what a cell says."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from lxml import html

from delivery.gradebook.state import BookState, read_state
from delivery.grades import api as grades
from delivery.models import Enrollment
from tests.delivery.marking import Class, make_class
from tests.delivery.reading_room import faults, make_room, words

pytestmark = pytest.mark.django_db

MOST_QUERIES = 8
NONE = "\N{EN DASH}"


@pytest.fixture
def school_class() -> Class:
    """Four trainees: Ana has nearly all, Borna something, the others nothing."""
    made = make_class()
    ana, borna, *_others = made.people
    for name, earned, possible in (("sum", 10, 10), ("guess", 4, 4), ("question", 2, 2)):
        made.score(ana, name, earned, possible)
    made.score(borna, "guess", 1, 4)
    return made


def find(response: Any, path: str) -> Any:
    """What is at a path of a page."""
    return html.fromstring(response.content).xpath(path)


def rows(response: Any) -> list[list[str]]:
    """The texts of the grid, row by row."""
    assert response.status_code == 200
    return [
        [" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")]
        for row in find(response, "//table[@data-book]/tbody/tr")
    ]


def names(response: Any) -> list[str]:
    return [row[0] for row in rows(response)]


def test_the_grid_has_a_row_for_each_trainee_and_a_column_for_each_exercise(
    school_class: Class,
) -> None:
    response = school_class.get("gradebook")
    assert faults(response) == []
    first, second, *_rest = rows(response)
    assert second == ["Ana Horvat", "80 % Pass", "10", NONE, "4", NONE, "10", NONE]
    assert first[0] == "Borna Čič"
    assert first[4] == "1"
    heads = find(response, "//tr[@class='heads']/th/a[1]/text()")
    assert heads == ["Learner", "Grade", "Sum", "Judita", "Guess", "Third", "Question", "Problem"]


def test_names_sort_in_any_alphabet_by_family_name_and_the_other_way_round(
    school_class: Class,
) -> None:
    in_order = ["Borna Čič", "Ana Horvat", "Đuro Žagar", "Айгүл Әбілқызы"]
    assert names(school_class.get("gradebook")) == in_order
    assert names(school_class.get("gradebook", sort="-name")) == in_order[::-1]


def test_marks_sort_with_those_who_have_none_at_the_end_either_way(school_class: Class) -> None:
    down = names(school_class.get("gradebook", sort="-problem/guess"))
    up = names(school_class.get("gradebook", sort="problem/guess"))
    assert down[:2] == ["Ana Horvat", "Borna Čič"]
    assert up[:2] == ["Borna Čič", "Ana Horvat"]
    assert set(down[2:]) == set(up[2:]) == {"Đuro Žagar", "Айгүл Әбілқызы"}
    assert names(school_class.get("gradebook", sort="-grade"))[0] == "Ana Horvat"


def test_a_sort_that_has_gone_is_by_name(school_class: Class) -> None:
    assert names(school_class.get("gradebook", sort="-problem/gone"))[-1] == "Borna Čič"


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("horvat", ["Ana Horvat"]),
        ("ana hor", ["Ana Horvat"]),
        ("Horvat Ana", ["Ana Horvat"]),
        ("ЧИЧ", []),
        ("čič", ["Borna Čič"]),
        ("әбіл", ["Айгүл Әбілқызы"]),
        ("school.example", ["Borna Čič", "Ana Horvat", "Đuro Žagar", "Айгүл Әбілқызы"]),
        ("%", []),
        ("nobody", []),
    ],
)
def test_learners_are_found_by_parts_of_names_and_addresses(
    school_class: Class, search: str, found: list[str]
) -> None:
    assert names(school_class.get("gradebook", q=search)) == found


@pytest.mark.parametrize(
    ("status", "found"),
    [
        ("passed", ["Ana Horvat"]),
        ("not_passed", ["Borna Čič", "Đuro Žagar", "Айгүл Әбілқызы"]),
        ("not_started", ["Đuro Žagar", "Айгүл Әбілқызы"]),
        ("started", ["Borna Čič", "Ana Horvat"]),
        ("decided", ["Đuro Žagar"]),
        ("nonsense", ["Borna Čič", "Ana Horvat", "Đuro Žagar", "Айгүл Әбілқызы"]),
    ],
)
def test_learners_are_filtered_by_how_they_stand(
    school_class: Class, status: str, found: list[str]
) -> None:
    duro = school_class.people[3]
    key = school_class.usage("problem", "third")
    grades.excuse(school_class.course, duro.pk, key, reason="ill", by=school_class.teacher)
    assert names(school_class.get("gradebook", status=status)) == found


def test_a_group_is_shown_alone_and_another_courses_group_is_nobody(school_class: Class) -> None:
    group = school_class.course.groups.create(name="Evening")
    ana = Enrollment.objects.get(user=school_class.people[0])
    group.members.add(ana)
    assert names(school_class.get("gradebook", group=group.pk)) == ["Ana Horvat"]
    foreign = make_room().course.groups.create(name="Elsewhere")
    foreign.members.add(ana)
    assert names(school_class.get("gradebook", group=foreign.pk)) == []


def test_who_left_or_teaches_is_not_in_the_book(school_class: Class) -> None:
    leaver = Enrollment.objects.get(user=school_class.people[0])
    leaver.is_active = False
    leaver.save()
    assert names(school_class.get("gradebook")) == ["Borna Čič", "Đuro Žagar", "Айгүл Әбілқызы"]


def test_pages_follow_each_other_and_a_number_beyond_is_the_last() -> None:
    made = make_class(people=60)
    first = made.get("gradebook", sort="-grade")
    assert len(rows(first)) == 25
    assert "Learners 1 to 25 of 60" in words(first)
    last = made.get("gradebook", page="9", sort="-grade")
    assert len(rows(last)) == 10
    assert "Page 3 of 3" in words(last)
    assert len(rows(made.get("gradebook", size=50))) == 50
    link = find(last, "//a[@rel='prev']/@href")[0]
    assert "sort=-grade" in link
    assert "page=2" in link


def test_subsections_have_the_points_that_count(school_class: Class) -> None:
    response = school_class.get("gradebook", columns="subsections")
    (ana,) = [row for row in rows(response) if row[0] == "Ana Horvat"]
    assert ana[2:7] == ["10", "4", NONE, "10", NONE]


def test_marks_that_were_changed_or_excused_say_so(school_class: Class) -> None:
    ana, borna, *_others = school_class.people
    teacher, course = school_class.teacher, school_class.course
    third = school_class.usage("problem", "third")
    grades.override(course, ana.pk, third, earned=3.5, reason="seen", by=teacher)
    grades.excuse(course, borna.pk, third, reason="ill", by=teacher)
    by_name = {row[0]: row for row in rows(school_class.get("gradebook"))}
    assert by_name["Ana Horvat"][5] == "3.5 changed by hand"
    assert by_name["Borna Čič"][5] == "exc."


def test_a_course_without_learners_or_exercises_says_so() -> None:
    nobody = make_class(people=0)
    assert "Nobody takes this course yet" in words(nobody.get("gradebook"))
    empty = make_class(people=1)
    course = make_room([]).course
    Enrollment.objects.create(user=empty.teacher, course=course, role=Enrollment.Role.INSTRUCTOR)
    empty.course = course
    assert "Nothing in this course is marked yet" in words(empty.get("gradebook"))
    assert "No learner is like that" in words(nobody.get("gradebook", q="x"))


def test_the_queries_of_a_page_do_not_grow_with_what_is_on_it() -> None:
    def queries(people: int) -> int:
        made = make_class(people=people)
        made.get("gradebook")  # trees are read once
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert len(rows(made.get("gradebook", size=100, sort="-problem/sum"))) == people
        return len(captured)

    assert queries(2) == queries(40) <= MOST_QUERIES


def test_hostile_names_are_shown_as_they_are_and_run_nothing(school_class: Class) -> None:
    person = school_class.people[0]
    person.first_name, person.last_name = "<script>alert(1)</script>", '"><b>x'
    person.save()
    response = school_class.get("gradebook")
    assert b"<script>alert(1)" not in response.content
    assert '<script>alert(1)</script> "><b>x' in names(response)


def test_the_state_of_a_page_goes_through_its_address_and_back() -> None:
    state = BookState("ana", 7, "passed", "subsections", "problem/sum", True, 50, 3)

    assert read_state(QueryDict(state.query(page=3))) == state
    assert BookState().query() == ""
    assert state.query().endswith("size=50")
    assert read_state(QueryDict(BookState().turned("name"))).is_descending
    assert read_state(QueryDict(BookState().turned("grade"))).is_descending
    assert read_state(QueryDict("page=-1&size=7&group=x&status=y&sort=-")) == BookState(
        sort="", is_descending=True
    )
