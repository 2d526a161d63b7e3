"""What handlers are sent, taken apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xblock.exceptions import JsonHandlerError


def read_value(data: Any, name: str, *default: Any) -> Any:
    """An item of what a handler was sent; a missing one without ``default`` is refused."""
    if not isinstance(data, Mapping) or (name not in data and not default):
        raise JsonHandlerError(400, f"{name} is missing.")
    return data.get(name, *default)
