"""Plans, salvage, decisions and cases: written from a blank page, published, taken by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.axe import find_faults
from tests.e2e.school_pages import OpenPage
from tests.e2e.test_authoring import add_unit, cards, find_unit, pick, publish

pytestmark = pytest.mark.browser

NARROWEST = 320


class Author:
    """Somebody at the keyboard, with the editor of an exercise before them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.own = page.locator('[data-field-name="exercise"]')
        self.checks = page.get_by_role("region", name="Check")
        self.preview = page.get_by_role("region", name="Preview")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def push(self, name: str, within: Locator | None = None) -> None:
        (within or self.own).get_by_role("button", name=name, exact=True).last.press("Enter")

    def write(self, control: Locator, text: str) -> None:
        control.focus()
        self.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def choose(self, control: Locator, beginning: str) -> None:
        control.focus()
        self.page.keyboard.type(beginning)
        expect(control.locator("option:checked")).to_have_text(re.compile(rf"^{beginning}"))

    def add(self, button: str, text: str) -> Locator:
        """A new entry of a list, its text written; the focus is on it already."""
        self.push(button)
        self.page.keyboard.type(text)
        return self.page.locator(".ls-edit-item").filter(has=self.page.locator(":focus")).last

    def open_more(self, entry: Locator) -> None:
        entry.locator("summary").filter(has_text="More about this").last.press("Enter")

    def expect_no_fault(self) -> None:
        checked = self.checks.get_by_role("status").first
        expect(checked).to_have_text(re.compile("^(0 to mend|Nothing to mend)"))

    def save(self, name: str) -> None:
        self.write(self.page.get_by_label("Display name"), name)
        self.expect_no_fault()
        self.press("ControlOrMeta+s")
        expect(cards(self.page).last).to_have_text(name)


def write_plan(author: Author) -> None:
    pick(author.page, "Plan")
    for text in ("Test solubility", "Dry cleaning", "Wash", "Mend with tape"):
        step = author.add("Add a step", text)
    author.choose(step.get_by_label("Kind of step"), "forbidden")
    author.write(step.get_by_label("Why it is not called for"), "It yellows.")
    author.push("Add a pair")
    pair = author.own.locator(".ls-edit-row").last
    author.choose(pair.get_by_label("First"), "Dry")
    author.choose(pair.get_by_label("Then"), "Wash")
    author.push("Add a rule")
    rule = author.own.locator(".ls-edit-row").last
    author.choose(rule.get_by_label("First"), "Test")
    author.choose(rule.get_by_label("Then"), "Wash")
    author.write(rule.get_by_label("Why"), "Ink may run.")
    author.expect_no_fault()
    assert find_faults(author.page) == []
    author.save("A stained print")


def write_salvage(author: Author) -> None:
    pick(author.page, "Salvage")
    for text, value, hours, limit in (
        ("Art books", "40", "3", "6"),
        ("Charters", "60", "4", "12"),
        ("Novels", "10", "12", "48"),
    ):
        lot = author.add("Add a lot", text)
        author.write(lot.get_by_label("Value"), value)
        author.write(lot.get_by_label("Hours of work"), hours)
        author.write(lot.get_by_label("Keeps whole until hour"), limit)
    author.save("A burst pipe")


def write_decisions(author: Author) -> None:
    pick(author.page, "Decisions")
    for text in ("Keep", "Discard"):
        author.add("Add a choice", text)
    author.push("Add a reason")
    author.page.keyboard.type("Superseded")
    law = author.add("Add an item", "Tax law, 1987")
    author.push("Add a right choice", law)
    author.choose(law.get_by_label("Choice"), "Discard")
    law.get_by_role("checkbox", name="Superseded").press("Space")
    songs = author.add("Add an item", "Songs of the valley")
    author.push("Add a right choice", songs)
    author.choose(songs.get_by_label("Choice"), "Keep")
    author.choose(songs.get_by_label("Had to be looked up first"), "yes")
    rule = author.add("Add a rule", "It is the last copy.")
    author.choose(rule.get_by_label("How grave it is"), "3")
    author.push("Add a condition on the item", rule)
    author.page.keyboard.type("id")
    author.write(rule.get_by_label("Is one of").first, "item-2")
    author.push("Add a condition on the choice", rule)
    author.page.keyboard.type("id")
    author.write(rule.get_by_label("Is one of").last, "choice-2")
    author.save("Weeding")


def write_case(author: Author) -> None:
    pick(author.page, "Case")
    trust = author.add("Add a variable", "Trust")
    author.write(trust.get_by_label("Earns nothing at"), "20")
    author.write(trust.get_by_label("Earns everything at"), "60")
    for text in ("The mayor writes.", "The mayor listens.", "The branch is closed."):
        author.add("Add a place", text)
    letter = author.own.locator('[data-path="nodes[0]"]')
    letter.locator(".ls-edit-item-name").first.focus()
    if letter.get_by_role("button", name="Add a choice").count() == 0:
        author.press("Enter")
    for text, to, by in (("Bring figures", "The mayor l", "20"), ("Give in", "The branch", "-20")):
        author.push("Add a choice", letter)
        author.page.keyboard.type(text)
        choice = letter.locator(".ls-edit-item").last
        author.choose(choice.get_by_label("Leads to"), to)
        author.push("Add an effect", choice)
        author.choose(choice.get_by_label("Variable"), "Trust")
        author.write(choice.get_by_label("Changes by"), by)
    author.add("Add a place", "Nobody comes here.")
    expect(author.checks).to_contain_text("no choice leads to this place")
    expect(author.own.locator(".ls-box-lost")).to_have_count(1)
    author.checks.get_by_role("button", name=re.compile("^Go there: .*place 4")).press("Enter")
    author.push("Delete: place 4")
    expect(author.own.locator(".ls-box")).to_have_count(3)
    expect(author.own.locator(".ls-box-lost")).to_have_count(0)
    author.preview.get_by_role("button", name="Give in").press("Enter")
    expect(author.preview.get_by_text("The branch is closed.")).to_be_visible()
    author.expect_no_fault()
    assert find_faults(author.page) == []
    author.save("The mayor's letter")


class Taken:
    """An exercise of a page, by the name in its heading."""

    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        heading = page.get_by_role("heading", name=name, exact=True)
        self.root = page.locator(".ls-task").filter(has=heading)
        self.result = self.root.get_by_role("region", name="Result")

    def push(self, name: str) -> None:
        self.root.get_by_role("button", name=name, exact=True).press("Enter")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tick(self, name: str) -> None:
        box = self.root.get_by_label(name, exact=True)
        box.focus()
        self.press("Space")
        expect(box).to_be_checked()

    def expect_score(self, text: str) -> None:
        expect(self.result).to_be_focused()
        expect(self.result.get_by_role("heading", level=3)).to_contain_text(text)

    def order(self) -> list[str]:
        return (
            self.root.locator(".ls-placed")
            .first.locator(".ls-entry-text > span:first-child")
            .all_inner_texts()
        )


def take_plan(page: Page) -> None:
    plan = Taken(page, "A stained print")
    for text in ("Dry cleaning", "Wash", "Test solubility"):
        plan.push(f"Add: {text}")
    expect(plan.root.locator(".ls-placed > li")).to_have_count(3)
    place = plan.root.get_by_label("Place of: Test solubility", exact=False)
    place.focus()
    plan.press("ControlOrMeta+a")
    page.keyboard.type("1")
    plan.press("Enter")
    said = plan.root.locator('[data-part="said"]')
    expect(said).to_have_text("Test solubility, now 1 of 3")
    plan.root.get_by_role("button", name="Move down: Test solubility").focus()
    plan.press("Alt+ArrowDown")
    expect(said).to_have_text("Test solubility, now 2 of 3")
    assert plan.order() == ["Dry cleaning", "Test solubility", "Wash"]
    plan.press("ControlOrMeta+z")
    assert plan.order() == ["Test solubility", "Dry cleaning", "Wash"]
    plan.push("Submit")
    plan.expect_score("10 of 10")
    plan.root.locator("summary").filter(has_text="Model answer").press("Enter")
    expect(plan.root.locator(".ls-graph .ls-box")).to_have_count(3)


def take_salvage(page: Page) -> None:
    pipe = Taken(page, "A burst pipe")
    for text in ("Novels", "Charters", "Art books"):
        pipe.push(f"Add: {text}")
    pipe.push("Submit")
    pipe.expect_score("of 10")
    expect(pipe.result.locator(".ls-log tbody tr")).to_have_count(3)
    pipe.root.get_by_role("button", name="Move up: Art books").focus()
    pipe.press("Alt+Home")
    pipe.push("Submit")
    expect(pipe.root.locator(".ls-state")).to_contain_text(re.compile("1 of 3|2 of 3"))


def take_decisions(page: Page) -> None:
    weeding = Taken(page, "Weeding")
    weeding.tick("Tax law, 1987: Discard")
    weeding.tick("Tax law, 1987: Superseded")
    weeding.tick("Songs of the valley: Keep")
    weeding.tick("Songs of the valley: Looked up first")
    expect(weeding.root.get_by_text("Decided: 2 of 2")).to_be_visible()
    weeding.push("Submit")
    weeding.expect_score("10 of 10")


def take_case(page: Page) -> None:
    case = Taken(page, "The mayor's letter")
    here = case.root.get_by_role("region", name="Where you are")
    assert "The mayor listens." not in case.root.inner_html()
    case.push("Submit")
    expect(case.root.get_by_role("alert").filter(visible=True)).to_contain_text("Nothing is")
    case.push("Bring figures")
    expect(here).to_contain_text("The mayor listens.")
    expect(here).to_be_focused()
    expect(case.root.locator(".ls-amount")).to_have_text("70")
    page.reload()
    expect(here).to_contain_text("The mayor listens.")
    case.push("Submit")
    case.expect_score("10 of 10")
    expect(case.result).to_contain_text("The best way")
    case.push("Replay")
    case.push("Give in")
    expect(here).to_contain_text("The branch is closed.")
    case.push("End the replay")
    expect(here).to_contain_text("The mayor listens.")


def test_each_is_written_from_a_blank_page_published_and_taken_by_keyboard(
    open_page: OpenPage,
) -> None:
    page, trainee = open_page(person="ada"), open_page(person="learner", reduced_motion="reduce")
    unit = add_unit(page)
    author = Author(page)
    write_plan(author)
    write_salvage(author)
    write_decisions(author)
    write_case(author)
    publish(page, f"Plans and cases, {unit}")
    find_unit(trainee, unit)
    assert find_faults(trainee) == []
    take_plan(trainee)
    take_salvage(trainee)
    take_decisions(trainee)
    take_case(trainee)
    for scheme in ("light", "dark"):
        trainee.emulate_media(color_scheme=scheme)
        assert find_faults(trainee) == []
    for width in (NARROWEST, 768):
        trainee.set_viewport_size({"width": width, "height": 800})
        assert trainee.evaluate("document.documentElement.scrollWidth") == width
