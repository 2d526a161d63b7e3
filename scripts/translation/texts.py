"""Find and replace what a reader sees in the files of a course.

A text is a run of words and inline markup: a paragraph, a cell, a label. What is marked as being
in another language, code, records and bare notation are no texts; they stay as they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import escape
from typing import Any

from lxml import etree

from quarantine.xml import parse_fragment, parse_xml

__all__ = [
    "SOURCE",
    "Say",
    "replace_in_exercise",
    "replace_in_fragment",
    "replace_in_picture",
    "replace_in_xml",
    "replace_plain",
]

Say = Callable[[str], str]
"""Takes a text and returns what stands in its place."""

SOURCE = "en"
INLINE = {"a", "b", "br", "cite", "code", "em", "i", "q", "small", "span", "strong", "sub", "sup"}
UNTOUCHED = {"pre", "script", "style"}
PLAIN = ("display_name", "alt", "source_image_alt", "format")
MARKUP = ("prompt", "source_text")
# in the JSON of an exercise; the last are texts only where the item has no language of its own
PLAIN_KEYS = {"feedback", "hint", "image_alt", "label"}
MARKUP_KEYS = {"prompt", "source"}
RUBRIC_KEYS = ("name", "description", "descriptor")
CONTENT_KEYS = {"details", "records", "text"}
_LANG = ("lang", "{http://www.w3.org/XML/1998/namespace}lang")
_WORDS = re.compile(r"[^\W\d_]{2}")
_CODE = re.compile(r"[a-z]{1,3}|\dXX")
_FOREIGN = re.compile(r"<(code|\w+(?= lang=))[^>]*>.*?</\1>|<[^>]+>", re.DOTALL)


def replace_in_fragment(markup: str, say: Say) -> str:
    """Replace the texts of HTML without a root, such as a page or a task."""
    root = parse_fragment(markup.encode())
    _replace_in(root, say)
    return escape(root.text or "", quote=False) + "".join(map(_written, root))


def replace_in_xml(content: bytes, say: Say) -> etree._Element:
    """Replace the texts of a block: its elements, its attributes, the exercise in them."""
    root = parse_xml(content)
    _replace_in(root, say)
    return root


def replace_in_picture(content: bytes, say: Say) -> etree._Element:
    """Replace the texts of an SVG picture, each line for itself."""
    root = parse_xml(content)
    for element in root.iter("{*}title", "{*}desc", "{*}text", "{*}tspan"):
        if not _is_foreign(element) and "Mono" not in element.get("font-family", ""):
            element.text = replace_plain(element.text or "", say)
            for part in element:
                part.tail = replace_plain(part.tail or "", say)
    return root


def replace_in_exercise(exercise: str, say: Say) -> str:
    """Replace the texts in the JSON of an exercise."""
    data = _replace_value(json.loads(exercise), "", say, is_foreign=False)
    for criterion in data.get("criteria", ()):  # of a rubric
        for part in (criterion, *criterion.get("levels", ())):
            said = {key: replace_plain(part[key], say) for key in RUBRIC_KEYS if key in part}
            part.update(said)
    return json.dumps(data, ensure_ascii=False)


def replace_plain(text: str, say: Say) -> str:
    """Replace one text without markup, unless it has no words."""
    return _around(text, say(_single_spaced(text))) if _has_words(escape(text)) else text


def _replace_in(element: etree._Element, say: Say) -> None:
    if element.tag in UNTOUCHED or _is_foreign(element):
        return
    _replace_attributes(element, say)
    blocks: list[etree._Element] = []
    run: list[etree._Element] = []
    for child in list(element):
        if child.tag in INLINE:
            _replace_attributes(child, say)
            run.append(child)
        else:
            _replace_run(element, blocks, run, say)
            blocks.append(child)
            run = []
    _replace_run(element, blocks, run, say)
    for child in blocks:
        _replace_in(child, say)


def _replace_run(
    parent: etree._Element, before: list[etree._Element], run: list[etree._Element], say: Say
) -> None:
    """Replace the words after the last of ``before`` and the inline elements that follow."""
    start = (before[-1].tail if before else parent.text) or ""
    text = escape(start, quote=False) + "".join(map(_written, run))
    if not _has_words(text, parent.tag == "option"):
        return
    new = parse_fragment(_around(text, say(_single_spaced(text))).encode())
    for element in run:
        parent.remove(element)
    if before:
        before[-1].tail = new.text
    else:
        parent.text = new.text
    at = parent.index(before[-1]) + 1 if before else 0
    for element in reversed(list(new)):
        parent.insert(at, element)


def _replace_attributes(element: etree._Element, say: Say) -> None:
    for name in PLAIN:
        if name in element.attrib:
            element.set(name, replace_plain(element.get(name, ""), say))
    for name in MARKUP:
        if name in element.attrib:
            element.set(name, replace_in_fragment(element.get(name, ""), say))
    if "exercise" in element.attrib:
        element.set("exercise", replace_in_exercise(element.get("exercise", ""), say))


def _replace_value(value: Any, key: str, say: Say, *, is_foreign: bool) -> Any:
    if isinstance(value, dict):
        is_foreign = is_foreign or value.get("lang", SOURCE) != SOURCE
        return {k: _replace_value(v, k, say, is_foreign=is_foreign) for k, v in value.items()}
    if isinstance(value, list) and key == "near":
        return [[*near[:2], *(replace_plain(reason, say) for reason in near[2:])] for near in value]
    if isinstance(value, list):
        return [_replace_value(v, key, say, is_foreign=is_foreign) for v in value]
    if not isinstance(value, str):
        return value
    if key in MARKUP_KEYS:
        return replace_in_fragment(value, say)
    if key in PLAIN_KEYS or (key in CONTENT_KEYS and not is_foreign):
        return replace_plain(value, say)
    return value


def _is_foreign(element: etree._Element) -> bool:
    return any(_language(node) not in ("", SOURCE) for node in (element, *element.iterancestors()))


def _language(element: etree._Element) -> str:
    return next((element.get(name, "") for name in _LANG if name in element.attrib), "")


def _has_words(markup: str, may_be_code: bool = False) -> bool:
    words = _FOREIGN.sub(" ", markup)
    return bool(_WORDS.search(words)) and not (may_be_code and _CODE.fullmatch(words.strip()))


def _single_spaced(text: str) -> str:
    return " ".join(text.split())


def _around(text: str, words: str) -> str:
    """Put words in the place of a text, between the same white space."""
    body = text.strip()
    at = text.index(body)
    return text[:at] + words + text[at + len(body) :]


def _written(element: etree._Element) -> str:
    return etree.tostring(element, encoding="unicode")
