"""Which mark answers which region, and how well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from grading.graders.assigning import assign
from grading.graders.regions.exercise import Exercise, Mark, Region, Settings, Shape
from grading.graders.regions.raster import distance_to, overlap, share_within


class Verdict(NamedTuple):
    """How well a mark answers a region; every part is a share, 0-1, of its weight.

    ``sev`` and ``active`` are ``None`` if they do not count: the class is wrong, or the author
    does not ask.
    """

    quality: float
    iou: float
    loc: float
    cls: float
    sev: float | None
    active: float | None


class Match(NamedTuple):
    """Regions (several if one mark may cover them) answered by marks (several if merged)."""

    regions: tuple[int, ...]
    marks: tuple[int, ...]
    verdict: Verdict


class Matching(NamedTuple):
    """All matches of an answer and what they are worth, in the measure of the regions' values."""

    matches: tuple[Match, ...]
    worth: float


def judge(exercise: Exercise, region: Region, mark: Mark) -> Verdict:
    """Return how well a mark answers a region: nothing counts in the wrong place."""
    settings = exercise.settings
    iou, loc = locate(settings, region, mark)
    if loc == 0.0:
        return Verdict(0.0, iou, 0.0, 0.0, None, None)
    cls = _class_credit(exercise, region.cls, mark.cls)
    parts = [(settings.w_loc, loc), (settings.w_cls, cls)]
    sev = active = None
    if cls:
        sev = _severity_credit(settings, region, mark)
        if region.active is not None and settings.w_act:
            active = float(mark.active == region.active)
    parts.append((settings.w_sev, sev or 0.0))
    if region.active is not None:
        parts.append((settings.w_act, active or 0.0))
    weight = sum(part for part, _credit in parts)
    quality = sum(part * credit for part, credit in parts) / weight
    return Verdict(min(quality, 1.0), iou, loc, cls, sev, active)


def _class_credit(exercise: Exercise, right: str, given: str) -> float:
    if given == right:
        return 1.0
    family = exercise.families.get(right)
    is_kin = family is not None and family == exercise.families.get(given)
    return exercise.settings.family if is_kin else 0.0


def _severity_credit(settings: Settings, region: Region, mark: Mark) -> float:
    if mark.sev is None:
        return 0.0
    return 1.0 - abs(mark.sev - region.sev) / (settings.levels - 1)


def locate(settings: Settings, region: Region, mark: Mark) -> tuple[float, float]:
    """Return the overlap (IoU, 0-1) of a mark with a region and the credit for the place."""
    if mark.kind == "described":
        credit = float(mark.place in region.places)
        return credit, credit
    if mark.kind == "points":
        return _locate_point(settings, region, mark)
    is_thin = region.is_thin(settings) or mark.shape.is_line
    first = region.shape.grown(settings) if is_thin else region.shape.cells
    second = mark.shape.grown(settings) if is_thin and mark.kind != "grid" else mark.shape.cells
    iou = overlap(first, second)
    t1 = settings.t1_by_class.get(region.cls, settings.t1)
    if mark.kind == "grid":
        common = len(region.fields & mark.fields)
        iou = max(iou, common / len(region.fields | mark.fields))
        t1 = min(t1, settings.t1_grid)
    return iou, min(max((iou - settings.t0) / (t1 - settings.t0), 0.0), 1.0)


def _locate_point(settings: Settings, region: Region, mark: Mark) -> tuple[float, float]:
    cells = region.shape.grown(settings) if region.is_thin(settings) else region.shape.cells
    if mark.shape.cells & cells:
        return 1.0, 1.0
    shape = region.shape
    far = distance_to(mark.point, shape.points, settings.aspect, closed=not shape.is_line)
    credit = max(0.0, 1.0 - far / settings.radius)
    return credit, credit


def match(exercise: Exercise, marks: Sequence[Mark]) -> Matching:
    """Return the best assignment of marks to regions, with marks or regions joined if allowed."""
    settings = exercise.settings
    verdicts = [[judge(exercise, region, mark) for mark in marks] for region in exercise.regions]
    mark_groups = _join_marks(exercise, marks, verdicts) if settings.merge else ()
    region_groups = _join_regions(exercise, marks, verdicts) if settings.split else ()
    results = [_assign(exercise, verdicts, (), ())]
    if mark_groups:
        results.append(_assign(exercise, verdicts, mark_groups, ()))
    if region_groups:
        results.append(_assign(exercise, verdicts, (), region_groups))
    if mark_groups and region_groups:
        results.append(_assign(exercise, verdicts, mark_groups, region_groups))
    return max(results, key=_rank)


def _rank(result: Matching) -> tuple[float, int]:
    """Return by what one way of joining is better than another: worth, then marks put to use."""
    return round(result.worth, 9), sum(len(one.marks) for one in result.matches)


class _Joined(NamedTuple):
    """Marks that together answer one region, or regions that one mark answers together."""

    members: tuple[int, ...]
    other: int
    verdict: Verdict


def _join_marks(
    exercise: Exercise, marks: Sequence[Mark], verdicts: Sequence[Sequence[Verdict]]
) -> list[_Joined]:
    """Return marks of one class that lie in one region and together answer it better than each."""
    settings = exercise.settings
    homes: dict[tuple[int, str, str], list[int]] = {}
    for j, mark in enumerate(marks):
        if mark.kind not in ("areas", "grid"):
            continue
        shares = [share_within(mark.shape.cells, r.shape.grown(settings)) for r in exercise.regions]
        home = max(range(len(shares)), key=shares.__getitem__)
        if shares[home] > 0.5:
            homes.setdefault((home, mark.kind, mark.cls), []).append(j)
    joined = []
    for (home, kind, cls), members in homes.items():
        if len(members) < 2:
            continue
        cells, fields = 0, frozenset[int]()
        for j in members:
            cells |= marks[j].shape.cells
            fields |= marks[j].fields
        sev = max((marks[j].sev for j in members), key=_or_least)
        active = max((marks[j].active for j in members), key=_or_least)
        whole = Mark(kind, cls, sev, active, Shape(cells), fields)
        verdict = judge(exercise, exercise.regions[home], whole)
        if verdict.quality >= max(verdicts[home][j].quality for j in members):
            joined.append(_Joined(tuple(members), home, verdict))
    return joined


def _or_least(value: int | None) -> int:
    return -1 if value is None else value


def _join_regions(
    exercise: Exercise, marks: Sequence[Mark], verdicts: Sequence[Sequence[Verdict]]
) -> list[_Joined]:
    """Return regions of one class that lie in one mark, which answers them together better."""
    found: list[_Joined] = []
    taken: set[int] = set()
    for j, mark in enumerate(marks):
        if mark.kind not in ("areas", "grid"):
            continue
        inside: dict[str, list[int]] = {}
        for i, region in enumerate(exercise.regions):
            if i not in taken and share_within(region.shape.cells, mark.shape.cells) > 0.5:
                inside.setdefault(region.cls, []).append(i)
        for members in inside.values():
            if len(members) < 2:
                continue
            verdict = judge(exercise, _unite(exercise, members), mark)
            if verdict.quality >= max(verdicts[i][j].quality for i in members):
                found.append(_Joined(tuple(members), j, verdict))
                taken.update(members)
                break
    return found


def _unite(exercise: Exercise, members: Sequence[int]) -> Region:
    regions = [exercise.regions[i] for i in members]
    cells, fields = 0, frozenset[int]()
    for region in regions:
        cells |= region.shape.cells
        fields |= region.fields
    worst = max(regions, key=lambda region: region.sev)
    return worst._replace(shape=Shape(cells), fields=fields, value=sum(r.value for r in regions))


def _assign(
    exercise: Exercise,
    verdicts: Sequence[Sequence[Verdict]],
    mark_groups: Sequence[_Joined],
    region_groups: Sequence[_Joined],
) -> Matching:
    """Assign rows (regions, joined or not) to columns (marks, joined or not)."""
    count = len(verdicts[0]) if verdicts else 0
    joined_marks = {j for group in mark_groups for j in group.members}
    joined_regions = {i for group in region_groups for i in group.members}
    rows: list[tuple[int, ...]] = [(i,) for i in range(len(verdicts)) if i not in joined_regions]
    rows += [group.members for group in region_groups]
    columns: list[tuple[int, ...]] = [(j,) for j in range(count) if j not in joined_marks]
    columns += [group.members for group in mark_groups]
    special: dict[tuple[tuple[int, ...], tuple[int, ...]], Verdict] = {
        ((group.other,), group.members): group.verdict for group in mark_groups
    }
    special |= {(group.members, (group.other,)): group.verdict for group in region_groups}
    values = [sum(exercise.regions[i].value for i in row) for row in rows]

    def verdict_of(row: tuple[int, ...], column: tuple[int, ...]) -> Verdict | None:
        if len(row) == len(column) == 1:
            return verdicts[row[0]][column[0]]
        return special.get((row, column))

    table = [[verdict_of(row, column) for column in columns] for row in rows]
    worth = [
        [value * verdict.quality if verdict else 0.0 for verdict in line]
        for value, line in zip(values, table, strict=True)
    ]
    pairs = assign(worth)
    matches = []
    for i, j in pairs:
        verdict = table[i][j]
        if verdict is not None:
            matches.append(Match(rows[i], columns[j], verdict))
    return Matching(tuple(matches), sum(worth[i][j] for i, j in pairs))
