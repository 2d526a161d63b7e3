"""A sheet read from JSON: its data, its cells, what each must hold."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from html import unescape
from typing import Any, NamedTuple

from grading.data import gettext_noop as _
from grading.graders import faults, logger
from grading.graders.keeping import kept
from grading.graders.reading import HEAVIEST, LONGEST_HTML, Node, exercise_node
from grading.graders.workbook.formulas import Amount, BadFormula, Formula, parse

MOST_DATA = 200
MOST_NUMBERS = 1_000
"""Members of one list of data."""
MOST_CELLS = 100
MOST_MISTAKES = 10
LARGEST = 1e12
LONGEST_ID = 60
LONGEST_SEED = 200
LONGEST_NAME = 80

_TAG = re.compile(r"<[^>]*>")

SAME_ID = _("Another cell or row has this id.")
BAD_NAME = _("An id of Latin letters, digits and underscores is expected here.")
BAD_FORMULA = _("This formula cannot be read or has no result: %(formula)s.")
UNKNOWN = _("The formula needs «%(name)s», which is neither among the data nor an earlier cell.")
NO_VALUE = _("A cell needs a value or a formula.")
NO_DATA = _("A number, a list of numbers, or a range of them is expected here.")
NO_ROW = _("No row of data is called «%(name)s».")
NO_WEIGHT = _("At least one of the weights must be more than 0.")
TOO_DEAR = _("The formulas of this sheet take too long to compute together.")

MOST_EFFORT = 200_000
"""Parts of all formulas, mistakes included, times the members of the longest list in each."""


class Settings(NamedTuple):
    """What an author may set; the defaults are those of ``README.md``."""

    w_value: float
    w_unit: float
    w_rows: float
    w_reading: float
    follow: bool


class Tolerance(NamedTuple):
    """How far a value may be off: the widest of these counts."""

    absolute: float
    relative: float
    decimals: int | None

    def allows(self, right: float, given: float) -> bool:
        """Tell whether a value is near enough."""
        half = 0.5 * 10.0**-self.decimals if self.decimals is not None else 0.0
        width = max(self.absolute, self.relative * abs(right), half)
        return abs(given - right) <= width + 1e-9 * max(1.0, abs(right))


class Mistake(NamedTuple):
    """A slip that leads to a known wrong value, what it still earns, and what to say of it."""

    formula: Formula
    message: str
    credit: float


class Cell(NamedTuple):
    """A cell to be filled; ``text`` is HTML, ``name`` what lines call it, ``right`` its value."""

    id: str
    text: str
    name: str
    formula: Formula
    right: float
    tolerance: Tolerance
    unit: str
    rows: frozenset[str] | None
    readings: Mapping[str, str]
    reading: str
    mistakes: tuple[Mistake, ...]
    weight: float


class Sheet(NamedTuple):
    """An exercise as it was read; ``figures`` are what formulas know of a logger's year."""

    data: Mapping[str, Amount]
    figures: Mapping[str, Amount]
    labels: Mapping[str, str]
    cells: Mapping[str, Cell]
    units: Mapping[str, tuple[str, ...]]
    settings: Settings
    source: logger.Source | None
    seed: str

    @property
    def truth(self) -> dict[str, Amount]:
        """Every right value by its name."""
        return {
            **self.data,
            **self.figures,
            **{cell.id: cell.right for cell in self.cells.values()},
        }


@kept
def read_sheet(raw: Any) -> Sheet:
    """Return the sheet that ``raw`` is or, by its own seed, becomes; raises InvalidExercise."""
    node = exercise_node(raw)
    if not isinstance(raw, Mapping):
        raise node.fail(_("An exercise is an object with data and cells."))
    seed = node.get("seed").text("", LONGEST_SEED)
    names = list(node.get("data").object())
    if len(names) > MOST_DATA:
        raise node.get("data").fail(faults.TOO_MANY, most=MOST_DATA)
    for name in names:
        _check_name(node.get("data").get(name), name)
        if name in logger.FIGURES:
            raise node.get("data").get(name).fail(SAME_ID)
    data = {name: _read_data(node.get("data").get(name), f"{seed}\n{name}") for name in names}
    labels = {n: node.get("labels").get(n).text(n) for n in node.get("labels").object()}
    units = {
        name: tuple(row.text(longest=60) for row in node.get("units").get(name).list(1, 30))
        for name in node.get("units").object()
    }
    settings = _read_settings(node.get("settings"))
    source = logger.read_source(node.get("climate"))
    figures = _read_figures(node.get("climate"), source, seed)
    cells: dict[str, Cell] = {}
    values: dict[str, Amount] = {**data, **figures}
    effort = 0
    for row in node.get("cells").list(1, MOST_CELLS):
        cell = _read_cell(row, values, data)
        if cell.id in values or cell.id in logger.FIGURES:
            raise row.get("id").fail(SAME_ID)
        cells[cell.id] = cell
        values[cell.id] = cell.right
        effort += sum(_effort(f, data) for f in (cell.formula, *(m.formula for m in cell.mistakes)))
        if effort > MOST_EFFORT:
            raise row.fail(TOO_DEAR)
    return Sheet(data, figures, labels, cells, units, settings, source, seed)


def instantiate(raw: Any, seed: str) -> dict[str, Any]:
    """Return the sheet that one learner gets: numbers drawn from the author's ranges by the seed.

    A sheet with a seed of its own keeps it. Raises InvalidExercise.
    """
    read_sheet(raw)
    own = raw.get("seed")
    seed = str(seed) if own is None else own
    data = read_sheet({**raw, "seed": seed}).data
    return {**raw, "data": dict(data), "seed": seed}


def _read_figures(node: Node, source: logger.Source | None, seed: str) -> dict[str, Amount]:
    if source is None:
        return {}
    logger.check_source(node, source, seed)
    return dict(logger.figures(source, seed))


def _effort(formula: Formula, data: Mapping[str, Amount]) -> int:
    lists = (data.get(name) for name in formula.names)
    return formula.size * max((len(one) for one in lists if isinstance(one, list)), default=1)


def _check_name(node: Node, name: str) -> None:
    if not (name.isidentifier() and name.isascii() and len(name) <= LONGEST_ID):
        raise node.fail(BAD_NAME)


def _read_settings(node: Node) -> Settings:
    for name in node.object():
        if name not in Settings._fields:
            raise node.fail(faults.NO_SETTING, name=str(name)[:40])
    settings = Settings(
        w_value=node.get("w_value").number(0.5, 0.0, HEAVIEST),
        w_unit=node.get("w_unit").number(0.15, 0.0, HEAVIEST),
        w_rows=node.get("w_rows").number(0.2, 0.0, HEAVIEST),
        w_reading=node.get("w_reading").number(0.15, 0.0, HEAVIEST),
        follow=node.get("follow").flag(default=True),
    )
    if not settings.w_value:
        raise node.get("w_value").fail(NO_WEIGHT)
    return settings


def _read_data(node: Node, seed: str) -> Amount:
    """Return a number or a list of them, drawn by the seed where the author gives a range."""
    if isinstance(node.value, list | tuple):
        rows = node.list(1, MOST_NUMBERS)
        return [_read_plain(row) for row in rows]
    if not isinstance(node.value, Mapping):
        return _read_plain(node)
    if node.has("choices"):
        options = [_read_plain(row) for row in node.get("choices").list(1, 100)]
        return _draw(seed).choice(options)
    low, high = (_read_plain(node.get(name)) for name in ("least", "most"))
    step = node.get("step").number(1.0, 1e-6, LARGEST)
    count = int((high - low) / step + 1e-9)
    if not 0 <= count <= 10**9:
        raise node.fail(NO_DATA)
    return round(low + step * _draw(seed).randint(0, count), 9)


def _draw(seed: str) -> random.Random:
    return random.Random(blake2b(seed.encode(), digest_size=8).digest())  # noqa: S311  # no secret


def _read_plain(node: Node) -> float:
    if node.value is None:
        raise node.fail(NO_DATA)
    return node.number(0.0, -LARGEST, LARGEST)


def _read_cell(node: Node, values: Mapping[str, Amount], data: Mapping[str, Amount]) -> Cell:
    cell_id = node.get("id").text(longest=LONGEST_ID)
    _check_name(node.get("id"), cell_id)
    if node.has("formula"):
        formula = _read_formula(node.get("formula"), values)
    elif node.has("value"):
        formula = parse(repr(_read_plain(node.get("value"))))
    else:
        raise node.fail(NO_VALUE)
    try:
        right = formula.result(values)
    except BadFormula:
        raise node.get("formula").fail(BAD_FORMULA, formula=formula.text) from None
    reading = node.get("reading")
    choices = {
        row.get("id").text(longest=LONGEST_ID): row.get("text").text(row.get("id").text())
        for row in reading.get("choices").list(2 if reading.value is not None else 0)
    }
    text = node.get("text").text(cell_id, LONGEST_HTML).strip()
    return Cell(
        id=cell_id,
        text=text,
        name=_name_of(text) or cell_id,
        formula=formula,
        right=right,
        tolerance=_read_tolerance(node),
        unit=node.get("unit").text("", LONGEST_ID).strip(),
        rows=_read_rows(node.get("rows"), formula, data),
        readings=choices,
        reading=reading.get("right").one_of(list(choices)) if choices else "",
        mistakes=tuple(
            _read_mistake(row, values) for row in node.get("mistakes").list(most=MOST_MISTAKES)
        ),
        weight=node.get("weight").number(1.0, 1e-3, HEAVIEST),
    )


def _name_of(html: str) -> str:
    """Return the beginning of a text without its markup."""
    words = " ".join(unescape(_TAG.sub(" ", html)).split())
    return words if len(words) <= LONGEST_NAME else f"{words[: LONGEST_NAME - 1].rstrip()}…"


def _read_formula(node: Node, values: Mapping[str, Amount]) -> Formula:
    text = node.text()
    try:
        formula = parse(text)
    except BadFormula:
        raise node.fail(BAD_FORMULA, formula=text[:80]) from None
    for name in formula.names:
        if name not in values:
            raise node.fail(UNKNOWN, name=name[:LONGEST_ID])
    return formula


def _read_tolerance(node: Node) -> Tolerance:
    """Read ``tolerance``; the default is half a percent, or half a unit of the asked decimals."""
    decimals = node.get("decimals").whole(0, 0, 9) if node.has("decimals") else None
    raw = node.get("tolerance")
    if raw.value is None:
        return Tolerance(0.0, 0.005, decimals)
    if not isinstance(raw.value, Mapping):
        return Tolerance(raw.number(0.0, 0.0, LARGEST), 0.0, None)
    rounding = raw.get("decimals").whole(0, 0, 9) if raw.has("decimals") else None
    return Tolerance(
        raw.get("abs").number(0.0, 0.0, LARGEST), raw.get("rel").number(0.0, 0.0, 1.0), rounding
    )


def _read_rows(node: Node, formula: Formula, data: Mapping[str, Amount]) -> frozenset[str] | None:
    """Read which rows of data a cell rests on: ``true`` takes them from the formula."""
    if node.value is None or node.value is False:
        return None
    if node.value is True:
        names: Sequence[str] = [name for name in formula.names if name in data]
        return frozenset(names) or None
    names = [row.text(longest=LONGEST_ID) for row in node.list(1, MOST_DATA)]
    for name in names:
        if name not in data:
            raise node.fail(NO_ROW, name=name)
    return frozenset(names)


def _read_mistake(node: Node, values: Mapping[str, Amount]) -> Mistake:
    return Mistake(
        formula=_read_formula(node.get("formula"), values),
        message=node.get("message").text().strip(),
        credit=node.get("credit").number(0.2, 0.0, 0.9),
    )
