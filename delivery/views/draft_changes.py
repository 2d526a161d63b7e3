"""Changes to the shape of a draft: adding, moving, copying, deleting, putting back."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from delivery.access import Access, CourseRequest, access
from delivery.authoring import writing
from delivery.authoring.catalogue import find_type, starter_of
from delivery.authoring.checking import MAX_NAME, FieldsRefused
from delivery.authoring.presence import SIGN_EVERY, find_others, note_visit
from delivery.authoring.writing import PARENT_TYPES, BlockChanged, DraftWriter, WriteRefused
from delivery.tree import CourseTree
from delivery.views.blocks import find_node
from delivery.views.draft_blocks import page_url, place_url

NEW_NAMES = {
    "chapter": gettext_lazy("New section"),
    "sequential": gettext_lazy("New subsection"),
    "vertical": gettext_lazy("New unit"),
}
STEPS = {"up": -1, "down": 1}


def _write(
    request: CourseRequest,
    usage_key: str,
    act: Callable[[DraftWriter], str],
    where: Callable[[CourseTree, str], str] = place_url,
) -> HttpResponse:
    """Let ``act`` change the draft, and lead to ``where`` the block is whose key it returns."""
    visit = request.visit
    try:
        with writing.writing(visit.course, visit.user) as writer:
            shown = act(writer)
    except (WriteRefused, FieldsRefused) as error:
        level = messages.WARNING if isinstance(error, BlockChanged) else messages.ERROR
        messages.add_message(request, level, str(error))
        return redirect(_back(request, usage_key))
    return redirect(where(_now(request), shown))


def _now(request: CourseRequest) -> CourseTree:
    """The draft after a change: another than the one at the beginning of the request."""
    request.visit.__dict__.pop("tree", None)
    return request.visit.tree


def _back(request: CourseRequest, usage_key: str) -> str:
    tree = _now(request)
    if usage_key in tree.blocks:
        return place_url(tree, usage_key)
    return reverse("draft", args=[tree.course_key])


@access(Access.DRAFT)
@require_POST
def add(request: CourseRequest, course_key: str) -> HttpResponse:
    """Add a block to a unit and open its editor; or a unit, a subsection, a section."""
    parent, tag = request.POST.get("parent", ""), request.POST.get("block_type", "")
    name = " ".join(request.POST.get("display_name", "").split())[:MAX_NAME]
    visit = request.visit
    if tag not in PARENT_TYPES and find_type(tag) is None:
        messages.error(request, _("Choose what to add."))
        return redirect(_back(request, parent))
    fields = starter_of(tag)
    if name or tag in PARENT_TYPES:
        fields["display_name"] = name or str(NEW_NAMES.get(tag, tag))
    added: list[str] = []

    def act(writer: DraftWriter) -> str:
        added.append(writing.add_block(writer, parent, tag, fields, request.POST.get("after", "")))
        return added[0]

    response = _write(request, parent, act, page_url)
    if added and tag not in PARENT_TYPES and added[0] in visit.tree.blocks:
        return redirect("draft_edit", course_key, added[0])
    return response


@access(Access.DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: CourseRequest, course_key: str, usage_key: str) -> HttpResponse:
    """Move a block by a step (``step``: up, down) or to another container (``to``)."""
    tree = request.visit.tree
    node = find_node(request.visit, usage_key)
    if request.method == "POST":
        step, target = STEPS.get(request.POST.get("step", "")), request.POST.get("to", "")

        def act(writer: DraftWriter) -> str:
            if step is not None:
                writing.move_by(writer, usage_key, step)
            else:
                writing.move_to(writer, usage_key, target)
            return usage_key

        return _write(request, usage_key, act)
    kind = PARENT_TYPES.get(node.block_type, writing.UNIT)
    places = [
        {
            "node": other,
            "path": [above.display_name for above in reversed([*tree.ancestors(key)][:-1])],
            "is_here": key == node.parent,
        }
        for key, other in tree.blocks.items()
        if other.block_type == kind
    ]
    context = {
        "visit": request.visit,
        "node": node,
        "places": places,
        "place": place_url(tree, usage_key),
    }
    return render(request, "teach/move.html", context)


@access(Access.DRAFT)
@require_POST
def duplicate(request: CourseRequest, course_key: str, usage_key: str) -> HttpResponse:
    """Put a copy of a block behind it."""
    find_node(request.visit, usage_key)
    return _write(request, usage_key, lambda writer: writing.duplicate(writer, usage_key))


@access(Access.DRAFT)
@require_POST
def delete(request: CourseRequest, course_key: str, usage_key: str) -> HttpResponse:
    """Take a block out of the draft, and offer to put it back."""
    tree = request.visit.tree
    node = tree.blocks.get(usage_key)
    if node is None:  # somebody else was quicker
        messages.info(request, _("This block is deleted already."))
        return redirect("draft", course_key)

    def act(writer: DraftWriter) -> str:
        writer.check_below(usage_key, request.POST.get("revision", ""))
        writing.delete(writer, usage_key)
        return writer.node(usage_key).parent

    response = _write(request, usage_key, act, page_url)
    if usage_key not in request.visit.tree.blocks:
        url, _mark, _anchor = response["Location"].partition("#")
        mark = "&" if "?" in url else "?"
        response["Location"] = f"{url}{mark}{urlencode({'deleted': usage_key})}"
    return response


@access(Access.DRAFT)
@require_POST
def put_back(request: CourseRequest, course_key: str, usage_key: str) -> HttpResponse:
    """Put a deleted block back to where it was."""

    def act(writer: DraftWriter) -> str:
        writing.put_back(writer, usage_key)
        return usage_key

    return _write(request, usage_key, act)


@access(Access.DRAFT)
@require_POST
def presence(request: CourseRequest, course_key: str) -> JsonResponse:
    """Note that an author is still there; say who else is, and whether the draft is another."""
    visit = request.visit
    named = request.POST.get("here", "")
    here = named if named in visit.tree.blocks else ""
    note_visit(visit.course, visit.user, here)
    others = find_others(visit.tree, visit.course, visit.user, here)
    return JsonResponse(
        {
            "revision": visit.tree.draft_revision,
            "others": [
                {"name": other.name, "place": other.place, "here": other.is_here}
                for other in others
            ],
            "again": SIGN_EVERY,
        }
    )
