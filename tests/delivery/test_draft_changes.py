"""Comparing and merging, as pure rules."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.authoring.changes import ADDED, EDITED, MOVED, REMOVED, Comparison, compare
from delivery.authoring.merging import merge_lists
from delivery.authoring.trees import BlockEdit, overlay, revision_below, revision_of
from delivery.authoring.words import compare_structures, compare_texts
from delivery.tree import BlockNode, CourseTree

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=10,
)
WORDS = st.text(alphabet="ab <>/\n", max_size=40)
NAMES = st.lists(st.sampled_from("abcdefgh"), unique=True)


def tree(**children: str) -> CourseTree:
    """A tree by its lists of children, one letter a block; ``r`` is the root."""
    edits = [
        BlockEdit(key, "vertical", {}, tuple(below), False, None) for key, below in children.items()
    ]
    named = {child for below in children.values() for child in below}
    edits += [BlockEdit(key, "html", {}, (), False, None) for key in named - set(children)]
    root = BlockNode("r", "course", "", (), {}, "", False, None)
    base = CourseTree("k", 1, 1, "r", {"r": root}, {}, {}, {})
    return overlay(base, edits, {}, 1)


def kinds(changes: Comparison) -> dict[str, tuple[str, ...]]:
    return {change.usage_key: change.kinds for change in changes.blocks}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"r": "abc"}, {"r": "abc"}, {}),
        ({"r": "abc"}, {"r": "abcd"}, {"d": (ADDED,)}),
        ({"r": "abc"}, {"r": "ac"}, {"b": (REMOVED,)}),
        ({"r": "abcd"}, {"r": "bcda"}, {"a": (MOVED,)}),
        ({"r": "abcd"}, {"r": "dabc"}, {"d": (MOVED,)}),
        ({"r": "uv", "u": "ab", "v": ""}, {"r": "uv", "u": "b", "v": "a"}, {"a": (MOVED,)}),
        ({"r": "abc"}, {"r": "xbc"}, {"x": (ADDED,), "a": (REMOVED,)}),
    ],
)
def test_as_few_blocks_as_possible_are_said_to_be_changed(
    before: dict[str, str], after: dict[str, str], expected: dict[str, tuple[str, ...]]
) -> None:
    assert kinds(compare(tree(**before), tree(**after))) == expected


def test_a_changed_field_is_named_with_its_values() -> None:
    old = tree(r="a")
    new = overlay(old, [BlockEdit("a", "html", {"data": "x"}, None, False, None)], {}, 2)
    (change,) = compare(old, new).blocks
    assert change.kinds == (EDITED,)
    assert [(f.name, f.before, f.after) for f in change.fields] == [("data", None, "x")]


@given(NAMES, NAMES)
def test_a_comparison_says_of_every_block_whether_it_came_went_or_stayed(
    before: list[str], after: list[str]
) -> None:
    found = kinds(compare(tree(r="".join(before)), tree(r="".join(after))))
    assert {key for key in found if ADDED in found[key]} == set(after) - set(before)
    assert {key for key in found if REMOVED in found[key]} == set(before) - set(after)
    stayed = [key for key in after if key in before and MOVED not in found.get(key, ())]
    assert stayed == [key for key in before if key in stayed]


@given(NAMES, NAMES, NAMES)
def test_a_merge_keeps_what_each_side_added_and_drops_what_each_side_dropped(
    base: list[str], mine: list[str], theirs: list[str]
) -> None:
    merged = merge_lists(base, mine, theirs)
    assert len(set(merged)) == len(merged)
    expected = (set(mine) - (set(base) - set(theirs))) | (set(theirs) - set(base))
    assert set(merged) == expected
    assert [key for key in merged if key in mine] == [key for key in mine if key in merged]


@given(NAMES, NAMES)
def test_merging_with_a_side_that_changed_nothing_gives_the_other(
    base: list[str], other: list[str]
) -> None:
    assert merge_lists(base, other, base) == other
    assert set(merge_lists(base, base, other)) == set(other)


@given(WORDS, WORDS)
def test_the_words_of_a_change_make_both_texts(before: str, after: str) -> None:
    runs = compare_texts(before, after)
    if any("…" in run.text for run in runs):
        return
    assert "".join(run.text for run in runs if run.kind != ADDED) == before
    assert "".join(run.text for run in runs if run.kind != REMOVED) == after


def test_what_is_far_from_a_change_is_left_out() -> None:
    long = " ".join(f"w{number}" for number in range(200))
    runs = compare_texts(f"{long} old", f"{long} new")
    assert [run.kind for run in runs] == ["same", "removed", "added"]
    assert runs[0].text.startswith(" … ")
    assert runs[0].text.endswith(" w199")


@given(JSON, JSON)
def test_two_values_have_a_place_that_differs_exactly_if_they_differ(
    before: Any, after: Any
) -> None:
    is_same = before == after and type(before) is type(after)
    assert is_same <= (compare_structures(before, after) == [])
    if before != after:
        assert compare_structures(before, after)


def test_an_entry_put_between_others_is_the_only_place_that_differs() -> None:
    (change,) = compare_structures({"keys": ["a", "c"]}, {"keys": ["a", "b", "c"]})
    assert (change.place, change.before, change.after) == ("keys / 2", "", "b")


def test_a_block_named_twice_or_by_nobody_stands_once_or_not_at_all() -> None:
    found = tree(r="ua", u="ab")
    assert list(found.blocks) == ["r", "u", "b", "a"]
    assert found.blocks["a"].parent == "r"


def test_a_revision_changes_exactly_when_what_it_names_does() -> None:
    old = tree(r="u", u="ab")
    moved = overlay(old, [BlockEdit("u", "vertical", None, ("b", "a"), False, None)], {}, 2)
    edited = overlay(old, [BlockEdit("a", "html", {"data": "x"}, None, False, None)], {}, 2)
    assert revision_below(old, "u") != revision_below(moved, "u")
    assert revision_of(old, "u") == revision_of(moved, "u")
    assert revision_below(old, "u") != revision_below(edited, "u")
    assert revision_of(old, "a") != revision_of(edited, "a")
    assert revision_below(old, "b") == revision_below(edited, "b")


def test_a_long_text_with_many_changes_is_compared_word_by_word_in_no_time() -> None:
    """Each of its spaces is the beginning of thousands of matches that lead to nothing."""
    chance = Random(1)  # noqa: S311  # words, no secrets
    words = [f"word{chance.randrange(400)}" for _ in range(2_900)]
    changed = [word if index % 7 else "other" for index, word in enumerate(words)]
    runs = compare_texts(" ".join(words), " ".join(changed))
    assert [run.text.strip() for run in runs if run.kind == ADDED] == ["other"] * 415


def test_a_long_list_of_equal_entries_is_compared_in_no_time() -> None:
    places = compare_structures([0] * 50_000, [0] * 50_000 + [1])
    assert [change.place for change in places] == ["50001"]
