"""The practicum's tables to look at: who is where, what counts and what happened.

Hours are changed by the commands of ``practicum.api`` alone, so nothing here is. What is personal
is sealed and not shown; the pages of the practicum show it to whom it concerns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from practicum.models import (
    Amendment,
    Appeal,
    AttendanceSheet,
    AuditEvent,
    Category,
    Cohort,
    Competency,
    Coordinator,
    Entry,
    HostLibrary,
    IssuedDocument,
    LedgerLine,
    Mandate,
    Period,
    Person,
    Placement,
    Programme,
    ProgrammeVersion,
    ReviewLink,
    Signature,
)

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


class ReadOnlyAdmin(ModelAdmin):
    """Shows rows; adds, changes and deletes none."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


# --- Who and where --------------------------------------------------------------------------------


@admin.register(HostLibrary)
class HostLibraryAdmin(ReadOnlyAdmin):
    """Host libraries with how many trainees were ever placed there."""

    list_display = ("name", "municipality", "country", "capacity", "placed", "merged_into")
    list_filter = ("country",)
    list_select_related = ("merged_into",)
    search_fields = ("name", "municipality")

    def get_queryset(self, request: HttpRequest) -> QuerySet[HostLibrary]:
        """Hosts with the number of their placements."""
        found: QuerySet[HostLibrary] = super().get_queryset(request)
        return found.annotate(placed_count=Count("placements"))

    @admin.display(description=_("placements"), ordering="placed_count")
    def placed(self, row: Any) -> int:
        """How many placements."""
        count: int = row.placed_count
        return count


@admin.register(Person)
class PersonAdmin(ReadOnlyAdmin):
    """People by id and account; names and addresses are sealed."""

    list_display = ("id", "user", "erased_at")
    list_select_related = ("user",)
    search_fields = ("=id", "=user__username")
    fields = ("id", "user", "erased_at", "event_id")


@admin.register(Coordinator)
class CoordinatorAdmin(ReadOnlyAdmin):
    """Who coordinates, from when until when."""

    list_display = ("person", "first", "last")
    list_filter = ("first", "last")
    list_select_related = ("person",)


@admin.register(Placement)
class PlacementAdmin(ReadOnlyAdmin):
    """Placements, the latest first."""

    list_display = ("id", "trainee", "host", "programme_version", "cohort", "first", "last")
    list_filter = ("host", "cohort", "first", "last")
    list_select_related = ("trainee", "host", "programme_version__programme", "cohort")
    search_fields = ("=id", "=trainee__id", "host__name")


@admin.register(Mandate)
class MandateAdmin(ReadOnlyAdmin):
    """Who answers for which placement."""

    list_display = ("placement", "mentor", "first", "last", "revoked_at")
    list_select_related = ("placement", "mentor")
    search_fields = ("=placement__id", "=mentor__id")


# --- What is required -----------------------------------------------------------------------------


@admin.register(Category, Cohort, Programme)
class NamedAdmin(ReadOnlyAdmin):
    """What has a code and a name."""

    list_display = ("code", "name")
    search_fields = ("code", "name")


@admin.register(Competency)
class CompetencyAdmin(ReadOnlyAdmin):
    """Competencies with their levels."""

    list_display = ("code", "name", "levels")
    search_fields = ("code", "name")


@admin.register(ProgrammeVersion)
class ProgrammeVersionAdmin(ReadOnlyAdmin):
    """Programmes' rules as they stood."""

    list_display = ("programme", "number", "created_at")
    list_select_related = ("programme",)
    search_fields = ("programme__code", "programme__name")


# --- Hours ----------------------------------------------------------------------------------------


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    """Entries and where they stand, the latest first."""

    list_display = ("day", "trainee", "placement", "state", "version", "net_minutes")
    list_filter = ("state",)
    list_select_related = ("trainee", "placement")
    search_fields = ("=id", "=placement__id", "=trainee__id")
    date_hierarchy = "day"
    ordering = ("-starts_at",)


@admin.register(Signature)
class SignatureAdmin(ReadOnlyAdmin):
    """Who decided what on which content."""

    list_display = ("at", "kind", "signer", "role", "means", "subject", "content_hash")
    list_filter = ("kind", "role", "means")
    list_select_related = ("signer",)
    search_fields = ("=subject", "=signer__id", "=content_hash")
    date_hierarchy = "at"
    ordering = ("-pk",)
    exclude = ("sealed_signer", "sealed_reason")


@admin.register(LedgerLine)
class LedgerLineAdmin(ReadOnlyAdmin):
    """Minutes that count, line by line."""

    list_display = ("day", "placement", "category", "minutes", "version", "signature")
    list_filter = ("category",)
    list_select_related = ("placement", "signature")
    search_fields = ("=placement__id", "=entry__id")
    date_hierarchy = "day"
    ordering = ("-pk",)


@admin.register(Amendment)
class AmendmentAdmin(ReadOnlyAdmin):
    """Proposed corrections."""

    list_display = ("proposed_at", "entry", "base", "proposed", "state", "needs_coordinator")
    list_filter = ("state", "needs_coordinator")
    list_select_related = ("entry",)
    search_fields = ("=id", "=entry__id")
    exclude = ("sealed_reason",)


@admin.register(Appeal)
class AppealAdmin(ReadOnlyAdmin):
    """Objections to returns."""

    list_display = ("made_at", "entry", "state", "decided_at")
    list_filter = ("state",)
    list_select_related = ("entry",)
    exclude = ("sealed_reason", "sealed_answer")


@admin.register(AttendanceSheet)
class AttendanceSheetAdmin(ReadOnlyAdmin):
    """Sheets of group practice."""

    list_display = ("title", "starts_at", "ends_at", "recorder")
    list_select_related = ("recorder",)
    search_fields = ("=id", "title")


@admin.register(Period)
class PeriodAdmin(ReadOnlyAdmin):
    """Periods that were closed."""

    list_display = ("placement", "first", "last", "is_closed")
    list_filter = ("is_closed",)
    list_select_related = ("placement",)
    search_fields = ("=placement__id",)


# --- What happened --------------------------------------------------------------------------------


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """The trail, newest first; ``libschool verify_audit_trail`` checks it."""

    list_display = ("sequence", "at", "command", "subject", "actor", "means", "hash")
    list_filter = ("command", "means")
    search_fields = ("=sequence", "=subject", "=actor", "=hash")
    date_hierarchy = "at"
    ordering = ("-sequence",)


@admin.register(ReviewLink)
class ReviewLinkAdmin(ReadOnlyAdmin):
    """Links that were mailed; their tokens are kept nowhere."""

    list_display = ("issued_at", "mentor", "expires_at", "revoked_at")
    list_filter = ("issued_at", "revoked_at")
    list_select_related = ("mentor",)
    fields = ("mentor", "items", "issued_at", "expires_at", "revoked_at")
    readonly_fields = fields


@admin.register(IssuedDocument)
class IssuedDocumentAdmin(ReadOnlyAdmin):
    """Documents that were handed out, by their code."""

    list_display = ("id", "kind", "placement", "first", "last", "sequence", "issued_at")
    list_filter = ("kind",)
    list_select_related = ("placement",)
    search_fields = ("=id", "=placement__id")
