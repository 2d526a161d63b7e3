"""The dashboard: how practice stands in the school, every figure a way to its entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_safe

from practicum import api
from practicum.api import Dashboard
from practicum.office_forms import WantedForm
from practicum.views.access import PracticumRequest, Who, access

STATES = {
    "locked": gettext_lazy("approved and closed"),
    "approved": gettext_lazy("approved"),
    "submitted": gettext_lazy("waiting"),
    "returned": gettext_lazy("returned"),
    "draft": gettext_lazy("draft"),
}
WIDTH = 100.0  # of a bar, in the units of its drawing
NOBODY = gettext_noop("(none)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar, from ``x`` on; ``css`` says which colour it has."""

    css: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a chart: its name, what it leads to, its pieces and its figures in minutes."""

    name: str
    url: str
    pieces: tuple[Piece, ...]
    minutes: tuple[int, ...]
    note: str = ""


def pieces(parts: Mapping[str, int], most: int) -> tuple[Piece, ...]:
    """The parts of a bar beside each other, where ``most`` would fill it."""
    found, x = [], 0.0
    for css, amount in parts.items():
        width = WIDTH * amount / most if most else 0.0
        if width:
            found.append(Piece(css, round(x, 3), round(width, 3)))
        x += width
    return tuple(found)


@access(Who.COORDINATOR)
@require_safe
def board(request: PracticumRequest) -> HttpResponse:
    """Hours by state, cohort, host and activity; who is behind, waits, ends; room at hosts."""
    form = wanted_form(request)
    wanted = form.cleaned_data if form.is_valid() else {}
    is_of_all = request.GET.get("all") == "1"
    cohort, host = wanted.get("cohort"), wanted.get("host")
    found = api.dashboard(request.actor, cohort=cohort, host=host, is_of_all=is_of_all)
    narrowed = {"cohort": cohort, "host": host, "when": "" if is_of_all else "lately"}
    context = {
        "form": form,
        "is_of_all": is_of_all,
        "found": found,
        "overview": found.overview,
        "states": _states(found, narrowed),
        "charts": _charts(found, narrowed),
        "behind": [
            (one, found.people.get(one.total.trainee, ""), one.behind(found.today))
            for one in found.overview.behind
        ],
        "ending": [(one, found.people.get(one.trainee, "")) for one in found.overview.ending],
        "loads": found.overview.loads[:12],
        "narrowed": urlencode({name: value for name, value in narrowed.items() if value}),
    }
    return render(request, "practicum/office/board.html", context)


def wanted_form(request: PracticumRequest, kind: type[WantedForm] = WantedForm) -> WantedForm:
    """The form over a list, with what there is to choose from."""
    form = kind(request.GET)
    for name, rows in (
        ("cohort", [(one.id, one.name) for one in api.cohorts(request.actor)]),
        ("host", [(one.id, one.name) for one in api.hosts(request.actor)]),
    ):
        field = form.fields[name]
        field.choices = [("", _("all")), *((str(pk), label) for pk, label in rows)]  # type: ignore[attr-defined]  # of a ChoiceField
    return form


def _entries(narrowed: Mapping[str, object], **more: object) -> str:
    query = {name: str(value) for name, value in {**narrowed, **more}.items() if value}
    return f"{reverse('practicum:office_entries')}?{urlencode(query)}"


def _states(found: Dashboard, narrowed: Mapping[str, object]) -> list[Bar]:
    minutes = dict(found.overview.states)
    whole = sum(minutes.values())
    bars, x = [], 0.0
    for state, amount in minutes.items():
        (piece,) = pieces({state: amount}, whole) or (Piece(state, 0.0, 0.0),)
        piece = Piece(state, round(x, 3), piece.width)
        x += piece.width
        bars.append(Bar(str(STATES[state]), _entries(narrowed, state=state), (piece,), (amount,)))
    return bars


def _charts(found: Dashboard, narrowed: Mapping[str, object]) -> list[dict[str, object]]:
    """The charts with headings; each bar's figures are confirmed, waiting and not sent."""
    charts: list[dict[str, object]] = []
    for name, title, groups in (
        ("cohort", _("Hours by cohort"), found.overview.cohorts),
        ("host", _("Hours by host library"), found.overview.hosts),
    ):
        most = max((one.whole for one in groups), default=0)
        bars = [
            Bar(
                one.name or _(NOBODY),
                _entries(narrowed, **{name: one.key}),
                pieces(
                    {"approved": one.confirmed, "submitted": one.pending, "draft": one.open}, most
                ),
                (one.confirmed, one.pending, one.open),
            )
            for one in groups[:12]
        ]
        more = max(len(groups) - 12, 0)
        charts.append({"title": title, "bars": bars, "is_stacked": True, "more": more})
    most = max((minutes for _code, minutes in found.overview.categories), default=0)
    charts.append(
        {
            "title": _("Confirmed hours by activity"),
            "is_stacked": False,
            "more": 0,
            "bars": [
                Bar(
                    found.categories.get(code, code),
                    _entries(narrowed, category=code),
                    pieces({"approved": minutes}, most),
                    (minutes,),
                )
                for code, minutes in found.overview.categories
            ],
        }
    )
    return charts
