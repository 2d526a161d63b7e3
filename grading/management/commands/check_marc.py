"""``check_marc``: what is wrong with the records of a file, one after the other."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from grading.checking import check, describe
from grading.graders.marc import PROFILES
from quarantine.marc import ENCODINGS, MarcRefused, Outcome, stream_marc

_SEVERITIES = ("error", "warning", "note")


class Command(BaseCommand):
    """Check every record, and never stop at one."""

    help = (
        "Check the catalogue records of a file: ISO 2709, MARCXML, MARC-in-JSON (one record, an "
        "array, or one a line) or text. The status is 1 if any record has an error."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012  # Django's own declaration

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, its format and encoding, and what to print."""
        parser.add_argument("file", metavar="FILE", help="path of the file; - for standard input")
        parser.add_argument("--profile", choices=PROFILES, required=True)
        parser.add_argument("--encoding", choices=ENCODINGS, help="told by itself unless given")
        parser.add_argument(
            "--format",
            choices=("text", "json"),
            default="text",
            help="json: one line for each record",
        )
        parser.add_argument(
            "--least",
            choices=_SEVERITIES,
            default="note",
            help="leave out what is less grave",
        )

    def handle(self, *args: Any, file: str, profile: str, **options: Any) -> None:
        """Read, check and print record by record."""
        shown = _SEVERITIES[: _SEVERITIES.index(options["least"]) + 1]
        counts: Counter[str] = Counter()
        try:
            with _open(file) as source, _progress(source) as move:
                outcomes = stream_marc(source, encoding=options["encoding"])
                for number, outcome in enumerate(outcomes, start=1):
                    move(outcome.offset)
                    report = _report(number, outcome, profile)
                    found = report["diagnostics"]
                    counts.update(row["severity"] for row in found)
                    counts["records"] += 1
                    counts["unreadable"] += not report["readable"]
                    report["diagnostics"] = [row for row in found if row["severity"] in shown]
                    self._write(report, options["format"])
        except MarcRefused as error:
            raise CommandError(f"{file}: {error}") from error
        except BrokenPipeError:
            # Whoever reads the report has seen enough; nor shall Python miss the pipe at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        if options["format"] == "text":
            self.stdout.write(_summary(counts))
        if counts["error"]:
            sys.exit(1)

    def _write(self, report: dict[str, Any], form: str) -> None:
        if form == "json":
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        rows = report["diagnostics"]
        if not rows:
            return
        name = f" {report['id']}" if report["id"] else ""
        self.stdout.write(f"Record {report['number']}{name} (byte {report['offset']})")
        styles: dict[str, Callable[[str], str]] = {
            "error": self.style.ERROR,
            "warning": self.style.WARNING,
            "note": str,
        }
        for row in rows:
            line = f"  {row['severity']:8} {row['where']:20} {row['message']}"
            self.stdout.write(styles[row["severity"]](line))


def _report(number: int, outcome: Outcome, profile: str) -> dict[str, Any]:
    """Return what there is to say of one record; damage is an error like others."""
    record, damage = outcome.record, outcome.error
    identifier = next((f[1] for f in record or () if f[0] == "001" and len(f) == 2), "")
    if record is not None:
        found = [describe(diagnostic) for diagnostic in check(record, profile)]
    else:
        found = [_as_diagnostic(damage)] if damage else []
    return {
        "number": number,
        "offset": outcome.offset,
        "id": identifier,
        "readable": record is not None,
        "diagnostics": found,
    }


def _as_diagnostic(damage: MarcRefused) -> dict[str, Any]:
    message = f"{damage.message} (line {damage.line})" if damage.line else damage.message
    return {
        "code": damage.code,
        "severity": "error",
        "where": damage.where,
        "message": message,
        "refs": [],
    }


def _summary(counts: Counter[str]) -> str:
    unreadable = f", {counts['unreadable']} of them unreadable" if counts["unreadable"] else ""
    return (
        f"{counts['records']} records{unreadable}: {counts['error']} errors, "
        f"{counts['warning']} warnings, {counts['note']} notes."
    )


def _open(file: str) -> BinaryIO:
    if file == "-":
        return sys.stdin.buffer
    try:
        return Path(file).open("rb")
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error


@contextmanager
def _progress(source: BinaryIO) -> Iterator[Any]:
    """Give a function that draws how far a file is read, if there is a terminal."""
    size = os.fstat(source.fileno()).st_size if source.seekable() else None
    hidden = not sys.stderr.isatty()
    with tqdm(total=size, unit="B", unit_scale=True, leave=False, disable=hidden) as bar:
        yield lambda offset: bar.update(offset - bar.n)
