"""All that was handed in to a task as one zip archive, made while it is sent."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import IO, TypeAlias, cast
from uuid import UUID

from django.utils import timezone

from grading.human import works
from grading.human.files import read_parts
from grading.human.records import Place
from grading.human.rules import State
from grading.models import TaskWork
from quarantine.files import safe_name

NameOf: TypeAlias = Callable[[str, UUID, State], str]

BATCH = 100
YEAR_ZERO = 1980  # before which a zip archive knows no time


class _Tail:  # of a file it has what a zip archive asks of a stream
    """What a zip archive is written to: nothing is kept that was fetched."""

    def __init__(self) -> None:
        self._chunks: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._chunks.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def fetch(self) -> bytes:
        data = b"".join(self._chunks)
        self._chunks.clear()
        return data


def bundle(place: Place, name_of: NameOf, *, plain_names: bool) -> Iterator[bytes]:
    """The latest answers of all learners, a folder each, as the bytes of a zip archive.

    ``name_of`` names a work's folder by the learner's id, the work's id and its state. With
    ``plain_names`` files are called by their number, so that their names do not tell whose they
    are. A part of one file is in memory at a time.
    """
    tail = _Tail()
    with zipfile.ZipFile(cast("IO[bytes]", tail), "w", zipfile.ZIP_DEFLATED) as archive:
        for folder, work in _folders(place, name_of):
            if work.current is None:
                continue
            at = timezone.localtime(work.current.submitted_at)
            if work.current.answer["text"]:
                with archive.open(_entry(f"{folder}/answer.txt", at), "w") as member:
                    member.write(work.current.answer["text"].encode())
                yield tail.fetch()
            for number, file in enumerate(work.current.answer["files"], start=1):
                ending = file["name"].rpartition(".")[2]
                name = f"{number}.{ending}" if plain_names else f"{number} {file['name']}"
                with archive.open(_entry(f"{folder}/{name}", at), "w") as member:
                    for part in read_parts(file["id"]):
                        member.write(part)
                        yield tail.fetch()
                yield tail.fetch()
    yield tail.fetch()


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    stamp = (max(at.year, YEAR_ZERO), at.month, at.day, at.hour, at.minute, at.second)
    entry = zipfile.ZipInfo(name, stamp)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _folders(place: Place, name_of: NameOf) -> Iterator[tuple[str, TaskWork]]:
    """Every work with a folder name that no other has."""
    found = TaskWork.objects.filter(**works.here(place), current__isnull=False)
    taken: set[str] = set()
    for work in found.select_related("current", "item").order_by("pk").iterator(BATCH):
        folder = safe_name(name_of(work.item.student_id, work.uuid, State(work.state)))
        if folder.casefold() in taken:
            folder = f"{folder} {work.uuid.hex[:6]}"
        taken.add(folder.casefold())
        yield folder, work
