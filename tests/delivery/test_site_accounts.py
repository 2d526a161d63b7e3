import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from pytest_django import Settings

from tests.delivery.factories import make_user
from tests.delivery.reading_room import faults, words

pytestmark = pytest.mark.django_db

PAGE = {"accept": "text/html"}
PASSWORD = "quiet-reading-room"


def person(name: str = "tena") -> User:
    user = make_user(name)
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client, login: str = "tena", password: str = PASSWORD) -> Any:
    return client.post(
        "/accounts/login/", {"login": login, "password": password}, headers=PAGE, follow=True
    )


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("login/", "Sign in"),
        ("signup/", "Create an account"),
        ("password/reset/", "A new password"),
        ("password/reset/done/", "Look into your mail"),
        ("password/reset/key/done/", "Your new password is saved"),
        ("password/reset/key/1-wrong/", "This link no longer works"),
        ("confirm-email/", "Please confirm your address"),
        ("confirm-email/wrong/", "Confirm your address"),
        ("inactive/", "This account is closed"),
    ],
)
def test_every_page_for_strangers_wears_the_schools_look(
    client: Client, path: str, heading: str
) -> None:
    response = client.get(f"/accounts/{path}", headers=PAGE)
    assert response.status_code == 200
    assert faults(response) == []
    assert heading in words(response)
    assert b"delivery/tokens.css" in response.content


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("logout/", "Everything you submitted"),
        ("email/", "Your e-mail addresses"),
        ("password/change/", "Change your password"),
        ("reauthenticate/", "Is it still you?"),
        ("profile/", "Your name"),
    ],
)
def test_every_page_of_an_account_wears_the_schools_look(
    client: Client, path: str, heading: str
) -> None:
    person()
    sign_in(client)
    response = client.get(f"/accounts/{path}", headers=PAGE)
    assert response.status_code == 200
    assert faults(response) == []
    assert heading in words(response)


def test_a_newcomer_creates_an_account_and_is_signed_in(client: Client) -> None:
    answers = {
        "email": "ana@example.org",
        "username": "ana",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }
    response = client.post("/accounts/signup/", answers, headers=PAGE, follow=True)
    assert "You take no course yet" in words(response)
    assert get_user_model().objects.get(username="ana").email == "ana@example.org"
    assert "/accounts/confirm-email/" in mail.outbox[0].body


def test_a_refused_form_says_what_is_wrong_twice_and_keeps_what_was_typed(client: Client) -> None:
    answers = {"email": "no address", "username": "ana", "password1": "qwxz", "password2": "other"}
    response = client.post("/accounts/signup/", answers, headers=PAGE)
    assert faults(response) == []
    said = words(response)
    assert "things need your attention" in said
    assert said.count("Enter a valid email address.") == 2
    assert b'href="#id_email"' in response.content
    assert b'value="ana"' in response.content
    assert b"qwxz" not in response.content


def test_one_signs_in_by_name_or_address_and_out_again(client: Client) -> None:
    person()
    assert "Welcome" in words(sign_in(client))
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session
    assert "Welcome" in words(sign_in(client, login="tena@school.example"))


def test_a_wrong_password_does_not_tell_whether_the_account_exists(client: Client) -> None:
    person()
    wrong = words(sign_in(client, password="wrong"))
    nobody = words(sign_in(client, login="nobody", password="wrong"))
    assert "not correct" in wrong
    assert wrong.replace("tena", "") == nobody.replace("nobody", "")


def test_too_many_wrong_passwords_close_the_door_for_a_while(
    client: Client, settings: Settings
) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    person()
    for _ in range(3):
        response = sign_in(client, password="wrong")
    assert response.status_code == 429
    assert faults(response) == []
    assert "Too many attempts to sign in" in words(response)
    assert sign_in(client).status_code == 429


def test_a_class_behind_one_address_can_sign_up_and_in_together(client: Client) -> None:
    person()
    for _ in range(31):
        assert sign_in(client).status_code == 200
        client.post("/accounts/logout/")


def test_whoever_asks_far_too_often_is_asked_to_wait(client: Client) -> None:
    for _ in range(21):
        response = client.post("/accounts/password/reset/", {"email": "a@b.example"}, headers=PAGE)
    assert response.status_code == 429
    assert faults(response) == []
    assert "Please wait a moment" in words(response)


def test_a_forgotten_password_is_replaced_by_mail(client: Client) -> None:
    person()
    client.post("/accounts/password/reset/", {"email": "tena@school.example"})
    said = str(mail.outbox[0].body)
    link = re.search(r"http://[^/]+(/accounts/password/reset/key/\S+)", said)
    assert link is not None
    page = client.get(link[1], headers=PAGE, follow=True)
    assert faults(page) == []
    assert "Choose a new password" in words(page)
    new = {"password1": "another-long-word", "password2": "another-long-word"}
    done = client.post(page.request["PATH_INFO"], new, headers=PAGE, follow=True)
    assert "Your new password is saved" in words(done)
    assert "Welcome" in words(sign_in(client, password="another-long-word"))


def test_asking_for_an_unknown_address_looks_the_same(client: Client) -> None:
    response = client.post(
        "/accounts/password/reset/", {"email": "nobody@example.org"}, headers=PAGE, follow=True
    )
    assert "Look into your mail" in words(response)


def test_a_closed_account_cannot_be_used(client: Client) -> None:
    user = person()
    user.is_active = False
    user.save()
    sign_in(client)
    assert "_auth_user_id" not in client.session


def test_labels_stay_while_one_types(client: Client) -> None:
    assert b"placeholder" not in client.get("/accounts/login/").content
    assert b"placeholder" not in client.get("/accounts/signup/").content


def test_the_language_switch_is_shown_once_there_is_a_choice(
    client: Client, settings: Settings
) -> None:
    assert b"/i18n/setlang/" not in client.get("/accounts/login/").content
    settings.LANGUAGES = [("en", "English"), ("kk", "Kazakh")]
    response = client.get("/accounts/login/", headers=PAGE)
    assert faults(response) == []
    assert "Қазақ" in words(response)
    chosen = client.post(
        "/i18n/setlang/", {"language": "kk", "next": "/accounts/login/"}, headers=PAGE, follow=True
    )
    assert b'<html lang="kk"' in chosen.content
