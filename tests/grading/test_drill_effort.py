"""A drill whose grading would outlast a request is refused before anybody takes it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.data import InvalidExercise
from grading.graders import drill
from grading.graders.drill.exercise import MOST_EFFORT, find_effort
from scripts.bench.grade_drill import make_dearest
from tests.grading.drills import ALL_ITEMS, MODULES, NUMBERS, ONE_OF_EACH, Item, drill_of, item

FORMS = [f"02:37:{n}" for n in range(12)]


def page(elements: int, forms: int, length: int) -> Item:
    """A title page in the old Russian spelling."""
    return item(
        "transcription",
        conventions="old_russian",
        elements=[
            {
                "label": f"{n}",
                "value": "\u0463" * length,
                "alt": [f"{m}" * length for m in range(forms)],
            }
            for n in range(elements)
        ],
    )


def numbered(*items: Item) -> list[Item]:
    return [{**given_item, "id": f"i{n}"} for n, given_item in enumerate(items)]


def refusal_of(exercise: Any) -> InvalidExercise:
    with pytest.raises(InvalidExercise) as refused:
        drill.check(exercise)
    return refused.value


def test_what_authors_write_costs_a_small_part_of_what_is_allowed() -> None:
    assert find_effort(MODULES) < MOST_EFFORT / 5
    assert find_effort(drill_of(*ONE_OF_EACH)) < MOST_EFFORT / 5


@pytest.mark.parametrize(
    "dear",
    [
        page(20, 12, 200),
        item("headings", options=[{"text": f"{n}" * 900, "right": True} for n in range(100)]),
        item(
            "access_points",
            names=[
                {"name": f"{n}", "entry": "added", "heading": {"value": "x" * 200, "alt": FORMS}}
                for n in range(50)
            ],
        ),
    ],
    ids=lambda given_item: given_item["type"],
)
def test_the_dearest_item_is_named_with_its_place(dear: Item) -> None:
    items = numbered(*[NUMBERS[0]] * 2, *[dear] * 30)
    items[7]["prompt"] += "<p>Read it twice.</p>" * 200

    refused = refusal_of({"items": items})

    assert refused.where == "items[7]"
    assert "«i7»" in refused.message


def test_many_numbers_with_many_forms_are_refused_and_fewer_are_not() -> None:
    numbers = [{**NUMBERS[0], "alt": FORMS}] * 100

    assert refusal_of({"items": numbered(*numbers)}).where.startswith("items[")
    drill.check({"items": numbered(*numbers[:40])})


def test_the_dearest_variant_and_the_dearest_of_a_pool_count() -> None:
    cheap, dear = page(1, 0, 10), page(4, 3, 100)
    varied = {
        **cheap,
        "variants": [{"elements": cheap["elements"]}, {"elements": dear["elements"]}],
    }
    pooled = [{**given_item, "pool": "p"} for given_item in numbered(cheap, dear, cheap, dear)]

    alone = find_effort({"items": numbered(dear)})

    assert find_effort({"items": numbered(varied)}) == pytest.approx(alone, abs=2)
    assert find_effort({"items": pooled, "pools": {"p": 1}}) == pytest.approx(alone, abs=2)
    assert find_effort({"items": pooled, "pools": {"p": 2}}) == pytest.approx(2 * alone, abs=4)


def test_the_dearest_drill_that_is_measured_is_just_allowed() -> None:
    for exercise in make_dearest().values():
        drill.check(exercise)
        assert MOST_EFFORT * 0.9 < find_effort(exercise) <= MOST_EFFORT


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_another_accepted_form_or_item_never_makes_a_drill_cheaper(data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(ALL_ITEMS), min_size=1, max_size=4))
    items = numbered(*copy.deepcopy(chosen))
    before = find_effort({"items": items})
    more = {**data.draw(st.sampled_from(ALL_ITEMS)), "id": "more"}

    assert find_effort({"items": [*items, more]}) > before

    udc = [given_item for given_item in items if given_item["type"] == "udc"]
    for given_item in udc:
        given_item["alt"] = [*given_item.get("alt", []), data.draw(st.text("0123:/", min_size=1))]
    assert find_effort({"items": items}) >= before + 10 * len(udc)
