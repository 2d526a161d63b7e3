"""How a learner's own grade came about, on their progress page and their transcript."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from delivery.explained import Part, explain
from delivery.grades import api as grades
from delivery.tree import load_tree
from grading.policy import Assignment, course_grade, read_policy
from tests.delivery.marking import Class, make_class
from tests.delivery.reading_room import FUTURE, faults, words

FORMATS = ("Exercises", "Test")


def assignments(names: tuple[str, ...]) -> st.SearchStrategy[list[Part]]:
    def part(name: str, earned: int, lost: int, to_gain: int, is_excused: bool) -> Part:
        possible = earned + lost
        now = Assignment(earned, possible, name, is_excused)
        best = now if is_excused else Assignment(earned + min(lost, to_gain), possible, name)
        return Part(f"{name} {earned}", name, name, now, best, is_begun=earned > 0)

    points = st.integers(0, 9)
    one = st.builds(part, st.sampled_from(names), points, points, points, st.booleans())
    return st.lists(one, max_size=8)


@given(assignments(FORMATS), st.integers(0, 4), st.integers(0, 3))
def test_the_kinds_add_up_to_the_grade_and_the_best_is_no_lower(
    parts: list[Part], min_count: int, drop_count: int
) -> None:
    policy = {
        "GRADER": [
            {"type": name, "min_count": min_count, "drop_count": drop_count, "weight": 0.5}
            for name in FORMATS
        ],
        "GRADE_CUTOFFS": {"Pass": 0.5},
    }
    sheet: dict[str, list[Assignment]] = {}
    for part in parts:
        assert part.now is not None
        sheet.setdefault(part.format, []).append(part.now)
    grade = course_grade(policy, sheet)
    formats, _cutoffs = read_policy(policy)
    found = explain(formats, parts)
    if not any(kind.is_excused for kind in found.kinds):
        assert sum(kind.adds for kind in found.kinds) == pytest.approx(grade.percent_unrounded)
    assert found.best >= grade.percent
    for kind in found.kinds:
        assert len(kind.rows) + kind.to_come == kind.slots
        left_out = sum(row.is_left_out for row in kind.rows)
        excused = sum(row.is_excused for row in kind.rows)
        assert kind.kept >= 0
        assert left_out + excused <= kind.slots


@pytest.mark.django_db
class TestPages:
    def read(self, made: Class, person: Any, page: str = "progress") -> Any:
        client = Client()
        client.force_login(person)
        response = client.get(made.url(page))
        assert response.status_code == 200
        return response

    def text(self, made: Class, person: Any) -> str:
        response = self.read(made, person, "transcript")
        assert response["Content-Type"] == "application/pdf"
        pages = PdfReader(io.BytesIO(response.content)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())

    def test_the_page_says_what_counts_what_is_left_out_and_what_is_still_to_gain(self) -> None:
        made = make_class(people=1)
        (ana,) = made.people
        for name, earned, possible in (("sum", 6, 10), ("guess", 4, 4), ("question", 1, 2)):
            made.score(ana, name, earned, possible)
        page = self.read(made, ana)
        assert faults(page) == []
        said = words(page)
        assert "Exercises best 2 of 3 count 60 % 60 % 36 %" in said
        assert "Three left out: others are better" in said
        assert "Test it counts 50 % 40 % 20 %" in said
        assert "Best still possible 80 %" in said

    def test_a_transcript_has_every_mark_and_the_grade(self) -> None:
        made = make_class(people=3)
        aigul = made.people[2]
        for name, earned, possible in (("sum", 6, 10), ("guess", 4, 4)):
            made.score(aigul, name, earned, possible)
        key = made.usage("sequential", "test")
        grades.excuse(made.course, aigul.pk, key, reason="ill", by=made.teacher)
        said = self.text(made, aigul)
        assert "Айгүл Әбілқызы" in said
        assert made.course.key in said
        assert "Grade so far 60 %" in said
        assert "Two Exercises 4 of 4 100 %" in said
        assert "Three Exercises, left out 0 of 4" in said
        assert "Test Test excused" in said
        assert "Page 1 of 1" in said

    def test_points_that_are_hidden_are_told_nowhere(self) -> None:
        made = make_class(people=1)
        (ana,) = made.people
        blocks = made.course.current_version.blocks  # type: ignore[union-attr]  # it has one
        rows = blocks.filter(usage_key=made.usage("sequential", "test"))
        fields = {**rows.get().fields, "due": FUTURE, "show_correctness": "past_due"}
        rows.update(fields=fields)
        load_tree.cache_clear()
        made.score(ana, "question", 1.5, 2)
        page, pdf = words(self.read(made, ana)), self.text(made, ana)
        for said in (page, pdf):
            assert "7.5" not in said
            assert "75 %" not in said
        assert "Best still possible 100 %" in page
        assert "Test Test not shown" in pdf
        assert "7.5" in words(made.get("gradebook"))

    def test_a_course_whose_rules_cannot_be_read_still_has_a_transcript(self) -> None:
        made = make_class(people=1, policy={"GRADER": [{"type": "Exercises", "weight": "much"}]})
        made.score(made.people[0], "sum", 6, 10)
        assert faults(self.read(made, made.people[0])) == []
        said = self.text(made, made.people[0])
        assert "Grade so far none" in said
        assert "6 of 30" in said
