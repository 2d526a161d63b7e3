from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from grading.graders import GRADERS
from tests.grading.drills import AREA_1
from tests.grading.marc_records import WORKED


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def write(name: str, content: Any) -> Path:
        path = tmp_path / name
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def run(*args: Any) -> str:
    out = StringIO()
    call_command(*(str(arg) for arg in args), stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("case", WORKED.values(), ids=WORKED.keys())
def test_a_worked_example_is_graded_from_files(case: dict[str, Any], write: Any) -> None:
    exercise = write("exercise.json", {"keys": [case["key"]]})
    answer = write("answer.json", case["answer"])

    printed = json.loads(
        run("grade", "marc", "--exercise", exercise, "--answer", answer, "--format", "json")
    )

    assert printed["score"] == pytest.approx(case["expected"]["score"], abs=0.0005)
    assert printed["possible"] == pytest.approx(case["expected"]["total"])
    assert sum(line["points"] for line in printed["lines"]) == pytest.approx(printed["points"])
    assert sum(line["max"] for line in printed["lines"]) == pytest.approx(printed["possible"])
    assert set(printed) == {"score", "points", "possible", "lines"}
    assert set(printed["lines"][0]) == {"code", "points", "max", "message", "where"}


def test_one_key_is_an_exercise_and_the_best_of_several_counts(write: Any) -> None:
    right, other = WORKED["W1"]["key"], WORKED["W2"]["key"]
    answer = write("answer.json", WORKED["W1"]["answer"])
    scores = [
        json.loads(
            run("grade", "marc", "--exercise", path, "--answer", answer, "--format", "json")
        )["score"]
        for path in (
            write("one.json", right),
            write("several.json", {"keys": [other, right]}),
        )
    ]

    assert scores == [pytest.approx(0.8846, abs=0.0005)] * 2


def test_the_text_says_score_place_and_reason(write: Any) -> None:
    case = WORKED["W1"]

    printed = run(
        "grade",
        "marc",
        "--exercise",
        write("exercise.json", case["key"]),
        "--answer",
        write("answer.json", case["answer"]),
    )

    assert printed.startswith("88.46%: 8.846 of 10 points")
    assert "245[0]$b[0]" in printed
    assert "the rule says that a mark of punctuation ends this; it is missing" in printed


def test_a_drill_is_graded_from_files_that_name_parts_by_their_text(write: Any) -> None:
    exercise = write("exercise.json", {"items": [AREA_1]})
    order = [element["text"] for element in AREA_1["elements"]]
    marks = {"ep u šest libara": ":", "Marko Marulić": " / "}
    answer = write("answer.json", {"items": {"m1e1": {"order": order, "marks": marks}}})

    printed = json.loads(
        run("grade", "drill", "--exercise", exercise, "--answer", answer, "--format", "json")
    )

    assert (printed["points"], printed["possible"]) == (4.5, 6.0)
    assert [line["code"] for line in printed["lines"]] == [
        "order.order.right",
        "order.mark.spacing",
        "order.mark.right",
        "order.mark.missing",
    ]
    wrong = write("answer.json", {"items": {"m1e1": {"order": 1}}})
    with pytest.raises(
        CommandError, match=r"answer\.json: items\.m1e1\.order: A list is expected here"
    ):
        run("grade", "drill", "--exercise", exercise, "--answer", wrong)


def test_graders_are_listed_with_what_they_grade() -> None:
    rows = json.loads(run("graders", "--format", "json"))

    assert [row["name"] for row in rows] == list(GRADERS)
    assert all(row["description"].endswith(".") for row in rows)
    assert run("graders").splitlines()[0].split()[:4] == ["marc", "Grade", "a", "catalogue"]


@pytest.mark.parametrize(
    ("exercise", "answer", "reason"),
    [
        ({"keys": []}, [], "exercise.json: keys: From one to 6 keys are expected."),
        ({"keys": [{"fields": [{"tag": "24"}]}]}, [], "exercise.json: keys[0].fields[0].tag: "),
        (WORKED["W1"]["key"], [["245", "1", "a"]], "answer.json: fields[0][2]: Subfields are a"),
        (WORKED["W1"]["key"], {"245": "x"}, "answer.json: A record is a list of fields."),
        ("{", [], "exercise.json: line 1: The JSON is malformed"),
        (WORKED["W1"]["key"], "[NaN]", "answer.json: The JSON has a number"),
    ],
)
def test_bad_input_is_refused_with_file_and_place(
    exercise: Any, answer: Any, reason: str, write: Any, tmp_path: Path
) -> None:
    files = write("exercise.json", exercise), write("answer.json", answer)

    with pytest.raises(CommandError) as refusal:
        run("grade", "marc", "--exercise", files[0], "--answer", files[1])

    assert str(refusal.value).removeprefix(f"{tmp_path}/").startswith(reason)
    assert refusal.value.returncode == 1


def test_an_unknown_grader_and_a_missing_file_are_named(write: Any, tmp_path: Path) -> None:
    answer = write("answer.json", [])
    missing = tmp_path / "missing.json"

    with pytest.raises(CommandError, match="No grader is called paper; there are marc, drill"):
        run("grade", "paper", "--exercise", answer, "--answer", answer)
    with pytest.raises(CommandError, match=r"missing\.json cannot be read: No such file"):
        run("grade", "marc", "--exercise", missing, "--answer", answer)
