"""Imports a course from a folder or archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from delivery.importing import ImportResult, Severity, import_course
from delivery.importing.members import read_path
from delivery.importing.reporting import sort_problems, summarise
from delivery.management.commands.check_course import write_report
from delivery.management.progress import show_progress
from quarantine.errors import Refused


class Command(BaseCommand):
    """``import_course PATH``: a new version of the course, served at once."""

    help = "Import a course (folder, or .tar.gz as Open edX's Studio exports it)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("path", type=Path, help="folder or .tar.gz of the course")
        parser.add_argument(
            "--no-publish", action="store_true", help="make the version but go on serving the old"
        )
        parser.add_argument(
            "--quiet", action="store_true", help="do not list the problems, only count them"
        )

    def handle(self, **options: Any) -> None:
        """Import and report."""
        path: Path = options["path"]
        try:
            with show_progress("Importing") as progress:
                result = import_course(
                    read_path(path),
                    source=path.name or str(path),
                    publish=not options["no_publish"],
                    progress=progress,
                )
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except Refused as refusal:
            raise CommandError(f"{path} was refused, nothing has changed. {refusal}") from refusal
        if not options["quiet"]:
            write_report(self, _worth_a_line(result))
        self.stdout.write(self.style.SUCCESS(_closing_line(result)))


def _worth_a_line(result: ImportResult) -> list[Any]:
    return sort_problems(each for each in result.report if each.severity is not Severity.NOTE)


def _closing_line(result: ImportResult) -> str:
    what = f"{result.course.key}, version {result.version.number}"
    if not result.is_new:
        return f"{what}: nothing has changed since it was imported."
    blocks = result.version.blocks.count()
    files = result.version.files.count()
    is_served = result.course.current_version_id == result.version.pk
    state = "served now" if is_served else "not served yet"
    return f"{what}: {blocks} blocks, {files} files; {summarise(result.report)}; {state}."
