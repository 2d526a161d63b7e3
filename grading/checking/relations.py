"""What the fields of a record demand of each other: headings, titles, dates, languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from grading.checking.context import Context
from grading.checking.fields import Field

_MAIN_ENTRIES = {"marc21": ("100", "110", "111", "130"), "unimarc": ("700", "710", "720")}
_TRACED = ("800", "810", "811", "830")
_YEARS = re.compile(r"(?<!\d)(?:1[0-9]{3}|20[0-9]{2})(?!\d)")
_SINGLE_YEAR = {"marc21": "st", "unimarc": "dh"}
_SEVERAL_LANGUAGES = ("mul", "und", "zxx")
# What UNIMARC has beside 100 for a type of record (leader 06).
_UNIMARC_CODED: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys("ef", ("120", "123", "206")),
    "g": ("115",),
    **dict.fromkeys("ij", ("126",)),
    "k": ("116",),
    "l": ("135",),
    "r": ("117",),
}
_UNPUBLISHED = "dft"
"""Manuscripts, by MARC 21 leader 06."""


def check_relations(context: Context) -> None:
    """Check what the fields of a record demand of each other."""
    has_entry = _check_main_entry(context)
    _check_title_entry(context, has_entry)
    _check_year(context)
    if context.form.is_marc21:
        _check_series(context)
        _check_language(context)


def _check_main_entry(context: Context) -> bool:
    """Report a second main entry; tell whether there is one at all."""
    entries = context.all(*_MAIN_ENTRIES[context.form.family])
    for field in entries[1:]:
        # The repetition of one tag is reported with the structure.
        if field.tag != entries[0].tag:
            context.found.add("entry.second", field)
    if not context.form.is_marc21 and entries:
        for field in context.all("500"):
            if field.ind[1:] == "1":
                context.found.add("entry.title", field, "/ind2")
    return bool(entries)


def _check_title_entry(context: Context, has_entry: bool) -> None:
    """Check the first indicator of the title, and a uniform title, against the main entry."""
    rule = context.form.profile.title_indicator
    title = context.first(rule.tag) if rule else None
    if rule and title:
        right, wrong = rule.with_main, rule.without_main
        if not has_entry:
            right, wrong = wrong, right
        if title.ind[:1] == wrong and has_entry:
            context.found.add("title.with_entry", title, "/ind1", right=right)
        elif title.ind[:1] == wrong and not context.is_draft:
            context.found.add("title.without_entry", title, "/ind1", right=right)
    uniform = context.first("240")
    if uniform and context.form.is_marc21 and not has_entry and not context.is_draft:
        context.found.add("title.uniform", uniform)


def _check_year(context: Context) -> None:
    """Check a single year in the coded data against the publication field."""
    kind, year, field, part, where = _coded_year(context)
    if not field or kind not in _SINGLE_YEAR[context.form.family] or not year.isdecimal():
        return
    tags, code = (("264", "260"), "c") if context.form.is_marc21 else (("210", "214"), "d")
    texts = [text for other in context.all(*tags) if (text := other.first(code))]
    if any(year in text for text in texts):
        return
    if any(_YEARS.search(text) for text in texts):
        context.found.add("year.disagrees", field, part, where=where, other=f"{tags[0]} ${code}")


def _coded_year(context: Context) -> tuple[str, str, Field | None, str, str]:
    """Return type of date, first year, and where they stand."""
    if context.form.is_marc21:
        text, field = context.general, context.first("008")
        return text[6:7], text[7:11], field, "/07-10", ""
    field = context.first("100")
    text = field.first("a") if field else ""
    if field and context.form.name == "comarc":
        return field.first("b"), field.first("c"), field, "$c", ""
    if not field or len(text) != 36:
        return "", "", None, "", ""
    where = f"{field.place(field.codes.index('a'))}/09-12"
    return text[8], text[9:13], field, "$a/09-12", where


def _check_series(context: Context) -> None:
    traced = next((field for field in context.all("490") if field.ind[:1] == "1"), None)
    if traced and not context.is_draft and not context.all(*_TRACED):
        context.found.add("series.untraced", traced, "/ind1")


def _check_language(context: Context) -> None:
    """Check the first language of 041 against 008."""
    field = context.first("041")
    if not field or field.ind[1:] == "7":
        return
    code = context.general[35:38].strip(" |")
    if not code or code in _SEVERAL_LANGUAGES:
        return
    index = next((i for i, (c, _) in enumerate(field.subfields) if c in "ad"), -1)
    if index >= 0 and field.subfields[index][1][:3] not in (code, "mul"):
        part = f"${field.subfields[index][0]}"
        context.found.add("language.disagrees", field, part, where=field.place(index), other=code)


def check_recommended(context: Context) -> None:
    """Name fields that a full record of this kind has, though the format does not demand them."""
    kind, level = context.leader[6:7], context.leader[7:8]
    if not context.form.is_marc21:
        wanted = _UNIMARC_CODED.get(kind, ())
        if kind == "a":
            wanted = {"m": ("105",), "s": ("110",)}.get(level, ())
        if context.form.name != "comarc":
            _recommend(context, wanted)
        return
    if level in ("m", "s"):
        _recommend(context, ("300",))
        if kind not in _UNPUBLISHED and not context.all("260", "264"):
            context.found.add("field.recommended", "264")
    if any(field.first("e") == "rda" for field in context.all("040")):
        _recommend(context, ("336", "338"))


def _recommend(context: Context, tags: Iterable[str]) -> None:
    for tag in tags:
        if tag not in context.by_tag:
            context.found.add("field.recommended", tag)
