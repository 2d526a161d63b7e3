"""Mistakes planted into records, of the kinds that cataloguers make."""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable
from typing import Any

from quarantine.marc import Record

Plant = Callable[[Record, random.Random], bool]
"""Makes a mistake in a record; tells whether there was a place for it."""

PLANTS: dict[str, Plant] = {}
"""The kinds of mistakes, by what is wrong."""

_ISBD = ("a", "i")


def plant(kind: str, record: Record, chance: random.Random) -> Record | None:
    """Return the record with one mistake of that kind, or nothing if it has no place for it."""
    changed = copy.deepcopy(record)
    return changed if PLANTS[kind](changed, chance) else None


def _kind(name: str) -> Callable[[Plant], Plant]:
    def keep(function: Plant) -> Plant:
        PLANTS[name] = function
        return function

    return keep


def _field(record: Record, chance: random.Random, *tags: str) -> Any:
    fields = [field for field in record if field[0] in tags]
    return chance.choice(fields) if fields else None


def _place(field: Any, *codes: str) -> int:
    """Return the place of the first subfield with one of these codes, -1 if there is none."""
    if not field:
        return -1
    return next((i for i, (code, _) in enumerate(field[2]) if code in codes), -1)


def _title(record: Record) -> Any:
    """Return the title of a record that promises ISBD marks."""
    is_isbd = record[0][0] == "LDR" and record[0][1][18] in _ISBD
    return next((field for field in record if field[0] == "245"), None) if is_isbd else None


@_kind("undefined subfield")
def _undefined_subfield(record: Record, chance: random.Random) -> bool:
    field = _field(record, chance, "100", "245", "250", "300", "500", "650", "700")
    if field:
        field[2].append(["w", "x"])
    return bool(field)


@_kind("repeated subfield")
def _repeated_subfield(record: Record, chance: random.Random) -> bool:
    field = _field(record, chance, "100", "245", "500", "650", "700")
    place = _place(field, "a")
    if place >= 0:
        field[2].insert(place, list(field[2][place]))
    return place >= 0


@_kind("first indicator")
def _first_indicator(record: Record, chance: random.Random) -> bool:
    field = _field(record, chance, "100", "245", "246", "490", "700")
    if field:
        field[1] = "8" + field[1][1]
    return bool(field)


@_kind("second indicator")
def _second_indicator(record: Record, chance: random.Random) -> bool:
    field = _field(record, chance, "050", "082", "650", "651", "700")
    if field:
        field[1] = field[1][0] + "9"
    return bool(field)


@_kind("indicator that is not defined")
def _undefined_indicator(record: Record, chance: random.Random) -> bool:
    field = _field(record, chance, "020", "040", "043", "300", "500")
    if field:
        field[1] = "1" + field[1][1]
    return bool(field)


@_kind("repeated field")
def _repeated_field(record: Record, chance: random.Random) -> bool:
    field = _field(record, chance, "010", "040", "245")
    if field:
        record.append(copy.deepcopy(field))
    return bool(field)


@_kind("second main entry")
def _second_entry(record: Record, chance: random.Random) -> bool:
    if not any(field[0] == "100" for field in record):
        return False
    record.append(["110", "2 ", [["a", "Library School."]]])
    return True


@_kind("no title")
def _no_title(record: Record, chance: random.Random) -> bool:
    titles = [field for field in record if field[0] == "245"]
    for field in titles:
        record.remove(field)
    return bool(titles)


@_kind("title without $a")
def _title_without_a(record: Record, chance: random.Random) -> bool:
    field = _field(record, chance, "245")
    place = _place(field, "a")
    if place < 0 or len(field[2]) < 2:
        return False
    del field[2][place]
    return True


@_kind("title that begins with another subfield")
def _title_first(record: Record, chance: random.Random) -> bool:
    field = _title(record)
    place = _place(field, "b", "c")
    if place <= 0 or _place(field, "6") >= 0:
        return False
    field[2].insert(0, field[2].pop(place))
    return True


@_kind("ISBN, check digit")
def _isbn_check(record: Record, chance: random.Random) -> bool:
    field = _field(record, chance, "020")
    place = _place(field, "a")
    match = re.match(r"(\d{9}(?:\d{3})?)(\d)(?!\d)", field[2][place][1]) if place >= 0 else None
    if not match:
        return False
    digit = str((int(match[2]) + 1) % 10)
    field[2][place][1] = match[1] + digit + match.string[match.end() :]
    return True


@_kind("ISBN, length")
def _isbn_length(record: Record, chance: random.Random) -> bool:
    field = _field(record, chance, "020")
    place = _place(field, "a")
    if place < 0 or not re.match(r"\d{10}", field[2][place][1]):
        return False
    field[2][place][1] = field[2][place][1][1:]
    return True


@_kind("language code, length")
def _language_length(record: Record, chance: random.Random) -> bool:
    record.append(["041", "0 ", [["a", "engl"]]])
    return True


@_kind("language code")
def _language(record: Record, chance: random.Random) -> bool:
    record.append(["041", "0 ", [["a", chance.choice(["cro", "xxz", "enl"])]]])
    return True


@_kind("area code, length")
def _area_length(record: Record, chance: random.Random) -> bool:
    field = _field(record, chance, "043")
    place = _place(field, "a")
    if place >= 0:
        field[2][place][1] = field[2][place][1][:-1]
    return place >= 0


@_kind("area code")
def _area(record: Record, chance: random.Random) -> bool:
    field = _field(record, chance, "043")
    place = _place(field, "a")
    if place >= 0:
        field[2][place][1] = "e-zz---"
    return place >= 0


def _without_mark(record: Record, code: str, mark: str) -> bool:
    """Take the mark before a subfield of the title away."""
    field = _title(record)
    place = _place(field, code)
    if place <= 0 or not field[2][place - 1][1].endswith(mark):
        return False
    field[2][place - 1][1] = field[2][place - 1][1].removesuffix(mark)
    return True


@_kind("no mark before 245 $b")
def _mark_b(record: Record, chance: random.Random) -> bool:
    return _without_mark(record, "b", " :")


@_kind("no mark before 245 $c")
def _mark_c(record: Record, chance: random.Random) -> bool:
    return _without_mark(record, "c", " /")


@_kind("mark before 245 $c without its blank")
def _blank_c(record: Record, chance: random.Random) -> bool:
    field = _title(record)
    place = _place(field, "c")
    if place <= 0 or not field[2][place - 1][1].endswith(" /"):
        return False
    field[2][place - 1][1] = field[2][place - 1][1].removesuffix(" /") + "/"
    return True


@_kind("no mark before 245 $n or $p")
def _mark_part(record: Record, chance: random.Random) -> bool:
    return _without_mark(record, "n", ".") or _without_mark(record, "p", ".")


@_kind("no full stop after the title")
def _stop(record: Record, chance: random.Random) -> bool:
    field = _title(record)
    if not field or not field[2][-1][1].endswith("."):
        return False
    field[2][-1][1] = field[2][-1][1].rstrip(".")
    return bool(field[2][-1][1])


@_kind("blank before 245 $h")
def _blank_h(record: Record, chance: random.Random) -> bool:
    field = _title(record)
    place = _place(field, "h")
    if place > 0:
        field[2][place - 1][1] += " "
    return place > 0


@_kind("245 $h without brackets")
def _brackets(record: Record, chance: random.Random) -> bool:
    field = _title(record)
    place = _place(field, "h")
    if place <= 0 or not field[2][place][1].startswith("["):
        return False
    field[2][place][1] = field[2][place][1].replace("[", "").replace("]", "")
    return True


@_kind("article that is not passed over")
def _article(record: Record, chance: random.Random) -> bool:
    field = _title(record)
    if not field or field[1][1] != "4" or not field[2][0][1].startswith("The "):
        return False
    field[1] = field[1][0] + "0"
    return True


@_kind("characters passed over without an article")
def _no_article(record: Record, chance: random.Random) -> bool:
    field = _title(record)
    if not field or field[1][1] != "0" or not field[2][0][1].startswith(("Int", "Mod", "Pro")):
        return False
    field[1] = field[1][0] + "4"
    return True


@_kind("880 without $6")
def _unlinked(record: Record, chance: random.Random) -> bool:
    record.append(["880", "10", [["a", "Deseti brat."]]])
    return True


@_kind("008, length")
def _general_length(record: Record, chance: random.Random) -> bool:
    field = _field(record, chance, "008")
    if field:
        place = chance.randrange(18, 30)
        field[1] = field[1][:place] + field[1][place + 1 :]
    return bool(field)


@_kind("008, country")
def _country(record: Record, chance: random.Random) -> bool:
    field = _field(record, chance, "008")
    if field:
        field[1] = field[1][:15] + "zzz" + field[1][18:]
    return bool(field)


@_kind("008, type of date")
def _date_type(record: Record, chance: random.Random) -> bool:
    field = _field(record, chance, "008")
    if field:
        field[1] = field[1][:6] + "x" + field[1][7:]
    return bool(field)


@_kind("leader, record status")
def _status(record: Record, chance: random.Random) -> bool:
    record[0][1] = record[0][1][:5] + "x" + record[0][1][6:]
    return True


@_kind("ISSN, check digit")
def _issn(record: Record, chance: random.Random) -> bool:
    record.append(["022", "  ", [["a", "0317-8472"]]])
    return True


@_kind("source of a heading not named")
def _source(record: Record, chance: random.Random) -> bool:
    record.append(["650", " 7", [["a", "Libraries."]]])
    return True


@_kind("link to a field that is not there")
def _lost_link(record: Record, chance: random.Random) -> bool:
    record.append(["880", "  ", [["6", "500-97"], ["a", "Deseti brat."]]])
    return True
