import logging
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from jobs import api, runner
from jobs.clock import seconds_from_now
from jobs.models import Job
from tests.jobs import trial

pytestmark = pytest.mark.django_db


def claim_as(name: str) -> runner.Claim:
    claim = runner.claim_next(name)
    assert claim is not None
    return claim


def expire(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=seconds_from_now(-1))


def make_due(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(run_after=seconds_from_now(-1))


def test_nothing_to_do_is_told() -> None:
    assert runner.run_next("test") is False


def test_the_effect_happens_once(effects: Callable[[], list[str]]) -> None:
    job = api.enqueue("trial.record", {"mark": "a"})
    assert [runner.run_next("test") for _ in range(3)] == [True, False, False]
    assert runner.run_job(job.pk, "test") is False
    assert effects() == ["a"]
    stored = Job.objects.get()
    assert (stored.state, stored.attempts, stored.error) == ("done", 1, "")


def test_the_oldest_job_runs_first(effects: Callable[[], list[str]]) -> None:
    for mark in "abc":
        api.enqueue("trial.record", {"mark": mark}, run_after=None)
    middle = Job.objects.get(args__mark="b")
    make_due(middle)
    runner.run_next("test")
    assert effects() == ["b"]


def test_a_claimed_job_is_not_claimed_again() -> None:
    job = api.enqueue("trial.record", {"mark": "a"})
    claim = claim_as("first")
    assert claim.job_id == job.pk
    assert runner.claim_next("second") is None
    assert runner.claim_job(job.pk, "second") is None
    assert Job.objects.get().claimed_by == "first"


def test_a_lost_runners_job_is_given_to_the_next_with_a_new_token(
    effects: Callable[[], list[str]],
) -> None:
    job = api.enqueue("trial.record", {"mark": "a"})
    lost = claim_as("lost")
    expire(job)
    taken = claim_as("next")
    assert taken.job_id == lost.job_id
    assert taken.token != lost.token
    assert taken.attempt == 2


def test_a_late_runners_effect_is_dropped(
    effects: Callable[[], list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    job = api.enqueue("trial.record", {"mark": "a"})
    late = claim_as("late")
    expire(job)
    taken = claim_as("next")
    runner.run_claim(late)
    assert effects() == []
    assert Job.objects.get().state == "running"
    assert "another's now" in caplog.text
    runner.run_claim(taken)
    runner.run_claim(late)
    assert effects() == ["a"]
    assert Job.objects.get().state == "done"


def test_a_late_runners_failure_does_not_touch_the_job() -> None:
    job = api.enqueue("trial.fail", {"mark": "a"})
    late = claim_as("late")
    expire(job)
    taken = claim_as("next")
    runner.run_claim(late)
    stored = Job.objects.get()
    assert (stored.state, stored.token, stored.error) == ("running", taken.token, "")


def test_a_task_that_ignores_the_loss_of_its_job_has_no_effect(
    effects: Callable[[], list[str]],
) -> None:
    api.enqueue("trial.ignore_loss", {"mark": "a"})
    runner.run_next("test")
    assert effects() == ["told"]
    assert Job.objects.get().state == "running"


def test_a_failed_job_waits_and_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    job = api.enqueue("trial.fail", {"mark": "Biblija"})
    runner.run_next("test")
    stored = Job.objects.get()
    assert (stored.state, stored.attempts) == ("queued", 1)
    assert stored.error.startswith("ValueError: no such book: Biblija\n")
    assert "trial.py" in stored.error
    assert stored.published_at is None
    assert runner.claim_next("test") is None
    make_due(job)
    assert claim_as("test").attempt == 2


def test_a_job_that_failed_too_often_is_dead(caplog: pytest.LogCaptureFixture) -> None:
    job = api.enqueue("trial.fail", {"mark": "a"}, max_attempts=3)
    for _ in range(5):
        make_due(job)
        runner.run_next("test")
    stored = Job.objects.get()
    assert (stored.state, stored.attempts) == ("dead", 3)
    assert stored.finished_at is not None


def test_a_job_that_its_runners_do_not_survive_is_dead_in_the_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    job = api.enqueue("trial.kill_runner", {}, max_attempts=2)
    for _ in range(2):
        assert runner.claim_next("brave") is not None
        expire(job)
    assert runner.claim_next("brave") is None
    stored = Job.objects.get()
    assert (stored.state, stored.attempts) == ("dead", 2)
    assert "(brave) was lost 2 times" in stored.error


def test_an_effect_that_fails_leaves_nothing(
    effects: Callable[[], list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    api.enqueue("trial.fail_late", {"mark": "a"})
    runner.run_next("test")
    assert effects() == []
    assert Job.objects.get().error.startswith("ValueError: the shelf is full")


def test_a_task_that_has_gone_counts_as_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    job = api.enqueue("trial.record", {"mark": "a"})
    Job.objects.filter(pk=job.pk).update(task="trial.gone")
    runner.run_next("test")
    stored = Job.objects.get()
    assert (stored.state, stored.error.split(":")[0]) == ("queued", "UnknownTask")


def test_a_beat_extends_the_lease(settings: Any) -> None:
    settings.JOBS_LEASE_SECONDS = 300
    job = api.enqueue("trial.hold", {})
    runner.run_next("test")
    short, extended = trial.LEASES.pop(job.pk)
    assert short is not None
    assert extended is not None
    assert 290 < (extended - short).total_seconds() < 310


def test_a_runner_known_to_be_gone_holds_no_jobs() -> None:
    api.enqueue("trial.record", {"mark": "a"})
    runner.claim_next("gone")
    assert runner.release_jobs_of("other") == 0
    assert runner.claim_next("new") is None
    assert runner.release_jobs_of("gone") == 1
    make_time_pass()
    assert claim_as("new").attempt == 2


def make_time_pass() -> None:
    """The database's clock ticks in milliseconds on SQLite, and leases end after an instant."""
    threading.Event().wait(0.005)


@given(attempt=st.integers(1, 40))
def test_the_pause_grows_to_a_minute(attempt: int) -> None:
    pause = runner.pause_before_retry(attempt)
    assert 0.1 * 2**attempt <= pause * 1.0001 or pause == 60
    assert pause <= min(60, 0.3 * 2**attempt)


@pytest.mark.django_db(transaction=True)
def test_many_runners_at_once_run_each_job_once(effects: Callable[[], list[str]]) -> None:
    for number in range(40):
        api.enqueue("trial.record", {"mark": f"{number:02}"})

    def work(name: str) -> None:
        try:
            while runner.run_next(name):
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(f"runner {n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while runner.run_next("last"):  # those that all threads saw locked by another
        pass
    assert effects() == [f"{number:02}" for number in range(40)]
    assert set(Job.objects.values_list("state", "attempts")) == {("done", 1)}


@pytest.mark.django_db(transaction=True)
def test_two_requests_with_one_key_make_one_job() -> None:
    together = threading.Barrier(6, timeout=60)
    made = []

    def request() -> None:
        together.wait()
        try:
            made.append(api.enqueue("trial.record", {"mark": "a"}, dedupe="k").pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=request) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 6
    assert set(made) == {Job.objects.get().pk}


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
