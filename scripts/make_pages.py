"""Draw the damaged pages of the conservation course, and write the truth of each beside the course.

    python -m scripts.make_pages [FOLDER]

Pictures go to ``static/page_01.svg`` …, exercises for the grader ``regions`` to
``pages/page_01.json`` …; only the pictures are public. The same pages come out every time.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from grading.pages import DAMAGES, Page, make_page

COURSE = Path(__file__).parent.parent / "course_content" / "conservation"
COUNT = 30
"""Pages: the first ones have two damages, the last ones six."""


def make_pages() -> dict[str, Page]:
    """Return the pages by name; every kind of damage comes in its turn."""
    kinds = sorted(DAMAGES)
    pages = {}
    for number in range(1, COUNT + 1):
        size = 2 + (number - 1) * 5 // COUNT
        chosen = [kinds[(number - 1 + n * 4) % len(kinds)] for n in range(size)]
        pages[f"page_{number:02}"] = make_page(f"course {number}", chosen)
    return pages


def truth_of(page: Page) -> dict[str, Any]:
    """Return what is kept of a page beside its picture."""
    return {"exercise": page.exercise, "observations": list(page.observations)}


def main() -> None:
    """Write all pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=COURSE)
    folder: Path = parser.parse_args().folder
    for part in ("static", "pages"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for name, page in make_pages().items():
        (folder / "static" / f"{name}.svg").write_text(page.svg, encoding="utf-8")
        truth = json.dumps(truth_of(page), ensure_ascii=False, indent=1)
        (folder / "pages" / f"{name}.json").write_text(f"{truth}\n", encoding="utf-8")
    print(f"{COUNT} pages are in {folder}.")


if __name__ == "__main__":
    main()
