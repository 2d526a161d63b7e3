"""A real school in processes of its own, and a browser that visits it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.delivery.schools import ROOT, School
from tests.e2e.open_school import OpenSchool
from tests.ports import free_port
from tests.waiting import PATIENCE

HERE = Path(__file__).resolve().parent
OPENS_WITHIN = 300  # seconds
LOOKS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
# The stylesheet of `problem` asks another site for its letters; the frame refuses, as it should.
REFUSED = r"stylesheet 'https://fonts\.googleapis\.com/"


def prepare(made: School, courses: list[Path]) -> str:
    done = subprocess.run(  # noqa: S603  # our own module
        [sys.executable, "-m", "tests.e2e.preparing", *map(str, courses)],
        cwd=ROOT,
        env=made.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenSchool]:
    """A school as ``scripts/run`` starts it: migrated, with courses and demo people, served."""
    made = School(tmp_path_factory.mktemp("school"), settings="tests.e2e.settings")
    courses = sorted(path.parent for path in ROOT.glob("course_content/*/course.xml"))
    courses += sorted(path.parent for path in HERE.glob("courses/*/course.xml"))
    ways_in = json.loads(prepare(made, courses))
    made.port = free_port()
    try:
        made.serve("--port", str(made.port), patience=OPENS_WITHIN)
        yield OpenSchool(made, ways_in["people"], iter(ways_in["learners"]))
    finally:
        made.end()


class Faults:
    """What went wrong in the pages that a test opened."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def watch(self, page: Page, expected: str | None) -> None:
        """Note every error of a page's scripts and console, but what ``expected`` matches."""

        def note(text: str) -> None:
            if not re.search(f"{REFUSED}|{expected or REFUSED}", text):
                self.found.append(f"{page.url}: {text}")

        page.on("pageerror", lambda error: note(str(error)))
        page.on(
            "console",
            lambda message: (
                note(f"{message.text} ({message.location.get('url')})")
                if message.type == "error"
                else None
            ),
        )


@pytest.fixture
def open_context(school: OpenSchool, browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """A function that makes a visitor: their look and, if they are signed in, who they are.

    No error may happen in any of their pages, unless its text matches ``expected``. A breach of
    the content security policy is such an error, and so is a file that is not there.
    """
    contexts: list[BrowserContext] = []
    faults = Faults()

    def opener(
        look: str = "desktop",
        person: str | None = None,
        expected: str | None = None,
        **options: Any,
    ) -> BrowserContext:
        context = browser.new_context(base_url=school.url, **(LOOKS[look] | options))
        context.set_default_timeout(PATIENCE * 1000)
        context.on("page", lambda page: faults.watch(page, expected))
        if person is not None:
            school.sign_in(context, person)
        contexts.append(context)
        return context

    yield opener
    for context in contexts:
        context.close()
    assert faults.found == []


@pytest.fixture
def open_page(open_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """A function that opens the first page of a new visitor, described as to ``open_context``."""
    return lambda *args, **options: open_context(*args, **options).new_page()
