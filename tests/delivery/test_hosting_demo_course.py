"""The Open edX demo course as a whole: every page opens, every problem that can be is graded.

``OPENEDX_DEMO_COURSE`` names the folder or archive of the course; without it nothing is tried.
"""

import json
import os
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from delivery.access import Visit
from delivery.importing import import_course
from delivery.importing.members import read_path
from delivery.models import Enrollment, LearnerState
from delivery.runtime.host import BlockRuntime
from delivery.runtime.rendering import why_not_shown
from delivery.tree import BlockNode, load_tree
from tests.delivery.factories import make_user
from tests.delivery.visits import problem_html

PLACE = os.environ.get("OPENEDX_DEMO_COURSE", "")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not PLACE, reason="OPENEDX_DEMO_COURSE does not name the demo course"),
]

HOSTED_RESPONSES = {
    "annotationresponse",
    "choiceresponse",
    "formularesponse",
    "imageresponse",
    "multiplechoiceresponse",
    "numericalresponse",
    "optionresponse",
    "stringresponse",
}
RENDERED = {"html": 500, "video": 11, "annotatable": 1, "drag-and-drop-v2": 1}
WRONG_TEXT = "-123456"
ANY_TEXT_IS_RIGHT = "7071a317a0744a37924ef5dea17d47e1"  # "Reflection questions"
Answers = dict[str, str | list[str]]


class Demo:
    """The course, its learner, and a browser of theirs."""

    def __init__(self) -> None:
        path = Path(PLACE)
        folder = path / "course" if (path / "course" / "course.xml").exists() else path
        self.course = import_course(read_path(folder), source="demo").course
        self.tree = load_tree(self.course.current_version_id)
        self.user = make_user()
        self.enrollment = Enrollment.objects.create(user=self.user, course=self.course)
        self.client = Client()
        self.client.force_login(self.user)

    def of_type(self, block_type: str) -> list[BlockNode]:
        return [node for node in self.tree.blocks.values() if node.block_type == block_type]

    def frame(self, node: BlockNode) -> Any:
        return self.client.get(reverse("block_frame", args=[self.course.key, node.usage_key]))

    def dispatch(self, node: BlockNode, name: str, answers: Answers) -> Any:
        url = reverse(
            "block_handler", args=[self.course.key, node.usage_key, "xmodule_handler", name]
        )
        return self.client.post(url, answers)


@pytest.fixture
def demo() -> Demo:
    return Demo()


def test_every_unit_opens(demo: Demo) -> None:
    for unit in demo.tree.units:
        page = demo.client.get(reverse("unit", args=[demo.course.key, unit.usage_key]))
        assert page.status_code == 200, unit.usage_key


def test_every_block_of_the_hosted_types_is_shown(demo: Demo) -> None:
    for block_type, at_least in RENDERED.items():
        assert len(demo.of_type(block_type)) >= at_least * 0.4
    for block_type in ("annotatable", "drag-and-drop-v2", "poll_question", "word_cloud"):
        for node in demo.of_type(block_type):
            frame = demo.frame(node)
            assert frame.status_code == 200
            assert "X-Block-Failed" not in frame.headers, node.usage_key
    shown = "".join(
        demo.client.get(reverse("unit", args=[demo.course.key, unit.usage_key])).content.decode()
        for unit in demo.tree.units
    )
    assert shown.count("block-video ") == len(demo.of_type("video"))
    texts = [
        node
        for node in demo.of_type("html")
        if demo.tree.enclosing(node.usage_key, "vertical") and not why_not_shown(node)
    ]
    assert shown.count('class="prose"') == len(texts)


# --- Problems -----------------------------------------------------------------------------------


def problem_of(demo: Demo, node: BlockNode) -> Any:
    visit = Visit(demo.course, demo.user, demo.enrollment, demo.course.current_version_id)
    return BlockRuntime(visit).get_block(node.usage_key).lcp


def right_answers(problem: Any) -> tuple[Answers, Answers]:
    """An answer for each input of a problem, as a browser would send it, and a wrong one."""
    right: Answers = {}
    wrong: Answers = {}
    for responder in problem.responders.values():
        tag = responder.xml.tag
        for answer_id, answer in responder.get_answers().items():
            name = f"input_{answer_id}"
            if tag == "choiceresponse":
                right[f"{name}[]"] = list(answer)
                wrong[f"{name}[]"] = _other_choices(responder, answer)
            elif tag == "multiplechoiceresponse":
                right[name], wrong[name] = answer[0], _other_choices(responder, answer)[0]
            elif tag == "imageresponse":
                right[name], wrong[name] = _centre(answer["rectangle"]), "[1,1]"
            elif tag == "annotationresponse":
                right[name], wrong[name] = _annotation(responder)
            else:
                right[name] = answer.partition(" <b>or</b> ")[0]
                wrong[name] = WRONG_TEXT
    return right, wrong


def _other_choices(responder: Any, answer: Collection[str]) -> list[str]:
    names = [choice.get("name") for choice in responder.xml.xpath(".//choice")]
    return [name for name in names if name not in answer]


def _centre(rectangle: str) -> str:
    (left, top), (right, bottom) = (
        (int(number) for number in corner.strip("()").split(","))
        for corner in rectangle.split(";")[0].split("-")
    )
    return f"[{(left + right) // 2},{(top + bottom) // 2}]"


def _annotation(responder: Any) -> tuple[str, str]:
    options = responder.xml.xpath(".//option")
    choices = [option.get("choice") for option in options]
    right, wrong = (
        json.dumps({"options": [choices.index(wanted)], "comment": "c"})
        for wanted in ("correct", "incorrect")
    )
    return right, wrong


def test_problems_are_shown_answered_rightly_and_wrongly_and_graded(demo: Demo) -> None:
    done: Counter[str] = Counter()
    refused: dict[str, str] = {}
    for node in demo.of_type("problem"):
        refusal = why_not_shown(node)
        if refusal is not None:
            refused[node.usage_key] = str(refusal[0])
            continue
        frame = demo.frame(node)
        assert "X-Block-Failed" not in frame.headers, node.usage_key
        assert "<input" in problem_html(frame) or "<select" in problem_html(frame), node.usage_key
        problem = problem_of(demo, node)
        if not problem.responders:
            continue
        right, wrong = right_answers(problem)
        if not node.usage_key.endswith(ANY_TEXT_IS_RIGHT):
            assert grade(demo, node, wrong) < 1.0, node.usage_key
        assert grade(demo, node, right) == 1.0, node.usage_key
        done.update({responder.xml.tag for responder in problem.responders.values()})
    assert set(done) >= HOSTED_RESPONSES
    assert refused
    print(f"\nAnswered: {dict(done)}")
    for key, reason in refused.items():
        print(f"Not hosted: {key.rpartition('@')[2]}: {reason}")


def grade(demo: Demo, node: BlockNode, answers: Answers) -> float:
    """Submit, put the problem back, and return the share of the points that was earned."""
    response = demo.dispatch(node, "problem_check", answers)
    assert response.status_code == 200, node.usage_key
    row = LearnerState.objects.get(usage_key=node.usage_key)
    share = row.earned / row.possible if row.earned is not None and row.possible else None
    LearnerState.objects.filter(pk=row.pk).delete()
    assert share is not None, (node.usage_key, response.content)
    return share


def test_what_is_not_hosted_is_a_notice_that_staff_is_told_the_reason_of(demo: Demo) -> None:
    demo.user.is_staff = True
    demo.user.save()
    reasons: Counter[tuple[str, str]] = Counter()
    for node in demo.tree.blocks.values():
        refusal = why_not_shown(node)
        if refusal is None or not demo.tree.enclosing(node.usage_key, "vertical"):
            continue
        frame = demo.frame(node)
        assert frame.status_code == 200
        text, reason = map(str, refusal)
        assert text in frame.content.decode()
        reasons[(node.block_type, reason or text)] += 1
    kinds = {kind for kind, _reason in reasons}
    assert kinds >= {"lti", "openassessment", "library_content", "problem"}
    for (kind, reason), number in sorted(reasons.items()):
        print(f"{number} {kind}: {reason}")
