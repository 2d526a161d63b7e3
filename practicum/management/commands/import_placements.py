"""``import_placements``: placements from a CSV or XLSX table, all or none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from practicum.api import SYSTEM, import_placements
from quarantine.errors import Refused


class Command(BaseCommand):
    """Create the placements, or tell what would be created."""

    help = (
        "Create placements from a table with the columns trainee_name, trainee_mail, host, "
        "programme, first, last, and if wanted mentor_name, mentor_mail, cohort, tz."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="change nothing")

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        """Read, create, print; faults are printed with their lines and nothing is created."""
        try:
            outcome = import_placements(SYSTEM, file.read_bytes(), file.name, is_dry_run=dry_run)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except Refused as error:
            raise CommandError(f"{file}: {error}") from error
        for fault in outcome.faults:
            self.stderr.write(f"{file}:{fault.line}: {fault.message}")
        if outcome.faults:
            raise CommandError(f"{len(outcome.faults)} faults; nothing was created.")
        for plan in outcome.planned:
            self.stdout.write(f"{plan.trainee_name}: {plan.host_name}, {plan.first} to {plan.last}")
        done = "would be created" if dry_run else "created"
        self.stdout.write(f"{len(outcome.planned)} placements {done}.")
