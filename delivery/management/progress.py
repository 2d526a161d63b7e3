"""A progress bar for commands, on terminals only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tqdm import tqdm

from delivery.importing.reading import Progress


@contextmanager
def show_progress(title: str, unit: str = "block") -> Iterator[Progress]:
    """Give a function ``progress(done, total)`` that draws a bar if there is a terminal."""
    with tqdm(desc=title, unit=unit, leave=False, disable=not sys.stderr.isatty()) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield progress
