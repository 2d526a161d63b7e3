from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from jobs import api, runner
from jobs.clock import seconds_from_now
from jobs.models import Job

pytestmark = pytest.mark.django_db


def run_all() -> None:
    while runner.run_next("test"):
        pass


def test_a_job_is_queued_with_its_arguments() -> None:
    user = get_user_model().objects.create(username="keeper")
    job = api.enqueue("trial.record", {"mark": "Zadar"}, user=user)
    stored = Job.objects.get()
    assert (stored.pk, stored.state, stored.args) == (job.pk, "queued", {"mark": "Zadar"})
    assert (stored.attempts, stored.max_attempts, stored.created_by) == (0, 5, user)
    assert abs(job.run_after - timezone.now()) < timedelta(minutes=5)


def test_a_job_vanishes_with_the_transaction_it_was_written_in() -> None:
    with transaction.atomic():
        job = api.enqueue("trial.record", {"mark": "a"})
        transaction.set_rollback(True)
    assert not Job.objects.filter(pk=job.pk).exists()


def test_an_unknown_task_is_refused_by_name() -> None:
    with pytest.raises(api.UnknownTask, match=r"trial\.sing.*trial\.record"):
        api.enqueue("trial.sing", {})
    assert not Job.objects.exists()


@pytest.mark.parametrize("value", [{1, 2}, float("nan"), b"x"])
def test_arguments_that_are_not_json_are_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"'trial\.record' are not JSON"):
        api.enqueue("trial.record", {"mark": value})


def test_a_job_needs_an_attempt() -> None:
    with pytest.raises(ValueError, match="at least one attempt"):
        api.enqueue("trial.record", {}, max_attempts=0)


def test_the_same_key_gives_the_same_job_even_when_it_is_done(
    effects: Callable[[], list[str]],
) -> None:
    first = api.enqueue("trial.record", {"mark": "a"}, dedupe="report:2024-10")
    assert api.enqueue("trial.record", {"mark": "b"}, dedupe="report:2024-10").pk == first.pk
    run_all()
    assert api.enqueue("trial.record", {"mark": "c"}, dedupe="report:2024-10").pk == first.pk
    run_all()
    assert effects() == ["a"]


def test_jobs_without_a_key_repeat(effects: Callable[[], list[str]]) -> None:
    for _ in range(2):
        api.enqueue("trial.record", {"mark": "a"})
    run_all()
    assert effects() == ["a", "a"]


def test_a_job_waits_for_its_time(effects: Callable[[], list[str]]) -> None:
    later = timezone.now() + timedelta(hours=1)
    job = api.enqueue("trial.record", {"mark": "a"}, run_after=later)
    run_all()
    assert (effects(), api.queue_health().waiting) == ([], 1)
    Job.objects.filter(pk=job.pk).update(run_after=timezone.now() - timedelta(hours=1))
    run_all()
    assert effects() == ["a"]


def test_the_status_tells_progress_and_end(effects: Callable[[], list[str]]) -> None:
    job = api.enqueue("trial.count", {"steps": 7})
    assert not api.status(job.pk).is_over
    run_all()
    status = api.status(job.pk)
    assert (status.state, status.is_over) == ("done", True)
    assert (status.progress_done, status.progress_total) == (7, 7)
    assert status.finished_at is not None
    assert status.finished_at >= status.created_at


def test_the_status_of_no_job_is_an_error() -> None:
    with pytest.raises(api.UnknownJob):
        api.status(uuid4())


def test_a_dead_job_can_be_queued_again(effects: Callable[[], list[str]]) -> None:
    job = api.enqueue("trial.fail", {"mark": "a"}, max_attempts=1)
    run_all()
    assert api.status(job.pk).state == "dead"
    api.requeue(job.pk)
    status = api.status(job.pk)
    assert (status.state, status.attempts, status.finished_at) == ("queued", 0, None)
    Job.objects.filter(pk=job.pk).update(task="trial.record")
    run_all()
    assert (effects(), api.status(job.pk).state) == (["a"], "done")


def test_a_job_that_waits_for_another_attempt_can_run_at_once() -> None:
    job = api.enqueue("trial.fail", {"mark": "a"})
    run_all()
    assert api.queue_health().waiting == 1
    api.requeue(job.pk)
    assert api.queue_health().due == 1


def test_a_finished_job_is_neither_queued_again_nor_discarded(
    effects: Callable[[], list[str]],
) -> None:
    job = api.enqueue("trial.record", {"mark": "a"})
    run_all()
    for decide in (api.requeue, api.discard):
        with pytest.raises(api.WrongState, match="is done"):
            decide(job.pk)
        with pytest.raises(api.UnknownJob):
            decide(uuid4())
    assert effects() == ["a"]


def test_a_discarded_job_never_takes_effect(effects: Callable[[], list[str]]) -> None:
    queued = api.enqueue("trial.record", {"mark": "queued"}, dedupe="k")
    api.discard(queued.pk)
    running = api.enqueue("trial.record", {"mark": "running"})
    claim = runner.claim_next("test")
    assert claim is not None
    api.discard(running.pk)
    runner.run_claim(claim)
    run_all()
    assert effects() == []
    assert api.enqueue("trial.record", {"mark": "new"}, dedupe="k").pk != queued.pk


def test_the_health_counts_jobs_by_what_they_wait_for(effects: Callable[[], list[str]]) -> None:
    assert api.queue_health() == api.QueueHealth(0, 0, 0, 0, 0, None, None)
    api.enqueue("trial.record", {"mark": "done"})
    run_all()
    api.enqueue("trial.fail", {"mark": "dead"}, max_attempts=1)
    run_all()
    for mark in ("running", "expired"):
        api.enqueue("trial.record", {"mark": mark})
        runner.claim_next("test")
    Job.objects.filter(args__mark="expired").update(lease_until=seconds_from_now(-1))
    api.enqueue("trial.record", {"mark": "due"}, run_after=timezone.now() - timedelta(minutes=30))
    api.enqueue("trial.record", {"mark": "later"}, run_after=timezone.now() + timedelta(hours=1))
    health = api.queue_health()
    assert (health.due, health.waiting, health.dead) == (1, 1, 1)
    assert (health.running, health.expired) == (2, 1)
    assert health.oldest_due_age == pytest.approx(1800, abs=100)
