"""Changes to a draft, one author at a time and each all or nothing.

Every writer holds the lock on the draft's row and works on what the draft is then: changes to
different blocks follow each other and add up. Whoever changes a block says which revision of it
they saw, so that nobody undoes what they do not know of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from secrets import token_hex
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from delivery.authoring.checking import MAX_NAME, check_fields
from delivery.authoring.trees import fields_revision, revision_below, revision_of, tree_of
from delivery.models import Course, Draft, DraftBlock, DraftConflict
from delivery.runtime.keys import course_key_of
from delivery.tree import BlockNode, CourseTree

# Where blocks of a type stand; all that are not named stand in a unit.
PARENT_TYPES = {"chapter": "course", "sequential": "chapter", "vertical": "sequential"}
UNIT = "vertical"
MOST_CHILDREN = 200


class WriteRefused(ValueError):
    """A change that cannot be made; the message is for the author."""


class BlockChanged(WriteRefused):
    """The block is no longer what the author saw."""


class PolicyChanged(WriteRefused):
    """The grading policy is no longer what the author saw."""


@contextmanager
def writing(course: Course, user: Any) -> Iterator[DraftWriter]:
    """A writer on the course's draft, which is kept when the block ends and not if it raises."""
    with transaction.atomic():
        draft = lock_draft(course)
        served = Course.objects.values_list("current_version", flat=True).get(pk=course.pk)
        tree = tree_of(draft, served)
        if tree is None:
            raise WriteRefused(_("This course has no content yet."))
        writer = DraftWriter(draft, tree, user)
        yield writer
        writer.flush()


def lock_draft(course: Course) -> Draft:
    """The draft's row, made if it is new, held until the end of the transaction."""
    if not Draft.objects.filter(course=course).exists():
        Draft.objects.bulk_create([Draft(course=course)], ignore_conflicts=True)
    return Draft.objects.select_for_update().get(course=course)


class DraftWriter:
    """The draft as it is, and what is to become of it. ``tree`` is from before the changes."""

    def __init__(self, draft: Draft, tree: CourseTree, user: Any) -> None:
        self.draft = draft
        self.tree = tree
        self.user = user
        self.is_changed = False
        self._rows: dict[str, DraftBlock] = {}
        self._added: dict[str, BlockNode] = {}

    # --- What there is --------------------------------------------------------------------------

    def node(self, usage_key: str) -> BlockNode:
        """A block of the draft, or one that this writer added; raises :class:`WriteRefused`."""
        node = self.tree.blocks.get(usage_key) or self._added.get(usage_key)
        if node is None:
            raise WriteRefused(_("This block is not in the draft: it may have been deleted."))
        return node

    def check(self, usage_key: str, revision: str) -> None:
        """Raise :class:`BlockChanged` unless ``revision`` is the one that a block has."""
        self.node(usage_key)
        if revision_of(self.tree, usage_key) != revision:
            raise BlockChanged(_("Somebody changed this meanwhile. Look at it before you go on."))

    def check_below(self, usage_key: str, revision: str) -> None:
        """The same for a block with all below it."""
        self.node(usage_key)
        if revision_below(self.tree, usage_key) != revision:
            raise BlockChanged(
                _("Somebody changed “%(name)s” meanwhile. Look at it before you delete it.")
                % {"name": self.tree.blocks[usage_key].display_name}
            )

    def children(self, usage_key: str) -> list[str]:
        """The children of a block, with what was changed since the writer was opened."""
        row = self._rows.get(usage_key)
        if row is not None and row.children is not None:
            return list(row.children)
        return list(self.tree.blocks[usage_key].children) if usage_key in self.tree.blocks else []

    # --- What becomes of it ---------------------------------------------------------------------

    def row(self, usage_key: str) -> DraftBlock:
        """The draft's row of a block, to be changed and kept."""
        self.is_changed = True
        if usage_key not in self._rows:
            found = DraftBlock.objects.filter(draft=self.draft, usage_key=usage_key).first()
            self._rows[usage_key] = found or self._new_row(usage_key)
        self._rows[usage_key].changed_by = self.user
        return self._rows[usage_key]

    def _new_row(self, usage_key: str) -> DraftBlock:
        node = self.tree.blocks.get(usage_key)
        if node is None:
            raise WriteRefused(_("This block is not in the draft: it may have been deleted."))
        return DraftBlock(
            draft=self.draft,
            usage_key=usage_key,
            block_type=node.block_type,
            has_score=node.has_score,
            max_score=node.max_score,
        )

    def add(self, node: BlockNode) -> None:
        """Keep a block that is new; where it stands is said by its parent's children."""
        checked = check_fields(node, self.tree.course_key, node.fields)
        self.is_changed = True
        self._added[node.usage_key] = node
        self._rows[node.usage_key] = DraftBlock(
            draft=self.draft,
            usage_key=node.usage_key,
            block_type=node.block_type,
            fields=checked.fields,
            children=[],
            has_score=checked.has_score,
            max_score=checked.max_score,
            changed_by=self.user,
        )

    def set_fields(self, usage_key: str, fields: Mapping[str, Any]) -> None:
        """Give a block these fields and no others; raises ``FieldsRefused``."""
        node = self.node(usage_key)
        if node.olx:
            raise WriteRefused(_("This block could not be read and can only be moved or deleted."))
        checked = check_fields(node, self.tree.course_key, fields)
        if checked.fields == node.fields:
            return
        row = self.row(usage_key)
        row.fields, row.has_score, row.max_score = checked

    def revision_after(self, usage_key: str) -> str:
        """The revision that a block has once the changes are kept."""
        row = self._rows.get(usage_key)
        fields = self.node(usage_key).fields if row is None or row.fields is None else row.fields
        return fields_revision(fields)

    def change_fields(self, usage_key: str, changes: Mapping[str, Any]) -> None:
        """Change some fields of a block; one that is ``None`` gets its default back."""
        fields = {**self.node(usage_key).fields, **changes}
        self.set_fields(usage_key, {k: v for k, v in fields.items() if v is not None})

    def set_children(self, usage_key: str, children: Sequence[str]) -> None:
        """Give a block these children, in this order."""
        if len(children) > MOST_CHILDREN:
            raise WriteRefused(
                _("There is no room for more: %(most)d parts fit into one.")
                % {"most": MOST_CHILDREN}
            )
        self.row(usage_key).children = list(children)

    def set_policy(self, policy: Mapping[str, Any]) -> None:
        """Let the course be graded by another policy."""
        if policy != self.tree.grading_policy:
            self.is_changed = True
            self.draft.grading_policy = dict(policy)

    def flush(self) -> None:
        """Write what was changed."""
        if not self.is_changed:
            return
        for row in self._rows.values():
            row.save()
        self.draft.base_id = self.draft.base_id or self.tree.version_id
        self.draft.revision += 1
        self.draft.save()


# --- Changes ------------------------------------------------------------------------------------


def add_block(
    writer: DraftWriter,
    parent: str,
    block_type: str,
    fields: Mapping[str, Any],
    after: str = "",
) -> str:
    """Add a block below ``parent``, behind ``after`` or at the end; return its usage key."""
    _check_parent(writer, block_type, parent)
    key = _insert_new(writer, block_type, fields)
    _place(writer, parent, key, _index_after(writer, parent, after))
    return key


def move_by(writer: DraftWriter, usage_key: str, step: int) -> None:
    """Move a block up (-1) or down (1) among its siblings; at the end it stays where it is."""
    parent = writer.node(usage_key).parent
    if not parent:
        raise WriteRefused(_("The course itself cannot be moved."))
    siblings = writer.children(parent)
    index = siblings.index(usage_key)
    target = min(max(index + step, 0), len(siblings) - 1)
    if target == index:
        return
    siblings.insert(target, siblings.pop(index))
    writer.set_children(parent, siblings)


def move_to(writer: DraftWriter, usage_key: str, parent: str) -> None:
    """Move a block to the end of another container of the kind it stands in."""
    node = writer.node(usage_key)
    _check_parent(writer, node.block_type, parent)
    if node.parent == parent:
        return
    if usage_key in (parent, *(above.usage_key for above in writer.tree.ancestors(parent))):
        raise WriteRefused(_("A part cannot be moved into itself."))
    writer.set_children(node.parent, [k for k in writer.children(node.parent) if k != usage_key])
    _place(writer, parent, usage_key, None)


def duplicate(writer: DraftWriter, usage_key: str) -> str:
    """Put a copy of a block, with all below it, behind it; return the copy's usage key."""
    node = writer.node(usage_key)
    if not node.parent:
        raise WriteRefused(_("The course itself cannot be copied."))
    name = _("%(name)s (copy)") % {"name": node.display_name}
    copy = _copy(writer, node, {"display_name": name[:MAX_NAME]})
    _place(writer, node.parent, copy, _index_after(writer, node.parent, usage_key))
    return copy


def delete(writer: DraftWriter, usage_key: str) -> None:
    """Take a block with all below it out of the draft, so that it can be put back."""
    parent = writer.node(usage_key).parent
    if not parent:
        raise WriteRefused(_("The course itself cannot be deleted here."))
    siblings = writer.children(parent)
    row = writer.row(usage_key)
    row.removed_from, row.removed_index = parent, siblings.index(usage_key)
    siblings.remove(usage_key)
    writer.set_children(parent, siblings)


def put_back(writer: DraftWriter, usage_key: str) -> str:
    """Put a deleted block back to where it was; return its parent."""
    row = DraftBlock.objects.filter(draft=writer.draft, usage_key=usage_key).first()
    if row is None or not row.removed_from or usage_key in writer.tree.blocks:
        raise WriteRefused(_("This block is not among the deleted ones."))
    parent = row.removed_from
    if parent not in writer.tree.blocks:
        raise WriteRefused(_("What it was in is deleted as well. Put that back first."))
    row = writer.row(usage_key)
    row.removed_from = ""
    _place(writer, parent, usage_key, row.removed_index)
    return parent


def keep_conflict(writer: DraftWriter, node: BlockNode, fields: Mapping[str, Any]) -> DraftConflict:
    """Keep what an author wrote of a block that was changed or deleted meanwhile."""
    checked = check_fields(node, writer.tree.course_key, fields)
    # What the same author wrote in another window waits beside it, and is not written over.
    mine = DraftConflict.objects.filter(
        draft=writer.draft, usage_key=node.usage_key, author=writer.user
    )
    known = next((conflict for conflict in mine if conflict.fields == checked.fields), None)
    return known or DraftConflict.objects.create(
        draft=writer.draft,
        usage_key=node.usage_key,
        author=writer.user,
        fields=checked.fields,
    )


# --- Parts of changes ---------------------------------------------------------------------------


def _check_parent(writer: DraftWriter, block_type: str, parent: str) -> None:
    expected = PARENT_TYPES.get(block_type, UNIT)
    if writer.node(parent).block_type != expected or block_type == "course":
        raise WriteRefused(_("A block of this type cannot stand there."))


def _index_after(writer: DraftWriter, parent: str, sibling: str) -> int | None:
    siblings = writer.children(parent)
    return siblings.index(sibling) + 1 if sibling in siblings else None


def _place(writer: DraftWriter, parent: str, usage_key: str, index: int | None) -> None:
    siblings = writer.children(parent)
    siblings.insert(len(siblings) if index is None else index, usage_key)
    writer.set_children(parent, siblings)


def _insert_new(writer: DraftWriter, block_type: str, fields: Mapping[str, Any]) -> str:
    key = _new_key(writer, block_type)
    writer.add(BlockNode(key, block_type, "", (), dict(fields), "", False, None))
    return key


def _new_key(writer: DraftWriter, block_type: str) -> str:
    key = course_key_of(writer.tree.course_key)
    return str(key.make_usage_key(block_type, f"{block_type}_{token_hex(6)}"))


def _copy(writer: DraftWriter, node: BlockNode, changes: Mapping[str, Any]) -> str:
    if node.olx:
        raise WriteRefused(_("A block that could not be read cannot be copied."))
    key = _insert_new(writer, node.block_type, {**node.fields, **changes})
    for child in writer.tree.children(node.usage_key):
        _place(writer, key, _copy(writer, child, {}), None)
    return key
