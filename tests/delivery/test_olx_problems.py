"""What is reported of a course that is not as it should be, where, and what becomes of it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from delivery.importing import Problem, check_course, stage_course
from delivery.olx import OlxBlock
from delivery.olx.problems import KINDS, MAX_PROBLEMS
from tests.delivery.hostile_courses import XML_ATTACKS
from tests.delivery.olx_courses import Files, members, small_course, with_files


def check(files: Files) -> list[Problem]:
    return check_course(members(files))


def find(files: Files, code: str) -> Problem:
    found = [problem for problem in check(files) if problem.code == code]
    assert found, f"{code} is not among {[problem.code for problem in check(files)]}"
    return found[0]


def read(files: Files) -> dict[str, OlxBlock]:
    with stage_course(members(files)) as staged:
        return {f"{block.tag}/{block.name}": block for block in staged.course.blocks}


def unit(inside: str) -> Files:
    return with_files({"vertical/second.xml": f"<vertical>\n{inside}\n</vertical>"})


def test_a_sound_course_has_one_warning_for_its_foreign_block() -> None:
    assert [(each.code, str(each.severity), each.place) for each in check(small_course())] == [
        ("block.not_installed", "warning", "vertical/second.xml:2")
    ]


SEQ, SUM, ONE = "sequential/seq.xml", "problem/sum.xml", "chapter/one.xml"
POLICY = "policies/2026/policy.json"
GRADING = "policies/2026/grading_policy.json"
FOUND: list[tuple[str, str | bytes | None, str, str]] = [
    # file, its content (None: missing), problem, severity and place
    ("html/intro.html", None, "file.missing", "error html/intro.xml:1"),
    ("html/intro.xml", None, "file.missing", "error vertical/first.xml:2"),
    ("vertical/first.xml", "<vertical>\n<html>", "file.malformed", "error vertical/first.xml:2"),
    ("problem/sum.xml", "<html/>", "file.root", "error problem/sum.xml:1"),
    ("html/intro.html", b"ok\n\xff", "file.encoding", "error html/intro.html:2"),
    ("html/intro.html", b"a\n\nb\x00", "file.encoding", "error html/intro.html:3"),
    ("html/lost.xml", "<html/>", "file.unused", "note html/lost.xml"),
    ("drafts/vertical/d.xml", "<vertical/>", "file.draft", "note drafts/vertical/d.xml"),
    (POLICY, "{\n]", "policy.malformed", f"error {POLICY}:2"),
    (POLICY, "[]", "policy.malformed", f"error {POLICY}"),
    (POLICY, '{"course/2026": "\\u0000"}', "policy.malformed", f"error {POLICY}"),
    (POLICY, '{"course/2026": 1}', "policy.entry", f"warning {POLICY}"),
    (GRADING, "no", "grading.malformed", f"error {GRADING}:1"),
    (GRADING, "{}", "grading.no_grader", f"warning {GRADING}"),
    (GRADING, None, "grading.missing", "warning "),
    ("html/intro.html", '<a\nhref="/static/n.pdf">', "link.static", "warning html/intro.html:2"),
    ("about/overview.html", "/static/n.png", "link.static", "warning about/overview.html:1"),
    ("html/intro.html", "/jump_to_id/gone", "link.jump", "warning html/intro.html:1"),
    (SEQ, '<sequential due="soon"/>', "value.date", f"error {SEQ}:1"),
    (SEQ, '<sequential graceperiod="soon"/>', "value.duration", f"error {SEQ}:1"),
    (SEQ, '<sequential graded="true"/>', "grading.no_format", f"warning {SEQ}:1"),
    (SEQ, '<sequential graded="true" format="Quiz"/>', "grading.format", f"warning {SEQ}:1"),
    (SUM, '<problem weight="heavy"/>', "value.weight", f"error {SUM}:1"),
    (ONE, "<chapter>\n<vertical/></chapter>", "block.misplaced", f"warning {ONE}:2"),
    (ONE, "<chapter><sequential/></chapter>", "name.missing", f"warning {ONE}:1"),
    (ONE, '<chapter><sequential url_name="a b"/></chapter>', "name.characters", f"warning {ONE}:1"),
    (ONE, '<chapter url_name="x">\n<sequential url_name="seq" format="Exercises"/></chapter>',
     "pointer.attributes", f"warning {ONE}:2"),
    ("course/2026.xml", "<course/>", "course.empty", "warning course/2026.xml"),
    ("course/2026.xml", "<course><textbook/></course>", "course.textbook",
     "warning course/2026.xml:1"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "content", "code", "expected"), FOUND)
def test_each_problem_is_found_with_its_place(
    path: str, content: str | bytes | None, code: str, expected: str
) -> None:
    problem = find(with_files({path: content}), code)
    assert f"{problem.severity} {problem.place}" == expected
    assert "%(" not in problem.message + problem.effect


@pytest.mark.parametrize("path", ["vertical/first.xml", "problem/sum.xml", "html/intro.xml"])
@pytest.mark.parametrize("content", [None, "<oops", b"<problem>\xff</problem>"])
def test_a_broken_file_leaves_a_placeholder_and_the_rest(
    path: str, content: str | bytes | None
) -> None:
    found = read(with_files({path: content}))
    broken = found[path.removesuffix(".xml")]
    assert broken.source
    assert broken.fields == {}
    assert "nosuchblock/odd" in found


def test_a_container_loses_a_setting_it_cannot_read_but_not_what_is_in_it() -> None:
    files = with_files(
        {
            "chapter/one.xml": '<chapter display_name="One" days_early_for_beta="many" shelf="A">'
            '<sequential url_name="seq"/></chapter>'
        }
    )
    found = read(files)
    assert found["chapter/one"].fields == {
        "display_name": "One",
        "xml_attributes": {"shelf": "A"},
    }
    assert "vertical/first" in found
    assert find(files, "value.refused").params["attribute"] == "days_early_for_beta"


def test_a_block_that_its_class_cannot_read_keeps_its_source() -> None:
    files = unit('<drag-and-drop-v2 url_name="d" max_attempts="several" mode="standard"/>')
    block = read(files)["drag-and-drop-v2/d"]
    assert block.source == '<drag-and-drop-v2 max_attempts="several" mode="standard"/>'
    assert find(files, "block.failed").place == "vertical/second.xml:2"


def test_a_block_inside_itself_is_left_out() -> None:
    files = unit('<vertical url_name="second"/>')
    assert find(files, "block.cycle").place == "vertical/second.xml:2"
    assert [name for name in read(files) if name.startswith("vertical")] == [
        "vertical/first",
        "vertical/second",
    ]


def test_a_block_used_twice_stays_where_it_was_first() -> None:
    files = unit('<html url_name="intro"/>')
    problem = find(files, "block.twice")
    assert problem.params["first"] == "vertical/first.xml:2"
    assert [name for name in read(files) if name.startswith("html")] == ["html/intro"]


def test_pointers_that_double_at_each_step_do_not_multiply() -> None:
    files = small_course()
    files["vertical/second.xml"] = '<vertical><vertical url_name="d0"/></vertical>'
    for number in range(38):
        next_one = f'<vertical url_name="d{number + 1}"/>'
        files[f"vertical/d{number}.xml"] = f"<vertical>{next_one * 2}</vertical>"
    files["vertical/d38.xml"] = "<vertical/>"
    assert len(read(files)) < 60


def test_blocks_nested_too_deep_are_left_out() -> None:
    files = unit("<vertical>" * 50 + "</vertical>" * 50)
    assert find(files, "block.deep").params["limit"] == 40


def test_a_grader_that_cannot_be_computed_with_is_left_out_alone() -> None:
    policy = {
        "GRADER": [
            {"type": "Good", "min_count": 1, "drop_count": 0, "weight": 1},
            {"type": "Bad", "min_count": "many", "drop_count": 0, "weight": 1},
            "nonsense",
        ],
        "GRADE_CUTOFFS": {"Pass": 0.5, "A": "high"},
    }
    files = with_files({"policies/2026/grading_policy.json": json.dumps(policy)})
    with stage_course(members(files)) as staged:
        found = staged.course.grading_policy
    assert [grader["type"] for grader in found["GRADER"]] == ["Good"]
    assert found["GRADE_CUTOFFS"] == {"Pass": 0.5}
    assert find(files, "grading.grader").params["where"] == "GRADER[1].min_count"
    assert find(files, "grading.cutoff").params["where"] == "GRADE_CUTOFFS.A"


def test_weights_that_do_not_make_a_whole_are_reported() -> None:
    policy = {"GRADER": [{"type": "A", "min_count": 1, "drop_count": 0, "weight": 0.9}]}
    files = with_files({"policies/2026/grading_policy.json": json.dumps(policy)})
    assert find(files, "grading.weights").params["total"] == "0.9"


def test_what_is_merely_odd_in_a_policy_is_told_with_how_it_is_treated() -> None:
    entry = {"type": "HW", "min_count": "2", "drop_count": 0, "weight": 1, "colour": "red"}
    policy = {"GRADER": [{"type": "?"}, entry, entry], "GRADE_CUTOFFS": {"A": 1.5}}
    files = with_files({"policies/2026/grading_policy.json": json.dumps(policy)})
    with stage_course(members(files)) as staged:
        told = {
            problem.params["where"]: problem.params["reason"]
            for problem in staged.report
            if problem.code == "grading.odd"
        }
    assert told == {
        "GRADER[0].weight": "There is no weight; the format will count 0",
        "GRADER[1].colour": "This is not known and will be ignored",
        "GRADER[2].colour": "This is not known and will be ignored",
        "GRADER[2].type": "HW has an earlier entry; both will count",
        "GRADE_CUTOFFS.A": "1.5 lies outside 0 to 1 and is taken as it is",
    }


@pytest.mark.parametrize(
    "text",
    [
        '<img src="/static/cover.svg">',
        "![cover](/static/cover.svg)",
        '<a href="https://example.org/static/gone.png">elsewhere</a>',
        '<a href="/static/cover.svg?x=1#top">',
        '<a href="/jump_to_id/sum">',
        '<img src="/asset-v1:Demo+CAT1+2026+type@asset+block@cover.svg">',
        "See /static/cover.svg, please.",
    ],
)
def test_links_that_lead_somewhere_are_not_reported(text: str) -> None:
    codes = [problem.code for problem in check(with_files({"html/intro.html": text}))]
    assert not [code for code in codes if code.startswith("link.")]


def test_a_report_does_not_grow_without_end() -> None:
    links = "\n".join(f'<img src="/static/{number}.png">' for number in range(MAX_PROBLEMS + 500))
    problems = check(with_files({"html/intro.html": links}))
    assert len(problems) == MAX_PROBLEMS + 1
    assert problems[-1].code == "report.cut"


def test_every_problem_survives_being_stored() -> None:
    for code, kind in KINDS.items():
        problem = Problem(kind.severity, code, kind.message, kind.effect, {}, "a.xml", 3)
        assert Problem.from_json(json.loads(json.dumps(problem.as_json()))) == problem


@pytest.mark.parametrize("attack", XML_ATTACKS)
def test_hostile_xml_in_any_block_refuses_the_whole_course(attack: str) -> None:
    (problem,) = check(with_files({"vertical/second.xml": XML_ATTACKS[attack]}))
    assert str(problem.severity) == "error"
    assert problem.code.startswith("xml.")
    assert problem.file == "course/vertical/second.xml"
    assert "nothing is imported" in problem.effect


@settings(max_examples=60, deadline=None)
@given(
    path=st.sampled_from([*sorted(small_course()), "html/intro.xml"]),
    data=st.binary(max_size=80) | st.text(max_size=60).map(str.encode),
    start=st.integers(0, 60),
)
def test_any_damage_to_any_file_is_reported_and_never_raised(
    path: str, data: bytes, start: int
) -> None:
    files = small_course()
    whole = files[path]
    whole = whole.encode() if isinstance(whole, str) else whole
    files[path] = whole[:start] + data + whole[start + len(data) :]
    for problem in check(files):
        assert problem.message
