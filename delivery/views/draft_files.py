"""The files of a draft: let in, listed, deleted, put back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from delivery.access import Access, CourseRequest, access
from delivery.authoring import files, publishing, writing
from delivery.authoring.writing import WriteRefused
from delivery.views.draft_pages import draft_context
from quarantine.errors import Refused

FILES_ON_PAGE = 50


@access(Access.DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def draft_files(request: CourseRequest, course_key: str) -> HttpResponse:
    """The files of the draft; and letting one in."""
    visit = request.visit
    problem = ""
    if request.method == "POST":
        upload = request.FILES.get("file")
        try:
            if upload is None:
                raise WriteRefused(_("Choose a file first."))
            with writing.writing(visit.course, visit.user) as writer:
                path = files.add_file(writer, upload.name or "", upload)
        except Refused as refusal:
            problem = _(refusal.template) % refusal.params
        except WriteRefused as error:
            problem = str(error)
        else:
            said = _("%(path)s is in the draft. Blocks name it as /static/%(path)s.")
            messages.success(request, said % {"path": path})
            return redirect("draft_files", course_key)
    return render(
        request,
        "teach/files.html",
        _files_context(request, problem),
        status=422 if problem else 200,
    )


def _files_context(request: CourseRequest, problem: str) -> dict[str, Any]:
    visit = request.visit
    served = publishing.served_tree(visit.course)
    known = served.files if served else {}
    here = sorted(visit.tree.files.values(), key=lambda file: file.path.casefold())
    search = " ".join(request.GET.get("q", "").split())[:100]
    found = [file for file in here if search.casefold() in file.path.casefold()]
    page = Paginator(found, FILES_ON_PAGE).get_page(request.GET.get("page"))
    context = draft_context(request, "")
    return context | {
        "page": page,
        "search": search,
        "problem": problem,
        "total": len(here),
        "states": [(file, _file_state(known.get(file.path), file.sha256)) for file in page],
        "gone": sorted(set(known) - set(visit.tree.files)),
        "accepted": ", ".join(f".{kind}" for kind in files.ACCEPTED),
    }


def _file_state(before: Any, sha256: str) -> str:
    if before is None:
        return "new"
    return "changed" if before.sha256 != sha256 else ""


@access(Access.DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def file_delete(request: CourseRequest, course_key: str, file_path: str) -> HttpResponse:
    """Take a file out of the draft, after saying which blocks show it."""
    visit = request.visit
    if request.method != "POST":
        if file_path not in visit.tree.files:
            raise Http404(_("There is no such file in the draft."))
        users = [visit.tree.blocks[key] for key in files.users_of(visit.tree, file_path)]
        context = {"visit": visit, "path": file_path, "users": users}
        return render(request, "teach/file_delete.html", context)
    try:
        with writing.writing(visit.course, visit.user) as writer:
            files.delete_file(writer, file_path)
    except WriteRefused as error:  # somebody else was quicker
        messages.info(request, str(error))
    else:
        messages.success(request, _("%(path)s is deleted from the draft.") % {"path": file_path})
    return redirect("draft_files", course_key)


@access(Access.DRAFT)
@require_POST
def file_put_back(request: CourseRequest, course_key: str, file_path: str) -> HttpResponse:
    """Have a file again as it is in the version served."""
    visit = request.visit
    served = publishing.served_tree(visit.course)
    try:
        with writing.writing(visit.course, visit.user) as writer:
            files.put_file_back(writer, file_path, served or writer.tree)
    except WriteRefused as error:
        messages.error(request, str(error))
    return redirect("draft_files", course_key)
