"""The drill: every type of item worked by keyboard, kept, graded and explained."""

import re
from functools import partial

import pytest
from playwright.sync_api import BrowserContext, Page, Response, expect

from tests.e2e.axe import find_faults
from tests.e2e.drill import Drill
from tests.e2e.school_pages import WORKSHOP, OpenContext, OpenPage, open_unit
from tests.waiting import wait_for

pytestmark = pytest.mark.browser

EACH = "Judita, item by item"
NUMBERS = "Two class numbers"
# The words of the key that neither a task nor a choice gives away.
TRUTH = ("163.6", "Splichianina", 'Marulić, Marko"', "978-953-99999-0-0", "264 _1")


def open_drill(page: Page, name: str = EACH) -> Drill:
    open_unit(page, "drill", WORKSHOP)
    drill = Drill(page, name)
    expect(drill.state).not_to_be_empty()
    return drill


@pytest.fixture
def drill(open_page: OpenPage) -> Drill:
    return open_drill(open_page(person="learner"))


# --- Every type, by keyboard ----------------------------------------------------------------------


def answer_order(drill: Drill) -> None:
    item = drill.item("Order and punctuation")
    for text in ("Judita", "Marko Marulić", "ep u šest libara"):
        drill.press_button(f"Place: {text}", item)
    item.get_by_role("button", name="Move up: ep u šest libara").focus()
    drill.press("Alt+ArrowUp")
    drill.write(item.get_by_label("Mark before ep u šest libara"), " : ")
    drill.write(item.get_by_label("Mark before Marko Marulić"), "/")
    expect(item.get_by_role("status")).to_have_text("Judita : ep u šest libara/Marko Marulić")


def answer_mapping(drill: Drill) -> None:
    item = drill.item("Fields and subfields")
    for text, typed in (("ep u šest libara", "245##b"), ("2019", "264#1b")):
        item.get_by_label(f"Tag for: {text}").focus()
        drill.type(typed)


def answer_fixed_field(drill: Drill) -> None:
    item = drill.item("Fixed field")
    drill.write(item.get_by_label(re.compile("^07.10 Date 1")), "2019")
    drill.write(item.get_by_label(re.compile("^15.17 Place")), "ci ")
    drill.choose(item.get_by_label("Illustrations, code 1"), "a")
    drill.choose(item.get_by_label(re.compile("^33 Literary form")), "p")
    whole = item.get_by_label("008 as a string of 40 characters")
    expect(whole).to_have_value("191021s2019    ci a          000 p hrv d")


def answer_access_points(drill: Drill) -> None:
    item = drill.item("Access points")
    author = item.get_by_role("group", name="Marko Marulić")
    drill.choose(author.get_by_label("Access point"), "Main")
    drill.press("Tab")
    drill.type("Marko Marulić")
    drill.press("Tab")
    drill.type("aut")
    expect(author.get_by_label("Form of the heading")).to_have_value("Marko Marulić")
    publisher = item.get_by_role("group", name="Naklada Vježba")
    drill.choose(publisher.get_by_label("Access point"), "No")


def answer_choices(drill: Drill) -> None:
    authority = drill.item("Authority record")
    drill.tick(authority.get_by_role("radio", name=re.compile("1450-1524")))
    drill.tick(authority.get_by_role("checkbox", name="The form is a see-from of the record"))
    duplicate = drill.item("Duplicate or new edition")
    drill.tick(duplicate.get_by_role("radio", name=re.compile("^Another manifestation")))
    drill.tick(duplicate.get_by_role("checkbox", name="Edition statement"))
    headings = drill.item("Subject headings")
    drill.write(headings.get_by_label("Find a heading"), "pjesnist 16")
    expect(headings.get_by_role("checkbox")).to_have_count(1)
    drill.press("Tab", "Space")
    expect(headings.get_by_text("1 chosen, 2 wanted")).to_be_visible()


def answer_typed(drill: Drill) -> None:
    udc = drill.item("UDC number")
    drill.write(udc.get_by_label("UDC number"), "02(075)=163")
    expect(udc.get_by_text("form", exact=True)).to_be_visible()
    isbn = drill.item("ISBN")
    isbn.get_by_role("radio", name="9 at place 1", exact=True).focus()
    drill.press(*["ArrowRight"] * 12)
    expect(isbn.get_by_role("radio", name="7 at place 13")).to_be_checked()
    drill.write(isbn.get_by_label("The right number"), "978-953-99999-0-0")
    expect(isbn.get_by_text("13 of 13 digits")).to_be_visible()
    page = drill.item("Transcription")
    drill.write(page.get_by_label("Title proper"), "Libar Marka Marula ")
    page.get_by_role("button", name="Letter š").press("Enter")
    expect(page.get_by_label("Title proper")).to_have_value("Libar Marka Marula š")
    drill.press("Backspace")
    drill.type("Splichianina")


def answer_sorting(drill: Drill) -> None:
    lrm = drill.item("LRM entities")
    for text, entity in (("Epska", "Work"), ("Primjerak", "Item"), ("Zagrebačko", "Work")):
        drill.choose(lrm.get_by_label(re.compile(f"^Entity of: {text}")), entity)
    rda = drill.item("RDA elements")
    drill.choose(rda.get_by_label("Element of: 214 stranica"), "Extent")
    drill.choose(rda.get_by_label("How it is given: 214 stranica"), "Recorded")


def answer_all(drill: Drill) -> None:
    answer_order(drill)
    answer_mapping(drill)
    answer_fixed_field(drill)
    answer_access_points(drill)
    answer_choices(drill)
    answer_typed(drill)
    answer_sorting(drill)


def test_one_item_of_each_type_goes_from_question_to_feedback_by_keyboard_alone(
    open_page: OpenPage,
) -> None:
    page = open_page(person="learner", reduced_motion="reduce")
    drill = open_drill(page)
    assert find_faults(page) == []
    answer_all(drill)
    assert find_faults(page) == []
    drill.submit()
    expect(drill.result).to_be_focused()
    expect(drill.result.get_by_role("heading", level=3)).to_have_text(
        re.compile(r"^1\d(\.\d+)? of 20 points \(\d+%\)$")
    )
    said = {
        "Order and punctuation": ("Nearly", "the right mark, but"),
        "Fields and subfields": ("Nearly", "another subfield"),
        "Fixed field": ("Right", ""),
        "Access points": ("Nearly", "entry element"),
        "Authority record": ("Right", ""),
        "UDC number": ("Nearly", "language"),
        "ISBN": ("Right", ""),
        "Duplicate or new edition": ("Nearly", ""),
        "LRM entities": ("Nearly", ""),
        "RDA elements": ("Nearly", ""),
        "Subject headings": ("Nearly", ""),
        "Transcription": ("Right", ""),
    }
    for name, (kind, words) in said.items():
        expect(drill.verdict(name).locator(".ls-item-score")).to_contain_text(kind)
        expect(drill.verdict(name)).to_contain_text(words)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert find_faults(page) == []


# --- Feedback leads back --------------------------------------------------------------------------


def test_the_summary_leads_to_the_items_and_marks_their_places(drill: Drill) -> None:
    answer_mapping(drill)
    answer_typed(drill)
    drill.submit()
    expect(drill.result.get_by_role("listitem")).to_have_count(12)
    drill.result.get_by_role("button", name="2. Fields and subfields").press("Enter")
    item = drill.item("Fields and subfields")
    expect(item.get_by_role("heading")).to_be_focused()
    code = item.get_by_label("Subfield code for: 2019")
    expect(code).to_have_attribute("aria-invalid", "true")
    expect(item.get_by_label("Tag for: ep u šest libara")).not_to_have_attribute(
        "aria-invalid", "true"
    )
    drill.write(code, "c")
    expect(code).not_to_have_attribute("aria-invalid", "true")
    segment = drill.root.get_by_role("button", name="7. ISBN: Right")
    segment.press("Enter")
    expect(drill.item("ISBN").get_by_role("heading")).to_be_focused()


def test_the_model_answers_are_drawn_once_they_may_be_shown(drill: Drill) -> None:
    answer_typed(drill)
    drill.submit()
    expect(drill.state).to_contain_text("1 of 2 attempts left")
    models = drill.root.locator("summary").filter(has_text="Model answer")
    expect(models).to_have_count(0)
    drill.submit()
    drill.page.get_by_role("dialog").get_by_role("button", name="Yes").press("Enter")
    expect(models).to_have_count(12)
    udc = drill.item("UDC number")
    udc.locator("summary").press("Enter")
    expect(udc.get_by_label("UDC number").last).to_have_value("02(075)=163.6")
    expect(udc.get_by_label("UDC number").first).to_have_value("02(075)=163")
    assert find_faults(drill.page) == []


def test_the_truth_is_not_in_the_page_before_it_may_be_shown(open_page: OpenPage) -> None:
    page = open_page(person="learner")
    came: list[Response] = []
    page.on("response", lambda response: came.append(response))
    drill = open_drill(page)
    answer_order(drill)
    drill.submit()
    expect(drill.state).to_contain_text("1 of 2 attempts left")
    answers = [answer.text() for answer in came if "handler" in answer.url]
    answers.append(page.content())
    page.reload()
    answers.append(page.content())
    assert len(answers) >= 3
    assert [(word, text[:80]) for text in answers for word in TRUTH if word in text] == []


def test_an_answer_with_nothing_in_it_costs_no_attempt(drill: Drill) -> None:
    drill.submit()
    expect(drill.root.get_by_role("alert").filter(visible=True)).to_have_text(
        "Nothing is written yet, so nothing was submitted."
    )
    expect(drill.state).to_contain_text("2 of 2 attempts left")


# --- Keeping what was done ------------------------------------------------------------------------


def test_the_draft_saves_itself_and_every_step_is_undone(drill: Drill) -> None:
    item = drill.item("Order and punctuation")
    for text in ("Judita", "Zagreb"):
        drill.press_button(f"Place: {text}", item)
    placed = item.get_by_role("list", name="Your statement").get_by_role("listitem")
    expect(placed).to_have_count(2)
    item.get_by_role("button", name="Take out: Zagreb").press("Enter")
    expect(item.get_by_role("button", name="Place: Zagreb")).to_be_focused()
    drill.press("ControlOrMeta+z")
    expect(placed).to_have_count(2)
    drill.press("ControlOrMeta+z")
    expect(placed).to_have_count(1)
    drill.press("ControlOrMeta+Shift+z")
    expect(placed).to_have_count(2)
    drill.wait_until_saved()
    drill.page.reload()
    expect(placed).to_have_count(2)
    expect(
        drill.root.get_by_role("button", name="1. Order and punctuation: answered")
    ).to_be_visible()


def test_starting_again_asks_first_and_clears_the_answers(drill: Drill) -> None:
    udc = drill.item("UDC number").get_by_label("UDC number")
    drill.write(udc, "02")
    drill.press_button("Start again")
    drill.page.get_by_role("dialog").get_by_role("button", name="No").press("Enter")
    expect(udc).to_have_value("02")
    drill.press_button("Start again")
    drill.page.get_by_role("dialog").get_by_role("button", name="Yes").press("Enter")
    expect(udc).to_have_value("")


def test_of_two_tabs_the_second_is_asked_which_answers_stay(open_context: OpenContext) -> None:
    context: BrowserContext = open_context(person="learner", expected="status of 409")
    one, two = open_drill(context.new_page()), open_drill(context.new_page())
    for drill, number in ((one, "02"), (two, "37")):
        drill.write(drill.item("UDC number").get_by_label("UDC number"), number)
        if drill is one:
            drill.wait_until_saved()
    question = two.root.get_by_role("alert").filter(has_text="changed in another window")
    question.get_by_role("button", name="Those from the other window").press("Enter")
    expect(two.item("UDC number").get_by_label("UDC number")).to_have_value("02")


# --- Two drills of a page -------------------------------------------------------------------------


def test_two_drills_of_a_page_do_not_disturb_each_other(drill: Drill) -> None:
    other = Drill(drill.page, NUMBERS)
    drill.write(drill.item("UDC number").get_by_label("UDC number"), "02")
    shown = other.root.locator(".ls-item:visible")
    expect(shown).to_have_count(1)
    other.write(shown.get_by_label("UDC number"), "016")
    other.submit()
    expect(other.result).to_be_visible()
    expect(drill.result).to_be_hidden()
    expect(drill.item("UDC number").get_by_label("UDC number")).to_have_value("02")
    assert find_faults(drill.page) == []


def test_items_shown_one_at_a_time_are_walked_through(drill: Drill) -> None:
    other = Drill(drill.page, NUMBERS)
    shown = other.root.locator(".ls-item:visible")
    expect(other.root.get_by_text("Item 1 of 2")).to_be_visible()
    other.write(shown.get_by_label("UDC number"), "02")
    other.press_button("Next item")
    expect(shown.get_by_role("heading")).to_have_text("2. UDC number")
    expect(shown.get_by_role("heading")).to_be_focused()
    expect(shown.get_by_label("UDC number")).to_have_value("")
    expect(other.root.get_by_role("button", name="Next item")).to_be_disabled()
    other.root.get_by_role("button", name="1. UDC number: answered").press("Enter")
    expect(shown.get_by_label("UDC number")).to_have_value("02")


def test_each_learner_keeps_the_items_that_are_theirs(open_page: OpenPage) -> None:
    page = open_page(person="learner")
    asked = Drill(open_drill(page).page, NUMBERS).root.locator(".ls-item > .ls-prompt")
    expect(asked).to_have_count(2)
    first = asked.all_inner_texts()
    page.reload()
    expect(asked).to_have_count(2)
    assert asked.all_inner_texts() == first


def has_width(page: Page, width: int) -> bool:
    return bool(page.evaluate("[innerWidth, document.documentElement.scrollWidth]") == [width] * 2)


def test_nothing_runs_out_of_a_narrow_page(open_page: OpenPage) -> None:
    page = open_page(person="learner")
    drill = open_drill(page)
    answer_order(drill)
    drill.submit()
    expect(drill.result).to_be_visible()
    for width in (320, 768):
        page.set_viewport_size({"width": width, "height": 800})
        wait_for(page, partial(has_width, page, width))
