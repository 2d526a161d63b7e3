"""The blocks of a page: our own in it, other people's in frames, the rest as a plain notice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import structlog
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from web_fragments.fragment import Fragment

from delivery.access import Visit
from delivery.runtime.assets import library_url
from delivery.runtime.host import BlockRuntime
from delivery.runtime.links import frame_url, handler_base
from delivery.runtime.pages import render_text
from delivery.runtime.registry import BlockTypeMissing, load_block_class
from delivery.runtime.shims import unhosted_reason
from delivery.runtime.structure import STRUCTURAL_CLASSES
from delivery.runtime.video import render_video
from delivery.tree import BlockNode

logger = structlog.get_logger(__name__)

OWN_PACKAGE = "xblocks"
RUNTIME_SCRIPT = "delivery/runtime.js"
STUDENT_VIEW = "student_view"
AUTHOR_VIEW = "author_view"
STUDIO_VIEW = "studio_view"
NOT_SHOWN = _("This part of the page cannot be shown.")
NOT_READ = _("It could not be read when this version of the course was imported.")

INLINE = "inline"
FRAME = "frame"
PLACEHOLDER = "placeholder"


@dataclass(frozen=True, slots=True)
class RenderedBlock:
    """A block's part of a page. ``css`` and ``js`` are URLs that the page must load, in order."""

    usage_key: str
    html: SafeString
    kind: str
    css: tuple[str, ...] = ()
    js: tuple[str, ...] = ()


def is_own(block_type: str) -> bool:
    """Whether a block type is one of the suite's: made for our pages and trusted in them."""
    try:
        block_class = load_block_class(block_type)
    except BlockTypeMissing:
        return False
    return bool(block_class.__module__.partition(".")[0] == OWN_PACKAGE)


def why_not_shown(node: BlockNode) -> tuple[Any, str] | None:
    """Why a block cannot be shown: a text for everybody and one for staff; ``None`` if it can."""
    try:
        load_block_class(node.block_type)
    except BlockTypeMissing as error:
        return NOT_SHOWN, str(error)
    if node.olx:  # kept as source, without fields: the class would show its defaults
        return NOT_SHOWN, str(NOT_READ)
    reason = unhosted_reason(node.block_type, node.fields)
    return (reason, "") if reason else None


def render_blocks(
    request: HttpRequest, visit: Visit, usage_keys: list[str], view: str = STUDENT_VIEW
) -> list[RenderedBlock]:
    """The blocks of a page, in order, with all their data read by one query for each table.

    A block that fails is a notice in its place, and the reason is logged and shown to staff.
    """
    nodes = list(_leaves(visit, usage_keys))
    own = [node.usage_key for node in nodes if is_own(node.block_type)]
    runtime = BlockRuntime(visit)
    if own:
        runtime.store.prefetch(own)
    blocks = [_render_safely(runtime, node, view) for node in nodes]
    runtime.store.flush()
    return blocks


def _leaves(visit: Visit, usage_keys: Iterable[str]) -> Iterator[BlockNode]:
    for key in usage_keys:
        node = visit.tree.blocks[key]
        if node.block_type in STRUCTURAL_CLASSES and not node.olx:
            yield from _leaves(visit, (child for child in node.children if visit.may_open(child)))
        else:
            yield node


def _render_safely(runtime: BlockRuntime, node: BlockNode, view: str) -> RenderedBlock:
    refusal = why_not_shown(node)
    if refusal is not None:
        return placeholder(runtime.visit, node, *refusal)
    try:
        return _render(runtime, node, view)
    except Exception as error:  # a block may fail in any way, and the page goes on without it
        logger.exception("block_failed", usage_key=node.usage_key, view=view)
        return placeholder(runtime.visit, node, NOT_SHOWN, describe(error))


def _render(runtime: BlockRuntime, node: BlockNode, view: str) -> RenderedBlock:
    if node.block_type == "html":
        return RenderedBlock(node.usage_key, render_text(runtime.visit, node.fields), INLINE)
    if node.block_type == "video":
        base = handler_base(runtime.course_key, node.usage_key, runtime.visit.is_editing)
        html = render_video(runtime.tree, node, base)
        return RenderedBlock(node.usage_key, html, INLINE, js=(library_url(RUNTIME_SCRIPT),))
    if is_own(node.block_type):
        return _render_own(runtime, node, view)
    return _render_frame(runtime.visit, node)


def _render_own(runtime: BlockRuntime, node: BlockNode, view: str) -> RenderedBlock:
    block = runtime.get_block(node.usage_key)
    if view == AUTHOR_VIEW and not hasattr(block, AUTHOR_VIEW):
        view = STUDENT_VIEW
    return inline(node, block.render(view, {}))


def inline(node: BlockNode, fragment: Fragment) -> RenderedBlock:
    """A block's view as part of a page; raises ``ValueError`` if it brings more than files."""
    urls: dict[str, list[str]] = {"text/css": [], "application/javascript": []}
    for resource in fragment.resources:
        if resource.kind != "url":
            raise ValueError(f"{node.block_type} adds a resource that is not a file.")
        urls[resource.mimetype].append(resource.data)
    return RenderedBlock(
        node.usage_key,
        SafeString(fragment.content),
        INLINE,
        tuple(urls["text/css"]),
        (*urls["application/javascript"], library_url(RUNTIME_SCRIPT)),
    )


def _render_frame(visit: Visit, node: BlockNode) -> RenderedBlock:
    context = {
        "name": node.display_name,
        "url": frame_url(visit.course.key, node.usage_key, visit.is_editing),
    }
    html = SafeString(render_to_string("blocks/framed.html", context))
    return RenderedBlock(node.usage_key, html, FRAME, js=(library_url(RUNTIME_SCRIPT),))


def placeholder(visit: Visit, node: BlockNode, text: Any, reason: str) -> RenderedBlock:
    """A notice in the place of a block; ``reason`` is for staff."""
    context = {"text": text, "reason": reason if visit.sees_all else "", "node": node}
    html = SafeString(render_to_string("blocks/placeholder.html", context))
    return RenderedBlock(node.usage_key, html, PLACEHOLDER)


def describe(error: Exception) -> str:
    """An exception in a line for staff."""
    cause = error.__cause__
    words = f"{type(error).__name__}: {error}".strip().rstrip(":")
    return f"{words} ({cause})" if cause else words
