"""The block ``marc_record``: a trainee catalogues a source, field by field, and is graded."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError
from xblock.fields import Boolean, Scope, String

from grading.api import InvalidAnswer, InvalidExercise, ItemState, check_exercise
from grading.marc import (
    MATERIALS,
    POLICIES,
    PROFILES,
    PUNCTUATION,
    check_record,
    keys_of,
    labels_of,
    layout_of,
    model_record,
    tags_of_fixed_subfields,
    usual_grading,
)
from quarantine.marc import MarcRefused, read_marc
from xblocks.authoring import FEEDBACK_GROUP, POINTS_GROUP
from xblocks.block import _, callable_by
from xblocks.editing import Finding, FormGroup, names_in
from xblocks.fields import JsonDict, JsonList
from xblocks.marc_review import EMPTY_KEY, is_blank, review_keys
from xblocks.requests import read_value
from xblocks.scenarios import MARC_RECORD_SCENARIOS
from xblocks.sourced import SourcedExerciseBlock

PROFILE_NAMES = {
    "marc21": "MARC 21",
    "unimarc": "UNIMARC",
    "comarc": "COMARC/B",
    "rusmarc": "RUSMARC",
}
MOST_FIELDS = 200
MOST_SUBFIELDS = 1000
MOST_BYTES_READ = 1024 * 1024

_SHAPE = _("A record is a list of fields: tag, indicators, subfields.")
_TOO_MANY = _("A record may have 200 fields.")
_TOO_MANY_SUBFIELDS = _("A record may have 1000 subfields.")


class MarcRecordBlock(SourcedExerciseBlock):
    """A record editor for MARC 21, UNIMARC and COMARC, graded against model records."""

    GRADER: ClassVar[str] = "marc"
    TEMPLATE: ClassVar[str] = "marc_record.html"
    MODULE: ClassVar[str] = "marc_record.js"
    STYLES: ClassVar[tuple[str, ...]] = ("block.css", "exercise.css", "marc_record.css")

    display_name = String(
        display_name=_("Display name"),
        help=_("The heading of this exercise."),
        scope=Scope.settings,
        default=_("Catalogue record"),
    )
    profile = String(
        display_name=_("Format"),
        help=_("The format the record is made in."),
        scope=Scope.settings,
        default="marc21",
        values=[{"display_name": PROFILE_NAMES[name], "value": name} for name in PROFILES],
    )
    exercise = JsonDict(
        display_name=_("Key"),
        help=_(
            "The right record, with what else is accepted. Trainees never see how it is graded."
        ),
        scope=Scope.content,
        default={},
    )
    starter = JsonList(
        display_name=_("Starter"),
        help=_("The fields the trainee begins with: none, empty ones, or a record with errors."),
        scope=Scope.content,
        default=[],
    )
    check_while_typing = Boolean(
        display_name=_("Check the format while the trainee types"),
        help=_("Tells of tags, codes and marks the format does not allow, never of the key."),
        scope=Scope.settings,
        default=True,
    )

    FORM = (
        FormGroup("task", _("Task"), ("display_name", "prompt")),
        FormGroup("source", _("Source"), ("source_text", "source_image", "source_image_alt")),
        FormGroup("key", _("Key"), ("profile", "exercise")),
        FormGroup("starter", _("What the trainee begins with"), ("starter", "check_while_typing")),
        POINTS_GROUP,
        FEEDBACK_GROUP,
    )
    editable_fields = names_in(FORM)
    EDITOR_MODULE = "marc_record_editor.js"
    EDITOR_STYLES = ("editor.css", "marc_record_editor.css")
    PREVIEWED = frozenset({"check", "labels", "layout", "read_record"})

    # --- What the page gets ---

    def page_context(self) -> dict[str, Any]:
        """The task, the source and the format."""
        return {**super().page_context(), "profile": self.profile}

    def exercise_state(self, item: ItemState, answer_shown: bool) -> dict[str, Any]:
        """The record in the editor, the one submitted and, once it may be shown, the model."""
        return {
            "profile": self.profile,
            "fields": self.starter if item.draft is None else item.draft,
            "submitted": item.last.answer if item.last else None,
            "answer": self._model() if answer_shown else None,
        }

    def page_state(self, state: dict[str, Any]) -> dict[str, Any]:
        """The names of the format's fields; of subfields only those in the record.

        The names of all subfields would be most of the page; ``labels`` brings them on demand.
        """
        shown = {field[0] for name in ("fields", "submitted") for field in state[name] or ()}
        labels = {
            tag: self._label(entry, with_subfields=tag in shown)
            for tag, entry in labels_of(self.profile).items()
        }
        return {
            "labels": labels,
            "fixed_subfields": tags_of_fixed_subfields(self.profile),
            "checks": self.check_while_typing,
            "starter": self.starter if self.check_while_typing else [],
        }

    def _label(self, entry: Mapping[str, Any], *, with_subfields: bool) -> dict[str, Any]:
        label = {"label": self.translate(entry["label"])}
        if not with_subfields:
            return label
        subfields = {code: self.translate(name) for code, name in entry["subfields"].items()}
        return {**label, "subfields": subfields}

    def _model(self) -> list[list[Any]] | None:
        try:
            return model_record(self.exercise)
        except InvalidExercise:
            return None

    # --- Handlers ---

    @callable_by("learner")
    @XBlock.json_handler
    def read_record(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """The fields of a pasted ``{"text"}`` or an uploaded ``{"base64", "name"}`` record."""
        try:
            outcomes = read_marc(self._uploaded(data))
        except MarcRefused as error:
            raise JsonHandlerError(400, self._refusal(error)) from error
        records = [outcome.record for outcome in outcomes if outcome.record is not None]
        if not records:
            raise JsonHandlerError(400, self._refusal(outcomes[0].error))
        warnings = [self._refusal(outcome.error) for outcome in outcomes if outcome.error]
        if len(outcomes) > 1:
            warnings.insert(0, self.translate("There are several records; the first is taken."))
        return {"fields": records[0], "warnings": warnings}

    def _uploaded(self, data: Any) -> bytes:
        text = read_value(data, "text", None)
        if isinstance(text, str):
            content = text.encode("utf-8", "replace")
        else:
            encoded = read_value(data, "base64")
            try:
                content = base64.b64decode(encoded, validate=True)
            except (binascii.Error, TypeError, ValueError) as error:
                raise JsonHandlerError(400, self.translate("The file is damaged.")) from error
        if len(content) > MOST_BYTES_READ:
            raise JsonHandlerError(413, self.translate("The file is too large for one record."))
        return content

    def _refusal(self, error: MarcRefused | None) -> str:
        if error is None:
            return ""
        message = self.translate(error.template) % error.params
        return f"{error.where}: {message}" if error.where else message

    @callable_by("learner")
    @XBlock.json_handler
    def labels(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """The names of all fields and subfields of the format, as ``{"labels"}``."""
        entries = labels_of(self.profile).items()
        return {"labels": {tag: self._label(e, with_subfields=True) for tag, e in entries}}

    @callable_by("learner")
    @XBlock.json_handler
    def layout(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """The labelled positions of a fixed field: ``{"tag", "leader"}`` to ``{"positions"}``."""
        tag, leader = read_value(data, "tag"), read_value(data, "leader", "")
        if not isinstance(tag, str) or not isinstance(leader, str):
            raise JsonHandlerError(400, self.translate("A tag is needed."))
        rows = layout_of(self.profile, tag, leader)
        return {"positions": [self._translated(row) for row in rows]}

    def _translated(self, position: dict[str, Any]) -> dict[str, Any]:
        codes = {code: self.translate(label) for code, label in position["codes"].items()}
        return {**position, "name": self.translate(position["name"]), "codes": codes}

    @callable_by("learner")
    @XBlock.json_handler
    def check(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """What the format does not allow in a record being made: ``{"fields"}``.

        Nothing of the key goes into ``{"diagnostics"}``, and nothing that is only still missing.
        """
        if not self.check_while_typing:
            message = self.translate("Records are not checked while you type here.")
            raise JsonHandlerError(403, message)
        fields = read_value(data, "fields")
        with self.refusals():
            self.check_draft(fields)
        found = check_record(self.profile, fields, self.translate, strictness="draft")
        return {"diagnostics": found}

    @callable_by("author")
    @XBlock.json_handler
    def describe_format(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """What the editor of a key has to know of a format: ``{"profile"}``."""
        profile = read_value(data, "profile")
        if profile not in PROFILES:
            raise JsonHandlerError(400, self.translate("This format is not known."))
        entries = labels_of(profile).items()
        return {
            "labels": {tag: self._label(entry, with_subfields=True) for tag, entry in entries},
            "fixed_subfields": tags_of_fixed_subfields(profile),
            "usual": usual_grading(profile),
        }

    # --- Checks ---

    def review(self) -> Iterator[Finding]:
        """What an author should know of each key and of what trainees begin with."""
        yield from super().review()
        yield from review_keys(self.exercise, self.profile, self.translate)
        if "start" in self.exercise and self.exercise["start"] != self.starter:
            message = _("Mending is measured by another record than trainees begin with.")
            yield Finding("warning", "starter", self.translate(message))

    def editor_context(self) -> dict[str, Any]:
        """The template with the words of the key's editor."""
        return {"own_template": "editor/marc_record.html"}

    def editor_state(self) -> dict[str, Any]:
        """What an author may choose from in a key."""
        return {
            "profiles": [{"value": name, "label": PROFILE_NAMES[name]} for name in PROFILES],
            "punctuation": list(PUNCTUATION),
            "policies": list(POLICIES),
            "materials": list(MATERIALS),
        }

    def check_draft(self, draft: Any) -> None:
        """Raise ``InvalidAnswer`` unless ``draft`` has the shape of a record, finished or not."""
        if not isinstance(draft, list):
            raise InvalidAnswer(_SHAPE)
        if len(draft) > MOST_FIELDS:
            raise InvalidAnswer(_TOO_MANY)
        for index, field in enumerate(draft):
            if not _is_field(field):
                raise InvalidAnswer(_SHAPE, f"fields[{index}]")
        if sum(len(field[2]) for field in draft if len(field) > 2) > MOST_SUBFIELDS:
            raise InvalidAnswer(_TOO_MANY_SUBFIELDS)

    def check_exercise(self, data: Any) -> None:
        """Raise ``InvalidExercise`` for a key that cannot grade or a wrong starter."""
        if data.profile not in PROFILES:
            raise InvalidExercise(_("This format is not known."), "profile")
        try:
            self.check_draft(data.starter)
        except InvalidAnswer as error:
            where = f"starter.{error.where}".rstrip(".")
            raise InvalidExercise(error.template, where, **error.params) from error
        self.check_source(data)
        for number, key in enumerate(keys_of(data.exercise)):
            if is_blank(key):
                raise InvalidExercise(EMPTY_KEY, f"keys[{number}]")
        check_exercise(self.GRADER, data.exercise)

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """Two exercises to try in the XBlock workbench."""
        return MARC_RECORD_SCENARIOS


def _is_field(field: Any) -> bool:
    if not isinstance(field, list) or not all(isinstance(part, str) for part in field[:2]):
        return False
    if len(field) == 2:
        return True
    return len(field) == 3 and isinstance(field[2], list) and all(map(_is_subfield, field[2]))


def _is_subfield(subfield: Any) -> bool:
    return (
        isinstance(subfield, list)
        and len(subfield) == 2
        and all(isinstance(part, str) for part in subfield)
    )
