r"""Records as people type and paste them: one field a line.

Two spellings are read. Catalogues and manuals show ``245 10 $aJudita :$bep``, with ``$``, ``$$``,
``‡``, ``ǂ`` or ``|`` before each code and ``#``, ``_`` or ``\`` for a blank indicator; white space
around a value belongs to the display. MarcEdit's ``=245  10$aJudita :$bep`` is exact, with ``\``
for blanks and ``{dollar}`` for a dollar sign; it is what :func:`write_marc_text` writes.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator

from quarantine.errors import gettext_noop
from quarantine.marc.record import (
    DEFAULT_LIMITS,
    INDICATORS,
    TOO_LARGE,
    TOO_MANY_RECORDS,
    Field,
    MarcLimits,
    MarcRefused,
    Record,
    check_record,
)

__all__ = ["parse_marc_text", "write_marc_text"]

NO_TAG = gettext_noop("The line does not begin with a tag, such as 245.")
NO_SUBFIELDS = gettext_noop("The field needs two indicators and then subfields, such as $a.")
NO_CODE = gettext_noop("A subfield has no code: a letter or digit must follow the sign.")

_LINE = re.compile(r"(=?)([0-9][0-9A-Z]{2}|LDR)(?:([ \t].*))?", re.DOTALL)
_EXACT_LINE = re.compile(r"=([0-9A-Za-z]{3})(?:  (.*))?", re.DOTALL)
_SIGN = re.compile(r"\$\$|[$‡ǂ|\x1f]")
_CODED = ("LDR", "006", "007", "008")
_BLANK = str.maketrans("#_\\", "   ")
_NAMES = {"{dollar}": "$", "{lcub}": "{", "{rcub}": "}", "{bsol}": "\\"}
_SIGNS = str.maketrans({sign: name for name, sign in _NAMES.items()})


def parse_marc_text(text: str, *, limits: MarcLimits = DEFAULT_LIMITS) -> list[Record]:
    """Return the records in ``text``; a blank line or a leader begins the next one.

    An indented line continues the field before it. Raises :class:`MarcRefused` with the line.
    """
    size = len(text.encode("utf-8", "replace"))
    if size > limits.size:
        raise MarcRefused("marc.too_large", TOO_LARGE, size=size, limit=limits.size)
    records: list[Record] = [[]]
    for number, line in _lines(text):
        field = _field(line, number) if line else []
        if records[-1] and (not field or field[0] == "LDR"):
            records.append([])
        if field:
            records[-1].append(field)
    records = [record for record in records if record]
    if len(records) > limits.records:
        raise MarcRefused("marc.too_many_records", TOO_MANY_RECORDS, limit=limits.records)
    return [check_record(record, limits) for record in records]


def write_marc_text(records: Iterable[Record]) -> str:
    """Return ``records`` in MarcEdit's spelling, which :func:`parse_marc_text` reads back equal."""
    return "\n".join(
        "".join(_written(field) for field in check_record(record)) for record in records
    )


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield number and text of each line, joined with the lines that continue it."""
    current, start = "", 1
    plain = textwrap.dedent(text.replace("\r\n", "\n").replace("\r", "\n"))
    for number, line in enumerate(plain.split("\n"), start=1):
        if current and line[:1] in (" ", "\t") and line.strip() and not _LINE.match(line.strip()):
            current = f"{current.rstrip()} {line.strip()}"
            continue
        if number > start:
            yield start, current
        current, start = (line if line.startswith("=") else line.strip()), number
    yield start, current


def _field(line: str, number: int) -> Field:
    exact = _EXACT_LINE.fullmatch(line)
    if exact:
        return _exact_field(exact[1], exact[2] or "", number)
    match = _LINE.fullmatch(line)
    if not match:
        raise MarcRefused("marc.no_tag", NO_TAG, line=number)
    tag, rest = match[2].replace("000", "LDR"), match[3] or ""
    if tag == "LDR" or tag.startswith("00"):
        value = rest.strip()
        if tag in _CODED:
            value = value.replace("#", " ").replace("\\", " ")
        return [tag, value.ljust(24) if tag == "LDR" else value]
    return _plain_field(tag, rest, number)


def _exact_field(tag: str, rest: str, number: int) -> Field:
    if tag == "LDR" or tag.startswith("00"):
        value = _unescaped(rest.replace("\\", " "))
        return [tag, value.ljust(24) if tag == "LDR" else value]
    first, *subfields = rest[2:].split("$")
    if first or not subfields:
        raise MarcRefused("marc.no_subfields", NO_SUBFIELDS, where=tag, line=number)
    if not all(subfields):
        raise MarcRefused("marc.no_code", NO_CODE, where=tag, line=number)
    return [tag, rest[:2].replace("\\", " "), [[sub[0], _unescaped(sub[1:])] for sub in subfields]]


def _plain_field(tag: str, rest: str, number: int) -> Field:
    sign = _SIGN.search(rest)
    if not sign:
        raise MarcRefused("marc.no_subfields", NO_SUBFIELDS, where=tag, line=number)
    indicators = _indicators(rest[: sign.start()])
    if indicators is None:
        found = ascii(rest[: sign.start()].strip())[:20]
        raise MarcRefused("marc.indicators", INDICATORS, where=tag, line=number, found=found)
    subfields = [part.strip() for part in rest[sign.end() :].split(sign[0])]
    if not all(re.match("[0-9a-z]", part) for part in subfields):
        raise MarcRefused("marc.no_code", NO_CODE, where=tag, line=number)
    return [tag, indicators, [[part[0], _unescaped(part[1:].strip())] for part in subfields]]


def _indicators(typed: str) -> str | None:
    """Return the two indicators between tag and first subfield: ``10``, ``1 0``, ``1 `` or none."""
    shown = typed.strip().translate(_BLANK)
    if len(typed.strip()) == 2:
        return shown
    if re.fullmatch(r"\S\s\S", typed.strip()):
        return shown[0] + shown[2]
    if len(typed.strip()) < 2:
        # The first character parts them from the tag, so that a lone one keeps its place.
        return typed[1:3].ljust(2).translate(_BLANK)
    return None


def _unescaped(value: str) -> str:
    return re.sub("|".join(_NAMES), lambda match: _NAMES[match[0]], value)


def _written(field: Field) -> str:
    if len(field) == 2:
        return f"={field[0]}  {field[1].translate(_SIGNS).replace(' ', chr(92))}\n"
    indicators = field[1].replace(" ", "\\")
    subfields = "".join(f"${code}{value.translate(_SIGNS)}" for code, value in field[2])
    return f"={field[0]}  {indicators}{subfields}\n"
