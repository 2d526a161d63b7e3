"""Follows pointers: from an element that names a block to the element that has its content."""

from __future__ import annotations

import copy
from dataclasses import dataclass

from lxml import etree

from delivery.olx import sources
from delivery.olx.files import MAX_DEFINITIONS, CourseFiles, too_large
from delivery.olx.names import PLATFORM_TAGS, as_path, drop, given_name, line_of, serialise
from delivery.olx.problems import Problems
from quarantine.errors import Refused
from quarantine.xml import parse_xml

# What makes a document merely wrong. For all else that the gate refuses, the course is refused.
FORGIVEN = frozenset({"xml.malformed", "xml.undecodable"})
IDENTITY = ("url_name", "slug", "parent_url", "index_in_children_list")
MAX_SOURCE = 200_000  # characters kept of a file that cannot be parsed
MAX_INLINED = 8  # pointers inside pointers inside a block that is kept as source


@dataclass(frozen=True, slots=True)
class Definition:
    """The element with a block's content and the file it stands in.

    ``broken`` is the source to keep in the block's place if there is no such element.
    """

    element: etree._Element
    file: str
    broken: str | None = None


class DefinitionReader:
    """Reads the definitions of a course; ``used`` collects the files they came from."""

    def __init__(self, files: CourseFiles, problems: Problems) -> None:
        self._files = files
        self._problems = problems
        self.used = {"course.xml"}
        self._loaded = 0
        self._first_uses: dict[str, str] = {}

    def claim(self, pointed: str, place: str) -> str:
        """Take a file for the block at ``place``; where it was taken before, if it was.

        A definition belongs to one block. Without this rule pointers could multiply a small
        course without end.
        """
        if pointed in self._first_uses:
            return self._first_uses[pointed]
        if pointed:
            self._first_uses[pointed] = place
        return ""

    def pointed_file(self, element: etree._Element) -> str:
        """The XML file that has the block's content, or nothing if it is written in place.

        An empty element points to ``tag/name.xml`` if there is such a file, whatever its type.
        If there is none, Open edX's own block types lack it, and others have nothing set.
        """
        name = given_name(element)
        if not name or not sources.is_empty(element) or "xblock-family" in element.attrib:
            return ""
        path = f"{element.tag}/{as_path(name)}.xml"
        if path in self._files:
            return path
        is_own = element.tag in PLATFORM_TAGS and sources.is_pointer(element)
        return path if is_own else ""

    def define(self, element: etree._Element, pointed: str, file: str) -> Definition:
        """The definition of the block that ``element`` in ``file`` names.

        ``pointed`` is what :meth:`pointed_file` said. Raises ``Refused`` for hostile XML.
        """
        name = given_name(element)
        definition = Definition(element, file)
        if pointed:
            definition = self._follow(element, pointed, name, file)
        filename = definition.element.get("filename")
        if definition.broken is None and filename and element.tag in PLATFORM_TAGS:
            definition = self._take_in(definition, name, filename)
        for attribute in IDENTITY:
            drop(definition.element, attribute)
        return definition

    def inline(self, element: etree._Element, file: str, depth: int = 0) -> None:
        """Put definitions in the place of all pointers inside ``element``."""
        for child in list(element):
            pointed = self.pointed_file(child)
            is_free = not self.claim(pointed, f"{file}:{line_of(child)}")
            if (pointed or child.get("filename")) and is_free and depth < MAX_INLINED:
                child = self._replace(child, pointed, file)
            if len(child):
                self.inline(child, pointed or file, depth + 1)

    def _replace(self, child: etree._Element, pointed: str, file: str) -> etree._Element:
        name, tail = given_name(child), child.tail
        definition = self.define(child, pointed, file)
        found = child if definition.broken is not None else definition.element
        parent = child.getparent()
        if found is not child and parent is not None:
            parent.replace(child, found)
        found.tail = tail
        if name:
            found.set("url_name", name)
        return found

    def _follow(self, pointer: etree._Element, path: str, name: str, file: str) -> Definition:
        tag = str(pointer.tag)
        if path not in self._files:
            self._problems.add(
                "file.missing", file, line_of(pointer), path=path, tag=tag, name=name
            )
            return self._break(pointer, file, None)
        root = self._parse(path)
        if root is None:
            return self._break(pointer, path, path)
        if root.tag != tag:
            self._problems.add("file.root", path, line_of(root), found=str(root.tag), tag=tag)
            return self._break(pointer, path, path)
        extra = set(pointer.attrib) - {"url_name", "org", "course"}
        if extra:
            self._problems.add("pointer.attributes", file, line_of(pointer), tag=tag, name=name)
        for attribute in pointer.attrib:
            root.set(attribute, pointer.attrib[attribute])
        return Definition(root, path)

    def _take_in(self, definition: Definition, name: str, filename: str) -> Definition:
        """Bring in what lies in a second file: HTML as text, else XML."""
        element, tag = definition.element, str(definition.element.tag)
        if tag == "html":
            own = f"html/{as_path(name)}.xml"
            path = sources.html_path(self._files, own, filename)
            wanted = f"html/{filename}.html"
        else:
            wanted = f"{tag}/{as_path(filename)}.xml"
            path = wanted if wanted in self._files else None
        if path is None:
            line = line_of(element)
            self._problems.add(
                "file.missing", definition.file, line, path=wanted, tag=tag, name=name
            )
            return self._break(element, definition.file, None)
        if tag == "html":
            text = sources.decode_text(self._load(path), path, self._problems)
            element[:] = []
            element.text = text
            del element.attrib["filename"]
            return definition
        root = self._parse(path)
        if root is None or root.tag != tag:
            return self._break(element, path, path)
        root.attrib.update({k: v for k, v in element.attrib.items() if k != "filename"})
        return Definition(root, path)

    def _load(self, path: str) -> bytes:
        """The bytes of a file; raises ``Refused`` if the files used so often fill the memory."""
        self.used.add(path)
        self._loaded += self._files.size(path)
        if self._loaded > MAX_DEFINITIONS:
            raise too_large()
        return self._files.read(path)

    def _parse(self, path: str) -> etree._Element | None:
        """The root of an XML file; ``None`` (and a problem) if it is merely wrong."""
        data = self._load(path)
        try:
            return parse_xml(data)
        except Refused as refusal:
            if refusal.code not in FORGIVEN:
                refusal.where = refusal.where or self._files.in_archive(path)
                raise
            reason = str(refusal.params.get("reason", refusal.message)).rstrip(".")
            self._problems.add("file.malformed", path, refusal.line, reason=reason)
            return None

    def _break(self, element: etree._Element, file: str, path: str | None) -> Definition:
        """A definition that only keeps the source: of the file ``path`` or of the element."""
        if path is not None:
            text = sources.strip_controls(self._files.read(path).decode("utf-8", "replace"))
            return Definition(element, file, text[:MAX_SOURCE])
        bare = copy.deepcopy(element)
        for attribute in IDENTITY:
            drop(bare, attribute)
        return Definition(element, file, serialise(bare))
