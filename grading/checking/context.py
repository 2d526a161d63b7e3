"""What the rules need to know of the record beside the field they look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grading.checking.diagnostics import Findings
from grading.checking.fields import Field
from grading.checking.formats import Format


class Context:
    """A record under check: its fields, its format, and where to put what is found.

    To a draft fields may still be added, so that nothing is said of what is not there.
    """

    __slots__ = (
        "by_tag",
        "fields",
        "form",
        "found",
        "general",
        "has_isbd_marks",
        "is_draft",
        "language",
        "leader",
    )

    def __init__(
        self,
        fields: Sequence[Field],
        by_tag: Mapping[str, Sequence[Field]],
        form: Format,
        found: Findings,
        *,
        is_draft: bool = False,
    ) -> None:
        self.is_draft = is_draft
        self.form = form
        self.found = found
        self.fields = fields
        self.by_tag = by_tag
        self.leader = self._text("LDR")
        """The leader, empty if there is none."""
        general = self._text("008")
        self.general = general if len(general) == 40 else ""
        """The text of a MARC 21 008 of full length, else empty."""
        self.language = self._language()
        """The code of the language of the text, empty if it is not told."""
        self.has_isbd_marks = form.is_marc21 and self.leader[18:19] in ("a", "i", "")
        """Whether ISBD marks are to be typed: in MARC 21, unless the leader says otherwise.

        A record that says nothing of its form of description (a blank) does not promise them.
        """

    def all(self, *tags: str) -> list[Field]:
        """Return the fields of these tags."""
        fields: list[Field] = []
        for tag in tags:
            if tag in self.by_tag:
                fields += self.by_tag[tag]
        return fields

    def first(self, *tags: str) -> Field | None:
        """Return the first field of the first of these tags that is there."""
        for tag in tags:
            if tag in self.by_tag:
                return self.by_tag[tag][0]
        return None

    def _text(self, tag: str) -> str:
        return self.by_tag[tag][0].text if tag in self.by_tag else ""

    def _language(self) -> str:
        if self.form.is_marc21:
            code = self.general[35:38]
            if code.strip(" |"):
                return code
        field = self.first("041" if self.form.is_marc21 else "101")
        return field.first("a")[:3] if field else ""
