"""Where things are in the school, for the tests that visit it."""

from collections.abc import Callable
from urllib.parse import quote

from playwright.sync_api import BrowserContext, FrameLocator, Locator, Page

OpenPage = Callable[..., Page]  # the fixture `open_page`
OpenContext = Callable[..., BrowserContext]  # and `open_context`

CATALOGUER = "course-v1:LibrarySchool+CAT101+2026"
WORKSHOP = "course-v1:LibrarySchool+WORK+2026"
DRAFTS = "course-v1:LibrarySchool+DRAFT+2026"  # which tests change


def course_url(course: str = CATALOGUER, rest: str = "") -> str:
    return f"/courses/{quote(course)}/{rest}"


def unit_url(unit: str, course: str = CATALOGUER) -> str:
    run = course.partition(":")[2]
    return course_url(course, f"units/{quote(f'block-v1:{run}+type@vertical+block@{unit}')}/")


def draft_url(rest: str = "", course: str = DRAFTS) -> str:
    return course_url(course, f"draft/{rest}")


def open_unit(page: Page, unit: str, course: str = CATALOGUER) -> None:
    page.goto(unit_url(unit, course))


def frame(page: Page, name: str) -> FrameLocator:
    """The frame of the block that is called ``name``."""
    page.get_by_title(name, exact=True).scroll_into_view_if_needed()
    return page.frame_locator(f'iframe[title="{name}"]')


def progress_row(page: Page, subsection: str, course: str = CATALOGUER) -> Locator:
    """The row of a subsection on the progress page, which is opened."""
    page.goto(course_url(course, "progress/"))
    return points_row(page, subsection)


def points_row(page: Page, subsection: str) -> Locator:
    """The row of a subsection among all subsections, on the progress page."""
    table = page.get_by_role("table", name="Your points in every subsection")
    return table.get_by_role("row").filter(
        has=page.get_by_role("rowheader", name=subsection, exact=True)
    )
