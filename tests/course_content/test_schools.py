"""The schools of conservation and management: files, policy, lessons, exercises and problems."""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest
from lxml import etree

from delivery.importing import check_course
from delivery.importing.members import read_path
from grading import engines
from grading.graders import workbook
from grading.staff import read_rubric
from quarantine.html import sanitize
from quarantine.xml import parse_fragment
from tests.course_content.capa import grade_answers, responses, right_answer, wrong_answers
from tests.course_content.reading import (
    COURSES,
    GRADERS,
    POINTED,
    STATIC,
    Block,
    Course,
    exercise_of,
    read,
    select,
    text_of,
)
from xblocks.fields import JsonDict

ROOT = Path(__file__).parents[2]
VOID = re.compile(r"<(br|img|hr|col)\b([^>]*?)/?>")
DRAWN = {"svg", "title", "desc", "g", "path", "rect", "circle", "ellipse", "text", "tspan"}
SEEDS = ("", "a", "b", "c")


class School(NamedTuple):
    """A school's course and what it promises to hold; ``invented`` is what does not exist."""

    name: str
    number: str
    title: str
    modules: int
    exercises: int
    types: frozenset[str]
    invented: tuple[str, ...]

    def __str__(self) -> str:
        return self.name


SCHOOLS = (
    School(
        name="management",
        number="MAN101",
        title="Library-Management School",
        modules=6,
        exercises=32,
        types=frozenset({"budget", "decision_table", "plan", "rota", "scenario", "workbook"}),
        invented=("Novi Primer", "Stari Primer", "Malo Pero", "Gornji Primer"),
    ),
)
READ = {school.name: Course(COURSES / school.name) for school in SCHOOLS}
EXERCISES = [(school, block) for school in SCHOOLS for block in READ[school.name].of_type(*GRADERS)]
PROBLEMS = [(school, block) for school in SCHOOLS for block in READ[school.name].of_type("problem")]


def course_of(school: School) -> Course:
    return READ[school.name]


def grade(block: Block, exercise: dict[str, Any], answer: Any) -> Any:
    return import_module(f"grading.graders.{GRADERS[block.tag]}").grade(exercise, answer)


def named(value: School | Block) -> str:
    return value.name


every_school = pytest.mark.parametrize("school", SCHOOLS, ids=str)
every_exercise = pytest.mark.parametrize(("school", "block"), EXERCISES, ids=named)
every_problem = pytest.mark.parametrize(("school", "block"), PROBLEMS, ids=named)


# ---- files and policy ----


@every_school
def test_the_importer_has_nothing_to_say_about_the_course(school: School) -> None:
    problems = check_course(read_path(course_of(school).folder))
    missing = re.compile(rf"The block type ({'|'.join(GRADERS)}) is not installed\.")
    assert [p.message for p in problems if not missing.fullmatch(p.message)] == []


@every_school
def test_every_file_is_reached_from_the_course_and_exists(school: School) -> None:
    course = course_of(school)
    reached = {block.path for block in course.blocks}
    reached |= {course.page_of(block) for block in course.of_type("html")}
    assert {p for folder in POINTED for p in (course.folder / folder).iterdir()} == reached
    names = [block.name for block in course.blocks]
    assert sorted(names) == sorted(set(names))


@every_school
def test_the_course_holds_as_much_as_it_promises(school: School) -> None:
    course = course_of(school)
    taught = [
        chapter
        for chapter in course.of_type("chapter")
        if {"html", *school.types} & {block.tag for block in course.within(chapter)} > {"html"}
    ]
    assert len(taught) >= school.modules
    exercises = course.of_type(*GRADERS)
    assert len(exercises) >= school.exercises
    assert {block.tag for block in exercises} >= school.types
    assert course.of_type("staff_task")
    assert len(course.of_type("problem")) >= 12


@every_school
def test_the_course_element_says_what_the_policy_says(school: School) -> None:
    course = course_of(school)
    assert dict(course.pointer.items()) == {
        "org": "LibrarySchool",
        "course": school.number,
        "url_name": "2026",
    }
    settings = course.policy("policy.json")["course/2026"]
    assert settings["display_name"] == school.title
    for name in ("start", "language", "display_name", "course_image"):
        assert course.blocks[0].node.get(name) == settings[name]
    used = {block.tag for block in course.of_type(*GRADERS, "staff_task")}
    assert used <= set(settings["advanced_modules"])


@every_school
def test_every_part_of_the_policy_counts_as_many_subsections_as_there_are(school: School) -> None:
    course = course_of(school)
    graded = []
    for block in course.of_type("sequential"):
        assert (block.node.get("format") is None) == (block.node.get("graded") is None)
        if block.node.get("graded"):
            graded.append(block.node.get("format"))
    parts = course.policy("grading_policy.json")["GRADER"]
    assert {part["type"]: part["min_count"] for part in parts} == {
        name: graded.count(name) for name in graded
    }
    assert all(part["drop_count"] < part["min_count"] for part in parts)
    assert sum(part["weight"] for part in parts) == pytest.approx(1, abs=1e-12)


@every_school
def test_the_grade_that_the_pages_promise_is_that_of_the_policy(school: School) -> None:
    course = course_of(school)
    policy = course.policy("grading_policy.json")
    shares = [part["weight"] for part in policy["GRADER"]] + list(policy["GRADE_CUTOFFS"].values())
    for page in ("html/welcome.html", "about/overview.html"):
        promised = re.findall(r"(\d+) %", (course.folder / page).read_text(encoding="utf-8"))
        assert sorted(map(int, promised)) == sorted(round(share * 100) for share in shares)


@every_school
def test_the_about_page_says_what_is_learnt(school: School) -> None:
    course = course_of(school)
    about = (course.folder / "about/overview.html").read_text(encoding="utf-8")
    for outcome in course.policy("policy.json")["course/2026"]["learning_info"]:
        assert outcome in about


# ---- lessons and pictures ----


@every_school
def test_sanitising_takes_nothing_from_what_the_author_wrote(school: School) -> None:
    course = course_of(school)
    for block in course.of_type("html", "staff_task", *GRADERS):
        for source in course.markup_of(block):
            inner = (source.text or "") + "".join(
                etree.tostring(e, encoding="unicode") for e in source
            )
            clean = parse_fragment(VOID.sub(r"<\1\2/>", str(sanitize(inner))).encode())
            assert [e.tag for e in clean.iter()] == [e.tag for e in source.iter()], block.name
            assert text_of(clean).split() == text_of(source).split(), block.name


@every_school
def test_every_picture_exists_is_used_and_is_said_in_words(school: School) -> None:
    course = course_of(school)
    used = {course.policy("policy.json")["course/2026"]["course_image"]}
    for path in course.pages():
        for image in parse_fragment(path.read_bytes()).iter("img"):
            assert len(image.get("alt", "").split()) >= 15, path.name
            used |= set(STATIC.findall(image.get("src", "")))
    for block in course.of_type(*GRADERS, "staff_task"):
        shown = STATIC.findall(block.node.get("source_image", ""))
        if shown:
            assert len(block.node.get("source_image_alt", "").split()) >= 15, block.name
            used |= set(shown)
    assert used <= {path.name for path in (course.folder / "static").iterdir()}


@every_school
def test_a_picture_is_drawn_with_text_and_carries_nothing_foreign(school: School) -> None:
    used = course_of(school).folder.glob("static/*.svg")
    for path in used:
        elements = list(read(path).iter())
        tags = {etree.QName(element.tag).localname for element in elements}
        assert {"title", "desc"} <= tags <= DRAWN, path.name
        for element in elements:
            attributes = {etree.QName(name).localname for name in element.attrib}
            assert not {"href", "style", "class"} & attributes, path.name


@every_school
def test_a_unit_that_names_what_is_invented_says_so(school: School) -> None:
    course = course_of(school)
    for block in course.of_type("vertical"):
        words = " ".join(course.words_of(child) for child in course.within(block)[1:])
        if any(name in words for name in school.invented):
            assert re.search(r"\binvented\b", words), f"{block.name} presents it as real"


@every_school
def test_nobody_is_shouted_at(school: School) -> None:
    course = course_of(school)
    for block in course.of_type("html", "problem", "staff_task", *GRADERS):
        assert "!" not in course.words_of(block), block.name


# ---- exercises ----


@every_exercise
def test_the_model_answer_earns_everything_and_an_empty_one_nothing(
    school: School, block: Block
) -> None:
    exercise = exercise_of(block)
    assert JsonDict().from_string(block.node.get("exercise", "")) == exercise
    grader = GRADERS[block.tag]
    schema = json.loads((ROOT / f"grading/graders/{grader}/schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(exercise)
    engines.check(grader, exercise)
    for seed in SEEDS if grader == "workbook" else SEEDS[:1]:
        own = workbook.instantiate(exercise, seed) if grader == "workbook" else exercise
        model = engines.model_answer(grader, own)
        assert grade(block, own, model).score == pytest.approx(1, abs=1e-9)
        assert grade(block, own, {}).score == 0


def blocks_of(grader: str) -> pytest.MarkDecorator:
    found = [(school, block) for school, block in EXERCISES if GRADERS[block.tag] == grader]
    return pytest.mark.parametrize(("school", "block"), found, ids=named)


@blocks_of("workbook")
def test_every_foreseen_slip_is_named_and_earns_less(school: School, block: Block) -> None:
    exercise = exercise_of(block)
    model = engines.model_answer("workbook", exercise)["cells"]
    for cell in exercise["cells"]:
        for mistake in cell.get("mistakes", ()):
            slipped = slip_value(exercise, cell["id"], mistake["formula"])
            answer = {"cells": {**model, cell["id"]: {**model[cell["id"]], "value": slipped}}}
            lines = workbook.grade(exercise, answer).lines
            (line,) = (one for one in lines if one.where == f"cells.{cell['id']}.value")
            assert line.code == "workbook.value.slip", mistake
            assert line.params["message"] == mistake["message"]


def slip_value(exercise: dict[str, Any], before: str, formula: str) -> float:
    """Return what a formula gives in a sheet, by letting a cell of its own hold it."""
    cells = []
    for cell in exercise["cells"]:
        cells.append(cell)
        if cell["id"] == before:
            break
    probe = {**exercise, "cells": [*cells, {"id": "probe", "formula": formula}]}
    return float(engines.model_answer("workbook", probe)["cells"]["probe"]["value"])


@blocks_of("decisions")
def test_what_is_said_of_a_wrong_choice_speaks_of_one_there_is(
    school: School, block: Block
) -> None:
    exercise = exercise_of(block)
    items = {item["id"] for item in exercise["items"]}
    choices = {choice["id"] for choice in exercise["choices"]}
    for rule in exercise.get("rules", ()):
        assert not isinstance(rule.get("item"), str) or rule["item"] in items, rule
        assert not isinstance(rule.get("choice"), str) or rule["choice"] in choices, rule


@blocks_of("plan")
def test_every_step_that_should_not_be_taken_says_why(school: School, block: Block) -> None:
    for step in exercise_of(block)["steps"]:
        if step["kind"] in ("needless", "forbidden"):
            assert step["reason"].strip(), step["id"]


@blocks_of("scenario")
def test_every_part_of_a_case_can_be_reached_and_every_choice_has_an_echo(
    school: School, block: Block
) -> None:
    exercise = exercise_of(block)
    found = engines.inspect(exercise)
    assert (found["unreachable"], found["impossible"], found["stuck"]) == ([], [], [])
    for node in exercise.get("nodes", ()):
        for choice in node.get("choices", ()):
            assert choice.get("note") or choice.get("critical"), choice["id"]


@every_school
def test_what_people_grade_has_a_rubric_that_can_be_read(school: School) -> None:
    for block in course_of(school).of_type("staff_task"):
        exercise = exercise_of(block)
        assert read_rubric(exercise).criteria
        assert all(criterion["levels"] for criterion in exercise["criteria"])


# ---- problems ----


@every_problem
def test_a_problem_is_graded_right_wrong_and_explains_itself(school: School, block: Block) -> None:
    marked = grade_answers(block, [right_answer(response) for response in responses(block)])
    assert {correctness for correctness, _ in marked} == {"correct"}
    wrong = [wrong_answers(response) for response in responses(block)]
    for n in range(max(map(len, wrong))):
        marked = grade_answers(block, [answers[n % len(answers)] for answers in wrong])
        assert {correctness for correctness, _ in marked} == {"incorrect"}, n
    assert text_of(select(block.node, ".//solution")[0]).strip()
