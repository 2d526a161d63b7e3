"""How tests wait for what comes when it comes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from django.db import connection

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


def wait_for_who_is_blocked_by_us() -> None:
    """Wait until somebody waits for a lock of this connection's transaction: PostgreSQL tells."""
    deadline = time.monotonic() + PATIENCE
    # not pg_stat_activity, which stays as a transaction first saw it
    blocked = "SELECT pg_sleep(0.01), count(*) FROM pg_locks WHERE NOT granted AND %s = ANY("
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        own = cursor.fetchone()
        count = 0
        while not count:
            assert time.monotonic() < deadline, f"waited {PATIENCE} s in vain"
            cursor.execute(blocked + "pg_blocking_pids(pid))", own)
            _slept, count = cursor.fetchone()
