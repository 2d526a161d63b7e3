"""What a learner did and earned in a course, and how it was counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from delivery.access import Access, CourseRequest, Visit, access
from delivery.explained import Explanation
from delivery.outline import PAST_DUE, SubsectionOutline, outline_of
from delivery.own_grade import explain_own
from delivery.progress import (
    CourseGrades,
    CourseProgress,
    Eyes,
    SubsectionGrade,
    SubsectionProgress,
    grade_course,
    load_completions,
    load_scores,
    measure,
)
from delivery.transcripts import Transcript, write_transcript
from grading.policy import passing_cutoff, read_policy


@dataclass(frozen=True, slots=True)
class SubsectionRow:
    """A subsection with what is done in it and what it earned."""

    progress: SubsectionProgress
    grade: SubsectionGrade | None
    points_open_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnGrade:
    """What a learner did and earned, as far as it is for them to see."""

    eyes: Eyes
    measured: CourseProgress
    grades: CourseGrades
    explanation: Explanation | None

    @property
    def by_key(self) -> dict[str, SubsectionGrade]:
        """The points of the subsections by their usage keys."""
        return {entry.outline.usage_key: entry for entry in self.grades.subsections}


def _own_grade(visit: Visit) -> OwnGrade:
    tree = visit.tree
    outline = outline_of(tree)
    eyes = Eyes(timezone.now(), visit.sees_all, visit.extensions)
    done = load_completions(visit.user.pk, [visit.course.pk])[visit.course.pk]
    scores = load_scores(tree, visit.course.pk, visit.user.pk, eyes.now)
    grades = grade_course(outline, tree.grading_policy, scores, eyes)
    return OwnGrade(
        eyes=eyes,
        measured=measure(outline, done, eyes),
        grades=grades,
        explanation=explain_own(tree, outline, grades, scores, eyes),
    )


@access(Access.LEARNER)
@require_safe
def progress(request: CourseRequest, course_key: str) -> HttpResponse:
    """Show the learner's own progress and grade, with the rules in words."""
    visit = request.visit
    own = _own_grade(visit)
    chapters = [
        (
            chapter.outline,
            [
                SubsectionRow(
                    part,
                    own.by_key.get(part.outline.usage_key),
                    _points_open_at(part.outline, own.eyes),
                )
                for part in chapter.subsections
            ],
        )
        for chapter in own.measured.chapters
    ]
    context = {
        "visit": visit,
        "progress": own.measured,
        "grades": own.grades,
        "explanation": own.explanation,
        "chapters": chapters,
        "points": _points(own.grades),
        **_cutoffs(visit.tree.grading_policy, own.grades),
    }
    return render(request, "courses/progress.html", context)


@access(Access.LEARNER)
@never_cache
@require_safe
def transcript(request: CourseRequest, course_key: str) -> HttpResponse:
    """The learner's own marks and grade as a document to be printed or handed on."""
    visit = request.visit
    own = _own_grade(visit)
    chapters = [
        (
            chapter.outline.name,
            [
                entry
                for part in chapter.subsections
                if (entry := own.by_key.get(part.outline.usage_key))
                and (entry.total.all.possible or entry.is_excused)
            ],
        )
        for chapter in own.measured.chapters
    ]
    pdf = write_transcript(
        Transcript(
            course=visit.course,
            learner=visit.user,
            grades=own.grades,
            explanation=own.explanation,
            chapters=chapters,
            made_at=own.eyes.now,
        )
    )
    disposition = 'attachment; filename="transcript.pdf"'
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _points_open_at(part: SubsectionOutline, eyes: Eyes) -> datetime | None:
    """When the learner will see what they earned, if they do not see it now but will."""
    is_hidden = not eyes.see_points(part)
    return eyes.due(part) if is_hidden and part.show_correctness == PAST_DUE else None


def _points(grades: CourseGrades) -> dict[str, float]:
    totals = [entry.total.graded for entry in grades.subsections if entry.counts and entry.is_shown]
    return {
        "earned": sum(total.earned for total in totals),
        "possible": sum(total.possible for total in totals),
    }


def _cutoffs(policy: Any, grades: CourseGrades) -> dict[str, Any]:
    """What is reached from which percentage; nothing when the policy cannot be read."""
    if grades.grade is None:
        return {"cutoffs": [], "pass_mark": None}
    _formats, cutoffs = read_policy(policy)
    ordered = sorted(cutoffs.items(), key=lambda entry: -entry[1])
    return {"cutoffs": ordered, "pass_mark": passing_cutoff(cutoffs)}
