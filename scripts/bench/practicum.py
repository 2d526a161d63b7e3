"""Measures the practicum where many have practised for long.

    python -m scripts.bench.practicum [--trainees 5000] [--entries 200] [--rounds 100]

In a new school with SQLite (give it fewer trainees: 250 make 50,000 entries), or in the database of
DATABASE_URL. A database without entries is filled first (``practicum_school``), one with entries is
measured as it is. Medians count; the status is 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

GOALS = {  # ms
    "log an entry": 15,
    "approve a week of 25": 50,
    "a placement's month": 50,
    "a placement's totals": 50,
    "a mentor's waiting entries": 50,
    "the dashboard": 150,
    "a cohort's report": 1000,
    "a cohort's report as PDF": 20_000,
}
SELDOM = 5  # rounds until what takes long is measured again
SEED = 2026


def start_school(folder: str) -> None:
    """Load the site with its data in ``folder``; make the tables and collect the pages' files."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "delivery.settings",
        "LIBSCHOOL_DATA": folder,
        "LOG_LEVEL": "CRITICAL",
    }
    import django  # here: the data folder must be named before the settings are read
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)


def _coordinator() -> Any:
    """An account that coordinates, made at the first run."""
    from django.contrib.auth import get_user_model  # here: after the site was loaded

    from practicum import api

    user, _is_new = get_user_model().objects.get_or_create(username="bench-coordinator")
    actor = api.actor_for(user)
    if actor.person is not None and not api.is_coordinator(actor):
        api.appoint_coordinator(api.SYSTEM, actor.person)
    return user


class Measures:
    """What is measured, on trainees picked by chance, always the same ones."""

    def __init__(self) -> None:
        from practicum.models import Cohort, Placement  # here: after the site was loaded

        rows = Placement.objects.order_by("pk").values_list(
            "pk", "trainee__id", "mandates__mentor__id"
        )
        self.placements = list(rows)
        self.random = random.Random(SEED)  # noqa: S311  # picks what is measured, no secret
        self.hours: dict[UUID, int] = {}
        self.cohort = Cohort.objects.values_list("pk", flat=True)[0]
        self.coordinator = _coordinator()

    def pick(self) -> tuple[UUID, Any, Any]:
        """A placement, its trainee and its mentor."""
        from practicum.api import Actor  # here: after the site was loaded

        placement, trainee, mentor = self.random.choice(self.placements)
        return placement, Actor(trainee), Actor(mentor)

    def log(self, placement: UUID, trainee: Any, day: date, hour: int) -> UUID:
        """An hour in the afternoon, which no planted entry has."""
        from datetime import time as clock

        from practicum import api  # here: after the site was loaded

        start = api.moment(day, clock(hour), "Europe/Sofia")
        values = api.EntryValues(
            start, start + timedelta(hours=1), 0, {"desk": 60}, ("service",), "At the desk."
        )
        key = uuid4().hex
        return api.log_hours(trainee, uuid4(), values, placement=placement, key=key).id

    def next_hours(self, placement: UUID, count: int) -> list[tuple[date, int]]:
        """Hours of a placement that are free, five of a day."""
        from django.utils import timezone

        from practicum.models import Entry

        if placement not in self.hours:  # what an earlier run logged
            logged = Entry.objects.filter(placement=placement, net_minutes=60)
            self.hours[placement] = logged.count()
        begun = self.hours[placement]
        self.hours[placement] = begun + count
        today = timezone.now().date()
        return [
            (today - timedelta(days=2 + number // 5), 14 + number % 5)
            for number in range(begun, begun + count)
        ]

    def logging(self) -> Callable[[], Any]:
        """Logging an hour."""
        placement, trainee, _mentor = self.pick()
        ((day, hour),) = self.next_hours(placement, 1)
        return lambda: self.log(placement, trainee, day, hour)

    def approving(self) -> Callable[[], Any]:
        """Approving 25 hours that wait."""
        from practicum import api  # here: after the site was loaded

        placement, trainee, mentor = self.pick()
        hours = self.next_hours(placement, 25)
        ids = [self.log(placement, trainee, day, hour) for day, hour in hours]
        api.submit_entries(trainee, ids)
        shown = {one.id: one.content_hash for one in api.entries(trainee, placement=placement)}
        items = [api.ReviewItem(entry, shown[entry], True) for entry in ids]

        def approve() -> None:
            receipt = api.review_entries(mentor, items, key=uuid4().hex)
            if not all(item.is_done for item in receipt.items):
                raise RuntimeError(receipt)

        return approve

    def reading(self) -> dict[str, Callable[[], Any]]:
        """What pages ask for."""
        from django.utils import timezone  # here: after the site was loaded

        from practicum import api

        placement, trainee, mentor = self.pick()
        last = timezone.now().date()
        first = last - timedelta(days=31)
        return {
            "a placement's month": lambda: api.entries(
                trainee, placement=placement, first=first, last=last
            ),
            "a placement's totals": lambda: api.totals(trainee, placement),
            "a mentor's waiting entries": lambda: api.waiting_entries(mentor, limit=50),
        }

    def summing_up(self) -> dict[str, Callable[[], Any]]:
        """What coordinators' pages ask for, with the sums brought up to date as a page does."""
        from django.test import Client  # here: after the site was loaded
        from django.urls import reverse

        from practicum import api

        browser = Client(headers={"Host": "localhost"})
        browser.force_login(self.coordinator)
        cohort = {"kind": "cohort", "cohort": str(self.cohort), "language": "en"}
        wanted = api.ReportRequest("cohort", cohort=self.cohort, language="en")

        def page(name: str, query: Any = None) -> None:
            response = browser.get(reverse(f"practicum:{name}"), query)
            if response.status_code != 200:
                raise RuntimeError(f"{name}: {response.status_code}")

        def pdf() -> None:
            made = api.make_report(api.SYSTEM, wanted)
            api.as_file(made, "pdf", api.Edition("en", school="Sample School"))

        return {
            "the dashboard": lambda: page("office"),
            "a cohort's report": lambda: page("office_reports", cohort),
            "a cohort's report as PDF": pdf,
        }


def measure(rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Elapsed and computing milliseconds of each round, by what was measured."""
    measures = Measures()
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in GOALS}
    for number in range(rounds):
        works = {"log an entry": measures.logging(), **measures.reading()}
        if number % SELDOM == 0:
            works["approve a week of 25"] = measures.approving()
            works |= measures.summing_up()
        for name, work in works.items():
            start, computing = time.perf_counter(), time.process_time()
            work()
            elapsed = (time.perf_counter() - start) * 1000
            found[name].append((elapsed, (time.process_time() - computing) * 1000))
    return found


def main() -> int:
    """Fill if need be, measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trainees", type=int, default=5000)
    parser.add_argument("--entries", type=int, default=200, help="of each trainee")
    parser.add_argument("--rounds", type=int, default=100)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        start_school(folder)
        from practicum import figures  # here: after the site was loaded
        from practicum.models import Entry
        from scripts.bench.practicum_school import plant

        if not Entry.objects.exists():
            plant(asked.trainees, asked.entries)
        figures.refresh()  # the first sums after planting are of everything
        print(f"{Entry.objects.count()} entries; load {os.getloadavg()[0]:.1f}")
        missed = []
        for name, rows in measure(asked.rounds).items():
            elapsed, computing = zip(*rows, strict=True)
            median = statistics.median(elapsed)
            print(
                f"{name}: median {median:.1f} ms (goal {GOALS[name]}), least {min(elapsed):.1f},"
                f" 95 % {statistics.quantiles(elapsed, n=20)[-1]:.1f};"
                f" computing {statistics.median(computing):.1f}"
            )
            if median > GOALS[name]:
                missed.append(name)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
