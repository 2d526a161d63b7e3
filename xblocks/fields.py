"""Fields that hold JSON, readable in OLX."""

from __future__ import annotations

import json
from typing import Any

from xblock.fields import Dict, List


class _ReadableJson:
    """JSON in an attribute: one line, in the letters of its language, keys in a fixed order."""

    def to_string(self, value: Any) -> str:
        """The attribute's text."""
        return json.dumps(value, ensure_ascii=False, sort_keys=True)

    def from_string(self, serialized: str) -> Any:
        """The value; raises ``ValueError`` for what is no JSON, ``TypeError`` for another type."""
        return self.enforce_type(json.loads(serialized))  # type: ignore[attr-defined]  # XBlock's


class JsonDict(_ReadableJson, Dict):
    """An object."""


class JsonList(_ReadableJson, List):
    """A list."""
