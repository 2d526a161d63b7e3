"""The grading policy in a draft: edited row by row, with what may surprise beside it."""

from __future__ import annotations

from typing import Any

import pytest

from delivery.authoring.grading import policy_notes
from delivery.authoring.merging import bring_up
from delivery.authoring.trees import policy_revision
from delivery.models import Draft
from tests.delivery.drafting import Author, author
from tests.delivery.factories import make_version
from tests.delivery.grading_courses import tree_of
from tests.delivery.reading_room import words
from tests.delivery.test_grade_rules import problem, subsection

pytestmark = pytest.mark.django_db

HOMEWORK = {
    "type": "Homework",
    "short_label": "HW",
    "min_count": 2,
    "drop_count": 0,
    "weight": 0.25,
    "hide_average": True,
}
EXAM = {"type": "Exam", "short_label": "Ex", "min_count": 1, "drop_count": 0, "weight": 0.75}
POLICY: dict[str, Any] = {"GRADER": [HOMEWORK, EXAM], "GRADE_CUTOFFS": {"A": 0.9, "Pass": 0.5}}


@pytest.fixture
def ana() -> Author:
    ana = author()
    ana.made.version.grading_policy = POLICY
    ana.made.version.save()
    return ana


def filled(ana: Author, **changes: Any) -> dict[str, Any]:
    """What the form sends as it stands, but for ``changes``; dashes are written as underscores."""
    form = ana.get("draft_grading").context["forms"]
    data: dict[str, Any] = {"revision": policy_revision(ana.tree)}
    for rows in (form.formats, form.cutoffs):
        management = rows.management_form
        data |= {
            management.add_prefix(name): management[name].value() for name in management.fields
        }
        for row in rows:
            for name in row.fields:
                value = row[name].value()
                data[row.add_prefix(name)] = "" if value is None or value is False else value
    return data | {"grace": ""} | {name.replace("__", "-"): each for name, each in changes.items()}


def save(ana: Author, **changes: Any) -> Any:
    return ana.post("draft_grading", **filled(ana, **changes))


def test_saving_the_form_as_it_stands_changes_nothing(ana: Author) -> None:
    assert save(ana).status_code == 302
    assert ana.tree.grading_policy == POLICY
    assert not Draft.objects.filter(base__isnull=False).exists()


def test_weights_counts_and_grades_are_kept_in_the_draft_and_served_once_published(
    ana: Author,
) -> None:
    assert save(ana, formats__0__weight="40", formats__1__weight="60", cutoffs__1__percent="55.5")
    assert ana.made.version.grading_policy == POLICY
    changed = ana.tree.grading_policy
    assert [entry["weight"] for entry in changed["GRADER"]] == [0.4, 0.6]
    assert changed["GRADER"][0]["hide_average"]
    assert changed["GRADE_CUTOFFS"] == {"A": 0.9, "Pass": 0.555}
    published = ana.post("draft_publish", draft_revision=ana.tree.draft_revision, note="")
    assert published.status_code == 302
    served = ana.course.current_version
    assert served is not None
    assert served.grading_policy == changed
    assert ana.tree.grading_policy == changed


def test_rows_are_added_and_removed(ana: Author) -> None:
    new = {"type": "Lab", "weight": "10", "min_count": "3", "drop_count": "1"}
    added = {f"formats__2__{name}": value for name, value in new.items()}
    save(ana, **added, cutoffs__2__letter="B", cutoffs__2__percent="70", formats__0__DELETE="on")
    policy = ana.tree.grading_policy
    assert [entry["type"] for entry in policy["GRADER"]] == ["Exam", "Lab"]
    assert policy["GRADER"][1]["short_label"] == "Lab"
    assert policy["GRADE_CUTOFFS"] == {"A": 0.9, "B": 0.7, "Pass": 0.5}


def test_subsections_follow_when_their_kind_is_renamed(ana: Author) -> None:
    part = ana.made.usage("sequential", "subsection")
    ana.post("draft_settings", part, **settings_of(ana, part, graded="on", format="Homework"))
    save(ana, formats__0__type="Vježbe")
    assert ana.tree.blocks[part].fields["format"] == "Vježbe"
    assert ana.tree.grading_policy["GRADER"][0]["type"] == "Vježbe"


def settings_of(ana: Author, key: str, **changes: Any) -> dict[str, Any]:
    page = ana.get("draft_settings", key)
    return {"revision": page.context["revision"], "display_name": "Part", **changes}


def test_days_of_grace_are_those_of_the_course(ana: Author) -> None:
    save(ana, grace="1.5")
    root = ana.tree.root
    assert ana.tree.blocks[root].fields["graceperiod"] == "129600 seconds"
    assert ana.get("draft_grading").context["forms"].grace.initial == {"grace": 1.5}
    save(ana, grace="")
    assert "graceperiod" not in ana.tree.blocks[root].fields


def test_authors_say_when_results_of_a_subsection_are_shown(ana: Author) -> None:
    part = ana.made.usage("sequential", "subsection")
    ana.post("draft_settings", part, **settings_of(ana, part, show_correctness="past_due"))
    assert ana.tree.blocks[part].fields["show_correctness"] == "past_due"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("formats-0-weight", "much", "Enter a number."),
        ("formats-0-min_count", "-1", "greater than or equal to 0"),
        ("formats-1-type", "Homework", "There is another row of this name."),
        ("cutoffs-0-percent", "", "This field is required."),
        ("cutoffs-1-letter", "A", "There is another row of this name."),
        ("grace", "-2", "greater than or equal to 0"),
    ],
)
def test_what_cannot_be_kept_is_said_at_its_field_and_nothing_is_saved(
    ana: Author, field: str, value: str, said: str
) -> None:
    response = ana.post("draft_grading", **filled(ana) | {field: value})
    assert response.status_code == 422
    assert said in words(response)
    assert ana.tree.grading_policy == POLICY


def test_two_authors_do_not_write_over_each_other_unawares(ana: Author) -> None:
    mine = filled(ana, formats__0__weight="30")
    save(ana, formats__0__weight="35")
    response = ana.post("draft_grading", **mine)
    assert response.status_code == 422
    assert "Somebody changed the grading meanwhile" in words(response)
    assert ana.tree.grading_policy["GRADER"][0]["weight"] == 0.35
    again = mine | {"revision": response.context["revision"]}
    assert ana.post("draft_grading", **again).status_code == 302
    assert ana.tree.grading_policy["GRADER"][0]["weight"] == 0.3


def test_a_draft_brought_up_keeps_its_policy_and_says_that_both_changed(ana: Author) -> None:
    save(ana, formats__0__weight="30")
    served = make_version(ana.course)
    served.grading_policy = {**POLICY, "GRADE_CUTOFFS": {"Pass": 0.6}}
    served.save()
    assert bring_up(ana.course).policy
    assert ana.tree.grading_policy["GRADER"][0]["weight"] == 0.3


def test_a_policy_that_was_imported_with_faults_is_shown_with_them(ana: Author) -> None:
    faulty = {**HOMEWORK, "weight": "heavy", "min_count": "3.9", "colour": "red"}
    ana.made.version.grading_policy = {**POLICY, "GRADER": [faulty, EXAM]}
    ana.made.version.save()
    page = words(ana.get("draft_grading"))
    assert "weight: 'heavy' is not a number." in page
    assert "colour: This is not known and will be ignored." in page


def notes(policy: dict[str, Any]) -> list[tuple[int | None, str]]:
    parts = [
        subsection("s", problem("a"), form="Homework", display_name="Sheet"),
        subsection("t", problem("b"), form="Quiz", display_name="Riddle"),
    ]
    return [(note.row, note.text) for note in policy_notes(tree_of(parts, policy))]


def test_authors_are_told_what_may_surprise_them() -> None:
    found = dict(notes({"GRADER": [{**HOMEWORK, "drop_count": 2}, EXAM], "GRADE_CUTOFFS": {}}))
    assert found[1] == "No subsection is of this kind yet: it counts 0 for everybody."
    assert found[0] == "As many are left out as there are: it counts 0 for everybody."
    texts = [text for _row, text in notes({"GRADER": [HOMEWORK], "GRADE_CUTOFFS": {}})]
    assert texts == [
        "1 of 2 are there; the others count 0 until they are.",
        "The weights make 25 % together; 100 % is usual.",
        "There is no grade to reach, so nobody passes and nobody fails.",
        "“Riddle” is graded as “Quiz”, which is no kind here: it counts nowhere.",
    ]
