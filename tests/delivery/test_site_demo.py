import stat
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command
from django.test import RequestFactory
from pytest_django import Settings

from delivery.demo import COURSE, FILE_NAME, PEOPLE, SCHOOLS, DemoPerson, create_demo_people
from delivery.models import Course, Enrollment
from practicum import api

pytestmark = pytest.mark.django_db


def signs_in(person: DemoPerson, password: str) -> bool:
    request = RequestFactory().post("/accounts/login/")
    return authenticate(request, username=person.username, password=password) is not None


def test_everybody_can_sign_in_with_the_password_that_is_shown(tmp_path: Path) -> None:
    shown = create_demo_people(tmp_path)
    assert {person.role for person in shown} == {
        "trainee",
        "instructor",
        "mentor",
        "administrator",
    }
    for person, password in shown.items():
        assert signs_in(person, password)
        user = get_user_model().objects.get(username=person.username)
        assert user.email.endswith("@example.org")
        assert user.is_superuser == (person.role == "administrator")
        assert EmailAddress.objects.get(user=user).verified


def test_a_second_start_shows_the_same_passwords(tmp_path: Path) -> None:
    first = create_demo_people(tmp_path)
    assert create_demo_people(tmp_path) == first
    assert get_user_model().objects.count() == len(PEOPLE)


def test_a_password_changed_on_the_site_is_not_set_back(tmp_path: Path) -> None:
    shown = create_demo_people(tmp_path)
    person = PEOPLE[0]
    user = get_user_model().objects.get(username=person.username)
    user.set_password("my own word")
    user.save()
    create_demo_people(tmp_path)
    assert signs_in(person, "my own word")
    assert not signs_in(person, shown[person])


def test_when_the_file_is_lost_new_passwords_are_given(tmp_path: Path) -> None:
    first = create_demo_people(tmp_path)
    (tmp_path / FILE_NAME).unlink()
    second = create_demo_people(tmp_path)
    assert not set(first.values()) & set(second.values())
    assert all(signs_in(person, password) for person, password in second.items())


def test_the_passwords_are_for_their_owner_alone(tmp_path: Path) -> None:
    create_demo_people(tmp_path)
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600


def test_the_instructor_teaches_the_cataloguing_course_once_it_is_there(tmp_path: Path) -> None:
    create_demo_people(tmp_path)
    assert not Enrollment.objects.exists()
    course = Course.objects.create(key=COURSE, display_name="Cataloguer School")
    create_demo_people(tmp_path)
    create_demo_people(tmp_path)
    enrolment = Enrollment.objects.get()
    assert (enrolment.user.username, enrolment.course, enrolment.role) == (
        "ivo",
        course,
        "instructor",
    )


def test_the_trainee_studies_at_the_other_schools_and_the_instructor_teaches_there(
    tmp_path: Path,
) -> None:
    for key in SCHOOLS:
        Course.objects.create(key=key, display_name="A school")
    create_demo_people(tmp_path)
    create_demo_people(tmp_path)
    assert set(Enrollment.objects.values_list("user__username", "course__key", "role")) == {
        pair for key in SCHOOLS for pair in (("tena", key, "trainee"), ("ivo", key, "instructor"))
    }


def test_the_command_prints_how_to_sign_in(
    tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DATA_DIR = tmp_path
    call_command("create_demo_people")
    printed = capsys.readouterr().out
    for person, password in create_demo_people(tmp_path).items():
        assert f"{person.username:<6} {password}" in printed


def test_a_production_site_gets_no_demo_people(tmp_path: Path, settings: Settings) -> None:
    settings.DATA_DIR, settings.PRODUCTION = tmp_path, True
    with pytest.raises(CommandError, match="never in production"):
        call_command("create_demo_people")
    assert not get_user_model().objects.exists()
    assert not (tmp_path / FILE_NAME).exists()


def test_the_trainee_has_hours_in_every_state_with_the_mentor(tmp_path: Path) -> None:
    create_demo_people(tmp_path)
    tena = api.find_actor(get_user_model().objects.get(username="tena"))
    meri = api.find_actor(get_user_model().objects.get(username="meri"))
    assert tena is not None
    assert meri is not None
    states = {entry.state.value for entry in api.entries(tena)}
    assert states == {"draft", "submitted", "returned", "approved", "locked"}
    assert [entry.state.value for entry in api.waiting_entries(meri)] == ["submitted"]
    assert api.verify_audit_trail().is_whole


def test_a_second_start_places_nobody_again(tmp_path: Path) -> None:
    create_demo_people(tmp_path)
    before = api.entries(api.SYSTEM)
    create_demo_people(tmp_path)
    assert api.entries(api.SYSTEM) == before
    assert len(api.placements(api.SYSTEM)) == 1
