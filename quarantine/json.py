"""JSON from outside, in the strict sense: what every reader understands the same way."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from quarantine.errors import Refused, gettext_noop

__all__ = ["JSON_LIMIT", "JsonRefused", "parse_json"]

JSON_LIMIT = 1024 * 1024
MAX_DEPTH = 50

TOO_LARGE = gettext_noop("The JSON takes %(size)d bytes; the limit is %(limit)d.")
ENCODING = gettext_noop("The JSON is not valid UTF-8.")
MALFORMED = gettext_noop("The JSON is malformed: %(reason)s.")
TOO_DEEP = gettext_noop("The JSON is nested more than %(limit)d deep.")
DUPLICATE = gettext_noop("The key %(key)s occurs twice in one object.")
NUMBER = gettext_noop("The JSON has a number that cannot be told: %(number)s.")
CHARACTER = gettext_noop("The JSON has a character that is no text.")

_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")


class JsonRefused(Refused):
    """JSON that is malformed, too large, too deep or ambiguous."""


def parse_json(data: bytes, *, limit: int = JSON_LIMIT, depth: int = MAX_DEPTH) -> Any:
    """Return the value of a JSON document in UTF-8, with or without a byte order mark.

    ``limit`` is in bytes; ``depth`` counts arrays and objects. Duplicate keys, NaN, numbers
    beyond the range of a double, NUL and lone surrogates are refused, as databases and other
    readers differ on them. Raises :class:`JsonRefused`, with the line where it is known.
    """
    if len(data) > limit:
        raise JsonRefused("json.too_large", TOO_LARGE, size=len(data), limit=limit)
    try:
        value = json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_object,
            parse_float=_float,
            parse_int=_int,
            parse_constant=_constant,
        )
    except UnicodeDecodeError as error:
        raise JsonRefused("json.encoding", ENCODING) from error
    except json.JSONDecodeError as error:
        raise JsonRefused(
            "json.malformed", MALFORMED, line=error.lineno, reason=error.msg
        ) from error
    except RecursionError as error:
        raise JsonRefused("json.too_deep", TOO_DEEP, limit=depth) from error
    _check(value, depth)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise JsonRefused("json.duplicate_key", DUPLICATE, key=ascii(key)[:100])
        found[key] = value
    return found


def _float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        _constant(digits)
    return number


def _int(digits: str) -> int:
    if len(digits) > 310:
        _constant(digits)
    return int(digits)


def _constant(digits: str) -> float:
    raise JsonRefused("json.number", NUMBER, number=digits[:40])


def _check(value: Any, depth: int) -> None:
    level = [value]
    for left in range(depth, -1, -1):
        inner: list[Any] = []
        for item in level:
            if isinstance(item, str) and _NOT_TEXT.search(item):
                raise JsonRefused("json.character", CHARACTER)
            if isinstance(item, (dict, list)) and not left:
                raise JsonRefused("json.too_deep", TOO_DEEP, limit=depth)
            if isinstance(item, dict):
                inner += [*item.keys(), *item.values()]
            elif isinstance(item, list):
                inner += item
        level = inner
