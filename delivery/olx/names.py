"""The names of blocks: where they come from and what they may look like."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import Any

from lxml import etree

from delivery.olx.problems import Problems

MAX_USAGE_KEY = 255
NAME = re.compile(r"[\w\-~.:]+")  # what an opaque key takes as a part
TAG = re.compile(r"[A-Za-z_][\w\-.]{0,99}", re.ASCII)

# Open edX's own block types. They have their content in a file of their own and obey policy.json
# (xmodule.xml_block.XmlMixin); other XBlocks do neither.
PLATFORM_TAGS = frozenset(
    [
        "annotatable",
        "chapter",
        "conditional",
        "course",
        "html",
        "library_content",
        "lti",
        "poll_question",
        "problem",
        "randomize",
        "sequential",
        "split_test",
        "vertical",
        "video",
        "word_cloud",
    ]
)

_UNNAMEABLE = re.compile(r"[^\w\-~.:]")
_UNCLEAN = re.compile(r"[^\w.%-]")  # opaque_keys.edx.locator: INVALID_CHARS of old names


def given_name(element: etree._Element) -> str:
    """The name an element gives itself: its url_name, slug, name or display_name, or nothing.

    In the order and with the cleaning of Open edX (xmodule.modulestore.xml, make_name_unique).
    """
    for attribute in ("url_name", "slug"):
        if element.get(attribute):
            return str(element.get(attribute))
    for attribute in ("name", "display_name"):
        if element.get(attribute):
            return clean(str(element.get(attribute)))
    return ""


def clean(text: str) -> str:
    """A title as a name: ``No Url Name`` becomes ``No_Url_Name``."""
    return re.sub("_+", "_", _UNCLEAN.sub("_", text)).replace("%", "_")


def nameable(name: str) -> str:
    """``name`` with the characters replaced that a usage key cannot have."""
    return _UNNAMEABLE.sub("_", name)


def hashed_name(tag: str, content: str, name: str = "") -> str:
    """A name made of a block's content, so that the same content always has the same name."""
    middle = f"_{name}" if name else ""
    digest = hashlib.sha1(content.encode("utf-8", "replace"), usedforsecurity=False)
    return f"{tag}{middle}_{digest.hexdigest()[:12]}"


def as_path(name: str) -> str:
    """The path that a name stands for: ``week:intro`` is ``week/intro``."""
    return name.replace(":", "/")


def usage_key(course_parts: tuple[str, str, str], tag: str, name: str) -> str:
    """The usage key of a block of the course (organisation, number, run)."""
    return f"block-v1:{'+'.join(course_parts)}+type@{tag}+block@{name}"


class NameRegister:
    """Gives every block of a course a usage key of its own, and reports what it had to change."""

    def __init__(self, course_parts: tuple[str, str, str], problems: Problems) -> None:
        self._course_parts = course_parts
        self._problems = problems
        self._places: dict[str, str] = {}
        self._copies: Counter[str] = Counter()

    def settle(
        self, given: str, element: etree._Element, file: str, line: int | None
    ) -> tuple[str, str]:
        """The name and usage key of a block: as given where possible, else made for it.

        ``element`` is the block's definition, ``file`` and ``line`` say where it was named.
        """
        tag = str(element.tag)
        name = self._legal_name(given, element, file, line)
        key = usage_key(self._course_parts, tag, name)
        if key in self._places:
            first = self._places[key]
            new = self._free_name(tag, name, element)
            self._problems.add(
                "name.duplicate", file, line, tag=tag, name=name, first=first, new=new
            )
            name, key = new, usage_key(self._course_parts, tag, new)
        self._places[key] = f"{file}:{line}" if line else file
        return name, key

    def _legal_name(self, given: str, element: etree._Element, file: str, line: int | None) -> str:
        tag = str(element.tag)
        if not given:
            name = hashed_name(tag, serialise(element))
            self._problems.add("name.missing", file, line, tag=tag, new=name)
            return name
        name = nameable(given)
        if name != given:
            self._problems.add("name.characters", file, line, name=given, new=name)
        if len(name) > self._room(tag):
            short = hashed_name(tag, name, name[: self._room(tag) - len(tag) - 20])
            self._problems.add("name.long", file, line, name=name[:40], new=short)
            return short
        return name

    def _room(self, tag: str) -> int:
        """How long a name may be; some is kept for the hash of a duplicate."""
        return MAX_USAGE_KEY - len(usage_key(self._course_parts, tag, "")) - len(tag) - 20

    def _free_name(self, tag: str, name: str, element: etree._Element) -> str:
        base = new = hashed_name(tag, serialise(element), name)
        while usage_key(self._course_parts, tag, new) in self._places:
            self._copies[base] += 1
            new = f"{base}_{self._copies[base] + 1}"
        return new


def serialise(element: etree._Element) -> str:
    """An element as text, without what follows it."""
    return etree.tostring(element, encoding="unicode", with_tail=False)


def line_of(element: etree._Element) -> int | None:
    """The line an element begins in, counted from 1."""
    line: Any = element.sourceline
    return line if isinstance(line, int) else None


def drop(element: etree._Element, attribute: str) -> str:
    """Remove an attribute, which need not be there, and return its value."""
    return str(element.attrib.pop(attribute, ""))
