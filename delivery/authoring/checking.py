"""Whether a block can be kept as an author left it, and what its class finds wrong with it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import structlog
from django.utils.translation import gettext as _

from delivery.olx.policy import check_storable
from delivery.runtime.parsing import BlockRefused, build_block, parse_olx, score_of, to_olx
from delivery.runtime.registry import BlockTypeMissing
from delivery.runtime.shims import unhosted_reason
from delivery.runtime.structure import STRUCTURAL_CLASSES
from delivery.tree import BlockNode, CourseTree

logger = structlog.get_logger(__name__)

MAX_FIELDS = 2**20  # characters of JSON in one block
MAX_NAME = 255


class FieldsRefused(ValueError):
    """Fields that a block cannot have; the message is for the author."""


class Checked(NamedTuple):
    """Fields that can be kept, and what the block then counts."""

    fields: dict[str, Any]
    has_score: bool
    max_score: float | None


def check_fields(node: BlockNode, course_key: str, fields: Mapping[str, Any]) -> Checked:
    """``fields`` as ``node`` may have them; raises :class:`FieldsRefused`.

    They must be plain JSON that every database takes, and go out to OLX and back through the
    block's own class.
    """
    try:
        check_storable(fields)
        text = json.dumps(fields)
    except (TypeError, ValueError) as error:
        raise FieldsRefused(_("This cannot be kept: %(reason)s.") % {"reason": error}) from error
    if len(text) > MAX_FIELDS:
        raise FieldsRefused(_("This is too much for one block."))
    plain: dict[str, Any] = json.loads(text)
    if len(str(plain.get("display_name") or "")) > MAX_NAME:
        raise FieldsRefused(_("The name is too long: it may have 255 characters."))
    probe = BlockNode(node.usage_key, node.block_type, "", (), plain, "", False, None)
    try:
        parse_olx(to_olx(probe, course_key), node.usage_key)
        score = score_of(node.block_type, node.usage_key, plain)
    except BlockTypeMissing as error:
        raise FieldsRefused(_("This type of block is not installed here.")) from error
    except BlockRefused as refusal:
        raise FieldsRefused(
            _("The block cannot work with this: %(reason)s") % {"reason": refusal.reason}
        ) from refusal
    points = score.max_score
    if points is not None and not (math.isfinite(points) and points >= 0):
        raise FieldsRefused(_("A block cannot be worth %(points)s points.") % {"points": points})
    return Checked(plain, score.has_score, points)


def find_problems(tree: CourseTree, usage_key: str) -> list[str]:
    """What is wrong with a block, in words: its class's validation, and what keeps it hidden."""
    node = tree.blocks[usage_key]
    if node.block_type in STRUCTURAL_CLASSES or node.olx:
        return []
    reason = unhosted_reason(node.block_type, node.fields)
    if reason:
        return [str(reason)]
    try:
        validation = build_block(node).validate()
    except BlockTypeMissing:
        return []
    except Exception as error:  # a block may fail in any way at what an author left unfinished
        logger.info("validation_failed", usage_key=usage_key, exc_info=error)
        return [_("The block cannot check itself: %(reason)s") % {"reason": error}]
    return [str(message.text) for message in validation.messages]
