"""The audit trail, what commands returned, links that were sent and documents that were issued."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from dbrules.append_only import AppendOnlyModel
from practicum.models.base import AuditedForeverModel, AuditedModel, new_id
from practicum.models.people import Person
from practicum.models.placements import Placement


class TrailHead(models.Model):
    """The last event's number and hash: the one row that is locked to add another event."""

    sequence = models.BigIntegerField(_("number"), default=0)
    hash = models.CharField(_("hash"), max_length=64, default="")

    class Meta:
        verbose_name = _("head of the audit trail")
        verbose_name_plural = _("heads of the audit trail")

    def __str__(self) -> str:
        return str(self.sequence)


class AuditEvent(AppendOnlyModel):
    """One step of one thing, chained to the event before it.

    ``facts`` hold nothing personal; ``rows`` are table, key and digest of every row that the step
    wrote. ``hash`` is over all of it and ``previous``.
    """

    sequence = models.BigIntegerField(_("number"), primary_key=True)
    id = models.UUIDField(_("id"), default=new_id, unique=True, editable=False)
    previous = models.CharField(_("hash of the event before"), max_length=64)
    actor = models.UUIDField(_("actor"), null=True)
    means = models.CharField(_("by"), max_length=10)
    command = models.CharField(_("command"), max_length=50)
    subject = models.UUIDField(_("subject"), db_index=True)
    facts = models.JSONField(_("facts"))
    rows = models.JSONField(_("rows"))
    at = models.DateTimeField(_("at"))
    hash = models.CharField(_("hash"), max_length=64)

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ("sequence",)

    def __str__(self) -> str:
        return f"{self.sequence} {self.command}"


class CommandReceipt(AppendOnlyModel):
    """What a command returned, under its idempotency key."""

    actor = models.CharField(_("actor"), max_length=36)
    key = models.CharField(_("idempotency key"), max_length=64)
    command = models.CharField(_("command"), max_length=50)
    request_hash = models.CharField(_("digest of the request"), max_length=64)
    receipt = models.JSONField(_("receipt"))
    at = models.DateTimeField(_("at"))

    class Meta(AppendOnlyModel.Meta):
        verbose_name = _("receipt of a command")
        verbose_name_plural = _("receipts of commands")
        constraints = (
            models.UniqueConstraint(fields=["actor", "key"], name="libschool_receipt_once"),
        )

    def __str__(self) -> str:
        return f"{self.command} {self.key}"


class ReviewLink(AuditedModel):
    """A link by which a mentor decides without an account, on these versions and no others.

    ``items`` are pairs of entry and content hash. What the mail carries is the id and a signature
    over all of this (``practicum.links``), so neither can be altered.
    """

    mentor = models.ForeignKey(
        Person, verbose_name=_("mentor"), on_delete=models.PROTECT, related_name="review_links"
    )
    items: models.JSONField[list[list[str]]] = models.JSONField(_("entries and digests"))
    nonce = models.CharField(_("nonce"), max_length=32)
    issued_at = models.DateTimeField(_("issued"))
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("review link")
        verbose_name_plural = _("review links")

    def __str__(self) -> str:
        return str(self.id)


class IssuedDocument(AuditedForeverModel):
    """A report that was handed out, with the figures it showed; its id is the code to check."""

    placement = models.ForeignKey(
        Placement, verbose_name=_("placement"), on_delete=models.PROTECT, related_name="documents"
    )
    kind = models.CharField(_("kind"), max_length=50)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    sequence = models.BigIntegerField(_("as of event"))
    figures = models.JSONField(_("confirmed minutes by category"))
    issued_at = models.DateTimeField(_("issued"))

    class Meta(AuditedForeverModel.Meta):
        verbose_name = _("issued document")
        verbose_name_plural = _("issued documents")

    def __str__(self) -> str:
        return str(self.id)


class IssuedCollection(AuditedForeverModel):
    """A report on several placements that was handed out, with the figures it showed."""

    kind = models.CharField(_("kind"), max_length=50)
    placements: models.JSONField[list[str]] = models.JSONField(_("placements"))
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    sequence = models.BigIntegerField(_("as of event"))
    figures = models.JSONField(_("confirmed minutes by category"))
    issued_at = models.DateTimeField(_("issued"))

    class Meta(AuditedForeverModel.Meta):
        verbose_name = _("issued report on several placements")
        verbose_name_plural = _("issued reports on several placements")

    def __str__(self) -> str:
        return str(self.id)
