"""Finds links to files and blocks that a course does not have. Links themselves stay as written."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from html import unescape
from urllib.parse import unquote

from delivery.olx.problems import Problems

STATIC_PREFIX = "/static/"
JUMP_PREFIX = "/jump_to_id/"
ASSET_PREFIX = "type@asset+block@"

_STATIC = re.compile(r"(?<![\w.\-])/static/((?:[^\"'<>\s?#&\\]|&amp;)+)")
# Bounded parts: the search would else grow with the square of a hostile line.
_ASSET = re.compile(
    r"asset-v1:[\w\-~.:]{1,150}\+[\w\-~.:]{1,150}\+[\w\-~.:]{1,150}"
    r"\+type@asset\+block@([\w\-~.:@]+)"
)
_JUMP = re.compile(r"/jump_to_id/([\w\-~.:%]+)")
_AFTER_LINK = ").,;:|]}"  # what may follow a bare link in running text or Markdown
_PLATFORM_FILES = ("studio/", "js/", "css/", "images/edx", "xblock/")


def check_links(
    text: str, file: str, static: Container[str], names: Container[str], problems: Problems
) -> None:
    """Report links in ``text`` to files that are not in ``static`` and blocks not in ``names``."""
    if STATIC_PREFIX not in text and JUMP_PREFIX not in text and ASSET_PREFIX not in text:
        return
    seen = set()
    for number, line in enumerate(text.split("\n"), 1):
        for code, params in _broken_links(line, static, names):
            target = (code, *params.values())
            if target not in seen:
                seen.add(target)
                problems.add(code, file, number, **params)


def _broken_links(
    line: str, static: Container[str], names: Container[str]
) -> Iterator[tuple[str, dict[str, str]]]:
    for match in _STATIC.finditer(line):
        written = unescape(match[1])
        if not written.startswith(_PLATFORM_FILES) and not _is_there(written, static):
            yield "link.static", {"path": written.rstrip(_AFTER_LINK)}
    for match in _ASSET.finditer(line):
        path = match[1].replace("@", "/")
        if not _is_there(path, static):
            yield "link.static", {"path": path}
    for match in _JUMP.finditer(line):
        name = unquote(match[1])
        if name not in names and name.rstrip(".:") not in names:
            yield "link.jump", {"name": name}


def _is_there(written: str, static: Container[str]) -> bool:
    candidates = (written, written.rstrip(_AFTER_LINK), written.partition(")")[0])
    return any(path in static or unquote(path) in static for path in candidates)
