"""The files of a course, from the version that the visitor sees."""

from __future__ import annotations

import re

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.http import content_disposition_header, parse_etags
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from delivery.about import load_about
from delivery.access import Access, CourseRequest, Visit, access
from delivery.models import Asset
from delivery.tree import StaticFile

YEAR = 365 * 24 * 3600
RANGE = re.compile(r"bytes=(\d*)-(\d*)$")

# What a browser may show in a page's place. Everything else is offered for download.
SHOWN_TYPES = frozenset({"application/pdf", "application/json", "text/plain", "text/vtt"})
# Read, never run: served as scripts they would pass the pages' "script-src 'self'".
CODE_TYPES = frozenset({"application/javascript", "text/css", "text/javascript"})
SHOWN_FAMILIES = ("image/", "audio/", "video/", "font/")
# Documents that could carry scripts: shown, but in a sandbox where no script runs.
SANDBOXED_TYPES = frozenset(
    {"text/html", "application/xhtml+xml", "image/svg+xml", "text/xml", "application/xml"}
)
SANDBOX = "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'"


@access(Access.VISITOR)
@require_safe
def course_file(request: CourseRequest, course_key: str, file_path: str) -> HttpResponseBase:
    """Serve a file; who does not take the course gets only what its public page shows."""
    return serve_file(request, file_path)


def serve_file(request: CourseRequest, file_path: str) -> HttpResponseBase:
    """A file of the version or draft that is visited."""
    visit = request.visit
    file = visit.tree.files.get(file_path)
    if file is None:
        raise Http404(_("This course has no such file."))
    if not _may_read(visit, file):
        raise PermissionDenied(_("Please enrol in the course first."))
    etag = f'"{file.sha256}"'
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return _with_headers(HttpResponseNotModified(), request, file, etag)
    # The bytes are read only when they are sent: a HEAD request costs no more than a look.
    data = b"" if request.method == "HEAD" else _read(file)
    response = _part(request, file, data) or HttpResponse(data, content_type=_type_sent(file))
    return _with_headers(response, request, file, etag)


def _may_read(visit: Visit, file: StaticFile) -> bool:
    if visit.is_staff:
        return True
    if visit.is_learner and visit.may_open(visit.tree.root):
        return True
    return file.path in load_about(visit.tree.version_id).public_files


def _read(file: StaticFile) -> bytes:
    return bytes(Asset.objects.values_list("data", flat=True).get(pk=file.sha256))


def _part(request: CourseRequest, file: StaticFile, data: bytes) -> HttpResponse | None:
    """The bytes that a ``Range`` header asks for (RFC 9110), or ``None`` for the whole file."""
    match = RANGE.match(request.headers.get("Range", ""))
    if match is None or not data or not any(match.groups()):
        return None
    first, last = match.groups()
    start = int(first) if first else max(0, file.size - int(last))
    end = min(int(last), file.size - 1) if first and last else file.size - 1
    if start >= file.size or end < start:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{file.size}"})
    response = HttpResponse(data[start : end + 1], status=206, content_type=_type_sent(file))
    response["Content-Range"] = f"bytes {start}-{end}/{file.size}"
    return response


def _with_headers(
    response: HttpResponse, request: CourseRequest, file: StaticFile, etag: str
) -> HttpResponse:
    """Say how long the file keeps, and what a browser may do with it.

    An address that names the file's digest (``?v=``) never changes; others are asked for anew.
    """
    versioned = request.GET.get("v") == file.sha256[:16]
    response["Cache-Control"] = (
        f"private, max-age={YEAR}, immutable" if versioned else "private, no-cache"
    )
    response["ETag"] = etag
    response["X-Content-Type-Options"] = "nosniff"
    if response.status_code == 304:
        return response
    response["Accept-Ranges"] = "bytes"
    if request.method == "HEAD":
        response["Content-Length"] = str(file.size)
    if file.media_type in SANDBOXED_TYPES:
        response["Content-Security-Policy"] = SANDBOX
    elif not _may_show(file.media_type):
        name = file.path.rpartition("/")[2]
        response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _type_sent(file: StaticFile) -> str:
    if file.media_type in CODE_TYPES:
        return "text/plain; charset=utf-8"
    return (
        f"{file.media_type}; charset=utf-8" if file.media_type[:5] == "text/" else file.media_type
    )


def _may_show(media_type: str) -> bool:
    return media_type in SHOWN_TYPES | CODE_TYPES or media_type.startswith(SHOWN_FAMILIES)
