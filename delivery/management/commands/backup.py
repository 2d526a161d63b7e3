"""Saves the whole school to one file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from delivery.backups import BackupError, back_up


class Command(BaseCommand):
    """``backup PATH``: database and media folder, while the school may be in use."""

    requires_system_checks = ()  # they would load every page of the site
    help = "Save the database and the media folder to one new file."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("path", type=Path, help="the file to write; it must not exist")

    def handle(self, **options: Any) -> None:
        """Make the back-up."""
        with tqdm(unit="B", unit_scale=True, unit_divisor=1024, disable=None) as bar:

            def watch(total: int) -> Any:
                bar.reset(total)
                return bar.update

            try:
                manifest = back_up(options["path"].absolute(), watch)
            except BackupError as error:
                raise CommandError(str(error)) from error
        self.stdout.write(
            f"Saved {len(manifest.members)} files to {options['path']}. SECRET_KEY is not in it."
        )
