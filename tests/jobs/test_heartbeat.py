import os

import pytest

from jobs import api
from jobs.clock import seconds_from_now
from jobs.heartbeat import end_life, show_life, start_life
from jobs.models import RunnerHeartbeat

pytestmark = pytest.mark.django_db

RUNNER = RunnerHeartbeat.Kind.RUNNER


def test_a_sign_of_life_makes_the_runner_young() -> None:
    show_life("runner", RUNNER)
    RunnerHeartbeat.objects.update(beat_at=seconds_from_now(-100), pid=1)
    assert api.queue_health().runner_age == pytest.approx(100, abs=30)
    show_life("runner", RUNNER)
    assert api.queue_health().runner_age == pytest.approx(0, abs=30)
    assert RunnerHeartbeat.objects.get().pid == os.getpid()


def test_a_web_process_is_no_runner() -> None:
    show_life("web", RunnerHeartbeat.Kind.WEB)
    assert api.queue_health().runner_age is None


def test_a_start_forgets_who_has_been_gone_for_a_day() -> None:
    for name, hours in (("gone", 25), ("late", 23)):
        show_life(name, RUNNER)
        RunnerHeartbeat.objects.filter(name=name).update(beat_at=seconds_from_now(-hours * 3600))
    start_life("new", RUNNER)
    names = RunnerHeartbeat.objects.order_by("name").values_list("name", flat=True)
    assert list(names) == ["late", "new"]


def test_who_ends_of_its_own_will_is_forgotten() -> None:
    show_life("runner", RUNNER)
    end_life("runner")
    assert api.queue_health().runner_age is None
