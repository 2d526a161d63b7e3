r"""The only way from someone's HTML to a page: :func:`sanitize`.

bleach runs first and nh3 last, over one allow-list. bleach is no longer maintained, so nothing
leaves by its word alone; nh3 alone would escape notice when a future release changes its
defaults. What both keep is what courses use: structure, text, tables, pictures, sound and film.
Scripts, styles, forms, SVG and MathML never pass; a frame becomes a link to what it framed.
Formulas are text (``\( \)``, ``\[ \]``, ``<span class="math">``) and survive as such.

Inline styles are dropped, as the content security policy of our pages forbids them; only text
alignment and floating live on, as classes. Ids get the prefix ``user-content-`` together with
every reference to them, so that no text can take the place of a part of the page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html import unescape
from typing import Any

import nh3
from bleach import html5lib_shim
from bleach.sanitizer import Cleaner

from quarantine.errors import Refused, gettext_noop
from quarantine.html_policy import (
    BLOCKS,
    DROPPED,
    FRAMES,
    SCHEMES,
    TAGS,
    allowed_value,
    is_allowed_url,
    style_classes,
)

__all__ = ["AUTHOR_LIMIT", "LEARNER_LIMIT", "HtmlRefused", "plain_text", "sanitize"]

AUTHOR_LIMIT = 512 * 1024
LEARNER_LIMIT = 64 * 1024
MAX_DEPTH = 100
MAX_ATTRIBUTES = 64
MAX_PASSES = 5
# Tags and references take far more time than text; a dense table has one to some ten bytes.
BYTES_PER_MARK = 12

TOO_LARGE = gettext_noop("The text takes %(size)d bytes; the limit is %(limit)d.")
TOO_MANY_MARKS = gettext_noop("The text has more than %(limit)d tags and character references.")
TOO_DEEP = gettext_noop("Elements are nested more than %(limit)d deep.")
TOO_MANY_ATTRIBUTES = gettext_noop("A tag has more than %(limit)d attributes.")
UNSTABLE = gettext_noop("The text is too tangled to be cleaned. Please simplify its HTML.")

# Surrogates, control characters other than tab and line feed, and the 66 non-characters.
_NOT_TEXT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
    )
    + "]"
)
_LEADING_ZEROS = re.compile(r"&#([xX]?)0+(?=[0-9a-fA-F])")
_LONG_REFERENCE = re.compile(r"&#(?:[xX][0-9a-fA-F]{8,}|[0-9]{8,});?")


class HtmlRefused(Refused):
    """HTML that is too large, too deep or too tangled to be cleaned."""


def sanitize(html: str, *, limit: int = AUTHOR_LIMIT) -> str:
    """Return ``html`` with nothing in it that is not on the allow-list.

    ``limit`` bounds the UTF-8 bytes of the input and of the result. The result is a fixed point:
    sanitising it again changes nothing. Raises :class:`HtmlRefused` naming the limit exceeded.
    """
    text = _admit(_tidy(html), limit)
    for _ in range(MAX_PASSES):
        cleaned = _admit(_clean_once(text), limit)
        if cleaned == text:
            return cleaned
        text = cleaned
    raise HtmlRefused("html.unstable", UNSTABLE)


def plain_text(html: str, *, limit: int = AUTHOR_LIMIT) -> str:
    """Return the words of ``html`` for an index or a mail: no markup, one line per block.

    Takes raw or sanitised HTML. Pictures give their alternative text. The result is text, to be
    escaped like any other. Raises :class:`HtmlRefused` as :func:`sanitize` does.
    """
    text = _admit(_tidy(html), limit)
    parts: list[str] = []
    for token in _with_links(_without_dropped(_walk(text))):
        if token["type"] in ("Characters", "SpaceCharacters"):
            parts.append(re.sub(r"\s+", " ", unescape(token["data"])))
        elif token.get("name") in BLOCKS:
            parts.append("\n")
        elif token.get("name") == "img":
            parts.append(unescape(token["data"].get((None, "alt"), "")))
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return unicodedata.normalize("NFC", _NOT_TEXT.sub("", "\n".join(filter(None, lines))))


def _tidy(text: str) -> str:
    """Normalise line ends and Unicode (NFC), and drop what is not text."""
    text = _NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", " "))
    # A solidus that combines with the angle of a tag would break the tag when normalised.
    return unicodedata.normalize("NFC", text.replace(">\u0338", ">&#824;"))


def _admit(text: str, limit: int) -> str:
    """Return ``text`` if it is small enough to be parsed in fair time."""
    size = len(text) if len(text) > limit else len(text.encode())
    if size > limit:
        raise HtmlRefused("html.too_large", TOO_LARGE, size=size, limit=limit)
    marks = limit // BYTES_PER_MARK
    if text.count("<") + text.count("&") > marks:
        raise HtmlRefused("html.too_many_marks", TOO_MANY_MARKS, limit=marks)
    return text


def _clean_once(text: str) -> str:
    bleached = _Cleaner().clean(_short_references(text))
    cleaned = nh3.clean(
        bleached,
        tags=set(TAGS),
        clean_content_tags=set(),
        attributes={tag: set(names) for tag, names in TAGS.items()},
        attribute_filter=_final_value,
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
    )
    return _tidy(cleaned)


def _short_references(text: str) -> str:
    """Shorten character references: bleach takes quadratic time over long ones, and may fail."""
    return _LONG_REFERENCE.sub("\N{REPLACEMENT CHARACTER}", _LEADING_ZEROS.sub(r"&#\1", text))


class _Tokenizer(html5lib_shim.BleachHTMLTokenizer):  # type: ignore[misc]  # bleach has no types
    """bleach's tokenizer, which stops at what would take its tree builder quadratic time."""

    def emitCurrentToken(self) -> None:
        if len(self.parser.tree.openElements) > MAX_DEPTH:
            raise HtmlRefused("html.too_deep", TOO_DEEP, line=self._line(), limit=MAX_DEPTH)
        super().emitCurrentToken()

    def attributeNameState(self) -> bool:
        if len(self.currentToken["data"]) > MAX_ATTRIBUTES:
            raise HtmlRefused(
                "html.too_many_attributes",
                TOO_MANY_ATTRIBUTES,
                line=self._line(),
                limit=MAX_ATTRIBUTES,
            )
        return bool(super().attributeNameState())

    def _line(self) -> int:
        return int(self.stream.position()[0])


class _Parser(html5lib_shim.BleachHTMLParser):  # type: ignore[misc]  # bleach has no types
    """bleach's parser, which also sees the elements that are dropped with their contents."""

    def __init__(self) -> None:
        super().__init__(
            tags=TAGS.keys() | DROPPED | FRAMES.keys(),
            strip=True,
            consume_entities=False,
            namespaceHTMLElements=False,
        )

    def _parse(
        self, stream: str, innerHTML: bool = False, container: str = "div", **kwargs: Any
    ) -> None:
        self.innerHTMLMode = innerHTML
        self.container = container
        self.scripting = True
        self.tokenizer = _Tokenizer(stream=stream, consume_entities=False, parser=self)
        self.reset()
        self.mainLoop()


class _Cleaner(Cleaner):  # type: ignore[misc]  # bleach has no types
    """bleach's cleaner over the allow-list, with what is dropped taken out of the tree first."""

    parser: Any
    walker: Any

    def __init__(self) -> None:
        super().__init__(
            tags=TAGS.keys(),
            attributes=_is_allowed,
            protocols=SCHEMES,
            strip=True,
            strip_comments=True,
        )
        self.parser = _Parser()
        walk = self.walker
        self.walker = lambda tree: _with_links(_without_dropped(walk(tree)))


def _final_value(tag: str, name: str, value: str) -> str | None:
    # bleach lets no rel through, so this one is what nh3 has just set.
    return value if (tag, name) == ("a", "rel") else allowed_value(tag, name, value)


def _is_allowed(tag: str, name: str, value: str) -> bool:
    return allowed_value(tag, name, unescape(value)) is not None


def _walk(text: str) -> Iterator[dict[str, Any]]:
    tree = _Parser().parseFragment(_short_references(text))
    yield from html5lib_shim.getTreeWalker("etree")(tree)


def _without_dropped(tokens: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Leave out the elements that vanish with their contents."""
    depth = 0
    for token in tokens:
        step = {"StartTag": 1, "EndTag": -1}.get(token["type"], 0)
        if depth or token.get("name") in DROPPED:
            depth += step
        else:
            yield token


def _with_links(tokens: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Turn frames into links and alignment by style into classes."""
    frame = ""
    for token in tokens:
        name = token.get("name", "")
        if frame:
            frame = "" if (token["type"], name) == ("EndTag", frame) else frame
        elif name in FRAMES and token["type"] != "EndTag":
            yield from _link_to(token["data"].get((None, FRAMES[name]), ""), token["data"])
            frame = name if token["type"] == "StartTag" else ""
        else:
            if token["type"] in ("StartTag", "EmptyTag"):
                _classes_from_style(token["data"])
            yield token


def _link_to(url: str, attributes: dict[tuple[None, str], str]) -> Iterator[dict[str, Any]]:
    if not url.strip() or not is_allowed_url(unescape(url)):
        return
    title = attributes.get((None, "title"), "").strip() or url
    yield {"type": "StartTag", "name": "a", "namespace": None, "data": {(None, "href"): url}}
    yield {"type": "Characters", "data": title}
    yield {"type": "EndTag", "name": "a", "namespace": None}


def _classes_from_style(attributes: dict[tuple[None, str], str]) -> None:
    classes = style_classes(unescape(attributes.get((None, "style"), "")))
    if classes:
        own = attributes.get((None, "class"), "").split()
        attributes[None, "class"] = " ".join(dict.fromkeys([*own, *classes]))
