"""The words of the pages on which courses are changed."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from delivery.authoring.catalogue import words_for
from delivery.authoring.changes import ADDED, EDITED, MOVED, REMOVED, Comparison, FieldChange
from delivery.authoring.fields import WORDS
from delivery.runtime.registry import BlockTypeMissing, load_block_class
from delivery.runtime.services import I18nService

register = template.Library()

KIND_WORDS = {
    ADDED: gettext_noop("added"),
    EDITED: gettext_noop("edited"),
    MOVED: gettext_noop("moved"),
    REMOVED: gettext_noop("deleted"),
}
FIELD_WORDS = {
    "display_name": gettext_noop("Name"),
    "start": gettext_noop("Opens"),
    "due": gettext_noop("Due"),
    "visible_to_staff_only": gettext_noop("For the staff alone"),
    "graded": gettext_noop("Counts towards the grade"),
    "format": gettext_noop("Kind in the grading policy"),
    "grading_policy": gettext_noop("Grading policy"),
}


@register.filter
def count_kind(changes: Comparison, kind: str) -> int:
    """How many blocks are changed in one way."""
    return changes.count(kind)


@register.filter
def kind_word(kind: str) -> str:
    """The word for a way in which something is changed."""
    return _(KIND_WORDS[kind])


@register.filter
def type_name(block_type: str) -> str:
    """What a block type is called."""
    return str(words_for(block_type)[0])


@register.filter
def field_name(name: str, block_type: str) -> str:
    """What a field is called on the pages where it is filled in."""
    if (block_type, name) in WORDS:
        return str(WORDS[block_type, name][0])
    if name in FIELD_WORDS:
        return _(FIELD_WORDS[name])
    try:
        block_class = load_block_class(block_type)
    except BlockTypeMissing:
        return name
    field = block_class.fields.get(name)
    label = getattr(field, "_display_name", None)
    return I18nService(block_class).gettext(str(label)) if label else name


@register.filter
def show_value(value: Any) -> str:
    """A field's value as its author wrote it, or laid out if it is structured."""
    if value is None:
        return _("(not set)")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)


@register.filter
def in_list(change: FieldChange) -> list[FieldChange]:
    """One change, for a part of a page that takes several."""
    return [change]
