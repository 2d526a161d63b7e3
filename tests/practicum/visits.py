"""Visits to the practicum's pages: who is signed in, and what a form sends."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from practicum import api
from practicum.api import SYSTEM, Actor
from tests.practicum.school import School

PAGE = {"Accept": "text/html"}


def sign_in(actor: Actor) -> Client:
    """A browser with an account whose verified address is that of a person of the practicum."""
    (person,) = (one for one in api.people(SYSTEM) if one.id == actor.person)
    user, _is_new = User.objects.get_or_create(username=person.mail, email=person.mail)
    EmailAddress.objects.get_or_create(
        user=user, email=person.mail, defaults={"verified": True, "primary": True}
    )
    client = Client(headers=PAGE)
    client.force_login(user)
    return client


def url(name: str, *args: object) -> str:
    return reverse(f"practicum:{name}", args=args)


def said(response: HttpResponseBase) -> str:
    """The page's text, with its entities undone as far as tests need."""
    text = getattr(response, "content", b"").decode()
    return str(text).replace("&#x27;", "'").replace("&quot;", '"')


def day_form(on: date, **changes: Any) -> dict[str, Any]:
    """What the form of a usual day sends."""
    return {
        "day": f"{on:%d.%m.%Y}",
        "start": "9:00",
        "end": "13:00",
        "pause": "",
        "main": "cataloguing",
        "text": "Описах книги.",
        "competencies": ["marc"],
        "entry": str(uuid4()),
        "version": "0",
        "keep_as": "",
        **changes,
    }


def log_day(client: Client, school: School, on: date, **changes: Any) -> HttpResponseBase:
    address = url("log", school.placement)
    response: HttpResponseBase = client.post(address, day_form(on, **changes), follow=True)
    return response


def decisions(page: str, **choices: str) -> dict[str, str]:
    """What a review form sends for what is on the page: all confirmed, but for ``choices``.

    A choice is an entry's id to its reason for a return.
    """
    sent: dict[str, str] = {"key": uuid4().hex}
    for part in page.split('name="shown_')[1:]:
        entry = part[:36]
        sent[f"shown_{entry}"] = part.split('value="')[1][:64]
        reason = choices.get(entry, "")
        sent[f"decision_{entry}"] = "return" if entry in choices else "confirm"
        sent[f"reason_{entry}"] = reason
    return sent


def link_for(school: School, *entries: UUID, mentor: Actor | None = None) -> str:
    """The address in the mail to a mentor."""
    asked = (mentor or school.mentor).person
    assert asked is not None
    _link, token = api.issue_review_link(SYSTEM, asked, list(entries))
    return url("arrive", token)
