"""Hostile archives are refused with their reason, and nothing outside the database changes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from delivery.importing import check_course, stage_course
from delivery.importing.members import read_path, read_upload
from delivery.models import Asset, Course
from tests.delivery.hostile_courses import ARCHIVES, named, packed
from tests.delivery.olx_courses import archive, members, small_course, with_files

pytestmark = pytest.mark.django_db


def fingerprint(folder: Path) -> dict[str, str]:
    """All that is in a folder: names, kinds and content."""

    def entries() -> Iterator[tuple[str, str]]:
        for path in sorted(folder.rglob("*")):
            is_file = path.is_file() and not path.is_symlink()
            content = hashlib.sha256(path.read_bytes()).hexdigest() if is_file else ""
            yield str(path), f"{path.lstat().st_mode:o} {content}"

    return dict(entries())


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_hostile_archive_is_refused_and_leaves_nothing_behind(
    name: str, tmp_path: Path, monkeypatch: Any
) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    for folder in (inside, outside):
        folder.mkdir()
    (outside / "treasure.txt").write_text("kept")
    path = inside / "attack.tar.gz"
    path.write_bytes(ARCHIVES[name]())
    monkeypatch.chdir(outside)
    monkeypatch.setenv("TMPDIR", str(outside))
    before = fingerprint(tmp_path)
    with pytest.raises(CommandError, match="was refused, nothing has changed") as refused:
        call_command("import_course", str(path))
    assert "Traceback" not in str(refused.value)
    assert fingerprint(tmp_path) == before
    assert not Course.objects.exists()
    assert not Asset.objects.exists()


def test_the_same_archive_without_the_attack_comes_in() -> None:
    problems = check_course(read_upload(packed(named("course/static/fine.txt"))))
    assert [problem.code for problem in problems] == ["block.not_installed"]


def test_a_folder_with_a_link_out_of_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "course.xml").write_text('<course url_name="r" org="o" course="c"/>')
    os.symlink("/etc/passwd", tmp_path / "passwd")
    (problem,) = check_course(read_path(tmp_path))
    assert problem.code.startswith("archive.")


def test_an_archive_inside_an_archive_stays_closed() -> None:
    inner = archive(with_files({"html/intro.html": "inner"}))
    problems = check_course(read_upload(packed(named("course/static/inner.tar.gz", inner))))
    assert [problem.code for problem in problems] == ["block.not_installed"]


def test_definitions_that_fill_the_memory_are_refused() -> None:
    files = small_course()
    for number in range(40):
        files[f"html/big{number}.html"] = os.urandom(900_000).hex()
    (problem,) = check_course(read_upload(archive(files)))
    assert problem.code == "course.too_large"


def test_more_blocks_than_any_course_has_are_refused() -> None:
    files = small_course()
    unit = "<vertical>" + '<html url_name="x">y</html>' * 15_000 + "</vertical>"
    files["vertical/first.xml"] = unit
    files["vertical/second.xml"] = unit
    (problem,) = check_course(read_upload(archive(files)))
    assert problem.code == "course.too_many_blocks"


INJECTIONS = ["{{7*7}}", "${7*7}", "{% load static %}", "<%= 7*7 %>", "__import__('os')"]


@pytest.mark.parametrize("text", INJECTIONS)
def test_nothing_an_author_writes_is_evaluated(text: str) -> None:
    files = with_files({"html/intro.html": text})
    with stage_course(read_upload(archive(files))) as staged:
        (block,) = [block for block in staged.course.blocks if block.tag == "html"]
    assert block.fields["data"] == text


def test_python_in_a_problem_does_not_run_when_it_is_imported(tmp_path: Path) -> None:
    target = tmp_path / "written"
    script = f"open({str(target)!r}, 'w').write('x')"
    problem = (
        f'<problem><script type="loncapa/python">{script}</script>'
        '<customresponse cfn="check"><textline/></customresponse></problem>'
    )
    check_course(read_upload(archive(with_files({"problem/sum.xml": problem}))))
    assert not target.exists()


def test_a_long_line_of_half_links_takes_no_time() -> None:
    line = "asset-v1:" * 200_000 + "/static/" * 50_000 + "/jump_to_id/" * 50_000
    problems = check_course(members(with_files({"html/intro.html": line})))
    assert {problem.code for problem in problems} <= {
        "block.not_installed",
        "link.static",
        "link.jump",
    }


def test_a_foreign_container_does_not_multiply_what_it_points_to() -> None:
    files = small_course()
    inside = '<problem url_name="big"/>' * 5_000
    files["vertical/second.xml"] = f"<vertical><nosuchblock>{inside}</nosuchblock></vertical>"
    files["problem/big.xml"] = f"<problem>{'long ' * 100_000}</problem>"
    with stage_course(members(files)) as staged:
        assert max(len(block.source) for block in staged.course.blocks) < 1_000_000


def test_one_file_used_by_many_blocks_does_not_fill_the_memory() -> None:
    files = small_course()
    files["vertical/second.xml"] = (
        "<vertical>" + '<html filename="big">x</html>' * 100 + "</vertical>"
    )
    files["html/big.html"] = "long " * 200_000
    (problem,) = check_course(members(files))
    assert problem.code == "course.too_large"


def test_json_that_explodes_is_not_read() -> None:
    files = with_files({"policies/2026/policy.json": "[" * 100_000})
    assert "policy.malformed" in [problem.code for problem in check_course(members(files))]
