"""Pages that are made up, and the truth of what is wrong with them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from grading.graders import regions
from grading.pages import (
    CLASSES,
    DAMAGES,
    DEFINITIONS,
    FAMILIES,
    draw_page,
    make_page,
    picture_of,
)
from scripts.make_pages import COUNT, COURSE, make_pages, truth_of

PAGES = make_pages()
MODES = ("areas", "grid", "points", "described")


def test_the_same_seed_makes_the_same_page_and_another_another() -> None:
    assert make_page("a") == make_page("a") != make_page("b")


@pytest.mark.parametrize("kind", DAMAGES)
@pytest.mark.parametrize("seed", ["1", "2", "3"])
def test_every_damage_is_drawn_where_its_truth_says(kind: str, seed: str) -> None:
    page = make_page(seed, [kind])

    [region] = page.exercise["regions"]
    assert region["cls"] == kind
    assert 1 <= region["sev"] <= 3
    points = region.get("poly") or region["line"]
    assert all(0.0 < part < 1.0 for point in points for part in point)
    assert any(region["text"] in observation for observation in page.observations)
    assert region["text"].split()[0] != kind


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_an_exercise_that_can_be_answered_in_every_way(name: str) -> None:
    exercise = PAGES[name].exercise

    for mode in MODES:
        asked = exercise | {"settings": exercise["settings"] | {"modes": [mode]}}
        assert regions.grade(asked, regions.model_answer(asked)).score == 1.0
    assert regions.grade(exercise, {"marks": []}).score == 0.0


@pytest.mark.parametrize("name", PAGES)
def test_no_damage_lies_upon_another(name: str) -> None:
    exercise = PAGES[name].exercise
    model = regions.model_answer(exercise)["marks"]

    for mark, region in zip(model, exercise["regions"], strict=True):
        others = [other for other in exercise["regions"] if other is not region]
        if others:
            asked = exercise | {"regions": others}
            assert regions.report(asked, {"marks": [mark]})["recall"] == 0.0


def test_the_thirty_pages_show_every_damage_several_times() -> None:
    counts = Counter(r["cls"] for page in PAGES.values() for r in page.exercise["regions"])

    assert len(PAGES) == COUNT == 30
    assert set(counts) == set(DAMAGES)
    assert min(counts.values()) >= 5


def test_a_picture_is_sound_and_tells_nothing_in_words() -> None:
    for page in PAGES.values():
        root = etree.fromstring(page.svg.encode())
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert not list(root.iter("{*}text", "{*}title", "{*}desc", "{*}script"))
        assert not any(name in page.svg for name in CLASSES)
        assert len(page.svg) < 120_000


def test_the_course_ships_the_pages_as_they_are_made() -> None:
    for name, page in PAGES.items():
        assert (COURSE / "static" / f"{name}.svg").read_text("utf-8") == page.svg
        kept = json.loads((COURSE / "pages" / f"{name}.json").read_text("utf-8"))
        assert kept == truth_of(page)


def test_every_class_has_a_family_and_a_name() -> None:
    members = [name for family in FAMILIES.values() for name in family]

    assert sorted(members) == sorted(CLASSES)
    assert set(DAMAGES) <= set(CLASSES)
    assert Path(COURSE / "static").is_dir()


def test_a_named_page_brings_its_exercise_its_picture_and_what_is_seen_in_words() -> None:
    exercise = draw_page("oak/3")

    assert exercise == draw_page("oak/3")
    assert len(exercise["regions"]) <= 3
    assert picture_of("oak/3") == make_page("oak", count=3).svg
    assert picture_of("no count") == make_page("", count=4).svg
    regions.check(exercise)
    assert exercise["settings"]["aspect"] == pytest.approx(600 / 840, abs=0.001)
    assert set(DEFINITIONS) == set(CLASSES)


@pytest.mark.parametrize("seed", ["a", "b", "c"])
def test_words_alone_lead_to_the_place_of_every_damage(seed: str) -> None:
    """Whoever cannot see the page reads where each damage is, and in which fields of the grid."""
    exercise = draw_page(f"{seed}/5")
    told = {(x, y): cell["text"].lower() for cell in exercise["cells"] for x, y in [cell["at"]]}

    for region, mark in zip(
        regions.reference(exercise)["regions"],
        regions.model_answer({**exercise, "settings": {**exercise["settings"], "modes": ["grid"]}})[
            "marks"
        ],
        strict=True,
    ):
        [sentence] = [each for each in exercise["observations"] if region["text"] in each]
        row, _line, column = region["place"].partition("_")
        assert row in sentence.lower()
        assert column == "centre" or column in sentence.lower()
        assert all(region["text"].lower() in told[x, y] for x, y in mark["cells"])
    decoys = [text for text in told.values() if "ring" in text or "fleck" in text]
    assert bool(decoys) == bool(exercise["decoys"])
