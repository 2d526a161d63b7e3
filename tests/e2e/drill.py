"""A drill as somebody at the keyboard meets it."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

SAVED = re.compile(r"Draft saved \d")


class Drill:
    """One drill of a page, by the name in its heading."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        heading = page.get_by_role("heading", name=name, exact=True)
        self.root = page.locator(".ls-drill").filter(has=heading)

    def item(self, name: str) -> Locator:
        """The item whose heading ends with ``name``, as "UDC number"."""
        return self.root.get_by_role("region", name=re.compile(rf"^\d+\. {re.escape(name)}$"))

    @property
    def state(self) -> Locator:
        """Attempts left and how the draft is kept."""
        return self.root.locator(".ls-state")

    @property
    def result(self) -> Locator:
        return self.root.get_by_role("region", name="Result")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def write(self, control: Locator, text: str) -> None:
        """Go to a control and type over what stands in it."""
        control.focus()
        self.press("ControlOrMeta+a")
        self.type(text)

    def choose(self, control: Locator, beginning: str) -> None:
        """Choose from a list by the letters its entry begins with."""
        control.focus()
        self.type(beginning)
        expect(control.locator("option:checked")).to_have_text(re.compile(rf"^{beginning}"))

    def tick(self, control: Locator) -> None:
        control.focus()
        self.press("Space")
        expect(control).to_be_checked()

    def press_button(self, name: str, within: Locator | None = None) -> None:
        (within or self.root).get_by_role("button", name=name, exact=True).press("Enter")

    def wait_until_saved(self) -> None:
        expect(self.state).to_contain_text(SAVED)

    def submit(self) -> None:
        self.press_button("Submit")

    def verdict(self, name: str) -> Locator:
        """What stands under an item: its points and its remarks."""
        return self.item(name).locator(".ls-feedback")
