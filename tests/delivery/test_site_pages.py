from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from delivery.models import Completion, Enrollment
from tests.delivery.factories import make_user
from tests.delivery.reading_room import FUTURE, Room, add_version, faults, make_room, words

pytestmark = pytest.mark.django_db


def browse(client: Client, url: str, **options: Any) -> Any:
    return client.get(url, headers={"accept": "text/html"}, **options)


@pytest.fixture
def room() -> Room:
    return make_room()


@pytest.fixture
def trainee(client: Client) -> User:
    user = make_user("tena", first_name="Tena")
    client.force_login(user)
    return user


def enrol(user: User, room: Room, **fields: Any) -> Enrollment:
    return Enrollment.objects.create(user=user, course=room.course, **fields)


# --- Front page and home


def test_a_visitor_reads_what_the_school_is_and_which_courses_it_has(
    client: Client, room: Room
) -> None:
    make_room(name="Not on offer", listed=False)
    response = browse(client, "/")
    assert faults(response) == []
    said = words(response)
    assert "Reading leaves" in said
    assert "Learn to read the leaves." in said
    assert "Not on offer" not in said
    assert "Create an account" in said


def test_a_school_without_courses_says_so(client: Client) -> None:
    assert "There is no course yet" in words(browse(client, "/"))
    assert "There is no course yet" in words(browse(client, "/catalogue/"))


def test_a_new_trainee_is_led_to_the_catalogue(client: Client, trainee: User, room: Room) -> None:
    response = browse(client, "/")
    assert faults(response) == []
    assert "You take no course yet" in words(response)
    assert b'href="/catalogue/"' in response.content


def test_home_shows_my_courses_with_what_is_done_what_is_due_and_where_i_left(
    client: Client, trainee: User, room: Room
) -> None:
    enrol(trainee, room, last_unit=room.unit("two"), last_visited_at=timezone.now())
    enrol(trainee, make_room(name="Left behind"), is_active=False)
    done = room.usage("html", "one_text")
    Completion.objects.create(user=trainee, course=room.course, usage_key=done, completion=1.0)
    response = browse(client, "/")
    assert faults(response) == []
    said = words(response)
    assert "Welcome, Tena" in said
    assert "You were reading in Reading leaves Page two Continue where you left" in said
    assert "1 of 5 pages done" in said
    assert "Due next Test Reading leaves" in said
    assert "Left behind" not in said


def test_what_is_done_is_not_due(client: Client, trainee: User, room: Room) -> None:
    enrol(trainee, room)
    question = room.usage("problem", "question")
    Completion.objects.create(user=trainee, course=room.course, usage_key=question, completion=1.0)
    assert "Due next" not in words(browse(client, "/"))


def test_the_course_visited_last_comes_first(client: Client, trainee: User, room: Room) -> None:
    other = make_room(name="Another course")
    enrol(trainee, room, last_visited_at=timezone.now() - timedelta(days=1))
    enrol(trainee, other, last_visited_at=timezone.now())
    enrol(trainee, make_room(name="Never opened"))
    said = words(browse(client, "/"))
    assert said.index("Another course") < said.index("Reading leaves") < said.index("Never opened")


def test_home_takes_the_same_queries_for_one_course_and_for_five(
    client: Client, trainee: User, room: Room, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    enrol(trainee, room)
    for _ in range(4):
        enrol(trainee, make_room())
    browse(client, "/")
    # session, user, 2 permissions, teaching, practice, courses, done
    with django_assert_num_queries(8):
        browse(client, "/")


# --- Catalogue


def test_the_catalogue_is_searched_by_words_in_any_case_and_script(
    client: Client, room: Room
) -> None:
    make_room(name="Ғылым және кітапхана")
    assert "Reading leaves" in words(browse(client, "/catalogue/?q=LEAVES+reading"))
    assert "Reading leaves" not in words(browse(client, "/catalogue/?q=кітапхана"))
    assert "Ғылым және кітапхана" in words(browse(client, "/catalogue/?q=ҒЫЛЫМ"))
    response = browse(client, "/catalogue/?q=nothing+like+this")
    assert "No course has all these words" in words(response)
    assert faults(response) == []


def test_the_catalogue_keeps_the_search_from_page_to_page(client: Client) -> None:
    for number in range(13):
        make_room(name=f"Leaf {number:02}")
    first = browse(client, "/catalogue/?q=leaf")
    assert faults(first) == []
    assert "13 courses for “leaf”. " in words(first)
    assert "Leaf 11" in words(first)
    assert "Leaf 12" not in words(first)
    assert b'href="?q=leaf&amp;page=2"' in first.content
    assert "Leaf 12" in words(browse(client, "/catalogue/?q=leaf&page=2"))
    assert "Leaf 12" in words(browse(client, "/catalogue/?q=leaf&page=900"))


def test_a_search_cannot_write_into_the_page(client: Client, room: Room) -> None:
    response = browse(client, '/catalogue/?q="><script>alert(1)</script>')
    assert b"<script>alert" not in response.content
    assert faults(response) == []


# --- Course page


def test_a_visitor_reads_about_a_course_and_is_asked_to_sign_in(client: Client, room: Room) -> None:
    response = browse(client, room.url())
    assert faults(response) == []
    said = words(response)
    assert "What it is" in said
    assert "Create an account to enrol" in said
    assert "Page one" not in said
    assert b"alert(1)" not in response.content
    assert f'src="/courses/{room.key}/files/plan.png"'.encode() in response.content


def test_outcomes_are_listed_unless_the_text_tells_them(client: Client) -> None:
    about = {"overview": "<p>You learn to read a leaf.</p>", "short_description": "Leaves"}
    outcomes = ["read a leaf", "press a flower"]
    room = make_room(about=about, learning_info=outcomes)
    said = words(browse(client, room.url()))
    assert "You will be able to press a flower" in said
    assert said.count("read a leaf") == 1


def test_a_course_off_the_list_or_without_content_is_not_there(
    client: Client, trainee: User, room: Room
) -> None:
    hidden = make_room(listed=False)
    assert browse(client, hidden.url()).status_code == 404
    enrol(trainee, hidden)
    assert browse(client, hidden.url()).status_code == 200
    room.course.current_version = None
    room.course.save()
    assert browse(client, room.url()).status_code == 404


def test_a_trainee_enrols_and_finds_the_outline(client: Client, trainee: User, room: Room) -> None:
    assert "Enrol" in words(browse(client, room.url()))
    response = client.post(room.url("enrol/"), follow=True)
    enrollment = Enrollment.objects.get(user=trainee, course=room.course)
    assert (enrollment.role, enrollment.is_active) == ("trainee", True)
    assert faults(response) == []
    said = words(response)
    assert "You are enrolled in Reading leaves." in said
    assert "Start the course" in said
    assert "Page one" in said
    assert "A page is done when" in said
    assert "Later opens" in said
    assert "Page future" not in said
    assert "Hidden" not in said


def test_whoever_is_not_signed_in_is_asked_to_before_enrolling(client: Client, room: Room) -> None:
    response = client.post(room.url("enrol/"))
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=/courses/")
    assert not Enrollment.objects.exists()


def test_enrolment_keeps_to_its_dates(client: Client, trainee: User) -> None:
    early = make_room(enrollment_start=FUTURE)
    late = make_room(enrollment_end="2020-01-01T00:00:00Z")
    for room, said in ((early, "has not opened"), (late, "has closed")):
        assert said in words(browse(client, room.url()))
        assert said in words(client.post(room.url("enrol/"), follow=True))
    assert not Enrollment.objects.exists()


def test_leaving_asks_first_and_keeps_everything(client: Client, trainee: User, room: Room) -> None:
    enrol(trainee, room, last_unit=room.unit("two"))
    asked = browse(client, room.url("leave/"))
    assert faults(asked) == []
    assert "are kept" in words(asked)
    assert Enrollment.objects.get().is_active
    response = client.post(room.url("leave/"), follow=True)
    assert "You have left Reading leaves." in words(response)
    assert not Enrollment.objects.get().is_active
    assert client.get(room.unit_url("one")).status_code == 403
    client.post(room.url("enrol/"))
    assert Enrollment.objects.get().last_unit == room.unit("two")


def test_a_role_that_was_taken_away_does_not_come_back_by_enrolling(
    client: Client, trainee: User, room: Room
) -> None:
    enrol(trainee, room, role=Enrollment.Role.INSTRUCTOR, is_active=False)
    client.post(room.url("enrol/"))
    enrollment = Enrollment.objects.get()
    assert (enrollment.role, enrollment.is_active) == ("trainee", True)


def test_an_instructor_who_enrols_again_stays_an_instructor(
    client: Client, trainee: User, room: Room
) -> None:
    enrol(trainee, room, role=Enrollment.Role.INSTRUCTOR)
    client.post(room.url("enrol/"))
    assert Enrollment.objects.get().role == "instructor"


def test_a_course_that_has_not_started_says_when_it_does(client: Client, trainee: User) -> None:
    room = make_room(start=FUTURE)
    enrol(trainee, room)
    response = browse(client, room.url())
    assert "You are enrolled. The course opens March 3, 2999" in words(response)
    assert "Page one" not in words(response)
    refused = browse(client, room.unit_url("one"), follow=True)
    assert "This course has not started yet." in words(refused)
    assert "Opens March 3, 2999" in words(browse(client, "/"))


# --- Staff


def test_staff_see_what_is_not_open_with_its_date_and_can_see_as_a_trainee(
    client: Client, room: Room
) -> None:
    teacher = make_user("ivo")
    enrol(teacher, room, role=Enrollment.Role.INSTRUCTOR)
    client.force_login(teacher)
    response = browse(client, room.url())
    assert faults(response) == []
    assert "opens March 3, 2999: trainees do not see this yet" in words(response)
    assert "for the staff alone" in words(response)
    assert browse(client, room.unit_url("secret")).status_code == 200
    as_trainee = client.post(room.url("view-as/"), {"role": "trainee"}, follow=True)
    assert "You see this course as a trainee does." in words(as_trainee)
    assert "Hidden" not in words(as_trainee)
    assert browse(client, room.unit_url("secret")).status_code == 404
    back = client.post(room.url("view-as/"), {"role": "staff"}, follow=True)
    assert "Hidden" in words(back)


def test_the_way_back_from_a_trainees_view_leads_nowhere_else(client: Client, room: Room) -> None:
    client.force_login(make_user("ada", is_staff=True))
    response = client.post(room.url("view-as/"), {"role": "trainee", "next": "//evil.example/"})
    assert response["Location"] == room.url()


def test_trainees_cannot_choose_how_they_see_a_course(
    client: Client, trainee: User, room: Room
) -> None:
    enrol(trainee, room)
    assert client.post(room.url("view-as/"), {"role": "staff"}).status_code == 403


def test_a_preview_is_announced_on_every_page_of_the_course(client: Client, room: Room) -> None:
    client.force_login(make_user("ada", is_staff=True))
    version = add_version(room.course)
    session = client.session
    session["previews"] = {room.key: version.pk}
    session.save()
    response = browse(client, room.unit_url("one"))
    assert "You are previewing version 2." in words(response)
    assert faults(response) == []


def test_the_teach_page_lists_what_i_teach_with_its_trainees(client: Client, room: Room) -> None:
    teacher = make_user("ivo")
    client.force_login(teacher)
    assert "You teach no course yet" in words(browse(client, "/teach/"))
    enrol(teacher, room, role=Enrollment.Role.INSTRUCTOR)
    make_room(name="Somebody else's")
    for number in range(3):
        enrol(make_user(), room, is_active=number > 0)
    response = browse(client, "/teach/")
    assert faults(response) == []
    said = words(response)
    assert f"Reading leaves {room.key} 2 1" in said
    assert "Somebody else's" not in said
    assert "Import a course" not in said


def test_the_menu_offers_what_the_role_has(client: Client, room: Room) -> None:
    def menu() -> list[str]:
        said = words(browse(client, "/"))
        return [name for name in ("Learn", "Teach", "Manage") if f"{name} " in said[:120]]

    client.force_login(make_user())
    assert menu() == ["Learn"]
    teacher = make_user()
    enrol(teacher, room, role=Enrollment.Role.INSTRUCTOR)
    client.force_login(teacher)
    assert menu() == ["Learn", "Teach"]
    client.force_login(make_user(is_staff=True, is_superuser=True))
    assert menu() == ["Learn", "Teach", "Manage"]


def test_an_administrator_manages_and_nobody_else(client: Client, trainee: User) -> None:
    assert browse(client, "/manage/").status_code == 403
    client.force_login(make_user("ada", is_staff=True, is_superuser=True))
    response = browse(client, "/manage/")
    assert faults(response) == []
    assert "Active people 2" in words(response)


# --- The person


def test_a_person_changes_their_name_and_is_told_what_is_missing(
    client: Client, trainee: User
) -> None:
    response = client.post("/accounts/profile/", {"first_name": "", "last_name": "Trainee"})
    assert faults(response) == []
    assert "One thing needs your attention" in words(response)
    assert b'value="Trainee"' in response.content
    client.post("/accounts/profile/", {"first_name": "Tea", "last_name": "Trainee"})
    trainee.refresh_from_db()
    assert trainee.get_full_name() == "Tea Trainee"


def test_a_persons_name_cannot_write_into_the_page(client: Client, trainee: User) -> None:
    trainee.first_name = "<script>alert(1)</script>"
    trainee.save()
    assert b"<script>alert" not in browse(client, "/").content
