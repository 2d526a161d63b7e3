"""Brings a school back from a back-up: all of it is checked before anything is replaced."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader

from delivery.backups.archive import (
    DATABASE_NAME,
    MEDIA_PREFIX,
    ArchiveReader,
    BackupError,
    Manifest,
    Progress,
)
from delivery.backups.databases import check_copy, replace_database
from delivery.models import Course
from jobs.api import queue_health

STILL_ALIVE = 15.0  # seconds since the last sign of life of a runner


@dataclass(frozen=True)
class Replaced:
    """Where what was replaced is kept; empty if there was nothing."""

    database: str
    media: str


@contextmanager
def open_backup(path: Path) -> Iterator[ArchiveReader]:
    """The back-up at ``path``; raises ``BackupError`` if this school cannot take it."""
    archive = ArchiveReader(path)
    try:
        _check_manifest(archive.manifest)
        yield archive
    finally:
        archive.close()


def _check_manifest(manifest: Manifest) -> None:
    if manifest.database != connection.vendor:
        raise BackupError(
            f"The back-up is of a {manifest.database} database, and this school uses "
            f"{connection.vendor}."
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = sorted(set(manifest.migrations) - known)
    if unknown:
        raise BackupError(
            f"The back-up was made by version {manifest.version}, which knows more than this "
            f"one: {unknown[0]}."
        )


def check_target(force: bool) -> None:
    """Raise ``BackupError`` if the school is running, or holds something and not ``force``."""
    if _is_running():
        raise BackupError("The school is running. Stop it first.")
    tables = set(connection.introspection.table_names())
    held = []
    for model, name in ((get_user_model(), "people"), (Course, "courses")):
        if model._meta.db_table in tables and (count := model._default_manager.count()):
            held.append(f"{count} {name}")
    if held and not force:
        raise BackupError(
            f"The school is not empty: it has {' and '.join(held)}. --force replaces it."
        )


def _is_running() -> bool:
    try:
        age = queue_health().runner_age
    except Error:  # a new database has no tables yet
        return False
    return age is not None and age < STILL_ALIVE


def restore(archive: ArchiveReader, progress: Progress) -> Replaced:
    """Put the back-up in the place of the school; raises ``BackupError``, before any change."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    media = Path(settings.MEDIA_ROOT)
    data = Path(settings.DATA_DIR)
    media.parent.mkdir(parents=True, exist_ok=True)
    # Beside what they will replace: a rename within one file system cannot stop half-way.
    with (
        tempfile.TemporaryDirectory(dir=data, prefix=".restore-") as database_folder,
        tempfile.TemporaryDirectory(dir=media.parent, prefix=".restore-") as media_folder,
    ):
        database = Path(database_folder) / DATABASE_NAME
        archive.extract(DATABASE_NAME, database, progress)
        new_media = Path(media_folder) / "media"
        new_media.mkdir()
        for name in archive.manifest.members:
            if name.startswith(MEDIA_PREFIX):
                archive.extract(name, new_media / name.removeprefix(MEDIA_PREFIX), progress)
        check_copy(database)
        old_database = replace_database(database, stamp)
        return Replaced(old_database, _replace_folder(media, new_media, stamp))


def _replace_folder(folder: Path, new: Path, stamp: str) -> str:
    aside = folder.with_name(f"{folder.name}.replaced-{stamp}")
    if folder.exists():
        os.replace(folder, aside)
    os.replace(new, folder)
    return str(aside) if aside.exists() else ""
