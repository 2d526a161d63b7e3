"""What the REST interface offers: each operation is a function of ``practicum.api``, by its path.

Who may do what is decided there and nowhere else. A parameter of the path is one of the function's;
the others of a command are the JSON body, those of a reader the query.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from practicum import api
from practicum.rest.shapes import hints_of


@dataclass(frozen=True)
class Operation:
    """A function under a method and a path, such as ``/placements/{placement}/totals``."""

    method: str
    path: str
    function: Callable[..., Any]

    @property
    def name(self) -> str:
        """What the operation is called."""
        return self.function.__name__

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What paths match, with the path's parameters as named groups."""
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path))

    @cached_property
    def in_path(self) -> frozenset[str]:
        """The names of the path's parameters."""
        return frozenset(re.findall(r"\{(\w+)\}", self.path))

    @cached_property
    def shapes(self) -> Mapping[str, Any]:
        """The function's parameters but for the actor, the key and those of a page."""
        hints = hints_of(self.function)
        names = inspect.signature(self.function).parameters
        return {name: hints[name] for name in names if name not in _NOT_SENT}

    @cached_property
    def required(self) -> frozenset[str]:
        """The names of parameters without a default."""
        found = inspect.signature(self.function).parameters
        return frozenset(
            name for name in self.shapes if found[name].default is inspect.Parameter.empty
        )

    @property
    def takes_key(self) -> bool:
        """Whether it takes an idempotency key."""
        return "key" in inspect.signature(self.function).parameters

    @property
    def pages_itself(self) -> bool:
        """Whether the function takes a limit and an offset."""
        return {"limit", "offset"} <= set(inspect.signature(self.function).parameters)

    @property
    def result(self) -> Any:
        """The type hint of what it returns."""
        return hints_of(self.function)["return"]


# What only somebody who signed in may ask for: a token makes no token.
BY_SESSION_ONLY = frozenset({"issue_token"})
_NOT_SENT = frozenset({"actor", "key", "limit", "offset"})

_READERS: Mapping[str, Callable[..., Any]] = {
    "/placements": api.placements,
    "/placements/{placement}": api.placement,
    "/placements/{placement}/totals": api.totals,
    "/placements/{placement}/weeks": api.weeks,
    "/placements/{placement}/absences": api.absences,
    "/placements/{placement}/periods": api.periods,
    "/placements/{placement}/pauses": api.pauses,
    "/placements/{placement}/overrides": api.overrides,
    "/placements/{placement}/agreements": api.agreements,
    "/placements/{placement}/competencies": api.competency_matrix,
    "/placements/{placement}/evaluations": api.evaluations,
    "/placements/{placement}/checklists": api.checklists,
    "/entries": api.entries,
    "/entries/waiting": api.waiting_entries,
    "/entries/{entry}": api.entry,
    "/entries/{entry}/versions": api.versions,
    "/amendments": api.amendments,
    "/appeals": api.appeals,
    "/reopenings": api.reopenings,
    "/sheets": api.attendance_sheets,
    "/review-links": api.review_links,
    "/hosts": api.hosts,
    "/programmes": api.programmes,
    "/categories": api.categories,
    "/competencies": api.competencies,
    "/cohorts": api.cohorts,
    "/forms": api.forms,
    "/people": api.people,
    "/people/{person}/totals": api.person_totals,
    "/people/{person}/competencies": api.person_competencies,
    "/people/{person}/access-log": api.access_log,
    "/people/{person}/export": api.export_person,
    "/trail": api.trail_events,
    "/tokens": api.tokens,
}
_COMMANDS: Mapping[str, Callable[..., Any]] = {
    "/placements": api.create_placement,
    "/placements/{placement}/change": api.change_placement,
    "/placements/{placement}/move": api.move_placement,
    "/placements/{placement}/pauses": api.pause_placement,
    "/pauses/{pause}/cancel": api.cancel_pause,
    "/placements/{placement}/mandates": api.grant_mandate,
    "/mandates/{mandate}/end": api.end_mandate,
    "/people/{leaving}/replace": api.replace_mentor,
    "/placements/{placement}/overrides": api.override,
    "/placements/{placement}/agreements": api.create_agreement,
    "/agreements/{agreement}/sign": api.sign_agreement,
    "/placements/{placement}/periods": api.close_period,
    "/periods/{period}/reopen": api.reopen_period,
    "/reopenings/{reopening}/confirm": api.confirm_reopening,
    "/placements/{placement}/absences": api.record_absence,
    "/placements/{placement}/absences/withdraw": api.withdraw_absence,
    "/placements/{placement}/weeks": api.save_week,
    "/placements/{placement}/competencies": api.assess_competency,
    "/placements/{placement}/evaluations": api.submit_evaluation,
    "/placements/{placement}/checklists": api.tick_item,
    "/placements/{placement}/documents": api.issue_document,
    "/placements/{placement}/check": api.check_hours,
    "/entries/{entry}": api.log_hours,
    "/entries/submit": api.submit_entries,
    "/entries/withdraw": api.withdraw,
    "/entries/void": api.void_entries,
    "/entries/review": api.review_entries,
    "/entries/{entry}/undo": api.undo_approval,
    "/entries/{entry}/appeals": api.appeal,
    "/appeals/{appeal}/decide": api.decide_appeal,
    "/entries/{entry}/amendments": api.propose_amendment,
    "/amendments/{amendment}/approve": api.approve_amendment,
    "/amendments/{amendment}/reject": api.reject_amendment,
    "/amendments/{amendment}/withdraw": api.withdraw_amendment,
    "/sheets/{sheet}": api.record_attendance,
    "/sheets/{sheet}/sign": api.sign_on_sheet,
    "/people": api.add_person,
    "/tokens": api.issue_token,
    "/tokens/{token}/revoke": api.revoke_token,
}


def _built() -> tuple[Operation, ...]:
    found = [Operation("GET", path, function) for path, function in _READERS.items()]
    found += [Operation("POST", path, function) for path, function in _COMMANDS.items()]
    # What is spelt out goes before what has parameters: /entries/waiting before /entries/{entry}.
    return tuple(sorted(found, key=lambda one: (len(one.in_path), one.path, one.method)))


OPERATIONS = _built()


def find(method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
    """The operation of a request, with the texts of its path's parameters."""
    for operation in OPERATIONS:
        if operation.method == method and (match := operation.pattern.fullmatch(path)):
            return operation, match.groupdict()
    return None


def methods_of(path: str) -> list[str]:
    """The methods that a path has; none if there is no such path."""
    found = (one.method for one in OPERATIONS if one.pattern.fullmatch(path))
    return sorted(set(found))
