"""Formulas in authors' pages: TeX becomes MathML on the server; no page needs a script for it."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape

from latex2mathml.converter import convert
from lxml import etree

from quarantine.xml import parse_xml

MAX_TEX = 2_000
MATHML = "http://www.w3.org/1998/Math/MathML"
ELEMENTS = frozenset(
    {
        "math", "menclose", "merror", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover",
        "mpadded", "mphantom", "mprescripts", "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle",
        "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover", "none",
    }
)  # fmt: skip
ATTRIBUTES = frozenset(
    {
        "accent", "accentunder", "columnalign", "columnlines", "columnspacing", "columnspan",
        "depth", "display", "displaystyle", "fence", "form", "height", "largeop", "linebreak",
        "linethickness", "lspace", "mathcolor", "mathsize", "mathvariant", "maxsize", "minsize",
        "movablelimits", "notation", "rowlines", "rowspacing", "rowspan", "rspace", "scriptlevel",
        "separator", "stretchy", "symmetric", "voffset", "width",
    }
)  # fmt: skip

# A tag of sanitised HTML (its attribute values stand in double quotes), or text up to the next.
PIECE = re.compile(r"<(?:[^>\"]|\"[^\"]*\")*>|[^<]+")
TAG_NAME = re.compile(r"</?([a-z0-9]+)")
VERBATIM = frozenset({"code", "kbd", "pre", "samp"})
FORMULA = re.compile(
    r"\\\((?P<inline>.+?)\\\)|\[mathjaxinline\](?P<inline_tag>.+?)\[/mathjaxinline\]"
    r"|\\\[(?P<block>.+?)\\\]|\[mathjax\](?P<block_tag>.+?)\[/mathjax\]",
    re.DOTALL,
)


def render_formulas(html: str) -> str:
    r"""Sanitised HTML with the TeX between ``\( \)`` and ``\[ \]`` as MathML.

    What cannot be converted stays as it was written, marked as a formula. Code is left alone.
    """
    if "\\(" not in html and "\\[" not in html and "[mathjax" not in html:
        return html
    verbatim = 0
    pieces = []
    for piece in PIECE.findall(html):
        if piece.startswith("<"):
            verbatim += _verbatim_step(piece)
        elif not verbatim:
            piece = FORMULA.sub(_replace, piece)
        pieces.append(piece)
    return "".join(pieces)


def _verbatim_step(tag: str) -> int:
    name = TAG_NAME.match(tag)
    if name is None or name[1] not in VERBATIM:
        return 0
    return -1 if tag.startswith("</") else 1


def _replace(match: re.Match[str]) -> str:
    inline = match["inline"] or match["inline_tag"]
    tex = unescape(inline or match["block"] or match["block_tag"] or "").strip()
    return to_mathml(tex, "inline" if inline else "block") or _as_written(tex, match[0])


def _as_written(tex: str, source: str) -> str:
    return f'<span class="math" title="{escape(tex)}">{source}</span>'


@lru_cache(maxsize=5_000)
def to_mathml(tex: str, display: str) -> str:
    """The MathML of a formula, or nothing if it is too long or cannot be converted."""
    if len(tex) > MAX_TEX:
        return ""
    try:
        root = parse_xml(convert(tex, display=display).encode())
    except Exception:  # the converter raises whatever its parser stumbles over
        return ""
    return _checked(root, tex)


def _checked(root: etree._Element, tex: str) -> str:
    for element in root.iter():
        name = etree.QName(element)
        if name.namespace != MATHML or name.localname not in ELEMENTS:
            return ""
        for attribute in list(element.attrib):
            if attribute not in ATTRIBUTES:
                del element.attrib[attribute]
    root.set("alttext", tex)
    return etree.tostring(root, encoding="unicode")
