"""The editor of a block that has no key: a form, what is wrong with it, and what a trainee sees.

It shows in the same editor as the exercises do (``public/editor``); only saving keeps anything.
"""

from __future__ import annotations

import copy
import secrets
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Self

from web_fragments.fragment import Fragment
from webob import Response
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError

from xblocks.block import SchoolBlock, callable_by
from xblocks.editing import Fault, Finding, FormGroup, describe_field, read_edits
from xblocks.rendering import data_island
from xblocks.requests import read_value


class PlainEditedBlock(SchoolBlock):
    """The author's side of a block with plain fields. A subclass groups them in ``FORM``."""

    FORM: ClassVar[tuple[FormGroup, ...]]
    EDITOR_MODULE: ClassVar[str] = "exercise_editor.js"

    # --- What a subclass fills in ---

    def find_faults(self) -> Iterator[Fault]:
        """What is wrong with the block's fields; called on a draft."""
        raise NotImplementedError

    def preview(self) -> str:
        """What a trainee sees, as HTML; called on a draft."""
        raise NotImplementedError

    # --- The form ---

    def studio_view(self, context: Any = None) -> Fragment:
        """The editor."""
        described = {
            name: describe_field(self.fields[name], getattr(self, name), self.translate)
            for name in self.editable_fields
        }
        groups = [
            {
                "name": group.name,
                "title": self.translate(group.title),
                "fields": [described[name] for name in group.fields],
            }
            for group in self.FORM
        ]
        state = {
            "block_type": str(self.scope_ids.block_type),
            "module": self.public_url(self.MODULE),
            "regrades_later": False,
            "fields": {name: _for_script(field) for name, field in described.items()},
        }
        context = {
            "display_name": self.display_name,
            "groups": groups,
            "uid": f"ls-{secrets.token_hex(4)}",
            "island": data_island(state),
        }
        return self.fragment(
            context,
            template="editor/editor.html",
            styles=(*self.STYLES, "editor.css"),
            module=self.EDITOR_MODULE,
        )

    def _read(self, data: Any) -> tuple[Self, dict[str, Any], list[Finding]]:
        """A draft of the block, the values in it, and all that is wrong."""
        raw = read_value(data, "values")
        if not isinstance(raw, Mapping):
            raise JsonHandlerError(400, self.translate("The values of the form are an object."))
        fields = {name: self.fields[name] for name in self.editable_fields}
        values, unread = read_edits(fields, raw)
        draft = copy.copy(self)
        # The copy's own: what is set in it neither shows in the block nor is saved with it.
        draft._field_data_cache = dict(self._field_data_cache)
        draft._dirty_fields = {}
        for name, value in values.items():
            setattr(draft, name, value)
        faults = [*unread, *draft.find_faults()]
        findings = [
            Finding("error", fault.field, self.translate(fault.message), fault.where)
            for fault in faults
        ]
        return draft, values, findings

    # --- Handlers ---

    @callable_by("author")
    @XBlock.json_handler
    def submit_studio_edits(self, data: Any, suffix: str = "") -> Any:
        """Keep the form, ``{"values": {field: value}}``, all or nothing; 400 names the faults."""
        _draft, values, findings = self._read(data)
        if findings:
            message = self.translate("Nothing was saved: some fields need mending first.")
            shown = [finding.to_json() for finding in findings]
            return Response(json_body={"error": message, "findings": shown}, status=400)
        for name, value in values.items():
            field = self.fields[name]
            if value != field.default:
                setattr(self, name, value)
            elif field.is_set_on(self):
                field.delete_from(self)  # a default stays out of OLX
        return {"result": "success"}

    @callable_by("author")
    @XBlock.json_handler
    def review_edits(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """What is wrong with the form's values: ``{"findings", "graded"}``; none is graded."""
        _draft, _values, findings = self._read(data)
        return {"findings": [finding.to_json() for finding in findings], "graded": 0}

    @callable_by("author")
    @XBlock.json_handler
    def preview_edits(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """What a trainee would see: ``{"html"}``."""
        draft, _values, _findings = self._read(data)
        return {"html": draft.preview()}


def _for_script(field: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: field[name] for name in ("kind", "label", "value")}
    return {**kept, "choices": [choice["value"] for choice in field["choices"]]}
