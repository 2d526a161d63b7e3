"""Works the stored grades of a course out from its raw scores."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from delivery.grades.api import Recomputed, recompute
from delivery.management.courses import find_course, find_version
from delivery.management.progress import show_progress


class Command(BaseCommand):
    """``recompute_grades KEY [--check] [--repair] [--changed]``."""

    help = (
        "Work out all grades of a course from the raw scores and write those that differ. "
        "--check only tells what it would change, and ends with status 1 if that is anything."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("key", help="course key, such as course-v1:ORG+NUMBER+RUN")
        parser.add_argument("--check", action="store_true", help="compare, and change nothing")
        parser.add_argument(
            "--repair", action="store_true", help="after --check: write what is right as well"
        )
        parser.add_argument(
            "--changed",
            action="store_true",
            help="only the learners whose grades an earlier version or policy made",
        )

    def handle(self, **options: Any) -> None:
        """Work out, tell, and fail a check that found something and left it."""
        course = find_course(options["key"])
        find_version(course, None)
        repairs = options["repair"] or not options["check"]
        with show_progress(course.key, "learner") as tell:
            found = recompute(course, only_stale=options["changed"], repair=repairs, tell=tell)
        self._tell(found, repairs)
        if found.changed and not repairs:
            raise CommandError("The stored grades are not those of the raw scores.")

    def _tell(self, found: Recomputed, repairs: bool) -> None:
        verb = "changed" if repairs else "to change"
        self.stdout.write(
            f"{found.learners} learners, {found.changed} {verb}: {found.wrong} wrong, "
            f"{found.changed - found.wrong} from an earlier version or policy."
        )
        for each in found.differences:
            self.stdout.write(f"  account {each.user_id}: {each.stored:.6f} is {each.right:.6f}")
