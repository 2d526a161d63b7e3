"""The record editor as somebody at the keyboard meets it."""

from __future__ import annotations

import contextlib
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.waiting import wait_for

SAVED = re.compile(r"Draft saved \d")
READ_ROWS = """rows => rows.map(row => {
  const value = name => row.querySelector(`[data-cell="${name}"]`)?.value;
  const subfields = [...row.querySelectorAll('[data-subfield]')].map(part =>
    [...part.querySelectorAll('[data-cell]')].map(cell => cell.value));
  return subfields.length
    ? [value('tag'), (value('ind1') || '#') + (value('ind2') || '#'), subfields]
    : [value('tag'), value('value')];
})"""


class Editor:
    """One record editor of a page."""

    def __init__(self, page: Page, name: str | None = None) -> None:
        self.page = page
        self.root = page.locator(".ls-marc")
        if name is not None:
            heading = page.get_by_role("heading", name=name, exact=True)
            self.root = self.root.filter(has=heading)

    @property
    def record(self) -> list[Any]:
        """What stands in the rows: tag, indicators ("#" for a blank), subfields; or tag, value."""
        return list(self.root.get_by_role("listitem").filter(has=self.tags).evaluate_all(READ_ROWS))

    def expect_record(self, wanted: list[Any], start: int = 0) -> None:
        """Wait until the rows from ``start`` on are ``wanted``."""
        with contextlib.suppress(AssertionError):  # the difference says more than the wait
            wait_for(self.page, lambda: self.record[start:] == wanted)
        assert self.record[start:] == wanted

    @property
    def tags(self) -> Locator:
        return self.page.get_by_label("Tag", exact=True)

    @property
    def state(self) -> Locator:
        """Attempts left and how the draft is kept."""
        return self.root.locator(".ls-state")

    @property
    def result(self) -> Locator:
        return self.root.get_by_role("region", name="Result")

    def cell(self, label: str, row: int = 0) -> Locator:
        """A cell by its label, such as "245, indicator 1", or its start, such as "245 $a"."""
        return self.root.get_by_label(re.compile(rf"^{re.escape(label)}\b")).nth(row)

    def go(self, label: str, row: int = 0) -> None:
        self.cell(label, row).focus()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def retype(self, text: str) -> None:
        """Type over what stands in the cell."""
        self.press("ControlOrMeta+a")
        self.type(text)

    def press_button(self, name: str) -> None:
        self.root.get_by_role("button", name=name, exact=True).press("Enter")

    def wait_until_saved(self) -> None:
        expect(self.state).to_contain_text(SAVED)

    def submit(self) -> None:
        self.press_button("Submit")

    def mark_of(self, kind: str) -> Locator:
        """The lines of the result under the heading ``kind``."""
        heading = self.page.get_by_role("heading", name=re.compile(kind), level=4)
        return self.result.locator(".ls-group").filter(has=heading).get_by_role("listitem")
