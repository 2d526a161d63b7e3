"""Projects, a limit, rules, and the best choice; or chapters that share a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from grading.data import gettext_noop as _
from grading.graders.keeping import kept
from grading.graders.reading import HEAVIEST, Node, exercise_node

MOST_ITEMS = 18
"""Projects of which every choice can be tried: 262,144 of them."""
MOST_RULES = 30
MOST_CHAPTERS = 20
LARGEST = 1e12
LONGEST_ID = 80
KINDS = ("category", "must", "requires", "excludes")

SAME_ID = _("Another entry has this id.")
NO_ITEM = _("No item is called «%(name)s».")
NO_CATEGORY = _("No item belongs to the category «%(name)s».")
IMPOSSIBLE = _("No choice keeps all rules within the limit.")
NO_GAIN = _("The reference is as good as the best choice: there is nothing to gain.")
SPAN = _("The least must not be more than the most.")
NO_SUM = _("The chapters cannot add up to the whole within their bounds.")


class Item(NamedTuple):
    """A project that can be paid for."""

    id: str
    text: str
    cost: float
    benefit: float
    category: str


class Rule(NamedTuple):
    """A rule over the choice; ``names`` are its items, or the one category it speaks of."""

    kind: str
    names: tuple[str, ...]
    least: float
    most: float
    members: int
    message: str


class Projects(NamedTuple):
    """Projects to choose from; ``best`` is the choice of most benefit, then of least cost."""

    items: Mapping[str, Item]
    limit: float
    rules: tuple[Rule, ...]
    reference: float
    best: tuple[str, ...]
    best_value: float
    feasible: int


class Chapter(NamedTuple):
    """A share of a whole: its bounds, the span that is good, and how far beside it still counts."""

    id: str
    text: str
    least: float
    most: float
    low: float
    high: float
    slack: float
    weight: float

    def share(self, given: float) -> float:
        """Return how good a share is, 0-1."""
        beside = max(self.low - given, given - self.high, 0.0)
        return max(0.0, 1.0 - beside / self.slack) if self.slack else float(beside < 1e-9)


class Chapters(NamedTuple):
    """Chapters that share ``total``; ``model`` is a division that is good throughout."""

    chapters: Mapping[str, Chapter]
    total: float
    model: Mapping[str, float]


@kept
def read_exercise(raw: Any) -> Projects | Chapters:
    """Return the exercise that ``raw`` is; raises InvalidExercise."""
    node = exercise_node(raw)
    if not isinstance(raw, Mapping):
        raise node.fail(_("An exercise is an object with items, or with chapters."))
    return _read_chapters(node) if node.has("chapters") else _read_projects(node)


def _read_projects(node: Node) -> Projects:
    items: dict[str, Item] = {}
    for row in node.get("items").list(1, MOST_ITEMS):
        item = _read_item(row)
        if item.id in items:
            raise row.get("id").fail(SAME_ID)
        items[item.id] = item
    limit = node.get("limit").number(LARGEST, 0.0, LARGEST)
    rules = tuple(_read_rule(row, items) for row in node.get("rules").list(most=MOST_RULES))
    reference = node.get("reference").number(0.0, 0.0, LARGEST)
    choices = _Choices(list(items.values()))
    allowed = choices.cost <= limit + 1e-6
    for rule in rules:
        allowed &= choices.keeps(rule)
    allowed[0] = False
    found = np.flatnonzero(allowed)
    if not len(found):
        raise node.get("rules").fail(IMPOSSIBLE)
    order = np.lexsort((choices.cost[found], -choices.benefit[found]))
    best = int(found[order[0]])
    value = float(choices.benefit[best])
    if value <= reference + 1e-9:
        raise node.get("reference").fail(NO_GAIN)
    names = tuple(name for i, name in enumerate(items) if best >> i & 1)
    return Projects(items, limit, rules, reference, names, value, len(found))


class _Choices:
    """Every choice of items at once: a number whose bits are the items, its cost and benefit."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items
        self.numbers = np.arange(1 << len(items), dtype=np.int64)
        self.cost = self.total(items, [item.cost for item in items])
        self.benefit = self.total(items, [item.benefit for item in items])

    def has(self, name: str) -> NDArray[np.bool_]:
        """Return in which choices an item is."""
        place = [item.id for item in self.items].index(name)
        return np.asarray(self.numbers >> place & 1, dtype=bool)

    def total(self, items: Sequence[Item], amounts: Sequence[float]) -> NDArray[np.float64]:
        """Return the sum of the amounts of those items that each choice has."""
        result = np.zeros(len(self.numbers))
        for item, amount in zip(items, amounts, strict=True):
            result += amount * self.has(item.id)
        return result

    def keeps(self, rule: Rule) -> NDArray[np.bool_]:
        """Return which choices keep a rule."""
        if rule.kind == "category":
            members = [item for item in self.items if item.category == rule.names[0]]
            cost = self.total(members, [item.cost for item in members])
            count = self.total(members, [1.0] * len(members))
            within = (cost >= rule.least - 1e-6) & (cost <= rule.most + 1e-6)
            return np.asarray(within & (count >= rule.members), dtype=bool)
        chosen = [self.has(name) for name in rule.names]
        if rule.kind == "must":
            return np.asarray(np.logical_and.reduce(chosen), dtype=bool)
        if rule.kind == "requires":
            return np.asarray(~chosen[0] | np.logical_and.reduce(chosen[1:]), dtype=bool)
        return np.asarray(np.add.reduce(chosen, dtype=np.int64) <= 1, dtype=bool)


def keeps(rule: Rule, items: Mapping[str, Item], chosen: Sequence[str]) -> bool:
    """Tell whether one choice keeps a rule."""
    if rule.kind == "category":
        members = [items[name] for name in chosen if items[name].category == rule.names[0]]
        cost = sum(item.cost for item in members)
        return rule.least - 1e-6 <= cost <= rule.most + 1e-6 and len(members) >= rule.members
    has = [name in chosen for name in rule.names]
    if rule.kind == "must":
        return all(has)
    return not has[0] or all(has[1:]) if rule.kind == "requires" else sum(has) <= 1


def _read_item(node: Node) -> Item:
    item_id = node.get("id").text(longest=LONGEST_ID)
    return Item(
        id=item_id,
        text=node.get("text").text(item_id).strip(),
        cost=node.get("cost").number(0.0, 0.0, LARGEST),
        benefit=node.get("benefit").number(0.0, 0.0, 1e6),
        category=node.get("category").text("", LONGEST_ID).strip(),
    )


def _read_rule(node: Node, items: Mapping[str, Item]) -> Rule:
    kind = node.get("kind").one_of(KINDS)
    names: tuple[str, ...]
    if kind == "category":
        name = node.get("category").text(longest=LONGEST_ID).strip()
        if name not in {item.category for item in items.values()}:
            raise node.get("category").fail(NO_CATEGORY, name=name)
        names = (name,)
    else:
        rows = node.get("items").list(1 if kind == "must" else 2, MOST_ITEMS)
        names = tuple(_read_name(row, items) for row in rows)
    least = node.get("min").number(0.0, 0.0, LARGEST)
    most = node.get("max").number(LARGEST, 0.0, LARGEST)
    if least > most:
        raise node.get("max").fail(SPAN)
    return Rule(
        kind,
        names,
        least,
        most,
        node.get("count").whole(0, 0, MOST_ITEMS),
        node.get("message").text().strip(),
    )


def _read_name(node: Node, items: Mapping[str, Item]) -> str:
    name = node.text(longest=LONGEST_ID)
    if name not in items:
        raise node.fail(NO_ITEM, name=name)
    return name


def _read_chapters(node: Node) -> Chapters:
    total = node.get("total").number(100.0, 1e-3, LARGEST)
    chapters: dict[str, Chapter] = {}
    for row in node.get("chapters").list(2, MOST_CHAPTERS):
        chapter = _read_chapter(row, total)
        if chapter.id in chapters:
            raise row.get("id").fail(SAME_ID)
        chapters[chapter.id] = chapter
    left = total - sum(chapter.low for chapter in chapters.values())
    model = {}
    for chapter in chapters.values():
        part = min(max(left, 0.0), chapter.high - chapter.low)
        model[chapter.id] = round(chapter.low + part, 9)
        left -= part
    if abs(left) > 1e-6:
        raise node.get("chapters").fail(NO_SUM)
    return Chapters(chapters, total, model)


def _read_chapter(node: Node, total: float) -> Chapter:
    chapter_id = node.get("id").text(longest=LONGEST_ID)
    least = node.get("min").number(0.0, 0.0, total)
    most = node.get("max").number(total, 0.0, total)
    if least > most:
        raise node.get("max").fail(SPAN)
    good = node.get("good").list(2, 2)
    low, high = (row.number(0.0, least, most) if row.value is not None else least for row in good)
    if low > high:
        raise node.get("good").fail(SPAN)
    return Chapter(
        id=chapter_id,
        text=node.get("text").text(chapter_id).strip(),
        least=least,
        most=most,
        low=low,
        high=high,
        slack=node.get("slack").number(0.1 * total, 0.0, total),
        weight=node.get("w").number(1.0, 1e-3, HEAVIEST),
    )
