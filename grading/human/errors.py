"""What the functions of ``grading.staff`` refuse, in words for who is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grading.data import gettext_noop as _
from grading.errors import GradingError

__all__ = ["HeldByAnother", "NoSuchWork", "StaleNotes", "TaskRefused"]


class TaskRefused(GradingError):
    """An act for which it is not the time, or not the person's turn.

    ``template`` is an English sentence whose named places ``params`` fill.
    """

    def __init__(self, template: str, **params: Any) -> None:
        super().__init__(template % params if params else template)
        self.template = template
        self.params = params

    def describe(self, translate: Callable[[str], str]) -> str:
        """The sentence in the language of ``translate``."""
        sentence = translate(self.template)
        return sentence % self.params if self.params else sentence


class NoSuchWork(TaskRefused):
    """There is no such work, file or comment here."""

    def __init__(self) -> None:
        super().__init__(_("This is not here any more."))


class HeldByAnother(TaskRefused):
    """Somebody else has the work in hand; ``by`` is who."""

    def __init__(self, by: str) -> None:
        super().__init__(_("Somebody else is grading this at the moment."))
        self.by = by


class StaleNotes(TaskRefused):
    """The notes were changed elsewhere; ``content`` and ``revision`` are what is kept now."""

    def __init__(self, content: dict[str, Any], revision: int) -> None:
        super().__init__(_("These notes were changed in another window."))
        self.content = content
        self.revision = revision
