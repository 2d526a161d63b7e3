"""Who is written to about hours that lie, and when: by rule, never twice, never by night."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.core import mail
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from jobs.models import Job
from practicum import api
from practicum.api import MailWishes
from practicum.models import SentNotice
from practicum.reminding import digest, open_weeks, remind
from practicum.rules.reminders import OpenWeek, Rule, asked_notices, due_notices, is_quiet
from practicum.tasks import send_notice
from tests.practicum.school import (
    School,
    approved,
    at_utc,
    day_ago,
    id_of,
    log,
    make_school,
    review,
    submitted,
)
from tests.practicum.visits import PAGE, decisions, said

MENTOR, TRAINEE, COORDINATOR, PLACEMENT = (UUID(int=number) for number in range(1, 5))
MONDAY = at_utc(2026, 11, 2, 10)  # noon in Sofia
NOON = timedelta(days=1)


def week(**changes: datetime | None) -> OpenWeek:
    return OpenWeek(PLACEMENT, MONDAY.date(), "Europe/Sofia", TRAINEE, (MENTOR,), **changes)


def sent_week(at: datetime) -> OpenWeek:
    return week(waiting=at, newest=at)


def rules_due(
    one: OpenWeek,
    now: datetime,
    sent: dict[tuple[Rule, str, UUID], datetime] | None = None,
    unwilling: tuple[UUID, ...] = (),
) -> list[tuple[Rule, UUID]]:
    found = due_notices([one], sent or {}, now, [COORDINATOR], unwilling)
    return [(notice.rule, notice.recipient) for notice in found]


def key(rule: Rule, person: UUID) -> tuple[Rule, str, UUID]:
    return rule, week().subject, person


def test_a_mentor_is_asked_once_the_trainee_has_had_time_to_finish() -> None:
    assert rules_due(sent_week(MONDAY), MONDAY + timedelta(minutes=10)) == []
    assert rules_due(sent_week(MONDAY), MONDAY + timedelta(minutes=31)) == [(Rule.ASK, MENTOR)]


def test_a_mentor_is_asked_again_for_what_came_after_and_not_the_same_day() -> None:
    one = week(waiting=MONDAY, newest=MONDAY + timedelta(hours=3))
    asked = {key(Rule.ASK, MENTOR): MONDAY + timedelta(hours=1)}
    assert rules_due(one, MONDAY + timedelta(hours=4), asked) == []
    assert rules_due(one, MONDAY + NOON + timedelta(hours=2), asked) == [(Rule.ASK, MENTOR)]


def test_the_ladder_climbs_after_three_seven_and_fourteen_days() -> None:
    lying = week(lying=MONDAY)
    assert rules_due(lying, MONDAY + 2 * NOON) == []
    assert rules_due(lying, MONDAY + 3 * NOON) == [(Rule.TRAINEE, TRAINEE)]
    asked = {key(Rule.ASK, MENTOR): MONDAY + timedelta(hours=1)}
    assert rules_due(sent_week(MONDAY), MONDAY + 4 * NOON, asked) == []
    assert rules_due(sent_week(MONDAY), MONDAY + 7 * NOON, asked) == [(Rule.MENTOR, MENTOR)]
    reminded = {**asked, key(Rule.MENTOR, MENTOR): MONDAY + 7 * NOON}
    late = rules_due(sent_week(MONDAY), MONDAY + 14 * NOON, reminded)
    assert (Rule.COORDINATOR, COORDINATOR) in late


def test_a_coordinator_is_never_told_before_the_mentor_was_reminded() -> None:
    late = MONDAY + 15 * NOON
    assert rules_due(sent_week(MONDAY), late) == [(Rule.ASK, MENTOR)]
    asked = {key(Rule.ASK, MENTOR): MONDAY}
    assert rules_due(sent_week(MONDAY), late, asked) == [(Rule.MENTOR, MENTOR)]


def test_who_wants_no_reminders_gets_none_and_the_ladder_goes_on_without_them() -> None:
    asked = {key(Rule.ASK, MENTOR): MONDAY}
    due = rules_due(sent_week(MONDAY), MONDAY + 15 * NOON, asked, (MENTOR,))
    assert due == [(Rule.COORDINATOR, COORDINATOR)]
    assert rules_due(week(lying=MONDAY), MONDAY + 4 * NOON, {}, (TRAINEE,)) == []


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        (datetime(2026, 11, 3, 6, 59), True),
        (datetime(2026, 11, 3, 7, 0), False),
        (datetime(2026, 11, 3, 19, 59), False),
        (datetime(2026, 11, 3, 20, 0), True),
        (datetime(2026, 11, 7, 12, 0), True),  # a Saturday
    ],
)
def test_nights_and_weekends_are_quiet(moment: datetime, quiet: bool) -> None:
    assert is_quiet(moment) is quiet


@given(st.integers(0, 24 * 90))
def test_run_every_hour_nobody_gets_more_than_one_notice_a_day_of_a_week(start: int) -> None:
    sent: dict[tuple[Rule, str, UUID], datetime] = {}
    days: set[tuple[Rule, UUID, str]] = set()
    one = week(lying=MONDAY, waiting=MONDAY, newest=MONDAY)
    for hour in range(start, start + 24 * 3):
        now = MONDAY + timedelta(hours=hour)
        for notice in due_notices([one], sent, now, [COORDINATOR]):
            stamp = (notice.rule, notice.recipient, notice.window)
            assert stamp not in days
            days.add(stamp)
            sent[notice.rule, notice.subject, notice.recipient] = now


@pytest.mark.parametrize(
    ("now", "leaves"),
    [
        pytest.param(MONDAY, None, id="at once on a weekday"),
        pytest.param(at_utc(2026, 11, 2, 21), at_utc(2026, 11, 3, 5), id="in the morning"),
        pytest.param(at_utc(2026, 11, 3, 1), at_utc(2026, 11, 3, 5), id="later the same night"),
        pytest.param(at_utc(2026, 11, 6, 20), at_utc(2026, 11, 9, 5), id="after the weekend"),
    ],
)
def test_a_reminder_that_is_asked_for_waits_out_the_night(
    now: datetime, leaves: datetime | None
) -> None:
    (notice,) = asked_notices([sent_week(now - timedelta(hours=5))], {}, now)
    assert (notice.rule, notice.recipient, notice.not_before) == (Rule.MENTOR, MENTOR, leaves)


def test_a_reminder_is_not_asked_for_in_vain() -> None:
    one = week(lying=MONDAY, waiting=MONDAY, newest=MONDAY)
    every = asked_notices([one], {}, MONDAY)
    assert {notice.recipient for notice in every} == {TRAINEE, MENTOR}
    asked = asked_notices([one], {}, MONDAY, MENTOR)
    assert [notice.recipient for notice in asked] == [MENTOR]
    heard = {(Rule.ASK, one.subject, MENTOR): MONDAY - timedelta(hours=23)}
    assert asked_notices([one], heard, MONDAY, MENTOR) == []
    assert asked_notices([one], {}, MONDAY, unwilling=(MENTOR, TRAINEE)) == []


# --- With rows and mails --------------------------------------------------------------------------


@pytest.fixture
def school(db: None) -> School:
    return make_school()


def weekday_noon() -> datetime:
    """A moment after now when nobody is asleep."""
    now = datetime.combine(day_ago(-1), at_utc(2026, 1, 1, 10).timetz())
    while is_quiet(now):
        now += timedelta(days=1)
    return now


def send_all() -> list[mail.EmailMessage]:
    """Run the jobs that wait; the mails that left."""
    before = len(mail.outbox)
    for job in Job.objects.filter(task="practicum.send_notice"):
        effect = send_notice(job.args, lambda done=0, total=0: None)
        assert effect is not None
        effect()
    Job.objects.filter(task="practicum.send_notice").delete()
    return list(mail.outbox[before:])


def test_a_mentor_gets_a_mail_with_a_link_that_decides_in_two_clicks(school: School) -> None:
    entry = submitted(school, day_ago(1))
    assert remind(weekday_noon()) == 1
    (message,) = send_all()
    assert message.to == ["meri@example.org"]
    assert "Tena, week of" in message.body
    address = next(line for line in message.body.splitlines() if "/practice/r/" in line)
    meri = Client(headers=PAGE)
    response = meri.get(address.split("8000")[1].strip(), follow=True)
    meri.post(response.redirect_chain[-1][0], decisions(said(response)))
    assert api.entry(school.trainee, entry).state.value == "approved"


def test_a_mail_has_plain_text_first_and_the_same_as_html(school: School) -> None:
    submitted(school, day_ago(1))
    remind(weekday_noon())
    (message,) = send_all()
    assert message.content_subtype == "plain"
    assert isinstance(message, mail.EmailMultiAlternatives)
    ((html, kind),) = message.alternatives
    assert kind == "text/html"
    assert "/practice/r/" in str(html)
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_running_twice_sends_once(school: School) -> None:
    submitted(school, day_ago(1))
    noon = weekday_noon()
    assert [remind(noon), remind(noon)] == [1, 0]
    assert len(send_all()) == 1


def test_what_was_done_meanwhile_is_not_written_about(school: School) -> None:
    entry = submitted(school, day_ago(1))
    remind(weekday_noon())
    review(school, entry)
    assert send_all() == []


def test_a_trainee_is_reminded_of_drafts_and_of_what_came_back(school: School) -> None:
    log(school, day_ago(1))
    assert remind(weekday_noon() + timedelta(days=7)) == 1
    (message,) = send_all()
    assert message.to == ["tena@example.org"]
    assert "Sample City Library, week of" in message.body


def test_a_coordinator_hears_of_it_after_the_mentor_was_reminded(school: School) -> None:
    submitted(school, day_ago(1))
    noon = weekday_noon()
    for days in (0, 7, 14):
        remind(noon + timedelta(days=days))
    rules = SentNotice.objects.order_by("pk").values_list("rule", flat=True)
    assert list(rules) == ["ask", "mentor", "mentor", "coordinator", "coordinator"]
    assert {message.to[0] for message in send_all()} == {
        "meri@example.org",
        "koraljka@example.org",
        "kiril@example.org",
    }


def test_a_weekly_digest_tells_each_mentor_of_their_own_trainees(school: School) -> None:
    approved(school, day_ago(1))
    assert digest() == 2
    assert digest() == 0
    messages = {message.to[0]: message.body for message in send_all()}
    assert "Tena" in messages["meri@example.org"]
    assert "4 h of 100 h confirmed" in messages["meri@example.org"]
    assert "Tena" not in messages["marko@example.org"]


def test_who_wants_no_digest_gets_none(school: School) -> None:
    api.wish_mail(school.mentor, MailWishes("en", wants_digest=False))
    assert digest() == 1


def test_mails_come_in_the_recipients_language(school: School) -> None:
    api.wish_mail(school.mentor, MailWishes("en"))
    submitted(school, day_ago(1))
    remind(weekday_noon())
    (message,) = send_all()
    assert message.subject.startswith("Hours to confirm: Tena")


def test_an_address_with_a_line_break_sends_no_header_of_its_own(school: School) -> None:
    mentor = api.add_person(api.SYSTEM, name="Eva\nBcc: x@example.org", mail="eva@example.org").id
    api.grant_mandate(school.coordinator, school.placement, mentor, first=day_ago(5))
    submitted(school, day_ago(1))
    remind(weekday_noon())
    assert all("Bcc" not in message.message() for message in send_all())


def test_finding_what_lies_costs_the_same_for_many(
    school: School, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for days in range(1, 6):
        submitted(school, day_ago(days))
    with django_assert_num_queries(3):  # entries with their placements, mandates, mentors
        found = open_weeks(weekday_noon())
    assert all(one.mentors == (id_of(school.mentor),) for one in found)
