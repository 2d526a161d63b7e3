"""What a job leaves for who asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

KEEP_FILES = timedelta(days=7)
MAX_FILE_BYTES = 64 * 2**20  # a file lies in the database, where every web process finds it


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A file to be downloaded, for as long as ``keep``.

    ``name`` is what the person's browser calls it, ``content_type`` its media type.
    """

    name: str
    content_type: str
    data: bytes
    keep: timedelta = KEEP_FILES


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an effect may return: ``values``, which are JSON, and perhaps a file."""

    values: Mapping[str, Any] = field(default_factory=dict)
    file: OutputFile | None = None
