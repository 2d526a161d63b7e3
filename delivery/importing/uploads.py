"""A course on its way in through the browser: uploaded, read by a job, previewed, published."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from delivery.access import is_administrator, may_author
from delivery.importing.members import read_upload
from delivery.importing.reading import Progress, StagedCourse, stage_course
from delivery.importing.saving import save_course
from delivery.importing.versions import VersionInUse, discard_version, publish_version
from delivery.models import Asset, Course, CourseFile, CourseImport, Enrollment
from delivery.olx import Problem
from jobs.api import JobStatus, UnknownJob, WrongState, discard, enqueue, status
from quarantine.errors import Refused, gettext_noop

TASK = "delivery.import_course"
ATTEMPTS = 3
MOST_WAITING = 5  # uploads of one person that are not read yet
GZIP_START = b"\x1f\x8b"

NOT_STAFF = gettext_noop("%(key)s exists, and only its instructors may import into it.")
NOT_AUTHOR = gettext_noop("You may not add courses; %(key)s would be a new one.")
UPLOAD_GONE = gettext_noop("The uploaded file is no longer there.")

State = CourseImport.State


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an upload has come. ``done`` of ``total`` blocks are read; both 0 if not known."""

    state: str
    label: str
    done: int = 0
    total: int = 0
    is_over: bool = True
    has_failed: bool = False


def may_import_anything(user: Any) -> bool:
    """Whether a person may bring in some course: new ones, or new versions of their own."""
    return may_author(user) or _instructs(user).exists()


def may_import_into(user: Any, key: str) -> bool:
    """Whether a person may import the course ``key``: as its staff or, if new, as an author."""
    if is_administrator(user):
        return True
    if Course.objects.filter(key=key).exists():
        return _instructs(user).filter(course__key=key).exists()
    return may_author(user)


def _instructs(user: Any) -> QuerySet[Enrollment]:
    return Enrollment.objects.filter(
        user_id=user.pk, role=Enrollment.Role.INSTRUCTOR, is_active=True
    )


def visible_imports(user: Any) -> QuerySet[CourseImport]:
    """The uploads a person may look at: their own and those to courses they instruct."""
    rows = CourseImport.objects.select_related("course", "version", "uploaded_by").defer("report")
    if is_administrator(user):
        return rows
    courses = _instructs(user).values("course")
    return rows.filter(Q(uploaded_by_id=user.pk) | Q(course__in=courses))


def count_waiting(user: Any) -> int:
    """How many uploads of a person are not read yet."""
    return CourseImport.objects.filter(uploaded_by_id=user.pk, state=State.WAITING).count()


@transaction.atomic
def receive_upload(user: Any, file_name: str, data: bytes) -> CourseImport:
    """Keep an uploaded archive and have a job read it."""
    sha256 = hashlib.sha256(data).hexdigest()
    asset, _ = Asset.objects.get_or_create(sha256=sha256, defaults={"data": data})
    upload = CourseImport.objects.create(uploaded_by=user, file_name=file_name[:255], upload=asset)
    job = enqueue(TASK, {"import": str(upload.pk)}, max_attempts=ATTEMPTS, user=user)
    upload.job = job.pk
    upload.save(update_fields=["job"])
    return upload


def stage_upload(import_id: UUID, progress: Progress) -> Callable[[], None] | None:
    """Read an upload without changing anything; what is returned then saves what was read.

    ``None`` if there is nothing to do: the upload was discarded, or read before.
    """
    upload = (
        CourseImport.objects.select_related("upload")
        .filter(pk=import_id, state=State.WAITING)
        .first()
    )
    if upload is None:
        return None
    if upload.upload is None:
        return partial(_refuse, import_id, Refused("import.gone", UPLOAD_GONE))
    try:
        staged = stage_course(read_upload(bytes(upload.upload.data)), progress)
    except Refused as refusal:
        return partial(_refuse, import_id, refusal)
    return partial(_save, import_id, staged)


def _save(import_id: UUID, staged: StagedCourse) -> None:
    """Make what was read a version that waits to be published."""
    upload = _lock(import_id)
    if upload.state != State.WAITING:
        return
    key = staged.course.key
    if not may_import_into(upload.uploaded_by, key):
        exists = Course.objects.filter(key=key).exists()
        template = NOT_STAFF if exists else NOT_AUTHOR
        _refuse(import_id, Refused("import.forbidden", template, key=key))
        return
    with staged:
        result = save_course(
            staged, source=upload.file_name, user=upload.uploaded_by, publish=False
        )
    upload.state = State.READY if result.is_new else State.PUBLISHED
    upload.course, upload.version = result.course, result.version
    upload.report = [problem.as_json() for problem in result.report]
    _close(upload)


def _refuse(import_id: UUID, refusal: Refused) -> None:
    upload = _lock(import_id)
    if upload.state != State.WAITING:
        return
    upload.state = State.REFUSED
    upload.report = [Problem.from_refusal(refusal).as_json()]
    _close(upload)


def _lock(import_id: UUID) -> CourseImport:
    return CourseImport.objects.select_for_update().get(pk=import_id)


def _close(upload: CourseImport) -> None:
    """Save the outcome and let go of the archive, which nobody needs any more."""
    archive, upload.upload = upload.upload_id, None
    upload.save()
    if archive is None:
        return
    is_used = (
        CourseImport.objects.filter(upload_id=archive).exists()
        or CourseFile.objects.filter(asset_id=archive).exists()
    )
    if not is_used:
        Asset.objects.filter(pk=archive).delete()


@transaction.atomic
def publish_upload(import_id: UUID) -> CourseImport:
    """Serve the version that an upload made; raises :class:`jobs.api.WrongState`."""
    upload = _lock(import_id)
    if upload.state != State.READY or upload.version is None:
        raise WrongState(f"The import {import_id} is {upload.state}.")
    publish_version(upload.version)
    upload.refresh_from_db()
    return upload


@transaction.atomic
def discard_upload(import_id: UUID) -> None:
    """Forget an upload, and the version it made; raises :class:`jobs.api.WrongState`."""
    upload = _lock(import_id)
    if upload.state not in {State.WAITING, State.READY, State.REFUSED}:
        raise WrongState(f"The import {import_id} is {upload.state}.")
    version, is_read = upload.version, upload.state == State.READY
    upload.state, upload.version, upload.course = State.DISCARDED, None, None
    if upload.job is not None and not is_read:
        _discard_job(upload.job)
    _close(upload)
    if is_read and version is not None:
        try:
            discard_version(version)
        except VersionInUse as error:
            raise WrongState(str(error)) from error


def _discard_job(job: UUID) -> None:
    try:
        discard(job)
    except (UnknownJob, WrongState):
        return  # it has ended; the state of the upload keeps it from having an effect


def standing_of(upload: CourseImport) -> Standing:
    """How far an upload has come, from its row or, while it is being read, from its job."""
    if upload.state != State.WAITING:
        return Standing(upload.state, upload.get_state_display())
    job = _job_of(upload)
    if job is None or job.state == "dead":
        return Standing("failed", gettext("could not be read"), has_failed=True)
    if job.state == "running":
        return Standing(
            State.READING,
            str(State.READING.label),
            job.progress_done,
            job.progress_total,
            is_over=False,
        )
    return Standing(upload.state, upload.get_state_display(), is_over=False)


def _job_of(upload: CourseImport) -> JobStatus | None:
    if upload.job is None:
        return None
    try:
        return status(upload.job)
    except UnknownJob:
        return None
