"""Sheets, time lines, budgets and rotas to try in the XBlock workbench."""

from __future__ import annotations

from typing import Any

from xblocks.engine_scenarios import element

INDICATORS: dict[str, Any] = {
    "data": {
        "loans": {"least": 120000, "most": 180000, "step": 100},
        "stock": 96500,
        "active": 9870,
        "expenditure": 612000,
        "visits": [8100, 7900, 9400, 8800, 8300, 6100, 4200, 4000, 8900, 9600, 9900, 7300],
    },
    "labels": {
        "loans": "Loans in the year",
        "stock": "Items in stock",
        "active": "Active users",
        "expenditure": "Expenditure, €",
        "visits": "Visits by month",
    },
    "cells": [
        {
            "id": "turnover",
            "text": "<p>How often does an item of the stock go out in a year?</p>",
            "formula": "loans / stock",
            "decimals": 2,
            "rows": True,
            "reading": {
                "choices": [
                    {"id": "high", "text": "More than once: the stock is used"},
                    {"id": "low", "text": "Less than once: much of it rests"},
                ],
                "right": "high",
            },
            "mistakes": [
                {"formula": "stock / loans", "message": "You divided stock by loans."},
                {"formula": "loans / active", "message": "These are loans for each user."},
            ],
        },
        {
            "id": "cost",
            "text": "<p>What does an active user cost in a year?</p>",
            "formula": "expenditure / active",
            "decimals": 2,
            "unit": "EUR/user",
        },
        {
            "id": "monthly",
            "text": "<p>How many visits are there in a month, on average?</p>",
            "formula": "mean(visits)",
            "decimals": 0,
        },
    ],
    "units": {"EUR/user": ["€/user", "EUR per user"]},
}

STORE: dict[str, Any] = {
    "series": "workbench store",
    "events": ["damp", "cold", "gap", "stuck", "spike", "unit"],
}

METRICS: dict[str, Any] = {
    "climate": STORE,
    "cells": [
        {
            "id": "mean_t",
            "text": "<p>Mean temperature of the cleaned year</p>",
            "formula": "log_t_mean",
            "tolerance": 0.2,
            "unit": "°C",
            "mistakes": [
                {"formula": "log_raw_t_mean", "message": "Some readings are still in °F."},
            ],
        },
        {
            "id": "twpi",
            "text": "<p>TWPI in years</p>",
            "formula": "log_twpi",
            "tolerance": 1,
            "mistakes": [
                {"formula": "log_pi_mean", "message": "This is the arithmetic mean of the PI."},
            ],
        },
    ],
}

EPISODES: dict[str, Any] = {
    "climate": {**STORE, "part": "episodes"},
    "kinds": {"damp": "Too damp", "dry": "Too dry", "hot": "Too hot", "cold": "Too cold"},
    "causes": {
        "dehumidifier": "The dehumidifier stood still",
        "heating": "The heating failed",
        "humidifier": "The humidifier stood empty",
        "plant": "The air conditioning failed",
        "roof": "Water came through the roof",
    },
}

DATA_FAULTS: dict[str, Any] = {
    "climate": {**STORE, "part": "faults"},
    "kinds": {
        "gap": "Readings are missing",
        "stuck": "A sensor is stuck",
        "spike": "A single reading leaps",
        "unit": "The unit was changed",
    },
}

PROJECTS: dict[str, Any] = {
    "items": [
        {"id": "lift", "text": "Repair the lift", "cost": 40, "benefit": 30, "category": "house"},
        {"id": "roof", "text": "Mend the roof", "cost": 50, "benefit": 45, "category": "house"},
        {"id": "books", "text": "New books", "cost": 30, "benefit": 40, "category": "stock"},
        {"id": "ebooks", "text": "E-books", "cost": 20, "benefit": 15, "category": "stock"},
        {"id": "club", "text": "Reading club", "cost": 10, "benefit": 12, "category": "people"},
    ],
    "limit": 100,
    "rules": [
        {"kind": "must", "items": ["roof"], "message": "The roof cannot wait."},
        {
            "kind": "category",
            "category": "stock",
            "min": 20,
            "message": "At least 20 go into the stock.",
        },
        {"kind": "requires", "items": ["club", "books"], "message": "The club needs new books."},
    ],
}

CHAPTERS: dict[str, Any] = {
    "chapters": [
        {"id": "staff", "text": "Staff", "good": [50, 60], "min": 40, "max": 80},
        {"id": "stock", "text": "Stock", "good": [12, 18], "min": 5, "max": 40},
        {"id": "house", "text": "House", "good": [15, 25], "max": 40},
        {"id": "public", "text": "Programmes", "good": [5, 10], "max": 30},
    ],
}

WEEKEND: dict[str, Any] = {
    "shifts": [
        {
            "id": "sat_am",
            "text": "Saturday morning",
            "start": "2026-03-07 09:00",
            "end": "2026-03-07 13:00",
            "need": 2,
            "skills": {"desk": 1},
        },
        {
            "id": "sat_pm",
            "text": "Saturday afternoon",
            "start": "2026-03-07 13:00",
            "end": "2026-03-07 19:00",
        },
        {
            "id": "sun_am",
            "text": "Sunday morning",
            "start": "2026-03-08 05:00",
            "end": "2026-03-08 12:00",
        },
    ],
    "people": [
        {"id": "ana", "text": "Ana (invented)", "skills": ["desk"], "wants": ["sat_am"]},
        {"id": "boris", "text": "Boris (invented)", "max_hours": 10, "off": ["sat_pm"]},
        {"id": "vera", "text": "Vera (invented)", "skills": ["desk"], "avoids": ["sun_am"]},
    ],
}


WORKBOOK_SCENARIOS = [
    (
        "Workbook: indicators of a town library",
        element(
            "workbook",
            INDICATORS,
            display_name="Indicators of a town library",
            prompt="<p>Compute the indicators.</p>",
            feedback_level="3",
        ),
    ),
    (
        "Workbook: figures of a logger's year",
        element(
            "workbook",
            METRICS,
            display_name="Figures of the store",
            prompt="<p>Clean your readings, then compute.</p>",
        ),
    ),
]

TIME_LINE_SCENARIOS = [
    (
        "Time line: episodes of a store's year",
        element(
            "time_line",
            EPISODES,
            display_name="A year in the store",
            prompt="<p>Find the episodes: RH above 65 % or T below 12 °C for 24 hours.</p>",
            feedback_level="3",
        ),
    ),
    (
        "Time line: faults of a logger",
        element(
            "time_line",
            DATA_FAULTS,
            display_name="What is wrong with the readings?",
            prompt="<p>Find where the readings are not to be trusted.</p>",
        ),
    ),
]

BUDGET_SCENARIOS = [
    (
        "Budget: what is paid for",
        element(
            "budget",
            PROJECTS,
            display_name="What is paid for",
            prompt="<p>Choose within the limit, in thousands of €.</p>",
        ),
    ),
    (
        "Budget: chapters of a year",
        element(
            "budget",
            CHAPTERS,
            display_name="Chapters of a year",
            prompt="<p>Divide a hundred.</p>",
        ),
    ),
]

ROTA_SCENARIOS = [
    (
        "Rota: a weekend",
        element(
            "rota",
            WEEKEND,
            display_name="A weekend",
            prompt="<p>Who works when?</p>",
        ),
    ),
]
