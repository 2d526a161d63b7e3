"""Refusals as problem details (RFC 9457), with the named errors of ``practicum.api``."""

from __future__ import annotations

from typing import Any

from django.http import JsonResponse

from practicum import api
from practicum.api import InvalidEntry, PracticumError
from practicum.words import say

URN = "urn:libschool:practicum:"
STATUSES: tuple[tuple[type[PracticumError], int], ...] = (
    (api.NotFound, 404),
    (api.LinkInvalid, 403),
    (api.NotAllowed, 403),
    (api.Erased, 410),
    (api.InvalidEntry, 422),
    (api.InvalidValue, 422),
    (api.ReasonNeeded, 422),
    (api.EvidenceRefused, 422),
)
CONFLICT = 409  # whatever else stands against it stands as it is now


def problem(status: int, code: str, detail: str, **more: Any) -> JsonResponse:
    """An answer of the type ``application/problem+json``."""
    body = {"type": f"{URN}{code}", "title": code, "status": status, "detail": detail, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def refusal(error: PracticumError) -> JsonResponse:
    """A refusal of the api, in the reader's language; an entry's problems each for itself."""
    status = next((status for kind, status in STATUSES if isinstance(error, kind)), CONFLICT)
    more: dict[str, Any] = {}
    if isinstance(error, InvalidEntry):
        more["problems"] = [
            {
                "code": one.code,
                "detail": say(one),
                "is_hard": one.is_hard,
                "field": one.field,
                "entry": str(one.entry) if one.entry else None,
            }
            for one in error.problems
        ]
    return problem(status, error.code, say(error), **more)
