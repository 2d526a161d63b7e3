"""Comparing a whole record: fields aligned by groups, needless ones weighed, all added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

from grading.graders.compare.align import assign
from grading.graders.compare.text import digits
from grading.graders.marc.elements import Context
from grading.graders.marc.extras import Extra, Leftover, charge, weigh_extras
from grading.graders.marc.fields import ALTERNATE, Field
from grading.graders.marc.keys import Key, KeyField
from grading.graders.marc.pairs import Pair, compare_pair

LEAST_SIMILAR = 0.3
"""Below this share of like content two fields are not the same field of the description."""
MOST_COMPARED = 30
"""Fields of the answer in one group that are compared with the model's."""
MOST_EFFORT = 600
"""What comparing one answer may cost (1: two texts); beyond, the likest fields are chosen."""

_KEYS_KEPT = 64
_GROUPS_KEPT = 1_024
_MOST_KEPT = 10
"""Fields of a group whose alignment is kept for other answers that have the same."""
_LIKE = 60
"""Per cent of like characters from which two fields in another script say nearly the same."""
_TIE = 1e-7
_OPTIONAL = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """A field of the model with what the answer has for it.

    ``pair`` and ``given`` are None where nothing matched; ``key`` is None for a place in a pool
    that stayed empty (``pool`` names it). ``weight`` is 0 for optional fields.
    """

    key: KeyField | None
    weight: float
    pool: str = ""
    pair: Pair | None = None
    given: Field | None = None

    @property
    def credit(self) -> float:
        """The share of the weight that is earned, 0-1."""
        return self.pair.credit if self.pair else 0.0

    @property
    def tag(self) -> str:
        """The tag of the accepted variant, or the name of the pool."""
        if self.key is None:
            return self.pool
        return self.key.variants[self.pair.variant if self.pair else 0].field.tag


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """An answer beside a model: what matched, what was needless, and the sums.

    ``penalty`` is what the extras cost after the caps; ``points`` is never below 0. ``accepted``
    are acceptable fields beyond what a pool asks for.
    """

    key: Key
    possible: float
    earned: float
    penalty: float
    matches: tuple[Match, ...]
    extras: tuple[Extra, ...]
    accepted: tuple[Field, ...] = ()

    @property
    def points(self) -> float:
        """Points earned less the penalties."""
        return max(0.0, self.earned - self.penalty)

    @property
    def score(self) -> float:
        """Share of the possible points, 0-1."""
        return self.points / self.possible


class Record(NamedTuple):
    """The fields of an answer; ``repeated`` are those that repeat another to the letter."""

    fields: Sequence[Field]
    repeated: frozenset[int]

    @classmethod
    def of(cls, fields: Sequence[Field]) -> Record:
        """Return the record with its repetitions found, once for all keys."""
        seen: set[tuple[object, ...]] = set()
        repeated = set()
        for place, field in enumerate(fields):
            if field.signature in seen:
                repeated.add(place)
            seen.add(field.signature)
        return cls(fields, frozenset(repeated))


def compare_record(key: Key, record: Record, *, most_effort: int = MOST_EFFORT) -> Comparison:
    """Compare the fields of an answer with one key, for about ``most_effort``."""
    fields = record.fields
    kept = [(place, f) for place, f in enumerate(fields) if not _is_ignorable(f, key)]
    unique = [f for place, f in kept if place not in record.repeated]
    repeated = [f for place, f in kept if place in record.repeated]
    context = _context(key, unique)
    groups = _groups_of(key)
    given: dict[str, list[Field]] = {}
    for field in unique:
        given.setdefault(_group_of(field, key), []).append(field)
    matches: list[Match] = []
    leftovers: list[Leftover] = [Leftover(f, "", is_repeat=True) for f in repeated]
    accepted: list[Field] = []
    earned_by_group: dict[str, float] = {}
    budget = _budget(groups, given, most_effort)
    for name in groups:
        aligned = _align(key, name, tuple(given.pop(name, ())), context, budget)
        matches += aligned.matches
        accepted += aligned.accepted
        leftovers += aligned.leftovers
        earned_by_group[name] = sum(m.weight * m.credit for m in aligned.matches)
    for name, others in given.items():
        leftovers += [Leftover(f, name) for f in others]
    earned = sum(earned_by_group.values())
    order = {id(f): i for i, f in enumerate(fields)}
    leftovers.sort(key=lambda left: order[id(left.field)])
    extras = weigh_extras(key, leftovers, unique, groups)
    extras, penalty = charge(extras, key, earned, earned_by_group)
    return Comparison(
        key, key.possible, earned, penalty, tuple(matches), tuple(extras), tuple(accepted)
    )


@lru_cache(maxsize=_KEYS_KEPT)
def _groups_of(key: Key) -> Mapping[str, Sequence[KeyField]]:
    """Return the fields of the model by their alignment groups."""
    groups: dict[str, list[KeyField]] = {}
    for key_field in key.fields:
        group = key.profile.group(key_field.variants[0].field.rules)
        groups.setdefault(group, []).append(key_field)
    return groups


def _group_of(field: Field, key: Key) -> str:
    """Return the alignment group of a field; field 880 goes with the field it is linked to.

    Where the model has such fields, one that says nearly the same decides: a wrong link is a
    fault of its own.
    """
    rules = field.rules
    if field.tag == ALTERNATE and ALTERNATE in key.tags:
        gist = field.gist
        others = [v.field for k in key.fields for v in k.variants if v.field.tag == ALTERNATE]
        ratio, likest = max((fuzz.ratio(gist, o.gist), o.rules) for o in others)
        rules = likest if ratio >= _LIKE else rules
    return key.profile.group(rules)


def _is_ignorable(field: Field, key: Key) -> bool:
    """Tell whether a field counts neither for nor against the answer."""
    profile = key.profile
    if field.is_empty or field.tag in profile.ignored_tags:
        return True
    if field.tag in key.tags or field.tag in key.forbidden:
        return False
    return field.is_control or field.tag in profile.local_tags


def _context(key: Key, fields: Sequence[Field]) -> Context:
    profile = key.profile
    said = {
        year
        for field in fields
        for subfield in field.subfields
        if (field.tag, subfield.code) in profile.date_text
        for year in digits(subfield.value.text)
        if len(year) == 4
    }
    right = {
        year
        for key_field in key.fields
        for variant in key_field.variants
        for subfield in variant.subfields
        if (variant.field.tag, subfield.code) in profile.date_text
        for year in digits(subfield.model.value.text)
    }
    wrong = said if right and not said & right else set()
    has_main = any(f.tag in profile.main_entries for f in fields)
    return Context(profile, key.punctuation, frozenset(wrong), has_main, key.language)


def _budget(
    groups: Mapping[str, Sequence[KeyField]], given: dict[str, list[Field]], most_effort: int
) -> float:
    """Return the share of the fields that each field of the model may be compared with."""
    wanted = 0
    for name, keys in groups.items():
        repeats = sum(_most_repeated(f) for f in given.get(name, ())[:MOST_COMPARED])
        wanted += repeats * sum(k.effort for k in keys)
    return min(1.0, most_effort / wanted) if wanted else 1.0


def _most_repeated(field: Field) -> int:
    """Return how often a subfield code of the field is repeated at most."""
    return max(map(len, field.by_code.values()), default=1)


class _Aligned(NamedTuple):
    """What a group came to: its matches, the fields left over and those accepted besides."""

    matches: tuple[Match, ...]
    accepted: tuple[Field, ...]
    leftovers: tuple[Leftover, ...]


def _align(
    key: Key, name: str, given: tuple[Field, ...], context: Context, budget: float
) -> _Aligned:
    """Align a group; of a few fields that other answers have too, once for all of them."""
    if len(given) <= _MOST_KEPT and all(field.is_shared for field in given):
        return _align_shared(key, name, given, context, budget)
    return _align_anew(key, name, given, context, budget)


def _align_anew(
    key: Key, name: str, given: Sequence[Field], context: Context, budget: float
) -> _Aligned:
    group = _Group(key, _groups_of(key)[name], given, context, budget)
    leftovers = tuple(left._replace(group=name) for left in group.leftovers)
    return _Aligned(tuple(group.matches), tuple(group.accepted), leftovers)


_align_shared = lru_cache(maxsize=_GROUPS_KEPT)(_align_anew)


class _Group:
    """One alignment group: its matches, the fields left over and those accepted besides."""

    def __init__(
        self,
        key: Key,
        keys: Sequence[KeyField],
        given: Sequence[Field],
        context: Context,
        budget: float,
    ) -> None:
        self.key = key
        self.keys = keys
        self.matches: list[Match] = []
        self.accepted: list[Field] = []
        self.leftovers: list[Leftover] = []
        compared, self.rest = _likest(keys, given)
        self.given = compared
        self.pairs = self._compare(context, budget)
        self._match()

    def _compare(self, context: Context, budget: float) -> list[list[Pair | None]]:
        table: list[list[Pair | None]] = []
        limit = max(1, round(budget * len(self.given)))
        likest = _Likest(self.given, limit) if limit < len(self.given) else None
        for key_field in self.keys:
            columns = likest.find(key_field) if likest else range(len(self.given))
            row: list[Pair | None] = [None] * len(self.given)
            for column in columns:
                field = self.given[column]
                pair = compare_pair(key_field.variants, field, context)
                if pair.credit > 0.0 and (
                    pair.similarity >= LEAST_SIMILAR or self._is_only(key_field, field)
                ):
                    row[column] = pair
            table.append(row)
        return table

    def _is_only(self, key_field: KeyField, field: Field) -> bool:
        """Tell whether the tag occurs once in the model and once in the answer."""
        return (
            field.tag in key_field.tags
            and sum(field.tag in k.tags for k in self.keys) == 1
            and sum(f.tag == field.tag for f in self.given)
            + sum(f.tag == field.tag for f in self.rest)
            == 1
        )

    def _gain(self, row: int, column: int) -> float:
        pair = self.pairs[row][column]
        if pair is None:
            return 0.0
        weight = self.keys[row].weight
        return pair.credit * (weight * _OPTIONAL if self.keys[row].is_optional else weight)

    def _match(self) -> None:
        chosen = self._assign()
        taken = set()
        slots = dict(self.key.pools)
        for row, key_field in enumerate(self.keys):
            column = chosen[row]
            if column < 0 and key_field.pool:
                continue
            weight = 0.0 if key_field.is_optional else key_field.weight
            if column < 0:
                self.matches.append(Match(key_field, weight))
                continue
            taken.add(column)
            slots[key_field.pool] = slots.get(key_field.pool, 0) - 1
            pair = self.pairs[row][column]
            self.matches.append(Match(key_field, weight, key_field.pool, pair, self.given[column]))
        for pool in dict.fromkeys(k.pool for k in self.keys if k.pool):
            empty = max(0, slots[pool])
            self.matches += [Match(None, self.key.pool_weight(pool), pool)] * empty
        self._sort_leftovers(chosen, taken)

    def _assign(self) -> list[int]:
        """Return the column of each row; of a pool no more rows match than it asks for.

        The rows of a pool that are not needed go to columns of their own, which are worth more
        than any match.
        """
        rows, columns = len(self.keys), len(self.given)
        table = [[self._gain(r, c) for c in range(columns)] for r in range(rows)]
        for r, row in enumerate(table):
            for c, gain in enumerate(row):
                if gain:
                    row[c] = gain + _TIE * (1 - abs(r / rows - c / columns))
        for pool in dict.fromkeys(k.pool for k in self.keys if k.pool):
            members = [k.pool == pool for k in self.keys]
            for _ in range(sum(members) - self.key.pools[pool]):
                for row, is_member in zip(table, members, strict=True):
                    row.append(1e6 if is_member else 0.0)
        return [c if c < columns else -1 for c in assign(table)]

    def _sort_leftovers(self, chosen: list[int], taken: set[int]) -> None:
        """Tell acceptable fields beyond a pool from needless ones, and limit what copies cost.

        A field that is like one of the model but worse than another in the answer costs no more
        than what it is worse by: leaving out the better one, or adding it, must not pay the wrong
        way.
        """
        left = [column for column in range(len(self.given)) if column not in taken]
        limits: dict[int, float] = {}
        spare: set[int] = set()
        for row, key_field in enumerate(self.keys):
            rivals = sorted((-self._gain(row, c), c) for c in left if self._gain(row, c))
            if key_field.pool and chosen[row] < 0:
                spare.update(column for _, column in rivals)
            better = self._gain(row, chosen[row]) if chosen[row] >= 0 else 0.0
            for negative, column in rivals:
                limit = max(0.0, better + negative)
                limits[column] = min(limits.get(column, limit), limit)
                better = -negative
        for column in left:
            if column in spare:
                self.accepted.append(self.given[column])
            else:
                self.leftovers.append(
                    Leftover(
                        self.given[column],
                        group="",
                        limit=limits.get(column),
                        is_parallel=self._is_parallel(column),
                    )
                )
        self.leftovers += [Leftover(field, "") for field in self.rest]

    def _is_parallel(self, column: int) -> bool:
        """Tell whether the field repeats, in another script, one for which the model has none."""
        if self.given[column].tag != ALTERNATE:
            return False
        like = [k for row, k in enumerate(self.keys) if self._gain(row, column)]
        return bool(like) and all(ALTERNATE not in k.tags for k in like)


def _likest(
    keys: Sequence[KeyField], given: Sequence[Field]
) -> tuple[Sequence[Field], Sequence[Field]]:
    """Return the fields to compare, at most MOST_COMPARED, and the rest."""
    if len(given) <= MOST_COMPARED:
        return given, []
    texts = [f.gist for f in given]
    best = [0.0] * len(given)
    for key_field in keys:
        gist = key_field.variants[0].field.gist
        for _, score, index in process.extract(gist, texts, scorer=fuzz.ratio, limit=None):
            best[index] = max(best[index], score)
    same = {variant.field.signature for key_field in keys for variant in key_field.variants}
    best = [101.0 if f.signature in same else ratio for f, ratio in zip(given, best, strict=True)]
    order = sorted(range(len(given)), key=lambda i: (-best[i], i))
    chosen = sorted(order[:MOST_COMPARED])
    rest = sorted(order[MOST_COMPARED:])
    return [given[i] for i in chosen], [given[i] for i in rest]


class _Likest:
    """Finds cheaply the fields of an answer that are likest to a field of the model."""

    def __init__(self, given: Sequence[Field], limit: int) -> None:
        self._limit = limit
        self._gists = [f.gist for f in given]
        self._columns = {f.signature: column for column, f in enumerate(given)}

    def find(self, key_field: KeyField) -> Sequence[int]:
        """Return the columns of about ``limit`` fields, always one that is the same."""
        found: set[int] = set()
        for variant in key_field.variants:
            gist = variant.field.gist
            rows = process.extract(gist, self._gists, scorer=fuzz.ratio, limit=self._limit)
            found.update(column for _, _, column in rows)
            same = self._columns.get(variant.field.signature)
            if same is not None:
                found.add(same)
        return sorted(found)
