"""Who is who, and who may do what: decided here and nowhere else.

A trainee acts on their own placements, a mentor on the days of a mandate of theirs, a coordinator
on all placements; the program itself (``SYSTEM``) sets up and sends, but signs nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from practicum.data import Actor, Means, Receipt
from practicum.errors import Erased, InvalidValue, NotAllowed, NotFound
from practicum.models import Coordinator, Mandate, Person, Placement
from practicum.running import Run, perform
from practicum.sealing import Vault, new_key

SYSTEM = Actor(None, Means.SYSTEM)
MAX_NAME = 255

# --- People ---------------------------------------------------------------------------------------


def mail_digest(mail: str) -> str:
    """What an address is found by. Case does not matter: hardly a mail server tells it apart."""
    return hashlib.sha256(f"practicum:{mail.strip().lower()}".encode()).hexdigest()


def actor_for(user: Any, *, is_mail_verified: bool = False) -> Actor:
    """The actor behind an account; a person of ``practicum`` is made at the first call.

    With ``is_mail_verified`` somebody who was added by their address before (a mentor who had no
    account) is the same person; hosts say so only of addresses that they have verified. Raises
    ``Erased``.
    """
    known = Person.objects.filter(user=user).first()
    if known is not None and (known.mail_hash or not is_mail_verified or not user.email):
        return Actor(living(known).id)

    def effect(run: Run) -> Receipt:
        known = Person.objects.filter(user=user).first()
        mail_hash = mail_digest(user.email) if is_mail_verified and user.email else None
        same = Person.objects.filter(mail_hash=mail_hash).first() if mail_hash else None
        if known is not None:
            living(known)
            return Receipt(_verified(run, known, same, mail_hash, user).id)
        if same is not None and same.user_id is None:
            run.change(run.step("link_account", same.id), same, user=user)
            return Receipt(same.id)
        name = (user.get_full_name() or user.get_username()).strip()
        taken = None if same is not None else mail_hash
        return Receipt(_new_person(run, name, user.email or "", taken, user).id)

    return Actor(perform(SYSTEM, "actor_for", "", [user.pk], effect).id)


def _verified(
    run: Run, known: Person, same: Person | None, mail_hash: str | None, user: Any
) -> Person:
    """The person of an account whose address was verified after its first visit."""
    if same is None:
        run.change(run.step("verify_mail", known.id), known, mail_hash=mail_hash)
        return known
    is_unused = not known.placements.exists() and not known.mandates.exists()
    if same.user_id is None and is_unused:
        step = run.step("link_account", same.id, instead_of=known.id)
        run.change(step, known, user=None)
        run.change(step, same, user=user)
        return same
    return known


def find_actor(user: Any) -> Actor | None:
    """The actor behind an account, ``None`` for one that never took part; writes nothing."""
    person = Person.objects.filter(user=user, erased_at=None).first() if user.pk else None
    return Actor(person.id) if person is not None else None


def recognise(user: Any, is_verified: Callable[[], bool]) -> Actor | None:
    """The actor behind an account that comes to the practicum, ``None`` for one that has no part.

    Somebody who was added by their address is met at their first visit, once ``is_verified`` says
    that the address is theirs. Writes nothing else.
    """
    expected = Q(mail_hash=mail_digest(user.email)) if user.email else Q(pk=None)
    found = {row.user_id == user.pk: row for row in Person.objects.filter(Q(user=user) | expected)}
    known = found.get(True)
    if known is not None and known.erased_at is not None:
        return None
    is_settled = known is not None and known.mail_hash
    if found and user.email and not is_settled and is_verified():
        return actor_for(user, is_mail_verified=True)
    return Actor(known.id) if known is not None else None


def add_person(actor: Actor, *, name: str, mail: str, key: str = "") -> Receipt:
    """Make somebody known who may have no account, or find who has that address already.

    Coordinators and the program. Raises ``InvalidValue`` without a name and an address.
    """
    name, mail = clean_line(name, "name"), clean_line(mail, "mail address").lower()
    if "@" not in mail:
        raise InvalidValue(what="mail address")

    def effect(run: Run) -> Receipt:
        require_coordinator(actor)
        known = Person.objects.filter(mail_hash=mail_digest(mail)).first()
        return Receipt((known or _new_person(run, name, mail, mail_digest(mail), None)).id)

    return perform(actor, "add_person", key, [name, mail], effect)


def _new_person(run: Run, name: str, mail: str, mail_hash: str | None, user: Any) -> Person:
    person = Person(user=user, mail_hash=mail_hash)
    step = run.step("add_person", person.id)
    run.save_now(step, person)
    new_key(person).save(force_insert=True)
    run.change(
        step,
        person,
        sealed_name=run.vault.seal(person.number, name),
        sealed_mail=run.vault.seal(person.number, mail),
    )
    return person


def appoint_coordinator(
    actor: Actor,
    person: UUID,
    *,
    first: date | None = None,
    last: date | None = None,
    key: str = "",
) -> Receipt:
    """Let somebody coordinate from ``first`` (today) on. Coordinators and the program."""

    def effect(run: Run) -> Receipt:
        require_coordinator(actor)
        row = Coordinator(person=find_person(person), first=first or today(), last=last)
        run.add(run.step("appoint_coordinator", person, first=row.first, last=last), row)
        return Receipt(row.id)

    return perform(actor, "appoint_coordinator", key, [person, first, last], effect)


def dismiss_coordinator(actor: Actor, person: UUID, *, last: date, key: str = "") -> Receipt:
    """Let somebody coordinate no longer than ``last``. Coordinators and the program."""

    def effect(run: Run) -> Receipt:
        require_coordinator(actor)
        step = run.step("dismiss_coordinator", person, last=last)
        rows = Coordinator.objects.select_for_update().filter(person__id=person)
        for row in rows.filter(Q(last=None) | Q(last__gt=last)):
            run.change(step, row, last=last)
        return Receipt(person)

    return perform(actor, "dismiss_coordinator", key, [person, last], effect)


# --- Who may --------------------------------------------------------------------------------------


def today() -> date:
    """The day by which coordinators' terms are counted (UTC)."""
    return timezone.now().date()


def find_person(person: UUID) -> Person:
    """The person of that id; raises ``NotFound`` and ``Erased``."""
    row = Person.objects.filter(id=person).first()
    if row is None:
        raise NotFound(what="person")
    return living(row)


def living(person: Person) -> Person:
    """The person; raises ``Erased``."""
    if person.erased_at is not None:
        raise Erased
    return person


def person_of(actor: Actor) -> Person:
    """The person who acts; raises ``NotAllowed`` for the program, and ``Erased``."""
    if actor.person is None:
        raise NotAllowed
    return find_person(actor.person)


def is_coordinator(actor: Actor) -> bool:
    """Whether the actor coordinates today; nobody does through a review link."""
    if actor.person is None or actor.link is not None:
        return False
    now = today()
    terms = Coordinator.objects.filter(person__id=actor.person, person__erased_at=None)
    return terms.filter(Q(last=None) | Q(last__gte=now), first__lte=now).exists()


def require_coordinator(actor: Actor, *, or_system: bool = True) -> None:
    """Raise ``NotAllowed`` unless the actor coordinates, or is the program."""
    if actor.means is Means.SYSTEM and or_system and actor.person is None:
        return
    if not is_coordinator(actor):
        raise NotAllowed


def require_account(actor: Actor) -> None:
    """Raise ``NotAllowed`` for an actor who came by a review link."""
    if actor.link is not None:
        raise NotAllowed


def is_same(vault: Vault, one: Person, other: Person) -> bool:
    """Whether two are the same human: one person, or two with one address (two accounts)."""
    if one.pk == other.pk:
        return True
    mails = {vault.open(person.pk, person.sealed_mail).lower() for person in (one, other)}
    return len(mails) == 1 and mails != {""}


def mandates_on(placement: Placement, day: date) -> list[Mandate]:
    """The mandates that count on a day of a placement, in no query if they were prefetched."""
    return [
        mandate
        for mandate in placement.mandates.all()
        if mandate.revoked_at is None
        and mandate.mentor_id != placement.trainee_id
        and mandate.first <= day
        and (mandate.last is None or mandate.last >= day)
    ]


def has_mandate(person: Person, placement: Placement, day: date) -> bool:
    """Whether a person answers for a placement on a day."""
    return any(mandate.mentor_id == person.pk for mandate in mandates_on(placement, day))


# --- Locks ----------------------------------------------------------------------------------------


def lock_people(numbers: Iterable[int]) -> None:
    """Lock the rows of trainees until the transaction ends, in one order for everybody."""
    _lock(Person.objects.filter(pk__in=sorted(set(numbers))))


def _lock(people: QuerySet[Person]) -> None:
    no_key = connection.features.has_select_for_no_key_update
    list(people.select_for_update(no_key=no_key).order_by("pk").values_list("pk"))


def lock_placement(placement: UUID) -> Placement:
    """A placement under the lock of its trainee; raises ``NotFound``."""
    _lock(Person.objects.filter(pk__in=Placement.objects.filter(pk=placement).values("trainee")))
    rows = Placement.objects.select_related("trainee__key", "host", "programme_version")
    row = rows.filter(pk=placement).first()
    if row is None:
        raise NotFound(what="placement")
    return row


# --- Texts ----------------------------------------------------------------------------------------


def clean_line(text: str, what: str, limit: int = MAX_NAME) -> str:
    """One line of text, fit for every database; raises ``InvalidValue``."""
    text = " ".join(text.split())
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidValue(what=what) from error
    if not text or len(text) > limit or "\0" in text:
        raise InvalidValue(what=what)
    return text


def signer_snapshot(vault: Vault, signer: Person, organisation: str, keeper: int) -> str:
    """Name and organisation of a signer, sealed for the person ``keeper`` whose record it is."""
    name = vault.open(signer.pk, signer.sealed_name)
    return vault.seal(keeper, f"{name}\n{organisation}")
