"""Review links: a mentor without an account decides on what was mailed to them, and no more.

The mail carries the link's id and an HMAC over the link's whole row: purpose, address, versions,
expiry and nonce. Opening shows; only ``review_entries`` with the opened link's actor decides.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from practicum.canonical import digest
from practicum.data import Actor, EntryState, Means, Receipt, ReviewLinkView
from practicum.entry_rows import is_mandated
from practicum.errors import InvalidValue, LinkExpired, LinkInvalid, LinkRevoked, NotFound
from practicum.models import Entry, EntryVersion, Placement, ReviewLink
from practicum.people import find_person, person_of, require_account, require_coordinator
from practicum.reading import entry_records, mandated_entries, sees_all
from practicum.running import Run, perform
from practicum.sealing import Vault
from practicum.surveying import placement_records

SALT = "practicum.review_link"
LONGEST = timedelta(days=14)
OPENING_INTERVAL = timedelta(minutes=10)  # openings closer together are one event in the trail


def issue_review_link(
    actor: Actor,
    mentor: UUID,
    entries: Sequence[UUID],
    *,
    valid_for: timedelta = LONGEST,
) -> tuple[UUID, str]:
    """A link for a mentor to decide on the entries' present versions: its id and its token.

    The token goes into a mail to the mentor and nowhere else; it is not kept. Coordinators and
    the program. Entries that wait for no decision, or for none of the mentor's, are left out;
    raises ``InvalidValue`` if none is left.
    """
    if not timedelta(0) < valid_for <= LONGEST:
        raise InvalidValue(what="time of validity")
    made: list[ReviewLink] = []

    def effect(run: Run) -> Receipt:
        require_coordinator(actor)
        person = find_person(mentor)
        rows = Entry.objects.filter(
            pk__in=list(entries), state=EntryState.SUBMITTED.value
        ).select_related("placement")
        rows = rows.prefetch_related("placement__mandates")
        listed = [row for row in rows.order_by("starts_at") if is_mandated(person, row)]
        if not listed:
            raise InvalidValue(what="entries")
        hashes = _current_hashes(listed)
        link = ReviewLink(
            mentor=person,
            items=[[str(row.id), hashes[row.id]] for row in listed],
            nonce=secrets.token_hex(16),
            issued_at=run.at,
            expires_at=run.at + valid_for,
        )
        run.add(run.step("issue_link", link.id, mentor=mentor, entries=len(listed)), link)
        made[:] = [link]
        return Receipt(link.id)

    perform(actor, "issue_review_link", "", [], effect)
    return made[0].id, token_of(made[0])


def _current_hashes(entries: Sequence[Entry]) -> dict[UUID, str]:
    versions = EntryVersion.objects.filter(entry__in=entries)
    by_number = {(row.entry_id, row.number): row.content_hash for row in versions}
    return {entry.id: by_number[entry.id, entry.version] for entry in entries}


def token_of(link: ReviewLink) -> str:
    """What a mail carries for a link."""
    return f"{link.id.hex}.{_signature(link, settings.SECRET_KEY)}"


def _signature(link: ReviewLink, secret: str) -> str:
    content = digest([link.id, link.mentor.mail_hash, link.items, link.nonce, link.expires_at])
    made = salted_hmac(SALT, content, secret=secret, algorithm="sha256").digest()
    return urlsafe_b64encode(made).decode().rstrip("=")


def _find_link(token: str) -> ReviewLink:
    """The link of a token; raises ``LinkInvalid`` for any that was not made here."""
    name, _dot, signature = token.partition(".")
    try:
        pk = UUID(hex=name)
    except ValueError as error:
        raise LinkInvalid from error
    link = ReviewLink.objects.select_related("mentor").filter(pk=pk).first()
    if link is None:
        raise LinkInvalid
    secrets_known = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    signatures = [_signature(link, secret).encode() for secret in secrets_known]
    if not any(hmac.compare_digest(one, signature.encode()) for one in signatures):
        raise LinkInvalid
    return link


def _require_valid(link: ReviewLink, now: datetime) -> None:
    if link.revoked_at is not None or link.mentor.erased_at is not None:
        raise LinkRevoked
    if link.expires_at <= now:
        raise LinkExpired


def open_review_link(token: str) -> ReviewLinkView:
    """What a link shows; decides nothing, so that mail scanners may fetch it.

    That it was opened is in the trail. Raises ``LinkInvalid``, ``LinkExpired``, ``LinkRevoked``.
    """
    link = _find_link(token)
    _require_valid(link, timezone.now())
    person = link.mentor
    actor = Actor(person.id, Means.LINK, link.id)
    _note_opening(actor, link)
    hashes = dict(link.items)
    # The link gives no more than the mandate does, which may have ended since.
    records = entry_records(mandated_entries(person.id).filter(pk__in=hashes))
    order = {entry: place for place, (entry, _hash) in enumerate(link.items)}
    records.sort(key=lambda record: order[str(record.id)])
    waiting = EntryState.SUBMITTED
    return ReviewLinkView(
        actor=actor,
        mentor_name=Vault().open(person.pk, person.sealed_name),
        expires_at=link.expires_at,
        entries=tuple(records),
        stale=frozenset(
            record.id for record in records if record.content_hash != hashes[str(record.id)]
        ),
        decided=frozenset(record.id for record in records if record.state is not waiting),
        placements=tuple(
            placement_records(Placement.objects.filter(pk__in={one.placement for one in records}))
        ),
    )


def _note_opening(actor: Actor, link: ReviewLink) -> None:
    def effect(run: Run) -> Receipt:
        run.step("open_link", link.id)
        return Receipt(link.id)

    # One key for each interval: the first opening of it is an event, the others are replays.
    interval = int(timezone.now().timestamp() // OPENING_INTERVAL.total_seconds())
    perform(actor, "open_review_link", f"open-{link.id.hex}-{interval}", [], effect)


def revoke_review_link(actor: Actor, link: UUID, *, key: str = "") -> Receipt:
    """Let a link open no more. Coordinators, the program, and the mentor it was for."""

    def effect(run: Run) -> Receipt:
        row = ReviewLink.objects.select_for_update().filter(pk=link).first()
        if row is None:
            raise NotFound(what="link")
        if actor.person is None or actor.person != row.mentor.id:
            require_coordinator(actor)
        run.change(run.step("revoke_link", row.id), row, revoked_at=run.at)
        return Receipt(row.id)

    return perform(actor, "revoke_review_link", key, [link], effect)


def check_link(actor: Actor, now: datetime) -> frozenset[tuple[str, str]] | None:
    """What the actor's link lists, ``None`` for an actor with an account.

    Raises as ``open_review_link`` does. The link's row is locked: revoking it waits or is first.
    """
    if actor.link is None:
        return None
    rows = ReviewLink.objects.select_for_update().filter(pk=actor.link)
    link = rows.first()
    if link is None or link.mentor.id != actor.person:
        raise LinkInvalid
    _require_valid(link, now)
    return frozenset((entry, content_hash) for entry, content_hash in link.items)


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """A review link as it may be listed: never its token."""

    id: UUID
    mentor: UUID
    entries: tuple[UUID, ...]
    issued_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


def review_links(actor: Actor, *, mentor: UUID | None = None) -> list[LinkRecord]:
    """Links that were issued, the latest first: all for coordinators, mentors their own."""
    require_account(actor)
    rows = ReviewLink.objects.select_related("mentor").order_by("-issued_at", "pk")
    if not sees_all(actor):
        mentor = person_of(actor).id
    if mentor is not None:
        rows = rows.filter(mentor__id=mentor)
    return [
        LinkRecord(
            row.pk,
            row.mentor.id,
            tuple(UUID(entry) for entry, _hash in row.items),
            row.issued_at,
            row.expires_at,
            row.revoked_at,
        )
        for row in rows
    ]
