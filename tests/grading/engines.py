"""Exercises of the graders for conservation and management, that several tests share."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

from grading.data import Mark

Exercise = dict[str, Any]

WORKED: dict[str, Any] = json.loads(
    (Path(__file__).parent / "data" / "engine_worked_cases.json").read_text("utf-8")
)


def engine(name: str) -> Any:
    """The module of a grader."""
    return import_module(f"grading.graders.{name}")


def worked(name: str) -> list[tuple[Exercise, Any, dict[str, Any]]]:
    """The worked cases of a grader: exercise, answer, what is expected."""
    return [
        (WORKED[name]["exercise"], case["answer"], case | {"name": case["name"]})
        for case in WORKED[name]["cases"]
    ]


def grade(name: str, exercise: Any, answer: Any) -> Mark:
    mark: Mark = engine(name).grade(exercise, answer)
    return mark


def box(x: float, y: float, width: float, height: float) -> list[list[float]]:
    """A rectangle as a polygon."""
    return [[x, y], [x + width, y], [x + width, y + height], [x, y + height]]


PAGE: Exercise = {
    "regions": [
        {"id": "fox", "cls": "foxing", "sev": 1, "poly": box(0.1, 0.1, 0.2, 0.15)},
        {"id": "tear", "cls": "tear", "sev": 3, "line": [[0.9, 0.0], [0.85, 0.3]], "value": 2},
        {"id": "mould", "cls": "mould", "sev": 2, "active": True, "poly": box(0.5, 0.6, 0.3, 0.3)},
        {"id": "hole", "cls": "insect", "sev": 1, "poly": box(0.2, 0.8, 0.02, 0.02)},
    ],
    "ignore": [{"poly": box(0.4, 0.1, 0.2, 0.2)}],
    "decoys": [{"poly": box(0.0, 0.4, 0.3, 0.2), "message": "These are chain lines."}],
    "families": {"spot": ["foxing", "mould_stain"], "bio": ["mould", "insect"]},
    "classes": {"foxing": "Foxing", "mould": "Mould", "insect": "Insect holes", "tear": "Tear"},
    "confusions": [{"of": "mould", "as": "foxing", "message": "mould is fuzzy and smells."}],
    "settings": {"w_act": 0.1, "critical": ["mould"], "thin": ["tear"], "merge": True},
}
YEAR: Exercise = {
    "episodes": [
        {"start": "2023-07-08 00:00", "end": "2023-07-16 23:00", "kind": "damp", "cause": "hvac"},
        {"start": "2023-01-23 00:00", "end": "2023-01-24 11:00", "kind": "cold"},
        {"start": "2023-11-02 09:00", "end": "2023-11-02 09:00", "kind": "spike", "cause": "door"},
    ],
    "ignore": [{"start": "2023-09-01", "end": "2023-09-03"}],
    "kinds": {"damp": "Too damp", "cold": "Too cold", "spike": "Spike"},
    "causes": {"hvac": "The plant failed", "door": "A door stood open"},
}

TREATMENT: Exercise = WORKED["plan"]["exercise"]
BINDING: Exercise = {
    "steps": [
        {"id": "sew", "kind": "required", "text": "Sew the block", "loss": 1},
        {"id": "round", "kind": "required", "text": "Round the spine"},
        {"id": "press", "kind": "required", "text": "Press"},
        {"id": "gild", "kind": "needless", "reason": "Nothing was gilt before.", "loss": 3},
        {"id": "trim", "kind": "forbidden", "reason": "Margins are evidence.", "loss": 3},
        {"id": "photo", "kind": "optional", "detail": "<p>With a scale.</p>"},
    ],
    "rules": [{"before": "photo", "after": "sew", "kind": "advice", "message": "You forget."}],
    "settings": {"order": "total", "budget": 3, "cap": 0.5},
}
FLOOD: Exercise = WORKED["salvage"]["exercise"]
BOXES: Exercise = {
    "items": [
        {"id": "map", "text": "A map, 90 by 120 cm", "attributes": {"format": "oversize"}},
        {"id": "blue", "attributes": {"material": "cyanotype"}},
        {"id": "news", "attributes": {"material": "wood pulp", "age": 90}, "value": 4},
    ],
    "choices": [
        {"id": "buffered folder", "attributes": {"buffered": True}, "cost": 2},
        {"id": "plain folder", "cost": 3},
        {"id": "flat box", "attributes": {"buffered": True, "flat": True}, "cost": 5},
        {"id": "PVC sleeve", "attributes": {"plastic": "PVC"}, "cost": 1},
    ],
    "rules": [
        {
            "item": {"material": ["cyanotype", "albumen"]},
            "choice": {"buffered": True},
            "sev": 2,
            "message": "Alkali fades this.",
        },
        {
            "item": {"material": "wood pulp", "age": {"min": 50}},
            "choice": {"buffered": False},
            "sev": 1,
            "message": "Acid paper needs an alkaline reserve.",
        },
        {
            "item": {"format": "oversize"},
            "choice": {"flat": {"not": True}},
            "sev": 2,
            "message": "Folds break.",
        },
        {"choice": "PVC sleeve", "sev": 3, "message": "PVC gives off acid."},
    ],
    "settings": {"bonus": 0.1},
}
SHELF: Exercise = {
    "items": [
        {"id": "law", "text": "Law of 1987", "right": "discard", "reasons": ["superseded"]},
        {
            "id": "poems",
            "right": ["keep", "repair"],
            "attributes": {"local": True, "copies": 1},
            "check": True,
            "value": 2,
        },
        {"id": "novel", "right": {"keep": 1, "move": 0.8, "discard": -0.5}, "reasons": ["ugly"]},
    ],
    "choices": [{"id": name} for name in ("keep", "repair", "move", "discard")],
    "reasons": [
        {"id": "ugly", "text": "Worn out"},
        {"id": "superseded", "text": "A newer edition exists"},
        {"id": "trivial"},
    ],
    "costs": {"discard": {"move": 0.3}, "keep": {"move": 0.3}, "repair": {"move": 0.5}},
    "rules": [
        {
            "item": {"local": True, "copies": {"max": 1}},
            "choice": "discard",
            "sev": 3,
            "cap": 0.4,
            "message": "This is the last copy of a local work.",
        },
    ],
}
FLAWS: Exercise = {
    "items": [
        {"id": "q1", "text": "Are you young and poor?", "right": ["double", "sensitive"]},
        {"id": "q2", "text": "How old are you? 20-30, 30-40", "right": ["overlap"]},
        {"id": "q3", "text": "How often do you come?", "right": []},
    ],
    "choices": [{"id": n} for n in ("double", "sensitive", "overlap", "leading", "jargon")],
    "settings": {"choose": "many"},
}
BRANCH: Exercise = {
    "variables": {
        "budget": {"text": "Budget", "start": 50, "min": 0, "target": {"bad": 0, "good": 40}},
        "trust": {"start": 30, "min": 0, "max": 100, "target": {"bad": 20, "good": 60, "w": 2}},
        "rumour": {"start": 0, "shown": False},
    },
    "start": "letter",
    "nodes": [
        {
            "id": "letter",
            "text": "The mayor wants to close the branch.",
            "choices": [
                {"id": "protest", "to": "council", "effects": {"trust": -20, "rumour": 1}},
                {
                    "id": "figures",
                    "text": "Bring figures",
                    "to": "council",
                    "effects": {"budget": -5, "trust": 20},
                    "note": "The council reads them.",
                },
                {"id": "wait", "to": "letter", "effects": {"trust": -5}},
                {
                    "id": "lie",
                    "to": "council",
                    "effects": {"trust": 40},
                    "critical": "Figures were made up.",
                },
            ],
        },
        {
            "id": "council",
            "choices": [
                {
                    "id": "campaign",
                    "to": "open",
                    "effects": {"budget": -20},
                    "later": [{"after": 3, "effects": {"trust": 15}, "text": "Readers write."}],
                },
                {
                    "id": "bargain",
                    "to": "open",
                    "if": {"trust": {"min": 45}},
                    "effects": {"trust": 5},
                },
                {"id": "give up", "to": "closed"},
            ],
        },
        {"id": "open", "text": "The branch stays open.", "score": 1},
        {"id": "closed", "text": "The branch is closed.", "score": 0},
        {"id": "dream", "choices": [{"id": "wake", "to": "letter"}]},
    ],
    "events": [
        {"at": 2, "if": {"rumour": {"min": 1}}, "effects": {"trust": -10}, "text": "Gossip."}
    ],
    "settings": {"scale": "best"},
}
INK: Exercise = {
    "tests": [
        {
            "id": "look",
            "text": "Look",
            "cost": 0,
            "result": "<p>Brown ink, cracks.</p>",
            "reading": {"value": "2", "choices": ["1", "2", "3", "4"]},
        },
        {
            "id": "iron",
            "cost": 1,
            "needs": ["look"],
            "result": "<p>magenta</p>",
            "reading": {"value": "magenta", "choices": ["white"]},
        },
        {"id": "ph", "cost": 2, "needs": ["look"], "reading": {"value": 4.3, "tolerance": 0.5}},
        {"id": "water", "cost": 3, "needs": ["look"]},
        {"id": "xrf", "cost": 50},
    ],
    "decisions": [
        {"id": "phytate", "text": "Phytate bath", "credit": 1, "needs": ["iron", "ph", "water"]},
        {"id": "dry", "text": "Dry storage", "credit": 0.5},
        {"id": "bleach", "needs": ["water"]},
    ],
}
TOWN: Exercise = {
    "data": {
        "population": 42000,
        "active": 9870,
        "loans": 163800,
        "stock": 96500,
        "expenditure": 612000,
        "staff": 14.5,
        "waits": [6, 7, 8, 8, 9, 11, 12, 15, 22],
        "sampled": 400,
        "owned": 352,
        "available": 268,
    },
    "labels": {"active": "Active users", "staff": "Staff, FTE"},
    "cells": [
        {
            "id": "turnover",
            "text": "Collection turnover",
            "formula": "loans / stock",
            "decimals": 2,
            "rows": True,
            "mistakes": [
                {"formula": "stock / loans", "message": "This is the fraction upside down."}
            ],
        },
        {
            "id": "wait",
            "formula": "median(waits)",
            "unit": "d",
            "tolerance": 0,
            "mistakes": [
                {"formula": "mean(waits)", "message": "The median is asked, not the mean."}
            ],
        },
        {
            "id": "per_user",
            "formula": "expenditure / active",
            "unit": "EUR/user",
            "decimals": 2,
            "weight": 2,
            "mistakes": [
                {"formula": "expenditure / population", "message": "Per inhabitant.", "credit": 0.5}
            ],
        },
        {
            "id": "held",
            "formula": "owned / sampled * 100",
            "unit": "%",
            "decimals": 1,
            "rows": ["owned", "sampled"],
        },
        {
            "id": "share",
            "formula": "held * 2",
            "tolerance": {"abs": 0.1},
            "reading": {
                "choices": [{"id": "good"}, {"id": "bad", "text": "Worse than others"}],
                "right": "good",
            },
        },
        {"id": "year", "value": 2023},
    ],
    "units": {"EUR/user": ["EUR per user", "€/user", "eura po korisniku"]},
}
DRAWN: Exercise = {
    "data": {"lux": {"least": 50, "most": 200, "step": 50}, "days": {"choices": [100, 300]}},
    "cells": [{"id": "dose", "formula": "lux * 8 * days / 1000", "unit": "klx h"}],
}
PROJECTS: Exercise = {
    "items": WORKED["budget"]["items"],
    "limit": WORKED["budget"]["limit"],
    "rules": [
        {"kind": "category", "category": "staff", "count": 1, "message": "Somebody must learn."},
        {"kind": "category", "category": "pres", "min": 10000, "message": "Preserve something."},
        {
            "kind": "requires",
            "items": ["A deacidification batch", "H archive boxes"],
            "message": "What is deacidified needs boxes.",
        },
    ],
}
CHAPTERS: Exercise = {
    "chapters": [
        {"id": "staff", "good": [55, 65], "min": 40, "slack": 10, "w": 2},
        {"id": "books", "text": "Acquisitions", "good": [15, 25], "min": 10, "max": 40},
        {"id": "house", "good": [10, 20]},
    ],
}
WEEK: Exercise = {
    "shifts": [
        {
            "id": f"{day}-{part}",
            "start": f"2026-03-0{day} {start}",
            "end": f"2026-03-0{day} {end}",
            "need": 2 if part == "day" else 1,
            "skills": {"desk": 1},
        }
        for day in (4, 5, 6, 7, 8)
        for part, start, end in (("day", "09:00", "15:00"), ("eve", "15:00", "20:00"))
    ],
    "people": [
        {"id": "ana", "text": "Ana", "skills": ["desk"], "max_hours": 24, "wants": ["4-day"]},
        {"id": "ivo", "text": "Ivo", "skills": ["desk"], "max_hours": 24, "off": ["5-eve"]},
        {"id": "eva", "text": "Eva", "skills": ["desk"], "max_hours": 24, "avoids": ["7-eve"]},
        {"id": "jan", "text": "Jan", "max_hours": 24},
        {"id": "mia", "text": "Mia", "skills": ["desk"], "max_hours": 24},
    ],
}

SAMPLES: dict[str, list[Exercise]] = {
    "regions": [
        WORKED["regions"]["exercise"],
        PAGE,
        *(
            PAGE | {"settings": {"modes": [mode], "split": True}}
            for mode in ("grid", "points", "described")
        ),
    ],
    "intervals": [YEAR],
    "plan": [TREATMENT, BINDING],
    "decisions": [BOXES, SHELF, FLAWS],
    "scenario": [BRANCH, INK],
    "workbook": [TOWN, DRAWN],
    "budget": [PROJECTS, CHAPTERS],
    "rota": [WEEK],
    "salvage": [FLOOD, FLOOD | {"teams": 2, "start_h": 20}],
}
"""By grader, exercises that use what it offers."""

ALL = [(name, exercise) for name, exercises in SAMPLES.items() for exercise in exercises]
NAMES = [f"{name}-{number}" for name, some in SAMPLES.items() for number in range(len(some))]
