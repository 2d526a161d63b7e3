"""The fields of a record by their tags: which are defined, which must not be repeated."""

from __future__ import annotations

from collections.abc import Iterable

from grading.checking.diagnostics import Findings
from grading.checking.fields import Field
from grading.checking.formats import Format


def check_tags(
    fields: Iterable[Field], form: Format, found: Findings
) -> tuple[list[Field], dict[str, list[Field]]]:
    """Check the tags; return the fields that need a closer look, in order and by their tags."""
    known: list[Field] = []
    by_tag: dict[str, list[Field]] = {}
    rules = form.fields
    for field in fields:
        tag = field.tag
        rule = rules.get(tag)
        if rule is None:
            if not form.is_local(tag):
                found.add("field.undefined", field, format=form.profile.label)
            continue
        same = by_tag.get(tag)
        if same and not rule.is_repeatable:
            found.add("field.repeated", field)
        if field.rules != tag and (field.rules not in rules or field.rules.startswith("00")):
            found.add("link.tag", field, "$6", tag=field.rules)
            continue
        known.append(field)
        if same:
            same.append(field)
        else:
            by_tag[tag] = [field]
    return known, by_tag
