"""The grade book's tables out and in: exports, and imports of marks with a dry run."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from delivery.access import Access, CourseRequest, access
from delivery.gradebook import importing
from delivery.gradebook.columns import Book
from delivery.gradebook.models import MarksImport
from delivery.gradebook.state import read_state
from delivery.gradebook.tables import (
    CSV,
    KINDS,
    TableKind,
    exports_of,
    file_name,
    order_table,
    stream_table,
)
from delivery.standing import standing_of
from delivery.views.gradebook_cells import LONGEST_REASON
from delivery.views.gradebook_pages import book_of
from jobs.api import JobStatus, UnknownJob, status

LINES_ON_PAGE = 50
IMPORTS_ON_PAGE = 20
FILES_ON_PAGE = 10
LONGEST_NAME = 200
State = MarksImport.State


# --- Out ------------------------------------------------------------------------------------------


@access(Access.COURSE_STAFF)
@never_cache
@require_safe
def gradebook_export(request: CourseRequest, course_key: str) -> HttpResponse:
    """The tables that can be had, and those that were made for the visitor."""
    course = request.visit.course
    book_of(request)
    files: Any = exports_of(course, request.user)  # counted and sliced, as a paginator does
    page = Paginator(files, FILES_ON_PAGE).get_page(request.GET.get("page"))
    running = next((job for job in page if not job.is_over), None)
    context = {
        "course": course,
        "kinds": KINDS.values(),
        "groups": course.groups.all(),
        "state": read_state(request.GET),
        "page": page,
        "running": running,
        "standing": standing_of(running, _("A file is being made")) if running else None,
    }
    return render(request, "gradebook/export.html", context)


@access(Access.COURSE_STAFF)
@require_POST
def gradebook_order(request: CourseRequest, course_key: str, kind: str) -> HttpResponse:
    """Have a table made by a job; it is listed among the visitor's files."""
    book_of(request)
    state = read_state(request.POST)
    order_table(request.visit.course, _kind(kind, True), state.group, request.user)
    return redirect(f"{reverse('gradebook_export', args=[course_key])}?{state.query()}")


def _kind(name: str, needs_job: bool) -> TableKind:
    kind = KINDS.get(name)
    if kind is None or kind.needs_job != needs_job:
        raise Http404(_("There is no such table."))
    return kind


@access(Access.COURSE_STAFF)
@require_safe
def gradebook_table(request: CourseRequest, course_key: str, kind: str) -> HttpResponseBase:
    """A table as CSV, streamed."""
    course = request.visit.course
    book_of(request)
    wanted = _kind(kind, False)
    return StreamingHttpResponse(
        stream_table(course, wanted, read_state(request.GET).group),
        content_type=CSV,
        headers={
            "Content-Disposition": f'attachment; filename="{file_name(course, wanted)}"',
            "Cache-Control": "private, no-store",
        },
    )


# --- In -------------------------------------------------------------------------------------------


class MarksForm(forms.Form):
    """A table of marks, and why they change."""

    table = forms.FileField(
        label=gettext_lazy("Table of marks"),
        help_text=gettext_lazy(
            "A CSV file or a workbook (.csv, .xlsx) with a column “username” or “email”, and "
            "columns of exercises as in the exported table."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        max_length=LONGEST_NAME,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("The learners and other instructors can read it."),
    )

    def clean_table(self) -> UploadedFile[bytes]:
        """The file, if it is not too large."""
        table: UploadedFile[bytes] = self.cleaned_data["table"]
        if (table.size or 0) > importing.LIMITS.size:
            problem = _("The file is too large: a table may take %(size)d MB.")
            raise forms.ValidationError(problem % {"size": importing.LIMITS.size // 2**20})
        return table


@access(Access.COURSE_STAFF)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def marks_imports(request: CourseRequest, course_key: str) -> HttpResponse:
    """Upload a table of marks, and see the uploads so far."""
    course = request.visit.course
    book_of(request)
    form = MarksForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        table, reason = form.cleaned_data["table"], form.cleaned_data["reason"]
        made = importing.receive_marks(course, request.user, table.name, table.read(), reason)
        return redirect("marks_import", course_key, made.pk)
    rows = importing.imports_of(course)
    context = {
        "course": course,
        "form": form,
        "page": Paginator(rows, IMPORTS_ON_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "gradebook/imports.html", context, status=422 if form.errors else 200)


def _find_import(request: CourseRequest, import_id: UUID) -> MarksImport:
    found = importing.imports_of(request.visit.course).filter(pk=import_id).first()
    if found is None:
        raise Http404(_("There is no such import."))
    return found


@access(Access.COURSE_STAFF)
@never_cache
@require_safe
def marks_import(request: CourseRequest, course_key: str, import_id: UUID) -> HttpResponse:
    """What a table would change, or changed, and what is wrong with it, row by row."""
    marks = _find_import(request, import_id)
    faults = Paginator(importing.faults_of(marks), LINES_ON_PAGE)
    changes = Paginator(importing.changes_of(marks).select_related("user"), LINES_ON_PAGE)
    page = changes.get_page(request.GET.get("page"))
    fault_page = faults.get_page(request.GET.get("faults"))
    names = _names(book_of(request))
    problem = _sentence(marks.problem) if marks.problem else ""
    job = _job_of(marks)
    context = {
        "course": request.visit.course,
        "marks": marks,
        "states": State,
        "problem": problem,
        "page": page,
        "lines": [(line, names.get(line.usage_key, line.usage_key)) for line in page],
        "fault_page": fault_page,
        "faults": [
            (line, line.head or names.get(line.usage_key, ""), _sentence(line.fault))
            for line in fault_page
        ],
        "job": job,
        "standing": standing_of(job, marks.get_state_display()) if job else None,
    }
    return render(request, "gradebook/import.html", context)


def _names(book: Book) -> dict[str, str]:
    return {column.usage_key: column.name for column in book.by_key.values()}


def _sentence(stored: list[Any]) -> str:
    """A sentence that was kept with what fills it, in the reader's language."""
    template, params = stored
    return _(template) % params if params else _(template)


def _job_of(marks: MarksImport) -> JobStatus | None:
    if marks.job is None or marks.state not in (State.WAITING, State.APPLYING):
        return None
    try:
        return status(marks.job)
    except UnknownJob:
        return None


@access(Access.COURSE_STAFF)
@never_cache
@require_safe
def marks_import_status(request: CourseRequest, course_key: str, import_id: UUID) -> JsonResponse:
    """How far a table has come, for the page's script."""
    marks = _find_import(request, import_id)
    job = _job_of(marks)
    label = marks.get_state_display()
    if job is None:
        return JsonResponse({"state": marks.state, "label": capfirst(label), "is_over": True})
    return JsonResponse(standing_of(job, label).as_json())


@access(Access.COURSE_STAFF)
@require_POST
def marks_import_apply(request: CourseRequest, course_key: str, import_id: UUID) -> HttpResponse:
    """Make marks of what was checked."""
    marks = _find_import(request, import_id)
    if marks.state != State.READY:
        messages.info(request, _("This table is no longer waiting to be applied."))
    elif importing.start_applying(marks, request.user):
        messages.success(request, _("The marks are changed."))
    return redirect("marks_import", course_key, import_id)


@access(Access.COURSE_STAFF)
@require_POST
def marks_import_discard(request: CourseRequest, course_key: str, import_id: UUID) -> HttpResponse:
    """Forget a table that was not applied."""
    if importing.discard_marks(_find_import(request, import_id)):
        messages.success(request, _("Discarded. No mark has changed."))
    else:
        messages.info(request, _("This table cannot be discarded any more."))
    return redirect("marks_imports", course_key)
