"""``practicum_report``: one placement's record of practice, as JSON, CSV, PDF or a workbook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from practicum.api import (
    FORMATS,
    SYSTEM,
    Edition,
    NotFound,
    ReportRequest,
    as_file,
    as_json,
    make_report,
    report_on,
    trainee_language,
)

BINARY = ("pdf", "xlsx")


class Command(BaseCommand):
    """Print the record, or write it to a file."""

    help = (
        "Print a placement's hours with their signatures and totals, as they stand now. PDF and "
        "XLSX go to a file; a PDF made here bears no code to check it by."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the placement, the format, the language and the file."""
        parser.add_argument("placement", type=UUID)
        parser.add_argument("--format", choices=sorted(FORMATS), default="json")
        parser.add_argument("--language", help="the trainee's own, or the school's")
        parser.add_argument("--output", type=Path, help="file to write instead of printing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read and print."""
        form, output = options["format"], options["output"]
        if form in BINARY and output is None:
            raise CommandError(f"A {form.upper()} needs --output FILE.")
        try:
            data = _made(options["placement"], form, options["language"] or "")
        except NotFound as error:
            raise CommandError(str(error)) from error
        if output is None:
            self.stdout.write(data.decode(), ending="" if form == "csv" else "\n")
        else:
            output.write_bytes(data)


def _made(placement: UUID, form: str, language: str) -> bytes:
    if form == "json":
        record = as_json(report_on(SYSTEM, placement))
        return json.dumps(record, ensure_ascii=False, indent=2).encode()
    language = language or trainee_language(SYSTEM, placement) or settings.LANGUAGE_CODE
    wanted = ReportRequest("record", placement=placement, language=language)
    edition = Edition(language, school=getattr(settings, "SCHOOL_NAME", ""))
    return as_file(make_report(SYSTEM, wanted), form, edition).data
