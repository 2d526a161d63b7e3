"""The files of a draft: pictures and documents that blocks show by ``/static/NAME``."""

from __future__ import annotations

import re
from typing import IO, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from delivery.authoring.writing import DraftWriter, WriteRefused
from delivery.importing.reading import media_type_of
from delivery.models import Asset, CourseFile, CourseImport, Draft, DraftFile
from delivery.tree import CourseTree
from quarantine.files import inspect_upload

ACCEPTED = ("png", "jpeg", "gif", "webp", "svg", "pdf", "csv", "txt", "mrc")
SPACES = re.compile(r"[\s()\[\]'&#+,]+")


def add_file(writer: DraftWriter, name: str, source: bytes | IO[bytes]) -> str:
    """Let an uploaded file in and return its path below ``static/``.

    One of the same name is replaced. Raises ``quarantine.errors.Refused``.
    """
    upload = inspect_upload(name, source, allowed=ACCEPTED)
    path = SPACES.sub("_", upload.safe_name)
    Asset.objects.bulk_create(
        [Asset(sha256=upload.sha256, data=upload.data)], ignore_conflicts=True
    )
    _keep(writer, path, upload.sha256, media_type_of(path), upload.size)
    return path


def delete_file(writer: DraftWriter, path: str) -> None:
    """Take a file out of the draft; raises ``WriteRefused`` if there is none."""
    if path not in writer.tree.files:
        raise WriteRefused(_("There is no such file in the draft."))
    _keep(writer, path, None, "", 0)


def put_file_back(writer: DraftWriter, path: str, base: CourseTree) -> None:
    """Have a file again as it was in ``base``; raises ``WriteRefused`` if it was not there."""
    file = base.files.get(path)
    if file is None:
        raise WriteRefused(_("There was no such file in the version served."))
    _keep(writer, path, file.sha256, file.media_type, file.size)


def _keep(writer: DraftWriter, path: str, sha256: str | None, media_type: str, size: int) -> None:
    values: dict[str, Any] = {"asset_id": sha256, "media_type": media_type, "size": size}
    replaced = _assets_of(writer.draft.files.filter(path=path))
    DraftFile.objects.update_or_create(draft=writer.draft, path=path, defaults=values)
    _forget_unused(replaced)
    writer.is_changed = True


def forget_files(draft: Draft) -> None:
    """Take all files out of a draft, and with them the bytes that nothing else needs."""
    assets = _assets_of(draft.files.all())
    draft.files.all().delete()
    _forget_unused(assets)


def _assets_of(files: QuerySet[DraftFile]) -> set[str]:
    return set(files.exclude(asset=None).values_list("asset", flat=True))


def _forget_unused(assets: set[str]) -> None:
    used: set[str] = set()
    for model in (CourseFile, DraftFile):
        found = model._default_manager.filter(asset__in=assets)
        used |= set(found.values_list("asset", flat=True))
    used |= set(CourseImport.objects.filter(upload__in=assets).values_list("upload", flat=True))
    Asset.objects.filter(pk__in=assets - used).delete()


def users_of(tree: CourseTree, path: str) -> list[str]:
    """The blocks whose fields name a file, by their usage keys."""
    mark = f"/static/{path}"
    return [key for key, node in tree.blocks.items() if _names(node.fields, mark)]


def _names(value: Any, mark: str) -> bool:
    if isinstance(value, str):
        return mark in value
    if isinstance(value, dict):
        return any(_names(part, mark) for part in value.values())
    if isinstance(value, list):
        return any(_names(part, mark) for part in value)
    return False
