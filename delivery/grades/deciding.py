"""What people decide in place of a score: other points, an excuse, more time; and taking it back.

Each decision names who made it and why. It is in force at once: the learner's grades change in
the same transaction, and the history says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from math import isfinite
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from delivery.grades.data import Cell
from delivery.grades.lines import Line, lock_line, rebuild_line
from delivery.grades.models import Override, ScoreChange
from delivery.grades.plan import GradePlan, plan_at
from delivery.grades.reading import cells_of
from delivery.models import Course, Enrollment
from delivery.prepared import insert
from delivery.runtime.dates import due_date
from delivery.tree import CourseTree, load_tree

MAX_REASON = 2_000


class DecisionRefused(ValueError):
    """A decision that cannot be made; its text says why, in words for who wanted it."""


class LineChanged(DecisionRefused):
    """The learner's line is not the one that was looked at."""


def override(
    course: Course,
    user_id: int,
    usage_key: str,
    *,
    earned: float,
    possible: float | None = None,
    reason: str,
    by: Any,
    revision: int | None = None,
    kind: str = ScoreChange.Kind.OVERRIDE,
) -> None:
    """Let ``earned`` of ``possible`` points count for a learner's block or subsection.

    They are weighted points, as the grade book shows them; without ``possible``, as many are
    possible as now. They stand before every score, also later ones, until they are undone.
    ``revision``: of the line that was looked at. Raises ``DecisionRefused`` (``LineChanged`` if
    the line is another by now).
    """
    with transaction.atomic():
        plan, line = _take(course, user_id, usage_key, revision)
        out_of = _check_points(plan, usage_key, earned, possible)
        decision = Override(earned=earned, possible=out_of, usage_key=usage_key)
        _decide(plan, line, [decision], kind, reason, by)


def excuse(
    course: Course,
    user_id: int,
    usage_key: str,
    *,
    reason: str,
    by: Any,
    revision: int | None = None,
) -> None:
    """Excuse a learner from a block or subsection: it counts neither for nor against them.

    Raises as ``override`` does.
    """
    with transaction.atomic():
        plan, line = _take(course, user_id, usage_key, revision)
        decision = Override(is_excused=True, usage_key=usage_key)
        _decide(plan, line, [decision], ScoreChange.Kind.EXCUSE, reason, by)


def decide_all(
    course: Course,
    user_id: int,
    wanted: Mapping[str, float | None],
    *,
    still: Callable[[str, Cell], bool],
    reason: str,
    by: Any,
    kind: str = ScoreChange.Kind.OVERRIDE,
) -> list[str]:
    """Decide on many parts of one learner's line at once, of which it is worked out anew once.

    ``wanted`` has points, as ``override`` takes them, or ``None`` to excuse, by usage key.
    ``still`` is told a part and its cell, while nobody else can change it, and says whether the
    decision is still meant. Returns the parts that were left alone: it said no, or they are not
    in the course any more. Raises ``DecisionRefused`` for points that are not possible; nothing
    is decided then.
    """
    with transaction.atomic():
        plan, line = _take_line(course, user_id)
        cells = cells_of(plan, line)
        meant = {key: earned for key, earned in wanted.items() if key in cells}
        meant = {key: earned for key, earned in meant.items() if still(key, cells[key])}
        decisions = [
            Override(is_excused=True, usage_key=key)
            if earned is None
            else Override(
                earned=earned, possible=_check_points(plan, key, earned, None), usage_key=key
            )
            for key, earned in meant.items()
        ]
        _decide(plan, line, decisions, kind, reason, by)
    return [key for key in wanted if key not in meant]


def undo(
    course: Course,
    user_id: int,
    usage_key: str,
    *,
    by: Any,
    reason: str = "",
    revision: int | None = None,
    decision: int | None = None,
) -> bool:
    """Take the latest override or excuse back; whether there was one.

    What counted before it counts again: the decision before, or the score as it is by now.
    ``decision``: the one that is meant (``decision_in_force``). Raises ``DecisionRefused``
    (``LineChanged`` if another is the latest by now).
    """
    with transaction.atomic():
        plan, line = _take(course, user_id, usage_key, revision)
        latest = _in_force(course, user_id, usage_key).first()
        if decision is not None and (latest is None or latest.pk != decision):
            raise LineChanged(_("Somebody changed this mark meanwhile. This is what it is now."))
        if latest is None:
            return False
        latest.undone_by, latest.undone_at = by, timezone.now()
        latest.save(update_fields=["undone_by", "undone_at"])
        rebuild_line(plan, line)
        _keep(course.pk, user_id, usage_key, ScoreChange.Kind.UNDO, reason, by)
    return True


def decision_in_force(course: Course, user_id: int, usage_key: str) -> int | None:
    """The number of the decision that counts in place of a score, to be undone by it."""
    return _in_force(course, user_id, usage_key).values_list("pk", flat=True).first()


def _in_force(course: Course, user_id: int, usage_key: str) -> QuerySet[Override]:
    """The decisions that nobody took back, the latest first."""
    found = Override.objects.filter(course=course, user_id=user_id, usage_key=usage_key)
    return found.filter(undone_at__isnull=True).order_by("-pk")


def extend(
    course: Course, user_id: int, usage_key: str, *, due: datetime, reason: str, by: Any
) -> None:
    """Give a learner a due date of their own for a block, a unit, a subsection or a section.

    It holds for all below that is due at all; the days of grace come on top. Raises
    ``DecisionRefused`` if nothing there is due, or if it is no later than the author's date.
    """
    tree = _served(course)
    if usage_key not in tree.blocks:
        raise DecisionRefused(_("This part is not in the course (any more)."))
    authored = due_date(tree, usage_key, {})
    if authored is None:
        raise DecisionRefused(_("This part has no due date, so there is nothing to extend."))
    if due <= authored:
        raise DecisionRefused(_("The new date must be later than the due date of all."))
    with transaction.atomic():
        enrollment = _lock_enrollment(course, user_id)
        enrollment.extensions = {**enrollment.extensions, usage_key: due.isoformat()}
        enrollment.save(update_fields=["extensions"])
        _keep(course.pk, user_id, usage_key, ScoreChange.Kind.EXTENSION, reason, by, due=due)


def revoke_extension(
    course: Course, user_id: int, usage_key: str, *, by: Any, reason: str = ""
) -> bool:
    """Let the author's due date hold again for a learner; whether they had one of their own."""
    with transaction.atomic():
        enrollment = _lock_enrollment(course, user_id)
        if usage_key not in enrollment.extensions:
            return False
        kept = {key: due for key, due in enrollment.extensions.items() if key != usage_key}
        enrollment.extensions = kept
        enrollment.save(update_fields=["extensions"])
        _keep(course.pk, user_id, usage_key, ScoreChange.Kind.UNDO, reason, by)
    return True


def _served(course: Course) -> CourseTree:
    if course.current_version_id is None:
        raise DecisionRefused(_("This course has no content yet."))
    return load_tree(course.current_version_id)


def _take(
    course: Course, user_id: int, usage_key: str, revision: int | None
) -> tuple[GradePlan, Line]:
    """The plan of today and the learner's line, locked; both know the part."""
    plan, line = _take_line(course, user_id)
    if usage_key not in plan.positions and usage_key not in plan.places:
        raise DecisionRefused(_("This part is not in the course (any more), or has no points."))
    if revision is not None and line.revision != revision:
        raise LineChanged(_("The grades of this learner have changed since you looked at them."))
    return plan, line


def _take_line(course: Course, user_id: int) -> tuple[GradePlan, Line]:
    if not Enrollment.objects.filter(course=course, user_id=user_id).exists():
        raise DecisionRefused(_("This person does not take the course."))
    return plan_at(_served(course), timezone.now()), lock_line(course.pk, user_id)


def _check_points(plan: GradePlan, usage_key: str, earned: float, possible: float | None) -> float:
    """Of how many points ``earned`` are; raises ``DecisionRefused``."""
    if not isfinite(earned) or earned < 0:
        raise DecisionRefused(_("Points are a number, 0 or more."))
    if possible is not None and (not isfinite(possible) or possible < 0):
        raise DecisionRefused(_("The points possible are a number, 0 or more."))
    out_of = _possible(plan, usage_key) if possible is None else possible
    if earned > out_of:
        said = _("At most %(points)g points are possible here.")
        raise DecisionRefused(said % {"points": out_of})
    return out_of


def _possible(plan: GradePlan, usage_key: str) -> float:
    if usage_key in plan.positions:
        return plan.blocks[plan.positions[usage_key]].possible
    part = plan.subsections[plan.places[usage_key]]
    blocks = plan.blocks[part.start : part.stop]
    return float(sum(block.possible for block in blocks if block.counts and block.is_open))


def _decide(
    plan: GradePlan,
    line: Line,
    decisions: Sequence[Override],
    kind: str,
    reason: str,
    by: Any,
) -> None:
    for decision in decisions:
        decision.course_id, decision.user_id = line.course_id, line.user_id
        decision.reason, decision.made_by, decision.made_at = _words(reason), by, timezone.now()
    if not decisions:
        return
    Override.objects.bulk_create(decisions)
    rebuild_line(plan, line)
    insert(
        [
            _change(
                line.course_id,
                line.user_id,
                decision.usage_key,
                kind,
                reason,
                by,
                points=None if decision.is_excused else (decision.earned, decision.possible),
            )
            for decision in decisions
        ]
    )


def _change(
    course_id: int,
    user_id: int,
    usage_key: str,
    kind: str,
    reason: str,
    by: Any,
    *,
    points: tuple[float, float] | None = None,
    due: datetime | None = None,
) -> ScoreChange:
    """A line of the history."""
    earned, possible = points or (None, None)
    return ScoreChange(
        user_id=user_id,
        course_id=course_id,
        usage_key=usage_key,
        kind=kind,
        earned=earned,
        possible=possible,
        reason=_words(reason),
        due=due,
        made_by=by.pk if by is not None else None,
        made_at=timezone.now(),
    )


def _keep(*told: Any, due: datetime | None = None) -> None:
    insert([_change(*told, due=due)])


def _words(reason: str) -> str:
    return reason.replace("\0", "").strip()[:MAX_REASON]


def _lock_enrollment(course: Course, user_id: int) -> Enrollment:
    found = Enrollment.objects.select_for_update().filter(course=course, user_id=user_id).first()
    if found is None:
        raise DecisionRefused(_("This person does not take the course."))
    return found
