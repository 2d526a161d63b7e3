"""``grade``: what an answer scores, from JSON files, line by line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grading.data import InvalidAnswer, InvalidExercise, Mark
from grading.graders import GRADERS
from quarantine.json import JSON_LIMIT, JsonRefused, parse_json


class Command(BaseCommand):
    """Print the mark of an answer."""

    help = "Grade an answer to an exercise, both in JSON files. «graders» lists the graders."
    requires_system_checks: list[str] = []  # noqa: RUF012  # Django's own declaration

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the grader's name, the two files and the format."""
        parser.add_argument("grader", metavar="GRADER")
        parser.add_argument("--exercise", type=Path, required=True, metavar="FILE")
        parser.add_argument("--answer", type=Path, required=True, metavar="FILE")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, grader: str, exercise: Path, answer: Path, **options: Any) -> None:
        """Read, grade, print."""
        grade = GRADERS.get(grader)
        if grade is None:
            raise CommandError(f"No grader is called {grader}; there are {', '.join(GRADERS)}.")
        question, given = _read_json(exercise), _read_json(answer)
        try:
            mark = grade(question, given)
        except InvalidAnswer as error:
            raise CommandError(f"{answer}: {error}") from error
        except InvalidExercise as error:
            raise CommandError(f"{exercise}: {error}") from error
        if options["format"] == "json":
            self.stdout.write(json.dumps(_as_json(mark), ensure_ascii=False, indent=2))
        else:
            self.stdout.write(_as_text(mark))


def _as_json(mark: Mark) -> dict[str, Any]:
    return {
        "score": mark.score,
        "points": mark.points,
        "possible": mark.possible,
        "lines": [
            {
                "code": line.code,
                "points": line.points,
                "max": line.max,
                "message": line.message,
                "where": line.where,
            }
            for line in mark.lines
        ],
    }


def _as_text(mark: Mark) -> str:
    rows = [f"{mark.score:.2%}: {mark.points:.4g} of {mark.possible:.4g} points", ""]
    width = max((len(line.where) for line in mark.lines), default=0)
    rows += [
        f"{line.points:8.3f} / {line.max:<7.3f} {line.where:{width}}  {line.message}"
        for line in mark.lines
    ]
    return "\n".join(rows)


def _read_json(path: Path) -> Any:
    try:
        with path.open("rb") as file:
            data = file.read(JSON_LIMIT + 1)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        return parse_json(data)
    except JsonRefused as error:
        raise CommandError(f"{path}: {error}") from error
