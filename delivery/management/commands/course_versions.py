"""Lists the versions of a course and puts one back."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from delivery.importing import list_versions, restore_version
from delivery.management.courses import find_course, find_version


class Command(BaseCommand):
    """``course_versions KEY [--restore N]``."""

    help = "List the versions of a course; with --restore, serve an earlier one again."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("key", help="course key, such as course-v1:ORG+NUMBER+RUN")
        parser.add_argument("--restore", type=int, metavar="N", help="number of the version")

    def handle(self, **options: Any) -> None:
        """Restore if asked, then list."""
        course = find_course(options["key"])
        if options["restore"] is not None:
            restore_version(course, find_version(course, options["restore"]).number)
            course.refresh_from_db()
        for line in list_versions(course):
            version = line.version
            mark = "*" if line.is_served else " "
            when = timezone.localtime(version.created_at).strftime("%Y-%m-%d %H:%M")
            self.stdout.write(
                f"{mark} {version.number:4}  {when}  {line.blocks:6} blocks  "
                f"{line.files:5} files  {version.source}"
            )
        self.stdout.write("* is served now.")
