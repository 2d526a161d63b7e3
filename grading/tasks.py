"""The jobs of ``grading``. What they do is elsewhere; here it gets its name."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from grading.models import Regrade
from grading.regrade_work import REGRADE_PART, GivenUp, begin, work_on_part
from grading.regrading import REGRADE
from jobs.api import Beat, Effect, task

logger = logging.getLogger(__name__)


@task(REGRADE, title=_("Grading answers again"))
def regrade(args: Mapping[str, Any], beat: Beat) -> Effect | None:
    """Carry out the request ``args["regrade"]``.

    When it is applied it writes as it goes, not at the end: a class's marks need not wait for
    each other, and every batch is safe to repeat.
    """
    request = Regrade.objects.select_related("exercise").get(pk=args["regrade"])
    try:
        return begin(request, beat)
    except GivenUp:
        _note(args)
        return None


@task(REGRADE_PART, title=_("Grading answers again, a part"))
def regrade_part(args: Mapping[str, Any], beat: Beat) -> Effect | None:
    """Carry out the part of ``args["regrade"]`` between two learners' ids."""
    try:
        return work_on_part(args, beat)
    except GivenUp:
        _note(args)
        return None


def _note(args: Mapping[str, Any]) -> None:
    logger.info("Re-grade %s was stopped or gives way to a later one.", args["regrade"])
