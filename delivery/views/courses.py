"""The catalogue and the page of a course: finding it, taking it, leaving it."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from delivery.about import About, load_about
from delivery.access import Access, CourseRequest, Visit, access
from delivery.models import Course, Enrollment
from delivery.outline import outline_of
from delivery.progress import Eyes, load_completions, measure, place_to_continue
from delivery.views.home import describe, listed_courses
from delivery.views.previews import see_as_trainee

COURSES_ON_PAGE = 12
LONGEST_SEARCH = 100


@access(Access.ANYONE)
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """All courses on offer, page by page; ``q`` searches names and summaries."""
    search = " ".join(request.GET.get("q", "").split())[:LONGEST_SEARCH]
    found = search_courses(search)
    page = Paginator(found, COURSES_ON_PAGE).get_page(request.GET.get("page"))
    return render(request, "courses/catalogue.html", {"page": page, "search": search})


def search_courses(search: str) -> list[tuple[Course, About]]:
    """The listed courses with every word of ``search`` in their name, key or summary.

    Done here rather than in the database, since SQLite knows upper and lower case of the Latin
    alphabet alone.
    """
    words = search.casefold().split()
    return [
        (course, about)
        for course, about in describe(listed_courses())
        if all(
            word in f"{course.display_name} {course.key} {about.summary}".casefold()
            for word in words
        )
    ]


@access(Access.VISITOR)
@require_safe
def course(request: CourseRequest, course_key: str) -> HttpResponse:
    """What a course is about; to those who take it, its outline and where they are in it."""
    visit = request.visit
    tree = visit.tree
    outline = outline_of(tree)
    eyes = Eyes(timezone.now(), visit.sees_all, visit.extensions)
    is_open = eyes.see(outline.opening)
    context = {
        "visit": visit,
        "about": load_about(tree.version_id),
        "outline": outline,
        "eyes": eyes,
        "is_open": is_open,
        "opens_at": outline.opening.at,
        "enrolment_problem": _enrolment_problem(visit, eyes.now),
    }
    if (visit.is_learner or visit.is_staff) and is_open:
        done = load_completions(visit.user.pk, [visit.course.pk])[visit.course.pk]
        progress = measure(outline, done, eyes)
        last_unit = visit.enrollment.last_unit if visit.enrollment else ""
        context |= {
            "progress": progress,
            "place": place_to_continue(progress, last_unit),
            "has_begun": bool(last_unit),
        }
    return render(request, "courses/course.html", context)


@access(Access.VISITOR)
@require_POST
def enrol(request: CourseRequest, course_key: str) -> HttpResponse:
    """Take a course. A role that was taken away does not come back this way."""
    visit = request.visit
    course_url = reverse("course", args=[course_key])
    if not visit.user.is_authenticated:
        return redirect_to_login(course_url)
    problem = _enrolment_problem(visit, timezone.now())
    if problem and not visit.is_learner:
        messages.error(request, problem)
        return redirect(course_url)
    enrollment, is_new = Enrollment.objects.get_or_create(user=visit.user, course=visit.course)
    if not enrollment.is_active:
        enrollment.is_active = True
        enrollment.role = Enrollment.Role.TRAINEE
        enrollment.save(update_fields=["is_active", "role"])
    if is_new:
        said = _("You are enrolled in %(course)s.")
    else:
        said = _("You are enrolled in %(course)s again. Everything you did is still there.")
    messages.success(request, said % {"course": visit.course.display_name})
    return redirect(course_url)


@access(Access.VISITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: CourseRequest, course_key: str) -> HttpResponse:
    """Leave a course, after asking whether that is meant. Nothing that was done is lost."""
    visit = request.visit
    if visit.enrollment is None or not visit.is_learner:
        return redirect("course", course_key=course_key)
    if request.method != "POST":
        return render(request, "courses/leave.html", {"visit": visit})
    visit.enrollment.is_active = False
    visit.enrollment.save(update_fields=["is_active"])
    said = _("You have left %(course)s. What you did is kept in case you come back.")
    messages.success(request, said % {"course": visit.course.display_name})
    return redirect("home")


@access(Access.COURSE_STAFF)
@require_POST
def view_as(request: CourseRequest, course_key: str) -> HttpResponse:
    """Let staff see the course as trainees do, and back; kept for the session."""
    see_as_trainee(request, course_key, request.POST.get("role") == "trainee")
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        return redirect(target)
    return redirect("course", course_key=course_key)


def _enrolment_problem(visit: Visit, now: datetime) -> str:
    """Why nobody can enrol at ``now``, or nothing."""
    tree = visit.tree
    opens = tree.date(tree.root, "enrollment_start")
    closes = tree.date(tree.root, "enrollment_end")
    if opens and now < opens:
        return _("Enrolment has not opened yet.")
    if closes and now > closes:
        return _("Enrolment has closed.")
    return ""
