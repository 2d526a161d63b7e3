"""policy.json and grading_policy.json, with the fallbacks of Open edX."""

from __future__ import annotations

import copy
import json
from typing import Any

from delivery.olx.files import CourseFiles
from delivery.olx.names import PLATFORM_TAGS
from delivery.olx.problems import Problems
from grading.policy import DEFAULT_POLICY, PolicyProblem, validate_policy
from quarantine.errors import Refused
from quarantine.json import parse_json

WEIGHT_TOLERANCE = 0.005
JSON_LIMIT = 4 * 1024 * 1024  # bytes of a policy file


class NotAnObject(ValueError):
    """A file that is not a JSON object; ``line`` counts from 1 where it is known."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.line = line


def load_object(data: bytes) -> dict[str, Any]:
    """The JSON object in ``data``; raises :class:`NotAnObject`."""
    try:
        value = parse_json(data, limit=JSON_LIMIT)
    except Refused as refusal:
        raise NotAnObject(refusal.message.rstrip("."), refusal.line) from refusal
    if not isinstance(value, dict):
        raise NotAnObject(f"it is a {type(value).__name__}")
    return value


def check_storable(value: object) -> None:
    """Raise ``ValueError`` for JSON that not every database takes: NaN, NUL, half characters."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if "\\u0000" in text:
        raise ValueError("it has a NUL character")
    text.encode("utf-8")


def read_policy(files: CourseFiles, run: str, problems: Problems) -> dict[str, dict[str, Any]]:
    """Settings of blocks by ``tag/name``, from ``policies/RUN/policy.json`` or ``RUN.json``."""
    path = _first(files, f"policies/{run}/policy.json", f"policies/{run}.json")
    if path is None:
        return {}
    try:
        entries = load_object(files.read(path))
    except NotAnObject as error:
        problems.add("policy.malformed", path, error.line, reason=str(error))
        return {}
    policy = {}
    for entry, settings in entries.items():
        tag, _, name = entry.partition("/")
        if not isinstance(settings, dict) or not name:
            problems.add("policy.entry", path, entry=entry)
        elif tag not in PLATFORM_TAGS:
            problems.add("policy.third_party", path, tag=tag, entry=entry)
        else:
            policy[entry] = settings
    return policy


def read_grading_policy(files: CourseFiles, run: str, problems: Problems) -> dict[str, Any]:
    """The grading policy: the course's own and, for what it does not say, Open edX's default."""
    path = _first(files, f"policies/{run}/grading_policy.json", "grading_policy.json")
    given: dict[str, Any] = {}
    if path is None:
        problems.add("grading.missing")
        return copy.deepcopy(dict(DEFAULT_POLICY))
    try:
        given = load_object(files.read(path))
    except NotAnObject as error:
        problems.add("grading.malformed", path, error.line, reason=str(error))
        return copy.deepcopy(dict(DEFAULT_POLICY))
    return {
        "GRADER": _graders(given.get("GRADER"), path, problems),
        "GRADE_CUTOFFS": _cutoffs(given.get("GRADE_CUTOFFS"), path, problems),
    }


def policy_path(files: CourseFiles, run: str) -> str:
    """The file that the settings of blocks come from."""
    return _first(files, f"policies/{run}/policy.json", f"policies/{run}.json") or ""


def _first(files: CourseFiles, *paths: str) -> str | None:
    return next((path for path in paths if path in files), None)


def _graders(given: object, path: str, problems: Problems) -> list[dict[str, Any]]:
    if not isinstance(given, list):
        problems.add("grading.no_grader", path)
        return copy.deepcopy(list(DEFAULT_POLICY["GRADER"]))
    graders = []
    for number, grader in enumerate(given):
        fault = _fault({"GRADER": [grader]})
        if fault:
            where = fault.where.replace("[0]", f"[{number}]")
            problems.add("grading.grader", path, where=where, reason=_sentence(fault))
        else:
            graders.append(grader)
    _report_oddities({"GRADER": given}, path, problems)
    total = sum(float(grader.get("weight", 0)) for grader in graders)
    if graders and abs(total - 1) > WEIGHT_TOLERANCE:
        problems.add("grading.weights", path, total=f"{total:g}")
    return graders


def _cutoffs(given: object, path: str, problems: Problems) -> dict[str, Any]:
    if not isinstance(given, dict):
        problems.add("grading.no_cutoffs", path)
        return dict(DEFAULT_POLICY["GRADE_CUTOFFS"])
    cutoffs = {}
    for grade, value in given.items():
        fault = _fault({"GRADE_CUTOFFS": {grade: value}})
        if fault:
            problems.add("grading.cutoff", path, where=fault.where, reason=_sentence(fault))
        else:
            cutoffs[grade] = value
    _report_oddities({"GRADE_CUTOFFS": given}, path, problems)
    return cutoffs


def _report_oddities(policy: dict[str, Any], path: str, problems: Problems) -> None:
    """Tell of what grades can be computed by, but perhaps not as the author thinks."""
    for problem in validate_policy(policy):
        if not problem.is_error:
            problems.add("grading.odd", path, where=problem.where, reason=_sentence(problem))


def _fault(policy: dict[str, Any]) -> PolicyProblem | None:
    """The first thing that forbids computing a grade by ``policy``."""
    return next((problem for problem in validate_policy(policy) if problem.is_error), None)


def _sentence(fault: PolicyProblem) -> str:
    return str(fault).removeprefix(f"{fault.where}: ").rstrip(".")
