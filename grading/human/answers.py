"""What is handed in and what is pinned on it, read and checked. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from grading.data import InvalidAnswer
from grading.data import gettext_noop as _
from grading.graders import faults
from grading.graders.reading import Node, answer_node
from grading.graders.rubric import Accepts

__all__ = ["count_words", "read_handed_in", "read_pins", "read_written"]

LONGEST_TEXT = 60_000
LONGEST_COMMENT = 5_000
LONGEST_QUOTE = 300
MOST_PINS = 200
_ID = re.compile(r"[0-9a-f]{32}")

NO_TEXT = _("Write something before you hand it in.")
TOO_FEW_WORDS = _("At least %(least)s words are asked for; there are %(count)s.")
TOO_MANY_WORDS = _("At most %(most)s words are asked for; there are %(count)s.")
TOO_FEW_FILES = _("At least %(least)s files are asked for; there are %(count)s.")
TOO_MANY_FILES = _("At most %(most)s files may be handed in.")
NO_FILE_ID = _("This is no file.")
NO_PLACE = _("The comment is pinned outside of what was handed in.")


def read_written(raw: Any, accepts: Accepts) -> dict[str, Any]:
    """``{"text", "files": [ids]}`` of a draft, finished or not; raises ``InvalidAnswer``."""
    node = answer_node(raw)
    text = node.get("text").text("", LONGEST_TEXT)
    files = [_file_id(part) for part in node.get("files").list(0, max(accepts.most_files, 0) or 50)]
    return {"text": text if accepts.text else "", "files": list(dict.fromkeys(files))}


def read_handed_in(raw: Any, accepts: Accepts) -> dict[str, Any]:
    """The same of an answer that is handed in: as long as was asked for, with its files."""
    written = read_written(raw, accepts)
    files, words = len(written["files"]), count_words(written["text"])
    if accepts.text:
        if words < max(accepts.least_words, 0 if accepts.most_files else 1):
            if not words:
                raise InvalidAnswer(NO_TEXT)
            raise InvalidAnswer(TOO_FEW_WORDS, least=accepts.least_words, count=words)
        if accepts.most_words and words > accepts.most_words:
            raise InvalidAnswer(TOO_MANY_WORDS, most=accepts.most_words, count=words)
    if files > accepts.most_files:
        raise InvalidAnswer(TOO_MANY_FILES, most=accepts.most_files)
    least = accepts.least_files or (1 if accepts.most_files and not words else 0)
    if files < least:
        raise InvalidAnswer(TOO_FEW_FILES, least=least, count=files)
    return written


def count_words(text: str) -> int:
    """The number of words, as everybody counts them: runs of what is no space."""
    return len(text.split())


def _file_id(node: Node) -> str:
    if not isinstance(node.value, str) or not _ID.fullmatch(node.value):
        raise node.fail(NO_FILE_ID)
    return node.value


def read_pins(raw: Any, answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Comments pinned on places of ``answer``; raises ``InvalidAnswer``.

    A pin on text has ``start`` and ``end``, in characters (code points) of the text; what it
    quotes is taken from there. One on a picture has ``file`` (its id), ``x`` and ``y``, 0-1 from
    the left and the top.
    """
    nodes = Node(raw, "pins", InvalidAnswer).list(0, MOST_PINS)
    return [_read_pin(node, answer["text"], answer["files"]) for node in nodes]


def _read_pin(node: Node, text: str, files: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    comment = node.get("comment").text(longest=LONGEST_COMMENT)
    if node.get("kind").one_of(("text", "image")) == "text":
        start = node.get("start").whole(None, 0, len(text))
        end = node.get("end").whole(None, 0, len(text))
        if start >= end:
            raise node.fail(NO_PLACE)
        quote = text[start:end][:LONGEST_QUOTE]
        return {"kind": "text", "start": start, "end": end, "quote": quote, "comment": comment}
    name = node.get("file")
    if name.value not in {file["id"] for file in files}:
        raise name.fail(faults.NO_CHOICE, name=str(name.value)[:40])
    x, y = (node.get(axis) for axis in ("x", "y"))
    if x.value is None or y.value is None:
        raise node.fail(NO_PLACE)
    return {
        "kind": "image",
        "file": name.value,
        "x": round(x.number(0.0, 0.0, 1.0), 4),
        "y": round(y.number(0.0, 0.0, 1.0), 4),
        "comment": comment,
    }
