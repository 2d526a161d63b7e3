"""The site's records in the admin: lists to find things, read-only where nothing may change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.admin import EmailAddressAdmin
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from delivery.models import (
    Asset,
    Block,
    Completion,
    Course,
    CourseFile,
    CourseImport,
    CourseVersion,
    Enrollment,
    LearnerState,
    SharedState,
    TrackingEvent,
)

if TYPE_CHECKING:  # generic to the type checker alone
    ModelAdmin = admin.ModelAdmin[Any]
    AccountAdmin = UserAdmin[User]
else:
    ModelAdmin = admin.ModelAdmin
    AccountAdmin = UserAdmin


class ReadOnlyAdmin(ModelAdmin):
    """Rows that only the program writes: to be looked up, never typed."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds one by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes one by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes one by hand."""
        return False


# --- Courses ------------------------------------------------------------------------------------


@admin.register(Course)
class CourseAdmin(ModelAdmin):
    """Courses: what is in the catalogue. Content comes by import, versions are put back there."""

    list_display = ("display_name", "key", "language", "is_listed", "served", "trainees")
    list_filter = ("is_listed", "language")
    list_editable = ("is_listed",)
    search_fields = ("display_name", "key")
    readonly_fields = ("key", "current_version", "created_at")
    fields = ("display_name", "key", "language", "is_listed", "current_version", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Course]:
        """Courses with the number of their trainees."""
        is_trainee = Q(enrollments__is_active=True, enrollments__role=Enrollment.Role.TRAINEE)
        found: QuerySet[Course] = super().get_queryset(request)
        found = found.select_related("current_version")
        return found.annotate(trainee_count=Count("enrollments", filter=is_trainee))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Courses come in by import."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What learners did hangs on a course: take it out of the catalogue instead."""
        return False

    @admin.display(description=_("version served"))
    def served(self, course: Course) -> str:
        """The number of the version that trainees see."""
        return str(course.current_version.number) if course.current_version else "-"

    @admin.display(description=_("trainees"), ordering="trainee_count")
    def trainees(self, course: Any) -> int:
        """How many take the course now."""
        return int(course.trainee_count)


@admin.register(CourseVersion)
class CourseVersionAdmin(ReadOnlyAdmin):
    """Imports of courses; none ever changes."""

    list_display = ("course", "number", "source", "created_at", "created_by")
    list_filter = ("course", "created_at")
    list_select_related = ("course", "created_by")
    search_fields = ("course__display_name", "course__key", "source")
    date_hierarchy = "created_at"


@admin.register(Block)
class BlockAdmin(ReadOnlyAdmin):
    """The blocks of all versions."""

    list_display = ("usage_key", "block_type", "version", "has_score", "max_score")
    list_filter = ("block_type", "has_score", "version__course")
    list_select_related = ("version__course",)
    search_fields = ("usage_key",)


@admin.register(CourseFile)
class CourseFileAdmin(ReadOnlyAdmin):
    """The files of all versions."""

    list_display = ("path", "version", "media_type", "readable_size")
    list_filter = ("media_type", "version__course")
    list_select_related = ("version__course",)
    search_fields = ("path",)
    fields = ("version", "path", "media_type", "readable_size", "asset_id")

    @admin.display(description=_("size"), ordering="size")
    def readable_size(self, file: CourseFile) -> str:
        """The size in words."""
        return filesizeformat(file.size)


@admin.register(Asset)
class AssetAdmin(ReadOnlyAdmin):
    """Stored bytes by their digest. The bytes themselves are not read for a list."""

    list_display = ("sha256",)
    search_fields = ("sha256",)
    fields = ("sha256",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Asset]:
        """Digests alone."""
        return super().get_queryset(request).defer("data")


@admin.register(CourseImport)
class CourseImportAdmin(ReadOnlyAdmin):
    """Uploads on their way to becoming versions."""

    list_display = ("file_name", "state", "course", "uploaded_by", "created_at")
    list_filter = ("state", "created_at")
    list_select_related = ("course", "uploaded_by")
    search_fields = ("file_name", "course__display_name", "uploaded_by__username")
    date_hierarchy = "created_at"


# --- People in courses --------------------------------------------------------------------------


@admin.register(Enrollment)
class EnrollmentAdmin(ModelAdmin):
    """Who takes or teaches which course. Making somebody an instructor happens here."""

    list_display = ("user", "course", "role", "is_active", "last_visited_at", "created_at")
    list_filter = ("role", "is_active", "course")
    list_select_related = ("user", "course")
    search_fields = ("user__username", "user__email", "user__last_name", "course__display_name")
    autocomplete_fields = ("user", "course")
    readonly_fields = ("anonymous_id", "last_unit", "last_visited_at", "created_at")
    actions = ("deactivate", "activate")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The answers in a course hang on the enrolment: deactivate it instead."""
        return False

    @admin.action(description=_("Deactivate the selected enrolments"), permissions=["change"])
    def deactivate(self, request: HttpRequest, enrolments: QuerySet[Enrollment]) -> None:
        """Close the course to these people; nothing they did is lost."""
        _set_active(enrolments, False)

    @admin.action(description=_("Activate the selected enrolments"), permissions=["change"])
    def activate(self, request: HttpRequest, enrolments: QuerySet[Enrollment]) -> None:
        """Open the course to these people again."""
        _set_active(enrolments, True)


def _set_active(enrolments: QuerySet[Enrollment], is_active: bool) -> None:
    """One at a time: others hear of each that is saved."""
    for enrolment in enrolments:
        enrolment.is_active = is_active
        enrolment.save(update_fields=["is_active"])


@admin.register(LearnerState)
class LearnerStateAdmin(ReadOnlyAdmin):
    """What learners have in blocks of other makers, and every block's raw score."""

    list_display = ("user", "course", "usage_key", "earned", "possible", "updated_at")
    list_filter = ("course", "updated_at")
    list_select_related = ("user", "course")
    search_fields = ("user__username", "usage_key")


@admin.register(SharedState)
class SharedStateAdmin(ReadOnlyAdmin):
    """Fields that do not belong to one learner in one block."""

    list_display = ("scope", "owner", "target", "updated_at")
    list_filter = ("scope",)
    search_fields = ("target",)


@admin.register(Completion)
class CompletionAdmin(ReadOnlyAdmin):
    """What learners completed."""

    list_display = ("user", "course", "usage_key", "completion", "updated_at")
    list_filter = ("course", "updated_at")
    list_select_related = ("user", "course")
    search_fields = ("user__username", "usage_key")


@admin.register(TrackingEvent)
class TrackingEventAdmin(ReadOnlyAdmin):
    """Events that blocks published."""

    list_display = ("created_at", "name", "user", "course", "usage_key")
    list_filter = ("name", "course", "created_at")
    list_select_related = ("user", "course")
    search_fields = ("name", "usage_key", "user__username")
    date_hierarchy = "created_at"


# --- Accounts -----------------------------------------------------------------------------------

admin.site.unregister(User)
admin.site.unregister(Group)
admin.site.unregister(EmailAddress)


@admin.register(User)
class PersonAdmin(AccountAdmin):
    """Accounts, with the theme's forms."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "email", "first_name", "last_name", "is_staff", "is_active")
    list_filter = ("is_staff", "is_superuser", "is_active", "groups", "last_login")
    date_hierarchy = "date_joined"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What a person did hangs on the account: deactivate it instead."""
        return False


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """Groups: permissions given to several people at once."""


@admin.register(EmailAddress)
class AddressAdmin(EmailAddressAdmin):  # type: ignore[misc]  # allauth ships no types
    """E-mail addresses of the accounts, and whether they were confirmed."""

    list_select_related = ("user",)
    autocomplete_fields = ("user",)
