"""What coordinators set up: host libraries, programmes, cohorts, activities, competencies."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from documents.collation import sort_key
from practicum import api
from practicum.api import HostRecord, ProgrammeRecord, Receipt, Rules
from practicum.office_forms import (
    CompetencyForm,
    HostForm,
    NamedForm,
    ProgrammeForm,
    initial_rules,
)
from practicum.views.access import PracticumRequest, Who, access
from practicum.views.office.acting import bound, form_page, fresh
from practicum.views.office.placements import WAYS

HOST_FIELDS = (
    *("name", "address", "municipality", "country", "tz", "capacity"),
    *("contact_name", "contact_mail", "contact_phone"),
)
KINDS = {
    "cohorts": (gettext_lazy("Cohorts"), gettext_lazy("Cohort")),
    "categories": (gettext_lazy("Activities"), gettext_lazy("Activity")),
    "competencies": (gettext_lazy("Competencies"), gettext_lazy("Competency")),
}


@access(Who.COORDINATOR)
@require_safe
def setup(request: PracticumRequest) -> HttpResponse:
    """Programmes, cohorts, activities and competencies, each with a way to change it."""
    actor = request.actor
    context = {
        "programmes": api.programmes(actor),
        "kinds": [
            ("cohorts", *KINDS["cohorts"], api.cohorts(actor)),
            ("categories", *KINDS["categories"], api.categories(actor)),
            ("competencies", *KINDS["competencies"], api.competencies(actor)),
        ],
    }
    return render(request, "practicum/office/setup.html", context)


# --- Host libraries -------------------------------------------------------------------------------


@access(Who.COORDINATOR)
@require_safe
def hosts(request: PracticumRequest) -> HttpResponse:
    """Host libraries, by name in the order of the reader's language, with who is there."""
    search = request.GET.get("search", "").strip()[:100]
    wanted = search.casefold()
    key = sort_key(get_language() or "en")
    found = [
        one
        for one in api.hosts(request.actor)
        if one.merged_into is None and wanted in f"{one.name}\n{one.municipality}".casefold()
    ]
    found.sort(key=lambda one: key(one.name))
    loads = {one.host: one for one in api.dashboard(request.actor).overview.loads}
    rows = [(one, loads.get(one.id)) for one in found]
    return render(request, "practicum/office/hosts.html", {"rows": rows, "search": search})


@access(Who.COORDINATOR)
@WAYS
def host(request: PracticumRequest, host: UUID | None = None) -> HttpResponse:
    """A host library, new or changed."""
    record = _host(request, host) if host is not None else None
    initial = {name: getattr(record, name) for name in HOST_FIELDS} if record else {"capacity": 0}
    return form_page(
        request,
        HostForm(**bound(request), initial=fresh(**initial)),
        lambda typed: api.save_host(
            request.actor, host=host, **{**typed, "country": typed["country"].upper()}
        ),
        title=record.name if record else _("New host library"),
        button=_("Save"),
        done=_("The host library was saved."),
        back=reverse("practicum:office_hosts"),
        up=reverse("practicum:office_hosts"),
    )


def _host(request: PracticumRequest, host: UUID) -> HostRecord:
    found = next((one for one in api.hosts(request.actor) if one.id == host), None)
    if found is None:
        raise api.NotFound(what="host library")
    return found


# --- Programmes -----------------------------------------------------------------------------------


@access(Who.COORDINATOR)
@WAYS
def programme(request: PracticumRequest, code: str = "") -> HttpResponse:
    """A programme: new, or in another version. Placements keep the one they began with."""
    known = _programme(request, code) if code else None
    rules = known.rules if known else Rules()
    initial = fresh(**initial_rules(rules))
    if known is not None:
        initial |= {"code": known.code, "name": known.name}
    form = ProgrammeForm(
        **bound(request),
        initial=initial,
        categories=[(one.code, one.name) for one in api.categories(request.actor)],
        competencies=[(one.code, one.name) for one in api.competencies(request.actor)],
    )

    def carry(typed: dict[str, Any]) -> Receipt:
        return api.save_programme(
            request.actor,
            known.code if known else typed["code"],
            typed["name"],
            form.rules(rules),
            key=typed["key"],
        )

    if known is not None:
        form.fields["code"].disabled = True
    return form_page(
        request,
        form,
        carry,
        title=known.name if known else _("New programme of practice"),
        button=_("Save as a new version") if known else _("Create the programme"),
        done=_("The programme was saved. Placements keep the version they began with."),
        back=reverse("practicum:office_setup"),
        up=reverse("practicum:office_setup"),
    )


def _programme(request: PracticumRequest, code: str) -> ProgrammeRecord:
    found = next((one for one in api.programmes(request.actor) if one.code == code), None)
    if found is None:
        raise api.NotFound(what="programme")
    return found


# --- Cohorts, activities, competencies ------------------------------------------------------------


@access(Who.COORDINATOR)
@WAYS
def named(request: PracticumRequest, kind: str, code: str = "") -> HttpResponse:
    """A cohort, an activity or a competency: new, or renamed."""
    if kind not in KINDS:
        raise Http404(kind)
    actor = request.actor
    listed: Any = {
        "cohorts": api.cohorts,
        "categories": api.categories,
        "competencies": api.competencies,
    }[kind]
    known: Any = next((one for one in listed(actor) if one.code == code), None) if code else None
    if code and known is None:
        raise api.NotFound(what=kind)
    of = CompetencyForm if kind == "competencies" else NamedForm
    initial = (
        {name: getattr(known, name) for name in of.base_fields if name != "key"} if known else {}
    )
    form = of(**bound(request), initial=fresh(**initial))
    if known is not None:
        form.fields["code"].disabled = True

    def carry(typed: dict[str, Any]) -> Receipt:
        code, name, key = typed.pop("code"), typed.pop("name"), typed.pop("key")
        if kind == "competencies":
            return api.save_competency(actor, code, name, key=key, **typed)
        save = api.save_cohort if kind == "cohorts" else api.save_category
        return save(actor, code, name, key=key)

    _many, one = KINDS[kind]
    return form_page(
        request,
        form,
        carry,
        title=known.name if known else _("New: %(kind)s") % {"kind": one},
        button=_("Save"),
        done=_("Saved."),
        back=reverse("practicum:office_setup"),
        up=reverse("practicum:office_setup"),
    )
