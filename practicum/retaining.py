"""Erases people by themselves once their last placement is long over, and tells it beforehand.

How long records are kept is the school's to say (``PRACTICUM_KEEP_DAYS``; 0 keeps them until
somebody erases them by hand). Coordinators are told ``WARNING`` before anybody is erased.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from practicum.data import Actor
from practicum.errors import Erased, WrongState
from practicum.models import Coordinator, Mandate, Person, SentNotice
from practicum.people import SYSTEM, require_coordinator
from practicum.privacy import erase_person
from practicum.reminding import coordinators, leave_jobs
from practicum.rules.calendar import week_of
from practicum.rules.reminders import Notice, Rule
from practicum.sealing import Vault

WARNING = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Expiring:
    """Somebody whose time is over: since their ``last`` day; ``told_at`` when coordinators were."""

    person: UUID
    name: str
    last: date
    told_at: datetime | None

    @property
    def erased_on(self) -> date | None:
        """The day from which on the person is erased; ``None`` as long as nobody was told."""
        return (self.told_at + WARNING).date() if self.told_at is not None else None


def keep_days() -> int:
    """For how many days after their last day of practice people are kept; 0 for good."""
    return int(getattr(settings, "PRACTICUM_KEEP_DAYS", 0))


def expiring(actor: Actor) -> list[Expiring]:
    """Who will be erased, the longest over first: coordinators and the program. Changes nothing."""
    require_coordinator(actor)
    rows = _over(timezone.now()) if keep_days() else []
    told = _told({person: last for _pk, person, _name, last in rows})
    vault = Vault(pk for pk, _person, _name, _last in rows)
    return [
        Expiring(person, vault.open(pk, name), last, told.get(person))
        for pk, person, name, last in rows
    ]


def _over(now: datetime) -> list[tuple[int, UUID, str, date]]:
    """Trainees of placements that are long over, who neither mentor nor coordinate any more.

    Number, id, sealed name and last day of each.
    """
    today = now.date()
    mentoring = Mandate.objects.filter(
        Q(last=None) | Q(last__gte=today),
        mentor=OuterRef("pk"),
        revoked_at=None,
        placement__last__gte=today,
    )
    coordinating = Coordinator.objects.filter(
        Q(last=None) | Q(last__gte=today), person=OuterRef("pk")
    )
    people = Person.objects.filter(erased_at=None).annotate(last=Max("placements__last"))
    people = people.filter(last__lt=today - timedelta(days=keep_days()))
    people = people.exclude(Exists(mentoring)).exclude(Exists(coordinating))
    return list(people.order_by("last", "pk").values_list("pk", "id", "sealed_name", "last"))


def _subject(person: UUID) -> str:
    return person.hex


def _told(people: dict[UUID, date]) -> dict[UUID, datetime]:
    """When coordinators first heard of each since their last day: a warning counts from then.

    What was said before that was about an earlier placement.
    """
    rows = SentNotice.objects.filter(
        rule=Rule.EXPIRING.value, subject__in=[_subject(one) for one in people]
    )
    told: dict[UUID, datetime] = {}
    for subject, at in rows.order_by("sent_at").values_list("subject", "sent_at"):
        person = UUID(hex=subject)
        if at.date() > people[person]:
            told.setdefault(person, at)
    return told


def erase_expired() -> tuple[int, int]:
    """Tell coordinators of who is due, and erase who they were told of a month ago or more.

    How many were erased, and how many still wait for it. Where there is no coordinator to tell,
    nobody is erased. Safe to run again.
    """
    now = timezone.now()
    erased, waiting, window = 0, [], week_of(now.date()).isoformat()
    for one in expiring(SYSTEM):
        if one.told_at is None or now - one.told_at < WARNING:
            waiting.append(one.person)
            continue
        try:
            erase_person(SYSTEM, one.person, key=f"expired-{one.person.hex}")
        except (Erased, WrongState):
            continue  # erased, or placed again, a moment ago
        erased += 1
    notices = [
        Notice(Rule.EXPIRING, _subject(person), recipient, window)
        for person in waiting
        for recipient in coordinators()
    ]
    leave_jobs(notices, now)
    return erased, len(waiting)
