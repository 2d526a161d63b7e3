"""One block of a draft: its frame, its editor, its handlers, its form, and files for it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import structlog
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from delivery.access import Access, CourseRequest, Visit, access
from delivery.authoring import writing
from delivery.authoring.catalogue import words_for
from delivery.authoring.changes import compare_fields
from delivery.authoring.checking import FieldsRefused, find_problems
from delivery.authoring.editing import (
    call_author_handler,
    conflict_url,
    keep_of_deleted,
    save_fields,
)
from delivery.authoring.fields import EDITED_HERE, FieldsForm, SettingsForm
from delivery.authoring.presence import find_others, note_visit
from delivery.authoring.trees import find_deleted, revision_of
from delivery.authoring.writing import BlockChanged, WriteRefused
from delivery.handlers import AUTHOR
from delivery.models import DraftConflict
from delivery.runtime.authoring import AuthorRuntime
from delivery.runtime.frames import render_frame
from delivery.runtime.pages import render_text
from delivery.runtime.registry import BlockTypeMissing, load_block_class
from delivery.runtime.rendering import (
    STUDIO_VIEW,
    RenderedBlock,
    inline,
    is_own,
    render_blocks,
)
from delivery.runtime.structure import STRUCTURAL_CLASSES
from delivery.tree import BlockNode, CourseTree
from delivery.views.blocks import call_allowed, find_node
from delivery.views.files import serve_file
from quarantine.html import HtmlRefused

logger = structlog.get_logger(__name__)

MAX_PREVIEW = 2**20  # characters


def unit_of(tree: CourseTree, usage_key: str) -> str:
    """The page with a block: itself if it is one, or nothing if it is above all pages."""
    chain = [tree.blocks[usage_key], *tree.ancestors(usage_key)]
    for node, above in pairwise(chain):
        if above.block_type == "sequential":
            return node.usage_key
    return ""


def place_url(tree: CourseTree, usage_key: str) -> str:
    """Where a block of the draft stands: on the page of its unit, or in the outline."""
    unit = unit_of(tree, usage_key) if usage_key in tree.blocks else ""
    return outline_url(tree, usage_key) if unit in ("", usage_key) else page_url(tree, usage_key)


def page_url(tree: CourseTree, usage_key: str) -> str:
    """The page of the unit with a block, or the place in the outline of what is above the units."""
    unit = unit_of(tree, usage_key) if usage_key in tree.blocks else ""
    if not unit:
        return outline_url(tree, usage_key)
    url = reverse("draft_unit", args=[tree.course_key, unit])
    return url if unit == usage_key else url + _anchor(usage_key)


def outline_url(tree: CourseTree, usage_key: str) -> str:
    """The place of a section, subsection or unit in the outline, with its section opened."""
    url = reverse("draft", args=[tree.course_key])
    section = tree.enclosing(usage_key, "chapter") if usage_key in tree.blocks else None
    query = f"?{urlencode({'section': section.usage_key})}" if section else ""
    return url + query + _anchor(usage_key)


def _anchor(usage_key: str) -> str:
    return f"#block-{usage_key.rpartition('@')[2]}"


# --- Blocks as they look ------------------------------------------------------------------------


@access(Access.DRAFT)
@require_safe
def frame(request: CourseRequest, course_key: str, usage_key: str) -> HttpResponse:
    """The document of a block that lives in a frame, as the draft has it."""
    return render_frame(request, request.visit, find_node(request.visit, usage_key))


@access(Access.DRAFT)
@require_safe
def editor_frame(request: CourseRequest, course_key: str, usage_key: str) -> HttpResponse:
    """The document of a block's own editor."""
    node = _editable(request.visit, usage_key)
    return render_frame(request, request.visit, node, STUDIO_VIEW)


@access(Access.DRAFT)
def handler(
    request: CourseRequest, course_key: str, usage_key: str, handler: str, suffix: str
) -> HttpResponseBase:
    """Call a block's handler on the draft: what its author may call, and what learners may."""

    def call_author(node: BlockNode) -> HttpResponseBase:
        return call_author_handler(request, request.visit, node, handler, suffix)

    return call_allowed(request, usage_key, handler, suffix, {AUTHOR: call_author})


@access(Access.DRAFT)
@require_safe
def draft_file(request: CourseRequest, course_key: str, file_path: str) -> HttpResponseBase:
    """A file of the draft."""
    return serve_file(request, file_path)


# --- Editing ------------------------------------------------------------------------------------


@access(Access.DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: CourseRequest, course_key: str, usage_key: str) -> HttpResponse:
    """Edit a block: in its own editor or, where it has none, in a form of the site."""
    visit = request.visit
    if request.method == "POST" and usage_key not in visit.tree.blocks:
        return _keep_of_deleted(request, usage_key)
    node = _editable(visit, usage_key)
    place = page_url(visit.tree, usage_key)
    context = {
        "visit": visit,
        "node": node,
        "place": place,
        "unit": visit.tree.blocks.get(unit_of(visit.tree, usage_key)),
        "revision": revision_of(visit.tree, usage_key),
        "type_name": words_for(node.block_type)[0],
        "problems": find_problems(visit.tree, usage_key),
    }
    if has_own_editor(node):
        return _show_editor(request, node, context)
    form = FieldsForm(node, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            conflict, _revision = save_fields(
                visit, usage_key, form.values(), request.POST.get("revision", "")
            )
        except (FieldsRefused, WriteRefused) as error:
            form.add_error(None, str(error))
        else:
            if conflict is not None:
                return redirect(conflict_url(visit, conflict))
            messages.success(
                request, _("Saved in the draft. Trainees see it once it is published.")
            )
            return redirect(place)
    _arrive(visit, unit_of(visit.tree, usage_key), context)
    if request.method == "POST":  # what was typed is based on what was opened
        context["revision"] = request.POST.get("revision", "")
    context |= {"form": form, "has_text_preview": node.block_type == "html"}
    return render(request, "teach/edit_form.html", context, status=422 if form.errors else 200)


def _keep_of_deleted(request: CourseRequest, usage_key: str) -> HttpResponse:
    """Keep what was written of a block that somebody deleted meanwhile, and show where it is."""
    visit = request.visit
    node = find_deleted(visit.course, visit.tree, usage_key)
    if node is None or has_own_editor(node):
        raise Http404(_("This course has no such block."))
    form = FieldsForm(node, request.POST)
    if not form.is_valid():
        raise Http404(_("This block is deleted from the draft."))
    try:
        return redirect(conflict_url(visit, keep_of_deleted(visit, node, form.values())))
    except (FieldsRefused, WriteRefused) as error:
        raise Http404(str(error)) from error


def has_own_editor(node: BlockNode) -> bool:
    """Whether a block brings an editor that works outside Open edX's Studio."""
    block_class = load_block_class(node.block_type)
    return node.block_type not in EDITED_HERE and hasattr(block_class, STUDIO_VIEW)


def _show_editor(request: CourseRequest, node: BlockNode, context: dict[str, Any]) -> HttpResponse:
    if request.method == "POST":
        raise Http404(_("This block is saved by its own editor."))
    visit = request.visit
    _arrive(visit, unit_of(visit.tree, node.usage_key), context)
    context["editor"] = _own_editor(visit, node) if is_own(node.block_type) else None
    return render(request, "teach/edit_block.html", context)


def _own_editor(visit: Visit, node: BlockNode) -> RenderedBlock | None:
    """The editor of one of the suite's blocks as part of the page, if it is made for that."""
    runtime = AuthorRuntime(visit)
    try:
        return inline(node, runtime.get_block(node.usage_key).render(STUDIO_VIEW, {}))
    except ValueError:  # it brings scripts of its own, and so lives in a frame
        return None
    except Exception:  # a block may fail in any way; its frame says so to the author
        logger.exception("block_failed", usage_key=node.usage_key, view=STUDIO_VIEW)
        return None


def _arrive(visit: Visit, unit: str, context: dict[str, Any]) -> None:
    """Note where an author is, and find out who else is there."""
    note_visit(visit.course, visit.user, unit)
    context["others"] = find_others(visit.tree, visit.course, visit.user, unit)
    context["here"] = unit


def _editable(visit: Visit, usage_key: str) -> BlockNode:
    node = find_node(visit, usage_key)
    if node.olx or node.block_type in STRUCTURAL_CLASSES:
        raise Http404(_("This block has nothing to edit."))
    try:
        load_block_class(node.block_type)
    except BlockTypeMissing as error:
        raise Http404(_("This block cannot be edited here.")) from error
    return node


@access(Access.DRAFT)
@require_POST
def text_preview(request: CourseRequest, course_key: str) -> HttpResponse:
    """An author's text as trainees would see it."""
    text = request.POST.get("data", "")
    if len(text) > MAX_PREVIEW:
        return JsonResponse({"error": _("This text is too long to be shown.")}, status=413)
    try:
        return HttpResponse(render_text(request.visit, {"data": text}))
    except HtmlRefused as refusal:
        return JsonResponse({"error": str(refusal)}, status=422)


@access(Access.DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: CourseRequest, course_key: str, usage_key: str) -> HttpResponse:
    """The settings that every part of a course has: its name, its dates, who sees it."""
    visit = request.visit
    node = find_node(visit, usage_key)
    if node.olx or not node.parent:
        raise Http404(_("This block has no settings here."))
    form = SettingsForm(node, _formats(visit.tree), request.POST or None)
    place = page_url(visit.tree, usage_key)
    if request.method == "POST" and form.is_valid():
        try:
            with writing.writing(visit.course, visit.user) as writer:
                writer.check(usage_key, request.POST.get("revision", ""))
                writer.change_fields(usage_key, form.changes())
        except BlockChanged:
            form.add_error(None, _changed_words(visit, usage_key))
        except (FieldsRefused, WriteRefused) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved in the draft."))
            return redirect(place)
    context = {
        "visit": visit,
        "node": node,
        "form": form,
        "place": place,
        "revision": revision_of(visit.tree, usage_key),
        "type_name": words_for(node.block_type)[0],
    }
    return render(request, "teach/settings.html", context, status=422 if form.errors else 200)


def _formats(tree: CourseTree) -> list[str]:
    entries = tree.grading_policy.get("GRADER") or []
    return [str(entry["type"]) for entry in entries if isinstance(entry, dict) and "type" in entry]


def _changed_words(visit: Visit, usage_key: str) -> str:
    name = visit.tree.blocks[usage_key].display_name
    return _(
        "Somebody changed “%(name)s” while you wrote. If you save again, what you see here stands."
    ) % {"name": name}


# --- Conflicts ----------------------------------------------------------------------------------


@access(Access.DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def conflict(request: CourseRequest, course_key: str, conflict_id: UUID) -> HttpResponse:
    """Two texts of one block: field by field, the author chooses which is to stand."""
    visit = request.visit
    kept = get_object_or_404(
        DraftConflict.objects.select_related("author"), pk=conflict_id, draft__course=visit.course
    )
    node = visit.tree.blocks.get(kept.usage_key)
    fields = compare_fields(node.fields, kept.fields) if node else ()
    if request.method == "POST":
        return _settle(request, kept, node)
    context = {
        "visit": visit,
        "conflict": kept,
        "is_mine": kept.author_id == visit.user.pk,
        "node": node,
        "fields": fields,
        "revision": revision_of(visit.tree, kept.usage_key) if node else "",
    }
    return render(request, "teach/conflict.html", context)


def _settle(request: CourseRequest, kept: DraftConflict, node: BlockNode | None) -> HttpResponse:
    visit = request.visit
    if "drop" in request.POST:
        kept.delete()
        messages.info(request, _("Left as it is in the draft."))
        return redirect(place_url(visit.tree, kept.usage_key))
    chosen = set(request.POST.getlist("mine"))
    try:
        with writing.writing(visit.course, visit.user) as writer:
            writer.check(kept.usage_key, request.POST.get("revision", ""))
            fields = {
                change.name: change.after if change.name in chosen else change.before
                for change in compare_fields(writer.node(kept.usage_key).fields, kept.fields)
            }
            writer.change_fields(kept.usage_key, fields)
            DraftConflict.objects.filter(pk=kept.pk).delete()
    except (FieldsRefused, WriteRefused) as error:
        messages.error(request, str(error))
        return redirect("draft_conflict", visit.course.key, kept.pk)
    messages.success(request, _("Settled and saved in the draft."))
    return redirect(place_url(visit.tree, kept.usage_key))


def render_cards(request: CourseRequest, usage_keys: list[str]) -> dict[str, RenderedBlock]:
    """The blocks of a unit as the draft's page shows them, by usage key."""
    rendered = render_blocks(request, request.visit, usage_keys, "author_view")
    return {block.usage_key: block for block in rendered}
