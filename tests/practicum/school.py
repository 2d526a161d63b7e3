"""A small school for tests: a coordinator, mentors, trainees and a programme, all made up."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from practicum import api
from practicum.api import SYSTEM, Actor, EntryValues, Receipt, Requirement, ReviewItem, Rules

TZ = "Europe/Sofia"
RULES = Rules(
    requirement=Requirement(60 * 100, {"cataloguing": 60 * 60, "desk": 60 * 20}, {"marc": 60 * 40}),
    categories=("cataloguing", "desk"),
    competencies=("marc", "service"),
    weekdays=(1, 2, 3, 4, 5, 6, 7),
    back_entry_days=0,
    grace_days=0,
)


@dataclass(frozen=True)
class School:
    """Who and what there is."""

    coordinator: Actor
    second_coordinator: Actor
    mentor: Actor
    other_mentor: Actor
    trainee: Actor
    other_trainee: Actor
    host: UUID
    other_host: UUID
    programme: UUID
    placement: UUID
    other_placement: UUID


def today() -> date:
    return timezone.now().date()


def person(name: str) -> Actor:
    return Actor(api.add_person(SYSTEM, name=name, mail=f"{name.lower()}@example.org").id)


def coordinator(name: str) -> Actor:
    actor = person(name)
    assert actor.person is not None
    api.appoint_coordinator(SYSTEM, actor.person)
    return actor


def id_of(actor: Actor) -> UUID:
    assert actor.person is not None
    return actor.person


def programme(rules: Rules = RULES, code: str = "basic") -> UUID:
    for category in rules.categories:
        api.save_category(SYSTEM, category, category.title())
    for competency in rules.competencies:
        api.save_competency(SYSTEM, competency, competency.upper())
    return api.save_programme(SYSTEM, code, "Basic practice", rules).id


def place(trainee: Actor, host: UUID, version: UUID, *mentors: Actor, **changes: Any) -> UUID:
    span = {"first": today() - timedelta(days=200), "last": today() + timedelta(days=100)}
    return api.create_placement(
        SYSTEM,
        trainee=id_of(trainee),
        host=host,
        programme_version=version,
        mentors=tuple(id_of(mentor) for mentor in mentors),
        **{**span, **changes},
    ).id


def make_school(rules: Rules = RULES) -> School:
    hosts = [
        api.save_host(SYSTEM, name=name, tz=TZ, municipality="Nowhere").id
        for name in ("Sample City Library", "Sample Village Library")
    ]
    mentor, other_mentor = person("Meri"), person("Marko")
    trainee, other_trainee = person("Tena"), person("Toma")
    version = programme(rules)
    return School(
        coordinator=coordinator("Koraljka"),
        second_coordinator=coordinator("Kiril"),
        mentor=mentor,
        other_mentor=other_mentor,
        trainee=trainee,
        other_trainee=other_trainee,
        host=hosts[0],
        other_host=hosts[1],
        programme=version,
        placement=place(trainee, hosts[0], version, mentor),
        other_placement=place(other_trainee, hosts[1], version, other_mentor),
    )


def day_ago(days: int) -> date:
    return today() - timedelta(days=days)


def values(
    day: date,
    hours: int = 4,
    start: time = time(9),
    allocations: Mapping[str, int] | None = None,
    **changes: Any,
) -> EntryValues:
    begins = api.moment(day, start, TZ)
    made = EntryValues(
        start=begins,
        end=begins + timedelta(hours=hours),
        break_minutes=0,
        allocations=allocations or {"cataloguing": hours * 60},
        competencies=("marc",),
        text="Описах книги и подредих рафтовете.",
    )
    return replace(made, **changes)


def log(school: School, day: date, entry: UUID | None = None, **changes: Any) -> Receipt:
    return api.log_hours(
        school.trainee, entry or uuid4(), values(day, **changes), placement=school.placement
    )


def submitted(school: School, day: date, **changes: Any) -> UUID:
    entry = log(school, day, **changes).id
    outcome = api.submit_entries(school.trainee, [entry]).items[0]
    assert outcome.is_done, outcome
    return entry


def review(
    school: School, *entries: UUID, approve: bool = True, reason: str = "", by: Actor | None = None
) -> Receipt:
    shown = {record.id: record for record in api.entries(SYSTEM)}
    items = [ReviewItem(one, shown[one].content_hash, approve, reason) for one in entries]
    return api.review_entries(by or school.mentor, items)


def approved(school: School, day: date, **changes: Any) -> UUID:
    entry = submitted(school, day, **changes)
    outcome = review(school, entry).items[0]
    assert outcome.is_done, outcome
    return entry


def propose(school: School, entry: UUID, hours: int | None = 3, by: Actor | None = None) -> Receipt:
    shown = api.entry(SYSTEM, entry)
    other = values(shown.day, hours=hours) if hours is not None else None
    return api.propose_amendment(
        by or school.trainee, entry, other, base=shown.version, reason="It was less."
    )


def agree(made: Receipt, by: Actor) -> Receipt:
    return api.approve_amendment(by, made.id, content_hash=made.content_hash)


def state_of(entry: UUID) -> str:
    return api.entry(SYSTEM, entry).state.value


def confirmed(placement: UUID) -> int:
    return api.totals(SYSTEM, placement).all.confirmed


def at_utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)
