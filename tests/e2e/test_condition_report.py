"""A condition report: marked by keyboard, pointer, in a grid and in words; what is there after."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.axe import find_faults
from tests.e2e.drill import SAVED
from tests.e2e.school_pages import WORKSHOP, OpenPage, open_unit

pytestmark = pytest.mark.browser

LEAF = "A leaf from a parish register"
NEXT = "The next leaf"
NARROWEST = 320


class Report:
    """One condition report of a page, by the name in its heading."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        heading = page.get_by_role("heading", name=name, exact=True)
        self.root = page.locator(".ls-report").filter(has=heading)
        self.canvas = self.root.get_by_role("group", name="Picture to draw on")
        self.marks = self.root.locator(".ls-mark-name")
        self.said = self.root.locator('[data-part="said"]')
        self.state = self.root.locator(".ls-state")
        self.result = self.root.get_by_role("region", name="Result")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def push(self, name: str) -> None:
        self.root.get_by_role("button", name=name, exact=True).press("Enter")

    def choose(self, name: str, beginning: str) -> None:
        control = self.root.get_by_label(name, exact=True)
        control.focus()
        self.page.keyboard.type(beginning)
        expect(control.locator("option:checked")).to_have_text(re.compile(rf"^{beginning}"))

    def open_mode(self, name: str) -> None:
        mode = self.root.get_by_role("radio", name=name)
        mode.focus()
        self.press("Space")
        expect(mode).to_be_checked()

    def cell(self, name: str) -> Locator:
        return self.root.get_by_role("checkbox", name=re.compile(rf"^{name}(:|$)"))


def open_report(page: Page, name: str = LEAF) -> Report:
    open_unit(page, "report", WORKSHOP)
    report = Report(page, name)
    expect(report.canvas.locator("img")).to_be_visible()
    expect(report.state).not_to_be_empty()
    return report


def test_a_page_is_marked_in_every_way_by_keyboard_alone_and_shows_what_is_there(
    open_page: OpenPage,
) -> None:
    page = open_page(person="learner", reduced_motion="reduce")
    report = open_report(page)
    assert find_faults(page) == []

    # A rectangle on the picture, and what it is.
    report.canvas.focus()
    report.press("Enter")
    expect(report.said).to_have_text("First corner set. Go to the opposite one.")
    report.press(*["Shift+ArrowRight"] * 2, "ArrowRight", *["Shift+ArrowDown"] * 2, "Enter")
    expect(report.said).to_have_text(re.compile("^Added: Region 1: not named yet"))
    report.choose("What is it?", "E")
    report.choose("How grave?", "2")
    report.choose("Does it go on?", "stable")
    name = "Region 1: Fold or crease, severity 2, stable, middle, 1.1 % of the page"
    expect(report.marks).to_have_text([name])
    report.root.get_by_label("width").focus()
    report.press("ControlOrMeta+a")
    page.keyboard.type("20,5")
    expect(report.marks).to_have_text([name.replace("1.1 %", "2.1 %")])

    # A triangle by P, then undo; Where am I; Escape.
    report.canvas.focus()
    report.press("p", "Shift+ArrowUp", "p", "Shift+ArrowLeft", "Enter")
    expect(report.marks).to_have_count(2)
    report.press("w")
    expect(report.said).to_have_text(re.compile(r"^Column E, row 7; 5\d(\.\d)? % from the left"))
    report.press("Delete")
    expect(report.said).to_have_text("Region 2 deleted. Undo brings it back.")
    report.press("ControlOrMeta+z")
    expect(report.marks).to_have_count(2)
    report.root.get_by_role("button", name=re.compile("^Delete: Region 2")).press("Enter")
    expect(report.marks).to_have_count(1)

    # Two fields of the grid, and a sentence of the description.
    report.open_mode("Tick fields of a grid")
    for cell in ("A1", "B1"):
        report.cell(cell).focus()
        report.press("Space")
        expect(report.cell(cell)).to_be_checked()
    expect(report.marks).to_have_count(2)
    report.choose("What is it?", "H")
    report.choose("How grave?", "1")
    report.choose("Does it go on?", "stable")
    report.open_mode("Judge a description")
    sentence = report.root.get_by_role("group", name=re.compile("ragged split"))
    sentence.get_by_label("What is it?").focus()
    page.keyboard.type("R")
    expect(sentence.get_by_label("Where?")).to_be_visible()
    assert find_faults(page) == []

    # What lacks something is named, and costs no attempt.
    report.push("Submit")
    expect(report.root.get_by_role("alert").filter(visible=True)).to_have_text(
        "Region 3 has no severity yet: say how grave it is."
    )
    sentence.get_by_label("How grave?").select_option("3 · severe")
    sentence.get_by_label("Where?").select_option("lower right")
    sentence.get_by_label("Does it go on?").select_option("stable")
    expect(report.state).to_contain_text(SAVED)
    page.reload()
    expect(report.marks).to_have_count(3)
    expect(report.root.get_by_label("Show what is there")).to_have_count(0)
    report.push("Submit")
    expect(report.result).to_be_focused()
    expect(report.state).to_contain_text("1 of 2 attempts left")
    report.result.get_by_role("button", name=re.compile("^Show: Region 1")).press("Enter")
    expect(report.root.locator('[data-mark="0"] [data-act="edit_mark"]')).to_be_focused()
    expect(report.root.locator(".ls-shape-reference")).to_have_count(0)

    # After the last attempt the truth is drawn over the picture, and told in words.
    report.push("Submit")
    page.get_by_role("dialog").get_by_role("button", name="Yes").press("Enter")
    expect(report.root.get_by_label("Show what is there")).to_be_checked()
    expect(report.root.locator(".ls-shape-reference")).to_have_count(4)
    report.result.locator("summary").filter(has_text="What is there").press("Enter")
    expect(report.result.locator(".ls-reference li")).to_have_count(4)
    report.root.get_by_label("Show what is there").press("Space")
    expect(report.root.locator(".ls-shape-reference")).to_have_count(0)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert find_faults(page) == []


def test_shapes_are_drawn_and_moved_with_a_pointer_beside_another_report(
    open_page: OpenPage,
) -> None:
    page = open_page(person="learner")
    first, second = open_report(page), Report(page, NEXT)
    expect(second.canvas.locator("img")).to_be_visible()

    def at(x: float, y: float) -> tuple[float, float]:
        """A place of the canvas on the screen, wherever the page has scrolled to."""
        box = second.canvas.bounding_box()
        assert box is not None
        return box["x"] + x, box["y"] + y

    second.canvas.scroll_into_view_if_needed()
    # A drag, then two clicks.
    page.mouse.move(*at(60, 60))
    page.mouse.down()
    page.mouse.move(*at(140, 160), steps=3)
    page.mouse.up()
    expect(second.marks).to_have_count(1)
    second.root.get_by_role("button", name="Ellipse", exact=True).click()
    page.mouse.click(*at(200, 60))
    expect(second.said).to_have_text("First corner set. Go to the opposite one.")
    page.mouse.click(*at(280, 120))
    expect(second.marks).to_have_count(2)

    # A polygon closes at its first point.
    second.root.get_by_role("button", name="Polygon", exact=True).click()
    for x, y in ((80, 220), (160, 220), (120, 280), (80, 220)):
        page.mouse.click(*at(x, y))
    expect(second.marks).to_have_count(3)

    # What is chosen moves, and its corner stretches it.
    second.root.get_by_role("button", name="Select and move").click()
    page.mouse.move(*at(100, 100))
    page.mouse.down()
    page.mouse.move(*at(100, 200), steps=3)
    page.mouse.up()
    expect(second.said).to_have_text("Region 1 moved.")
    page.mouse.click(*at(100, 200))
    expect(second.root.locator(".ls-chosen")).to_have_count(1)
    expect(second.root.locator(".ls-handle")).to_have_count(4)
    expect(second.root.get_by_role("heading", name="Region 1", exact=True)).to_be_visible()
    second.root.get_by_role("button", name="Zoom in").click()
    expect(second.said).to_have_text("Zoom 150 %")
    expect(first.marks).to_have_count(0)
    assert find_faults(page) == []


def test_the_page_fits_the_narrowest_screen_and_needs_no_drawing(open_page: OpenPage) -> None:
    page = open_page("phone", person="learner", viewport={"width": NARROWEST, "height": 640})
    report = open_report(page)
    report.root.get_by_role("button", name="Add a rectangle").tap()
    expect(report.marks).to_have_count(1)
    for mode in ("Tick fields of a grid", "Judge a description", "Set points"):
        report.root.get_by_role("radio", name=mode).check()
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST
    report.root.get_by_role("button", name="Point", exact=True).tap()
    report.canvas.tap(position={"x": 60, "y": 80})
    expect(report.marks).to_have_count(2)
    assert find_faults(page) == []
