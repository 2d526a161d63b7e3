"""The staff page of the jobs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from jobs import api
from jobs.models import Job, RunnerHeartbeat, Schedule

if TYPE_CHECKING:  # generic to the type checker alone
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class ReadOnlyAdmin(ModelAdmin):
    """Rows that only the program writes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds one by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes one by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes one by hand."""
        return False


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Queued, running, finished and dead jobs; what failed can be tried again or given up."""

    list_display = (
        "task",
        "subject",
        "state",
        "age",
        "attempts_made",
        "progress",
        "error_line",
        "created_by",
    )
    list_filter = ("state", "task", "created_at")
    list_select_related = ("created_by",)
    list_per_page = 50
    search_fields = ("id", "task", "subject", "dedupe", "error", "args")
    date_hierarchy = "created_at"
    show_full_result_count = False
    actions = ("requeue", "cancel", "discard")

    @admin.display(description=_("age"), ordering="-created_at")
    def age(self, job: Job) -> str:
        """How long ago the job was made."""
        return timesince(job.created_at, timezone.now(), depth=1)

    @admin.display(description=_("attempts"), ordering="attempts")
    def attempts_made(self, job: Job) -> str:
        """Attempts of those allowed."""
        return f"{job.attempts} / {job.max_attempts}"

    @admin.display(description=_("progress"))
    def progress(self, job: Job) -> str:
        """Steps done of all, where the task tells."""
        return f"{job.progress_done} / {job.progress_total}" if job.progress_total else ""

    @admin.display(description=_("error"))
    def error_line(self, job: Job) -> str:
        """The first line of the last error."""
        return job.error.partition("\n")[0][:120]

    def has_manage_permission(self, request: HttpRequest) -> bool:
        """Whether the person may decide about jobs."""
        return request.user.has_perm("libschool_jobs.change_job")

    @admin.action(description=_("Run the selected jobs again"), permissions=["manage"])
    def requeue(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        """Queue dead and waiting jobs afresh."""
        count = self._apply(request, jobs, api.requeue)
        text = ngettext("%d job was queued again.", "%d jobs were queued again.", count)
        self.message_user(request, text % count)

    @admin.action(description=_("Cancel the selected jobs"), permissions=["manage"])
    def cancel(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        """Stop jobs that are not over."""
        count = self._apply(request, jobs, api.cancel)
        text = ngettext("%d job was cancelled.", "%d jobs were cancelled.", count)
        self.message_user(request, text % count)

    @admin.action(description=_("Discard the selected jobs for good"), permissions=["manage"])
    def discard(self, request: HttpRequest, jobs: QuerySet[Job]) -> None:
        """Forget jobs that are not done."""
        count = self._apply(request, jobs, api.discard)
        text = ngettext("%d job was discarded.", "%d jobs were discarded.", count)
        self.message_user(request, text % count)

    def _apply(
        self, request: HttpRequest, jobs: QuerySet[Job], decide: Callable[[UUID], None]
    ) -> int:
        """Decide about each job and log it; jobs in another state are named and left alone."""
        count = 0
        for job in jobs:
            try:
                decide(job.pk)
            except api.JobError as error:
                self.message_user(request, str(error), messages.WARNING)
            else:
                self.log_change(request, job, f"{decide.__name__}: {job.task} {job.args}")
                count += 1
        return count


@admin.register(RunnerHeartbeat)
class RunnerHeartbeatAdmin(ReadOnlyAdmin):
    """Who runs jobs, and since when."""

    list_display = ("name", "kind", "pid", "started_at", "beat_at")
    list_filter = ("kind",)


@admin.register(Schedule)
class ScheduleAdmin(ReadOnlyAdmin):
    """The periodic tasks, and how far each has come."""

    list_display = ("name", "slot")
    search_fields = ("name",)
