from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from lxml import html
from lxml.html import HtmlElement
from pytest_django import DjangoAssertNumQueries

from delivery.grades.api import recompute
from delivery.models import Completion, Enrollment, LearnerState
from tests.delivery.factories import block, make_user
from tests.delivery.reading_room import Room, faults, make_room, page, problem, text, words

pytestmark = pytest.mark.django_db

PAGE_BYTES = 60 * 1024


def browse(client: Client, url: str, **options: Any) -> Any:
    return client.get(url, headers={"accept": "text/html"}, **options)


def tree_of(response: HttpResponse) -> HtmlElement:
    return html.fromstring(response.content)


@pytest.fixture
def room() -> Room:
    return make_room()


@pytest.fixture
def trainee(client: Client, room: Room) -> User:
    user = make_user("tena")
    client.force_login(user)
    Enrollment.objects.create(user=user, course=room.course)
    return user


def complete(user: User, room: Room, *names: str) -> None:
    for name in names:
        key = room.usage("html", f"{name}_text")
        Completion.objects.create(user=user, course=room.course, usage_key=key, completion=1.0)


# --- Reading


def test_a_page_shows_its_text_its_place_and_where_the_neighbours_lead(
    client: Client, trainee: User, room: Room
) -> None:
    complete(trainee, room, "one")
    response = browse(client, room.unit_url("two"))
    assert response.status_code == 200
    assert faults(response) == []
    said = words(response)
    assert "Text of two_text." in said
    assert "Page 2 of 3" in said
    assert "1. Page one: done" in said
    assert "2. Page two: to do" in said
    tree = tree_of(response)
    assert {link.get("href") for link in tree.xpath("//a[@rel='prev']")} == {room.unit_url("one")}
    assert {link.get("href") for link in tree.xpath("//a[@rel='next']")} == {room.unit_url("three")}
    assert len(tree.xpath("//a[@rel='next']")) == 2
    here = tree.xpath("//ol[@class='segments']//a[@aria-current='page']")
    assert [link.get("title") for link in here] == ["Page two"]


def test_the_neighbours_reach_into_the_next_subsection_and_skip_what_is_closed(
    client: Client, trainee: User, room: Room
) -> None:
    tree = tree_of(browse(client, room.unit_url("three")))
    assert tree.xpath("//a[@rel='next']")[0].get("href") == room.unit_url("work")
    last = browse(client, room.unit_url("exam"))
    assert tree_of(last).xpath("//a[@rel='next']") == []
    assert "The last page" in words(last)


def test_the_drawer_shows_the_section_being_read_and_names_the_others(
    client: Client, trainee: User, room: Room
) -> None:
    drawer = tree_of(browse(client, room.unit_url("one"))).get_element_by_id("outline")
    said = " ".join(drawer.text_content().split())
    assert "Page two" in said
    assert "Second section" in said
    assert "Exercise" not in said


def test_staff_see_when_a_page_opens_on_the_page(client: Client, room: Room) -> None:
    client.force_login(make_user("ada", is_staff=True))
    response = browse(client, room.unit_url("future"))
    assert "opens March 3, 2999: trainees do not see this yet" in words(response)


def test_a_page_that_opens_later_says_when_and_a_hidden_one_is_not_there(
    client: Client, trainee: User, room: Room
) -> None:
    later = browse(client, room.unit_url("future"))
    assert later.status_code == 403
    assert "This page opens March 3, 2999" in words(later)
    assert "Text of" not in words(later)
    assert faults(later) == []
    assert browse(client, room.unit_url("secret")).status_code == 404


def test_pages_are_for_those_who_take_the_course(client: Client, room: Room) -> None:
    asked = browse(client, room.unit_url("one"))
    assert asked.url.startswith("/accounts/login/")
    client.force_login(make_user())
    refused = browse(client, room.unit_url("one"), follow=True)
    assert "Please enrol in the course first." in words(refused)
    assert "Text of" not in words(refused)


def test_the_address_of_a_part_leads_to_its_page(client: Client, trainee: User, room: Room) -> None:
    inside = browse(client, room.url(f"units/{room.usage('html', 'two_text')}/"))
    assert inside.url == room.unit_url("two")
    above = browse(client, room.url(f"units/{room.usage('chapter', 'second')}/"))
    assert above.url == room.unit_url("work")
    assert browse(client, room.url("units/block-v1:x+y+z+type@html+block@q/")).status_code == 404


def test_an_empty_page_says_so(client: Client, trainee: User, room: Room) -> None:
    empty = make_room([block("chapter", "c", block("sequential", "s", block("vertical", "void")))])
    Enrollment.objects.create(user=trainee, course=empty.course)
    assert "This page is empty." in words(browse(client, empty.unit_url("void")))


def test_a_block_that_is_for_staff_alone_is_left_out_of_the_page(
    client: Client, trainee: User, room: Room
) -> None:
    note = text("note", visible_to_staff_only=True)
    mixed = make_room(
        [block("chapter", "c", block("sequential", "s", page("p", text("open"), note)))]
    )
    Enrollment.objects.create(user=trainee, course=mixed.course)
    said = words(browse(client, mixed.unit_url("p")))
    assert "Text of open." in said
    assert "Text of note." not in said


# --- Speed


def long_page(count: int) -> Room:
    blocks = [text(f"t{number}") for number in range(count)]
    return make_room([block("chapter", "c", block("sequential", "s", page("p", *blocks)))])


@pytest.mark.parametrize("count", [1, 40])
def test_a_page_takes_at_most_six_queries_beyond_session_and_user(
    client: Client, trainee: User, django_assert_max_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    room = long_page(count)
    Enrollment.objects.create(user=trainee, course=room.course)
    browse(client, room.unit_url("p"))
    with django_assert_max_num_queries(2 + 6):
        response = browse(client, room.unit_url("p"))
    assert f"Text of t{count - 1}." in words(response)


def test_a_page_of_a_large_course_stays_small(client: Client, trainee: User) -> None:
    chapters = [
        block(
            "chapter",
            f"c{c}",
            *(
                block(
                    "sequential",
                    f"s{c}x{s}",
                    *(page(f"p{c}x{s}x{p}") for p in range(8)),
                    display_name=f"Subsection {s} with a rather long name",
                )
                for s in range(8)
            ),
            display_name=f"Section {c} with a rather long name",
        )
        for c in range(12)
    ]
    room = make_room(chapters)
    Enrollment.objects.create(user=trainee, course=room.course)
    response = browse(client, room.unit_url("p5x5x5"))
    assert response.status_code == 200
    assert len(response.content) < PAGE_BYTES


# --- The place and what was seen


def test_the_place_is_kept_and_offered_again(client: Client, trainee: User, room: Room) -> None:
    assert browse(client, room.url("resume/")).url == room.unit_url("one")
    browse(client, room.unit_url("three"))
    enrollment = Enrollment.objects.get(user=trainee)
    assert enrollment.last_unit == room.unit("three")
    assert enrollment.last_visited_at is not None
    assert enrollment.last_visited_at > timezone.now() - timedelta(minutes=1)
    assert browse(client, room.url("resume/")).url == room.unit_url("three")
    assert "Continue where you left" in words(browse(client, room.url()))


def test_a_place_that_a_new_version_does_not_have_leads_to_what_is_undone(
    client: Client, trainee: User, room: Room
) -> None:
    complete(trainee, room, "one")
    Enrollment.objects.filter(user=trainee).update(last_unit="block-v1:gone")
    assert browse(client, room.url("resume/")).url == room.unit_url("two")


def test_reading_the_same_page_again_writes_nothing(
    client: Client, trainee: User, room: Room
) -> None:
    browse(client, room.unit_url("one"))
    before = Enrollment.objects.values().get()
    browse(client, room.unit_url("one"))
    assert Enrollment.objects.values().get() == before


def test_a_page_that_was_on_view_is_done(client: Client, trainee: User, room: Room) -> None:
    answer = client.post(room.unit_url("one") + "viewed/")
    assert answer.json() == {"state": "done", "done": 1, "total": 3}
    row = Completion.objects.get()
    assert (row.user, row.usage_key, row.completion) == (
        trainee,
        room.usage("html", "one_text"),
        1.0,
    )
    assert client.post(room.unit_url("one") + "viewed/").json()["state"] == "done"
    assert Completion.objects.count() == 1


def test_seeing_an_exercise_does_not_complete_it(client: Client, trainee: User, room: Room) -> None:
    answer = client.post(room.unit_url("exam") + "viewed/")
    assert answer.json() == {"state": "todo", "done": 0, "total": 1}
    assert not Completion.objects.exists()


def test_completion_that_had_gone_down_is_whole_again_after_seeing(
    client: Client, trainee: User, room: Room
) -> None:
    key = room.usage("html", "one_text")
    Completion.objects.create(user=trainee, course=room.course, usage_key=key, completion=0.5)
    client.post(room.unit_url("one") + "viewed/")
    assert Completion.objects.get().completion == 1.0


def test_without_scripts_turning_the_page_counts_it_as_seen(
    client: Client, trainee: User, room: Room
) -> None:
    response = browse(client, room.unit_url("one"))
    form = tree_of(response).xpath("//noscript//form")[0]
    target = form.xpath(".//input[@name='next']/@value")[0]
    answer = client.post(form.get("action"), {"next": target})
    assert answer["Location"] == room.unit_url("two")
    assert Completion.objects.count() == 1
    assert not tree_of(browse(client, room.unit_url("one"))).xpath("//noscript//form")


def test_turning_the_page_leads_nowhere_else(client: Client, trainee: User, room: Room) -> None:
    answer = client.post(room.unit_url("one") + "viewed/", {"next": "https://evil.example/"})
    assert answer.status_code == 200


@pytest.mark.parametrize("name", ["future", "secret"])
def test_a_closed_page_cannot_be_marked_as_seen(
    client: Client, trainee: User, room: Room, name: str
) -> None:
    assert client.post(room.unit_url(name) + "viewed/").status_code == 404
    assert not Completion.objects.exists()


def test_strangers_and_outsiders_mark_nothing(client: Client, room: Room) -> None:
    assert client.post(room.unit_url("one") + "viewed/").status_code == 403
    client.force_login(make_user())
    assert client.post(room.unit_url("one") + "viewed/").status_code == 403
    assert not Completion.objects.exists()


# --- Links inside a course


def test_a_link_to_a_block_leads_to_it_on_its_page(
    client: Client, trainee: User, room: Room
) -> None:
    assert browse(client, room.url("jump/two_text/")).url == (
        room.unit_url("two") + "#block-two_text"
    )
    assert browse(client, room.url("jump/two/")).url == room.unit_url("two")
    assert browse(client, room.url("jump/exercises/")).url == room.unit_url("work")
    assert browse(client, room.url("jump/nowhere/")).status_code == 404
    assert b'id="block-two_text"' in browse(client, room.unit_url("two")).content


# --- Progress page


def test_progress_shows_points_grade_and_the_rules_in_words(
    client: Client, trainee: User, room: Room
) -> None:
    for name, earned, possible in (("sum", 3.0, 4.0), ("question", 1.5, 2.0)):
        LearnerState.objects.create(
            user=trainee,
            course=room.course,
            usage_key=room.usage("problem", name),
            earned=earned,
            possible=possible,
        )
    recompute(room.course)
    response = browse(client, room.url("progress/"))
    assert faults(response) == []
    said = words(response)
    assert "Grade so far 56 % You pass from 60 %" in said
    assert "Graded points 10.5 of 14 possible" in said
    assert "Distinction from 85 %, Pass from 60 %." in said
    assert "Exercises all 2 count 37 % 50 % 18 %" in said
    assert "Exercise Exercises 0 of 1 3 of 4 75 %" in said
    assert "Test Test 0 of 1 7.5 of 10 75 %" in said
    assert "Hidden" not in said


def test_progress_before_anything_is_begun(client: Client, trainee: User, room: Room) -> None:
    said = words(browse(client, room.url("progress/")))
    assert "Grade so far 0 %" in said
    assert "0 of 5 pages done" in said
    assert "0 of 10 not begun" in said


def test_progress_of_an_empty_course_says_so(client: Client, trainee: User) -> None:
    empty = make_room([], policy={"GRADER": [], "GRADE_CUTOFFS": {}})
    Enrollment.objects.create(user=trainee, course=empty.course)
    response = browse(client, empty.url("progress/"))
    assert faults(response) == []
    assert "This course has no sections yet." in words(response)
    assert "Nothing in this course is graded." in words(response)


def test_progress_without_a_readable_policy_keeps_the_points(client: Client, trainee: User) -> None:
    broken = make_room(policy={"GRADER": "no list"})
    Enrollment.objects.create(user=trainee, course=broken.course)
    response = browse(client, broken.url("progress/"))
    assert faults(response) == []
    assert "The grading rules of this course cannot be read" in words(response)
    assert "0 of 10" in words(response)


def test_progress_takes_few_queries_however_long_the_course_is(
    client: Client, trainee: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rooms = []
    for count in (2, 30):
        exercises = [problem(f"x{number}") for number in range(count)]
        room = make_room([block("chapter", "c", block("sequential", "s", page("p", *exercises)))])
        Enrollment.objects.create(user=trainee, course=room.course)
        browse(client, room.url("progress/"))
        rooms.append(room)
    for room in rooms:
        with django_assert_num_queries(2 + 3):  # course with enrolment, completions, scores
            browse(client, room.url("progress/"))
