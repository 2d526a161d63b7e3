"""What the answer has beside the model: which fields are needless and what they cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from grading.graders.marc.fields import ALTERNATE, Field
from grading.graders.marc.keys import Key, KeyField

REPEATED = 1.0
SECOND_MAIN_ENTRY = 2.5
NOT_REPEATABLE = 3.0
FORBIDDEN = 2.0
UNDEFINED = 2.0
PADDING = 1.0


class Leftover(NamedTuple):
    """A field of the answer that matched nothing.

    ``limit`` is what it would have lost beside the better field that took its place: a damaged
    copy costs no more than its damage. ``is_parallel`` is a field in another script beside the
    one that it is linked to.
    """

    field: Field
    group: str
    is_repeat: bool = False
    limit: float | None = None
    is_parallel: bool = False


class Extra(NamedTuple):
    """A needless field: ``cost`` by its kind, ``charged`` what is left of it after the caps.

    ``kind`` is repeat, main, heading, forbidden, single, once, undefined, padding, copy (a worse
    one of what is there already), parallel or free; ``group`` is set for headings.
    """

    field: Field
    kind: str
    cost: float
    charged: float = 0.0
    group: str = ""


def weigh_extras(
    key: Key,
    leftovers: Sequence[Leftover],
    fields: Sequence[Field],
    groups: Mapping[str, Sequence[KeyField]],
) -> list[Extra]:
    """Return the extras in the order of ``leftovers``, before the caps.

    Of the fields outside the model the first few are free; so that the order of the record does
    not matter, the dearest are the free ones.
    """
    tags = Counter(f.tag for f in fields)
    extras = [_weigh(key, left, tags, groups) for left in leftovers]
    padding = [i for i, e in enumerate(extras) if e.kind in ("padding", "copy") and not e.group]
    padding.sort(key=lambda i: -extras[i].cost)
    for i in padding[: key.settings.free_extras]:
        extras[i] = extras[i]._replace(kind="free", cost=0.0)
    return extras


def _weigh(
    key: Key,
    left: Leftover,
    tags: Counter[str],
    groups: Mapping[str, Sequence[KeyField]],
) -> Extra:
    field, profile = left.field, key.profile
    if left.is_repeat:
        return Extra(field, "repeat", REPEATED)
    if field.tag in key.forbidden:
        return Extra(field, "forbidden", FORBIDDEN)
    if left.is_parallel:
        return Extra(field, "parallel", 0.0)
    if field.tag in profile.main_entries and sum(tags[t] for t in profile.main_entries) > 1:
        return Extra(field, "main", SECOND_MAIN_ENTRY)
    is_heading = left.group in profile.heading_groups and field.tag != ALTERNATE
    if is_heading and left.group in groups:
        weights = [k.weight for k in groups[left.group]]
        cost = key.settings.false_heading * sum(weights) / len(weights)
        return _limit(Extra(field, "heading", cost, group=left.group), left)
    wanted = [k.weight for k in groups.get(left.group, ()) if field.tag in k.tags]
    if field.tag in profile.not_repeatable and tags[field.tag] > 1:
        # No more than the right field earns, so that adding it beside a wrong one always pays.
        return Extra(field, "single", min([NOT_REPEATABLE, *wanted]))
    if field.tag in profile.once and wanted:
        return Extra(field, "once", NOT_REPEATABLE)
    if not profile.is_defined(field.tag):
        return Extra(field, "undefined", UNDEFINED)
    return _limit(Extra(field, "padding", PADDING), left)


def _limit(extra: Extra, left: Leftover) -> Extra:
    if left.limit is None or left.limit >= extra.cost:
        return extra
    return extra._replace(kind="copy", cost=left.limit)


def charge(
    extras: Sequence[Extra], key: Key, earned: float, earned_by_group: Mapping[str, float]
) -> tuple[list[Extra], float]:
    """Return the extras with what each is charged, and the sum of it.

    Headings of a group cost no more than the group earned, everything else together no more than
    a share of the whole, and all of it no more than was earned. A cap lowers all it covers alike.
    """
    sums: dict[str, float] = {}
    for extra in extras:
        sums[extra.group] = sums.get(extra.group, 0.0) + extra.cost
    factors = {}
    for group, total in sums.items():
        cap = earned_by_group[group] if group else key.settings.extras_cap * key.possible
        factors[group] = min(1.0, cap / total) if total else 0.0
    penalty = sum(total * factors[group] for group, total in sums.items())
    last = min(1.0, earned / penalty) if penalty else 0.0
    charged = [e._replace(charged=e.cost * factors[e.group] * last) for e in extras]
    return charged, penalty
