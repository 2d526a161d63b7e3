"""Versions are listed, put back and discarded; what is served is never lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from delivery.importing import discard_version, import_course, list_versions, restore_version
from delivery.importing.versions import VersionInUse
from delivery.models import Course, CourseVersion
from tests.delivery.factories import make_course
from tests.delivery.olx_courses import KEY, members, small_course, with_files

pytestmark = pytest.mark.django_db

SECOND = with_files({"course/2026.xml": '<course display_name="Second"/>', "static/b.txt": "b"})


@pytest.fixture
def course() -> Course:
    import_course(members(small_course()), source="first.tar.gz")
    import_course(members(SECOND), source="second.tar.gz")
    return Course.objects.get()


def test_versions_are_listed_newest_first_with_their_size(course: Course) -> None:
    lines = [
        (line.version.number, line.is_served, line.blocks, line.files)
        for line in list_versions(course)
    ]
    assert lines == [(2, True, 1, 2), (1, False, 8, 1)]


def test_a_version_put_back_is_served_under_its_own_name(course: Course) -> None:
    assert course.display_name == "Second"
    restore_version(course, 1)
    course.refresh_from_db()
    assert course.display_name == "Cataloguing"
    assert course.current_version is not None
    assert course.current_version.number == 1
    assert course.versions.count() == 2


def test_an_import_after_a_restore_gets_the_next_number(course: Course) -> None:
    restore_version(course, 1)
    third = import_course(members(with_files({"html/intro.html": "3"})), source="")
    assert third.version.number == 3


def test_importing_an_earlier_content_again_makes_it_the_newest_version(course: Course) -> None:
    again = import_course(members(small_course()), source="")
    assert (again.is_new, again.version.number) == (True, 3)


def test_a_version_that_is_served_cannot_be_discarded(course: Course) -> None:
    served = course.versions.get(number=2)
    with pytest.raises(VersionInUse):
        discard_version(served)
    assert course.versions.count() == 2


def test_a_discarded_version_takes_only_itself_along(course: Course) -> None:
    discard_version(course.versions.get(number=1))
    assert [version.number for version in course.versions.all()] == [2]
    assert Course.objects.count() == 1


def test_a_course_that_never_was_served_goes_with_its_only_version() -> None:
    result = import_course(members(small_course()), source="", publish=False)
    discard_version(result.version)
    assert not Course.objects.exists()


def test_the_command_lists_and_restores(course: Course, capsys: Any) -> None:
    call_command("course_versions", KEY)
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("*    2")
    assert out[0].endswith("second.tar.gz")
    assert out[1].startswith("     1")
    call_command("course_versions", KEY, "--restore", "1")
    out = capsys.readouterr().out.splitlines()
    assert (out[0][0], out[1][0]) == (" ", "*")


def test_the_command_names_what_it_does_not_find(course: Course) -> None:
    with pytest.raises(CommandError, match=r"no course course-v1:no\+such\+one.*course-v1:Demo"):
        call_command("course_versions", "course-v1:no+such+one")
    with pytest.raises(CommandError, match="has no version 9"):
        call_command("course_versions", KEY, "--restore", "9")
    assert CourseVersion.objects.count() == 2


def test_a_course_that_is_served_can_be_deleted_with_its_versions() -> None:
    made = make_course()
    made.course.delete()
    assert not Course.objects.exists()
    assert not CourseVersion.objects.exists()
