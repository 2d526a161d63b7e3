"""What differs between two trees of a course: blocks, their fields, and files. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from delivery.authoring.words import (
    PlaceChange,
    Run,
    compare_structures,
    compare_texts,
    show,
)
from delivery.tree import BlockNode, CourseTree

ADDED, REMOVED, MOVED, EDITED = "added", "removed", "moved", "edited"
COMPARISONS_KEPT = 8
CHANGES_ON_PAGE = 25  # of blocks, each with its words before and after


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field with its values before and after, as JSON values (``None``: not set)."""

    name: str
    before: Any
    after: Any

    @property
    def is_structured(self) -> bool:
        """Whether the values are lists or objects on both sides."""
        kinds = (list, dict)
        return isinstance(self.before, kinds) and isinstance(self.after, kinds)

    @property
    def runs(self) -> list[Run]:
        """The change of a plain value, word by word."""
        return compare_texts(show(self.before), show(self.after))

    @property
    def places(self) -> list[PlaceChange]:
        """The change of a structured value, place by place."""
        return compare_structures(self.before, self.after)


@dataclass(frozen=True, slots=True)
class BlockChange:
    """A block that differs. ``path`` names what it stands in, and ``old_path`` what it stood in.

    ``kinds`` are some of ``added``, ``removed``, ``moved`` and ``edited``.
    """

    usage_key: str
    block_type: str
    name: str
    kinds: tuple[str, ...]
    path: tuple[str, ...]
    old_path: tuple[str, ...] = ()
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that is new, deleted or another (``edited``)."""

    path: str
    kind: str


@dataclass(frozen=True)
class Comparison:
    """All that differs, blocks in the order of the newer tree with the removed ones last."""

    blocks: tuple[BlockChange, ...] = ()
    files: tuple[FileChange, ...] = ()
    settings: tuple[FieldChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.blocks or self.files or self.settings)

    def __len__(self) -> int:
        return len(self.blocks) + len(self.files) + len(self.settings)

    def count(self, kind: str) -> int:
        """How many blocks are changed in one way."""
        return sum(kind in change.kinds for change in self.blocks)


@lru_cache(maxsize=COMPARISONS_KEPT)
def compare(old: CourseTree, new: CourseTree) -> Comparison:
    """What must be done to ``old`` to make it ``new``."""
    moved = _moved(old, new)
    kept = [
        change
        for key, node in new.blocks.items()
        if (change := _change(old, new, node, key in moved)) is not None
    ]
    gone = [
        BlockChange(
            key,
            node.block_type,
            node.display_name,
            (REMOVED,),
            path_of(old, key),
            fields=compare_fields(node.fields, {}),
        )
        for key, node in old.blocks.items()
        if key not in new.blocks
    ]
    return Comparison((*kept, *gone), _files(old, new), _settings(old, new))


def path_of(tree: CourseTree, usage_key: str) -> tuple[str, ...]:
    """The names of what a block stands in, outermost first, without the course."""
    above = [node.display_name for node in tree.ancestors(usage_key) if node.parent]
    return tuple(reversed(above))


def compare_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """The fields that differ."""
    return tuple(
        FieldChange(name, before.get(name), after.get(name))
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name)
    )


def _change(
    old: CourseTree, new: CourseTree, node: BlockNode, is_moved: bool
) -> BlockChange | None:
    key = node.usage_key
    before = old.blocks.get(key)
    if before is node and not is_moved:
        return None
    if before is None:
        fields = compare_fields({}, node.fields)
        kinds: tuple[str, ...] = (ADDED,)
    else:
        fields = compare_fields(before.fields, node.fields)
        edited = bool(fields) or before.olx != node.olx
        kinds = (*((MOVED,) if is_moved else ()), *((EDITED,) if edited else ()))
    if not kinds:
        return None
    return BlockChange(
        key,
        node.block_type,
        node.display_name,
        kinds,
        path_of(new, key),
        path_of(old, key) if is_moved else (),
        fields,
    )


def _moved(old: CourseTree, new: CourseTree) -> set[str]:
    """The blocks that stand elsewhere: below another block, or in another order.

    Of siblings in another order as few as possible count as moved.
    """
    found = {
        key
        for key, node in new.blocks.items()
        if key in old.blocks and old.blocks[key].parent != node.parent
    }
    for key, node in new.blocks.items():
        before = old.blocks.get(key)
        if before is None or before.children == node.children:
            continue
        places = {child: place for place, child in enumerate(before.children)}
        stayed = [child for child in node.children if child in places]
        found |= _out_of_order(stayed, [places[child] for child in stayed])
    return found


def _out_of_order(keys: Sequence[str], places: Sequence[int]) -> set[str]:
    """The keys that are not part of a longest increasing run of ``places``."""
    tails: list[int] = []  # the smallest end of an increasing run of each length
    ends: list[int] = []  # the index of that end
    before: list[int] = []
    for index, place in enumerate(places):
        length = bisect_left(tails, place)
        before.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [place]
        ends[length : length + 1] = [index]
    kept = set()
    index = ends[-1] if ends else -1
    while index >= 0:
        kept.add(keys[index])
        index = before[index]
    return set(keys) - kept


def _files(old: CourseTree, new: CourseTree) -> tuple[FileChange, ...]:
    return tuple(
        FileChange(path, kind)
        for path in sorted({*old.files, *new.files})
        if (kind := _file_kind(old, new, path))
    )


def _file_kind(old: CourseTree, new: CourseTree, path: str) -> str:
    before, after = old.files.get(path), new.files.get(path)
    if before is None:
        return ADDED
    if after is None:
        return REMOVED
    return EDITED if before.sha256 != after.sha256 else ""


def _settings(old: CourseTree, new: CourseTree) -> tuple[FieldChange, ...]:
    """What differs in the grading policy and in the pages about the course."""
    policy: Iterable[FieldChange] = ()
    if old.grading_policy != new.grading_policy:
        policy = (
            FieldChange("grading_policy", dict(old.grading_policy), dict(new.grading_policy)),
        )
    return (*policy, *compare_fields(old.about, new.about))
