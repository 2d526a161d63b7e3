"""A placement in the office: who, where, when, who answers for it, and what was agreed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from practicum import api
from practicum.api import PlacementRecord, Receipt
from practicum.office_forms import (
    AgreementForm,
    CloseForm,
    ConfirmForm,
    EndMandateForm,
    MandateForm,
    MoveForm,
    OfficeForm,
    OverrideForm,
    PauseForm,
    PlacementForm,
    ReasonForm,
    SpanForm,
)
from practicum.views.access import PracticumRequest, Who, access
from practicum.views.office.acting import bound, form_page, fresh

WAYS = require_http_methods(["GET", "HEAD", "POST"])


@access(Who.COORDINATOR)
@require_safe
def placement(request: PracticumRequest, placement: UUID) -> HttpResponse:
    """Everything of a placement in one page."""
    actor = request.actor
    record = api.placement(actor, placement)
    context = {
        "placement": record,
        "totals": api.totals(actor, placement),
        "pauses": api.pauses(actor, placement),
        "agreements": api.agreements(actor, placement),
        "overrides": api.overrides(actor, placement),
        "periods": api.periods(actor, placement),
        "categories": {one.code: one.name for one in api.categories(actor)},
        "trail": api.trail_events(actor, subject=placement, limit=8),
    }
    return render(request, "practicum/office/placement.html", context)


def url_of(placement: UUID) -> str:
    """The page of a placement."""
    return reverse("practicum:office_placement", args=[placement])


def offer_people(request: PracticumRequest, form: OfficeForm, *names: str) -> None:
    """Let people be chosen, by their names."""
    rows = [
        (one.id, f"{one.name} · {one.mail}" if one.mail else one.name)
        for one in api.people(request.actor)
        if not one.is_erased
    ]
    for name in names:
        form.offer(name, rows, "—")


def offer_hosts(request: PracticumRequest, form: OfficeForm, name: str = "host") -> None:
    """Let host libraries be chosen."""
    rows = [(one.id, one.name) for one in api.hosts(request.actor) if one.merged_into is None]
    form.offer(name, rows, "—")


def offer_cohorts(request: PracticumRequest, form: OfficeForm) -> None:
    """Let a cohort be chosen, or none."""
    form.offer("cohort", [(one.id, one.name) for one in api.cohorts(request.actor)], _("none"))


@access(Who.COORDINATOR)
@WAYS
def create(request: PracticumRequest) -> HttpResponse:
    """A new placement."""
    form = PlacementForm(**bound(request), initial=fresh())
    offer_people(request, form, "trainee", "mentor")
    offer_hosts(request, form)
    offer_cohorts(request, form)
    programmes = api.programmes(request.actor)
    form.offer("programme_version", [(one.version, one.name) for one in programmes], "—")

    def carry(typed: dict[str, Any]) -> Receipt:
        mentor = typed.pop("mentor")
        return api.create_placement(request.actor, mentors=(mentor,) if mentor else (), **typed)

    return form_page(
        request,
        form,
        carry,
        title=_("New placement"),
        button=_("Create the placement"),
        done=_("The placement was created."),
        back=lambda receipt: url_of(receipt.id),
        up=reverse("practicum:office_placements"),
    )


def _act(
    request: PracticumRequest, of: PlacementRecord, form: OfficeForm, carry: Any, **words: Any
) -> HttpResponse:
    """A form about a placement, whose page it leads back to."""
    about = f"{of.trainee_name} · {of.host_name}"
    return form_page(
        request, form, carry, back=url_of(of.id), up=url_of(of.id), about=about, **words
    )


@access(Who.COORDINATOR)
@WAYS
def change(request: PracticumRequest, placement: UUID) -> HttpResponse:
    """Extend or shorten a placement, or give it another cohort."""
    record = api.placement(request.actor, placement)
    initial = fresh(first=record.first, last=record.last, cohort=record.cohort)
    form = SpanForm(**bound(request), initial=initial)
    offer_cohorts(request, form)
    return _act(
        request,
        record,
        form,
        lambda typed: api.change_placement(request.actor, placement, **typed),
        title=_("Change the placement"),
        button=_("Save"),
        done=_("The placement was changed."),
    )


@access(Who.COORDINATOR)
@WAYS
def move(request: PracticumRequest, placement: UUID) -> HttpResponse:
    """Rotate the trainee to another host."""
    record = api.placement(request.actor, placement)
    form = MoveForm(**bound(request), initial=fresh(first=timezone.localdate()))
    offer_people(request, form, "mentor")
    offer_hosts(request, form)

    def carry(typed: dict[str, Any]) -> Receipt:
        mentor = typed.pop("mentor")
        mentors = (mentor,) if mentor else ()
        return api.move_placement(request.actor, placement, mentors=mentors, **typed)

    return _act(
        request,
        record,
        form,
        carry,
        title=_("Move to another host library"),
        button=_("Move"),
        done=_("The trainee goes on at the other host library; the hours stay where they were."),
    )


@access(Who.COORDINATOR)
@WAYS
def pause(request: PracticumRequest, placement: UUID) -> HttpResponse:
    """Interrupt a placement."""
    return _act(
        request,
        api.placement(request.actor, placement),
        PauseForm(**bound(request), initial=fresh()),
        lambda typed: api.pause_placement(request.actor, placement, **typed),
        title=_("Interrupt the placement"),
        button=_("Interrupt"),
        done=_("The placement is interrupted on those days."),
    )


@access(Who.COORDINATOR)
@WAYS
def resume(request: PracticumRequest, placement: UUID, pause: UUID) -> HttpResponse:
    """Let the days of an interruption be days of practice again."""
    return _act(
        request,
        api.placement(request.actor, placement),
        ConfirmForm(**bound(request), initial=fresh()),
        lambda typed: api.cancel_pause(request.actor, pause, **typed),
        title=_("Cancel the interruption?"),
        button=_("Cancel the interruption"),
        done=_("The interruption was cancelled."),
        help=_("Hours can be logged on its days again."),
    )


@access(Who.COORDINATOR)
@WAYS
def grant(request: PracticumRequest, placement: UUID) -> HttpResponse:
    """Let a mentor answer for a placement."""
    record = api.placement(request.actor, placement)
    form = MandateForm(**bound(request), initial=fresh(first=record.first))
    offer_people(request, form, "mentor")
    return _act(
        request,
        record,
        form,
        lambda typed: api.grant_mandate(request.actor, placement, typed.pop("mentor"), **typed),
        title=_("Assign a mentor"),
        button=_("Assign"),
        done=_("The mentor can confirm hours of those days."),
    )


@access(Who.COORDINATOR)
@WAYS
def end(request: PracticumRequest, placement: UUID, mandate: UUID) -> HttpResponse:
    """End a mentor's mandate."""
    return _act(
        request,
        api.placement(request.actor, placement),
        EndMandateForm(**bound(request), initial=fresh(last=timezone.localdate())),
        lambda typed: api.end_mandate(request.actor, mandate, **typed),
        title=_("End the mandate"),
        button=_("End the mandate"),
        done=_("The mandate was ended. What was signed stays signed."),
    )


@access(Who.COORDINATOR)
@WAYS
def agree(request: PracticumRequest, placement: UUID) -> HttpResponse:
    """Write down the contract, with its file."""
    record = api.placement(request.actor, placement)
    initial = fresh(first=record.first, last=record.last)
    form = AgreementForm(**bound(request), initial=initial)

    def carry(typed: dict[str, Any]) -> Receipt:
        upload, key = typed.pop("file"), typed.pop("key")
        kept = None
        if upload is not None:
            kept = api.add_evidence(
                request.actor, upload.name, upload, owner=record.trainee, key=f"{key}f"[:64]
            ).id
        return api.create_agreement(request.actor, placement, file=kept, key=key, **typed)

    return _act(
        request,
        record,
        form,
        carry,
        title=_("Write down the agreement"),
        button=_("Save the agreement"),
        done=_("The agreement is kept. Trainee, mentor and school can sign it."),
    )


@access(Who.COORDINATOR)
@WAYS
def sign(request: PracticumRequest, placement: UUID, agreement: UUID) -> HttpResponse:
    """Sign a contract for the school."""
    found = {one.id: one for one in api.agreements(request.actor, placement)}
    if agreement not in found:
        raise api.NotFound(what="agreement")
    return _act(
        request,
        api.placement(request.actor, placement),
        ConfirmForm(**bound(request), initial=fresh()),
        lambda typed: api.sign_agreement(
            request.actor, agreement, content_hash=found[agreement].content_hash, **typed
        ),
        title=_("Sign the agreement for the school?"),
        button=_("Sign"),
        done=_("You signed the agreement."),
    )


@access(Who.COORDINATOR)
@WAYS
def let_pass(request: PracticumRequest, placement: UUID) -> HttpResponse:
    """Let a longer day or week, or a late entry, pass."""

    def carry(typed: dict[str, Any]) -> Receipt:
        minutes = typed.pop("minutes") or 0
        kind, day = typed.pop("kind"), typed.pop("day")
        return api.override(request.actor, placement, kind, day, minutes=minutes, **typed)

    return _act(
        request,
        api.placement(request.actor, placement),
        OverrideForm(**bound(request), initial=fresh()),
        carry,
        title=_("Let an exception pass"),
        button=_("Let it pass"),
        done=_("The exception is noted."),
    )


@access(Who.COORDINATOR)
@WAYS
def close(request: PracticumRequest, placement: UUID) -> HttpResponse:
    """Close a period: what is approved in it is locked."""
    record = api.placement(request.actor, placement)
    ended = timezone.localdate().replace(day=1) - timedelta(days=1)
    initial = fresh(first=max(record.first, ended.replace(day=1)), last=min(record.last, ended))

    def carry(typed: dict[str, Any]) -> Receipt:
        return api.close_period(
            request.actor, placement, typed["first"], typed["last"], key=typed["key"]
        )

    return _act(
        request,
        record,
        CloseForm(**bound(request), initial=initial),
        carry,
        title=_("Close a period"),
        button=_("Close the period"),
        done=_("The period is closed. What was approved in it is locked."),
        help=_("Hours of those days change only by a correction that two people sign."),
    )


@access(Who.COORDINATOR)
@WAYS
def reopen(request: PracticumRequest, placement: UUID, period: UUID) -> HttpResponse:
    """Ask for a closed period to be opened again."""
    return _act(
        request,
        api.placement(request.actor, placement),
        ReasonForm(**bound(request), initial=fresh()),
        lambda typed: api.reopen_period(request.actor, period, **typed),
        title=_("Open the period again?"),
        button=_("Ask for it"),
        done=_("Somebody else has to confirm it before the period is open."),
        help=_("It stays closed until another coordinator, or the mentor, confirms."),
    )
