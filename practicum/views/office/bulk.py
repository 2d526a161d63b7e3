"""Work on many: placements from a table, mentors for several, periods that are due."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as BinasciiError
from collections import Counter
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.forms import HiddenInput
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from practicum import api
from practicum.api import EntryValues, Fault, PlacementRecord, PracticumError, Receipt
from practicum.office_forms import (
    AssignForm,
    ConfirmForm,
    RemindForm,
    ReplaceForm,
    SheetForm,
    TableForm,
)
from practicum.reminding import remind_now, waiting_placements
from practicum.views.access import PracticumRequest, Who, access
from practicum.views.office.acting import bound, form_page, fresh, picked
from practicum.views.office.placements import WAYS, offer_people
from practicum.words import say
from quarantine.errors import Refused

MOST_BYTES = 1024 * 1024  # comes back in the form that confirms it, 16/9 as long: hosts cap forms
MOST_AT_ONCE = 500


# --- A table of placements ------------------------------------------------------------------------


@access(Who.COORDINATOR)
@WAYS
def table(request: PracticumRequest) -> HttpResponse:
    """Placements from a table: first what would be done, then, confirmed, all or none."""
    if request.method == "POST" and "again" in request.POST:
        return _carry_out(request)
    form = TableForm(**bound(request), initial=fresh())
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        if upload.size > MOST_BYTES:
            form.add_error("file", _("The table is too large. 1 MB is the most."))
        else:
            context |= _dry_run(request, form, upload.name, upload.read())
    status = 422 if form.errors else 200
    return render(request, "practicum/office/table.html", context, status=status)


def _dry_run(request: PracticumRequest, form: TableForm, name: str, data: bytes) -> dict[str, Any]:
    try:
        found = api.import_placements(request.actor, data, name, is_dry_run=True)
    except Refused as refusal:
        form.add_error("file", _(refusal.template) % refusal.params)
        return {}
    kept = Signer(salt=_salt(request)).sign_object([name, b64encode(data).decode()])
    return {"outcome": found, "faults": [_said(one) for one in found.faults], "kept": kept}


def _said(fault: Fault) -> tuple[int, str]:
    return fault.line, _(fault.template) % fault.params


def _salt(request: PracticumRequest) -> str:
    """A table that was looked at belongs to who looked at it."""
    return f"practicum.table.{request.actor.person}"


def _carry_out(request: PracticumRequest) -> HttpResponse:
    try:
        name, coded = Signer(salt=_salt(request)).unsign_object(request.POST["again"])
        data = b64decode(coded)
    except (BadSignature, BinasciiError, ValueError, TypeError):
        messages.error(request, _("The table did not come back whole. Please send it again."))
        return redirect("practicum:office_table")
    found = api.import_placements(request.actor, data, name)
    if found.faults:
        context = {
            "form": TableForm(initial=fresh()),
            "outcome": found,
            "faults": [_said(one) for one in found.faults],
        }
        return render(request, "practicum/office/table.html", context, status=409)
    count = len(found.placements)
    said = ngettext("%(n)d placement was created.", "%(n)d placements were created.", count)
    messages.success(request, said % {"n": count})
    return redirect("practicum:office_placements")


# --- Mentors --------------------------------------------------------------------------------------


@access(Who.COORDINATOR)
@WAYS
def assign(request: PracticumRequest) -> HttpResponse:
    """A mentor for the placements that were ticked in the list."""
    ticked = picked(request.POST if request.method == "POST" else request.GET, "placements")
    chosen = _placements(request, ticked)
    form = AssignForm(**bound(request), initial=fresh(placements=[str(one.id) for one in chosen]))
    offer_people(request, form, "mentor")
    form.offer("placements", [(one.id, _named(one)) for one in chosen])

    def carry(typed: dict[str, Any]) -> Receipt:
        return api.assign_mentor(
            request.actor,
            typed["placements"],
            typed["mentor"],
            first=typed["first"],
            last=typed["last"],
            key=typed["key"],
        )

    return form_page(
        request,
        form,
        carry,
        title=_("Assign a mentor to several placements"),
        button=_("Assign") if chosen else "",
        done=_("The mentor can confirm hours of those placements."),
        back=reverse("practicum:office_placements"),
        up=reverse("practicum:office_placements"),
        help="" if chosen else _("Tick placements in the list first."),
    )


def _placements(request: PracticumRequest, ticked: list[str]) -> list[PlacementRecord]:
    wanted = [_uuid(text) for text in ticked[:MOST_AT_ONCE]]
    return api.placements(request.actor, only=[one for one in wanted if one is not None])


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _named(one: PlacementRecord) -> str:
    return f"{one.trainee_name} · {one.host_name} · {one.first:%Y-%m-%d}"


@access(Who.COORDINATOR)
@WAYS
def remind(request: PracticumRequest) -> HttpResponse:
    """Write about open weeks of the placements that were ticked, or that wait for one mentor."""
    form = RemindForm(**bound(request))
    ticked = picked(request.POST if request.method == "POST" else request.GET, "placements")
    mentor = _uuid(request.GET.get("mentor", ""))
    if mentor and not ticked:
        ticked = [str(one) for one in waiting_placements(request.actor, mentor)]
    chosen = _placements(request, ticked)
    form.initial = fresh(placements=[str(one.id) for one in chosen], mentor=mentor)
    form.offer("placements", [(one.id, _named(one)) for one in chosen])

    def carry(typed: dict[str, Any]) -> Receipt:
        receipt = remind_now(
            request.actor, typed["placements"], mentor=typed["mentor"], key=typed["key"]
        )
        said = ngettext(
            "%(n)d mail is on its way.", "%(n)d mails are on their way.", receipt.version
        )
        messages.success(request, said % {"n": receipt.version})
        return receipt

    return form_page(
        request,
        form,
        carry,
        title=_("Remind"),
        button=_("Send the reminders") if chosen else "",
        done=_("What was done before a mail leaves is not written about."),
        back=reverse("practicum:office"),
        up=reverse("practicum:office" if chosen else "practicum:office_placements"),
        help=_(
            "Trainees are written to about days that they have not sent, mentors about days that "
            "wait for them. Nobody hears of a week twice within a day, and nothing is sent by "
            "night or at the weekend."
        )
        if chosen
        else _("Tick placements in the list first."),
    )


@access(Who.COORDINATOR)
@WAYS
def replace(request: PracticumRequest) -> HttpResponse:
    """Give all placements of a mentor who leaves to another."""
    form = ReplaceForm(
        **bound(request),
        initial=fresh(first=timezone.localdate(), leaving=request.GET.get("leaving", "")),
    )
    offer_people(request, form, "leaving", "successor")

    def carry(typed: dict[str, Any]) -> Receipt:
        return api.replace_mentor(
            request.actor,
            typed["leaving"],
            typed["successor"],
            first=typed["first"],
            key=typed["key"],
        )

    return form_page(
        request,
        form,
        carry,
        title=_("A mentor leaves"),
        button=_("Hand over the placements"),
        done=_("The placements were handed over. What was signed stays signed."),
        back=reverse("practicum:office_placements"),
        up=reverse("practicum:office_people"),
        help=_(
            "All placements of the mentor that last beyond the day go to the other from then on. "
            "What waits from before stays with whom it was for."
        ),
    )


# --- Periods --------------------------------------------------------------------------------------


@access(Who.COORDINATOR)
@WAYS
def closing(request: PracticumRequest) -> HttpResponse:
    """The months that could be closed, to close those that are ticked; and openings to confirm."""
    if request.method == "POST":
        return _close(request)
    due, reopenings = api.due_periods(request.actor), api.reopenings(request.actor)
    shown = due[:MOST_AT_ONCE]
    wanted = {one for one, _first, _last in shown} | {one.placement for one in reopenings}
    names = {one.id: one for one in api.placements(request.actor, only=wanted)}
    context = {
        "due": [
            {
                "placement": names[placement],
                "first": first,
                "last": last,
                "value": f"{placement}/{first}/{last}",
            }
            for placement, first, last in shown
        ],
        "count": len(due),
        "reopenings": [(one, names.get(one.placement)) for one in reopenings],
    }
    return render(request, "practicum/office/closing.html", context)


def _close(request: PracticumRequest) -> HttpResponse:
    closed, missing = 0, 0
    for text in picked(request.POST, "periods")[:MOST_AT_ONCE]:
        try:
            placement, first, last = text.split("/")
            receipt = api.close_period(
                request.actor,
                UUID(placement),
                date.fromisoformat(first),
                date.fromisoformat(last),
            )
        except ValueError:
            continue
        except PracticumError as error:
            messages.warning(request, say(error))
        else:
            closed += 1
            missing += sum(not item.is_done for item in receipt.items)
    said = ngettext("%(n)d period was closed.", "%(n)d periods were closed.", closed)
    messages.success(request, said % {"n": closed})
    if missing:
        said = ngettext(
            "%(n)d entry in them was not approved, and was not locked.",
            "%(n)d entries in them were not approved, and were not locked.",
            missing,
        )
        messages.warning(request, said % {"n": missing})
    return redirect("practicum:office_closing")


@access(Who.COORDINATOR)
@WAYS
def confirm_reopening(request: PracticumRequest, reopening: UUID) -> HttpResponse:
    """Confirm that a period is opened again: somebody other than who asked."""
    asked = {one.id: one for one in api.reopenings(request.actor)}.get(reopening)
    if asked is None:
        raise api.NotFound(what="request")
    return form_page(
        request,
        ConfirmForm(**bound(request), initial=fresh()),
        lambda typed: api.confirm_reopening(request.actor, reopening, **typed),
        title=_("Open the period again?"),
        button=_("Open the period"),
        done=_("The period is open. What is locked stays locked."),
        back=reverse("practicum:office_closing"),
        up=reverse("practicum:office_closing"),
        help=asked.reason,
    )


# --- Group practice -------------------------------------------------------------------------------


@access(Who.COORDINATOR)
@WAYS
def attendance(request: PracticumRequest) -> HttpResponse:
    """An attendance sheet: each line is a draft that its trainee submits."""
    today = timezone.localdate()
    running = api.placements(request.actor, running_on=today)[:MOST_AT_ONCE]
    form = SheetForm(
        **bound(request), initial=fresh(sheet=uuid4(), day=today, start="9:00", end="13:00")
    )
    categories = {one.code: one.name for one in api.categories(request.actor)}
    form.offer("category", categories.items())
    form.offer("placements", [(one.id, _named(one)) for one in running])
    zones = [zone for zone, _count in Counter(one.tz for one in running).most_common()] or ["UTC"]
    form.offer("tz", [(zone, zone) for zone in zones])
    form.initial["tz"] = zones[0]
    if len(zones) == 1:
        form.fields["tz"].widget = HiddenInput()

    def carry(typed: dict[str, Any]) -> Receipt:
        values = _sheet_values(typed)
        receipt = api.record_attendance(
            request.actor,
            typed["sheet"],
            values,
            title=typed["title"],
            placements=typed["placements"],
            key=typed["key"],
        )
        named = {one.id: one.trainee_name for one in running}
        for item in receipt.items:
            if not item.is_done:
                why = " ".join(say(one) for one in item.problems) or item.error
                messages.warning(request, f"{named.get(item.id, '')}: {why}")
        return receipt

    return form_page(
        request,
        form,
        carry,
        title=_("Attendance of group practice"),
        button=_("Record who was present"),
        done=_("The sheet is recorded. Each trainee finds it as a draft to submit."),
        back=reverse("practicum:office"),
        up=reverse("practicum:office"),
        help=_("Times are local to %(tz)s.") % {"tz": zones[0]} if len(zones) == 1 else "",
    )


def _sheet_values(typed: dict[str, Any]) -> EntryValues:
    tz = typed["tz"]
    try:
        start = api.moment(typed["day"], typed["start"], tz)
        on = typed["day"] + timedelta(days=typed["end"] <= typed["start"])
        end = api.moment(on, typed["end"], tz)
    except api.NoSuchTime as error:
        raise api.InvalidValue(what=str(error)) from error
    pause = typed["pause"] or 0
    net = int((end - start).total_seconds()) // 60 - pause
    return EntryValues(start, end, pause, {typed["category"]: net})
