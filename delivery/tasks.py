"""The site's jobs. What they do is elsewhere; here it gets its name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from delivery import rescoring
from delivery.gradebook.importing import APPLY_TASK, CHECK_TASK, apply_marks, check_marks
from delivery.gradebook.tables import EXPORT_TASK, make_table
from delivery.grades import scheduling
from delivery.importing.uploads import TASK, stage_upload
from delivery.notices import mailing
from delivery.notices.api import DIGEST_TASK, DIGESTS_TASK, MAIL_TASK
from jobs.api import Beat, Daily, Effect, task


@task(TASK, title=_("Reading an uploaded course"))
def import_course(args: Mapping[str, Any], beat: Beat) -> Effect | None:
    """Read the upload ``args["import"]``; the effect makes it a version."""
    return stage_upload(UUID(args["import"]), beat)


@task(EXPORT_TASK, title=_("Grades as a table"))
def export_grades(args: Mapping[str, Any], beat: Beat) -> Effect | None:
    """Make the table of grades that ``args`` describe."""
    return make_table(args, beat)


@task(CHECK_TASK, title=_("Check of a table of marks"))
def check_marks_table(args: Mapping[str, Any], beat: Beat) -> Effect | None:
    """Compare the uploaded table ``args["import"]`` with the grade book."""
    return check_marks(UUID(args["import"]))


@task(APPLY_TASK, title=_("Import of marks"))
def apply_marks_table(args: Mapping[str, Any], beat: Beat) -> Effect | None:
    """Make marks of the checked table ``args["import"]``, learner by learner."""
    return apply_marks(UUID(args["import"]), beat)


@task(scheduling.TASK, title=_("Working grades out anew"))
def recompute_grades(args: Mapping[str, Any], beat: Beat) -> Effect | None:
    """Bring the stored grades of the course with the number ``args["course"]`` up to date."""
    return scheduling.recompute_stale(int(args["course"]), beat)


@task(rescoring.TASK, title=_("Scoring answers again"))
def rescore(args: Mapping[str, Any], beat: Beat) -> Effect:
    """Let the block ``args["block"]`` score again; it writes learner by learner."""
    return rescoring.rescore_all(args, beat)


@task(MAIL_TASK, title=_("Notice by mail"))
def mail_notice(args: Mapping[str, Any], beat: Beat) -> Effect | None:
    """Mail the notice with the number ``args["notice"]``."""
    return mailing.mail_notice(int(args["notice"]))


@task(DIGESTS_TASK, title=_("Notices of the day by mail"), schedule=Daily(time(6, 30)))
def order_digests(args: Mapping[str, Any], beat: Beat) -> Effect | None:
    """Leave a job for the mail of each of those who wish their notices all together."""
    return mailing.order_digests()


@task(DIGEST_TASK, title=_("Notices of the day by mail"))
def mail_digest(args: Mapping[str, Any], beat: Beat) -> Effect | None:
    """Mail the notices of the day to the account with the number ``args["user"]``."""
    return mailing.mail_digest(int(args["user"]))
