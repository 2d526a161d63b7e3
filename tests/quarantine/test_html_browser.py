"""What a real browser makes of the vectors, raw and cleaned."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from quarantine.html import sanitize
from tests.quarantine.html_vectors import VECTORS

pytestmark = pytest.mark.browser

# Each document gets a frame of its own; a dialog that it opens, by itself or touched, counts.
TRY = """
async (pages) => {
  const run = [];
  for (const [index, body] of pages.entries()) {
    const frame = document.createElement("iframe");
    frame.srcdoc = `<script>for (const name of ["alert", "prompt", "confirm", "print", "msgbox"])
      window[name] = () => parent.postMessage(${index}, "*");</` + `script><body>${body}`;
    document.body.append(frame);
  }
  window.onmessage = (event) => run.push(event.data);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  for (const frame of document.querySelectorAll("iframe")) {
    for (const element of frame.contentDocument?.body?.querySelectorAll("*") ?? []) {
      element.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
      element.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
    }
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
  return [...new Set(run)];
}
"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.route("**/*", lambda route: route.abort())
    page.set_content("<!DOCTYPE html><title>frames</title>")
    yield page
    page.close()


def test_raw_vectors_run_in_a_browser(page: Page) -> None:
    """Were this to find nothing, the next test would prove nothing."""
    raw = [vector.encode("utf-8", "replace").decode() for vector in VECTORS[::8]]
    assert len(page.evaluate(TRY, raw)) > 10


def test_nothing_runs_once_it_is_cleaned(page: Page) -> None:
    cleaned = [sanitize(vector) for vector in VECTORS]
    spliced = [sanitize("".join(VECTORS[start::9])) for start in range(9)]
    assert page.evaluate(TRY, ["".join(cleaned), *spliced]) == []
