"""People in the office: who takes part, what is kept of them, and how they are forgotten."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from documents.collation import sort_key
from practicum import api
from practicum.api import PersonRecord, Receipt
from practicum.office_forms import EraseForm, PersonForm
from practicum.retaining import expiring, keep_days
from practicum.views.access import PracticumRequest, Who, access
from practicum.views.office.acting import bound, form_page, fresh
from practicum.views.office.lists import page_of
from practicum.views.office.placements import WAYS

PAGE = 50
MOST_EXPIRING = 500


@access(Who.COORDINATOR)
@require_safe
def people(request: PracticumRequest) -> HttpResponse:
    """Everybody who takes part, by name in the order of the reader's language."""
    search = request.GET.get("search", "").strip()[:100]
    key = sort_key(get_language() or "en")
    found = [one for one in api.people(request.actor, search=search) if not one.is_erased]
    found.sort(key=lambda one: key(one.name))
    page = page_of(request)
    items = found[(page - 1) * PAGE : page * PAGE]
    context = {
        "items": items,
        "search": search,
        "count": len(found),
        "page": page,
        "previous": page - 1,
        "following": page + 1 if len(found) > page * PAGE else 0,
    }
    return render(request, "practicum/office/people.html", context)


@access(Who.COORDINATOR)
@WAYS
def add(request: PracticumRequest) -> HttpResponse:
    """Make somebody known, by name and address."""
    return form_page(
        request,
        PersonForm(**bound(request), initial=fresh()),
        lambda typed: api.add_person(request.actor, **typed),
        title=_("New person"),
        button=_("Add"),
        done=_("The person can be placed, or made a mentor."),
        back=lambda receipt: reverse("practicum:office_person", args=[receipt.id]),
        up=reverse("practicum:office_people"),
    )


def _person(request: PracticumRequest, person: UUID) -> PersonRecord:
    found = next((one for one in api.people(request.actor) if one.id == person), None)
    if found is None:
        raise api.NotFound(what="person")
    return found


@access(Who.COORDINATOR)
@require_safe
def person(request: PracticumRequest, person: UUID) -> HttpResponse:
    """Somebody: placements, what they answer for, and who looked at their data."""
    record = _person(request, person)
    context = {
        "person": record,
        "placements": api.placements(request.actor, trainee=person),
        "mentored": api.mentored_placements(request.actor, person),
        "looks": api.access_log(request.actor, person)[:20],
        "names": {one.id: one.name for one in api.people(request.actor)},
    }
    return render(request, "practicum/office/person.html", context)


@access(Who.COORDINATOR)
@require_POST
def export(request: PracticumRequest, person: UUID) -> HttpResponse:
    """Everything that is kept of somebody, as a file; who took it is noted."""
    data = json.dumps(api.export_person(request.actor, person), ensure_ascii=False, indent=2)
    response = HttpResponse(data, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="person-{person}.json"'
    response["Cache-Control"] = "no-store"
    return response


@access(Who.COORDINATOR)
@require_safe
def soon_erased(request: PracticumRequest) -> HttpResponse:
    """Who will be erased by the school's rule, and when."""
    found = expiring(request.actor)
    context = {"items": found[:MOST_EXPIRING], "count": len(found), "days": keep_days()}
    return render(request, "practicum/office/expiring.html", context)


@access(Who.COORDINATOR)
@WAYS
def erase(request: PracticumRequest, person: UUID) -> HttpResponse:
    """Make everything personal of somebody unreadable for good, after the name was typed."""
    record = _person(request, person)
    form = EraseForm(**bound(request), initial=fresh(), wanted=record.name)

    def carry(typed: dict[str, Any]) -> Receipt:
        return api.erase_person(request.actor, person, key=typed["key"])

    return form_page(
        request,
        form,
        carry,
        title=_("Erase %(name)s?") % {"name": record.name},
        button=_("Erase for good"),
        done=_("Everything personal is unreadable now. The hours stay as those of nobody."),
        back=reverse("practicum:office_people"),
        up=reverse("practicum:office_person", args=[person]),
        help=_(
            "Names, texts, files and signatures in this person's record can never be read again. "
            "The confirmed hours stay in all sums, without a name. This cannot be undone."
        ),
        is_dangerous=True,
    )
