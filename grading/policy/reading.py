"""A ``grading_policy.json``: its formats and cutoffs, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from math import isfinite
from typing import Any

from grading.data import gettext_noop
from grading.policy.values import AssignmentFormat, InvalidPolicy, PolicyProblem

MAX_ASSIGNMENTS = 1000  # of one format: far above any course, low enough to compute

# What Open edX grades by when a course brings no policy; a policy replaces it key by key.
DEFAULT_POLICY: Mapping[str, Any] = {
    "GRADER": [
        {"type": "Homework", "short_label": "HW", "min_count": 12, "drop_count": 2, "weight": 0.15},
        {"type": "Lab", "min_count": 12, "drop_count": 2, "weight": 0.15},
        {
            "type": "Midterm Exam",
            "short_label": "Midterm",
            "min_count": 1,
            "drop_count": 0,
            "weight": 0.3,
        },
        {
            "type": "Final Exam",
            "short_label": "Final",
            "min_count": 1,
            "drop_count": 0,
            "weight": 0.4,
        },
    ],
    "GRADE_CUTOFFS": {"Pass": 0.5},
}

_FORMAT_KEYS = {field.name for field in fields(AssignmentFormat)}


def read_policy(
    policy: Mapping[str, Any],
) -> tuple[tuple[AssignmentFormat, ...], dict[str, float]]:
    """The formats and cutoffs of a policy; raises ``InvalidPolicy``."""
    problems = [problem for problem in validate_policy(policy) if problem.is_error]
    if problems:
        raise InvalidPolicy(problems)
    whole = {**DEFAULT_POLICY, **policy}
    formats = tuple(_read_format(entry) for entry in whole["GRADER"])
    cutoffs = {letter: float(cutoff) for letter, cutoff in whole["GRADE_CUTOFFS"].items()}
    return formats, cutoffs


def _read_format(entry: Mapping[str, Any]) -> AssignmentFormat:
    known = {key: value for key, value in entry.items() if key in _FORMAT_KEYS}
    numbers = {key: _whole(known[key]) for key in ("min_count", "drop_count")}
    name = str(known["type"])
    labels = {key: known.get(key) or name for key in ("category", "section_type", "short_label")}
    return AssignmentFormat(
        **{**known, **numbers, **labels, "type": name, "weight": float(known.get("weight", 0))}
    )


def validate_policy(policy: Any) -> list[PolicyProblem]:
    """What is wrong with a policy: errors forbid computing a grade, the rest is a warning.

    A missing ``GRADER`` or ``GRADE_CUTOFFS`` is no fault: ``DEFAULT_POLICY`` stands in.
    """
    if not isinstance(policy, Mapping):
        return [PolicyProblem("grading_policy", gettext_noop("The policy is not a JSON object."))]
    return [
        *_check_formats(policy.get("GRADER", DEFAULT_POLICY["GRADER"])),
        *_check_cutoffs(policy.get("GRADE_CUTOFFS", DEFAULT_POLICY["GRADE_CUTOFFS"])),
    ]


def _check_formats(entries: Any) -> Iterator[PolicyProblem]:
    if not isinstance(entries, list):
        yield PolicyProblem("GRADER", gettext_noop("This must be a list of assignment formats."))
        return
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        where = f"GRADER[{index}]"
        if not isinstance(entry, Mapping):
            yield PolicyProblem(where, gettext_noop("An assignment format must be an object."))
            continue
        yield from _check_format(entry, where)
        if str(entry.get("type")) in seen:
            yield PolicyProblem(
                f"{where}.type",
                gettext_noop("%(type)s has an earlier entry; both will count."),
                {"type": entry["type"]},
                is_error=False,
            )
        seen.add(str(entry.get("type")))


def _check_format(entry: Mapping[str, Any], where: str) -> Iterator[PolicyProblem]:
    for key in ("type", "min_count", "drop_count"):
        if key not in entry:
            yield PolicyProblem(
                f"{where}.{key}", gettext_noop("This is missing: no grade can be computed.")
            )
    for key in ("min_count", "drop_count"):
        if key in entry and not _is_count(entry[key]):
            yield PolicyProblem(
                f"{where}.{key}",
                gettext_noop("%(value)r is not a number from 0 to %(most)d."),
                {"value": entry[key], "most": MAX_ASSIGNMENTS},
            )
    if not _is_number(entry.get("weight", 0)):
        yield PolicyProblem(
            f"{where}.weight",
            gettext_noop("%(value)r is not a number."),
            {"value": entry["weight"]},
        )
    if not isinstance(entry.get("starting_index", 1), int):
        yield PolicyProblem(
            f"{where}.starting_index",
            gettext_noop("%(value)r is not a whole number."),
            {"value": entry["starting_index"]},
        )
    if "weight" not in entry:
        yield PolicyProblem(
            f"{where}.weight",
            gettext_noop("There is no weight; the format will count 0."),
            is_error=False,
        )
    for key in sorted(set(map(str, entry)) - _FORMAT_KEYS):
        yield PolicyProblem(
            f"{where}.{key}",
            gettext_noop("This is not known and will be ignored."),
            is_error=False,
        )


def _check_cutoffs(cutoffs: Any) -> Iterator[PolicyProblem]:
    if not isinstance(cutoffs, Mapping):
        yield PolicyProblem(
            "GRADE_CUTOFFS", gettext_noop("This must map each letter to its least percentage.")
        )
        return
    for letter, cutoff in cutoffs.items():
        if not _is_number(cutoff):
            yield PolicyProblem(
                f"GRADE_CUTOFFS.{letter}",
                gettext_noop("%(value)r is not a number."),
                {"value": cutoff},
            )
        elif not 0 <= float(cutoff) <= 1:
            yield PolicyProblem(
                f"GRADE_CUTOFFS.{letter}",
                gettext_noop("%(value)s lies outside 0 to 1 and is taken as it is."),
                {"value": cutoff},
                is_error=False,
            )


def _is_count(value: Any) -> bool:
    return _is_number(value) and 0 <= float(value) <= MAX_ASSIGNMENTS


def _is_number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return False
    try:
        return isfinite(float(value))
    except (ValueError, OverflowError):
        return False


def _whole(value: Any) -> int:
    """A count as Open edX reads it: ``"3.9"`` is 3."""
    return int(float(value))
