"""A rubric and what may be handed in, read from an exercise and checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from grading.data import gettext_noop as _
from grading.graders.reading import Node, exercise_node

MOST_CRITERIA = 20
MOST_LEVELS = 9  # one for each digit key
MOST_POINTS = 1_000.0
LONGEST_NAME = 200
LONGEST_DESCRIPTION = 5_000
MOST_WORDS = 8_000
MOST_FILES = 10
MOST_MEGABYTES = 8
FILE_KINDS = (
    "pdf",
    "docx",
    "odt",
    "txt",
    "jpeg",
    "png",
    "webp",
    "gif",
    "csv",
    "xlsx",
    "xml",
    "mrc",
    "json",
)
"""Kinds of files (``quarantine.files.KINDS``) that may be asked for."""

_ID = re.compile(r"[0-9A-Za-z_-]{1,40}")
_BAD_ID = _("An id of up to 40 Latin letters, digits, hyphens and underscores is expected here.")
_SAME_ID = _("Two criteria have the id «%(name)s».")
_BACKWARDS = _("The range ends before it begins.")
_NOTHING_ASKED = _("Text or files must be asked for.")
_NO_KINDS = _("At least one kind of file must be accepted.")
_MORE_THAN_MOST = _("More files are needed than may be handed in.")
_UNREACHED = _("No level reaches the %(most)s points of the criterion.")


@dataclass(frozen=True, slots=True)
class Level:
    """How well a criterion can be met: worth from ``least`` to ``most`` points."""

    name: str
    least: float
    most: float
    descriptor: str

    def holds(self, points: float) -> bool:
        """Whether ``points`` are in the range."""
        return self.least <= points <= self.most


@dataclass(frozen=True, slots=True)
class Criterion:
    """What is judged, for up to ``most`` points; without levels, any number up to that."""

    id: str
    name: str
    description: str
    most: float
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Accepts:
    """What may be handed in. ``most_words`` 0 sets no limit; ``most_files`` 0 asks for none.

    ``file_limit`` is in bytes, of one file.
    """

    text: bool
    least_words: int
    most_words: int
    least_files: int
    most_files: int
    kinds: tuple[str, ...]
    file_limit: int


@dataclass(frozen=True, slots=True)
class Rubric:
    """The criteria by which a person grades, and what is graded."""

    criteria: tuple[Criterion, ...]
    accepts: Accepts

    @property
    def possible(self) -> float:
        """The points of all criteria."""
        return sum(criterion.most for criterion in self.criteria)


def read_rubric(exercise: Any) -> Rubric:
    """Return the rubric of an exercise; raises ``InvalidExercise`` with the place of a fault."""
    node = exercise_node(exercise)
    nodes = node.get("criteria").list(1, MOST_CRITERIA)
    criteria = tuple(read_criterion(part) for part in nodes)
    seen: set[str] = set()
    for part, criterion in zip(nodes, criteria, strict=True):
        if criterion.id in seen:
            raise part.get("id").fail(_SAME_ID, name=criterion.id)
        seen.add(criterion.id)
    return Rubric(criteria, read_accepts(node.get("accepts")))


def read_criterion(node: Node) -> Criterion:
    """Return one criterion; raises ``InvalidExercise``."""
    name = node.get("id")
    if not isinstance(name.value, str) or not _ID.fullmatch(name.value):
        raise name.fail(_BAD_ID)
    points = node.get("points")
    if points.value is None:
        raise points.fail(_("A criterion needs points."))
    most = points.number(0.0, 0.01, MOST_POINTS)
    levels = tuple(_read_level(part, most) for part in node.get("levels").list(0, MOST_LEVELS))
    if levels and max(level.most for level in levels) < most:
        raise node.get("levels").fail(_UNREACHED, most=f"{most:g}")
    return Criterion(
        id=name.value,
        name=node.get("name").text(longest=LONGEST_NAME),
        description=node.get("description").text("", LONGEST_DESCRIPTION),
        most=most,
        levels=levels,
    )


def _read_level(node: Node, most: float) -> Level:
    """``points`` are a number, or the least and the most of a range."""
    raw = node.get("points")
    if isinstance(raw.value, list | tuple):
        ends = [end.number(0.0, 0.0, most) for end in raw.list(2, 2)]
    else:
        if raw.value is None:
            raise raw.fail(_("A level needs points."))
        ends = [raw.number(0.0, 0.0, most)] * 2
    if ends[0] > ends[1]:
        raise raw.fail(_BACKWARDS)
    return Level(
        name=node.get("name").text(longest=LONGEST_NAME),
        least=ends[0],
        most=ends[1],
        descriptor=node.get("descriptor").text("", LONGEST_DESCRIPTION),
    )


def read_accepts(node: Node) -> Accepts:
    """Return what may be handed in: by default a text of any length; raises ``InvalidExercise``."""
    text, files = node.get("text"), node.get("files")
    asks_text = text.value is not False and (text.value is not None or files.value is None)
    words = Node(None, text.where, text.error) if isinstance(text.value, bool) else text
    most_words = words.get("most_words").whole(0, 0, MOST_WORDS)
    least_words = words.get("least_words").whole(0, 0, MOST_WORDS)
    if most_words and least_words > most_words:
        raise words.get("least_words").fail(_BACKWARDS)
    most_files = files.get("most").whole(1, 1, MOST_FILES) if files.object() else 0
    least_files = files.get("least").whole(0, 0, MOST_FILES)
    if least_files > most_files:
        raise files.get("least").fail(_MORE_THAN_MOST)
    kinds = files.get("kinds").some_of(FILE_KINDS, ("pdf", "docx", "odt", "txt"))
    if most_files and not kinds:
        raise files.get("kinds").fail(_NO_KINDS)
    if not asks_text and not most_files:
        raise node.fail(_NOTHING_ASKED)
    megabytes = files.get("megabytes").whole(5, 1, MOST_MEGABYTES)
    return Accepts(
        text=asks_text,
        least_words=least_words,
        most_words=most_words,
        least_files=least_files,
        most_files=most_files,
        kinds=kinds if most_files else (),
        file_limit=megabytes * 1024 * 1024,
    )
