"""Long work: what I asked for and how it comes on; for administrators, everybody's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from delivery.access import Access, access, is_administrator
from delivery.standing import STATE_WORDS, describe_state, standing_of
from jobs.api import (
    JobStatus,
    UnknownJob,
    WrongState,
    cancel,
    find_jobs,
    queue_health,
    read_file,
    requeue,
    status,
)

JOBS_ON_PAGE = 25
RESULT_WORDS = {
    "better": gettext_lazy("Better"),
    "worse": gettext_lazy("Worse"),
    "same": gettext_lazy("The same"),
    "unanswered": gettext_lazy("Nothing to score"),
    "failed": gettext_lazy("Failed"),
    "rows": gettext_lazy("Rows"),
}


@access(Access.SIGNED_IN)
@never_cache
@require_safe
def my_jobs(request: HttpRequest) -> HttpResponse:
    """What I asked for."""
    context = _list_context(request, find_jobs(user=request.user, states=_asked_states(request)))
    return render(request, "jobs/list.html", context)


@access(Access.ADMINISTRATOR)
@never_cache
@require_safe
def all_jobs(request: HttpRequest) -> HttpResponse:
    """All that waits, runs, is done and has failed, and how the queue does."""
    context = _list_context(request, find_jobs(states=_asked_states(request)))
    asked_by = {job.created_by_id for job in context["page"] if job.created_by_id}
    context |= {
        "health": queue_health(),
        "names": {user.pk: str(user) for user in get_user_model().objects.filter(pk__in=asked_by)},
        "is_all": True,
    }
    return render(request, "jobs/list.html", context)


def _asked_states(request: HttpRequest) -> list[str]:
    state = request.GET.get("state", "")
    return [state] if state in STATE_WORDS else []


def _list_context(request: HttpRequest, found: Any) -> dict[str, Any]:
    page = Paginator(found, JOBS_ON_PAGE).get_page(request.GET.get("page"))
    return {
        "page": page,
        "lines": [(job, standing_of(job)) for job in page],
        "states": [(state, describe_state(state)) for state in STATE_WORDS],
        "state": request.GET.get("state", ""),
    }


def _find(request: HttpRequest, job_id: UUID) -> JobStatus:
    """A job of the visitor's own, or any for who keeps the school."""
    try:
        found = status(job_id)
    except UnknownJob:
        found = None
    if found is None or not (_is_own(request, found) or is_administrator(request.user)):
        raise Http404(_("There is no such job."))
    return found


def _is_own(request: HttpRequest, found: JobStatus) -> bool:
    return found.created_by_id is not None and found.created_by_id == request.user.pk


@access(Access.SIGNED_IN)
@never_cache
@require_safe
def job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """How one job stands and what it left."""
    found = _find(request, job_id)
    context = {
        "job": found,
        "standing": standing_of(found),
        "is_own": _is_own(request, found),
        "results": [
            (words, (found.result or {})[name])
            for name, words in RESULT_WORDS.items()
            if name in (found.result or {})
        ],
        "error": found.error.partition("\n")[0],
    }
    return render(request, "jobs/job.html", context)


@access(Access.SIGNED_IN)
@never_cache
@require_safe
def job_status(request: HttpRequest, job_id: UUID) -> JsonResponse:
    """How a job stands, for the page's script."""
    return JsonResponse(standing_of(_find(request, job_id)).as_json())


@access(Access.SIGNED_IN)
@never_cache
@require_safe
def job_file(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """The file that a job left, for who asked for it and nobody else."""
    if not _is_own(request, _find(request, job_id)):
        raise PermissionDenied
    file = read_file(job_id)
    if file is None:
        raise Http404(_("This file is not kept any more."))
    response = HttpResponse(file.data, content_type=file.content_type)
    response.headers["Content-Disposition"] = _attachment(file.name)
    return response


def _attachment(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"


@access(Access.SIGNED_IN)
@require_POST
def job_cancel(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Stop a job."""
    said = _("Cancelled. What it had done already may stay.")
    return _decide(request, job_id, cancel, said)


@access(Access.SIGNED_IN)
@require_POST
def job_requeue(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Run a job again that failed or was cancelled."""
    return _decide(request, job_id, requeue, _("It will run again in a moment."))


def _decide(
    request: HttpRequest, job_id: UUID, decide: Callable[[UUID], None], said: str
) -> HttpResponse:
    found = _find(request, job_id)
    try:
        decide(found.id)
    except (UnknownJob, WrongState):
        messages.warning(request, _("It has moved on meanwhile. Here is how it stands now."))
    else:
        messages.success(request, said)
    return redirect("job", job_id=job_id)
