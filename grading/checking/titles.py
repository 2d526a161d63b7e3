"""What sorting passes over at the beginning of a title, counted (MARC 21) or enclosed in signs.

UNIMARC encloses the words in the signs U+0098 and U+009C (or U+0088 and U+0089).
"""

from __future__ import annotations

import re

from grading.checking.context import Context
from grading.checking.fields import Field
from grading.checking.formats import Format
from grading.graders.compare.articles import (
    NONFILING,
    all_articles,
    articles_of,
    first_word,
    foreign_articles,
)

# Scripts that write the article together with its word.
_PREFIXING = re.compile("[\u0590-\u08ff]")
_SIGNS = (("\x98", "\x9c"), ("\x88", "\x89"))
_TITLES_WITH_SIGNS = ("200", "225", "500", "510", "512", "517")


def has_nonfiling(form: Format, tag: str, _: str) -> bool:
    """Tell whether a field counts what sorting passes over."""
    return form.is_marc21 and tag in NONFILING


def check_nonfiling(field: Field, context: Context) -> None:
    """Check the number of characters that sorting passes over in a MARC 21 title."""
    place = NONFILING[field.rules]
    if not field.ind[place : place + 1].isdecimal():
        return
    title = field.first("a")
    given = int(field.ind[place])
    word, count = first_word(title)
    code = _judge(word, count, given, context.language)
    if code and not _PREFIXING.match(word):
        part = f"/ind{place + 1}"
        context.found.add(code, field, part, given=given, count=count, word=word)


def _judge(word: str, count: int, given: int, language: str) -> str:
    """Return the code of what is wrong with a number of non-filing characters, or nothing."""
    own = articles_of(language)
    if word in own.articles or word in own.numerals:
        if given == count:
            return ""
        if given:
            return "nonfiling.count"
        return "nonfiling.article" if word in own.articles else "nonfiling.numeral"
    if not given:
        return "nonfiling.foreign" if word in foreign_articles() else ""
    if word in all_articles():
        return "" if given == count else "nonfiling.count"
    return "nonfiling.unjustified"


def has_signs(form: Format, tag: str, _: str) -> bool:
    """Tell whether a field encloses what sorting passes over in signs."""
    return not form.is_marc21 and tag in _TITLES_WITH_SIGNS


def check_signs(field: Field, context: Context) -> None:
    """Check the signs around what sorting passes over in a UNIMARC title."""
    for index, (code, value) in enumerate(field.subfields):
        if any(value.count(begin) != value.count(end) for begin, end in _SIGNS):
            context.found.add("nonsorting.signs", field, f"${code}", where=field.place(index))
    title = field.first("a")
    word, _ = first_word(title)
    if field.tag == "200" and word in articles_of(context.language).articles:
        index = field.codes.index("a")
        context.found.add("nonsorting.article", field, "$a", where=field.place(index), word=word)
