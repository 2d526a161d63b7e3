"""Entries as pages show them: with the names of what their codes stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from practicum import api
from practicum.api import (
    Actor,
    DecisionKind,
    EntryRecord,
    EntryState,
    ItemOutcome,
    PlacementRecord,
    Problem,
    SignatureRecord,
)
from practicum.data import gettext_noop
from practicum.words import say

CONFIRMED = (DecisionKind.APPROVE, DecisionKind.COUNTERSIGN, DecisionKind.AMEND)
EDITABLE = (EntryState.DRAFT, EntryState.RETURNED)
COUNTED = (EntryState.APPROVED, EntryState.LOCKED)
SAID = {
    "StaleVersion": gettext_noop("It was changed meanwhile; please look at it again."),
    "WrongState": gettext_noop("It does not wait for this any more."),
    "NoMandate": gettext_noop("You do not answer for this placement on that day."),
    "NoApprover": gettext_noop("No mentor answers for this placement on that day."),
    "PeriodClosed": gettext_noop("The day lies in a period that is closed."),
    "NotFound": gettext_noop("It is not there any more."),
}


@dataclass(frozen=True, slots=True)
class Names:
    """What the codes of activities and competencies are called."""

    categories: Mapping[str, str]
    competencies: Mapping[str, str]


def names_for(actor: Actor) -> Names:
    """All names, in two queries."""
    return Names(
        {one.code: one.name for one in api.categories(actor)},
        {one.code: one.name for one in api.competencies(actor)},
    )


@dataclass(frozen=True, slots=True)
class Line:
    """An entry with its placement, its activities and competencies by name."""

    record: EntryRecord
    placement: PlacementRecord
    parts: tuple[tuple[str, int], ...]
    competencies: tuple[str, ...]

    @property
    def returned(self) -> SignatureRecord | None:
        """Who returned it last and why, while that stands."""
        if self.record.state is not EntryState.RETURNED:
            return None
        kinds = [one for one in self.record.signatures if one.kind == DecisionKind.RETURN.value]
        return kinds[-1] if kinds else None

    @property
    def confirmed(self) -> SignatureRecord | None:
        """The signature by which it counts."""
        if self.record.state not in COUNTED:
            return None
        kinds = [kind.value for kind in CONFIRMED]
        found = [
            one for one in self.record.signatures if one.kind in kinds and not one.is_withdrawn
        ]
        return found[-1] if found else None

    @property
    def is_editable(self) -> bool:
        """Whether its trainee may still change it."""
        return self.record.state in EDITABLE

    @property
    def is_counted(self) -> bool:
        """Whether it counts."""
        return self.record.state in COUNTED

    @property
    def needs_signing(self) -> bool:
        """Whether somebody else wrote it down on a sheet, and its trainee has to say yes."""
        return self.record.state is EntryState.DRAFT and self.record.author != self.record.trainee


def lines(
    records: Iterable[EntryRecord], places: Mapping[UUID, PlacementRecord], names: Names
) -> list[Line]:
    """Entries of known placements, in their order."""
    return [
        Line(
            record=record,
            placement=places[record.placement],
            parts=tuple(
                (names.categories.get(code, code), minutes)
                for code, minutes in sorted(
                    record.values.allocations.items(), key=lambda item: (-item[1], item[0])
                )
            ),
            competencies=tuple(
                names.competencies.get(code, code) for code in record.values.competencies
            ),
        )
        for record in records
        if record.placement in places
    ]


def say_problem(problem: Problem) -> str:
    """A problem as a sentence, with a link to the entry in conflict."""
    said = say(problem)
    if problem.entry is None:
        return said
    url = reverse("practicum:entry", args=[problem.entry])
    return format_html('{} <a href="{}">{}</a>', said, url, _("Look at that entry"))


def say_outcome(outcome: ItemOutcome) -> str:
    """Why one of many was refused."""
    if outcome.problems:
        return " ".join(say(problem) for problem in outcome.problems)
    if outcome.error in SAID:
        return _(SAID[outcome.error])
    error = getattr(api, outcome.error, api.PracticumError)
    return say(error())
