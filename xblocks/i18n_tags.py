"""``{% load i18n %}`` in the blocks' templates: the words of the block's own catalogue.

Django's tags know only the catalogues of installed apps, while a block's messages come from its
host's ``i18n`` service. The template's context brings the function as ``translate``.
"""

from __future__ import annotations

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

register = template.Library()


class TranslateNode(template.Node):
    """Writes one translated message, escaped."""

    def __init__(self, message: str) -> None:
        self.message = message

    def render(self, context: Context) -> SafeString:
        """The message in the reader's language."""
        return conditional_escape(str(context["translate"](self.message)))


@register.tag("translate")
def translate(parser: Parser, token: Token) -> TranslateNode:
    """``{% translate "message" %}``; what varies is filled in by the script or the view."""
    parts = token.split_contents()
    literal = parts[1] if len(parts) == 2 else ""
    if len(literal) < 2 or literal[0] not in "\"'" or literal[0] != literal[-1]:
        raise template.TemplateSyntaxError("translate takes one message in quotation marks.")
    return TranslateNode(literal[1:-1])
