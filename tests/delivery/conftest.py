from collections.abc import Iterator

import pytest

from delivery.about import load_about
from delivery.authoring.changes import compare
from delivery.authoring.trees import clear_drafts
from delivery.outline import outline_of
from delivery.tree import load_tree

FORGET = (
    load_tree.cache_clear,
    load_about.cache_clear,
    outline_of.cache_clear,
    compare.cache_clear,
    clear_drafts,
)


@pytest.fixture(autouse=True)
def _no_trees_of_other_tests() -> Iterator[None]:
    """Forget versions held in memory: the next test's versions have the same numbers."""
    yield
    for forget in FORGET:
        forget()
