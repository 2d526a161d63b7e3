"""Finds what lies, and leaves a job for each mail that ``rules.reminders`` says is due.

The rows of what was sent are written with the jobs, so that a notice is sent once however many
schedulers run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from jobs.api import enqueue
from practicum.data import Actor, DecisionKind, EntryState, Receipt
from practicum.errors import NobodyToRemind
from practicum.models import (
    Coordinator,
    Entry,
    MailPreference,
    Mandate,
    Person,
    Placement,
    SentNotice,
)
from practicum.people import mandates_on, person_of, require_coordinator, today
from practicum.rules.calendar import week_of
from practicum.rules.reminders import (
    Notice,
    OpenWeek,
    Rule,
    Sent,
    asked_notices,
    due_notices,
)
from practicum.running import Run, perform

SEND = "practicum.send_notice"
LYING = (EntryState.DRAFT.value, EntryState.RETURNED.value)
OPEN = (*LYING, EntryState.SUBMITTED.value)
LONGEST = timedelta(days=180)  # looked back


@dataclass(slots=True)
class _Gathered:
    placement: Placement
    mentors: dict[UUID, None] = field(default_factory=dict)
    lying: list[datetime] = field(default_factory=list)
    waiting: list[datetime] = field(default_factory=list)


def open_weeks(now: datetime, among: Collection[UUID] | None = None) -> list[OpenWeek]:
    """Weeks with hours that are not confirmed, with who could do something about it.

    Of all placements, or of those ``among`` that are named.
    """
    found = Entry.objects.filter(
        state__in=OPEN, day__gte=(now - LONGEST).date(), trainee__erased_at=None
    )
    if among is not None:
        found = found.filter(placement__in=among)
    rows = found.annotate(
        returned_at=Max("signatures__at", filter=Q(signatures__kind=DecisionKind.RETURN.value))
    )
    rows = rows.select_related("placement__trainee").prefetch_related("placement__mandates__mentor")
    weeks: dict[tuple[UUID, date], _Gathered] = {}
    for row in rows:
        week = weeks.setdefault((row.placement_id, week_of(row.day)), _Gathered(row.placement))
        if row.state in LYING:
            week.lying.append(row.returned_at or row.created_at)
        elif row.submitted_at is not None:
            week.waiting.append(row.submitted_at)
            mentors = mandates_on(row.placement, row.day)
            week.mentors |= dict.fromkeys(one.mentor.id for one in mentors)
    return [
        OpenWeek(
            placement=placement,
            monday=monday,
            tz=week.placement.tz,
            trainee=week.placement.trainee.id,
            mentors=tuple(week.mentors),
            lying=min(week.lying, default=None),
            waiting=min(week.waiting, default=None),
            newest=max(week.waiting, default=None),
        )
        for (placement, monday), week in weeks.items()
    ]


@transaction.atomic
def remind(now: datetime | None = None) -> int:
    """Leave a job for each mail that is due; how many."""
    now = now or timezone.now()
    weeks = open_weeks(now)
    unwilling = _unwilling(Q(wants_reminders=False))
    notices = due_notices(weeks, _sent(weeks), now, coordinators(), unwilling)
    return leave_jobs(notices, now)


def remind_now(
    actor: Actor, placements: Sequence[UUID], *, mentor: UUID | None = None, key: str = ""
) -> Receipt:
    """Remind of the open weeks of placements at a coordinator's word, before the ladder does.

    Trainees are written to about what they have not sent, mentors about what waits for them; with
    ``mentor`` that one alone. Nobody hears of a week twice within a day, nobody who wants no
    reminders hears at all, and by night the mails wait until the morning. The receipt's
    ``version`` is the number of mails. Raises ``NobodyToRemind``.
    """
    wanted = sorted(set(placements))

    def effect(run: Run) -> Receipt:
        require_coordinator(actor, or_system=False)
        weeks = open_weeks(run.at, wanted)
        unwilling = _unwilling(Q(wants_reminders=False))
        notices = asked_notices(weeks, _sent(weeks), run.at, mentor, unwilling)
        reminded = {one.subject for one in notices}
        for placement in {one.placement for one in weeks if one.subject in reminded}:
            run.step("remind", placement)
        mails = leave_jobs(notices, run.at)
        if not mails:
            raise NobodyToRemind
        return Receipt(person_of(actor).id, "reminded", version=mails)

    return perform(actor, "remind", key, [wanted, mentor], effect)


def waiting_placements(actor: Actor, mentor: UUID) -> list[UUID]:
    """The placements with hours that wait for a mentor. Coordinators."""
    require_coordinator(actor)
    weeks = open_weeks(timezone.now())
    found = [one.placement for one in weeks if one.waiting and mentor in one.mentors]
    return list(dict.fromkeys(found))


@transaction.atomic
def digest(now: datetime | None = None) -> int:
    """Leave a job for each mentor's weekly digest; how many."""
    now = now or timezone.now()
    mandates = Mandate.objects.filter(
        Q(last=None) | Q(last__gte=now.date()),
        revoked_at=None,
        mentor__erased_at=None,
        first__lte=now.date(),
        placement__first__lte=now.date(),
        placement__last__gte=now.date(),
    )
    mentors = set(mandates.values_list("mentor__id", flat=True))
    willing = sorted(mentors - _unwilling(Q(wants_digest=False)))
    monday = week_of(now.date()).isoformat()
    return leave_jobs([Notice(Rule.DIGEST, "week", one, monday) for one in willing], now)


def _unwilling(wish: Q) -> set[UUID]:
    return set(MailPreference.objects.filter(wish).values_list("person__id", flat=True))


def coordinators() -> list[UUID]:
    """Who coordinates today, the longest first."""
    terms = Coordinator.objects.filter(
        Q(last=None) | Q(last__gte=today()), first__lte=today(), person__erased_at=None
    )
    return list(dict.fromkeys(terms.order_by("first").values_list("person__id", flat=True)))


def _sent(weeks: Iterable[OpenWeek]) -> Sent:
    rows = SentNotice.objects.filter(subject__in=[week.subject for week in weeks])
    latest = rows.values_list("rule", "subject", "recipient__id").annotate(at=Max("sent_at"))
    return {(Rule(rule), subject, person): at for rule, subject, person, at in latest}


@transaction.atomic
def leave_jobs(notices: Sequence[Notice], now: datetime) -> int:
    """One job for each recipient and rule, with the notices that this run was first to write.

    How many; part of the caller's transaction.
    """
    people = {
        row.id: row for row in Person.objects.filter(id__in={one.recipient for one in notices})
    }
    fresh: dict[tuple[Rule, UUID], list[str]] = {}
    for one in notices:
        _row, is_new = SentNotice.objects.get_or_create(
            rule=one.rule.value,
            subject=one.subject,
            recipient=people[one.recipient],
            window=one.window,
            defaults={"sent_at": now},
        )
        if is_new:
            fresh.setdefault((one.rule, one.recipient), []).append(one.subject)
    waits = {(one.rule, one.recipient): one.not_before for one in notices}
    for (rule, recipient), subjects in fresh.items():
        args = {"rule": rule.value, "recipient": str(recipient), "subjects": subjects}
        enqueue(SEND, args, run_after=waits[rule, recipient])
    return len(fresh)
