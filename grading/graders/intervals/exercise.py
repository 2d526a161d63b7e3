"""Episodes on a time line, read from JSON and checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from grading.data import gettext_noop as _
from grading.graders import faults, logger
from grading.graders.keeping import kept
from grading.graders.reading import HEAVIEST, Node, exercise_node
from grading.graders.times import hours_of, read_time

MOST_EPISODES = 50
MOST_GIVEN = 100
LONGEST_NAME = 80

_SETTINGS = ("w_time", "w_kind", "w_cause", "least", "step", "extra", "extra_free")

PARTS = ("episodes", "faults")
LONGEST_SEED = 200

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
    source: logger.Source | None
    seed: str

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
    source = logger.read_source(node.get("climate"))
    seed = node.get("seed").text("", LONGEST_SEED)
    return Exercise(
        episodes=_read_reference(node) if source is None else _planted(node, source, seed),
        ignored=tuple(_read_episode(row) for row in node.get("ignore").list(most=MOST_EPISODES)),
        kinds=_read_names(node.get("kinds")) or _usual_kinds(node, source),
        causes=_read_names(node.get("causes")) or _usual_causes(node, source),
        settings=settings,
        source=source,
        seed=seed,
    )


def instantiate(raw: Any, seed: str) -> dict[str, Any]:
    """Return the exercise that one learner gets: one about a made-up year, with theirs.

    An exercise with a seed of its own keeps it. Raises InvalidExercise.
    """
    read = read_exercise(raw)
    if read.source is None or raw.get("seed") is not None:
        return dict(raw)
    return {**raw, "seed": str(seed)}


def read_given(node: Node) -> list[Episode]:
    """Return the episodes of an answer; raises InvalidAnswer."""
    return [_read_episode(row) for row in node.get("episodes").list(most=MOST_GIVEN)]


def _read_reference(node: Node) -> tuple[Episode, ...]:
    return tuple(_read_episode(row) for row in node.get("episodes").list(1, MOST_EPISODES))


def _planted(node: Node, source: logger.Source, seed: str) -> tuple[Episode, ...]:
    """Return what is to be found in a made-up year: its faults, or episodes of its climate."""
    climate = node.get("climate")
    logger.check_source(climate, source, seed)
    part = _read_part(node)
    find = logger.faults_in if part == "faults" else logger.episodes_in
    found = find(source, seed)
    if not found and part == "faults":
        raise climate.get("events").fail(logger.NO_FAULTS)
    if not found:
        raise climate.get("events").fail(logger.NO_EVENTS)
    asks_cause = part == "episodes"
    return tuple(
        Episode(hours_of(f.start), hours_of(f.end), f.kind, f.cause if asks_cause else "")
        for f in found
    )


def _read_part(node: Node) -> str:
    return node.get("climate").get("part").one_of(PARTS, PARTS[0])


def _usual_kinds(node: Node, source: logger.Source | None) -> dict[str, str]:
    """Return all there might be: what is to be chosen from must not tell what there is."""
    return {name: name for name in logger.kinds_of(_read_part(node))} if source else {}


def _usual_causes(node: Node, source: logger.Source | None) -> dict[str, str]:
    asks = source is not None and _read_part(node) == "episodes"
    return {name: name for name in logger.CAUSES} if asks else {}


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
