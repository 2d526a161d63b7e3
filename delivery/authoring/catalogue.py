"""The types of blocks that an author may add: what they are called, and what each is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from delivery.runtime.assets import installed_tags
from delivery.runtime.registry import BlockTypeMissing, load_block_class
from delivery.runtime.rendering import is_own
from delivery.runtime.shims import UNHOSTED_TYPES
from delivery.runtime.structure import STRUCTURAL_CLASSES

# Name and purpose, by OLX tag. A class of a type that is not here may say its own in
# ``AUTHORING_NAME`` and ``AUTHORING_PURPOSE``.
WORDS: Mapping[str, tuple[Any, Any]] = {
    "marc_record": (
        _("Catalogue record"),
        _("Trainees catalogue a source in a record editor and are graded line by line."),
    ),
    "cataloguing_drill": (
        _("Cataloguing drill"),
        _("Short tasks on one skill: punctuation, coding, access points, numbers and more."),
    ),
    "condition_report": (
        _("Condition report"),
        _("Trainees mark damages on the picture of a page: where, what kind, how grave."),
    ),
    "plan": (
        _("Plan"),
        _("Trainees choose steps and put them in order; what must come first counts."),
    ),
    "salvage": (
        _("Salvage"),
        _("Wet lots in the order of their rescue; what is saved counts."),
    ),
    "decision_table": (
        _("Decisions"),
        _("A choice for each of several items, with reasons and rules that must not be broken."),
    ),
    "scenario": (
        _("Case"),
        _("A case with consequences, step by step, or tests that come before a decision."),
    ),
    "workbook": (
        _("Workbook"),
        _("Values to compute from data of each trainee's own: units, source rows, what they mean."),
    ),
    "time_line": (
        _("Time line"),
        _("Episodes to find in readings of temperature and humidity, with kind and cause."),
    ),
    "budget": (
        _("Budget"),
        _("Projects within a limit, or chapters of a whole; rules are told while choosing."),
    ),
    "rota": (
        _("Rota"),
        _("People for every shift: leave, skills, hours and rest are watched."),
    ),
    "practicum_log": (
        _("Practice hours"),
        _("A trainee's own hours at a host library, with a quick entry; what is confirmed counts."),
    ),
    "staff_task": (
        _("Task for grading"),
        _("Trainees hand in a text or files; instructors grade them with a rubric."),
    ),
    "html": (_("Text"), _("Something to read: text, pictures, tables, links.")),
    "problem": (
        _("Problem"),
        _("Questions with choices, words or numbers as answers, written in Open edX's XML."),
    ),
    "video": (_("Film"), _("A film of the school, or a link to one elsewhere, with captions.")),
    "pdf": (_("PDF document"), _("A PDF document to read on the page or to download.")),
    "drag-and-drop-v2": (
        _("Drag and drop"),
        _("Items to be put into the right places of a picture."),
    ),
    "poll_question": (_("Poll"), _("One question to all, and how everybody answered.")),
    "word_cloud": (_("Word cloud"), _("Words from everybody, the frequent ones larger.")),
    "annotatable": (_("Annotated text"), _("A text with explanations of some of its passages.")),
}
CONTAINERS: Mapping[str, Any] = {
    "course": _("Course"),
    "chapter": _("Section"),
    "sequential": _("Subsection"),
    "vertical": _("Unit"),
}
STARTERS: Mapping[str, Mapping[str, Any]] = {
    "pdf": {"url": ""},
    "problem": {
        "data": """<problem>
  <multiplechoiceresponse>
    <label>The question</label>
    <choicegroup type="MultipleChoice">
      <choice correct="true">the right answer</choice>
      <choice correct="false">a wrong answer</choice>
    </choicegroup>
  </multiplechoiceresponse>
</problem>
"""
    },
    "poll_question": {
        "question": "The question",
        "answers": [{"id": "yes", "text": "Yes"}, {"id": "no", "text": "No"}],
    },
    "annotatable": {
        "data": """<annotatable>
  <instructions><p>Read the passage and open what is marked.</p></instructions>
  <p>A passage with <annotation title="A title" body="The explanation.">something marked</annotation>.</p>
</annotatable>
"""  # noqa: E501  # one line of a text
    },
}
EXTRACTED = ("_", "_extracted")


@dataclass(frozen=True, slots=True)
class BlockType:
    """A type of blocks in the picker."""

    tag: str
    name: Any
    purpose: Any
    is_own: bool


@lru_cache(maxsize=1)
def block_types() -> tuple[BlockType, ...]:
    """The types that can be added, the suite's own first and then the usual ones."""
    tags = {_tag(name) for name in installed_tags()} - set(STRUCTURAL_CLASSES) - set(UNHOSTED_TYPES)
    order = list(WORDS)
    ranked = sorted(
        tags,
        key=lambda tag: (not is_own(tag), order.index(tag) if tag in WORDS else len(order), tag),
    )
    return tuple(BlockType(tag, *words_for(tag), is_own(tag)) for tag in ranked)


def find_type(tag: str) -> BlockType | None:
    """The type of a tag, if blocks of it can be added."""
    return next((kind for kind in block_types() if kind.tag == tag), None)


def words_for(tag: str) -> tuple[Any, Any]:
    """What a type is called and what it is for."""
    if tag in WORDS:
        return WORDS[tag]
    if tag in CONTAINERS:
        return CONTAINERS[tag], ""
    try:
        block_class = load_block_class(tag)
    except BlockTypeMissing:
        return tag, ""
    name = getattr(block_class, "AUTHORING_NAME", "") or capfirst(tag.replace("_", " "))
    return name, getattr(block_class, "AUTHORING_PURPOSE", "")


def starter_of(tag: str) -> dict[str, Any]:
    """The fields with which a new block begins: named by its type, and fit to be stored."""
    named = {"display_name": str(words_for(tag)[0])} if has_name(tag) else {}
    return {**named, **STARTERS.get(tag, {})}


def has_name(tag: str) -> bool:
    """Whether blocks of a type have a name of their own."""
    try:
        return "display_name" in load_block_class(tag).fields
    except BlockTypeMissing:
        return False


def _tag(entry_point: str) -> str:
    start, end = EXTRACTED
    if entry_point.startswith(start) and entry_point.endswith(end):
        return entry_point[len(start) : -len(end)]
    return entry_point
