"""The blocks over the engines, each with an exercise, an answer to half of it, and its secrets."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from grading import engines
from tests.xblocks.host import build_block
from xblocks.budget import BudgetBlock
from xblocks.decision_table import DecisionTableBlock
from xblocks.engine import EngineBlock
from xblocks.engine_scenarios import CUTS, FLOOD, INK, WASHING, WEEDING
from xblocks.plan import PlanBlock
from xblocks.rota import RotaBlock
from xblocks.salvage import SalvageBlock
from xblocks.scenario import ScenarioBlock
from xblocks.sheet_scenarios import (
    CHAPTERS,
    DATA_FAULTS,
    EPISODES,
    INDICATORS,
    METRICS,
    PROJECTS,
    WEEKEND,
)
from xblocks.time_line import TimeLineBlock
from xblocks.workbook import WorkbookBlock


class Row(NamedTuple):
    """A block with what the tests of all of them need.

    ``half`` earns something and not everything; ``secrets`` are words of the exercise that no page
    may hold before the answer may be shown, not even after ``half`` was submitted; ``fault`` is an
    exercise that cannot be graded, with the place of what is wrong.
    """

    tag: str
    block: type[EngineBlock]
    exercise: dict[str, Any]
    half: dict[str, Any]
    secrets: tuple[str, ...]
    fault: tuple[dict[str, Any], str]


USAGE_KEY = "block-v1:School+CON+2026+type@{tag}+block@one"


def found_in(exercise: dict[str, Any]) -> list[dict[str, Any]]:
    """What the usual learner is to find in their year."""
    key = USAGE_KEY.format(tag="time_line")
    block = build_block(TimeLineBlock, {"exercise": exercise}, usage_key=key)
    answer = engines.own_model_answer("intervals", exercise, block.student_item())
    episodes: list[dict[str, Any]] = answer["episodes"]
    return episodes


def first_of(exercise: dict[str, Any]) -> dict[str, Any]:
    """An answer with the first of what is to be found."""
    return {"episodes": found_in(exercise)[:1]}


def times_after_first(exercise: dict[str, Any]) -> tuple[str, ...]:
    """When the others begin, as hours and as text."""
    hours = [int(episode["start"]) for episode in found_in(exercise)[1:]]
    day = [datetime(1970, 1, 1) + timedelta(hours=hour) for hour in hours]
    return (*map(str, hours), *(f"{time:%Y-%m-%dT%H}" for time in day))


ROWS = (
    Row(
        "plan",
        PlanBlock,
        WASHING,
        {"order": ["photo", "clean"]},
        ("Heat sets stains", "yellows", "What dissolves", '"loss"', '"needless"', '"forbidden"'),
        (
            {**WASHING, "steps": [*WASHING["steps"], {"id": "dry", "kind": "wet"}]},
            "steps[8].kind",
        ),
    ),
    Row(
        "salvage",
        SalvageBlock,
        FLOOD,
        {"order": ["photos", "charter", "coated"]},
        ("limit_h", "half_life"),
        ({"items": FLOOD["items"][:1]}, "items"),
    ),
    Row(
        "decision_table",
        DecisionTableBlock,
        WEEDING,
        {"items": {"law": {"choice": "discard"}}},
        ("last copy in the network", '"costs"', "last loan", "0.6"),
        ({**WEEDING, "items": [{"id": "x", "right": "burn"}]}, "items[0].right"),
    ),
    Row(
        "scenario",
        ScenarioBlock,
        CUTS,
        {"path": ["figures", "close"]},
        ("Books ride", "breakfast", '"target"', '"good"', "morale", '"effects"'),
        (
            {**CUTS, "nodes": [{"id": "a", "choices": [{"id": "b", "to": "nowhere"}]}]},
            "nodes[0].choices[0].to",
        ),
    ),
    Row(
        "scenario",
        ScenarioBlock,
        INK,
        {"tests": ["look", "ph"], "readings": {"ph": 4.3}, "decision": "dry"},
        ("magenta", "Linen", '"credit"', "tolerance", '"needs"'),
        ({**INK, "decisions": [{"id": "dry", "credit": 0.5}]}, "decisions"),
    ),
    Row(
        "workbook",
        WorkbookBlock,
        INDICATORS,
        {"cells": {"cost": {"value": "62,01", "unit": "€/user"}}},
        ("loans / stock", "mean(visits)", "You divided", '"mistakes"', '"right": "high"', "least"),
        (
            {**INDICATORS, "cells": [{"id": "a", "formula": "books / 2"}]},
            "cells[0].formula",
        ),
    ),
    Row(
        "workbook",
        WorkbookBlock,
        METRICS,
        {"cells": {"mean_t": {"value": "19", "unit": "°C"}}},
        (
            "workbench store",
            "log_t",
            "log_raw",
            "still in °F",
            "arithmetic",
            '"events"',
            '"seed"',
            "stuck",
        ),
        ({**METRICS, "climate": {"events": ["flood"]}}, "climate.events[0]"),
    ),
    Row(
        "time_line",
        TimeLineBlock,
        EPISODES,
        first_of(EPISODES),
        ("workbench store", '"events"', '"seed"', *times_after_first(EPISODES)),
        ({"climate": {"year": 1066}}, "climate.year"),
    ),
    Row(
        "time_line",
        TimeLineBlock,
        DATA_FAULTS,
        first_of(DATA_FAULTS),
        ("workbench store", '"events"', '"seed"', "battery", *times_after_first(DATA_FAULTS)),
        ({"climate": {**DATA_FAULTS["climate"], "events": ["damp"]}}, "climate.events"),
    ),
    Row(
        "budget",
        BudgetBlock,
        PROJECTS,
        {"items": ["roof", "ebooks"]},
        ('"reference"', '"best"'),
        ({**PROJECTS, "limit": 10}, "rules"),
    ),
    Row(
        "budget",
        BudgetBlock,
        CHAPTERS,
        {"shares": {"staff": 60, "stock": 20, "house": 15, "public": 5}},
        ('"good"', '"slack"'),
        ({"chapters": CHAPTERS["chapters"][:1]}, "chapters"),
    ),
    Row(
        "rota",
        RotaBlock,
        WEEKEND,
        {"shifts": {"sat_am": ["ana", "boris"]}},
        ('"model":', '"softness"'),
        ({**WEEKEND, "people": WEEKEND["people"][:1]}, "shifts"),
    ),
)


def make_engine_block(row: Row, student: str | None = "a" * 32, **options: Any) -> Any:
    """A row's block in a host; ``options`` are fields, or what ``build_block`` takes."""
    host = {name: options.pop(name) for name in ("services", "mixed_in") if name in options}
    usage_key = options.pop("usage_key", USAGE_KEY.format(tag=row.tag))
    authored = {
        "prompt": "<p>What do you do?</p>",
        "source_text": "<p>A print</p>",
        "exercise": row.exercise,
        **options,
    }
    return build_block(row.block, authored, student, usage_key=usage_key, **host)
