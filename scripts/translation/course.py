"""One course made from another: every file of it, with the texts of one PO file."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lxml import etree

from quarantine.xml import parse_xml
from scripts.translation.po import Entry
from scripts.translation.texts import (
    SOURCE,
    Say,
    replace_in_fragment,
    replace_in_picture,
    replace_in_xml,
    replace_plain,
)

__all__ = ["NOTE", "NOTE_TITLE", "Untranslated", "collect", "translate"]

NOTE_TITLE = "This page awaits review"
NOTE = (
    "The translation of this page has not yet been reviewed by somebody who catalogues in this "
    "language. If a term is not the one you use, your own rules are right; please tell your "
    "instructor."
)
NOTE_PAGE = "review_note"
ABOUT = "about/overview.html"
MOST_PLACES = 3


class Untranslated(Exception):
    """Texts without a translation: the course cannot be written."""

    def __init__(self, texts: list[str]) -> None:
        super().__init__(f"{len(texts)} texts have no translation")
        self.texts = texts


@dataclass
class _Reader:
    """Says every text in the other language and remembers what was asked where."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    places: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def at(self, place: str) -> Say:
        def say(text: str) -> str:
            self.places[text].append(place)
            entry = self.entries.get(text)
            return entry.translation if entry and entry.translation else text

        return say

    def missing(self) -> list[str]:
        return [text for text in self.places if not self._of(text).translation]

    def awaiting(self) -> set[str]:
        """Return the files in which a text awaits review."""
        return {
            place
            for text, places in self.places.items()
            if self._of(text).awaits_review
            for place in places
        }

    def _of(self, text: str) -> Entry:
        return self.entries.get(text, Entry(text))


def collect(source: Path, entries: Mapping[str, Entry] | None = None) -> list[Entry]:
    """List the texts of a course in the order of its files, with what ``entries`` says of them."""
    reader, run = _Reader(), _run_of(source)
    for path in _files(source):
        _translated(source, path, reader, run, SOURCE)
    known = entries or {}
    return [
        replace(known.get(text, Entry(text)), places=tuple(dict.fromkeys(places))[:MOST_PLACES])
        for text, places in reader.places.items()
    ]


def translate(source: Path, entries: Mapping[str, Entry], language: str) -> dict[str, bytes]:
    """Return the files of the course in ``language``, by their path in its folder.

    The run of the course (``url_name``) gets the language as its ending, so that both can be
    offered side by side. Raises :class:`Untranslated`.
    """
    reader, run = _Reader(entries), _run_of(source)
    files = {
        _renamed(path.relative_to(source), run, language): _translated(
            source, path, reader, run, language
        )
        for path in _files(source)
    }
    title, note = (reader.at(f"html/{NOTE_PAGE}.html")(text) for text in (NOTE_TITLE, NOTE))
    if missing := reader.missing():
        raise Untranslated(missing)
    return files | dict(_notes(files, reader.awaiting(), title, note))


def _run_of(source: Path) -> str:
    return str(parse_xml((source / "course.xml").read_bytes()).get("url_name"))


def _files(source: Path) -> list[Path]:
    found = (path for path in source.rglob("*") if path.is_file())
    return sorted(found, key=lambda path: _order(path.relative_to(source)))


def _order(path: Path) -> tuple[bool, str]:
    """Put the frame of the course first, then the rest by name."""
    return path.parts[0] not in ("course", "policies", "about", "chapter", "sequential"), str(path)


def _renamed(path: Path, run: str, language: str) -> str:
    parts = [part.replace(run, f"{run}_{language}") for part in path.parts]
    return "/".join(parts if path.parts[0] in ("course", "policies") else path.parts)


def _translated(source: Path, path: Path, reader: _Reader, run: str, language: str) -> bytes:
    place = path.relative_to(source).as_posix()
    content, say = path.read_bytes(), reader.at(place)
    match path.suffix:
        case ".html":
            return replace_in_fragment(content.decode(), say).encode()
        case ".svg":
            return _xml(replace_in_picture(content, say))
        case ".xml":
            root = replace_in_xml(content, say)
            _offer(root, place, run, language, say)
            return _xml(root)
        case ".json":
            return _policy(json.loads(content), say, run, language)
        case _:
            return content


def _offer(root: etree._Element, place: str, run: str, language: str, say: Say) -> None:
    """Make the course element and the pointer to it those of another run."""
    if place == "course.xml":
        root.set("url_name", f"{run}_{language}")
    elif root.tag == "course":
        root.set("language", language)
        outcomes = json.loads(root.get("learning_info", "[]"))
        said = [replace_plain(text, say) for text in outcomes]
        root.set("learning_info", json.dumps(said, ensure_ascii=False))


def _policy(data: dict[str, Any], say: Say, run: str, language: str) -> bytes:
    """Translate ``policy.json`` or ``grading_policy.json``; an assignment type is a text too."""
    for part in data.get("GRADER", ()):
        part |= {name: replace_plain(part[name], say) for name in ("type", "short_label")}
    if cutoffs := data.get("GRADE_CUTOFFS"):
        data["GRADE_CUTOFFS"] = {replace_plain(name, say): cutoffs[name] for name in cutoffs}
    if settings := data.pop(f"course/{run}", None):
        _settings(settings, say)
        data[f"course/{run}_{language}"] = settings | {"language": language}
    return (json.dumps(data, ensure_ascii=False, indent=4) + "\n").encode()


def _settings(settings: dict[str, Any], say: Say) -> None:
    settings["display_name"] = replace_plain(settings["display_name"], say)
    settings["learning_info"] = [replace_plain(text, say) for text in settings["learning_info"]]
    for tab in settings.get("tabs", ()):
        tab["name"] = replace_plain(tab["name"], say)


def _notes(
    files: Mapping[str, bytes], awaiting: set[str], title: str, note: str
) -> Iterator[tuple[str, bytes]]:
    """Yield the files that tell a reader, on top of each unit, that a page awaits review."""
    if not awaiting:
        return
    paragraph = f"<p><strong>{title}.</strong> {note}</p>"
    yield f"html/{NOTE_PAGE}.html", f"{paragraph}\n".encode()
    for place, content in files.items():
        if place == ABOUT:
            section = f'<section class="about">\n  {paragraph}\n</section>\n'
            yield place, section.encode() + content
        elif place.startswith("vertical/"):
            unit = parse_xml(content)
            if awaiting & {place, *_parts(unit)}:
                name = f"review_{Path(place).stem}"
                pointer = etree.Element("html", {"url_name": name})
                pointer.tail = unit.text
                unit.insert(0, pointer)
                yield place, _xml(unit)
                page = etree.Element("html", {"filename": NOTE_PAGE, "display_name": title})
                yield f"html/{name}.xml", _xml(page)


def _parts(unit: etree._Element) -> Iterator[str]:
    """Yield the files in which the texts of a unit stand."""
    for child in unit:
        yield f"{child.tag}/{child.get('url_name')}.xml"
        yield f"{child.tag}/{child.get('url_name')}.html"


def _xml(root: etree._Element) -> bytes:
    return etree.tostring(root, encoding="unicode").encode() + b"\n"
