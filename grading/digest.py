"""Answers and exercises as canonical JSON: checked before they are stored, compared by digest.

Pure. PostgreSQL refuses NUL characters and lone surrogates in JSON, which the other databases
take; they are refused here, so that an answer is acceptable everywhere or nowhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from grading.data import InvalidAnswer, InvalidExercise, gettext_noop

MAX_DEPTH = 30
MAX_ANSWER_BYTES = 256 * 1024
MAX_EXERCISE_BYTES = 1024 * 1024

_SHAPE = gettext_noop("This is not data that can be kept.")
_DEPTH = gettext_noop("The data is nested too deeply.")
_CHARACTER = gettext_noop("The text contains a character that cannot be kept.")
_SIZE = gettext_noop("The data is too large.")


def digest_answer(answer: Any) -> str:
    """The SHA-256 of an answer; raises ``InvalidAnswer`` if it cannot be stored."""
    return _digest(answer, MAX_ANSWER_BYTES, InvalidAnswer)


def digest_exercise(exercise: Any) -> str:
    """The SHA-256 of an exercise; raises ``InvalidExercise`` if it cannot be stored."""
    return _digest(exercise, MAX_EXERCISE_BYTES, InvalidExercise)


def _digest(value: Any, max_bytes: int, error: type[InvalidExercise]) -> str:
    _check_depth(value, error)
    for where, text in _texts(value):
        if "\0" in text or not _is_unicode(text):
            raise error(_CHARACTER, where)
    try:
        encoded = json.dumps(
            value, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")
        ).encode()
    except (TypeError, ValueError) as unfit:
        raise error(_SHAPE) from unfit
    if len(encoded) > max_bytes:
        raise error(_SIZE)
    return hashlib.sha256(encoded).hexdigest()


def _check_depth(value: Any, error: type[InvalidExercise]) -> None:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _parts(outer)]
        if not level:
            return
    raise error(_DEPTH)


def _parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, list | tuple) else []


def _texts(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text of ``value`` with its path; the depth has been checked."""
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield where, str(key)
            yield from _texts(inner, f"{where}.{key}" if where else str(key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _texts(inner, f"{where}[{index}]")


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
