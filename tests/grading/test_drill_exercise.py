"""Drills as exercises: what an author may write, what a learner gets, what the page knows."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.data import InvalidExercise
from grading.graders import drill
from tests.grading.drills import (
    ALL_ITEMS,
    AREA_1,
    AUTHORITY,
    CODED,
    COMARC_100,
    HEADINGS,
    ISBN,
    LRM,
    MAPPINGS,
    MODULES,
    NAMES,
    NUMBERS,
    PAIRS,
    RDA,
    TITLE_PAGE,
    Exercise,
    Item,
    drill_of,
    item,
)

NOVELS = item(
    "udc",
    "novel",
    variants=[
        {"prompt": "Slovene novel", "value": "821.163.6-31"},
        {"prompt": "Croatian novel", "value": "821.163.42-31"},
        {"prompt": "Bulgarian novel", "value": "821.163.2-31"},
    ],
)
POOLED: Exercise = {
    "items": [AREA_1, NOVELS, *({**number, "pool": "numbers"} for number in NUMBERS)],
    "pools": {"numbers": 3},
    "settings": {"shuffle": True},
}
seeds = st.text(max_size=20)


def ids(exercise: Any) -> list[str]:
    return [row["id"] for row in exercise["items"]]


# --- What one learner gets ---


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_an_instance_is_graded_shown_and_solved_alike_and_stays_as_it_is(seed: str) -> None:
    instance = drill.instantiate(POOLED, seed)

    assert drill.instantiate(instance, "another") == instance
    assert drill.instantiate(POOLED, seed) == instance
    answer = drill.model_answer(instance)
    assert drill.grade(instance, answer).score == 1.0
    assert set(ids(instance)) == {row["id"] for row in drill.public_items(instance)}
    assert set(ids(instance)) == set(answer["items"])
    assert len(ids(instance)) == 5
    assert json.loads(json.dumps(instance)) == instance
    assert not any("variants" in row or "pool" in row for row in instance["items"])


def test_learners_get_different_variants_items_and_orders() -> None:
    instances = [drill.instantiate(POOLED, str(n)) for n in range(40)]
    prompts = {next(r for r in i["items"] if r["id"] == "novel")["prompt"] for i in instances}
    picked = {name for instance in instances for name in ids(instance)}

    assert prompts == {"Slovene novel", "Croatian novel", "Bulgarian novel"}
    assert picked == {"m1e1", "novel", *(number["id"] for number in NUMBERS)}
    assert len({tuple(ids(instance)) for instance in instances}) > 20


def test_an_item_added_to_a_pool_leaves_most_learners_theirs() -> None:
    fewer = {**POOLED, "items": POOLED["items"][:-1]}
    kept = [
        set(ids(drill.instantiate(fewer, n))) - set(ids(drill.instantiate(POOLED, n)))
        for n in range(40)
    ]

    assert all(len(lost) <= 1 for lost in kept)
    assert sum(not lost for lost in kept) > 20


def test_a_variant_added_or_mended_leaves_most_learners_theirs() -> None:
    mended = copy.deepcopy(NOVELS)
    mended["variants"][1]["value"] = "821.163.42-31:94"
    more = {**NOVELS, "variants": [{"prompt": "Russian novel", "value": "8"}, *NOVELS["variants"]]}

    def prompt(given_item: Item, seed: int) -> str:
        return str(drill.instantiate(drill_of(given_item), seed)["items"][0]["prompt"])

    before = [prompt(NOVELS, n) for n in range(60)]
    assert [prompt(mended, n) for n in range(60)] == before
    after = [prompt(more, n) for n in range(60)]
    moved = [new for old, new in zip(before, after, strict=True) if old != new]
    assert set(moved) == {"Russian novel"}
    assert len(moved) < 30


def test_the_authors_own_seed_is_everybodys() -> None:
    fixed = {**POOLED, "seed": "2024"}

    assert drill.instantiate(fixed, "a") == drill.instantiate(fixed, "b")


def test_a_drill_without_variants_is_graded_as_it_is() -> None:
    instance = drill.instantiate(MODULES, 7)

    assert instance == {**MODULES, "seed": "7"}
    assert drill.model_answer(instance) == drill.model_answer(MODULES)


def test_an_answer_cannot_choose_its_variant() -> None:
    exercise = drill_of(NOVELS)
    instance = drill.instantiate(exercise, "s")
    model = drill.model_answer(instance)

    for seed in ("s", "t", "u", "v"):
        assert drill.grade(instance, {**model, "seed": seed}).score == 1.0


# --- What the page knows ---

SECRETS: list[tuple[Item, Item]] = [
    (HEADINGS, {**HEADINGS, "options": [{**o, "right": True} for o in HEADINGS["options"]]}),
    (
        AUTHORITY,
        {
            **AUTHORITY,
            "candidates": [{**c, "right": False} for c in AUTHORITY["candidates"]],
            "reasons": [{**r, "right": True} for r in AUTHORITY["reasons"]],
        },
    ),
    (PAIRS[1], {**PAIRS[1], "decision": "work", "differences": [
        {**d, "right": True} for d in PAIRS[1]["differences"]
    ]}),
    (LRM, {**LRM, "rows": [{**r, "entity": "work"} for r in LRM["rows"]]}),
    (RDA, {**RDA, "rows": [{**r, "element": "note", "manner": "recorded"} for r in RDA["rows"]]}),
    (MAPPINGS[0], {**MAPPINGS[0], "rows": [
        {**r, "place": "500 __ $a"} for r in MAPPINGS[0]["rows"]
    ]}),
    (CODED, {**CODED, "value": CODED["value"].replace("ci a ", "xx  b").replace("p hrv", "1 scr")}),
    (AREA_1, {**AREA_1, "elements": [
        {**e, "mark": " ~~ "} for e in AREA_1["elements"]
    ]}),
    (COMARC_100, {**COMARC_100, "value": {"b": "e", "c": "1", "h": "x", "l": "ca"}}),
    (NAMES, {**NAMES, "names": [
        {**n, "heading": "Other", "relator": "730", "entry": "added"} for n in NAMES["names"]
    ]}),
    (NUMBERS[0], {**NUMBERS[0], "value": "5"}),
    (ISBN, {**ISBN, "value": "9789539999207"}),
    (TITLE_PAGE, {**TITLE_PAGE, "elements": [
        {**e, "value": "Other"} for e in TITLE_PAGE["elements"]
    ]}),
]  # fmt: skip


@pytest.mark.parametrize(("given_item", "other"), SECRETS, ids=lambda i: i["id"])
def test_another_truth_shows_the_same_page(given_item: Item, other: Item) -> None:
    assert given_item != other
    # The points tell how much is asked, so they are set apart.
    pages = [drill.public_items(drill_of({**i, "w": 1, "count": 2}, seed="s"))
             for i in (given_item, other)]  # fmt: skip

    assert pages[0] == pages[1]


SHUFFLED = [
    (HEADINGS, "options"),
    (AUTHORITY, "candidates"),
    (AUTHORITY, "reasons"),
    (PAIRS[1], "differences"),
    (LRM, "rows"),
    (RDA, "rows"),
]


@pytest.mark.parametrize(("given_item", "name"), SHUFFLED)
def test_the_authors_order_is_not_shown_where_it_might_tell(given_item: Item, name: str) -> None:
    turned = {**given_item, name: given_item[name][::-1]}

    [first], [second] = (drill.public_items(drill_of(i, seed="s")) for i in (given_item, turned))

    assert first == second
    others = {
        tuple(row["id"] for row in drill.public_items(drill_of(given_item, seed=str(n)))[0][name])
        for n in range(10)
    }
    assert len(others) > 1


def test_three_elements_are_shown_in_any_order_not_always_the_wrong_way_round() -> None:
    three = {**AREA_1, "elements": AREA_1["elements"][:3]}
    shown = [drill.public_items(drill_of(three, seed=str(n)))[0]["elements"] for n in range(40)]

    assert len({tuple(element["text"] for element in elements) for elements in shown}) == 6


def test_the_page_of_an_order_knows_elements_and_a_palette_only() -> None:
    [shown] = drill.public_items(drill_of({**AREA_1, "distractors": ["Zagreb"]}, seed="s"))

    assert {row["text"] for row in shown["elements"]} == {
        *(element["text"] for element in AREA_1["elements"]),
        "Zagreb",
    }
    assert set(shown) == {"id", "type", "prompt", "points", "elements", "ask", "palette"}
    assert {" : ", " / ", " ; ", ", "} <= set(shown["palette"])


def test_ids_of_parts_stay_when_others_change() -> None:
    [whole] = drill.public_items(drill_of(LRM))
    [less] = drill.public_items(drill_of({**LRM, "rows": LRM["rows"][3:]}))

    assert {row["id"] for row in less["rows"]} < {row["id"] for row in whole["rows"]}


# --- Faults of an author ---


@pytest.mark.parametrize(
    ("exercise", "fault"),
    [
        ([], "An exercise is an object with items."),
        ({}, "items: Too few entries are given here; the least is 1."),
        ({"items": [{"type": "udc"}]}, "items[0].id: Text is expected here."),
        (drill_of({**AREA_1, "id": "a b"}), "items[0].id: An id of up to 40 Latin letters"),
        (drill_of(AREA_1, AREA_1), "items[1].id: Another item has this id."),
        (
            drill_of({**AREA_1, "type": "essay"}),
            "items[0].type: One of these is expected here: order, mapping",
        ),
        (
            drill_of({**AREA_1, "prompt": " "}),
            "items[0].prompt: Text is expected here; this is empty.",
        ),
        (drill_of({**AREA_1, "w": 0}), "items[0].w: A number from 0.001 to 1000"),
        (drill_of({**AREA_1, "lang": "in Croatian"}), "items[0].lang: A language tag"),
        (
            drill_of({**AREA_1, "refs": [{"scheme": "X", "url": "javascript:alert(1)"}]}),
            "items[0].refs[0].url: An address",
        ),
        (
            drill_of({**AREA_1, "image": "data:image/svg+xml,<svg/>"}),
            "items[0].image: An address that begins with / or https://",
        ),
        (drill_of(AREA_1, settings={"speed": 1}), "settings: No setting is called «speed»."),
        (drill_of(AREA_1, settings={"unwanted": 2}), "settings.unwanted: A number from 0 to 1"),
        (drill_of(AREA_1, pools={"a": 1}), "pools.a: No item belongs to this pool."),
        (drill_of({**AREA_1, "pool": "a"}), "items[0].pool: The pool «a» is not among the pools."),
        (
            drill_of({**AREA_1, "pool": "a"}, pools={"a": 2}),
            "pools.a: A whole number from 1 to 1 is expected here.",
        ),
        (
            drill_of({**NOVELS, "variants": [{"id": "x"}]}),
            "items[0].variants[0]: A variant has no «id» of its own.",
        ),
        (
            drill_of({**NOVELS, "variants": [{"value": "1"}, {"value": 5}]}),
            "items[0].variants[1].value: Text is expected here.",
        ),
        (
            drill_of(item("order", elements=[{"text": "a"}, {"text": "b"}])),
            "items[0].elements[1].mark: Text is expected here.",
        ),
        (
            drill_of(item("order", ask=["order"], elements=[{"text": "a"}, {"text": " a"}])),
            "items[0].elements: Number 1 and number 2 cannot be told apart",
        ),
        (
            drill_of({**AREA_1, "alt": [{"order": ["Judita"]}]}),
            "items[0].alt[0].order: This order does not name every element.",
        ),
        (
            drill_of(item("mapping", rows=[{"text": "x", "place": "24 $a"}])),
            "items[0].rows[0].place: A place such as",
        ),
        (
            drill_of({**CODED, "value": "191021"}),
            "items[0].value: The number of characters must be 40 here, not 6.",
        ),
        (drill_of({**CODED, "tag": "245"}), "items[0].tag: The format has no table"),
        (
            drill_of({**CODED, "positions": ["99"]}),
            "items[0].positions[0]: One of these is expected here: 06, 07-10",
        ),
        (drill_of({**CODED, "positions": ["22"]}), "items[0].value: Nothing is coded here."),
        (
            drill_of({**COMARC_100, "value": {"z": "1"}}),
            "items[0].value.z: The field has no such coded subfield",
        ),
        (
            drill_of({**NAMES, "names": [{"name": "x", "entry": "none"}]}),
            "items[0].names: No name gets an access point.",
        ),
        (
            drill_of({**NAMES, "names": [{"name": "x", "entry": "none", "heading": "X"}]}),
            "items[0].names[0]: Only a name that gets an access point",
        ),
        (
            drill_of({**AUTHORITY, "candidates": [
                {"heading": "a", "right": True}, {"heading": "b", "right": True}
            ]}),
            "items[0].candidates: Only one record can be right.",
        ),
        (
            drill_of({**NUMBERS[0], "policy": "text"}),
            "items[0].policy: One of these is expected here: udc, ddc.",
        ),
        (
            drill_of({**NUMBERS[0], "near": [["8", 2]]}),
            "items[0].near[0][1]: A number from 0 to 1 is expected here.",
        ),
        (
            drill_of({**ISBN, "value": "9789539999901"}),
            "items[0].value: This is not a valid ISBN.",
        ),
        (
            drill_of({**ISBN, "given": "9789539999900"}),
            "items[0].given: This must differ from the value in exactly one digit",
        ),
        (
            drill_of(item("isbn", task="to_10", given="9798886451740")),
            "items[0].given: A valid ISBN of thirteen digits from 978 on",
        ),
        (
            drill_of({**PAIRS[0], "records": ["a"]}),
            "items[0].records: Too few entries are given here; the least is 2.",
        ),
        (
            drill_of({**PAIRS[0], "decisions": ["work", "expression"]}),
            "items[0].decision: One of these is expected here: expression, work.",
        ),
        (
            drill_of({**LRM, "rows": [{"text": "x", "entity": "book"}]}),
            "items[0].rows[0].entity: One of these is expected here: work, expression",
        ),
        (
            drill_of({**RDA, "choices": ["edition", "extent"]}),
            "items[0].rows[1].element: One of these is expected here: edition, extent.",
        ),
        (
            drill_of({**HEADINGS, "options": [{"text": "a"}, {"text": "b"}]}),
            "items[0].options: No option is right.",
        ),
        (
            drill_of({**HEADINGS, "count": 4}),
            "items[0].count: A whole number from 1 to 3 is expected here.",
        ),
        (
            drill_of({**TITLE_PAGE, "conventions": "gothic"}),
            "items[0].conventions: One of these is expected here: modern, early_latin",
        ),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(exercise: Any, fault: str) -> None:
    for read in (drill.check, drill.public_items, drill.model_answer):
        with pytest.raises(InvalidExercise) as refusal:
            read(exercise)
        assert str(refusal.value).startswith(fault)


def test_a_fault_in_an_item_that_few_learners_get_is_found() -> None:
    broken = copy.deepcopy(POOLED)
    broken["items"][-1]["value"] = ""

    with pytest.raises(InvalidExercise, match=r"items\[11\]\.value"):
        drill.check(broken)
    with pytest.raises(InvalidExercise, match=r"items\[11\]\.value"):
        drill.grade(broken, {})


@pytest.mark.parametrize("given_item", ALL_ITEMS, ids=lambda i: i["id"])
def test_texts_for_the_page_are_shown_as_the_author_wrote_them(given_item: Item) -> None:
    shown = {
        "prompt": "<p>Прочети</p>",
        "source": "<p>JUDITA</p>",
        "image": "/static/title.svg",
        "image_alt": "Title page",
        "lang": "hr",
    }

    [public] = drill.public_items(drill_of({**given_item, **shown, "w": 3}))

    assert {name: public[name] for name in shown} == shown
    assert public["points"] == 3.0


@pytest.mark.parametrize(("given_item", "other"), SECRETS, ids=lambda i: i["id"])
def test_the_points_of_an_item_do_not_tell_how_much_of_it_is_right(
    given_item: Item, other: Item
) -> None:
    shown = [drill.public_items(drill_of({**i, "count": 2}))[0] for i in (given_item, other)]

    assert shown[0]["points"] == shown[1]["points"]
