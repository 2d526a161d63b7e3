"""How long work stands, in the words and figures of a page and of the script that follows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobs.api import JobStatus

STATE_WORDS = {
    "queued": lambda: _("waiting for its turn"),
    "running": lambda: _("running"),
    "done": lambda: _("done"),
    "dead": lambda: _("failed"),
    "cancelled": lambda: _("cancelled"),
}
MINUTE = 60
HOUR = 3600


@dataclass(frozen=True, slots=True)
class Standing:
    """A job as a page shows it: ``done`` of ``total`` steps, both 0 if not known."""

    state: str
    label: str
    done: int
    total: int
    left: str
    is_over: bool

    def as_json(self) -> dict[str, Any]:
        """What the page's script reads."""
        return {
            "state": self.state,
            "label": capfirst(self.label),
            "done": self.done,
            "total": self.total,
            "left": self.left,
            "is_over": self.is_over,
        }


def standing_of(job: JobStatus, label: str = "") -> Standing:
    """How a job stands; ``label`` says it in other words than its state does."""
    return Standing(
        state=job.state,
        label=label or describe_state(job.state),
        done=job.progress_done,
        total=job.progress_total,
        left=describe_left(job.seconds_left),
        is_over=job.is_over,
    )


def describe_state(state: str) -> str:
    """The state of a job in a few words."""
    return STATE_WORDS[state]()


def describe_left(seconds: float | None) -> str:
    """How long it may still take; nothing where that is not known."""
    if seconds is None:
        return ""
    if seconds < MINUTE:
        return _("less than a minute left")
    if seconds < HOUR:
        minutes = round(seconds / MINUTE)
        return ngettext("about a minute left", "about %(count)d minutes left", minutes) % {
            "count": minutes
        }
    hours = round(seconds / HOUR)
    return ngettext("about an hour left", "about %(count)d hours left", hours) % {"count": hours}
