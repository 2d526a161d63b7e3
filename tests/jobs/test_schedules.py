"""Periodic work: one job for each slot, however many schedulers there are."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from celery import Celery, current_app
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from jobs import api, runner
from jobs.clock import DatabaseNow, seconds_from_now
from jobs.models import Job, Schedule
from jobs.schedules import enqueue_due
from jobs.slots import Daily, Every
from jobs.tasks import tick

ZAGREB = ZoneInfo("Europe/Zagreb")
ALMATY = ZoneInfo("Asia/Almaty")
HOUR = 3600

moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
zones = st.sampled_from([ZAGREB, ALMATY, ZoneInfo("America/St_Johns"), UTC])
rules = st.one_of(
    st.builds(Every, st.timedeltas(timedelta(minutes=1), timedelta(days=40))),
    st.builds(Daily, st.times(), st.none() | st.integers(0, 6)),
)


# --- Slots ----------------------------------------------------------------------------------------


@given(rules, moments, zones)
def test_a_slot_is_the_latest_that_has_come(
    rule: Every | Daily, now: datetime, zone: ZoneInfo
) -> None:
    slot = rule.slot(now, zone)
    longest = rule.period if isinstance(rule, Every) else timedelta(days=7, hours=2)
    assert now - longest <= slot <= now
    assert rule.slot(slot, zone) == slot


@given(rules, moments, st.timedeltas(timedelta(0), timedelta(days=60)), zones)
def test_slots_never_go_back(
    rule: Every | Daily, now: datetime, later: timedelta, zone: ZoneInfo
) -> None:
    assert rule.slot(now, zone) <= rule.slot(now + later, zone)


def test_a_daily_slot_follows_the_clock_on_the_wall() -> None:
    six = Daily(time(6))
    winter, summer = datetime(2026, 1, 10, 9, tzinfo=UTC), datetime(2026, 7, 10, 9, tzinfo=UTC)
    assert six.slot(winter, ZAGREB) == datetime(2026, 1, 10, 5, tzinfo=UTC)
    assert six.slot(summer, ZAGREB) == datetime(2026, 7, 10, 4, tzinfo=UTC)
    assert six.slot(datetime(2026, 7, 10, 3, 59, tzinfo=UTC), ZAGREB) == datetime(
        2026, 7, 9, 4, tzinfo=UTC
    )
    monday = Daily(time(6), weekday=0)
    assert monday.slot(summer, ZAGREB) == datetime(2026, 7, 6, 4, tzinfo=UTC)


def test_odd_rules_are_refused() -> None:
    with pytest.raises(ValueError, match="needs a minute"):
        Every(timedelta(seconds=1))
    with pytest.raises(ValueError, match="no weekday 7"):
        Daily(time(6), weekday=7)


# --- Jobs -----------------------------------------------------------------------------------------


@pytest.fixture
def begun(db: None) -> None:
    """The schedule has been seen, so the next slot counts."""
    enqueue_due()


def let_pass(hours: int) -> None:
    Schedule.objects.filter(name="trial.tick").update(slot=seconds_from_now(-hours * HOUR))


def jobs_of_the_schedule() -> int:
    return Job.objects.filter(task="trial.tick").count()


@pytest.mark.django_db
def test_a_new_schedule_begins_with_its_next_slot() -> None:
    assert enqueue_due() == 0
    row = Schedule.objects.get(name="trial.tick")
    assert row.slot.minute == row.slot.second == 0
    assert not Job.objects.exists()


@pytest.mark.usefixtures("begun")
def test_each_slot_gets_one_job(effects: Callable[[], list[str]]) -> None:
    let_pass(2)
    assert [enqueue_due(), enqueue_due()] == [1, 0]
    slot = Schedule.objects.get(name="trial.tick").slot
    assert runner.run_next("test")
    assert effects() == [slot.isoformat()]
    assert api.find_jobs(tasks=["trial.tick"])[:1][0].created_by_id is None


@pytest.mark.usefixtures("begun")
def test_a_slot_that_was_discarded_does_not_come_back() -> None:
    let_pass(2)
    enqueue_due()
    api.discard(Job.objects.get().pk)
    assert enqueue_due() == 0


@pytest.mark.usefixtures("begun")
def test_work_that_still_waits_does_for_the_next_slot_too() -> None:
    let_pass(2)
    enqueue_due()
    let_pass(1)
    assert enqueue_due() == 0
    assert jobs_of_the_schedule() == 1


@pytest.mark.usefixtures("begun")
def test_a_clock_that_goes_back_repeats_nothing() -> None:
    Schedule.objects.update(slot=seconds_from_now(3 * HOUR))
    assert enqueue_due() == 0
    assert jobs_of_the_schedule() == 0


@pytest.mark.django_db(transaction=True)
def test_schedulers_at_once_double_nothing() -> None:
    enqueue_due()
    let_pass(2)
    together = threading.Barrier(6, timeout=60)

    def schedule() -> None:
        try:
            together.wait()
            enqueue_due()
        finally:
            connection.close()

    threads = [threading.Thread(target=schedule) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert jobs_of_the_schedule() == 1


@pytest.mark.django_db(transaction=True)
def test_schedulers_that_look_before_they_write_double_their_work() -> None:
    enqueue_due()
    let_pass(2)
    together = threading.Barrier(2, timeout=60)

    def schedule() -> None:
        """What ``enqueue_due`` would be if it did not move the row by a condition."""
        try:
            row = Schedule.objects.get(name="trial.tick")
            together.wait()
            with transaction.atomic():
                if row.slot < datetime.now(UTC) - timedelta(hours=1):
                    Schedule.objects.filter(pk=row.pk).update(slot=DatabaseNow())
                    api.enqueue("trial.tick", {"slot": ""})
        finally:
            connection.close()

    threads = [threading.Thread(target=schedule) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert jobs_of_the_schedule() == 2


@pytest.fixture
def own_broker() -> Iterator[None]:
    """A broker within the process."""
    before = current_app._get_current_object()
    app = Celery("here", broker="memory://")
    app.set_current()
    app.set_default()
    yield
    before.set_default()
    before.set_current()


@pytest.mark.usefixtures("begun", "own_broker")
def test_celerys_beat_can_be_the_scheduler_and_the_relay() -> None:
    let_pass(2)
    tick()
    sent = Job.objects.get()
    assert sent.published_at is not None
    tick()
    assert Job.objects.get() == sent
