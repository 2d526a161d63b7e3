"""Writes a course as the files of an OLX folder that reads back as the same course.

The layout is that of an export from Studio. Blocks of other packages stand inside their unit,
where every Open edX release reads them; chapters, sequentials, verticals, ``html`` and
``problem`` have files of their own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from delivery.olx.names import as_path, drop
from delivery.olx.sources import strip_controls
from quarantine.errors import Refused
from quarantine.xml import parse_xml

FILED_TAGS = frozenset({"chapter", "sequential", "vertical", "html", "problem"})
# Open edX takes these from policy.json alone (xmodule.xml_block, metadata_to_strip).
POLICY_ONLY = ("tabs", "discussion_blackouts")
MAX_PART = 100  # characters in a part of a path
MAX_PARTS = 6
_PART = re.compile(r"[\w~-](?:[\w\-.~]*[\w~-])?")


@dataclass(frozen=True, slots=True)
class WrittenBlock:
    """A block to write. ``source`` is the OLX to write as it is, if the block has any."""

    tag: str
    name: str
    children: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True)
class WrittenCourse:
    """A course to write.

    ``blocks`` are by usage key; ``element_of`` gives the element with a block's own settings and
    content. ``static`` yields paths below ``static/`` with their bytes.
    """

    org: str
    number: str
    run: str
    root: str
    blocks: Mapping[str, WrittenBlock]
    element_of: Callable[[str], etree._Element]
    grading_policy: Mapping[str, Any]
    about: Mapping[str, str]
    static: Iterable[tuple[str, bytes]]


def write_course(course: WrittenCourse) -> Iterator[tuple[str, bytes]]:
    """Yield the path and bytes of every file, relative to the course folder."""
    yield from _Writer(course).files()


class _Writer:
    def __init__(self, course: WrittenCourse) -> None:
        self._course = course
        self._written: set[str] = set()
        self._files: list[tuple[str, bytes]] = []

    def files(self) -> Iterator[tuple[str, bytes]]:
        course = self._course
        pointer = etree.Element("course", url_name=course.run, org=course.org)
        pointer.set("course", course.number)
        yield "course.xml", _xml(pointer)
        root = self._whole(course.root)
        yield f"policies/{course.run}/policy.json", _json(self._take_policy(root))
        yield f"policies/{course.run}/grading_policy.json", _json(course.grading_policy)
        yield f"course/{as_path(course.run)}.xml", _xml(root)
        yield from self._files
        for name, text in sorted(course.about.items()):
            yield _page_path(name), text.encode()
        for path, data in course.static:
            yield f"static/{path}", data

    def _take_policy(self, root: etree._Element) -> dict[str, Any]:
        """Move what Open edX reads nowhere else from the course's attributes to its policy."""
        settings = {}
        for attribute in POLICY_ONLY:
            if attribute in root.attrib:
                settings[attribute] = _value(drop(root, attribute))
        return {f"course/{self._course.run}": settings}

    def _whole(self, usage_key: str) -> etree._Element:
        """A block's element with all its children, without its name."""
        block = self._course.blocks[usage_key]
        element = self._course.element_of(usage_key)
        drop(element, "url_name")
        element.extend(self._placed(child) for child in block.children)
        if block.tag == "course" and "wiki_slug" in element.attrib:
            etree.SubElement(element, "wiki", slug=drop(element, "wiki_slug"))
        _break_lines(element, block.children)
        return element

    def _placed(self, usage_key: str) -> etree._Element:
        """What stands in the parent: the block itself, or a pointer to its file."""
        block = self._course.blocks[usage_key]
        if block.source:
            return self._place_source(block)
        element = self._whole(usage_key)
        path = f"{block.tag}/{as_path(block.name)}"
        if block.tag in FILED_TAGS and self._may_write(path):
            if block.tag == "html":
                self._files.append((f"{path}.html", (element.text or "").encode()))
                element.text = None
                element.set("filename", path.rpartition("/")[2])
            self._files.append((f"{path}.xml", _xml(element)))
            return etree.Element(block.tag, url_name=block.name)
        element.set("url_name", block.name)
        return element

    def _place_source(self, block: WrittenBlock) -> etree._Element:
        """A block that could not be read goes out as it came in."""
        try:
            element = parse_xml(block.source.encode())
        except Refused:
            element = None
        if element is not None and element.tag == block.tag:
            element.set("url_name", block.name)
            return element
        path = f"{block.tag}/{as_path(block.name)}"
        if self._may_write(path):
            self._files.append((f"{path}.xml", strip_controls(block.source).encode()))
        return etree.Element(block.tag, url_name=block.name)

    def _may_write(self, path: str) -> bool:
        """Whether a file can have this path on every system, and none has it yet."""
        parts = path.split("/")
        is_plain = len(parts) <= MAX_PARTS and all(
            len(part) <= MAX_PART and _PART.fullmatch(part) for part in parts
        )
        if not is_plain or path.casefold() in self._written:
            return False
        self._written.add(path.casefold())
        return True


def _break_lines(element: etree._Element, children: tuple[str, ...]) -> None:
    """Put each child block on a line of its own, without a change inside any of them."""
    if not children or (element.text or "").strip():
        return
    element.text = "\n  "
    for child in element:
        child.tail = "\n  "
    element[-1].tail = "\n"


def _page_path(name: str) -> str:
    path = name if "/" in name else f"about/{name}"
    return path if path.endswith(".json") else f"{path}.html"


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _json(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, indent=4, sort_keys=True)
    return f"{text}\n".encode()


def _xml(element: etree._Element) -> bytes:
    return etree.tostring(element, encoding="utf-8") + b"\n"
