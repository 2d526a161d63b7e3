"""One mark of the grade book: looked at, changed by hand, excused, taken back, given more time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from delivery.access import Access, CourseRequest, access
from delivery.gradebook.columns import Book, key_of
from delivery.gradebook.looking import look_closely
from delivery.gradebook.numbers import read_points
from delivery.grades.api import (
    BookLine,
    Cell,
    Column,
    DecisionRefused,
    decide_all,
    decision_in_force,
    excuse,
    extend,
    revoke_extension,
    undo,
)
from delivery.templatetags.gradebook import mark_words
from delivery.templatetags.school import percent
from delivery.views.gradebook_pages import book_of, column_of, line_of

LONGEST_REASON = 500


class ReasonForm(forms.Form):
    """Why something is decided."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=LONGEST_REASON,
        help_text=gettext_lazy("The learner and other instructors can read it."),
    )


class OverrideForm(ReasonForm):
    """Other points, and why. ``expected`` is what the script saw there, as it is kept."""

    points = forms.CharField(label=gettext_lazy("Points"), max_length=20)
    expected = forms.CharField(required=False, widget=forms.HiddenInput)
    field_order = ("points", "reason", "expected")

    def clean_points(self) -> float:
        """The points as a number."""
        found = read_points(self.cleaned_data["points"])
        if found is None:
            raise forms.ValidationError(_("This is not a number of points."))
        return found


class UndoForm(forms.Form):
    """Which decision is taken back: the one that was looked at."""

    decision = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ExtensionForm(ReasonForm):
    """A due date of the learner's own, and why."""

    due = forms.DateTimeField(
        label=gettext_lazy("New due date"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    field_order = ("due", "reason")


@access(Access.COURSE_STAFF)
@never_cache
@require_safe
def gradebook_cell(
    request: CourseRequest, course_key: str, user_id: int, kind: str, name: str
) -> HttpResponse:
    """A learner's mark; with ``?panel`` without the page around it."""
    book, line, column = _find(request, user_id, kind, name)
    return _show(request, book, line, column)


def _find(
    request: CourseRequest, user_id: int, kind: str, name: str
) -> tuple[Book, BookLine, Column]:
    book = book_of(request)
    column = column_of(book, kind, name)
    return book, line_of(request.visit.course, user_id), column


def _show(
    request: CourseRequest,
    book: Book,
    line: BookLine,
    column: Column,
    refused: forms.Form | None = None,
) -> HttpResponse:
    """The page of a cell, with the form that was refused in its place."""
    course = request.visit.course
    look = look_closely(course, book, line, column)
    earned = look.cell.earned
    own: dict[str, forms.Form] = {
        "override_form": OverrideForm(initial={"points": "" if earned is None else f"{earned:g}"}),
        "excuse_form": ReasonForm(auto_id="excuse_%s"),
        "extension_form": ExtensionForm(initial={"due": look.due}, auto_id="extension_%s"),
    }
    if refused is not None:
        own[_name_of(refused)] = refused
    context = {
        "course": course,
        "book": book,
        "line": line,
        "column": column,
        "part": book.part_of[column.subsection],
        "look": look,
        "block_type": book.type_of(column),
        "next": _next(request, ""),
        "form": refused,  # of which the summary tells the errors
        **own,
    }
    is_panel = "panel" in request.GET
    template = "gradebook/cell_panel.html" if is_panel else "gradebook/cell.html"
    return render(request, template, context, status=422 if refused else 200)


def _name_of(form: forms.Form) -> str:
    if isinstance(form, OverrideForm):
        return "override_form"
    if isinstance(form, UndoForm):
        return "undo_form"
    return "extension_form" if isinstance(form, ExtensionForm) else "excuse_form"


# --- Decisions ------------------------------------------------------------------------------------


@access(Access.COURSE_STAFF)
@require_POST
def gradebook_override(
    request: CourseRequest, course_key: str, user_id: int, kind: str, name: str
) -> HttpResponse:
    """Let other points count than those of the exercise."""
    book, line, column = _find(request, user_id, kind, name)
    form = OverrideForm(request.POST)

    def still(usage_key: str, cell: Cell) -> bool:
        """Whether the mark is what the script saw; a person who used the form saw the page."""
        seen = form.cleaned_data["expected"]
        return "expected" not in request.POST or read_points(seen) == cell.earned

    def decide(values: dict[str, Any]) -> None:
        wanted = {column.usage_key: values["points"]}
        if decide_all(
            request.visit.course,
            user_id,
            wanted,
            still=still,
            reason=values["reason"],
            by=request.user,
        ):
            raise DecisionRefused(
                _("Somebody changed this mark meanwhile. This is what it is now.")
            )

    return _decided(request, book, line, column, form, decide, _("The mark is changed."))


@access(Access.COURSE_STAFF)
@require_POST
def gradebook_excuse(
    request: CourseRequest, course_key: str, user_id: int, kind: str, name: str
) -> HttpResponse:
    """Let an exercise count neither for nor against a learner."""
    book, line, column = _find(request, user_id, kind, name)

    def decide(values: dict[str, Any]) -> None:
        excuse(
            request.visit.course,
            user_id,
            column.usage_key,
            reason=values["reason"],
            by=request.user,
        )

    form = ReasonForm(request.POST, auto_id="excuse_%s")
    said = _("%(name)s is excused from this.") % {"name": line.name}
    return _decided(request, book, line, column, form, decide, said)


@access(Access.COURSE_STAFF)
@require_POST
def gradebook_extend(
    request: CourseRequest, course_key: str, user_id: int, kind: str, name: str
) -> HttpResponse:
    """Give a learner more time; without a date, the time of all again."""
    book, line, column = _find(request, user_id, kind, name)
    course = request.visit.course
    if "revoke" in request.POST:

        def revoke(values: dict[str, Any]) -> None:
            revoke_extension(course, user_id, column.usage_key, by=request.user)

        said = _("The due date of all holds again.")
        return _decided(request, book, line, column, UndoForm(request.POST), revoke, said)

    def decide(values: dict[str, Any]) -> None:
        extend(
            course,
            user_id,
            column.usage_key,
            due=values["due"],
            reason=values["reason"],
            by=request.user,
        )

    form = ExtensionForm(request.POST, auto_id="extension_%s")
    said = _("%(name)s has more time now.") % {"name": line.name}
    return _decided(request, book, line, column, form, decide, said)


@access(Access.COURSE_STAFF)
@require_POST
def gradebook_undo(
    request: CourseRequest, course_key: str, user_id: int, kind: str, name: str
) -> HttpResponse:
    """Take the latest decision back: what counted before it counts again."""
    book, line, column = _find(request, user_id, kind, name)

    def take_back(values: dict[str, Any]) -> None:
        meant = values["decision"]
        course, usage_key = request.visit.course, column.usage_key
        if not undo(course, user_id, usage_key, by=request.user, decision=meant):
            raise DecisionRefused(_("There was nothing to take back."))

    form = UndoForm(request.POST)
    return _decided(request, book, line, column, form, take_back, _("Taken back."))


def _decided(
    request: CourseRequest,
    book: Book,
    line: BookLine,
    column: Column,
    form: forms.Form,
    decide: Callable[[dict[str, Any]], None],
    said: str,
) -> HttpResponse:
    """Decide by a form, and answer with the mark as it is then, or with what is wrong."""
    if form.is_valid():
        try:
            decide(form.cleaned_data)
        except DecisionRefused as refusal:
            form.add_error(None, str(refusal))
    if not form.errors:
        return _answer(request, book, line, column, said)
    if _wants_json(request):
        problems = [str(text) for texts in form.errors.values() for text in texts]
        now = line_of(request.visit.course, line.user_id)
        return JsonResponse(
            {"error": " ".join(problems), **_told(request, book, now, column)},
            status=422,
        )
    return _show(request, book, line, column, form)


def _answer(
    request: CourseRequest, book: Book, line: BookLine, column: Column, said: str
) -> HttpResponse:
    course = request.visit.course
    if _wants_json(request):
        return JsonResponse(_told(request, book, line_of(course, line.user_id), column))
    messages.success(request, said)
    kind, _slash, name = key_of(column).partition("/")
    return redirect(_next(request, _cell_url(course.key, line.user_id, kind, name)))


def _told(request: CourseRequest, book: Book, line: BookLine, column: Column) -> dict[str, Any]:
    """A mark and the learner's grade, as the script writes them into the grid.

    ``decision`` names the latest decision, by which the script undoes its own and no other.
    """
    cell = book.cell_of(line, column)
    text, note = mark_words(cell)
    return {
        "text": text,
        "note": note,
        "earned": cell.earned,
        "is_overridden": cell.is_overridden,
        "is_excused": cell.is_excused,
        "decision": decision_in_force(request.visit.course, line.user_id, column.usage_key),
        "grade": percent(line.percent),
        "letter": line.letter,
    }


def _wants_json(request: CourseRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _cell_url(course_key: str, user_id: int, kind: str, name: str) -> str:
    return reverse("gradebook_cell", args=[course_key, user_id, kind, name])


def _next(request: CourseRequest, usual: str) -> str:
    """Where to go on, if that is within the site."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_here = url_has_allowed_host_and_scheme(wanted, None)
    return wanted if wanted and is_here else usual
