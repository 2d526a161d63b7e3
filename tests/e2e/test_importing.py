"""A course comes in through the browser, is looked at, published, and put back."""

import io
import re
import tarfile
from pathlib import Path
from secrets import token_hex

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.school_pages import OpenPage
from tests.waiting import send

pytestmark = pytest.mark.browser

FOLDER = Path(__file__).resolve().parent / "courses/workshop"
CODE = f"VISIT{token_hex(3)}"  # also in a school that has met these tests before
COURSE = f"course-v1:LibrarySchool+{CODE}+2026"


def pack(title: str) -> bytes:
    """The workshop under a key and a title of its own, as Studio packs a course."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for path in sorted(FOLDER.rglob("*")):
            if not path.is_file():
                continue
            content = path.read_bytes()
            if path.suffix in {".xml", ".json"}:
                text = content.decode().replace('course="WORK"', f'course="{CODE}"')
                content = text.replace('"Workshop"', f'"{title}"').encode()
            member = tarfile.TarInfo(f"course/{path.relative_to(FOLDER)}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def upload(page: Page, title: str) -> None:
    """Upload the course and wait for its report."""
    page.goto("/teach/imports/")
    page.get_by_label("Course file").set_input_files(
        {"name": f"{title}.tar.gz", "mimeType": "application/gzip", "buffer": pack(title)}
    )
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{title}.tar.gz")
    read = page.get_by_text(re.compile(r"Read and checked: version \d"))
    expect(read).to_be_visible(timeout=180_000)
    expect(page.get_by_role("row").filter(has_text="holodeck is not installed")).to_be_visible()


def name_in_catalogue(page: Page) -> str:
    page.goto("/catalogue/")
    link = page.locator(f'a[href="/courses/{COURSE}/"]')
    return link.inner_text() if link.count() else ""


def test_a_course_is_uploaded_previewed_published_and_an_earlier_version_put_back(
    open_page: OpenPage,
) -> None:
    page, visitor = open_page(person="ada"), open_page()
    upload(page, "First sight")
    assert name_in_catalogue(visitor) == ""
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("First sight")
    assert name_in_catalogue(visitor) == "First sight"

    upload(page, "Second look")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("You are previewing version 2.")).to_be_visible()
    assert name_in_catalogue(visitor) == "First sight"
    send(page, page.get_by_role("button", name="Publish this version"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Second look")
    assert name_in_catalogue(visitor) == "Second look"

    page.get_by_role("link", name="Versions of this course").click()
    page.get_by_role("button", name="Serve version 1").click()
    expect(page.get_by_role("row").filter(has_text="served now")).to_contain_text("1 served now")
    assert name_in_catalogue(visitor) == "First sight"


def test_a_file_that_is_no_course_is_refused_in_words(open_page: OpenPage) -> None:
    page = open_page(person="ivo", expected="status of 422")
    page.goto("/teach/imports/")
    page.get_by_label("Course file").set_input_files(
        {"name": "novel.tar.gz", "mimeType": "application/gzip", "buffer": b"Once upon a time"}
    )
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("link", name="This is not a .tar.gz file.")).to_be_visible()
