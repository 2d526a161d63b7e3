"""Closes months by the rule of their programme, and tells coordinators of those that wait."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from practicum.closing import close_period, due_periods
from practicum.errors import NotSettled, PeriodNotOver, PeriodOverlaps, WrongState
from practicum.people import SYSTEM
from practicum.reminding import coordinators, leave_jobs
from practicum.rules.calendar import week_of
from practicum.rules.reminders import Notice, Rule


@transaction.atomic
def close_settled() -> tuple[int, int]:
    """Close the months that are due by rule: how many were closed, how many still wait for hours.

    Nothing that waits is shut out: such a month stays open, and the coordinators hear of it once a
    week. Safe to run again.
    """
    now = timezone.now()
    recipients = coordinators()
    window = week_of(now.date()).isoformat()
    closed, notices, waiting = 0, [], 0
    for placement, first, last in due_periods(SYSTEM, by_rule=True):
        try:
            close_period(SYSTEM, placement, first, last, only_settled=True)
        except NotSettled:
            waiting += 1
            subject = f"{placement.hex}:{first.isoformat()}"
            notices += [Notice(Rule.UNSETTLED, subject, one, window) for one in recipients]
        except (PeriodNotOver, PeriodOverlaps, WrongState):
            continue  # somebody closed it, or changed its days, a moment ago
        else:
            closed += 1
    leave_jobs(notices, now)
    return closed, waiting
