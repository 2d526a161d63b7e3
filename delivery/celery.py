"""The Celery application of a site with workers: Redis or RabbitMQ, by ``CELERY_BROKER_URL``.

Nothing may be lost with a worker or a broker. The job's row is the truth (see ``jobs``), so the
settings need only see to it that a hint that is lost with a worker comes back soon.

Workers: ``celery -A delivery.celery worker``. The relay: ``libschool relay_jobs``.
"""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from django.conf import settings

from delivery.environment import read_int

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "delivery.settings")

CONNECT_TIMEOUT = 5  # seconds
# Redis gives a message to another worker after this time, so it must exceed the time limit of
# jobs.tasks; the default scan for such messages would take up to 100 s more.
VISIBILITY_TIMEOUT = 60 * 60


def transport_options(broker_url: str) -> dict[str, Any]:
    """What the broker's client needs, by the kind of broker."""
    # A publisher must fail soon and try again later, rather than wait inside a step.
    options: dict[str, Any] = {"max_retries": 2, "interval_start": 0, "interval_step": 0.5}
    if broker_url.startswith(("redis", "valkey")):
        return options | {
            "visibility_timeout": read_int("REDIS_VISIBILITY_TIMEOUT", VISIBILITY_TIMEOUT),
            "unacked_restore_interval": 2,
            "unacked_restore_throttle": 1,
            "socket_connect_timeout": CONNECT_TIMEOUT,
            "socket_timeout": 30,
            "socket_keepalive": True,
        }
    return options | {"confirm_publish": True}


app = Celery("libschool")
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL or None,
    broker_transport_options=transport_options(settings.CELERY_BROKER_URL),
    broker_connection_timeout=CONNECT_TIMEOUT,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    include=["jobs.tasks"],
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    worker_prefetch_multiplier=1,
    worker_max_tasks_per_child=200,
    worker_max_memory_per_child=400_000,  # KB
    worker_hijack_root_logger=False,
    accept_content=["json"],
    task_serializer="json",
    result_serializer="json",
    timezone="UTC",
)
