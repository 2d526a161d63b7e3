"""The tables of ``grading`` to look at: they tell what happened and are changed by no hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from grading.models import (
    BankComment,
    ExerciseSnapshot,
    LineOverride,
    Regrade,
    RegradeChange,
    StudentItem,
    Submission,
    TaskAnswer,
    TaskFile,
    TaskGrading,
    TaskStep,
    TaskWork,
)

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class ReadOnlyAdmin(ModelAdmin):
    """Shows rows; adds, changes and deletes none."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    """Answers with their marks, newest first."""

    list_display = ("submitted_at", "block", "student", "attempt", "shown_score", "grader")
    list_filter = ("grader", "submitted_at")
    list_select_related = ("item",)
    search_fields = ("=uuid", "=item__student_id", "item__item_id", "item__course_id")
    date_hierarchy = "submitted_at"
    ordering = ("-pk",)
    show_full_result_count = False

    @admin.display(description=_("block"))
    def block(self, row: Submission) -> str:
        """The usage key."""
        return row.item.item_id

    @admin.display(description=_("student"))
    def student(self, row: Submission) -> str:
        """The anonymous id."""
        return row.item.student_id

    @admin.display(description=_("score"), ordering="score")
    def shown_score(self, row: Submission) -> str:
        """Points earned of points possible."""
        return f"{row.score * row.points:.2f} / {row.points}"


@admin.register(StudentItem)
class StudentItemAdmin(ReadOnlyAdmin):
    """Where each learner stands with each exercise."""

    list_display = ("item_id", "student_id", "attempts", "earned", "possible", "draft_saved_at")
    list_filter = ("item_type", "course_id")
    search_fields = ("=student_id", "item_id", "course_id")
    ordering = ("-pk",)
    show_full_result_count = False


@admin.register(ExerciseSnapshot)
class ExerciseSnapshotAdmin(ReadOnlyAdmin):
    """Exercises as they stood when something was graded against them."""

    list_display = ("sha256",)
    search_fields = ("sha256",)


@admin.register(Regrade)
class RegradeAdmin(ReadOnlyAdmin):
    """Who had which answers graded again; the job tells how far it came."""

    list_display = ("requested_at", "item_id", "requested_by", "grader", "points", "job")
    list_filter = ("grader", "requested_at")
    list_select_related = ("requested_by",)
    search_fields = ("item_id", "course_id", "=job")
    date_hierarchy = "requested_at"
    show_full_result_count = False


@admin.register(RegradeChange)
class RegradeChangeAdmin(ReadOnlyAdmin):
    """Who gains or loses what by a request to grade again."""

    list_display = ("regrade", "item", "outcome", "before", "after")
    list_filter = ("outcome",)
    list_select_related = ("regrade", "item")
    search_fields = ("=item__student_id", "item__item_id")
    show_full_result_count = False


# --- What people grade ----------------------------------------------------------------------------


@admin.register(TaskWork)
class TaskWorkAdmin(ReadOnlyAdmin):
    """Where each learner's work on a task stands, and who has it in hand."""

    list_display = ("usage_key", "item", "state", "waiting_since", "held_by", "due_at")
    list_filter = ("state", "course_key")
    list_select_related = ("item",)
    search_fields = ("=uuid", "=item__student_id", "usage_key", "course_key")
    ordering = ("-pk",)
    show_full_result_count = False


@admin.register(TaskAnswer)
class TaskAnswerAdmin(ReadOnlyAdmin):
    """The versions of works that were handed in, newest first."""

    list_display = ("submitted_at", "work", "number")
    list_select_related = ("work__item",)
    search_fields = ("=uuid", "=work__item__student_id", "work__usage_key")
    date_hierarchy = "submitted_at"
    ordering = ("-pk",)
    show_full_result_count = False


@admin.register(TaskFile)
class TaskFileAdmin(ReadOnlyAdmin):
    """The files that were uploaded, without their bytes."""

    list_display = ("added_at", "name", "kind", "size", "is_handed_in")
    list_filter = ("kind", "is_handed_in")
    search_fields = ("=uuid", "name", "=item__student_id")
    ordering = ("-pk",)
    show_full_result_count = False


@admin.register(TaskGrading)
class TaskGradingAdmin(ReadOnlyAdmin):
    """What graders gave for which version, newest first."""

    list_display = ("given_at", "answer", "by", "role", "score")
    list_filter = ("role",)
    list_select_related = ("answer__work__item",)
    search_fields = ("=uuid", "=by", "=answer__work__item__student_id", "answer__work__usage_key")
    date_hierarchy = "given_at"
    ordering = ("-pk",)
    show_full_result_count = False


@admin.register(TaskStep)
class TaskStepAdmin(ReadOnlyAdmin):
    """What happened to works, step by step."""

    list_display = ("at", "work", "what", "by", "state")
    list_filter = ("what",)
    list_select_related = ("work__item",)
    search_fields = ("=work__item__student_id", "work__usage_key", "=by")
    date_hierarchy = "at"
    ordering = ("-pk",)
    show_full_result_count = False


@admin.register(LineOverride)
class LineOverrideAdmin(ReadOnlyAdmin):
    """The score lines of machines that people changed."""

    list_display = ("at", "item", "code", "points", "machine_points", "by")
    list_select_related = ("item",)
    search_fields = ("=item__student_id", "item__item_id", "=by")
    date_hierarchy = "at"
    ordering = ("-pk",)
    show_full_result_count = False


@admin.register(BankComment)
class BankCommentAdmin(ReadOnlyAdmin):
    """The comments that graders keep to say them again."""

    list_display = ("course_id", "by", "text", "is_shared", "used")
    list_filter = ("is_shared",)
    search_fields = ("text", "=by", "course_id")
    show_full_result_count = False
