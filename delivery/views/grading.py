"""What people have to grade in a course: the queues of its tasks, and the room for one of them."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from delivery.access import Access, CourseRequest, access
from delivery.runtime.rendering import render_blocks
from delivery.tree import BlockNode
from grading.staff import QueueCount, State, count_queues

TASK = "staff_task"


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One task of the course and how its queue stands."""

    node: BlockNode
    place: str
    count: QueueCount

    @property
    def returned(self) -> int:
        """How many are with their trainees for revision."""
        return self.count.states.get(State.RETURNED, 0)

    @property
    def ready(self) -> int:
        """How many grades wait to be shown."""
        return self.count.states.get(State.READY, 0)

    @property
    def graded(self) -> int:
        """How many grades are shown."""
        return self.count.states.get(State.PUBLISHED, 0)


@access(Access.COURSE_STAFF)
@require_safe
def queues(request: CourseRequest, course_key: str) -> HttpResponse:
    """The tasks of a course that people grade, with what is owed in each."""
    tree = request.visit.tree
    nodes = [node for node in tree.blocks.values() if node.block_type == TASK]
    counts = count_queues(course_key, [node.usage_key for node in nodes])
    lines = []
    for node in nodes:
        chapter = tree.enclosing(node.usage_key, "chapter")
        part = tree.enclosing(node.usage_key, "sequential")
        names = [found.display_name for found in (chapter, part) if found]
        lines.append(QueueLine(node, " · ".join(names), counts[node.usage_key]))
    owed = sum(line.count.owed for line in lines)
    context = {"visit": request.visit, "lines": lines, "owed": owed}
    return render(request, "teach/queues.html", context)


@access(Access.COURSE_STAFF)
@require_safe
def room(request: CourseRequest, course_key: str, usage_key: str) -> HttpResponse:
    """A task with its desk open, on a page of its own."""
    visit = request.visit
    node = visit.tree.blocks.get(usage_key)
    if node is None or node.block_type != TASK:
        raise Http404(_("This course has no such task."))
    [task] = render_blocks(request, visit, [usage_key])
    unit = visit.tree.enclosing(usage_key, "vertical")
    context = {"visit": visit, "node": node, "task": task, "unit": unit}
    return render(request, "teach/grading_room.html", context)
