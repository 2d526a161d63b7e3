"""Who may call a view of the practicum: said on the view, checked here, in both homes.

The word stands on the view as ``who_may_call``, so that a host with a list of its own can read it.
Whether somebody may do what they ask for is decided by the commands of ``practicum.api``.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from practicum import api
from practicum.api import Actor
from practicum.words import say


class Who(StrEnum):
    """Who may call a view."""

    ANYONE = "anyone"
    SIGNED_IN = "signed in"
    COORDINATOR = "coordinator"  # of the practicum, by appointment


# An account that takes no part in any practicum: sees nothing, and may do nothing.
STRANGER = Actor(UUID(int=0))

View = Callable[..., HttpResponse]


class PracticumRequest(HttpRequest):
    """A request whose sender is known; ``STRANGER`` for views that anyone may call."""

    actor: Actor


def access(who: Who) -> Callable[[View], View]:
    """Let those who ``who`` names call the decorated view; ``request.actor`` is who they are.

    What the view's commands refuse becomes the answer: not there (404), not allowed (403). A form
    that went off before and was sent again with something else leads back to its page.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def checked(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            request.actor = STRANGER
            if who is not Who.ANYONE:
                if not request.user.is_authenticated:
                    return _ask_to_sign_in(request)
                request.actor = actor_of(request)
            if who is Who.COORDINATOR and not api.is_coordinator(request.actor):
                raise PermissionDenied(_("This page is for coordinators of the practicum."))
            try:
                return view(request, *args, **kwargs)
            except api.NotFound as error:
                raise Http404(_("There is no such page in your practicum.")) from error
            except api.NotAllowed as error:
                raise PermissionDenied(say(error)) from error
            except api.KeyReused:
                messages.warning(request, _("This form was sent before. Please look again."))
                return back(request)

        checked.who_may_call = who.value  # type: ignore[attr-defined]  # read back by hosts
        return checked

    return declare


def back(request: HttpRequest) -> HttpResponse:
    """To the page that the form was on, if it is one of ours."""
    wanted = request.POST.get("next", "")
    hosts = {request.get_host()}
    if url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure()):
        return redirect(wanted)
    return redirect("practicum:home")


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.method == "GET" and wants_page(request):
        return redirect_to_login(request.get_full_path())
    return JsonResponse({"error": _("Please sign in.")}, status=403)


def wants_page(request: HttpRequest) -> bool:
    """Whether a browser asks for a page, rather than a script for data."""
    return "text/html" in request.headers.get("Accept", "")


def actor_of(request: HttpRequest) -> Actor:
    """Who the signed-in account is in the practicum."""
    known = api.recognise(request.user, lambda: is_mail_verified(request.user))
    return known or STRANGER


def is_mail_verified(user: Any) -> bool:
    """Whether the host has seen that the account's address is its owner's.

    By the function that ``PRACTICUM_MAIL_VERIFIED`` names; without one, an active account's is,
    as in Open edX.
    """
    path = getattr(settings, "PRACTICUM_MAIL_VERIFIED", "")
    return bool(import_string(path)(user)) if path else bool(user.is_active)
