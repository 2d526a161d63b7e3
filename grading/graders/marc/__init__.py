"""Grading a catalogue record against a model, as a cataloguer would: align, then explain.

``grade(exercise, answer)`` takes the exercise ``{"keys": [KEY, …]}`` (or one KEY) and the answer, a
list of fields ``[tag, indicators, [[code, value], …]]`` and ``[tag, text]`` for the leader and
control fields. An exercise with a ``"start"`` is graded by what was mended in it. What an exercise
may hold is written in ``README.md`` beside this file.

Pure: no Django, no files but the format data beside the code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from grading.data import InvalidExercise, Mark
from grading.data import gettext_noop as _
from grading.graders.keeping import kept
from grading.graders.marc.exercise import read_keys
from grading.graders.marc.explain import explain
from grading.graders.marc.fields import read_record
from grading.graders.marc.keys import Key
from grading.graders.marc.labels import field_labels
from grading.graders.marc.mending import Topics, explain_mending, is_faulty, sort_by_topic
from grading.graders.marc.positions import MATERIALS, layout
from grading.graders.marc.profiles import PROFILES
from grading.graders.marc.record import MOST_EFFORT, Comparison, Record, compare_record

__all__ = ["MATERIALS", "PROFILES", "compare", "field_labels", "grade", "layout"]


class _Exercise(NamedTuple):
    """The keys and, for each, what is said of the record to be mended, if there is one."""

    keys: Sequence[Key]
    starts: Sequence[Topics]

    @property
    def effort(self) -> int:
        """What one comparison may cost."""
        return MOST_EFFORT // (len(self.keys) + len(self.starts))


def grade(exercise: Mapping[str, Any], answer: Any) -> Mark:
    """Grade a catalogue record (MARC 21, UNIMARC, COMARC/B, RUSMARC) against a model record.

    Raises InvalidExercise or InvalidAnswer, naming the place, for what cannot be read.
    """
    read = _read_exercise(exercise)
    comparisons = _compare(read, answer)
    if not read.starts:
        return explain(_best(comparisons))
    marks = [explain_mending(s, c) for s, c in zip(read.starts, comparisons, strict=True)]
    return max(marks, key=lambda mark: mark.score)


def compare(exercise: Mapping[str, Any], answer: Any) -> Comparison:
    """Return the comparison with the key that gives the answer its best score.

    Raises InvalidExercise or InvalidAnswer like ``grade``.
    """
    return _best(_compare(_read_exercise(exercise), answer))


def _best(comparisons: Sequence[Comparison]) -> Comparison:
    return max(comparisons, key=lambda comparison: comparison.score)


def _compare(exercise: _Exercise, answer: Any) -> list[Comparison]:
    profiles = {key.profile.name: key.profile for key in exercise.keys}
    records = {name: Record.of(read_record(p, answer)) for name, p in profiles.items()}
    return [
        compare_record(key, records[key.profile.name], most_effort=exercise.effort)
        for key in exercise.keys
    ]


@kept
def _read_exercise(exercise: Any) -> _Exercise:
    keys = read_keys(exercise)
    start = exercise.get("start")
    if start is None:
        return _Exercise(keys, ())
    effort = MOST_EFFORT // (2 * len(keys))
    starts = []
    for key in keys:
        record = Record.of(read_record(key.profile, start, InvalidExercise, "start"))
        comparison = compare_record(key, record, most_effort=effort)
        if not is_faulty(comparison):
            raise InvalidExercise(_("There is nothing to mend in this record."), "start")
        starts.append(sort_by_topic(comparison))
    return _Exercise(keys, starts)
