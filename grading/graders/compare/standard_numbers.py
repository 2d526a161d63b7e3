"""The modules of python-stdnum, each imported when the first number of its kind is looked at.

The library takes much of Python's own along (TLS, the help system), twice as long as all graders.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any


@cache
def load_stdnum(name: str) -> Any:
    """Return the module of that name: ``ean``, ``isbn``, ``ismn``, ``issn`` or ``exceptions``."""
    return import_module(f"stdnum.{name}")
