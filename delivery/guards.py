"""Guards in front of the views: bodies too large, odd addresses, a database that stays locked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from delivery.access import wants_page

DEFAULT_MAX_BODY = 20 * 2**20  # bytes
MULTIPART_SLACK = 64 * 2**10  # bytes around a file in a form
RETRY_AFTER = 5  # seconds
LOCKED_WORDS = "locked"  # of SQLite's "database is locked" and "database table is locked"


class BodyLimitMiddleware:
    """Refuses a request by the length it announces, before anything of its body is read.

    A body that announces none is empty to Django.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 413 or let the request pass."""
        limit = _body_limit(request.path_info)
        # gunicorn has refused a length that is not a number
        if int(request.META.get("CONTENT_LENGTH") or 0) > limit:
            text = _("The upload is larger than the %(size)d MB allowed here.")
            said = text % {"size": limit // 2**20}
            if "text/html" in request.headers.get("Accept", ""):
                return HttpResponse(render_to_string("413.html", {"said": said}), status=413)
            return JsonResponse({"error": said}, status=413)
        return self.get_response(request)


def _body_limit(path: str) -> int:
    if path == reverse("imports"):
        return int(settings.MAX_COURSE_UPLOAD) + MULTIPART_SLACK
    return int(getattr(settings, "MAX_REQUEST_BODY", DEFAULT_MAX_BODY))


class NulMiddleware:
    """Answers 404 to an address with a NUL character, which no database would look for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request pass."""
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> None:
        """Raise ``Http404`` in the place of the view."""
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404


class BusyDatabaseMiddleware:
    """Answers 503 with ``Retry-After`` when SQLite stays locked beyond its time-out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request pass."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer in the place of a view that met a locked database."""
        return busy_response(request) if is_busy(error) else None


def is_busy(error: BaseException | None) -> bool:
    """Whether ``error`` is SQLite's being locked."""
    return isinstance(error, OperationalError) and LOCKED_WORDS in str(error)


def busy_response(request: HttpRequest) -> HttpResponse:
    """A page, or data for a script, that asks to try again soon."""
    if wants_page(request):
        # Rendered without the request: the page must ask nothing of the database.
        response = HttpResponse(render_to_string("503.html"), status=503)
    else:
        text = _("The school is very busy. Please try again in a moment.")
        response = JsonResponse({"error": text}, status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response
