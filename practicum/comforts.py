"""Templates of usual days, the secret address of a calendar, and how somebody wants mail.

None of it counts, so it leaves no trace in the audit trail and is changed without ceremony.
"""

from __future__ import annotations

import hmac
import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from practicum.data import Actor
from practicum.errors import InvalidValue, NotFound
from practicum.models import CalendarFeed, EntryTemplate, MailPreference, Person, SentNotice
from practicum.people import clean_line, person_of, require_account
from practicum.reading import find_placement
from practicum.sealing import Vault

MAX_TEMPLATES = 20
MAX_VALUES = 10_000  # characters
FEED_SALT = "practicum.calendar_feed"

# --- Templates ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TemplateRecord:
    """A usual day: ``values`` are the texts of the fields of the form, by name."""

    id: UUID
    name: str
    values: Mapping[str, str | list[str]]


def templates(actor: Actor) -> list[TemplateRecord]:
    """The actor's templates, the oldest first."""
    if actor.person is None or actor.link is not None:
        return []
    rows = list(EntryTemplate.objects.filter(person__id=actor.person).order_by("pk"))
    vault = Vault(row.person_id for row in rows)
    return [
        TemplateRecord(
            row.pk,
            vault.open(row.person_id, row.sealed_name),
            json.loads(vault.open(row.person_id, row.sealed_values) or "{}"),
        )
        for row in rows
    ]


def save_template(actor: Actor, name: str, values: Mapping[str, str | list[str]]) -> UUID:
    """Keep a usual day under a name; one of that name is replaced. Raises ``InvalidValue``."""
    require_account(actor)
    person = person_of(actor)
    name = clean_line(name, "name", 60)
    text = json.dumps(dict(values), ensure_ascii=False)
    known = templates(actor)
    same = [one.id for one in known if one.name.casefold() == name.casefold()]
    if len(text) > MAX_VALUES or (not same and len(known) >= MAX_TEMPLATES):
        raise InvalidValue(what="template")
    vault = Vault([person.pk])
    sealed = {
        "sealed_name": vault.seal(person.pk, name),
        "sealed_values": vault.seal(person.pk, text),
    }
    if same:
        EntryTemplate.objects.filter(pk=same[0], person=person).update(**sealed)
        return same[0]
    return EntryTemplate.objects.create(person=person, **sealed).pk


def delete_template(actor: Actor, template: UUID) -> None:
    """Forget a template of the actor's; raises ``NotFound``."""
    require_account(actor)
    gone, _rows = EntryTemplate.objects.filter(pk=template, person=person_of(actor)).delete()
    if not gone:
        raise NotFound(what="template")


# --- The calendar's secret address ----------------------------------------------------------------


def feed_token(actor: Actor) -> str:
    """The secret part of the address of the actor's calendar; empty if there is none."""
    feed = CalendarFeed.objects.filter(person__id=actor.person).first() if actor.person else None
    return f"{feed.pk.hex}.{_signature(feed, settings.SECRET_KEY)}" if feed else ""


def open_feed(actor: Actor) -> str:
    """Make a secret address, in the place of an earlier one, which opens nothing any more."""
    require_account(actor)
    person = person_of(actor)
    CalendarFeed.objects.filter(person=person).delete()
    CalendarFeed.objects.create(person=person, nonce=secrets.token_hex(16), made_at=timezone.now())
    return feed_token(actor)


def close_feed(actor: Actor) -> None:
    """Let the secret address open nothing any more."""
    require_account(actor)
    CalendarFeed.objects.filter(person=person_of(actor)).delete()


def feed_actor(token: str) -> Actor:
    """Whose calendar a secret address is; raises ``NotFound`` for any that was not made here."""
    name, _dot, signature = token.partition(".")
    try:
        pk = UUID(hex=name)
    except ValueError as error:
        raise NotFound(what="calendar") from error
    feed = CalendarFeed.objects.select_related("person").filter(pk=pk).first()
    known = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if feed is None or feed.person.erased_at is not None:
        raise NotFound(what="calendar")
    made = [_signature(feed, secret).encode() for secret in known]
    if not any(hmac.compare_digest(one, signature.encode()) for one in made):
        raise NotFound(what="calendar")
    return Actor(feed.person.id)


def _signature(feed: CalendarFeed, secret: str) -> str:
    content = f"{feed.pk.hex}:{feed.person_id}:{feed.nonce}"
    made = salted_hmac(FEED_SALT, content, secret=secret, algorithm="sha256").digest()
    return urlsafe_b64encode(made).decode().rstrip("=")


# --- Mail -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MailWishes:
    """The language of somebody's mail and reports (empty: the school's), and which mails."""

    language: str = ""
    wants_reminders: bool = True
    wants_digest: bool = True


def mail_wishes(actor: Actor) -> MailWishes:
    """How the actor wants mail."""
    row = MailPreference.objects.filter(person__id=actor.person).first() if actor.person else None
    if row is None:
        return MailWishes()
    return MailWishes(row.language, row.wants_reminders, row.wants_digest)


def trainee_language(actor: Actor, placement: UUID) -> str:
    """The language that a placement's trainee wishes for, empty if they never said.

    Whoever sees the placement. Raises ``NotFound``.
    """
    trainee = find_placement(actor, placement).trainee
    return mail_wishes(Actor(trainee.id)).language


def wish_mail(actor: Actor, wishes: MailWishes) -> None:
    """Keep how the actor wants mail; may be said by a review link as well."""
    if wishes.language and wishes.language not in dict(settings.LANGUAGES):
        raise InvalidValue(what="language")
    MailPreference.objects.update_or_create(
        person=person_of(actor),
        defaults={
            "language": wishes.language,
            "wants_reminders": wishes.wants_reminders,
            "wants_digest": wishes.wants_digest,
        },
    )


def forget_comforts(person: Person) -> None:
    """Delete all of it for somebody who is erased."""
    EntryTemplate.objects.filter(person=person).delete()
    CalendarFeed.objects.filter(person=person).delete()
    MailPreference.objects.filter(person=person).delete()
    SentNotice.objects.filter(recipient=person).delete()
