"""Brings the school back from a back-up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from delivery.backups import BackupError, Manifest, Replaced, check_target, open_backup, restore
from delivery.migrated import needs_migration


class Command(BaseCommand):
    """``restore PATH``: put a back-up in the place of the school, which must not be running."""

    requires_system_checks = ()  # they would load every page of the site
    help = (
        "Check a back-up and put it in the place of the school's database and media folder. "
        "What it replaces is kept aside."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("path", type=Path, help="the file that backup wrote")
        parser.add_argument(
            "--force", action="store_true", help="replace a school that is not empty"
        )
        parser.add_argument("--no-input", action="store_true", help="do not ask")

    def handle(self, **options: Any) -> None:
        """Restore, once somebody has agreed."""
        try:
            with open_backup(options["path"]) as archive:
                check_target(options["force"])
                if not options["no_input"]:
                    _ask(archive.manifest)
                size = archive.manifest.size
                with tqdm(
                    total=size, unit="B", unit_scale=True, unit_divisor=1024, disable=None
                ) as bar:
                    replaced = restore(archive, bar.update)
        except BackupError as error:
            raise CommandError(str(error)) from error
        if needs_migration():
            call_command("migrate", verbosity=0, interactive=False)
        self._report(replaced)

    def _report(self, replaced: Replaced) -> None:
        self.stdout.write("The school is restored.")
        for place in (replaced.database, replaced.media):
            if place:
                self.stdout.write(f"Kept aside: {place}")


def _ask(manifest: Manifest) -> None:
    question = f"Replace this school with the back-up of {manifest.made_at}? [yes/no] "
    if input(question).strip().lower() != "yes":
        raise CommandError("Nothing was changed.")
