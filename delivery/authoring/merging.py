"""Brings a draft up to a version that was served after the draft was begun.

What only one side changed is taken from that side. Of a block whose fields both changed, the
served ones are taken, and what the draft had waits as a conflict until its author settles it.
What the draft changed in a part that is no longer served is among the draft's deleted parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from delivery.authoring.trees import BlockEdit, overlay, tree_of
from delivery.authoring.writing import lock_draft
from delivery.models import Course, Draft, DraftBlock, DraftConflict
from delivery.tree import CourseTree, load_tree


@dataclass(frozen=True, slots=True)
class Merged:
    """What both sides changed: the number of blocks, the names of parts, the paths of files.

    The parts are no longer served; of the files the draft's stand, and so does its ``policy`` if
    both changed that.
    """

    conflicts: int = 0
    deleted: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    policy: bool = False


@transaction.atomic
def bring_up(course: Course) -> Merged:
    """Put the draft over the version served now; return what both sides had changed."""
    draft = lock_draft(course)
    served = Course.objects.values_list("current_version", flat=True).get(pk=course.pk)
    mine = tree_of(draft, served)
    if mine is None or draft.base_id is None or served is None or draft.base_id == served:
        return Merged()
    base, after = load_tree(draft.base_id), load_tree(served)
    rows = {row.usage_key: row for row in draft.blocks.select_related("changed_by")}
    conflicts = [row for row in rows.values() if _is_conflict(row, base, after)]
    _keep(draft, conflicts)
    for row in conflicts:
        row.fields = None
    for row in rows.values():
        _merge_children(row, base, after)
    merged = overlay(after, map(_edit_of, rows.values()), {}, draft.revision)
    deleted = _find_deleted(rows, base, mine, merged)
    for key in deleted:
        _hold(draft, rows, mine, merged, key)
        _mark_deleted(rows, mine, key)
    for key in [key for key, row in rows.items() if row.removed_from and key in base.blocks]:
        _hold(draft, rows, base, merged, key)
    for row in rows.values():
        row.save()
    if draft.grading_policy == after.grading_policy:
        draft.grading_policy = None
    both_graded = draft.grading_policy is not None and base.grading_policy != after.grading_policy
    draft.base_id = served
    draft.revision += 1
    draft.save()
    names = tuple(mine.blocks[key].display_name for key in deleted)
    return Merged(len(conflicts), names, _files_of_both(draft, base, after), both_graded)


def _is_conflict(row: DraftBlock, base: CourseTree, after: CourseTree) -> bool:
    """Whether both sides changed the fields of a block, and differently."""
    old, new = base.blocks.get(row.usage_key), after.blocks.get(row.usage_key)
    if row.fields is None or old is None or new is None:
        return False
    return old.fields != new.fields and row.fields != new.fields


def _keep(draft: Draft, conflicts: Sequence[DraftBlock]) -> None:
    """Keep the draft's texts, besides those of the same authors that wait already."""
    DraftConflict.objects.bulk_create(
        DraftConflict(
            draft=draft, usage_key=row.usage_key, author=row.changed_by, fields=row.fields
        )
        for row in conflicts
    )


def _merge_children(row: DraftBlock, base: CourseTree, after: CourseTree) -> None:
    old, new = base.blocks.get(row.usage_key), after.blocks.get(row.usage_key)
    if row.children is None or old is None or new is None:
        return
    row.children = merge_lists(old.children, row.children, new.children)


def _edit_of(row: DraftBlock) -> BlockEdit:
    children = None if row.children is None else tuple(row.children)
    return BlockEdit(
        row.usage_key, row.block_type, row.fields, children, row.has_score, row.max_score
    )


def _find_deleted(
    rows: Mapping[str, DraftBlock], base: CourseTree, mine: CourseTree, merged: CourseTree
) -> dict[str, None]:
    """The outermost parts that are gone with something in them that the draft wrote."""
    found: dict[str, None] = {}
    for key in mine.blocks:
        is_written = key in rows and (rows[key].fields is not None or key not in base.blocks)
        if not is_written or key in merged.blocks:
            continue
        above = [node.usage_key for node in mine.ancestors(key)]
        found[[each for each in (key, *above) if each not in merged.blocks][-1]] = None
    return found


def _mark_deleted(rows: dict[str, DraftBlock], mine: CourseTree, usage_key: str) -> None:
    parent = mine.blocks[usage_key].parent
    rows[usage_key].removed_from = parent
    rows[usage_key].removed_index = mine.blocks[parent].children.index(usage_key)


def _hold(
    draft: Draft, rows: dict[str, DraftBlock], tree: CourseTree, merged: CourseTree, usage_key: str
) -> None:
    """Let the rows say what was in a part of ``tree``: the version below no longer does."""
    for node in tree.descendants(usage_key):
        if node.usage_key in merged.blocks or node.olx:
            continue
        row = rows.setdefault(
            node.usage_key,
            DraftBlock(draft=draft, usage_key=node.usage_key, block_type=node.block_type),
        )
        if row.fields is None:
            row.fields = dict(node.fields)
            row.has_score, row.max_score = node.has_score, node.max_score
        if row.children is None:
            row.children = list(node.children)


def _files_of_both(draft: Draft, base: CourseTree, after: CourseTree) -> tuple[str, ...]:
    return tuple(
        path
        for path, mine in draft.files.order_by("path").values_list("path", "asset")
        if _sha256(after, path) not in (_sha256(base, path), mine)
    )


def _sha256(tree: CourseTree, path: str) -> str | None:
    file = tree.files.get(path)
    return file.sha256 if file else None


def merge_lists(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> list[str]:
    """``mine`` with what ``theirs`` added to and took from ``base``.

    An entry that is added comes behind the one before it, as far as that is still there.
    """
    gone = set(base) - set(theirs)
    merged = [entry for entry in mine if entry not in gone]
    for index, entry in enumerate(theirs):
        if entry in base or entry in merged:
            continue
        before = [known for known in theirs[:index] if known in merged]
        merged.insert(merged.index(before[-1]) + 1 if before else 0, entry)
    return merged
