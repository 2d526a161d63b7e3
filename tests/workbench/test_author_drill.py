"""An author writes a drill from a blank page, without JSON and by keyboard alone."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Download, Locator, Page, expect

from tests.e2e.axe import find_block_faults
from tests.waiting import PATIENCE
from tests.workbench.served import Workbench

pytestmark = [pytest.mark.services, pytest.mark.browser]

EDITOR = "/scenario/cataloguing_drill.0/studio_view/"
BLANK = {"block_type": "cataloguing_drill", "fields": {"display_name": "", "exercise": {}}}
WIDE: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 780}}


class Author:
    """Somebody at the keyboard, with the items of a drill before them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.items = page.locator('[data-field-name="exercise"]')
        self.checks = page.get_by_role("region", name="Check")
        self.preview = page.get_by_role("region", name="Preview")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def push(self, name: str, within: Locator | None = None) -> None:
        (within or self.page).get_by_role("button", name=name, exact=True).press("Enter")

    def write(self, control: Locator, text: str) -> None:
        control.focus()
        self.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def choose(self, control: Locator, beginning: str) -> None:
        control.focus()
        self.page.keyboard.type(beginning)
        expect(control.locator("option:checked")).to_have_text(re.compile(rf"^{beginning}"))

    def add(self, type_name: str, asked: str) -> Locator:
        """A new item of a type, its question written; the focus is on it already."""
        self.choose(self.items.get_by_label("Type of the new item"), type_name)
        self.push("Add an item")
        self.page.keyboard.type(asked)
        return self.items.locator(".ls-edit-item").last

    def faults(self) -> list[str]:
        """What axe-core finds in our part of the workbench's page."""
        return find_block_faults(self.page)

    def start_blank(self) -> None:
        self.push("Import")
        self.page.get_by_label("JSON as text").fill(json.dumps(BLANK))
        self.push("Take it")
        expect(self.items.get_by_text("No items yet.")).to_be_visible()

    def exported(self) -> Any:
        with self.page.expect_download() as download:
            self.push("Export")
        file: Download = download.value
        return json.loads(Path(file.path()).read_text(encoding="utf-8"))["fields"]["exercise"]


@pytest.fixture
def open_editor(workbench: Workbench, browser: Browser) -> Iterator[Callable[..., Author]]:
    """A function that opens the editor; no script may fail in it."""
    contexts, failures = [], []

    def opener(look: dict[str, Any] = WIDE) -> Author:
        context = browser.new_context(base_url=workbench.url, **look)
        contexts.append(context)
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(EDITOR)
        expect(page.locator(".ls-preview .ls-drill")).to_be_attached()
        return Author(page)

    yield opener
    for context in contexts:
        context.close()
    assert failures == []


def test_a_drill_is_written_from_a_blank_page_tried_and_saved(
    open_editor: Callable[..., Author],
) -> None:
    author = open_editor()
    author.start_blank()
    udc = author.add("UDC", "A Slovene novel")
    author.write(udc.get_by_label("Right answer"), "821.163.6-31")
    author.write(udc.get_by_label("Right as well"), "821.163.6-3")
    area = author.add("Order", "Arrange the elements.")
    author.write(area.get_by_label("Text").nth(0), "Judita")
    author.write(area.get_by_label("Text").nth(1), "ep")
    author.write(area.get_by_label("Mark before").nth(1), " : ")
    author.push("Add an element", area)
    expect(area.get_by_label("Mark before").nth(2)).to_be_focused()
    author.write(area.get_by_label("Text").nth(2), "Marulić")
    author.push("Move up: row 3", area)
    author.write(area.get_by_label("Mark before").nth(1), " / ")
    author.push("Move down: row 2", area)
    coded = author.add("Fixed", "Code the date.")
    author.write(coded.get_by_label("Right answer").last, "191021s")
    author.push("By position", coded)
    expect(coded.get_by_label(re.compile("^00.05"))).to_be_focused()
    author.write(coded.get_by_label(re.compile("^07.10 Date 1")), "2019")
    author.write(coded.get_by_label("Positions to be coded"), "07-10")
    names = author.add("Access", "Who gets an access point?")
    author.write(names.get_by_label("Name in the source"), "Marko Marulić")
    author.write(names.get_by_label("Heading"), "Marulić, Marko")
    names.locator("summary").filter(has_text="Also accepted").first.press("Enter")
    author.write(names.get_by_label("Right as well").first, "Marul, Marko")
    author.push("Add a near miss", names.locator(".ls-value-field").first)
    author.press("ControlOrMeta+a")
    author.page.keyboard.type("Marullus")
    author.press("Tab")
    author.press("ControlOrMeta+a")
    author.page.keyboard.type("0,3")
    author.press("Tab")
    author.page.keyboard.type("another person")
    expect(author.checks.locator(".ls-finding.ls-error")).to_have_count(0)
    assert author.faults() == []

    # Tried as a trainee.
    shown = author.preview.locator(".ls-item")
    expect(shown).to_have_count(4)
    author.write(shown.first.get_by_label("UDC number"), "821.163.6")
    author.push("Submit", author.preview)
    result = author.preview.get_by_role("region", name="Result")
    expect(result.get_by_role("button", name="1. UDC number")).to_be_visible()

    author.press("ControlOrMeta+s")
    expect(author.page.locator('[data-edit="state"]')).to_have_text("Saved")
    author.page.reload()
    expect(author.items.locator(".ls-edit-item")).to_have_count(4)
    assert author.exported() == {
        "items": [
            {
                "id": "udc-1",
                "type": "udc",
                "prompt": "A Slovene novel",
                "value": "821.163.6-31",
                "alt": ["821.163.6-3"],
            },
            {
                "id": "order-1",
                "type": "order",
                "prompt": "Arrange the elements.",
                "elements": [
                    {"text": "Judita"},
                    {"text": "ep", "mark": " : "},
                    {"text": "Marulić", "mark": " / "},
                ],
            },
            {
                "id": "fixed_field-1",
                "type": "fixed_field",
                "prompt": "Code the date.",
                "profile": "marc21",
                "tag": "008",
                "material": "books",
                "value": "191021s2019" + " " * 29,
                "positions": ["07-10"],
            },
            {
                "id": "access_points-1",
                "type": "access_points",
                "prompt": "Who gets an access point?",
                "profile": "marc21",
                "names": [
                    {
                        "name": "Marko Marulić",
                        "entry": "main",
                        "heading": {
                            "value": "Marulić, Marko",
                            "alt": ["Marul, Marko"],
                            "near": [["Marullus", 0.3, "another person"]],
                        },
                    }
                ],
            },
        ]
    }


def test_items_move_are_duplicated_deleted_and_every_step_is_undone(
    open_editor: Callable[..., Author],
) -> None:
    author = open_editor()
    author.start_blank()
    author.add("UDC", "first")
    author.add("ISBN", "second")
    names = author.items.locator(".ls-edit-item-name strong")

    expect(names).to_have_text(["1. UDC number", "2. ISBN"])
    author.push("Move up: item 2")
    expect(names).to_have_text(["1. ISBN", "2. UDC number"])
    author.push("Duplicate: item 1")
    expect(names).to_have_text(["1. ISBN", "2. ISBN", "3. UDC number"])
    author.push("Delete: item 3")
    expect(author.page.locator('[data-edit="state"]')).to_have_text(
        "Deleted: item 3. Undo brings it back."
    )
    expect(names).to_have_text(["1. ISBN", "2. ISBN"])
    author.push("Undo", author.items)
    expect(names).to_have_text(["1. ISBN", "2. ISBN", "3. UDC number"])
    author.push("Undo", author.items)
    author.push("Undo", author.items)
    expect(names).to_have_text(["1. UDC number", "2. ISBN"])
    author.push("Redo", author.items)
    expect(names).to_have_text(["1. ISBN", "2. UDC number"])


def test_what_is_wrong_stands_at_its_place_and_the_list_leads_there(
    open_editor: Callable[..., Author],
) -> None:
    author = open_editor(PHONE)
    author.start_blank()
    author.add("UDC", "A novel")
    author.push("Add an item")
    author.page.get_by_role("button", name=re.compile("^2. ")).press("Enter")  # closed
    author.page.get_by_role("button", name=re.compile("^Check")).press("Enter")
    expect(author.checks.locator(".ls-finding.ls-error")).to_have_count(2)
    there = author.checks.get_by_role("button", name="Go there: Items, item 2, What is asked")
    there.press("Enter")
    asked = author.items.locator(".ls-edit-item").nth(1).get_by_label("What is asked")
    expect(asked).to_be_focused()
    expect(asked).to_have_attribute("aria-invalid", "true")
    value = author.items.locator(".ls-edit-item").first.get_by_label("Right answer")
    expect(value).to_have_attribute("aria-invalid", "true")
    author.write(value, "821")
    expect(value).not_to_have_attribute("aria-invalid", "true")
    assert author.page.evaluate("document.querySelector('.ls-editor').scrollWidth") <= 360
    assert author.faults() == []
