"""A coordinator's walk: the dashboard moves, a record is printed and its code is checked."""

import io
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.e2e.axe import find_faults
from tests.waiting import send

pytestmark = pytest.mark.browser

PAGES = (
    *("", "placements/", "entries/", "hosts/", "people/", "closing/", "reports/", "setup/"),
    *("trail/", "placements/new/", "placements/table/", "attendance/", "people/replace/"),
    "reports/?kind=funder&language=bg",
)


def hours(page: Page, state: str) -> int:
    """What the dashboard says of a state, in whole hours."""
    page.goto("/practice/office/")
    text = page.get_by_role("link", name=re.compile(rf"^{state}: ")).inner_text()
    return int(text.rpartition(":")[2].split("h")[0])


def look_over(page: Page) -> None:
    assert find_faults(page) == []
    page.set_viewport_size({"width": 320, "height": 740})
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.set_viewport_size({"width": 1280, "height": 900})


def test_the_dashboard_moves_and_a_printed_record_proves_itself(
    open_page: Callable[..., Page],
) -> None:
    ada = open_page("desktop", "ada")
    confirmed, waiting = hours(ada, "approved"), hours(ada, "waiting")
    assert waiting > 0

    meri = open_page("phone", "meri")
    meri.goto("/practice/review/")
    send(meri, meri.get_by_role("button", name="Sign and send my decisions"))
    assert hours(ada, "approved") == confirmed + waiting
    assert hours(ada, "waiting") == 0

    # every figure opens its entries, and a placement its record
    ada.get_by_role("link", name=re.compile("^approved: ")).click()
    expect(ada.get_by_role("row").nth(1)).to_contain_text("approved")
    ada.get_by_role("link", name="Tena Trainee").first.click()
    ada.get_by_role("link", name="Record of practice").click()
    ada.get_by_label("Language of the report").select_option("kk")
    ada.get_by_role("button", name="Show", exact=True).click()
    look_over(ada)
    with ada.expect_download() as download:
        ada.get_by_role("button", name="PDF").click()
    data = download.value.path().read_bytes()
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    assert "Tena Trainee" in text
    code = re.search(r"/practice/check/([0-9a-f-]{36})/", text.replace("\n", ""))
    assert code is not None

    # whoever holds the paper checks it, without an account
    stranger = open_page("phone")
    stranger.goto("/practice/check/")
    look_over(stranger)
    stranger.get_by_label("Code on the report").fill(code[1])
    stranger.get_by_role("button", name="Check").click()
    expect(stranger.get_by_text("This report holds.")).to_be_visible()
    expect(stranger.get_by_text("Tena")).to_have_count(0)


def test_the_office_is_for_everybody_and_fits_a_phone(open_page: Callable[..., Page]) -> None:
    for look in ("desktop", "dark"):
        page = open_page(look, "ada")
        for path in PAGES if look == "desktop" else PAGES[:3]:
            page.goto(f"/practice/office/{path}")
            look_over(page)
