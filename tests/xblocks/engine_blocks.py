"""The blocks over the engines, each with an exercise, an answer to half of it, and its secrets."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.xblocks.host import build_block
from xblocks.decision_table import DecisionTableBlock
from xblocks.engine import EngineBlock
from xblocks.engine_scenarios import CUTS, FLOOD, INK, WASHING, WEEDING
from xblocks.plan import PlanBlock
from xblocks.salvage import SalvageBlock
from xblocks.scenario import ScenarioBlock


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
)


def make_engine_block(row: Row, student: str | None = "a" * 32, **options: Any) -> Any:
    """A row's block in a host; ``options`` are fields, or what ``build_block`` takes."""
    host = {name: options.pop(name) for name in ("services", "mixed_in") if name in options}
    usage_key = f"block-v1:School+CON+2026+type@{row.tag}+block@one"
    usage_key = options.pop("usage_key", usage_key)
    authored = {
        "prompt": "<p>What do you do?</p>",
        "source_text": "<p>A print</p>",
        "exercise": row.exercise,
        **options,
    }
    return build_block(row.block, authored, student, usage_key=usage_key, **host)
