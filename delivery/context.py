"""What every page's template knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

from delivery.access import is_administrator, may_author
from delivery.accounts import is_mail_verified
from delivery.models import Enrollment
from practicum import api as practicum

TEACHES_KEY = "may_teach"
PRACTISES_KEY = "has_practice"
COURSE_PARTS_IN_TEACH = (  # of the addresses below a course
    *("/draft/", "/versions/", "/gradebook/", "/grading/", "/regrades/"),
)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the site in the top bar, and at phone width in the bottom bar."""

    label: Any
    url: str
    icon: str
    is_current: bool


def school(request: HttpRequest) -> dict[str, Any]:
    """The school's name, its languages, and the parts of it that the visitor's role opens."""
    user: Any = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    administers = signed_in and is_administrator(user)
    teaches = administers or (signed_in and may_teach(request))
    return {
        "school_name": settings.SCHOOL_NAME,
        "is_administrator": administers,
        "may_teach": teaches,
        "sections": _sections(request.path, _parts_of(request, teaches, administers)),
        "languages": _languages(),
    }


def may_teach(request: HttpRequest) -> bool:
    """Whether the visitor's menu offers *Teach*; kept in the session, renewed by the home page.

    Only the menu hangs on it: what a teacher may do is asked anew on every request.
    """
    kept = request.session.get(TEACHES_KEY)
    return renew_may_teach(request) if kept is None else bool(kept)


def renew_may_teach(request: HttpRequest) -> bool:
    """Ask the database whether the visitor teaches, and keep the answer in the session."""
    user: Any = request.user
    mine = Enrollment.objects.filter(user=user, role=Enrollment.Role.INSTRUCTOR, is_active=True)
    teaches = may_author(user) or mine.exists()
    if request.session.get(TEACHES_KEY) != teaches:
        request.session[TEACHES_KEY] = teaches
    return teaches


def has_practice(request: HttpRequest) -> bool:
    """Whether the visitor's menu offers *Practice*; kept and renewed as *Teach* is."""
    kept = request.session.get(PRACTISES_KEY)
    return renew_has_practice(request) if kept is None else bool(kept)


def renew_has_practice(request: HttpRequest) -> bool:
    """Ask whether the visitor has a part in the practicum, and keep the answer in the session."""
    user: Any = request.user
    has = practicum.recognise(user, lambda: is_mail_verified(user)) is not None
    if request.session.get(PRACTISES_KEY) != has:
        request.session[PRACTISES_KEY] = has
    return has


def _parts_of(request: HttpRequest, teaches: bool, administers: bool) -> set[str]:
    """The parts of the school that are open to the visitor."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return set()
    opened = {
        "learn": True,
        "practice": has_practice(request),
        "teach": teaches,
        "manage": administers,
    }
    return {part for part, is_open in opened.items() if is_open}


def _sections(path: str, parts: set[str]) -> list[Section]:
    home, practice, teach, manage = (
        reverse(name) for name in ("home", "practicum:home", "teach", "manage")
    )
    in_teach = path.startswith(teach) or any(part in path for part in COURSE_PARTS_IN_TEACH)
    in_practice, in_manage = path.startswith(practice), path.startswith(manage)
    offered = (
        ("learn", _("Learn"), home, not (in_practice or in_teach or in_manage)),
        ("practice", _("Practice"), practice, in_practice),
        ("teach", _("Teach"), teach, in_teach),
        ("manage", _("Manage"), manage, in_manage),
    )
    return [
        Section(label, url, part, is_current)
        for part, label, url, is_current in offered
        if part in parts
    ]


def _languages() -> list[dict[str, Any]]:
    """The interface's languages by their own names; nothing to choose among if there is one."""
    if len(settings.LANGUAGES) < 2:
        return []
    current = get_language()
    return [
        {
            "code": code,
            "name": get_language_info(code)["name_local"].capitalize(),
            "is_current": code == current,
        }
        for code, _name in settings.LANGUAGES
    ]
