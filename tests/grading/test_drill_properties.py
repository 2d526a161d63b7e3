"""Properties that hold for every drill and every answer."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grading.data import InvalidAnswer, InvalidExercise
from grading.graders import drill
from tests.grading.drills import (
    ALL_ITEMS,
    CODED,
    HEADINGS,
    LRM,
    MODULES,
    NAMES,
    ONE_OF_EACH,
    PAIRS,
    RDA,
    Item,
    drill_of,
    grade_one,
    item,
    model_of,
)

EPSILON = 1e-9

every_item = pytest.mark.parametrize("given_item", ALL_ITEMS, ids=lambda i: i["id"])
items = st.sampled_from(ALL_ITEMS)
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), st.just("\ud800")
)
any_json = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
Path = tuple[Any, ...]


def score(given_item: Item, value: Any) -> float:
    return grade_one(given_item, value).score


def score_or_refuse(exercise: Any, answer: Any) -> float | InvalidAnswer:
    """The score, or the refusal of the answer; a refusal of the exercise is not expected."""
    try:
        return drill.grade(exercise, answer).score
    except InvalidAnswer as error:
        return error


def solve_or_refuse(exercise: Any) -> float | InvalidExercise:
    """The score of the model answer, or the refusal of the exercise."""
    try:
        drill.check(exercise)
    except InvalidExercise as error:
        return error
    json.dumps(drill.public_items(exercise))
    return drill.grade(exercise, drill.model_answer(exercise)).score


def leaves(node: Any, path: Path = ()) -> Iterator[Path]:
    """The paths of all values in a tree; a list of texts is one value, as is an order."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from leaves(value, (*path, name))
    else:
        yield path


def nodes(node: Any, path: Path = ()) -> Iterator[Path]:
    """The paths of everything in a tree."""
    yield path
    if isinstance(node, dict | list):
        for name, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from nodes(value, (*path, name))


def get(tree: Any, path: Path) -> Any:
    for name in path:
        tree = tree[name]
    return tree


def put(tree: Any, path: Path, value: Any) -> Any:
    """A copy of the tree with another value at a path; what lies on the way is made."""
    if not path:
        return value
    tree = copy.deepcopy(tree)
    place = tree
    for name in path[:-1]:
        place = place.setdefault(name, {}) if isinstance(place, dict) else place[name]
    place[path[-1]] = value
    return tree


@st.composite
def damaged(draw: st.DrawFn, given_item: Item) -> Any:
    """A perfect value after some of what learners do to it: left out, mistyped, something else."""
    value = model_of(given_item)
    for path in list(leaves(value)):
        whole = get(value, path)
        match draw(st.sampled_from(["keep", "keep", "lose", "damage"])):
            case "lose":
                value = put(value, path, [] if isinstance(whole, list) else None)
            case "damage" if isinstance(whole, list):
                value = put(value, path, draw(st.lists(st.sampled_from(whole or ["x"]))))
            case "damage" if isinstance(whole, str) and whole:
                place = draw(st.integers(0, len(whole) - 1))
                letter = draw(st.sampled_from("ax1 :"))
                value = put(value, path, f"{whole[:place]}{letter}{whole[place + 1 :]}")
            case "damage" if isinstance(whole, int):
                value = put(value, path, draw(st.integers(0, 13)))
    return value


@every_item
def test_the_model_answer_scores_1(given_item: Item) -> None:
    mark = grade_one(given_item, model_of(given_item))

    assert mark.points == mark.possible > 0
    assert {line.kind for line in mark.lines} <= {"right", "note"}
    assert not any(line.expected for line in mark.lines)


@every_item
@pytest.mark.parametrize(
    "nothing", [None, "", "   ", {}, [], {"rows": {}, "order": [], "chosen": [None], "choice": ""}]
)
def test_an_empty_answer_scores_0(given_item: Item, nothing: Any) -> None:
    mark = grade_one(given_item, nothing)

    assert (mark.score, len(mark.lines)) == (0.0, 1)
    assert mark.possible == grade_one(given_item, model_of(given_item)).possible
    assert mark.lines[0].message == "Nothing is answered here."


def test_a_drill_without_any_answer_scores_0_of_the_same_points() -> None:
    perfect = drill.grade(MODULES, drill.model_answer(MODULES))

    answers: list[Any] = [{}, {"items": {}}, {"items": None}, {"items": {"elsewhere": "x"}}]
    for answer in answers:
        mark = drill.grade(MODULES, answer)
        assert (mark.points, mark.possible) == (0.0, perfect.possible)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_lines_add_up_and_the_score_lies_between_0_and_1(data: st.DataObject) -> None:
    given_item = data.draw(items)
    value = data.draw(damaged(given_item))

    mark = grade_one(given_item, value)

    assert 0.0 <= mark.score <= 1.0
    assert abs(sum(line.max for line in mark.lines) - mark.possible) < EPSILON
    assert abs(sum(line.points for line in mark.lines) - mark.points) < EPSILON
    for line in mark.lines:
        assert line.points <= line.max + EPSILON
        assert line.max > 0 or line.points <= 0
        assert line.message.strip()
        assert "%(" not in line.message


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_mending_a_part_never_lowers_the_score(data: st.DataObject) -> None:
    given_item = data.draw(items)
    model = model_of(given_item)
    value = data.draw(damaged(given_item))
    assume(isinstance(value, type(model)))
    path = data.draw(st.sampled_from(list(leaves(model))))

    mended = put(value, path, get(model, path))

    assert score(given_item, mended) >= score(given_item, value) - EPSILON


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_mending_a_choice_never_lowers_the_score(data: st.DataObject) -> None:
    texts = [option["text"] for option in HEADINGS["options"]]
    right = {o["text"] for o in HEADINGS["options"] if o.get("right", False) is True}
    chosen = data.draw(st.lists(st.sampled_from(texts), unique=True, min_size=1))
    before = score(HEADINGS, {"chosen": chosen})

    for text in right - set(chosen):
        assert score(HEADINGS, {"chosen": [*chosen, text]}) >= before - EPSILON
    for text in set(chosen) - right:
        left = [other for other in chosen if other != text]
        if HEADINGS["options"][texts.index(text)].get("right", False) is False:
            assert score(HEADINGS, {"chosen": left}) >= before - EPSILON


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_mending_a_position_never_lowers_the_score(data: st.DataObject) -> None:
    model = CODED["value"]
    letters = st.text(alphabet="abcs 0129p", min_size=len(model), max_size=len(model))
    given_text = data.draw(st.one_of(letters, damaged(CODED).filter(bool)))
    assume(isinstance(given_text, str) and len(given_text) == len(model))
    public = drill.public_items(drill_of(CODED))[0]
    position = data.draw(st.sampled_from(public["positions"]))

    start, end = position["start"], position["end"] + 1
    mended = given_text[:start] + model[start:end] + given_text[end:]

    assert score(CODED, mended) >= score(CODED, given_text) - EPSILON


# --- Guessing ---


@settings(max_examples=80, deadline=None)
@given(
    right=st.integers(1, 8),
    wrong=st.integers(1, 20),
    near=st.integers(0, 3),
    unwanted=st.floats(0, 1),
    data=st.data(),
)
def test_choosing_every_heading_earns_nothing(
    right: int, wrong: int, near: int, unwanted: float, data: st.DataObject
) -> None:
    options = [{"text": f"right {n}", "right": True} for n in range(right)]
    options += [{"text": f"near {n}", "right": 0.5} for n in range(near)]
    options += [{"text": f"wrong {n}"} for n in range(wrong)]
    pool = item("headings", options=options, count=data.draw(st.integers(1, right)))

    everything = {"chosen": [option["text"] for option in options]}
    mark = grade_one(pool, everything, settings={"unwanted": unwanted})

    assert mark.score == pytest.approx(0.0, abs=EPSILON)


@pytest.mark.parametrize("entry", ["main", "added", "alternative"])
def test_an_access_point_for_every_name_earns_nothing(entry: str) -> None:
    everything = {"names": {name["name"]: {"entry": entry} for name in NAMES["names"]}}

    assert score(NAMES, everything) == 0.0


def test_ticking_every_difference_of_a_duplicate_earns_nothing() -> None:
    texts = [difference["text"] for difference in PAIRS[0]["differences"]]

    assert score(PAIRS[0], {"decision": "same", "differences": texts}) == 0.0
    assert score(PAIRS[1], {"differences": ["Year", "Edition", "Pages"]}) == 0.0


@settings(max_examples=50, deadline=None)
@given(
    truths=st.lists(st.sampled_from(["work", "item", "person", "agent", "place"]), min_size=2),
    choice=st.sampled_from(["work", "item", "person", "agent", "place", "nomen"]),
)
def test_sorting_everything_into_one_heap_earns_nothing(truths: list[str], choice: str) -> None:
    assume(any(truth != choice and (truth, choice) != ("person", "agent") for truth in truths))
    rows = [{"text": str(n), "entity": truth} for n, truth in enumerate(truths)]

    heap = {"rows": {str(n): choice for n in range(len(truths))}}

    assert score(item("lrm", rows=rows), heap) == pytest.approx(0.0, abs=EPSILON)


@pytest.mark.parametrize("element", ["edition", "extent", "title_proper"])
@pytest.mark.parametrize("manner", ["transcribed", "recorded"])
def test_one_rda_element_for_everything_earns_nothing(element: str, manner: str) -> None:
    rows = {row["text"]: {"element": element, "manner": manner} for row in RDA["rows"]}

    assert score(RDA, {"rows": rows}) == pytest.approx(0.0, abs=EPSILON)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_sorting_blindly_earns_little_on_average(data: st.DataObject) -> None:
    random = data.draw(st.randoms(use_true_random=False))
    choices = ["work", "expression", "manifestation", "item", "person", "nomen", "place"]
    texts = [row["text"] for row in LRM["rows"]]

    scores = [
        score(LRM, {"rows": {text: random.choice(choices) for text in texts}}) for _ in range(30)
    ]

    assert sum(scores) / len(scores) < 0.2


@settings(max_examples=60, deadline=None)
@given(size=st.integers(4, 12), seed=st.text(max_size=8))
def test_more_than_three_elements_as_they_are_shown_earn_nothing(size: int, seed: str) -> None:
    ordered = item("order", ask=["order"], elements=[{"text": f"{n}."} for n in range(size)])
    exercise = drill.instantiate(drill_of(ordered), seed)
    shown = [row["id"] for row in drill.public_items(exercise)[0]["elements"]]

    assert drill.grade(exercise, {"items": {"order": {"order": shown}}}).score == 0.0


# --- Whatever comes ---


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_answer_is_graded_or_refused_with_its_place(data: st.DataObject) -> None:
    given_item = data.draw(st.sampled_from(ONE_OF_EACH))
    value = model_of(given_item)
    path = data.draw(st.sampled_from(list(nodes(value))))
    value = put(value, path, data.draw(any_json))

    outcome = score_or_refuse(drill_of(given_item), {"items": {given_item["id"]: value}})

    if isinstance(outcome, InvalidAnswer):
        assert outcome.where.startswith(f"items.{given_item['id']}")
    else:
        assert 0.0 <= outcome <= 1.0


@settings(max_examples=80, deadline=None)
@given(any_json)
def test_anything_as_an_answer_is_graded_or_refused(value: Any) -> None:
    for answer in (value, {"items": value}):
        outcome = score_or_refuse(MODULES, answer)
        assert outcome.message if isinstance(outcome, InvalidAnswer) else outcome == 0.0


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_exercise_still_grades_or_is_refused_with_its_place(
    data: st.DataObject,
) -> None:
    given_item = data.draw(st.sampled_from([*ONE_OF_EACH, ALL_ITEMS[-1]]))
    path = data.draw(st.sampled_from(list(nodes(given_item))))
    exercise = {"items": [put(given_item, path, data.draw(any_json))]}

    outcome = solve_or_refuse(exercise)

    if isinstance(outcome, InvalidExercise):
        assert outcome.where.startswith("items[0]")
    else:
        assert outcome == pytest.approx(1.0)


@settings(max_examples=80, deadline=None)
@given(any_json, st.sampled_from(["items", "pools", "settings", "seed"]))
def test_anything_as_an_exercise_is_refused_or_works(value: Any, name: str) -> None:
    whole = drill_of(*ONE_OF_EACH)
    for exercise in (value, {**whole, name: value}):
        outcome = solve_or_refuse(exercise)
        is_refused = isinstance(outcome, InvalidExercise)
        assert is_refused or outcome == pytest.approx(1.0)
