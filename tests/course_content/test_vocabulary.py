"""The vocabulary of conservation in six languages, and the glossary made of it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from typing import Any

import pytest

from grading.pages import vocabulary
from quarantine.xml import parse_fragment
from tests.course_content.reading import COURSES, text_of

FILE = COURSES / "vocabulary" / "conservation.json"
VOCABULARY: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
TERMS: list[dict[str, Any]] = VOCABULARY["terms"]
GROUPS = ("damage", "material", "treatment", "enclosure", "climate", "emergency", "management")
CYRILLIC = ("bg", "ru", "kk")


def scripts(text: str) -> set[str]:
    return {unicodedata.name(c).split()[0] for c in text if c.isalpha()}


def test_there_are_enough_terms_of_every_group() -> None:
    groups = Counter(term["id"].split(".")[0] for term in TERMS)
    assert tuple(groups) == GROUPS
    assert sum(groups.values()) >= 80
    assert min(groups.values()) >= 8


def test_ids_are_unique_and_plain() -> None:
    ids = [term["id"] for term in TERMS]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+\.[a-z_]+", each) for each in ids)


@pytest.mark.parametrize("language", VOCABULARY["languages"])
def test_every_term_has_a_name_in_its_language_and_script(language: str) -> None:
    for term in TERMS:
        name = term["names"][language]
        assert name == name.strip() != ""
        assert scripts(name) == {"CYRILLIC" if language in CYRILLIC else "LATIN"}, term["id"]


def test_six_languages_are_there_and_five_await_review() -> None:
    assert VOCABULARY["languages"] == ["en", "hr", "sl", "bg", "ru", "kk"]
    for term in TERMS:
        assert list(term["names"]) == VOCABULARY["languages"]
        assert set(term["awaiting_review"]) <= set(VOCABULARY["languages"]) - {"en"}


def test_every_term_is_defined_in_one_sentence() -> None:
    for term in TERMS:
        assert re.fullmatch(r"[A-Z].+[.?]", term["definition"]), term["id"]
        assert len(term["definition"].split()) <= 20


def test_the_classes_of_the_condition_exercises_are_terms() -> None:
    names = {t["id"]: t["names"]["en"] for t in TERMS}
    for cls, name in vocabulary.CLASSES.items():
        assert names[f"damage.{cls}"] == name[0].lower() + name[1:]


@pytest.mark.parametrize("group", GROUPS)
def test_the_glossary_of_the_course_has_every_term_in_every_language(group: str) -> None:
    page = COURSES / "conservation" / "html" / f"terms_{group}.html"
    root = parse_fragment(page.read_bytes())
    shown = [text_of(e) for e in root.iter("dt")]
    of_group = [t for t in TERMS if t["id"].split(".")[0] == group]
    assert shown == [t["names"]["en"] for t in of_group]
    words = text_of(root)
    assert "await review" in words
    for term in of_group:
        assert term["definition"] in words
        assert all(name in words for name in term["names"].values())
