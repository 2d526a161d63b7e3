"""The grade book: the grid, a column, a learner, the course in figures, who struggles."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from delivery.access import Access, CourseRequest, access
from delivery.gradebook.analysing import analyse_column, is_ours, people_of
from delivery.gradebook.columns import Book, open_book, path_of
from delivery.gradebook.explaining import explain_line, marks_of, may_gain_of
from delivery.gradebook.state import PAGE_SIZES, STATUSES, BookState, Columns, read_state
from delivery.gradebook.statistics import measure_course
from delivery.gradebook.struggling import due_dates, find_struggling
from delivery.grades.api import (
    BookLine,
    Column,
    iterate_packed,
    read_line,
    read_page,
    read_standing,
)
from delivery.groups import user_ids_of
from delivery.models import Course, Enrollment

ELEMENTS_ON_PAGE = 25
STRUGGLING_ON_PAGE = 50


def book_of(request: CourseRequest) -> Book:
    """The grade book of the course visited; 404 while the course serves nothing."""
    course = request.visit.course
    if course.current_version_id is None:
        raise Http404(_("This course has no content yet."))
    return open_book(course)


def column_of(book: Book, kind: str, name: str) -> Column:
    """The column that an address names."""
    column = book.by_key.get(f"{kind}/{name}")
    if column is None:
        raise Http404(_("There is no such exercise in this course."))
    return column


def line_of(course: Course, user_id: int) -> BookLine:
    """The line of the learner whom an address names."""
    line = read_line(course, user_id)
    if line is None:
        raise Http404(_("There is no such learner in this course."))
    return line


@access(Access.COURSE_STAFF)
@never_cache
@require_safe
def gradebook(request: CourseRequest, course_key: str) -> HttpResponse:
    """A page of the grid: learners in rows, exercises or subsections in columns."""
    course = request.visit.course
    book = book_of(request)
    state = read_state(request.GET)
    page, found = _read_page(course, book, state)
    by_part = state.columns == Columns.PARTS
    columns = book.parts if by_part else book.blocks
    context = {
        "course": course,
        "book": book,
        "state": state,
        "page": page,
        "lines": found.lines,
        "is_settling": found.is_settling,
        "by_part": by_part,
        "columns": columns,
        "paths": [path_of(column) for column in columns],
        "groups": course.groups.all(),
        "statuses": STATUSES,
        "sizes": PAGE_SIZES,
    }
    return render(request, "gradebook/grid.html", context)


def _read_page(course: Course, book: Book, state: BookState) -> tuple[Any, Any]:
    """The page that is asked for, or the last one if there are fewer."""

    def read(number: int) -> Any:
        return read_page(
            course,
            sort=state.sort_of(book),
            descending=state.is_descending,
            status=state.status_of,
            search=state.search,
            user_ids=user_ids_of(course, state.group) if state.group else None,
            offset=(number - 1) * state.size,
            limit=state.size,
        )

    found = read(state.page)
    page = Paginator(range(found.total), state.size).get_page(state.page)
    return page, found if page.number == state.page else read(page.number)


@access(Access.COURSE_STAFF)
@never_cache
@require_safe
def gradebook_column(request: CourseRequest, course_key: str, kind: str, name: str) -> HttpResponse:
    """A column in figures; of our own exercises also which elements trainees miss."""
    course = request.visit.course
    book = book_of(request)
    column = column_of(book, kind, name)
    state = read_state(request.GET)
    user_ids = user_ids_of(course, state.group) if state.group else None
    measured = measure_course(iterate_packed(course, user_ids=user_ids), book, (column,))
    context: dict[str, Any] = {
        "course": course,
        "book": book,
        "column": column,
        "path": path_of(column),
        "part": book.part_of[column.subsection],
        "measured": measured.columns[0],
        "group": next((group for group in course.groups.all() if group.pk == state.group), None),
    }
    if is_ours(book, column):
        analysis = analyse_column(course, book, column)
        page = Paginator(analysis.elements, ELEMENTS_ON_PAGE).get_page(request.GET.get("page"))
        people = people_of(course, analysis, page)
        context |= {"analysis": analysis, "page": page, "people": people}
    return render(request, "gradebook/column.html", context)


@access(Access.COURSE_STAFF)
@never_cache
@require_safe
def gradebook_statistics(request: CourseRequest, course_key: str) -> HttpResponse:
    """The course and all its columns in figures."""
    course = request.visit.course
    book = book_of(request)
    state = read_state(request.GET)
    by_part = state.columns == Columns.PARTS
    columns = book.parts if by_part else book.blocks
    user_ids = user_ids_of(course, state.group) if state.group else None
    context = {
        "course": course,
        "book": book,
        "state": state,
        "by_part": by_part,
        "groups": course.groups.all(),
        "measured": measure_course(iterate_packed(course, user_ids=user_ids), book, columns),
        "rows": [(column, path_of(column)) for column in columns],
    }
    return render(request, "gradebook/statistics.html", context)


@access(Access.COURSE_STAFF)
@never_cache
@require_safe
def gradebook_struggling(request: CourseRequest, course_key: str) -> HttpResponse:
    """The learners who show signs of falling behind."""
    course = request.visit.course
    book = book_of(request)
    state = read_state(request.GET)
    user_ids = user_ids_of(course, state.group) if state.group else None
    now = timezone.now()
    total, worst = find_struggling(
        iterate_packed(course, user_ids=user_ids), book, due_dates(course, book), now
    )
    context = {
        "course": course,
        "state": state,
        "groups": course.groups.all(),
        "total": total,
        "page": Paginator(worst, STRUGGLING_ON_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "gradebook/struggling.html", context)


@access(Access.COURSE_STAFF)
@never_cache
@require_safe
def gradebook_learner(request: CourseRequest, course_key: str, user_id: int) -> HttpResponse:
    """A learner's marks, the grade and how it came about."""
    course = request.visit.course
    book = book_of(request)
    line = line_of(course, user_id)
    enrollment = Enrollment.objects.filter(course=course, user_id=user_id).first()
    extensions = enrollment.extensions if enrollment else {}
    context = {
        "course": course,
        "book": book,
        "line": line,
        "explanation": explain_line(book, line, may_gain_of(book, extensions, timezone.now())),
        "rows": marks_of(book, line, extensions),
        "standing": read_standing(course, line.percent),
    }
    return render(request, "gradebook/learner.html", context)
