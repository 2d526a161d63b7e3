"""Every page of the site: it opens, can be read by everybody, everywhere, and on paper."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import find_faults
from tests.e2e.open_school import OpenSchool
from tests.e2e.school_pages import (
    CATALOGUER,
    WORKSHOP,
    OpenPage,
    course_url,
    draft_url,
    open_unit,
    unit_url,
)

pytestmark = pytest.mark.browser

NARROWEST = 320
TEXT = "block-v1:LibrarySchool+CAT101+2026+type@html+block@first_field"
DRAFT_UNIT = unit_url("ex4_judita").replace("/units/", "/draft/units/")
PAGES = {
    "front": (None, "/"),
    "catalogue": (None, "/catalogue/"),
    "about-a-course": (None, course_url()),
    "sign-in": (None, "/accounts/login/"),
    "sign-up": (None, "/accounts/signup/"),
    "lost-password": (None, "/accounts/password/reset/"),
    "home": ("learner", "/"),
    "course": ("learner", course_url()),
    "lesson": ("learner", unit_url("start_welcome")),
    "record": ("learner", unit_url("ex4_judita")),
    "problems": ("learner", unit_url("test1_first")),
    "progress": ("learner", course_url(CATALOGUER, "progress/")),
    "leave": ("learner", course_url(CATALOGUER, "leave/")),
    "your-name": ("learner", "/accounts/profile/"),
    "addresses": ("learner", "/accounts/email/"),
    "password": ("learner", "/accounts/password/change/"),
    "mentors-home": ("meri", "/"),
    "teach": ("ivo", "/teach/"),
    "imports": ("ivo", "/teach/imports/"),
    "versions": ("ivo", course_url(CATALOGUER, "versions/")),
    "course-of-staff": ("ivo", course_url()),
    "draft": ("ivo", draft_url(course=CATALOGUER)),
    "draft-unit": ("ivo", DRAFT_UNIT),
    "draft-files": ("ivo", draft_url("files/", CATALOGUER)),
    "draft-discard": ("ivo", draft_url("discard/", CATALOGUER)),
    "edit-text": ("ivo", draft_url(f"blocks/{TEXT}/edit/", CATALOGUER)),
    "edit-settings": ("ivo", draft_url(f"blocks/{TEXT}/settings/", CATALOGUER)),
    "move-block": ("ivo", draft_url(f"blocks/{TEXT}/move/", CATALOGUER)),
    "compare": ("ivo", course_url(CATALOGUER, "versions/compare/?from=1&to=1")),
    "manage": ("ada", "/manage/"),
    "all-jobs": ("ada", "/manage/jobs/"),
    "my-jobs": ("ivo", "/jobs/"),
    "regrades": ("ivo", course_url(CATALOGUER, "regrades/")),
}


def is_too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_for_everybody(open_page: OpenPage, name: str) -> None:
    person, path = PAGES[name]
    page = open_page(person=person, reduced_motion="reduce")  # or colours would still be changing
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    assert find_faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert find_faults(page, "color-contrast") == []
    page.set_viewport_size({"width": NARROWEST, "height": 800})
    assert not is_too_wide(page)
    page.emulate_media(media="print")
    for part in (".topbar", ".bottombar", ".skip"):
        for element in page.locator(part).all():
            expect(element).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


# --- Who has what ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "sections"),
    [
        ("tena", ["Learn", "Practice"]),
        ("meri", ["Learn", "Practice"]),
        ("ivo", ["Learn", "Teach"]),
        ("ada", ["Learn", "Practice", "Teach", "Manage"]),
    ],
)
def test_the_top_bar_has_what_a_person_may_do(
    open_page: OpenPage, person: str, sections: list[str]
) -> None:
    page = open_page(person=person)
    page.goto("/")
    bar = page.get_by_role("navigation", name="Parts of the school").first
    expect(bar.get_by_role("link")).to_have_text(sections)


def test_a_demo_person_signs_in_with_the_printed_password(
    open_page: OpenPage, school: OpenSchool
) -> None:
    page = open_page()
    page.goto("/accounts/login/")
    page.get_by_label("Username or e-mail address").fill("tena")
    page.get_by_label("Password").fill(school.people["tena"]["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome, Tena")
    page.locator("summary").filter(has_text="Your account").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


def test_an_administrator_opens_every_table_and_the_jobs(open_page: OpenPage) -> None:
    page = open_page(person="ada")
    page.goto("/admin/")
    links = page.get_by_role("link").evaluate_all("all => all.map(link => link.pathname)")
    tables = sorted({path for path in links if re.fullmatch(r"/admin/\w+/\w+/", path)})
    assert "/admin/libschool_jobs/job/" in tables
    for path in tables:
        assert page.request.get(path).status == 200, path
    page.goto("/admin/libschool_jobs/job/")
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


@pytest.mark.parametrize(
    ("person", "path", "status"),
    [
        (None, "/no-such-page/", 404),
        ("learner", "/no-such-page/", 404),
        ("learner", course_url("course-v1:No+Such+Course"), 404),
        ("learner", "/teach/imports/", 403),
        ("learner", course_url(CATALOGUER, "versions/"), 403),
        ("meri", "/manage/", 403),
    ],
)
def test_what_is_not_there_or_not_theirs_is_said_in_the_schools_words(
    open_page: OpenPage, person: str | None, path: str, status: int
) -> None:
    page = open_page(person=person, expected=f"status of {status}")
    response = page.goto(path)
    assert response is not None
    assert response.status == status
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    assert find_faults(page) == []
    expect(page.get_by_role("main").get_by_role("link").first).to_be_visible()


def test_staff_see_a_course_as_a_trainee_and_back(open_page: OpenPage) -> None:
    page = open_page(person="ivo")
    page.goto(course_url())
    page.get_by_role("button", name="See it as a trainee").click()
    expect(page.get_by_text("You see this course as a trainee does.")).to_be_visible()
    page.get_by_role("button", name="See it as staff").click()
    expect(page.get_by_text("You see this course as its staff")).to_be_visible()


# --- By keyboard ----------------------------------------------------------------------------------


def test_the_first_key_leads_past_the_bars(open_page: OpenPage) -> None:
    page = open_page(person="learner")
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("main").locator(":focus")).to_have_count(1)


def test_arrows_turn_the_pages_but_not_while_writing(open_page: OpenPage) -> None:
    page = open_page(person="learner")
    open_unit(page, "levels", WORKSHOP)
    page.get_by_label("245, indicator 1").first.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", level=1)).to_have_text("Four ways to say it")
    page.get_by_label("245, indicator 1").first.evaluate("cell => cell.blur()")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", level=1)).to_have_text("A title")
    page.wait_for_load_state()  # or the key would come before the script
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", level=1)).to_have_text("Four ways to say it")


def test_the_place_is_kept_and_offered_on_return(open_page: OpenPage) -> None:
    page = open_page(person="learner")
    open_unit(page, "isbd_title")
    heading = page.get_by_role("heading", level=1).inner_text()
    page.goto("/")
    page.get_by_role("link", name=re.compile("Continue")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


# --- As the reader likes it -----------------------------------------------------------------------


def test_nothing_moves_for_those_who_want_nothing_to_move(open_page: OpenPage) -> None:
    page = open_page(person="learner", reduced_motion="reduce")
    open_unit(page, "ex4_judita")
    moving = page.evaluate("""() => [...document.querySelectorAll('*')].filter(element => {
        const {transitionDuration, animationDuration, animationName} = getComputedStyle(element);
        const longest = text => Math.max(...text.split(',').map(parseFloat));
        return longest(transitionDuration) > 0.01
            || (animationName !== 'none' && longest(animationDuration) > 0.01);
      }).map(element => element.className || element.tagName)""")
    assert moving == []


@pytest.mark.parametrize(("choice", "paper"), [("Light", "250, 247, 241"), ("Dark", "23, 21, 15")])
def test_light_or_dark_is_the_readers_choice_and_stays(
    open_page: OpenPage, choice: str, paper: str
) -> None:
    page = open_page("dark" if choice == "Light" else "desktop")
    page.goto("/")
    page.locator("summary").filter(has_text="Light or dark").click()
    page.get_by_role("button", name=choice, exact=True).click()
    page.goto("/catalogue/")
    expect(page.locator("html")).to_have_css("background-color", f"rgb({paper})")
