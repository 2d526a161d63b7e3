"""Logging without a network: a page that works alone, and the door for what it kept.

The worker keeps the page and its files, never anybody's data: that lies in the browser's own
database, with the person whom it belongs to. An entry is sent under the id that the browser made,
so sending it again changes nothing.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from practicum import api
from practicum.api import PlacementRecord
from practicum.canonical import digest
from practicum.forms import PART, HoursForm, initial_of
from practicum.rules.calendar import local_day
from practicum.views.access import STRANGER, PracticumRequest, Who, access
from practicum.views.hours import own_placement
from practicum.views.showing import Names, names_for, say_problem
from practicum.words import say

MOST_BODY = 100_000  # bytes of one entry
SCRIPTS = ("log.js", "offline.js", "outbox.js", "timer.js", "typed.js")
SHEETS = ("app.svg", "frame.css", "icons.svg", "practicum.css")


@access(Who.ANYONE)
@require_safe
def offline(request: PracticumRequest) -> HttpResponse:
    """The page for when there is no network: the same for everybody, with nobody's data."""
    response = render(request, "practicum/offline.html")
    response["Cache-Control"] = "no-cache"
    return response


@access(Who.ANYONE)
@require_safe
def worker(request: PracticumRequest) -> HttpResponse:
    """The service worker, from an address within the pages that it serves."""
    files = [static(f"practicum/{name}") for name in (*SHEETS, *SCRIPTS)]
    # Where the host does not rename what scripts import, they import by the plain name.
    files += [f"{settings.STATIC_URL}practicum/{name}" for name in SCRIPTS]
    files = list(dict.fromkeys(files))
    # Files' names hold their digests, so the version changes whenever one of them does.
    data = {
        "page": reverse("practicum:offline"),
        "files": files,
        "version": f"{get_language()}-{digest(files)[:16]}",
    }
    text = render(request, "practicum/worker.js", {"settings": json.dumps(data)}).content
    response = HttpResponse(text, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@access(Who.ANYONE)
@require_safe
def manifest(request: PracticumRequest) -> HttpResponse:
    """What a phone needs to put the practicum on its home screen."""
    icon = static("practicum/app.svg")
    data = {
        "name": _("Practice"),
        "short_name": _("Practice"),
        "start_url": reverse("practicum:home"),
        "scope": reverse("practicum:home"),
        "display": "standalone",
        "background_color": "#faf7f1",
        "theme_color": "#7a2e35",
        "lang": get_language(),
        "icons": [{"src": icon, "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }
    return JsonResponse(data, content_type="application/manifest+json")


@access(Who.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def sync(request: PracticumRequest) -> HttpResponse:
    """What the page needs to work alone, or (POST) an entry that it kept."""
    if request.method == "POST":
        return _take(request)
    running = [one for one in _own(request) if one.last >= timezone.now().date()]
    names = names_for(request.actor) if running else Names({}, {})
    data = {
        "person": str(request.actor.person),
        "csrf": get_token(request),
        "placements": [_described(request, one, names) for one in running],
    }
    response = JsonResponse(data)
    response["Cache-Control"] = "private, no-store"
    return response


def _own(request: PracticumRequest) -> list[PlacementRecord]:
    if request.actor == STRANGER:
        return []
    return api.placements(request.actor, trainee=request.actor.person)


def _described(request: PracticumRequest, place: PlacementRecord, names: Names) -> dict[str, Any]:
    last = api.entries(request.actor, placement=place.id, latest=1)
    return {
        "id": str(place.id),
        "host": place.host_name,
        "categories": [[code, names.categories.get(code, code)] for code in place.rules.categories],
        "last": initial_of(last[0].values, place.tz, with_text=False) if last else {},
    }


def _take(request: PracticumRequest) -> HttpResponse:
    """Keep an entry as the log page would; what the rules refuse comes back in words."""
    sent = _read(request)
    if sent.get("person") != str(request.actor.person):
        said = _("This was logged by somebody else. Sign in as them to send it.")
        return JsonResponse({"problems": [said], "is_other": True}, status=409)
    place = own_placement(request, _id(sent.get("placement")))
    form = _form(request, place, sent)
    if not form.is_valid() or form.values is None:
        found = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"problems": found}, status=422)
    try:
        receipt = api.log_hours(
            request.actor, form.cleaned_data["entry"], form.values, placement=place.id
        )
    except api.InvalidEntry as error:
        problems = [say(one) for one in error.problems if one.is_hard]
        return JsonResponse({"problems": problems}, status=422)
    except (api.StaleVersion, api.WrongState):
        said = _("This day was changed meanwhile on another device. Look at it there.")
        url = reverse("practicum:entry", args=[form.cleaned_data["entry"]])
        return JsonResponse({"problems": [said], "url": url}, status=409)
    except api.NotFound:
        raise
    except api.PracticumError as error:
        return JsonResponse({"problems": [say(error)]}, status=422)
    day = local_day(form.values.start, place.tz)
    return JsonResponse(
        {
            "entry": str(receipt.id),
            "url": reverse("practicum:week", args=[place.id, day.isoformat()]),
            "warnings": [str(say_problem(one)) for one in receipt.warnings],
        }
    )


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        sent = json.loads(request.read(MOST_BODY + 1)[: MOST_BODY + 1])
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise Http404(_("That is no entry."))
    return sent


def _id(text: object) -> UUID:
    try:
        return UUID(str(text))
    except ValueError as error:
        raise api.NotFound(what="placement") from error


def _form(request: PracticumRequest, place: PlacementRecord, sent: dict[str, Any]) -> HoursForm:
    names = names_for(request.actor)
    known = {"entry", "day", "start", "end", "pause", "main", "text"}
    data = {
        name: str(value)
        for name, value in sent.items()
        if (name in known or name.startswith(PART)) and isinstance(value, str | int)
    }
    chosen = sent.get("competencies", [])
    practised = [str(one) for one in chosen] if isinstance(chosen, list) else []
    return HoursForm(
        {**data, "competencies": practised, "version": "0"},
        placement=place,
        categories=names.categories,
        competencies=names.competencies,
        now=timezone.now(),
    )
