"""The record editor: worked by keyboard, kept through tabs and lost connections, and graded."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Response, Route, expect

from quarantine.marc import write_iso2709, write_marcxml
from tests.e2e.axe import find_faults
from tests.e2e.editor import Editor
from tests.e2e.school_pages import WORKSHOP, OpenContext, OpenPage, open_unit, points_row
from tests.waiting import wait_for

pytestmark = pytest.mark.browser

JUDITA: list[list[Any]] = [
    ["LDR", "00000nam a2200000 i 4500"],
    ["008", "191021s2019    ci a          000 p hrv d"],
    ["245", "10", [["a", "Judita :"], ["b", "ep u šest libara /"], ["c", "Marko Marulić."]]],
    ["650", " 4", [["a", "Hrvatsko pjesništvo"], ["y", "16. stoljeće."]]],
]


def open_title(page: Page) -> Editor:
    """The small exercise: one row, 245, and two attempts."""
    open_unit(page, "title", WORKSHOP)
    editor = Editor(page)
    expect(editor.state).to_contain_text("attempts left")
    return editor


@pytest.fixture
def editor(open_page: OpenPage) -> Editor:
    return open_title(open_page(person="learner"))


def write_title(editor: Editor, typed: str) -> None:
    """Put ``typed``, with indicators, in the place of field 245."""
    editor.go("245, indicator 1")
    editor.press("Alt+Delete")
    editor.page.keyboard.type("245" + typed)


# --- Rows -----------------------------------------------------------------------------------------


def test_a_field_is_added_moved_duplicated_and_deleted_and_every_step_undone(
    editor: Editor,
) -> None:
    write_title(editor, "00Judita")
    editor.press("Enter")
    editor.type("500##Naslov s korica.")
    title, note = ["245", "00", [["a", "Judita"]]], ["500", "##", [["a", "Naslov s korica."]]]
    steps = [[title, note]]
    editor.expect_record(steps[0])
    for keys, record in (
        ("Alt+ArrowUp", [note, title]),
        ("Alt+ArrowDown", [title, note]),
        ("Alt+Shift+ArrowDown", [title, note, note]),
        ("Alt+Delete", [title, note]),
    ):
        editor.press(keys)
        editor.expect_record(record)
        steps.append(record)
    for record in reversed(steps[:-1]):
        editor.press("ControlOrMeta+z")
        editor.expect_record(record)
    for record in steps[1:]:
        editor.press("ControlOrMeta+Shift+z")
        editor.expect_record(record)


def test_the_keys_of_the_menu_do_the_same(editor: Editor) -> None:
    write_title(editor, "00Judita")
    editor.root.locator("summary").get_by_text("⋯").press("Enter")
    editor.press("Tab")
    expect(editor.root.get_by_role("button", name="Add a subfield to 245")).to_be_focused()
    editor.press("Enter")
    editor.type("bep")
    editor.expect_record([["245", "00", [["a", "Judita"], ["b", "ep"]]]])
    editor.root.locator("summary").get_by_text("⋯").press("Enter")
    editor.press("Escape")
    expect(editor.root.locator("summary").get_by_text("⋯")).to_be_focused()


def test_a_dollar_and_a_code_begin_a_subfield_and_two_dollars_write_one(editor: Editor) -> None:
    write_title(editor, "00Judita : $bep za 5 $$ /$cMarulić")
    subfields = [["a", "Judita :"], ["b", "ep za 5 $ /"], ["c", "Marulić"]]
    editor.expect_record([["245", "00", subfields]])
    editor.press("Home", "Backspace")
    editor.expect_record([["245", "00", [["a", "Judita :"], ["b", "ep za 5 $ /Marulić"]]]])
    editor.press("Enter")
    editor.type("336##$btxt$2rdacontent")
    editor.expect_record([["336", "##", [["b", "txt"], ["2", "rdacontent"]]]], start=1)


def test_a_subfield_cut_in_the_middle_keeps_both_ends(editor: Editor) -> None:
    write_title(editor, "00Judita ep")
    editor.press("ArrowLeft", "ArrowLeft")
    editor.type("$b")
    editor.expect_record([["245", "00", [["a", "Judita"], ["b", "ep"]]]])
    editor.type("lirski ")
    editor.expect_record([["245", "00", [["a", "Judita"], ["b", "lirski ep"]]]])


def test_names_that_arrive_late_interrupt_nobody(open_page: OpenPage) -> None:
    page = open_page(person="learner")
    held: list[Route] = []
    page.route("**/handler/labels/", lambda route: held.append(route))
    editor = open_title(page)
    write_title(editor, "00Judita")
    editor.press("Enter")
    editor.type("336##txt$")
    wait_for(page, lambda: held)
    with page.expect_response("**/handler/labels/"):
        held[0].continue_()
    expect(editor.root.get_by_text("Content type term")).to_be_visible()
    editor.type("2rda")
    editor.expect_record([["336", "##", [["a", "txt"], ["2", "rda"]]]], start=1)


def test_arrows_walk_from_tag_to_tag(editor: Editor) -> None:
    write_title(editor, "00Judita")
    editor.press("Enter")
    editor.type("500")
    editor.press("Shift+Tab", "ArrowUp")
    expect(editor.tags.first).to_be_focused()
    editor.press("ArrowDown")
    expect(editor.tags.nth(1)).to_be_focused()


def test_fixed_fields_are_written_by_position_or_as_a_string_and_agree(editor: Editor) -> None:
    write_title(editor, "00Judita")
    editor.press("Enter")
    editor.type("008191021s2019")
    editor.root.get_by_role("button", name="Show positions").press("Enter")
    place = editor.root.get_by_role("group", name="008 by position")
    place.get_by_label("Language").press_sequentially("hrv")
    place.get_by_label("Place of publication").press_sequentially("ci")
    editor.expect_record([["008", "191021s2019    ci                  hrv  "]], start=1)
    editor.root.get_by_role("button", name="Hide positions").press("Enter")
    editor.go("008, value")
    editor.retype("191021s1998    ci                  slv  ")
    editor.root.get_by_role("button", name="Show positions").press("Enter")
    expect(place.get_by_label("Date 1")).to_have_value("1998")
    expect(place.get_by_label("Language")).to_have_value("slv")


def test_the_source_stays_in_view_when_it_is_asked_to(editor: Editor) -> None:
    source = editor.root.get_by_role("region", name="What you catalogue")
    editor.press_button("Keep in view")
    for _ in range(25):
        editor.press_button("Add a field")
    expect(source).to_be_in_viewport()
    expect(editor.tags.last).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_editor_has_no_grave_fault_against_accessibility_in_any_state(
    open_page: OpenPage, scheme: str
) -> None:
    page = open_page(person="learner", color_scheme=scheme, reduced_motion="reduce")
    editor = open_title(page)
    editor.press_button("Paste or open a record")
    assert find_faults(page) == []
    editor.type("=008  191021s2019\n=245  10$aJudita :$bep u sest libara.\n=500  \\\\$aMore.")
    editor.press_button("Read the text")
    editor.root.get_by_role("button", name="Show positions").press("Enter")
    editor.root.locator("summary").get_by_text("⋯").last.press("Enter")
    editor.root.get_by_text("Work with the keyboard").click()
    assert find_faults(page) == []
    editor.submit()
    expect(editor.result).to_be_visible()
    assert find_faults(page) == []


# --- A record from elsewhere ----------------------------------------------------------------------


def test_a_record_is_pasted_as_text_and_undo_brings_the_old_one_back(editor: Editor) -> None:
    editor.press_button("Paste or open a record")
    editor.type("=LDR  00000nam a2200000 i 4500\n=245  10$aJudita :$bep u šest libara.\n")
    editor.press_button("Read the text")
    expect(editor.tags).to_have_count(2)
    editor.expect_record(
        [
            ["LDR", "00000nam a2200000 i 4500"],
            ["245", "10", [["a", "Judita :"], ["b", "ep u šest libara."]]],
        ]
    )
    editor.press("ControlOrMeta+z")
    editor.expect_record([["245", "##", [["a", ""]]]])


@pytest.mark.parametrize("name", ["judita.mrc", "judita.xml"])
def test_a_record_is_opened_from_a_file(editor: Editor, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(write_iso2709(JUDITA) if name.endswith("mrc") else write_marcxml([JUDITA]))
    editor.press_button("Paste or open a record")
    editor.root.get_by_label("Or a file").set_input_files(file)
    expect(editor.tags).to_have_count(4)
    shown = [[field[0], field[1].replace(" ", "#"), field[2]] for field in JUDITA[2:]]
    editor.expect_record([JUDITA[1], *shown], start=1)


def test_a_file_that_is_no_record_is_refused_and_nothing_changes(
    open_page: OpenPage, tmp_path: Path
) -> None:
    editor = open_title(open_page(person="learner", expected="status of 400"))
    write_title(editor, "00Judita")
    file = tmp_path / "shopping.mrc"
    file.write_bytes(b"milk, bread")
    editor.press_button("Paste or open a record")
    dialog = editor.page.get_by_role("dialog")
    dialog.get_by_label("Or a file").set_input_files(file)
    expect(dialog.get_by_role("alert")).not_to_be_empty()
    editor.press("Escape")
    editor.expect_record([["245", "00", [["a", "Judita"]]]])


# --- The draft ------------------------------------------------------------------------------------


def test_the_draft_saves_itself_and_is_there_again(editor: Editor) -> None:
    write_title(editor, "00Judita :$bep")
    editor.wait_until_saved()
    editor.page.reload()
    expect(editor.tags).to_have_count(1)
    editor.expect_record([["245", "00", [["a", "Judita :"], ["b", "ep"]]]])
    editor.wait_until_saved()


def test_what_was_typed_a_moment_before_leaving_is_kept(editor: Editor) -> None:
    write_title(editor, "00Judita")
    editor.page.get_by_role("link", name="Workshop").first.click()
    editor.page.wait_for_url("**/courses/*/")

    def is_kept() -> bool:  # nobody can wait for what a page sends while it is left
        return bool(open_title(editor.page).record == [["245", "00", [["a", "Judita"]]]])

    wait_for(editor.page, is_kept)


def test_starting_again_asks_first_and_brings_the_starter_back(editor: Editor) -> None:
    write_title(editor, "00Judita")
    editor.press_button("Start again")
    editor.page.get_by_role("dialog").get_by_role("button", name="No").press("Enter")
    editor.expect_record([["245", "00", [["a", "Judita"]]]])
    editor.press_button("Start again")
    editor.page.get_by_role("dialog").get_by_role("button", name="Yes").press("Enter")
    expect(editor.cell("245 $a")).to_have_value("")
    editor.page.reload()
    editor.expect_record([["245", "##", [["a", ""]]]])


def two_tabs(context: BrowserContext) -> tuple[Editor, Editor]:
    return open_title(context.new_page()), open_title(context.new_page())


@pytest.mark.parametrize("choice", ["The one from the other window", "The one I see here"])
def test_of_two_tabs_the_second_is_asked_which_record_stays(
    open_context: OpenContext, choice: str
) -> None:
    one, two = two_tabs(open_context(person="learner", expected="status of 409"))
    write_title(one, "00First")
    one.wait_until_saved()
    write_title(two, "00Second")
    question = two.root.get_by_role("alert").filter(has_text="changed in another window")
    expect(question).to_be_visible()
    two.expect_record([["245", "00", [["a", "Second"]]]])
    question.get_by_role("button", name=choice).press("Enter")
    chosen = "First" if "other" in choice else "Second"
    two.expect_record([["245", "00", [["a", chosen]]]])
    two.wait_until_saved()
    two.page.reload()
    expect(two.tags).to_have_count(1)
    two.expect_record([["245", "00", [["a", chosen]]]])


def test_without_a_connection_the_record_is_kept_and_saved_when_it_is_back(
    open_context: OpenContext,
) -> None:
    context = open_context(person="learner", expected="ERR_INTERNET_DISCONNECTED")
    editor = open_title(context.new_page())
    context.set_offline(True)
    write_title(editor, "00Judita")
    expect(editor.state).to_contain_text("No connection. Your record is kept here")
    editor.submit()
    problem = editor.root.get_by_role("alert").filter(has_text="Nothing was submitted")
    expect(problem).to_be_visible()
    editor.expect_record([["245", "00", [["a", "Judita"]]]])
    context.set_offline(False)
    editor.wait_until_saved()
    editor.submit()
    expect(editor.state).to_contain_text("1 of 2 attempts left")


# --- Handing in -----------------------------------------------------------------------------------


def test_a_result_comes_line_by_line_and_leads_to_the_places(editor: Editor) -> None:
    write_title(editor, "10Judita :$bep u sest libara.")
    editor.submit()
    expect(editor.result).to_be_focused()
    expect(editor.cell("245, indicator 1")).to_have_attribute("aria-invalid", "true")
    expect(editor.result.get_by_role("heading", level=3)).to_have_text(
        re.compile(r"^\d+(\.\d+)? of 10 points \(\d+%\)$")
    )
    expect(editor.mark_of("Nearly")).to_have_count(1)
    expect(editor.mark_of("Nearly")).to_contain_text("245 $b")
    expect(editor.mark_of("Nearly").get_by_role("link").first).to_have_attribute(
        "href", re.compile("^https://www.loc.gov/marc/")
    )
    editor.mark_of("Nearly").get_by_role("button", name="Show 245 $b in the record").press("Enter")
    expect(editor.cell("245 $b")).to_be_focused()
    expect(editor.cell("245 $b")).to_have_attribute("aria-invalid", "true")
    editor.retype("ep u šest libara.")
    expect(editor.cell("245 $b")).not_to_have_attribute("aria-invalid", "true")


def test_the_last_attempt_is_confirmed_and_then_the_model_is_shown(editor: Editor) -> None:
    write_title(editor, "00Judita :")
    editor.submit()
    expect(editor.state).to_contain_text("1 of 2 attempts left")
    model = editor.result.get_by_text("Model record")
    expect(model).to_have_count(0)
    question = editor.page.get_by_role("dialog").filter(has_text="This is your last attempt")
    editor.submit()
    question.get_by_role("button", name="No").press("Enter")
    expect(editor.state).to_contain_text("1 of 2 attempts left")
    editor.submit()
    question.get_by_role("button", name="Yes").press("Enter")
    expect(editor.state).to_contain_text("0 of 2 attempts left")
    expect(editor.root.get_by_text("All attempts are used up.")).to_be_visible()
    expect(editor.root.get_by_role("button", name="Submit")).to_be_disabled()
    model.press("Enter")
    expect(editor.result.get_by_text("245 00 $aJudita :$bep u šest libara.")).to_be_visible()


def test_the_key_is_not_in_the_page_before_it_may_be_shown(open_page: OpenPage) -> None:
    page = open_page(person="learner")
    came: list[Response] = []
    page.on("response", lambda response: came.append(response))
    editor = open_title(page)
    write_title(editor, "00Judita :")
    editor.submit()
    expect(editor.state).to_contain_text("1 of 2 attempts left")
    answers = [answer.text() for answer in came if "handler" in answer.url]
    answers.append(page.content())
    page.reload()
    answers.append(page.content())
    assert len(answers) >= 3
    # the words of the key that the source does not give away
    assert [text for text in answers if "libara." in text] == []


def test_two_tabs_that_submit_at_once_each_have_their_attempt(open_context: OpenContext) -> None:
    context = open_context(person="learner", expected="status of 409")
    one, two = two_tabs(context)
    write_title(one, "00Judita :")
    write_title(two, "00Judita :$bep u šest libara.")
    for editor in (one, two):
        editor.root.get_by_role("button", name="Submit").evaluate(
            "button => setTimeout(() => button.click())"
        )
    for editor in (one, two):
        expect(editor.result).to_be_visible()
    one.page.reload()
    expect(one.state).to_contain_text("0 of 2 attempts left")


def test_another_submission_after_the_last_is_refused_in_words(open_context: OpenContext) -> None:
    context = open_context(person="learner", expected="status of 40[39]")
    one, two = two_tabs(context)
    write_title(one, "00Judita :")
    one.submit()
    expect(one.state).to_contain_text("1 of 2 attempts left")
    one.submit()
    one.page.get_by_role("dialog").get_by_role("button", name="Yes").press("Enter")
    expect(one.state).to_contain_text("0 of 2 attempts left")
    write_title(two, "00Robinja")
    two.submit()
    expect(
        two.root.get_by_role("alert").filter(has_text="All attempts are used up.")
    ).to_be_visible()
    two.expect_record([["245", "00", [["a", "Robinja"]]]])


def test_a_perfect_record_scores_all_points_and_the_progress_page_says_so(
    editor: Editor,
) -> None:
    write_title(editor, "00Judita :$bep u šest libara.")
    editor.submit()
    expect(editor.result.get_by_role("heading", level=3)).to_have_text("10 of 10 points (100%)")
    editor.page.get_by_role("link", name="Progress and grade").first.click()
    row = points_row(editor.page, "All records")
    expect(row).to_contain_text("10 of 50")


def test_each_level_of_feedback_says_so_much_and_no_more(open_page: OpenPage) -> None:
    page = open_page(person="learner")
    open_unit(page, "levels", WORKSHOP)
    for level in range(4):
        editor = Editor(page, f"Level {level}")
        write_title_in(editor)
        editor.submit()
        expect(editor.result.get_by_role("heading", level=3)).to_contain_text("of 10 points")
    said = [Editor(page, f"Level {level}").result.inner_text() for level in range(4)]
    wants = [
        ("points",),
        ("Nearly", "245 $b"),
        ("diacritics", "ISBD"),
        ("Model:", "ep u šest libara."),
    ]
    for level, text in enumerate(said):
        for wanted_from, words in enumerate(wants):
            for word in words:
                assert (word in text) is (level >= wanted_from), (level, word)


def write_title_in(editor: Editor) -> None:
    editor.go("245, indicator 1")
    editor.type("00Judita :$bep u sest libara.")


# --- The check while typing -----------------------------------------------------------------------


def test_what_the_format_does_not_allow_is_said_as_it_is_typed(editor: Editor) -> None:
    write_title(editor, "10Judita$xwrong")
    found = editor.root.locator(".ls-diagnostics")
    expect(found.locator("summary")).to_contain_text("errors 1")
    found.locator("summary").press("Enter")
    expect(found).to_contain_text("245 $x: the format does not define this subfield.")
    assert find_faults(editor.page) == []
    found.get_by_role("button", name="Show").first.press("Enter")
    cell = editor.cell("245 $x")
    expect(cell).to_be_focused()
    expect(cell).to_have_accessible_description(re.compile("does not define this subfield"))
    editor.press("ControlOrMeta+a", "Delete")
    expect(found).not_to_contain_text("does not define")


def test_nothing_is_said_of_what_the_author_gave_until_it_is_touched(editor: Editor) -> None:
    asked: list[str] = []
    editor.page.on("request", lambda request: asked.append(request.url))
    editor.page.reload()
    expect(editor.state).to_contain_text("attempts left")
    expect(editor.root.locator(".ls-diagnostics")).to_be_hidden()
    assert not [url for url in asked if url.endswith("/check/")]
