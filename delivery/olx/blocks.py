"""Reads one element after another: its name, its definition, its settings, its children."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from delivery.olx import names
from delivery.olx.definitions import Definition, DefinitionReader
from delivery.olx.problems import Problems
from delivery.olx.tree import OlxBlock, OlxCourse, ParseBlock, Parsed
from delivery.olx.values import BadValue, as_attribute, normalise, unquote
from quarantine.errors import Refused, gettext_noop

MAX_DEPTH = 40  # blocks inside blocks
MAX_BLOCKS = 20_000
MAX_PROBES = 2_000  # attributes tried one by one to find those that a container cannot read
CONTAINERS = frozenset({"course", "chapter", "sequential", "vertical"})
EXPECTED_CHILD = {"course": "chapter", "chapter": "sequential"}
NOT_SETTINGS = frozenset({"xml_attributes", "children", "url_name", "filename"})
TRUE = "true"

UNREADABLE = gettext_noop("The course's own file is missing or cannot be read.")
TOO_MANY_BLOCKS = gettext_noop("The course has more than %(limit)d blocks.")


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where the reader is: the file, the block around, and the definitions it is inside of."""

    file: str
    parent: str = ""
    parent_tag: str = ""
    inside: tuple[str, ...] = ()


class BlockReader:
    """Reads the blocks of a course into ``course.blocks``."""

    def __init__(
        self,
        course: OlxCourse,
        parse: ParseBlock,
        policy: Mapping[str, dict[str, Any]],
        progress: Callable[[int], None] | None = None,
    ) -> None:
        self._course = course
        self._problems: Problems = course.problems
        self._parse = parse
        self._policy = policy
        self._unused_policy = set(policy)
        self._progress = progress
        self._names = names.NameRegister((course.org, course.number, course.run), self._problems)
        self._definitions = DefinitionReader(course.files, self._problems)
        self._probes = 0
        self._formats = {str(grader["type"]) for grader in course.grading_policy["GRADER"]}

    @property
    def used_files(self) -> set[str]:
        """The files that the blocks came from."""
        return self._definitions.used

    def read_root(self, element: etree._Element) -> None:
        """Read the course from the ``<course>`` in course.xml; raises ``Refused``."""
        self._read(element, _Spot("course.xml"))
        root = self._course.blocks[0]
        if root.source:
            where = self._course.files.in_archive(root.file)
            raise Refused("course.unreadable", UNREADABLE, where=where)
        if not any(block.tag == "chapter" for block in self._course.blocks):
            self._problems.add("course.empty", self._course.blocks[0].file)

    def report_unused_policy(self, path: str) -> None:
        """Report settings in policy.json for blocks that are not in the course."""
        for entry in sorted(self._unused_policy):
            self._problems.add("policy.unused", path, entry=entry)

    def _read(self, element: etree._Element, spot: _Spot) -> None:
        pointed = self._definitions.pointed_file(element)
        if not self._may_read(element, pointed, spot):
            return
        given, line = names.given_name(element), names.line_of(element)
        definition = self._definitions.define(element, pointed, spot.file)
        name, usage_key = self._names.settle(given, definition.element, spot.file, line)
        block = OlxBlock(
            usage_key=usage_key,
            tag=str(element.tag),
            name=name,
            parent=spot.parent,
            file=definition.file,
            line=names.line_of(definition.element),
        )
        self._add(block)
        if definition.broken is not None:
            block.source = definition.broken
            return
        self._set_up(block, definition)
        parsed = self._parse_element(block, definition.element)
        self._take_over(block, definition, parsed)
        inside = (*spot.inside, pointed)
        for child in parsed.children:
            self._read(child, _Spot(definition.file, usage_key, block.tag, inside))

    def _may_read(self, element: etree._Element, pointed: str, spot: _Spot) -> bool:
        """Whether the element is a block that has a place in the course; reports why not."""
        tag, line, name = str(element.tag), names.line_of(element), names.given_name(element)
        if not names.TAG.fullmatch(tag):
            self._problems.add("block.tag", spot.file, line, tag=tag)
        elif len(spot.inside) >= MAX_DEPTH:
            self._problems.add("block.deep", spot.file, line, limit=MAX_DEPTH)
        elif pointed and pointed in spot.inside:
            self._problems.add("block.cycle", spot.file, line, tag=tag, name=name)
        elif first := self._definitions.claim(pointed, f"{spot.file}:{line}"):
            self._problems.add("block.twice", spot.file, line, tag=tag, name=name, first=first)
        else:
            self._check_place(tag, spot, line)
            return True
        return False

    def _check_place(self, tag: str, spot: _Spot, line: int | None) -> None:
        expected = EXPECTED_CHILD.get(spot.parent_tag, tag)
        if tag != expected:
            self._problems.add(
                "block.misplaced",
                spot.file,
                line,
                tag=tag,
                parent=spot.parent_tag,
                expected=expected,
            )

    def _add(self, block: OlxBlock) -> None:
        if len(self._course.blocks) >= MAX_BLOCKS:
            raise Refused("course.too_many_blocks", TOO_MANY_BLOCKS, limit=MAX_BLOCKS)
        self._course.blocks.append(block)
        if self._progress:
            self._progress(len(self._course.blocks))

    # --- Settings -----------------------------------------------------------------------------

    def _set_up(self, block: OlxBlock, definition: Definition) -> None:
        """Make the element say all that is set, in a form that its class reads."""
        element = definition.element
        if block.tag == "course":
            self._take_course_extras(element, definition.file)
        if block.tag in names.PLATFORM_TAGS:
            self._apply_policy(block, element)
            self._normalise(block, element)
        if block.tag == "sequential":
            self._check_format(block, element)

    def _take_course_extras(self, element: etree._Element, file: str) -> None:
        """Remove what stands among the sections of a course without being a block."""
        for attribute in ("org", "course"):
            names.drop(element, attribute)
        for wiki in element.findall("wiki"):
            element.set("wiki_slug", wiki.get("slug", ""))
            element.remove(wiki)
        for textbook in element.findall("textbook"):
            self._problems.add("course.textbook", file, names.line_of(textbook))
            element.remove(textbook)

    def _apply_policy(self, block: OlxBlock, element: etree._Element) -> None:
        entry = f"{block.tag}/{block.name}"
        self._unused_policy.discard(entry)
        for attribute, value in self._policy.get(entry, {}).items():
            if attribute in NOT_SETTINGS or value is None:
                continue
            try:
                element.set(attribute, as_attribute(value))
            except ValueError:
                self._problems.add("value.attribute", block.file, block.line, attribute=attribute)

    def _normalise(self, block: OlxBlock, element: etree._Element) -> None:
        for attribute, text in list(element.attrib.items()):
            try:
                value = normalise(str(attribute), str(text))
            except BadValue as problem:
                self._problems.add(
                    problem.code, block.file, block.line, value=str(text), attribute=attribute
                )
                value = ""
            if value != text:
                element.set(attribute, value)
            if not value and text:
                del element.attrib[attribute]

    def _check_format(self, block: OlxBlock, element: etree._Element) -> None:
        if unquote(element.get("graded", "")).lower() != TRUE:
            return
        kind = unquote(element.get("format", ""))
        if not kind:
            self._problems.add("grading.no_format", block.file, block.line)
        elif kind not in self._formats:
            self._problems.add("grading.format", block.file, block.line, format=kind)

    def _parse_element(self, block: OlxBlock, element: etree._Element) -> Parsed:
        """What the block's class makes of it; a container loses bad settings, not its content."""
        parsed = self._parse(element, block.usage_key)
        if not parsed.failure or block.tag not in CONTAINERS or self._probes > MAX_PROBES:
            return parsed
        for attribute, value in list(element.attrib.items()):
            self._probes += 1
            probe = etree.Element(block.tag)
            probe.set(attribute, value)
            failure = self._parse(probe, block.usage_key).failure
            if failure:
                self._problems.add(
                    "value.refused",
                    block.file,
                    block.line,
                    tag=block.tag,
                    attribute=attribute,
                    value=value,
                    reason=failure,
                )
                del element.attrib[attribute]
        return self._parse(element, block.usage_key)

    # --- What the class made of it ------------------------------------------------------------

    def _take_over(self, block: OlxBlock, definition: Definition, parsed: Parsed) -> None:
        block.fields = dict(parsed.fields)
        block.has_score, block.max_score = parsed.has_score, parsed.max_score
        for attribute in parsed.ignored:
            self._problems.add(
                "value.unknown", block.file, block.line, tag=block.tag, attribute=attribute
            )
        if not parsed.is_installed:
            self._problems.add("block.not_installed", block.file, block.line, tag=block.tag)
        elif parsed.failure:
            self._problems.add(
                "block.failed",
                block.file,
                block.line,
                tag=block.tag,
                name=block.name,
                reason=parsed.failure,
            )
        if parsed.failure or not parsed.is_installed:
            self._definitions.inline(definition.element, definition.file)
            block.source = names.serialise(definition.element)
