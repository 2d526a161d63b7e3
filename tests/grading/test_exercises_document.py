"""What the page on exercises shows is graded as it says; the schemas are those of the graders."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.core.management import call_command

import grading.graders
from grading.data import InvalidExercise
from grading.graders import GRADERS
from tests.grading.marc_records import WORKED

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "exercises.md").read_text("utf-8")
EXAMPLE = re.compile(
    r"```json\n(?P<exercise>.*?)```\n\nThe answer\n\n```json\n(?P<answer>.*?)```\n\n"
    r"scores \*\*(?P<score>[\d.]+)\*\*",
    re.DOTALL,
)


def examples() -> list[tuple[str, Any, Any, float]]:
    found = []
    for section in DOCUMENT.split("\n## ")[1:]:
        name = section.partition("\n")[0]
        found += [
            (name, json.loads(e["exercise"]), json.loads(e["answer"]), float(e["score"]))
            for e in EXAMPLE.finditer(section)
        ]
    return found


def schema(name: str) -> jsonschema.Draft202012Validator:
    path = Path(grading.graders.__file__).parent / name / "schema.json"
    return jsonschema.Draft202012Validator(json.loads(path.read_text("utf-8")))


def test_every_grader_has_an_example() -> None:
    assert {name for name, *_ in examples()} == set(GRADERS)
    assert DOCUMENT.count("```json") == 2 * len(examples())


@pytest.mark.parametrize(("name", "exercise", "answer", "score"), examples())
def test_an_example_scores_what_the_page_says(
    name: str, exercise: Any, answer: Any, score: float
) -> None:
    assert 0 < score < 1
    assert GRADERS[name](exercise, answer).score == pytest.approx(score, abs=0.00005)
    schema(name).validate(exercise)


@pytest.mark.parametrize("name", GRADERS)
def test_the_schema_of_every_grader_is_printed(name: str) -> None:
    out = StringIO()

    call_command("graders", "--schema", name, stdout=out)

    assert json.loads(out.getvalue()) == schema(name).schema
    schema(name).check_schema(schema(name).schema)
    assert not schema(name).is_valid([])
    assert not schema(name).is_valid({})


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)]+)\)", DOCUMENT))
def test_every_link_of_the_page_leads_somewhere(link: str) -> None:
    assert (ROOT / "docs" / link).exists()


@pytest.mark.parametrize("case", WORKED.values(), ids=WORKED.keys())
def test_the_schema_of_records_takes_the_worked_examples(case: dict[str, Any]) -> None:
    schema("marc").validate(case["key"])
    schema("marc").validate({"keys": [case["key"]]})


@pytest.mark.parametrize(
    "exercise",
    [
        {"keys": []},
        {"fields": []},
        {"fields": [{"tag": "245"}]},
        {"fields": [{"tag": "245", "sub": [["a"]]}]},
        {"fields": [{"tag": "001", "value": "x"}], "settings": {"speed": 1}},
        {"fields": [{"tag": "001", "value": "x"}], "profile": "danmarc"},
    ],
)
def test_the_schema_of_records_refuses_what_the_grader_refuses(exercise: Any) -> None:
    assert not schema("marc").is_valid(exercise)
    with pytest.raises(InvalidExercise):
        GRADERS["marc"](exercise, [])
