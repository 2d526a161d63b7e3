"""The package's data files."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parent / "data"


@cache
def load_table(name: str) -> Any:
    """Return the content of ``data/<name>.json``; callers must not change it."""
    return json.loads((_DATA / f"{name}.json").read_text(encoding="utf-8"))
