"""``course_grade``: a course's grade by its policy, from JSON files, as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from math import isfinite
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grading.policy import CourseGrade, InvalidPolicy, course_grade

MAX_BYTES = 10 * 1024 * 1024


class Command(BaseCommand):
    """Print the grade and how it came about."""

    help = (
        "Grade a course by its grading_policy.json. The scores are "
        '{"sheet": {FORMAT: [[earned, possible], …]}}, a pair for each subsection in course order.'
    )
    requires_system_checks: list[str] = []  # noqa: RUF012  # Django's own declaration

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the two files."""
        parser.add_argument("--policy", type=Path, required=True, metavar="FILE")
        parser.add_argument("--scores", type=Path, required=True, metavar="FILE")

    def handle(self, *args: Any, policy: Path, scores: Path, **options: Any) -> None:
        """Read, grade, print."""
        sheet = _read_sheet(scores)
        try:
            grade = course_grade(_read_json(policy), sheet)
        except InvalidPolicy as error:
            raise CommandError(f"{policy}: {error}") from error
        self.stdout.write(json.dumps(_as_json(grade), ensure_ascii=False, indent=2))


def _as_json(grade: CourseGrade) -> dict[str, Any]:
    rows = [asdict(row) for row in grade.breakdown]
    return {
        "percent_unrounded": grade.percent_unrounded,
        "percent": grade.percent,
        "letter": grade.letter,
        "passed": grade.passed,
        "breakdown": [
            {name: row[name] for name in ("format", "label", "percent", "dropped")} for row in rows
        ],
        "formats": dict(grade.formats),
    }


def _read_json(path: Path) -> Any:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CommandError(f"{path} is larger than {MAX_BYTES} bytes.")
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{path} is not JSON: {error}.") from error


def _read_sheet(path: Path) -> dict[str, list[list[float]]]:
    scores = _read_json(path)
    sheet = scores.get("sheet") if isinstance(scores, dict) else None
    if not isinstance(sheet, dict):
        raise CommandError(f'{path} must be an object with a "sheet".')
    for name, entries in sheet.items():
        if not isinstance(entries, list):
            raise CommandError(f"{path}: sheet.{name} must be a list of [earned, possible].")
        for index, entry in enumerate(entries):
            if not _is_pair(entry):
                raise CommandError(f"{path}: sheet.{name}[{index}] is not [earned, possible].")
    return sheet


def _is_pair(entry: Any) -> bool:
    return isinstance(entry, list) and len(entry) == 2 and all(_is_points(part) for part in entry)


def _is_points(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
