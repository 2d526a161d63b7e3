"""Measures grading a catalogue record, in CPU time, and importing the grader.

    python -m scripts.bench.grade_marc [--rounds 300]

Records made up with typing errors in every value, up to the limits of an answer, stand beside
the novice's record of 17 fields. Each round grades a record with blanks of its own after every
value, so that nothing is remembered from the round before. The first answer of a process to an
exercise also pays for reading its key, and is shown apart. The status is 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from grading.graders import marc

CASES = Path(__file__).parents[2] / "tests" / "grading" / "data" / "marc_worked_examples.json"
TYPICAL = "novice, 17 fields"
GOALS = {"median": 2.0, "p95": 6.0}  # ms, of the typical record
WORST_GOAL = 50.0  # ms, of any record
IMPORT_GOAL = 60.0  # ms
BLANKS = str.maketrans("01", " \t")
LETTERS = "abcdefghijklmnoprstuvzčćđšž"
EVERY_GROUP = (
    ["650"] * 25 + ["500"] * 25 + ["700"] * 25 + ["490"] * 25 + ["080"] * 25 + ["020"] * 25
)

Exercise = dict[str, Any]
Case = tuple[Exercise, list[Any]]


class Maker:
    """Makes records of made-up words, the same ones each time."""

    def __init__(self) -> None:
        self._random = random.Random(1)  # noqa: S311  # no secret: the same records each time

    def words(self, count: int) -> str:
        """Return that many made-up words."""
        sizes = [self._random.randint(3, 9) for _ in range(count)]
        return " ".join("".join(self._random.choices(LETTERS, k=size)) for size in sizes)

    def mistype(self, text: str) -> str:
        """Return the text with one letter changed."""
        place = self._random.randrange(len(text))
        return f"{text[:place]}q{text[place + 1 :]}"

    def case(self, tags: list[str], count: int = 3, codes: str = "abc") -> Case:
        """Return a key of these tags, and its record with an error in every value, shuffled."""
        fields = [
            {"tag": tag, "ind": " 4", "sub": [[code, self.words(count)] for code in codes]}
            for tag in tags
        ]
        answer = [
            [f["tag"], f["ind"], [[code, self.mistype(value)] for code, value in f["sub"]]]
            for f in fields
        ]
        self._random.shuffle(answer)
        return {"profile": "marc21", "fields": fields}, answer


def make_cases() -> dict[str, Case]:
    """Return the records to grade, by name."""
    worked = {row["id"]: row for row in json.loads(CASES.read_text(encoding="utf-8"))}
    maker = Maker()
    udc = {"tag": "080", "ind": "  ", "sub": [["a", "02:37:004:316(497.5)(075)=163.42"]]}
    classes = [{**udc, "sub": [["a", f"{n}{udc['sub'][0][1]}"]]} for n in range(30)]
    fixed = "191021s2019    ci a          000 p hrv d"
    whole, mistyped = maker.case(EVERY_GROUP)
    answer = mistyped + maker.case(["246"] * 50)[1]
    parts = [{**whole, "fields": whole["fields"][n::6]} for n in range(6)]
    return {
        TYPICAL: (worked["W11"]["key"], worked["W11"]["answer"]),
        "model and 41 more fields": (worked["W9"]["key"], worked["W9"]["answer"]),
        "30 fields, all mistyped": maker.case(["245", "264", "300", "500", "650", "700"] * 5),
        "200 fields, all mistyped": (whole, answer),
        "200 fields, six keys": ({"keys": parts}, answer),
        "200 fields to be mended": ({"keys": [whole], "start": answer[::-1]}, answer),
        "30 long notes": maker.case(["500"] * 30, count=60),
        "10 notes of 1,000 words": maker.case(["500"] * 10, count=1_000, codes="a"),
        "10 fields of 100 subfields": maker.case(["505"] * 10, count=1, codes="t" * 100),
        "30 long UDC numbers": (
            {"profile": "marc21", "fields": classes},
            [["080", "  ", [["a", c["sub"][0][1][::-1]]]] for c in classes],
        ),
        "200 damaged 008": (
            {"keys": [{"fields": [{"tag": "008", "value": fixed}]}] * 6},
            [["008", f"{fixed[:20]}{n:03}{fixed[24:]}"] for n in range(200)],
        ),
    }


def pad(answer: list[Any], number: int) -> list[Any]:
    """Return the record with blanks after its values that no other number has."""
    blanks = f"{number:09b}".translate(BLANKS)
    return [
        [*row[:2], [[code, value + blanks] for code, value in row[2]]] if len(row) > 2 else row
        for row in answer
    ]


def measure(case: Case, rounds: int) -> tuple[float, float, float, float]:
    """Return the first, the median, the 95th percentile and the worst CPU time in milliseconds."""
    times = []
    exercise, answer = case
    for number in range(rounds + 1):
        other = pad(answer, number)
        start = time.process_time_ns()
        marc.grade(exercise, other)
        times.append((time.process_time_ns() - start) / 1e6)
    first, *others = times
    others.sort()
    return first, others[rounds // 2], others[int(rounds * 0.95)], others[-1]


def measure_import() -> float:
    """Return the least CPU time of importing the graders in a new process, in milliseconds.

    From bytecode, as an installed package has it.
    """
    code = (
        "import dataclasses, json, re, time, typing, unicodedata; t = time.process_time();"
        "import grading.graders.marc; print((time.process_time() - t) * 1000)"
    )
    times = []
    with tempfile.TemporaryDirectory() as bytecode:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for _ in range(9):
            run = subprocess.run(  # noqa: S603  # our own code
                [sys.executable, "-c", code],
                check=True,
                capture_output=True,
                text=True,
                env=environment,
            )
            times.append(float(run.stdout))
    return min(times)


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=300)
    rounds = parser.parse_args().rounds
    is_good = True
    print(f"{'':28} {'first':>8} {'median':>8} {'p95':>8} {'worst':>8}  ms of CPU time")
    for name, case in make_cases().items():
        count = rounds if name == TYPICAL else max(20, rounds // 10)
        first, median, p95, worst = measure(case, count)
        print(f"{name:28} {first:8.2f} {median:8.2f} {p95:8.2f} {worst:8.2f}")
        is_good &= max(first, p95) <= WORST_GOAL
        if name == TYPICAL:
            is_good &= median <= GOALS["median"] and p95 <= GOALS["p95"]
    needed = measure_import()
    print(f"{'import':28} {'':8} {needed:8.2f}")
    return 0 if is_good and needed <= IMPORT_GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
