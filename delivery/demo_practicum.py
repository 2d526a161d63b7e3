"""A placement for the demo trainee, with hours in every state: made up, like the library."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.contrib.auth.models import User
from django.utils import timezone

from practicum import api
from practicum.api import SYSTEM, Actor, EntryValues, Requirement, ReviewItem, Rules

HOST = "Sample Library of Nowhere"
TZ = "Europe/Zagreb"
PROGRAMME = "demo-practice"
RULES = Rules(
    requirement=Requirement(
        120 * 60,
        {"cataloguing": 60 * 60, "reader-service": 40 * 60, "conservation": 20 * 60},
        {"describes-books": 60 * 60, "serves-readers": 40 * 60},
    ),
    categories=("cataloguing", "reader-service", "conservation"),
    competencies=("describes-books", "serves-readers"),
    country="HR",
    back_entry_days=90,
)
CATEGORIES = {
    "cataloguing": "Cataloguing",
    "reader-service": "Reader service",
    "conservation": "Conservation",
}
COMPETENCIES = {
    "describes-books": "Describes books and serials",
    "serves-readers": "Serves readers",
}
WORK = (
    ("cataloguing", "describes-books", "Catalogued twelve new books with the mentor."),
    ("reader-service", "serves-readers", "At the lending desk; found a map for a reader."),
    ("conservation", "describes-books", "Cleaned and boxed a shelf of old newspapers."),
)
DAYS = 12  # of practice, the latest ones as a draft, waiting, and returned


def create_demo_practicum(trainee: User, mentor: User, administrator: User) -> None:
    """Place the trainee, unless they are; hours lie in the weeks before the first call."""
    actors = [api.actor_for(user, is_mail_verified=True) for user in (trainee, mentor)]
    if api.placements(actors[0]):
        return
    coordinator = api.actor_for(administrator, is_mail_verified=True)
    api.appoint_coordinator(SYSTEM, _id(coordinator))
    today = timezone.now().date()
    placement = _place(actors[0], actors[1], today)
    days = list(_workdays(today - timedelta(days=45), today - timedelta(days=1)))[:DAYS]
    entries = [_log(actors[0], placement, day, number) for number, day in enumerate(days)]
    api.submit_entries(actors[0], entries[:-1])
    _review(actors[1], entries[:-3], approve=True)
    _review(actors[1], entries[-3:-2], approve=False, reason="Was this not reader service?")
    api.close_period(coordinator, placement, days[0], days[3])


def _place(trainee: Actor, mentor: Actor, today: date) -> UUID:
    host = api.save_host(SYSTEM, name=HOST, tz=TZ, municipality="Nowhere", country="HR", capacity=2)
    for code, name in CATEGORIES.items():
        api.save_category(SYSTEM, code, name)
    for code, name in COMPETENCIES.items():
        api.save_competency(SYSTEM, code, name)
    version = api.save_programme(SYSTEM, PROGRAMME, "Practice of cataloguers", RULES)
    return api.create_placement(
        SYSTEM,
        trainee=_id(trainee),
        host=host.id,
        programme_version=version.id,
        first=today - timedelta(days=60),
        last=today + timedelta(days=120),
        mentors=(_id(mentor),),
    ).id


def _workdays(first: date, last: date) -> Iterator[date]:
    while first <= last:
        if first.isoweekday() <= 5:
            yield first
        first += timedelta(days=1)


def _log(trainee: Actor, placement: UUID, day: date, number: int) -> UUID:
    category, competency, text = WORK[number % len(WORK)]
    values = EntryValues(
        start=api.moment(day, time(9), TZ),
        end=api.moment(day, time(13, 30), TZ),
        break_minutes=30,
        allocations={category: 4 * 60},
        competencies=(competency,),
        text=text,
    )
    entry = uuid5(NAMESPACE_URL, f"{placement}/{day}")
    return api.log_hours(trainee, entry, values, placement=placement).id


def _review(mentor: Actor, entries: list[UUID], *, approve: bool, reason: str = "") -> None:
    shown = {entry.id: entry.content_hash for entry in api.waiting_entries(mentor)}
    api.review_entries(
        mentor, [ReviewItem(entry, shown[entry], approve, reason) for entry in entries]
    )


def _id(actor: Actor) -> UUID:
    if actor.person is None:
        raise ValueError("The program itself is no person.")
    return actor.person
