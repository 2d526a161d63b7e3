"""What all tables of ``practicum`` have in common.

Every row whose truth matters names the audit event that wrote it last, and that event holds the
row's digest (``practicum.trail``). Rows are written by the commands of ``practicum.api`` alone.
"""

from __future__ import annotations

import secrets
import time
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from dbrules.append_only import AppendOnlyModel


def new_id() -> uuid.UUID:
    """A random id that sorts by the time it was made (UUID version 7, RFC 9562)."""
    stamp = time.time_ns() // 1_000_000
    tail = secrets.randbits(74)
    value = (stamp << 80) | (0x7 << 76) | ((tail >> 62) << 64) | (0b10 << 62) | (tail % 2**62)
    return uuid.UUID(int=value)


class AuditedModel(models.Model):
    """A row that commands change; ``event_id`` is the audit event of its last change."""

    id = models.UUIDField(_("id"), primary_key=True, default=new_id, editable=False)
    event_id = models.UUIDField(_("audit event"), editable=False)

    class Meta:
        abstract = True


class AuditedForeverModel(AppendOnlyModel):
    """A row that is written once, by the audit event ``event_id``."""

    id = models.UUIDField(_("id"), primary_key=True, default=new_id, editable=False)
    event_id = models.UUIDField(_("audit event"), editable=False)

    class Meta(AppendOnlyModel.Meta):
        abstract = True
