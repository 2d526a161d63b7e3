"""Coded fields position by position: which one is wrong, not just that one is."""

from __future__ import annotations

from grading.checking.context import Context
from grading.checking.diagnostics import Findings
from grading.checking.fields import Field
from grading.checking.formats import Format
from grading.checking.layouts import (
    Layout,
    Slot,
    additional_layout,
    categories,
    coded_layouts,
    general_layout,
    leader_layout,
    materials_other_than,
    physical_layout,
)
from grading.checking.values import is_month_and_day
from grading.graders.marc.fixed import clean
from grading.graders.marc.positions import material_of

_MATERIAL = range(18, 35)
_MISFIT = 3
"""So many wrong positions that another kind of material has all right are one mistake."""

_NO_DATE = ("    ", "||||")
# MARC 21 008/06: what a type of date asks of the second date.
_ONE_DATE = "s"
_TWO_DATES = "ikmpqrt"
_SERIAL_DATES = "cdu"
_IN_ORDER = "dikmq"
# UNIMARC 100/08; other types with two dates leave the second blank where it is not known.
_UNIMARC_TWO_DATES = "fhik"


def check_leader(field: Field, context: Context) -> None:
    """Check the leader."""
    _check_text(field, field.text, leader_layout(context.form.name), context.found)


def check_control(field: Field, context: Context) -> None:
    """Check a field 006, 007 or 008 of MARC 21."""
    text, leader, found = field.text, context.leader, context.found
    if field.tag == "008":
        material = material_of(leader) if len(leader) > 7 else ""
        if not _check_text(field, text, general_layout(material), found, material=material):
            return
        _check_dates(field, text, material, found)
        return
    kind = text[:1]
    layout = additional_layout(kind) if field.tag == "006" else physical_layout(kind)
    if layout.slots:
        _check_text(field, text, layout, found)
    else:
        allowed = categories() if field.tag == "007" else "acdefgijkmoprst"
        found.add("position.form", field, "/00", given=kind or "#", allowed=allowed)


def has_coded(form: Format, tag: str, codes: str) -> bool:
    """Tell whether subfields of a field are coded by position."""
    layouts = coded_layouts(form.name).get(tag, {})
    return any(code in layouts for code in codes)


def check_coded(field: Field, context: Context) -> None:
    """Check the subfields of a UNIMARC field that are coded by position."""
    found, layouts = context.found, coded_layouts(context.form.name)[field.tag]
    for index, (code, value) in enumerate(field.subfields):
        layout = layouts.get(code)
        text = clean(value) if layout else ""
        if layout is None or not text.strip():
            continue
        is_long_enough = _check_text(field, text, layout, found, f"${code}", index)
        if is_long_enough and field.tag == "100":
            _check_unimarc_dates(field, text, index, found)


def _check_text(
    field: Field,
    text: str,
    layout: Layout,
    found: Findings,
    part: str = "",
    index: int = -1,
    *,
    material: str = "",
) -> bool:
    """Check a coded text; tell whether its length is right, so that its places can be trusted."""
    if len(text) not in layout.lengths:
        _add_length(field, text, layout, found, part, _base(field, index))
        return False
    wrong = layout.faults(text)
    if not wrong:
        return True
    base = _base(field, index)
    if len(wrong) >= _MISFIT and material:
        wrong = _without_misfit(field, text, material, wrong, found)
    for slot, fault in wrong:
        found.add(
            fault,
            field,
            f"{part}/{slot.span}",
            where=f"{base}/{slot.span}",
            name=slot.name,
            given=text[slot.start : slot.end].replace(" ", "#"),
        )
    return True


def _base(field: Field, index: int) -> str:
    """Return the path of a coded text: a subfield, or a control field (``index`` -1)."""
    return field.place(index) if index >= 0 else field.path


def _without_misfit(
    field: Field,
    text: str,
    material: str,
    wrong: list[tuple[Slot, str]],
    found: Findings,
) -> list[tuple[Slot, str]]:
    """Report positions of the material that fit another kind as one mistake; return the others."""
    misfits = [slot for slot, _ in wrong if slot.start in _MATERIAL]
    if len(misfits) < _MISFIT:
        return wrong
    for other in materials_other_than(material):
        slots = general_layout(other).slots
        if not any(s.start in _MATERIAL and s.fault(text[s.start : s.end]) for s in slots):
            found.add("position.material", field, "/18-34")
            return [(slot, fault) for slot, fault in wrong if slot.start not in _MATERIAL]
    return wrong


def _add_length(
    field: Field, text: str, layout: Layout, found: Findings, part: str, base: str
) -> None:
    """Report a wrong length; of one character lost or doubled also where, as far as it shows."""
    length = layout.lengths[0]
    excess = len(text) - length
    if abs(excess) == 1 and layout.slots:
        if excess < 0:
            repairs = [f"{text[:at]}|{text[at:]}" for at in range(length)]
        else:
            repairs = [text[:at] + text[at + 1 :] for at in range(len(text))]
        faults = [len(layout.faults(repair)) for repair in repairs]
        if min(faults) < faults[-1]:
            code = "fixed.lost" if excess < 0 else "fixed.doubled"
            at = faults.index(min(faults))
            found.add(code, field, part, where=base, given=len(text), length=length, at=at)
            return
    found.add("fixed.length", field, part, where=base, given=len(text), length=length)


def _check_dates(field: Field, text: str, material: str, found: Findings) -> None:
    """Check that the dates of a MARC 21 008 agree with the type of date before them."""
    kind, first, second = text[6], text[7:11], text[11:15]
    place = "/11-14"
    if kind in _SERIAL_DATES and material not in ("continuing", ""):
        found.add("dates.serial", field, "/06", given=kind)
    elif kind == "e":
        if not is_month_and_day(second):
            found.add("dates.day", field, place)
    elif kind in _ONE_DATE and second not in _NO_DATE:
        found.add("dates.unwanted", field, place, given=kind)
    elif kind in _TWO_DATES and second == "    ":
        found.add("dates.missing", field, place, given=kind)
    elif kind == "c" and second != "9999" and second != "||||":
        found.add("dates.current", field, place)
    elif kind in _IN_ORDER and first.isdecimal() and second.isdecimal() and first > second:
        found.add("dates.order", field, "/07-14")


def _check_unimarc_dates(field: Field, text: str, index: int, found: Findings) -> None:
    """Check that the second date of a UNIMARC 100 agrees with the type of date."""
    kind, first, second = text[8], text[9:13], text[13:17]
    where = f"{field.place(index)}/13-16"
    if kind in _UNIMARC_TWO_DATES and second == "    ":
        found.add("dates.missing", field, "$a/13-16", where=where, given=kind)
    elif kind == "d" and second not in _NO_DATE:
        found.add("dates.unwanted", field, "$a/13-16", where=where, given=kind)
    elif kind in "bfg" and first.isdecimal() and second.isdecimal() and first > second:
        found.add("dates.order", field, "$a/09-16", where=f"{field.place(index)}/09-16")
