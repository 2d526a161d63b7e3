"""Logging a day, changing it, and correcting one that counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from practicum import api
from practicum.api import EntryRecord, EntryState, EntryValues, PlacementRecord
from practicum.forms import PART, HoursForm, ReasonForm, blank, initial_of
from practicum.rules.calendar import local_day, week_of
from practicum.views.access import PracticumRequest, Who, access
from practicum.views.evidence import keep_files, kept_files
from practicum.views.showing import names_for, say_problem
from practicum.words import hours, say

LIKE_SHOWN = 3
TEMPLATE_FIELDS = ("start", "end", "pause", "main", "text", "competencies")


@access(Who.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def log(request: PracticumRequest, placement: UUID) -> HttpResponse:
    """Log a day: as an earlier one, as a template, by the timer, or from nothing."""
    place = own_placement(request, placement)
    form = hours_form(request, place, _start_values(request, place))
    if request.method == "POST" and form.is_valid() and _save(request, place, form):
        return redirect("practicum:week", place.id, _monday(form).isoformat())
    earlier = api.entries(request.actor, placement=place.id, latest=LIKE_SHOWN)
    context = {
        "placement": place,
        "form": form,
        "earlier": earlier,
        "templates": api.templates(request.actor),
        "files": kept_files(request),
    }
    return render(request, "practicum/log.html", context)


@access(Who.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: PracticumRequest, entry: UUID) -> HttpResponse:
    """Change a draft, or what was returned."""
    record = api.entry(request.actor, entry)
    place = own_placement(request, record.placement)
    if record.state not in (EntryState.DRAFT, EntryState.RETURNED):
        messages.info(request, _("This entry can no longer be changed, but it can be corrected."))
        return redirect("practicum:entry", record.id)
    initial = {
        **initial_of(record.values, place.tz),
        "entry": record.id,
        "version": record.version,
    }
    form = hours_form(request, place, initial)
    if request.method == "POST" and form.is_valid() and _save(request, place, form, record):
        return redirect("practicum:week", place.id, _monday(form).isoformat())
    context = {
        "placement": place,
        "form": form,
        "entry": record,
        "files": kept_files(request, record),
    }
    return render(request, "practicum/log.html", context)


@access(Who.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: PracticumRequest, entry: UUID) -> HttpResponse:
    """Propose a correction of hours that count, or that they were not served at all."""
    record = api.entry(request.actor, entry)
    place = api.placement(request.actor, record.placement)
    initial = {
        **initial_of(record.values, place.tz),
        "entry": record.id,
        "version": record.version,
    }
    form = hours_form(request, place, initial)
    reason = ReasonForm(request.POST or None)
    if request.method == "POST" and _propose(request, record, form, reason):
        messages.success(
            request, _("Your correction waits for a signature. Until then the old value counts.")
        )
        return redirect("practicum:entry", record.id)
    context = {
        "placement": place,
        "form": form,
        "reason_form": reason,
        "entry": record,
        "files": kept_files(request, record),
        "is_correction": True,
        "key": uuid4().hex,
    }
    return render(request, "practicum/log.html", context)


def own_placement(request: PracticumRequest, placement: UUID) -> PlacementRecord:
    """A placement whose trainee asks; others find none."""
    place = api.placement(request.actor, placement)
    if place.trainee != request.actor.person:
        raise api.NotFound(what="placement")
    return place


def hours_form(
    request: PracticumRequest, place: PlacementRecord, initial: Mapping[str, Any]
) -> HoursForm:
    """The form of a placement's programme, filled by the request or by ``initial``."""
    names = names_for(request.actor)
    return HoursForm(
        request.POST or None,
        request.FILES or None,
        placement=place,
        categories=names.categories,
        competencies=names.competencies,
        now=timezone.now(),
        initial=initial,
    )


def _start_values(request: PracticumRequest, place: PlacementRecord) -> dict[str, Any]:
    """What a new entry begins with: an earlier one or a template, if the address names one."""
    asked = request.GET
    today = local_day(timezone.now(), place.tz)
    day = min(max(_asked_day(asked.get("day", "")) or today, place.first), place.last)
    initial = blank(today, day=day)
    if (like := _uuid(asked.get("like", ""))) is not None:
        known = api.entry(request.actor, like)
        initial |= initial_of(known.values, place.tz, day=day)
    elif (template := _uuid(asked.get("template", ""))) is not None:
        found = [one for one in api.templates(request.actor) if one.id == template]
        initial |= {**(found[0].values if found else {}), "day": initial["day"]}
    else:
        last = api.entries(request.actor, placement=place.id, latest=1)
        if last:  # the usual hours and activity; the words are new each day
            initial |= initial_of(last[0].values, place.tz, day=day, with_text=False)
            initial |= {name: "" for name in initial if name.startswith(PART)}
    return initial


def _asked_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _monday(form: HoursForm) -> date:
    return week_of(form.cleaned_data["day"])


def _save(
    request: PracticumRequest,
    place: PlacementRecord,
    form: HoursForm,
    known: EntryRecord | None = None,
) -> bool:
    """Keep what a valid form says; what the rules refuse is put into the form."""
    values = keep_files(request, form, known)
    if values is None:
        return False
    entry = known.id if known is not None else form.cleaned_data["entry"]
    try:
        receipt = api.log_hours(
            request.actor,
            entry,
            values,
            placement=place.id,
            expected_version=form.cleaned_data["version"],
        )
    except api.InvalidEntry as error:
        for problem in error.problems:
            form.show_problem(problem, say_problem(problem))
        return False
    except api.StaleVersion as error:
        form.add_error(None, say(error))
        return False
    for warning in receipt.warnings:
        messages.warning(request, say_problem(warning))
    _tell(request, form, values, receipt.id)
    _keep_template(request, form)
    return True


def _tell(request: PracticumRequest, form: HoursForm, values: EntryValues, entry: UUID) -> None:
    """Say how it was read, and send it off if that was asked for."""
    shown = {"hours": hours(values.net_minutes), "day": form["day"].value()}
    if "send" not in request.POST:
        messages.success(request, _("Kept: %(hours)s on %(day)s.") % shown)
        return
    outcome = api.submit_entries(request.actor, [entry]).items[0]
    if outcome.is_done:
        messages.success(request, _("Sent to your mentor: %(hours)s on %(day)s.") % shown)
    else:
        messages.warning(request, _("Kept, but not sent: no mentor answers for that day yet."))


def _keep_template(request: PracticumRequest, form: HoursForm) -> None:
    name = form.cleaned_data["keep_as"].strip()
    if not name:
        return
    fields = [one for one in form.fields if one in TEMPLATE_FIELDS or one.startswith(PART)]
    values = {one: form[one].value() or "" for one in fields}
    try:
        api.save_template(request.actor, name, values)
    except api.InvalidValue:
        messages.warning(request, _("The template was not kept: there are too many already."))


def _propose(
    request: PracticumRequest, record: EntryRecord, form: HoursForm, reason: ReasonForm
) -> bool:
    takes_back = "take_back" in request.POST
    if not reason.is_valid() or not (takes_back or form.is_valid()):
        return False
    values = None if takes_back else keep_files(request, form, record)
    if values is None and not takes_back:
        return False
    try:
        api.propose_amendment(
            request.actor,
            record.id,
            values,
            base=form.cleaned_data["version"] if not takes_back else record.version,
            reason=reason.cleaned_data["reason"],
            key=request.POST.get("key", "")[:64],
        )
    except api.InvalidEntry as error:
        for problem in error.problems:
            form.show_problem(problem, say_problem(problem))
        return False
    except api.PracticumError as error:
        form.full_clean()
        form.add_error(None, say(error))
        return False
    return True
