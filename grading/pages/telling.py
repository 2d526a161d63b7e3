"""What can be seen on a page, in neutral words, for those who cannot see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grading.graders.regions import PLACES
from grading.graders.regions.exercise import Exercise, Region, read_exercise

PLACE_WORDS = {
    "upper_left": "In the upper left",
    "upper_centre": "In the upper centre",
    "upper_right": "In the upper right",
    "middle_left": "In the middle of the left side",
    "middle_centre": "In the middle of the sheet",
    "middle_right": "In the middle of the right side",
    "lower_left": "In the lower left",
    "lower_centre": "In the lower centre",
    "lower_right": "In the lower right",
}


def observe(exercise: Mapping[str, Any]) -> list[str]:
    """Return a sentence on each damage of an exercise: where it is, what it looks like."""
    read = read_exercise(exercise)
    return [f"{_place_of(region)}: {region.text}." for region in read.regions]


def describe_cells(exercise: Mapping[str, Any], others: Sequence[str]) -> list[dict[str, Any]]:
    """Return what is seen in the fields of the grid: damages, and the decoys as ``others`` say.

    Without an order or a name that would tell which is which.
    """
    read = read_exercise(exercise)
    decoys = [{"cls": "decoy", "sev": 0, **row, "id": ""} for row in exercise.get("decoys") or ()]
    seen: dict[int, list[str]] = {}
    for region in read.regions:
        _note(seen, region, region.text)
    if decoys:
        as_regions = read_exercise({"regions": decoys, "settings": exercise.get("settings") or {}})
        for region, text in zip(as_regions.regions, others, strict=False):
            _note(seen, region, text)
    return list(_cells(seen, read))


def _note(seen: dict[int, list[str]], region: Region, text: str) -> None:
    for field in region.fields:
        seen.setdefault(field, []).append(text)


def _cells(seen: Mapping[int, Sequence[str]], read: Exercise) -> Iterator[dict[str, Any]]:
    columns = read.settings.grid[0]
    for field in sorted(seen):
        text = "; ".join(sorted(seen[field])).replace(".;", ";").removesuffix(".")
        yield {
            "at": [field % columns, field // columns],
            "text": text[:1].upper() + text[1:],
        }


def _place_of(region: Region) -> str:
    return PLACE_WORDS[min(region.places, key=PLACES.index)]
