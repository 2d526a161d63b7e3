"""Authors' markup inside other people's blocks, with everything taken out that could act.

What authors write must never run: the frame's content security policy sees to that. This is the
first line before it. Fields with HTML pass the same gate as all other HTML. Fields with XML of a
block's own are left alone, and what the block makes of them is disarmed instead.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import nh3

from quarantine.html import sanitize
from quarantine.html_policy import TAGS

OWN_MARKUP = {
    ("problem", "data"),
    ("problem", "markdown"),
    ("annotatable", "data"),
    ("word_cloud", "data"),
    ("lti", "data"),
}
TAG = re.compile(r"<[a-zA-Z/!?]")
INERT_LINK = re.compile(r"""href=(["'])javascript:(?:void\(0\)|;|)\1""", re.IGNORECASE)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FORM_TAGS = _words(
    "button canvas datalist fieldset form input label legend meter nav optgroup option output "
    "progress select textarea"
)
FORM_ATTRIBUTES = _words(
    "accept align aria-describedby autocapitalize autocomplete autocorrect border cellpadding "
    "cellspacing checked class cols colspan disabled dir for height href id inputmode label lang "
    "list max maxlength min multiple name pattern placeholder readonly required role rows rowspan "
    "selected size spellcheck src step style tabindex target title type usemap value valign width"
)
STYLE_PROPERTIES = _words(
    "background background-color border border-bottom border-collapse border-color border-left "
    "border-radius border-right border-spacing border-style border-top border-width bottom clear "
    "color display float font font-family font-size font-style font-weight height left "
    "letter-spacing line-height list-style-type margin margin-bottom margin-left margin-right "
    "margin-top max-height max-width min-height min-width opacity overflow padding padding-bottom "
    "padding-left padding-right padding-top position right text-align text-decoration "
    "text-indent text-transform top vertical-align visibility white-space width word-break"
)
DROPPED_WITH_CONTENT = frozenset({"script", "style", "title", "noscript", "template"})


def clean_authored(block_type: str, name: str, value: Any) -> Any:
    """An authored value as a block may have it: every text with tags in it sanitised.

    Raises ``quarantine.html.HtmlRefused`` for HTML that is too large or too tangled to clean.
    """
    if (block_type, name) in OWN_MARKUP:
        return value
    return _clean(value)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _clean_text(value) if TAG.search(value) else value
    if isinstance(value, list):
        return [_clean(part) for part in value]
    if isinstance(value, dict):
        return {name: _clean(part) for name, part in value.items()}
    return value


@lru_cache(maxsize=10_000)
def _clean_text(text: str) -> str:
    return sanitize(text)


def _final_value(tag: str, name: str, value: str) -> str | None:
    # An address in a style would tell another server who reads this; an escape could hide one.
    return None if name == "style" and ("url(" in value.lower() or "\\" in value) else value


def disarm(html: str) -> str:
    """``html`` that a block has made of its author's words, as something that only shows and asks.

    Forms, ids, classes, ``data-`` attributes and inline styles stay, so that the block's own
    script finds what it looks for; scripts, event handlers, frames and odd URLs do not.
    """
    return nh3.clean(
        INERT_LINK.sub('href="#"', html),
        tags=set(TAGS) | FORM_TAGS,
        clean_content_tags=set(DROPPED_WITH_CONTENT),
        attributes={
            "*": set(FORM_ATTRIBUTES),
            **{tag: set(names) for tag, names in TAGS.items() if names - FORM_ATTRIBUTES},
        },
        generic_attribute_prefixes={"data-", "aria-"},
        attribute_filter=_final_value,
        filter_style_properties=set(STYLE_PROPERTIES),
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
        strip_comments=True,
    )
