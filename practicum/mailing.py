"""What the practicum's mails say, as plain text first, in the recipient's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from practicum import api
from practicum.api import SYSTEM, Actor, EntryState
from practicum.closing import UNSETTLED
from practicum.models import Entry, Person, Placement
from practicum.retaining import expiring
from practicum.rules.calendar import week_of
from practicum.rules.reminders import Rule
from practicum.sealing import Vault
from practicum.words import hours


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a mail is about, and where to go for it."""

    title: str
    detail: str
    url: str


def send(rule: Rule, recipient: UUID, subjects: Sequence[str]) -> bool:
    """Send a notice, unless nothing of it is left to do by now; whether one was sent."""
    person = Person.objects.filter(id=recipient, erased_at=None).first()
    if person is None:
        return False
    vault = Vault([person.pk])
    address = vault.open(person.pk, person.sealed_mail)
    actor = Actor(person.id)
    if not address:
        return False
    with translation.override(api.mail_wishes(actor).language or settings.LANGUAGE_CODE):
        items = _found(rule, person, subjects)
        if not items:
            return False
        context = {
            "name": vault.open(person.pk, person.sealed_name),
            "intro": _intro(rule, len(items)),
            "items": items,
            "home": address_of("practicum:home"),
            "mine": address_of("practicum:mine"),
            "language": translation.get_language(),
        }
        mail = EmailMultiAlternatives(
            subject=_title(rule, items),
            body=render_to_string("practicum/mail/notice.txt", context).strip() + "\n",
            to=[address],
            headers={"Auto-Submitted": "auto-generated"},
        )
        mail.attach_alternative(
            render_to_string("practicum/mail/notice.html", context), "text/html"
        )
    mail.send()
    return True


def address_of(view: str, *args: object) -> str:
    """The whole address of a page, by the setting ``SITE_URL`` (in the LMS ``LMS_ROOT_URL``)."""
    site = getattr(settings, "SITE_URL", "") or getattr(settings, "LMS_ROOT_URL", "")
    return str(site).rstrip("/") + reverse(view, args=args)


def _title(rule: Rule, items: Sequence[Item]) -> str:
    titles = {
        Rule.ASK: _("Hours to confirm: %(what)s"),
        Rule.TRAINEE: _("Hours that you have not sent: %(what)s"),
        Rule.MENTOR: _("Still to confirm: %(what)s"),
        Rule.COORDINATOR: _("Nobody has confirmed: %(what)s"),
        Rule.UNSETTLED: _("Not closed yet: %(what)s"),
        Rule.EXPIRING: _("Records that will be erased"),
        Rule.DIGEST: _("Your trainees this week"),
    }
    title = titles[rule] % {"what": items[0].title}
    return " ".join(title.split())[:150]


def _intro(rule: Rule, count: int) -> str:
    if rule is Rule.ASK:
        return ngettext(
            "A trainee has sent hours of practice for you to confirm. The link opens the week "
            "without an account; nothing is decided until you press the button there.",
            "Trainees have sent hours of practice for you to confirm. Each link opens one week "
            "without an account; nothing is decided until you press the button there.",
            count,
        )
    if rule is Rule.TRAINEE:
        return _("These weeks have days that your mentor does not know of yet.")
    if rule is Rule.MENTOR:
        return _(
            "These hours have waited for you for a week or more. They do not count until then."
        )
    if rule is Rule.COORDINATOR:
        return _("These hours have waited for two weeks or more, though the mentor was reminded.")
    if rule is Rule.UNSETTLED:
        return _(
            "These months would close by the rule of their programme, but hours in them still "
            "wait for somebody. They stay open until then."
        )
    if rule is Rule.EXPIRING:
        return _(
            "These people practised so long ago that everything personal of theirs will be made "
            "unreadable for good, a month after you first hear of it. Their hours stay in all "
            "sums, without a name."
        )
    return _("How far your trainees are. Only what you have signed counts.")


def _found(rule: Rule, person: Person, subjects: Sequence[str]) -> list[Item]:
    if rule is Rule.DIGEST:
        return _digest(Actor(person.id))
    if rule is Rule.EXPIRING:
        return _expiring(subjects)
    return _items(rule, person, subjects)


def _expiring(subjects: Sequence[str]) -> list[Item]:
    """Who of those is still to be erased."""
    wanted = {UUID(hex=subject) for subject in subjects}
    url = address_of("practicum:office_expiring")
    return [
        Item(one.name, _("last day of practice: %(day)s") % {"day": date_format(one.last)}, url)
        for one in expiring(SYSTEM)
        if one.person in wanted
    ]


def _items(rule: Rule, person: Person, subjects: Sequence[str]) -> list[Item]:
    found = []
    for subject in subjects:
        name, _colon, day = subject.partition(":")
        placement = Placement.objects.filter(pk=UUID(hex=name)).first()
        if placement is None:
            continue
        first = date.fromisoformat(day)
        is_month = rule is Rule.UNSETTLED
        item = _month(placement, first) if is_month else _item(rule, person, placement, first)
        if item is not None:
            found.append(item)
    return found


def _item(rule: Rule, person: Person, placement: Placement, monday: date) -> Item | None:
    """What is left to do of a week; nothing if it was done meanwhile."""
    waits_for_trainee = rule is Rule.TRAINEE
    states = (
        (EntryState.DRAFT, EntryState.RETURNED) if waits_for_trainee else (EntryState.SUBMITTED,)
    )
    rows = Entry.objects.filter(
        placement=placement,
        state__in=[state.value for state in states],
        day__gte=monday,
        day__lt=monday + timedelta(days=7),
    )
    if not rows.exists():
        return None
    url = _link(person, rows) if rule in (Rule.ASK, Rule.MENTOR) else ""
    if rule in (Rule.ASK, Rule.MENTOR) and not url:
        return None
    place = api.placement(SYSTEM, placement.pk)
    who = place.host_name if waits_for_trainee else place.trainee_name
    week = _("%(who)s, week of %(day)s") % {"who": who, "day": date_format(monday)}
    minutes = sum(rows.values_list("net_minutes", flat=True))
    said = ngettext("%(count)d day, %(hours)s", "%(count)d days, %(hours)s", rows.count())
    return Item(
        week,
        said % {"count": rows.count(), "hours": hours(minutes)},
        url or address_of("practicum:week", placement.pk, monday.isoformat()),
    )


def _month(placement: Placement, first: date) -> Item | None:
    """What still waits of a month that would be closed by now."""
    following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    rows = Entry.objects.filter(
        placement=placement, state__in=UNSETTLED, day__gte=first, day__lt=following
    )
    if not rows.exists():
        return None
    place = api.placement(SYSTEM, placement.pk)
    minutes = sum(rows.values_list("net_minutes", flat=True))
    said = ngettext("%(count)d day, %(hours)s", "%(count)d days, %(hours)s", rows.count())
    return Item(
        f"{place.trainee_name}, {date_format(first, 'YEAR_MONTH_FORMAT')}",
        said % {"count": rows.count(), "hours": hours(minutes)},
        address_of("practicum:office_placement", placement.pk),
    )


def _link(mentor: Person, rows: QuerySet[Entry]) -> str:
    try:
        _id, token = api.issue_review_link(
            SYSTEM, mentor.id, list(rows.values_list("pk", flat=True))
        )
    except api.InvalidValue:  # none of them is the mentor's any more
        return ""
    return address_of("practicum:arrive", token)


def _digest(actor: Actor) -> list[Item]:
    """A mentor's running placements: what is confirmed, what waits."""
    day = timezone.now().date()
    monday = week_of(day)
    items = []
    for place in api.placements(actor, running_on=day):
        if place.trainee == actor.person:
            continue
        figure = api.totals(actor, place.id).all
        said = _("%(confirmed)s of %(required)s confirmed, %(pending)s waiting") % {
            "confirmed": hours(figure.confirmed),
            "required": hours(figure.required),
            "pending": hours(figure.pending),
        }
        url = address_of("practicum:week", place.id, monday.isoformat())
        items.append(Item(place.trainee_name, said, url))
    return sorted(items, key=lambda item: item.title)
