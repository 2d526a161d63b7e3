"""An instructor at the grade book: found, typed, looked at, excused, taken back, carried home."""

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.axe import find_faults
from tests.e2e.school_pages import CATALOGUER, OpenPage, course_url, frame, open_unit

pytestmark = pytest.mark.browser

BOOK = course_url(CATALOGUER, "gradebook/")
PROBLEM = "Unit test 1, question 1"


def hand_in(page: Page) -> str:
    """Answer a question as a new learner; the learner's name."""
    open_unit(page, "test1_first")
    question = frame(page, PROBLEM)
    question.get_by_label("the one on the title page").check()
    question.get_by_role("button", name="Submit").click()
    expect(question.get_by_text("1/1 point")).to_be_visible()
    return page.locator(".menu-name").first.inner_text().strip()


def row_of(page: Page, name: str) -> Locator:
    header = page.get_by_role("rowheader", name=name, exact=True)
    return page.locator("[data-book] tbody tr").filter(has=header)


def find(page: Page, name: str) -> Locator:
    page.goto(BOOK)
    page.get_by_label("Find a learner").fill(name)
    page.get_by_role("button", name="Show", exact=True).click()
    row = row_of(page, name)
    expect(row).to_be_visible()
    page.wait_for_load_state()  # or keys would come before the script
    return row


def test_a_mark_is_found_typed_over_taken_back_excused_and_carried_home(
    open_page: OpenPage, tmp_path: Path
) -> None:
    name = hand_in(open_page(person="learner"))
    page = open_page(person="ivo")
    row = find(page, name)
    assert find_faults(page) == []
    marks = row.locator("td.mark a")
    marked = row.locator("td.mark:not(.is-empty) a")
    expect(marked).to_have_text("1")

    # The keyboard alone: from the first mark along the row to the one that is not empty.
    marks.first.focus()
    for _step in range(marks.count()):
        if page.evaluate("document.activeElement.hasAttribute('data-e')"):
            break
        page.keyboard.press("ArrowRight")
    page.keyboard.type("0,5")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="First say why")).to_be_visible()
    page.keyboard.type("Half of it was guessed")
    page.keyboard.press("Enter")
    expect(page.locator("[data-said]")).to_contain_text("0.5 saved")
    expect(marked).to_have_text(re.compile(r"^0\.5"))
    page.keyboard.press("Control+z")
    expect(page.locator("[data-said]")).to_contain_text("taken back")
    expect(marked).to_have_text("1")

    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog")
    expect(panel.get_by_text("Half of it was guessed").first).to_be_visible()
    assert find_faults(page) == []
    panel.get_by_text("Excuse", exact=True).first.click()
    panel.get_by_label("Reason").locator("visible=true").fill("Illness")
    panel.get_by_role("button", name="Excuse").click()
    excused = row_of(page, name).locator("td.is-excused a")
    expect(excused).to_have_text("exc.")
    expect(excused).to_be_focused()

    page.goto(f"{BOOK}export/")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Download · Points")).click()
    file = tmp_path / "points.csv"
    download.value.save_as(file)
    with file.open(encoding="utf-8-sig", newline="") as lines:
        (mine,) = [line for line in csv.reader(lines) if line[1] == name]
    assert "excused" in mine


def test_marks_come_in_by_a_table_that_is_shown_before_it_counts(open_page: OpenPage) -> None:
    name = hand_in(open_page(person="learner"))
    page = open_page(person="ivo")
    href = find(page, name).locator("td.mark:not(.is-empty) a").get_attribute("href") or ""
    _user, kind, block, _end = href.split("/")
    number = name.rpartition(" ")[2]
    table = f"username,[{kind}/{block}]\nlearner{int(number):02},0.25\nnobody,1\n"
    page.goto(f"{BOOK}import/")
    assert find_faults(page) == []
    page.get_by_label("Table of marks").set_input_files(
        {"name": "marks.csv", "mimeType": "text/csv", "buffer": table.encode()}
    )
    page.get_by_label("Reason").fill("Oral examination")
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_text("No trainee of this course is called nobody.")).to_be_visible()
    assert find_faults(page) == []
    page.get_by_role("button", name="Change 1 mark").click()
    expect(page.get_by_text("1 mark was changed")).to_be_visible()
    expect(find(page, name).locator("td.is-overridden a")).to_contain_text("0.25")


@pytest.mark.parametrize("look", ["dark", "phone"])
def test_every_page_of_the_book_is_whole_in_the_dark_and_on_a_phone(
    open_page: OpenPage, look: str
) -> None:
    name = hand_in(open_page(person="learner"))
    page = open_page(look, person="ivo")
    learner = find(page, name).get_by_role("rowheader").get_by_role("link").get_attribute("href")
    for rest in ("", "figures/", "struggling/", "groups/", "export/", learner or ""):
        page.goto(BOOK + rest)
        assert find_faults(page) == [], rest
        width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert width <= 0, rest
