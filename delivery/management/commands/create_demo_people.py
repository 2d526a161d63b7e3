"""Fill a school on somebody's own machine with people to try it as."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from delivery.demo import create_demo_people


class Command(BaseCommand):
    """Create the demo people, or show their passwords again."""

    help = "Create a made-up trainee, instructor, mentor and administrator; print their passwords."

    def handle(self, *args: Any, **options: Any) -> None:
        """Create and print; refuse on a production site."""
        if settings.PRODUCTION:
            raise CommandError("Demo people have their passwords on disk: never in production.")
        for person, password in create_demo_people(Path(settings.DATA_DIR)).items():
            self.stdout.write(f"  {person.role:<14} {person.username:<6} {password}")
