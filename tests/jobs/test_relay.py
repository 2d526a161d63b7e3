from collections.abc import Callable, Iterator
from typing import Any

import pytest

from jobs import api, relay, runner
from jobs.clock import seconds_from_now
from jobs.models import Job
from jobs.tasks import run_job, send_hint

pytestmark = pytest.mark.django_db


def waiting_hints() -> set[str]:
    return set(relay.unpublished_jobs().values_list("args__mark", flat=True))


def test_a_new_job_is_waiting_to_be_sent_and_a_sent_one_is_not() -> None:
    api.enqueue("trial.record", {"mark": "new"})
    sent = api.enqueue("trial.record", {"mark": "sent"})
    Job.objects.filter(pk=sent.pk).update(published_at=seconds_from_now(-1))
    assert waiting_hints() == {"new"}


def test_a_hint_without_effect_is_sent_again(settings: Any) -> None:
    settings.JOBS_RESEND_SECONDS = 30
    for mark, age in (("stale", 31), ("fresh", 29)):
        job = api.enqueue("trial.record", {"mark": mark})
        Job.objects.filter(pk=job.pk).update(published_at=seconds_from_now(-age))
    assert waiting_hints() == {"stale"}


def test_a_job_whose_worker_was_lost_is_sent_at_once() -> None:
    for mark in ("lost", "told", "working"):
        job = api.enqueue("trial.record", {"mark": mark})
        runner.claim_job(job.pk, "worker")
    sent_ago = {"lost": 5, "told": 1, "working": 5}
    for mark, seconds in sent_ago.items():
        lease = 60 if mark == "working" else -2
        Job.objects.filter(args__mark=mark).update(
            published_at=seconds_from_now(-seconds), lease_until=seconds_from_now(lease)
        )
    assert waiting_hints() == {"lost"}


def test_a_broker_that_is_away_leaves_the_job_to_be_sent(unreachable_broker: None) -> None:
    api.enqueue("trial.record", {"mark": "a"})
    with pytest.raises(relay.BrokerError, match="did not take the hint"):
        relay.publish_due(send_hint)
    assert waiting_hints() == {"a"}


def test_the_celery_task_runs_the_job_once(effects: Callable[[], list[str]]) -> None:
    job = api.enqueue("trial.record", {"mark": "a"})
    run_job(str(job.pk))
    run_job(str(job.pk))
    assert effects() == ["a"]


@pytest.fixture
def unreachable_broker() -> Iterator[None]:
    from celery import Celery, current_app

    before = current_app._get_current_object()
    app = Celery("nowhere", broker="redis://127.0.0.1:1/0")
    app.conf.broker_transport_options = {"max_retries": 0, "socket_connect_timeout": 1}
    app.set_current()
    app.set_default()
    yield
    before.set_default()
    before.set_current()
