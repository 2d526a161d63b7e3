from typing import Any

import pytest

from jobs import api, runner
from jobs.clock import seconds_from_now
from jobs.models import Job
from jobs.tidying import forget_old_jobs

pytestmark = pytest.mark.django_db
DAY = 24 * 3600


def test_jobs_done_long_ago_are_forgotten_and_no_others(settings: Any, effects: object) -> None:
    settings.JOBS_KEEP_DAYS = 30
    for task, mark in (("record", "old"), ("record", "recent"), ("fail", "dead")):
        api.enqueue(f"trial.{task}", {"mark": mark}, max_attempts=1)
        runner.run_next("test")
    api.enqueue("trial.record", {"mark": "queued"})
    Job.objects.exclude(args__mark="recent").update(
        finished_at=seconds_from_now(-31 * DAY), created_at=seconds_from_now(-31 * DAY)
    )
    Job.objects.filter(args__mark="recent").update(finished_at=seconds_from_now(-29 * DAY))
    assert forget_old_jobs() == 1
    kept = Job.objects.order_by("args__mark").values_list("args__mark", flat=True)
    assert list(kept) == ["dead", "queued", "recent"]
    assert forget_old_jobs() == 0
