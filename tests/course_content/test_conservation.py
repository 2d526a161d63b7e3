"""The Conservation School: its exercises as the graders see them, its files, lessons, pictures."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from lxml import etree

from delivery.importing import check_course
from delivery.importing.members import read_path
from grading import engines, staff
from grading.graders import GRADERS, INSTANTIATE
from quarantine.html import sanitize
from quarantine.xml import parse_fragment
from tests.course_content.capa import grade_answers, responses, right_answer, wrong_answers
from tests.course_content.reading import (
    COURSES,
    POINTED,
    STATIC,
    Block,
    Course,
    exercise_of,
    named,
    read,
    select,
    text_of,
)

COURSE = Course(COURSES / "conservation")
GRADER_OF = {
    "condition_report": "regions",
    "decision_table": "decisions",
    "plan": "plan",
    "salvage": "salvage",
    "scenario": "scenario",
    "time_line": "intervals",
    "workbook": "workbook",
}
NOTHING: dict[str, dict[str, Any]] = {
    "regions": {"marks": []},
    "decisions": {"items": {}},
    "plan": {"order": []},
    "salvage": {"order": []},
    "scenario": {},
    "intervals": {"episodes": []},
    "workbook": {"cells": {}},
}
MODULES = ("condition", "environment", "testing", "treatment", "emergency", "housing")
EXERCISES = COURSE.of_type(*GRADER_OF)
TASKS = COURSE.of_type("staff_task")
PROBLEMS = COURSE.of_type("problem")
PAGES = COURSE.pages()
PICTURES = sorted(COURSE.folder.glob("static/*.svg"))
HTML = ("prompt", "source_text")
LESSON_WORDS = (300, 700)
VOID = re.compile(r"<(br|img|hr|col)\b([^>]*?)/?>")
SCHEMAS = Path(engines.__file__).parent / "graders"


def grader_of(block: Block) -> str:
    return GRADER_OF[block.tag]


def stem(path: Path) -> str:
    return path.stem


def graded(form: str) -> list[Block]:
    return [b for b in COURSE.of_type("sequential") if b.node.get("format") == form]


# ---- what is taught ----


def test_six_modules_lead_to_a_final_test_and_a_glossary() -> None:
    assert [b.name for b in COURSE.of_type("chapter")] == [*MODULES, "final", "glossary"]


def test_every_form_of_exercise_is_met_and_there_are_enough_that_count() -> None:
    counted = [
        block
        for sequential in COURSE.of_type("sequential")
        if sequential.node.get("graded")
        for block in COURSE.within(sequential)
        if block.tag in {*GRADER_OF, "staff_task"}
    ]
    kinds = Counter(block.tag for block in counted)
    assert set(kinds) == {*GRADER_OF, "staff_task"}
    assert kinds["staff_task"] == 4
    assert len(counted) >= 40


@pytest.mark.parametrize("module", MODULES)
def test_a_module_says_its_outcomes_then_practises_then_grades(module: str) -> None:
    (chapter,) = (b for b in COURSE.of_type("chapter") if b.name == module)
    within = [b for b in COURSE.within(chapter) if b.tag == "sequential"]
    forms = [b.node.get("format") for b in within]
    first_graded = next(n for n, form in enumerate(forms) if form)
    assert first_graded >= 2
    lessons = " ".join(
        COURSE.page_of(b).read_text(encoding="utf-8")
        for b in COURSE.within(chapter)
        if b.tag == "html"
    )
    assert "What you will be able to do in this module" in lessons
    assert forms.count("Exercises") >= 4


def test_every_drawn_page_is_used_once() -> None:
    used = [b.node.get("source_image", "") for b in COURSE.blocks if "page_" in str(b.node.attrib)]
    assert sorted(used) == [f"/static/page_{n:02}.svg" for n in range(1, 31)]


# ---- exercises ----


@pytest.mark.parametrize("block", EXERCISES, ids=named)
def test_an_exercise_is_one_that_its_grader_and_its_schema_accept(block: Block) -> None:
    exercise = exercise_of(block)
    engines.check(grader_of(block), exercise)
    schema = json.loads((SCHEMAS / grader_of(block) / "schema.json").read_text(encoding="utf-8"))
    assert [e.message for e in Draft202012Validator(schema).iter_errors(exercise)] == []


@pytest.mark.parametrize("block", EXERCISES, ids=named)
def test_the_model_answer_scores_one_and_an_empty_one_nothing(block: Block) -> None:
    name = grader_of(block)
    for seed in ("tena", "ivo"):
        exercise = exercise_of(block)
        if name in INSTANTIATE:
            exercise = dict(INSTANTIATE[name](exercise, seed))
        grade = GRADERS[name]
        assert grade(exercise, engines.model_answer(name, exercise)).score == pytest.approx(1)
        assert grade(exercise, NOTHING[name]).score == 0


@pytest.mark.parametrize("block", TASKS, ids=named)
def test_a_task_for_people_has_a_rubric_without_a_fault(block: Block) -> None:
    exercise = exercise_of(block)
    assert list(staff.find_rubric_faults(exercise)) == []
    points = sum(criterion["points"] for criterion in exercise["criteria"])
    assert points == int(block.node.get("points", ""))


def test_the_condition_statement_has_five_rows_and_the_monthly_report_six() -> None:
    rows = {b.name: len(exercise_of(b)["criteria"]) for b in TASKS}
    assert rows["condition_statement"] == rows["incident_report"] == 5
    assert rows["monthly_report"] == rows["logger_report"] == 6


@pytest.mark.parametrize("block", COURSE.of_type("condition_report"), ids=named)
def test_a_condition_exercise_has_the_truth_of_its_page(block: Block) -> None:
    name = Path(block.node.get("source_image", "")).stem
    truth = json.loads((COURSE.folder / "pages" / f"{name}.json").read_text(encoding="utf-8"))
    exercise = exercise_of(block)
    for part in ("regions", "decoys", "families", "classes", "settings"):
        assert exercise[part] == truth["exercise"][part]


@pytest.mark.parametrize("block", COURSE.of_type("plan"), ids=named)
def test_a_plan_says_why_a_step_is_wrong(block: Block) -> None:
    exercise = exercise_of(block)
    wrong = [s for s in exercise["steps"] if s["kind"] in ("forbidden", "needless")]
    assert wrong
    assert all(step["reason"] for step in wrong)
    assert all(rule["message"] for rule in exercise["rules"])


@pytest.mark.parametrize("block", COURSE.of_type("plan"), ids=named)
def test_a_forbidden_step_limits_what_a_perfect_plan_earns(block: Block) -> None:
    exercise = exercise_of(block)
    order = engines.model_answer("plan", exercise)["order"]
    for step in exercise["steps"]:
        if step["kind"] == "forbidden":
            assert GRADERS["plan"](exercise, {"order": [*order, step["id"]]}).score <= 0.4


@pytest.mark.parametrize("block", COURSE.of_type("workbook"), ids=named)
def test_a_sheet_names_the_slips_that_people_make(block: Block) -> None:
    assert any(cell.get("mistakes") for cell in exercise_of(block)["cells"])


@pytest.mark.parametrize("block", PROBLEMS, ids=named)
def test_a_problem_is_graded_as_its_author_meant(block: Block) -> None:
    (response,) = responses(block)
    assert text_of(select(block.node, ".//solution")[0]).strip()
    assert grade_answers(block, [right_answer(response)])[0][0] == "correct"
    for wrong in wrong_answers(response) if response.tag != "numericalresponse" else ["-1"]:
        assert grade_answers(block, [wrong])[0][0] == "incorrect"


# ---- files and policy ----


def test_the_importer_finds_no_fault() -> None:
    found = [p for p in check_course(read_path(COURSE.folder)) if p.code != "block.not_installed"]
    # The truth of the drawn pages lies beside the course and must not be served with it.
    assert {(p.code, p.file.split("/")[0]) for p in found} <= {("file.unused", "pages")}


def test_every_file_is_reached_from_the_course_and_exists() -> None:
    reached = {block.path for block in COURSE.blocks}
    reached |= {COURSE.page_of(block) for block in COURSE.of_type("html")}
    assert {p for folder in POINTED for p in (COURSE.folder / folder).iterdir()} == reached


def test_url_names_are_plain_and_no_two_blocks_of_a_type_share_one() -> None:
    names = [(block.tag, block.name) for block in COURSE.blocks]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for _, name in names[1:])


def test_every_static_file_is_used_and_every_one_used_exists() -> None:
    sources = [*PAGES, *(COURSE.folder / "vertical").iterdir()]
    used = {name for path in sources for name in STATIC.findall(path.read_text(encoding="utf-8"))}
    used.add(COURSE.policy("policy.json")["course/2026"]["course_image"])
    assert used == {path.name for path in (COURSE.folder / "static").iterdir()}


def test_the_policy_counts_the_subsections_that_there_are() -> None:
    parts = COURSE.policy("grading_policy.json")["GRADER"]
    assert sum(part["weight"] for part in parts) == pytest.approx(1)
    for part in parts:
        assert part["min_count"] == len(graded(part["type"]))
    forms = {b.node.get("format") for b in COURSE.of_type("sequential") if b.node.get("graded")}
    assert forms == {part["type"] for part in parts}


@pytest.mark.parametrize("page", ["html/welcome.html", "about/overview.html"])
def test_the_grade_that_a_page_promises_is_that_of_the_policy(page: str) -> None:
    policy = COURSE.policy("grading_policy.json")
    shares = [part["weight"] for part in policy["GRADER"]] + list(policy["GRADE_CUTOFFS"].values())
    told = (COURSE.folder / page).read_text(encoding="utf-8")
    promised = [int(number) for number in re.findall(r"(\d+) %", told)]
    assert set(promised) == {round(share * 100) for share in shares}


def test_the_course_element_says_what_the_policy_says() -> None:
    settings = COURSE.policy("policy.json")["course/2026"]
    course = COURSE.blocks[0].node
    for name in ("start", "language", "display_name", "course_image"):
        assert course.get(name) == settings[name]
    for name in ("advanced_modules", "learning_info"):
        assert json.loads(course.get(name, "")) == settings[name]
    assert settings["advanced_modules"] == sorted([*GRADER_OF, "staff_task"])


# ---- words and pictures ----


@pytest.mark.parametrize("block", COURSE.of_type("html"), ids=named)
def test_a_lesson_has_the_length_that_one_reads_in_a_sitting(block: Block) -> None:
    words = len(COURSE.words_of(block).split())
    if block.name.endswith("_lesson") and block.name != "final_lesson":
        least, most = LESSON_WORDS
        assert least <= words <= most


@pytest.mark.parametrize("block", [*EXERCISES, *TASKS], ids=named)
def test_a_task_is_short_and_its_picture_is_described(block: Block) -> None:
    assert 10 <= len(re.sub("<[^>]*>", " ", block.node.get("prompt", "")).split()) <= 120
    if block.node.get("source_image"):
        assert len(block.node.get("source_image_alt", "").split()) >= 15


@pytest.mark.parametrize("block", [*COURSE.of_type("html"), *EXERCISES, *TASKS], ids=named)
def test_sanitising_takes_nothing_from_what_the_author_wrote(block: Block) -> None:
    for markup in written(block):
        source = parse_fragment(markup.encode())
        clean = parse_fragment(VOID.sub(r"<\1\2/>", str(sanitize(markup))).encode())
        assert [e.tag for e in clean.iter()] == [e.tag for e in source.iter()]
        assert text_of(clean).split() == text_of(source).split()


def written(block: Block) -> list[str]:
    if block.tag == "html":
        return [COURSE.page_of(block).read_text(encoding="utf-8")]
    details = re.findall(
        r'"(?:detail|result)": ("(?:[^"\\]|\\.)*")', block.node.get("exercise", "")
    )
    return [block.node.get(name, "") for name in HTML] + [json.loads(text) for text in details]


@pytest.mark.parametrize("path", PAGES, ids=stem)
def test_every_picture_in_a_page_says_in_words_what_it_shows(path: Path) -> None:
    for image in parse_fragment(path.read_bytes()).iter("img"):
        assert len(image.get("alt", "").split()) >= 15
        assert (COURSE.folder / image.get("src", "").lstrip("/")).is_file()


@pytest.mark.parametrize("path", PICTURES, ids=stem)
def test_a_picture_carries_nothing_foreign(path: Path) -> None:
    elements = list(read(path).iter())
    if not path.stem.startswith("page_"):  # what a drawn page shows is for the trainee to find
        assert {"title", "desc"} <= {etree.QName(e.tag).localname for e in elements}
    for element in elements:
        names = {etree.QName(name).localname for name in element.attrib}
        assert not {"style", "class", "onload"} & names
        assert all(
            str(value).startswith("#")
            for name, value in element.attrib.items()
            if str(name).endswith("href")
        )


def test_nobody_is_shouted_at() -> None:
    for block in COURSE.blocks:
        texts = [t for e in COURSE.markup_of(block) for t in e.itertext()]
        texts += [str(v) for v in block.node.attrib.values()]
        assert "!" not in " ".join(map(str, texts)), block.name
