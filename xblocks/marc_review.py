"""What an author should know of the keys of a catalogue record before anybody is graded by them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from grading.api import InvalidExercise, preview_score
from grading.marc import PROFILES, Strictness, check_record, keys_of, record_of
from xblocks.block import _
from xblocks.editing import Finding

GRADER = "marc"
PERFECT = 1 - 1e-6

# A key may break a rule on purpose, so the format's errors do not keep it from being saved.
SEVERITIES = {"error": "warning", "warning": "note", "note": "note"}


EMPTY_KEY = _("This key is empty: write the right record.")


def is_blank(key: Any) -> bool:
    """Whether a key was only just begun."""
    known = isinstance(key, Mapping) and key.get("profile") in PROFILES
    return known and key.get("fields") == []


def review_keys(
    exercise: Mapping[str, Any], profile: str, translate: Callable[[str], str]
) -> Iterator[Finding]:
    """The findings on each key: its faults, its own score, and what its format says of it.

    Places are paths into the exercise (``keys[1].fields[2].sub``) or into the record of a key
    (``keys[1].245[0]$b[0]``).
    """
    for number, key in enumerate(keys_of(exercise)):
        yield from _review_key(key, f"keys[{number}]", profile, translate)


def _review_key(
    key: Any, place: str, profile: str, translate: Callable[[str], str]
) -> Iterator[Finding]:
    if is_blank(key):
        yield Finding("error", "exercise", translate(EMPTY_KEY), place)
        return
    try:
        record = record_of(key)
        score = preview_score(GRADER, key, record)
    except InvalidExercise as error:
        where = f"{place}.{error.where}" if error.where else place
        yield Finding("error", "exercise", error.describe(translate), where)
        return
    own_profile = key.get("profile") or key.get("format") or "marc21"
    if own_profile != profile:
        message = translate(_("This key is in another format than the exercise."))
        yield Finding("warning", "exercise", message, place)
    if score < PERFECT:
        message = translate(_("The key itself would score %(percent)d of 100: its parts disagree."))
        yield Finding("error", "exercise", message % {"percent": int(score * 100)}, place)
    is_whole = any(field[0] == "LDR" for field in record)  # a part of a record lacks much rightly
    strictness: Strictness = "full" if is_whole else "draft"
    for found in check_record(own_profile, record, translate, strictness=strictness):
        yield Finding(
            SEVERITIES[found["severity"]],
            "exercise",
            found["message"],
            f"{place}.{found['where']}" if found["where"] else place,
            tuple(found["refs"]),
        )
