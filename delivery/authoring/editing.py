"""Editing a block's fields: by its own editor's handlers, or by the site's form."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from delivery.access import Visit
from delivery.authoring.checking import FieldsRefused
from delivery.authoring.trees import revision_of
from delivery.authoring.writing import WriteRefused, keep_conflict, writing
from delivery.models import DraftConflict
from delivery.runtime.authoring import AuthorRuntime
from delivery.runtime.calls import CallRefused, answer_failures, to_django, to_webob
from delivery.tree import BlockNode

REVISION_HEADER = "X-Draft-Revision"  # which revision of the block an editor was opened on
CONFLICT_HEADER = "X-Draft-Conflict"  # where to settle which of two texts is to stand


def call_author_handler(
    request: HttpRequest, visit: Visit, node: BlockNode, name: str, suffix: str
) -> HttpResponseBase:
    """Call a handler that only authors may call, and keep what it sets in the draft.

    If somebody changed the block since the editor was opened, what the handler set is kept aside
    and the answer (409) says where to settle it. Raises ``CallRefused``.
    """
    call = to_webob(request)
    revision = request.headers.get(REVISION_HEADER, "")

    def act() -> HttpResponseBase:
        runtime = AuthorRuntime(visit)
        response = to_django(runtime.handle(runtime.get_block(node.usage_key), name, call, suffix))
        runtime.store.flush()
        if runtime.edits and response.status_code < 400:
            return _keep(visit, node, runtime.edits, revision, response)
        return response

    return answer_failures(act, node, name)


def _keep(
    visit: Visit,
    node: BlockNode,
    edits: dict[str, dict[str, Any]],
    revision: str,
    response: HttpResponseBase,
) -> HttpResponseBase:
    if set(edits) != {node.usage_key}:
        raise CallRefused(400, _("A block may change nothing but itself."))
    if not revision:
        raise CallRefused(428, _("Please reload the page and try again."))
    try:
        conflict, current = save_fields(visit, node.usage_key, edits[node.usage_key], revision)
    except (FieldsRefused, WriteRefused) as error:
        raise CallRefused(400, str(error)) from error
    if conflict is not None:
        return answer_conflict(visit, conflict)
    response[REVISION_HEADER] = current
    return response


def save_fields(
    visit: Visit, usage_key: str, fields: dict[str, Any], revision: str
) -> tuple[DraftConflict | None, str]:
    """Give a block these fields if it still has ``revision``; else keep them as a conflict.

    Returns the conflict and the block's revision now. Raises ``FieldsRefused``, ``WriteRefused``.
    """
    with writing(visit.course, visit.user) as writer:
        node = writer.node(usage_key)
        if revision_of(writer.tree, usage_key) != revision and node.fields != fields:
            return keep_conflict(writer, node, fields), ""
        writer.set_fields(usage_key, fields)
        return None, writer.revision_after(usage_key)


def keep_of_deleted(visit: Visit, node: BlockNode, fields: dict[str, Any]) -> DraftConflict:
    """Keep what an author wrote of a block that was deleted meanwhile; raises as above."""
    with writing(visit.course, visit.user) as writer:
        return keep_conflict(writer, node, fields)


def conflict_url(visit: Visit, conflict: DraftConflict) -> str:
    """Where a conflict is settled."""
    return reverse("draft_conflict", args=[visit.course.key, conflict.pk])


def answer_conflict(visit: Visit, conflict: DraftConflict) -> HttpResponseBase:
    """Tell an editor's script that what was sent is kept, but not in the draft yet."""
    error = _("Somebody changed this block meanwhile. What you wrote is kept; choose what stands.")
    response = JsonResponse({"error": error}, status=409)
    response[CONFLICT_HEADER] = conflict_url(visit, conflict)
    return response
