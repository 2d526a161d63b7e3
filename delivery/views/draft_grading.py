"""How a course is graded, for its authors."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from delivery.access import Access, CourseRequest, access
from delivery.authoring import writing
from delivery.authoring.checking import FieldsRefused
from delivery.authoring.grading import PolicyForms, policy_notes
from delivery.authoring.trees import policy_revision
from delivery.authoring.writing import WriteRefused


@access(Access.DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def grading(request: CourseRequest, course_key: str) -> HttpResponse:
    """The kinds of assignments with their weights, the grades, the days of grace."""
    visit = request.visit
    forms = PolicyForms(visit.tree, request.POST or None)
    problem = ""
    is_refused = request.method == "POST" and not forms.is_valid()
    if request.method == "POST" and not is_refused:
        try:
            with writing.writing(visit.course, visit.user) as writer:
                forms.write(writer, request.POST.get("revision", ""))
        except (FieldsRefused, WriteRefused) as error:
            problem = str(error)
        else:
            messages.success(request, _("Saved in the draft."))
            return redirect("draft_grading", course_key)
    notes = policy_notes(visit.tree)
    context = {
        "visit": visit,
        "forms": forms,
        "rows": [
            (form, [note.text for note in notes if note.row == number])
            for number, form in enumerate(forms.formats)
        ],
        "notes": [note.text for note in notes if note.row is None],
        "problem": problem,
        "is_refused": is_refused,
        "revision": policy_revision(visit.tree),
    }
    return render(
        request, "teach/grading.html", context, status=422 if problem or is_refused else 200
    )
