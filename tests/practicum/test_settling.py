"""Months close by their programme's rule, and shut nothing out that waits."""

from dataclasses import replace

import pytest

from practicum import api
from practicum.api import SYSTEM
from practicum.mailing import send
from practicum.models import SentNotice
from practicum.rules.reminders import Rule
from practicum.settling import close_settled
from tests.practicum.school import (
    RULES,
    School,
    approved,
    day_ago,
    id_of,
    log,
    make_school,
    propose,
    review,
    state_of,
    submitted,
)

pytestmark = pytest.mark.django_db
LONG_AGO = 100  # days: in a month that is over for more than its thirty days


@pytest.fixture
def school() -> School:
    return make_school(replace(RULES, close_after=30))


def closed(school: School) -> int:
    return sum(one.is_closed for one in api.periods(SYSTEM, school.placement))


def is_closed_on(school: School, ago: int) -> bool:
    day = day_ago(ago)
    return any(
        one.is_closed and one.first <= day <= one.last
        for one in api.periods(SYSTEM, school.placement)
    )


def test_a_month_closes_by_itself_once_its_days_are_over(school: School) -> None:
    entry = approved(school, day_ago(LONG_AGO))
    done, waiting = close_settled()
    assert (done > 0, waiting) == (True, 0)
    assert state_of(entry) == "locked"
    assert is_closed_on(school, LONG_AGO)
    assert not is_closed_on(school, 20)  # its thirty days are not over, whatever the date
    assert close_settled() == (0, 0)
    assert api.verify_audit_trail().is_whole


def test_no_month_closes_without_the_rule() -> None:
    school = make_school()
    approved(school, day_ago(LONG_AGO))
    assert close_settled() == (0, 0)
    assert closed(school) == 0


@pytest.mark.parametrize("what", ["draft", "submitted", "returned", "correction"])
def test_a_month_with_something_that_waits_stays_open(school: School, what: str) -> None:
    make = {"draft": lambda: log(school, day_ago(LONG_AGO)).id}.get(what)
    entry = make() if make else submitted(school, day_ago(LONG_AGO))
    if what == "returned":
        review(school, entry, approve=False, reason="Which shelf?")
    if what == "correction":
        review(school, entry)
        propose(school, entry)
    _done, waiting = close_settled()
    assert waiting == 1
    assert not is_closed_on(school, LONG_AGO)
    told = set(SentNotice.objects.values_list("rule", "recipient__id"))
    assert told == {
        ("unsettled", id_of(one)) for one in (school.coordinator, school.second_coordinator)
    }
    close_settled()
    assert SentNotice.objects.count() == 2  # once a week


def test_coordinators_read_what_waits_until_it_does_not(
    school: School, mailoutbox: list[object]
) -> None:
    entry = submitted(school, day_ago(LONG_AGO))
    close_settled()
    subject = SentNotice.objects.values_list("subject", flat=True)[0]
    assert send(Rule.UNSETTLED, id_of(school.coordinator), [subject])
    (mail,) = mailoutbox
    assert "Tena" in str(getattr(mail, "body", ""))
    review(school, entry)
    assert not send(Rule.UNSETTLED, id_of(school.coordinator), [subject])
    close_settled()
    assert is_closed_on(school, LONG_AGO)
