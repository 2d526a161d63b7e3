"""Every response type of `problem` that needs no code and no outside grader, over HTTP."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from xblocks_contrib.problem.capa import capa_problem, responsetypes

from delivery.runtime.registry import load_block_class
from delivery.runtime.shims import hosted_class
from tests.delivery.factories import block, scored
from tests.delivery.visits import Learner, problem_html, visit

pytestmark = pytest.mark.django_db


@dataclass
class Exercise:
    """A problem, what its page shows, and answers by the last part of their inputs' names."""

    xml: str
    shows: str
    right: dict[str, Any]
    wrong: dict[str, Any]
    points: float = 1.0
    wrong_points: float = 0.0


EXERCISES = {
    "multiplechoice": Exercise(
        "<multiplechoiceresponse><choicegroup>"
        '<choice correct="true">Z 699</choice><choice correct="false">QA 76</choice>'
        "</choicegroup></multiplechoiceresponse>",
        'type="radio"',
        {"2_1": "choice_0"},
        {"2_1": "choice_1"},
    ),
    "choice": Exercise(
        "<choiceresponse><checkboxgroup>"
        '<choice correct="true">title</choice><choice correct="true">author</choice>'
        '<choice correct="false">price</choice></checkboxgroup></choiceresponse>',
        'type="checkbox"',
        {"2_1[]": ["choice_0", "choice_1"]},
        {"2_1[]": ["choice_2"]},
    ),
    "truefalse": Exercise(
        "<truefalseresponse><choicegroup>"
        '<choice correct="true" name="a">A tag has three digits</choice>'
        '<choice correct="false" name="b">A tag has four digits</choice>'
        "</choicegroup></truefalseresponse>",
        "A tag has three digits",
        {"2_1[]": ["choice_a"]},
        {"2_1[]": ["choice_b"]},
    ),
    "option": Exercise(
        "<optionresponse><optioninput options=\"('245','100')\" correct=\"245\"/></optionresponse>",
        "<option",
        {"2_1": "245"},
        {"2_1": "100"},
    ),
    "string": Exercise(
        '<stringresponse answer="Judita" type="ci"><label>Title?</label><textline/>'
        "</stringresponse>",
        "Title?",
        {"2_1": "judita"},
        {"2_1": "Robinja"},
    ),
    "numerical": Exercise(
        '<numericalresponse answer="13"><responseparam type="tolerance" default="0.5"/>'
        "<label>Digits of an ISBN?</label><textline/></numericalresponse>",
        "Digits of an ISBN?",
        {"2_1": "13.4"},
        {"2_1": "10"},
    ),
    "formula": Exercise(
        '<formularesponse type="cs" samples="x,y@1,1:5,5#10" answer="x*y">'
        '<responseparam type="tolerance" default="0.001"/>'
        '<formulaequationinput size="20"/></formularesponse>',
        "formulaequationinput",
        {"2_1": "y*x"},
        {"2_1": "x+y"},
    ),
    "image": Exercise(
        '<imageresponse><imageinput src="/static/shelf.png" width="200" height="100"'
        ' rectangle="(10,10)-(50,50)"/></imageresponse>',
        "/files/shelf.png",
        {"2_1": "[20,20]"},
        {"2_1": "[150,90]"},
    ),
    "annotation": Exercise(
        "<annotationresponse><annotationinput><title>Note</title><text>the text</text>"
        "<comment>Why?</comment><comment_prompt>Say:</comment_prompt>"
        "<tag_prompt>Which?</tag_prompt><options>"
        '<option choice="correct">origin</option><option choice="incorrect">owner</option>'
        '<option choice="partially-correct">place</option>'
        "</options></annotationinput></annotationresponse>",
        "Which?",
        {"2_1": json.dumps({"options": [0], "comment": "it is"})},
        {"2_1": json.dumps({"options": [1], "comment": "it is"})},
        points=2.0,
    ),
    "choicetext": Exercise(
        "<choicetextresponse><radiotextgroup>"
        '<choice correct="true">pages: <numtolerance_input answer="5" tolerance="0.5"/></choice>'
        '<choice correct="false">none</choice></radiotextgroup></choicetextresponse>',
        "pages:",
        {
            "2_1{}": json.dumps(
                {"2_1_choiceinput_0bc": "x", "2_1_choiceinput_0_numtolerance_input_0": "5"}
            )
        },
        {
            "2_1{}": json.dumps(
                {"2_1_choiceinput_0bc": "x", "2_1_choiceinput_0_numtolerance_input_0": "9"}
            )
        },
    ),
    "several": Exercise(
        '<stringresponse answer="100"><label>Author?</label><textline/></stringresponse>'
        '<numericalresponse answer="245"><label>Title?</label><textline/></numericalresponse>',
        "Author?",
        {"2_1": "100", "3_1": "245"},
        {"2_1": "100", "3_1": "300"},
        points=2.0,
        wrong_points=1.0,
    ),
}


def answer_of(learner: Learner, answers: dict[str, Any]) -> dict[str, Any]:
    """Answers under the names of the page's inputs."""
    usage = learner.made.usage("problem", "p")
    prefix = usage.rpartition("@")[2]
    full = {}
    for name, value in answers.items():
        if isinstance(value, str):
            value = re.sub(r"\b(\d_1_choiceinput)", rf"{prefix}_\1", value)
        full[f"input_{prefix}_{name}"] = value
    return full


def submit(learner: Learner, answers: dict[str, Any]) -> dict[str, Any]:
    response = learner.client.post(
        learner.handler_url("problem", "p", "xmodule_handler", "problem_check"),
        answer_of(learner, answers),
    )
    assert response.status_code == 200, response.content
    return dict(json.loads(response.content))


def learner_with(exercise: Exercise, **fields: Any) -> Learner:
    data = f"<problem>{exercise.xml}</problem>"
    return visit(
        scored(block("problem", "p", data=data, display_name="Task", **fields), exercise.points)
    )


@pytest.mark.parametrize("kind", EXERCISES)
def test_a_problem_shows_its_question_and_no_key(kind: str) -> None:
    exercise = EXERCISES[kind]
    learner = learner_with(exercise)
    frame = learner.frame("problem", "p")
    assert "X-Block-Failed" not in frame.headers
    assert exercise.shows in problem_html(frame)
    assert 'correct="true"' not in problem_html(frame)


@pytest.mark.parametrize("kind", EXERCISES)
def test_a_right_answer_earns_all_points_and_completes(kind: str) -> None:
    exercise = EXERCISES[kind]
    learner = learner_with(exercise)
    assert submit(learner, exercise.right)["success"] == "correct"
    state = learner.state("problem", "p")
    assert (state.earned, state.possible) == (exercise.points, exercise.points)
    assert state.state["attempts"] == 1
    assert learner.completion("problem", "p") == 1.0


@pytest.mark.parametrize("kind", EXERCISES)
def test_a_wrong_answer_earns_what_it_deserves(kind: str) -> None:
    exercise = EXERCISES[kind]
    learner = learner_with(exercise)
    assert submit(learner, exercise.wrong)["success"] == "incorrect"
    state = learner.state("problem", "p")
    assert (state.earned, state.possible) == (exercise.wrong_points, exercise.points)


def test_what_was_answered_is_there_on_the_next_visit() -> None:
    learner = learner_with(EXERCISES["string"])
    submit(learner, EXERCISES["string"].wrong)
    assert 'value="Robinja"' in problem_html(learner.frame("problem", "p"))


def test_a_problem_takes_no_more_answers_than_its_author_allows() -> None:
    learner = learner_with(EXERCISES["string"], max_attempts=1)
    submit(learner, EXERCISES["string"].wrong)
    refusal = submit(learner, EXERCISES["string"].right)
    assert refusal["success"] not in ("correct", "incorrect")
    assert learner.state("problem", "p").earned == 0.0


def test_the_answer_is_shown_when_its_policy_says_so() -> None:
    exercise = Exercise(
        '<stringresponse answer="Judita"><textline/></stringresponse>'
        "<solution><p>By Marulić</p></solution>",
        "",
        {"2_1": "Judita"},
        {"2_1": "x"},
    )
    learner = learner_with(exercise, showanswer="attempted")
    url = learner.handler_url("problem", "p", "xmodule_handler", "problem_show")
    before = json.loads(learner.client.post(url).content)
    assert "answers" not in before
    submit(learner, exercise.wrong)
    shown = json.loads(learner.client.post(url).content)["answers"]
    assert "Judita" in shown.values()
    assert any("By Marulić" in text for text in shown.values())


def test_hints_come_one_by_one() -> None:
    exercise = Exercise(
        '<stringresponse answer="x"><textline/></stringresponse>'
        "<demandhint><hint>First</hint><hint>Second</hint></demandhint>",
        "",
        {},
        {},
    )
    learner = learner_with(exercise)
    url = learner.handler_url("problem", "p", "xmodule_handler", "hint_button")
    assert "First" in json.loads(learner.client.post(url, {"hint_index": 0}).content)["msg"]
    assert "Second" in json.loads(learner.client.post(url, {"hint_index": 1}).content)["msg"]


def test_an_answer_can_be_kept_without_being_graded() -> None:
    learner = learner_with(EXERCISES["string"], max_attempts=2)
    url = learner.handler_url("problem", "p", "xmodule_handler", "problem_save")
    saved = json.loads(learner.client.post(url, answer_of(learner, {"2_1": "Jud"})).content)
    assert saved["success"] is True
    state = learner.state("problem", "p")
    assert state.earned is None
    assert "Jud" in state.state["student_answers"].values()


NOT_HOSTED = {
    "customresponse": '<customresponse cfn="f"><textline/></customresponse>',
    "schematicresponse": "<schematicresponse><schematic/><answer>x</answer></schematicresponse>",
    "coderesponse": "<coderesponse><textbox/><codeparam/></coderesponse>",
    "externalresponse": '<externalresponse url="http://x.example"><textline/></externalresponse>',
    "symbolicresponse": '<symbolicresponse expect="x"><textline/></symbolicresponse>',
    "jsresponse": "<jsresponse/>",
    "script": '<script type="loncapa/python">import os</script>'
    '<numericalresponse answer="$a"><textline/></numericalresponse>',
}


@pytest.mark.parametrize("kind", NOT_HOSTED)
def test_a_problem_that_needs_code_or_an_outside_grader_says_why_instead(kind: str) -> None:
    learner = visit(block("problem", "p", data=f"<problem>{NOT_HOSTED[kind]}</problem>"))
    page = learner.page()
    assert "This exercise" in page
    assert "<iframe" not in page
    refused = learner.client.post(
        learner.handler_url("problem", "p", "xmodule_handler", "problem_check"), {}
    )
    assert refused.status_code == 404


def test_authors_code_is_not_run_even_if_it_gets_as_far_as_the_sandbox(tmp_path: Path) -> None:
    hosted_class(load_block_class("problem"), "problem")
    trace = tmp_path / "ran"
    for module in (capa_problem, responsetypes):
        with pytest.raises(RuntimeError, match="runs code on the server"):
            module.safe_exec(f"open({str(trace)!r}, 'w')", {}, unsafely=True)
    assert not trace.exists()


def test_dispatches_of_outside_graders_are_not_served() -> None:
    learner = learner_with(EXERCISES["string"])
    for dispatch in ("score_update", "ungraded_response", "nonsense", ""):
        url = learner.handler_url("problem", "p", "xmodule_handler", dispatch)
        assert learner.client.post(url, {"queuekey": "x"}).status_code == 404


LOADING = """
import sys, django
django.setup()
from delivery.runtime.registry import load_block_class
load_block_class("problem")
from chem import chemcalc
print(chemcalc.render_to_html("H2O"), *(name for name in ("sympy", "scipy") if name in sys.modules))
import scipy
"""


def test_problem_is_loaded_without_the_libraries_that_nothing_here_needs() -> None:
    command = [sys.executable, "-W", "ignore", "-c", LOADING]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # ours
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[0] == '<span class="math">H<sub>2</sub>O</span>'
