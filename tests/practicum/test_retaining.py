"""Records are erased by the school's rule: late enough, told beforehand, hours kept."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from practicum import api
from practicum.api import SYSTEM
from practicum.mailing import send
from practicum.models import SentNotice
from practicum.retaining import erase_expired, expiring
from practicum.rules.reminders import Rule
from tests.practicum.school import (
    School,
    approved,
    confirmed,
    day_ago,
    id_of,
    make_school,
    person,
    place,
    today,
)

pytestmark = pytest.mark.django_db
Wait = Callable[[int], None]


@pytest.fixture
def school(settings: Settings) -> School:
    """A school that keeps records for 400 days; Tena's placement has been over for 50."""
    settings.PRACTICUM_KEEP_DAYS = 400
    school = make_school()
    approved(school, day_ago(60))
    api.change_placement(SYSTEM, school.placement, last=day_ago(50))
    return school


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Wait:
    """Lets days go by."""
    begun = timezone.now()

    def go(days: int) -> None:
        def now() -> datetime:
            return begun + timedelta(days=days)

        monkeypatch.setattr(timezone, "now", now)

    return go


def names() -> list[str]:
    return [one.name for one in expiring(SYSTEM)]


def test_nobody_is_erased_before_their_time_nor_without_a_warning(
    school: School, later: Wait
) -> None:
    hours = confirmed(school.placement)
    later(340)
    assert (erase_expired(), names()) == ((0, 0), [])
    later(360)  # 410 days after the last
    assert names() == ["Tena"]
    assert erase_expired() == (0, 1)
    later(389)
    assert erase_expired() == (0, 1)
    later(391)
    assert erase_expired()[0] == 1
    assert "Tena" not in names()
    assert api.person_name(SYSTEM, id_of(school.trainee)) == ""
    assert confirmed(school.placement) == hours > 0
    assert api.verify_audit_trail().is_whole


def test_a_warning_about_an_earlier_placement_does_not_count(school: School, later: Wait) -> None:
    later(360)
    erase_expired()
    api.change_placement(SYSTEM, school.placement, last=today() + timedelta(days=10))
    later(800)  # 430 days after the last
    erase_expired()
    assert "Tena" in names()
    later(831)
    erase_expired()
    assert "Tena" not in names()


def test_coordinators_are_told_who_will_be_erased(
    school: School, later: Wait, mailoutbox: list[Any]
) -> None:
    later(360)
    erase_expired()
    told = SentNotice.objects.filter(rule=Rule.EXPIRING.value)
    assert {one.recipient.id for one in told} == {
        id_of(school.coordinator),
        id_of(school.second_coordinator),
    }
    assert send(Rule.EXPIRING, id_of(school.coordinator), [told[0].subject])
    assert "Tena" in mailoutbox[0].body
    api.erase_person(SYSTEM, id_of(school.trainee))
    assert not send(Rule.EXPIRING, id_of(school.coordinator), [told[0].subject])


def test_who_answers_for_others_is_kept(school: School, later: Wait) -> None:
    span = {"first": today() + timedelta(days=300), "last": today() + timedelta(days=500)}
    place(person("Nova"), school.host, school.programme, school.trainee, **span)
    later(360)
    assert names() == []


def test_a_school_without_a_rule_erases_nobody(
    school: School, later: Wait, settings: Settings
) -> None:
    settings.PRACTICUM_KEEP_DAYS = 0
    later(5000)
    assert (erase_expired(), names()) == ((0, 0), [])


def test_the_list_of_who_is_erased_is_for_coordinators(school: School) -> None:
    with pytest.raises(api.NotAllowed):
        expiring(school.mentor)
