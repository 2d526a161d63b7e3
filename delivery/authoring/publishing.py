"""A draft becomes a version, or goes away."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from delivery.access import Visit
from delivery.authoring.changes import EDITED, BlockChange, Comparison, compare
from delivery.authoring.files import forget_files
from delivery.authoring.writing import WriteRefused, lock_draft
from delivery.importing.saving import add_version, list_files
from delivery.importing.versions import publish_version
from delivery.models import Course, CourseVersion, Draft
from delivery.olx import OlxBlock
from delivery.runtime.host import BlockRuntime
from delivery.runtime.keys import usage_key_of
from delivery.runtime.registry import BlockTypeMissing, load_block_class
from delivery.tree import CourseTree, load_tree

logger = structlog.get_logger(__name__)

SOURCE = "draft"
CHANGED = _("The draft was changed while you looked at it. Here it is as it is now.")
MAX_NOTE = 2_000
# The fields by which answers are marked, unless a block class says others in ``KEY_FIELDS``.
KEY_FIELDS = ("exercise", "points")


class DraftMoved(WriteRefused):
    """The draft is no longer the one whose changes the author looked at."""


@dataclass(frozen=True, slots=True)
class Regrade:
    """An exercise whose key changed, and how many graded answers it has."""

    usage_key: str
    name: str
    answers: int


@dataclass(frozen=True)
class Published:
    """The new version, and the request of each exercise to be graded again, by usage key."""

    version: CourseVersion
    regrades: dict[str, int]


def draft_changes(served: CourseTree | None, draft: CourseTree) -> Comparison:
    """What a draft would change for who takes the course."""
    return compare(served, draft) if served is not None else Comparison()


def find_regrades(visit: Visit, changes: Comparison) -> list[Regrade]:
    """The exercises whose key changed and that have graded answers. ``visit`` is to the draft."""
    runtime = BlockRuntime(visit)
    found = []
    for change in changes.blocks:
        if EDITED not in change.kinds or not _changes_key(change):
            continue
        count = getattr(_block(runtime, change.usage_key), "count_graded_answers", None)
        answers = int(count()) if count else 0
        if answers:
            found.append(Regrade(change.usage_key, change.name, answers))
    return found


def _changes_key(change: BlockChange) -> bool:
    try:
        block_class = load_block_class(change.block_type)
    except BlockTypeMissing:
        return False
    names = getattr(block_class, "KEY_FIELDS", KEY_FIELDS)
    return any(field.name in names for field in change.fields)


def _block(runtime: BlockRuntime, usage_key: str) -> Any:
    try:
        return runtime.get_block(usage_key)
    except BlockTypeMissing:
        return None


def publish_draft(
    visit: Visit, *, revision: int, note: str, regrade: Collection[str] = ()
) -> Published:
    """Make the draft a version, serve it, and work out what ``regrade`` would score by it.

    ``revision`` is that of the draft whose changes the author has seen. Raises
    :class:`DraftMoved` if it has others, and ``WriteRefused`` if it has none.
    """
    with transaction.atomic():
        course = Course.objects.select_for_update().get(pk=visit.course.pk)
        draft = lock_draft(course)
        _check(draft, course, revision)
        if visit.tree.draft_revision != revision:
            raise DraftMoved(CHANGED)
        tree = visit.tree
        requests = _regrade(visit, regrade)
        version = add_version(
            course,
            [_as_block(tree, key) for key in tree.blocks],
            grading_policy=tree.grading_policy,
            about=tree.about,
            source=SOURCE,
            user=visit.user,
            note=note.replace("\0", "").strip()[:MAX_NOTE],
        )
        list_files(version, tree.files.values())
        publish_version(version)
        _clear(draft)
    return Published(version, requests)


def _check(draft: Draft, course: Course, revision: int) -> None:
    if draft.base_id is None:
        raise WriteRefused(_("Nothing is changed, so there is nothing to publish."))
    if draft.revision != revision:
        raise DraftMoved(CHANGED)
    if draft.base_id != course.current_version_id:
        raise DraftMoved(_("Another version is served meanwhile. Bring the draft up to it first."))
    if draft.conflicts.exists():
        raise WriteRefused(_("Some changes are waiting to be settled. Settle them first."))


def _as_block(tree: CourseTree, key: str) -> OlxBlock:
    node = tree.blocks[key]
    return OlxBlock(
        usage_key=key,
        tag=node.block_type,
        name=str(usage_key_of(key).block_id),
        parent=node.parent,
        file="",
        line=None,
        fields=dict(node.fields),
        source=node.olx,
        has_score=node.has_score,
        max_score=node.max_score,
    )


def _regrade(visit: Visit, usage_keys: Collection[str]) -> dict[str, int]:
    runtime = BlockRuntime(visit)
    requests = {}
    for key in usage_keys:
        if key not in visit.tree.blocks:
            continue
        request = getattr(_block(runtime, key), "request_regrade", None)
        if request is None:
            continue
        try:
            requests[key] = int(request(visit.user.pk))
        except ValueError as error:  # such as a key that is not fit to grade by
            name = visit.tree.blocks[key].display_name
            said = _("“%(name)s” cannot be graded again, so nothing is published: %(reason)s")
            raise WriteRefused(said % {"name": name, "reason": error}) from error
    return requests


def discard_draft(course: Course, revision: int) -> None:
    """Forget all changes of a draft; raises :class:`DraftMoved` if it has others than seen."""
    with transaction.atomic():
        draft = lock_draft(course)
        if draft.revision != revision:
            raise DraftMoved(CHANGED)
        _clear(draft)


def _clear(draft: Draft) -> None:
    draft.blocks.all().delete()
    forget_files(draft)
    draft.conflicts.all().delete()
    draft.base = draft.grading_policy = None
    draft.revision += 1
    draft.save()


def served_tree(course: Course) -> CourseTree | None:
    """The version served."""
    return load_tree(course.current_version_id) if course.current_version_id else None
