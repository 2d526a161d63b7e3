"""One entry and all that happened to it; sending, taking back and giving up."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from practicum import api
from practicum.api import AmendmentState, EntryState, Receipt
from practicum.forms import ReasonForm
from practicum.views.access import PracticumRequest, Who, access, back
from practicum.views.showing import lines, names_for, say_outcome
from practicum.words import say


@access(Who.SIGNED_IN)
@require_safe
def entry(request: PracticumRequest, entry: UUID) -> HttpResponse:
    """An entry as it stands, its versions, signatures and corrections."""
    record = api.entry(request.actor, entry)
    place = api.placement(request.actor, record.placement)
    (line,) = lines([record], {place.id: place}, names_for(request.actor))
    proposed = api.amendments(request.actor, placement=place.id, only_pending=False)
    appeals = [one for one in api.appeals(request.actor, only_open=False) if one.entry == entry]
    is_mine = record.trainee == request.actor.person
    corrections = [one for one in proposed if one.entry == entry]
    context = {
        "line": line,
        "versions": api.versions(request.actor, entry)[::-1],
        "corrections": corrections,
        "appeals": appeals,
        "files": api.evidence_names(request.actor, record.values.evidence).items(),
        "is_mine": is_mine,
        "may_correct": line.is_counted and not record.has_amendment,
        "may_appeal": is_mine
        and record.state is EntryState.RETURNED
        and line.returned is not None
        and not any(one.made_at >= line.returned.at for one in appeals),
        "key": uuid4().hex,
        "person": request.actor.person,
        "open_states": (AmendmentState.OPEN, AmendmentState.SIGNED),
    }
    return render(request, "practicum/entry.html", context)


@access(Who.SIGNED_IN)
@require_POST
def act(request: PracticumRequest) -> HttpResponse:
    """Send entries, take them back, or give them up; each for itself."""
    chosen = _ids(request.POST.getlist("entry"))
    action, key = request.POST.get("action", ""), request.POST.get("key", "")[:64]
    if not chosen:
        messages.info(request, _("Nothing was chosen."))
        return back(request)
    if action == "send":
        receipt = api.submit_entries(request.actor, chosen, key=key)
        _report(request, receipt, _sent)
    elif action == "take_back":
        receipt = api.withdraw(request.actor, chosen, key=key)
        _report(request, receipt, _taken_back)
    elif action == "give_up":
        receipt = api.void_entries(request.actor, chosen, key=key)
        _report(request, receipt, _given_up)
    return back(request)


def _sent(count: int) -> str:
    return ngettext(
        "%(count)d day was sent to your mentor.", "%(count)d days were sent to your mentor.", count
    )


def _taken_back(count: int) -> str:
    return ngettext(
        "%(count)d day was taken back: it is a draft again.",
        "%(count)d days were taken back: they are drafts again.",
        count,
    )


def _given_up(count: int) -> str:
    return ngettext(
        "%(count)d entry was given up. Its time is free again.",
        "%(count)d entries were given up. Their time is free again.",
        count,
    )


def _report(request: PracticumRequest, receipt: Receipt, say_done: object) -> None:
    done = sum(item.is_done for item in receipt.items)
    if done and callable(say_done):
        messages.success(request, say_done(done) % {"count": done})
    for reason in dict.fromkeys(say_outcome(item) for item in receipt.items if not item.is_done):
        messages.warning(request, reason)


def _ids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


@access(Who.SIGNED_IN)
@require_POST
def appeal(request: PracticumRequest, entry: UUID) -> HttpResponse:
    """Object to a return, for a coordinator to decide."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Please say why you object."))
        return redirect("practicum:entry", entry)
    try:
        key = request.POST.get("key", "")[:64]
        api.appeal(request.actor, entry, reason=form.cleaned_data["reason"], key=key)
    except api.WrongState:
        messages.info(request, _("You have objected to this return already."))
    else:
        messages.success(request, _("Your objection is with the coordinator."))
    return redirect("practicum:entry", entry)


@access(Who.SIGNED_IN)
@require_POST
def decide(request: PracticumRequest, entry: UUID, amendment: UUID) -> HttpResponse:
    """Sign, refuse or withdraw a proposed correction."""
    action, key = request.POST.get("action", ""), request.POST.get("key", "")[:64]
    try:
        if action == "sign":
            shown = request.POST.get("content_hash", "")
            api.approve_amendment(request.actor, amendment, content_hash=shown, key=key)
            messages.success(request, _("You signed the correction."))
        elif action == "refuse":
            reason = request.POST.get("reason", "")[:2000]
            api.reject_amendment(request.actor, amendment, reason=reason, key=key)
            messages.success(
                request, _("The correction is refused; the old value goes on counting.")
            )
        elif action == "withdraw":
            api.withdraw_amendment(request.actor, amendment, key=key)
            messages.success(request, _("The correction is withdrawn."))
    except api.NotFound:
        raise
    except api.PracticumError as error:
        messages.error(request, say(error))
    return redirect("practicum:entry", entry)


@access(Who.SIGNED_IN)
@require_POST
def sign_sheet(request: PracticumRequest, sheet: UUID) -> HttpResponse:
    """Say on the spot that one was there, as an attendance sheet has it."""
    try:
        api.sign_on_sheet(request.actor, sheet, key=request.POST.get("key", "")[:64])
    except api.NotFound:
        raise
    except api.PracticumError as error:
        messages.warning(request, say(error))
    else:
        messages.success(request, _("You signed that you were there; your mentor confirms it."))
    return back(request)
