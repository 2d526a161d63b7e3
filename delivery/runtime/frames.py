"""The document in which another's block lives, and the policy under which it does.

Own pages allow no inline script or style. A frame allows what old blocks cannot do without, and
no more: scripts that carry the request's nonce or lie among the static files (never the course's
own files), inline styles, and ``eval`` for the block types that are listed. What authors wrote
carries no nonce, so it never runs.
"""

from __future__ import annotations

import re
from functools import lru_cache
from secrets import token_urlsafe
from typing import Any, NamedTuple

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from web_fragments.fragment import Fragment

from delivery.access import Visit
from delivery.authoring.trees import revision_of
from delivery.runtime.assets import library_url
from delivery.runtime.authoring import AuthorRuntime
from delivery.runtime.host import BlockRuntime
from delivery.runtime.rendering import (
    NOT_SHOWN,
    STUDENT_VIEW,
    STUDIO_VIEW,
    describe,
    placeholder,
    why_not_shown,
)
from delivery.runtime.sheets import without_foreign_imports
from delivery.tree import BlockNode

logger = structlog.get_logger(__name__)

LIBRARIES = (
    "vendor/jquery/jquery.min.js",
    "vendor/jquery-migrate/jquery-migrate.min.js",
    "vendor/underscore/underscore-umd-min.js",
)
SHEETS = (
    "delivery/fonts.css",
    "delivery/tokens.css",
    "vendor/font-awesome/font-awesome.min.css",
    "delivery/frame.css",
)
MATHJAX = "vendor/mathjax/tex-chtml.js"
FRAME_SCRIPT = "delivery/frame.js"
# What a block type needs besides: a jQuery plugin that Open edX's pages load without its asking,
# or a script that mends what keyboards cannot reach.
EXTRAS: dict[str, tuple[str, ...]] = {
    "poll_question": ("delivery/frame-keys.js",),
    "annotatable": (
        "vendor/qtip2/jquery.qtip.min.css",
        "vendor/qtip2/jquery.qtip.min.js",
        "delivery/frame-keys.js",
    ),
}
# Block types whose scripts compile templates at run time.
EVAL_BLOCK_TYPES = frozenset({"problem", "word_cloud"})
END_OF_SCRIPT = re.compile(r"</(script)|<!--", re.IGNORECASE)
END_OF_STYLE = re.compile(r"</(?=style)", re.IGNORECASE)


class Part(NamedTuple):
    """A script or stylesheet of a fragment: ``kind`` is ``url`` or ``text``."""

    kind: str
    data: SafeString | str


def render_frame(
    request: HttpRequest, visit: Visit, node: BlockNode, view: str = STUDENT_VIEW
) -> HttpResponse:
    """The frame document of a block, or a notice in its place.

    ``view`` is ``student_view`` or, on a draft, the block's own editor (``studio_view``).
    """
    runtime = AuthorRuntime(visit) if view == STUDIO_VIEW else BlockRuntime(visit)
    fragment, failure = _view(runtime, node, view)
    nonce = token_urlsafe(16)
    context = {
        "name": node.display_name,
        "language": visit.course.language if view == STUDENT_VIEW else "",
        "csrf_token": get_token(request),
        "body": SafeString(fragment.body_html()),
        "styles": _parts(fragment, "text/css"),
        "scripts": _parts(fragment, "application/javascript"),
        "feet": [
            SafeString(resource.data)
            for resource in fragment.resources
            if resource.mimetype == "text/html"
        ],
        "sheets": _sheets(node.block_type),
        "libraries": _libraries(node.block_type),
        "nonce": nonce,
        "request_token": runtime.request_token,
        "mathjax": library_url(MATHJAX),
        "is_editor": view == STUDIO_VIEW,
        "revision": revision_of(visit.tree, node.usage_key) if view == STUDIO_VIEW else "",
    }
    response = HttpResponse(render_to_string("blocks/frame.html", context))
    response["Content-Security-Policy"] = frame_policy(request, node.block_type, nonce)
    response["Cache-Control"] = "private, no-store"
    if failure:
        response["X-Block-Failed"] = failure
    return response


def _view(runtime: BlockRuntime, node: BlockNode, view: str) -> tuple[Fragment, str]:
    refusal = why_not_shown(node)
    if refusal is not None:
        return Fragment(placeholder(runtime.visit, node, *refusal).html), "refused"
    try:
        runtime.store.prefetch([node.usage_key])
        fragment = runtime.get_block(node.usage_key).render(view, {})
        runtime.store.flush()
    except Exception as error:  # a block may fail in any way; what it wrote so far is dropped
        logger.exception("block_failed", usage_key=node.usage_key, view=view)
        notice = placeholder(runtime.visit, node, NOT_SHOWN, describe(error))
        return Fragment(notice.html), type(error).__name__
    return fragment, ""


def _parts(fragment: Fragment, mimetype: str) -> list[Part]:
    resources = [each for each in fragment.resources if each.mimetype == mimetype]
    return [Part(each.kind, _inert(mimetype, each)) for each in resources]


def _inert(mimetype: str, resource: Any) -> SafeString | str:
    if resource.kind == "url":
        return str(resource.data)
    make = inert_style if mimetype == "text/css" else inert_script
    return mark_safe(make(resource.data))  # noqa: S308  # from an installed package, and see below


def inert_style(text: str) -> str:
    """A stylesheet's text that cannot end the element it stands in, nor ask another site."""
    return END_OF_STYLE.sub(r"<\\/", without_foreign_imports(text))


def inert_script(text: str) -> str:
    """A script's text that cannot end the element it stands in; it means the same."""
    return END_OF_SCRIPT.sub(lambda end: f"<\\/{end[1]}" if end[1] else "<\\!--", text)


def _extras(block_type: str, ending: str) -> list[str]:
    return [name for name in EXTRAS.get(block_type, ()) if name.endswith(ending)]


@lru_cache(maxsize=256)
def _sheets(block_type: str) -> tuple[str, ...]:
    return tuple(map(library_url, (*SHEETS, *_extras(block_type, ".css"))))


@lru_cache(maxsize=256)
def _libraries(block_type: str) -> tuple[str, ...]:
    return (
        *map(library_url, LIBRARIES),
        reverse("javascript-catalog"),
        *map(library_url, (*_extras(block_type, ".js"), FRAME_SCRIPT)),
    )


def frame_policy(request: HttpRequest, block_type: str, nonce: str) -> str:
    """The content security policy of a frame, as the header's value."""
    static = request.build_absolute_uri(settings.STATIC_URL)
    resources = request.build_absolute_uri("/blocks/resources/")
    allowed = {*EVAL_BLOCK_TYPES, *settings.XBLOCK_EVAL_TYPES}
    eval_word = " 'unsafe-eval'" if block_type in allowed else ""
    directives = {
        "default-src": "'none'",
        "script-src": f"'nonce-{nonce}' {static} {resources}{eval_word}",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": f"'self' {static}",
        "media-src": "'self' blob:",
        "connect-src": "'self'",
        "frame-src": "'self'",
        "worker-src": "'none'",
        "object-src": "'none'",
        "frame-ancestors": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())
