"""A small task with a rubric, its learners and graders, and one-line acts on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from grading import staff
from grading.api import StudentItemKey
from grading.human.rules import Policy, State
from grading.models import TaskWork
from grading.staff import Place, TaskSettings

RUBRIC: dict[str, Any] = {
    "criteria": [
        {
            "id": "choice",
            "name": "Избор на точки за достъп",
            "points": 6,
            "levels": [
                {"name": "Missing", "points": 0, "descriptor": "None is justified."},
                {"name": "In part", "points": [1, 3]},
                {"name": "Complete", "points": [4, 6], "descriptor": "Each one, by its rule."},
            ],
        },
        {"id": "words", "name": "Clear words", "points": 4},
    ],
    "accepts": {
        "text": {"least_words": 2, "most_words": 50},
        "files": {"most": 2, "kinds": ["png", "txt"], "megabytes": 1},
    },
}
SETTINGS = TaskSettings(RUBRIC, points=20)
TWO = TaskSettings(RUBRIC, points=20, policy=Policy(graders=2, tolerance=0.1))
TOGETHER = TaskSettings(RUBRIC, points=20, policy=Policy(is_together=True))

PLACE = Place("course-v1:School+CAT+2026", "block-v1:School+CAT+2026+type@staff_task+block@essay")
OTHER = Place(PLACE.course_key, PLACE.usage_key.replace("essay", "another"))
ANA, BORIS, VERA = "11", "12", "13"  # graders

ESSAY = {"text": "Марин Држић: the author is the first access point.", "files": []}
BETTER = {"text": "The author, the editor and the title: each by its rule.", "files": []}
GOOD = {"choice": {"points": 6, "level": 2}, "words": {"points": 4}}
FAIR = {"choice": {"points": 3, "level": 1, "comment": "And the editor?"}, "words": {"points": 4}}


def learner(name: str = "s" * 32, place: Place = PLACE) -> StudentItemKey:
    return StudentItemKey(
        student_id=name,
        course_id=place.course_key,
        item_id=place.usage_key,
        item_type="staff_task",
    )


def verdict(marks: Any = GOOD, **more: Any) -> dict[str, Any]:
    return {"marks": marks, "comment": "", "pins": [], **more}


def hand_in(
    item: StudentItemKey | None = None, answer: Any = ESSAY, settings: TaskSettings = SETTINGS
) -> UUID:
    """Hand in, and the work's id."""
    item = item or learner()
    staff.hand_in(item, answer, settings)
    return work_of(item).uuid


def work_of(item: StudentItemKey | None = None) -> TaskWork:
    item = item or learner()
    return TaskWork.objects.get(item__student_id=item["student_id"], usage_key=item["item_id"])


def grade(
    work: UUID,
    by: str = ANA,
    marks: Any = GOOD,
    settings: TaskSettings = SETTINGS,
    version: int = 1,
    **more: Any,
) -> State:
    reply = more.pop("reply", "")
    content = verdict(marks, **more)
    return staff.grade(PLACE, work, by, content, settings, version=version, reply=reply)


def give_back(work: UUID, by: str = ANA, version: int = 1, **more: Any) -> None:
    due_at = more.pop("due_at", None)
    content = verdict({}, **{"comment": "Say why.", **more})
    staff.give_back(PLACE, work, by, content, SETTINGS, version=version, due_at=due_at)
