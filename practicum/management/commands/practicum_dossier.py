"""``practicum_dossier``: a person's practice as a document for another school, or one taken in."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from practicum.api import SYSTEM, Erased, NotFound, export_dossier, import_dossier
from quarantine.errors import Refused


class Command(BaseCommand):
    """Write a dossier, or take one in."""

    help = (
        "Write all of a person's practice to a file (export), or take in such a file (import). "
        "Whoever has the file reads all of it, so keep it as you would keep the person's papers."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to do, and with whom or what."""
        ways = parser.add_subparsers(dest="way", required=True)
        out = ways.add_parser("export")
        out.add_argument("person", type=UUID)
        out.add_argument("file", type=Path, metavar="FILE")
        into = ways.add_parser("import")
        into.add_argument("file", type=Path, metavar="FILE")
        into.add_argument("--dry-run", action="store_true", help="change nothing")

    def handle(self, *args: Any, way: str, file: Path, **options: Any) -> None:
        """Write, or read; what is refused is named with its place."""
        try:
            if way == "export":
                data = export_dossier(SYSTEM, options["person"])
                file.touch(0o600)  # the person's key is in it
                file.write_bytes(data)
                return
            taken = import_dossier(SYSTEM, file.read_bytes(), is_dry_run=options["dry_run"])
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}.") from error
        except (Erased, NotFound) as error:
            raise CommandError(str(error)) from error
        except Refused as error:
            raise CommandError(f"{file}: {error}") from error
        done = "would be taken in" if options["dry_run"] else "was taken in"
        self.stdout.write(f"The practice of {taken.id} {done}.")
