"""Blocks of other people, each in its frame: shown, answered wrongly and rightly, and graded."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import FrameLocator, expect

from tests.e2e.school_pages import WORKSHOP, OpenPage, frame, open_unit, progress_row
from tests.waiting import wait_for

pytestmark = pytest.mark.browser

Answer = Callable[[FrameLocator], None]


@dataclass(frozen=True)
class Kind:
    """How a problem is answered by hand, and what it is worth."""

    wrong: Answer
    right: Answer
    points: int = 1


def choose(label: str) -> Answer:
    return lambda block: block.get_by_label(label, exact=True).check()


def tick(*labels: str) -> Answer:
    def answer(block: FrameLocator) -> None:
        block.get_by_role("checkbox").first.wait_for()
        for box in block.get_by_role("checkbox").all():
            box.set_checked(any(box.locator("xpath=..").inner_text() == name for name in labels))

    return answer


def select(option: str) -> Answer:
    def answer(block: FrameLocator) -> None:
        block.get_by_role("combobox").select_option(option)

    return answer


def write(text: str) -> Answer:
    def answer(block: FrameLocator) -> None:
        block.get_by_role("textbox").fill("")
        block.get_by_role("textbox").press_sequentially(text)

    return answer


def point_at(x: int, y: int) -> Answer:
    return lambda block: block.locator("[id^=imageinput_]").click(position={"x": x, "y": y})


def annotate(option: str) -> Answer:
    def answer(block: FrameLocator) -> None:
        block.get_by_role("textbox").fill("It says so.")
        block.get_by_role("listitem").filter(has_text=option).locator("span").click()

    return answer


def count_pages(number: str) -> Answer:
    def answer(block: FrameLocator) -> None:
        block.get_by_role("radio").first.check()
        block.get_by_role("textbox").fill(number)
        block.get_by_role("textbox").press("Tab")

    return answer


KINDS = {
    "multiplechoice": Kind(choose("100"), choose("245")),
    "choice": Kind(tick("shelf mark"), tick("title", "author")),
    "truefalse": Kind(choose("A tag has four digits"), choose("A tag has three digits")),
    "option": Kind(select("245"), select("100")),
    "string": Kind(write("Robinja"), write("judita")),
    "numerical": Kind(write("21"), write("20.6")),
    "formula": Kind(write("x+y"), write("y*x")),
    "image": Kind(point_at(170, 50), point_at(30, 50)),
    "annotation": Kind(annotate("publication"), annotate("edition"), points=2),
    "choicetext": Kind(count_pages("12"), count_pages("214")),
}
OTHER_POINTS = 11  # of the other problems in the subsection, before they are answered


@pytest.mark.parametrize("kind", KINDS)
def test_a_problem_of_every_kind_is_answered_and_its_score_arrives(
    open_page: OpenPage, kind: str
) -> None:
    page = open_page(person="learner")
    open_unit(page, f"v_{kind}", WORKSHOP)
    block, answers = frame(page, kind), KINDS[kind]
    for answer, earned in ((answers.wrong, 0), (answers.right, answers.points)):
        answer(block)
        block.get_by_role("button", name="Submit").click()
        points = rf"{earned}(\.0)?/{answers.points}(\.0)? points? \(graded\)"
        expect(block.get_by_text(re.compile(points))).to_be_visible()
    row = progress_row(page, "All problems", WORKSHOP)
    expect(row).to_contain_text(f"{answers.points} of {OTHER_POINTS + answers.points}")


def drop(block: FrameLocator, item: str, zone: str) -> None:
    block.get_by_role("button", name=item).press("Enter")
    block.get_by_role("button", name=zone).press("Enter")


def test_things_are_dragged_with_the_keyboard_and_the_score_arrives(open_page: OpenPage) -> None:
    page = open_page(person="learner")
    open_unit(page, "v_drag", WORKSHOP)
    block = frame(page, "drag and drop")
    drop(block, "Judita", "Right book")
    expect(block.get_by_text("Not there.").last).to_be_visible()
    drop(block, "Judita", "Left book")
    expect(block.get_by_text("Judita stands left.").last).to_be_visible()
    drop(block, "Robinja", "Right book")
    expect(block.get_by_text("The shelf is in order.").last).to_be_visible()
    expect(block.get_by_text("2/2 points (graded)")).to_be_visible()
    expect(progress_row(page, "All problems", WORKSHOP)).to_contain_text("2 of 12")


def test_a_poll_shows_everyones_votes_after_ones_own(open_page: OpenPage) -> None:
    page = open_page(person="learner")
    open_unit(page, "v_poll", WORKSHOP)
    block = frame(page, "A poll")
    block.get_by_text("The second", exact=True).click()
    expect(block.get_by_text(re.compile(r"[1-9]\d* \(\d+(\.\d+)?%\)")).last).to_be_visible()


def test_a_word_cloud_draws_the_words(open_page: OpenPage) -> None:
    page = open_page(person="learner")
    open_unit(page, "v_cloud", WORKSHOP)
    block = frame(page, "A word cloud")
    block.get_by_role("textbox", name="1 of 2").fill("leather")
    block.get_by_role("textbox", name="2 of 2").fill("dust")
    block.get_by_role("button", name="Save").click()
    expect(block.locator("svg text").filter(has_text="leather")).to_be_visible()


def test_an_annotation_opens_beside_its_words(open_page: OpenPage) -> None:
    page = open_page(person="learner")
    open_unit(page, "v_annotatable", WORKSHOP)
    block = frame(page, "An annotated text")
    block.get_by_text("printed in Zagreb").click()
    expect(block.get_by_text("Where, by whom and when")).to_be_visible()
    block.get_by_text("Hide Annotations").click()
    expect(block.get_by_text("Show Annotations")).to_be_visible()


def test_a_leaflet_can_be_read_and_taken_away(open_page: OpenPage) -> None:
    page = open_page(person="learner")
    open_unit(page, "v_pdf", WORKSHOP)
    block = frame(page, "A leaflet")
    with page.expect_download() as download:
        block.get_by_role("link", name="Download the PDF").click()
    assert download.value.suggested_filename == "leaflet.pdf"


def test_a_film_plays_with_captions_and_is_done_at_its_end(open_page: OpenPage) -> None:
    page = open_page(person="learner")
    open_unit(page, "v_video", WORKSHOP)
    film = page.locator("video")
    film.evaluate("film => { film.textTracks[0].mode = 'showing'; film.muted = true; }")
    with page.expect_response("**/publish_completion/*"):
        film.evaluate("film => film.play()")
    read = "film => Array.from(film.textTracks[0].cues ?? [], cue => cue.text)"
    assert wait_for(page, lambda: film.evaluate(read)) == ["A page is turned."]
    expect(progress_row(page, "All others", WORKSHOP)).to_contain_text("1 of 6")


def test_an_unknown_block_leaves_its_place_and_the_rest_of_the_page_works(
    open_page: OpenPage,
) -> None:
    page = open_page(person="learner")
    open_unit(page, "v_unknown", WORKSHOP)
    expect(page.get_by_text("The rest of the page works.")).to_be_visible()
    expect(page.get_by_text("This part of the page cannot be shown.")).to_be_visible()
    expect(page.get_by_text("a block of the type")).to_have_count(0)
    staff = open_page(person="ada")
    open_unit(staff, "v_unknown", WORKSHOP)
    expect(staff.get_by_text("this is a block of the type “holodeck”")).to_be_visible()
