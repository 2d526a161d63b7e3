"""A week of practice on two phones: logged, also without a network, sent, returned, confirmed."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.axe import find_faults
from tests.e2e.open_school import OpenSchool

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 360, "height": 740}}
NO_NETWORK = "ERR_INTERNET_DISCONNECTED|Failed to load resource"


def is_too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def look_over(page: Page) -> None:
    """The page is for everybody, and fits a phone."""
    page.emulate_media(reduced_motion="reduce")
    assert find_faults(page) == []
    width = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 740})
    assert not is_too_wide(page)
    assert width is not None
    page.set_viewport_size(width)


def typed(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


def log_day(page: Page, day: date, words: str) -> None:
    page.get_by_label("Day", exact=True).fill(typed(day))
    page.get_by_label("From", exact=True).fill("9")
    page.get_by_label("Until", exact=True).fill("12,30")
    page.get_by_label("Break, min").fill("30")
    page.get_by_role("radio", name="Reader service").check()
    page.get_by_label(re.compile("In a few words")).fill(words)


def test_a_week_is_logged_sent_returned_mended_and_confirmed_on_phones(
    open_context: Callable[..., BrowserContext], school: OpenSchool
) -> None:
    context = open_context("phone", "tena", expected=NO_NETWORK, **PHONE)
    tena = context.new_page()
    tena.goto("/practice/")
    look_over(tena)
    tena.evaluate("navigator.serviceWorker.ready.then(() => true)")
    yesterday = date.today() - timedelta(days=1)  # the device's day

    # With a network, in four fields.
    tena.get_by_role("link", name="Log a day").click()
    log_day(tena, yesterday - timedelta(days=1), "Изложба за деца")
    expect(tena.get_by_text("3:00 net")).to_be_visible()
    look_over(tena)
    tena.get_by_role("button", name="Keep it").click()
    expect(tena.get_by_text(re.compile("Kept: 3 h"))).to_be_visible()
    look_over(tena)

    # Without one: the form that is open keeps the day, and so does the page that works alone.
    tena.goto("/practice/")
    tena.get_by_role("link", name="Log a day").click()
    expect(tena.get_by_label("Day", exact=True)).to_be_visible()
    context.set_offline(True)
    log_day(tena, yesterday, "Без мрежа")
    tena.get_by_role("button", name="Keep it").click()
    expect(tena.get_by_text("One day is kept on this device")).to_be_visible()
    tena.goto("/practice/")
    expect(tena.get_by_role("heading", name="Log a day")).to_be_visible()
    log_day(tena, yesterday - timedelta(days=3), "Също без мрежа")
    tena.get_by_role("button", name="Keep it").click()
    expect(tena.get_by_text("2 days are kept on this device")).to_be_visible()

    # Back in the network the page comes by itself, and both are sent, once.
    context.set_offline(False)
    expect(tena.get_by_text("4 days are not sent to your mentor yet")).to_be_visible()
    expect(tena.locator("[data-outbox]")).to_be_hidden()
    tena.get_by_role("button", name="Send all").click()
    expect(tena.get_by_text(re.compile(r"\d days were sent to your mentor"))).to_be_visible()

    # The mentor, on a phone: one goes back, the rest is confirmed.
    meri = open_context("phone", "meri", **PHONE).new_page()
    meri.goto("/practice/review/")
    look_over(meri)
    day = meri.locator(".decision", has_text="Изложба за деца")
    day.get_by_label("Return").check()
    day.get_by_label("What should be different?").fill("Беше до един часа.")
    meri.get_by_role("button", name="Sign and send my decisions").click()
    expect(meri.get_by_text("1 day goes back with your reason.")).to_be_visible()
    expect(meri.get_by_text(re.compile(r"You signed for \d+ days"))).to_be_visible()

    # The trainee mends it and sends it again.
    tena.goto("/practice/")
    returned = tena.locator(".sheet", has_text="Беше до един часа.")
    returned.get_by_role("link", name="Correct it").click()
    tena.get_by_label("Until", exact=True).fill("13:00")
    tena.get_by_role("button", name="Keep and send").click()
    expect(tena.get_by_text(re.compile("Sent to your mentor: 3 h 30 min"))).to_be_visible()
