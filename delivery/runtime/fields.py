"""The values of a block's fields: authored ones from the course, the others from the learner."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from xblock.exceptions import InvalidScopeError
from xblock.field_data import FieldData

from delivery.runtime.authored import clean_authored
from delivery.runtime.dates import chain_of, own_due
from delivery.runtime.keys import usage_key_of
from delivery.runtime.scopes import Home, plan_of
from delivery.runtime.state import LearnerStore, Record
from delivery.tree import INHERITABLE_FIELDS, CourseTree

NOWHERE = object()


def plain(value: Any) -> Any:
    """A field's value as JSON has it. Named tuples (scores) become objects, as in Open edX."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(part) for part in value]
    return value


class CourseFieldData(FieldData):
    """Field data for all blocks of one request. Blocks carry their usage key as ``def_id``."""

    def __init__(self, tree: CourseTree, store: LearnerStore) -> None:
        self._tree = tree
        self._store = store

    def _home(self, block: Any, name: str) -> Home:
        block_class: Any = type(block)
        return plan_of(block_class).homes[name]

    def _record(self, block: Any, home: Home) -> Record:
        key = block.scope_ids.def_id
        if home is Home.LEARNER:
            return self._store.learner(key)
        return self._store.shared(home, key)

    def has(self, block: Any, name: str) -> bool:
        """Whether a field is set on this very block."""
        home = self._home(block, name)
        if home is Home.AUTHORED:
            return name in self._tree.blocks[block.scope_ids.def_id].fields
        if home is Home.PARENT:
            return bool(self._tree.blocks[block.scope_ids.def_id].parent)
        if home is Home.CHILDREN:
            return True
        return name in self._record(block, home).state

    def get(self, block: Any, name: str) -> Any:
        """A field's JSON value; raises ``KeyError`` if it is not set."""
        home = self._home(block, name)
        if home is Home.AUTHORED:
            return self._authored(block, name)
        if home is Home.PARENT:
            return usage_key_of(self._tree.blocks[block.scope_ids.def_id].parent)
        if home is Home.CHILDREN:
            node = self._tree.blocks[block.scope_ids.def_id]
            return [usage_key_of(child) for child in node.children]
        return self._record(block, home).state[name]

    def _authored(self, block: Any, name: str) -> Any:
        own = self._own_due(block) if name == "due" else None
        if own is not None:
            return own
        node = self._tree.blocks[block.scope_ids.def_id]
        value = clean_authored(node.block_type, name, node.fields[name])
        # Versions are shared by all requests, and a block may change a list it was given.
        return copy.deepcopy(value) if isinstance(value, list | dict) else value

    def _own_due(self, block: Any) -> str | None:
        """The due date that the learner was given in place of the author's, as JSON."""
        own = own_due(chain_of(self._tree, block.scope_ids.def_id), self._store.extensions)
        return own.isoformat() if own else None

    def default(self, block: Any, name: str) -> Any:
        """The value from the containers around; raises ``KeyError`` if none sets it."""
        if name in INHERITABLE_FIELDS and self._home(block, name) is Home.AUTHORED:
            value = self._tree.setting(block.scope_ids.def_id, name, NOWHERE)
            if value is not NOWHERE:
                return self._own_due(block) or value if name == "due" else value
        raise KeyError(name)

    def set(self, block: Any, name: str, value: Any) -> None:
        """Set a field; raises ``InvalidScopeError`` for authored ones, as Open edX's LMS does."""
        self._writable(block, name).set(name, plain(value))

    def set_many(self, block: Any, update_dict: Mapping[str, Any]) -> None:
        """Set several fields."""
        for name, value in update_dict.items():
            self.set(block, name, value)

    def delete(self, block: Any, name: str) -> None:
        """Give a field its default back; raises ``KeyError`` if it is not set."""
        self._writable(block, name).remove(name)

    def _writable(self, block: Any, name: str) -> Record:
        home = self._home(block, name)
        if home in (Home.AUTHORED, Home.PARENT, Home.CHILDREN):
            raise InvalidScopeError(
                f"{block.scope_ids.def_id}: the field {name!r} belongs to the course and cannot "
                "be changed by who takes it."
            )
        return self._record(block, home)
