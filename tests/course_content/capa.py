"""Problems graded by Open edX's own CAPA, outside any site."""

from __future__ import annotations

from gettext import NullTranslations
from types import SimpleNamespace
from typing import Any

from lxml import etree
from xblocks_contrib.problem.capa.capa_problem import LoncapaProblem, LoncapaSystem

from tests.course_content.reading import Block, select


def as_capa(block: Block) -> LoncapaProblem:
    system = LoncapaSystem(
        ajax_url="/",
        anonymous_student_id="trainee",
        cache=None,
        can_execute_unsafe_code=lambda: False,
        get_python_lib_zip=lambda: None,
        DEBUG=False,
        i18n=NullTranslations(),
        render_template=lambda template, context: "<div/>",
        resources_fs=None,
        seed=1,
        xqueue=None,
    )
    host = SimpleNamespace(
        location=block.name,
        usage_key=block.name,
        runtime=SimpleNamespace(publish=lambda block, event, data: None),
    )
    xml = etree.tostring(block.node, encoding="unicode")
    return LoncapaProblem(xml, id=block.name, capa_system=system, capa_block=host, seed=1)


def grade_answers(block: Block, answers: list[Any]) -> list[tuple[str, str]]:
    """Let CAPA grade one answer for each response; return correctness and message of each."""
    problem = as_capa(block)
    ids = [
        answer_id for responder in problem.responders.values() for answer_id in responder.answer_ids
    ]
    marked = problem.grade_answers(dict(zip(ids, answers, strict=True)))
    return [(marked.get_correctness(i), str(marked.get_msg(i))) for i in ids]


def responses(block: Block) -> list[etree._Element]:
    return [child for child in block.node if str(child.tag).endswith("response")]


def right_answer(response: etree._Element) -> Any:
    """Read the right answer from the XML, in the form in which a browser sends it."""
    match response.tag:
        case "multiplechoiceresponse":
            return _choices(response, "true")[0]
        case "choiceresponse":
            return _choices(response, "true")
        case "optionresponse":
            return select(response, ".//option[@correct='True']/text()")[0]
        case _:
            return response.get("answer")


def wrong_answers(response: etree._Element) -> list[Any]:
    """Return every wrong choice, or wrong answers a trainee may well give."""
    match response.tag:
        case "multiplechoiceresponse":
            return _choices(response, "false")
        case "choiceresponse":
            right, wrong = _choices(response, "true"), _choices(response, "false")
            return [right + wrong, wrong, right[1:], []]
        case "optionresponse":
            return select(response, ".//option[@correct='False']/text()")
        case "stringresponse":
            return ["", "x", *select(response, "stringequalhint/@answer")]
        case _:
            number = float(response.get("answer", ""))
            beyond = 1 + float(select(response, "responseparam/@default")[0])
            return [f"{number - beyond:g}", f"{number + beyond:g}"]


def _choices(response: etree._Element, correct: str) -> list[str]:
    return [
        f"choice_{n}"
        for n, choice in enumerate(response.iter("choice"))
        if choice.get("correct") == correct
    ]
