"""How browser tests wait for what comes when it comes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

T = TypeVar("T")
PATIENCE = 60  # seconds, for what must come; it costs a test that passes nothing


def wait_for(page: Page, happened: Callable[[], T]) -> T:
    """What ``happened`` returns once that is true, while the page goes on with its work."""
    deadline = time.monotonic() + PATIENCE
    while not (found := happened()):
        assert time.monotonic() < deadline, f"waited {PATIENCE} s in vain"
        page.wait_for_timeout(20)
    return found


def send(page: Page, button: Locator) -> None:
    """Press what sends a form, and wait until the site has taken it."""
    with page.expect_response(lambda response: response.request.method == "POST"):
        button.click()
