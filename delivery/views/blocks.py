"""Blocks by themselves: the frame of one, its handlers, and the files that its package ships."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
)
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from delivery.access import Access, CourseRequest, Visit, access
from delivery.handlers import AUTHOR, STAFF, HandlerRule, find_rule
from delivery.runtime.assets import SERVED_TYPES, find_public_file, open_public_file
from delivery.runtime.calls import CallRefused, call_handler
from delivery.runtime.frames import render_frame
from delivery.runtime.host import served_class
from delivery.runtime.registry import BlockTypeMissing
from delivery.runtime.shims import unhosted_reason
from delivery.runtime.video import CAPTIONS, read_captions
from delivery.tree import BlockNode

HOUR = 3600

Call = Callable[[BlockNode], HttpResponseBase]


@access(Access.LEARNER)
@require_safe
def frame(request: CourseRequest, course_key: str, usage_key: str) -> HttpResponse:
    """The document of a block that lives in a frame of its own."""
    return render_frame(request, request.visit, find_node(request.visit, usage_key))


@access(Access.LEARNER)
def handler(
    request: CourseRequest, course_key: str, usage_key: str, handler: str, suffix: str
) -> HttpResponseBase:
    """Call a block's handler for the visitor. Those for authors are called on the draft."""
    return call_allowed(request, usage_key, handler, suffix, {})


def call_allowed(
    request: CourseRequest, usage_key: str, name: str, suffix: str, others: Mapping[str, Call]
) -> HttpResponseBase:
    """Call a handler if the visitor may, in the way that its level of access asks for.

    ``others`` says how for authors; without that, what is theirs is served to nobody.
    """
    visit = request.visit
    node = find_node(visit, usage_key)
    try:
        rule = _rule(node, name, suffix)
        allowed = ("GET", "HEAD", "POST") if rule.is_safe else ("POST",)
        if rule.access == AUTHOR and AUTHOR not in others:
            raise CallRefused(404, _("This block has no such handler."))
        if rule.access == STAFF and not visit.sees_all:
            raise CallRefused(404, _("This block has no such handler."))
        if request.method not in allowed:
            return _not_allowed(allowed)
        if rule.access == AUTHOR:
            return others[AUTHOR](node)
        if node.block_type == "video" and name == CAPTIONS:
            return _captions(visit, node, suffix)
        return call_handler(request, visit, node, name, suffix, rule)
    except CallRefused as refusal:
        return JsonResponse({"error": refusal.message}, status=refusal.status)


@access(Access.ANYONE)
@require_safe
def resource(request: HttpRequest, block_type: str, uri: str) -> HttpResponseBase:
    """A browser file of an installed block's package, where static files are not collected."""
    found = find_public_file(block_type, uri)
    if found is None:
        raise Http404(_("There is no such file."))
    media_type = SERVED_TYPES[found.path.suffix.lower()]
    response = FileResponse(open_public_file(found.path), content_type=media_type)
    response["Cache-Control"] = f"public, max-age={HOUR}"
    return response


def find_node(visit: Visit, usage_key: str) -> BlockNode:
    """A block that the visitor may open; raises ``Http404``."""
    node = visit.tree.blocks.get(usage_key)
    if node is None or not visit.may_open(usage_key):
        raise Http404(_("This course has no such block."))
    return node


def _rule(node: BlockNode, name: str, suffix: str) -> HandlerRule:
    """The rule of a handler that somebody may call; raises ``CallRefused``."""
    try:
        block_class = served_class(node.block_type)
    except BlockTypeMissing as error:
        raise CallRefused(404, _("This block cannot be used here.")) from error
    if node.olx:  # what could not be read has no fields to answer from
        raise CallRefused(404, _("This block cannot be used here."))
    reason = unhosted_reason(node.block_type, node.fields)
    if reason:
        raise CallRefused(404, str(reason))
    rule = find_rule(node.block_type, block_class, name)
    if rule is None:
        raise CallRefused(404, _("This block has no such handler."))
    if rule.suffixes is not None and suffix not in rule.suffixes:
        raise CallRefused(404, _("This block has no such handler."))
    return rule


def _not_allowed(methods: tuple[str, ...]) -> HttpResponse:
    message = _("This must be sent by one of: %(methods)s.") % {"methods": ", ".join(methods)}
    response = JsonResponse({"error": message}, status=405)
    response["Allow"] = ", ".join(methods)
    return response


def _captions(visit: Visit, node: BlockNode, language: str) -> HttpResponse:
    captions = read_captions(visit.tree, node, language)
    if captions is None:
        raise CallRefused(404, _("There are no captions in this language."))
    response = HttpResponse(captions, content_type="text/vtt; charset=utf-8")
    response["Cache-Control"] = f"private, max-age={HOUR}"
    return response
