"""Which exercises of a course have answers by an earlier key, and having them graded again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from delivery.access import Visit
from delivery.models import Course, Enrollment
from delivery.runtime.host import BlockRuntime
from delivery.runtime.registry import BlockTypeMissing
from delivery.tree import CourseTree
from grading.api import (
    ChangeList,
    InvalidExercise,
    LearnerChange,
    count_outdated,
    read_changes,
)
from quarantine.tables import Cell

CHANGES_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class OutdatedExercise:
    """An exercise some of whose answers have marks by another key, or of other points."""

    usage_key: str
    name: str
    unit: str
    answers: int


@dataclass(frozen=True, slots=True)
class PersonChange:
    """A line of a re-grade's report with the person it is about."""

    name: str
    username: str
    change: LearnerChange

    @property
    def difference(self) -> float:
        """Points won, or lost if negative."""
        return self.change.after - self.change.before


def find_outdated(visit: Visit) -> list[OutdatedExercise]:
    """The exercises of a course that can be graded again, in its order. One query."""
    blocks = {block.scope_ids.def_id: block for block in _exercises(visit)}
    wanted = [(key, block.exercise, block.points) for key, block in blocks.items()]
    answers = count_outdated(visit.course.key, wanted)
    return [
        OutdatedExercise(key, name_of(visit.tree, key), unit_name(visit.tree, key), answers[key])
        for key in blocks
        if key in answers
    ]


def _exercises(visit: Visit) -> Iterator[Any]:
    runtime = BlockRuntime(visit)
    for key, node in visit.tree.blocks.items():
        if not node.has_score:
            continue
        try:
            block = runtime.get_block(key)
        except BlockTypeMissing:
            continue
        if hasattr(block, "request_regrade") and isinstance(block.exercise, dict):
            yield block


def name_of(tree: CourseTree, usage_key: str) -> str:
    """What the course calls a block; its key, if it has gone."""
    node = tree.blocks.get(usage_key)
    return node.display_name if node else usage_key.rpartition("@")[2]


def unit_name(tree: CourseTree, usage_key: str) -> str:
    """What the course calls the block around a block."""
    node = tree.blocks.get(usage_key)
    parent = tree.blocks.get(node.parent) if node else None
    return parent.display_name if parent else ""


def request_regrades(visit: Visit, usage_keys: Collection[str]) -> tuple[int, list[str]]:
    """Have what the exercises' answers would score worked out; how many, and what is at fault."""
    begun, faults = 0, []
    for block in _exercises(visit):
        key = block.scope_ids.def_id
        if key not in usage_keys:
            continue
        try:
            block.request_regrade(visit.user.pk)
            begun += 1
        except InvalidExercise as error:
            said = _("“%(name)s” cannot be graded by: %(reason)s")
            faults.append(said % {"name": name_of(visit.tree, key), "reason": error})
    return begun, faults


# --- The report ---------------------------------------------------------------------------------


def with_people(course: Course, changes: Iterable[LearnerChange]) -> list[PersonChange]:
    """Lines of a report with names. One query."""
    lines = list(changes)
    students = [line.student_id for line in lines]
    people = {
        row.anonymous_id: row.user
        for row in Enrollment.objects.filter(
            course=course, anonymous_id__in=students
        ).select_related("user")
    }
    return [_with_person(line, people.get(line.student_id)) for line in lines]


def _with_person(line: LearnerChange, user: Any) -> PersonChange:
    if user is None:
        return PersonChange(_("somebody who has left"), "", line)
    return PersonChange(user.get_full_name() or user.username, user.username, line)


def report_rows(course: Course, regrade_id: int) -> Iterator[Sequence[Cell]]:
    """The whole report as a table, some hundred lines in memory."""
    yield [
        _("Name"),
        _("Username"),
        _("Outcome"),
        _("Points before"),
        _("Possible before"),
        _("Points after"),
        _("Possible after"),
        _("Difference"),
    ]
    changes: ChangeList = read_changes(regrade_id)
    for start in range(0, len(changes), CHANGES_AT_ONCE):
        for line in with_people(course, changes[start : start + CHANGES_AT_ONCE]):
            change = line.change
            yield [
                line.name,
                line.username,
                change.outcome_name,
                *(round(change.before, 4), change.possible_before),
                *(round(change.after, 4), change.possible),
                round(line.difference, 4),
            ]
