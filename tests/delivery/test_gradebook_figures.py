"""A class in figures: columns, elements of exercises, who struggles; and its groups."""

from __future__ import annotations

import statistics
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from delivery.gradebook.statistics import CLASSES, figures_of
from delivery.grades import api as grades
from delivery.models import Enrollment, LearnerGroup
from delivery.tree import load_tree
from tests.delivery.marking import Class, make_class
from tests.delivery.reading_room import faults, words
from tests.delivery.test_gradebook import find
from tests.delivery.test_gradebook_cells import submit
from tests.grading.exercises import HALF, RIGHT


@given(st.lists(st.floats(0, 1, allow_nan=False), max_size=60))
def test_figures_are_those_of_the_whole_list_whatever_its_order(ratios: list[float]) -> None:
    found = figures_of(ratios)
    assert found == figures_of(ratios[::-1])
    assert (found.count, sum(found.histogram), len(found.histogram)) == (
        len(ratios),
        len(ratios),
        CLASSES,
    )
    if ratios:
        assert found.mean == pytest.approx(statistics.fmean(ratios))
        assert found.median == statistics.median(ratios)
        assert (found.lowest, found.highest) == (min(ratios), max(ratios))


@pytest.mark.django_db
class TestPages:
    def test_a_column_tells_its_figures_and_who_has_none(self) -> None:
        made = make_class(people=4)
        ana, borna, third, _fourth = made.people
        for person, earned in ((ana, 10), (borna, 5)):
            made.score(person, "sum", earned, 10)
        key = made.usage("problem", "sum")
        grades.excuse(made.course, third.pk, key, reason="x", by=made.teacher)
        response = made.get("gradebook_column", "problem", "sum")
        assert faults(response) == []
        said = words(response)
        assert "With a score 2 of 4 learners · 1 excused" in said
        assert "Mean 75 % standard deviation 25 %" in said
        assert "50\N{EN DASH}60 % 1" in said
        assert "90\N{EN DASH}100 % 1" in said

    def test_a_columns_elements_are_told_in_words_with_examples(self) -> None:
        made = make_class(people=3)
        ana, borna, third = made.people
        submit(made, ana, HALF)
        submit(made, borna, HALF)
        submit(made, third, RIGHT)
        response = made.get("gradebook_column", "marc_record", "judita")
        assert faults(response) == []
        said = words(response)
        assert "250 is missing. 250 2 · 66 %" in said
        assert {"Ana Horvat", "Borna Čič"} == self.examples(response)
        assert "From the score lines of the last answers of 3 trainees." in said
        submit(made, ana, RIGHT)
        assert "1 · 33 %" in words(made.get("gradebook_column", "marc_record", "judita"))

    @staticmethod
    def examples(response: Any) -> set[str]:
        return set(find(response, "//td[@data-label='For example']//a/text()"))

    def test_a_column_without_marks_and_one_that_is_not_there(self) -> None:
        made = make_class(people=1)
        empty = made.get("gradebook_column", "marc_record", "judita")
        assert faults(empty) == []
        assert "Nobody has a score here yet." in words(empty)
        assert made.get("gradebook_column", "problem", "gone").status_code == 404
        part = made.get("gradebook_column", "sequential", "one")
        assert faults(part) == []

    def test_the_course_in_figures_lists_every_column(self) -> None:
        made = make_class(people=4)
        for person in made.people[:2]:
            made.score(person, "guess", 3, 4)
        response = made.get("gradebook_statistics")
        assert faults(response) == []
        assert "Guess 2 2 75 % 75 % 75 %" in words(response)
        parts = made.get("gradebook_statistics", columns="subsections")
        assert "Two 2 2 75 % 75 % 75 %" in words(parts)
        nobody = make_class(people=0)
        assert "no learners to count" in words(nobody.get("gradebook_statistics"))

    def test_who_does_badly_or_misses_what_is_due_needs_help_and_an_extension_is_minded(
        self,
    ) -> None:
        made = make_class(people=4)
        ana, borna, third, fourth = made.people
        made.score(ana, "sum", 10, 10)
        made.score(borna, "sum", 2, 10)
        assert self.struggling(made) == {"Borna Čič"}
        past = timezone.now() - timedelta(days=1)
        blocks = made.course.current_version.blocks  # type: ignore[union-attr]  # it has one
        rows = blocks.filter(usage_key=made.usage("sequential", "test"))
        rows.update(fields={**rows.get().fields, "due": past.isoformat()})
        load_tree.cache_clear()
        made.score(ana, "question", 2, 2)
        later = (timezone.now() + timedelta(days=1)).isoformat()
        Enrollment.objects.filter(user=third).update(
            extensions={made.usage("problem", "question"): later}
        )
        key = made.usage("problem", "question")
        grades.excuse(made.course, fourth.pk, key, reason="x", by=made.teacher)
        assert self.struggling(made) == {"Borna Čič"}
        grades.undo(made.course, fourth.pk, key, by=made.teacher)
        assert self.struggling(made) == {"Borna Čič", "Đuro Žagar"}

    @staticmethod
    def struggling(made: Class) -> set[str]:
        response = made.get("gradebook_struggling")
        assert faults(response) == []
        said = words(response)
        names = ("Ana Horvat", "Borna Čič", "Айгүл Әбілқызы", "Đuro Žagar")
        return {name for name in names if name in said}

    def test_nobody_in_need_is_good_news(self) -> None:
        made = make_class(people=1)
        assert "Nobody shows a sign" in words(made.get("gradebook_struggling"))


@pytest.mark.django_db
class TestGroups:
    def make(self) -> tuple[Class, LearnerGroup]:
        made = make_class(people=3)
        response = made.post("groups", name="  Evening   class ")
        assert response.status_code == 302
        group = LearnerGroup.objects.get()
        assert group.name == "Evening class"
        return made, group

    def test_people_are_added_by_name_or_address_once_and_strangers_are_named(self) -> None:
        made, group = self.make()
        ana, borna, _third = made.people
        names = f"{ana.username}\n{borna.email.upper()}, {ana.email}\nnobody"
        page: Any = made.client.post(made.url("group", group.pk), {"people": names}, follow=True)
        said = words(page)
        assert "2 people were added." in said
        assert "Nobody in the course is called: nobody" in said
        assert faults(page) == []
        assert set(group.members.values_list("user", flat=True)) == {ana.pk, borna.pk}

    def test_somebody_is_taken_out_and_stays_in_the_course(self) -> None:
        made, group = self.make()
        ana = Enrollment.objects.get(user=made.people[0])
        group.members.add(ana)
        made.post("group_remove", group.pk, member=ana.pk)
        assert not group.members.exists()
        assert Enrollment.objects.filter(pk=ana.pk, is_active=True).exists()
        assert made.post("group_remove", group.pk, member="x").status_code == 302

    def test_a_name_belongs_to_one_group_of_a_course(self) -> None:
        made, group = self.make()
        refused = made.post("groups", name="evening CLASS")
        assert refused.status_code == 422
        assert "of this name already" in words(refused)
        assert faults(refused) == []
        renamed = made.post("group", group.pk, name="Morning")
        assert renamed.status_code == 302
        assert LearnerGroup.objects.get().name == "Morning"

    def test_a_group_is_dissolved_after_asking_and_its_people_stay(self) -> None:
        made, group = self.make()
        group.members.add(*Enrollment.objects.filter(course=made.course))
        asked = made.get("group_delete", group.pk)
        assert faults(asked) == []
        assert LearnerGroup.objects.exists()
        made.post("group_delete", group.pk)
        assert not LearnerGroup.objects.exists()
        assert Enrollment.objects.filter(course=made.course, is_active=True).count() == 4

    def test_another_courses_group_is_not_there(self) -> None:
        _made, group = self.make()
        other = make_class(people=0)
        for view in ("group", "group_delete"):
            assert other.get(view, group.pk).status_code == 404
            assert other.post(view, group.pk, name="x").status_code == 404
        assert "no groups yet" in words(other.get("groups"))
