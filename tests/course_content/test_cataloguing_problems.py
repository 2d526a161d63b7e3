"""The Cataloguer School's problems, answered rightly and wrongly before Open edX's own CAPA."""

from __future__ import annotations

import re
from html import unescape

import pytest
from lxml import etree

from tests.course_content.capa import (
    as_capa,
    grade_answers,
    responses,
    right_answer,
    wrong_answers,
)
from tests.course_content.reading import COURSES, Block, Course, named, select, text_of

COURSE = Course(COURSES / "cataloguing")
PROBLEMS = COURSE.of_type("problem")
HINTED = [block for block in PROBLEMS if select(block.node, ".//stringequalhint")]
RESPONSES = {
    "multiplechoiceresponse",
    "choiceresponse",
    "optionresponse",
    "stringresponse",
    "numericalresponse",
}


@pytest.mark.parametrize("chapter", ["description", "coding", "finding"])
def test_a_module_has_problems_of_every_kind(chapter: str) -> None:
    (block,) = (b for b in COURSE.of_type("chapter") if b.name == chapter)
    problems = [b for b in COURSE.within(block) if b.tag == "problem"]
    assert len(problems) >= 12
    assert {str(r.tag) for b in problems for r in responses(b)} == RESPONSES


@pytest.mark.parametrize("block", PROBLEMS, ids=named)
def test_a_problem_needs_no_script_and_explains_itself(block: Block) -> None:
    assert {str(child.tag) for child in block.node} <= RESPONSES
    assert select(block.node, ".//script") == []
    for response in responses(block):
        assert text_of(select(response, "label")[0]).strip()
    assert text_of(select(block.node, ".//solution")[0]).strip()


@pytest.mark.parametrize("block", PROBLEMS, ids=named)
def test_the_right_answer_is_graded_right(block: Block) -> None:
    marked = grade_answers(block, [right_answer(response) for response in responses(block)])
    assert {correctness for correctness, _ in marked} == {"correct"}


@pytest.mark.parametrize("block", PROBLEMS, ids=named)
def test_every_wrong_answer_is_graded_wrong(block: Block) -> None:
    wrong = [wrong_answers(response) for response in responses(block)]
    for n in range(max(map(len, wrong))):
        marked = grade_answers(block, [answers[n % len(answers)] for answers in wrong])
        assert {correctness for correctness, _ in marked} == {"incorrect"}, n


@pytest.mark.parametrize("block", HINTED, ids=named)
def test_a_foreseen_slip_is_met_with_its_own_hint(block: Block) -> None:
    for hint in block.node.iter("stringequalhint"):
        ((correctness, message),) = grade_answers(block, [hint.get("answer")])
        assert correctness == "incorrect"
        assert text_of(hint) in unescape(message)


@pytest.mark.parametrize("block", PROBLEMS, ids=named)
def test_capa_takes_no_subfield_code_for_a_variable(block: Block) -> None:
    def codes(root: etree._Element) -> list[str]:
        texts = select(root, ".//choice//text()|.//option//text()|.//solution//text()")
        return re.findall(r"\$\w", " ".join(texts))

    assert codes(as_capa(block).tree) == codes(block.node)
