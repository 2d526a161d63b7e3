"""What a job leaves, how it comes on, and stopping it: what who asked for it is shown."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from jobs import api, outcome, runner
from jobs.clock import DatabaseNow, seconds_from_now
from jobs.models import Job, JobFile
from jobs.tidying import forget_old_files, forget_old_jobs
from tests.jobs import trial
from tests.waiting import wait_for_who_is_blocked_by_us

pytestmark = pytest.mark.django_db


def run_all() -> None:
    while runner.run_next("test"):
        pass


# --- What it leaves -------------------------------------------------------------------------------


def test_a_job_leaves_values_and_a_file_for_who_asked() -> None:
    job = api.enqueue("trial.leave", {"text": "Šenoa;9"})
    assert (api.status(job.pk).result, api.read_file(job.pk)) == (None, None)
    run_all()
    status = api.status(job.pk)
    assert (status.title, status.result, status.file_name) == (
        "A list of marks",
        {"rows": 3},
        "marks.csv",
    )
    file = api.read_file(job.pk)
    assert file is not None
    assert (file.name, file.content_type, file.data) == (
        "marks.csv",
        "text/csv",
        "Šenoa;9".encode(),
    )


def test_a_file_is_gone_when_its_time_is_over() -> None:
    job = api.enqueue("trial.leave", {"text": "a"})
    kept = api.enqueue("trial.leave", {"text": "b", "days": 30})
    run_all()
    JobFile.objects.filter(job=job).update(expires_at=seconds_from_now(-1))
    assert api.read_file(job.pk) is None
    assert api.status(job.pk).file_name == ""
    assert forget_old_files() == 1
    assert api.read_file(kept.pk) is not None


def test_too_large_a_file_is_the_jobs_failure(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(runner, "MAX_FILE_BYTES", 10)
    job = api.enqueue("trial.leave", {"text": "a", "times": 11}, max_attempts=1)
    run_all()
    assert api.status(job.pk).state == "dead"
    assert "marks.csv has 11 bytes" in api.status(job.pk).error
    assert not JobFile.objects.exists()
    assert outcome.MAX_FILE_BYTES >= 10 * 2**20


def test_no_job_has_no_file() -> None:
    assert api.read_file(uuid4()) is None


# --- Lists ----------------------------------------------------------------------------------------


def test_jobs_are_found_by_who_asked_what_they_are_about_and_how_they_stand(
    effects: object,
) -> None:
    ana = get_user_model().objects.create(username="ana")
    ben = get_user_model().objects.create(username="ben")
    mine = api.enqueue("trial.record", {"mark": "a"}, user=ana, subject="course-1")
    run_all()
    theirs = api.enqueue("trial.record", {"mark": "b"}, user=ben, subject="course-1")
    other = api.enqueue("trial.leave", {}, user=ben, subject="course-2")

    def found(**wanted: Any) -> set[Any]:
        return {status.id for status in api.find_jobs(**wanted)[:10]}

    assert found() == {mine.pk, theirs.pk, other.pk}
    assert found(user=ana) == {mine.pk}
    assert found(subject="course-1") == {mine.pk, theirs.pk}
    assert found(subject="course-1", states=["queued"]) == {theirs.pk}
    assert found(tasks=["trial.leave"]) == {other.pk}
    assert len(api.find_jobs(user=ben)) == 2


def test_a_page_of_jobs_costs_the_same_however_many_there_are(
    django_assert_num_queries: Any, effects: object
) -> None:
    for n in range(12):
        api.enqueue("trial.record", {"mark": str(n)})
    jobs = api.find_jobs()
    with django_assert_num_queries(2):
        latest = jobs[:10]
    assert [status.created_at for status in latest] == sorted(
        (status.created_at for status in latest), reverse=True
    )


# --- Time left ------------------------------------------------------------------------------------


def test_the_time_left_follows_from_the_steps_since_it_told_first() -> None:
    job = api.enqueue("trial.record", {"mark": "a"})
    runner.claim_next("test")
    Job.objects.update(progress_first=10, progress_done=30, progress_total=70)
    assert api.status(job.pk).seconds_left is None
    Job.objects.update(progress_since=seconds_from_now(-40))
    assert api.status(job.pk).seconds_left == pytest.approx(80, abs=8)
    Job.objects.update(progress_done=10)
    assert api.status(job.pk).seconds_left is None


def test_a_job_that_goes_on_where_another_left_counts_its_own_steps_alone() -> None:
    api.enqueue("trial.record", {"mark": "a"})
    claim = runner.claim_next("test")
    assert claim is not None
    beat = runner._Beat(claim)
    beat(600, 1000)
    job = Job.objects.get()
    assert (job.progress_first, job.progress_done, job.progress_total) == (600, 600, 1000)
    assert job.progress_since is not None
    assert job.started_at is not None


# --- Stopping -------------------------------------------------------------------------------------


def test_a_cancelled_job_never_runs_and_can_be_run_again_later(
    effects: Callable[[], list[str]],
) -> None:
    job = api.enqueue("trial.record", {"mark": "a"})
    api.cancel(job.pk)
    run_all()
    status = api.status(job.pk)
    assert (status.state, status.is_over, effects()) == ("cancelled", True, [])
    api.requeue(job.pk)
    run_all()
    assert (effects(), api.status(job.pk).state) == (["a"], "done")


def test_a_running_job_stops_at_its_next_sign_of_life_without_effect(
    effects: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "BEAT_INTERVAL", 0.0)
    job = api.enqueue("trial.stop_midway", {"steps": 10})
    trial.STOPS.append(partial(api.cancel, job.pk))
    run_all()
    status = api.status(job.pk)
    assert (status.state, status.progress_done, status.error) == ("cancelled", 4, "")
    assert effects() == []


def test_a_job_cancelled_at_the_last_moment_has_no_effect(
    effects: Callable[[], list[str]],
) -> None:
    job = api.enqueue("trial.record", {"mark": "a"})
    claim = runner.claim_next("test")
    assert claim is not None
    api.cancel(job.pk)
    runner.run_claim(claim)
    assert (effects(), api.status(job.pk).state) == ([], "cancelled")


@pytest.mark.parametrize("state", ["done", "dead", "cancelled"])
def test_what_is_over_cannot_be_cancelled(state: str) -> None:
    job = api.enqueue("trial.record", {"mark": "a"})
    Job.objects.update(state=state)
    with pytest.raises(api.WrongState, match=f"is {state} and cannot be cancelled"):
        api.cancel(job.pk)
    with pytest.raises(api.UnknownJob):
        api.cancel(uuid4())


def test_cancelled_jobs_are_forgotten_in_time() -> None:
    job = api.enqueue("trial.record", {"mark": "a"})
    api.cancel(job.pk)
    Job.objects.update(finished_at=seconds_from_now(-100 * 24 * 3600))
    assert forget_old_jobs() == 1


# --- Parts ----------------------------------------------------------------------------------------


def share(*parts: str, **args: Any) -> Job:
    return api.enqueue("trial.share", {"parts": parts, **args}, subject="course-1")


def test_a_job_in_parts_is_done_with_the_last_of_them(effects: Callable[[], list[str]]) -> None:
    whole = share("trial.record", "trial.record", "trial.record")
    assert runner.run_next("test")
    status = api.status(whole.pk)
    assert (status.state, status.progress_done, status.progress_total) == ("running", 0, 30)
    assert api.queue_health().running == 0
    assert runner.run_next("test")
    assert runner.run_next("test")
    assert api.status(whole.pk).state == "running"
    assert runner.run_next("test")
    assert api.status(whole.pk).state == "done"
    assert effects() == ["00", "01", "02"]
    assert [job.id for job in api.find_jobs(subject="course-1")[:5]] == [whole.pk]


def test_a_job_without_parts_is_simply_done() -> None:
    whole = share()
    run_all()
    assert api.status(whole.pk).state == "done"


def test_the_progress_of_a_job_is_that_of_its_parts() -> None:
    whole = share("trial.record", "trial.record")
    runner.run_next("test")
    first, second = Job.objects.filter(parent=whole).order_by("args__mark")
    Job.objects.filter(pk=first.pk).update(progress_done=10)
    Job.objects.filter(pk=second.pk).update(progress_done=5, progress_since=seconds_from_now(-30))
    status = api.status(whole.pk)
    assert (status.progress_done, status.progress_total) == (15, 20)
    assert status.seconds_left == pytest.approx(10, abs=2)


def test_a_job_is_dead_with_a_part_of_it_and_goes_on_when_queued_again(
    effects: Callable[[], list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    whole = share("trial.record", "trial.fail")
    Job.objects.update(max_attempts=1)
    run_all()
    status = api.status(whole.pk)
    assert (status.state, status.error) == ("dead", "A part of it failed too often.")
    part = Job.objects.get(task="trial.fail")
    Job.objects.filter(pk=part.pk).update(task="trial.record")
    api.requeue(part.pk)
    assert api.status(whole.pk).state == "running"
    run_all()
    assert (api.status(whole.pk).state, api.status(whole.pk).error) == ("done", "")
    assert effects() == ["00", "01"]


def test_a_part_that_its_runners_did_not_survive_buries_the_whole() -> None:
    whole = share("trial.record")
    Job.objects.update(max_attempts=1)
    runner.run_next("test")
    assert runner.claim_next("brave") is not None
    Job.objects.filter(parent=whole).update(lease_until=DatabaseNow())
    Job.objects.filter(parent=whole).update(lease_until=seconds_from_now(-1))
    assert runner.claim_next("brave") is None
    assert api.status(whole.pk).state == "dead"


@pytest.mark.parametrize("decide_about_part", [False, True])
def test_cancelling_and_discarding_reach_all_parts(
    effects: Callable[[], list[str]], decide_about_part: bool
) -> None:
    whole = share("trial.record", "trial.record", "trial.record")
    runner.run_next("test")
    runner.run_next("test")
    chosen = Job.objects.filter(parent=whole, state="queued")[0] if decide_about_part else whole
    api.cancel(chosen.pk)
    run_all()
    assert len(effects()) == 1
    assert api.status(whole.pk).state == "cancelled"
    api.requeue(chosen.pk)
    run_all()
    assert effects() == ["00", "01", "02"]
    assert api.status(whole.pk).state == "done"
    again = share("trial.record", "trial.record", job=str(whole.pk))
    api.discard(again.pk)
    assert not Job.objects.filter(pk=again.pk).exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="asks PostgreSQL who waits for whom")
@pytest.mark.django_db(transaction=True)
def test_a_job_is_cancelled_while_a_part_of_it_is_being_done() -> None:
    whole = share("trial.meet", "trial.record")
    runner.run_next("test")
    part = Job.objects.get(task="trial.meet")
    is_held = threading.Event()
    trial.MEETINGS[:] = [is_held.set, wait_for_who_is_blocked_by_us]

    def work() -> None:
        try:
            runner.run_job(part.pk, "other")
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    assert is_held.wait(60)
    api.cancel(whole.pk)
    thread.join()
    assert api.status(whole.pk).state == "cancelled"
    assert sorted(Job.objects.filter(parent=whole).values_list("state", flat=True)) == [
        "cancelled",
        "done",
    ]
