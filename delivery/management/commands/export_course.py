"""Exports a course as a folder or archive."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from delivery.exporting import ExportRefused, export_to_archive, export_to_folder
from delivery.management.courses import find_course, find_version
from delivery.models import CourseVersion
from quarantine.errors import Refused

ARCHIVE_SUFFIXES = (".tar.gz", ".tgz")


class Command(BaseCommand):
    """``export_course KEY PATH``: OLX that imports again to the same course."""

    help = "Write a course as OLX to PATH: a .tar.gz if it is called so, else a new folder."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("key", help="course key, such as course-v1:ORG+NUMBER+RUN")
        parser.add_argument("path", type=Path)
        parser.add_argument("--number", type=int, help="version to export (default: the served)")

    def handle(self, **options: Any) -> None:
        """Export."""
        path: Path = options["path"]
        version = find_version(find_course(options["key"]), options["number"])
        try:
            if path.name.endswith(ARCHIVE_SUFFIXES):
                _write_archive(version, path)
            else:
                export_to_folder(version, path)
        except (ExportRefused, Refused) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        self.stdout.write(self.style.SUCCESS(f"{version} is in {path}."))


def _write_archive(version: CourseVersion, path: Path) -> None:
    """Write beside the place, then rename: a failed export leaves no half archive there."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with draft.open("xb") as stream:
            export_to_archive(version, stream)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
