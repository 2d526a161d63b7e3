"""Who may call which view: what declares nothing is refused.

A view says so with ``@access(...)``; the suite's other apps say it in a word of their own, and the
views of other packages are listed in ``OTHERS_VIEWS``. The middleware enforces it before the view
runs, and for URLs below a course it also works out who the visitor is in that course and leaves
that as ``request.visit``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from functools import cached_property
from typing import Any, TypeVar

import structlog
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from delivery.authoring.trees import load_draft_tree
from delivery.models import Course, Enrollment
from delivery.prepared import Prepared, Slot, build, columns_of
from delivery.tree import CourseTree, load_tree

logger = structlog.get_logger(__name__)

View = TypeVar("View", bound=Callable[..., Any])


class Access(Enum):
    """Who may call a view."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    VISITOR = "anyone who may see that the course exists"
    LEARNER = "enrolled in the course, once it has started; or its staff"
    COURSE_STAFF = "instructor of the course, or administrator"
    DRAFT = "instructor of the course, or administrator; the visit is to its draft"
    AUTHOR = "may add courses, or administrator"
    ADMINISTRATOR = "administrator"


COURSE_LEVELS = {Access.VISITOR, Access.LEARNER, Access.COURSE_STAFF, Access.DRAFT}
DRAFT_PREVIEW = "draft"  # among the previews of a session, in the place of a version

OTHERS_VIEWS: dict[str, Access] = {
    "account_login": Access.ANYONE,
    "account_logout": Access.ANYONE,
    "account_signup": Access.ANYONE,
    "account_inactive": Access.ANYONE,
    "account_reset_password": Access.ANYONE,
    "account_reset_password_done": Access.ANYONE,
    "account_reset_password_from_key": Access.ANYONE,
    "account_reset_password_from_key_done": Access.ANYONE,
    "account_confirm_email": Access.ANYONE,
    "account_email_verification_sent": Access.ANYONE,
    "account_change_password": Access.SIGNED_IN,
    "account_set_password": Access.SIGNED_IN,
    "account_email": Access.SIGNED_IN,
    "account_reauthenticate": Access.SIGNED_IN,
    "set_language": Access.ANYONE,
    "javascript-catalog": Access.ANYONE,
    "admin:login": Access.ANYONE,
    "admin:logout": Access.SIGNED_IN,
}


# Words on the views of the suite's other apps, which know nothing of this site. Who coordinates the
# practicum, it decides itself.
APPS_WORDS: dict[str, Access] = {
    "anyone": Access.ANYONE,
    "signed in": Access.SIGNED_IN,
    "coordinator": Access.SIGNED_IN,
}


def access(level: Access) -> Callable[[View], View]:
    """Declare who may call the decorated view."""

    def declare(view: View) -> View:
        view.libschool_access = level  # type: ignore[attr-defined]  # read back by declared_access
        return view

    return declare


def is_administrator(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether ``user`` keeps the school."""
    return bool(user.is_active and getattr(user, "is_staff", False))


def may_author(user: Any) -> bool:
    """Whether ``user`` may bring new courses in."""
    return is_administrator(user) or bool(user.has_perm("libschool_delivery.add_course"))


@dataclass(frozen=True)
class Visit:
    """A person's visit to a course. ``version_id`` is another than the served one in a preview.

    ``as_trainee`` says that a member of the staff chose to see the course as its trainees do, and
    ``on_draft`` that they see what its authors are working at.
    """

    course: Course
    user: Any
    enrollment: Enrollment | None
    version_id: int | None
    is_preview: bool = False
    as_trainee: bool = False
    on_draft: bool = False

    @property
    def is_staff(self) -> bool:
        """Whether the visitor is course staff."""
        return is_administrator(self.user) or bool(
            self.enrollment
            and self.enrollment.is_active
            and self.enrollment.role == Enrollment.Role.INSTRUCTOR
        )

    @property
    def is_learner(self) -> bool:
        """Whether the visitor takes part in the course, in any role."""
        return bool(self.enrollment and self.enrollment.is_active)

    @property
    def extensions(self) -> Mapping[str, str]:
        """The due dates that the visitor has of their own, by usage key."""
        return self.enrollment.extensions if self.enrollment else {}

    @cached_property
    def tree(self) -> CourseTree:
        """The version or draft visited; raises ``Http404`` while the course has none."""
        if self.on_draft:
            tree = load_draft_tree(self.course)
        else:
            tree = None if self.version_id is None else load_tree(self.version_id)
        if tree is None:
            raise Http404(_("This course has no content yet."))
        return tree

    @property
    def is_editing(self) -> bool:
        """Whether the visit is to a page on which the draft is changed: not to a preview of it."""
        return self.on_draft and not self.is_preview

    @property
    def sees_all(self) -> bool:
        """Whether the visitor sees what is not open yet: course staff, unless as a trainee."""
        return self.is_staff and not self.as_trainee

    def start_of(self, usage_key: str) -> datetime | None:
        """When a block opens, or ``None`` if it always was open."""
        return self.tree.opens_at(usage_key)

    def may_open(self, usage_key: str) -> bool:
        """Whether the visitor may see a block: it has started and is not for staff alone."""
        if self.sees_all:
            return True
        if self.tree.is_staff_only(usage_key):
            return False
        start = self.start_of(usage_key)
        return start is None or start <= timezone.now()


class CourseRequest(HttpRequest):
    """A request for a URL below a course: the middleware has worked out its ``visit``."""

    visit: Visit


_ENROLLMENTS = Prepared(
    lambda _listed: Enrollment.objects.filter(
        user_id=Slot("user_id"), course__key=Slot("course_key")
    ).values_list(*columns_of(Enrollment), *columns_of(Course, "course__"))
)


def _find_enrollment(user: Any, course_key: str) -> Enrollment | None:
    """The enrolment with its course: for who takes it, one query tells all of a visit."""
    if not user.is_authenticated:
        return None
    for row in _ENROLLMENTS.fetch(user_id=user.pk, course_key=course_key):
        own = len(columns_of(Enrollment))
        enrollment = build(Enrollment, row[:own])
        enrollment.course = build(Course, row[own:])
        return enrollment
    return None


def visit_course(request: HttpRequest, course_key: str) -> Visit:
    """The visit of ``request``'s user to a course; ``Http404`` if they may not know of it."""
    user = request.user
    enrollment = _find_enrollment(user, course_key)
    course = enrollment.course if enrollment else Course.objects.filter(key=course_key).first()
    if course is None:
        raise Http404(_("There is no such course."))
    visit = Visit(course, user, enrollment, course.current_version_id)
    if visit.is_staff:
        previewed = request.session.get("previews", {}).get(course.key)
        if previewed == DRAFT_PREVIEW:
            visit = replace(visit, on_draft=True, is_preview=True)
        elif previewed and course.versions.filter(pk=previewed).exists():
            visit = replace(visit, version_id=previewed, is_preview=True)
        if course.key in request.session.get("seen_as_trainee", []):
            visit = replace(visit, as_trainee=True)
    elif course.current_version_id is None or not (course.is_listed or visit.is_learner):
        raise Http404(_("There is no such course."))
    return visit


def declared_access(view: Callable[..., Any], view_name: str) -> Access | None:
    """What a view declares, or ``None`` if it declares nothing."""
    level = getattr(view, "libschool_access", None)
    if isinstance(level, Access):
        return level
    word = getattr(view, "who_may_call", "")
    if word in APPS_WORDS:
        return APPS_WORDS[word]
    if view_name in OTHERS_VIEWS:
        return OTHERS_VIEWS[view_name]
    return Access.ADMINISTRATOR if view_name.startswith("admin:") else None


class AccessMiddleware:
    """Refuses every request that its view's declaration does not allow."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the check is made once its view is known."""
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        """Let the view run (``None``) or answer in its place."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        level = declared_access(view, name)
        if level is None:
            logger.error("view_declares_no_access", view=name)
            raise PermissionDenied
        if level is Access.ANYONE:
            return None
        if level in COURSE_LEVELS:
            visit = visit_course(request, kwargs["course_key"])
            if level is Access.DRAFT:
                visit = replace(visit, on_draft=True, is_preview=False, as_trainee=False)
            request.visit = visit  # type: ignore[attr-defined]  # typed views take CourseRequest
        return _refusal(request, level)


def _refusal(request: HttpRequest, level: Access) -> HttpResponse | None:
    user = request.user
    if level is Access.VISITOR:
        return None
    if not user.is_authenticated:
        return _answer_stranger(request)
    if level is Access.LEARNER:
        return _refuse_outsider(request)
    allowed: dict[Access, Callable[[], bool]] = {
        Access.SIGNED_IN: lambda: True,
        Access.COURSE_STAFF: lambda: request.visit.is_staff,  # type: ignore[attr-defined]  # as above
        Access.DRAFT: lambda: request.visit.is_staff,  # type: ignore[attr-defined]  # as above
        Access.AUTHOR: lambda: may_author(user),
        Access.ADMINISTRATOR: lambda: is_administrator(user),
    }
    if not allowed[level]():
        raise PermissionDenied
    return None


def wants_page(request: HttpRequest) -> bool:
    """Whether a person's browser asks for a page, rather than a script for data."""
    return request.method == "GET" and "text/html" in request.headers.get("Accept", "")


def _answer_stranger(request: HttpRequest) -> HttpResponse:
    if wants_page(request):
        return redirect_to_login(request.get_full_path())
    return JsonResponse({"error": _("Please sign in.")}, status=403)


def _refuse_outsider(request: HttpRequest) -> HttpResponse | None:
    visit: Visit = request.visit  # type: ignore[attr-defined]  # set above for every course level
    if visit.is_staff:
        return None
    if visit.is_learner:
        if visit.may_open(visit.tree.root):
            return None
        problem = _("This course has not started yet.")
    else:
        problem = _("Please enrol in the course first.")
    if wants_page(request):
        messages.info(request, problem)
        return redirect("course", course_key=visit.course.key)
    return JsonResponse({"error": problem}, status=403)
