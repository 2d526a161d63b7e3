"""Model records and worked cases that several tests of the MARC grader share."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
MODELS: dict[str, dict[str, Any]] = {
    row["name"]: row["key"] for row in json.loads((DATA / "marc_models.json").read_text("utf-8"))
}
WORKED: dict[str, dict[str, Any]] = {
    row["id"]: row for row in json.loads((DATA / "marc_worked_examples.json").read_text("utf-8"))
}


def model(name: str, *tags: str) -> dict[str, Any]:
    """Return a key of its own to change, with only the fields of ``tags`` if any are given."""
    key = copy.deepcopy(MODELS[name])
    if tags:
        key["fields"] = [f for f in key["fields"] if f["tag"] in tags]
    return key


def answer_of(key: dict[str, Any]) -> list[list[Any]]:
    """Return the key's own record as an answer."""
    return [as_answer(field) for field in key["fields"]]


def as_answer(field: dict[str, Any]) -> list[Any]:
    """Return a field of a key as an answer writes it."""
    if "value" in field:
        return [field["tag"], field["value"]]
    return [field["tag"], field["ind"], [[code, value] for code, value, *_ in field["sub"]]]
