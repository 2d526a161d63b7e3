"""The forms of coordinators: they read what is typed, ``practicum.api`` decides on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from documents.writing import LANGUAGES
from practicum.data import OverrideKind, Requirement, Rules
from practicum.forms import ReadField
from practicum.rules.calendar import EARLIEST, LATEST
from practicum.rules.hours import read_hours
from practicum.rules.typed import read_clock, read_minutes

Choices = Sequence[tuple[str, Any]]
KEY_LENGTH = 64
WEEKDAYS = (
    (1, gettext_lazy("Monday")),
    (2, gettext_lazy("Tuesday")),
    (3, gettext_lazy("Wednesday")),
    (4, gettext_lazy("Thursday")),
    (5, gettext_lazy("Friday")),
    (6, gettext_lazy("Saturday")),
    (7, gettext_lazy("Sunday")),
)
LANGUAGE_NAMES = {
    "bg": "Български",
    "en": "English",
    "hr": "Hrvatski",
    "kk": "Қазақша",
    "ru": "Русский",
    "sl": "Slovenščina",
}


class DayField(forms.DateField):
    """A day, chosen by the browser's own picker."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **kwargs: Any) -> None:
        ends = [MinValueValidator(EARLIEST), MaxValueValidator(LATEST)]
        super().__init__(validators=ends, **kwargs)


class HoursField(ReadField):
    """A number of hours, as ``120``, ``7,5`` or ``7:30``; minutes, once read."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_hours, **kwargs)


class IdField(forms.TypedChoiceField):
    """A choice among things with ids."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=UUID, empty_value=None, **kwargs)


class OfficeForm(forms.Form):
    """A form that is sent once, however often its button is pressed: it carries a key."""

    key = forms.CharField(required=False, max_length=KEY_LENGTH, widget=forms.HiddenInput)

    def offer(self, name: str, choices: Iterable[tuple[Any, Any]], empty: Any = None) -> None:
        """Fill a choice; with ``empty``, what it says when nothing is chosen."""
        field: Any = self.fields[name]
        offered = [(str(value), label) for value, label in choices]
        field.choices = ([("", empty)] if empty is not None else []) + offered

    def clean(self) -> dict[str, Any]:
        """Days in their order."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first."))
        return cleaned


class ReasonForm(OfficeForm):
    """Why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ConfirmForm(OfficeForm):
    """Nothing to say but yes."""


class HostForm(OfficeForm):
    """A host library."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=255)
    address = forms.CharField(
        label=gettext_lazy("Address"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    municipality = forms.CharField(
        label=gettext_lazy("Municipality"), required=False, max_length=255
    )
    country = forms.CharField(
        label=gettext_lazy("Country"),
        required=False,
        max_length=2,
        help_text=gettext_lazy("Two letters, such as BG or HR: it brings the public holidays."),
    )
    tz = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=64,
        help_text=gettext_lazy("Such as Europe/Sofia."),
    )
    capacity = forms.IntegerField(
        label=gettext_lazy("Trainees it takes at once"),
        min_value=0,
        max_value=10_000,
        help_text=gettext_lazy("0 says nothing of it."),
    )
    contact_name = forms.CharField(label=gettext_lazy("Contact"), required=False, max_length=255)
    contact_mail = forms.EmailField(label=gettext_lazy("Mail of the contact"), required=False)
    contact_phone = forms.CharField(
        label=gettext_lazy("Telephone of the contact"), required=False, max_length=50
    )


class NamedForm(OfficeForm):
    """A cohort or a category: a code that stays, and a name."""

    code = forms.SlugField(
        label=gettext_lazy("Code"),
        max_length=50,
        help_text=gettext_lazy("Letters, figures and hyphens. It stays; the name may change."),
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=255)


class CompetencyForm(NamedForm):
    """What a trainee is to be able to do."""

    description = forms.CharField(
        label=gettext_lazy("Description"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    levels = forms.IntegerField(
        label=gettext_lazy("Highest level"), min_value=1, max_value=10, initial=4
    )


class PersonForm(OfficeForm):
    """Somebody who takes part."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=255)
    mail = forms.EmailField(
        label=gettext_lazy("Mail address"),
        help_text=gettext_lazy("The account with this address, now or later, is this person's."),
    )


class ProgrammeForm(OfficeForm):
    """What a programme of practice requires and allows."""

    code = forms.SlugField(label=gettext_lazy("Code"), max_length=50)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=255)
    minutes = HoursField(label=gettext_lazy("Hours required in all"))
    day_cap = HoursField(label=gettext_lazy("Most hours in a day"))
    week_cap = HoursField(label=gettext_lazy("Most hours in a week"))
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Days of practice"),
        coerce=int,
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
    )
    country = forms.CharField(
        label=gettext_lazy("Country of the public holidays"), required=False, max_length=2
    )
    usual_from = ReadField(read_clock, label=gettext_lazy("Usual from"))
    usual_until = ReadField(read_clock, label=gettext_lazy("Usual until"))
    break_after = HoursField(label=gettext_lazy("A break is due after"))
    break_least = forms.IntegerField(
        label=gettext_lazy("It lasts at least (minutes)"), min_value=0, max_value=600
    )
    rest_least = HoursField(label=gettext_lazy("Least rest between days"))
    back_entry_days = forms.IntegerField(
        label=gettext_lazy("A day may be logged for (days)"), min_value=0, max_value=3660
    )
    grace_days = forms.IntegerField(
        label=gettext_lazy("A period stays open after its end for (days)"),
        min_value=0,
        max_value=366,
    )
    close_after = forms.IntegerField(
        label=gettext_lazy("A month closes by itself after its end (days)"),
        min_value=0,
        max_value=366,
        help_text=gettext_lazy(
            "0: never. A month in which something still waits stays open, and you are told."
        ),
    )
    undo_minutes = forms.IntegerField(
        label=gettext_lazy("An approval may be taken back for (minutes)"),
        min_value=0,
        max_value=10_080,
    )
    is_two_step = forms.BooleanField(
        label=gettext_lazy("A coordinator signs after the mentor"), required=False
    )

    def __init__(
        self, *args: Any, categories: Choices, competencies: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for prefix, offered in (("category_", categories), ("competency_", competencies)):
            for code, name in offered:
                self.fields[prefix + code] = HoursField(
                    label=name,
                    required=False,
                    help_text=_("Hours required; 0 where none are, empty if it does not belong."),
                )

    def rules(self, known: Rules) -> Rules:
        """The rules as typed; what the form does not show stays as it is in ``known``."""
        cleaned = self.cleaned_data
        categories, competencies = self._asked("category_"), self._asked("competency_")
        own = {name: getattr(known, name) for name in ("holidays", "clock_slack", "severities")}
        typed = {
            name: cleaned[name]
            for name in (
                *("day_cap", "week_cap", "usual_from", "usual_until", "break_after"),
                *("break_least", "rest_least", "back_entry_days", "grace_days"),
                *("close_after", "undo_minutes", "is_two_step"),
            )
        }
        return Rules(
            requirement=Requirement(
                cleaned["minutes"],
                {code: minutes for code, minutes in categories.items() if minutes},
                {code: minutes for code, minutes in competencies.items() if minutes},
            ),
            categories=tuple(categories),
            competencies=tuple(competencies),
            weekdays=tuple(sorted(cleaned["weekdays"])),
            country=cleaned["country"].upper(),
            **typed,
            **own,
        )

    def _asked(self, prefix: str) -> dict[str, int]:
        return {
            name.removeprefix(prefix): minutes
            for name, minutes in self.cleaned_data.items()
            if name.startswith(prefix) and minutes is not None
        }


def initial_rules(rules: Rules) -> dict[str, Any]:
    """The programme form's fields for rules."""
    requirement = rules.requirement
    return {
        "minutes": _typed(requirement.minutes),
        "day_cap": _typed(rules.day_cap),
        "week_cap": _typed(rules.week_cap),
        "weekdays": list(rules.weekdays),
        "country": rules.country,
        "usual_from": f"{rules.usual_from:%H:%M}",
        "usual_until": f"{rules.usual_until:%H:%M}",
        "break_after": _typed(rules.break_after),
        "break_least": rules.break_least,
        "rest_least": _typed(rules.rest_least),
        "back_entry_days": rules.back_entry_days,
        "grace_days": rules.grace_days,
        "close_after": rules.close_after,
        "undo_minutes": rules.undo_minutes,
        "is_two_step": rules.is_two_step,
        **{
            f"category_{code}": _typed(requirement.categories.get(code, 0))
            for code in rules.categories
        },
        **{
            f"competency_{code}": _typed(requirement.competencies.get(code, 0))
            for code in rules.competencies
        },
    }


def _typed(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours}:{rest:02}" if rest else str(hours)


class PlacementForm(OfficeForm):
    """A new placement."""

    trainee = IdField(label=gettext_lazy("Trainee"))
    host = IdField(label=gettext_lazy("Host library"))
    programme_version = IdField(label=gettext_lazy("Programme of practice"))
    cohort = IdField(label=gettext_lazy("Cohort"), required=False)
    first = DayField(label=gettext_lazy("First day"))
    last = DayField(label=gettext_lazy("Last day"))
    mentor = IdField(label=gettext_lazy("Mentor"), required=False)


class SpanForm(OfficeForm):
    """Another first and last day, and another cohort."""

    first = DayField(label=gettext_lazy("First day"))
    last = DayField(label=gettext_lazy("Last day"))
    cohort = IdField(label=gettext_lazy("Cohort"), required=False)


class MoveForm(OfficeForm):
    """A rotation to another host."""

    host = IdField(label=gettext_lazy("To host library"))
    first = DayField(label=gettext_lazy("From"))
    mentor = IdField(label=gettext_lazy("Mentor there"), required=False)


class PauseForm(OfficeForm):
    """An interruption."""

    first = DayField(label=gettext_lazy("First day"))
    last = DayField(label=gettext_lazy("Last day"))
    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=2000)


class MandateForm(OfficeForm):
    """Who answers for a placement, from when until when."""

    mentor = IdField(label=gettext_lazy("Mentor"))
    first = DayField(label=gettext_lazy("First day"), required=False)
    last = DayField(label=gettext_lazy("Last day"), required=False)


class EndMandateForm(OfficeForm):
    """The day after which a mentor answers no more; without one, at once and for all days."""

    last = DayField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Without a day, it counts for nothing from now on."),
    )


class AgreementForm(OfficeForm):
    """The contract between school, host and trainee."""

    first = DayField(label=gettext_lazy("First day"))
    last = DayField(label=gettext_lazy("Last day"))
    minutes = HoursField(label=gettext_lazy("Hours agreed"))
    reference = forms.CharField(label=gettext_lazy("Reference"), required=False, max_length=255)
    file = forms.FileField(
        label=gettext_lazy("The signed contract"),
        required=False,
        help_text=gettext_lazy("A PDF or a picture, up to 5 MB."),
    )


class OverrideForm(ReasonForm):
    """A longer day or week, or a late entry, that is let pass."""

    kind = forms.TypedChoiceField(
        label=gettext_lazy("Let pass"),
        coerce=OverrideKind,
        choices=(
            (OverrideKind.DAY_CAP.value, gettext_lazy("a longer day")),
            (OverrideKind.WEEK_CAP.value, gettext_lazy("a longer week")),
            (OverrideKind.BACK_ENTRY.value, gettext_lazy("a late entry")),
        ),
    )
    day = DayField(label=gettext_lazy("Day"))
    minutes = HoursField(label=gettext_lazy("Hours it may have"), required=False)
    field_order = ("kind", "day", "minutes", "reason")


class CloseForm(OfficeForm):
    """The days of a period to close."""

    first = DayField(label=gettext_lazy("First day"))
    last = DayField(label=gettext_lazy("Last day"))


class TableForm(OfficeForm):
    """A table of placements."""

    file = forms.FileField(
        label=gettext_lazy("Table (CSV or XLSX)"),
        help_text=gettext_lazy(
            "Columns: trainee_name, trainee_mail, host, programme, first, last; if wanted "
            "mentor_name, mentor_mail, cohort, tz."
        ),
    )


class ReplaceForm(OfficeForm):
    """A mentor who leaves, and who takes over."""

    leaving = IdField(label=gettext_lazy("Who leaves"))
    successor = IdField(label=gettext_lazy("Who takes over"))
    first = DayField(label=gettext_lazy("From"))

    def clean(self) -> dict[str, Any]:
        """Two people."""
        cleaned = super().clean()
        if cleaned.get("leaving") and cleaned.get("leaving") == cleaned.get("successor"):
            raise ValidationError(_("Choose somebody else to take over."))
        return cleaned


class AssignForm(MandateForm):
    """A mentor for several placements."""

    placements = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Placements"), coerce=UUID, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("mentor", "first", "last", "placements")


class SheetForm(OfficeForm):
    """Who was present at a day of group practice."""

    sheet = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(label=gettext_lazy("What it was"), max_length=255)
    day = DayField(label=gettext_lazy("Day"))
    start = ReadField(read_clock, label=gettext_lazy("From"))
    end = ReadField(read_clock, label=gettext_lazy("Until"))
    tz = forms.ChoiceField(label=gettext_lazy("Time zone of the place"))
    pause = ReadField(
        read_minutes,
        label=gettext_lazy("Break"),
        required=False,
        help_text=gettext_lazy("Minutes, or 1:00"),
    )
    category = forms.ChoiceField(label=gettext_lazy("Activity"))
    placements = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Present"), coerce=UUID, widget=forms.CheckboxSelectMultiple
    )


class RemindForm(OfficeForm):
    """Whose open weeks to write about; ``mentor`` if that one alone is to hear."""

    mentor = IdField(required=False, widget=forms.HiddenInput)
    placements = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Placements"), coerce=UUID, widget=forms.CheckboxSelectMultiple
    )


class EraseForm(OfficeForm):
    """The name, typed once more, before somebody is erased."""

    name = forms.CharField(label=gettext_lazy("Type the name to go on"), max_length=255)

    def __init__(self, *args: Any, wanted: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = wanted

    def clean_name(self) -> str:
        """The very name."""
        typed = " ".join(str(self.cleaned_data["name"]).split())
        if typed != self.wanted:
            raise ValidationError(_("That is not the name above."))
        return typed


class ReportForm(OfficeForm):
    """Which report, on what, of which days, in which language."""

    kind = forms.ChoiceField(label=gettext_lazy("Report"))
    cohort = IdField(label=gettext_lazy("Cohort"), required=False)
    host = IdField(label=gettext_lazy("Host library"), required=False)
    first = DayField(
        label=gettext_lazy("First day"),
        required=False,
        help_text=gettext_lazy("Of a monthly sheet: any day of the month."),
    )
    last = DayField(label=gettext_lazy("Last day"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[(code, LANGUAGE_NAMES.get(code, code)) for code in LANGUAGES],
    )

    def clean(self) -> dict[str, Any]:
        """A cohort for a summary of a cohort, a host for one of a host."""
        cleaned = super().clean()
        for name in ("cohort", "host"):
            if cleaned.get("kind") == name and not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Choose which."))
        return cleaned


class WantedForm(forms.Form):
    """What a list is narrowed to, from the address; what cannot be read narrows nothing."""

    search = forms.CharField(label=gettext_lazy("Trainee"), required=False, max_length=100)
    cohort = IdField(label=gettext_lazy("Cohort"), required=False)
    host = IdField(label=gettext_lazy("Host library"), required=False)
    mentor = forms.UUIDField(required=False, widget=forms.HiddenInput)
    placement = forms.UUIDField(required=False, widget=forms.HiddenInput)
    when = forms.ChoiceField(
        label=gettext_lazy("When"),
        required=False,
        choices=(
            ("", gettext_lazy("at any time")),
            ("running", gettext_lazy("running now")),
            ("lately", gettext_lazy("running, or over lately")),
            ("ending", gettext_lazy("ending within 30 days")),
            ("coming", gettext_lazy("to come")),
            ("over", gettext_lazy("over")),
            ("behind", gettext_lazy("behind plan")),
        ),
    )


class EntriesForm(WantedForm):
    """What the list of entries is narrowed to."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=(
            ("", gettext_lazy("any")),
            ("submitted", gettext_lazy("waiting")),
            ("approved", gettext_lazy("approved")),
            ("locked", gettext_lazy("approved and closed")),
            ("returned", gettext_lazy("returned")),
            ("draft", gettext_lazy("draft")),
            ("void", gettext_lazy("void")),
        ),
    )
    category = forms.ChoiceField(label=gettext_lazy("Activity"), required=False)
    first = DayField(label=gettext_lazy("From"), required=False)
    last = DayField(label=gettext_lazy("Until"), required=False)
    overdue = forms.BooleanField(label=gettext_lazy("waiting for more than a week"), required=False)
