"""Serves the school: a web process and the runner of jobs, supervised."""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from delivery.migrated import needs_migration
from delivery.supervisor import Plan, Program

DEFAULT_THREADS = 8
MAX_DEFAULT_PROCESSES = 4
RUNNER_NICENESS = "10"
ANY_HOST = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # where to reach what listens there


class Command(BaseCommand):
    """``serve``: the site and its jobs until SIGTERM or Ctrl+C."""

    requires_system_checks = ()  # they would load every page of the site
    help = (
        "Serve the school and run its jobs. With CELERY_BROKER_URL, jobs are relayed to Celery "
        "workers, which are started apart: celery -A delivery.celery worker"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--processes", type=int, help="web processes; with SQLite there is always one"
        )
        parser.add_argument("--threads", type=int, default=DEFAULT_THREADS, help="threads of each")

    def handle(self, **options: Any) -> None:
        """Check that the school can be served, and become its supervisor."""
        if needs_migration():
            raise CommandError("The database is not up to date. Run: libschool migrate")
        host, port = options["host"], options["port"]
        _check_port(host, port)
        processes = _count_processes(options["processes"])
        if options["threads"] < 1:
            raise CommandError("--threads must be at least 1.")
        plan = Plan(
            programs=(_web(host, port, processes, options["threads"]), _background()),
            host=ANY_HOST.get(host, host),
            port=port,
            host_header=_own_host(),
            ready_line=f"The school is open: http://{_in_url(host)}:{port}/",
        )
        connection.close()
        # Take this process over: without Django loaded, the supervisor costs little memory.
        os.environ.setdefault("MALLOC_ARENA_MAX", "2")
        if not settings.PRODUCTION:  # links in mails lead to this school
            os.environ.setdefault("SITE_URL", f"http://{_in_url(host)}:{port}")
        command = [sys.executable, "-m", "delivery.supervisor", plan.to_json()]
        os.execv(sys.executable, command)  # noqa: S606  # no shell is wanted


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Cannot listen on {host}, port {port}: {error}. Choose another with --port."
            ) from error


def _count_processes(asked: int | None) -> int:
    if connection.vendor == "sqlite":
        if asked not in (None, 1):
            raise CommandError("With SQLite there is one web process; use PostgreSQL for more.")
        return 1
    if asked is not None and asked < 1:
        raise CommandError("--processes must be at least 1.")
    return asked or min(MAX_DEFAULT_PROCESSES, max(2, os.cpu_count() or 1))


def _own_host() -> str:
    """A name under which the site answers."""
    name: str = settings.ALLOWED_HOSTS[0] if settings.ALLOWED_HOSTS else "localhost"
    return "localhost" if name == "*" else name.lstrip(".")


def _in_url(host: str) -> str:
    name = ANY_HOST.get(host, host)
    return f"[{name}]" if ":" in name else name


def _web(host: str, port: int, processes: int, threads: int) -> Program:
    return Program(
        "web",
        (
            *(sys.executable, "-m", "gunicorn", "--config", "python:delivery.gunicorn_config"),
            *("--bind", f"{f'[{host}]' if ':' in host else host}:{port}"),
            *("--workers", str(processes), "--threads", str(threads)),
        ),
    )


def _background() -> Program:
    libschool = (sys.executable, "-m", "delivery")
    parent = ("--with-parent", str(os.getpid()))  # the supervisor is this very process
    if settings.CELERY_BROKER_URL:
        return Program("relay", (*libschool, "relay_jobs", *parent))
    runner = ("run_jobs", "--name", "runner", "--nice", RUNNER_NICENESS)
    return Program("runner", (*libschool, *runner, *parent))
