"""Files of tasks: let in by content, kept for their learner, bundled for graders."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from grading import api, staff
from grading.graders.rubric import read_rubric
from grading.human import files
from grading.human.files import PART
from grading.models import TaskFile, TaskFilePart
from grading.staff import FileRecord, NoSuchWork, TaskRefused
from quarantine.errors import Refused
from tests.grading.tasks import ESSAY, OTHER, PLACE, RUBRIC, SETTINGS, hand_in, learner

pytestmark = pytest.mark.django_db

ACCEPTS = read_rubric(RUBRIC).accepts
TEXT = "Точки за достъп\n".encode() * 50_000  # in two parts


def upload(name: str = "essay.txt", data: bytes = TEXT[:100], item: Any = None) -> FileRecord:
    return staff.add_file(item or learner(), name, data, ACCEPTS)


def content(file: FileRecord) -> bytes:
    return b"".join(staff.read_parts(file.id))


def test_a_file_is_kept_in_parts_and_comes_back_whole() -> None:
    accepts = replace(ACCEPTS, file_limit=len(TEXT))
    file = staff.add_file(learner(), "C:\\esej đački.txt", TEXT, accepts)
    assert (file.name, file.kind, file.size) == ("esej đački.txt", "txt", len(TEXT))
    assert content(file) == TEXT
    assert TaskFilePart.objects.count() == -(-len(TEXT) // PART) > 1
    assert staff.own_file(learner(), UUID(file.id)) == file


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("essay.txt", b""),
        ("essay.exe", b"MZ"),
        ("essay.png", b"no picture"),
        ("essay.pdf", b"%PDF-1.7\n%%EOF"),
        ("essay.txt", b"<script>alert(1)</script>"),
        ("essay.txt", b"x" * (1024 * 1024 + 1)),
    ],
)
def test_a_file_is_let_in_by_what_it_holds(name: str, data: bytes) -> None:
    with pytest.raises(Refused):
        upload(name, data)
    assert not TaskFile.objects.exists()


def test_a_task_that_asks_for_no_files_takes_none() -> None:
    with pytest.raises(TaskRefused, match="No files"):
        staff.add_file(learner(), "a.txt", b"abc", replace(ACCEPTS, most_files=0))


def test_nobody_reaches_a_file_of_another_learner_or_task() -> None:
    file = upload()
    mine = UUID(file.id)
    for act in (
        lambda: staff.own_file(learner("x" * 32), mine),
        lambda: staff.own_file(learner(place=OTHER), mine),
        lambda: staff.remove_file(learner("x" * 32), mine),
        lambda: staff.handed_in_file(PLACE, mine),  # not handed in: nobody's business yet
    ):
        with pytest.raises(NoSuchWork):
            act()
    with pytest.raises(api.InvalidAnswer):
        staff.hand_in(learner("x" * 32), {**ESSAY, "files": [file.id]}, SETTINGS)
    hand_in(answer={**ESSAY, "files": [file.id]})
    assert staff.handed_in_file(PLACE, mine) == file
    with pytest.raises(NoSuchWork):
        staff.handed_in_file(OTHER, mine)


def test_what_was_handed_in_stays_and_what_was_not_may_be_taken_out() -> None:
    kept, dropped = upload("kept.txt"), upload("dropped.txt")
    hand_in(answer={**ESSAY, "files": [kept.id]})
    staff.remove_file(learner(), UUID(dropped.id))
    with pytest.raises(TaskRefused, match="stays"):
        staff.remove_file(learner(), UUID(kept.id))
    assert [file["name"] for file in staff.load_task(learner()).answers[0].files] == ["kept.txt"]


def test_forgotten_uploads_make_room_but_those_of_the_draft_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "MOST_LOOSE", 2)
    drafted, forgotten = upload("a.txt"), upload("b.txt")
    api.save_draft(learner(), {"text": "", "files": [drafted.id]}, 0)
    with pytest.raises(TaskRefused, match="too many"):
        upload("c.txt")
    TaskFile.objects.update(added_at=TaskFile.objects.first().added_at - dt.timedelta(days=2))  # type: ignore[union-attr]  # there are two
    new = upload("c.txt")
    assert set(staff.own_files(learner(), [drafted.id, forgotten.id, new.id])) == {
        drafted.id,
        new.id,
    }


def bundle(*, plain_names: bool) -> dict[str, bytes]:
    stream = b"".join(
        staff.bundle(PLACE, lambda student, work, state: f"Ана/{student}", plain_names=plain_names)
    )
    with zipfile.ZipFile(io.BytesIO(stream)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_all_answers_come_in_one_archive_a_folder_each() -> None:
    file = upload("đački rad.txt")
    hand_in(answer={**ESSAY, "files": [file.id]})
    hand_in(learner("b"))
    hand_in(learner("B"))
    found = bundle(plain_names=False)
    folders = {name.partition("/")[0] for name in found}
    assert len(folders) == 3, "names that differ in case alone are one folder to many systems"
    first = "s" * 32
    assert found[f"{first}/answer.txt"].decode() == ESSAY["text"]
    assert found[f"{first}/1 đački rad.txt"] == TEXT[:100]


def test_an_archive_for_blind_grading_does_not_tell_names_of_files() -> None:
    file = upload("ana_anić.txt")
    hand_in(answer={**ESSAY, "files": [file.id]})
    assert set(bundle(plain_names=True)) == {f"{'s' * 32}/answer.txt", f"{'s' * 32}/1.txt"}


def test_an_archive_of_nothing_is_empty() -> None:
    assert bundle(plain_names=False) == {}
