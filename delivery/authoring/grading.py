"""The grading policy as authors edit it, and what they should know about it.

Weights and cut-offs are per cent in the form and shares in the policy. What the form does not
show of a policy's entries stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import isclose
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delivery.authoring.trees import policy_revision
from delivery.authoring.writing import DraftWriter, PolicyChanged
from delivery.runtime.dates import parse_span
from delivery.tree import CourseTree
from grading.policy import DEFAULT_POLICY, validate_policy

if TYPE_CHECKING:  # generic to the type checker alone
    Rows = BaseFormSet[Any]
else:
    Rows = BaseFormSet

MOST_ROWS = 40
MOST_ASSIGNMENTS = 1_000
MOST_GRACE = 365  # days
DIGITS = 10  # of a per cent that are kept
TYPE = "type"


@dataclass(frozen=True, slots=True)
class Note:
    """Something about the policy that an author should know; ``row`` is that of a kind, from 0."""

    text: str
    row: int | None = None


class FormatForm(forms.Form):
    """One kind of assignment. ``was`` is the name that it has in the draft."""

    was = forms.CharField(required=False, widget=forms.HiddenInput)
    type = forms.CharField(label=gettext_lazy("Kind"), max_length=100)
    short_label = forms.CharField(label=gettext_lazy("Short name"), max_length=30, required=False)
    weight = forms.FloatField(
        label=gettext_lazy("Weight, %"),
        min_value=0,
        max_value=1000,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )
    min_count = forms.IntegerField(
        label=gettext_lazy("At least"), min_value=0, max_value=MOST_ASSIGNMENTS
    )
    drop_count = forms.IntegerField(
        label=gettext_lazy("Weakest left out"), min_value=0, max_value=MOST_ASSIGNMENTS
    )


class CutoffForm(forms.Form):
    """One grade, and from how many per cent on it is reached."""

    letter = forms.CharField(label=gettext_lazy("Grade"), max_length=100)
    percent = forms.FloatField(
        label=gettext_lazy("From, %"),
        min_value=0,
        max_value=1000,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )


class _NamedRows(Rows):
    """Rows of which no two may have one name."""

    name = TYPE

    def clean(self) -> None:
        """Refuse the second row of a name."""
        seen: set[str] = set()
        for form in self.kept():
            named = str(form.cleaned_data[self.name])
            if named in seen:
                form.add_error(self.name, _("There is another row of this name."))
            seen.add(named)

    def kept(self) -> list[Any]:
        """The rows that are filled in and stay."""
        return [
            form
            for form in self.forms
            if getattr(form, "cleaned_data", None)
            and self.name in form.cleaned_data
            and not form.cleaned_data.get("DELETE")
        ]


class _Formats(_NamedRows):
    pass


class _Cutoffs(_NamedRows):
    name = "letter"


_FORMATS = formset_factory(
    FormatForm, formset=_Formats, extra=1, can_delete=True, max_num=MOST_ROWS, validate_max=True
)
_CUTOFFS = formset_factory(
    CutoffForm, formset=_Cutoffs, extra=1, can_delete=True, max_num=MOST_ROWS, validate_max=True
)


class GraceForm(forms.Form):
    """How long after its due date an answer still counts."""

    grace = forms.FloatField(
        label=gettext_lazy("Days of grace"),
        help_text=gettext_lazy(
            "An answer counts that comes at most so many days after it was due."
        ),
        min_value=0,
        max_value=MOST_GRACE,
        required=False,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )


class PolicyForms:
    """The forms of a policy: kinds of assignments, grades, days of grace."""

    def __init__(self, tree: CourseTree, data: Any = None) -> None:
        self._tree = tree
        policy = {**DEFAULT_POLICY, **tree.grading_policy}
        self._entries = [entry for entry in policy["GRADER"] if isinstance(entry, Mapping)]
        self.formats: Any = _FORMATS(
            data, prefix="formats", initial=[_row_of(entry) for entry in self._entries]
        )
        self.cutoffs: Any = _CUTOFFS(
            data,
            prefix="cutoffs",
            initial=[
                {"letter": letter, "percent": _percent(cutoff)}
                for letter, cutoff in sorted(policy["GRADE_CUTOFFS"].items(), key=_cutoff)
            ],
        )
        span = parse_span(tree.blocks[tree.root].fields.get("graceperiod"))
        days = round(span / timedelta(days=1), 4) if span else None
        self.grace = GraceForm(data, initial={"grace": days})

    @property
    def forms(self) -> tuple[Any, ...]:
        """All of them."""
        return (self.formats, self.cutoffs, self.grace)

    def is_valid(self) -> bool:
        """Whether a policy can be made of them."""
        # Not one after another until one is wrong: each is to say what is wrong with it.
        return False not in [form.is_valid() for form in self.forms]

    def policy(self) -> dict[str, Any]:
        """The policy that they say."""
        known = {str(entry.get(TYPE)): entry for entry in self._entries}
        return {
            **self._tree.grading_policy,
            "GRADER": [
                {**known.get(row.cleaned_data["was"], {}), **_entry_of(row.cleaned_data)}
                for row in self.formats.kept()
            ],
            "GRADE_CUTOFFS": {
                row.cleaned_data["letter"]: round(row.cleaned_data["percent"] / 100, DIGITS)
                for row in self.cutoffs.kept()
            },
        }

    def renamed(self) -> dict[str, str]:
        """The new names of kinds whose old name nothing has any more."""
        rows = [row.cleaned_data for row in self.formats.kept()]
        names = {row[TYPE] for row in rows}
        return {row["was"]: row[TYPE] for row in rows if row["was"] and row["was"] not in names}

    def write(self, writer: DraftWriter, revision: str) -> None:
        """Keep it all in the draft; raises ``PolicyChanged`` if ``revision`` is not the draft's.

        The subsections of a kind that is renamed follow it.
        """
        if policy_revision(writer.tree) != revision:
            raise PolicyChanged(
                _("Somebody changed the grading meanwhile. If you save again, this stands.")
            )
        writer.set_policy(self.policy())
        if self.grace.has_changed():
            days = self.grace.cleaned_data["grace"]
            span = f"{round(days * 86_400)} seconds" if days else None
            writer.change_fields(writer.tree.root, {"graceperiod": span})
        renamed = self.renamed()
        for node in writer.tree.sequentials:
            if node.fields.get("format") in renamed and not node.olx:
                name = renamed[str(node.fields["format"])]
                writer.change_fields(node.usage_key, {"format": name})


def _cutoff(entry: tuple[str, Any]) -> float:
    """Highest first."""
    percent = _percent(entry[1])
    return -percent if isinstance(percent, int | float) else 0.0


def _row_of(entry: Mapping[str, Any]) -> dict[str, Any]:
    names = (TYPE, "short_label", "min_count", "drop_count")
    weight = _percent(entry.get("weight", 0))
    return {**{name: entry.get(name) for name in names}, "was": entry.get(TYPE), "weight": weight}


def _entry_of(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    entry = {name: cleaned[name] for name in (TYPE, "min_count", "drop_count")}
    entry["weight"] = round(cleaned["weight"] / 100, DIGITS)
    return {**entry, "short_label": cleaned["short_label"] or cleaned[TYPE]}


def _percent(share: Any) -> Any:
    """A share in per cent; what is no number stays as it is, to be seen and mended."""
    try:
        percent = round(float(share) * 100, DIGITS - 2)
    except (TypeError, ValueError):
        return share
    return int(percent) if percent.is_integer() else percent


# --- What authors should know -------------------------------------------------------------------


def policy_notes(tree: CourseTree) -> list[Note]:
    """How a draft's policy will be treated where that may surprise, kind by kind and as a whole."""
    return [*_faults(tree), *_surprises(tree), *_strays(tree)]


def _faults(tree: CourseTree) -> Iterator[Note]:
    for problem in validate_policy(tree.grading_policy):
        row, bracket, _rest = problem.where.removeprefix("GRADER[").partition("]")
        is_of_kind = problem.where.startswith("GRADER[") and bracket
        place = problem.where.partition("].")[2] if is_of_kind else problem.where
        said = _(problem.message) % problem.params if problem.params else _(problem.message)
        yield Note(f"{place}: {said}" if place else said, int(row) if is_of_kind else None)
    if any(problem.is_error for problem in validate_policy(tree.grading_policy)):
        yield Note(_("Until this is mended, nobody has a grade; points are kept and shown."))


def _surprises(tree: CourseTree) -> Iterator[Note]:
    total = 0.0
    entries = list(tree.grading_policy.get("GRADER") or ())
    for row, entry in enumerate(entries):
        if not _is_readable(entry):
            continue
        total += float(entry.get("weight") or 0)
        there = len(_graded(tree, str(entry[TYPE])))
        least, drop = int(float(entry["min_count"])), int(float(entry["drop_count"]))
        if not there:
            yield Note(_("No subsection is of this kind yet: it counts 0 for everybody."), row)
        elif there < least:
            said = _("%(there)d of %(least)d are there; the others count 0 until they are.")
            yield Note(said % {"there": there, "least": least}, row)
        if drop and drop >= max(there, least):
            yield Note(_("As many are left out as there are: it counts 0 for everybody."), row)
    if entries and not isclose(total, 1, abs_tol=0.0005):
        said = _("The weights make %(total)g %% together; 100 %% is usual.")
        yield Note(said % {"total": round(total * 100, 2)})
    cutoffs = tree.grading_policy.get("GRADE_CUTOFFS", DEFAULT_POLICY["GRADE_CUTOFFS"])
    if not cutoffs:
        yield Note(_("There is no grade to reach, so nobody passes and nobody fails."))


def _is_readable(entry: Any) -> bool:
    problems = validate_policy({"GRADER": [entry]})
    return not any(problem.is_error for problem in problems)


def _strays(tree: CourseTree) -> Iterator[Note]:
    kinds = {
        str(entry.get(TYPE))
        for entry in tree.grading_policy.get("GRADER") or ()
        if isinstance(entry, Mapping)
    }
    for node in tree.sequentials:
        kind = str(node.fields.get("format") or "")
        if tree.setting(node.usage_key, "graded", False) is True and kind not in kinds:
            said = _(
                "“%(name)s” is graded as “%(kind)s”, which is no kind here: it counts nowhere."
            )
            yield Note(said % {"name": node.display_name, "kind": kind or _("nothing")})


def _graded(tree: CourseTree, kind: str) -> list[str]:
    return [
        node.usage_key
        for node in tree.sequentials
        if node.fields.get("format") == kind and tree.setting(node.usage_key, "graded") is True
    ]
