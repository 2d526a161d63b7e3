"""Runs jobs in this process, one after the other, until it is told to stop."""

from __future__ import annotations

import os
import socket
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from jobs.loop import Loop
from jobs.models import RunnerHeartbeat
from jobs.runner import release_jobs_of, run_next


class Command(BaseCommand):
    """``run_jobs``: the runner of a site that has no Celery workers."""

    requires_system_checks = ()  # they would load every page of the site
    help = "Run jobs until stopped. SIGTERM lets the job that runs now come to its end."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--once", action="store_true", help="end when no job is due")
        parser.add_argument(
            "--name",
            help="a name that only one runner has at a time: a new runner of the name "
            "takes over the job of the one before",
        )
        parser.add_argument("--nice", type=int, default=0, help="give way to others, 0-19")
        parser.add_argument(
            "--with-parent",
            type=int,
            metavar="PID",
            help="end with the process PID, which started this one",
        )

    def handle(self, **options: Any) -> None:
        """Run the loop."""
        os.nice(options["nice"])
        name = options["name"] or f"{socket.gethostname()}:{os.getpid()}"
        loop = Loop(
            name, RunnerHeartbeat.Kind.RUNNER, lambda: run_next(name), options["with_parent"]
        )
        if options["name"]:
            release_jobs_of(name)
        if options["once"]:
            loop.run_until_idle()
        else:
            loop.run()
