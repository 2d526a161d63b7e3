import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.db import connection
from hypothesis import HealthCheck, settings

from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
DATABASE_FIXTURES = {"db", "transactional_db"}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]

# A machine may be slow: that is no fault of a property. The moderate profile tries the same
# examples in every run, and so fails by a change of the code only; the long one tries new ones.
PATIENT = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.register_profile("moderate", PATIENT, max_examples=100, derandomize=True)
settings.register_profile("long", PATIENT, max_examples=2_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "moderate"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let ``-m django_db`` find what asks for the database by a fixture, not by the mark.

    And run again, once, what failed with a browser or processes of its own: the machine may have
    left it waiting. A fault fails twice, and the summary names what passed the second time only.
    What starts processes takes longest: begun last, it would keep one worker while others idle.
    """
    items.sort(key=lambda item: not any(item.iter_markers("services")))
    for item in items:
        if any(item.iter_markers("browser")) or any(item.iter_markers("services")):
            item.add_marker(pytest.mark.flaky(reruns=1))
        if item.get_closest_marker("django_db"):  # another would take the place of its options
            continue
        if DATABASE_FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker("django_db")


@pytest.fixture(autouse=True)
def _no_counts_of_other_tests() -> None:
    """Forget who asked how often: every test asks from one address."""
    cache.clear()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Let a transactional test empty SQLite's append-only tables: it has no TRUNCATE."""
    if connection.vendor != "sqlite":
        return
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            if name.endswith("_no_delete"):
                cursor.execute(f"DROP TRIGGER {name}")


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """The one browser of a test run: a second one would meet the first one's event loop."""
    if not CHROMIUM:
        pytest.skip("Chromium is not installed")
    sync_api = pytest.importorskip("playwright.sync_api")
    sync_api.expect.set_options(timeout=PATIENCE * 1000)
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()
