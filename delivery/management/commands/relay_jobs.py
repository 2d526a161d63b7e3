"""``relay_jobs`` with the Celery application of this site."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from delivery.celery import app
from jobs.management.commands import relay_jobs


class Command(relay_jobs.Command):
    """Refuses to run without a broker, which Celery would look for on this machine."""

    def handle(self, **options: Any) -> None:
        """Run the loop."""
        if not settings.CELERY_BROKER_URL:
            raise CommandError("Set CELERY_BROKER_URL: without a broker, run_jobs runs the jobs.")
        app.set_default()
        super().handle(**options)
