"""Where everybody's practice begins: a trainee's hours, a mentor's decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from practicum import api
from practicum.api import EntryState, PlacementRecord
from practicum.rules.calendar import local_day, week_of
from practicum.views.access import STRANGER, PracticumRequest, Who, access
from practicum.views.placements import Sums, shown, sums_of
from practicum.views.showing import Line, Names, names_for

RECENT = 14  # days for which a placement that has ended stays on the desk
OPEN = (EntryState.DRAFT, EntryState.SUBMITTED, EntryState.RETURNED)


@dataclass(frozen=True, slots=True)
class Desk:
    """A trainee's running placement: how far it is, and what there is to do."""

    placement: PlacementRecord
    sums: Sums
    today: date
    open: tuple[Line, ...]

    @property
    def returned(self) -> list[Line]:
        """What came back, to be mended."""
        return [one for one in self.open if one.record.state is EntryState.RETURNED]

    @property
    def on_sheets(self) -> list[Line]:
        """What a mentor wrote down, to be signed."""
        return [one for one in self.open if one.needs_signing]

    @property
    def drafts(self) -> list[Line]:
        """What can be sent."""
        drafts = [one for one in self.open if one.record.state is EntryState.DRAFT]
        return [one for one in drafts if not one.needs_signing]

    @property
    def waiting(self) -> list[Line]:
        """What waits for the mentor."""
        return [one for one in self.open if one.record.state is EntryState.SUBMITTED]

    @property
    def monday(self) -> date:
        """Of the present week, or the placement's last."""
        return week_of(min(max(self.today, self.placement.first), self.placement.last))

    @property
    def month(self) -> str:
        """The present month, or the placement's last."""
        return f"{min(max(self.today, self.placement.first), self.placement.last):%Y-%m}"

    @property
    def has_begun(self) -> bool:
        """Whether days can be logged."""
        return self.placement.first <= self.today

    @property
    def mentors(self) -> str:
        """Who answers for it today."""
        names = [
            one.name
            for one in self.placement.mandates
            if not one.is_revoked and (one.last is None or one.last >= self.today)
        ]
        return ", ".join(dict.fromkeys(name for name in names if name))


@access(Who.SIGNED_IN)
@require_safe
def home(request: PracticumRequest) -> HttpResponse:
    """The placements of a trainee, and what waits for a mentor."""
    person = request.actor.person
    is_stranger = request.actor == STRANGER or person is None
    mine = [] if is_stranger else api.placements(request.actor, trainee=person)
    reviews = not is_stranger and api.reviews_others(request.actor)
    since = timezone.now().date() - timedelta(days=RECENT)
    running = [one for one in mine if one.last >= since]
    names = names_for(request.actor) if running else Names({}, {})
    context: dict[str, Any] = {
        "desks": [_desk(request, place, names) for place in running],
        "past": [one for one in mine if one.last < since],
        "has_part": bool(mine or reviews),
        "reviews": reviews,
        "waiting": len(api.waiting_entries(request.actor)) if reviews else 0,
        "is_coordinator": not is_stranger and api.is_coordinator(request.actor),
        "total": api.person_totals(request.actor, person) if len(mine) > 1 and person else None,
        "key": uuid4().hex,
    }
    return render(request, "practicum/home.html", context)


def _desk(request: PracticumRequest, place: PlacementRecord, names: Names) -> Desk:
    return Desk(
        placement=place,
        sums=sums_of(api.totals(request.actor, place.id), names),
        today=local_day(timezone.now(), place.tz),
        open=tuple(shown(request, place, names, OPEN)),
    )
