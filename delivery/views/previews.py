"""Which version or draft of a course a member of its staff sees, kept in their session."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from delivery.access import DRAFT_PREVIEW


def start_preview(request: HttpRequest, course_key: str, version: int | str) -> None:
    """See a version by its id; the draft (``DRAFT_PREVIEW``) is seen as trainees will see it."""
    previews: dict[str, Any] = request.session.get("previews", {})
    request.session["previews"] = {**previews, course_key: version}
    if version == DRAFT_PREVIEW:
        see_as_trainee(request, course_key, True)


def end_preview(request: HttpRequest, course_key: str) -> None:
    """See what is served again; after the draft, as the staff."""
    previews: dict[str, Any] = request.session.get("previews", {})
    if course_key not in previews:
        return
    if previews[course_key] == DRAFT_PREVIEW:
        see_as_trainee(request, course_key, False)
    remaining = {key: value for key, value in previews.items() if key != course_key}
    request.session["previews"] = remaining


def see_as_trainee(request: HttpRequest, course_key: str, wanted: bool) -> None:
    """See a course as its trainees do, or as its staff."""
    seen = set(request.session.get("seen_as_trainee", []))
    seen = seen | {course_key} if wanted else seen - {course_key}
    request.session["seen_as_trainee"] = sorted(seen)
