"""An instructor changes a course in the browser, from a blank unit to what trainees see."""

from __future__ import annotations

import re
from secrets import token_hex

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.axe import find_faults
from tests.e2e.school_pages import (
    DRAFTS,
    OpenContext,
    OpenPage,
    course_url,
    draft_url,
    open_unit,
    progress_row,
)
from tests.waiting import send, wait_for

pytestmark = pytest.mark.browser

NARROWEST = 320


def add_unit(page: Page) -> str:
    """A new unit in the draft, opened; its name, which no other has."""
    name = f"Unit {token_hex(3)}"
    page.goto(draft_url())
    place = page.locator("details").filter(has_text="Add a unit · Spores")
    place.locator("summary").click()
    place.get_by_label("Name").fill(name)
    place.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    return name


def pick(page: Page, kind: str) -> None:
    page.get_by_role("button", name=re.compile(f"^{kind}")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Edit:")


def write_text(page: Page, name: str, html: str) -> None:
    pick(page, "Text")
    page.get_by_label("Display name").fill(name)
    page.locator("#id_data").fill(html)
    page.get_by_role("button", name="Save in the draft").click()
    expect(page.get_by_role("heading", level=2, name=name)).to_be_visible()


def cards(page: Page) -> Locator:
    """The names of a unit's blocks."""
    return page.locator(".card-head h2")


def tools(page: Page, name: str) -> Locator:
    return page.get_by_role("form", name=f"What to do with {name}")


def publish(page: Page, note: str) -> None:
    page.get_by_role("link", name="Review and publish").click()
    page.get_by_label("What is new").fill(note)
    page.get_by_role("button", name="Publish as a new version").click()
    expect(page.get_by_text(re.compile(r"Version \d+ is published"))).to_be_visible()


def find_unit(page: Page, name: str) -> None:
    """Open a unit of the served course by its name."""
    page.goto(course_url(DRAFTS))
    link = page.get_by_role("link", name=name)
    if not link.is_visible():
        page.locator("summary").filter(has_text="Spores").click()
    link.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def test_a_unit_is_written_from_a_blank_page_published_compared_and_put_back(
    open_page: OpenPage,
) -> None:
    page, trainee = open_page(person="ada"), open_page(person="learner")
    open_unit(page, "sori", DRAFTS)
    page.get_by_role("link", name="Edit · Sori").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sori")

    name = add_unit(page)
    expect(page.get_by_text("This unit is empty.")).to_be_visible()
    write_text(page, "What spores are", "<h2>Spores</h2><p>They are <em>dust</em>.</p>")
    pick(page, "Catalogue record")
    page.get_by_label("Display name").fill("A record of ferns")
    expect(page.locator('[data-edit="state"]')).to_have_text("Not saved yet")
    page.get_by_role("button", name="Cancel", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Yes").click()  # leave without saving
    expect(cards(page)).to_have_text(["What spores are", "Catalogue record"])
    expect(page.get_by_text("Not ready for trainees:")).to_be_visible()

    # by key: the block that has the focus moves, and keeps the focus
    page.locator(".card").last.focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(cards(page)).to_have_text(["Catalogue record", "What spores are"])
    expect(page.locator(".card").first).to_be_focused()

    tools(page, "Catalogue record").locator("summary").click()
    tools(page, "Catalogue record").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("“Catalogue record” is deleted from the draft.")).to_be_visible()
    expect(cards(page)).to_have_text(["What spores are"])
    page.keyboard.press("Enter")  # Undo has the focus
    expect(cards(page).first).to_have_text("Catalogue record")
    tools(page, "Catalogue record").locator("summary").click()
    send(page, tools(page, "Catalogue record").get_by_role("button", name="Delete"))

    page.get_by_role("button", name="Preview as a trainee").click()
    expect(page.get_by_text("You are previewing the draft.")).to_be_visible()
    expect(page.get_by_role("heading", name="Spores", exact=True)).to_be_visible()
    send(page, page.get_by_role("button", name="Stop the preview"))

    trainee.goto(course_url(DRAFTS))
    expect(trainee.get_by_text(name)).to_have_count(0)
    page.goto(draft_url())
    publish(page, f"A unit on spores, {name}")
    find_unit(trainee, name)
    expect(trainee.get_by_text("They are dust.")).to_be_visible()

    page.get_by_role("link", name="What changed").first.click()
    expect(page.locator(".changes").get_by_role("heading", name=name)).to_be_visible()
    page.get_by_role("link", name="Versions", exact=True).click()
    send(page, page.get_by_role("button", name=re.compile("^Serve")).first)
    trainee.goto(course_url(DRAFTS))
    expect(trainee.get_by_text(name)).to_have_count(0)


def test_an_editor_in_a_frame_saves_says_what_is_wrong_and_cancels(open_page: OpenPage) -> None:
    page = open_page(person="ada")
    add_unit(page)
    pick(page, "Word cloud")
    frame = page.frame_locator("iframe[data-block-frame]")
    frame.get_by_label("Display Name").fill("Words for ferns")
    frame.get_by_label("Inputs").fill("3")
    frame.get_by_role("link", name="Save").click()
    expect(page.get_by_role("heading", level=2, name="Words for ferns")).to_be_visible()
    page.get_by_role("link", name="Edit · Words for ferns").click()
    expect(frame.get_by_label("Inputs")).to_have_value("3")
    frame.get_by_role("link", name="Cancel").click()
    expect(page.get_by_role("heading", level=2, name="Words for ferns")).to_be_visible()


def test_of_two_authors_at_one_text_both_are_told_and_the_later_one_chooses(
    open_context: OpenContext,
) -> None:
    page = open_context(person="ada").new_page()
    add_unit(page)
    write_text(page, "A text", "<p>first</p>")
    page.get_by_role("link", name="Edit · A text").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Edit:")
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("#id_data").fill("<p>second</p>")
    other.get_by_role("button", name="Save in the draft").click()
    expect(other.get_by_text("second")).to_be_visible()
    page.locator("#id_data").fill("<p>third</p>")
    page.get_by_role("button", name="Save in the draft").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("was changed twice")
    assert find_faults(page) == []
    page.set_viewport_size({"width": NARROWEST, "height": 800})
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.get_by_role("button", name="Save what I chose").click()
    expect(page.locator(".card-body")).to_contain_text("third")


def test_an_editor_of_our_own_leads_to_the_same_choice(open_context: OpenContext) -> None:
    page = open_context(person="ada", expected="status of 409").new_page()
    add_unit(page)
    pick(page, "Catalogue record")
    type_key(page, ["24510Ferns"])
    save_editor(page, "Catalogue record")
    page.get_by_role("link", name="Edit · Catalogue record").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Edit:")
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("Display name").fill("Of the other")
    save_editor(other, "Of the other")
    page.get_by_label("Display name").fill("Of the one")
    press_save(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("was changed twice")
    page.get_by_role("button", name="Save what I chose").click()
    expect(cards(page)).to_have_text(["Of the one"])


def test_the_review_of_a_draft_is_for_everybody(open_page: OpenPage) -> None:
    page = open_page(person="ada", reduced_motion="reduce")
    add_unit(page)
    write_text(page, "A text", "<p>first</p>")
    page.get_by_role("link", name="Review and publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Review and publish")
    assert find_faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert find_faults(page, "color-contrast") == []
    page.set_viewport_size({"width": NARROWEST, "height": 800})
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


# --- As a cataloguing teacher ---------------------------------------------------------------------


def type_key(page: Page, fields: list[str]) -> None:
    """Type the key of a record exercise, a field a row, and wait until it has no fault."""
    key = page.locator('[data-field-name="exercise"]')
    key.get_by_label("Tag", exact=True).first.focus()
    for number, field in enumerate(fields):
        if number:
            page.keyboard.press("Enter")
        page.keyboard.type(field)
    checks = page.get_by_role("region", name="Check")
    expect(checks.get_by_role("status").first).to_have_text(re.compile("^(0 to mend|No)"))


def save_editor(page: Page, name: str) -> None:
    press_save(page)
    expect(cards(page).first).to_have_text(name)


def press_save(page: Page) -> None:
    """Save by keyboard; a page behind another takes no keys."""
    page.bring_to_front()
    button = page.get_by_role("button", name="Save", exact=True)
    button.focus()
    expect(button).to_be_focused()
    page.keyboard.press("Enter")


def answer(page: Page, fields: list[str]) -> None:
    """Catalogue as a trainee, by keyboard, in an editor with one empty row."""
    page.get_by_label(re.compile("Tag", re.IGNORECASE)).first.focus()
    for number, field in enumerate(fields):
        if number:
            page.keyboard.press("Enter")
        page.keyboard.type(field)
    page.get_by_role("button", name="Submit").press("Enter")


def test_a_teacher_writes_an_exercise_mends_its_key_and_has_answers_graded_again(
    open_page: OpenPage,
) -> None:
    page, trainee = open_page(person="ada"), open_page(person="learner")
    unit = add_unit(page)
    pick(page, "Catalogue record")
    page.get_by_label("Display name").fill("A book on ferns")
    page.get_by_label("Task", exact=True).fill("<p>Make field 245.</p>")
    type_key(page, ["24510Ferns"])
    save_editor(page, "A book on ferns")

    page.get_by_role("button", name="Preview as a trainee").click()
    expect(page.get_by_text("Make field 245.")).to_be_visible()
    send(page, page.get_by_role("button", name="Stop the preview"))
    page.goto(draft_url())
    publish(page, f"A first exercise, {unit}")

    find_unit(trainee, unit)
    answer(trainee, ["24510Mosses"])
    expect(trainee.get_by_role("heading", name=re.compile(r"of 10 points"))).to_be_visible()
    expect(trainee.get_by_role("heading", name="10 of 10 points (100%)")).to_have_count(0)

    # The key was wrong: the book is on mosses.
    page.goto(draft_url())
    page.get_by_role("link", name=unit, exact=True).click()
    page.get_by_role("link", name="Edit · A book on ferns").click()
    value = page.locator('[data-field-name="exercise"]').get_by_label(re.compile(r"^245.*\$a"))
    value.first.fill("Mosses")
    save_editor(page, "A book on ferns")
    page.get_by_role("link", name="Review and publish").click()
    expect(page.get_by_text("Ferns")).not_to_have_count(0)
    page.get_by_label("Re-grade after publishing: A book on ferns, 1 answer").check()
    page.get_by_role("button", name="Publish as a new version").click()
    page.get_by_role("link", name="A book on ferns").click()
    send(page, page.get_by_role("button", name="Apply", exact=True))

    def is_graded_again() -> bool:
        trainee.reload()
        expect(trainee.get_by_role("heading", name=re.compile("of 10 points"))).to_be_visible()
        return trainee.get_by_role("heading", name="10 of 10 points (100%)").count() > 0

    find_unit(trainee, unit)
    wait_for(trainee, is_graded_again)
    expect(progress_row(trainee, "Spores", DRAFTS)).to_contain_text(re.compile(r"\b10 of \d+"))
