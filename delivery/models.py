"""What the site keeps: courses and their immutable versions, who takes part, what they did.

Nothing here knows of requests or XBlocks. Content rows (``CourseVersion``, ``Block``, ``Asset``,
``CourseFile``) never change once written: an import adds a version and moves a pointer. What
authors change meanwhile is in the rows of a ``Draft``, over the version that they began with.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from delivery.gradebook.models import MarksImport, MarksImportLine
from delivery.grades.models import LearnerGrade, Override, ScoreChange
from delivery.notices.models import Notice, NoticeWish

__all__ = [
    "Asset",
    "Block",
    "Completion",
    "Course",
    "CourseFile",
    "CourseImport",
    "CourseVersion",
    "Draft",
    "DraftBlock",
    "DraftConflict",
    "DraftFile",
    "DraftVisit",
    "Enrollment",
    "LearnerGrade",
    "LearnerGroup",
    "LearnerState",
    "MarksImport",
    "MarksImportLine",
    "Notice",
    "NoticeWish",
    "Override",
    "ScoreChange",
    "SharedState",
    "TrackingEvent",
    "new_anonymous_id",
]


def new_anonymous_id() -> str:
    """A random name under which a course's blocks know a person."""
    return uuid.uuid4().hex


class Course(models.Model):
    """A course by its key, and which of its versions is served."""

    key = models.CharField(_("course key"), max_length=255, unique=True)
    display_name = models.CharField(_("name"), max_length=255)
    language = models.CharField(_("language"), max_length=20, blank=True)
    is_listed = models.BooleanField(_("in the catalogue"), default=True)
    current_version = models.ForeignKey(
        "CourseVersion",
        verbose_name=_("version served"),
        null=True,
        blank=True,
        on_delete=models.RESTRICT,  # but a course goes with all its versions
        related_name="+",
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ("display_name",)

    def __str__(self) -> str:
        return self.display_name or self.key


class CourseVersion(models.Model):
    """One import of a course, or one draft that was published; never changed afterwards."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    root = models.CharField(_("root block"), max_length=255)
    grading_policy = models.JSONField(_("grading policy"), default=dict)
    about = models.JSONField(_("about pages"), default=dict, help_text=_("Name to raw HTML."))
    report = models.JSONField(_("import report"), default=list)
    source = models.CharField(_("source"), max_length=255, blank=True)
    note = models.TextField(_("note"), blank=True, help_text=_("What its author says of it."))
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("course version")
        verbose_name_plural = _("course versions")
        ordering = ("course", "-number")
        constraints = (
            models.UniqueConstraint(fields=["course", "number"], name="libschool_version_number"),
        )

    def __str__(self) -> str:
        return f"{self.course} · {self.number}"


class Block(models.Model):
    """One block of a version: its place in the tree and its authored fields."""

    version = models.ForeignKey(CourseVersion, on_delete=models.CASCADE, related_name="blocks")
    usage_key = models.CharField(_("usage key"), max_length=255)
    block_type = models.CharField(_("block type"), max_length=100)
    parent = models.CharField(_("parent"), max_length=255, blank=True)
    position = models.PositiveIntegerField(_("position in the course"))
    fields = models.JSONField(
        _("fields"), default=dict, help_text=_("Set content and settings fields, as JSON values.")
    )
    olx = models.TextField(_("source of a block type that is not installed"), blank=True)
    has_score = models.BooleanField(_("scored"), default=False)
    max_score = models.FloatField(_("points possible"), null=True, blank=True)

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        ordering = ("version", "position")
        constraints = (
            models.UniqueConstraint(fields=["version", "usage_key"], name="libschool_block_usage"),
        )

    def __str__(self) -> str:
        return self.usage_key


class Asset(models.Model):
    """The bytes of a course file, kept once however many versions use them."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    data = models.BinaryField()

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")

    def __str__(self) -> str:
        return self.sha256


class CourseFile(models.Model):
    """A file of a version under its path below ``static/``."""

    version = models.ForeignKey(CourseVersion, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(_("path"), max_length=500)
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    media_type = models.CharField(_("media type"), max_length=100)
    size = models.PositiveIntegerField(_("bytes"))

    class Meta:
        verbose_name = _("course file")
        verbose_name_plural = _("course files")
        ordering = ("version", "path")
        constraints = (
            models.UniqueConstraint(fields=["version", "path"], name="libschool_file_path"),
        )

    def __str__(self) -> str:
        return self.path


class Enrollment(models.Model):
    """One person's part in one course, and the place where they left it."""

    class Role(models.TextChoices):
        """What a person is in a course."""

        TRAINEE = "trainee", _("trainee")
        INSTRUCTOR = "instructor", _("instructor")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enrollments"
    )
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="enrollments")
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.TRAINEE)
    is_active = models.BooleanField(_("active"), default=True)
    anonymous_id = models.CharField(
        _("anonymous id"), max_length=32, unique=True, default=new_anonymous_id, editable=False
    )
    last_unit = models.CharField(_("last unit opened"), max_length=255, blank=True)
    last_visited_at = models.DateTimeField(_("last visit"), null=True, blank=True)
    extensions: models.JSONField[dict[str, str]] = models.JSONField(
        _("due dates of their own"), default=dict, blank=True, help_text=_("By usage key.")
    )
    created_at = models.DateTimeField(_("enrolled"), auto_now_add=True)

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = (
            models.UniqueConstraint(fields=["user", "course"], name="libschool_enrollment_once"),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.course}"


class LearnerGroup(models.Model):
    """Some of the people of a course under a name, such as a cohort or a class; for its staff."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(_("name"), max_length=100)
    members = models.ManyToManyField(Enrollment, verbose_name=_("members"), related_name="groups")

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=["course", "name"], name="libschool_group_name"),
        )

    def __str__(self) -> str:
        return self.name


class LearnerState(models.Model):
    """What one learner has in one block: its ``user_state`` fields and its raw score.

    ``earned`` of ``possible`` are the points that count, before the block's weight: those that
    the block published or, since ``given_at``, those that somebody or a re-grade gave. What the
    block published is set aside meanwhile, and counts again when the given score is reset.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    usage_key = models.CharField(_("usage key"), max_length=255)
    state: models.JSONField[dict[str, Any]] = models.JSONField(_("state"), default=dict)
    earned = models.FloatField(_("points earned"), null=True, blank=True)
    possible = models.FloatField(_("points possible"), null=True, blank=True)
    scored_at = models.DateTimeField(_("scored"), null=True, blank=True)
    given_at = models.DateTimeField(_("score given"), null=True, blank=True)
    published_earned = models.FloatField(_("points published"), null=True, blank=True)
    published_possible = models.FloatField(_("points possible as published"), null=True, blank=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("learner state")
        verbose_name_plural = _("learner states")
        constraints = (
            models.UniqueConstraint(
                fields=["user", "course", "usage_key"], name="libschool_state_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} · {self.usage_key}"


class SharedState(models.Model):
    """Fields that do not belong to one learner in one block.

    ``user_state_summary`` fields have the usage key as ``target`` and no owner (0);
    ``preferences`` the block type and ``user_info`` nothing, with the learner's id as owner.
    """

    class Scope(models.TextChoices):
        """The XBlock scopes kept here."""

        SUMMARY = "summary", _("everyone's, in one block")
        PREFERENCES = "preferences", _("one person's, for a block type")
        USER_INFO = "user_info", _("one person's, everywhere")

    scope = models.CharField(_("scope"), max_length=20, choices=Scope.choices)
    owner = models.BigIntegerField(_("owner"), default=0)
    target = models.CharField(_("target"), max_length=255, blank=True)
    state: models.JSONField[dict[str, Any]] = models.JSONField(_("state"), default=dict)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("shared state")
        verbose_name_plural = _("shared states")
        constraints = (
            models.UniqueConstraint(
                fields=["scope", "owner", "target"], name="libschool_shared_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.scope} · {self.owner} · {self.target}"


class Completion(models.Model):
    """How far one learner has completed one block, 0-1."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    usage_key = models.CharField(_("usage key"), max_length=255)
    completion = models.FloatField(
        _("completion"), validators=[MinValueValidator(0.0), MaxValueValidator(1.0)]
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("completion")
        verbose_name_plural = _("completions")
        constraints = (
            models.UniqueConstraint(
                fields=["user", "course", "usage_key"], name="libschool_completion_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} · {self.usage_key} · {self.completion:.0%}"


class TrackingEvent(models.Model):
    """An event that a block published and nothing else records."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    usage_key = models.CharField(_("usage key"), max_length=255)
    name = models.CharField(_("event"), max_length=255)
    data = models.JSONField(_("data"), default=dict)
    created_at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("tracking event")
        verbose_name_plural = _("tracking events")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.name} · {self.usage_key}"


class CourseImport(models.Model):
    """An uploaded course on its way to becoming a version: one row per upload."""

    class State(models.TextChoices):
        """How far an upload has come."""

        WAITING = "waiting", _("waiting")
        READING = "reading", _("reading")
        READY = "ready", _("ready to publish")
        PUBLISHED = "published", _("published")
        REFUSED = "refused", _("refused")
        DISCARDED = "discarded", _("discarded")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    course = models.ForeignKey(Course, null=True, blank=True, on_delete=models.CASCADE)
    version = models.ForeignKey(
        CourseVersion, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    file_name = models.CharField(_("file"), max_length=255)
    upload = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.SET_NULL)
    state = models.CharField(
        _("state"), max_length=20, choices=State.choices, default=State.WAITING
    )
    report = models.JSONField(_("report"), default=list)
    job = models.UUIDField(_("job"), null=True, blank=True)
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("course import")
        verbose_name_plural = _("course imports")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.file_name} · {self.get_state_display()}"


class Draft(models.Model):
    """What the authors of a course are changing: rows of its own over the version ``base``.

    A course has at most one. ``base`` is empty while nothing is changed. ``revision`` grows with
    every write and never goes back, not even when the draft is published or discarded.
    ``grading_policy`` is empty while it is as in the base.
    """

    course = models.OneToOneField(Course, on_delete=models.CASCADE, related_name="draft")
    base = models.ForeignKey(
        CourseVersion, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    revision = models.PositiveIntegerField(_("revision"), default=0)
    grading_policy: models.JSONField[dict[str, Any] | None] = models.JSONField(
        _("grading policy"), null=True, blank=True
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")

    def __str__(self) -> str:
        return f"{self.course} · {self.revision}"


class DraftBlock(models.Model):
    """A block that is new or changed in a draft.

    ``fields`` and ``children`` (usage keys, in order) are empty where they are as in the base. A
    block stands in the draft if its parent's ``children`` name it; ``removed_from`` and
    ``removed_index`` say where one stood that was deleted.
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="blocks")
    usage_key = models.CharField(_("usage key"), max_length=255)
    block_type = models.CharField(_("block type"), max_length=100)
    fields = models.JSONField(_("fields"), null=True, blank=True)
    children = models.JSONField(_("children"), null=True, blank=True)
    has_score = models.BooleanField(_("scored"), default=False)
    max_score = models.FloatField(_("points possible"), null=True, blank=True)
    removed_from = models.CharField(_("deleted from"), max_length=255, blank=True)
    removed_index = models.PositiveIntegerField(_("place before"), default=0)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("draft block")
        verbose_name_plural = _("draft blocks")
        constraints = (
            models.UniqueConstraint(
                fields=["draft", "usage_key"], name="libschool_draft_block_once"
            ),
        )

    def __str__(self) -> str:
        return self.usage_key


class DraftFile(models.Model):
    """A file that is new or replaced in a draft or, without an ``asset``, deleted in it."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    path = models.CharField(_("path"), max_length=500)
    asset = models.ForeignKey(
        Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    media_type = models.CharField(_("media type"), max_length=100, blank=True)
    size = models.PositiveIntegerField(_("bytes"), default=0)

    class Meta:
        verbose_name = _("draft file")
        verbose_name_plural = _("draft files")
        constraints = (
            models.UniqueConstraint(fields=["draft", "path"], name="libschool_draft_file_once"),
        )

    def __str__(self) -> str:
        return self.path


class DraftConflict(models.Model):
    """What an author wrote of a block that somebody else had changed meanwhile.

    It is kept until the author settles which of the two is to stand.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="conflicts")
    usage_key = models.CharField(_("usage key"), max_length=255)
    fields = models.JSONField(_("fields"), default=dict)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("draft conflict")
        verbose_name_plural = _("draft conflicts")
        ordering = ("created_at",)

    def __str__(self) -> str:
        return self.usage_key


class DraftVisit(models.Model):
    """Which part of a course's draft an author has open, and when that was last known."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    usage_key = models.CharField(_("usage key"), max_length=255, blank=True)
    seen_at = models.DateTimeField(_("seen"))

    class Meta:
        verbose_name = _("visit to a draft")
        verbose_name_plural = _("visits to drafts")
        constraints = (
            models.UniqueConstraint(fields=["course", "user"], name="libschool_draft_visit_once"),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.usage_key}"
