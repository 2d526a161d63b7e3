"""The parts of an item: ids that say nothing, and an order that depends on the seed alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from grading.data import gettext_noop as _
from grading.graders.reading import Node
from grading.graders.shuffling import digest, sort_by_seed

ALIKE = _("Number %(first)s and number %(second)s cannot be told apart: they read alike.")


class Part(NamedTuple):
    """A part that answers refer to: by ``id``, a digest of what it shows, or by its text."""

    id: str
    text: str


def make_part(text: str, *details: str) -> Part:
    """Return a part; ``details`` tell apart what may have the same text."""
    text = text.strip()
    return Part(digest("\n".join([text, *details])), text)


def check_distinct(parts: Sequence[Part], node: Node) -> None:
    """Raise an error at ``node`` if two of its parts cannot be told apart."""
    seen: dict[str, int] = {}
    for i, part in enumerate(parts):
        if part.id in seen:
            raise node.fail(ALIKE, first=seen[part.id] + 1, second=i + 1)
        seen[part.id] = i


def read_named(node: Node, parts: Iterable[Part]) -> dict[str, Node]:
    """Return by the ids of parts the members of an object that names parts.

    What is missing is a node without a value; names that are not known are left out.
    """
    given = node.object()
    found = {}
    for part in parts:
        name = part.id if part.id in given else part.text
        found[part.id] = Node(given.get(name), node.join(part.id), node.error)
    return found


def read_chosen(node: Node, parts: Sequence[Part], most: int = 200) -> list[Part]:
    """Return the parts that an answer's list names, each once, in the answer's order."""
    by_name = {part.text: part for part in parts} | {part.id: part for part in parts}
    names = [member.text("") for member in node.list(most=most)]
    return list(dict.fromkeys(by_name[name] for name in names if name in by_name))


def show_parts(parts: Iterable[Part], *seed: str) -> list[dict[str, Any]]:
    """Return parts as a page gets them, in the order of the seed."""
    return [{"id": part.id, "text": part.text} for part in sort_by_seed(parts, _id, *seed)]


def _id(part: Part) -> str:
    return part.id


def show_choices(choices: Mapping[str, str]) -> list[dict[str, str]]:
    """Return choices, ids with their labels, as a page gets them."""
    return [{"id": name, "label": label} for name, label in choices.items()]
