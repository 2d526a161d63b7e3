"""What of decisions and orders only one block has to show."""

from __future__ import annotations

import json

import pytest

from tests.xblocks.engine_blocks import ROWS, make_engine_block
from tests.xblocks.host import state_of, submit

pytestmark = pytest.mark.django_db

PLAN, SALVAGE, DECISIONS = ROWS[:3]


def test_attributes_are_shown_only_if_the_author_says_so() -> None:
    assert "attributes" not in json.dumps(state_of(make_engine_block(DECISIONS))["task"])
    shown = state_of(make_engine_block(DECISIONS, shows_attributes=True))["task"]
    assert shown["items"][0]["attributes"] == {
        "last loan": 2003,
        "copies": 2,
        "last copy": False,
    }
    assert shown["choices"][0]["attributes"] == {}
    hollow = make_engine_block(DECISIONS, shows_attributes=True, exercise={})
    assert state_of(hollow)["task"] == {}


def test_what_had_to_come_first_is_shown_with_the_model_plan() -> None:
    block = make_engine_block(PLAN, attempts_allowed=1)
    assert state_of(block)["precedence"] is None
    _status, state = submit(block, PLAN.half)
    assert ["clean", "wash", "edge"] in state["precedence"]
    assert ["solubility", "wash", "critical"] in state["precedence"]


def test_what_became_of_the_lots_is_told_where_reasons_are() -> None:
    block = make_engine_block(SALVAGE, attempts_allowed=1)
    _status, state = submit(block, SALVAGE.half)
    assert [event["id"] for event in state["log"]] == ["photos", "charter", "coated"]
    assert [event["end"] for event in state["log"]] == [6, 10, 13]
    assert state["log"][2]["saved"] < 40
    assert state["best_log"][0]["id"] == "coated"
    silent = make_engine_block(SALVAGE, attempts_allowed=1, feedback_level=1)
    assert state_of(silent)["log"] == []
