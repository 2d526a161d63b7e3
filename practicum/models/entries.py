"""Entries, their immutable versions, the signatures over them and the ledger of what counts."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from practicum.data import AmendmentState, AppealState, DecisionKind, EntryState
from practicum.models.base import AuditedForeverModel, AuditedModel
from practicum.models.people import Person
from practicum.models.placements import Placement


class AttendanceSheet(AuditedForeverModel):
    """Who was present at a day of group practice: each line is an entry for its trainee."""

    recorder = models.ForeignKey(
        Person, verbose_name=_("recorded by"), on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField(_("title"), max_length=255)
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    break_minutes = models.PositiveIntegerField(_("break"), default=0)
    allocations = models.JSONField(_("minutes by category"))
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta(AuditedForeverModel.Meta):
        verbose_name = _("attendance sheet")
        verbose_name_plural = _("attendance sheets")

    def __str__(self) -> str:
        return self.title


class Entry(AuditedModel):
    """A practicum entry: where it stands, and what its current version says of the time.

    ``id`` is the client's. The interval repeats the current version's, since the rule that no two
    entries of a person overlap is the database's own (migration ``0002``). ``day`` is the local
    day of the start.
    """

    placement = models.ForeignKey(
        Placement, verbose_name=_("placement"), on_delete=models.PROTECT, related_name="entries"
    )
    trainee = models.ForeignKey(
        Person, verbose_name=_("trainee"), on_delete=models.PROTECT, related_name="entries"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=[(state.value, state.value) for state in EntryState]
    )
    version = models.PositiveIntegerField(_("current version"))
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    day = models.DateField(_("day"))
    net_minutes = models.PositiveIntegerField(_("minutes"))
    sheet = models.ForeignKey(
        AttendanceSheet,
        verbose_name=_("attendance sheet"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="entries",
    )
    created_at = models.DateTimeField(_("created"))
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        indexes = (
            models.Index(fields=["placement", "day"], name="libschool_entry_day"),
            models.Index(fields=["trainee", "starts_at"], name="libschool_entry_start"),
            models.Index(fields=["state", "submitted_at"], name="libschool_entry_waiting"),
            models.Index(fields=["-day", "id"], name="libschool_entry_latest"),
        )

    def __str__(self) -> str:
        return str(self.id)


class EntryVersion(AuditedForeverModel):
    """What an entry said at some time, under the digest that signatures are over."""

    entry = models.ForeignKey(
        Entry, verbose_name=_("entry"), on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField(_("version"))
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    break_minutes = models.PositiveIntegerField(_("break"))
    net_minutes = models.PositiveIntegerField(_("minutes"))
    allocations = models.JSONField(_("minutes by category"))
    competencies: models.JSONField[list[str]] = models.JSONField(_("competencies"), default=list)
    sealed_text = models.TextField(_("what was done"), blank=True)
    evidence: models.JSONField[list[list[str]]] = models.JSONField(
        _("evidence, by id and digest"), default=list
    )
    author = models.ForeignKey(
        Person, verbose_name=_("author"), on_delete=models.PROTECT, related_name="+"
    )
    content_hash = models.CharField(_("digest"), max_length=64)
    created_at = models.DateTimeField(_("created"))

    class Meta(AuditedForeverModel.Meta):
        verbose_name = _("version of an entry")
        verbose_name_plural = _("versions of entries")
        constraints = (
            models.UniqueConstraint(fields=["entry", "number"], name="libschool_entry_version"),
        )

    def __str__(self) -> str:
        return f"{self.entry_id} · {self.number}"


class Signature(AuditedForeverModel):
    """Who decided what on a content, by its digest.

    ``subject`` is the id of what was signed (an entry, an agreement, an evaluation …) and
    ``entry`` the entry, if it is one. The signer's name, role and organisation at that time are
    sealed with the *trainee's* key: they belong to the trainee's record, and stay when the
    signer's account goes.
    """

    subject = models.UUIDField(_("subject"), db_index=True)
    entry = models.ForeignKey(
        Entry,
        verbose_name=_("entry"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="signatures",
    )
    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=[(kind.value, kind.value) for kind in DecisionKind]
        + [(kind, kind) for kind in ("agreement", "evaluation")],
    )
    content_hash = models.CharField(_("digest"), max_length=64)
    signer = models.ForeignKey(
        Person, verbose_name=_("signer"), on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField(_("role"), max_length=20)
    sealed_signer = models.TextField(_("name and organisation"))
    sealed_reason = models.TextField(_("reason"), blank=True)
    means = models.CharField(_("by"), max_length=10)
    link = models.ForeignKey(
        "ReviewLink",
        verbose_name=_("review link"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    at = models.DateTimeField(_("signed"))

    class Meta(AuditedForeverModel.Meta):
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")

    def __str__(self) -> str:
        return f"{self.kind} {self.content_hash[:12]}"


class Withdrawal(AuditedForeverModel):
    """A signature that counts no more: taken back, or overtaken by a return."""

    signature = models.OneToOneField(
        Signature,
        verbose_name=_("signature"),
        on_delete=models.PROTECT,
        related_name="withdrawal",
    )
    at = models.DateTimeField(_("withdrawn"))

    class Meta(AuditedForeverModel.Meta):
        verbose_name = _("withdrawal of a signature")
        verbose_name_plural = _("withdrawals of signatures")

    def __str__(self) -> str:
        return str(self.signature_id)


class Amendment(AuditedModel):
    """A proposed correction of approved hours; until it is approved, the old value counts.

    ``proposed`` is the number of the version that would become current; ``None`` takes the entry
    back whole.
    """

    entry = models.ForeignKey(
        Entry, verbose_name=_("entry"), on_delete=models.PROTECT, related_name="amendments"
    )
    base = models.PositiveIntegerField(_("version corrected"))
    proposed = models.PositiveIntegerField(_("version proposed"), null=True, blank=True)
    content_hash = models.CharField(_("digest"), max_length=64)
    sealed_reason = models.TextField(_("reason"))
    proposer = models.ForeignKey(
        Person, verbose_name=_("proposed by"), on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=[(state.value, state.value) for state in AmendmentState]
    )
    needs_coordinator = models.BooleanField(_("needs a coordinator as well"), default=False)
    proposed_at = models.DateTimeField(_("proposed"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")

    def __str__(self) -> str:
        return str(self.id)


class LedgerLine(AuditedForeverModel):
    """Minutes that count, or count no more, and the signature that made them so."""

    entry = models.ForeignKey(
        Entry, verbose_name=_("entry"), on_delete=models.PROTECT, related_name="ledger"
    )
    placement = models.ForeignKey(
        Placement, verbose_name=_("placement"), on_delete=models.PROTECT, related_name="ledger"
    )
    version = models.PositiveIntegerField(_("version"))
    category = models.CharField(_("category"), max_length=50)
    day = models.DateField(_("day"))
    minutes = models.IntegerField(_("minutes"))
    signature = models.ForeignKey(
        Signature, verbose_name=_("signature"), on_delete=models.PROTECT, related_name="ledger"
    )

    class Meta(AuditedForeverModel.Meta):
        verbose_name = _("ledger line")
        verbose_name_plural = _("ledger lines")
        indexes = (
            models.Index(fields=["placement", "category"], name="libschool_ledger_placement"),
            models.Index(fields=["placement", "day"], name="libschool_ledger_day"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.category} {self.minutes:+d}"


class Appeal(AuditedModel):
    """A trainee's objection to a return, for a coordinator to decide."""

    entry = models.ForeignKey(
        Entry, verbose_name=_("entry"), on_delete=models.PROTECT, related_name="appeals"
    )
    signature = models.OneToOneField(
        Signature,
        verbose_name=_("return"),
        on_delete=models.PROTECT,
        related_name="appeal",
    )
    sealed_reason = models.TextField(_("reason"))
    state = models.CharField(
        _("state"), max_length=10, choices=[(state.value, state.value) for state in AppealState]
    )
    made_at = models.DateTimeField(_("made"))
    sealed_answer = models.TextField(_("answer"), blank=True)
    decided_by = models.ForeignKey(
        Person,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")

    def __str__(self) -> str:
        return str(self.id)


class EvidenceFile(AuditedForeverModel):
    """A file that shows what was done; what it holds is in ``EvidenceContent``."""

    owner = models.ForeignKey(
        Person, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="evidence"
    )
    sealed_name = models.TextField(_("name"))
    kind = models.CharField(_("kind"), max_length=10)
    size = models.PositiveIntegerField(_("bytes"))
    sha256 = models.CharField(_("digest"), max_length=64)
    added_at = models.DateTimeField(_("added"))

    class Meta(AuditedForeverModel.Meta):
        verbose_name = _("evidence file")
        verbose_name_plural = _("evidence files")

    def __str__(self) -> str:
        return str(self.id)


class EvidenceContent(models.Model):
    """The sealed bytes of an evidence file; deleted with its owner's key."""

    file = models.OneToOneField(
        EvidenceFile, primary_key=True, on_delete=models.PROTECT, related_name="content"
    )
    sealed = models.BinaryField(_("content"))

    class Meta:
        verbose_name = _("content of an evidence file")
        verbose_name_plural = _("contents of evidence files")

    def __str__(self) -> str:
        return str(self.file_id)
