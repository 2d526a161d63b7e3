"""Whether the process lives and whether the school can do its work, for those who watch it."""

from __future__ import annotations

import time

import structlog
from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from delivery.access import Access, access
from delivery.migrated import needs_migration
from jobs.api import queue_health, show_web_life

logger = structlog.get_logger(__name__)

RUNNER_LATE_AFTER = 30.0  # seconds without a sign of life of any runner or relay
KEEP_ANSWER = 2.0  # seconds: anyone may ask, and each question writes to the disk


@access(Access.ANYONE)
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Answer that the process lives. Asks nothing of the database."""
    return JsonResponse({"status": "ok"})


@access(Access.ANYONE)
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Answer whether the school can write and runs its jobs; 503 with the reasons if not."""
    reasons = _readiness.reasons()
    status = 503 if reasons else 200
    return JsonResponse({"ready": not reasons, "reasons": reasons}, status=status)


class Readiness:
    """What keeps the school from its work, looked at most once in ``KEEP_ANSWER`` seconds."""

    def __init__(self) -> None:
        self._looked_at = float("-inf")
        self._reasons: list[dict[str, str]] = []
        self._is_migrated = False

    def reasons(self) -> list[dict[str, str]]:
        """Why the school is not ready, each with a stable ``code``; empty if it is."""
        if time.monotonic() - self._looked_at > KEEP_ANSWER:
            self._reasons = self._look()
            self._looked_at = time.monotonic()
        return self._reasons

    def _look(self) -> list[dict[str, str]]:
        try:
            if not self._check_migrations():
                return [_reason("migrations", "The database is not up to date: libschool migrate.")]
            show_web_life()
            age = queue_health().runner_age
        except Error as error:
            logger.error("database_unavailable", error=str(error))
            return [_reason("database", "The database cannot be written to.")]
        if age is None or age > RUNNER_LATE_AFTER:
            return [_reason("runner", "No runner of jobs has shown a sign of life lately.")]
        return []

    def _check_migrations(self) -> bool:
        """Whether the database has all migrations. Once true it stays so: reading them is slow."""
        if not self._is_migrated:
            self._is_migrated = not needs_migration()
        return self._is_migrated


def _reason(code: str, message: str) -> dict[str, str]:
    return {"code": code, "message": message}


_readiness = Readiness()
