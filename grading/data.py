"""The frozen values that cross the boundary of ``grading``.

Pure: nothing here knows of Django, XBlock or a database. Messages are English templates marked
for translation; whoever shows them translates the template and then fills in the parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["InvalidAnswer", "InvalidExercise", "Mark", "ScoreLine", "gettext_noop"]


def gettext_noop(message: str) -> str:
    """Mark ``message`` for translation and return it unchanged."""
    return message


_QUOTED = frozenset({"given", "tag"})
"""The params that quote what was typed, or name its field."""


class InvalidExercise(ValueError):
    """An exercise that cannot be graded; ``where`` is the path of the fault: ``keys[0]``.

    ``template`` is an English sentence with named places that ``params`` fill, ``message`` the
    sentence filled.
    """

    def __init__(self, template: str, where: str = "", **params: Any) -> None:
        self.template = template
        self.params = params
        self.message = template % params if params else template
        self.where = where
        super().__init__(f"{where}: {self.message}" if where else self.message)

    @property
    def quotes(self) -> bool:
        """Tell whether the sentence itself names what is wrong, so that it needs no path beside."""
        return not _QUOTED.isdisjoint(self.params)

    def describe(self, translate: Callable[[str], str]) -> str:
        """Return the sentence in the language of ``translate``."""
        sentence = translate(self.template)
        return sentence % self.params if self.params else sentence


class InvalidAnswer(InvalidExercise):
    """An answer that is not of the shape the grader takes."""


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One line of a mark.

    ``points`` were earned of ``max`` (decimals; a penalty has ``max`` 0 and negative ``points``).
    ``code`` is stable (``245.punctuation.missing``); ``where`` is a path into the answer such as
    ``245[0]$b[0]`` (empty for the whole answer). ``template`` is an English sentence with named
    ``%(name)s`` places that ``params`` fill. ``refs`` name rules by ``scheme``, ``number`` and
    ``url``. ``kind`` is right, nearly, missing, unwanted or note. ``expected`` is the model value;
    like any ``params`` that quote it, it may be shown only when the answer may be shown.
    """

    code: str
    points: float
    max: float
    template: str
    where: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    refs: tuple[Mapping[str, str], ...] = ()
    kind: str = "right"
    expected: str = ""

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.template % self.params if self.params else self.template


@dataclass(frozen=True, slots=True)
class Mark:
    """The score lines of one submission, with ``points`` earned of ``possible``."""

    points: float
    possible: float
    lines: tuple[ScoreLine, ...] = ()

    @property
    def score(self) -> float:
        """Points earned of points possible, 0-1."""
        return self.points / self.possible if self.possible else 0.0
