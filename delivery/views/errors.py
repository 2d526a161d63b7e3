"""Pages for when something went wrong: what happened, what was kept, what to do."""

from __future__ import annotations

import sys
from typing import Any

import structlog
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from delivery.access import Access, access
from delivery.guards import busy_response, is_busy

logger = structlog.get_logger(__name__)


@access(Access.ANYONE)
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that could not be understood."""
    return _answer(request, 400, _("That request could not be understood."))


@access(Access.ANYONE)
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer someone who may not see what they asked for."""
    return _answer(request, 403, str(exception or "") or _("You may not see this page."))


@access(Access.ANYONE)
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request for what is not there. Only our own ``Http404`` messages are shown."""
    said = exception.args[0] if isinstance(exception, Http404) and exception.args else ""
    return _answer(request, 404, said if isinstance(said, str) else "")


@access(Access.ANYONE)
def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when the server failed. The page asks nothing of the database or the session."""
    if is_busy(sys.exc_info()[1]):  # met outside the view, as when the session is saved
        return busy_response(request)
    if "text/html" not in request.headers.get("Accept", ""):
        return JsonResponse({"error": _("Something went wrong on our side.")}, status=500)
    return HttpResponse(render_to_string("500.html"), status=500)


@access(Access.ANYONE)
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose safety token is missing or old."""
    logger.warning("csrf_refused", reason=reason, path=request.path)
    said = _("This form was open for too long, or your browser does not keep cookies.")
    return _answer(request, 403, said, "403_csrf.html")


def _answer(
    request: HttpRequest, status: int, said: str, template: str | None = None
) -> HttpResponse:
    if "text/html" not in request.headers.get("Accept", ""):
        return JsonResponse({"error": said}, status=status)
    context: dict[str, Any] = {"said": said}
    return render(request, template or f"{status}.html", context, status=status)
