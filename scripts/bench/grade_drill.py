"""Measures grading a drill, in CPU time.

    python -m scripts.bench.grade_drill [--rounds 300]

A drill of twenty items, answered with mistakes in every one, stands beside the dearest ones that
the grader takes. The status is 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

from grading.graders import drill

TYPICAL = "20 items, all with mistakes"
GOALS = {"median": 5.0, "p95": 10.0}  # ms, of the typical drill
WORST_GOAL = 50.0  # ms, of any answer

Item = dict[str, Any]
Case = tuple[dict[str, Any], dict[str, Any]]


def item(kind: str, **data: Any) -> Item:
    """Return an item of a type."""
    return {"type": kind, "prompt": "<p>?</p>", **data}


ANSWERED: list[tuple[Item, Any]] = [
    (
        item(
            "order",
            elements=[
                {"text": "Judita"},
                {"text": "ep u šest libara", "mark": " : "},
                {"text": "Marko Marulić", "mark": " / "},
                {"text": "priredila Ana Horvat", "mark": " ; "},
            ],
        ),
        {
            "order": ["Judita", "Marko Marulić", "ep u šest libara", "priredila Ana Horvat"],
            "marks": {"ep u šest libara": ":", "Marko Marulić": " ; "},
        },
    ),
    (
        item("mapping", rows=[{"text": f"text {n}", "place": "245 $b"} for n in range(8)]),
        {"rows": {f"text {n}": "245 $c" for n in range(8)}},
    ),
    (
        item("fixed_field", tag="008", value="191021s2019    ci a          000 p hrv d"),
        "191021s2019   yu a          000 0 scr d",
    ),
    (
        item(
            "access_points",
            names=[
                {"name": f"Ime {n}", "entry": "added", "heading": f"Prezime, Ime {n}"}
                for n in range(5)
            ],
        ),
        {"names": {f"Ime {n}": {"entry": "main", "heading": f"Ime {n} Prezima"} for n in range(5)}},
    ),
    (
        item(
            "authority",
            heading="Marulus, Marcus",
            candidates=[{"heading": f"Marulić, Marko {n}", "right": n == 1} for n in range(6)],
            reasons=[{"text": f"reason {n}", "right": n < 2} for n in range(4)],
        ),
        {"choice": "Marulić, Marko 1", "reasons": ["reason 0", "reason 3"]},
    ),
    (item("udc", value='821.163.42-13"15"'), "821.163.42(497.5)"),
    (
        item("isbn", task="repair", given="9789539999907", value="9789539999900"),
        {"number": "9789539999901", "position": 4},
    ),
    (
        item(
            "lrm", rows=[{"text": f"text {n}", "entity": e} for n, e in enumerate(("work", "item"))]
        ),
        {"rows": {"text 0": "work", "text 1": "work"}},
    ),
    (
        item("headings", options=[{"text": f"heading {n}", "right": n < 3} for n in range(30)]),
        {"chosen": [f"heading {n}" for n in range(2, 6)]},
    ),
    (
        item(
            "transcription",
            conventions="old_russian",
            elements=[{"label": "Заглавие", "value": "Исторія Россійскаго Государства въ вѣкахъ"}],
        ),
        {"elements": {"Заглавие": "История Россииского государства в веках"}},
    ),
]


def make_case(answered: list[tuple[Item, Any]]) -> Case:
    """Return the instance of a drill and an answer."""
    items = [{"id": f"i{n}", **given} for n, (given, _) in enumerate(answered)]
    answer = {"items": {f"i{n}": value for n, (_, value) in enumerate(answered)}}
    return drill.instantiate({"items": items}, "seed"), answer


def make_page(elements: int, forms: int) -> tuple[Item, Any]:
    """Return a title page whose elements are 490 characters long, and its transcription."""
    long = "вѣкахъ и міръ " * 35
    page = item(
        "transcription",
        conventions="old_russian",
        elements=[
            {"label": str(n), "value": long, "alt": [f"{long}{a}" for a in range(forms)]}
            for n in range(elements)
        ],
    )
    mistyped = long.replace("вѣкахъ", "веках")[7:]
    return page, {"elements": {str(n): mistyped for n in range(elements)}}


def make_numbers(count: int, forms: int) -> list[tuple[Item, Any]]:
    """Return numbers of four parts that may change places, and answers."""
    accepted = [f"{n}:37:004(497.5)" for n in range(forms)]
    number = item("udc", value="02:37:004:316(497.5)(075)=163.42", alt=accepted)
    return [(number, f"316:004:{n}:02(075)") for n in range(count)]


def make_names(count: int, forms: int) -> tuple[Item, Any]:
    """Return names in Cyrillic with letters that Latin renders in several ways, and Latin ones."""
    names = [
        {
            "name": str(n),
            "entry": "added",
            "heading": {"value": f"Объещаньев, {n}", "alt": [f"Щъ{n}{a}" for a in range(forms)]},
        }
        for n in range(count)
    ]
    answer = {str(n): {"entry": "added", "heading": f"Obeshtanyev Petar {n}"} for n in range(count)}
    return item("access_points", names=names), {"names": answer}


DEAREST = {
    "numbers, as many as allowed": make_numbers(90, 4),
    "transcriptions, as many as allowed": [make_page(11, 1)],
    "names, as many as allowed": [make_names(50, 12)] * 2,
}


def make_dearest() -> dict[str, dict[str, Any]]:
    """Return the dearest drills that the grader takes, by name."""
    return {name: make_case(answered)[0] for name, answered in DEAREST.items()}


def make_cases() -> dict[str, Case]:
    """Return the drills to grade, by name."""
    return {
        TYPICAL: make_case(ANSWERED * 2),
        "100 items": make_case(ANSWERED * 10),
        **{name: make_case(answered) for name, answered in DEAREST.items()},
    }


def measure(case: Case, rounds: int) -> tuple[float, float, float]:
    """Return median, 95th percentile and worst CPU time in milliseconds."""
    times = []
    for _ in range(rounds):
        start = time.process_time_ns()
        drill.grade(*case)
        times.append((time.process_time_ns() - start) / 1e6)
    times.sort()
    return times[rounds // 2], times[int(rounds * 0.95)], times[-1]


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=300)
    rounds = parser.parse_args().rounds
    is_good = True
    print(f"{'':36} {'median':>8} {'p95':>8} {'worst':>8}  ms of CPU time")
    for name, case in make_cases().items():
        median, p95, worst = measure(case, rounds if name == TYPICAL else max(10, rounds // 15))
        print(f"{name:36} {median:8.2f} {p95:8.2f} {worst:8.2f}")
        is_good &= median <= WORST_GOAL
        if name == TYPICAL:
            is_good &= median <= GOALS["median"] and p95 <= GOALS["p95"]
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
