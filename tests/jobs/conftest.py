from collections.abc import Callable
from typing import Any

import pytest

from tests.jobs import trial


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        trial.create_table()


@pytest.fixture
def effects(db: None) -> Callable[[], list[str]]:
    """What the tasks of ``trial`` did, to be called."""
    trial.clear_effects()
    return trial.read_effects
