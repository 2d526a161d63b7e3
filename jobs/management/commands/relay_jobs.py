"""Tells Celery's broker about the jobs that are due."""

from __future__ import annotations

import os
import socket
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from jobs.loop import Loop
from jobs.models import RunnerHeartbeat
from jobs.relay import publish_due
from jobs.tasks import send_hint


class Command(BaseCommand):
    """``relay_jobs``: relay and sweeper of a site that has Celery workers."""

    requires_system_checks = ()  # they would load every page of the site
    help = "Send the due jobs to Celery, and lost ones again. Several may run at once."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--once", action="store_true", help="send what is due and end, as for cron"
        )
        parser.add_argument(
            "--with-parent",
            type=int,
            metavar="PID",
            help="end with the process PID, which started this one",
        )

    def handle(self, **options: Any) -> None:
        """Run the loop."""
        name = f"{socket.gethostname()}:{os.getpid()}"
        loop = Loop(
            name,
            RunnerHeartbeat.Kind.RELAY,
            lambda: publish_due(send_hint),
            options["with_parent"],
        )
        if options["once"]:
            loop.run_until_idle()
        else:
            loop.run()
