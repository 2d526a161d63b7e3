"""Importing changes the school in one step or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection

from delivery.importing import import_course
from delivery.models import (
    Asset,
    Block,
    Course,
    CourseFile,
    CourseVersion,
    Enrollment,
    LearnerState,
)
from delivery.tree import load_tree
from quarantine.errors import Refused
from tests.delivery.olx_courses import (
    KEY,
    archive,
    large_course,
    members,
    small_course,
    usage_key,
    with_files,
)

pytestmark = pytest.mark.django_db

TABLES = (Course, CourseVersion, Block, Asset, CourseFile, Enrollment)


def everything() -> dict[str, list[Any]]:
    return {
        model.__name__: sorted(model._default_manager.values_list(), key=repr) for model in TABLES
    }


def author() -> Any:
    return get_user_model().objects.create_user("author")


def test_a_new_course_is_served_at_once_with_its_name_and_language() -> None:
    result = import_course(members(small_course()), source="small.tar.gz")
    course = Course.objects.get()
    assert (course.key, course.display_name, course.language) == (KEY, "Cataloguing", "en")
    assert course.current_version == result.version
    assert (result.version.number, result.version.source) == (1, "small.tar.gz")
    assert result.version.root == usage_key("course", "2026")
    assert result.version.about == {"overview": "<p>A course about <em>records</em>.</p>"}
    assert [each["code"] for each in result.version.report] == ["block.not_installed"]


def test_blocks_and_files_are_where_the_tree_finds_them() -> None:
    result = import_course(members(small_course()), source="")
    tree = load_tree(result.version.pk)
    unit = tree.blocks[usage_key("vertical", "first")]
    assert unit.children == (usage_key("html", "intro"), usage_key("problem", "sum"))
    assert tree.setting(usage_key("problem", "sum"), "due") == "2030-05-01T12:00:00Z"
    assert tree.blocks[usage_key("problem", "sum")].max_score == 1.0
    assert "<nosuchblock" in tree.blocks[usage_key("nosuchblock", "odd")].olx
    file = tree.files["cover.svg"]
    assert (file.media_type, file.size) == ("image/svg+xml", 41)
    stored = bytes(Asset.objects.get(pk=file.sha256).data).decode()
    assert stored == small_course()["static/cover.svg"]


def test_an_unchanged_course_makes_no_new_version() -> None:
    first = import_course(members(small_course()), source="one")
    again = import_course(members(small_course()), source="two")
    assert (first.is_new, again.is_new) == (True, False)
    assert again.version == first.version
    assert CourseVersion.objects.count() == 1


@pytest.mark.parametrize(
    "path",
    [
        "html/intro.html",
        "about/overview.html",
        "static/cover.svg",
        "policies/2026/grading_policy.json",
    ],
)
def test_any_change_makes_a_new_version_and_the_old_one_stays(path: str) -> None:
    first = import_course(members(small_course()), source="")
    before = list(Block.objects.filter(version=first.version).values())
    second = import_course(members(with_files({path: "{}"})), source="")
    assert second.is_new
    assert second.version.number == 2
    assert Course.objects.get().current_version == second.version
    assert list(Block.objects.filter(version=first.version).values()) == before


def test_a_file_is_stored_once_however_many_versions_have_it() -> None:
    import_course(members(small_course()), source="")
    import_course(members(with_files({"html/intro.html": "new"})), source="")
    assert CourseFile.objects.count() == 2
    assert Asset.objects.count() == 1


def test_a_version_that_is_not_published_is_not_served() -> None:
    first = import_course(members(small_course()), source="")
    changed = with_files({"course/2026.xml": '<course display_name="New"/>'})
    second = import_course(members(changed), source="", publish=False)
    course = Course.objects.get()
    assert (second.version.number, course.current_version) == (2, first.version)
    assert course.display_name == "Cataloguing"


def test_who_brings_a_new_course_teaches_it_and_who_brings_a_new_version_does_not() -> None:
    first, second = author(), get_user_model().objects.create_user("second")
    import_course(members(small_course()), source="", user=first)
    import_course(members(with_files({"html/intro.html": "x"})), source="", user=second)
    assert list(Enrollment.objects.values_list("user__username", "role")) == [
        ("author", "instructor")
    ]


def test_what_trainees_did_survives_an_import() -> None:
    import_course(members(small_course()), source="")
    course = Course.objects.get()
    LearnerState.objects.create(
        user=author(), course=course, usage_key=usage_key("problem", "sum"), state={"attempts": 2}
    )
    without = with_files({"vertical/first.xml": '<vertical><html url_name="intro"/></vertical>'})
    import_course(members(without), source="")
    import_course(members(small_course()), source="")
    assert LearnerState.objects.get().state == {"attempts": 2}


def test_a_refused_course_changes_nothing() -> None:
    import_course(members(small_course()), source="")
    before = everything()
    with pytest.raises(Refused):
        import_course(members(with_files({"vertical/first.xml": "<!DOCTYPE v><v/>"})), source="")
    assert everything() == before


class WriteFails(Exception):
    """The database gives up in the middle of an import."""


class FailingWrites:
    """Lets ``allowed`` writes through and fails the next one."""

    def __init__(self, allowed: int) -> None:
        self.allowed = allowed
        self.seen = 0

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if sql.split(" ", 1)[0] in {"INSERT", "UPDATE", "DELETE"}:
            if self.seen == self.allowed:
                raise WriteFails
            self.seen += 1
        return execute(sql, *rest)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_known", [False, True])
def test_a_write_that_fails_anywhere_leaves_everything_as_it_was(is_known: bool) -> None:
    user = author()
    if is_known:
        import_course(members(small_course()), source="", user=user)
    changed = with_files({"html/intro.html": "new", "static/second.txt": "two"})
    before = everything()
    for allowed in range(100):
        writes = FailingWrites(allowed)
        try:
            with connection.execute_wrapper(writes):
                import_course(members(changed), source="", user=user)
        except WriteFails:
            assert everything() == before
        else:
            break
    assert writes.seen >= 5
    assert everything() != before


def test_an_import_of_many_blocks_takes_few_statements() -> None:
    with connection.execute_wrapper(writes := FailingWrites(10**6)):
        result = import_course(large_course(1000), source="")
    assert result.version.blocks.count() > 900
    assert writes.seen < 20


def test_progress_grows_to_its_end() -> None:
    seen: list[tuple[int, int]] = []
    import_course(
        members(small_course()), source="", progress=lambda done, total: seen.append((done, total))
    )
    assert [done for done, _ in seen] == list(range(1, 9))
    assert all(done <= total for done, total in seen)


# --- Commands -------------------------------------------------------------------------------------


def test_the_command_takes_a_folder_or_an_archive(tmp_path: Any, capsys: Any) -> None:
    for member in members(small_course()):
        path = tmp_path / member.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(member.data)
    call_command("import_course", str(tmp_path))
    assert "version 1: 8 blocks, 1 files; 0 errors, 1 warning, 0 notes; served now" in (
        capsys.readouterr().out
    )
    packed = tmp_path / "course.tar.gz"
    packed.write_bytes(archive(small_course()))
    call_command("import_course", str(packed))
    assert "nothing has changed" in capsys.readouterr().out


def test_the_command_says_why_it_refuses(tmp_path: Any) -> None:
    path = tmp_path / "x.tar.gz"
    path.write_bytes(b"PK\x03\x04 no archive")
    with pytest.raises(CommandError, match=r"x\.tar\.gz was refused, nothing has changed"):
        call_command("import_course", str(path))
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_course", str(tmp_path / "gone"))
