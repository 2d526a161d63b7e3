"""Exercises of conservation and management to try in the XBlock workbench."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any


def element(tag: str, exercise: Mapping[str, Any], **fields: str) -> str:
    """An exercise as a block's tag in OLX."""
    authored = {**fields, "exercise": json.dumps(exercise, ensure_ascii=False)}
    attributes = " ".join(f'{name}="{escape(value)}"' for name, value in authored.items())
    return f"<{tag} {attributes}/>"


WASHING: dict[str, Any] = {
    "steps": [
        {"id": "photo", "kind": "required", "text": "Photograph both sides"},
        {
            "id": "solubility",
            "kind": "required",
            "text": "Test whether ink and colours are soluble",
            "detail": "<p>A drop of water on every medium, <em>stamps</em> included.</p>",
        },
        {"id": "clean", "kind": "required", "text": "Clean dry, with brush and sponge", "loss": 1},
        {"id": "wash", "kind": "required", "text": "Wash in warm water", "loss": 2},
        {"id": "flatten", "kind": "required", "text": "Flatten under felts"},
        {"id": "lux", "kind": "optional", "text": "Measure the light at the desk"},
        {
            "id": "iron",
            "kind": "needless",
            "text": "Press with a warm iron",
            "reason": "Heat sets stains.",
            "loss": 2,
        },
        {
            "id": "tape",
            "kind": "forbidden",
            "text": "Mend tears with adhesive tape",
            "reason": "The adhesive yellows and cannot be removed.",
            "loss": 3,
        },
    ],
    "edges": [
        ["photo", "clean"],
        ["clean", "wash", 2],
        ["wash", "flatten"],
    ],
    "rules": [
        {
            "before": "solubility",
            "after": "wash",
            "kind": "critical",
            "message": "What dissolves is lost.",
        }
    ],
    "settings": {"budget": 4},
}

PLAN_SCENARIOS = [
    (
        "Plan: washing a stained print",
        element(
            "plan",
            WASHING,
            display_name="Washing a stained print",
            prompt="<p>Choose the steps and put them in order.</p>",
            source_text="<p>Lithograph, rag paper, foxing, a tear of 3 cm.</p>",
            points="10",
        ),
    )
]

FLOOD: dict[str, Any] = {
    "items": [
        {
            "id": "coated",
            "text": "Art books on coated paper",
            "value": 40,
            "work_hours": 3,
            "limit_h": 6,
            "half_life_h": 4,
        },
        {
            "id": "charter",
            "text": "Parchment charters",
            "value": 60,
            "work_hours": 4,
            "limit_h": 12,
            "half_life_h": 12,
        },
        {
            "id": "photos",
            "text": "Gelatin photographs",
            "value": 30,
            "work_hours": 6,
            "limit_h": 36,
            "half_life_h": 12,
        },
        {
            "id": "stacks",
            "text": "Novels of the lending library",
            "value": 10,
            "work_hours": 12,
            "limit_h": 48,
            "half_life_h": 24,
        },
    ]
}

SALVAGE_SCENARIOS = [
    (
        "Salvage: a burst pipe above the stacks",
        element(
            "salvage",
            FLOOD,
            display_name="A burst pipe above the stacks",
            prompt="<p>In which order do you save the wet lots?</p>",
            feedback_level="3",
        ),
    )
]

WEEDING: dict[str, Any] = {
    "choices": [
        {"id": "keep", "text": "Keep"},
        {"id": "repair", "text": "Repair"},
        {"id": "discard", "text": "Discard"},
    ],
    "reasons": [
        {"id": "superseded", "text": "Superseded"},
        {"id": "worn", "text": "Worn"},
        {"id": "local", "text": "Of the region"},
    ],
    "items": [
        {
            "id": "law",
            "text": "Handbook of tax law, 1987",
            "detail": "<p>Last loan 2003; two copies.</p>",
            "attributes": {"last loan": 2003, "copies": 2, "last copy": False},
            "right": "discard",
            "reasons": ["superseded"],
            "check": False,
        },
        {
            "id": "songs",
            "text": "Songs of the valley, 1931",
            "detail": "<p>Printed in the village; spine broken.</p>",
            "attributes": {"last loan": 2019, "copies": 1, "last copy": True},
            "right": {"repair": 1, "keep": 0.6},
            "reasons": ["local"],
            "check": True,
        },
    ],
    "rules": [
        {
            "item": {"last copy": True},
            "choice": "discard",
            "sev": 3,
            "message": "It is the last copy in the network.",
        }
    ],
    "costs": {"discard": {"keep": 0.6}},
}

DECISION_SCENARIOS = [
    (
        "Decisions: weeding a shelf",
        element(
            "decision_table",
            WEEDING,
            display_name="Weeding a shelf",
            prompt="<p>What becomes of each book, and why?</p>",
            shows_attributes="true",
        ),
    )
]

CUTS: dict[str, Any] = {
    "variables": {
        "budget": {
            "text": "Budget",
            "start": 50,
            "min": 0,
            "max": 100,
            "target": {"bad": 20, "good": 60},
        },
        "trust": {
            "text": "Trust of the mayor",
            "start": 40,
            "min": 0,
            "max": 100,
            "target": {"bad": 20, "good": 60},
        },
        "morale": {"text": "Morale", "start": 50, "min": 0, "max": 100, "shown": False},
    },
    "nodes": [
        {
            "id": "letter",
            "text": "The mayor writes: the branch in the hills costs too much.",
            "detail": "<blockquote>I expect a proposal by Friday.</blockquote>",
            "choices": [
                {
                    "id": "press",
                    "text": "Call the newspaper",
                    "to": "talk",
                    "effects": {"trust": -25},
                    "note": "The mayor reads it at breakfast.",
                },
                {
                    "id": "figures",
                    "text": "Gather figures: loans, visits, cost of each",
                    "to": "talk",
                    "effects": {"trust": 15, "budget": -5},
                    "later": [
                        {
                            "after": 1,
                            "effects": {"budget": 15},
                            "text": "The council is impressed and pays for the bus.",
                        }
                    ],
                    "note": "It took two evenings.",
                },
            ],
        },
        {
            "id": "talk",
            "text": "The mayor receives you.",
            "choices": [
                {
                    "id": "bus",
                    "text": "Propose a book bus instead of the branch",
                    "to": "bus",
                    "if": {"trust": {"min": 40}},
                    "effects": {"trust": 10},
                },
                {
                    "id": "close",
                    "text": "Close the branch",
                    "to": "closed",
                    "effects": {"budget": 10, "morale": -30},
                },
            ],
        },
        {"id": "bus", "text": "Books ride into the hills every Tuesday.", "score": 1},
        {"id": "closed", "text": "The branch is closed.", "score": 0.3},
    ],
}

INK: dict[str, Any] = {
    "tests": [
        {
            "id": "look",
            "text": "Rate the damage by eye",
            "cost": 1,
            "result": "<p>Brown haloes.</p>",
        },
        {
            "id": "ph",
            "text": "Measure the surface pH",
            "cost": 2,
            "result": "<p>The strip is <strong>orange</strong>, as at 4.3.</p>",
            "needs": ["look"],
            "reading": {"value": 4.3, "tolerance": 0.5},
        },
        {
            "id": "iron",
            "text": "Test for iron(II) ions",
            "cost": 2,
            "result": "<p>The paper turns magenta.</p>",
            "needs": ["look"],
            "reading": {"value": "free ions", "choices": ["free ions", "none"]},
        },
        {"id": "fibre", "text": "Take a sample of fibres", "cost": 6, "result": "<p>Linen.</p>"},
    ],
    "decisions": [
        {
            "id": "phytate",
            "text": "Treat with calcium phytate",
            "credit": 1,
            "needs": ["ph", "iron"],
        },
        {"id": "dry", "text": "Store dry, do not handle", "credit": 0.5},
        {"id": "wash", "text": "Wash in tap water", "needs": ["ph"]},
    ],
}

SCENARIO_SCENARIOS = [
    (
        "Case: the branch in the hills",
        element(
            "scenario",
            CUTS,
            display_name="The branch in the hills",
            prompt="<p>You lead the town library. Decide.</p>",
            attempts_allowed="2",
        ),
    ),
    (
        "Case: tests before a treatment of ink",
        element(
            "scenario",
            INK,
            display_name="Iron-gall ink",
            prompt="<p>Test what you need to know, then decide.</p>",
        ),
    ),
]
