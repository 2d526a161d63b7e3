"""The layouts of coded fields: which characters may stand where.

They come from the grader's data (leader, MARC 21 006 and 008, UNIMARC 100, 105, 106, 110) and from
this package's ``coded.json`` (MARC 21 007, the other UNIMARC fields).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from grading.checking.tables import load_table
from grading.checking.values import judge_code, judge_date, judge_year
from grading.graders.marc.positions import MATERIALS, get_positions
from grading.graders.marc.profiles import load_data

Judge = Callable[[str], str]
"""Returns the code of what is wrong with a value, empty if nothing is."""

UNDEFINED = "Undefined"
_FILL = "|"
_FLAGS = "flags"
_NONE: Mapping[int, Mapping[str, str]] = {}


class Slot(NamedTuple):
    """Characters from ``start`` up to ``end`` of a coded field.

    ``good`` holds the values that are defined. Of ``flags`` (codes of ``width`` characters) any
    may stand side by side. Where there are too many values to list, ``judge`` decides. ``former``
    says what to call values that are neither right nor quite wrong, ``otherwise`` all the others.
    ``shape`` is a regular expression for most of what a judge lets pass.
    """

    start: int
    end: int
    name: str
    good: frozenset[str] = frozenset()
    flags: frozenset[str] = frozenset()
    width: int = 1
    judge: Judge | None = None
    former: Mapping[str, str] = {}
    otherwise: str = "position.code"
    shape: str = ""

    @property
    def span(self) -> str:
        """The place as cataloguers write it: ``06`` or ``35-37``."""
        last = self.end - 1
        return f"{self.start:02}" if self.start == last else f"{self.start:02}-{last:02}"

    @property
    def pattern(self) -> str:
        """A regular expression for values that are right; some that are right may not match."""
        size = self.end - self.start
        if self.shape or not self.good:
            return self.shape or "." * size
        values = list(map(re.escape, sorted(self.good)))
        if self.flags and self.width == 1:
            codes = re.escape("".join(sorted(self.flags - {" "})))
            values.append(f"[{codes}][{codes} |]{{{size - 1}}}")
        return f"(?:{'|'.join(values)})"

    def fault(self, piece: str) -> str:
        """Return the code of what is wrong with these characters, empty if nothing is."""
        if piece in self.good:
            return ""
        if piece in self.former:
            return self.former[piece]
        if self.judge:
            return self.judge(piece)
        if self.flags:
            return self._fault_of_flags(piece)
        return "" if self.name == UNDEFINED and not piece.strip(" |") else self.otherwise

    def _fault_of_flags(self, piece: str) -> str:
        parts = [piece[i : i + self.width] for i in range(0, len(piece), self.width)]
        blank, fill = " " * self.width, _FILL * self.width
        if any(part not in self.flags for part in parts if part not in (blank, fill)):
            return "position.code"
        return "position.gap" if parts[0] == blank and piece.strip(" |") else ""


class Layout:
    """The slots of a coded field in order, and the lengths it may have, the usual one first.

    A text that ``pattern`` matches is right but for the slots that are ``judged`` one by one; that
    spares looking at each of thirty slots in the many texts that have no fault.
    """

    __slots__ = ("judged", "lengths", "pattern", "slots")

    def __init__(self, lengths: Iterable[int] = (), slots: Iterable[Slot] = ()) -> None:
        self.lengths = tuple(lengths)
        self.slots = tuple(sorted(slots, key=lambda slot: slot.start))
        self.judged = tuple(
            (slot.start, slot.end, slot.judge, slot)
            for slot in self.slots
            if slot.judge and not slot.shape
        )
        self.pattern = re.compile(self._pattern(), re.DOTALL)

    def faults(self, text: str) -> list[tuple[Slot, str]]:
        """Return the slots that are wrong, each with the code of what is wrong with it."""
        if self.pattern.fullmatch(text):
            return [
                (slot, fault)
                for start, end, judge, slot in self.judged
                if (fault := judge(text[start:end]))
            ]
        return [
            (slot, fault)
            for slot in self.slots
            if (piece := text[slot.start : slot.end]) not in slot.good
            and piece
            and (fault := slot.fault(piece))
        ]

    def _pattern(self) -> str:
        pattern, place = "", 0
        for slot in self.slots:
            pattern += "." * (slot.start - place) + slot.pattern
            place = slot.end
        return pattern + "." * (max(self.lengths, default=0) - place)


def _judge_count(piece: str) -> str:
    """Judge a number that the system writes: digits, or blanks while there is none."""
    return "" if piece.isdecimal() or not piece.strip() else "position.system"


def _listed(name: str) -> Judge:
    return lambda piece: judge_code(name, piece, "position")


def _judge_running_time(piece: str) -> str:
    return "" if piece.isdecimal() or piece in ("---", "nnn") else "position.code"


_SHAPES: Mapping[Judge, str] = {
    _judge_count: "[0-9]{5}",
    judge_year: r"(?:[0-9]{4}| {4}|\|{4})",
}
# What the system writes into every leader: numbers, or always the same.
_LEADER: dict[int, Judge | str] = {
    0: _judge_count,
    10: "2",
    11: "2",
    12: _judge_count,
    20: "4",
    21: "5",
    22: "0",
    23: "0",
}
# What no list of codes can say, by field and first position.
_JUDGES: Mapping[str, Mapping[str, dict[int, Judge | str]]] = {
    "marc21": {
        "LDR": _LEADER,
        "008": {
            0: judge_date,
            7: judge_year,
            11: judge_year,
            15: _listed("marc_countries"),
            35: _listed("marc_languages"),
        },
    },
    "unimarc": {
        "LDR": {**_LEADER, 20: "450", 23: " "},
        "100": {
            0: judge_date,
            9: judge_year,
            13: judge_year,
            22: _listed("iso_languages"),
        },
    },
}
# Codes that were defined once, and those that networks of libraries add (OCLC's encoding levels).
_FORMER: Mapping[str, Mapping[int, Mapping[str, str]]] = {
    "LDR": {
        6: dict.fromkeys("bhn", "position.obsolete"),
        17: dict.fromkeys("EIJKLM", "position.network"),
        18: dict.fromkeys("pr", "position.obsolete"),
    },
    "008": {39: dict.fromkeys("ab", "position.obsolete")},
}
_RUNNING_TIME = ("visual", 18)
_FORMS_OF_MATERIAL = {
    **dict.fromkeys("at", "books"),
    **dict.fromkeys("cdij", "music"),
    **dict.fromkeys("ef", "maps"),
    **dict.fromkeys("gkor", "visual"),
    "m": "computer",
    "p": "mixed",
    "s": "continuing",
}


@cache
def leader_layout(profile: str) -> Layout:
    """Return the layout of the leader."""
    family = "marc21" if profile == "marc21" else "unimarc"
    rows = get_positions(family, "LDR")
    former = _FORMER["LDR"] if family == "marc21" else _NONE
    return Layout((24,), _slots(rows, _JUDGES[family]["LDR"], former, fill=False))


@cache
def general_layout(material: str) -> Layout:
    """Return the layout of a MARC 21 008, without 18-34 where ``material`` is not known."""
    judges = dict(_JUDGES["marc21"]["008"])
    if material == _RUNNING_TIME[0]:
        judges[_RUNNING_TIME[1]] = _judge_running_time
    rows = get_positions("marc21", "008", material=material)
    return Layout((40,), _slots(rows, judges, _FORMER["008"]))


@cache
def additional_layout(form: str) -> Layout:
    """Return the layout of a MARC 21 006 that begins with ``form``; empty for an unknown one."""
    material = _FORMS_OF_MATERIAL.get(form)
    if not material:
        return Layout()
    judges: dict[int, Judge | str] = {0: lambda piece: ""}
    if material == _RUNNING_TIME[0]:
        judges[1] = _judge_running_time
    rows = get_positions("marc21", "006", value=form)
    return Layout((18,), _slots(rows, judges))


@cache
def physical_layout(category: str) -> Layout:
    """Return the layout of a MARC 21 007 that begins with ``category``; empty if there is none."""
    return _read_coded(load_table("coded")["marc21"].get(f"007/{category}"))


@cache
def coded_layouts(profile: str) -> Mapping[str, Mapping[str, Layout]]:
    """Return the layouts of coded subfields, by tag and code; COMARC/B has none."""
    table: dict[str, dict[str, Layout]] = {}
    if profile not in ("unimarc", "rusmarc"):
        return table
    extra = load_table("coded").get(profile, {})
    for tag, entry in load_data("unimarc_positions").items():
        if "subfield" in entry:
            rows = get_positions("unimarc", tag)
            slots = _slots(rows, _JUDGES["unimarc"].get(tag, {}), more=extra.get(tag, {}))
            layout = Layout((entry["length"],), slots)
            table.setdefault(tag, {})[entry["subfield"]] = layout
    for place, entry in load_table("coded")["unimarc"].items():
        tag, code = place.split("$")
        # A blank says that a position is not needed for the resource.
        table.setdefault(tag, {})[code] = _read_coded(entry, may_be_blank=True)
    return table


@cache
def categories() -> str:
    """Return the categories of material that a MARC 21 007 may begin with."""
    return "".join(sorted(place[4:] for place in load_table("coded")["marc21"]))


def slot_names() -> set[str]:
    """Return the names of all positions in ``coded.json``, for translators."""
    table = load_table("coded")
    entries = [*table["marc21"].values(), *table["unimarc"].values()]
    return {name for entry in entries for _, name, *_ in entry["slots"]}


def materials_other_than(material: str) -> Iterable[str]:
    """Return the other kinds of material."""
    return (other for other in MATERIALS if other != material)


def _slots(
    rows: Iterable[Any],
    judges: Mapping[int, Judge | str],
    former: Mapping[int, Mapping[str, str]] = _NONE,
    *,
    fill: bool = True,
    more: Mapping[str, list[str]] | None = None,
) -> Iterable[Slot]:
    """Yield slots for the grader's positions; ``more`` are codes that a national format adds."""
    for row in rows:
        codes = [*row.codes, *(more or {}).get(str(row.start), [])]
        slot = _slot(row.start, row.end + 1, row.name, codes, row.kind == _FLAGS, fill=fill)
        if row.start in former:
            slot = slot._replace(former=former[row.start])
        judge = judges.get(row.start)
        if isinstance(judge, str):
            yield slot._replace(good=frozenset({judge}), otherwise="position.system")
        elif judge:
            shape = _SHAPES.get(judge, "")
            yield slot._replace(judge=judge, good=frozenset(), flags=frozenset(), shape=shape)
        elif slot.good:
            yield slot


def _slot(
    start: int, end: int, name: str, codes: Iterable[str], is_flags: bool, *, fill: bool = True
) -> Slot:
    size = end - start
    good = {code for code in codes if len(code) == size}
    otherwise = "position.code"
    if name == UNDEFINED:
        good.add(" " * size)
        otherwise = "position.undefined"
    flags: frozenset[str] = frozenset()
    width = 1
    if is_flags:
        flags = frozenset(code for code in codes if len(code) < size)
        width = max(map(len, flags), default=1)
        good.add(" " * size)
    if fill and (good or flags):
        good.add(_FILL * size)
    return Slot(start, end, name, frozenset(good), flags, width, otherwise=otherwise)


def _read_coded(entry: Mapping[str, Any] | None, *, may_be_blank: bool = False) -> Layout:
    """Return the layout that ``coded.json`` describes (see the data's README)."""
    if not entry:
        return Layout()
    slots = []
    for span, name, codes, *kind in entry["slots"]:
        first, _, last = span.partition("-")
        values = [code.replace("_", " ") for code in codes.split()]
        if may_be_blank:
            values.append(" " * (int(last or first) + 1 - int(first)))
        slot = _slot(int(first), int(last or first) + 1, name, values, _FLAGS in kind)
        if slot.good:
            slots.append(slot)
    return Layout(entry["lengths"], slots)
