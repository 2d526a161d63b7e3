"""A course as it was read: its blocks in document order, not yet in any database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from delivery.olx.files import CourseFiles
from delivery.olx.problems import Problems


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a block's class made of an element.

    ``fields`` are JSON values and ``children`` elements. ``failure`` says why the class could
    not read it; ``is_installed`` is false if there is no such class; ``ignored`` are the
    attributes it has no field for.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    children: Sequence[etree._Element] = ()
    has_score: bool = False
    max_score: float | None = None
    ignored: Sequence[str] = ()
    failure: str = ""
    is_installed: bool = True


ParseBlock = Callable[[etree._Element, str], Parsed]
"""Reads an element that is no pointer through its class; the second argument is its usage key."""


@dataclass(slots=True)
class OlxBlock:
    """A block: where it stands, what is set in it, and the file and line that say so.

    ``source`` is the OLX of a block that could not be read, and empty for all others.
    """

    usage_key: str
    tag: str
    name: str
    parent: str
    file: str
    line: int | None
    fields: dict[str, Any] = field(default_factory=dict)
    source: str = ""
    has_score: bool = False
    max_score: float | None = None


@dataclass
class OlxCourse:
    """A course that was read. ``blocks`` come in document order, the course itself first.

    ``about`` has the pages about the course by name (``overview``; with their folder if it is
    another than ``about``). ``static`` lists paths below ``static/``; their bytes are in ``files``.
    """

    org: str
    number: str
    run: str
    files: CourseFiles
    problems: Problems
    blocks: list[OlxBlock] = field(default_factory=list)
    grading_policy: dict[str, Any] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)
    static: list[str] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The course key."""
        return f"course-v1:{self.org}+{self.number}+{self.run}"
