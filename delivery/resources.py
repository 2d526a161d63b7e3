"""Puts the browser files of the installed blocks among the site's static files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files import File
from django.core.files.storage import FileSystemStorage

from delivery.runtime.assets import open_public_file, public_files


class BlockFileStorage(FileSystemStorage):
    """The files where the packages have them, opened by their static name."""

    prefix = ""

    def __init__(self, paths: dict[str, Path]) -> None:
        super().__init__(location="/")
        self._paths = paths

    def path(self, name: str) -> str:
        """Where a file is on the disk."""
        return str(self._paths[name])

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        return File(open_public_file(self._paths[name]), name=name)


class XBlockResourceFinder(BaseFinder):
    """Finds ``xblock/resources/PACKAGE/…`` in the packages of the installed blocks."""

    @cached_property
    def _storage(self) -> BlockFileStorage:
        return BlockFileStorage(self._paths)

    @cached_property
    def _paths(self) -> dict[str, Path]:
        return {file.static_name: file.path for file in public_files()}

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing can be set wrongly."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """The file under a static name: its path, or with ``find_all`` a list."""
        wants_all = find_all or kwargs.get("all", False)  # Django below 5.2 says `all`
        found = self._paths.get(path)
        if wants_all:
            return [str(found)] if found else []
        return str(found) if found else []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, BlockFileStorage]]:
        """All files, for ``collectstatic``."""
        patterns = list_of(ignore_patterns)
        for name in self._paths:
            if not matches_patterns(name, patterns):
                yield name, self._storage


def list_of(patterns: Iterable[str] | None) -> list[str]:
    """Patterns as a list, none if there are none."""
    return [*(patterns or ())]
