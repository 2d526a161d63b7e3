"""Checking a catalogue record against its format and the rules of description.

``check(record, profile)`` takes the record as an answer comes, a list of fields
``[tag, indicators, [[code, value], …]]`` and ``[tag, text]`` for the leader and control fields,
and returns what is wrong with it. Unlike a grader it knows no model: it says what a format
forbids, not what the resource calls for.

Pure: no Django, no files but the format data beside the code.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal, NamedTuple, TypeAlias

from grading.checking.codes import (
    check_codes,
    check_comarc_codes,
    has_codes,
    has_comarc_codes,
)
from grading.checking.context import Context
from grading.checking.diagnostics import Diagnostic, Findings, describe
from grading.checking.fields import Field
from grading.checking.fixed import check_coded, check_control, check_leader, has_coded
from grading.checking.formats import Format, get_format
from grading.checking.links import check_links, embedded_fields
from grading.checking.numbers import check_numbers, has_numbers
from grading.checking.punctuation import check_marks, has_marks
from grading.checking.reading import read_record
from grading.checking.relations import check_recommended, check_relations
from grading.checking.shapes import Fault, find_faults
from grading.checking.tags import check_tags
from grading.checking.texts import check_texts
from grading.checking.titles import check_nonfiling, check_signs, has_nonfiling, has_signs

__all__ = ["Diagnostic", "Strictness", "check", "describe"]

Strictness: TypeAlias = Literal["full", "draft"]
"""``full`` asks for everything a record must have; ``draft`` says nothing of what may yet come."""


Rule: TypeAlias = Callable[[Field, Context], None]
"""Looks at what is written in one field."""

Applies: TypeAlias = Callable[[Format, str, str], bool]
"""Tells whether a rule has anything to say of a field, by its tag and subfield codes."""


class Plan(NamedTuple):
    """What is to be done about a field: the faults its shape has, the rules about its text."""

    faults: tuple[Fault, ...]
    rules: tuple[Rule, ...]


_CODED = ("006", "007", "008")
_RULES: tuple[tuple[Applies, Rule], ...] = (
    (has_coded, check_coded),
    (has_comarc_codes, check_comarc_codes),
    (has_numbers, check_numbers),
    (has_codes, check_codes),
    (has_marks, check_marks),
    (has_nonfiling, check_nonfiling),
    (has_signs, check_signs),
)


def check(record: Any, profile: str, *, strictness: Strictness = "full") -> list[Diagnostic]:
    """Return what is wrong with a record, in the order of its fields.

    ``profile`` is one of ``grading.graders.marc.PROFILES``. Nothing in ``record`` raises; what
    cannot be read is reported as well. Raises KeyError for an unknown profile.
    """
    form = get_format(profile)
    found = Findings(form.profile)
    fields = read_record(record, found)
    known, by_tag = check_tags(fields, form, found)
    context = Context(known, by_tag, form, found, is_draft=strictness == "draft")
    for field in known:
        if field.is_control:
            _check_control(field, context)
        else:
            _check_data(field, context)
    check_links(context)
    check_relations(context)
    if not context.is_draft and isinstance(record, list | tuple):
        _check_required(context)
        check_recommended(context)
    return found.in_order()


def _check_control(field: Field, context: Context) -> None:
    if field.tag == "LDR":
        check_leader(field, context)
    elif context.form.is_marc21 and field.tag in _CODED:
        check_control(field, context)


def _check_data(field: Field, context: Context) -> None:
    """Check a data field; one that embeds others is as right as those are."""
    form = context.form
    if form.embeds and field.codes[:1] == "1" and "1" in form.fields[field.tag].codes:
        for inner in embedded_fields(field, context):
            if not inner.is_control:
                _check_data(inner, context)
        return
    plan = _plan(form, field.rules, field.ind, field.codes)
    for fault in plan.faults:
        fault.report(field, context.found)
    for rule in plan.rules:
        rule(field, context)
    if not field.is_plain:
        check_texts(field, context)


@lru_cache(maxsize=20_000)
def _plan(form: Format, tag: str, ind: str, codes: str) -> Plan:
    """Return what is to be done about a field of this shape."""
    return Plan(
        tuple(find_faults(form, tag, ind, codes)),
        tuple(rule for applies, rule in _RULES if applies(form, tag, codes)),
    )


def _check_required(context: Context) -> None:
    for tag in context.form.required:
        if tag not in context.by_tag:
            context.found.add("field.missing", tag)
