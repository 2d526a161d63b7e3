"""A learner's transcript of a course, to be printed or handed on: the marks and the grade."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from delivery.explained import Explanation
from delivery.models import Course
from delivery.progress import CourseGrades, SubsectionGrade
from delivery.templatetags.school import moment, percent, points
from documents.content import Column, Document, Facts, Heading, Paragraph, Table
from documents.pdf import write_pdf

NOTHING = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class Transcript:
    """What a transcript tells, all of it for the learner's eyes."""

    course: Course
    learner: Any
    grades: CourseGrades
    explanation: Explanation | None
    chapters: Sequence[tuple[str, Sequence[SubsectionGrade]]]
    made_at: datetime


def write_transcript(transcript: Transcript) -> bytes:
    """The transcript as PDF, in the reader's language."""
    name = transcript.learner.get_full_name() or transcript.learner.get_username()
    title = _("Transcript: %(name)s") % {"name": name}
    return write_pdf(
        Document(
            title=title,
            language=get_language() or settings.LANGUAGE_CODE,
            blocks=[
                Facts(_facts(transcript, name)),
                *_kinds(transcript.explanation),
                Heading(_("Marks")),
                _marks(transcript),
                Paragraph(_note(transcript), is_small=True),
            ],
            author=settings.SCHOOL_NAME,
            subject=transcript.course.display_name,
            header=f"{settings.SCHOOL_NAME} · {transcript.course.display_name}",
            footer=f"{name} · {moment(transcript.made_at)}",
            page_label=_("Page %(page)d of %(pages)d"),
            created_at=transcript.made_at,
        )
    )


def _facts(transcript: Transcript, name: str) -> list[tuple[str, str]]:
    grade = transcript.grades.grade
    facts = [
        (_("Learner"), name),
        (_("Course"), transcript.course.display_name),
        (_("Course key"), transcript.course.key),
        (_("Grade so far"), percent(grade.percent) if grade else _("none")),
    ]
    if grade and grade.letter:
        facts.append((_("Reached"), grade.letter))
    facts.append((_("As of"), moment(transcript.made_at)))
    return facts


def _kinds(explanation: Explanation | None) -> Iterator[Heading | Table]:
    if explanation is None or not explanation.kinds:
        return
    yield Heading(_("How the grade is counted"))
    yield Table(
        columns=[
            Column(_("Kind")),
            Column(_("What counts")),
            Column(_("Average"), is_figure=True),
            Column(_("Weight"), is_figure=True),
            Column(_("Adds"), is_figure=True),
        ],
        rows=[
            [
                kind.format.type,
                _("excused")
                if kind.is_excused
                else _("%(kept)d of %(slots)d") % {"kept": kind.kept, "slots": kind.slots},
                percent(kind.average),
                percent(kind.format.weight),
                percent(kind.adds),
            ]
            for kind in explanation.kinds
        ],
    )


def _marks(transcript: Transcript) -> Table:
    left_out = transcript.explanation.left_out if transcript.explanation else frozenset()
    rows: list[list[str]] = []
    for chapter, entries in transcript.chapters:
        for entry in entries:
            rows.append([chapter, entry.outline.name, *_mark(entry, left_out)])
            chapter = ""  # said once
    return Table(
        columns=[
            Column(_("Section")),
            Column(_("Subsection")),
            Column(_("Counts as")),
            Column(_("Points"), is_figure=True),
            Column(_("Per cent"), is_figure=True),
        ],
        rows=rows,
    )


def _mark(entry: SubsectionGrade, left_out: frozenset[str]) -> list[str]:
    """What a subsection counts as, its points and its percentage, as far as they are shown."""
    total = entry.total.graded if entry.counts else entry.total.all
    kind = (entry.outline.format or _("graded")) if entry.counts else _("practice")
    if entry.outline.usage_key in left_out:
        kind = _("%(kind)s, left out") % {"kind": kind}
    if not entry.is_shown:
        return [kind, _("not shown"), NOTHING]
    if entry.is_excused:
        return [kind, _("excused"), NOTHING]
    said = _("%(earned)s of %(possible)s")
    told = said % {"earned": points(total.earned), "possible": points(total.possible)}
    return [kind, told, percent(entry.total.percent) if entry.attempted else NOTHING]


def _note(transcript: Transcript) -> str:
    said = _("Marks as they stood in %(school)s when this was made. Assignments not begun count 0.")
    return said % {"school": settings.SCHOOL_NAME}
