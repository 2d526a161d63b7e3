"""Answers graded again after a key changed: what it would mean, then applying it or not."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from delivery.access import Access, CourseRequest, access
from delivery.regrading import (
    find_outdated,
    name_of,
    report_rows,
    request_regrades,
    unit_name,
    with_people,
)
from delivery.rescoring import (
    RescoreRefused,
    find_scorable,
    request_rescore,
)
from delivery.standing import Standing, standing_of
from grading.api import (
    NoRegrade,
    RegradeMoved,
    RegradeStatus,
    apply_regrade,
    find_regrades,
    read_changes,
    regrade_status,
    run_regrade_again,
    stop_regrade,
)
from quarantine.tables import stream_csv

REGRADES_ON_PAGE = 20
CHANGES_ON_PAGE = 50
OUTCOMES = ("better", "worse", "same", "refused")


@access(Access.COURSE_STAFF)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def regrades(request: CourseRequest, course_key: str) -> HttpResponse:
    """What can be graded again, and what was; POST has it worked out for the chosen exercises."""
    visit = request.visit
    if request.method == "POST":
        return _begin(request)
    found: Any = find_regrades(course_key)
    page = Paginator(found, REGRADES_ON_PAGE).get_page(request.GET.get("page"))
    context = {
        "course": visit.course,
        "outdated": find_outdated(visit),
        "page": page,
        "lines": [(row, name_of(visit.tree, row.item_id)) for row in page],
        "scorable": find_scorable(visit),
    }
    return render(request, "teach/regrades.html", context)


def _begin(request: CourseRequest) -> HttpResponse:
    visit = request.visit
    begun, faults = request_regrades(visit, set(request.POST.getlist("exercise")))
    for fault in faults:
        messages.error(request, fault)
    if begun:
        said = ngettext(
            "What would change in one exercise is being worked out.",
            "What would change in %(count)d exercises is being worked out.",
            begun,
        )
        messages.info(request, said % {"count": begun})
    elif not faults:
        messages.warning(request, _("Choose an exercise first."))
    return redirect("regrades", visit.course.key)


def _find(request: CourseRequest, regrade_id: int) -> RegradeStatus:
    """A re-grade of this course and of no other."""
    try:
        found = regrade_status(regrade_id)
    except NoRegrade:
        found = None
    if found is None or found.course_id != request.visit.course.key:
        raise Http404(_("There is no such re-grade."))
    return found


@access(Access.COURSE_STAFF)
@never_cache
@require_safe
def regrade(request: CourseRequest, course_key: str, regrade_id: int) -> HttpResponse:
    """Who changes and by how much, before or after it is applied."""
    found = _find(request, regrade_id)
    outcome = request.GET.get("outcome", "")
    changes: Any = read_changes(regrade_id, outcome if outcome in OUTCOMES else "")
    page = Paginator(changes, CHANGES_ON_PAGE).get_page(request.GET.get("page"))
    tree = request.visit.tree
    context = {
        "course": request.visit.course,
        "regrade": found,
        "name": name_of(tree, found.item_id),
        "unit": unit_name(tree, found.item_id),
        "standing": _standing(found),
        "page": page,
        "lines": with_people(request.visit.course, page),
        "outcome": outcome,
        "outcomes": [
            ("", _("all who change")),
            ("better", _("those who get better")),
            ("worse", _("those who get worse")),
            ("refused", _("those who keep an old mark")),
        ],
    }
    return render(request, "teach/regrade.html", context)


def _standing(found: RegradeStatus) -> Standing | None:
    if found.job is None or not found.is_working:
        return None
    label = _("working out who changes") if found.state == "reporting" else _("being applied")
    return standing_of(found.job, label)


@access(Access.COURSE_STAFF)
@never_cache
@require_safe
def regrade_state(request: CourseRequest, course_key: str, regrade_id: int) -> JsonResponse:
    """How it comes on, for the page's script."""
    found = _find(request, regrade_id)
    standing = _standing(found)
    if standing is None:
        return JsonResponse({"state": found.state, "label": found.state_name, "is_over": True})
    return JsonResponse({**standing.as_json(), "is_over": False})


@access(Access.COURSE_STAFF)
@require_safe
def regrade_table(
    request: CourseRequest, course_key: str, regrade_id: int
) -> StreamingHttpResponse:
    """The report as CSV."""
    found = _find(request, regrade_id)
    rows = report_rows(request.visit.course, found.id)
    response = StreamingHttpResponse(stream_csv(rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="regrade-{found.id}.csv"'
    return response


@access(Access.COURSE_STAFF)
@require_POST
def regrade_apply(request: CourseRequest, course_key: str, regrade_id: int) -> HttpResponse:
    """Let the new marks count."""
    apply = partial(apply_regrade, user=request.user)
    return _decide(request, regrade_id, apply, _("The new marks are being applied."))


@access(Access.COURSE_STAFF)
@require_POST
def regrade_stop(request: CourseRequest, course_key: str, regrade_id: int) -> HttpResponse:
    """Discard the report, or stop applying it."""
    return _decide(request, regrade_id, stop_regrade, _("Stopped. Nothing more will change."))


@access(Access.COURSE_STAFF)
@require_POST
def regrade_again(request: CourseRequest, course_key: str, regrade_id: int) -> HttpResponse:
    """Go on after a failure."""
    return _decide(request, regrade_id, run_regrade_again, _("It goes on where it was."))


def _decide(
    request: CourseRequest, regrade_id: int, decide: Callable[[int], Any], said: str
) -> HttpResponse:
    found = _find(request, regrade_id)
    try:
        decide(found.id)
    except RegradeMoved:
        messages.warning(request, _("It has moved on meanwhile. Here is how it stands now."))
    else:
        messages.success(request, said)
    return redirect("regrade", request.visit.course.key, regrade_id)


@access(Access.COURSE_STAFF)
@require_POST
def rescore(request: CourseRequest, course_key: str) -> HttpResponse:
    """Have a block of others score again what it keeps, for one learner or for all."""
    try:
        job = request_rescore(
            request.visit,
            request.POST.get("block", ""),
            username=request.POST.get("username", "").strip(),
            only_if_higher=bool(request.POST.get("only_if_higher")),
        )
    except RescoreRefused as error:
        messages.warning(request, str(error))
        return redirect("regrades", course_key)
    return redirect("job", job_id=job)
