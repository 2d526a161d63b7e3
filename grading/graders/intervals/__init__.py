"""Grading episodes on a time line: when something began and ended, what it was, and why.

What an exercise and an answer may hold is written in ``README.md`` beside this file.

Pure: no Django, no files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from grading.climate import Series
from grading.data import Mark, ScoreLine
from grading.data import gettext_noop as _
from grading.graders import logger
from grading.graders.assigning import assign
from grading.graders.intervals.exercise import (
    Episode,
    Exercise,
    Settings,
    instantiate,
    read_exercise,
    read_given,
)
from grading.graders.lines import add_up, charge_line, limit_charges, line_of, unanswered
from grading.graders.reading import answer_node

__all__ = ["check", "grade", "instantiate", "model_answer", "public", "readings"]

ANSWER = _("An answer is an object with episodes.")
RIGHT = _("This episode is right.")
VERDICTS = {
    "kind": _("This episode is there, but of another kind."),
    "cause": _("This episode and its kind are right, but the cause is another."),
    "kind.cause": _("This episode is there, but its kind and its cause are others."),
}
MISSED = _("An episode is not found.")
EXTRA = _("There is no such episode.")
FREE = _("There is no such episode; so much is free.")
IGNORED = _("Whether this is an episode can be argued; it counts neither way.")


def grade(exercise: Mapping[str, Any], answer: Any) -> Mark:
    """Grade episodes on a time line: start and end, kind and cause of each.

    Raises InvalidExercise or InvalidAnswer, naming the place, for what cannot be read.
    """
    read = read_exercise(exercise)
    node = answer_node(answer)
    if answer is not None and not isinstance(answer, Mapping):
        raise node.fail(ANSWER)
    given = read_given(node)
    if not given:
        return unanswered("intervals", read.possible)
    order = sorted(range(len(given)), key=lambda j: given[j])
    worth = [
        [episode.value * _quality(read.settings, episode, given[j]) for j in order]
        for episode in read.episodes
    ]
    pairs = [(i, order[j]) for i, j in assign(worth)]
    lines = [_pair_line(read, i, j, given[j]) for i, j in pairs]
    found = {i for i, _j in pairs}
    lines += [
        line_of("intervals.missed", 0.0, episode.value, MISSED, expected=_describe(read, episode))
        for i, episode in enumerate(read.episodes)
        if i not in found
    ]
    taken = {j for _i, j in pairs}
    earned = sum(line.points for line in lines)
    return add_up([*lines, *_extra_lines(read, given, taken, earned)])


def check(exercise: Any) -> None:
    """Raise InvalidExercise at the first fault of an exercise."""
    read_exercise(exercise)


def public(exercise: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page may know: kinds and causes to choose from; raises InvalidExercise.

    Of an exercise about a made-up year also its readings (``logger.readings``).
    """
    read = read_exercise(exercise)
    kinds = read.kinds or {e.kind: e.kind for e in read.episodes if e.kind}
    causes = read.causes or {e.cause: e.cause for e in read.episodes if e.cause}
    return {
        "kinds": [{"id": name, "text": kinds[name]} for name in sorted(kinds)],
        "causes": [{"id": name, "text": causes[name]} for name in sorted(causes)],
        "extra_free": read.settings.extra_free,
        "asks_cause": any(episode.cause for episode in read.episodes),
        "readings": logger.readings(read.source, read.seed) if read.source else None,
    }


def readings(exercise: Mapping[str, Any]) -> Series | None:
    """Return the logger's year that an exercise is about, as logged; raises InvalidExercise."""
    read = read_exercise(exercise)
    return logger.year_of(read.source, read.seed).series if read.source else None


def model_answer(exercise: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer that scores 1; raises InvalidExercise."""
    read = read_exercise(exercise)
    names = ("start", "end", "kind", "cause")
    return {
        "episodes": [{name: getattr(episode, name) for name in names} for episode in read.episodes]
    }


def overlap(first: Episode, second: Episode, step: float) -> float:
    """Return the time both have over the time either has, 0-1."""
    common = min(first.end, second.end) - max(first.start, second.start) + step
    if common < 0.0:
        return 0.0
    whole = first.hours(step) + second.hours(step) - common
    return common / whole if whole > 0.0 else 1.0


def _quality(settings: Settings, episode: Episode, given: Episode) -> float:
    """Return what share of an episode's value a given one earns: nothing at another time."""
    if overlap(episode, given, settings.step) < settings.least:
        return 0.0
    parts = [(settings.w_time, True), (settings.w_kind, given.kind == episode.kind)]
    if episode.cause:
        parts.append((settings.w_cause, given.cause == episode.cause))
    weight = sum(part for part, _is_right in parts)
    return sum(part for part, is_right in parts if is_right) / weight


def _pair_line(read: Exercise, i: int, j: int, given: Episode) -> ScoreLine:
    episode = read.episodes[i]
    wrong = [name for name in ("kind", "cause") if _differs(episode, given, name)]
    points = episode.value * _quality(read.settings, episode, given)
    if not wrong:
        return line_of("intervals.right", points, episode.value, RIGHT, f"episodes[{j}]")
    reason = ".".join(wrong)
    return line_of(
        f"intervals.{reason}",
        points,
        episode.value,
        VERDICTS[reason],
        f"episodes[{j}]",
        expected=_describe(read, episode),
    )


def _differs(episode: Episode, given: Episode, name: str) -> bool:
    if name == "cause" and not episode.cause:
        return False
    return bool(getattr(episode, name) != getattr(given, name))


def _describe(read: Exercise, episode: Episode) -> str:
    kind = read.kinds.get(episode.kind, episode.kind)
    cause = read.causes.get(episode.cause, episode.cause)
    return " · ".join(filter(None, (kind, cause)))


def _extra_lines(
    read: Exercise, given: Sequence[Episode], taken: set[int], earned: float
) -> list[ScoreLine]:
    """Return the lines of episodes that are not there: after the free ones each costs."""
    settings = read.settings
    extras = [j for j in range(len(given)) if j not in taken]
    ignored = {j for j in extras if _is_ignored(read, given[j])}
    counted = [j for j in extras if j not in ignored]
    charges = [0.0] * min(settings.extra_free, len(counted))
    charges += [settings.extra * read.possible] * (len(counted) - len(charges))
    costs = dict(zip(counted, limit_charges(charges, earned), strict=True))
    lines = []
    for j in extras:
        where = f"episodes[{j}]"
        if j in ignored:
            lines.append(line_of("intervals.ignored", 0.0, 0.0, IGNORED, where))
        elif j in counted[: settings.extra_free]:
            lines.append(line_of("intervals.free", 0.0, 0.0, FREE, where))
        else:
            lines.append(charge_line("intervals.extra", costs[j], EXTRA, where))
    return lines


def _is_ignored(read: Exercise, given: Episode) -> bool:
    step = read.settings.step
    hours = given.hours(step)
    return any(
        min(area.end, given.end) - max(area.start, given.start) + step > hours / 2
        for area in read.ignored
    )
