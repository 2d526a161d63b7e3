"""Tokens by which programs act for a person through the REST interface.

Only a token's digest is kept. A token ends with its time, when it is revoked, and with its person.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from practicum.data import Actor
from practicum.errors import InvalidValue, NotFound
from practicum.models import ApiToken
from practicum.people import clean_line, person_of, require_account

PREFIX = "lsp_"  # tells what it is to whoever finds one
MOST_DAYS = 366
MAX_NAME = 60


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """A token of the actor's, without its secret."""

    id: UUID
    name: str
    created_at: datetime
    expires_at: datetime
    is_revoked: bool


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token that was just made: its ``secret`` is shown once and not kept."""

    id: UUID
    secret: str
    expires_at: datetime


def issue_token(actor: Actor, name: str, *, days: int = 90) -> NewToken:
    """Make a token for the actor's programs. Raises ``InvalidValue``."""
    require_account(actor)
    if not 0 < days <= MOST_DAYS:
        raise InvalidValue(what="days")
    secret, now = PREFIX + secrets.token_urlsafe(32), timezone.now()
    row = ApiToken.objects.create(
        person=person_of(actor),
        name=clean_line(name, "name", MAX_NAME),
        digest=_digest(secret),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    return NewToken(row.pk, secret, row.expires_at)


def tokens(actor: Actor) -> list[TokenRecord]:
    """The actor's tokens, the latest first."""
    require_account(actor)
    rows = ApiToken.objects.filter(person=person_of(actor)).order_by("-created_at", "pk")
    return [
        TokenRecord(row.pk, row.name, row.created_at, row.expires_at, row.revoked_at is not None)
        for row in rows
    ]


def revoke_token(actor: Actor, token: UUID) -> TokenRecord:
    """Let a token of the actor's open nothing any more. Raises ``NotFound``."""
    require_account(actor)
    rows = ApiToken.objects.filter(person=person_of(actor), pk=token)
    rows.filter(revoked_at=None).update(revoked_at=timezone.now())
    row = rows.first()
    if row is None:
        raise NotFound(what="token")
    return TokenRecord(row.pk, row.name, row.created_at, row.expires_at, True)


def find_token(secret: str) -> Actor | None:
    """Whom a token stands for; ``None`` for one that is not known, over or revoked."""
    row = (
        ApiToken.objects.filter(
            digest=_digest(secret),
            revoked_at=None,
            expires_at__gt=timezone.now(),
            person__erased_at=None,
        )
        .select_related("person")
        .first()
    )
    return Actor(row.person.id) if row is not None else None


def _digest(secret: str) -> str:
    """Of 256 random bits a plain digest is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
