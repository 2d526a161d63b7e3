"""``graders``: the graders there are, and what their exercises must look like."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from grading import graders
from grading.graders import GRADERS


class Command(BaseCommand):
    """List the graders by name, each with what it grades."""

    help = "List the graders, or print the JSON Schema of the exercises of one."
    requires_system_checks: list[str] = []  # noqa: RUF012  # Django's own declaration

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the format."""
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument("--schema", choices=tuple(GRADERS), metavar="GRADER")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line for each grader, or a schema."""
        if options["schema"]:
            path = Path(graders.__file__).parent / options["schema"] / "schema.json"
            self.stdout.write(path.read_text("utf-8"))
            return
        rows = [
            {"name": name, "description": (inspect.getdoc(grade) or "").partition("\n")[0]}
            for name, grade in GRADERS.items()
        ]
        if options["format"] == "json":
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        width = max(len(row["name"]) for row in rows)
        self.stdout.write("\n".join(f"{row['name']:{width}}  {row['description']}" for row in rows))
