"""The back-up file: a ZIP archive whose manifest names every member with its size and hash.

The manifest is written last, so an archive that lacks it was never finished.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, Any

FORMAT = 1
MANIFEST_NAME = "manifest.json"
DATABASE_NAME = "database"
MEDIA_PREFIX = "media/"
MAX_MANIFEST = 64 * 2**20  # bytes
CHUNK = 2**20
COMPRESSION_LEVEL = 3  # most of what is large is compressed already
HASH = re.compile(r"[0-9a-f]{64}")

Progress = Callable[[int], None]
"""Told how many more bytes are done."""


class BackupError(Exception):
    """A back-up cannot be made, or a file cannot be restored from."""


@dataclass(frozen=True)
class Member:
    """One file of the archive. ``size`` in bytes."""

    size: int
    sha256: str


@dataclass
class Manifest:
    """What an archive holds and what it was made from."""

    database: str
    made_at: str
    version: str
    migrations: list[str]
    members: dict[str, Member] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def size(self) -> int:
        """Bytes of all members."""
        return sum(member.size for member in self.members.values())


class ArchiveWriter:
    """Writes members and, at the end of a ``with`` block that succeeds, the manifest."""

    def __init__(self, path: Path, manifest: Manifest, progress: Progress) -> None:
        self._manifest = manifest
        self._progress = progress
        self._path = path
        path.touch(0o600)  # people's answers and password hashes are in it
        self._zip = zipfile.ZipFile(
            path, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION_LEVEL
        )

    def __enter__(self) -> ArchiveWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._zip:
            if kind is None:
                self._zip.writestr(MANIFEST_NAME, json.dumps(asdict(self._manifest), indent=1))
        with self._path.open("rb") as file:
            os.fsync(file.fileno())

    def add(self, name: str, source: IO[bytes]) -> None:
        """Add what can be read from ``source`` as ``name``."""
        digest, size = hashlib.sha256(), 0
        with self._zip.open(name, "w", force_zip64=True) as target:
            for chunk in _chunks(source):
                target.write(chunk)
                digest.update(chunk)
                size += len(chunk)
                self._progress(len(chunk))
        self._manifest.members[name] = Member(size, digest.hexdigest())


class ArchiveReader:
    """Reads an archive and believes only what its manifest says and its hashes confirm."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile) as error:
            raise BackupError(f"{path} is not a finished back-up: {error}") from error
        try:
            self.manifest = self._read_manifest(path)
        except BackupError:
            self._zip.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def _read_manifest(self, path: Path) -> Manifest:
        try:
            if self._zip.getinfo(MANIFEST_NAME).file_size > MAX_MANIFEST:
                raise BackupError(f"{path}: the manifest is too large.")
            values = json.loads(self._zip.read(MANIFEST_NAME))
        except (KeyError, ValueError, zipfile.BadZipFile) as error:
            raise BackupError(f"{path} is not a back-up of a school: {error}") from error
        manifest = _parse_manifest(values, path)
        missing = set(manifest.members) - set(self._zip.namelist())
        if missing:
            raise BackupError(f"{path} lacks {sorted(missing)[0]}.")
        return manifest

    def extract(self, name: str, target: Path, progress: Progress) -> None:
        """Write the member ``name`` to ``target``; raises ``BackupError`` if it was changed."""
        member = self.manifest.members[name]
        digest, size = hashlib.sha256(), 0
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with self._zip.open(name) as source, target.open("xb") as file:
                for chunk in _chunks(source):
                    size += len(chunk)
                    if size > member.size:
                        break
                    digest.update(chunk)
                    file.write(chunk)
                    progress(len(chunk))
                file.flush()
                os.fsync(file.fileno())
        except (zipfile.BadZipFile, EOFError, ValueError) as error:
            raise BackupError(f"{name} is damaged: {error}") from error
        if (size, digest.hexdigest()) != (member.size, member.sha256):
            raise BackupError(f"{name} is not what was saved: its hash or size differs.")


def _chunks(source: IO[bytes]) -> Iterator[bytes]:
    while chunk := source.read(CHUNK):
        yield chunk


def _parse_manifest(values: Any, path: Path) -> Manifest:
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise BackupError(f"{path} has a form that this version does not read.")
    try:
        members = {
            name: Member(int(member["size"]), str(member["sha256"]))
            for name, member in values.pop("members").items()
        }
        manifest = Manifest(**values, members=members)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise BackupError(f"{path} has a manifest that cannot be read: {error}") from error
    for name, member in members.items():
        if not _is_safe_name(name) or not HASH.fullmatch(member.sha256):
            raise BackupError(f"{path} holds a file of an unexpected name: {name!r}.")
    if DATABASE_NAME not in members:
        raise BackupError(f"{path} holds no database.")
    return manifest


def _is_safe_name(name: str) -> bool:
    if name == DATABASE_NAME:
        return True
    path = PurePosixPath(name)
    return (
        name.startswith(MEDIA_PREFIX)
        and str(path) == name
        and ".." not in path.parts
        and "\\" not in name
        and "\0" not in name
    )
