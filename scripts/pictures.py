"""Make the pictures of the README from a school that is running.

``python -m scripts.pictures [URL]``: somebody new signs up, catalogues a book not quite rightly,
and looks at their progress. CHROMIUM names the browser.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from secrets import token_hex

from playwright.sync_api import Browser, Page, sync_playwright

TARGET = Path(__file__).parent.parent / "docs" / "pictures"
COURSE = "course-v1:LibrarySchool+CAT101+2026"
BLOCK = "block-v1:LibrarySchool+CAT101+2026+type@vertical+block@"
PASSWORD = token_hex(12)
SECONDS_TO_READ = 8
AROUND = 20  # pixels of the sheet beside the result
FLAGS = ["--no-sandbox", "--disable-gpu"]

BEGINNING = """=LDR  00000nam a2200000 i 4500
=008  191021s2019    ci a          000 p hrv d
=020  \\\\$a9789539999900$q(tvrdi uvez)
=100  1\\$aMarulić, Marko,$d1450-1524,$eautor.
=245  10$aJudita :$bep u šest libara /
"""
RECORD = """=LDR  00000nam a2200000 i 4500
=008  191021s2019    ci a          000 p hrv d
=020  \\\\$a9789539999900$q(tvrdi uvez)
=040  \\\\$aHR-VJ$bhrv$erda$cHR-VJ
=080  \\\\$a821.163.42-13"15"
=082  04$a891.821$223
=100  1\\$aMarulić, Marko,$d1450-1524,$eautor.
=245  10$aJudita :$bep u sest libara /$cMarko Marulić ; priredila i komentar napisala Ana Horvat.
=250  \\\\$aDrugo, dopunjeno izdanje.
=264  \\1$aZagreb$bNaklada Vježba,$c2019.
=300  \\\\$a214 str. :$bilustracije ;$c20 cm.
=336  \\\\$btxt$2rdacontent
=337  \\\\$bn$2rdamedia
=338  \\\\$bnc$2rdacarrier
=500  \\\\$aNaslov s korica.
=650  \\4$aHrvatsko pjesništvo$y16. stoljeće.
=700  1\\$aHorvat, Ana,$epriređivač.
"""


def main() -> None:
    """Make all three."""
    url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    TARGET.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = browser.new_page(
            base_url=url, viewport={"width": 1280, "height": 960}, locale="en-GB"
        )
        sign_up(page)
        take_exercise(page)
        take_result(page)
        for unit in ("start_welcome", "start_why", "start_words"):
            page.goto(unit_path(unit))
            page.wait_for_timeout(SECONDS_TO_READ * 1000)
        take_progress(browser, page)
        browser.close()


def unit_path(unit: str) -> str:
    """Where a unit of the course is."""
    return f"/courses/{COURSE}/units/{BLOCK}{unit}/"


def sign_up(page: Page) -> None:
    """Become Tena's twin, so that every run begins anew, and enrol."""
    name = f"picture-{token_hex(4)}"
    page.goto("/accounts/signup/")
    page.get_by_label("Email").fill(f"{name}@example.org")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    page.goto("/accounts/profile/")
    page.get_by_label("First name").fill("Tena")
    page.get_by_label("Last name").fill("Trainee")
    page.get_by_role("main").get_by_role("button").click()
    page.goto(f"/courses/{COURSE}/")
    page.get_by_role("button", name="Enrol", exact=True).click()
    page.get_by_role("link", name="Start the course").wait_for()


def paste(page: Page, record: str) -> None:
    """Put a record into the editor."""
    page.get_by_role("button", name="Paste or open a record").click()
    page.get_by_label("Record as text").fill(record)
    page.get_by_role("button", name="Read the text").click()
    page.get_by_label("245 $a").wait_for()


def take_exercise(page: Page) -> None:
    """The title page and a record half made."""
    page.goto(unit_path("ex4_judita"))
    paste(page, BEGINNING)
    page.get_by_label("245 $b").focus()
    page.keyboard.press("End")
    page.locator(".ls-state").get_by_text("Draft saved").wait_for()
    page.set_viewport_size({"width": 1280, "height": 1120})
    page.locator(".ls-source").evaluate("source => scrollTo(0, source.offsetTop - 24)")
    page.screenshot(path=TARGET / "exercise.png")


def take_result(page: Page) -> None:
    """What the grader says to a record that is nearly right."""
    paste(page, RECORD)
    page.get_by_role("button", name="Submit").click()
    result = page.get_by_role("region", name="Result")
    result.get_by_role("heading", level=3).wait_for()
    page.set_viewport_size({"width": 1280, "height": 3000})  # all of it at once
    page.mouse.move(0, 0)
    result.evaluate("result => result.blur()")
    box = result.evaluate("result => result.getBoundingClientRect().toJSON()")
    page.screenshot(
        path=TARGET / "result.png",
        clip={
            "x": box["x"] - AROUND,
            "y": box["y"],
            "width": box["width"] + 2 * AROUND,
            "height": box["height"] + AROUND,
        },
    )


def take_progress(browser: Browser, page: Page) -> None:
    """How far somebody has come, on a phone in the dark."""
    phone = browser.new_context(
        base_url=page.url,
        viewport={"width": 390, "height": 844},
        color_scheme="dark",
        storage_state=page.context.storage_state(),
    ).new_page()
    phone.goto(f"/courses/{COURSE}/progress/")
    phone.screenshot(path=TARGET / "progress-phone.png")


if __name__ == "__main__":
    main()
