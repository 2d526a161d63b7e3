"""Long work on the site's pages: whose it is, how it stands, what it left, stopping it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jobs import runner
from jobs.api import Beat, Effect, Outcome, OutputFile, enqueue, read_file, status, task
from jobs.clock import seconds_from_now
from jobs.models import Job, JobFile
from tests.delivery.factories import make_user

pytestmark = pytest.mark.django_db


@task("tests.export", title="An export of marks")
def export(args: Mapping[str, Any], beat: Beat) -> Effect:
    file = OutputFile("Оценки «2026».csv", "text/csv; charset=utf-8", b"a,b\r\n", timedelta(days=2))
    return lambda: Outcome({"rows": 12}, file)


@task("tests.breaks", title="An import that breaks")
def breaks(args: Mapping[str, Any], beat: Beat) -> None:
    raise ValueError("the secret place of the shelf")


class Person:
    """Somebody signed in, and the pages of long work as they see them."""

    def __init__(self, name: str, **attributes: Any) -> None:
        self.user = make_user(name, **attributes)
        self.client = Client()
        self.client.force_login(self.user)

    def ask(self, name: str = "tests.export", **options: Any) -> Job:
        return enqueue(name, {}, user=self.user, subject="course-v1:A+B+C", **options)

    def get(self, view: str, *args: Any, **query: Any) -> Any:
        return self.client.get(reverse(view, args=args), query)

    def post(self, view: str, job: Job) -> Any:
        return self.client.post(reverse(view, args=[job.pk]), follow=True)


@pytest.fixture
def ana(db: None) -> Person:
    return Person("ana")


@pytest.fixture
def keeper(db: None) -> Person:
    return Person("keeper", is_staff=True)


def run_all() -> None:
    while runner.run_next("test"):
        pass


def text(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def test_what_i_asked_for_is_listed_and_nobody_elses(ana: Person) -> None:
    assert "You have asked for nothing yet" in text(ana.get("my_jobs"))
    job = ana.ask()
    Person("ben").ask("tests.breaks")
    page = text(ana.get("my_jobs"))
    assert reverse("job", args=[job.pk]) in page
    assert "An export of marks" in page
    assert "An import that breaks" not in page


def test_a_finished_job_offers_its_file_and_figures(ana: Person) -> None:
    job = ana.ask()
    run_all()
    page = text(ana.get("job", job.pk))
    assert "Download Оценки «2026».csv" in page
    assert '<dd class="figure">12</dd>' in page
    assert reverse("job_file", args=[job.pk]) in text(ana.get("my_jobs"))
    file = ana.get("job_file", job.pk)
    assert (file.content, file["Content-Type"]) == (b"a,b\r\n", "text/csv; charset=utf-8")
    assert file["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert file["X-Content-Type-Options"] == "nosniff"


def test_a_file_whose_time_is_over_is_not_offered(ana: Person) -> None:
    job = ana.ask()
    run_all()
    assert read_file(job.pk) is not None
    JobFile.objects.update(expires_at=seconds_from_now(-1))
    assert "Download" not in text(ana.get("job", job.pk))
    assert ana.get("job_file", job.pk).status_code == 404


def test_nobody_else_gets_my_file_not_even_an_administrator(ana: Person, keeper: Person) -> None:
    job = ana.ask()
    run_all()
    assert Person("ben").get("job_file", job.pk).status_code == 404
    assert keeper.get("job_file", job.pk).status_code == 403
    assert "It left a file for who asked." in text(keeper.get("job", job.pk))


def test_a_running_job_shows_progress_and_time_left_and_tells_its_script(ana: Person) -> None:
    job = ana.ask()
    runner.claim_next("test")
    Job.objects.update(progress_done=25, progress_total=100, progress_since=seconds_from_now(-100))
    page = text(ana.get("job", job.pk))
    assert f'data-follow="{reverse("job_status", args=[job.pk])}"' in page
    assert '<progress aria-labelledby="following-state" value="25" max="100">' in page
    assert "about 5 minutes left" in page
    assert ana.get("job_status", job.pk).json() == {
        "state": "running",
        "label": "Running",
        "done": 25,
        "total": 100,
        "left": "about 5 minutes left",
        "is_over": False,
    }


def test_a_job_is_cancelled_and_run_again(ana: Person) -> None:
    job = ana.ask()
    assert "This was cancelled." in text(ana.post("job_cancel", job))
    run_all()
    assert status(job.pk).state == "cancelled"
    assert "It has moved on meanwhile." in text(ana.post("job_cancel", job))
    assert "It will run again in a moment." in text(ana.post("job_requeue", job))
    run_all()
    assert status(job.pk).state == "done"


def test_a_failure_is_told_in_plain_words_and_in_detail_to_administrators_alone(
    ana: Person, keeper: Person
) -> None:
    job = ana.ask("tests.breaks", max_attempts=1)
    run_all()
    page = text(ana.get("job", job.pk))
    assert "This failed, after 1 attempt." in page
    assert "the secret place" not in page
    assert "the secret place of the shelf" in text(keeper.get("job", job.pk))
    assert "Traceback" not in text(keeper.get("job", job.pk))


def test_administrators_see_everybodys_jobs_by_state_and_how_the_queue_does(
    ana: Person, keeper: Person
) -> None:
    ana.ask("tests.breaks", max_attempts=1)
    run_all()
    waiting = ana.ask()
    page = text(keeper.get("all_jobs"))
    assert "An import that breaks" in page
    assert "ana" in page
    assert "Nothing runs the jobs at present" in page
    failed = text(keeper.get("all_jobs", state="dead"))
    assert "An import that breaks" in failed
    assert reverse("job", args=[waiting.pk]) not in failed
    assert "There is none in this state." in text(keeper.get("all_jobs", state="running"))
    keeper.post("job_cancel", waiting)
    assert status(waiting.pk).state == "cancelled"


def test_long_lists_come_in_pages_at_the_same_cost(
    keeper: Person, ana: Person, django_assert_num_queries: Any
) -> None:
    for _ in range(3):
        ana.ask()
    url = reverse("all_jobs")
    keeper.client.get(url)
    with django_assert_num_queries(8) as few:
        keeper.client.get(url)
    for _ in range(30):
        ana.ask()
    with django_assert_num_queries(len(few.captured_queries)):
        page = keeper.client.get(url)
    assert "Page 1 of 2" in text(page)
