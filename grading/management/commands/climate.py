"""``climate``: what a data logger's file says: figures, risks, faults, a plot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grading.climate import (
    BadSeries,
    Limits,
    Log,
    Series,
    UnreadableLog,
    clean,
    draw_svg,
    merge_logs,
    read_log,
    summarise,
)
from grading.climate.plot import lay_out
from grading.climate.png import draw_png
from grading.climate.readers import LARGEST_FILE
from grading.climate.summary import all_episodes

_LIMITS = {
    "t_low": "°C below which an episode is cold",
    "t_high": "°C above which an episode is hot",
    "rh_low": "%% RH below which an episode is dry",
    "rh_high": "%% RH above which an episode is damp",
    "least_hours": "hours that an episode lasts at least",
    "join_hours": "hours of a pause that does not end an episode",
}


class Command(BaseCommand):
    """Print the figures of a logger's file."""

    help = (
        "Read the files of a data logger (TinyTag, Meaco, Hanwell, T&D, Rotronic, Trend or a plain "
        "table), name their faults, and print the climate without them. Several files are taken as "
        "channels or stretches of one place."
    )
    requires_system_checks: list[str] = []  # noqa: RUF012  # Django's own declaration

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the files, the format, the plot and the limits of episodes."""
        parser.add_argument("files", metavar="FILE", type=Path, nargs="+")
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument(
            "--plot", type=Path, metavar="FILE", help="draw the series into this .svg or .png"
        )
        for name, value in Limits()._asdict().items():
            option = f"--{name.replace('_', '-')}"
            parser.add_argument(
                option, type=float, default=value, help=f"{_LIMITS[name]} (%(default)g)"
            )

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        """Read, clean, print, draw."""
        plot: Path | None = options["plot"]
        if plot and plot.suffix.lower() not in (".svg", ".png"):
            raise CommandError(f"{plot}: a plot is a file ending in .svg or .png.")
        limits = Limits(**{name: options[name] for name in Limits._fields})
        logs = [_read(path) for path in files]
        try:
            series = clean(merge_logs(logs) if len(logs) > 1 else logs[0].series)
        except BadSeries as error:
            raise CommandError(f"The files do not belong together: {error}.") from error
        summary = summarise(series, limits)
        if options["format"] == "json":
            self.stdout.write(json.dumps(summary, ensure_ascii=False, indent=2))
        else:
            makers = ", ".join(dict.fromkeys(log.maker for log in logs))
            self.stdout.write(_as_text(summary, makers))
        if plot:
            _draw(series, limits, plot)


def _read(path: Path) -> Log:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
        return read_log(data)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except (UnreadableLog, BadSeries) as error:
        raise CommandError(f"{path}: {error}") from error


def _draw(series: Series, limits: Limits, path: Path) -> None:
    episodes = all_episodes(series, limits)
    try:
        if path.suffix.lower() == ".svg":
            path.write_text(draw_svg(series, episodes), encoding="utf-8")
        else:
            path.write_bytes(draw_png(lay_out(series, episodes)))
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error


def _as_text(summary: dict[str, Any], makers: str) -> str:
    def row(name: str, key: str, unit: str) -> str:
        cells = (_number(summary[key][part]) for part in ("mean", "min", "max"))
        return f"{name:22}" + "".join(f"{cell:>9}" for cell in cells) + f"  {unit}"

    lifetimes = summary["lifetime_multiplier"]
    band = summary["en15757"]
    rows = [
        f"{summary['start']} to {summary['end']}, every {summary['step_hours']:g} h ({makers})",
        f"{summary['hours']:g} hours with both readings",
        "",
        f"{'':22}{'mean':>9}{'min':>9}{'max':>9}",
        row("temperature", "t", "°C"),
        row("relative humidity", "rh", "%"),
        row("dew point", "dew_point", "°C"),
        row("moisture content", "emc", "%"),
        "",
        f"TWPI {_number(summary['twpi'])} years ({summary['twpi_rating'] or '-'})",
        f"lifetime multiplier: paper {_number(lifetimes['paper'])}, "
        f"varnish {_number(lifetimes['varnish'])}",
        f"mould risk {_number(summary['mould_risk'])} (1 is germination)",
        f"RH above 65 %: {summary['hours_rh_above_65']:g} h; "
        f"days with a span of more than 10 % RH: {summary['days_rh_range_above_10']}",
        f"EN 15757: {band['hours_outside']:g} of {band['hours_assessed']:g} h outside "
        f"{_number(band['limits'][0])} to {_number(band['limits'][1])} % RH of the season",
        "",
        "Episodes:",
        *(
            f"  {e['kind']:6} {e['start']} to {e['end']}, {e['hours']:g} h"
            for e in summary["episodes"]
        ),
        *(() if summary["episodes"] else ("  none",)),
        "Faults of the data, with the readings they concern:",
        *(
            f"  {f['kind']:10} {f['channel']:5} {f['start']} to {f['end']}: {f['readings']}"
            for f in summary["faults"]
        ),
        *(() if summary["faults"] else ("  none",)),
    ]
    return "\n".join(rows)


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"
