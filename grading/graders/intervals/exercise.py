"""Episodes on a time line, read from JSON and checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from grading.data import gettext_noop as _
from grading.graders import faults
from grading.graders.keeping import kept
from grading.graders.reading import HEAVIEST, Node, exercise_node
from grading.graders.times import read_time

MOST_EPISODES = 50
MOST_GIVEN = 100
LONGEST_NAME = 80

_SETTINGS = ("w_time", "w_kind", "w_cause", "least", "step", "extra", "extra_free")

BACKWARDS = _("The end lies before the start.")
NO_WEIGHT = _("At least one of the weights must be more than 0.")


class Settings(NamedTuple):
    """What an author may set; the defaults are those of ``README.md``."""

    w_time: float
    w_kind: float
    w_cause: float
    least: float
    step: float
    extra: float
    extra_free: int


class Episode(NamedTuple):
    """A stretch of time, in hours; ``end`` is the last reading that belongs to it."""

    start: float
    end: float
    kind: str
    cause: str
    value: float = 1.0

    def hours(self, step: float) -> float:
        """Return how long it lasts if a reading stands for ``step`` hours."""
        return self.end - self.start + step


class Exercise(NamedTuple):
    """An exercise as it was read."""

    episodes: tuple[Episode, ...]
    ignored: tuple[Episode, ...]
    kinds: Mapping[str, str]
    causes: Mapping[str, str]
    settings: Settings

    @property
    def possible(self) -> float:
        """The values of all episodes together."""
        return sum(episode.value for episode in self.episodes)


@kept
def read_exercise(raw: Any) -> Exercise:
    """Return the exercise that ``raw`` is; raises InvalidExercise."""
    node = exercise_node(raw)
    if not isinstance(raw, Mapping):
        raise node.fail(_("An exercise is an object with episodes."))
    settings = _read_settings(node.get("settings"))
    return Exercise(
        episodes=tuple(_read_episode(row) for row in node.get("episodes").list(1, MOST_EPISODES)),
        ignored=tuple(_read_episode(row) for row in node.get("ignore").list(most=MOST_EPISODES)),
        kinds=_read_names(node.get("kinds")),
        causes=_read_names(node.get("causes")),
        settings=settings,
    )


def read_given(node: Node) -> list[Episode]:
    """Return the episodes of an answer; raises InvalidAnswer."""
    return [_read_episode(row) for row in node.get("episodes").list(most=MOST_GIVEN)]


def _read_settings(node: Node) -> Settings:
    for name in node.object():
        if name not in _SETTINGS:
            raise node.fail(faults.NO_SETTING, name=str(name)[:40])
    settings = Settings(
        w_time=node.get("w_time").number(0.5, 0.0, HEAVIEST),
        w_kind=node.get("w_kind").number(0.3, 0.0, HEAVIEST),
        w_cause=node.get("w_cause").number(0.2, 0.0, HEAVIEST),
        least=node.get("least").number(0.5, 0.05, 1.0),
        step=node.get("step").number(1.0, 0.0, 24.0),
        extra=node.get("extra").number(0.1, 0.0, 1.0),
        extra_free=node.get("extra_free").whole(1, 0, MOST_GIVEN),
    )
    if not settings.w_time + settings.w_kind:
        raise node.fail(NO_WEIGHT)
    return settings


def _read_names(node: Node) -> dict[str, str]:
    return {name: node.get(name).text(longest=200) for name in node.object()}


def _read_episode(node: Node) -> Episode:
    start, end = read_time(node.get("start")), read_time(node.get("end"))
    if end < start:
        raise node.get("end").fail(BACKWARDS)
    return Episode(
        start,
        end,
        node.get("kind").text("", LONGEST_NAME),
        node.get("cause").text("", LONGEST_NAME),
        node.get("value").number(1.0, 1e-3, HEAVIEST),
    )
