"""Who is to be written to about hours that lie, and when. Pure.

The ladder: a mentor is asked soon after a trainee sends something; who leaves a draft or a returned
day is reminded after three days, who leaves a decision after seven; a coordinator learns of it
after fourteen, never before the mentor was reminded. At most one mail a day for each, a reminder
once a week, nothing by night or at the weekend, and nothing about what is done.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from practicum.rules.calendar import zone

QUIET_UNTIL = time(7)
QUIET_FROM = time(20)
SETTLED = timedelta(minutes=30)  # a trainee who sends a week day by day is let finish
TRAINEE_AFTER = timedelta(days=3)
MENTOR_AFTER = timedelta(days=7)
COORDINATOR_AFTER = timedelta(days=14)
AGAIN_AFTER = timedelta(days=7)


class Rule(StrEnum):
    """Why somebody is written to."""

    ASK = "ask"
    TRAINEE = "trainee"
    MENTOR = "mentor"
    COORDINATOR = "coordinator"
    UNSETTLED = "unsettled"
    EXPIRING = "expiring"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class OpenWeek:
    """A trainee's week with hours that are not confirmed.

    ``lying`` is since when the oldest draft or returned day waits for the trainee, ``waiting``
    since when the oldest sent one waits for a mentor, ``newest`` when the latest was sent; ``None``
    where there is none. ``mentors`` are those who may decide.
    """

    placement: UUID
    monday: date
    tz: str
    trainee: UUID
    mentors: tuple[UUID, ...] = ()
    lying: datetime | None = None
    waiting: datetime | None = None
    newest: datetime | None = None

    @property
    def subject(self) -> str:
        """What notices on it are kept under."""
        return f"{self.placement.hex}:{self.monday.isoformat()}"


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that is due; ``window`` keeps a second run of the same day from sending it again.

    ``not_before`` is when it may leave, if that is not now.
    """

    rule: Rule
    subject: str
    recipient: UUID
    window: str
    not_before: datetime | None = None


Sent = Mapping[tuple[Rule, str, UUID], datetime]  # when a notice was sent last


def due_notices(
    weeks: Iterable[OpenWeek],
    sent: Sent,
    now: datetime,
    coordinators: Collection[UUID],
    unwilling: Collection[UUID] = (),
) -> list[Notice]:
    """The notices that are due ``now``; ``unwilling`` are those who want no reminders."""
    found: list[Notice] = []
    for week in weeks:
        local = now.astimezone(zone(week.tz))
        if is_quiet(local):
            continue
        due = [
            *_for_trainee(week, sent, now),
            *_for_mentors(week, sent, now, unwilling),
            *_for_coordinators(week, sent, now, coordinators, unwilling),
        ]
        found += [
            Notice(rule, week.subject, recipient, local.date().isoformat())
            for rule, recipient in due
            if rule is Rule.ASK or recipient not in unwilling
        ]
    return found


def asked_notices(
    weeks: Iterable[OpenWeek],
    sent: Sent,
    now: datetime,
    mentor: UUID | None = None,
    unwilling: Collection[UUID] = (),
) -> list[Notice]:
    """What a coordinator's word sends of ``weeks``; with ``mentor`` to that one alone.

    To trainees about what lies with them, to mentors about what waits, but not to who heard of the
    week within a day. What falls into quiet hours waits for their end.
    """
    found = []
    for week in weeks:
        asked: list[tuple[Rule, UUID]] = []
        if week.lying is not None and mentor is None:
            asked.append((Rule.TRAINEE, week.trainee))
        if week.waiting is not None:
            asked += [(Rule.MENTOR, one) for one in week.mentors if mentor in (None, one)]
        local = now.astimezone(zone(week.tz))
        start = _end_of_quiet(local) if is_quiet(local) else None
        found += [
            Notice(rule, week.subject, one, f"asked {local.date().isoformat()}", start)
            for rule, one in asked
            if one not in unwilling and not _heard_today(week, sent, now, one)
        ]
    return found


def _heard_today(week: OpenWeek, sent: Sent, now: datetime, recipient: UUID) -> bool:
    heard = [sent.get((rule, week.subject, recipient)) for rule in Rule]
    return any(at is not None and now - at < timedelta(days=1) for at in heard)


def _end_of_quiet(local: datetime) -> datetime:
    """The next moment of the local clock at which somebody may be written to."""
    day = local.date() + timedelta(days=local.time() >= QUIET_FROM)
    while day.isoweekday() > 5:
        day += timedelta(days=1)
    start = datetime.combine(day, QUIET_UNTIL, tzinfo=local.tzinfo)
    return max(start, local)


def is_quiet(local: datetime) -> bool:
    """Whether nobody is written to at this local time."""
    is_night = not QUIET_UNTIL <= local.time() < QUIET_FROM
    return is_night or local.isoweekday() > 5


def _is_new(week: OpenWeek, sent: Sent, now: datetime, rule: Rule, recipient: UUID) -> bool:
    last = sent.get((rule, week.subject, recipient))
    return last is None or now - last >= AGAIN_AFTER


def _for_trainee(week: OpenWeek, sent: Sent, now: datetime) -> Iterable[tuple[Rule, UUID]]:
    is_late = week.lying is not None and now - week.lying >= TRAINEE_AFTER
    if is_late and _is_new(week, sent, now, Rule.TRAINEE, week.trainee):
        yield Rule.TRAINEE, week.trainee


def _for_mentors(
    week: OpenWeek, sent: Sent, now: datetime, unwilling: Collection[UUID]
) -> Iterable[tuple[Rule, UUID]]:
    if week.waiting is None or week.newest is None:
        return
    for mentor in week.mentors:
        asked = sent.get((Rule.ASK, week.subject, mentor))
        if asked is None or (week.newest > asked and now - asked >= timedelta(days=1)):
            if now - week.newest >= SETTLED:
                yield Rule.ASK, mentor
        elif now - week.waiting >= MENTOR_AFTER and _is_new(week, sent, now, Rule.MENTOR, mentor):
            yield Rule.MENTOR, mentor


def _for_coordinators(
    week: OpenWeek,
    sent: Sent,
    now: datetime,
    coordinators: Collection[UUID],
    unwilling: Collection[UUID],
) -> Iterable[tuple[Rule, UUID]]:
    if week.waiting is None or now - week.waiting < COORDINATOR_AFTER:
        return
    reminded = [sent.get((Rule.MENTOR, week.subject, one)) for one in week.mentors]
    was_reminded = any(at is not None and now - at >= timedelta(days=1) for at in reminded)
    if not was_reminded and not all(one in unwilling for one in week.mentors):
        return
    for one in coordinators:
        if _is_new(week, sent, now, Rule.COORDINATOR, one):
            yield Rule.COORDINATOR, one
