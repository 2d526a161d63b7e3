"""The site's own form for a block's fields.

For block types whose editor is part of Open edX's Studio rather than of the block, and for those
that have none. What the form gives back are JSON values, as fields are kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from xblock.fields import Boolean, Float, Integer, List, Scope, String

from delivery.outline import ALWAYS, NEVER, NEVER_BUT_COUNTING, PAST_DUE
from delivery.runtime.registry import load_block_class
from delivery.runtime.services import I18nService
from delivery.tree import BlockNode

# The fields that the form shows, by OLX tag.
EDITED_HERE: Mapping[str, tuple[str, ...]] = {
    "html": ("display_name", "data"),
    "problem": (
        "display_name",
        "data",
        "max_attempts",
        "weight",
        "showanswer",
        "show_reset_button",
    ),
    "video": (
        "display_name",
        "html5_sources",
        "youtube_id_1_0",
        "transcripts",
        "download_video",
        "track",
        "download_track",
        "handout",
    ),
    "annotatable": ("display_name", "data"),
    "poll_question": ("display_name", "question", "answers"),
}
# Fields whose own words are missing or speak of Studio.
WORDS: Mapping[tuple[str, str], tuple[Any, Any]] = {
    ("html", "data"): (
        gettext_lazy("Text"),
        gettext_lazy("HTML. A picture of the course is written as /static/NAME."),
    ),
    ("problem", "data"): (
        gettext_lazy("Question"),
        gettext_lazy("In Open edX's XML for problems, from <problem> to </problem>."),
    ),
    ("annotatable", "data"): (
        gettext_lazy("Text"),
        gettext_lazy("XML, from <annotatable> to </annotatable>."),
    ),
    ("video", "html5_sources"): (
        gettext_lazy("Film files"),
        gettext_lazy("One address a line, such as /static/film.mp4."),
    ),
    ("video", "youtube_id_1_0"): (
        gettext_lazy("Film on YouTube"),
        gettext_lazy("Its id, such as dQw4w9WgXcQ. Trainees get a link, not a player."),
    ),
    ("video", "transcripts"): (
        gettext_lazy("Captions"),
        gettext_lazy('By language, as JSON, such as {"hr": "film-hr.srt"}: files of the course.'),
    ),
    ("poll_question", "question"): (gettext_lazy("Question"), ""),
    ("poll_question", "answers"): (gettext_lazy("Answers"), gettext_lazy("One a line.")),
}
LONG_TEXTS = frozenset({"content", "data", "description", "instructions", "question", "text"})
NAME_WORDS = gettext_lazy("Display name")
# What every class has besides its own fields, and what Open edX keeps for itself.
INTERNALS = frozenset({"name", "tags", "upstream_data", "upstream_display_name", "xml_attributes"})


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """The list as lines."""
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        """The lines that are not empty."""
        return [line.strip() for line in str(super().clean(value)).splitlines() if line.strip()]


class AnswersField(LinesField):
    """The answers of a poll, one a line; one whose words stay keeps its id, and so its votes."""

    def __init__(self, *, known: list[dict[str, str]], **options: Any) -> None:
        super().__init__(**options)
        self._ids = {str(answer.get("text")): str(answer.get("id")) for answer in known}

    def prepare_value(self, value: Any) -> Any:
        """The words of each answer."""
        if isinstance(value, list):
            return "\n".join(str(answer.get("text", "")) for answer in value)
        return value

    def clean(self, value: Any) -> Any:
        """The answers with their ids."""
        lines = list(dict.fromkeys(super().clean(value)))
        taken = {self._ids[line] for line in lines if line in self._ids}
        free = (name for n in range(1, 10_000) if (name := f"answer{n}") not in taken)
        return [{"id": self._ids.get(line) or next(free), "text": line} for line in lines]


class JsonField(forms.CharField):
    """Any JSON value, as text."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """The value as text, which what was typed is already."""
        if isinstance(value, str) or value is None:
            return value
        return json.dumps(value, ensure_ascii=False, indent=2)

    def clean(self, value: Any) -> Any:
        """The value; nothing for an empty text."""
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        try:
            return json.loads(text)
        except ValueError as error:
            raise forms.ValidationError(
                _("This is not JSON: %(reason)s") % {"reason": error}
            ) from error


class FieldsForm(forms.Form):
    """Some fields of one block."""

    def __init__(self, node: BlockNode, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.node = node
        self._block_class = load_block_class(node.block_type)
        for name in editable_names(node.block_type):
            self.fields[name] = _form_field(node, name, self._block_class)
            default = self._block_class.fields[name].default
            self.initial[name] = node.fields.get(name, default)

    def values(self) -> dict[str, Any]:
        """All fields of the block, with those of the form as they were filled in.

        A field that is left at its default stays unset, and one that is emptied becomes so.
        """
        fields = dict(self.node.fields)
        for name in self.fields:
            value = self.cleaned_data[name]
            value = value.replace("\r\n", "\n") if isinstance(value, str) else value
            default = self._block_class.fields[name].default
            is_default = value == default or (value == "" and default is None)
            if value is None or (is_default and name not in fields):
                fields.pop(name, None)
            else:
                fields[name] = value
        return fields


def editable_names(block_type: str) -> tuple[str, ...]:
    """The fields that the form has for a block type; raises ``BlockTypeMissing``."""
    if block_type in EDITED_HERE:
        return EDITED_HERE[block_type]
    block_class = load_block_class(block_type)
    return tuple(_authored(block_class))


def _authored(block_class: Any) -> Iterator[str]:
    names = [name for name in block_class.fields if name not in INTERNALS]
    for name in sorted(names, key=lambda name: name != "display_name"):
        if block_class.fields[name].scope in (Scope.content, Scope.settings):
            yield name


def _form_field(node: BlockNode, name: str, block_class: Any) -> forms.Field:
    field = block_class.fields[name]
    label, help_text = _words(node.block_type, name, field, block_class)
    options: dict[str, Any] = {"label": label, "help_text": help_text, "required": False}
    if (node.block_type, name) == ("poll_question", "answers"):
        return AnswersField(known=node.fields.get("answers") or [], **options)
    if isinstance(field, Boolean):
        return forms.BooleanField(**options)
    if isinstance(field, Integer | Float):
        kind = forms.IntegerField if isinstance(field, Integer) else forms.FloatField
        return kind(**options)
    if isinstance(field, String):
        return _text_field(name, field, options)
    if isinstance(field, List) and name == "html5_sources":
        return LinesField(widget=_area(4), **options)
    return JsonField(widget=_area(6), **options)


def _text_field(name: str, field: Any, options: dict[str, Any]) -> forms.Field:
    choices = [
        (entry["value"], entry["display_name"]) if isinstance(entry, dict) else (entry, entry)
        for entry in field.values or ()
    ]
    if choices:
        return forms.ChoiceField(choices=choices, **options)
    if name in LONG_TEXTS or field.runtime_options.get("multiline_editor"):
        return forms.CharField(widget=_area(18), strip=False, **options)
    return forms.CharField(max_length=None if name != "display_name" else 255, **options)


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "spellcheck": "true"})


def _words(block_type: str, name: str, field: Any, block_class: Any) -> tuple[Any, Any]:
    if (block_type, name) in WORDS:
        return WORDS[block_type, name]
    if name == "display_name":
        return NAME_WORDS, ""
    translate = I18nService(block_class).gettext
    label = field._display_name or name.replace("_", " ").capitalize()
    return translate(str(label)), translate(str(field.help)) if field.help else ""


# --- Settings that every block has --------------------------------------------------------------


class MomentField(forms.DateTimeField):
    """A moment, in the browser's own picker; kept as OLX has it."""

    def __init__(self, **options: Any) -> None:
        picker = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=picker, required=False, **options)


class SettingsForm(forms.Form):
    """The name of a block, when it opens and closes, and whether it counts."""

    display_name = forms.CharField(label=gettext_lazy("Name"), max_length=255)
    start = MomentField(
        label=gettext_lazy("Opens"), help_text=gettext_lazy("Trainees do not see it before.")
    )
    due = MomentField(
        label=gettext_lazy("Due"), help_text=gettext_lazy("Answers given later do not count.")
    )
    show_correctness = forms.ChoiceField(
        label=gettext_lazy("Results"),
        help_text=gettext_lazy("When trainees see what was right and how many points they have."),
        choices=(
            (ALWAYS, gettext_lazy("shown at once")),
            (PAST_DUE, gettext_lazy("shown after the due date")),
            (NEVER_BUT_COUNTING, gettext_lazy("not shown, but in the grade they see")),
            (NEVER, gettext_lazy("not shown")),
        ),
        required=False,
    )
    visible_to_staff_only = forms.BooleanField(
        label=gettext_lazy("For the staff alone"), required=False
    )
    graded = forms.BooleanField(label=gettext_lazy("Counts towards the grade"), required=False)
    format = forms.ChoiceField(label=gettext_lazy("As"), required=False)

    def __init__(self, node: BlockNode, formats: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.node = node
        if node.block_type == "sequential":
            known = list(dict.fromkeys((*formats, str(node.fields.get("format") or ""))))
            choices = [("", gettext_lazy("nothing")), *((name, name) for name in known if name)]
            self.fields["format"] = forms.ChoiceField(
                label=gettext_lazy("As"),
                help_text=gettext_lazy("Its kind in the grading policy."),
                choices=choices,
                required=False,
            )
        else:
            del self.fields["graded"], self.fields["format"], self.fields["show_correctness"]
        if node.block_type not in ("sequential", "chapter") and not node.has_score:
            del self.fields["due"]
        self.initial.update({name: self._initial(name) for name in self.fields})

    def _initial(self, name: str) -> Any:
        if name == "display_name":
            return self.node.display_name
        value = self.node.fields.get(name)
        if name == "show_correctness":
            return value or ALWAYS
        if name not in ("start", "due") or not value:
            return value
        try:
            return parse_datetime(str(value).strip('"'))
        except ValueError:
            return None

    def changes(self) -> dict[str, Any]:
        """The fields to set; ``None`` for those that get their default back."""
        changes: dict[str, Any] = {}
        for name in self.changed_data:
            value = self.cleaned_data[name]
            changes[name] = _iso(value) if isinstance(value, datetime) else value or None
        return changes


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
