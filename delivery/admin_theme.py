"""The settings of django-unfold: the admin in the site's paper, ink and accent."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static

# From paper to ink, and from a blush to the accent; the dark page takes the dark end.
_INK = ("faf7f1", "f2eee5", "e5dfd2", "d9d1c3", "b5ab9b", "857b6e", "5c544a", "443d34", "2c2720")
_ACCENT = ("fbf0ef", "f5dedc", "ecc4c0", "e29a8f", "c96f6a", "a8484c", "7a2e35", "651f27", "4f1a20")
_STEPS = ("50", "100", "200", "300", "400", "500", "600", "700", "800")


def school_name(request: HttpRequest) -> str:
    """The name over the admin."""
    return str(settings.SCHOOL_NAME)


def favicon(request: HttpRequest) -> str:
    """The drawing on the browser's tab."""
    return static("delivery/favicon.svg")


def _palette(colours: tuple[str, ...], darkest: tuple[str, str]) -> dict[str, str]:
    steps = zip((*_STEPS, "900", "950"), (*colours, *darkest), strict=True)
    return {name: f"#{value}" for name, value in steps}


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": school_name,
    "SITE_HEADER": school_name,
    "SITE_SYMBOL": "menu_book",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": favicon}],
    "SITE_URL": "/",
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "6px",
    "COLORS": {
        "base": _palette(_INK, ("211e17", "17150f")),
        "primary": _palette(_ACCENT, ("3a1418", "231512")),
    },
    "SIDEBAR": {"show_search": True, "show_all_applications": True},
}
