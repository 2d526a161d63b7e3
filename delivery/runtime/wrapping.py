"""The element around a block's view, by which its script and the page find each other."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from web_fragments.fragment import Fragment

EDITOR = "studio_view"

# As django.utils.html.json_script escapes: nothing in the JSON can end the element it stands in.
_JSON_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def json_island(value: Any, html_class: str) -> SafeString:
    """A value as an inert ``script`` element."""
    # Escaped above; the element's type is not executed.
    text = mark_safe(json.dumps(value).translate(_JSON_ESCAPES))  # noqa: S308  # see above
    return format_html('<script type="json/xblock-args" class="{}">{}</script>', html_class, text)


def wrap_fragment(runtime: Any, block: Any, view: str, fragment: Fragment) -> Fragment:
    """``fragment`` inside Open edX's wrapper, with what ``runtime.js`` needs besides."""
    head = _opening_tag(
        runtime.course_key,
        block.scope_ids.def_id,
        runtime.handler_base(block),
        block.scope_ids.block_type,
        view,
        block.name or "",
        bool(block.graded),
        bool(getattr(block, "has_score", False)),
        _style_class(block),
        fragment.js_init_fn or "",
        str(fragment.js_init_version or "1"),
    )
    body = fragment.body_html()
    if view != EDITOR:  # what an author edits is the text as it stands in the course
        body = runtime.rewrite_links(body)
    arguments = getattr(fragment, "json_init_args", None)
    island = "" if arguments is None else json_island(arguments, "xblock_json_init_args")
    wrapped = Fragment()
    wrapped.add_content(f'{head} data-request-token="{runtime.request_token}">{body}{island}</div>')
    wrapped.add_fragment_resources(fragment)
    return wrapped


def _style_class(block: Any) -> str:
    # The stylesheets of the platform's former blocks begin with the name of their class.
    if getattr(block, "uses_xmodule_styles_setup", False):
        return str(block.unmixed_class.__name__)
    return ""


@lru_cache(maxsize=20_000)
def _opening_tag(
    course_key: str,
    usage_key: str,
    handler_base: str,
    block_type: str,
    view: str,
    name: str,
    is_graded: bool,
    has_score: bool,
    style_class: str,
    init: str,
    version: str,
) -> str:
    """All of a wrapper's opening tag that is the same for every request, without its end."""
    classes = f"xblock xblock-v1 xblock-{view} xblock-{view}-{block_type} xblock-v1-{view}"
    if style_class:
        classes += f" xmodule_display xmodule_{style_class}"
    attributes = {
        "class": classes,
        "data-course-id": course_key,
        "data-block-type": block_type,
        "data-usage-id": usage_key,
        "data-usage": usage_key,
        "data-graded": str(is_graded),
        "data-has-score": str(has_score),
        "data-handler-base": handler_base,
    }
    if name:
        attributes["data-name"] = name
    if init:
        attributes |= {
            "data-init": init,
            "data-runtime-class": "LmsRuntime",
            "data-runtime-version": version,
        }
    return "<div " + format_html_join(" ", '{}="{}"', attributes.items())
