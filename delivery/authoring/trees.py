"""The tree of a draft: a version with what its authors changed laid over it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from delivery.models import Course, Draft, DraftBlock, DraftFile
from delivery.tree import BlockNode, CourseTree, StaticFile, load_tree

DRAFTS_KEPT = 8
REVISION_LENGTH = 16


@dataclass(frozen=True, slots=True)
class BlockEdit:
    """What a draft says of a block; ``None`` where it says nothing."""

    usage_key: str
    block_type: str
    fields: Mapping[str, Any] | None
    children: tuple[str, ...] | None
    has_score: bool
    max_score: float | None


def load_draft_tree(course: Course) -> CourseTree | None:
    """The course as its draft has it; while nothing is changed, as it is served.

    ``None`` if the course has no version yet.
    """
    # The draft before its rows: who then saves what is newer than they know is told of it.
    draft = Draft.objects.filter(course=course).first() or Draft(course=course)
    return tree_of(draft, course.current_version_id)


def tree_of(draft: Draft, served_id: int | None) -> CourseTree | None:
    """The tree of a draft as its rows are now; ``served_id`` is the version served."""
    base_id = draft.base_id or served_id
    if base_id is None:
        return None
    return _load(draft.pk or 0, base_id, draft.revision)


@lru_cache(maxsize=DRAFTS_KEPT)
def _load(draft_id: int, base_id: int, revision: int) -> CourseTree:
    rows = DraftBlock.objects.filter(draft_id=draft_id).values_list(
        "usage_key", "block_type", "fields", "children", "has_score", "max_score"
    )
    edits = [
        BlockEdit(key, kind, fields, None if children is None else tuple(children), scored, points)
        for key, kind, fields, children, scored, points in rows
    ]
    base = load_tree(base_id)
    policy = Draft.objects.filter(pk=draft_id).values_list("grading_policy", flat=True).first()
    if policy is not None:
        base = replace(base, grading_policy=policy)
    return overlay(base, edits, _load_files(draft_id), revision)


def _load_files(draft_id: int) -> dict[str, StaticFile | None]:
    rows = DraftFile.objects.filter(draft_id=draft_id)
    return {
        row.path: StaticFile(row.path, row.asset_id, row.media_type, row.size)
        if row.asset_id
        else None
        for row in rows
    }


def find_deleted(course: Course, tree: CourseTree, usage_key: str) -> BlockNode | None:
    """A block that was deleted from the draft ``tree``, by itself or with what it was in."""
    node = load_tree(tree.version_id).blocks.get(usage_key)
    row = DraftBlock.objects.filter(draft__course=course, usage_key=usage_key).first()
    if row is None:
        return node
    fields = row.fields if row.fields is not None else (node.fields if node else {})
    return BlockNode(usage_key, row.block_type, "", (), fields, "", row.has_score, row.max_score)


clear_drafts = _load.cache_clear


def overlay(
    base: CourseTree,
    edits: Iterable[BlockEdit],
    files: Mapping[str, StaticFile | None],
    revision: int,
) -> CourseTree:
    """``base`` with ``edits`` and ``files`` laid over it; a file that is ``None`` is deleted.

    What no list of children names is not in the tree, and what two name is where the first is.
    """
    by_key = {edit.usage_key: edit for edit in edits}
    blocks = _place(base, by_key) if by_key else dict(base.blocks)
    kept = {path: file for path, file in ({**base.files, **files}).items() if file is not None}
    return replace(base, blocks=blocks, files=kept, draft_revision=revision)


def _place(base: CourseTree, edits: Mapping[str, BlockEdit]) -> dict[str, BlockNode]:
    parents = {base.root: ""}
    children: dict[str, tuple[str, ...]] = {}
    waiting = [base.root]
    while waiting:
        key = waiting.pop()
        edit, node = edits.get(key), base.blocks.get(key)
        listed = edit.children if edit and edit.children is not None else ()
        if edit is None or edit.children is None:
            listed = node.children if node else ()
        children[key] = tuple(
            child
            for child in dict.fromkeys(listed)
            if child not in parents and (child in edits or child in base.blocks)
        )
        parents |= dict.fromkeys(children[key], key)
        waiting += reversed(children[key])
    return {
        key: _node(base.blocks.get(key), edits.get(key), key, parents[key], below)
        for key, below in children.items()
    }


def _node(
    node: BlockNode | None,
    edit: BlockEdit | None,
    key: str,
    parent: str,
    children: tuple[str, ...],
) -> BlockNode:
    if node is None:
        if edit is None:
            raise ValueError(f"{key} is neither in the version nor in the draft.")
        node = BlockNode(
            key, edit.block_type, parent, children, {}, "", edit.has_score, edit.max_score
        )
    if edit is not None and edit.fields is not None:
        node = replace(node, fields=edit.fields, has_score=edit.has_score, max_score=edit.max_score)
    if node.parent == parent and node.children == children:
        return node
    return replace(node, parent=parent, children=children)


def revision_of(tree: CourseTree, usage_key: str) -> str:
    """A short name of what is set in a block: it changes exactly when that changes."""
    return fields_revision(tree.blocks[usage_key].fields)


def fields_revision(fields: Mapping[str, Any]) -> str:
    """The revision of a block with these fields."""
    return _digest(dict(fields))


def policy_revision(tree: CourseTree) -> str:
    """The revision of what the whole course is graded by: the policy, and the days of grace."""
    return _digest([dict(tree.grading_policy), tree.blocks[tree.root].fields.get("graceperiod")])


def revision_below(tree: CourseTree, usage_key: str) -> str:
    """A short name of a block with all below it."""
    return _digest(
        [(node.usage_key, node.children, dict(node.fields)) for node in tree.descendants(usage_key)]
    )


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:REVISION_LENGTH]
