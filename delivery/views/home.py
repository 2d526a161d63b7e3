"""The front pages: of a visitor, a trainee, an instructor and an administrator."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from delivery.about import About, load_about
from delivery.access import Access, access, is_administrator, may_author
from delivery.context import renew_has_practice, renew_may_teach
from delivery.models import Course, Enrollment
from delivery.outline import SubsectionOutline, outline_of
from delivery.progress import (
    DONE,
    CourseProgress,
    Eyes,
    UnitProgress,
    load_completions,
    measure,
    place_to_continue,
)
from delivery.tree import load_tree
from grading.staff import count_owed

COURSES_ON_FRONT = 6
DUE_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Desk:
    """One of my courses as it lies on the home page."""

    enrollment: Enrollment
    course: Course
    about: About
    progress: CourseProgress
    place: UnitProgress | None
    opens_at: datetime | None


@dataclass(frozen=True, slots=True)
class DueItem:
    """A subsection of one of my courses with its due date."""

    course: Course
    subsection: SubsectionOutline
    due: datetime
    first_unit: str


@access(Access.ANYONE)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where a visitor learns what the school is, and a trainee goes on."""
    if not request.user.is_authenticated:
        courses = listed_courses()[: COURSES_ON_FRONT + 1]
        context = {
            "offers": describe(courses[:COURSES_ON_FRONT]),
            "has_more": len(courses) > COURSES_ON_FRONT,
        }
        return render(request, "site/front.html", context)
    renew_may_teach(request)
    renew_has_practice(request)
    now = timezone.now()
    desks = _desks(request.user, now)
    context = {"desks": desks, "next_desk": _next_desk(desks), "due_items": _due_items(desks, now)}
    return render(request, "site/home.html", context)


def listed_courses() -> QuerySet[Course]:
    """The courses that everyone may know of."""
    return Course.objects.filter(is_listed=True, current_version__isnull=False)


def describe(courses: Iterable[Course]) -> list[tuple[Course, About]]:
    """Each course with what it says of itself."""
    return [
        (course, load_about(course.current_version_id))
        for course in courses
        if course.current_version_id is not None
    ]


def _desks(user: Any, now: datetime) -> list[Desk]:
    rows = (
        Enrollment.objects.filter(user=user, is_active=True, course__current_version__isnull=False)
        .select_related("course")
        .order_by(F("last_visited_at").desc(nulls_last=True), "course__display_name")
    )
    enrollments = list(rows)
    done = load_completions(user.pk, [row.course_id for row in enrollments])
    administers = is_administrator(user)
    return [
        _desk(
            row,
            done[row.course_id],
            Eyes(now, administers or _teaches(row), row.extensions),
        )
        for row in enrollments
    ]


def _desk(enrollment: Enrollment, completions: dict[str, float], eyes: Eyes) -> Desk:
    course = enrollment.course
    version_id = course.current_version_id
    if version_id is None:
        raise ValueError("A course without a version lies on no desk.")
    outline = outline_of(load_tree(version_id))
    progress = measure(outline, completions, eyes)
    opens_at = outline.opening.at if not eyes.see(outline.opening) else None
    return Desk(
        enrollment=enrollment,
        course=course,
        about=load_about(version_id),
        progress=progress,
        place=None if opens_at else place_to_continue(progress, enrollment.last_unit),
        opens_at=opens_at,
    )


def _teaches(enrollment: Enrollment) -> bool:
    return enrollment.role == Enrollment.Role.INSTRUCTOR


def _next_desk(desks: list[Desk]) -> Desk | None:
    """The course to go on with: the one visited last of those that are not done."""
    started = [desk for desk in desks if desk.enrollment.last_unit and desk.place]
    return next((desk for desk in started if not desk.progress.is_done), None)


def _due_items(desks: list[Desk], now: datetime) -> list[DueItem]:
    items = [
        DueItem(desk.course, part.outline, part.due, part.units[0].outline.usage_key)
        for desk in desks
        if not _teaches(desk.enrollment)
        for part in desk.progress.subsections
        if part.is_open and part.units and part.state != DONE
        if part.due and part.due > now
    ]
    return sorted(items, key=lambda item: item.due)[:DUE_SHOWN]


@access(Access.SIGNED_IN)
@require_safe
def teach(request: HttpRequest) -> HttpResponse:
    """The courses I teach, and the way to bring one in."""
    user: Any = request.user
    courses = Course.objects.select_related("current_version").annotate(
        trainees=Count(
            "enrollments",
            filter=Q(enrollments__is_active=True, enrollments__role=Enrollment.Role.TRAINEE),
        )
    )
    if not is_administrator(user):
        mine = Enrollment.objects.filter(user=user, role=Enrollment.Role.INSTRUCTOR, is_active=True)
        courses = courses.filter(pk__in=mine.values("course_id"))
    listed = list(courses)
    owed = count_owed([course.key for course in listed])
    for course in listed:
        course.owed = owed.get(course.key, 0)  # type: ignore[attr-defined]  # for the template
    context = {"courses": listed, "may_import": may_author(user)}
    return render(request, "site/teach.html", context)


@access(Access.ADMINISTRATOR)
@require_safe
def manage(request: HttpRequest) -> HttpResponse:
    """What an administrator looks after."""
    context = {
        "people": get_user_model().objects.filter(is_active=True).count(),
        "courses": Course.objects.count(),
        "enrolments": Enrollment.objects.filter(is_active=True).count(),
    }
    return render(request, "site/manage.html", context)
