"""The blocks' Django templates, whatever templates the host itself has."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.template import Context, Engine
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from quarantine.html import sanitize

TEMPLATES = Path(__file__).parent / "templates"
ISLAND_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@cache
def _engine() -> Engine:
    return Engine(dirs=[str(TEMPLATES)], libraries={"i18n": "xblocks.i18n_tags"})


def render_template(
    name: str, context: Mapping[str, Any], translate: Callable[[str], str]
) -> SafeString:
    """The template ``name`` of the blocks with ``context``, autoescaped."""
    values = {**context, "translate": translate}
    return _engine().get_template(name).render(Context(values))


@lru_cache(maxsize=512)
def clean_html(html: str) -> SafeString:
    """Author HTML, sanitised; raises ``HtmlRefused``. Kept, for cleaning takes milliseconds."""
    return mark_safe(sanitize(html))  # noqa: S308  # the sanitiser's own output


def data_island(state: Mapping[str, Any]) -> SafeString:
    """``state`` as a script element that the block's module reads; nothing in it can end it."""
    text = json.dumps(state, ensure_ascii=False, allow_nan=False).translate(ISLAND_ESCAPES)
    return format_html(
        '<script type="application/json" class="libschool-state">{}</script>',
        mark_safe(text),  # noqa: S308  # escaped for a script element just above
    )
