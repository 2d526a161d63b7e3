"""Where the fields of a block class live, worked out once per class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

from xblock.fields import BlockScope, Field, Scope, UserScope


class Home(Enum):
    """The place of a field's value."""

    AUTHORED = "in the course version"
    PARENT = "the block above"
    CHILDREN = "the blocks below"
    LEARNER = "the learner's row of the block"
    SUMMARY = "the block's row for everyone"
    PREFERENCES = "the learner's row of the block type"
    USER_INFO = "the learner's row"


SHARED_HOMES = (Home.SUMMARY, Home.PREFERENCES, Home.USER_INFO)


@dataclass(frozen=True)
class FieldPlan:
    """The homes of a class's fields, by name."""

    homes: Mapping[str, Home]
    has_learner_state: bool
    shared: tuple[Home, ...]


def _home(field: Field) -> Home:
    scope = field.scope
    if scope == Scope.parent:
        return Home.PARENT
    if scope == Scope.children:
        return Home.CHILDREN
    if scope.user == UserScope.NONE:
        return Home.AUTHORED
    if scope.user == UserScope.ALL:
        return Home.SUMMARY
    if scope.block == BlockScope.TYPE:
        return Home.PREFERENCES
    if scope.block == BlockScope.ALL:
        return Home.USER_INFO
    return Home.LEARNER


@lru_cache(maxsize=1024)
def plan_of(block_class: Any) -> FieldPlan:
    """The plan of a class."""
    homes = {name: _home(field) for name, field in block_class.fields.items()}
    used = set(homes.values())
    return FieldPlan(
        homes=homes,
        has_learner_state=Home.LEARNER in used,
        shared=tuple(home for home in SHARED_HOMES if home in used),
    )
