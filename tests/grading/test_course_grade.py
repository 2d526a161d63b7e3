import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

POLICY = {
    "GRADER": [{"type": "Homework", "min_count": 3, "drop_count": 1, "weight": 1}],
    "GRADE_CUTOFFS": {"Pass": 0.5},
}
SCORES = {"sheet": {"Homework": [[7.5, 10], [0, 5]]}}


def run(folder: Path, policy: Any = POLICY, scores: Any = SCORES) -> Any:
    (folder / "policy.json").write_text(json.dumps(policy), encoding="utf-8")
    (folder / "scores.json").write_text(json.dumps(scores), encoding="utf-8")
    out = StringIO()
    files = {"policy": folder / "policy.json", "scores": folder / "scores.json"}
    call_command("course_grade", **files, stdout=out)
    return json.loads(out.getvalue())


def test_the_whole_breakdown_is_printed(tmp_path: Path) -> None:
    assert run(tmp_path) == {
        "percent_unrounded": 0.375,
        "percent": 0.38,
        "letter": None,
        "passed": False,
        "breakdown": [
            {"format": "Homework", "label": "Homework 01", "percent": 0.75, "dropped": False},
            {"format": "Homework", "label": "Homework 02", "percent": 0.0, "dropped": False},
            {"format": "Homework", "label": "Homework 03", "percent": 0.0, "dropped": True},
            {"format": "Homework", "label": "Homework Avg", "percent": 0.375, "dropped": False},
        ],
        "formats": {"Homework": 0.375},
    }


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ([], "sheet"),
        ({"sheet": {"Homework": 3}}, "sheet.Homework"),
        ({"sheet": {"Homework": [[1, 2], [1]]}}, r"sheet.Homework\[1\]"),
        ({"sheet": {"Homework": [[1, "2"]]}}, r"sheet.Homework\[0\]"),
        ({"sheet": {"Homework": [[float("nan"), 2]]}}, r"sheet.Homework\[0\]"),
    ],
)
def test_wrong_scores_are_named(tmp_path: Path, scores: Any, said: str) -> None:
    with pytest.raises(CommandError, match=said):
        run(tmp_path, scores=scores)


def test_a_wrong_policy_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"policy.json: GRADER\[0\].drop_count"):
        run(tmp_path, policy={"GRADER": [{"type": "Homework", "min_count": 1}]})


def test_files_that_are_missing_or_no_json_are_named(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    with pytest.raises(CommandError, match=r"none.json cannot be read"):
        call_command("course_grade", policy=tmp_path / "broken.json", scores=tmp_path / "none.json")
    with pytest.raises(CommandError, match=r"broken.json is not JSON"):
        call_command("course_grade", policy=tmp_path / "none.json", scores=tmp_path / "broken.json")
