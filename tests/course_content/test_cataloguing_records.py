"""The Cataloguer School's MARC exercises: every one can be solved, none by handing in nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from grading.graders.marc import grade
from quarantine.xml import parse_fragment
from tests.course_content.reading import (
    COURSES,
    Block,
    Course,
    exercise_of,
    named,
    read,
    select,
    text_of,
)
from xblocks.fields import JsonDict, JsonList

COURSE = Course(COURSES / "cataloguing")
EXERCISES = COURSE.of_type("marc_record")
BY_NAME = {block.name: block for block in EXERCISES}
# how many lines each has to lose; a name that is not divided is one mistake on two lines
TO_MEND = {"judita_repair": 10, "pod_igoto_repair": 10, "deseti_brat_repair": 8}
FRESH = [block for block in EXERCISES if block.name not in TO_MEND]
PICTURED = [block for block in EXERCISES if block.node.get("source_image")]
IN_COPYRIGHT = "Абай жолы"

Record = list[list[Any]]


def starter_of(block: Block) -> Record:
    loaded: Record = json.loads(block.node.get("starter", ""))
    return loaded


def record_of(fields: list[dict[str, Any]]) -> Record:
    """Return the record that key fields describe, in the form in which answers come."""
    return [
        [f["tag"], f["value"]]
        if "value" in f
        else [f["tag"], f["ind"], [subfield[:2] for subfield in f["sub"]]]
        for f in fields
    ]


def accepted(field: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the field as each of the alternatives that its author accepts."""
    yield from field.get("alt", ())
    for indicators in field.get("ind_alt", ()):
        yield {**field, "ind": indicators}
    for n, (code, _, *options) in enumerate(field.get("sub", ())):
        for value in options[0].get("alt", ()) if options else ():
            yield {**field, "sub": [*field["sub"][:n], [code, value], *field["sub"][n + 1 :]]}


def test_there_are_exercises_for_every_format() -> None:
    profiles = [block.node.get("profile") for block in EXERCISES]
    assert len(profiles) >= 20
    assert set(profiles) == {"marc21", "unimarc", "comarc"}


@pytest.mark.parametrize("block", EXERCISES, ids=named)
def test_an_exercise_stands_inline_with_every_choice_its_author_makes(block: Block) -> None:
    node = block.node
    assert node.get("xblock-family") == "xblock.v1"
    assert {key["profile"] for key in exercise_of(block)["keys"]} == {node.get("profile")}
    assert int(node.get("points", "")) > 0
    assert int(node.get("attempts_allowed", "")) >= 0
    assert node.get("show_answer") in ("never", "attempted", "finished", "past_due", "always")
    assert int(node.get("feedback_level", "")) in range(4)


@pytest.mark.parametrize("block", EXERCISES, ids=named)
def test_the_fields_of_the_block_read_the_attributes_as_the_author_meant_them(block: Block) -> None:
    assert JsonDict().from_string(block.node.get("exercise", "")) == exercise_of(block)
    assert JsonList().from_string(block.node.get("starter", "")) == starter_of(block)


def test_only_a_work_in_copyright_goes_without_a_picture() -> None:
    for block in EXERCISES:
        assert (IN_COPYRIGHT in COURSE.words_of(block)) == (block not in PICTURED), block.name


@pytest.mark.parametrize("block", PICTURED, ids=named)
def test_the_picture_of_the_book_shows_and_says_what_the_transcription_has(block: Block) -> None:
    picture = COURSE.folder / block.node.get("source_image", "").lstrip("/")
    drawn = text_of(read(picture)).casefold()
    said = block.node.get("source_image_alt", "").casefold()
    source = parse_fragment(block.node.get("source_text", "").encode())
    words = re.findall(r"[^\W_]+", " ".join(select(source, "p[@lang]//text()")).casefold())
    assert len(words) > 10
    assert [word for word in words if word not in drawn or word not in said] == []


@pytest.mark.parametrize("block", EXERCISES, ids=named)
def test_the_record_of_the_key_earns_all_the_points(block: Block) -> None:
    for key in exercise_of(block)["keys"]:
        assert grade(exercise_of(block), record_of(key["fields"])).score == pytest.approx(
            1, abs=1e-9
        )


@pytest.mark.parametrize("block", EXERCISES, ids=named)
def test_an_empty_record_earns_nothing(block: Block) -> None:
    assert grade(exercise_of(block), []).score == 0


@pytest.mark.parametrize("block", EXERCISES, ids=named)
def test_every_alternative_the_author_accepts_earns_all_the_points(block: Block) -> None:
    for key in exercise_of(block)["keys"]:
        fields = key["fields"]
        for n, field in enumerate(fields):
            for other in accepted(field):
                record = record_of([*fields[:n], other, *fields[n + 1 :]])
                assert grade(exercise_of(block), record).score == pytest.approx(1, abs=1e-9), other


@pytest.mark.parametrize("block", FRESH, ids=named)
def test_the_fields_offered_at_the_start_are_not_worth_submitting(block: Block) -> None:
    assert starter_of(block)
    assert grade(exercise_of(block), starter_of(block)).score < 0.15


def test_nobody_is_told_of_mistakes_that_are_to_be_found_or_in_the_final_test() -> None:
    silent = {b.name for b in EXERCISES if b.node.get("check_while_typing") == "false"}
    assert silent == {*TO_MEND, "zlatarovo_zlato"}


@pytest.mark.parametrize(("name", "faults"), TO_MEND.items())
def test_a_record_to_be_mended_holds_the_mistakes_its_prompt_counts(name: str, faults: int) -> None:
    block = BY_NAME[name]
    assert exercise_of(block)["start"] == starter_of(block)
    mark = grade(exercise_of(block), starter_of(block))
    assert mark.score == 0
    assert len([n for n in mark.lines if n.max and not n.code.endswith(".gate")]) == faults


def test_the_mistakes_in_judita_are_where_the_lesson_looks() -> None:
    block = BY_NAME["judita_repair"]
    (key,) = exercise_of(block)["keys"]
    assert {field[0] for field in starter_of(block) if field not in record_of(key["fields"])} == {
        "008",
        "020",
        "100",
        "245",
        "264",
        "300",
        "650",
    }


@pytest.mark.parametrize("block", EXERCISES, ids=named)
def test_fields_coded_by_position_have_their_full_length(block: Block) -> None:
    for key in exercise_of(block)["keys"]:
        for field in key["fields"]:
            if "value" in field:
                assert len(field["value"]) == {"LDR": 24, "008": 40}[field["tag"]]
            elif key["profile"] == "unimarc" and field["tag"] in ("100", "105"):
                assert len(field["sub"][0][1]) == {"100": 36, "105": 13}[field["tag"]]


def test_a_transliterated_answer_earns_part_of_the_points() -> None:
    latin = [
        ["200", "1 ", [["a", "Pod igoto"], ["e", "roman v tri časti"], ["f", "Ivan Vazov"]]],
        ["210", "  ", [["a", "Sofija"], ["c", "Učebno izdatelstvo"], ["d", "2021"]]],
        ["215", "  ", [["a", "520 s."], ["d", "22 sm"]]],
        ["225", "1 ", [["a", "Bălgarska klasika"]]],
    ]
    assert 0.3 < grade(exercise_of(BY_NAME["pod_igoto_unimarc"]), latin).score < 0.75
