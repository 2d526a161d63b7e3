"""Who blocks are told is looking at them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from xblock.reference.user_service import XBlockUser

from delivery.access import Visit, is_administrator
from delivery.models import Enrollment

PREFIX = "edx-platform."
ANONYMOUS_ID_LENGTH = 32


def anonymous_id_of(visit: Visit) -> str:
    """The name under which a course's blocks know the visitor.

    Enrolment gives a random one. Staff who are not enrolled have one that their account and the
    course determine.
    """
    if visit.enrollment is not None:
        return visit.enrollment.anonymous_id
    return salted_hmac(f"libschool.anonymous.{visit.course.key}", str(visit.user.pk)).hexdigest()[
        :ANONYMOUS_ID_LENGTH
    ]


def _role(visit: Visit) -> str:
    if not visit.is_staff or visit.as_trainee:
        return "student"
    return "staff" if is_administrator(visit.user) else "instructor"


def describe_visitor(visit: Visit) -> XBlockUser:
    """The visitor as XBlocks see people, with Open edX's attributes."""
    person = XBlockUser(
        is_current_user=True,
        emails=[visit.user.email] if visit.user.email else [],
        full_name=visit.user.get_full_name() or visit.user.get_username(),
    )
    anonymous_id = anonymous_id_of(visit)
    attributes = {
        "anonymous_user_id": anonymous_id,
        "deprecated_anonymous_user_id": anonymous_id,
        "request_country_code": None,
        "is_authenticated": True,
        "user_id": visit.user.pk,
        "username": visit.user.get_username(),
        "user_is_beta_tester": False,
        "user_is_global_staff": is_administrator(visit.user) and not visit.as_trainee,
        "user_is_staff": visit.is_staff and not visit.as_trainee,
        "user_preferences": {
            "pref-lang": translation.get_language(),
            "time_zone": timezone.get_current_timezone_name(),
        },
        "user_role": _role(visit),
    }
    person.opt_attrs = {PREFIX + name: value for name, value in attributes.items()}
    return person


class UserService:
    """Tells a block about the visitor; to staff, also about others in the course."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._person: XBlockUser | None = None

    def get_current_user(self) -> XBlockUser:
        """The visitor."""
        if self._person is None:
            self._person = describe_visitor(self._visit)
        return self._person

    def get_anonymous_user_id(self, username: str, course_id: Any) -> str | None:
        """The anonymous id of somebody in this course; ``None`` unless staff asks."""
        if not self._visit.sees_all or str(course_id) != self._visit.course.key:
            return None
        found = Enrollment.objects.filter(course=self._visit.course, user__username=username)
        return found.values_list("anonymous_id", flat=True).first()

    def get_user_by_anonymous_id(self, uid: str | None = None) -> Any:
        """The account behind an anonymous id: one's own, or to staff another's in the course."""
        if uid is None or uid == anonymous_id_of(self._visit):
            return self._visit.user
        if not self._visit.sees_all:
            return None
        found = Enrollment.objects.filter(course=self._visit.course, anonymous_id=uid)
        enrollment = found.select_related("user").first()
        return enrollment.user if enrollment else None

    def get_names_by_anonymous_ids(self, ids: Collection[str]) -> dict[str, str]:
        """What people in the course are called, by anonymous id; nothing unless staff asks."""
        if not self._visit.sees_all:
            return {}
        found = Enrollment.objects.filter(course=self._visit.course, anonymous_id__in=list(ids))
        return {
            row.anonymous_id: row.user.get_full_name() or row.user.get_username()
            for row in found.select_related("user")
        }

    def get_external_user_id(self, type_name: str) -> None:
        """There are no ids of other systems."""
        return None
