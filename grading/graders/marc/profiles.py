"""The formats: which tags belong together, what they weigh, how their values are compared.

Everything particular to a format is data (``data/<profile>_rules.json``); a profile may extend
another. A tag pattern has an ``X`` for any character: ``6XX``; the most exact pattern wins.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

PROFILES = ("marc21", "unimarc", "comarc", "rusmarc")
PUNCTUATION = ("graded", "ignored", "forbidden")

_DATA = Path(__file__).parent / "data"
_CACHED_TAGS = 2_000


@cache
def load_data(name: str) -> Any:
    """Return the content of ``data/<name>.json``; callers must not change it."""
    return json.loads((_DATA / f"{name}.json").read_text(encoding="utf-8"))


class TagTable:
    """A table from tag patterns to values."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        self._exact: dict[str, str] = {}
        self._patterns: list[tuple[str, str]] = []
        for patterns, value in rows:
            for pattern in patterns.split():
                if "X" in pattern:
                    self._patterns.append((pattern, value))
                else:
                    self._exact[pattern] = value
        self._patterns.sort(key=lambda row: row[0].count("X"))
        self._seen: dict[str, str] = {}

    def get(self, tag: str, default: str = "") -> str:
        """Return the value of the most exact pattern that ``tag`` fits."""
        found = self._exact.get(tag)
        if found is not None:
            return found
        found = self._seen.get(tag)
        if found is None:
            found = next((v for p, v in self._patterns if _fits(p, tag)), default)
            if len(self._seen) < _CACHED_TAGS:
                self._seen[tag] = found
        return found

    def __contains__(self, tag: str) -> bool:
        return bool(self.get(tag))


def _fits(pattern: str, tag: str) -> bool:
    return all(p in ("X", c) for p, c in zip(pattern, tag, strict=True))


class TitleIndicator(NamedTuple):
    """First indicator of the title field: its values with and without a main entry."""

    tag: str
    with_main: str
    without_main: str


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """One format, as far as the grader needs to know it.

    ``divided`` has the subfields over which a name or a title of several parts is divided;
    ``counts_nonfiling`` tells whether indicators count what sorting passes over.
    """

    name: str
    label: str
    punctuation: str
    ignored_tags: frozenset[str]
    local_tags: TagTable
    ignored_subfields: frozenset[str]
    groups: TagTable
    heading_groups: frozenset[str]
    classes: TagTable
    weights: Mapping[str, float]
    policies: Mapping[str, TagTable]
    main_entries: frozenset[str]
    not_repeatable: frozenset[str]
    once: frozenset[str]
    indicators: tuple[frozenset[str], frozenset[str]]
    tags: frozenset[str]
    linking_tags: TagTable
    divided: TagTable
    counts_nonfiling: bool
    title_indicator: TitleIndicator | None
    date_text: tuple[tuple[str, str], ...]
    date_coded: tuple[str, ...]
    url: str
    leader_url: str

    def group(self, tag: str) -> str:
        """Return the alignment group of ``tag``; a tag of no group stands alone."""
        return self.groups.get(tag, tag)

    def weight_class(self, tag: str) -> str:
        """Return the class that decides the default weight of ``tag``."""
        return self.classes.get(tag, "other")

    def policy(self, tag: str, code: str) -> str:
        """Return how the values of subfield ``code`` of field ``tag`` are compared."""
        table = self.policies.get(code)
        found = table.get(tag) if table else ""
        return found or self.policies["*"].get(tag, "text")

    def is_defined(self, tag: str) -> bool:
        """Tell whether the format defines ``tag``; true where the profile lists no tags."""
        return not self.tags or tag in self.tags

    def has_indicator(self, tag: str, place: int) -> bool:
        """Tell whether indicator ``place`` (0 or 1) of ``tag`` is defined."""
        return tag in self.indicators[place]


def get_profile(name: str) -> Profile:
    """Return the profile of that name; raises KeyError for one that is not in PROFILES."""
    if name not in PROFILES:
        raise KeyError(name)
    return _build(name)


@cache
def _build(name: str) -> Profile:
    raw = _merged(name)
    policies: dict[str, list[tuple[str, str]]] = {"*": []}
    for place, policy in raw["policies"].items():
        pattern, code = place.split("$")
        policies.setdefault(code, []).append((pattern, policy))
    first, second = raw["indicators"]
    title = raw.get("title_indicator")
    return Profile(
        name=name,
        label=raw["label"],
        punctuation=raw["punctuation"],
        ignored_tags=frozenset(raw["ignored_tags"].split()),
        local_tags=TagTable([(raw["local_tags"], "local")]),
        ignored_subfields=frozenset(raw["ignored_subfields"].split()),
        groups=TagTable((tags, group) for group, tags in raw["groups"].items()),
        heading_groups=frozenset(raw["heading_groups"].split()),
        classes=TagTable((tags, kind) for kind, (tags, _) in raw["weights"].items()),
        weights={kind: float(weight) for kind, (_, weight) in raw["weights"].items()},
        policies={code: TagTable(rows) for code, rows in policies.items()},
        main_entries=frozenset(raw["main_entries"].split()),
        not_repeatable=frozenset(raw["not_repeatable"].split()),
        once=frozenset(raw["once"].split()),
        indicators=(frozenset(first.split()), frozenset(second.split())),
        tags=frozenset(raw["tags"].split() + raw.get("tags_more", "").split()),
        linking_tags=TagTable([(raw.get("linking_tags", ""), "linking")]),
        divided=TagTable((tags, codes) for codes, tags in raw["divided"].items()),
        counts_nonfiling=raw.get("counts_nonfiling", False),
        title_indicator=TitleIndicator(**title) if title else None,
        date_text=tuple(_split_place(place) for place in raw["date"]["text"]),
        date_coded=tuple(raw["date"]["coded"]),
        url=raw["url"],
        leader_url=raw.get("leader_url", raw["url"].format(tag="LDR")),
    )


def _merged(name: str) -> dict[str, Any]:
    raw = dict(load_data(f"{name}_rules"))
    if "extends" in raw:
        base = _merged(raw["extends"])
        policies = {**base["policies"], **raw.get("policies", {})}
        raw = {**base, **raw, "policies": policies}
    return raw


def _split_place(place: str) -> tuple[str, str]:
    tag, code = place.split("$")
    return tag, code
