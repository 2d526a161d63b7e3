"""Bringing courses in, trying a version and putting one back: the pages of those who teach."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from delivery.access import Access, CourseRequest, access
from delivery.authoring.changes import CHANGES_ON_PAGE, compare
from delivery.importing import Problem, list_versions, restore_version
from delivery.importing.reporting import count_severities, describe, sort_problems
from delivery.importing.uploads import (
    GZIP_START,
    MOST_WAITING,
    count_waiting,
    discard_upload,
    may_import_anything,
    may_import_into,
    publish_upload,
    receive_upload,
    standing_of,
    visible_imports,
)
from delivery.models import CourseImport, CourseVersion
from delivery.tree import load_tree
from delivery.views.previews import end_preview, start_preview
from jobs.api import WrongState

IMPORTS_ON_PAGE = 20
PROBLEMS_ON_PAGE = 100
VERSIONS_ON_PAGE = 20


class UploadForm(forms.Form):
    """A course archive, known by its content and not by its name."""

    archive = forms.FileField(
        label=gettext_lazy("Course file"),
        help_text=gettext_lazy(
            "A .tar.gz as Open edX's Studio exports it, or as you packed a course folder."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".gz,.tgz,application/gzip"}),
        allow_empty_file=False,
        max_length=255,
    )

    def clean_archive(self) -> UploadedFile[bytes]:
        """The file, if it is not too large and begins as a gzip file does."""
        archive: UploadedFile[bytes] = self.cleaned_data["archive"]
        limit = settings.MAX_COURSE_UPLOAD
        if (archive.size or 0) > limit:
            problem = _("The file is too large: a course may take %(size)d MB.")
            raise forms.ValidationError(problem % {"size": limit // 2**20})
        if archive.read(len(GZIP_START)) != GZIP_START:
            raise forms.ValidationError(_("This is not a .tar.gz file."))
        archive.seek(0)
        return archive


@access(Access.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Upload a course, and see the uploads so far."""
    if not may_import_anything(request.user):
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        if count_waiting(request.user) < MOST_WAITING:
            archive = form.cleaned_data["archive"]
            upload = receive_upload(request.user, archive.name, archive.read())
            return redirect("import_detail", import_id=upload.pk)
        form.add_error(None, _("Your earlier uploads are still waiting. Please try again later."))
    rows = visible_imports(request.user).order_by("-created_at")
    page = Paginator(rows, IMPORTS_ON_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "lines": [(upload, standing_of(upload)) for upload in page],
        "limit": settings.MAX_COURSE_UPLOAD,
    }
    return render(request, "teach/imports.html", context, status=422 if form.errors else 200)


def _find(request: HttpRequest, import_id: UUID) -> CourseImport:
    upload = visible_imports(request.user).filter(pk=import_id).first()
    if upload is None:
        raise Http404(_("There is no such import."))
    return upload


def _find_own(request: HttpRequest, import_id: UUID) -> CourseImport:
    """An upload to decide about; refused to who is no longer staff of its course."""
    upload = _find(request, import_id)
    if upload.course is not None and not may_import_into(request.user, upload.course.key):
        raise PermissionDenied
    return upload


@access(Access.SIGNED_IN)
@never_cache
@require_safe
def import_detail(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """How far an upload has come, then what was found and what to do about it."""
    upload = _find(request, import_id)
    problems = sort_problems(Problem.from_json(values) for values in upload.report)
    page = Paginator(problems, PROBLEMS_ON_PAGE).get_page(request.GET.get("page"))
    context = {
        "upload": upload,
        "standing": standing_of(upload),
        "counts": count_severities(problems),
        "page": page,
        "lines": [describe(problem) for problem in page],
        "states": CourseImport.State,
    }
    return render(request, "teach/import_detail.html", context)


@access(Access.SIGNED_IN)
@never_cache
@require_safe
def import_status(request: HttpRequest, import_id: UUID) -> JsonResponse:
    """How far an upload has come, for the page's script."""
    standing = standing_of(_find(request, import_id))
    return JsonResponse(
        {
            "state": standing.state,
            "label": capfirst(standing.label),
            "done": standing.done,
            "total": standing.total,
            "is_over": standing.is_over,
        }
    )


@access(Access.SIGNED_IN)
@require_POST
def import_publish(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Serve the version that an upload made."""
    upload = _find_own(request, import_id)
    try:
        upload = publish_upload(upload.pk)
    except WrongState:
        messages.error(request, _("This import cannot be published any more."))
        return redirect("import_detail", import_id=import_id)
    key = upload.course.key if upload.course else ""
    end_preview(request, key)
    messages.success(request, _("Published. Everyone in the course sees the new version now."))
    return redirect("course", course_key=key)


@access(Access.SIGNED_IN)
@require_POST
def import_discard(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Forget an upload and the version it made."""
    upload = _find_own(request, import_id)
    key = upload.course.key if upload.course else ""
    try:
        discard_upload(upload.pk)
    except WrongState:
        messages.error(request, _("This import cannot be discarded any more."))
        return redirect("import_detail", import_id=import_id)
    end_preview(request, key)
    messages.success(request, _("Discarded. The course is as it was before."))
    return redirect("imports")


# --- Versions -------------------------------------------------------------------------------------


@access(Access.COURSE_STAFF)
@require_safe
def versions(request: CourseRequest, course_key: str) -> HttpResponse:
    """The versions of a course."""
    course = request.visit.course
    lines = list_versions(course)
    numbers = [line.version.number for line in lines]
    page = Paginator(lines, VERSIONS_ON_PAGE).get_page(request.GET.get("page"))
    context = {"course": course, "page": page, "numbers": numbers}
    return render(request, "teach/versions.html", context)


@access(Access.COURSE_STAFF)
@require_safe
def version_compare(request: CourseRequest, course_key: str) -> HttpResponse:
    """What changed from one version (``from``) to another (``to``)."""
    course = request.visit.course
    old, new = (_asked_version(request, name) for name in ("from", "to"))
    changes = compare(load_tree(old.pk), load_tree(new.pk))
    context = {
        "course": course,
        "old": old,
        "new": new,
        "changes": changes,
        "page": Paginator(changes.blocks, CHANGES_ON_PAGE).get_page(request.GET.get("page")),
        "numbers": list(course.versions.order_by("-number").values_list("number", flat=True)),
    }
    return render(request, "teach/compare.html", context)


def _asked_version(request: CourseRequest, name: str) -> CourseVersion:
    number = request.GET.get(name, "")
    if not number.isdecimal() or len(number) > 9:
        raise Http404(_("There is no such version."))
    return _find_version(request, int(number))


@access(Access.COURSE_STAFF)
@require_POST
def version_restore(request: CourseRequest, course_key: str, number: int) -> HttpResponse:
    """Serve an earlier version again."""
    version = _find_version(request, number)
    restore_version(request.visit.course, version.number)
    end_preview(request, course_key)
    said = _("Version %(number)d is served now. What trainees did is still there.")
    messages.success(request, said % {"number": number})
    return redirect("versions", course_key=course_key)


@access(Access.COURSE_STAFF)
@require_POST
def preview_start(request: CourseRequest, course_key: str, number: int) -> HttpResponse:
    """See another version of the course, alone and until told otherwise."""
    version = _find_version(request, number)
    start_preview(request, course_key, version.pk)
    return redirect("course", course_key=course_key)


@access(Access.COURSE_STAFF)
@require_POST
def preview_stop(request: CourseRequest, course_key: str) -> HttpResponse:
    """See the version served again."""
    end_preview(request, course_key)
    if request.visit.course.current_version_id is None:
        return redirect("imports")
    return redirect("course", course_key=course_key)


def _find_version(request: CourseRequest, number: int) -> CourseVersion:
    version = request.visit.course.versions.filter(number=number).first()
    if version is None:
        raise Http404(_("There is no such version."))
    return version
