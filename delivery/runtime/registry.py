"""Finds the class behind an OLX tag among the installed XBlocks.

The platform's own block types left it one by one for xblocks-contrib. Until a release registers
``problem`` itself, that package calls it ``_problem_extracted``, and so on; the four containers
were never packaged and are found in ``delivery.runtime.structure``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import structlog
from xblock.core import XBlock
from xblock.plugin import PluginMissingError

from delivery.runtime.shims import prepare_imports
from delivery.runtime.structure import STRUCTURAL_CLASSES

logger = structlog.get_logger(__name__)

BlockClass = Any  # XBlock ships no types

EXTRACTED_NAME = "_{}_extracted"


class BlockTypeMissing(LookupError):
    """No installed package offers a block type, or the one that does cannot be imported."""

    def __init__(self, tag: str, reason: str = "") -> None:
        super().__init__(f"The block type {tag!r} is not installed{reason}.")
        self.tag = tag


@lru_cache(maxsize=256)
def _find(tag: str) -> BlockClass | str:
    if tag in STRUCTURAL_CLASSES:
        return STRUCTURAL_CLASSES[tag]
    prepare_imports()
    for name in (tag, EXTRACTED_NAME.format(tag)):
        try:
            block_class: BlockClass = XBlock.load_class(name)
        except PluginMissingError:
            continue
        except Exception as error:  # a package may fail in any way while it is imported
            logger.exception("block_type_broken", block_type=tag, entry_point=name)
            return f": its package fails with {type(error).__name__}: {error}"
        return block_class
    return ""


def load_block_class(tag: str) -> BlockClass:
    """The class of the OLX tag ``tag``; raises ``BlockTypeMissing`` with the reason."""
    found = _find(tag)
    if isinstance(found, str):
        raise BlockTypeMissing(tag, found)
    return found


def is_installed(tag: str) -> bool:
    """Whether blocks of the OLX tag ``tag`` can be served."""
    return not isinstance(_find(tag), str)
