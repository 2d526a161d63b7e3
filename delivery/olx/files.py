"""The files of a course, wherever its folder lies in an archive, held outside memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import Protocol

from quarantine.errors import Refused, gettext_noop

IN_MEMORY = 8 * 1024 * 1024  # bytes of a course kept in memory before a nameless file takes them
MAX_DEFINITIONS = 32 * 1024 * 1024  # bytes of XML, HTML and JSON outside static/

JUNK = frozenset({".DS_Store", ".git", ".gitignore", "__MACOSX", "Thumbs.db"})

NO_COURSE = gettext_noop("There is no course in it: no file is called course.xml.")
LIBRARY = gettext_noop("This is a content library, not a course.")
TWO_COURSES = gettext_noop("There is more than one course in it: %(first)s and %(second)s.")
TOO_MUCH_TEXT = gettext_noop(
    "The course's definitions (all but static/) take more than %(limit)d bytes, counting a file "
    "as often as it is used."
)


class AnyMember(Protocol):
    """A file by its path in the archive (``quarantine.archive.Member``)."""

    @property
    def path(self) -> str:
        """Relative path, parted by ``/``."""

    @property
    def data(self) -> bytes:
        """Content."""


class CourseFiles:
    """The files below the folder that holds ``course.xml``; paths are relative to that folder.

    The bytes lie in a temporary file without a name once they are many, so a large course does
    not fill the memory. Usable as a context manager, which frees them.
    """

    def __init__(self, members: Iterable[AnyMember]) -> None:
        """Take in ``members``; raises ``Refused`` if there is no single course among them."""
        self._bytes = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by close()
        self._places: dict[str, tuple[int, int]] = {}
        try:
            found = self._take(members)
            self.root = _find_root(found)
        except BaseException:
            self.close()
            raise
        start = f"{self.root}/" if self.root else ""
        self._places = {
            path[len(start) :]: place
            for path, place in found.items()
            if path.startswith(start) and not _is_hidden(path[len(start) :])
        }
        self.outside = sorted(path for path in found if not path.startswith(start))
        self._check_definitions()

    def _take(self, members: Iterable[AnyMember]) -> dict[str, tuple[int, int]]:
        found = {}
        offset = 0
        for member in members:
            self._bytes.write(member.data)
            found[member.path] = (offset, len(member.data))
            offset += len(member.data)
        return found

    def _check_definitions(self) -> None:
        total = sum(
            size for path, (_, size) in self._places.items() if not path.startswith("static/")
        )
        if total > MAX_DEFINITIONS:
            self.close()
            raise too_large()

    def __contains__(self, path: object) -> bool:
        return path in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._places))

    def __enter__(self) -> CourseFiles:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Free the bytes."""
        self._bytes.close()

    def size(self, path: str) -> int:
        """The bytes that a file takes; raises ``KeyError``."""
        return self._places[path][1]

    def read(self, path: str) -> bytes:
        """The content of a file; raises ``KeyError``."""
        offset, size = self._places[path]
        self._bytes.seek(offset)
        return self._bytes.read(size)

    def below(self, folder: str) -> list[str]:
        """The paths of the files in a folder and its subfolders, sorted."""
        return [path for path in self if path.startswith(f"{folder}/")]

    def in_archive(self, path: str) -> str:
        """The path that a file has in the archive or folder that was given."""
        return f"{self.root}/{path}" if self.root else path


def too_large() -> Refused:
    """The refusal of a course whose definitions would fill the memory."""
    return Refused("course.too_large", TOO_MUCH_TEXT, limit=MAX_DEFINITIONS)


def _is_hidden(path: str) -> bool:
    """Whether it is a file of the author's computer rather than of the course."""
    parts = path.split("/")
    return not JUNK.isdisjoint(parts) or any(part.startswith("._") for part in parts)


def _find_root(paths: Iterable[str]) -> str:
    """The folder of the uppermost ``course.xml``."""
    courses = []
    is_library = False
    for path in paths:
        where = PurePosixPath(path)
        if where.name == "course.xml" and not _is_hidden(path):
            courses.append((len(where.parts), path))
        is_library = is_library or where.name == "library.xml"
    courses.sort()
    if not courses:
        if is_library:
            raise Refused("course.library", LIBRARY)
        raise Refused("course.missing", NO_COURSE)
    if len(courses) > 1 and courses[0][0] == courses[1][0]:
        raise Refused("course.many", TWO_COURSES, first=courses[0][1], second=courses[1][1])
    return courses[0][1].rpartition("/")[0]
