"""The names of fields, indicators and subfields in each format, for an editor.

English, to be translated when shown; ``label_texts`` lists every one of them for translators.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from grading.graders.marc.profiles import PROFILES, load_data

_BASE = {"comarc": "unimarc", "rusmarc": "unimarc"}


def field_labels(profile: str) -> dict[str, dict[str, Any]]:
    """Return the labels of the tags that exercises use.

    ``{tag: {"label", "ind1", "ind2", "subfields": {code: label}}}``; an indicator that the format
    defines is ``{"label", "codes": {value: label}}`` (``codes`` is left out for counts). What a
    field has not is left out. Raises KeyError for an unknown profile.
    """
    if profile not in PROFILES:
        raise KeyError(profile)
    labels: dict[str, dict[str, Any]] = {}
    if profile in _BASE:
        labels = field_labels(_BASE[profile])
    labels.update(copy.deepcopy(load_data(f"{profile}_labels")))
    return labels


def all_labels() -> set[str]:
    """Return every label of every format: of fields and of the positions in fixed fields."""
    names = [f"{profile}_labels" for profile in PROFILES]
    names += ["marc21_positions", "unimarc_positions", "comarc_positions"]
    return {label for name in names for label in _texts(load_data(name))}


def _texts(node: Any) -> Iterator[str]:
    """Yield the labels in a tree of data: names, labels and the values of code tables."""
    if isinstance(node, list):
        for item in node:
            yield from _texts(item)
    elif isinstance(node, Mapping):
        for name, value in node.items():
            if name in ("codes", "subfields") and isinstance(value, Mapping):
                yield from (text for text in value.values() if isinstance(text, str))
            elif name in ("label", "name"):
                yield value
            else:
                yield from _texts(value)
