"""Reports what is wrong with a course without importing it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from delivery.importing import Problem, Severity, check_course
from delivery.importing.members import read_path
from delivery.importing.reporting import count_severities, describe, sort_problems, summarise
from delivery.management.progress import show_progress


class Command(BaseCommand):
    """``check_course PATH``: every problem with file and line, severity and effect."""

    help = "Report what is wrong with a course (folder or .tar.gz); status 1 if there are errors."
    requires_system_checks: list[str] = []  # noqa: RUF012  # as in the base class; no site is needed

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("path", type=Path, help="folder or .tar.gz of the course")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, **options: Any) -> None:
        """Check and report."""
        try:
            with show_progress("Checking") as progress:
                problems = sort_problems(check_course(read_path(options["path"]), progress))
        except OSError as error:
            raise CommandError(f"{options['path']}: {error.strerror}") from error
        if options["format"] == "json":
            self.stdout.write(_as_json(problems))
        else:
            write_report(self, problems)
        if any(problem.severity is Severity.ERROR for problem in problems):
            sys.exit(1)


def write_report(command: BaseCommand, problems: list[Problem]) -> None:
    """Write a line for each problem, then their numbers."""
    styles: dict[Severity, Callable[[str], str]] = {
        Severity.ERROR: command.style.ERROR,
        Severity.WARNING: command.style.WARNING,
        Severity.NOTE: str,
    }
    for problem in problems:
        line = describe(problem)
        place = f"{line.place} " if line.place else ""
        text = f"{place}{line.label}: {line.message} — {line.effect}"
        command.stdout.write(styles[problem.severity](text))
    command.stdout.write(summarise(problems))


def _as_json(problems: list[Problem]) -> str:
    shown = ("severity", "code", "message", "effect", "file", "line")
    rows = [{name: problem.as_json()[name] for name in shown} for problem in problems]
    report = {"summary": count_severities(problems), "problems": rows}
    return json.dumps(report, ensure_ascii=False, indent=2)
