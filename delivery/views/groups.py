"""The groups of a course: pages for its staff."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from delivery.access import Access, CourseRequest, access
from delivery.groups import Added, add_members, is_name_free, list_groups, members_of, split_names
from delivery.models import LearnerGroup

MEMBERS_ON_PAGE = 50
UNKNOWN_NAMED = 20


class GroupForm(forms.ModelForm):  # type: ignore[type-arg]  # generic to the type checker alone
    """What a group is called."""

    class Meta:
        """The name alone; members are added on the group's page."""

        model = LearnerGroup
        fields = ("name",)
        labels = {"name": gettext_lazy("Name of the group")}  # noqa: RUF012  # as Django reads it

    def clean_name(self) -> str:
        """The name, if no other group of the course has it."""
        name = " ".join(self.cleaned_data["name"].split())
        if not is_name_free(self.instance.course, name, self.instance):
            raise forms.ValidationError(_("There is a group of this name already."))
        return name


class MembersForm(forms.Form):
    """People to be put into a group."""

    people = forms.CharField(
        label=gettext_lazy("People to add"),
        help_text=gettext_lazy("User names or e-mail addresses, one on a line."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=500_000,
    )


@access(Access.COURSE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def groups(request: CourseRequest, course_key: str) -> HttpResponse:
    """The groups of the course; and making one."""
    course = request.visit.course
    form = GroupForm(request.POST or None, instance=LearnerGroup(course=course))
    if request.method == "POST" and form.is_valid():
        made = form.save()
        messages.success(request, _("The group is made. Now add its people."))
        return redirect("group", course_key, made.pk)
    context = {"course": course, "form": form, "groups": list_groups(course)}
    return render(request, "gradebook/groups.html", context, status=422 if form.errors else 200)


@access(Access.COURSE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: CourseRequest, course_key: str, group_id: int) -> HttpResponse:
    """One group: its name, its people, and adding some."""
    found = _find(request, group_id)
    posted: Any = request.POST or None
    adds = "people" in request.POST
    naming = GroupForm(None if adds else posted, instance=found)
    adding = MembersForm(posted if adds else None)
    if request.method == "POST":
        if adds and adding.is_valid():
            _say_added(request, add_members(found, split_names(adding.cleaned_data["people"])))
            return redirect("group", course_key, group_id)
        if not adds and naming.is_valid():
            naming.save()
            messages.success(request, _("The name is saved."))
            return redirect("group", course_key, group_id)
        found.refresh_from_db()
    context = {
        "course": request.visit.course,
        "group": found,
        "naming": naming,
        "adding": adding,
        "form": adding if adds else naming,  # of which the summary tells the errors
        "page": Paginator(members_of(found), MEMBERS_ON_PAGE).get_page(request.GET.get("page")),
    }
    has_errors = bool(naming.errors or adding.errors)
    return render(request, "gradebook/group.html", context, status=422 if has_errors else 200)


def _say_added(request: CourseRequest, outcome: Added) -> None:
    said = ngettext("%(count)d person was added.", "%(count)d people were added.", outcome.added)
    messages.success(request, said % {"count": outcome.added})
    if outcome.unknown:
        named = ", ".join(outcome.unknown[:UNKNOWN_NAMED])
        more = "…" if len(outcome.unknown) > UNKNOWN_NAMED else ""
        said = _("Nobody in the course is called: %(names)s")
        messages.warning(request, said % {"names": named + more})


@access(Access.COURSE_STAFF)
@require_POST
def group_remove(request: CourseRequest, course_key: str, group_id: int) -> HttpResponse:
    """Take one person out of a group; they stay in the course."""
    found = _find(request, group_id)
    member = request.POST.get("member", "")
    row = members_of(found).filter(pk=member).first() if member.isdecimal() else None
    if row is not None:
        found.members.remove(row)
        name = row.user.get_full_name() or row.user.get_username()
        messages.success(request, _("%(name)s is no longer in the group.") % {"name": name})
    return redirect("group", course_key, group_id)


@access(Access.COURSE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def group_delete(request: CourseRequest, course_key: str, group_id: int) -> HttpResponse:
    """Dissolve a group, after asking; its people stay in the course."""
    found = _find(request, group_id)
    if request.method == "POST":
        found.delete()
        said = _("The group %(name)s is dissolved. Its people are still in the course.")
        messages.success(request, said % {"name": found.name})
        return redirect("groups", course_key)
    context = {"course": request.visit.course, "group": found, "size": members_of(found).count()}
    return render(request, "gradebook/group_delete.html", context)


def _find(request: CourseRequest, group_id: int) -> LearnerGroup:
    found = request.visit.course.groups.filter(pk=group_id).first()
    if found is None:
        raise Http404(_("There is no such group."))
    return found
