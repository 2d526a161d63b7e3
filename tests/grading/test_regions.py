from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.data import InvalidAnswer, InvalidExercise
from grading.graders import regions
from tests.grading.engines import PAGE, WORKED, box

EXERCISE = WORKED["regions"]["exercise"]

shares = st.floats(0.0, 0.9)
boxes = st.builds(box, shares, shares, st.floats(0.01, 0.1), st.floats(0.01, 0.1))
drawn = st.fixed_dictionaries(
    {
        "poly": boxes,
        "cls": st.sampled_from(["foxing", "tear", "tide_line", "igi_corrosion", "loss"]),
        "sev": st.integers(0, 3),
    }
)


def score(exercise: Any, *marks: dict[str, Any]) -> float:
    return regions.grade(exercise, {"marks": list(marks)}).score


def one(region: dict[str, Any], **settings: Any) -> dict[str, Any]:
    return {
        "regions": [{"cls": "foxing", "sev": 1} | region],
        "families": {"spot": ["foxing", "mould_stain"]},
        "settings": settings,
    }


def test_each_line_of_the_worked_case_tells_what_was_right_and_what_was_not() -> None:
    answer = WORKED["regions"]["cases"][0]["answer"]

    mark = regions.grade(EXERCISE, answer)

    assert [(line.code, line.where, round(line.points, 3), line.max) for line in mark.lines] == [
        ("regions.family", "marks[0]", 0.8, 1.0),
        ("regions.exact", "marks[1]", 1.867, 2.0),
        ("regions.right", "marks[2]", 1.0, 1.0),
        ("regions.missed", "", 0.0, 2.0),
        ("regions.free", "marks[3]", 0.0, 0.0),
        ("regions.extra", "marks[4]", -0.375, 0.0),
    ]
    assert mark.lines[0].expected == "foxing"
    assert mark.lines[3].expected == "igi_corrosion"


def test_a_teacher_sees_recall_precision_overlap_and_confusions() -> None:
    report = regions.report(EXERCISE, WORKED["regions"]["cases"][0]["answer"])

    assert (report["recall"], report["precision"]) == (0.75, 0.6)
    assert report["mean_iou"] == pytest.approx((0.681 + 0.867 + 0.72) / 3, abs=0.002)
    assert report["confusion"] == [
        ["", "foxing", 1],
        ["", "loss", 1],
        ["foxing", "mould_stain", 1],
        ["igi_corrosion", "", 1],
        ["tear", "tear", 1],
        ["tide_line", "tide_line", 1],
    ]


def test_the_right_word_in_the_wrong_place_earns_nothing() -> None:
    exercise = one({"poly": box(0.1, 0.1, 0.2, 0.2)})

    assert score(exercise, {"cls": "foxing", "sev": 1, "poly": box(0.6, 0.6, 0.2, 0.2)}) == 0.0


@pytest.mark.parametrize(
    ("cls", "sev", "expected"),
    [
        ("foxing", 1, 1.0),
        ("foxing", 2, 0.4 + 0.4 + 0.2 * 2 / 3),
        ("foxing", None, 0.8),
        ("mould_stain", 1, 0.4 + 0.2 + 0.2),
        ("tear", 1, 0.4),
    ],
)
def test_class_and_severity_earn_their_share(cls: str, sev: int | None, expected: float) -> None:
    exercise = one({"poly": box(0.1, 0.1, 0.2, 0.2)})
    mark = {"cls": cls, "poly": box(0.1, 0.1, 0.2, 0.2)}

    assert score(exercise, mark if sev is None else mark | {"sev": sev}) == pytest.approx(expected)


def test_a_tear_drawn_as_a_line_nearby_is_found() -> None:
    exercise = one({"cls": "tear", "line": [[0.5, 0.1], [0.5, 0.6]]})

    near = score(exercise, {"cls": "tear", "sev": 1, "line": [[0.505, 0.1], [0.505, 0.6]]})
    far = score(exercise, {"cls": "tear", "sev": 1, "line": [[0.6, 0.1], [0.6, 0.6]]})

    assert (near, far) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("point", "expected"), [([0.2, 0.2], 1.0), ([0.32, 0.2], 0.4 * 0.528 + 0.6), ([0.4, 0.2], 0.0)]
)
def test_a_point_counts_inside_and_a_little_beside(point: list[float], expected: float) -> None:
    exercise = one({"poly": box(0.1, 0.1, 0.2, 0.2)}, modes=["points"])

    found = score(exercise, {"cls": "foxing", "sev": 1, "point": point})
    assert found == pytest.approx(expected, abs=0.001)


def test_points_are_refused_where_areas_are_asked_for() -> None:
    with pytest.raises(InvalidAnswer, match=r"marks\[0\]\.point: This exercise does not take"):
        score(one({"poly": box(0.1, 0.1, 0.2, 0.2)}), {"cls": "foxing", "point": [0.2, 0.2]})


def test_small_damage_can_be_marked_by_the_fields_of_the_grid() -> None:
    exercise = one({"poly": box(0.13, 0.09, 0.02, 0.02)})

    assert score(exercise, {"cls": "foxing", "sev": 1, "cells": [[1, 1]]}) == 1.0
    assert score(exercise, {"cls": "foxing", "sev": 1, "cells": [[5, 5]]}) == 0.0


def test_a_described_damage_is_placed_by_name() -> None:
    exercise = one({"poly": box(0.7, 0.05, 0.2, 0.2)}, modes=["described"])

    assert score(exercise, {"cls": "foxing", "sev": 1, "place": "upper_right"}) == 1.0
    assert score(exercise, {"cls": "foxing", "sev": 1, "place": "upper_left"}) == 0.0


def test_marks_in_an_ignored_area_cost_nothing_and_decoys_are_named() -> None:
    perfect = regions.model_answer(PAGE)["marks"]
    ignored = {"cls": "foxing", "sev": 1, "poly": box(0.45, 0.12, 0.1, 0.1)}
    decoy = {"cls": "tear", "sev": 1, "poly": box(0.05, 0.45, 0.2, 0.1)}

    assert score(PAGE, *perfect, *[ignored] * 5) == 1.0
    mark = regions.grade(PAGE, {"marks": [*perfect, decoy, decoy]})
    assert [line.message for line in mark.lines if line.code == "regions.decoy"] == [
        "Tear: this is no damage. These are chain lines."
    ] * 2
    assert mark.points == mark.possible - 0.25 * 5 / 4


def test_one_class_taken_for_another_gets_the_authors_own_word() -> None:
    mark = regions.grade(PAGE, {"marks": [{"cls": "foxing", "poly": box(0.5, 0.6, 0.3, 0.3)}]})

    assert mark.lines[0].message.endswith("look again: mould is fuzzy and smells.")


def test_an_overlooked_critical_damage_caps_the_score_and_says_so() -> None:
    marks = [m for m in regions.model_answer(PAGE)["marks"] if m["cls"] != "mould"]
    exercise = PAGE | {"settings": PAGE["settings"] | {"cap": 0.5}}

    mark = regions.grade(exercise, {"marks": marks})

    assert mark.score == pytest.approx(0.5)
    assert mark.lines[-1].code == "regions.critical"
    assert regions.grade(PAGE | {"settings": {}}, {"marks": marks}).score == pytest.approx(0.8)


def test_spots_of_one_field_may_be_merged_and_one_mark_may_cover_several() -> None:
    parts = [
        {"cls": "foxing", "sev": 1, "poly": box(0.1 + n * 0.05, 0.1, 0.05, 0.2)} for n in range(4)
    ]
    whole = {"cls": "foxing", "sev": 1, "poly": box(0.1, 0.1, 0.2, 0.2)}
    field = {"regions": [whole], "settings": {"merge": True}}
    spots = {"regions": parts, "settings": {"split": True}}

    assert score(field, *parts) == 1.0
    assert score(field | {"settings": {}}, *parts) == pytest.approx(0.4 * 0.375 + 0.6 - 2 * 0.25)
    assert score(spots, whole) == 1.0
    assert score(spots | {"settings": {}}, whole) == pytest.approx((0.4 * 0.375 + 0.6) / 4)
    assert score(spots, *parts) == 1.0


def test_merged_spots_are_active_if_one_of_them_is_marked_so() -> None:
    whole = {"cls": "foxing", "sev": 1, "active": True, "poly": box(0.1, 0.1, 0.2, 0.2)}
    field = {"regions": [whole], "settings": {"merge": True, "t1": 0.9, "w_act": 0.5}}
    left = {"cls": "foxing", "sev": 1, "poly": box(0.1, 0.1, 0.1, 0.2)}
    right = {"cls": "foxing", "sev": 1, "active": True, "poly": box(0.2, 0.1, 0.1, 0.2)}

    assert score(field, left, right) == score(field, right, left) == 1.0
    assert score(field, left, right | {"active": False}) == pytest.approx(1.0 / 1.5)


@settings(max_examples=60, deadline=None)
@given(st.lists(drawn, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_marks_does_not_matter(marks: list[Any], shuffler: random.Random) -> None:
    shuffled = shuffler.sample(marks, len(marks))

    assert score(EXERCISE, *marks) == pytest.approx(score(EXERCISE, *shuffled), abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.lists(drawn, max_size=8), st.integers(0, 3))
def test_marking_one_more_damage_rightly_never_lowers_the_score(marks: list[Any], n: int) -> None:
    right = regions.model_answer(EXERCISE)["marks"][n]
    kept = [mark for mark in marks if not _touches(mark, right)]

    assert score(EXERCISE, *kept, right) >= score(EXERCISE, *kept) - 1e-9


def _touches(mark: dict[str, Any], right: dict[str, Any]) -> bool:
    """Whether a mark may already answer the same region."""
    return bool(regions.report({"regions": [right]}, {"marks": [mark]})["recall"])


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["foxing", "tear", "loss"]), st.integers(0, 3), st.integers(4, 7))
def test_a_grid_of_spam_earns_about_nothing(cls: str, sev: int, n: int) -> None:
    spam = [
        {"cls": cls, "sev": sev, "poly": box(x / n, y / n, 1 / n - 1e-9, 1 / n - 1e-9)}
        for x in range(n)
        for y in range(n)
    ]

    assert score(EXERCISE, *spam) < 0.02


@pytest.mark.parametrize("cls", ["foxing", "tear", "tide_line", "igi_corrosion"])
def test_one_mark_over_the_whole_page_earns_about_nothing(cls: str) -> None:
    for mark in (
        {"poly": box(0, 0, 1, 1)},
        {"cells": [[x, y] for x in range(8) for y in range(12)]},
    ):
        assert score(EXERCISE, {"cls": cls, "sev": 2, **mark}) < 0.15


def test_the_page_is_told_no_truth() -> None:
    shown = str(regions.public(PAGE))

    for region in PAGE["regions"]:
        assert region["id"] not in [c["id"] for c in regions.public(PAGE)["classes"]] or (
            region["id"] == region["cls"]
        )
    assert "poly" not in shown
    assert "chain lines" not in shown


@pytest.mark.parametrize(
    ("exercise", "place"),
    [
        ({"regions": []}, r"regions: Too few"),
        ({"regions": [{"cls": "a", "sev": 1}]}, r"regions\[0\]: A shape is expected"),
        ({"regions": [{"cls": "a", "sev": 9, "poly": box(0, 0, 1, 1)}]}, r"regions\[0\]\.sev"),
        ({"regions": [{"cls": "a", "sev": 1, "poly": [[0, 0]] * 3}]}, r"covers nothing"),
        ({"regions": [{"cls": "a", "sev": 1, "poly": [[0, 2]] * 3}]}, r"poly\[0\]: A point is"),
        (one({"poly": box(0, 0, 1, 1)}, t0=0.6, t1=0.5), r"settings\.t1: The setting t1 must"),
        (one({"poly": box(0, 0, 1, 1)}, speed=1), r"No setting is called «speed»"),
    ],
)
def test_what_is_wrong_with_an_exercise_is_named(exercise: Any, place: str) -> None:
    with pytest.raises(InvalidExercise, match=place):
        regions.check(exercise)


def test_shapes_that_would_take_too_long_are_refused() -> None:
    saw = [[n / 119, float(n % 2)] for n in range(120)]

    with pytest.raises(InvalidAnswer, match="too intricate"):
        score(EXERCISE, *[{"cls": "tear", "sev": 1, "poly": saw}] * 50)


def test_every_region_with_a_fault_is_named_and_the_rest_of_an_exercise_once() -> None:
    square = {"poly": box(0.1, 0.1, 0.2, 0.2)}
    good = {"cls": "foxing", "sev": 1, **square}
    rows = [{**good, "cls": ""}, good, {**good, "sev": 7}]

    found = [(fault.where, fault.message) for fault in regions.find_faults({"regions": rows})]

    assert [where for where, _message in found] == ["regions[0].cls", "regions[2].sev"]
    assert found[0][1] == "This damage has no kind yet."
    assert [f.where for f in regions.find_faults({"regions": [good, {**good, "id": "a"}]})] == []
    bad_setting = {"regions": [good, good], "settings": {"t1": 0.05}}
    assert [f.where for f in regions.find_faults(bad_setting)] == ["settings.t1"]
    nothing: list[Any] = [{}, [], {"regions": {}}]
    assert [len(list(regions.find_faults(exercise))) for exercise in nothing] == [1, 1, 1]


def test_what_describes_the_picture_is_public_and_what_is_drawn_is_not() -> None:
    told = {
        "observations": ["Brown spots in the upper left.", "A line of ink."],
        "cells": [{"at": [7, 11], "text": "A pale ring"}],
        "definitions": {"foxing": "Small brown spots."},
        "page": "a/4",
    }
    exercise = {**PAGE, **told}

    shown = regions.public(exercise)

    assert shown["observations"] == told["observations"]
    assert shown["cells"] == told["cells"]
    assert {each["id"]: each["definition"] for each in shown["classes"]}["foxing"] == (
        "Small brown spots."
    )
    assert not {"regions", "decoys", "ignore", "page", "confusions"} & shown.keys()


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ({"cells": [{"at": [8, 0], "text": "a"}]}, "cells[0].at[0]"),
        ({"cells": [{"at": [0, 0]}]}, "cells[0].text"),
        ({"cells": [{"at": [0], "text": "a"}]}, "cells[0].at"),
        ({"observations": [""]}, "observations[0]"),
        ({"observations": ["a"] * 41}, "observations"),
        ({"definitions": {"foxing": 1}}, "definitions.foxing"),
    ],
)
def test_a_description_that_cannot_be_read_is_refused_at_its_place(told: Any, where: str) -> None:
    with pytest.raises(InvalidExercise) as refused:
        regions.check({**PAGE, **told})

    assert refused.value.where == where


def test_the_reference_has_every_shape_as_it_was_drawn() -> None:
    found = regions.reference(PAGE)

    drawn = [region.get("poly") or region["line"] for region in found["regions"]]
    assert drawn == [region.get("poly") or region["line"] for region in PAGE["regions"]]
    assert [region["place"] for region in found["regions"]] == [
        "upper_left",
        "upper_right",
        "lower_centre",
        "lower_left",
    ]
    assert found["regions"][2]["active"] is True
    assert (found["ignore"], found["decoys"]) == (PAGE["ignore"], PAGE["decoys"])
