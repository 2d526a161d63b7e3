"""Write a course in another language from its PO file.

``python -m scripts.translate_course LANGUAGE [COURSE]`` reads ``course_content/COURSE`` (by
default ``cataloguing``) and ``course_content/translations/COURSE.LANGUAGE.po``, brings the PO file
up to date with the texts of the course, and writes ``course_content/COURSE_LANGUAGE``. While texts
have no translation it writes the PO file alone and ends with status 1. Run it after every change
of the course or of a translation; a test holds you to it.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from scripts.translation.course import NOTE, NOTE_TITLE, Untranslated, collect, translate
from scripts.translation.po import Entry, format_po, parse_po

CONTENT = Path(__file__).parent.parent / "course_content"
HEADER = (
    "Language: {language}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\n"
)


def main() -> int:
    """Bring one translation up to date."""
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    language, course = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "cataloguing"
    source, po = CONTENT / course, CONTENT / "translations" / f"{course}.{language}.po"
    header, known = read(po, language)
    frame = [known.get(text, Entry(text)) for text in (NOTE_TITLE, NOTE)]
    entries = [*frame, *collect(source, known)]
    po.parent.mkdir(exist_ok=True)
    po.write_text(format_po(header, entries), encoding="utf-8")
    try:
        files = translate(source, {entry.text: entry for entry in entries}, language)
    except Untranslated as error:
        print(f"{error}; they are empty in {po}", file=sys.stderr)
        return 1
    write(CONTENT / f"{course}_{language}", files)
    waiting = sum(entry.awaits_review for entry in entries)
    print(f"{len(files)} files written; {waiting} of {len(entries)} texts await review")
    return 0


def read(po: Path, language: str) -> tuple[str, dict[str, Entry]]:
    """Return the header of a PO file and its entries by their text; of none, an empty one."""
    if not po.exists():
        return HEADER.format(language=language), {}
    header, entries = parse_po(po.read_text(encoding="utf-8"))
    return header, {entry.text: entry for entry in entries}


def write(folder: Path, files: dict[str, bytes]) -> None:
    """Make a folder that holds these files and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    for place, content in files.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    sys.exit(main())
