"""The lines of the grade book as rows: made, locked, brought up to date, written.

Whoever changes a score writes the score first and then takes the learner's line, so that the
holder of a line has seen every score that earlier holders counted. Every function that writes
runs in a transaction of its caller.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from delivery.grades.models import LearnerGrade, Override
from delivery.grades.plan import GradePlan, plan_at
from delivery.grades.sheets import (
    Decision,
    Grade,
    Sheet,
    empty_sheet,
    grade,
    pack_points,
    pack_totals,
    set_decision,
    set_score,
    unpack_sheet,
)
from delivery.models import Enrollment, LearnerState
from delivery.prepared import Prepared, Slot, upsert
from delivery.tree import load_tree

LONGEST_NAME = 400
WRITTEN = (
    "stamp",
    "revision",
    "blocks",
    "subsections",
    "percent",
    "percent_unrounded",
    "letter",
    "passed",
    "scored",
    "overrides",
    "last_scored_at",
)


@dataclass(slots=True)
class Line:
    """A learner's line, locked: what is stored of it."""

    course_id: int
    user_id: int
    stamp: int
    revision: int
    blocks: bytes
    subsections: bytes
    last_scored_at: datetime | None


_LOCKED = Prepared(
    lambda _listed: (
        LearnerGrade.objects.filter(course_id=Slot("course_id"), user_id=Slot("user_id"))
        .select_for_update()
        .values_list("stamp", "revision", "blocks", "subsections", "last_scored_at")
    )
)


def lock_line(course_id: int, user_id: int) -> Line:
    """The learner's line, made if need be, held until the transaction ends."""
    rows = _LOCKED.fetch(course_id=course_id, user_id=user_id)
    if not rows:
        add_lines(course_id, [user_id])
        rows = _LOCKED.fetch(course_id=course_id, user_id=user_id)
    stamp, revision, blocks, subsections, last = rows[0]
    return Line(course_id, user_id, stamp, revision, bytes(blocks), bytes(subsections), last)


_READ = Prepared(
    lambda _listed: LearnerGrade.objects.filter(
        course_id=Slot("course_id"), user_id=Slot("user_id")
    ).values_list("stamp", "blocks", "subsections")
)


def load_sheet(plan: GradePlan, course_id: int, user_id: int) -> Sheet:
    """A learner's sheet: as stored, in one query, or from the raw scores if that is out of date."""
    for stamp, blocks, subsections in _READ.fetch(course_id=course_id, user_id=user_id):
        if stamp == plan.stamp:
            return unpack_sheet(bytes(blocks), bytes(subsections))
    sheet, _last = read_raw(plan, course_id, user_id)
    return sheet


def sheet_of(plan: GradePlan, line: Line) -> Sheet | None:
    """The sheet in a line, or ``None`` if it was made by another plan."""
    return unpack_sheet(line.blocks, line.subsections) if line.stamp == plan.stamp else None


def write_line(plan: GradePlan, line: Line, sheet: Sheet, last_scored_at: datetime | None) -> Grade:
    """Store what a sheet comes to in a line that is locked."""
    worked_out = grade(plan, sheet)
    row = LearnerGrade(
        course_id=line.course_id,
        user_id=line.user_id,
        stamp=plan.stamp,
        revision=line.revision + 1,
        blocks=pack_points(sheet.points),
        subsections=pack_totals(worked_out.totals),
        percent=worked_out.percent,
        percent_unrounded=worked_out.percent_unrounded,
        letter=worked_out.letter,
        passed=worked_out.passed,
        scored=worked_out.scored,
        overrides=worked_out.overrides,
        last_scored_at=last_scored_at,
    )
    upsert([row], ("course_id", "user_id"), WRITTEN)
    return worked_out


def rebuild_line(plan: GradePlan, line: Line) -> Grade:
    """Work a locked line out anew from the raw scores and the decisions in force."""
    sheet, last_scored_at = read_raw(plan, line.course_id, line.user_id)
    return write_line(plan, line, sheet, last_scored_at)


# --- From the raw scores ------------------------------------------------------------------------


def read_raw(plan: GradePlan, course_id: int, user_id: int) -> tuple[Sheet, datetime | None]:
    """A learner's sheet from the rows that say the truth, and when the last score came."""
    sheet = empty_sheet(plan)
    last: datetime | None = None
    scores = LearnerState.objects.filter(
        user_id=user_id, course_id=course_id, earned__isnull=False, possible__isnull=False
    ).values_list("usage_key", "earned", "possible", "given_at", "scored_at")
    for usage_key, earned, possible, given_at, scored_at in scores:
        position = plan.positions.get(usage_key)
        if position is not None:
            set_score(plan, sheet, position, earned, possible, is_weighted=given_at is not None)
            last = max(last, scored_at) if last and scored_at else last or scored_at
    for decision_of in decisions_of(course_id, [user_id]).values():
        for usage_key, decision in decision_of.items():
            set_decision(plan, sheet, usage_key, decision)
    return sheet, last


def decisions_of(course_id: int, user_ids: Iterable[int]) -> dict[int, dict[str, Decision]]:
    """The decisions in force on some learners: by account and usage key. One query."""
    rows = Override.objects.filter(
        course_id=course_id, user_id__in=list(user_ids), undone_at__isnull=True
    )
    found: dict[int, dict[str, Decision]] = {}
    names = ("user_id", "usage_key", "earned", "possible", "is_excused")
    for user_id, usage_key, *decided in rows.order_by("pk").values_list(*names):
        found.setdefault(user_id, {})[usage_key] = Decision(*decided)
    return found


# --- Who has a line -----------------------------------------------------------------------------


def add_lines(course_id: int, user_ids: Sequence[int]) -> None:
    """Give learners a line who have none yet; it is out of date until it is worked out."""
    people = get_user_model().objects.in_bulk(user_ids)
    listed = set(
        Enrollment.objects.filter(
            course_id=course_id,
            user_id__in=user_ids,
            is_active=True,
            role=Enrollment.Role.TRAINEE,
        ).values_list("user_id", flat=True)
    )
    LearnerGrade.objects.bulk_create(
        [
            LearnerGrade(
                course_id=course_id,
                user_id=user_id,
                sort_name=name_to_sort_by(people[user_id]),
                is_listed=user_id in listed,
            )
            for user_id in user_ids
            if user_id in people
        ],
        ignore_conflicts=True,
    )


def list_learner(enrollment: Enrollment) -> None:
    """Let the line of an enrolment say whether it is of a trainee; make it if there is none."""
    course_id, user_id = enrollment.course_id, enrollment.user_id
    is_listed = enrollment.is_active and enrollment.role == Enrollment.Role.TRAINEE
    known = LearnerGrade.objects.filter(course_id=course_id, user_id=user_id).update(
        is_listed=is_listed
    )
    if known or not is_listed:
        return
    version_id = enrollment.course.current_version_id
    with transaction.atomic():
        line = lock_line(course_id, user_id)
        if version_id is not None:  # else the first version finds the line, and works it out
            rebuild_line(plan_at(load_tree(version_id), timezone.now()), line)


def name_to_sort_by(user: Any) -> str:
    """A name that sorts by its letters in any database: family name first, accents last."""
    name = " ".join(filter(None, (user.last_name, user.first_name))) or user.get_username()
    return fold(name)[:LONGEST_NAME]


def fold(text: str) -> str:
    """A text to be compared or looked for, whatever its case and however its accents are kept."""
    return unicodedata.normalize("NFKD", text).casefold()


def rename_learner(user: Any) -> None:
    """Sort a person's lines by the name they have now."""
    name = name_to_sort_by(user)
    LearnerGrade.objects.filter(user_id=user.pk).exclude(sort_name=name).update(sort_name=name)
