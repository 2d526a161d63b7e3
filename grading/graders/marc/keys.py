"""What a model record says: its fields, their accepted forms, weights and ways of comparing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from grading.graders.compare.values import ModelValue
from grading.graders.marc.fields import Field
from grading.graders.marc.positions import Position
from grading.graders.marc.profiles import Profile

EFFORT = {"udc": 12, "fixed": 20, "isbn": 3}
"""What comparing one value costs beside plain text, by policy; control fields count as fixed."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a teacher may set for a whole key.

    ``false_heading`` is the share of a heading's weight that an unjustified one costs,
    ``extras_cap`` the largest share of the whole that needless fields may cost, ``free_extras``
    how many fields outside the model are free.
    """

    false_heading: float = 0.2
    extras_cap: float = 0.2
    free_extras: int = 3


class KeySubfield(NamedTuple):
    """A subfield of the model: its code, what its value may be, its weight within the field."""

    code: str
    model: ModelValue
    weight: float
    positions: tuple[Position, ...] = ()


class Variant(NamedTuple):
    """One accepted form of a field of the model; the first variant is the model itself.

    ``by_code`` has the places of the subfields of each code.
    """

    field: Field
    indicators: tuple[frozenset[str], frozenset[str]]
    subfields: tuple[KeySubfield, ...]
    by_code: Mapping[str, Sequence[int]]
    positions: tuple[Position, ...] = ()

    @property
    def effort(self) -> int:
        """What comparing it with one field costs (1: one text)."""
        if self.field.is_control:
            return EFFORT["fixed"]
        return sum(
            EFFORT.get(s.model.policy, 1) * (1 + len(s.model.alternatives) + len(s.model.near))
            for s in self.subfields
        )


class KeyField(NamedTuple):
    """A field of the model with its accepted variants.

    ``tags`` are those of the variants, ``pool`` names the pool it belongs to, ``number`` is its
    place in the key, ``effort`` what comparing it with one field costs (1: one text).
    """

    variants: tuple[Variant, ...]
    tags: frozenset[str]
    weight: float
    is_optional: bool
    pool: str
    number: int
    effort: int

    @property
    def tag(self) -> str:
        """The tag of the model itself."""
        return self.variants[0].field.tag


@dataclass(frozen=True, slots=True, eq=False)
class Key:
    """A model record: what the answer is compared with.

    ``tags`` are all that its fields use; ``language`` is the code of the text's language, in
    MARC 21, empty if it is not coded.
    """

    profile: Profile
    punctuation: str
    fields: tuple[KeyField, ...]
    pools: Mapping[str, int]
    forbidden: frozenset[str]
    settings: Settings
    tags: frozenset[str]
    language: str = ""

    @property
    def possible(self) -> float:
        """Points to be had: the weights of the required fields, of a pool as many as it asks."""
        required = sum(f.weight for f in self.fields if not f.is_optional and not f.pool)
        return required + sum(n * self.pool_weight(pool) for pool, n in self.pools.items())

    def pool_weight(self, pool: str) -> float:
        """Return the weight of each field of ``pool``."""
        return max(f.weight for f in self.fields if f.pool == pool)
