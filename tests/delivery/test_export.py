"""What was exported imports again to the same course, byte for byte the same each time."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from delivery.exporting import export_course, export_to_archive
from delivery.importing import import_course
from delivery.importing.members import read_path
from delivery.models import Course
from delivery.tree import load_tree
from tests.delivery.olx_courses import (
    KEY,
    Files,
    members,
    small_course,
    with_files,
)

pytestmark = pytest.mark.django_db

OURS = Path(__file__).resolve().parents[2] / "course_content" / "cataloguing"


def export(files: Files) -> dict[str, str]:
    result = import_course(members(files), source="")
    return {
        member.path.removeprefix("course/"): member.data.decode()
        for member in export_course(result.version)
    }


def assert_comes_back(files: Files) -> None:
    """Import, export and import again: nothing has changed, so there is no second version."""
    first = import_course(members(files), source="")
    again = import_course(export_course(first.version), source="")
    assert list(again.version.blocks.values("usage_key", "parent", "fields", "olx")) == list(
        first.version.blocks.values("usage_key", "parent", "fields", "olx")
    )
    assert not again.is_new


def test_the_layout_is_that_of_studio() -> None:
    files = export(small_course())
    assert files["course.xml"] == '<course url_name="2026" org="Demo" course="CAT1"/>\n'
    assert '<chapter url_name="one"/>' in files["course/2026.xml"]
    assert files["html/intro.xml"] == '<html display_name="Welcome" filename="intro"/>\n'
    assert files["html/intro.html"] == small_course()["html/intro.html"]
    assert '<problem url_name="sum"/>' in files["vertical/first.xml"]
    assert "numericalresponse" in files["problem/sum.xml"]
    assert files["about/overview.html"] == small_course()["about/overview.html"]
    assert files["static/cover.svg"] == small_course()["static/cover.svg"]


def test_blocks_of_other_packages_stand_in_their_unit() -> None:
    block = '<pdf url_name="p" xblock-family="xblock.v1" url="/static/a.pdf" display_name="Paper"/>'
    files = with_files({"vertical/second.xml": f"<vertical>{block}</vertical>"})
    out = export(files)
    assert not [path for path in out if path.startswith("pdf/")]
    assert 'url="/static/a.pdf"' in out["vertical/second.xml"]
    Course.objects.update(current_version=None)
    assert_comes_back(files)


def unit(inside: str) -> dict[str, str | bytes | None]:
    return {"vertical/first.xml": f"<vertical>{inside}</vertical>"}


CHANGES: list[dict[str, str | bytes | None]] = [
    {},
    {"html/intro.html": ""},
    {"html/intro.html": "<p>unclosed <b>html & <i>more"},
    {"html/intro.html": "  spaces\n\n\ttab ]]> <!-- comment -->  \n"},
    {"html/intro.html": "Жасыл ә ғ қ ң ө ұ \N{BOOKS} \u2028 &amp;lt;"},
    {"html/intro.html": None},
    {"html/intro.xml": None},
    {"vertical/first.xml": "<vertical><oops"},
    {"problem/sum.xml": "<html/>"},
    {"problem/sum.xml": '<problem display_name="&lt;&quot;&amp;"><p>a  b\n c<br/>d</p></problem>'},
    unit('<html url_name="A">1</html><html url_name="a">2</html>'),
    unit('<vertical url_name="in"><html url_name="x"/></vertical>'),
    unit('<html url_name="a:b">1</html><html url_name="-">2</html>'),
    unit('<html url_name="x.">1</html><html>no name</html>'),
    {"course/2026.xml": '<course advanced_modules="[ &quot;a&quot;]"><wiki slug="w"/></course>'},
    {"policies/2026/policy.json": '{"course/2026": {"tabs": [{"type": "progress"}], "x": null}}'},
    {"policies/2026/grading_policy.json": None},
    {"info/updates.html": "<ol/>", "info/updates.items.json": "[]", "tabs/more.html": "more"},
    {"static/sub/deep file.txt": "x", "static/пример.txt": "y"},
]  # fmt: skip


@pytest.mark.parametrize("changes", CHANGES)
def test_a_course_comes_back_as_it_went(changes: dict[str, str | bytes | None]) -> None:
    assert_comes_back(with_files(changes))


NAMES = st.text(st.sampled_from("abAB0-_.~:é"), min_size=1, max_size=6)
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\n\t<>&\"'"),
    max_size=40,
)
LEAF = st.tuples(st.sampled_from(["html", "problem", "nosuchblock", "pdf"]), NAMES, TEXT, TEXT)
UNIT = st.tuples(NAMES, TEXT, st.lists(LEAF, max_size=4))


def write_leaf(tag: str, name: str, title: str, text: str) -> str:
    inside = "" if tag == "pdf" else escape(text)
    return f"<{tag} url_name={quoteattr(name)} display_name={quoteattr(title)}>{inside}</{tag}>"


@settings(max_examples=60, deadline=None)
@given(st.lists(UNIT, max_size=3))
def test_any_course_comes_back_as_it_went(units: list[Any]) -> None:
    inside = "".join(
        f"<vertical url_name={quoteattr(name)} display_name={quoteattr(title)}>"
        f"{''.join(write_leaf(*leaf) for leaf in leaves)}</vertical>"
        for name, title, leaves in units
    )
    with transaction.atomic():
        assert_comes_back(with_files({"sequential/seq.xml": f"<sequential>{inside}</sequential>"}))
        transaction.set_rollback(True)
    load_tree.cache_clear()


def test_our_own_course_comes_back_as_it_went() -> None:
    first = import_course(read_path(OURS), source="")
    assert not [each for each in first.report if each.severity == "error"]
    assert not import_course(export_course(first.version), source="").is_new


def test_the_open_edx_demo_course_comes_back_as_it_went() -> None:
    path = os.environ.get("OPENEDX_DEMO_COURSE")
    if not path:
        pytest.skip("OPENEDX_DEMO_COURSE does not name the Open edX demo course.")
    first = import_course(read_path(Path(path)), source="")
    assert first.version.blocks.count() > 350
    codes = {each.code for each in first.report if each.severity == "error"}
    assert codes <= {"file.missing"}
    assert not import_course(export_course(first.version), source="").is_new


def test_the_same_version_always_gives_the_same_bytes() -> None:
    version = import_course(members(small_course()), source="").version
    archives = []
    for _ in range(2):
        stream = io.BytesIO()
        export_to_archive(version, stream)
        archives.append(stream.getvalue())
        load_tree.cache_clear()
    assert archives[0] == archives[1]


# --- The command ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["out", "out.tar.gz"])
def test_the_command_writes_what_imports_again(tmp_path: Path, name: str, capsys: Any) -> None:
    import_course(members(small_course()), source="")
    call_command("export_course", KEY, str(tmp_path / name))
    assert not import_course(read_path(tmp_path / name), source="").is_new


def test_the_command_writes_an_earlier_version_if_asked(tmp_path: Path) -> None:
    import_course(members(small_course()), source="")
    import_course(members(with_files({"html/intro.html": "new"})), source="")
    call_command("export_course", KEY, str(tmp_path / "one"), "--number", "1")
    html = (tmp_path / "one" / "course" / "html" / "intro.html").read_text()
    assert html == small_course()["html/intro.html"]


def test_the_command_overwrites_no_folder(tmp_path: Path) -> None:
    import_course(members(small_course()), source="")
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CommandError, match="not an empty folder"):
        call_command("export_course", KEY, str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_failed_export_leaves_no_half_archive(tmp_path: Path) -> None:
    result = import_course(members(small_course()), source="")
    result.version.files.update(path="x" * 400)
    load_tree.cache_clear()
    with pytest.raises(CommandError):
        call_command("export_course", KEY, str(tmp_path / "out.tar.gz"))
    assert list(tmp_path.iterdir()) == []


def test_a_block_that_could_not_be_read_goes_out_as_it_came_in() -> None:
    files = with_files({"vertical/first.xml": "<vertical><oops"})
    out = export(files)
    assert out["vertical/first.xml"] == "<vertical><oops"
    assert '<vertical url_name="first"/>' in out["sequential/seq.xml"]
