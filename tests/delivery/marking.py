"""A class with marks, and its instructor in front of the grade book."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.urls import reverse

from delivery.gradebook.columns import Book, open_book
from delivery.grades import api as grades
from delivery.models import Course, Enrollment, LearnerState
from tests.delivery.factories import Spec, block, make_user, scored, usage_key
from tests.delivery.reading_room import FUTURE, make_room, page, problem
from tests.grading.exercises import EXERCISE

POLICY = {
    "GRADER": [
        {"type": "Exercises", "short_label": "Ex", "min_count": 3, "drop_count": 1, "weight": 0.6},
        {"type": "Test", "short_label": "Test", "min_count": 1, "drop_count": 0, "weight": 0.4},
    ],
    "GRADE_CUTOFFS": {"Distinction": 0.85, "Pass": 0.6},
}
NAMES = (("Ana", "Horvat"), ("Borna", "Čič"), ("Айгүл", "Әбілқызы"), ("Đuro", "Žagar"))


def part(name: str, *blocks: Spec, form: str = "Exercises", **fields: Any) -> Spec:
    """A graded subsection of one page."""
    return block(
        "sequential",
        name,
        page(f"{name}_page", *blocks),
        display_name=name.capitalize(),
        graded=True,
        format=form,
        **fields,
    )


def sections() -> list[Spec]:
    """Three exercises, one of them of two blocks, a test that is due, and practice."""
    record = scored(block("marc_record", "judita", exercise=EXERCISE, display_name="Judita"), 20.0)
    practice = block("sequential", "practice", page("free", problem("free", 5.0)))
    return [
        block(
            "chapter",
            "only",
            part("one", problem("sum", 10.0, display_name="Sum"), record),
            part("two", problem("guess", 4.0, display_name="Guess")),
            part("three", problem("third", 4.0, display_name="Third")),
            part(
                "test",
                problem("question", 2.0, weight=10, display_name="Question"),
                form="Test",
                due=FUTURE,
            ),
            practice,
            display_name="Only",
        )
    ]


@dataclass
class Class:
    """A course, its trainees in the order of ``NAMES``, and an instructor who is signed in."""

    course: Course
    people: list[Any]
    teacher: Any
    client: Client = field(default_factory=Client)

    @property
    def book(self) -> Book:
        """The columns of the grade book."""
        return open_book(self.course)

    def usage(self, kind: str, name: str) -> str:
        """The usage key of a block."""
        return usage_key(self.course.key, kind, name)

    def score(self, person: Any, name: str, earned: float, possible: float) -> None:
        """Let a block have published raw points for somebody."""
        LearnerState.objects.update_or_create(
            user=person,
            course=self.course,
            usage_key=self.usage("problem", name),
            defaults={"earned": earned, "possible": possible},
        )
        grades.recompute(self.course, user_ids=[person.pk])

    def line(self, person: Any) -> grades.BookLine:
        """Somebody's line in the grade book."""
        found = grades.read_line(self.course, person.pk)
        assert found is not None
        return found

    def cell(self, person: Any, key: str) -> grades.Cell:
        """Somebody's mark in the column of that short name."""
        book = self.book
        return book.cell_of(self.line(person), book.by_key[key])

    def url(self, view: str, *args: Any) -> str:
        """The address of a view below the course."""
        return reverse(view, args=[self.course.key, *args])

    def get(self, view: str, *args: Any, **query: Any) -> Any:
        """The instructor opens a page."""
        return self.client.get(self.url(view, *args), query)

    def post(self, view: str, *args: Any, json: bool = False, **values: Any) -> Any:
        """The instructor sends a form; the script does so as ``json``."""
        headers = {"Accept": "application/json"} if json else {}
        return self.client.post(self.url(view, *args), values, headers=headers)


def make_class(people: int = len(NAMES), policy: dict[str, Any] | None = None) -> Class:
    """A course with trainees; nobody has a mark yet."""
    course = make_room(sections(), policy=policy or POLICY).course
    trainees = []
    for number in range(people):
        first, last = NAMES[number % len(NAMES)]
        person = make_user(first_name=first, last_name=last)
        Enrollment.objects.create(user=person, course=course)
        trainees.append(person)
    teacher = make_user(first_name="Ivo", last_name="Instructor")
    Enrollment.objects.create(user=teacher, course=course, role=Enrollment.Role.INSTRUCTOR)
    made = Class(course, trainees, teacher)
    made.client.force_login(teacher)
    grades.recompute(course)
    return made
