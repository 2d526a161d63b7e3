"""What differs between two values of a field, for people to read. Pure."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, NamedTuple

SAME, ADDED, REMOVED = "same", "added", "removed"
WORDS = re.compile(r"\s*(?:[^\s<>]+|<[^>]*>?|>)|\s+")  # with the space before them
MOST_WORDS = 6_000  # compared word by word; longer texts are compared line by line
MOST_PAIRS = 20_000  # of equal words; with more, matches begin at the rare ones only
KEPT_AROUND = 12  # words of unchanged text on either side of a change
MOST_PLACES = 60  # of a structured value
ELLIPSIS = "…"
MISSING = object()


class Run(NamedTuple):
    """A stretch of text that is the same in both, only in the new or only in the old one."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """A place inside a structured value, such as ``keys / 1 / fields``, before and after."""

    place: str
    before: str
    after: str


def compare_texts(before: str, after: str) -> list[Run]:
    """The changes from one text to another, with some of what is around them."""
    old, new = _tokens(before), _tokens(after)
    if len(old) + len(new) > MOST_WORDS:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return _shorten(list(_runs(old, new)))


def _tokens(text: str) -> list[str]:
    return WORDS.findall(text)


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    for tag, start, end, new_start, new_end in _match(old, new).get_opcodes():
        if tag == "equal":
            yield Run(SAME, "".join(old[start:end]))
            continue
        if start < end:
            yield Run(REMOVED, "".join(old[start:end]))
        if new_start < new_end:
            yield Run(ADDED, "".join(new[new_start:new_end]))


def _match(old: Sequence[str], new: Sequence[str]) -> SequenceMatcher[str]:
    """What is the same in both, found in a time that does not grow with their pairs of equals."""
    counts = Counter(new)
    pairs = sum(number * counts[word] for word, number in Counter(old).items())
    return SequenceMatcher(None, old, new, autojunk=pairs > MOST_PAIRS)


def _shorten(runs: list[Run]) -> list[Run]:
    """Leave out what is far from any change."""
    last = len(runs) - 1
    return [
        run if run.kind != SAME else Run(SAME, _around(run.text, index > 0, index < last))
        for index, run in enumerate(runs)
    ]


def _around(text: str, follows: bool, precedes: bool) -> str:
    words = _tokens(text)
    head = KEPT_AROUND if follows else 0
    tail = KEPT_AROUND if precedes else 0
    if len(words) <= head + tail + 1:
        return text
    start = "".join(words[:head])
    end = "".join(words[len(words) - tail :]) if tail else ""
    return f"{start} {ELLIPSIS} {end}"


def compare_structures(before: Any, after: Any) -> list[PlaceChange]:
    """The places at which two JSON values differ, in order; at most ``MOST_PLACES``."""
    found: list[PlaceChange] = []
    for change in _places(before, after, ()):
        if len(found) == MOST_PLACES:
            found.append(PlaceChange(ELLIPSIS, "", ""))
            break
        found.append(change)
    return found


def _places(before: Any, after: Any, path: tuple[str, ...]) -> Iterator[PlaceChange]:
    if before == after and type(before) is type(after):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys((*before, *after)):
            yield from _places(
                before.get(name, MISSING), after.get(name, MISSING), (*path, str(name))
            )
    elif isinstance(before, list) and isinstance(after, list):
        yield from _list_places(before, after, path)
    else:
        yield PlaceChange(" / ".join(path), show(before), show(after))


def _list_places(
    before: list[Any], after: list[Any], path: tuple[str, ...]
) -> Iterator[PlaceChange]:
    """Match equal entries first, so that one put in between does not move all that follow."""
    old, new = [_frozen(entry) for entry in before], [_frozen(entry) for entry in after]
    for tag, start, end, new_start, new_end in _match(old, new).get_opcodes():
        if tag == "equal":
            continue
        for offset in range(max(end - start, new_end - new_start)):
            mine, theirs = start + offset, new_start + offset
            number = (mine if mine < end else theirs) + 1
            yield from _places(
                before[mine] if mine < end else MISSING,
                after[theirs] if theirs < new_end else MISSING,
                (*path, str(number)),
            )


def _frozen(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def show(value: Any) -> str:
    """A value as an author reads it; nothing for one that is not there."""
    if value is MISSING or value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
