"""How languages write numbers, days and times in figures.

Kept here, and not asked of a platform, so that a document reads the same wherever it was made.
After the locales of the CLDR.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import ROUND_HALF_EVEN, Decimal

__all__ = ["LANGUAGES", "Writing", "writing_of"]

SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Writing:
    """One language's way. ``day_pattern`` is for ``strftime``."""

    decimal: str = ","
    group: str = SPACE
    day_pattern: str = "%d.%m.%Y"

    def number(self, value: Decimal | int, places: int = 0) -> str:
        """A number with ``places`` decimals, its thousands apart: ``1 234,50``."""
        exact = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
        whole, _dot, rest = f"{abs(exact):f}".partition(".")
        groups: list[str] = []
        while len(whole) > 3 + (not groups):  # four figures stand without a space
            whole, last = whole[:-3], whole[-3:]
            groups.insert(0, last)
        text = self.group.join([whole, *groups])
        sign = MINUS if exact < 0 else ""
        return f"{sign}{text}{self.decimal}{rest}" if rest else f"{sign}{text}"

    def share(self, part: int, whole: int) -> str:
        """A part of a whole in per cent; nothing of nothing is nothing."""
        if not whole:
            return ""
        return f"{self.number(Decimal(100 * part) / whole)}{SPACE}%"

    def day(self, day: date) -> str:
        """A day in figures."""
        shown = self.day_pattern.replace("%b", MONTHS[day.month - 1])  # not the process's locale
        return day.strftime(shown)

    def clock(self, at: time) -> str:
        """A time of day."""
        return f"{at:%H:%M}"

    @property
    def delimiter(self) -> str:
        """What stands between the cells of a CSV file, where spreadsheets speak the language."""
        return ";" if self.decimal == "," else ","


WRITINGS = {
    "bg": Writing(day_pattern="%d.%m.%Y г."),  # noqa: RUF001  # the Bulgarian for "year"
    "en": Writing(decimal=".", group=",", day_pattern="%d %b %Y"),
    "hr": Writing(group=".", day_pattern="%d.%m.%Y."),
    "kk": Writing(),
    "ru": Writing(),
    "sl": Writing(group=".", day_pattern="%d. %m. %Y"),
}
LANGUAGES = tuple(WRITINGS)


def writing_of(language: str) -> Writing:
    """The way of a language tag such as ``bg`` or ``en-gb``; English for those not known here."""
    return WRITINGS.get(language.partition("-")[0].lower(), WRITINGS["en"])
