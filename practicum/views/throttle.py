"""No more than so many tries in a while, by the cache: enough against guessing and haste."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.module_loading import import_string

WINDOW = 600


def is_over(request: HttpRequest, what: str, most: int) -> bool:
    """Count a try from the request's address; whether it is one too many.

    Behind proxies the host knows better than the connection where a request came from: by the
    function that ``PRACTICUM_ADDRESS_OF`` names.
    """
    path = getattr(settings, "PRACTICUM_ADDRESS_OF", "")
    address = import_string(path)(request) if path else request.META.get("REMOTE_ADDR", "")
    return is_over_for(what, address, most)


def is_over_for(what: str, who: str, most: int, *, window: int = WINDOW) -> bool:
    """Count a try of somebody's; whether it is one too many within the window, in seconds."""
    key = f"practicum:{what}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"
    if cache.add(key, 1, window):
        return most < 1
    try:
        return int(cache.incr(key)) > most
    except ValueError:  # it ran out between the two calls
        return False
