"""The files of a course from where people have them: a folder, an archive, an upload."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from quarantine.archive import ArchiveLimits, Member, read_archive, read_folder


def archive_limits() -> ArchiveLimits:
    """How large a course archive may be."""
    return ArchiveLimits(upload=settings.MAX_COURSE_UPLOAD)


def read_path(path: Path) -> Iterator[Member]:
    """The files in a course folder or ``.tar.gz``.

    Raises ``quarantine.errors.Refused``, and ``OSError`` if the path cannot be opened.
    """
    if path.is_dir():
        yield from read_folder(path)
        return
    with path.open("rb") as stream:
        yield from read_archive(stream, limits=archive_limits())


def read_upload(data: bytes) -> Iterator[Member]:
    """The files in an uploaded ``.tar.gz``; raises ``quarantine.errors.Refused``."""
    yield from read_archive(io.BytesIO(data), limits=archive_limits())
