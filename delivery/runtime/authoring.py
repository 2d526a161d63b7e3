"""The runtime of an author: fields as they were written, and changed in memory only.

What the author's handlers set is collected in ``edits``; whoever called them keeps it or not.
"""

from __future__ import annotations

import copy
from typing import Any

from delivery.access import Visit
from delivery.runtime.fields import CourseFieldData, plain
from delivery.runtime.host import BlockRuntime
from delivery.runtime.scopes import Home
from delivery.runtime.state import LearnerStore
from delivery.tree import CourseTree


class AuthoredFieldData(CourseFieldData):
    """Field data in which the course's own fields can be set, and are not sanitised."""

    def __init__(self, tree: CourseTree, store: LearnerStore) -> None:
        super().__init__(tree, store)
        self.edits: dict[str, dict[str, Any]] = {}

    def _fields(self, block: Any) -> dict[str, Any]:
        key = block.scope_ids.def_id
        return self.edits.get(key) or dict(self._tree.blocks[key].fields)

    def _is_authored(self, block: Any, name: str) -> bool:
        return self._home(block, name) is Home.AUTHORED

    def has(self, block: Any, name: str) -> bool:
        """Whether a field is set on this very block."""
        if self._is_authored(block, name):
            return name in self._fields(block)
        return super().has(block, name)

    def _authored(self, block: Any, name: str) -> Any:
        return copy.deepcopy(self._fields(block)[name])

    def set(self, block: Any, name: str, value: Any) -> None:
        """Set a field; raises ``InvalidScopeError`` for a block's place in the course."""
        if not self._is_authored(block, name):
            return super().set(block, name, value)
        self.edits[block.scope_ids.def_id] = {**self._fields(block), name: plain(value)}
        return None

    def delete(self, block: Any, name: str) -> None:
        """Give a field its default back; raises ``KeyError`` if it is not set."""
        if not self._is_authored(block, name):
            return super().delete(block, name)
        fields = self._fields(block)
        del fields[name]
        self.edits[block.scope_ids.def_id] = fields
        return None


class AuthorRuntime(BlockRuntime):
    """Builds and calls blocks for who writes the course."""

    is_author_mode = True
    regrades_when_publishing = True  # read by blocks whose editors offer to grade answers again

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        self._field_data = AuthoredFieldData(self.tree, self.store)

    @property
    def edits(self) -> dict[str, dict[str, Any]]:
        """All fields of each block that was changed, by usage key."""
        edits: dict[str, dict[str, Any]] = self._field_data.edits
        return edits
