"""``verify_audit_trail``: whether the practicum's history is whole, and where it is not."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from practicum.api import BrokenLink, verify_audit_trail


class Command(BaseCommand):
    """Check every event and row; fail at the first that is not as it was written."""

    help = "Check the practicum's audit trail and every row it tells of; name the first fault."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the format."""
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and print; the exit code is 1 for a broken trail."""
        report = verify_audit_trail()
        if options["format"] == "json":
            found = {"events": report.events, "head": report.head, "broken": _plain(report.broken)}
            self.stdout.write(json.dumps(found))
        elif report.broken is None:
            self.stdout.write(f"{report.events} events, all whole. Head: {report.head or '-'}")
        if report.broken is not None:
            raise CommandError(_sentence(report.broken))


def _plain(broken: BrokenLink | None) -> dict[str, Any] | None:
    if broken is None:
        return None
    return {
        "sequence": broken.sequence,
        "what": broken.what,
        "table": broken.table,
        "row": broken.row,
    }


def _sentence(broken: BrokenLink) -> str:
    where = f"Event {broken.sequence}" if broken.sequence else "Outside the trail"
    row = f" ({broken.table} {broken.row})" if broken.table else ""
    return f"{where}: {broken.what}{row}."
