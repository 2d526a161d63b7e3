"""Courses as archives and folders, read as a stream of names and bytes.

Nothing is ever extracted: a link or a crafted path in an archive has led every extraction filter
of the standard library outside its folder at some time. Only regular files come out, under
names that mean the same file on every system. A member that is itself an archive stays opaque
bytes: whoever expects XML in it will be told that it is none.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import stat
import tarfile
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias

from quarantine.errors import gettext_noop
from quarantine.tar import (
    MEMBER_TOO_LARGE,
    UNPACKED_TOO_LARGE,
    ArchiveLimits,
    ArchiveRefused,
    Readable,
    read_entries,
)

__all__ = [
    "ArchiveLimits",
    "ArchiveRefused",
    "Member",
    "read_archive",
    "read_folder",
    "write_archive",
]

TOO_MANY_MEMBERS = gettext_noop("There are more than %(limit)d files and folders.")
BAD_PATH = gettext_noop("This path of a file is not accepted.")
BAD_CHARACTER = gettext_noop("The path of a file may not hold the character %(character)s.")
TOO_DEEP = gettext_noop("The path of a file may not have more than %(limit)d parts.")
DUPLICATE = gettext_noop("Two files have the same name, or names that some systems confuse.")
LINK = gettext_noop("Only plain files and folders are accepted, no links or devices.")
UNREADABLE = gettext_noop("This cannot be read (%(reason)s).")

MAX_PART = 255
MAX_PATH = 1024
VERSION_CONTROL = frozenset({".git", ".hg", ".svn"})

# Control characters, what other systems take for a separator, and what turns writing around.
_BAD_CHARACTER = re.compile("[\x00-\x1f\x7f-\x9f\\\\:\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")

DEFAULT_LIMITS = ArchiveLimits()


@dataclass(frozen=True, slots=True)
class Member:
    """A file: its ``path`` (relative, NFC, parted by ``/``) and its bytes."""

    path: str
    data: bytes


def read_archive(stream: Readable, *, limits: ArchiveLimits = DEFAULT_LIMITS) -> Iterator[Member]:
    """Yield the files of a ``.tar.gz`` archive in its order, one at a time.

    Raises :class:`ArchiveRefused` at the first thing that may not be. Use nothing of what came
    before until the iterator is exhausted: only the end tells that the archive is whole.
    """
    names = _Names(limits)
    for entry in read_entries(stream, limits):
        path = names.admit(entry.name, is_folder=entry.is_folder)
        if path and not entry.is_folder:
            yield Member(path, entry.data)


def read_folder(path: Path | str, *, limits: ArchiveLimits = DEFAULT_LIMITS) -> Iterator[Member]:
    """Yield the files under the folder ``path``, sorted, under the rules for archives.

    Links are refused wherever they lead; the folders of version control are left out. Raises
    :class:`ArchiveRefused`.
    """
    names = _Names(limits)
    total = 0
    for name, entry in _walk(Path(path), ""):
        is_folder = entry.is_dir(follow_symlinks=False)
        admitted = names.admit(name, is_folder=is_folder)
        if not is_folder:
            data = _read_file(entry.path, name, limits.member)
            total += len(data)
            if total > limits.unpacked:
                raise ArchiveRefused(
                    "archive.unpacked_too_large", UNPACKED_TOO_LARGE, limit=limits.unpacked
                )
            yield Member(admitted, data)


def write_archive(members: Iterable[Member], stream: BinaryIO) -> None:
    """Write ``members`` to ``stream`` as a ``.tar.gz`` that depends on nothing but them.

    Sorted by path, without times or owners. Raises :class:`ArchiveRefused` for what
    :func:`read_archive` would not take back.
    """
    names = _Names(DEFAULT_LIMITS)
    with (
        gzip.GzipFile(filename="", fileobj=stream, mode="wb", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for member in sorted(members, key=lambda member: member.path):
            info = tarfile.TarInfo(names.admit(member.path, is_folder=False))
            if len(member.data) > DEFAULT_LIMITS.member:
                raise ArchiveRefused(
                    "archive.member_too_large",
                    MEMBER_TOO_LARGE,
                    where=member.path,
                    limit=DEFAULT_LIMITS.member,
                )
            info.size = len(member.data)
            tar.addfile(info, io.BytesIO(member.data))


# A folder is a mapping from the caseless name of what is in it to its spelling and, for a folder,
# what is inside.
_Tree: TypeAlias = "dict[str, tuple[str, _Tree | None]]"


class _Names:
    """The names seen so far, which no two files may share."""

    def __init__(self, limits: ArchiveLimits) -> None:
        self.limits = limits
        self.count = 0
        self.tree: _Tree = {}

    def admit(self, name: str, *, is_folder: bool) -> str:
        """Return the path for ``name``, empty for the root itself; raise if it may not be."""
        self.count += 1
        if self.count > self.limits.members:
            raise ArchiveRefused(
                "archive.too_many_members", TOO_MANY_MEMBERS, limit=self.limits.members
            )
        path = unicodedata.normalize("NFC", name).removeprefix("./")
        if is_folder:
            path = path.removesuffix("/")
            if path in ("", "."):
                return ""
        parts = path.split("/")
        _check_parts(parts, name, self.limits.depth)
        self._place(parts, name, is_folder)
        return path

    def _place(self, parts: list[str], name: str, is_folder: bool) -> None:
        """Put the path into the tree; a folder may come twice, but only spelled the same."""
        tree = self.tree
        for depth, part in enumerate(parts, start=1):
            new: _Tree | None = {} if is_folder or depth < len(parts) else None
            key = unicodedata.normalize("NFC", part.casefold())
            is_known = key in tree
            spelling, inner = tree.setdefault(key, (part, new))
            if is_known and (spelling != part or inner is None or new is None):
                raise ArchiveRefused("archive.duplicate", DUPLICATE, where=_shown(name))
            tree = {} if inner is None else inner


def _check_parts(parts: list[str], name: str, depth: int) -> None:
    bad = _BAD_CHARACTER.search(name)
    if bad:
        raise ArchiveRefused(
            "archive.path", BAD_CHARACTER, where=_shown(name), character=ascii(bad[0])
        )
    if len(parts) > depth:
        raise ArchiveRefused("archive.too_deep", TOO_DEEP, where=_shown(name), limit=depth)
    sizes = [len(os.fsencode(part)) for part in parts]
    if max(sizes) > MAX_PART or sum(sizes) + len(sizes) > MAX_PATH:
        raise ArchiveRefused("archive.path", BAD_PATH, where=_shown(name))
    if any(not part or part != part.rstrip(". ") for part in parts):
        raise ArchiveRefused("archive.path", BAD_PATH, where=_shown(name))


def _shown(name: str) -> str:
    """Return ``name`` fit for a message."""
    safe = _BAD_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", name)
    return safe.encode("utf-8", "replace").decode()[:200]


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    try:
        with os.scandir(folder) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
    except OSError as error:
        raise _unreadable(prefix or folder.name, error) from error
    for entry in entries:
        name = prefix + entry.name
        is_folder = entry.is_dir(follow_symlinks=False)
        if not is_folder and not entry.is_file(follow_symlinks=False):
            raise ArchiveRefused("archive.not_a_file", LINK, where=_shown(name))
        if entry.name in VERSION_CONTROL:
            continue
        yield name, entry
        if is_folder:
            yield from _walk(folder / entry.name, f"{name}/")


def _read_file(path: str, name: str, limit: int) -> bytes:
    """Read a file that may have become a link or a pipe since it was listed."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise ArchiveRefused("archive.not_a_file", LINK, where=_shown(name))
            data = file.read(limit + 1)
    except OSError as error:
        raise _unreadable(name, error) from error
    if len(data) > limit:
        raise ArchiveRefused(
            "archive.member_too_large", MEMBER_TOO_LARGE, where=_shown(name), limit=limit
        )
    return data


def _unreadable(name: str, error: OSError) -> ArchiveRefused:
    reason = error.strerror or type(error).__name__
    return ArchiveRefused("archive.unreadable", UNREADABLE, where=_shown(name), reason=reason)
