"""A task that people grade, in a real browser: from the essay to the grade, for both sides."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.axe import find_faults
from tests.e2e.school_pages import WORKSHOP, OpenPage, course_url, open_unit

pytestmark = pytest.mark.browser

ESSAY = "Marko Marulić is the first access point, for he wrote Judita."
REVISED = f"{ESSAY} The editor is the second one."


def task(page: Page) -> Locator:
    return page.locator(".ls-task")


def open_task(page: Page, unit: str) -> None:
    open_unit(page, unit, WORKSHOP)
    expect(task(page).locator(".ls-turn")).not_to_be_empty()  # its script has begun


def hand_in(page: Page, text: str, button: str) -> None:
    area = task(page).get_by_label(re.compile("^Your text"))
    area.fill(text)
    expect(task(page).locator("[data-part=saved]")).to_have_text(re.compile("^Draft saved"))
    task(page).get_by_role("button", name=button).click()
    expect(task(page).locator(".ls-turn")).to_have_text("Handed in. An instructor grades it next.")


def open_room(page: Page, name: str) -> None:
    page.goto(course_url(WORKSHOP, "grading/"))
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("button", name="Grade the next one")).to_be_visible()


def open_next(page: Page) -> None:
    page.get_by_role("button", name="Grade the next one").click()
    expect(page.locator(".ls-sheet")).to_be_visible()


def mark_word(page: Page, word: str) -> None:
    """Select a word of the answer, as with a mouse."""
    page.evaluate(
        """word => {
          const text = document.querySelector('.ls-sheet-answer .ls-answer-text').firstChild;
          const at = text.data.indexOf(word);
          getSelection().setBaseAndExtent(text, at, text, at + word.length);
        }""",
        word,
    )


def overflows(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def test_an_essay_is_handed_in_returned_revised_and_graded_by_keyboard(open_page: OpenPage) -> None:
    trainee, teacher = open_page(person="learner"), open_page(person="ada")
    open_task(trainee, "essay")
    with trainee.expect_file_chooser() as chooser:
        task(trainee).get_by_label(re.compile("^Add files")).click()
    notes = {"name": "notes.txt", "mimeType": "text/plain", "buffer": "Bilješke.".encode()}
    chooser.value.set_files(notes)  # type: ignore[arg-type]  # as the browser takes it
    expect(task(trainee).get_by_text("notes.txt is added.")).to_be_visible()
    hand_in(trainee, ESSAY, "Hand in")

    open_room(teacher, "Access points of Judita")
    open_next(teacher)
    sheet = teacher.locator(".ls-sheet")
    expect(sheet.get_by_text(ESSAY)).to_be_visible()
    expect(sheet.get_by_role("link", name="notes.txt")).to_be_visible()
    mark_word(teacher, "Marulić")
    sheet.get_by_role("button", name="Comment on the marked text").click()
    sheet.get_by_label("Comment on “Marulić”").fill("And who edited it?")
    sheet.get_by_role("button", name="Return for revision").click()
    sheet.get_by_label("New due date (if any)").fill("2099-05-01T12:00")
    sheet.get_by_role("button", name="Return it").click()
    expect(teacher.get_by_text("Nothing waits for you.").first).to_be_visible()

    trainee.reload()
    expect(task(trainee).locator(".ls-turn")).to_have_text(
        "Returned for revision. It is your turn."
    )
    expect(task(trainee).get_by_text("And who edited it?").first).to_be_visible()
    expect(task(trainee).get_by_text(re.compile("^Revision due: .*2099"))).to_be_visible()
    hand_in(trainee, REVISED, "Hand in the revision")

    teacher.reload()
    open_next(teacher)
    teacher.keyboard.press("3")  # the best level of the first criterion
    expect(sheet.get_by_role("button", name="3 · Complete")).to_have_attribute(
        "aria-pressed", "true"
    )
    sheet.get_by_label("Points for Reasons").fill("3,5")
    expect(sheet.get_by_text("Total: 9.5 of 10")).to_be_visible()
    expect(sheet.locator(".ls-state")).to_have_text(re.compile("^Notes saved"))
    assert find_faults(teacher) == []
    teacher.keyboard.press("Control+Enter")
    expect(teacher.get_by_text("Nothing waits for you.").first).to_be_visible()

    trainee.goto("/notices/")
    trainee.get_by_role("link", name="has been graded").click()
    expect(task(trainee).get_by_role("heading", name="19 of 20 points (95%)")).to_be_visible()
    assert find_faults(trainee) == []
    trainee.locator("summary").filter(has_text="Ask for a review").click()
    task(trainee).get_by_label("Why should it be reviewed?").fill("The editor is named.")
    task(trainee).get_by_role("button", name="Send").click()
    expect(task(trainee).locator(".ls-turn")).to_contain_text("You asked for a review.")


def test_two_graders_without_names_and_a_decision_on_a_phone(open_page: OpenPage) -> None:
    narrow = {"viewport": {"width": 320, "height": 720}}
    trainee = open_page("phone", "learner", **narrow)
    open_task(trainee, "second")
    hand_in(trainee, "Second edition, reprinted from the first one.", "Hand in")
    assert not overflows(trainee)
    assert find_faults(trainee) == []

    teacher = open_page("dark", "ada", **narrow)
    open_room(teacher, "Wording of a note")
    expect(teacher.get_by_role("button", name=re.compile("^Answer [0-9A-F]{6}$"))).to_be_visible()
    assert not overflows(teacher)
    assert find_faults(teacher) == []
    open_next(teacher)
    sheet = teacher.locator(".ls-sheet")
    sheet.get_by_role("button", name="2 · Clear").click()
    assert not overflows(teacher)
    assert find_faults(teacher) == []
    sheet.get_by_role("button", name="Give this grade").click()
    expect(teacher.get_by_text("Nothing waits for you.").first).to_be_visible()
    expect(teacher.get_by_role("table")).to_contain_text("you graded it first")
    trainee.reload()
    expect(task(trainee).locator(".ls-turn")).to_contain_text("A second instructor grades it next.")
