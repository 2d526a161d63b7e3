"""The page behind a review link: a mentor without an account sees a week, and decides.

The address in the mail holds the token. Opening it keeps the token in the visitor's session and
leads on to an address without it, so that it is neither in what they forward nor in a referrer.
Opening decides nothing, since mail scanners open everything.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from practicum import api
from practicum.api import SYSTEM, MailWishes, ReviewLinkView
from practicum.views.access import PracticumRequest, Who, access
from practicum.views.reviewing import decide, is_undoable, pile_up, take_back
from practicum.views.showing import lines, names_for
from practicum.views.throttle import is_over, is_over_for

KEPT = "practicum_links"
MOST_KEPT = 20
MOST_WRONG = 30  # tries with what is no link, from an address
MOST_RIGHT = 120  # openings of one link

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """Nothing of the page is kept anywhere, nor told to others."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        add_never_cache_headers(response)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return shown


@access(Who.ANYONE)
@private
@require_safe
def arrive(request: PracticumRequest, token: str) -> HttpResponse:
    """Take the token out of the address, and lead on to the page."""
    try:
        opened = api.open_review_link(token)
    except api.LinkInvalid as error:
        return _refuse(request, error)
    link = opened.actor.link or UUID(int=0)
    kept = dict(list(request.session.get(KEPT, {}).items())[-MOST_KEPT:])
    request.session[KEPT] = {**kept, link.hex: token}
    response = redirect("practicum:review_link", link)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@access(Who.ANYONE)
@private
@require_http_methods(["GET", "HEAD", "POST"])
def review_link(request: PracticumRequest, link: UUID) -> HttpResponse:
    """Show what the link lists, or carry out the decisions on it."""
    try:
        opened = _open(request, link)
        if request.method == "POST":
            decide(request, opened.actor, request.POST)
            return redirect("practicum:review_link", link)
    except api.LinkInvalid as error:
        return _refuse(request, error)
    if is_over_for("link", link.hex, MOST_RIGHT):
        return render(request, "practicum/link_busy.html", status=429)
    places = {one.id: one for one in opened.placements}
    every = lines(opened.entries, places, names_for(SYSTEM))
    waiting = [one for one in every if one.record.id not in opened.decided | opened.stale]
    context = {
        "opened": opened,
        "link": link,
        "piles": pile_up(waiting),
        "decided": [one for one in every if one.record.id in opened.decided],
        "changed": [one for one in every if one.record.id in opened.stale - opened.decided],
        "undoable": {one.record.id for one in every if is_undoable(one, opened.actor)},
        "wishes": api.mail_wishes(opened.actor),
        "key": uuid4().hex,
    }
    return render(request, "practicum/link.html", context)


@access(Who.ANYONE)
@private
@require_POST
def undo_by_link(request: PracticumRequest, link: UUID, entry: UUID) -> HttpResponse:
    """Take a signature back that was given by the link."""
    try:
        take_back(request, _open(request, link).actor, entry)
    except api.LinkInvalid as error:
        return _refuse(request, error)
    return redirect("practicum:review_link", link)


@access(Who.ANYONE)
@private
@require_POST
def wish_by_link(request: PracticumRequest, link: UUID) -> HttpResponse:
    """Stop reminders, or let them come again."""
    try:
        actor = _open(request, link).actor
    except api.LinkInvalid as error:
        return _refuse(request, error)
    known = api.mail_wishes(actor)
    wants = "remind" in request.POST
    api.wish_mail(actor, MailWishes(known.language, wants, wants))
    return redirect("practicum:review_link", link)


def _open(request: HttpRequest, link: UUID) -> ReviewLinkView:
    """What the link shows to whoever came by its whole address; raises ``LinkInvalid``."""
    token = request.session.get(KEPT, {}).get(link.hex, "")
    if not token:
        raise api.LinkInvalid
    return api.open_review_link(token)


def _refuse(request: HttpRequest, error: api.LinkInvalid) -> HttpResponse:
    """Say what is wrong with the link, and what to do; after many wrong ones say less."""
    if type(error) is api.LinkInvalid and is_over(request, "wrong-link", MOST_WRONG):
        return render(request, "practicum/link_busy.html", status=429)
    context = {
        "is_expired": isinstance(error, api.LinkExpired),
        "is_revoked": isinstance(error, api.LinkRevoked),
    }
    return render(
        request,
        "practicum/link_refused.html",
        context,
        status=410 if any(context.values()) else 404,
    )
