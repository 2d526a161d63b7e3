"""The grade book as it is read: its columns, a page of it, a learner's line, the history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.db import models
from django.db.models import Avg, Count, F, Max, Min, Q, QuerySet
from django.db.models.functions import Substr
from django.utils import timezone

from delivery.grades.data import (
    BookLine,
    BookPage,
    Cell,
    Column,
    Columns,
    PackedLine,
    Sort,
    Standing,
    Status,
)
from delivery.grades.lines import Line, fold, lock_line, rebuild_line
from delivery.grades.models import LearnerGrade
from delivery.grades.plan import GradePlan, plan_at
from delivery.grades.recomputing import rework
from delivery.grades.sheets import (
    EXCUSED,
    FLOAT,
    GIVEN,
    NO_SCORE,
    OVERRIDDEN,
    Points,
    Totals,
    pack_points,
    unpack_points,
    unpack_totals,
)
from delivery.models import Course, Enrollment
from delivery.tree import load_tree

LINES_AT_ONCE = 500  # of a book that is read as a whole
UNSCORED = pack_points(Points([NO_SCORE], [0.0], bytearray(1)))[:FLOAT]

_NAMES = (
    "user_id",
    "user__username",
    "user__first_name",
    "user__last_name",
    "user__email",
    "stamp",
    "blocks",
    "subsections",
    "percent",
    "percent_unrounded",
    "letter",
    "passed",
    "scored",
    "overrides",
    "last_scored_at",
    "revision",
)
_STAMP = _NAMES.index("stamp")
_PACKED = itemgetter(
    *(_NAMES.index(name) for name in _NAMES[:5]),
    *(_NAMES.index(name) for name in PackedLine._fields[5:]),
)
_STATUSES = {
    Status.NOT_STARTED: Q(scored=0),
    Status.STARTED: Q(scored__gt=0),
    Status.PASSED: Q(passed=True),
    Status.NOT_PASSED: Q(passed=False),
    Status.DECIDED: Q(overrides__gt=0),
}
_SORTS = {
    Sort.NAME: "sort_name",
    Sort.PERCENT: "percent",
    Sort.SCORED: "scored",
    Sort.LAST_SCORED: "last_scored_at",
}


def read_columns(course: Course, now: datetime | None = None) -> Columns:
    """The columns of a course that is served; raises ``CourseVersion.DoesNotExist`` if not."""
    tree = load_tree(course.current_version_id or 0)
    plan = plan_at(tree, now or timezone.now())
    parts = plan.subsections
    blocks = tuple(
        Column(
            usage_key=block.usage_key,
            name=tree.blocks[block.usage_key].display_name,
            is_subsection=False,
            subsection=parts[block.place].usage_key,
            format=parts[block.place].format,
            possible=block.possible,
            counts=block.counts and parts[block.place].graded and block.possible > 0,
            is_open=block.is_open,
        )
        for block in plan.blocks
    )
    subsections = tuple(
        Column(
            usage_key=part.usage_key,
            name=part.name,
            is_subsection=True,
            subsection=part.usage_key,
            format=part.format,
            possible=sum(
                block.possible
                for block in plan.blocks[part.start : part.stop]
                if block.counts and block.is_open
            ),
            counts=part.graded,
            is_open=part.is_open,
        )
        for part in parts
        if part.stop > part.start
    )
    return Columns(blocks, subsections, plan)


def read_page(
    course: Course,
    *,
    sort: Sort | str = Sort.NAME,
    descending: bool = False,
    status: Status | None = None,
    search: str = "",
    user_ids: Sequence[int] | QuerySet[Any] | None = None,
    offset: int = 0,
    limit: int = 50,
) -> BookPage:
    """Some lines of a course's trainees: five statements at most, but for lines out of date.

    ``sort`` is one of ``Sort`` or the usage key of a column, then by points earned, those without
    a score last. ``search`` looks in names and addresses, word by word; ``user_ids`` names the
    only learners to show, such as those of a group. Lines that are out of date are brought up to
    date first. Raises ``KeyError`` for a column that is not there.
    """
    columns = read_columns(course)
    plan = columns.plan
    found = _find(course, status, search, user_ids)
    total = found.count() if status or search else _count_listed(course, user_ids)
    stamps = LearnerGrade.objects.filter(course=course, is_listed=True).aggregate(
        least=Min("stamp"), most=Max("stamp")
    )
    rows = _sorted(found, plan, sort, descending)[offset : offset + limit]
    if offset:  # the keys first: what comes before the page is then not joined with accounts
        on_page = LearnerGrade.objects.filter(pk__in=list(rows.values_list("pk", flat=True)))
        rows = _sorted(on_page, plan, sort, descending)
    lines = tuple(_up_to_date(course.pk, plan, columns, list(rows.values_list(*_NAMES))))
    is_settling = any(stamp not in (None, plan.stamp) for stamp in stamps.values())
    return BookPage(columns, lines, total, is_settling)


def _count_listed(course: Course, user_ids: Sequence[int] | QuerySet[Any] | None) -> int:
    """How many trainees have a line; enrolments are counted, for their rows are smaller."""
    trainees = Enrollment.objects.filter(
        course=course, is_active=True, role=Enrollment.Role.TRAINEE
    )
    return (trainees if user_ids is None else trainees.filter(user_id__in=user_ids)).count()


def read_line(course: Course, user_id: int) -> BookLine | None:
    """The line of one learner, brought up to date; ``None`` if they never had a part in it."""
    columns = read_columns(course)
    rows = LearnerGrade.objects.filter(course=course, user_id=user_id).values_list(*_NAMES)
    return next(_up_to_date(course.pk, columns.plan, columns, list(rows)), None)


def read_standing(course: Course, percent: float) -> Standing:
    """How a course grade stands among those of all trainees. One query."""
    found = LearnerGrade.objects.filter(course=course, is_listed=True).aggregate(
        total=Count("pk"), below=Count("pk", filter=Q(percent__lt=percent)), mean=Avg("percent")
    )
    return Standing(found["below"], found["total"], found["mean"] or 0.0)


def iterate_lines(
    course: Course,
    *,
    status: Status | None = None,
    search: str = "",
    user_ids: Sequence[int] | QuerySet[Any] | None = None,
) -> Iterator[BookLine]:
    """All lines of a course's trainees by name, as ``read_page`` finds them, some at a time."""
    columns = read_columns(course)
    for batch in _batches(course, status=status, search=search, user_ids=user_ids):
        yield from _up_to_date(course.pk, columns.plan, columns, batch)


def iterate_packed(
    course: Course, *, user_ids: Sequence[int] | QuerySet[Any] | None = None
) -> Iterator[PackedLine]:
    """All lines of a course's trainees by name, as they are stored, some at a time.

    Their points stand as the blocks and subsections of the plan of today do.
    """
    plan = read_columns(course).plan
    for batch in _batches(course, user_ids=user_ids):
        for row in _fresh(course.pk, plan, batch):
            yield PackedLine(*_PACKED(row))


def _batches(
    course: Course,
    *,
    status: Status | None = None,
    search: str = "",
    user_ids: Sequence[int] | QuerySet[Any] | None = None,
) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of ``_NAMES`` by name, some at a time."""
    found = _find(course, status, search, user_ids).order_by("sort_name", "user_id")
    after: tuple[str, int] | None = None
    while True:
        rows = found
        if after is not None:
            name, user_id = after
            # Said so that an index leads to the first of them; an OR would read all before.
            rows = rows.filter(sort_name__gte=name).exclude(sort_name=name, user_id__lte=user_id)
        batch = list(rows.values_list("sort_name", *_NAMES)[:LINES_AT_ONCE])
        yield [row[1:] for row in batch]
        if len(batch) < LINES_AT_ONCE:
            return
        after = batch[-1][0], batch[-1][1]


def _find(
    course: Course,
    status: Status | None,
    search: str,
    user_ids: Sequence[int] | QuerySet[Any] | None,
) -> QuerySet[LearnerGrade]:
    found = LearnerGrade.objects.filter(course=course, is_listed=True)
    if status is not None:
        found = found.filter(_STATUSES[status])
    for word in search.split():
        found = found.filter(
            Q(user__first_name__icontains=word)
            | Q(user__last_name__icontains=word)
            | Q(user__username__icontains=word)
            | Q(user__email__icontains=word)
            | Q(sort_name__contains=fold(word))
        )
    return found if user_ids is None else found.filter(user_id__in=user_ids)


def _sorted(
    found: QuerySet[LearnerGrade], plan: GradePlan, sort: Sort | str, descending: bool
) -> QuerySet[LearnerGrade]:
    way = "-" if descending else ""
    if isinstance(sort, Sort):
        return found.order_by(f"{way}{_SORTS[sort]}", f"{way}user_id")
    if sort in plan.positions:
        packed, place = "blocks", plan.positions[sort]
    else:
        packed, place = "subsections", plan.places[sort]
    # The bytes of a number that is not negative sort as the number does.
    points = Substr(F(packed), 1 + FLOAT * place, FLOAT, output_field=models.BinaryField())
    return found.annotate(points=points, is_unscored=_is_unscored()).order_by(
        "is_unscored", f"{way}points", f"{way}user_id"
    )


def _is_unscored() -> Any:
    return models.Case(
        models.When(points=models.Value(UNSCORED, output_field=models.BinaryField()), then=1),
        default=0,
        output_field=models.IntegerField(),
    )


def _up_to_date(
    course_id: int, plan: GradePlan, columns: Columns, rows: list[tuple[Any, ...]]
) -> Iterator[BookLine]:
    shown = [plan.places[column.usage_key] for column in columns.subsections]
    for row in _fresh(course_id, plan, rows):
        user_id, username, first_name, last_name, email, _stamp, blocks, subsections, *rest = row
        yield BookLine(
            user_id,
            username,
            first_name,
            last_name,
            email,
            tuple(_block_cells(unpack_points(bytes(blocks)))),
            tuple(_subsection_cells(unpack_totals(bytes(subsections)), shown)),
            *rest,
        )


def _fresh(course_id: int, plan: GradePlan, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The rows, those that are out of date worked out anew."""
    stale = [row[0] for row in rows if row[_STAMP] != plan.stamp]
    if not stale:
        return rows
    fresh = refresh_lines(course_id, plan, stale)
    return [fresh.get(row[0], row) for row in rows]


def refresh_lines(
    course_id: int, plan: GradePlan, user_ids: Sequence[int]
) -> dict[int, tuple[Any, ...]]:
    """Work lines that are out of date out anew; the rows as they are then, by account."""
    rows = LearnerGrade.objects.filter(course_id=course_id, user_id__in=user_ids)
    rework(course_id, plan, rows.exclude(stamp=plan.stamp))
    return {row[0]: row for row in rows.values_list(*_NAMES)}


def cells_of(plan: GradePlan, line: Line) -> dict[str, Cell]:
    """What a locked line says of every block and subsection, by usage key."""
    if line.stamp != plan.stamp:
        rebuild_line(plan, line)
        line = lock_line(line.course_id, line.user_id)
    blocks = _block_cells(unpack_points(line.blocks))
    parts = _subsection_cells(unpack_totals(line.subsections), range(len(plan.subsections)))
    return dict(zip((block.usage_key for block in plan.blocks), blocks, strict=True)) | dict(
        zip((part.usage_key for part in plan.subsections), parts, strict=True)
    )


def _block_cells(points: Points) -> Iterator[Cell]:
    for earned, possible, flags in zip(points.earned, points.possible, points.flags, strict=True):
        yield Cell(
            earned if earned == earned else None,
            possible,
            bool(flags & GIVEN),
            bool(flags & OVERRIDDEN),
            bool(flags & EXCUSED),
        )


def _subsection_cells(totals: Totals, places: Sequence[int]) -> Iterator[Cell]:
    for place in places:
        flags = totals.flags[place]
        yield Cell(
            totals.earned[place] if flags else None,
            totals.possible[place],
            False,
            bool(flags & OVERRIDDEN),
            bool(flags & EXCUSED),
        )
