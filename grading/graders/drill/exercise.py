"""Drills: read and checked, variants and pools picked for one learner by a seed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from grading.data import gettext_noop as _
from grading.graders import faults
from grading.graders.drill.access_points import AccessPoints
from grading.graders.drill.authority import Authority
from grading.graders.drill.duplicate import Duplicate
from grading.graders.drill.fixed_field import FixedField
from grading.graders.drill.headings import Headings
from grading.graders.drill.isbn import Isbn
from grading.graders.drill.item import Frame, Item, Settings, read_frame
from grading.graders.drill.lrm import Lrm
from grading.graders.drill.mapping import FieldMapping
from grading.graders.drill.order import Order
from grading.graders.drill.rda import Rda
from grading.graders.drill.transcription import Transcription
from grading.graders.drill.udc import Udc
from grading.graders.keeping import kept
from grading.graders.reading import LONGEST_HTML, Node, count_values, exercise_node
from grading.graders.shuffling import sort_by_seed

MOST_ITEMS = 100
MOST_VARIANTS = 30
LONGEST_SEED = 200
MOST_EFFORT = 7_000
"""What grading one learner's drill may cost (1: reading one value, some 7 µs)."""
ITEM_EFFORT = 5

TOO_DEAR = _(
    "Grading this exercise would take too long, most of all the item «%(item)s»: accept fewer "
    "forms, shorten the texts, or make two exercises of it."
)
BAD_ID = _("An id of up to 40 Latin letters, digits, hyphens and underscores is expected here.")

_TYPES: dict[str, type[Item]] = {
    item.TYPE: item
    for item in (
        Order,
        FieldMapping,
        FixedField,
        AccessPoints,
        Authority,
        Udc,
        Isbn,
        Duplicate,
        Lrm,
        Rda,
        Headings,
        Transcription,
    )
}
ITEM_TYPES = tuple(_TYPES)

_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_NOT_IN_VARIANTS = ("id", "type", "pool", "variants")


class Drill(NamedTuple):
    """A drill as one learner gets it: its items, in their order, and the seed of its shuffles."""

    items: tuple[tuple[Frame, Item], ...]
    seed: str


def check(raw: Any) -> None:
    """Raise InvalidExercise at the first fault of a drill, in all its variants and pools."""
    node, efforts = _read_efforts(raw)
    if _most_effort(node, efforts) > MOST_EFFORT:
        dearest = _read_items(node)[efforts.index(max(efforts))]
        raise dearest.fail(TOO_DEAR, item=dearest.get("id").text())


def find_effort(raw: Any) -> float:
    """Return what grading a drill may cost at most, whatever a seed picks (see MOST_EFFORT)."""
    return _most_effort(*_read_efforts(raw))


def _read_efforts(raw: Any) -> tuple[Node, list[float]]:
    """Read a drill with all its variants; return what each item may cost."""
    node, settings, _seed = _read_outline(raw)
    efforts = [
        max(_effort(variant, _read_item(variant, settings)[1]) for variant in _variants(item))
        for item in _read_items(node)
    ]
    return node, efforts


def _effort(node: Node, item: Item) -> float:
    return ITEM_EFFORT + count_values(node.value) + item.effort


def _most_effort(node: Node, efforts: Sequence[float]) -> float:
    """Return the efforts added up, of every pool those of as many of the dearest as it gives."""
    pools: dict[str, list[float]] = {}
    total = 0.0
    for item, effort in zip(_read_items(node), efforts, strict=True):
        if item.has("pool"):
            pools.setdefault(item.get("pool").text(), []).append(effort)
        else:
            total += effort
    for name, members in pools.items():
        picked = node.get("pools").get(name).whole(None, 1, len(members))
        total += sum(sorted(members, reverse=True)[:picked])
    return total


def instantiate(raw: Any, seed: str | int) -> dict[str, Any]:
    """Return the drill that one learner gets: variants and pools picked, the seed kept in it.

    A drill with a seed of its own keeps it, and one without variants and pools is equal to its
    instance but for the seed. Raises InvalidExercise.
    """
    node, settings, own = _read_outline(raw)
    seed = str(seed) if own is None else own
    items = [_pick_variant(item, seed) for item in _pick_from_pools(node, seed)]
    if settings.shuffle:
        items = sort_by_seed(items, lambda item: str(item["id"]), seed, "items")
    kept = {"settings": dict(node.get("settings").object())} if node.has("settings") else {}
    return {"items": items, **kept, "seed": seed}


@kept
def read_drill(raw: Any) -> Drill:
    """Return the drill that ``raw`` is or, by its own seed, becomes; raises InvalidExercise."""
    node, settings, seed = _read_outline(raw)
    if seed is None or not _is_instance(node):
        check(raw)
        node = exercise_node(instantiate(raw, ""))
    items = tuple(_read_item(item, settings) for item in _read_items(node))
    return Drill(items, seed or "")


def _read_outline(raw: Any) -> tuple[Node, Settings, str | None]:
    """Read all of a drill but the data of its items: ids, pools, settings, its own seed."""
    node = exercise_node(raw)
    if not isinstance(raw, Mapping):
        raise node.fail(_("An exercise is an object with items."))
    ids: Counter[str] = Counter()
    for item in _read_items(node):
        item_id = item.get("id").text()
        if not _ID.fullmatch(item_id):
            raise item.get("id").fail(BAD_ID)
        ids[item_id] += 1
        if ids[item_id] > 1:
            raise item.get("id").fail(_("Another item has this id."))
    _check_pools(node)
    raw_settings = node.get("settings")
    for name in raw_settings.object():
        if name not in ("shuffle", "unwanted"):
            raise raw_settings.fail(faults.NO_SETTING, name=str(name)[:40])
    settings = Settings(
        shuffle=raw_settings.get("shuffle").flag(default=False),
        unwanted=raw_settings.get("unwanted").number(0.2, 0.0, 1.0),
    )
    seed = node.get("seed").text("", LONGEST_SEED) if node.has("seed") else None
    return node, settings, seed


def _read_items(node: Node) -> Sequence[Node]:
    return node.get("items").list(1, MOST_ITEMS)


def _check_pools(node: Node) -> None:
    pools = node.get("pools")
    sizes = Counter(item.get("pool").text() for item in _read_items(node) if item.has("pool"))
    for name in pools.object():
        pools.get(name).whole(None, 1, max(sizes[name], 1))
        if not sizes[name]:
            raise pools.get(name).fail(_("No item belongs to this pool."))
    for item in _read_items(node):
        if item.has("pool") and item.get("pool").text() not in pools.object():
            raise item.get("pool").fail(faults.NO_POOL, pool=item.get("pool").text()[:40])


def _is_instance(node: Node) -> bool:
    return not node.has("pools") and not any(item.has("variants") for item in _read_items(node))


def _pick_from_pools(node: Node, seed: str) -> list[Node]:
    """Return the items outside pools and those that the seed picks, in the author's order."""
    items = _read_items(node)
    pools = node.get("pools")
    picked: set[str] = set()
    for name in pools.object():
        members = [item.get("id").text() for item in items if item.get("pool").value == name]
        ordered = sort_by_seed(members, str, seed, "pool", name)
        picked.update(ordered[: pools.get(name).whole(None, 1, len(members))])
    return [item for item in items if not item.has("pool") or item.get("id").value in picked]


def _pick_variant(item: Node, seed: str) -> dict[str, Any]:
    """Return the variant that the seed picks; one with a prompt of its own is known by that.

    Mending the key of a variant so leaves it to its learners, and one that is added takes few.
    """
    own = item.get("variants").list(most=MOST_VARIANTS)
    prompts = [variant.get("prompt").text("", LONGEST_HTML) for variant in own]
    names = [prompt or str(number) for number, prompt in enumerate(prompts)] or [""]
    variants = list(zip(names, _variants(item), strict=True))
    item_id = item.get("id").text()
    _, chosen = sort_by_seed(variants, lambda pair: pair[0], seed, "variant", item_id)[0]
    return {name: value for name, value in chosen.object().items() if name != "pool"}


def _variants(item: Node) -> Iterator[Node]:
    """Yield an item as each of its variants makes it; one without variants as it is."""
    common = {name: value for name, value in item.object().items() if name != "variants"}
    if not item.has("variants"):
        yield Node(common, item.where, item.error)
        return
    for variant in item.get("variants").list(1, MOST_VARIANTS):
        for name in variant.object():
            if name in _NOT_IN_VARIANTS:
                raise variant.fail(_("A variant has no «%(name)s» of its own."), name=name)
        yield Node({**common, **variant.object()}, variant.where, item.error)


def _read_item(node: Node, settings: Settings) -> tuple[Frame, Item]:
    kind = node.get("type").one_of(ITEM_TYPES)
    frame = read_frame(node, node.get("id").text())
    return frame, _TYPES[kind].read(node, settings)
