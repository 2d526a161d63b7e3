"""What reading a course makes of its files: blocks, names, settings, pages."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delivery.importing import StagedCourse, stage_course
from delivery.olx import OlxBlock
from delivery.olx.values import BadValue, normalise
from quarantine.errors import Refused
from tests.delivery.olx_courses import Files, members, small_course, usage_key, with_files


def stage(files: Files, folder: str = "course") -> StagedCourse:
    with stage_course(members(files, folder)) as staged:
        return staged


def blocks(files: Files) -> dict[str, OlxBlock]:
    return {f"{block.tag}/{block.name}": block for block in stage(files).course.blocks}


def codes(files: Files) -> list[str]:
    return [problem.code for problem in stage(files).report]


def unit(inside: str) -> Files:
    return with_files({"vertical/second.xml": f"<vertical>{inside}</vertical>"})


def test_a_sound_course_is_read_in_document_order_with_its_keys() -> None:
    course = stage(small_course()).course
    assert course.key == "course-v1:Demo+CAT1+2026"
    assert [block.usage_key for block in course.blocks] == [
        usage_key(tag, name)
        for tag, name in (
            ("course", "2026"),
            ("chapter", "one"),
            ("sequential", "seq"),
            ("vertical", "first"),
            ("html", "intro"),
            ("problem", "sum"),
            ("vertical", "second"),
            ("nosuchblock", "odd"),
        )
    ]
    assert [block.parent for block in course.blocks][:4] == [
        "",
        usage_key("course", "2026"),
        usage_key("chapter", "one"),
        usage_key("sequential", "seq"),
    ]


@pytest.mark.parametrize("folder", ["", "course", "repository/course"])
def test_the_course_is_found_wherever_its_folder_lies_in_the_archive(folder: str) -> None:
    staged = stage(small_course(), folder)
    assert len(staged.course.blocks) == 8
    assert [file.path for file in staged.files] == ["cover.svg"]


def test_a_text_block_takes_its_html_from_the_file_it_names() -> None:
    found = blocks(small_course())["html/intro"]
    assert found.fields == {
        "data": '<p>See <img src="/static/cover.svg" alt="cover"></p>\n',
        "display_name": "Welcome",
    }


def test_html_may_stand_in_the_unit_itself() -> None:
    found = blocks(unit('<html url_name="here" display_name="Note"><p>In <b>place</b>.</p></html>'))
    assert found["html/here"].fields == {"data": "<p>In <b>place</b>.</p>", "display_name": "Note"}


def test_a_problem_keeps_its_weight_and_counts_with_its_points() -> None:
    found = blocks(small_course())["problem/sum"]
    assert found.fields["weight"] == 2.0
    assert "numericalresponse" in found.fields["data"]
    assert (found.has_score, found.max_score) == (True, 1.0)


def test_a_block_of_another_package_may_be_a_pointer_too() -> None:
    files = unit('<nosuchblock url_name="far"/>')
    files["nosuchblock/far.xml"] = '<nosuchblock colour="blue">text</nosuchblock>'
    found = blocks(files)["nosuchblock/far"]
    assert found.source == '<nosuchblock colour="blue">text</nosuchblock>'
    assert (found.file, found.line) == ("nosuchblock/far.xml", 1)


def test_a_name_with_a_colon_is_a_path() -> None:
    files = unit('<html url_name="week:one"/>')
    files["html/week/one.xml"] = '<html filename="text" display_name="Deep"/>'
    files["html/week/text.html"] = "<p>deep</p>"
    assert blocks(files)["html/week:one"].fields["data"] == "<p>deep</p>"


@pytest.mark.parametrize(
    ("attributes", "name"),
    [
        ('url_name="a" slug="b" display_name="c"', "a"),
        ('slug="b" display_name="c"', "b"),
        ('name="n" display_name="c"', "n"),
        ('display_name="No Url Name"', "No_Url_Name"),
    ],
)
def test_a_block_is_called_by_the_first_name_it_has(attributes: str, name: str) -> None:
    assert f"html/{name}" in blocks(unit(f"<html {attributes}>text</html>"))


def test_a_block_without_any_name_is_called_after_its_content() -> None:
    files = unit("<html>one</html><html>two</html>")
    names = [name for name in blocks(files) if name.startswith("html/html_")]
    assert len(set(names)) == 2
    assert names == [name for name in blocks(files) if name.startswith("html/html_")]
    assert codes(files).count("name.missing") == 2


def test_two_blocks_of_one_name_are_both_kept() -> None:
    files = unit('<html url_name="same">one</html><html url_name="same">two</html>')
    texts = [
        block.fields["data"]
        for block in stage(files).course.blocks
        if block.tag == "html" and block.name.startswith(("same", "html_same"))
    ]
    assert texts == ["one", "two"]
    assert "name.duplicate" in codes(files)


def test_equal_blocks_of_one_name_get_different_keys() -> None:
    same = '<html url_name="same">one</html>'
    keys = [block.usage_key for block in stage(unit(same * 4)).course.blocks]
    assert len(keys) == len(set(keys)) == 6 + 1 + 4


def test_policy_json_overrides_attributes_and_blocks_of_other_packages_ignore_it() -> None:
    policy = {
        "course/2026": {"start": "2021-02-03T00:00:00Z", "tabs": [{"type": "progress"}]},
        "sequential/seq": {"due": "2031-01-01T00:00:00Z", "graded": False},
        "problem/sum": {"weight": 5},
        "nosuchblock/odd": {"colour": "green"},
        "vertical/gone": {"display_name": "x"},
    }
    files = with_files({"policies/2026/policy.json": json.dumps(policy)})
    found = blocks(files)
    assert found["course/2026"].fields["start"] == "2021-02-03T00:00:00Z"
    assert found["sequential/seq"].fields["due"] == "2031-01-01T00:00:00Z"
    assert found["sequential/seq"].fields["graded"] is False
    assert found["problem/sum"].fields["weight"] == 5
    assert 'colour="red"' in found["nosuchblock/odd"].source
    assert {"policy.third_party", "policy.unused"} <= set(codes(files))


def test_attributes_that_no_field_has_are_kept() -> None:
    files = with_files(
        {"chapter/one.xml": '<chapter shelf="A3"><sequential url_name="seq"/></chapter>'}
    )
    assert blocks(files)["chapter/one"].fields == {"xml_attributes": {"shelf": "A3"}}


def test_a_block_type_that_is_not_installed_keeps_its_source() -> None:
    found = blocks(small_course())["nosuchblock/odd"]
    assert found.source == '<nosuchblock colour="red"><inner>text</inner></nosuchblock>'
    assert found.fields == {}


def test_what_a_foreign_container_points_to_is_kept_with_it() -> None:
    files = unit(
        '<nosuchblock url_name="box"><problem url_name="in"/><html url_name="t"/></nosuchblock>'
    )
    files["problem/in.xml"] = '<problem display_name="Inside"><p>?</p></problem>'
    files["html/t.xml"] = '<html filename="t"/>'
    files["html/t.html"] = "<b>bold</b>"
    assert blocks(files)["nosuchblock/box"].source == (
        '<nosuchblock><problem display_name="Inside" url_name="in"><p>?</p></problem>'
        '<html url_name="t">&lt;b&gt;bold&lt;/b&gt;</html></nosuchblock>'
    )
    assert "file.unused" not in codes(files)


def test_a_wiki_among_the_sections_is_no_block() -> None:
    course = '<course><chapter url_name="one"/><wiki slug="Demo.CAT1"/></course>'
    found = blocks(with_files({"course/2026.xml": course}))
    assert found["course/2026"].fields["xml_attributes"]["wiki_slug"] == "Demo.CAT1"
    assert not [name for name in found if name.startswith("wiki")]


def test_pages_about_the_course_come_by_name() -> None:
    files = with_files({"info/updates.html": "<ol></ol>", "about/short_description.html": "Short"})
    assert stage(files).course.about == {
        "overview": "<p>A course about <em>records</em>.</p>",
        "short_description": "Short",
        "info/updates": "<ol></ol>",
    }


def test_the_grading_policy_is_the_course_s_own() -> None:
    policy = stage(small_course()).course.grading_policy
    assert [grader["type"] for grader in policy["GRADER"]] == ["Exercises"]
    assert policy["GRADE_CUTOFFS"] == {"Pass": 0.6}


def test_the_grading_policy_may_lie_in_the_course_folder() -> None:
    files = small_course()
    files["grading_policy.json"] = files.pop("policies/2026/grading_policy.json")
    assert stage(files).course.grading_policy["GRADE_CUTOFFS"] == {"Pass": 0.6}


def test_without_a_grading_policy_the_default_of_open_edx_holds() -> None:
    files = with_files({"policies/2026/grading_policy.json": None})
    policy = stage(files).course.grading_policy
    assert [(grader["type"], grader["weight"]) for grader in policy["GRADER"]] == [
        ("Homework", 0.15),
        ("Lab", 0.15),
        ("Midterm Exam", 0.3),
        ("Final Exam", 0.4),
    ]
    assert policy["GRADE_CUTOFFS"] == {"Pass": 0.5}
    assert "grading.missing" in codes(files)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"),
        ('"2026-01-02T03:04:05Z"', "2026-01-02T03:04:05Z"),
        ("2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05Z"),
        ("2026-01-02", "2026-01-02T00:00:00Z"),
        ("null", ""),
        ("", ""),
    ],
)
def test_dates_come_out_in_one_form(text: str, expected: str) -> None:
    assert normalise("due", text) == expected


@pytest.mark.parametrize(
    ("attribute", "text"),
    [
        ("due", "soon"),
        ("start", "2026-13-01"),
        ("end", "0001-01-01T00:00:00+14:00"),
        ("graceperiod", "two days"),
        ("weight", "-1"),
        ("weight", "inf"),
        ("weight", "four"),
    ],
)
def test_values_that_cannot_be_read_are_refused(attribute: str, text: str) -> None:
    with pytest.raises(BadValue):
        normalise(attribute, text)


@settings(max_examples=200)
@given(st.text(max_size=40))
def test_a_date_that_was_read_reads_the_same_again(text: str) -> None:
    try:
        once = normalise("due", text)
    except BadValue:
        return
    assert normalise("due", once) == once


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"readme.txt": "no course"}, "course.missing"),
        ({"library.xml": "<library/>"}, "course.library"),
        ({"a/course.xml": "<course/>", "b/course.xml": "<course/>"}, "course.many"),
        ({"course.xml": '<course org="a" course="b"/>'}, "course.no_run"),
        ({"course.xml": '<course org="a b" course="c" url_name="d"/>'}, "course.key"),
        ({"course.xml": f'<course org="a" course="c" url_name="{"d" * 200}"/>'}, "course.long_key"),
        ({"course.xml": '<course org="a" course="c" url_name="d"/>'}, "course.unreadable"),
        ({"course.xml": "<html/>"}, "xml.root"),
        ({"course.xml": "<course"}, "xml.malformed"),
    ],
)
def test_what_is_no_course_is_refused(files: Files, code: str) -> None:
    with pytest.raises(Refused) as refused:
        stage(files, "")
    assert refused.value.code == code


def test_a_course_without_organisation_or_number_gets_them_and_says_so() -> None:
    files = with_files({"course.xml": '<course url_name="2026"/>'})
    staged = stage(files, "records")
    assert staged.course.key == "course-v1:edx+records+2026"
    assert {"course.no_org", "course.no_number"} <= {each.code for each in staged.report}
