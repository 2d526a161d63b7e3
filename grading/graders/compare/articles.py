"""What sorting passes over at the beginning of a title: articles, by the language of the text.

Source: MARC 21 Format for Bibliographic Data, appendix E «Initial definite and indefinite
articles».
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

NONFILING = {
    "130": 0,
    "222": 1,
    "240": 1,
    "242": 1,
    "243": 1,
    "245": 1,
    "440": 1,
    "630": 0,
    "730": 0,
    "740": 0,
    "830": 1,
}
"""The MARC 21 fields that count what sorting passes over, and which of their indicators does."""

# Signs before the first word, the word, and what stands between it and the next one.
_PARTING = r"\s()\[\]'\"\u2019\-\u2011\u2013"
_BEGINNING = re.compile(
    rf"([\s\"'\[(«„“\u2018*…¡¿.\-\u2013\u2014]*)([^{_PARTING}]+)([{_PARTING}]*)"
)


class Articles(NamedTuple):
    """The articles of a language; ``numerals`` are those that may mean «one» as well."""

    articles: frozenset[str]
    numerals: frozenset[str]


def first_word(title: str) -> tuple[str, int]:
    """Return the first word in small letters, and how many characters stand before the next one.

    Both are nothing where the title begins with a name or phrase that only looks like an article.
    """
    match = _BEGINNING.match(unicodedata.normalize("NFC", title))
    if not match or match.end() == len(match.string):
        return "", 0
    word = match[2].casefold()
    is_article = word in all_articles()
    if is_article and match.string[len(match[1]) :].casefold().startswith(_exceptions()):
        return "", 0
    return word, match.end()


def count_nonfiling(title: str, language: str) -> int:
    """Return how many characters of a title in this language sorting passes over."""
    word, count = first_word(title)
    own = articles_of(language)
    return count if word in own.articles or word in own.numerals else 0


@cache
def articles_of(language: str) -> Articles:
    """Return the articles of a language by its MARC code; none for an unknown one."""
    row = _table()["languages"].get(language, {"articles": "", "numerals": ""})
    return Articles(frozenset(row["articles"].split()), frozenset(row["numerals"].split()))


@cache
def all_articles() -> frozenset[str]:
    """Return the articles of all languages, without the numerals."""
    rows = _table()["languages"]
    return frozenset().union(*(articles for name in rows for articles in articles_of(name)))


@cache
def foreign_articles() -> frozenset[str]:
    """Return the articles that are no words of other languages: worth a look in any title."""
    return frozenset(_table()["foreign"].split())


@cache
def _exceptions() -> tuple[str, ...]:
    return tuple(_table()["exceptions"])


@cache
def _table() -> Any:
    return json.loads((Path(__file__).parent / "articles.json").read_text(encoding="utf-8"))
