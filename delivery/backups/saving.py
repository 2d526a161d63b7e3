"""Makes a back-up, while the school may be in use."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from delivery.backups.archive import (
    DATABASE_NAME,
    MEDIA_PREFIX,
    ArchiveWriter,
    BackupError,
    Manifest,
    Progress,
)
from delivery.backups.databases import copy_database, database_size


def back_up(path: Path, watch: Callable[[int], Progress]) -> Manifest:
    """Write the school to the new file ``path``, which appears only when it is complete.

    ``watch`` is given the total number of bytes and returns what is told of each step.
    Raises ``BackupError``.
    """
    if path.exists():
        raise BackupError(f"{path} exists already.")
    if not path.parent.is_dir():
        raise BackupError(f"There is no folder {path.parent}.")
    manifest = Manifest(
        database=connection.vendor,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        version=version("libschool"),
        migrations=sorted(
            f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()
        ),
    )
    media = list(_media_files(Path(settings.MEDIA_ROOT)))
    progress = watch(database_size() + sum(file.stat().st_size for file in media))
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}-") as folder:
            draft = Path(folder) / path.name
            with ArchiveWriter(draft, manifest, progress) as archive:
                _add_database(archive, Path(folder))
                _add_media(archive, media)
            os.replace(draft, path)
        _sync_folder(path.parent)
    except OSError as error:
        raise BackupError(f"{path} could not be written: {error}") from error
    return manifest


def _add_database(archive: ArchiveWriter, folder: Path) -> None:
    copy = folder / DATABASE_NAME
    copy_database(copy)
    with copy.open("rb") as source:
        archive.add(DATABASE_NAME, source)
    copy.unlink()


def _add_media(archive: ArchiveWriter, files: list[Path]) -> None:
    root = Path(settings.MEDIA_ROOT)
    for file in files:
        try:
            source = file.open("rb")
        except FileNotFoundError:  # deleted since: the database copy is older and may miss it
            continue
        with source:
            archive.add(MEDIA_PREFIX + file.relative_to(root).as_posix(), source)


def _media_files(root: Path) -> Iterator[Path]:
    """The regular files below ``root``; links could lead anywhere and are left out."""
    for file in sorted(root.rglob("*")):
        if file.is_file() and not file.is_symlink():
            yield file


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
