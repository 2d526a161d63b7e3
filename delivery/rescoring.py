"""Blocks of others that can score again what their learners left in them, for one or for all.

Such a block (``ScorableXBlockMixin``) keeps its answers itself. It is called as each learner,
under the same locks as their own requests, and publishes its score; it counts though the block is
closed by now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from django.db.models import Count
from django.utils.translation import gettext as _
from xblock.scorable import ScorableXBlockMixin

from dbrules.deadlocks import restarted
from delivery.access import Visit
from delivery.models import Course, Enrollment, LearnerState
from delivery.runtime.calls import act_locked
from delivery.runtime.host import BlockRuntime, served_class
from delivery.runtime.registry import BlockTypeMissing
from jobs.api import Beat, Effect, Outcome, enqueue

logger = structlog.get_logger(__name__)

TASK = "delivery.rescore"
NOTHING = 1e-9  # a difference of points that is none
OUTCOMES = ("better", "worse", "same", "unanswered", "failed")


class RescoreRefused(ValueError):
    """A wish that cannot be carried out, with words for the person."""


@dataclass(frozen=True, slots=True)
class Scorable:
    """A block that can score again what it keeps, of so many ``learners`` with a score."""

    usage_key: str
    name: str
    learners: int


def find_scorable(visit: Visit) -> list[Scorable]:
    """The scored blocks whose answers ``grading`` does not keep, in the course's order."""
    nodes = {
        key: node
        for key, node in visit.tree.blocks.items()
        if node.has_score and _can_rescore(node.block_type)
    }
    rows = _scored(visit.course).filter(usage_key__in=nodes).values_list("usage_key")
    learners = dict(rows.annotate(Count("pk")).order_by())
    return [
        Scorable(key, node.display_name, learners[key])
        for key, node in nodes.items()
        if key in learners
    ]


def _can_rescore(block_type: str) -> bool:
    try:
        found = served_class(block_type)
    except BlockTypeMissing:
        return False
    return issubclass(found, ScorableXBlockMixin) and not hasattr(found, "request_regrade")


def _scored(course: Course) -> Any:
    return LearnerState.objects.filter(course=course, earned__isnull=False)


def request_rescore(
    visit: Visit, usage_key: str, *, username: str = "", only_if_higher: bool = False
) -> UUID:
    """Have a block score again for everybody or for one learner; the job. Raises RescoreRefused."""
    if usage_key not in {row.usage_key for row in find_scorable(visit)}:
        raise RescoreRefused(_("This block cannot score answers again."))
    learners = _scored(visit.course).filter(usage_key=usage_key)
    if username:
        learners = learners.filter(user__username=username)
    if "\0" in username or not learners.exists():  # which PostgreSQL would not look for
        raise RescoreRefused(_("Nobody of this name has a score there."))
    args = {
        "course": visit.course.pk,
        "block": usage_key,
        "username": username,
        "only_if_higher": only_if_higher,
    }
    return UUID(str(enqueue(TASK, args, user=visit.user, subject=visit.course.key).pk))


def rescore_all(args: Mapping[str, Any], beat: Beat) -> Effect:
    """Score again, learner by learner, each in a transaction of its own; safe to repeat."""
    course = Course.objects.get(pk=args["course"])
    learners = _scored(course).filter(usage_key=args["block"])
    if args["username"]:
        learners = learners.filter(user__username=args["username"])
    users = list(learners.order_by("user_id").values_list("user_id", flat=True))
    outcomes: Counter[str] = Counter()
    for done, user_id in enumerate(users):
        beat(done, len(users))
        outcomes[_rescore(course, user_id, args["block"], args["only_if_higher"])] += 1
    beat(len(users), len(users))
    return lambda: Outcome({name: outcomes[name] for name in OUTCOMES})


def _rescore(course: Course, user_id: int, usage_key: str, only_if_higher: bool) -> str:
    enrollment = Enrollment.objects.filter(course=course, user=user_id).select_related("user")
    part = enrollment.first()
    if part is None:
        return "unanswered"
    visit = Visit(course, part.user, part, course.current_version_id)
    try:
        before, after = _call(visit, usage_key, only_if_higher)
    except (TypeError, ValueError) as error:  # how a block says that there is nothing to score
        logger.info("rescore_refused", usage_key=usage_key, user=user_id, error=str(error))
        return "unanswered"
    except Exception:  # whatever a block of others raises is this learner's failure alone
        logger.exception("rescore_failed", usage_key=usage_key, user=user_id)
        return "failed"
    if abs(after - before) <= NOTHING:
        return "same"
    return "better" if after > before else "worse"


@restarted
def _call(visit: Visit, usage_key: str, only_if_higher: bool) -> tuple[float, float]:
    """Let the block score again; the shares of points that counted before and do now."""

    def act(runtime: BlockRuntime) -> tuple[float, float]:
        runtime.store.is_rescoring = True
        row = runtime.store.learner(usage_key)
        before = _share(row.earned, row.possible)
        runtime.get_block(usage_key).rescore(only_if_higher)
        return before, _share(row.earned, row.possible)

    return act_locked(visit, usage_key, act)


def _share(earned: float | None, possible: float | None) -> float:
    return (earned or 0.0) / possible if possible else 0.0
