"""The jobs of ``practicum``. What they do is elsewhere; here they get their names and times."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from jobs.api import Beat, Daily, Effect, Every, Outcome, OutputFile, task
from practicum import mailing, reminding
from practicum.api import (
    Actor,
    Edition,
    ReportRequest,
    make_issued_report,
    verify_audit_trail,
)
from practicum.crediting import update_scores
from practicum.retaining import erase_expired
from practicum.rules.reminders import Rule
from practicum.running import UPDATE_SCORES
from practicum.settling import close_settled


@task(UPDATE_SCORES, title=_("Scores by practice"))
def tell_scores(args: Mapping[str, Any], beat: Beat) -> Effect:
    """Tell the host the scores of the trainee ``args["trainee"]``."""
    beat()
    trainee = UUID(args["trainee"])
    return lambda: update_scores(trainee)


@task("practicum.report", title=_("Report"))
def make_report_file(args: Mapping[str, Any], beat: Beat) -> Effect:
    """Make a report for the coordinator who asked, and leave it as a file."""
    beat(0, 2)
    wanted = ReportRequest.of_plain(args["wanted"])
    edition = Edition(wanted.language, args["school"])
    made = make_issued_report(
        Actor(UUID(args["actor"])), wanted, args["form"], edition, args["url"], key=args["key"]
    )
    beat(2, 2)
    file = OutputFile(made.name, made.content_type, made.data)
    return lambda: Outcome({}, file)


@task("practicum.verify", title=_("Check of the audit trail"))
def verify(args: Mapping[str, Any], beat: Beat) -> Effect:
    """Check every event and every row of the trail."""
    report = verify_audit_trail(lambda done: beat(done, args["events"]))
    broken = report.broken
    values = {
        "events": report.events,
        "broken": {"sequence": broken.sequence, "what": broken.what} if broken else None,
    }
    return lambda: Outcome(values)


@task(
    "practicum.remind",
    title=_("Reminders of practice hours"),
    schedule=Every(timedelta(minutes=30)),
)
def remind(args: Mapping[str, Any], beat: Beat) -> Effect:
    """Leave a job for each mail that is due."""
    return reminding.remind


@task(
    "practicum.digest",
    title=_("Weekly digest of practice hours"),
    schedule=Daily(time(8), weekday=0),
)
def digest(args: Mapping[str, Any], beat: Beat) -> Effect:
    """Leave a job for each mentor's digest."""
    return reminding.digest


@task(
    "practicum.close_months",
    title=_("Closing of months of practice"),
    schedule=Daily(time(5)),
)
def close_months(args: Mapping[str, Any], beat: Beat) -> Effect:
    """Close the months that their programme's rule closes, unless something of them waits."""

    def effect() -> Outcome:
        closed, waiting = close_settled()
        return Outcome({"closed": closed, "waiting": waiting})

    return effect


@task(
    "practicum.erase_expired",
    title=_("Erasure of records that were kept long enough"),
    schedule=Daily(time(6), weekday=0),
)
def erase_old_records(args: Mapping[str, Any], beat: Beat) -> Effect:
    """Tell of the people whose time is over, and erase those told of a month ago."""

    def effect() -> Outcome:
        erased, waiting = erase_expired()
        return Outcome({"erased": erased, "waiting": waiting})

    return effect


@task(reminding.SEND, title=_("Mail about practice hours"))
def send_notice(args: Mapping[str, Any], beat: Beat) -> Effect:
    """Send one mail; it is written at the last moment, so that it says how things are."""
    rule, recipient = Rule(args["rule"]), UUID(args["recipient"])
    return lambda: mailing.send(rule, recipient, args["subjects"])
