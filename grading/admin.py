"""The tables of ``grading`` to look at: they tell what happened and are changed by no hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from grading.models import ExerciseSnapshot, Regrade, StudentItem, Submission

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
