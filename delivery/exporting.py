"""Writes a version as OLX that imports again to the same course."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from delivery.models import CourseFile, CourseVersion
from delivery.olx import write_course
from delivery.olx.writer import WrittenBlock, WrittenCourse
from delivery.runtime.keys import course_key_of, usage_key_of
from delivery.runtime.parsing import to_olx
from delivery.tree import BlockNode, CourseTree, load_tree
from quarantine.archive import Member, write_archive

FOLDER = "course"  # what Studio calls the folder inside its archives


class ExportRefused(ValueError):
    """The place to export to is not empty, or not there."""


def export_course(version: CourseVersion) -> Iterator[Member]:
    """Yield the files of a version, below one folder, in the layout of a Studio export."""
    tree = load_tree(version.pk)
    key = course_key_of(tree.course_key)
    course = WrittenCourse(
        org=key.org,
        number=key.course,
        run=key.run,
        root=tree.root,
        blocks={usage_key: _written(node) for usage_key, node in tree.blocks.items()},
        element_of=lambda usage_key: _element(tree, usage_key),
        grading_policy=tree.grading_policy,
        about=tree.about,
        static=_static_files(version),
    )
    for path, data in write_course(course):
        yield Member(f"{FOLDER}/{path}", data)


def export_to_archive(version: CourseVersion, stream: BinaryIO) -> None:
    """Write a version as ``.tar.gz``; the same version always gives the same bytes."""
    write_archive(export_course(version), stream)


def export_to_folder(version: CourseVersion, folder: Path) -> None:
    """Write a version's files into a folder that is empty or new; raises :class:`ExportRefused`."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ExportRefused(f"{folder} is not an empty folder.")
    for member in export_course(version):
        path = folder / member.path
        if not path.resolve().is_relative_to(folder.resolve()):
            raise ExportRefused(f"{member.path} lies outside {folder}.")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(member.data)


def _written(node: BlockNode) -> WrittenBlock:
    return WrittenBlock(
        tag=node.block_type,
        name=str(usage_key_of(node.usage_key).block_id),
        children=node.children,
        source=node.olx,
    )


def _element(tree: CourseTree, usage_key: str) -> etree._Element:
    return to_olx(tree.blocks[usage_key], tree.course_key)


def _static_files(version: CourseVersion) -> Iterator[tuple[str, bytes]]:
    files = CourseFile.objects.filter(version=version).order_by("path")
    for path, sha256 in list(files.values_list("path", "asset_id")):
        data = files.filter(path=path, asset_id=sha256).values_list("asset__data", flat=True).get()
        yield path, bytes(data)
