"""Items to decide on, choices, and what is right or forbidden, read from JSON and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from grading.data import gettext_noop as _
from grading.graders import faults
from grading.graders.keeping import kept
from grading.graders.reading import HEAVIEST, LONGEST_HTML, Node, exercise_node

MOST_ITEMS = 100
MOST_CHOICES = 30
MOST_RULES = 100
MOST_EFFORT = 60_000
"""Items times choices times rules: some 60 ms of reading."""
WORST = 3
"""The severity of a rule that caps what can be earned."""
MODES = ("one", "many")
LONGEST_ID = 80

Value = str | float | bool | None
Attributes = Mapping[str, Value]

SAME_ID = _("Another entry has this id.")
NO_REASON = _("No reason is called «%(name)s».")
SCALAR = _("Text, a number, true or false is expected here.")
UNDECIDED = _("Nothing says which choice is right for «%(name)s»: neither the item nor a rule.")
NO_WAY_OUT = _("No choice for «%(name)s» would be right: each breaks a rule or costs something.")
TOO_DEAR = _("There are too many items, choices and rules together; make two exercises of this.")
NO_WEIGHT = _("At least one of the weights must be more than 0.")
ONE_RIGHT = _("Where only one can be chosen, at least one must be right.")
HALF_RIGHT = _("Where many can be chosen, the right ones are a list.")


class Settings(NamedTuple):
    """What an author may set; the defaults are those of ``README.md``."""

    choose: str
    w_choice: float
    w_reasons: float
    w_check: float
    cap: float
    bonus: float


class Choice(NamedTuple):
    """What can be chosen for an item."""

    id: str
    text: str
    attributes: Attributes
    cost: float


class Item(NamedTuple):
    """What is to be decided on; ``credits`` say what each choice earns, if the author says so."""

    id: str
    text: str
    detail: str
    attributes: Attributes
    credits: Mapping[str, float] | None
    reasons: frozenset[str] | None
    check: bool | None
    value: float


class Condition(NamedTuple):
    """What an attribute must be: one of some values, or within bounds, or not one of some."""

    name: str
    among: tuple[Value, ...] | None
    least: float
    most: float
    but: tuple[Value, ...]

    def holds(self, attributes: Attributes) -> bool:
        """Tell whether attributes meet this; one that is missing is false."""
        value = attributes.get(self.name, False)
        if self.among is not None:
            return any(_is_same(value, other) for other in self.among)
        if any(_is_same(value, other) for other in self.but):
            return False
        if self.but:
            return True
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and self.least <= float(value or 0) <= self.most


class Rule(NamedTuple):
    """A choice that an item forbids, how gravely, and why."""

    item: tuple[Condition, ...]
    choice: tuple[Condition, ...]
    sev: int
    cap: float | None
    message: str

    def applies(self, item: Item) -> bool:
        """Tell whether the rule speaks of an item."""
        return all(condition.holds(item.attributes) for condition in self.item)

    def is_broken(self, choice: Choice) -> bool:
        """Tell whether choosing this for an item that the rule speaks of breaks it."""
        return all(condition.holds(choice.attributes) for condition in self.choice)


class Exercise(NamedTuple):
    """An exercise as it was read.

    By item and choice: ``broken``, the rules that the choice breaks, and ``earned``, its credit
    (where one can be chosen). ``models`` are right choices by item.
    """

    items: Mapping[str, Item]
    choices: Mapping[str, Choice]
    reasons: Mapping[str, str]
    settings: Settings
    broken: Mapping[str, Mapping[str, Sequence[Rule]]]
    earned: Mapping[str, Mapping[str, float]]
    models: Mapping[str, tuple[str, ...]]

    def broken_by(self, item: Item, chosen: Sequence[str]) -> list[Rule]:
        """Return the rules that these choices break for an item, each once."""
        rules = self.broken[item.id]
        return list(dict.fromkeys(rule for name in chosen for rule in rules[name]))

    def credit(self, item: Item, chosen: Sequence[str]) -> float:
        """Return what the choice earns, at most 1; less than 0 if it costs more than nothing."""
        if self.settings.choose == "many":
            return _f1(frozenset(item.credits or ()), frozenset(chosen))
        return self.earned[item.id][chosen[0]] if chosen else 0.0


@kept
def read_exercise(raw: Any) -> Exercise:
    """Return the exercise that ``raw`` is; raises InvalidExercise."""
    node = exercise_node(raw)
    if not isinstance(raw, Mapping):
        raise node.fail(_("An exercise is an object with items and choices."))
    settings = _read_settings(node.get("settings"))
    choices = {c.id: c for c in map(_read_choice, _distinct(node.get("choices"), 1, MOST_CHOICES))}
    reasons = {
        row.get("id").text(longest=LONGEST_ID): row.get("text").text(row.get("id").text())
        for row in _distinct(node.get("reasons"), 0, MOST_CHOICES)
    }
    costs = _read_costs(node.get("costs"), choices)
    rules = tuple(_read_rule(row) for row in node.get("rules").list(most=MOST_RULES))
    rows = _distinct(node.get("items"), 1, MOST_ITEMS)
    if len(rows) * len(choices) * len(rules) > MOST_EFFORT:
        raise node.get("rules").fail(TOO_DEAR)
    items, broken, earned = {}, {}, {}
    for row in rows:
        item = _read_item(row, choices, costs, reasons, settings)
        applying = [rule for rule in rules if rule.applies(item)]
        if item.credits is None:
            if not applying:
                raise row.fail(UNDECIDED, name=item.id)
            if not item.value:
                item = item._replace(value=float(_gravity(applying)))
        broken[item.id] = {
            name: [rule for rule in applying if rule.is_broken(choice)]
            for name, choice in choices.items()
        }
        earned[item.id] = _earnings(item, choices, applying, broken[item.id], settings.bonus)
        items[item.id] = item if item.value else item._replace(value=1.0)
    read = Exercise(items, choices, reasons, settings, broken, earned, {})
    pairs = zip(rows, items.values(), strict=True)
    return read._replace(models={item.id: _find_model(read, item, row) for row, item in pairs})


def _gravity(rules: Sequence[Rule]) -> int:
    return sum(rule.sev for rule in rules)


def _earnings(
    item: Item,
    choices: Mapping[str, Choice],
    applying: Sequence[Rule],
    broken: Mapping[str, Sequence[Rule]],
    bonus: float,
) -> dict[str, float]:
    """Return what each choice earns, by the author's word or else by the rules it breaks."""
    if item.credits is not None:
        return {name: item.credits.get(name, 0.0) for name in choices}
    whole = _gravity(applying)
    shares = {name: 1.0 - _gravity(broken[name]) / whole for name in choices}
    least = min((c.cost for name, c in choices.items() if not broken[name]), default=0.0)
    return {
        name: (1.0 - bonus) * share + bonus * (not broken[name] and choices[name].cost == least)
        for name, share in shares.items()
    }


def _distinct(node: Node, least: int, most: int) -> Sequence[Node]:
    rows = node.list(least, most)
    seen = set()
    for row in rows:
        name = row.get("id").text(longest=LONGEST_ID)
        if name in seen:
            raise row.get("id").fail(SAME_ID)
        seen.add(name)
    return rows


def _read_settings(node: Node) -> Settings:
    for name in node.object():
        if name not in Settings._fields:
            raise node.fail(faults.NO_SETTING, name=str(name)[:40])
    settings = Settings(
        choose=node.get("choose").one_of(MODES, "one"),
        w_choice=node.get("w_choice").number(0.6, 0.0, HEAVIEST),
        w_reasons=node.get("w_reasons").number(0.3, 0.0, HEAVIEST),
        w_check=node.get("w_check").number(0.1, 0.0, HEAVIEST),
        cap=node.get("cap").number(0.5, 0.0, 1.0),
        bonus=node.get("bonus").number(0.0, 0.0, 0.9),
    )
    if not settings.w_choice:
        raise node.get("w_choice").fail(NO_WEIGHT)
    return settings


def _read_choice(node: Node) -> Choice:
    choice_id = node.get("id").text(longest=LONGEST_ID)
    return Choice(
        id=choice_id,
        text=node.get("text").text(choice_id).strip(),
        attributes=_read_attributes(node.get("attributes")) | {"id": choice_id},
        cost=node.get("cost").number(0.0, 0.0, 1e9),
    )


def _read_attributes(node: Node) -> dict[str, Value]:
    return {name: _read_value(node.get(name)) for name in node.object()}


def _read_value(node: Node) -> Value:
    if isinstance(node.value, str):
        return node.text("")
    if isinstance(node.value, bool):
        return node.value
    if isinstance(node.value, int | float):
        return node.number(0.0, -1e12, 1e12)
    raise node.fail(SCALAR)


def _read_costs(node: Node, choices: Mapping[str, Choice]) -> dict[tuple[str, str], float]:
    """Return what choosing the second instead of the first costs, a choice being worth 1."""
    costs = {}
    for right in node.object():
        _known(node.get(right), right, choices)
        for given in node.get(right).object():
            cell = node.get(right).get(given)
            _known(cell, given, choices)
            costs[right, given] = cell.number(1.0, 0.0, 3.0)
    return costs


def _known(node: Node, name: str, choices: Mapping[str, Choice]) -> str:
    if name not in choices:
        raise node.fail(faults.NO_CHOICE, name=name[:LONGEST_ID])
    return name


def _read_item(
    node: Node,
    choices: Mapping[str, Choice],
    costs: Mapping[tuple[str, str], float],
    reasons: Mapping[str, str],
    settings: Settings,
) -> Item:
    item_id = node.get("id").text(longest=LONGEST_ID)
    named = [row.text(longest=LONGEST_ID) for row in node.get("reasons").list()]
    for name in named:
        if name not in reasons:
            raise node.get("reasons").fail(NO_REASON, name=name)
    return Item(
        id=item_id,
        text=node.get("text").text(item_id).strip(),
        detail=node.get("detail").text("", LONGEST_HTML),
        attributes=_read_attributes(node.get("attributes")) | {"id": item_id},
        credits=_read_right(node.get("right"), choices, costs, settings),
        reasons=frozenset(named) if node.has("reasons") and named else None,
        check=node.get("check").flag(default=False) if node.has("check") else None,
        value=node.get("value").number(0.0, 1e-3, HEAVIEST),
    )


def _read_right(
    node: Node,
    choices: Mapping[str, Choice],
    costs: Mapping[tuple[str, str], float],
    settings: Settings,
) -> dict[str, float] | None:
    """Return what each choice earns: from one right choice, several, or credits for each."""
    if node.value is None:
        if settings.choose == "many":
            raise node.fail(HALF_RIGHT)
        return None
    if isinstance(node.value, Mapping):
        if settings.choose == "many":
            raise node.fail(HALF_RIGHT)
        credits = {}
        for name in node.object():
            _known(node.get(name), name, choices)
            credits[name] = node.get(name).number(0.0, -2.0, 1.0)
        return credits
    rows = [node] if isinstance(node.value, str) else node.list(most=MOST_CHOICES)
    right = [_known(row, row.text(longest=LONGEST_ID), choices) for row in rows]
    if settings.choose == "many":
        return dict.fromkeys(right, 1.0)
    if not right:
        raise node.fail(ONE_RIGHT)
    return {
        name: max(1.0 if name == one else 1.0 - costs.get((one, name), 1.0) for one in right)
        for name in choices
    }


def _read_rule(node: Node) -> Rule:
    sev = node.get("sev").whole(1, 1, WORST)
    return Rule(
        item=_read_conditions(node.get("item")),
        choice=_read_conditions(node.get("choice")),
        sev=sev,
        cap=node.get("cap").number(0.0, 0.0, 1.0) if node.has("cap") else None,
        message=node.get("message").text().strip(),
    )


def _read_conditions(node: Node) -> tuple[Condition, ...]:
    if isinstance(node.value, str):
        return (Condition("id", (node.text(longest=LONGEST_ID),), 0.0, 0.0, ()),)
    return tuple(_read_condition(name, node.get(name)) for name in node.object())


def _read_condition(name: str, node: Node) -> Condition:
    if isinstance(node.value, list):
        among = tuple(_read_value(row) for row in node.list(1, MOST_CHOICES))
        return Condition(name, among, 0.0, 0.0, ())
    if not isinstance(node.value, Mapping):
        return Condition(name, (_read_value(node),), 0.0, 0.0, ())
    for key in node.object():
        node.join(key)
        if key not in ("min", "max", "not"):
            raise node.fail(faults.ONE_OF, choices="min, max, not")
    but = node.get("not")
    rows = but.list(1, MOST_CHOICES) if isinstance(but.value, list) else [but]
    excluded = tuple(_read_value(row) for row in rows) if node.has("not") else ()
    least, most = (node.get(key).number(bound, -1e12, 1e12) for key, bound in _BOUNDS)
    return Condition(name, None, least, most, excluded)


_BOUNDS = (("min", -1e12), ("max", 1e12))


def _is_same(first: Value, second: Value) -> bool:
    """Tell whether two values are the same; true is not 1."""
    return isinstance(first, bool) == isinstance(second, bool) and first == second


def _find_model(read: Exercise, item: Item, node: Node) -> tuple[str, ...]:
    """Return the choices that earn everything and break no rule that caps."""
    if read.settings.choose == "many":
        options = [tuple(item.credits or ())]
    else:
        options = [(name,) for name in read.choices]
    for option in options:
        if read.credit(item, option) >= 1.0 - 1e-9 and not read.broken_by(item, option):
            return option
    raise node.fail(NO_WAY_OUT, name=item.id)


def _f1(right: frozenset[str], given: frozenset[str]) -> float:
    """Return the harmonic mean of precision and recall; it is 1 if nothing is right or given."""
    size = len(right) + len(given)
    return 2.0 * len(right & given) / size if size else 1.0
