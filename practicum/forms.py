"""The forms of trainees and mentors: they read what is typed, ``practicum.api`` decides on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from practicum.data import EntryValues, PlacementRecord, Problem
from practicum.rules.calendar import NoSuchTime, moment, zone
from practicum.rules.typed import Unreadable, end_after, read_clock, read_day, read_minutes

DAY_WRITTEN = "%d.%m.%Y"
PART = "part_"  # of the names of fields for one activity's share
# Where a problem of the rules belongs in the form.
FIELDS = {"start": "start", "end": "end", "break_minutes": "pause", "allocations": "main"}


class ReadField(forms.CharField):
    """A line of text that a function reads; what it cannot read is told with an example."""

    def __init__(self, read: Callable[[str], Any], **kwargs: Any) -> None:
        self.read = read
        super().__init__(max_length=40, **kwargs)

    def to_python(self, value: Any) -> Any:
        """What was meant; ``None`` for nothing."""
        text = super().to_python(value)
        if not text:
            return None
        try:
            return self.read(text)
        except Unreadable as error:
            raise ValidationError(_(error.template) % error.params) from error

    def validate(self, value: Any) -> None:
        """Nothing is an answer where none is required."""
        if value is None and self.required:
            raise ValidationError(self.error_messages["required"])

    def run_validators(self, value: Any) -> None:
        """The reading was all."""


class ManyFiles(forms.ClearableFileInput):
    """An input for several files."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Every file that was chosen."""
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """Files of an entry; ``practicum.api`` looks into each."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files as they came."""
        return [one for one in (data or []) if one]


class HoursForm(forms.Form):
    """A day of practice as somebody types it: four fields for a usual one.

    The activity chosen as ``main`` gets what the shares of the others leave.
    """

    day = ReadField(lambda text: text, label=gettext_lazy("Day"))
    start = ReadField(read_clock, label=gettext_lazy("From"))
    end = ReadField(read_clock, label=gettext_lazy("Until"))
    pause = ReadField(
        read_minutes,
        label=gettext_lazy("Break, min"),
        required=False,
    )
    main = forms.ChoiceField(label=gettext_lazy("What you did"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=gettext_lazy("In a few words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    competencies = forms.MultipleChoiceField(
        label=gettext_lazy("Practised"), required=False, widget=forms.CheckboxSelectMultiple
    )
    evidence = FilesField(label=gettext_lazy("Files that show it"), required=False)
    keep_as = forms.CharField(
        label=gettext_lazy("Keep as a template named"), required=False, max_length=60
    )
    entry = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        *args: Any,
        placement: PlacementRecord,
        categories: Mapping[str, str],
        competencies: Mapping[str, str],
        now: datetime,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.placement = placement
        self.today = now.astimezone(zone(placement.tz)).date()
        offered = [(code, categories.get(code, code)) for code in placement.rules.categories]
        _field(self, "main", forms.ChoiceField).choices = offered
        practised = [(code, competencies.get(code, code)) for code in placement.rules.competencies]
        _field(self, "competencies", forms.MultipleChoiceField).choices = practised
        if not practised:
            del self.fields["competencies"]
        _field(self, "day", ReadField).read = lambda text: read_day(text, self.today)
        for code, name in offered:
            self.fields[PART + code] = ReadField(
                lambda text: read_minutes(text, bare_hours=True), label=name, required=False
            )
        self.values: EntryValues | None = None

    @property
    def parts(self) -> list[Any]:
        """The fields for shares of several activities."""
        return [self[name] for name in self.fields if name.startswith(PART)]

    @property
    def has_parts(self) -> bool:
        """Whether some share was typed, so that they should be in sight."""
        return any(field.value() or field.errors for field in self.parts)

    def clean(self) -> dict[str, Any]:
        """Turn the fields into ``values``, but for the files."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        span = self._span(cleaned["day"], cleaned["start"], cleaned["end"])
        if span is None:
            return cleaned
        pause = cleaned["pause"] or 0
        net = int((span[1] - span[0]).total_seconds()) // 60 - pause
        self.values = EntryValues(
            start=span[0],
            end=span[1],
            break_minutes=pause,
            allocations=self._allocations(cleaned, net),
            competencies=tuple(cleaned.get("competencies", ())),
            text=cleaned["text"].strip(),
        )
        return cleaned

    def _span(self, day: date, start: time, end: time) -> tuple[datetime, datetime] | None:
        tz = self.placement.tz
        found = []
        for name, on, clock in (("start", day, start), ("end", day + end_after(start, end), end)):
            try:
                found.append(moment(on, clock, tz))
            except NoSuchTime as error:
                shown = {**error.params, "day": on.strftime(DAY_WRITTEN)}
                self.add_error(name, _(error.template) % shown)
        return (found[0], found[1]) if len(found) == 2 else None

    def _allocations(self, cleaned: Mapping[str, Any], net: int) -> dict[str, int]:
        shares = {
            name.removeprefix(PART): cleaned[name] for name in self.fields if name.startswith(PART)
        }
        typed = {code: minutes for code, minutes in shares.items() if minutes}
        rest = net - sum(minutes for code, minutes in typed.items() if code != cleaned["main"])
        main = typed.get(cleaned["main"], rest)
        return {**typed, cleaned["main"]: main} if main > 0 else typed

    def show_problem(self, problem: Problem, said: Any) -> None:
        """Put what the rules say to the field that it is about."""
        name = FIELDS.get(problem.field, problem.field)
        self.add_error(name if name in self.fields else None, said)


def _field(form: forms.Form, name: str, kind: type[Any]) -> Any:
    found = form.fields[name]
    if not isinstance(found, kind):
        raise TypeError(f"{name} is no {kind.__name__}.")
    return found


def initial_of(
    values: EntryValues, tz: str, *, day: date | None = None, with_text: bool = True
) -> dict[str, Any]:
    """The form's fields for values, on another ``day`` if one is given."""
    start, end = values.start.astimezone(zone(tz)), values.end.astimezone(zone(tz))
    minutes = sorted(values.allocations.items(), key=lambda item: -item[1])
    shares = {PART + code: length(amount) for code, amount in minutes[1:]}
    return {
        "day": (day or start.date()).strftime(DAY_WRITTEN),
        "start": f"{start:%H:%M}",
        "end": f"{end:%H:%M}",
        "pause": str(values.break_minutes) if values.break_minutes else "",
        "main": minutes[0][0] if minutes else "",
        "competencies": list(values.competencies),
        "text": values.text if with_text else "",
        **shares,
    }


def length(minutes: int) -> str:
    """Minutes as the form writes them: ``1:30``."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def blank(today: date, *, day: date | None = None) -> dict[str, Any]:
    """The hidden fields and the day of a new entry."""
    return {
        "entry": uuid4(),
        "version": 0,
        "day": (day or today).strftime(DAY_WRITTEN),
    }


class ReasonForm(forms.Form):
    """Why something is asked for or refused."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class AbsenceForm(forms.Form):
    """A day on which the trainee was not there."""

    day = ReadField(lambda text: text, label=gettext_lazy("Day"))
    kind = forms.ChoiceField(label=gettext_lazy("Why"))
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=500)

    def __init__(self, *args: Any, kinds: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _field(self, "kind", forms.ChoiceField).choices = kinds
        _field(self, "day", ReadField).read = lambda text: read_day(text, today)


class WeekForm(forms.Form):
    """A trainee's report on a week."""

    text = forms.CharField(
        label=gettext_lazy("What you did this week"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=50_000,
    )
    reflection = forms.CharField(
        label=gettext_lazy("What you learned, and what was hard"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=50_000,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class LevelForm(forms.Form):
    """How far a trainee has come in a competency."""

    competency = forms.CharField(widget=forms.HiddenInput)
    level = forms.TypedChoiceField(label=gettext_lazy("Level"), coerce=int)
    note = forms.CharField(
        label=gettext_lazy("What shows it"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, levels: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _field(self, "level", forms.TypedChoiceField).choices = [
            (level, f"{level} / {levels}") for level in range(levels + 1)
        ]


class EvaluationAnswers(forms.Form):
    """An evaluation form's criteria as radio groups, and remarks."""

    remarks = forms.CharField(
        label=gettext_lazy("Remarks"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, criteria: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {
            f"level_{one['code']}": forms.TypedChoiceField(
                label=one["name"],
                coerce=int,
                choices=[(level, str(level)) for level in range(one["levels"] + 1)],
                widget=forms.RadioSelect,
            )
            for one in criteria
        }
        self.fields = {**own, **self.fields}

    @property
    def levels(self) -> dict[str, int]:
        """Level by criterion."""
        return {
            name.removeprefix("level_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("level_")
        }


class MailForm(forms.Form):
    """Which mails somebody wants, in which language."""

    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        help_text=gettext_lazy("Of mails, and of the reports on your own practice."),
    )
    wants_reminders = forms.BooleanField(label=gettext_lazy("Reminders"), required=False)
    wants_digest = forms.BooleanField(label=gettext_lazy("A digest each week"), required=False)

    def __init__(self, *args: Any, languages: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _field(self, "language", forms.ChoiceField).choices = languages


__all__ = [
    "PART",
    "AbsenceForm",
    "EvaluationAnswers",
    "HoursForm",
    "LevelForm",
    "MailForm",
    "ReasonForm",
    "WeekForm",
    "blank",
    "initial_of",
    "length",
]
