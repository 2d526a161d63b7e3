"""What an editor of MARC records has to know: of a format, of a record, of an exercise's model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from grading.checking import Strictness, check, describe
from grading.graders.compare.values import POLICIES
from grading.graders.marc import MATERIALS, PROFILES, field_labels, layout
from grading.graders.marc.exercise import read_keys
from grading.graders.marc.positions import material_of
from grading.graders.marc.profiles import PUNCTUATION, get_profile, load_data

__all__ = [
    "MATERIALS",
    "POLICIES",
    "PROFILES",
    "PUNCTUATION",
    "Strictness",
    "check_record",
    "keys_of",
    "labels_of",
    "layout_of",
    "model_record",
    "record_of",
    "tags_of_fixed_subfields",
    "usual_grading",
]


def check_record(
    profile: str,
    fields: Any,
    translate: Callable[[str], str] = str,
    *,
    strictness: Strictness = "full",
) -> list[dict[str, Any]]:
    """What is wrong with a record, for an editor: ready for JSON, in the language of ``translate``.

    ``fields`` is an answer as a grader takes it; nothing in it raises. Each is ``{"code",
    "severity": "error" | "warning" | "note", "where", "message", "refs": [{"scheme", "number",
    "url"}]}``, ``where`` being a path in the style of score lines. With ``draft`` nothing is said
    of what is still missing. Raises ``KeyError`` for an unknown profile.
    """
    found = check(fields, profile, strictness=strictness)
    return [describe(diagnostic, translate) for diagnostic in found]


@cache
def labels_of(profile: str) -> Mapping[str, Mapping[str, Any]]:
    """The names of fields and subfields: ``{tag: {"label", "subfields": {code: label}}}``.

    In English, to be translated when shown. Raises ``KeyError`` for an unknown profile.
    """
    return {
        tag: {"label": entry["label"], "subfields": entry.get("subfields", {})}
        for tag, entry in field_labels(profile).items()
    }


def layout_of(profile: str, tag: str, leader: str) -> list[dict[str, Any]]:
    """The labelled positions of a fixed field; empty where the format has none for ``tag``.

    Each is ``{"start", "end", "name", "kind", "codes": {code: label}}``, in English. ``leader``
    says which kind of material is described. Raises ``KeyError`` for an unknown profile.
    """
    rows = layout(profile, tag, material_of(leader))
    return [row for row in rows if "start" in row]


def tags_of_fixed_subfields(profile: str) -> list[str]:
    """The tags of fields whose first subfield has positions, such as UNIMARC 100."""
    table = load_data(f"{'unimarc' if profile == 'rusmarc' else profile}_positions")
    return [tag for tag, entry in table.items() if "subfield" in entry]


def model_record(exercise: Mapping[str, Any]) -> list[list[Any]]:
    """The first key's record as an answer, its optional fields and places in pools included.

    Raises ``InvalidExercise``.
    """
    read_keys(exercise)
    return record_of(keys_of(exercise)[0])


def keys_of(exercise: Mapping[str, Any]) -> list[Any]:
    """The keys of an exercise as its author wrote them, whatever is wrong with them."""
    keys = exercise.get("keys", [exercise])
    return list(keys) if isinstance(keys, list) else []


def record_of(key: Mapping[str, Any]) -> list[list[Any]]:
    """The record of one key as an answer; raises ``InvalidExercise``."""
    read_keys(key)
    return [_answer_field(field) for field in key["fields"]]


@cache
def usual_grading(profile: str) -> Mapping[str, Mapping[str, Any]]:
    """How fields are graded unless their key says otherwise.

    ``{tag: {"weight", "kind", "policies": {code: policy}}}`` for the fields that ``labels_of``
    names, without the policy ``text``; ``kind`` is the class of tags that a key's ``weights`` may
    name. Raises ``KeyError`` for an unknown profile.
    """
    rules = get_profile(profile)
    usual = {}
    for tag, entry in field_labels(profile).items():
        kind = rules.weight_class(tag)
        policies = {code: rules.policy(tag, code) for code in entry.get("subfields", {})}
        usual[tag] = {
            "weight": rules.weights[kind],
            "kind": kind,
            "policies": {code: policy for code, policy in policies.items() if policy != "text"},
        }
    return usual


def _answer_field(field: Mapping[str, Any]) -> list[Any]:
    if "value" in field:
        return [field["tag"], field["value"]]
    subfields = [[subfield[0], subfield[1]] for subfield in field["sub"]]
    return [field["tag"], field.get("ind") or "  ", subfields]
