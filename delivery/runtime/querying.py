"""``runtime.query``: the blocks around a block, as XBlock's experimental interface has it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any


class BlockSet:
    """Some blocks, each once and in order."""

    def __init__(self, runtime: Any, blocks: Iterable[Any]) -> None:
        self._runtime = runtime
        self._blocks = {block.scope_ids.def_id: block for block in blocks}

    def __iter__(self) -> Iterator[Any]:
        return iter(self._blocks.values())

    def _children_of(self, block: Any) -> Iterator[Any]:
        for key in getattr(block, "children", ()):
            yield self._runtime.get_block(key)

    def _below(self, block: Any) -> Iterator[Any]:
        for child in self._children_of(block):
            yield child
            yield from self._below(child)

    def parent(self) -> BlockSet:
        """The blocks above."""
        return BlockSet(
            self._runtime, (self._runtime.get_block(each.parent) for each in self if each.parent)
        )

    def children(self) -> BlockSet:
        """The blocks below."""
        return BlockSet(
            self._runtime, (child for block in self for child in self._children_of(block))
        )

    def descendants(self) -> BlockSet:
        """All blocks below, at any depth."""
        return BlockSet(self._runtime, (found for block in self for found in self._below(block)))

    def tagged(self, tag: str) -> BlockSet:
        """The blocks with this name or tag."""
        return BlockSet(self._runtime, (block for block in self if _has_tag(block, tag)))

    def attr(self, name: str) -> Iterator[Any]:
        """The values of an attribute, of those that have it."""
        return (getattr(block, name) for block in self if hasattr(block, name))


def _has_tag(block: Any, tag: str) -> bool:
    # the class first: it costs nothing, while the others are fields
    return tag in block._class_tags or tag == block.name or tag in (block.tags or ())
