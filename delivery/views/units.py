"""The pages of a course: reading one, leaving it behind, finding it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from delivery.access import Access, CourseRequest, Visit, access
from delivery.models import Completion, Enrollment
from delivery.outline import ChapterOutline, CourseOutline, UnitOutline, outline_of
from delivery.progress import (
    Completions,
    Eyes,
    SubsectionProgress,
    UnitProgress,
    load_completions,
    measure,
    measure_subsection,
    measure_subsections,
    measure_unit,
    place_to_continue,
    viewable_leaves,
)
from delivery.runtime import render_blocks
from delivery.runtime.visitor import anonymous_id_of
from grading import api as grading

# How often the time of a visit is noted while the place stays the same.
VISIT_NOTED_EVERY = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a unit stands: what is above it, beside it and around it."""

    chapter: ChapterOutline
    subsection: SubsectionProgress
    unit: UnitProgress
    position: int
    previous: UnitOutline | None
    next: UnitOutline | None


@access(Access.LEARNER)
@require_safe
def unit(request: CourseRequest, course_key: str, usage_key: str) -> HttpResponse:
    """Show a page of the course."""
    visit = request.visit
    tree = visit.tree
    outline = outline_of(tree)
    if usage_key not in outline.places:
        return redirect("unit", course_key, _unit_around(visit, outline, usage_key))
    eyes = Eyes(timezone.now(), visit.sees_all, visit.extensions)
    refusal = _refuse_closed(request, outline, usage_key, eyes)
    if refusal:
        return refusal
    completions = load_completions(visit.user.pk, [visit.course.pk])[visit.course.pk]
    place = find_place(outline, completions, eyes, usage_key)
    keys = [node.usage_key for node in tree.children(usage_key)] or [usage_key]
    keys = [key for key in keys if visit.may_open(key)]
    exercises = [leaf.usage_key for leaf in place.unit.outline.leaves if leaf.is_ours]
    with grading.prefetched(anonymous_id_of(visit), visit.course.key, exercises):
        blocks = render_blocks(request, visit, keys)
    _keep_place(visit, usage_key)
    unseen = [key for key in viewable_leaves(place.unit.outline, eyes) if not completions.get(key)]
    context = {
        "visit": visit,
        "place": place,
        "chapters": _drawer(outline, completions, eyes, place),
        "blocks": blocks,
        "stylesheets": list(dict.fromkeys(url for block in blocks for url in block.css)),
        "scripts": list(dict.fromkeys(url for block in blocks for url in block.js)),
        "has_unseen": bool(unseen),
        "eyes": eyes,
    }
    return render(request, "courses/unit.html", context)


@access(Access.LEARNER)
@require_POST
def unit_viewed(request: CourseRequest, course_key: str, usage_key: str) -> HttpResponse:
    """Note that a page was on view: what is completed by being seen is complete.

    Answers a script with the page's new state; a form with ``next`` is led there.
    """
    visit = request.visit
    outline = outline_of(visit.tree)
    eyes = Eyes(timezone.now(), visit.sees_all, visit.extensions)
    if usage_key not in outline.places or not visit.may_open(usage_key):
        raise Http404(_("This course has no such page."))
    _chapter, subsection, unit_outline = outline.places[usage_key]
    completions = load_completions(visit.user.pk, [visit.course.pk])[visit.course.pk]
    seen = [key for key in viewable_leaves(unit_outline, eyes) if completions.get(key) != 1.0]
    _complete(visit, seen)
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        return redirect(target)
    completions |= dict.fromkeys(seen, 1.0)
    around = measure_subsection(subsection, completions, eyes)
    return JsonResponse(
        {
            "state": measure_unit(unit_outline, completions, eyes).state,
            "done": around.done,
            "total": around.total,
        }
    )


@access(Access.LEARNER)
@require_safe
def resume(request: CourseRequest, course_key: str) -> HttpResponse:
    """Lead to where the learner left the course, or else to its first page not done."""
    visit = request.visit
    eyes = Eyes(timezone.now(), visit.sees_all, visit.extensions)
    done = load_completions(visit.user.pk, [visit.course.pk])[visit.course.pk]
    progress = measure(outline_of(visit.tree), done, eyes)
    place = place_to_continue(progress, visit.enrollment.last_unit if visit.enrollment else "")
    if place is None:
        return redirect("course", course_key)
    return redirect("unit", course_key, place.outline.usage_key)


@access(Access.LEARNER)
@require_safe
def jump(request: CourseRequest, course_key: str, block_id: str) -> HttpResponse:
    """Lead to the page with a block, named as in a ``/jump_to_id/`` link."""
    visit = request.visit
    ending = f"@{block_id}"
    key = next((key for key in visit.tree.blocks if key.endswith(ending)), None)
    if key is None:
        raise Http404(_("This course has no such page."))
    page = _unit_around(visit, outline_of(visit.tree), key)
    response = redirect("unit", course_key, page)
    if any(node.usage_key == page for node in visit.tree.ancestors(key)):
        response["Location"] += f"#block-{block_id}"
    return response


def find_place(
    outline: CourseOutline, completions: Completions, eyes: Eyes, usage_key: str
) -> Place:
    """Where a unit that is seen stands among the others."""
    chapter, subsection, unit_outline = outline.places[usage_key]
    around = measure_subsection(subsection, completions, eyes)
    here = next(unit for unit in around.units if unit.outline is unit_outline)
    seen = [
        other
        for part in outline.subsections
        if eyes.see(part.opening)
        for other in part.units
        if eyes.see(other.opening)
    ]
    index = seen.index(unit_outline)
    return Place(
        chapter=chapter,
        subsection=around,
        unit=here,
        position=around.units.index(here) + 1,
        previous=seen[index - 1] if index else None,
        next=seen[index + 1] if index + 1 < len(seen) else None,
    )


@dataclass(frozen=True, slots=True)
class DrawerChapter:
    """A section in the drawer: with its subsections if it is the one being read."""

    outline: ChapterOutline
    is_open: bool
    subsections: tuple[SubsectionProgress, ...]


def _drawer(
    outline: CourseOutline, completions: Completions, eyes: Eyes, place: Place
) -> list[DrawerChapter]:
    return [
        DrawerChapter(
            chapter,
            eyes.see(chapter.opening),
            measure_subsections(chapter, completions, eyes) if chapter is place.chapter else (),
        )
        for chapter in outline.chapters
        if eyes.sees_all or not chapter.opening.staff_only
    ]


def _unit_around(visit: Visit, outline: CourseOutline, usage_key: str) -> str:
    """The unit that holds a block, or the first one below it; raises ``Http404``."""
    tree = visit.tree
    if usage_key in tree.blocks:
        above = (usage_key, *(node.usage_key for node in tree.ancestors(usage_key)))
        below = (node.usage_key for node in tree.descendants(usage_key))
        for key in (*above, *below):
            if key in outline.places:
                return key
    raise Http404(_("This course has no such page."))


def _refuse_closed(
    request: CourseRequest, outline: CourseOutline, usage_key: str, eyes: Eyes
) -> HttpResponse | None:
    """The page shown instead of one that is not open yet; ``Http404`` if it is for staff."""
    chapter, subsection, unit_outline = outline.places[usage_key]
    openings = (chapter.opening, subsection.opening, unit_outline.opening)
    if all(eyes.see(opening) for opening in openings):
        return None
    if any(opening.staff_only for opening in openings):
        raise Http404(_("This course has no such page."))
    context = {
        "visit": request.visit,
        "name": unit_outline.name,
        "opens_at": max(opening.at for opening in openings if opening.at),
    }
    return render(request, "courses/closed.html", context, status=403)


def _keep_place(visit: Visit, usage_key: str) -> None:
    enrollment = visit.enrollment
    if enrollment is None or not enrollment.is_active or visit.is_preview:
        return
    now = timezone.now()
    noted = enrollment.last_visited_at
    if enrollment.last_unit == usage_key and noted and now - noted < VISIT_NOTED_EVERY:
        return
    Enrollment.objects.filter(pk=enrollment.pk).update(last_unit=usage_key, last_visited_at=now)


def _complete(visit: Visit, usage_keys: list[str]) -> None:
    now = timezone.now()
    Completion.objects.bulk_create(
        [
            Completion(
                user_id=visit.user.pk,
                course=visit.course,
                usage_key=key,
                completion=1.0,
                updated_at=now,
            )
            for key in usage_keys
        ],
        update_conflicts=True,
        unique_fields=["user", "course", "usage_key"],
        update_fields=["completion", "updated_at"],
    )
