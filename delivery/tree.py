"""A course version in memory: an immutable tree that every request shares.

A version never changes, so it is read from the database once per process and kept. Nothing here
may be mutated: what a learner did is kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Any

from django.utils.dateparse import parse_datetime

from delivery.models import Block, CourseFile, CourseVersion

VERSIONS_KEPT = 16

# Open edX's inheritable fields (xmodule.modulestore.inheritance.InheritanceMixin): a block that
# does not set one has the value of its nearest ancestor that does.
INHERITABLE_FIELDS = frozenset(
    {
        "graded",
        "start",
        "due",
        "relative_weeks_due",
        "visible_to_staff_only",
        "course_edit_method",
        "giturl",
        "xqa_key",
        "graceperiod",
        "group_access",
        "showanswer",
        "show_correctness",
        "rerandomize",
        "days_early_for_beta",
        "static_asset_path",
        "use_latex_compiler",
        "max_attempts",
        "matlab_api_key",
        "user_partitions",
        "show_reset_button",
        "edxnotes",
        "edxnotes_visibility",
        "in_entrance_exam",
        "self_paced",
        "hide_from_toc",
    }
)


@dataclass(frozen=True, slots=True)
class BlockNode:
    """One block: its place and its explicitly set authored fields (as JSON values)."""

    usage_key: str
    block_type: str
    parent: str
    children: tuple[str, ...]
    fields: Mapping[str, Any]
    olx: str
    has_score: bool
    max_score: float | None

    @property
    def display_name(self) -> str:
        """The authored name, or one made from the block type."""
        name = self.fields.get("display_name")
        return str(name) if name else self.block_type.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file of the version: where its bytes are kept and what they are."""

    path: str
    sha256: str
    media_type: str
    size: int


@dataclass(frozen=True, eq=False)
class CourseTree:
    """A whole version, or a draft over one. ``blocks`` are in document order.

    ``version_id`` and ``number`` of a draft are those of the version below; ``draft_revision`` is
    ``None`` for a version. Trees are kept and never change, so each is equal to itself alone.
    """

    course_key: str
    version_id: int
    number: int
    root: str
    blocks: Mapping[str, BlockNode]
    files: Mapping[str, StaticFile]
    grading_policy: Mapping[str, Any]
    about: Mapping[str, str]
    draft_revision: int | None = None

    @property
    def is_draft(self) -> bool:
        """Whether this is what authors are working at, rather than what is served."""
        return self.draft_revision is not None

    def children(self, usage_key: str) -> list[BlockNode]:
        """The children of a block, in order."""
        return [self.blocks[child] for child in self.blocks[usage_key].children]

    def descendants(self, usage_key: str) -> Iterator[BlockNode]:
        """A block and all below it, in document order."""
        node = self.blocks[usage_key]
        yield node
        for child in node.children:
            yield from self.descendants(child)

    def ancestors(self, usage_key: str) -> Iterator[BlockNode]:
        """The blocks above a block, nearest first."""
        parent = self.blocks[usage_key].parent
        while parent:
            node = self.blocks[parent]
            yield node
            parent = node.parent

    def setting(self, usage_key: str, name: str, default: Any = None) -> Any:
        """A field's value: the block's own or, where Open edX inherits it, its ancestors'."""
        node = self.blocks[usage_key]
        if name in node.fields:
            return node.fields[name]
        if name in INHERITABLE_FIELDS:
            for ancestor in self.ancestors(usage_key):
                if name in ancestor.fields:
                    return ancestor.fields[name]
        return default

    def date(self, usage_key: str, name: str) -> datetime | None:
        """The date in a field (own or inherited), aware; ``None`` if unset or unreadable."""
        return _read_date(self.setting(usage_key, name))

    def opens_at(self, usage_key: str) -> datetime | None:
        """When a block opens: the latest start set on it or above it; ``None`` if none is set."""
        chain = (self.blocks[usage_key], *self.ancestors(usage_key))
        starts = (_read_date(node.fields.get("start")) for node in chain)
        return max((start for start in starts if start), default=None)

    def is_staff_only(self, usage_key: str) -> bool:
        """Whether a block or anything above it is for staff alone."""
        chain = (self.blocks[usage_key], *self.ancestors(usage_key))
        return any(node.fields.get("visible_to_staff_only") is True for node in chain)

    def enclosing(self, usage_key: str, block_type: str) -> BlockNode | None:
        """The block itself or its nearest ancestor of ``block_type``."""
        node = self.blocks[usage_key]
        if node.block_type == block_type:
            return node
        return next((up for up in self.ancestors(usage_key) if up.block_type == block_type), None)

    @cached_property
    def chapters(self) -> list[BlockNode]:
        """The sections of the course."""
        return [node for node in self.children(self.root) if node.block_type == "chapter"]

    @cached_property
    def sequentials(self) -> list[BlockNode]:
        """The subsections of the course, in order."""
        return [node for node in self.blocks.values() if node.block_type == "sequential"]

    @cached_property
    def units(self) -> list[BlockNode]:
        """The units of the course (children of its subsections), in order."""
        return [
            unit for sequential in self.sequentials for unit in self.children(sequential.usage_key)
        ]


def _read_date(value: Any) -> datetime | None:
    try:
        moment = parse_datetime(str(value).strip('"')) if value else None
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


@lru_cache(maxsize=VERSIONS_KEPT)
def load_tree(version_id: int) -> CourseTree:
    """The tree of a version; raises ``CourseVersion.DoesNotExist``."""
    version = CourseVersion.objects.select_related("course").get(pk=version_id)
    rows = list(Block.objects.filter(version=version).order_by("position"))
    children: dict[str, list[str]] = {}
    for row in rows:
        children.setdefault(row.parent, []).append(row.usage_key)
    blocks = {
        row.usage_key: BlockNode(
            usage_key=row.usage_key,
            block_type=row.block_type,
            parent=row.parent,
            children=tuple(children.get(row.usage_key, ())),
            fields=row.fields,
            olx=row.olx,
            has_score=row.has_score,
            max_score=row.max_score,
        )
        for row in rows
    }
    files = {
        file.path: StaticFile(file.path, file.asset_id, file.media_type, file.size)
        for file in CourseFile.objects.filter(version=version)
    }
    return CourseTree(
        course_key=version.course.key,
        version_id=version.pk,
        number=version.number,
        root=version.root,
        blocks=blocks,
        files=files,
        grading_policy=version.grading_policy,
        about=version.about,
    )
