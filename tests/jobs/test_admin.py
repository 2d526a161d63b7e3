from typing import Any

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from jobs import api, runner
from jobs.models import Job

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not site.is_registered(Job), reason="no admin is installed"),
]

LIST = "admin:libschool_jobs_job_changelist"


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(
        User.objects.create(username="keeper", is_staff=True, is_superuser=True),
        backend="delivery.accounts.AccountBackend",
    )
    return client


@pytest.fixture
def dead_job(caplog: pytest.LogCaptureFixture) -> Job:
    job = api.enqueue("trial.fail", {"mark": "Biblija"}, max_attempts=1)
    runner.run_next("test")
    return job


def act(staff: Client, action: str, *jobs: Job) -> Any:
    selected = [str(job.pk) for job in jobs]
    form = {"action": action, "_selected_action": selected}
    return staff.post(reverse(LIST), form, follow=True)


def test_the_list_tells_state_age_attempts_and_error(staff: Client, dead_job: Job) -> None:
    page = staff.get(reverse(LIST)).content.decode()
    assert "trial.fail" in page
    assert "1 / 1" in page
    assert "ValueError: no such book: Biblija" in page
    assert "Traceback" not in page


@pytest.mark.parametrize("words", ["trial.fail", "no such book", "Biblija"])
def test_a_job_is_found_by_task_error_or_argument(staff: Client, dead_job: Job, words: str) -> None:
    api.enqueue("trial.record", {"mark": "other"})
    page = staff.get(reverse(LIST), {"q": words})
    assert [job.pk for job in page.context["cl"].result_list] == [dead_job.pk]


def test_jobs_are_filtered_by_state(staff: Client, dead_job: Job) -> None:
    api.enqueue("trial.record", {"mark": "other"})
    page = staff.get(reverse(LIST), {"state__exact": "dead"})
    assert [job.pk for job in page.context["cl"].result_list] == [dead_job.pk]


def test_a_dead_job_is_queued_again(staff: Client, dead_job: Job) -> None:
    page = act(staff, "requeue", dead_job)
    assert "1 job was queued again." in page.content.decode()
    assert api.status(dead_job.pk).state == "queued"


def test_jobs_are_discarded(staff: Client, dead_job: Job) -> None:
    other = api.enqueue("trial.record", {"mark": "a"})
    page = act(staff, "discard", dead_job, other)
    assert "2 jobs were discarded." in page.content.decode()
    assert not Job.objects.exists()


def test_a_finished_job_is_left_alone_and_named(
    staff: Client, dead_job: Job, effects: object
) -> None:
    done = api.enqueue("trial.record", {"mark": "a"})
    runner.run_next("test")
    page = act(staff, "discard", dead_job, done).content.decode()
    assert "1 job was discarded." in page
    assert f"Job {done.pk} is done and cannot be discarded." in page
    assert Job.objects.get() == done


def test_nobody_writes_or_deletes_a_job_by_hand(staff: Client, dead_job: Job) -> None:
    where = "admin:libschool_jobs_job_"
    assert staff.get(reverse(where + "add")).status_code == 403
    assert staff.post(reverse(where + "delete", args=[dead_job.pk])).status_code == 403
    assert staff.get(reverse(where + "change", args=[dead_job.pk])).status_code == 200
    staff.post(reverse(where + "change", args=[dead_job.pk]), {"state": "done"})
    assert api.status(dead_job.pk).state == "dead"


def test_staff_without_the_permission_decide_nothing(client: Client, dead_job: Job) -> None:
    helper = User.objects.create(username="helper", is_staff=True)
    client.force_login(helper, backend="delivery.accounts.AccountBackend")
    assert act(client, "discard", dead_job).status_code == 403
    assert api.status(dead_job.pk).state == "dead"


def test_the_signs_of_life_are_listed(staff: Client) -> None:
    from jobs.heartbeat import show_life
    from jobs.models import RunnerHeartbeat

    show_life("runner of the reading room", RunnerHeartbeat.Kind.RUNNER)
    page = staff.get(reverse("admin:libschool_jobs_runnerheartbeat_changelist"))
    assert "runner of the reading room" in page.content.decode()
