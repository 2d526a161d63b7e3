"""What is one's own: the export, the calendar's address, templates, and wishes for mail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from practicum import api
from practicum.api import Actor, EntryState, MailWishes
from practicum.calendars import Event, write_calendar
from practicum.forms import MailForm
from practicum.views.access import STRANGER, PracticumRequest, Who, access
from practicum.views.links import private
from practicum.views.showing import lines, names_for
from practicum.views.throttle import is_over
from practicum.words import hours

FEED_DAYS = 120  # looked back
MOST_WRONG_FEEDS = 60


@access(Who.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: PracticumRequest) -> HttpResponse:
    """Everything that is the visitor's own, and how it reaches them."""
    wishes = api.mail_wishes(request.actor)
    form = MailForm(
        request.POST or None,
        languages=[
            (code, get_language_info(code)["name_local"].capitalize())
            for code, _name in settings.LANGUAGES
        ],
        initial={
            "language": wishes.language or translation.get_language(),
            "wants_reminders": wishes.wants_reminders,
            "wants_digest": wishes.wants_digest,
        },
    )
    if request.method == "POST" and form.is_valid():
        api.wish_mail(request.actor, MailWishes(**form.cleaned_data))
        messages.success(request, _("Your wishes for mail are kept."))
        return redirect("practicum:mine")
    token = api.feed_token(request.actor)
    address = reverse("practicum:feed", args=[token]) if token else ""
    context = {
        "form": form,
        "feed": request.build_absolute_uri(address) if token else "",
        "templates": api.templates(request.actor),
        "has_part": request.actor != STRANGER,
    }
    return render(request, "practicum/mine.html", context)


@access(Who.SIGNED_IN)
@require_POST
def change_feed(request: PracticumRequest) -> HttpResponse:
    """Make a secret address for the calendar, another one, or none."""
    if "close" in request.POST:
        api.close_feed(request.actor)
        messages.success(request, _("The address opens nothing any more."))
    else:
        api.open_feed(request.actor)
        messages.success(request, _("Here is the new address; an earlier one is closed."))
    return redirect("practicum:mine")


@access(Who.SIGNED_IN)
@require_POST
def drop_template(request: PracticumRequest, template: UUID) -> HttpResponse:
    """Forget a template."""
    api.delete_template(request.actor, template)
    messages.success(request, _("The template is gone."))
    return redirect("practicum:mine")


@access(Who.SIGNED_IN)
@require_safe
def export(request: PracticumRequest) -> HttpResponse:
    """Everything of the visitor's as a file for programs."""
    data = _own(request.actor)
    text = json.dumps(data, ensure_ascii=False, indent=2)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="my-practice.json"'
    response["Cache-Control"] = "private, no-store"
    return response


@access(Who.SIGNED_IN)
@require_safe
def readable(request: PracticumRequest) -> HttpResponse:
    """Everything of the visitor's as a page to read and to print."""
    data = _own(request.actor)
    own = {one.id: one for one in api.placements(request.actor, trainee=request.actor.person)}
    names = names_for(request.actor)
    records = api.entries(request.actor, trainee=request.actor.person, states=list(EntryState))
    grouped = [
        (place, lines([one for one in records if one.placement == key], own, names), told)
        for key, place in own.items()
        for told in data["placements"]
        if told["placement"]["id"] == str(key)
    ]
    context = {"data": data, "placements": grouped, "now": timezone.now()}
    return render(request, "practicum/export.html", context)


def _own(actor: Actor) -> dict[str, Any]:
    if actor.person is None or actor == STRANGER:
        raise api.NotFound(what="person")
    return api.export_person(actor, actor.person)


@access(Who.ANYONE)
@private
@require_safe
def feed(request: PracticumRequest, token: str) -> HttpResponse:
    """The calendar of whoever's secret address it is."""
    try:
        actor = api.feed_actor(token)
    except api.NotFound:
        if is_over(request, "wrong-feed", MOST_WRONG_FEEDS):
            return HttpResponse(status=429)
        raise
    now = timezone.now()
    with translation.override(api.mail_wishes(actor).language or settings.LANGUAGE_CODE):
        text = write_calendar(_("Practice"), _events(actor), now)
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")


def _events(actor: Actor) -> Iterator[Event]:
    """Days served and absences of a trainee; for a mentor, when placements begin and end."""
    since = timezone.now().date() - timedelta(days=FEED_DAYS)
    places = {one.id: one for one in api.placements(actor) if one.last >= since}
    own = {key: one for key, one in places.items() if one.trainee == actor.person}
    for line in lines(api.entries(actor, first=since), own, names_for(actor)):
        record = line.record
        yield Event(
            id=f"entry-{record.id}",
            start=record.values.start,
            end=record.values.end,
            title=_("Practice, %(hours)s") % {"hours": hours(record.net_minutes)},
            place=line.placement.host_name,
            text=", ".join(name for name, _minutes in line.parts),
        )
    for key, place in places.items():
        who = "" if key in own else f"{place.trainee_name}: "
        yield Event(f"first-{key}", place.first, None, who + _("placement begins"), place.host_name)
        yield Event(f"last-{key}", place.last, None, who + _("placement ends"), place.host_name)
