"""When periodic work is due. Pure: a slot is the latest moment at which it should have begun."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

DAY = timedelta(days=1)
EPOCH = datetime(2024, 1, 1, tzinfo=UTC)  # a Monday
SHORTEST = timedelta(minutes=1)
WEEK = 7  # days


@dataclass(frozen=True, slots=True)
class Every:
    """Due each ``period``, a minute or more, counted from a midnight in UTC."""

    period: timedelta

    def __post_init__(self) -> None:
        if self.period < SHORTEST:
            raise ValueError(f"Periodic work needs a minute between slots, not {self.period}.")

    def slot(self, now: datetime, zone: tzinfo) -> datetime:
        """The latest moment not after ``now`` at which the work was due."""
        return EPOCH + (now - EPOCH) // self.period * self.period


@dataclass(frozen=True, slots=True)
class Daily:
    """Due at a time of the clock on the wall, each day or on one ``weekday`` (0 is Monday)."""

    at: time
    weekday: int | None = None

    def __post_init__(self) -> None:
        if self.weekday is not None and not 0 <= self.weekday < WEEK:
            raise ValueError(f"There is no weekday {self.weekday}.")

    def slot(self, now: datetime, zone: tzinfo) -> datetime:
        """The latest moment not after ``now`` at which the work was due, in UTC.

        A time that the clock skips when summer begins is taken as the hour before would run on.
        """
        today = now.astimezone(zone).date()
        moments = (
            datetime.combine(today - n * DAY, self.at, tzinfo=zone).astimezone(UTC)
            for n in range(-1, WEEK + 2)
            if self.weekday is None or (today - n * DAY).weekday() == self.weekday
        )
        return next(moment for moment in moments if moment <= now)
