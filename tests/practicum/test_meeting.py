"""Who an account is in the practicum when it comes for the first time."""

import pytest
from django.contrib.auth.models import User

from practicum import api
from practicum.api import SYSTEM

pytestmark = pytest.mark.django_db


def account(name: str, mail: str = "") -> User:
    return User.objects.create_user(name, mail or f"{name}@example.org", "pass")


def test_an_account_without_a_part_is_nobody_and_leaves_nothing_behind() -> None:
    assert api.recognise(account("fern"), lambda: True) is None
    assert api.find_actor(User.objects.get(username="fern")) is None


def test_who_was_added_by_address_is_met_at_the_first_visit_with_that_address() -> None:
    added = api.add_person(SYSTEM, name="Meri", mail="meri@example.org").id
    met = api.recognise(account("meri"), lambda: True)
    assert met is not None
    assert met.person == added


def test_an_address_that_nobody_verified_opens_nothing() -> None:
    api.add_person(SYSTEM, name="Meri", mail="meri@example.org")
    assert api.recognise(account("thief", "meri@example.org"), lambda: False) is None


def test_an_account_without_an_address_is_not_looked_for_by_it() -> None:
    api.add_person(SYSTEM, name="Meri", mail="meri@example.org")
    user = account("nobody")
    user.email = ""
    assert api.recognise(user, lambda: True) is None


def test_a_known_account_is_asked_for_its_address_no_more() -> None:
    user = account("tena")
    known = api.actor_for(user, is_mail_verified=True)

    def ask() -> bool:
        raise AssertionError("asked")

    assert api.recognise(user, ask) == known
