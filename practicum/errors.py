"""What the functions of ``practicum.api`` raise. A refused command has changed nothing.

Every error has a ``template`` (English, marked for translation) and ``params`` that fill it.
"""

from __future__ import annotations

from typing import Any, ClassVar

from practicum.data import Problem, gettext_noop


class PracticumError(Exception):
    """Base of every refusal."""

    template: ClassVar[str] = gettext_noop("This cannot be done.")

    def __init__(self, **params: Any) -> None:
        super().__init__(self.template % params if params else self.template)
        self.params = params

    @property
    def code(self) -> str:
        """A stable name for clients: the class's."""
        return type(self).__name__


class NotAllowed(PracticumError):
    """The actor may not do this."""

    template = gettext_noop("You may not do this.")


class OwnHours(NotAllowed):
    """Somebody would confirm hours that they served or wrote down themselves."""

    template = gettext_noop("Nobody signs hours that are their own or that they wrote down.")


class NoMandate(NotAllowed):
    """The actor does not answer for the placement on the entry's day."""

    template = gettext_noop("You do not answer for this placement on %(day)s.")


class NoApprover(PracticumError):
    """Nobody could approve the entry: no mentor answers for that day."""

    template = gettext_noop("No mentor answers for this placement on %(day)s.")


class NotFound(PracticumError, LookupError):
    """There is no such thing, or the actor may not know that there is."""

    template = gettext_noop("There is no %(what)s of this id.")


class WrongState(PracticumError):
    """The state machine has no such step from the present state."""

    template = gettext_noop("This cannot be done with what is %(state)s.")


class StaleVersion(PracticumError):
    """What was decided or edited is not the current version; ``current`` is its number."""

    template = gettext_noop("This was changed meanwhile: version %(current)d is the current one.")


class InvalidEntry(PracticumError):
    """The values break rules; ``problems`` tells which, the hard ones first."""

    template = gettext_noop("The entry cannot be kept as it is.")

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__()
        self.problems = tuple(sorted(problems, key=lambda problem: not problem.is_hard))

    def __str__(self) -> str:
        return "; ".join(problem.message for problem in self.problems) or self.template


class InvalidValue(PracticumError):
    """An argument is not of the kind that is needed; ``what`` says which."""

    template = gettext_noop("%(what)s is not what is needed here.")


class ReasonNeeded(PracticumError):
    """A reason is needed and none was given."""

    template = gettext_noop("Please give a reason.")


class PeriodClosed(PracticumError):
    """The day lies in a period that was closed."""

    template = gettext_noop("%(day)s lies in a period that is closed.")


class PeriodNotOver(PracticumError):
    """The period and its days of grace are not over."""

    template = gettext_noop("The period can be closed from %(day)s on.")


class PeriodOverlaps(PracticumError):
    """Another period of the placement has some of the days."""

    template = gettext_noop("The days from %(first)s to %(last)s are a period already.")


class NotSettled(PracticumError):
    """Entries or corrections of the days still wait, so the period does not close by itself."""

    template = gettext_noop("%(count)d entries of these days still wait.")


class NobodyToRemind(PracticumError):
    """Nothing waits, or all who could be written to were written to within a day."""

    template = gettext_noop(
        "There is nobody to remind: nothing waits, or they were written to within a day."
    )


class TooLate(PracticumError):
    """The time in which an approval can be taken back is over, or it was reported on."""

    template = gettext_noop("This can no longer be taken back.")


class AmendmentOpen(PracticumError):
    """Another correction of the entry waits for a decision."""

    template = gettext_noop("Another correction of this entry waits for a decision.")


class EntriesOutside(PracticumError):
    """The placement cannot end or pause: entries lie on those days."""

    template = gettext_noop("%(count)d entries lie on days that would no longer belong to it.")


class KeyReused(PracticumError):
    """The idempotency key came before with another command or other values."""

    template = gettext_noop("The key of this request was used for another one.")


class LinkInvalid(PracticumError):
    """The link was altered, was never issued, or lists something else."""

    template = gettext_noop("This link is not valid.")


class LinkExpired(LinkInvalid):
    """The link is past its time."""

    template = gettext_noop("This link has expired. Please ask for another one.")


class LinkRevoked(LinkInvalid):
    """The link was taken back."""

    template = gettext_noop("This link was withdrawn.")


class Erased(PracticumError):
    """The person's data was erased: nothing more can be done with it."""

    template = gettext_noop("The data of this person was erased.")


class EvidenceRefused(PracticumError):
    """The file may not come in; the message says why."""

    template = gettext_noop("%(reason)s")
