"""Reports that leave the house: issued first, so that the code printed on them can be checked."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.db import transaction

from practicum.data import Actor
from practicum.errors import StaleVersion
from practicum.issuing import check_document, issue_report
from practicum.presenting import Edition, ReportFile, as_file
from practicum.reporting import ReportRequest, make_report
from practicum.reports.table import Report

ATTEMPTS = 3
CODE = "00000000-0000-0000-0000-000000000000"  # stands for the code in an address


def make_issued_report(
    actor: Actor, wanted: ReportRequest, form: str, edition: Edition, url: str, *, key: str = ""
) -> ReportFile:
    """Make a report and note that it is handed out, if it is to be a PDF.

    ``url`` is the address of the check, with ``CODE`` in the place of the code. Nothing may have
    been approved between reading the figures and issuing the report; raises ``StaleVersion``
    where that keeps happening, and what ``make_report`` raises.
    """
    if form != "pdf":
        return as_file(make_report(actor, wanted), form, edition)
    for attempt in range(ATTEMPTS):
        report = make_report(actor, wanted)
        code = _issue(actor, report, f"{key}.{attempt}" if key else "")
        if code is not None:
            checked = url.replace(CODE, str(code))
            return as_file(report, form, replace(edition, code=code, url=checked))
    raise StaleVersion(current=report.sequence)


@transaction.atomic
def _issue(actor: Actor, report: Report, key: str) -> UUID | None:
    """The code of the issued report; ``None`` if its figures are no longer what it says."""
    issued = issue_report(actor, report.kind, report.placements, report.first, report.last, key=key)
    if check_document(issued.id).minutes != report.minutes:
        transaction.set_rollback(True)
        return None
    return issued.id
