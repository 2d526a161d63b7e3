"""What commands and pages ask of the database does not grow with other people's entries."""

from collections.abc import Callable
from datetime import time
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from practicum import api
from practicum.api import SYSTEM, Actor, ReviewItem
from tests.practicum.school import School, day_ago, id_of, make_school, values

pytestmark = pytest.mark.django_db

LOGGING, SUBMITTING, APPROVING = 17, 23, 22
PER_PAGE = {"entries": 6, "totals": 8, "waiting": 5, "placements": 7}


@pytest.fixture
def school() -> School:
    return make_school()


def statements(work: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)


def log_week(actor: Actor, placement: UUID, count: int, ago: int = 20) -> list[UUID]:
    return [
        api.log_hours(
            actor,
            uuid4(),
            values(day_ago(ago + number // 5), hours=1, start=time(8 + number % 5)),
            placement=placement,
            key=uuid4().hex,
        ).id
        for number in range(count)
    ]


def submit_week(school: School, count: int, ago: int = 20) -> list[UUID]:
    ids = log_week(school.trainee, school.placement, count, ago)
    api.submit_entries(school.trainee, ids)
    return ids


def shown(ids: list[UUID]) -> list[ReviewItem]:
    hashes = {one.id: one.content_hash for one in api.entries(SYSTEM)}
    return [ReviewItem(entry, hashes[entry], True) for entry in ids]


def test_logging_asks_a_fixed_number_of_statements(school: School) -> None:
    first = statements(lambda: log_week(school.trainee, school.placement, 1, ago=30))
    log_week(school.other_trainee, school.other_placement, 20)
    submit_week(school, 20)
    assert statements(lambda: log_week(school.trainee, school.placement, 1, ago=31)) <= first
    assert first <= LOGGING


def test_deciding_on_a_week_asks_as_many_statements_as_on_a_day(school: School) -> None:
    day, week = shown(submit_week(school, 1)), shown(submit_week(school, 25, ago=30))
    log_week(school.other_trainee, school.other_placement, 20)
    of_day = statements(lambda: api.review_entries(school.mentor, day, key="day"))
    of_week = statements(lambda: api.review_entries(school.mentor, week, key="week"))
    assert of_week <= of_day <= APPROVING


def test_submitting_a_week_asks_as_many_statements_as_a_day(school: School) -> None:
    day = log_week(school.trainee, school.placement, 1)
    week = log_week(school.trainee, school.placement, 25, ago=30)
    of_day = statements(lambda: api.submit_entries(school.trainee, day))
    of_week = statements(lambda: api.submit_entries(school.trainee, week))
    assert of_week <= of_day <= SUBMITTING


def test_pages_ask_a_fixed_number_of_statements(school: School) -> None:
    pages: dict[str, Callable[[], Any]] = {
        "entries": lambda: api.entries(school.trainee, placement=school.placement),
        "totals": lambda: api.totals(school.trainee, school.placement),
        "waiting": lambda: api.waiting_entries(school.mentor),
        "placements": lambda: api.placements(school.trainee),
    }
    submit_week(school, 1)
    before = {name: statements(page) for name, page in pages.items()}
    submit_week(school, 20, ago=40)
    log_week(school.other_trainee, school.other_placement, 20)
    assert {name: statements(page) for name, page in pages.items()} == before
    over = {name: count for name, count in before.items() if count > PER_PAGE[name]}
    assert not over


def test_names_of_files_ask_a_fixed_number_of_statements(school: School) -> None:
    files = [
        api.add_evidence(school.trainee, f"notes{number}.txt", f"Day {number}".encode()).id
        for number in range(6)
    ]
    for number, file in enumerate(files[:4]):
        day = values(day_ago(20 + number), evidence=(file,))
        api.log_hours(school.trainee, uuid4(), day, placement=school.placement)
    of_one = statements(lambda: api.evidence_names(school.mentor, files[:1]))
    assert statements(lambda: api.evidence_names(school.mentor, files)) <= of_one
    assert set(api.evidence_names(school.mentor, files)) == set(files[:4])
    assert set(api.evidence_names(school.trainee, files)) == set(files)
    assert api.evidence_names(school.other_mentor, files) == {}


def test_an_opened_link_asks_a_fixed_number_of_statements(school: School) -> None:
    def link(ids: list[UUID]) -> str:
        return api.issue_review_link(SYSTEM, id_of(school.mentor), ids)[1]

    short, long = link(submit_week(school, 1)), link(submit_week(school, 20, ago=40))
    of_one = statements(lambda: api.open_review_link(short))
    assert statements(lambda: api.open_review_link(long)) <= of_one
