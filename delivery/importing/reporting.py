"""The report of an import in the reader's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from delivery.olx import Problem, Severity

SEVERITY_LABELS = {
    Severity.ERROR: _("error"),
    Severity.WARNING: _("warning"),
    Severity.NOTE: _("note"),
}


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A problem in words. ``place`` is ``file:line``, as far as known."""

    severity: Severity
    label: str
    message: str
    effect: str
    place: str


def describe(problem: Problem) -> ReportLine:
    """A problem in the language that is active."""
    return ReportLine(
        severity=problem.severity,
        label=str(SEVERITY_LABELS[problem.severity]),
        message=_fill(problem.template, problem.params),
        effect=_fill(problem.effect_template, problem.params),
        place=problem.place,
    )


def _fill(template: str, params: Mapping[str, Any]) -> str:
    translated = gettext(template) if template else ""
    return translated % params if params else translated.replace("%%", "%")


def sort_problems(problems: Iterable[Problem]) -> list[Problem]:
    """Worst first; equally bad ones by file and line."""
    order = list(Severity)
    return sorted(
        problems, key=lambda each: (order.index(each.severity), each.file, each.line or 0)
    )


def count_severities(problems: Iterable[Problem]) -> dict[str, int]:
    """How many errors, warnings and notes there are."""
    counts = Counter(problem.severity for problem in problems)
    return {str(severity): counts[severity] for severity in Severity}


def summarise(problems: Iterable[Problem]) -> str:
    """The numbers of errors, warnings and notes in words."""
    counts = count_severities(problems)
    parts = [
        ngettext("%d error", "%d errors", counts["error"]) % counts["error"],
        ngettext("%d warning", "%d warnings", counts["warning"]) % counts["warning"],
        ngettext("%d note", "%d notes", counts["note"]) % counts["note"],
    ]
    return ", ".join(parts)
