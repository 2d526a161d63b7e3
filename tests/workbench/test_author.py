"""An author writes an exercise from a blank page, by keyboard alone, in the XBlock workbench."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Download, Locator, Page, expect

from tests.e2e.axe import find_block_faults
from tests.waiting import PATIENCE, wait_for
from tests.workbench.served import Workbench

pytestmark = [pytest.mark.services, pytest.mark.browser]

EDITOR = "/scenario/marc_record.0/studio_view/"
BLANK = {
    "block_type": "marc_record",
    "fields": {
        "display_name": "",
        "prompt": "",
        "source_text": "",
        "exercise": {},
        "starter": [],
    },
}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 780}, "has_touch": True, "is_mobile": True},
}


class Author:
    """Somebody at the keyboard, with the editor of an exercise before them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.key = page.locator('[data-field-name="exercise"]')
        self.checks = page.get_by_role("region", name="Check")
        self.preview = page.get_by_role("region", name="Preview")
        self.state = page.locator('[data-edit="state"]')

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def write(self, field: Locator, text: str) -> None:
        """Type over what stands in a field."""
        field.focus()
        self.press("ControlOrMeta+a")
        self.type(text)

    def push(self, name: str, within: Locator | None = None) -> None:
        (within or self.page).get_by_role("button", name=name, exact=True).press("Enter")

    def unfold(self, name: str) -> None:
        """Open what is folded away, or fold it again."""
        self.key.locator("summary", has_text=name).first.press("Enter")

    def take(self, exercise: Any) -> None:
        """Import an exercise by pasting its JSON."""
        self.push("Import")
        self.page.get_by_label("JSON as text").fill(
            exercise if isinstance(exercise, str) else json.dumps(exercise)
        )
        self.push("Take it")

    def wait_for_check(self, text: str | re.Pattern[str]) -> None:
        expect(self.checks.get_by_role("status").first).to_have_text(text)

    def exported(self) -> Any:
        with self.page.expect_download() as download:
            self.push("Export")
        file: Download = download.value
        assert re.fullmatch(r"[\w-]+\.json", file.suggested_filename)
        return json.loads(Path(file.path()).read_text(encoding="utf-8"))


@pytest.fixture
def open_editor(workbench: Workbench, browser: Browser) -> Iterator[Callable[..., Author]]:
    """A function that opens the editor; no script may fail in it."""
    contexts, failures = [], []

    def opener(look: str = "light", path: str = EDITOR) -> Author:
        context = browser.new_context(base_url=workbench.url, **LOOKS[look])
        contexts.append(context)
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(path)
        author = Author(page)
        expect(page.locator(".ls-preview .ls-marc")).to_be_attached()
        return author

    yield opener
    for context in contexts:
        context.close()
    assert failures == []


def test_an_exercise_is_written_from_a_blank_page_checked_tried_and_saved(
    open_editor: Callable[..., Author],
) -> None:
    author = open_editor()
    author.take(BLANK)
    author.wait_for_check(re.compile("1 to mend"))
    expect(author.checks).to_contain_text("This key is empty")

    author.write(author.page.get_by_label("Display name"), "Judita i njezin opis")
    author.push("Paragraph", author.page.get_by_role("group", name="Task: put in"))
    author.type("Describe the ")
    author.push("Emphasis", author.page.get_by_role("group", name="Task: put in"))
    author.type("title")
    expect(author.preview.get_by_role("heading", name="Judita i njezin opis")).to_be_visible()
    expect(author.preview.locator("em")).to_have_text("title")

    # The key, row by row, and how it is graded.
    author.key.get_by_label("Tag", exact=True).focus()
    author.type("24510Judita :$bep u šest libara.")
    author.press("Enter")
    author.type("650#4Ep")
    author.unfold("Grading of 650")
    row = author.key.locator("[data-row='1']")
    author.write(row.get_by_label("Weight of 650", exact=True), "6,5")
    author.write(row.get_by_label("Also accepted for 650 $a"), "Epovi")
    author.push("Add a near miss to 650 $a", row)
    author.type("Epp")
    author.press("Tab")
    author.write(row.get_by_label("Near miss 1 of 650 $a: what it earns, from 0 to 1"), "0,3")
    author.press("Tab")
    author.type("slip of the pen")
    author.push("The key's fields, empty")
    expect(author.checks.locator(".ls-error")).to_have_count(0)

    # Tried as a trainee: one subfield wrong, the alternative accepted.
    expect(author.preview.locator("[data-row]")).to_have_count(2)
    author.preview.get_by_label("245, indicator 1").focus()
    author.type("10Judita :")
    author.preview.get_by_label(re.compile("^650, indicator 1")).focus()
    author.type("#4Epovi")
    author.push("Submit", author.preview)
    expect(author.preview.get_by_role("region", name="Result")).to_contain_text("245 $b is missing")

    # And as an answer that somebody sends in, with the author's own reason.
    author.page.get_by_label("Answer as text").focus()
    author.type("650 #4 $aEpp")
    author.push("Score it")
    mark = author.page.get_by_role("region", name="Mark of this answer")
    expect(mark).to_contain_text("slip of the pen")
    expect(mark).to_contain_text("ep u šest libara.")

    author.press("ControlOrMeta+s")
    expect(author.state).to_have_text("Saved")
    author.page.reload()
    expect(author.preview.get_by_role("heading", name="Judita i njezin opis")).to_be_visible()
    kept = author.exported()["fields"]
    assert kept["exercise"] == {
        "keys": [
            {
                "profile": "marc21",
                "fields": [
                    {
                        "tag": "245",
                        "ind": "10",
                        "sub": [["a", "Judita :"], ["b", "ep u šest libara."]],
                    },
                    {
                        "tag": "650",
                        "ind": " 4",
                        "sub": [
                            [
                                "a",
                                "Ep",
                                {"alt": ["Epovi"], "near": [["Epp", 0.3, "slip of the pen"]]},
                            ]
                        ],
                        "w": 6.5,
                    },
                ],
            }
        ]
    }
    assert kept["starter"] == [
        ["245", "  ", [["a", ""], ["b", ""]]],
        ["650", "  ", [["a", ""]]],
    ]
    assert (kept["display_name"], kept["points"]) == ("Judita i njezin opis", 10)


def test_faults_are_named_at_their_places_and_nothing_typed_is_lost(
    open_editor: Callable[..., Author],
) -> None:
    author = open_editor()
    points = author.page.get_by_label("Points", exact=True)
    author.write(points, "many")
    author.push("Save")
    summary = author.page.locator('[data-edit="summary"]')
    expect(summary).to_be_focused()
    author.push("Points: A number is needed.", summary)
    expect(points).to_be_focused()
    expect(points).to_have_value("many")
    expect(points).to_have_attribute("aria-invalid", "true")
    author.write(points, "12")
    expect(summary).to_be_hidden()

    # A fault deep in the key: the list leads to the panel in which it stands.
    author.unfold("Grading of 245")
    author.write(author.key.get_by_label("Weight of 245", exact=True), "heavy")
    author.unfold("Grading of 245")
    finding = author.checks.get_by_role("listitem").filter(has_text="Error")
    expect(finding).to_have_count(1)
    finding.get_by_role("button").press("Enter")
    expect(author.key.get_by_label("Weight of 245", exact=True)).to_be_focused()
    author.press("ControlOrMeta+a", "Delete")
    expect(author.checks.locator(".ls-error")).to_have_count(0)


def test_several_keys_are_added_edited_undone_and_deleted(
    open_editor: Callable[..., Author],
) -> None:
    author = open_editor()
    before = author.exported()["fields"]["exercise"]["keys"]
    author.push("Duplicate this key")
    tabs = author.key.get_by_role("tab")
    expect(tabs).to_have_count(2)
    author.write(author.key.get_by_label(re.compile(r"^245 \$a")).first, "Judith :")
    keys = author.exported()["fields"]["exercise"]["keys"]
    assert keys[0] == before[0]
    assert keys[1]["fields"][0]["sub"][0][1] == "Judith :"
    tabs.nth(1).focus()
    author.press("ArrowLeft")
    expect(tabs.nth(0)).to_be_focused()
    expect(tabs.nth(0)).to_have_attribute("aria-selected", "true")
    author.press("ArrowRight")
    author.push("Delete this key")
    expect(tabs).to_have_count(0)  # one key needs none
    author.push("Undo", author.key)
    expect(tabs).to_have_count(2)
    assert author.exported()["fields"]["exercise"]["keys"] == keys


def test_an_import_that_cannot_be_taken_says_where_and_changes_nothing(
    open_editor: Callable[..., Author],
) -> None:
    author = open_editor()
    before = author.exported()
    author.take('{\n  "block_type": "marc_record",\n  "fields": {"points": }\n}')
    error = author.page.locator('[data-edit="import-error"]')
    expect(error).to_contain_text("line 3, column 24")
    author.page.get_by_label("JSON as text").fill(
        json.dumps({"block_type": "marc_record", "fields": {"points": "ten", "colour": "red"}})
    )
    author.push("Take it")
    expect(error).to_contain_text("fields.points: a number is needed.")
    expect(error).to_contain_text("fields.colour: there is no such field.")
    author.press("Escape")
    assert author.exported() == before


def test_a_key_that_makes_no_record_can_be_mended_as_json(
    open_editor: Callable[..., Author],
) -> None:
    author = open_editor()
    author.take({"keys": [{"profile": "marc21", "fields": [{"tag": "245", "sub": "Judita"}]}]})
    expect(author.key).to_contain_text("keys[0].fields[0].sub")
    area = author.key.get_by_role("textbox")
    expect(area).to_have_value(re.compile('"sub": "Judita"'))
    expect(author.checks.locator(".ls-error")).to_have_count(1)


def test_leaving_with_unsaved_changes_asks_first(open_editor: Callable[..., Author]) -> None:
    author = open_editor()
    author.write(author.page.get_by_label("Display name"), "Another")
    author.push("Cancel")
    question = author.page.get_by_role("dialog")
    expect(question).to_contain_text("Leave without saving?")
    author.push("No", question)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    author.page.on("dialog", stay)
    author.page.close(run_before_unload=True)
    expect(author.page.get_by_label("Display name")).to_have_value("Another")
    assert wait_for(author.page, lambda: asked) == ["beforeunload"]


def test_the_host_is_told_how_saving_goes_and_when_to_close(
    open_editor: Callable[..., Author],
) -> None:
    author = open_editor()
    author.page.evaluate(
        """() => {
          window.told = [];
          const tell = (name, data) => told.push([name, data.state || '']);
          RuntimeProvider.getRuntime(1).notify = tell;
        }"""
    )
    points = author.page.get_by_label("Points", exact=True)
    author.write(points, "many")
    author.push("Save")
    expect(author.state).to_have_text("Not saved: mend what is listed first.")
    author.write(points, "15")
    author.push("Save")
    expect(author.state).to_have_text("Saved")
    author.push("Cancel")
    wait_for(author.page, lambda: author.page.evaluate("told.length") == 5)
    assert author.page.evaluate("told") == [
        ["save", "start"],
        ["error", ""],
        ["save", "start"],
        ["save", "end"],
        ["cancel", ""],
    ]


@pytest.mark.parametrize("look", LOOKS)
def test_everybody_can_use_the_editor(open_editor: Callable[..., Author], look: str) -> None:
    author = open_editor(look)
    for summary in ("Grading of 245", "Settings of this key"):
        author.unfold(summary)
    author.push("Add a pool", author.key)
    author.push("Duplicate this key")
    for pane in ("Write", "Check", "Preview") if look == "phone" else ("",):
        if pane:
            author.page.get_by_role("button", name=re.compile(f"^{pane}")).first.press("Enter")
        assert find_block_faults(author.page) == []
        assert author.page.locator(".ls-editor").evaluate(
            "root => root.scrollWidth <= root.clientWidth"
        )
    author.push("Import")
    assert find_block_faults(author.page) == []
