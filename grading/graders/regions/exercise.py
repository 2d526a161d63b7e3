"""Regions and marks read from JSON and checked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple

from grading.data import gettext_noop as _
from grading.graders import faults
from grading.graders.keeping import kept
from grading.graders.reading import HEAVIEST, Node, exercise_node
from grading.graders.regions.raster import (
    MOST_GROWTH,
    SIZE,
    Point,
    cell_at,
    count_crossings,
    draw,
    fill,
    grid_cells,
    grow,
    share_within,
)

MOST_REGIONS = 30
MOST_MARKS = 50
MOST_POINTS = 120
MOST_CROSSINGS = 40_000
"""Rows that the edges of all shapes of an answer may cross together: some 20 ms of filling."""
MODES = ("areas", "grid", "points", "described")
PLACES = tuple(
    f"{row}_{column}"
    for row in ("upper", "middle", "lower")
    for column in ("left", "centre", "right")
)
LONGEST_NAME = 80

_NUMBERS = (int, float)

INTRICATE = _("These shapes are too intricate to be compared; draw them with fewer turns.")
EMPTY_SHAPE = _("This shape covers nothing.")
NO_SHAPE = _("A shape is expected here: %(choices)s.")
SAME_ID = _("Another entry has this id.")
IN_TWO_FAMILIES = _("«%(name)s» belongs to another family already.")
NOT_ASKED = _("This exercise does not take marks of this kind: %(choices)s.")
NO_WEIGHT = _("At least one of the weights must be more than 0.")
BAD_STEP = _("The setting t1 must be more than t0.")
NO_CLASS = _("This damage has no kind yet.")
NO_POINT = _("A point is [x, y], both from 0 to 1.")


class Settings(NamedTuple):
    """What an author may set; the defaults are those of ``README.md``."""

    w_loc: float
    w_cls: float
    w_sev: float
    w_act: float
    t0: float
    t1: float
    t1_grid: float
    t1_by_class: Mapping[str, float]
    fp: float
    fp_free: int
    levels: int
    family: float
    modes: tuple[str, ...]
    grid: tuple[int, int]
    radius: float
    buffer: float
    thin: frozenset[str]
    aspect: float
    merge: bool
    split: bool
    critical: frozenset[str]
    cap: float


class Shape:
    """A drawn shape: its cells and, if asked for, those within the buffer of a thin thing."""

    def __init__(
        self, cells: int, points: tuple[Point, ...] = (), *, is_line: bool = False
    ) -> None:
        self.cells = cells
        self.points = points
        self.is_line = is_line
        self._grown: dict[tuple[int, int], int] = {}

    def grown(self, settings: Settings) -> int:
        """Return the cells with the buffer around them."""
        columns = round(settings.buffer * SIZE)
        rows = min(round(settings.buffer * settings.aspect * SIZE), MOST_GROWTH)
        if (columns, rows) not in self._grown:
            self._grown[columns, rows] = grow(self.cells, columns, rows)
        return self._grown[columns, rows]


class Region(NamedTuple):
    """One damage of the reference."""

    id: str
    cls: str
    sev: int
    active: bool | None
    value: float
    shape: Shape
    text: str
    places: frozenset[str]
    fields: frozenset[int]

    def is_thin(self, settings: Settings) -> bool:
        """Tell whether this is a tear, a fold or another thing without breadth."""
        return self.shape.is_line or self.cls in settings.thin


class Decoy(NamedTuple):
    """What is no damage, and what the author says to one who takes it for damage."""

    cells: int
    message: str


class Mark(NamedTuple):
    """One mark of a learner; ``kind`` says which of shape, fields, point, place there is."""

    kind: str
    cls: str
    sev: int | None
    active: bool | None
    shape: Shape
    fields: frozenset[int] = frozenset()
    place: str = ""
    point: Point = (0.0, 0.0)


class Exercise:
    """An exercise as it was read."""

    def __init__(self, node: Node) -> None:
        self.settings = _read_settings(node.get("settings"))
        self.families = _read_families(node.get("families"))
        self.labels = {
            name: node.get("classes").get(name).text(longest=LONGEST_NAME)
            for name in node.get("classes").object()
        }
        self.definitions = {
            name: node.get("definitions").get(name).text()
            for name in node.get("definitions").object()
        }
        self.observations = [row.text() for row in node.get("observations").list(most=40)]
        self.cells = _read_cells(node.get("cells"), self.settings.grid)
        self.page = node.get("page").text("", LONGEST_NAME)
        rows = node.get("regions").list(1, MOST_REGIONS)
        budget = _Budget()
        self.regions = tuple(_read_region(row, self.settings, budget) for row in rows)
        _check_ids([row.get("id") for row in rows])
        self.ignored = 0
        for row in node.get("ignore").list(most=MOST_REGIONS):
            self.ignored |= _read_shape(row, budget).grown(self.settings)
        self.decoys = tuple(
            Decoy(_read_shape(row, budget).cells, row.get("message").text(""))
            for row in node.get("decoys").list(most=MOST_REGIONS)
        )
        self.confusions = {
            (row.get("of").text(), row.get("as").text()): row.get("message").text()
            for row in node.get("confusions").list(most=100)
        }

    @cached_property
    def possible(self) -> float:
        """The values of all regions together."""
        return sum(region.value for region in self.regions)

    @cached_property
    def classes(self) -> list[str]:
        """Every class that a learner may choose, in an order that tells nothing."""
        return sorted({*self.families, *self.labels, *(region.cls for region in self.regions)})

    def label(self, cls: str) -> str:
        """Return the name of a class as learners read it."""
        return self.labels.get(cls, cls)


class _Budget:
    """Counts what the shapes of one exercise or answer cost to fill."""

    def __init__(self) -> None:
        self.left = MOST_CROSSINGS

    def take(self, points: tuple[Point, ...], node: Node) -> None:
        self.left -= count_crossings(points)
        if self.left < 0:
            raise node.fail(INTRICATE)


@kept
def read_exercise(raw: Any) -> Exercise:
    """Return the exercise that ``raw`` is; raises InvalidExercise."""
    node = exercise_node(raw)
    if not isinstance(raw, Mapping):
        raise node.fail(_("An exercise is an object with regions."))
    return Exercise(node)


def read_marks(node: Node, exercise: Exercise) -> list[Mark]:
    """Return the marks of an answer; raises InvalidAnswer."""
    budget = _Budget()
    return [
        _read_mark(row, exercise.settings, budget)
        for row in node.get("marks").list(most=MOST_MARKS)
    ]


def _read_settings(node: Node) -> Settings:
    known = {*Settings._fields}
    for name in node.object():
        if name not in known:
            raise node.fail(faults.NO_SETTING, name=str(name)[:40])
    t0 = node.get("t0").number(0.1, 0.0, 0.95)
    t1 = node.get("t1").number(max(0.5, t0 + 0.05), 0.01, 1.0)
    by_class = node.get("t1_by_class")
    settings = Settings(
        w_loc=_read_weight(node, "w_loc", 0.4),
        w_cls=_read_weight(node, "w_cls", 0.4),
        w_sev=_read_weight(node, "w_sev", 0.2),
        w_act=_read_weight(node, "w_act", 0.0),
        t0=t0,
        t1=t1,
        t1_grid=node.get("t1_grid").number(max(min(t1, 0.35), t0 + 0.05), 0.01, 1.0),
        t1_by_class={name: by_class.get(name).number(t1, 0.01, 1.0) for name in by_class.object()},
        fp=node.get("fp").number(0.25, 0.0, 10.0),
        fp_free=node.get("fp_free").whole(1, 0, MOST_MARKS),
        levels=node.get("levels").whole(4, 2, 11),
        family=node.get("family").number(0.5, 0.0, 1.0),
        modes=node.get("modes").some_of(MODES, ("areas", "grid")),
        grid=_read_grid(node.get("grid")),
        radius=node.get("radius").number(0.03, 0.001, 0.5),
        buffer=node.get("buffer").number(0.02, 0.005, MOST_GROWTH / SIZE),
        thin=frozenset(row.text() for row in node.get("thin").list()),
        aspect=node.get("aspect").number(1.0, 0.1, 10.0),
        merge=node.get("merge").flag(default=False),
        split=node.get("split").flag(default=False),
        critical=frozenset(row.text() for row in node.get("critical").list()),
        cap=node.get("cap").number(0.6, 0.0, 1.0),
    )
    if min(settings.t1, settings.t1_grid, *settings.t1_by_class.values(), 1.0) <= t0:
        raise node.get("t1").fail(BAD_STEP)
    if not settings.w_loc + settings.w_cls + settings.w_sev:
        raise node.fail(NO_WEIGHT)
    if not settings.modes:
        raise node.get("modes").fail(faults.TOO_FEW, least=1)
    return settings


def _read_weight(node: Node, name: str, default: float) -> float:
    return node.get(name).number(default, 0.0, HEAVIEST)


def _read_grid(node: Node) -> tuple[int, int]:
    if node.value is None:
        return 8, 12
    columns, rows = node.list(2, 2)
    return columns.whole(None, 2, 20), rows.whole(None, 2, 20)


def _read_cells(node: Node, grid: tuple[int, int]) -> list[dict[str, Any]]:
    """Return what may be seen in fields of the grid: ``{"at": [column, row], "text"}``."""
    cells = []
    for row in node.list(most=grid[0] * grid[1]):
        column, line = row.get("at").list(2, 2)
        at = [column.whole(None, 0, grid[0] - 1), line.whole(None, 0, grid[1] - 1)]
        cells.append({"at": at, "text": row.get("text").text()})
    return cells


def _read_families(node: Node) -> dict[str, str]:
    """Return the family of each class."""
    families: dict[str, str] = {}
    for family in node.object():
        for row in node.get(family).list(most=100):
            name = row.text(longest=LONGEST_NAME)
            if name in families:
                raise row.fail(IN_TWO_FAMILIES, name=name)
            families[name] = family
    return families


def _check_ids(nodes: list[Node]) -> None:
    seen = set()
    for node in nodes:
        if node.text("") and node.text() in seen:
            raise node.fail(SAME_ID)
        seen.add(node.text(""))


def _read_region(node: Node, settings: Settings, budget: _Budget) -> Region:
    shape = _read_shape(node, budget)
    if node.get("cls").value in (None, ""):
        raise node.get("cls").fail(NO_CLASS)
    cls = node.get("cls").text(longest=LONGEST_NAME)
    is_thin = shape.is_line or cls in settings.thin
    cells = shape.grown(settings) if is_thin else shape.cells
    if not cells:
        raise node.fail(EMPTY_SHAPE)
    return Region(
        id=node.get("id").text("", LONGEST_NAME),
        cls=cls,
        sev=node.get("sev").whole(None, 0, settings.levels - 1),
        active=node.get("active").flag(default=False) if node.has("active") else None,
        value=node.get("value").number(1.0, 1e-3, HEAVIEST),
        shape=shape,
        text=node.get("text").text(""),
        places=_places_of(cells),
        fields=_fields_of(cells, settings.grid),
    )


def _places_of(cells: int) -> frozenset[str]:
    """Return the ninths of the page that hold a third of the cells, or most of all."""
    shares = {
        place: share_within(cells, ninth)
        for place, ninth in zip(PLACES, grid_cells(3, 3), strict=True)
    }
    most = max(shares.values())
    return frozenset(place for place, share in shares.items() if share >= min(most, 1 / 3))


def _fields_of(cells: int, grid: tuple[int, int]) -> frozenset[int]:
    """Return the fields of the grid that are a quarter full, or hold a quarter of the cells."""
    return frozenset(
        number
        for number, field in enumerate(grid_cells(*grid))
        if share_within(field, cells) >= 0.25 or share_within(cells, field) >= 0.25
    )


def _read_shape(node: Node, budget: _Budget) -> Shape:
    """Read ``poly`` or ``line``."""
    if node.has("line"):
        points = _read_points(node.get("line"), 2)
        budget.take(points, node.get("line"))
        return Shape(draw(points), points, is_line=True)
    if node.has("poly"):
        points = _read_points(node.get("poly"), 3)
        budget.take(points, node.get("poly"))
        return Shape(fill(points), points)
    raise node.fail(NO_SHAPE, choices="poly, line")


def _read_points(node: Node, least: int) -> tuple[Point, ...]:
    return tuple(_read_point(row) for row in node.list(least, MOST_POINTS))


def _read_point(node: Node) -> Point:
    raw = node.value
    if isinstance(raw, list | tuple) and len(raw) == 2:
        x, y = raw
        if type(x) in _NUMBERS and type(y) in _NUMBERS and 0 <= x <= 1 and 0 <= y <= 1:
            return float(x), float(y)
    raise node.fail(NO_POINT)


def _read_mark(node: Node, settings: Settings, budget: _Budget) -> Mark:
    cls = node.get("cls").text("", LONGEST_NAME)
    sev = node.get("sev").whole(0, 0, settings.levels - 1) if node.has("sev") else None
    active = node.get("active").flag(default=False) if node.has("active") else None
    if node.has("cells"):
        _check_mode("grid", node.get("cells"), settings)
        fields = _read_fields(node.get("cells"), settings.grid)
        cells = 0
        for field in fields:
            cells |= grid_cells(*settings.grid)[field]
        return Mark("grid", cls, sev, active, Shape(cells), fields)
    if node.has("point"):
        _check_mode("points", node.get("point"), settings)
        point = _read_point(node.get("point"))
        return Mark("points", cls, sev, active, Shape(cell_at(point)), point=point)
    if node.has("place"):
        _check_mode("described", node.get("place"), settings)
        place = node.get("place").one_of(PLACES)
        return Mark("described", cls, sev, active, Shape(0), place=place)
    _check_mode("areas", node, settings)
    return Mark("areas", cls, sev, active, _read_shape(node, budget))


def _check_mode(mode: str, node: Node, settings: Settings) -> None:
    if mode not in settings.modes:
        raise node.fail(NOT_ASKED, choices=", ".join(settings.modes))


def _read_fields(node: Node, grid: tuple[int, int]) -> frozenset[int]:
    columns, rows = grid
    fields = set()
    for row in node.list(1, columns * rows):
        column, line = row.list(2, 2)
        fields.add(line.whole(None, 0, rows - 1) * columns + column.whole(None, 0, columns - 1))
    return frozenset(fields)
