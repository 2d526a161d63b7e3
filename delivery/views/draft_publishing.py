"""A draft seen as trainees will see it, published, discarded, brought up to what is served."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from delivery.access import DRAFT_PREVIEW, Access, CourseRequest, access
from delivery.authoring import publishing
from delivery.authoring.changes import CHANGES_ON_PAGE, Comparison
from delivery.authoring.checking import find_problems
from delivery.authoring.merging import Merged, bring_up
from delivery.authoring.writing import WriteRefused
from delivery.outline import outline_of
from delivery.tree import BlockNode, CourseTree
from delivery.views.draft_pages import draft_context, find_conflicts
from delivery.views.previews import end_preview, start_preview


@access(Access.DRAFT)
@require_POST
def preview(request: CourseRequest, course_key: str) -> HttpResponse:
    """See the whole draft as a trainee does, alone and until told otherwise."""
    start_preview(request, course_key, DRAFT_PREVIEW)
    usage_key = request.POST.get("unit", "")
    if usage_key in outline_of(request.visit.tree).places:
        return redirect("unit", course_key, usage_key)
    return redirect("course", course_key)


@access(Access.DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: CourseRequest, course_key: str) -> HttpResponse:
    """What publishing would change; and publishing."""
    visit = request.visit
    if request.method == "POST":
        return _publish(request)
    context = draft_context(request, "")
    changes: Comparison = context["changes"]
    context |= {
        "page": Paginator(changes.blocks, CHANGES_ON_PAGE).get_page(request.GET.get("page")),
        "regrades": publishing.find_regrades(visit, changes),
        "problems": _problems(visit.tree, changes),
        "conflicts": find_conflicts(visit),
        "most_note": publishing.MAX_NOTE,
    }
    return render(request, "teach/publish.html", context)


def _problems(tree: CourseTree, changes: Comparison) -> list[tuple[BlockNode, list[str]]]:
    """What is wrong with the blocks that would be published."""
    found = [
        (tree.blocks[change.usage_key], find_problems(tree, change.usage_key))
        for change in changes.blocks
        if change.usage_key in tree.blocks
    ]
    return [(node, problems) for node, problems in found if problems]


def _publish(request: CourseRequest) -> HttpResponse:
    visit = request.visit
    try:
        done = publishing.publish_draft(
            visit,
            revision=_number(request.POST.get("draft_revision", "")),
            note=request.POST.get("note", ""),
            regrade=request.POST.getlist("regrade"),
        )
    except WriteRefused as error:
        messages.warning(request, str(error))
        return redirect("draft_publish", visit.course.key)
    end_preview(request, visit.course.key)
    said = _("Version %(number)d is published. Everyone in the course sees it now.")
    messages.success(request, said % {"number": done.version.number})
    if done.regrades:
        said = _("What the changed keys mean for answers is being worked out. Apply it from here.")
        messages.info(request, said)
        return redirect("regrades", visit.course.key)
    return redirect("versions", visit.course.key)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 12 else -1


@access(Access.DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: CourseRequest, course_key: str) -> HttpResponse:
    """Forget all changes of the draft, after asking whether that is meant."""
    visit = request.visit
    if request.method != "POST":
        return render(request, "teach/discard.html", draft_context(request, ""))
    try:
        revision = _number(request.POST.get("draft_revision", ""))
        publishing.discard_draft(visit.course, revision)
    except WriteRefused as error:
        messages.warning(request, str(error))
        return redirect("draft_discard", course_key)
    end_preview(request, course_key)
    messages.success(request, _("Discarded. The draft is the version served again."))
    return redirect("draft", course_key)


@access(Access.DRAFT)
@require_POST
def update(request: CourseRequest, course_key: str) -> HttpResponse:
    """Bring the draft up to the version that is served meanwhile."""
    merged = bring_up(request.visit.course)
    if merged == Merged():
        messages.success(request, _("The draft is up to date, with all of its changes."))
    for said in _words_of(merged):
        messages.warning(request, said)
    return redirect("draft", course_key)


def _words_of(merged: Merged) -> Iterator[str]:
    """What an author has to know of a draft that was brought up."""
    if merged.conflicts:
        yield ngettext(
            "The draft is up to date. One block was changed on both sides: choose what stands.",
            "The draft is up to date. %(count)d blocks were changed on both sides: choose what "
            "stands.",
            merged.conflicts,
        ) % {"count": merged.conflicts}
    if merged.deleted:
        yield _(
            "Changed in the draft, but not in the version served any more: %(names)s. The page of "
            "the unit, or else this outline, lists them as deleted; you can put them back there."
        ) % {"names": ", ".join(f"“{name}”" for name in merged.deleted)}
    if merged.files:
        yield _("These files were changed on both sides; the draft's stand: %(files)s.") % {
            "files": ", ".join(merged.files)
        }
    if merged.policy:
        yield _("The grading was changed on both sides; the draft's stands.")
