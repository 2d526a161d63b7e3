"""Reports as pages and as files, and the public page that tells whether one still holds."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from documents.writing import LANGUAGES, writing_of
from jobs import api as jobs
from practicum import api
from practicum.api import Edition, Report, ReportFile, ReportRequest
from practicum.office_forms import LANGUAGE_NAMES, ReportForm
from practicum.views.access import PracticumRequest, Who, access

ON_PLACEMENT = ("record", "weekly")
ON_MANY = ("cohort", "host", "monthly", "funder")
ROWS_AT_ONCE = 1_500  # reports with more rows are made as jobs
ROWS_SHOWN = 2_000


# --- On one placement -----------------------------------------------------------------------------


@access(Who.SIGNED_IN)
@require_safe
def report(request: PracticumRequest, placement: UUID, kind: str) -> HttpResponse:
    """A placement's record or report book as a page, for whoever sees the placement."""
    wanted = _wanted(request, placement, kind)
    made = api.make_report(request.actor, wanted)
    file_url = reverse("practicum:report_file", args=[placement, kind])
    office = reverse("practicum:office_placement", args=[placement])
    back = office if api.is_coordinator(request.actor) else ""
    return _page(request, made, wanted, file_url, placement_url=back)


@access(Who.SIGNED_IN)
@require_POST
def report_file(request: PracticumRequest, placement: UUID, kind: str) -> HttpResponse:
    """A placement's record or report book as a file; a PDF bears a code to check it by."""
    return _file(request, _wanted(request, placement, kind))


def _wanted(request: PracticumRequest, placement: UUID, kind: str) -> ReportRequest:
    if kind not in ON_PLACEMENT:
        raise Http404(kind)
    language = _language(request, api.trainee_language(request.actor, placement))
    return ReportRequest(kind, placement=placement, language=language)


def _language(request: HttpRequest, wished: str = "") -> str:
    """The language asked for, or else the trainee's, or the reader's, if reports are in it."""
    asked = request.POST.get("language") or request.GET.get("language") or ""
    for one in (asked, wished, (translation.get_language() or "").partition("-")[0]):
        if one in LANGUAGES:
            return one
    return "en"


def _page(
    request: PracticumRequest, made: Report, wanted: ReportRequest, file_url: str, **more: Any
) -> HttpResponse:
    with translation.override(wanted.language):
        writing = writing_of(wanted.language)
        shown = {
            "report_title": _(made.title),
            "facts": api.shown_facts(made, writing),
            "parts": api.shown_sections(made, writing),
        }
    languages = [(code, LANGUAGE_NAMES[code]) for code in LANGUAGES]
    context = {
        "report": made,
        "wanted": wanted,
        "file_url": file_url,
        "formats": api.FORMATS,
        "report_languages": languages,
        "key": uuid4().hex,
        "hidden": _hidden(wanted),
        **shown,
        **more,
    }
    return render(request, "practicum/report.html", context)


def _hidden(wanted: ReportRequest) -> dict[str, str]:
    """What the buttons under a report send, so that the file is of what is shown."""
    return {
        name: value
        for name, value in wanted.plain().items()
        if value and name not in ("language", "placement")
    }


def _edition(language: str) -> Edition:
    return Edition(language, school=getattr(settings, "SCHOOL_NAME", ""))


def _check_url(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("practicum:check", args=[UUID(int=0)]))


def _file(request: PracticumRequest, wanted: ReportRequest) -> HttpResponse:
    form = request.POST.get("form", "")
    if form not in api.FORMATS:
        raise Http404(form)
    made = api.make_issued_report(
        request.actor,
        wanted,
        form,
        _edition(wanted.language),
        _check_url(request),
        key=request.POST.get("key", "")[:48],
    )
    return _sent(made)


def _sent(file: ReportFile | jobs.OutputFile) -> HttpResponse:
    response = HttpResponse(file.data, content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    response["Cache-Control"] = "no-store"
    return response


# --- On many --------------------------------------------------------------------------------------


@access(Who.COORDINATOR)
@require_safe
def reports(request: PracticumRequest) -> HttpResponse:
    """Choose a report on many; chosen, it is shown below."""
    data = request.GET if "kind" in request.GET else None
    form = _report_form(request, data)
    if data is None or not form.is_valid():
        context = {"form": form, "latest": _latest(request)}
        status = 422 if form.errors else 200
        return render(request, "practicum/office/reports.html", context, status=status)
    wanted = _chosen(form)
    made = api.make_report(request.actor, wanted)
    rows = sum(len(section.rows) for section in made.sections)
    file_url = reverse("practicum:office_report_file")
    return _page(request, made, wanted, file_url, is_of_many=True, is_long=rows > ROWS_SHOWN)


def _report_form(request: PracticumRequest, data: Any) -> ReportForm:
    form = ReportForm(data, initial={"language": _language(request), "kind": "cohort"})
    titles = [(kind, _(api.KINDS[kind].title)) for kind in ON_MANY]
    form.offer("kind", titles)
    form.offer("cohort", [(one.id, one.name) for one in api.cohorts(request.actor)], _("all"))
    form.offer("host", [(one.id, one.name) for one in api.hosts(request.actor)], _("all"))
    return form


def _chosen(form: ReportForm) -> ReportRequest:
    names = ("kind", "cohort", "host", "first", "last", "language")
    return ReportRequest(**{name: form.cleaned_data[name] for name in names})


@access(Who.COORDINATOR)
@require_POST
def many_file(request: PracticumRequest) -> HttpResponse:
    """A report on many as a file: at once if it is short, or else as a job."""
    form = _report_form(request, request.POST)
    if not form.is_valid():
        raise Http404("report")
    wanted = _chosen(form)
    if api.count_rows(request.actor, wanted) <= ROWS_AT_ONCE:
        return _file(request, wanted)
    kind = request.POST.get("form", "")
    if kind not in api.FORMATS:
        raise Http404(kind)
    job = jobs.enqueue(
        "practicum.report",
        {
            "wanted": wanted.plain(),
            "form": kind,
            "actor": str(request.actor.person),
            "school": getattr(settings, "SCHOOL_NAME", ""),
            "url": _check_url(request),
            "key": request.POST.get("key", "")[:48],
        },
        user=request.user,
    )
    return redirect("practicum:office_job", job=job.id)


def _latest(request: PracticumRequest) -> list[jobs.JobStatus]:
    found = jobs.find_jobs(user=request.user, tasks=["practicum.report"])
    return list(found[0:5])


# --- Long ones ------------------------------------------------------------------------------------


def _own_job(request: PracticumRequest, job: UUID) -> jobs.JobStatus:
    """A job of the visitor's own; nobody else's is there for them."""
    try:
        found = jobs.status(job)
    except jobs.UnknownJob as error:
        raise Http404("job") from error
    if found.created_by_id != request.user.pk or not found.task.startswith("practicum."):
        raise Http404("job")
    return found


@access(Who.COORDINATOR)
@require_safe
def job(request: PracticumRequest, job: UUID) -> HttpResponse:
    """How far a report, or a check of the trail, is; a script asks for the figures alone."""
    found = _own_job(request, job)
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse(
            {
                "is_over": found.is_over,
                "done": found.progress_done,
                "total": found.progress_total,
                "seconds_left": found.seconds_left,
            }
        )
    return render(request, "practicum/office/job.html", {"job": found})


@access(Who.COORDINATOR)
@require_safe
def job_file(request: PracticumRequest, job: UUID) -> HttpResponse:
    """The file that a job left, for who asked for it."""
    _own_job(request, job)
    file = jobs.read_file(job)
    if file is None:
        raise Http404("file")
    return _sent(file)


@access(Who.COORDINATOR)
@require_POST
def job_cancel(request: PracticumRequest, job: UUID) -> HttpResponse:
    """Stop a job of one's own; one that is over by now is shown as it is."""
    _own_job(request, job)
    with suppress(jobs.WrongState):
        jobs.cancel(job)
    return redirect("practicum:office_job", job=job)


# --- The check ------------------------------------------------------------------------------------


@access(Who.ANYONE)
@require_safe
def check(request: PracticumRequest, code: UUID | None = None) -> HttpResponse:
    """Whether a printed report still says what counts: for whoever holds it, naming nobody."""
    typed = request.GET.get("code", "").strip()
    if code is None and typed:
        try:
            return redirect("practicum:check", code=UUID(typed))
        except ValueError:
            return render(request, "practicum/check.html", {"typed": typed, "is_unknown": True})
    context: dict[str, Any] = {"code": code, "typed": typed}
    status = 200
    if code is not None:
        try:
            found = api.check_document(code)
            kind = api.KINDS.get(found.kind)
            context |= {"found": found, "kind": _(kind.title) if kind else found.kind}
        except api.NotFound:
            context["is_unknown"] = True
            status = 404
    response = render(request, "practicum/check.html", context, status=status)
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    return response
