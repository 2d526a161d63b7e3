"""The lists of placements and of entries, narrowed by what stands in the address."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from practicum import api
from practicum.api import EntryState, Found, Wanted
from practicum.office_forms import EntriesForm, WantedForm
from practicum.reports.record import STATES
from practicum.views.access import PracticumRequest, Who, access
from practicum.views.office.board import wanted_form

MOST_PAGES = 10_000
SORTS = ("name", "host", "last")


@access(Who.COORDINATOR)
@require_safe
def placements(request: PracticumRequest) -> HttpResponse:
    """Placements with their hours, the latest first."""
    form = wanted_form(request)
    sort = request.GET.get("sort", "")
    found = api.found_placements(
        request.actor,
        wanted_of(form),
        sort=sort if sort in SORTS else "",
        language=get_language() or "en",
        page=page_of(request),
    )
    context = {"form": form, "sort": sort, "reports": api.KINDS, **paged(found)}
    return render(request, "practicum/office/placements.html", context)


@access(Who.COORDINATOR)
@require_safe
def entries(request: PracticumRequest) -> HttpResponse:
    """Entries, the latest days first."""
    form = wanted_form(request, EntriesForm)
    categories = {one.code: one.name for one in api.categories(request.actor)}
    form.fields["category"].choices = [("", _("any")), *categories.items()]  # type: ignore[attr-defined]  # of a ChoiceField
    found = api.found_entries(request.actor, wanted_of(form), page=page_of(request))
    rows = [
        {
            "entry": entry,
            "place": found.places[entry.placement],
            "state": _(STATES[entry.state]),
            "activities": ", ".join(
                categories.get(code, code) for code in sorted(entry.values.allocations)
            ),
        }
        for entry in found.items
        if isinstance(entry, api.EntryRecord)
    ]
    context = {"form": form, "rows": rows, **paged(found)}
    return render(request, "practicum/office/entries.html", context)


def wanted_of(form: WantedForm) -> Wanted:
    """What the form asks for; fields that cannot be read narrow nothing."""
    form.is_valid()
    cleaned: dict[str, Any] = getattr(form, "cleaned_data", {})
    state = cleaned.get("state")
    return Wanted(
        search=cleaned.get("search") or "",
        cohort=cleaned.get("cohort"),
        host=cleaned.get("host"),
        mentor=cleaned.get("mentor"),
        placement=cleaned.get("placement"),
        category=cleaned.get("category") or "",
        states=(EntryState(state),) if state else (),
        first=cleaned.get("first"),
        last=cleaned.get("last"),
        when=cleaned.get("when") or "",
        is_overdue=bool(cleaned.get("overdue")),
    )


def page_of(request: PracticumRequest) -> int:
    """The number of the page that the address asks for; the first where it says none."""
    text = request.GET.get("page", "")
    return min(max(int(text), 1), MOST_PAGES) if text.isdecimal() and len(text) < 8 else 1


def paged(found: Found) -> dict[str, Any]:
    """What the pages' ends show of a list."""
    return {
        "items": found.items,
        "page": found.page,
        "previous": found.page - 1,
        "following": found.page + 1 if found.has_more else 0,
    }
