"""The audit trail to read, and the check that it is whole."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from jobs import api as jobs
from practicum import api
from practicum.views.access import PracticumRequest, Who, access

PAGE = 50


@access(Who.COORDINATOR)
@require_safe
def trail(request: PracticumRequest) -> HttpResponse:
    """Events, the latest first: all, or those of one thing."""
    subject = _id(request.GET.get("subject", ""))
    before = request.GET.get("before", "")
    found = api.trail_events(
        request.actor,
        subject=subject,
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
        limit=PAGE + 1,
    )
    names = {one.id: one.name for one in api.people(request.actor)}
    context = {
        "events": [(event, names.get(event.actor, "")) for event in found[:PAGE]],  # type: ignore[arg-type]  # None is nobody
        "subject": subject,
        "before": found[PAGE - 1].sequence if len(found) > PAGE else 0,
        "checks": list(jobs.find_jobs(user=request.user, tasks=["practicum.verify"])[0:3]),
    }
    return render(request, "practicum/office/trail.html", context)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@access(Who.COORDINATOR)
@require_POST
def verify(request: PracticumRequest) -> HttpResponse:
    """Have the whole trail checked."""
    latest = api.trail_events(request.actor, limit=1)
    events = latest[0].sequence if latest else 0
    job = jobs.enqueue("practicum.verify", {"events": events}, user=request.user)
    return redirect("practicum:office_job", job=job.id)
