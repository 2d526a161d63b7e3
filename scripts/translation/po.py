"""PO files, as far as courses need them: texts, where they stand, and whether they are reviewed.

Tools such as Poedit read and write the same files. https://www.gnu.org/software/gettext/manual/
describes the format.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

__all__ = ["Entry", "format_po", "parse_po"]

REVIEW = "fuzzy"
_LINE = re.compile(r'(?:(msgid|msgstr)\s+)?(".*")$')


@dataclass(frozen=True)
class Entry:
    """One text: ``translation`` is empty while there is none; ``places`` are course files."""

    text: str
    translation: str = ""
    places: tuple[str, ...] = ()
    awaits_review: bool = True


def parse_po(content: str) -> tuple[str, list[Entry]]:
    """Return the header and the entries. Raises ``ValueError`` for what is no line of a PO file."""
    header, entries = "", []
    for block in re.split(r"\n\s*\n", content.strip()):
        entry = _parse_entry(block)
        if entry.text:
            entries.append(entry)
        elif entry.translation:
            header = entry.translation
    return header, entries


def _parse_entry(block: str) -> Entry:
    texts, places, flags, current = {"msgid": "", "msgstr": ""}, [], [], ""
    for line in block.splitlines():
        if line.startswith("#:"):
            places += line[2:].split()
        elif line.startswith("#,"):
            flags += [flag.strip() for flag in line[2:].split(",")]
        elif not line.startswith("#"):
            found = _LINE.match(line.strip())
            if found is None:
                raise ValueError(f"not a line of a PO file: {line}")
            current = found[1] or current
            texts[current] += json.loads(found[2])
    awaits_review = REVIEW in flags or not texts["msgstr"]
    return Entry(texts["msgid"], texts["msgstr"], tuple(places), awaits_review)


def format_po(header: str, entries: Iterable[Entry]) -> str:
    """Write a PO file; :func:`parse_po` reads it back."""
    blocks = ["\n".join(('msgid ""', *_quoted("msgstr", header)))]
    return "\n\n".join([*blocks, *map(_format_entry, entries)]) + "\n"


def _format_entry(entry: Entry) -> str:
    lines = [f"#: {' '.join(entry.places)}"] if entry.places else []
    if entry.awaits_review and entry.translation:
        lines.append(f"#, {REVIEW}")
    lines += [*_quoted("msgid", entry.text), *_quoted("msgstr", entry.translation)]
    return "\n".join(lines)


def _quoted(keyword: str, text: str) -> Iterator[str]:
    """Yield the lines of one string, a line of the file for each line of the text."""
    lines = text.splitlines(keepends=True) or [""]
    if len(lines) > 1:
        lines.insert(0, "")
    for n, line in enumerate(lines):
        prefix = "" if n else f"{keyword} "
        yield prefix + json.dumps(line, ensure_ascii=False)
