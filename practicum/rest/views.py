"""The REST interface: who asks, what they ask for, and the answer as JSON.

A token (``Authorization: Bearer …``) or the session of the host's sign-in tells who asks; a session
needs the CSRF token as well. How often somebody may ask is limited (``PRACTICUM_API_RATE``).
"""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from practicum.api import Actor, PracticumError, find_token
from practicum.canonical import plain
from practicum.rest.operations import BY_SESSION_ONLY, Operation, find, methods_of
from practicum.rest.problems import problem, refusal
from practicum.rest.schema import document
from practicum.rest.shapes import Misshapen, read, read_named
from practicum.views.access import Who, access, actor_of
from practicum.views.throttle import is_over_for

MOST, USUAL = 200, 50  # items of a page
MOST_BYTES = 1_000_000
RATE = 120  # requests a minute
BEARER = "Bearer "
PAGE_NAMES = ("limit", "offset")


_csrf = CsrfViewMiddleware(lambda _request: HttpResponse())


@access(Who.ANYONE)
def schema(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document, for everybody."""
    return JsonResponse(document())


@csrf_exempt  # asked of those who come by a session, below
@never_cache
@access(Who.ANYONE)
def call(request: HttpRequest, path: str) -> HttpResponse:
    """Carry out an operation for whoever asks; without a sign of who that is, refuse (401)."""
    found = find(request.method or "", f"/{path}")
    if found is None:
        return _nothing_there(f"/{path}")
    actor = _who(request)
    if isinstance(actor, HttpResponse):
        return actor
    if not _is_in_time(actor):
        refused = problem(429, "TooManyRequests", _("Too many requests. Try again in a minute."))
        refused["Retry-After"] = "60"
        return refused
    operation, in_path = found
    if operation.name in BY_SESSION_ONLY and "Authorization" in request.headers:
        return problem(403, "NotAllowed", _("Only somebody who is signed in may do this."))
    try:
        result = operation.function(actor, **_asked(request, operation, in_path))
        return _answer(request, operation, result)
    except Misshapen as error:
        return problem(422, "InvalidRequest", str(error), where=error.where)
    except PracticumError as error:
        return refusal(error)


def _nothing_there(path: str) -> HttpResponse:
    allowed = methods_of(path)
    if not allowed:
        return problem(404, "NotFound", _("There is no such path."))
    refused = problem(405, "MethodNotAllowed", _("This path has other methods."))
    refused["Allow"] = ", ".join(allowed)
    return refused


def _who(request: HttpRequest) -> Actor | HttpResponse:
    """Who asks, or the refusal of whoever does not show it."""
    header = request.headers.get("Authorization", "")
    if header:
        token = header.removeprefix(BEARER) if header.startswith(BEARER) else ""
        actor = find_token(token)
        if actor is not None:
            return actor
    elif request.user.is_authenticated:
        if _csrf.process_view(request, schema, (), {}) is not None:
            return problem(403, "CsrfFailed", _("The CSRF token is missing or wrong."))
        return actor_of(request)
    refused = problem(401, "NotAuthenticated", _("A token or a session is needed."))
    refused["WWW-Authenticate"] = 'Bearer realm="practicum"'
    return refused


def _is_in_time(actor: Actor) -> bool:
    """Whether somebody has not asked too often within a minute."""
    most = getattr(settings, "PRACTICUM_API_RATE", RATE)
    return not is_over_for("api", str(actor.person), most, window=60)


# --- What is asked --------------------------------------------------------------------------------


def _asked(request: HttpRequest, operation: Operation, in_path: dict[str, str]) -> dict[str, Any]:
    """The arguments of an operation; raises ``Misshapen``."""
    values = {name: read(operation.shapes[name], raw, name) for name, raw in in_path.items()}
    rest = {name: shape for name, shape in operation.shapes.items() if name not in in_path}
    required = set(operation.required - operation.in_path)
    if operation.method == "GET":
        values |= read_named(rest, required, _query(request, rest))
        if operation.pages_itself:
            limit, offset = _page(request)
            values |= {"limit": limit + 1, "offset": offset}
        return values
    values |= read_named(rest, required, _body(request))
    if operation.takes_key:
        values["key"] = request.headers.get("Idempotency-Key", "")
    return values


def _query(request: HttpRequest, shapes: dict[str, Any]) -> dict[str, Any]:
    """The query as JSON: lists have their name several times, numbers and flags are written out."""
    found: dict[str, Any] = {}
    for name in request.GET:
        if name in PAGE_NAMES:
            continue
        texts = request.GET.getlist(name)
        shape = str(shapes.get(name, ""))
        if "Collection" in shape or "tuple" in shape:
            found[name] = texts
        elif shapes.get(name) is bool or "int" in shape:
            found[name] = _loaded(texts[-1], name)
        else:
            found[name] = texts[-1]
    return found


def _loaded(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise Misshapen(where, "a number, true or false") from error


def _body(request: HttpRequest) -> Any:
    if len(request.body) > MOST_BYTES:
        raise Misshapen("", f"a body of at most {MOST_BYTES} bytes")
    try:
        return json.loads(request.body or b"{}")
    except (ValueError, RecursionError) as error:
        raise Misshapen("", "JSON") from error


def _page(request: HttpRequest) -> tuple[int, int]:
    texts = (request.GET.get("limit", str(USUAL)), request.GET.get("offset", "0"))
    if not all(text.isascii() and text.isdigit() and len(text) < 9 for text in texts):
        raise Misshapen("limit", "a whole number")
    limit, offset = (int(text) for text in texts)
    return max(min(limit, MOST), 1), offset


# --- The answer -----------------------------------------------------------------------------------


def _answer(request: HttpRequest, operation: Operation, result: Any) -> HttpResponse:
    if not isinstance(result, list):
        return JsonResponse(plain(result), safe=False)
    limit, offset = _page(request)
    if not operation.pages_itself:
        result = result[offset : offset + limit + 1]
    following = None
    if len(result) > limit:
        query = request.GET.copy()  # with every value of lists
        query["limit"], query["offset"] = str(limit), str(offset + limit)
        following = f"{request.path}?{query.urlencode()}"
    return JsonResponse({"items": plain(result[:limit]), "next": following})
