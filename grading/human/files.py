"""Uploaded files of tasks: let in by their content, kept in the database in parts.

In the database they are committed, backed up and restored with what they belong to, in either
home, and no storage of a host hands them out by a URL of its own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from dbrules.deadlocks import restarted
from grading import rows
from grading.data import gettext_noop as _
from grading.graders.rubric import Accepts
from grading.human import works
from grading.human.errors import NoSuchWork, TaskRefused
from grading.human.records import Place
from grading.models import StudentItem, TaskFile, TaskFilePart, TaskWork
from grading.records import StudentItemKey
from quarantine.files import KINDS, inspect_upload
from quarantine.pictures import strip_metadata
from quarantine.tar import Readable

PART = 512 * 1024  # bytes: well below what one packet of MySQL's may hold
MOST_LOOSE = 20  # uploads of one learner that are not handed in
FORGOTTEN_AFTER = timedelta(days=1)

NONE_ASKED = _("No files are asked for here.")
TOO_MANY = _("There are too many files; take some out first.")
KEPT = _("This file was handed in and stays.")


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file that may be handed out, with ``quarantine.files.download_headers``."""

    id: str
    name: str
    kind: str
    size: int

    @property
    def media_type(self) -> str:
        """What it is served as."""
        return KINDS[self.kind].media_type


@restarted
def add_file(
    item: StudentItemKey, name: str, source: bytes | Readable, accepts: Accepts
) -> FileRecord:
    """Keep an upload until it is handed in; pictures lose what cameras add, such as the place.

    Raises a ``quarantine.errors.Refused`` for what the task does not take, ``TaskRefused``.
    """
    if not accepts.most_files:
        raise TaskRefused(NONE_ASKED)
    upload = inspect_upload(name, source, allowed=accepts.kinds, limit=accepts.file_limit)
    data = strip_metadata(upload.kind, upload.data)
    with transaction.atomic():
        head = rows.lock(item)
        loose = TaskFile.objects.filter(item=head, is_handed_in=False)
        if loose.count() >= MOST_LOOSE:
            _forget_old(head)
        if loose.count() >= MOST_LOOSE:
            raise TaskRefused(TOO_MANY)
        row = TaskFile.objects.create(
            item=head,
            name=upload.safe_name,
            kind=upload.kind,
            size=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            added_at=timezone.now(),
        )
        TaskFilePart.objects.bulk_create(
            [
                TaskFilePart(file=row, number=number, data=data[start : start + PART])
                for number, start in enumerate(range(0, len(data), PART))
            ],
            batch_size=1,
        )
    return _record(row)


def _forget_old(head: StudentItem) -> None:
    """Delete uploads that were never handed in and that no draft names."""
    drafted = head.draft.get("files", []) if isinstance(head.draft, dict) else []
    old = TaskFile.objects.filter(
        item=head, is_handed_in=False, added_at__lt=timezone.now() - FORGOTTEN_AFTER
    )
    old.exclude(uuid__in=drafted).delete()


@restarted
def remove_file(item: StudentItemKey, file_id: UUID) -> None:
    """Delete an upload that was not handed in; raises ``NoSuchWork``, ``TaskRefused``."""
    with transaction.atomic():
        row = TaskFile.objects.filter(item=rows.lock(item), uuid=file_id).first()
        if row is None:
            raise NoSuchWork
        if row.is_handed_in:
            raise TaskRefused(KEPT)
        row.delete()


def own_file(item: StudentItemKey, file_id: UUID) -> FileRecord:
    """A file of the learner's own; raises ``NoSuchWork``."""
    lookup = {f"item__{name}": value for name, value in rows.lookup(item).items()}
    return _record(_one(TaskFile.objects.filter(uuid=file_id, **lookup).first()))


def own_files(item: StudentItemKey, ids: list[str]) -> dict[str, FileRecord]:
    """Those of the learner's own uploads that are among ``ids``."""
    lookup = {f"item__{name}": value for name, value in rows.lookup(item).items()}
    found = TaskFile.objects.filter(uuid__in=ids, **lookup) if ids else ()
    return {row.uuid.hex: _record(row) for row in found}


def handed_in_file(place: Place, file_id: UUID) -> FileRecord:
    """A file that was handed in to the task, for its graders; raises ``NoSuchWork``."""
    row = _one(TaskFile.objects.filter(uuid=file_id, is_handed_in=True).first())
    if not TaskWork.objects.filter(item_id=row.item_id, **works.here(place)).exists():
        raise NoSuchWork
    return _record(row)


def read_parts(file_id: str) -> Iterator[bytes]:
    """The bytes of a file, a part at a time. The caller has asked for its record before."""
    parts = TaskFilePart.objects.filter(file__uuid=file_id).order_by("number")
    for number in range(parts.count()):
        yield bytes(parts.values_list("data", flat=True).get(number=number))


def _one(row: TaskFile | None) -> TaskFile:
    if row is None:
        raise NoSuchWork
    return row


def _record(row: TaskFile) -> FileRecord:
    return FileRecord(row.uuid.hex, row.name, row.kind, row.size)
