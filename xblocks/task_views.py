"""A task and what was handed in, as the pages' scripts read them. Pure: records to JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from grading.staff import AnswerRecord, GradingRecord, Rubric

PICTURES = ("png", "jpeg", "webp", "gif")


def show_rubric(rubric: Rubric | None) -> dict[str, Any] | None:
    """The rubric with what is asked for; ``None`` if it has a fault."""
    if rubric is None:
        return None
    accepts = rubric.accepts
    return {
        "criteria": [
            {
                "id": criterion.id,
                "name": criterion.name,
                "description": criterion.description,
                "points": criterion.most,
                "levels": [
                    {
                        "name": level.name,
                        "least": level.least,
                        "most": level.most,
                        "descriptor": level.descriptor,
                        "range": _range(level.least, level.most),
                    }
                    for level in criterion.levels
                ],
            }
            for criterion in rubric.criteria
        ],
        "points": rubric.possible,
        "text": accepts.text,
        "least_words": accepts.least_words,
        "most_words": accepts.most_words,
        "least_files": accepts.least_files,
        "most_files": accepts.most_files,
        "kinds": [f".{kind}" for kind in accepts.kinds],
        "megabytes": accepts.file_limit // 1024**2,
    }


def _range(least: float, most: float) -> str:
    return f"{least:g}" if least == most else f"{least:g}\N{EN DASH}{most:g}"


def show_answer(
    answer: AnswerRecord,
    gradings: Iterable[GradingRecord],
    names: Mapping[str, str] | None = None,
    *,
    plain_names: bool = False,
) -> dict[str, Any]:
    """A version of an answer. ``names`` are of graders; ``None`` leaves them out.

    With ``plain_names`` files are called by their number.
    """
    return {
        "number": answer.number,
        "text": answer.text,
        "files": [
            {
                "id": file["id"],
                "name": plain_name(at, file["name"]) if plain_names else file["name"],
                "size": file["size"],
                "is_picture": file["kind"] in PICTURES,
            }
            for at, file in enumerate(answer.files, start=1)
        ],
        "submitted_at": answer.submitted_at.isoformat(),
        "gradings": [_show_grading(given, names) for given in gradings],
    }


def plain_name(stem: int | str, name: str) -> str:
    """A name for a file that tells what it is, but not whose."""
    return f"{stem}.{name.rpartition('.')[2]}"


def _show_grading(given: GradingRecord, names: Mapping[str, str] | None) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "role": given.role,
        "marks": {name: dict(mark) for name, mark in given.marks.items()}
        if given.score is not None
        else {},
        "comment": given.comment,
        "pins": [dict(pin) for pin in given.pins],
        "score": given.score,
        "given_at": given.given_at.isoformat(),
        "criteria": [
            {
                "id": criterion["id"],
                "name": criterion["name"],
                "points": criterion["points"],
                "levels": [level["name"] for level in criterion.get("levels") or ()],
            }
            for criterion in given.exercise.get("criteria", ())
        ],
    }
    return shown if names is None else {**shown, "by": names.get(given.by, "")}
