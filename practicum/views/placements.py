"""A placement as its trainee and mentors see it: hours against what is required, weeks, months."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from practicum import api
from practicum.api import EntryState, Figure, PlacementRecord, Totals
from practicum.forms import AbsenceForm, WeekForm
from practicum.rules.calendar import DAY, is_holiday, is_meant, local_day, week_of
from practicum.views.access import PracticumRequest, Who, access, back
from practicum.views.hours import own_placement
from practicum.views.showing import EDITABLE, Line, Names, lines, names_for
from practicum.words import ABSENCES, say

WEEK = 7
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure with its name; ``share`` of what is required, in hundredths, for the bar."""

    name: str
    figure: Figure

    @property
    def share(self) -> int:
        """Confirmed minutes in hundredths of what is required, at most 100."""
        if not self.figure.required:
            return 0
        return min(100 * self.figure.confirmed // self.figure.required, 100)


@dataclass(frozen=True, slots=True)
class Sums:
    """A placement's figures, by name."""

    totals: Totals
    all: Bar
    categories: tuple[Bar, ...]
    competencies: tuple[Bar, ...]


def sums_of(totals: Totals, names: Names) -> Sums:
    """The figures of a placement with the names of what they are about."""
    return Sums(
        totals,
        Bar("", totals.all),
        tuple(Bar(names.categories.get(one.code, one.code), one) for one in totals.categories),
        tuple(Bar(names.competencies.get(one.code, one.code), one) for one in totals.competencies),
    )


@access(Who.SIGNED_IN)
@require_safe
def placement(request: PracticumRequest, placement: UUID) -> HttpResponse:
    """How far a placement has come, and what is in the way."""
    place = api.placement(request.actor, placement)
    names = names_for(request.actor)
    is_mine = place.trainee == request.actor.person
    today = local_day(timezone.now(), place.tz)
    context = {
        "placement": place,
        "is_mine": is_mine,
        "sums": sums_of(api.totals(request.actor, place.id), names),
        "returned": shown(request, place, names, [EntryState.RETURNED]),
        "today": today,
        "this_week": week_of(today),
        "month": f"{today:%Y-%m}",
    }
    return render(request, "practicum/placement.html", context)


def shown(
    request: PracticumRequest,
    place: PlacementRecord,
    names: Names,
    states: Iterable[EntryState] = (),
    first: date | None = None,
    last: date | None = None,
) -> list[Line]:
    """A placement's entries of some states and days."""
    records = api.entries(
        request.actor,
        placement=place.id,
        states=list(states),
        first=first,
        last=last,
        limit=MOST_SHOWN,
    )
    return lines(records, {place.id: place}, names)


# --- A week ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DayShown:
    """A day of a week or a month, with what was logged on it."""

    day: date
    lines: tuple[Line, ...]
    absence: str
    is_holiday: bool
    is_inside: bool
    is_today: bool
    is_future: bool

    @property
    def minutes(self) -> int:
        """Net minutes logged."""
        return sum(line.record.net_minutes for line in self.lines)

    @property
    def state(self) -> str:
        """The state that most wants attention, for a colour and a word."""
        states = {line.record.state for line in self.lines}
        order = (
            EntryState.RETURNED,
            EntryState.DRAFT,
            EntryState.SUBMITTED,
            EntryState.APPROVED,
            EntryState.LOCKED,
        )
        return next((state.value for state in order if state in states), "")


@access(Who.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def week(request: PracticumRequest, placement: UUID, day: str) -> HttpResponse:
    """A week: its days, what to send, and the report on it."""
    place = api.placement(request.actor, placement)
    monday = week_of(_day(day))
    if monday.isoformat() != day:
        return redirect("practicum:week", place.id, monday.isoformat())
    is_mine = place.trainee == request.actor.person
    reports = {one.monday: one for one in api.weeks(request.actor, place.id)}
    report = reports.get(monday)
    form = WeekForm(
        request.POST or None,
        initial={
            "text": report.text if report else "",
            "reflection": report.reflection if report else "",
            "version": report.version if report else 0,
        },
    )
    if request.method == "POST" and form.is_valid() and _save_week(request, place, monday, form):
        return redirect("practicum:week", place.id, monday.isoformat())
    days = _days(request, place, monday, monday + timedelta(days=WEEK - 1))
    every = [line for one in days for line in one.lines]
    today = local_day(timezone.now(), place.tz)
    context = {
        "placement": place,
        "is_mine": is_mine,
        "monday": monday,
        "sunday": monday + timedelta(days=WEEK - 1),
        "week_number": monday.isocalendar().week,
        "before": monday - timedelta(days=WEEK),
        "after": monday + timedelta(days=WEEK),
        "days": days,
        "minutes": sum(line.record.net_minutes for line in every),
        "confirmed": sum(line.record.net_minutes for line in every if line.is_counted),
        "to_send": [line for line in every if line.record.state in EDITABLE] if is_mine else [],
        "report": report,
        "form": form,
        "absence_form": absence_form(place, initial={"day": f"{min(today, place.last):%d.%m.%Y}"}),
        "key": uuid4().hex,
    }
    return render(request, "practicum/week.html", context)


def _day(text: str) -> date:
    """The day that an address names."""
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise Http404(_("There is no such day.")) from error
    if not is_meant(found):
        raise Http404(_("There is no such day."))
    return found


def _save_week(
    request: PracticumRequest, place: PlacementRecord, monday: date, form: WeekForm
) -> bool:
    try:
        api.save_week(
            request.actor,
            place.id,
            monday,
            text=form.cleaned_data["text"],
            reflection=form.cleaned_data["reflection"],
            expected_version=form.cleaned_data["version"],
        )
    except api.StaleVersion:
        form.add_error(
            None,
            _("The report was changed meanwhile, perhaps on another device. Your text is below."),
        )
        return False
    except api.InvalidValue as error:
        form.add_error("text", say(error))
        return False
    messages.success(request, _("Your report on the week is kept."))
    return True


def _days(
    request: PracticumRequest, place: PlacementRecord, first: date, last: date
) -> list[DayShown]:
    records = shown(request, place, names_for(request.actor), first=first, last=last)
    by_day: dict[date, list[Line]] = {}
    for line in records:
        by_day.setdefault(line.record.day, []).append(line)
    absent = {one.day: one.kind for one in api.absences(request.actor, place.id)}
    today = local_day(timezone.now(), place.tz)
    days = []
    day = first
    while day <= last:
        days.append(
            DayShown(
                day=day,
                lines=tuple(by_day.get(day, ())),
                absence=str(ABSENCES[absent[day]]) if day in absent else "",
                is_holiday=is_holiday(day, place.rules.country, place.rules.holidays),
                is_inside=place.first <= day <= place.last,
                is_today=day == today,
                is_future=day > today,
            )
        )
        day += DAY
    return days


# --- A month --------------------------------------------------------------------------------------


@access(Who.SIGNED_IN)
@require_safe
def month(request: PracticumRequest, placement: UUID, month: str) -> HttpResponse:
    """A month as a calendar of whole weeks."""
    place = api.placement(request.actor, placement)
    first = _day(f"{month}-01")
    after = (first + timedelta(days=32)).replace(day=1)
    begin, end = week_of(first), week_of(after - DAY) + timedelta(days=WEEK - 1)
    days = _days(request, place, begin, end)
    context: dict[str, Any] = {
        "placement": place,
        "is_mine": place.trainee == request.actor.person,
        "first": first,
        "before": f"{first - DAY:%Y-%m}",
        "after": f"{after:%Y-%m}",
        "weeks": [days[start : start + WEEK] for start in range(0, len(days), WEEK)],
        "minutes": sum(one.minutes for one in days if one.day.month == first.month),
    }
    return render(request, "practicum/month.html", context)


# --- Absences -------------------------------------------------------------------------------------


def absence_form(place: PlacementRecord, data: Any = None, **options: Any) -> AbsenceForm:
    """The form for a day on which the trainee was not there."""
    kinds = list(ABSENCES.items())
    today = local_day(timezone.now(), place.tz)
    return AbsenceForm(data, kinds=kinds, today=today, prefix="absence", **options)


@access(Who.SIGNED_IN)
@require_POST
def absence(request: PracticumRequest, placement: UUID) -> HttpResponse:
    """Note that the trainee was absent on a day, or take that back."""
    place = own_placement(request, placement)
    if (taken_back := request.POST.get("take_back")) is not None:
        api.withdraw_absence(request.actor, place.id, _day(taken_back))
        messages.success(request, _("The absence is taken back."))
        return back(request)
    form = absence_form(place, request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(str(one) for one in errors))
        return back(request)
    cleaned = form.cleaned_data
    try:
        api.record_absence(
            request.actor, place.id, cleaned["day"], cleaned["kind"], note=cleaned["note"]
        )
    except api.InvalidValue:
        messages.error(request, _("That day is not one of your placement's."))
    else:
        messages.success(request, _("Your absence is noted."))
    return back(request)
