"""What waits for a mentor with an account, and the decisions on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from practicum import api
from practicum.api import (
    Actor,
    DecisionKind,
    EntryState,
    PlacementRecord,
    Receipt,
    ReviewItem,
)
from practicum.rules.calendar import week_of
from practicum.views.access import PracticumRequest, Who, access
from practicum.views.showing import Line, Names, lines, names_for, say_outcome
from practicum.words import say

PAGE = 100  # entries
MOST_REASON = 2000
LOCKED = (EntryState.LOCKED,)


@dataclass(frozen=True, slots=True)
class Pile:
    """A trainee's week that waits."""

    placement: PlacementRecord
    monday: date
    lines: tuple[Line, ...]

    @property
    def minutes(self) -> int:
        """Net minutes of all of it."""
        return sum(line.record.net_minutes for line in self.lines)

    @property
    def sunday(self) -> date:
        """The last day of the week."""
        return self.monday + timedelta(days=6)


def pile_up(found: Iterable[Line]) -> list[Pile]:
    """Entries by trainee and week, the oldest week first."""
    piles: dict[tuple[UUID, date], list[Line]] = {}
    for line in found:
        piles.setdefault((line.placement.id, week_of(line.record.day)), []).append(line)
    made = [
        Pile(
            group[0].placement,
            monday,
            tuple(sorted(group, key=lambda one: one.record.values.start)),
        )
        for (_place, monday), group in piles.items()
    ]
    return sorted(made, key=lambda pile: (pile.monday, pile.placement.trainee_name))


@access(Who.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: PracticumRequest) -> HttpResponse:
    """The weeks of all the mentor's trainees that wait, to be confirmed or returned."""
    actor = request.actor
    if request.method == "POST":
        decide(request, actor, request.POST)
        return redirect("practicum:review")
    places = {one.id: one for one in api.placements(actor)}
    names = names_for(actor)
    waiting = lines(api.waiting_entries(actor, limit=PAGE), places, names)
    context = {
        "piles": pile_up(waiting),
        "has_more": len(waiting) == PAGE,
        "corrections": corrections_for(actor, places),
        "recent": recently_signed(actor, places, names),
        "trainees": _trainees(actor, places.values()),
        "key": uuid4().hex,
    }
    return render(request, "practicum/review.html", context)


def _trainees(actor: Actor, places: Iterable[PlacementRecord]) -> list[PlacementRecord]:
    mine = [one for one in places if _is_mentor_of(actor, one)]
    return sorted(mine, key=lambda one: (one.last < timezone.now().date(), one.trainee_name))


def _is_mentor_of(actor: Actor, place: PlacementRecord) -> bool:
    return place.trainee != actor.person and any(
        one.mentor == actor.person and not one.is_revoked for one in place.mandates
    )


def corrections_for(
    actor: Actor, places: Mapping[UUID, PlacementRecord]
) -> list[tuple[api.AmendmentRecord, PlacementRecord]]:
    """Proposed corrections that the actor may sign as a mentor."""
    others = [one for one in api.amendments(actor) if one.proposer != actor.person]
    found = [(one, places[one.placement]) for one in others if one.placement in places]
    return [(one, place) for one, place in found if place.trainee != actor.person]


def decide(request: HttpRequest, actor: Actor, sent: QueryDict) -> Receipt | None:
    """Carry out the decisions of a form: each entry as it was shown, by its digest."""
    items = []
    for name in sent:
        if not name.startswith("shown_"):
            continue
        try:
            entry = UUID(name.removeprefix("shown_"))
        except ValueError:
            continue
        choice = sent.get(f"decision_{entry}", "")
        reason = sent.get(f"reason_{entry}", "").strip()[:MOST_REASON]
        if choice in ("confirm", "return"):
            items.append(ReviewItem(entry, str(sent[name]), choice == "confirm", reason))
    if not items:
        messages.info(request, _("Nothing was decided."))
        return None
    try:
        receipt = api.review_entries(actor, items, key=sent.get("key", "")[:64])
    except api.KeyReused:
        messages.warning(request, _("This form was sent before. Please look again."))
        return None
    _report(request, items, receipt)
    return receipt


def _report(request: HttpRequest, items: list[ReviewItem], receipt: Receipt) -> None:
    done = {item.id for item in receipt.items if item.is_done}
    confirmed = sum(item.approve for item in items if item.entry in done)
    returned = len(done) - confirmed
    if confirmed:
        said = ngettext(
            "You signed for %(count)d day.", "You signed for %(count)d days.", confirmed
        )
        messages.success(request, said % {"count": confirmed})
    if returned:
        said = ngettext(
            "%(count)d day goes back with your reason.",
            "%(count)d days go back with your reasons.",
            returned,
        )
        messages.success(request, said % {"count": returned})
    for reason in dict.fromkeys(say_outcome(one) for one in receipt.items if not one.is_done):
        messages.error(request, reason)


def recently_signed(
    actor: Actor, places: Mapping[UUID, PlacementRecord], names: Names
) -> list[Line]:
    """Approvals of the actor's own that can still be taken back."""
    longest = max((one.rules.undo_minutes for one in places.values()), default=0)
    since = timezone.now() - timedelta(minutes=longest)
    records = api.entries(actor, states=[EntryState.APPROVED], signed_since=since)
    return [line for line in lines(records, places, names) if is_undoable(line, actor)]


def is_undoable(line: Line, actor: Actor) -> bool:
    """Whether the actor signed it so lately that it can be taken back."""
    signature, window = line.confirmed, timedelta(minutes=line.placement.rules.undo_minutes)
    if signature is None or signature.kind == DecisionKind.AMEND.value:
        return False
    is_lately = timezone.now() - signature.at <= window
    return is_lately and signature.signer == actor.person and line.record.state not in LOCKED


@access(Who.SIGNED_IN)
@require_POST
def undo(request: PracticumRequest, entry: UUID) -> HttpResponse:
    """Take one's own signature back."""
    take_back(request, request.actor, entry)
    return redirect("practicum:review")


def take_back(request: HttpRequest, actor: Actor, entry: UUID) -> None:
    """Take a signature back, and say what became of it."""
    try:
        api.undo_approval(actor, entry)
    except api.NotFound:
        raise
    except api.PracticumError as error:
        messages.error(request, say(error))
    else:
        messages.success(request, _("Your signature is taken back; the day waits again."))
