"""The pages of a draft: its outline, and a unit with its blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from delivery.access import Access, CourseRequest, Visit, access
from delivery.authoring import publishing, writing
from delivery.authoring.catalogue import block_types, words_for
from delivery.authoring.checking import find_problems
from delivery.authoring.presence import find_others, note_visit
from delivery.authoring.trees import revision_below
from delivery.models import Draft, DraftBlock, DraftConflict
from delivery.outline import outline_of
from delivery.runtime.rendering import RenderedBlock, why_not_shown
from delivery.runtime.structure import STRUCTURAL_CLASSES
from delivery.runtime.visitor import anonymous_id_of
from delivery.tree import BlockNode, CourseTree, load_tree
from delivery.views.draft_blocks import render_cards
from grading import api as grading


@dataclass(frozen=True, slots=True)
class Card:
    """A block on the page of a unit: how it looks, and what can be done to it."""

    node: BlockNode
    type_name: Any
    rendered: RenderedBlock | None
    revision: str
    changed_by: str
    changed_at: datetime | None
    problems: list[str]
    is_editable: bool
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class Deleted:
    """A block that was deleted and can be put back."""

    usage_key: str
    name: str
    type_name: Any
    changed_by: str
    changed_at: datetime
    is_latest: bool


@access(Access.DRAFT)
@require_safe
def draft(request: CourseRequest, course_key: str) -> HttpResponse:
    """The draft's outline: all sections, and of the one that is open all that is in it."""
    visit = request.visit
    context = draft_context(request, "")
    context |= {
        "rows": _outline_rows(visit.tree, request.GET.get("section", "")),
        "deleted": _deleted(request, None),
        "conflicts": find_conflicts(visit),
    }
    return render(request, "teach/draft.html", context)


@access(Access.DRAFT)
@require_safe
def unit(request: CourseRequest, course_key: str, usage_key: str) -> HttpResponse:
    """A unit of the draft with its blocks as they look, and what can be done with them."""
    visit = request.visit
    tree = visit.tree
    outline = outline_of(tree)
    if usage_key not in outline.places:
        if usage_key in tree.blocks:
            raise Http404(_("This part of the course is no page."))
        messages.info(request, _("This page is not in the draft: it may have been deleted."))
        return redirect("draft", course_key)
    chapter, subsection, unit_outline = outline.places[usage_key]
    node = tree.blocks[usage_key]
    is_container = node.block_type == writing.UNIT
    keys = list(node.children) if is_container else [usage_key]
    exercises = [leaf.usage_key for leaf in unit_outline.leaves if leaf.is_ours]
    with grading.prefetched(anonymous_id_of(visit), visit.course.key, exercises):
        rendered = render_cards(request, keys)
    around = outline.units
    index = around.index(unit_outline)
    context = draft_context(request, usage_key)
    context |= {
        "chapter": chapter,
        "subsection": subsection,
        "unit": unit_outline,
        "unit_revision": revision_below(tree, usage_key),
        "is_container": is_container,
        "cards": _cards(visit, keys, rendered),
        "deleted": _deleted(request, usage_key),
        "conflicts": find_conflicts(visit, keys),
        "types": block_types(),
        "stylesheets": _urls(rendered, "css"),
        "scripts": _urls(rendered, "js"),
        "previous": around[index - 1] if index else None,
        "next": around[index + 1] if index + 1 < len(around) else None,
    }
    return render(request, "teach/draft_unit.html", context)


def draft_context(request: CourseRequest, here: str) -> dict[str, Any]:
    """What every page of the draft shows: who else is there, and how far it is from served."""
    visit = request.visit
    note_visit(visit.course, visit.user, here)
    draft_row = Draft.objects.filter(course=visit.course).select_related("base").first()
    served = publishing.served_tree(visit.course)
    is_behind = bool(
        draft_row and draft_row.base and draft_row.base_id != visit.course.current_version_id
    )
    return {
        "visit": visit,
        "here": here,
        "others": find_others(visit.tree, visit.course, visit.user, here),
        "draft_revision": visit.tree.draft_revision,
        "is_changed": bool(draft_row and draft_row.base_id),
        "is_behind": is_behind,
        "served_number": served.number if served else None,
        "changes": publishing.draft_changes(served, visit.tree),
    }


def _urls(rendered: dict[str, RenderedBlock], kind: str) -> list[str]:
    return list(dict.fromkeys(url for block in rendered.values() for url in getattr(block, kind)))


def _name(user: Any) -> str:
    return (user.get_full_name() or user.get_username()) if user else ""


def _cards(visit: Visit, keys: list[str], rendered: dict[str, RenderedBlock]) -> list[Card]:
    tree = visit.tree
    rows = {
        row.usage_key: row
        for row in DraftBlock.objects.filter(draft__course=visit.course, usage_key__in=keys)
        .select_related("changed_by")
        .defer("fields", "children")
    }
    return [
        _card(tree, key, rendered.get(key), rows.get(key), (key == keys[0], key == keys[-1]))
        for key in keys
    ]


def _card(
    tree: CourseTree,
    key: str,
    rendered: RenderedBlock | None,
    row: DraftBlock | None,
    ends: tuple[bool, bool],
) -> Card:
    node = tree.blocks[key]
    return Card(
        node=node,
        type_name=words_for(node.block_type)[0],
        rendered=rendered,
        revision=revision_below(tree, key),
        changed_by=_name(row.changed_by) if row else "",
        changed_at=row.changed_at if row else None,
        problems=find_problems(tree, key),
        is_editable=node.block_type not in STRUCTURAL_CLASSES and _can_edit(node),
        is_first=ends[0],
        is_last=ends[1],
    )


def _can_edit(node: BlockNode) -> bool:
    return not node.olx and why_not_shown(node) is None


def _deleted(request: CourseRequest, parent: str | None) -> list[Deleted]:
    """What was deleted from a unit, or with ``None`` from what is above the units, newest first."""
    visit = request.visit
    found = (
        DraftBlock.objects.filter(draft__course=visit.course)
        .exclude(removed_from="")
        .select_related("changed_by")
        .order_by("-changed_at")
    )
    found = found.filter(removed_from=parent) if parent else found
    latest = request.GET.get("deleted", "")
    base = _base_of(visit)
    return [
        Deleted(
            usage_key=row.usage_key,
            name=_name_of(row, base),
            type_name=words_for(row.block_type)[0],
            changed_by=_name(row.changed_by),
            changed_at=row.changed_at,
            is_latest=row.usage_key == latest,
        )
        for row in found
        if row.usage_key not in visit.tree.blocks
        and row.removed_from in visit.tree.blocks
        and (parent or visit.tree.blocks[row.removed_from].block_type != writing.UNIT)
    ]


def _base_of(visit: Visit) -> CourseTree:
    return load_tree(visit.tree.version_id)


def _name_of(row: DraftBlock, base: CourseTree) -> str:
    node = base.blocks.get(row.usage_key)
    fields = row.fields if row.fields is not None else (node.fields if node else {})
    return str(fields.get("display_name") or words_for(row.block_type)[0])


def find_conflicts(visit: Visit, keys: list[str] | None = None) -> list[tuple[DraftConflict, str]]:
    """The texts that wait for their author's decision, each with the name of its block."""
    found = DraftConflict.objects.filter(draft__course=visit.course).select_related("author")
    found = found if keys is None else found.filter(usage_key__in=keys)
    blocks = visit.tree.blocks
    return [
        (row, blocks[row.usage_key].display_name if row.usage_key in blocks else row.usage_key)
        for row in found
    ]


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """A section, subsection or unit in the outline of the draft, or the place for another one.

    ``adds`` is the type of what can be added to ``node`` in such a place, else empty. A section
    that ``is_closed`` has no rows for what is in it.
    """

    node: BlockNode
    level: int
    adds: str = ""
    revision: str = ""
    is_first: bool = False
    is_last: bool = False
    is_unit: bool = False
    is_closed: bool = False


ADDS = {"chapter": "sequential", "sequential": "vertical"}


def _outline_rows(tree: CourseTree, section: str) -> list[OutlineRow]:
    """The rows of the outline, with ``section`` open or else the first one."""
    open_key = section if section in tree.blocks[tree.root].children else ""
    return list(_rows_below(tree, tree.blocks[tree.root], 1, open_key))


def _rows_below(
    tree: CourseTree, above: BlockNode, level: int, open_key: str
) -> Iterator[OutlineRow]:
    children = tree.children(above.usage_key)
    for node in children:
        is_first = node is children[0]
        is_open = level > 1 or node.usage_key == open_key or (is_first and not open_key)
        is_unit = above.block_type == "sequential"
        yield OutlineRow(
            node=node,
            level=level,
            revision=revision_below(tree, node.usage_key),
            is_first=is_first,
            is_last=node is children[-1],
            is_unit=is_unit,
            is_closed=not is_open,
        )
        if is_open and not is_unit:
            yield from _rows_below(tree, node, level + 1, open_key)
    if above.block_type in ADDS:
        yield OutlineRow(above, level, ADDS[above.block_type])
