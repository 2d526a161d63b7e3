"""Handler calls: from a request to the block's method and back, in one locked transaction."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Iterator
from io import BytesIO
from typing import Any, TypeVar

import structlog
import webob
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
)
from django.utils.translation import gettext as _
from xblock.completable import XBlockCompletionMode
from xblock.exceptions import JsonHandlerError, NoSuchHandlerError

from delivery.access import Visit
from delivery.handlers import HandlerRule
from delivery.runtime.events import COMPLETION, EventRefused
from delivery.runtime.host import BlockRuntime
from delivery.runtime.state import SharedStateChanged
from delivery.tree import BlockNode

try:
    from xblock.exceptions import NotFoundError, ProcessingError
except ImportError:  # XBlock below 5.3 leaves them to the platform
    NotFoundError = ProcessingError = JsonHandlerError

logger = structlog.get_logger(__name__)

Result = TypeVar("Result")

MAX_BODY = 2**20  # bytes of JSON or of a form without files
MAX_UPLOAD = 10 * 2**20  # bytes of a form with files
MAX_DEPTH = 50
FORM = "application/x-www-form-urlencoded"
FORM_WITH_FILES = "multipart/form-data"
NESTING = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)
NUL = re.compile(rb"\\u0000|\x00")
NUL_IN_FORM = re.compile(rb"%00")
PROGRESS_HEADER = "X-Progress"  # tells the page that its marks of completion are out of date
ANSWER_HEADERS = frozenset({"cache-control", "content-disposition", "content-language", "etag"})


class CallRefused(Exception):
    """A request that no handler sees: ``status`` and a message for the caller."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def call_handler(
    request: HttpRequest,
    visit: Visit,
    node: BlockNode,
    name: str,
    suffix: str,
    rule: HandlerRule,
) -> HttpResponseBase:
    """Call a handler and answer with what it returns; what it stores is stored with it or not.

    Raises ``CallRefused`` before anything is read or written.
    """
    call = to_webob(request)

    def answer(runtime: BlockRuntime) -> HttpResponseBase:
        runtime.accepts_host_events = rule.accepts_host_events
        return _answer(runtime, node, name, call, suffix, may_stream=rule.is_safe)

    def act() -> HttpResponseBase:
        if not (rule.is_safe and request.method in ("GET", "HEAD")):
            return act_locked(visit, node.usage_key, answer)
        runtime = BlockRuntime(visit)
        runtime.store.prefetch([node.usage_key])
        response = answer(runtime)
        runtime.store.flush()
        return response

    return answer_failures(act, node, name)


def answer_failures(
    act: Callable[[], HttpResponseBase], node: BlockNode, name: str
) -> HttpResponseBase:
    """What ``act`` answers or, if a block's handler fails in it, the answer to that.

    Raises ``CallRefused``.
    """
    try:
        return act()
    except CallRefused:
        raise
    except NoSuchHandlerError as error:
        raise CallRefused(404, _("This block has no such handler.")) from error
    except JsonHandlerError as error:
        return to_django(error.get_response())
    except EventRefused as error:
        raise CallRefused(400, str(error)) from error
    except NotFoundError as error:
        raise CallRefused(404, str(error)) from error
    except ProcessingError as error:
        # Open edX's answer to a block that says in words what went wrong.
        return JsonResponse({"success": str(error)})
    except Exception:
        logger.exception("handler_failed", usage_key=node.usage_key, handler=name)
        return JsonResponse({"error": _("This could not be done.")}, status=500)


def act_locked(visit: Visit, usage_key: str, act: Callable[[BlockRuntime], Result]) -> Result:
    """Let ``act`` read and write a block and those below it, and keep all it does or nothing.

    It is called a second time if another call meanwhile wrote shared fields that it writes too.
    """
    try:
        return _attempt(visit, usage_key, act, with_shared=False)
    except SharedStateChanged:
        return _attempt(visit, usage_key, act, with_shared=True)


def _attempt(
    visit: Visit, usage_key: str, act: Callable[[BlockRuntime], Result], *, with_shared: bool
) -> Result:
    with transaction.atomic():
        runtime = BlockRuntime(visit)
        runtime.store.lock([usage_key], with_shared=with_shared)
        result = act(runtime)
        runtime.store.flush()
        return result


def _answer(
    runtime: BlockRuntime,
    node: BlockNode,
    name: str,
    call: webob.Request,
    suffix: str,
    *,
    may_stream: bool,
) -> HttpResponseBase:
    block = runtime.get_block(node.usage_key)
    if name == "publish_completion" and not hasattr(block, name):
        response = _publish_completion(runtime, block, call)
    else:
        response = to_django(runtime.handle(block, name, call, suffix), may_stream=may_stream)
    if runtime.store.changes_progress:
        response[PROGRESS_HEADER] = "changed"
    return response


def _publish_completion(runtime: BlockRuntime, block: Any, call: webob.Request) -> HttpResponseBase:
    """Complete a block that has no score, as Open edX does when it was in view long enough."""
    mode = XBlockCompletionMode.get_mode(type(block))
    if mode != XBlockCompletionMode.COMPLETABLE or getattr(block, "has_score", False):
        raise CallRefused(400, _("This block is not completed by being seen."))
    try:
        data = json.loads(call.body or b"{}")
    except ValueError as error:
        raise CallRefused(400, _("This is not JSON.")) from error
    runtime.publish(block, COMPLETION, data)
    return JsonResponse({"result": "ok"})


# --- Requests and responses ---------------------------------------------------------------------


def to_webob(request: HttpRequest) -> webob.Request:
    """The request as blocks take it; raises ``CallRefused`` for what is too large or too deep."""
    environ: dict[str, Any] = {
        name: value
        for name, value in request.META.items()
        if isinstance(value, str) and not name.startswith("wsgi.")
    }
    environ["wsgi.url_scheme"] = request.scheme or "http"
    if request.content_type == FORM_WITH_FILES:
        return _form_with_files(request, environ)
    body = _body(request)
    _check_body(body)
    if request.content_type == FORM and NUL_IN_FORM.search(body):
        raise CallRefused(400, _("The text contains a character that cannot be stored."))
    environ |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
    return webob.Request(environ)


def _body(request: HttpRequest) -> bytes:
    try:
        body: bytes = request.body
    except RequestDataTooBig as error:
        raise CallRefused(413, _("This is too much at once.")) from error
    if len(body) > MAX_BODY:
        raise CallRefused(413, _("This is too much at once."))
    return body


def _check_body(body: bytes) -> None:
    if NUL.search(body):
        raise CallRefused(400, _("The text contains a character that cannot be stored."))
    if body[:1] not in (b"{", b"["):
        return
    depth = 0
    for token in NESTING.finditer(body):
        mark = token[0]
        if mark in b"[{":
            depth += 1
        elif mark in b"]}":
            depth -= 1
        if depth > MAX_DEPTH:
            raise CallRefused(400, _("The data is nested too deeply."))


def _form_with_files(request: HttpRequest, environ: dict[str, Any]) -> webob.Request:
    fields = list(_fields(request))
    size = sum(len(value if isinstance(value, str) else value[1]) for _name, value in fields)
    if size > MAX_UPLOAD:
        raise CallRefused(413, _("The files are too large."))
    environ.pop("CONTENT_LENGTH", None)
    environ["CONTENT_TYPE"] = FORM_WITH_FILES
    return webob.Request.blank(request.path, environ=environ, method="POST", POST=fields)


def _fields(request: HttpRequest) -> Iterator[tuple[str, Any]]:
    for name, values in request.POST.lists():
        for value in values:
            yield str(name), str(value)
    for name, files in request.FILES.lists():
        for file in files:
            yield str(name), (file.name, _bytes_of(file))


def _bytes_of(file: UploadedFile[bytes]) -> bytes:
    if (file.size or 0) > MAX_UPLOAD:
        raise CallRefused(413, _("The files are too large."))
    return bytes(file.read())


def to_django(response: Any, *, may_stream: bool = False) -> HttpResponseBase:
    """A handler's response as the site sends it: status, body, type and harmless headers.

    With ``may_stream`` one that is made while it is sent, by a generator, is passed on so: the
    rest of it is worked out after the call's transaction, and must only read.
    """
    kind = response.headers.get("Content-Type")
    answer: HttpResponseBase
    if may_stream and isinstance(response.app_iter, Generator):
        answer = StreamingHttpResponse(
            response.app_iter, status=response.status_int, content_type=kind
        )
    else:
        answer = HttpResponse(response.body, status=response.status_int, content_type=kind)
    for name, value in response.headers.items():
        if name.lower() in ANSWER_HEADERS or name.lower() == "allow":
            answer[name] = value
    return answer
