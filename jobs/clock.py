"""The database's clock: leases are measured by it alone, since the clocks of machines disagree."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import DurationField, ExpressionWrapper, F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Now


class DatabaseNow(Now):
    """The database's time, in UTC. Django's ``Now`` follows the session's time zone on MySQL."""

    def as_mysql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        """MySQL's and MariaDB's spelling."""
        return self.as_sql(compiler, connection, template="UTC_TIMESTAMP(6)", **extra)


def seconds_from_now(seconds: float) -> Combinable:
    """The database's time in ``seconds``; negative for the past."""
    return DatabaseNow() + Value(timedelta(seconds=seconds), output_field=DurationField())


def age_of(field: str) -> ExpressionWrapper[Any]:
    """How long ago the time in ``field`` was, by the database's clock."""
    return ExpressionWrapper(DatabaseNow() - F(field), output_field=DurationField())
