"""Serves XBlocks: their classes, their fields, their pages and their handlers.

Importers read and write blocks through ``parsing``; pages show them by ``render_blocks``.
"""

from delivery.runtime.registry import BlockTypeMissing, is_installed, load_block_class
from delivery.runtime.rendering import RenderedBlock, render_blocks

__all__ = ["BlockTypeMissing", "RenderedBlock", "is_installed", "load_block_class", "render_blocks"]
