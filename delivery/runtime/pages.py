"""Author's text as part of our own pages: sanitised, linked, its formulas as MathML."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from delivery.access import Visit
from delivery.runtime.formulas import render_formulas
from delivery.runtime.links import rewrite_links
from delivery.runtime.visitor import anonymous_id_of
from quarantine.html import sanitize

PAGES_KEPT = 2_000
MARK = "%%"


@lru_cache(maxsize=PAGES_KEPT)
def _page(course_key: str, html: str, is_draft: bool) -> str:
    return rewrite_links(render_formulas(sanitize(html)), course_key, is_draft=is_draft)


def render_text(visit: Visit, fields: Mapping[str, Any]) -> SafeString:
    """The text of an ``html`` block; raises ``quarantine.html.HtmlRefused``.

    ``%%USER_ID%%``, ``%%USER_EMAIL%%`` and ``%%COURSE_ID%%`` are filled in as in Open edX.
    """
    course_key = visit.course.key
    page = _page(course_key, str(fields.get("data") or ""), visit.tree.is_draft)
    if MARK in page:
        values = {
            "USER_ID": anonymous_id_of(visit),
            "USER_EMAIL": visit.user.email,
            "COURSE_ID": course_key,
        }
        for name, value in values.items():
            page = page.replace(f"{MARK}{name}{MARK}", escape(value))
    # Sanitised above; what was put in since is escaped or checked markup of our own.
    return format_html('<div class="prose">{}</div>', mark_safe(page))  # noqa: S308  # see above
