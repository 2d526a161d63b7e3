import json
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import RequestFactory

from delivery.access import Access, declared_access
from delivery.views import health
from jobs.clock import seconds_from_now
from jobs.heartbeat import show_life
from jobs.models import RunnerHeartbeat


@pytest.fixture(autouse=True)
def _fresh_readiness(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_readiness", health.Readiness())


def ask(rf: RequestFactory) -> tuple[int, list[str]]:
    answer = health.ready(rf.get("/ready/"))
    return answer.status_code, [reason["code"] for reason in json.loads(answer.content)["reasons"]]


def test_health_asks_nothing_of_the_database(rf: RequestFactory) -> None:
    # no database mark: a query would fail this test
    answer = health.health(rf.get("/health/"))
    assert (answer.status_code, json.loads(answer.content)) == (200, {"status": "ok"})


def test_anyone_may_ask() -> None:
    assert declared_access(health.health, "health") is Access.ANYONE
    assert declared_access(health.ready, "ready") is Access.ANYONE


@pytest.mark.parametrize("view", [health.health, health.ready])
def test_questions_only(rf: RequestFactory, view: Any) -> None:
    assert view(rf.post("/health/")).status_code == 405


@pytest.mark.django_db
def test_a_school_with_a_runner_is_ready_and_proved_that_it_can_write(rf: RequestFactory) -> None:
    show_life("runner", RunnerHeartbeat.Kind.RUNNER)
    assert ask(rf) == (200, [])
    assert RunnerHeartbeat.objects.filter(kind="web").exists()


@pytest.mark.django_db
def test_a_relay_counts_as_a_runner(rf: RequestFactory) -> None:
    show_life("relay", RunnerHeartbeat.Kind.RELAY)
    assert ask(rf) == (200, [])


@pytest.mark.django_db
def test_a_school_without_a_runner_is_not_ready(rf: RequestFactory) -> None:
    assert ask(rf) == (503, ["runner"])


@pytest.mark.django_db
def test_a_runner_that_fell_silent_is_told(rf: RequestFactory) -> None:
    show_life("runner", RunnerHeartbeat.Kind.RUNNER)
    RunnerHeartbeat.objects.update(beat_at=seconds_from_now(-31))
    assert ask(rf) == (503, ["runner"])


@pytest.mark.django_db
def test_missing_migrations_are_told(rf: RequestFactory) -> None:
    for migration in MigrationLoader(connection).graph.leaf_nodes("libschool_jobs"):
        MigrationRecorder(connection).record_unapplied(*migration)
    assert ask(rf) == (503, ["migrations"])


@pytest.mark.django_db
def test_a_database_that_cannot_be_written_to_is_told(
    rf: RequestFactory, caplog: pytest.LogCaptureFixture
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {RunnerHeartbeat._meta.db_table}")
    assert ask(rf) == (503, ["database"])
    connection.needs_rollback = False


@pytest.mark.django_db
def test_the_answer_is_kept_for_a_moment(
    rf: RequestFactory, django_assert_num_queries: Any
) -> None:
    ask(rf)
    with django_assert_num_queries(0):
        assert ask(rf) == (503, ["runner"])
