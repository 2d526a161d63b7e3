"""Competencies, evaluations and checklists of a placement: of the trainee, and of a mentor."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from practicum import api
from practicum.api import CompetencyRecord, FormRecord, PlacementRecord
from practicum.forms import EvaluationAnswers, LevelForm
from practicum.views.access import PracticumRequest, Who, access
from practicum.words import say


def _frame(request: PracticumRequest, place: PlacementRecord) -> dict[str, Any]:
    return {
        "placement": place,
        "is_mine": place.trainee == request.actor.person,
        "key": uuid4().hex,
    }


@access(Who.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def competencies(request: PracticumRequest, placement: UUID) -> HttpResponse:
    """The matrix over time, and the level that the visitor sees today."""
    place = api.placement(request.actor, placement)
    matrix = api.competency_matrix(request.actor, place.id)
    wanted = request.POST.get("competency", "")
    rows = [(row, _level_form(request, row, is_sent=row.code == wanted)) for row in matrix]
    if request.method == "POST":
        for row, form in rows:
            if row.code == wanted and form.is_valid() and _assess(request, place, form):
                return redirect("practicum:competencies", place.id)
    context = {**_frame(request, place), "rows": rows}
    return render(request, "practicum/competencies.html", context)


def _level_form(request: PracticumRequest, row: CompetencyRecord, *, is_sent: bool) -> LevelForm:
    return LevelForm(
        request.POST if is_sent else None,
        levels=row.levels,
        initial={"competency": row.code},
        auto_id=f"id_{row.code}_%s",
    )


def _assess(request: PracticumRequest, place: PlacementRecord, form: LevelForm) -> bool:
    cleaned = form.cleaned_data
    try:
        api.assess_competency(
            request.actor,
            place.id,
            cleaned["competency"],
            cleaned["level"],
            note=cleaned["note"].strip(),
            key=request.POST.get("key", "")[:64],
        )
    except api.NotFound:
        raise
    except api.PracticumError as error:
        form.add_error("level", say(error))
        return False
    messages.success(request, _("The level is noted, with today's date."))
    return True


@access(Who.SIGNED_IN)
@require_http_methods(["GET", "HEAD"])
def evaluations(request: PracticumRequest, placement: UUID) -> HttpResponse:
    """The evaluations there are, and the forms that the visitor may fill in."""
    place = api.placement(request.actor, placement)
    context = {
        **_frame(request, place),
        "evaluations": api.evaluations(request.actor, place.id),
        "forms": [one for one in api.forms(request.actor) if _is_for(request, place, one)],
    }
    return render(request, "practicum/evaluations.html", context)


def _is_for(request: PracticumRequest, place: PlacementRecord, form: FormRecord) -> bool:
    """Trainees evaluate the host, mentors the trainee."""
    is_mine = place.trainee == request.actor.person
    is_mentor = any(
        one.mentor == request.actor.person and not one.is_revoked for one in place.mandates
    )
    return is_mine if form.kind == "host" else is_mentor and not is_mine


@access(Who.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def evaluate(request: PracticumRequest, placement: UUID, form: UUID) -> HttpResponse:
    """Fill in a form and sign it."""
    place = api.placement(request.actor, placement)
    found = [one for one in api.forms(request.actor) if one.id == form]
    if not found or not _is_for(request, place, found[0]):
        raise Http404(_("There is no such form for you."))
    answers = EvaluationAnswers(request.POST or None, criteria=found[0].criteria)
    if request.method == "POST" and answers.is_valid():
        api.submit_evaluation(
            request.actor,
            place.id,
            form,
            answers.levels,
            remarks=answers.cleaned_data["remarks"].strip(),
            key=request.POST.get("key", "")[:64],
        )
        messages.success(request, _("Your evaluation is signed and kept."))
        return redirect("practicum:evaluations", place.id)
    context = {**_frame(request, place), "evaluation_form": found[0], "form": answers}
    return render(request, "practicum/evaluate.html", context)


@access(Who.SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def checklists(request: PracticumRequest, placement: UUID) -> HttpResponse:
    """The checklists of first days and safety, to tick off."""
    place = api.placement(request.actor, placement)
    lists = api.checklists(request.actor, place.id)
    if request.method == "POST":
        _tick(request, place, lists)
        return redirect("practicum:checklists", place.id)
    context = {**_frame(request, place), "lists": lists}
    return render(request, "practicum/checklists.html", context)


def _tick(
    request: PracticumRequest, place: PlacementRecord, lists: list[api.ChecklistRecord]
) -> None:
    """Keep what changed of one list: what is ticked now, and what no more."""
    asked = request.POST.get("list", "")
    wanted = set(request.POST.getlist("item"))
    changed = 0
    for one in lists:
        if str(one.id) != asked:
            continue
        for code, _text, ticked_at in one.items:
            if (code in wanted) != (ticked_at is not None):
                api.tick_item(request.actor, place.id, one.id, code, is_done=code in wanted)
                changed += 1
    if changed:
        messages.success(request, _("The checklist is kept."))
