"""What may be wrong with a course, how bad it is, and what will happen.

An *error* means that something is lost or replaced by a placeholder, a *warning* that something
will not work as its author expects, a *note* that something was left out on purpose. None of
them stops the rest of the course from coming in; what must not come in at all raises
``quarantine.errors.Refused``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from quarantine.errors import Refused, gettext_noop

MAX_PROBLEMS = 2_000


class Severity(StrEnum):
    """How bad a problem is, worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Kind(NamedTuple):
    """A kind of problem: how bad, what is the case, what follows (English templates)."""

    severity: Severity
    message: str
    effect: str


KEPT_AS_PLACEHOLDER = gettext_noop(
    "A placeholder takes its place; the rest of the course is imported."
)
LEFT_OUT = gettext_noop("It is left out.")
IGNORED = gettext_noop("It is ignored.")
UNHARMED = gettext_noop(
    "It is imported and stays in the course unharmed; trainees see a placeholder."
)
DEFAULT_POLICY = gettext_noop(
    "Open edX's default grading policy applies: homework, labs, midterm and final exam."
)
NOTHING_IMPORTED = gettext_noop("The course is refused; nothing is imported.")

KINDS: dict[str, Kind] = {
    "course.no_org": Kind(
        Severity.ERROR,
        gettext_noop("The course names no organisation (attribute org)."),
        gettext_noop("The organisation becomes %(org)s."),
    ),
    "course.no_number": Kind(
        Severity.ERROR,
        gettext_noop("The course has no number (attribute course)."),
        gettext_noop("The number becomes %(number)s."),
    ),
    "course.empty": Kind(
        Severity.WARNING,
        gettext_noop("The course has no sections."),
        gettext_noop("There is nothing to read in it."),
    ),
    "course.textbook": Kind(
        Severity.WARNING, gettext_noop("Textbooks are not shown here."), LEFT_OUT
    ),
    "file.missing": Kind(
        Severity.ERROR,
        gettext_noop("The file %(path)s of <%(tag)s url_name=“%(name)s”> is missing."),
        KEPT_AS_PLACEHOLDER,
    ),
    "file.malformed": Kind(
        Severity.ERROR,
        gettext_noop("The file is not well-formed XML: %(reason)s."),
        KEPT_AS_PLACEHOLDER,
    ),
    "file.root": Kind(
        Severity.ERROR,
        gettext_noop("The file begins with <%(found)s> where <%(tag)s> was expected."),
        KEPT_AS_PLACEHOLDER,
    ),
    "file.encoding": Kind(
        Severity.ERROR,
        gettext_noop("The file is not valid UTF-8 text, or has control characters in it."),
        gettext_noop("What cannot be read is replaced or removed; the rest of it is kept."),
    ),
    "file.name": Kind(
        Severity.ERROR,
        gettext_noop("The file's path has more than %(limit)d characters."),
        LEFT_OUT,
    ),
    "file.unused": Kind(
        Severity.NOTE, gettext_noop("Nothing in the course refers to this file."), LEFT_OUT
    ),
    "file.draft": Kind(
        Severity.NOTE,
        gettext_noop("This is an unpublished draft."),
        gettext_noop("It is left out; the published version is imported."),
    ),
    "block.not_installed": Kind(
        Severity.WARNING, gettext_noop("The block type %(tag)s is not installed."), UNHARMED
    ),
    "block.failed": Kind(
        Severity.ERROR,
        gettext_noop("The block %(tag)s “%(name)s” cannot be read: %(reason)s"),
        gettext_noop("Its source is kept and a placeholder takes its place."),
    ),
    "block.tag": Kind(
        Severity.ERROR, gettext_noop("<%(tag)s> cannot be the name of a block type."), LEFT_OUT
    ),
    "block.cycle": Kind(
        Severity.ERROR,
        gettext_noop("The block %(tag)s “%(name)s” contains itself."),
        gettext_noop("The inner one is left out."),
    ),
    "block.twice": Kind(
        Severity.ERROR,
        gettext_noop("The block %(tag)s “%(name)s” is already used in %(first)s."),
        gettext_noop("It stays where it was used first; this second place is left out."),
    ),
    "block.deep": Kind(
        Severity.ERROR,
        gettext_noop("Blocks are nested more than %(limit)d deep."),
        gettext_noop("What lies deeper is left out."),
    ),
    "block.misplaced": Kind(
        Severity.WARNING,
        gettext_noop("A %(parent)s holds %(expected)s blocks; this is a %(tag)s."),
        gettext_noop("It is imported, but the course outline does not show it."),
    ),
    "name.duplicate": Kind(
        Severity.WARNING,
        gettext_noop("The name “%(name)s” of a %(tag)s is already taken in %(first)s."),
        gettext_noop("Both are imported; this one is called “%(new)s”."),
    ),
    "name.missing": Kind(
        Severity.WARNING,
        gettext_noop("The %(tag)s has no url_name."),
        gettext_noop(
            "It is called “%(new)s” after its content; what trainees did in it is lost to them "
            "when its content changes."
        ),
    ),
    "name.characters": Kind(
        Severity.WARNING,
        gettext_noop("The name “%(name)s” has characters that a name cannot have."),
        gettext_noop("The block is called “%(new)s”."),
    ),
    "name.long": Kind(
        Severity.WARNING,
        gettext_noop("The name “%(name)s…” is too long."),
        gettext_noop("The block is called “%(new)s”."),
    ),
    "pointer.attributes": Kind(
        Severity.WARNING,
        gettext_noop(
            "The %(tag)s “%(name)s” has its content in a file and attributes here as well."
        ),
        gettext_noop("Both are read, the attributes here win. Open edX does not read the file."),
    ),
    "policy.malformed": Kind(
        Severity.ERROR,
        gettext_noop("The file is not a JSON object: %(reason)s."),
        gettext_noop("Its settings are ignored."),
    ),
    "policy.entry": Kind(
        Severity.WARNING, gettext_noop("The entry “%(entry)s” is not a set of settings."), IGNORED
    ),
    "policy.unused": Kind(
        Severity.WARNING, gettext_noop("There is no block “%(entry)s” in the course."), IGNORED
    ),
    "policy.third_party": Kind(
        Severity.WARNING,
        gettext_noop("Settings of %(tag)s blocks cannot be given here (“%(entry)s”)."),
        gettext_noop("They are ignored, as Open edX ignores them."),
    ),
    "grading.missing": Kind(
        Severity.WARNING, gettext_noop("The course has no grading_policy.json."), DEFAULT_POLICY
    ),
    "grading.malformed": Kind(
        Severity.ERROR,
        gettext_noop("The grading policy is not a JSON object: %(reason)s."),
        DEFAULT_POLICY,
    ),
    "grading.no_grader": Kind(
        Severity.WARNING,
        gettext_noop("The grading policy has no list GRADER."),
        gettext_noop("The default assignment types apply: homework, labs, midterm, final exam."),
    ),
    "grading.grader": Kind(
        Severity.ERROR,
        gettext_noop("%(where)s of the grading policy is wrong: %(reason)s."),
        gettext_noop("This assignment type is left out and does not count."),
    ),
    "grading.no_cutoffs": Kind(
        Severity.WARNING,
        gettext_noop("The grading policy has no GRADE_CUTOFFS."),
        gettext_noop("One passes with 50 %%."),
    ),
    "grading.cutoff": Kind(
        Severity.ERROR,
        gettext_noop("%(where)s of the grading policy is wrong: %(reason)s."),
        gettext_noop("This grade is left out."),
    ),
    "grading.odd": Kind(
        Severity.WARNING,
        gettext_noop("%(where)s of the grading policy: %(reason)s."),
        gettext_noop("It is imported as it is, and grades can be computed."),
    ),
    "grading.weights": Kind(
        Severity.WARNING,
        gettext_noop("The weights of the assignment types add up to %(total)s, not to 1."),
        gettext_noop("They count as given: %(total)s of the whole can be reached."),
    ),
    "grading.format": Kind(
        Severity.WARNING,
        gettext_noop("The grading policy has no assignment type “%(format)s”."),
        gettext_noop("The scores of this subsection do not count towards the grade."),
    ),
    "grading.no_format": Kind(
        Severity.WARNING,
        gettext_noop("The subsection is graded but has no assignment type (format)."),
        gettext_noop("Its scores do not count towards the grade."),
    ),
    "value.date": Kind(
        Severity.ERROR,
        gettext_noop("“%(value)s” is not a date that can be read (attribute %(attribute)s)."),
        gettext_noop("The attribute is ignored."),
    ),
    "value.duration": Kind(
        Severity.ERROR,
        gettext_noop("“%(value)s” is not a length of time (attribute %(attribute)s)."),
        gettext_noop("The attribute is ignored."),
    ),
    "value.weight": Kind(
        Severity.ERROR,
        gettext_noop("The weight “%(value)s” is not a number of 0 or more."),
        gettext_noop("The attribute is ignored; the block counts with its own points."),
    ),
    "value.refused": Kind(
        Severity.ERROR,
        gettext_noop("“%(value)s” cannot be the %(attribute)s of a %(tag)s: %(reason)s"),
        gettext_noop("The attribute is ignored."),
    ),
    "value.attribute": Kind(
        Severity.WARNING,
        gettext_noop("“%(attribute)s” cannot be a setting with this value."),
        IGNORED,
    ),
    "value.unknown": Kind(
        Severity.WARNING,
        gettext_noop("%(tag)s blocks have no setting “%(attribute)s”."),
        gettext_noop("It is ignored, as Open edX ignores it."),
    ),
    "link.static": Kind(
        Severity.WARNING,
        gettext_noop("There is no file static/%(path)s in the course."),
        gettext_noop("The link to it will not work."),
    ),
    "link.jump": Kind(
        Severity.WARNING,
        gettext_noop("There is no block “%(name)s” to jump to."),
        gettext_noop("The link will not work."),
    ),
    "report.cut": Kind(
        Severity.WARNING,
        gettext_noop("There are %(number)d more problems."),
        gettext_noop("They are not listed."),
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a course, and where. ``line`` counts from 1."""

    severity: Severity
    code: str
    template: str
    effect_template: str
    params: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""
    line: int | None = None

    @property
    def message(self) -> str:
        """What is the case, in English."""
        return self.template % self.params if self.params else self.template.replace("%%", "%")

    @property
    def effect(self) -> str:
        """What will happen, in English."""
        effect = self.effect_template
        return effect % self.params if self.params else effect.replace("%%", "%")

    @property
    def place(self) -> str:
        """``file:line``, as far as known."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def as_json(self) -> dict[str, Any]:
        """The problem as JSON values, with the English sentences for other programs."""
        return {
            "severity": str(self.severity),
            "code": self.code,
            "message": self.message,
            "effect": self.effect,
            "file": self.file,
            "line": self.line,
            "template": self.template,
            "effect_template": self.effect_template,
            "params": dict(self.params),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Problem:
        """The problem that :meth:`as_json` wrote."""
        return cls(
            severity=Severity(values["severity"]),
            code=values["code"],
            template=values["template"],
            effect_template=values["effect_template"],
            params=values["params"],
            file=values["file"],
            line=values["line"],
        )

    @classmethod
    def from_refusal(cls, refusal: Refused, file: str = "") -> Problem:
        """The error that says why a whole course was refused."""
        return cls(
            severity=Severity.ERROR,
            code=refusal.code,
            template=refusal.template,
            effect_template=NOTHING_IMPORTED,
            params={name: _plain(value) for name, value in refusal.params.items()},
            file=file or refusal.where,
            line=refusal.line,
        )


def _plain(value: object) -> str | int | float:
    return value if isinstance(value, str | int | float) else str(value)


class Problems:
    """The problems found so far, at most ``limit`` of them; the rest is only counted."""

    def __init__(self, limit: int = MAX_PROBLEMS) -> None:
        self._limit = limit
        self._found: list[Problem] = []
        self._uncounted = 0

    def add(self, code: str, file: str = "", line: int | None = None, **params: Any) -> None:
        """Add a problem of a kind in ``KINDS``."""
        if len(self._found) >= self._limit:
            self._uncounted += 1
            return
        kind = KINDS[code]
        short = {name: _shorten(value) for name, value in params.items()}
        self._found.append(Problem(*_unpack(kind, code), short, file, line))

    def __iter__(self) -> Iterator[Problem]:
        yield from self._found
        if self._uncounted:
            kind = KINDS["report.cut"]
            yield Problem(*_unpack(kind, "report.cut"), {"number": self._uncounted})


def _unpack(kind: Kind, code: str) -> tuple[Severity, str, str, str]:
    return kind.severity, code, kind.message, kind.effect


def _shorten(value: Any, limit: int = 200) -> Any:
    """Keep a long piece of a hostile course from filling the report."""
    return f"{value[:limit]}…" if isinstance(value, str) and len(value) > limit else value
