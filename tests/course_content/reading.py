"""A course folder read the plain way, for tests that look at what its author wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, cast

from lxml import etree

from quarantine.xml import parse_fragment, parse_xml

CONTAINERS = ("course", "chapter", "sequential", "vertical")
POINTED = (*CONTAINERS, "html", "problem")
EXERCISES = ("marc_record", "cataloguing_drill")
GRADERS = {
    "budget": "budget",
    "condition_report": "regions",
    "decision_table": "decisions",
    "plan": "plan",
    "rota": "rota",
    "salvage": "salvage",
    "scenario": "scenario",
    "time_line": "intervals",
    "workbook": "workbook",
}
"""The grader of each block type of conservation and management."""
MARKUP = ("prompt", "source")
STATIC = re.compile(r"/static/([\w.-]+)")
COURSES = Path(__file__).parents[2] / "course_content"


class Block(NamedTuple):
    """A block of the course tree: the element that defines it and the file where that stands."""

    tag: str
    name: str
    node: etree._Element
    path: Path


class Course:
    """A course as Studio exports it, walked from ``course.xml``; ``blocks`` are in course order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pointer = read(folder / "course.xml")
        self.blocks = list(self._walk(self._follow(self.pointer, folder / "course.xml")))

    def of_type(self, *tags: str) -> list[Block]:
        return [block for block in self.blocks if block.tag in tags]

    def within(self, block: Block) -> list[Block]:
        """Return what lies in a block, itself first."""
        return list(self._walk(block))

    def policy(self, name: str) -> dict[str, Any]:
        path = self.folder / "policies" / self.pointer.get("url_name", "") / name
        loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return loaded

    def pages(self) -> list[Path]:
        return sorted(self.folder.glob("html/*.html")) + sorted(self.folder.glob("about/*.html"))

    def page_of(self, block: Block) -> Path:
        return self.folder / "html" / f"{block.node.get('filename')}.html"

    def markup_of(self, block: Block) -> list[etree._Element]:
        """Return the HTML that a trainee reads in a block, parsed."""
        if block.tag == "html":
            return [parse_fragment(self.page_of(block).read_bytes())]
        if block.tag in EXERCISES:
            parts = [item[name] for item in items_of(block) for name in MARKUP if name in item]
            return [parse_fragment(part.encode()) for part in (*_task_of(block), *parts)]
        if block.tag in (*GRADERS, "staff_task"):
            parts = list(_details_of(exercise_of(block)))
            return [parse_fragment(part.encode()) for part in (*_task_of(block), *parts)]
        return [block.node]

    def words_of(self, block: Block) -> str:
        """Return everything a trainee reads in a block, what its pictures say included."""
        markup = self.markup_of(block)
        texts = [text_of(part) for part in markup]
        if "exercise" in block.node.attrib:
            texts += map(str, block.node.attrib.values())
        shown = " ".join(etree.tostring(part, encoding="unicode") for part in markup)
        for name in set(STATIC.findall(shown)):
            texts.append(text_of(read(self.folder / "static" / name)))
        return " ".join(texts)

    def _walk(self, block: Block) -> Iterator[Block]:
        yield block
        if block.tag in CONTAINERS:
            for child in block.node:
                if child.tag != "wiki":
                    yield from self._walk(self._follow(child, block.path))

    def _follow(self, pointer: etree._Element, source: Path) -> Block:
        """Return the block a pointer stands for; our own blocks stand where they are defined."""
        tag, name = str(pointer.tag), pointer.get("url_name", "")
        if tag not in POINTED:
            return Block(tag, name, pointer, source)
        assert set(pointer.attrib) - {"org", "course"} == {"url_name"}, (
            f"{source}: no pointer <{tag}>"
        )
        path = self.folder / tag / f"{name}.xml"
        return Block(tag, name, read(path), path)


def _task_of(block: Block) -> list[str]:
    return [block.node.get(name, "") for name in ("prompt", "source_text")]


def _details_of(part: Any) -> Iterator[str]:
    """Yield what an exercise holds as HTML."""
    if isinstance(part, list):
        for inner in part:
            yield from _details_of(inner)
    elif isinstance(part, dict):
        for name, inner in part.items():
            if name == "detail":
                yield inner
            else:
                yield from _details_of(inner)


def exercise_of(block: Block) -> dict[str, Any]:
    """Return what the author wrote for the grader."""
    loaded: dict[str, Any] = json.loads(block.node.get("exercise", ""))
    return loaded


def items_of(block: Block) -> list[dict[str, Any]]:
    """Return the items of a drill and every variant of one; a catalogue record has none."""
    items = exercise_of(block).get("items", [])
    return [part for item in items for part in (item, *item.get("variants", ()))]


def read(path: Path) -> etree._Element:
    return parse_xml(path.read_bytes())


def text_of(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def select(element: etree._Element, path: str) -> list[Any]:
    """Return what an XPath that selects nodes selects."""
    return cast("list[Any]", element.xpath(path))


def named(block: Block) -> str:
    """Name a block in the list of tests."""
    return block.name
