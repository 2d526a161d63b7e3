"""Loggers' files as they come: look-alikes, made up, of what the makers' programs write."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.climate import BadSeries, Series, UnreadableLog, clean, merge_logs, read_log, summarise
from grading.climate.generator import TEMPLATES, generate, to_csv

START = datetime(2025, 11, 21)
READINGS = [(round(18 + n / 10, 1), round(45 + n / 5, 1)) for n in range(40)]


def rows(form: Callable[[datetime, float, float, int], str]) -> str:
    return "\n".join(
        form(START + timedelta(hours=n), t, rh, n + 1) for n, (t, rh) in enumerate(READINGS)
    )


TINYTAG = (
    ',,"Serial Number","812345","812345"\n,,"Product","TinyTag View 2","TinyTag View 2"\n'
    ',,"Property","Temperature","Humidity"\n,,"Units","°C","%RH"\n'
    + rows(lambda d, t, rh, n: f"{n},{d:%Y-%m-%d %H:%M:%S},{t:.1f} °C,{rh:.1f} %RH")
)
MEACO = "RECEIVER,TRANSMITTER,DATE,TEMPERATURE,HUMIDITY\n" + rows(
    lambda d, t, rh, n: f"Main,Store 2,{d:%d/%m/%Y %H:%M},{t},{rh}"
)
HANWELL = (
    "Hanwell\nSite: Library\nZone: Store\n\nSensor;12\nFrom;21/Nov/2025\n\nTime;Temp °C;RH %\n"
    + rows(lambda d, t, rh, n: f"{d:%H:%M %d/%b/%Y};{t};{rh}")
)
TANDD = "Date/Time,Date/Time(Serial),No.1,No.2,No.3\n,,°C,%,lx\n" + rows(
    lambda d, t, rh, n: f"{d:%Y/%m/%d %H:%M:%S},{45982 + n / 24:.5f},{t},{rh},{n * 10}"
)
ROTRONIC = (
    "[#D]\nDevice name\tStore\nHumidity high alarm\t65.0\nTemperature high alarm\t28.0\n"
    "Date\tTime\tHumidity\tTemperature\tDew point\n\t\t%RH\t°C\t°C\n"
    + rows(lambda d, t, rh, n: f"{d:%d/%m/%Y}\t{d:%H:%M:%S}\t{rh}\t{t}\t{t - 11:.1f}")
)
TREND_RH = '"Date","Store 2 Humidity [%RH] (L12S3)"\n' + rows(
    lambda d, t, rh, n: f'"{d:%d/%m/%Y %I:%M:%S %p}",{rh}'
)
TREND_T = '"Date","Store 2 Temperature [°C] (L12S2)"\n' + rows(
    lambda d, t, rh, n: f'"{d:%d/%m/%Y %I:%M:%S %p}",{t}'
)
COMMA = "Datum;Vrijeme;Temperatura;Vlažnost\n" + rows(
    lambda d, t, rh, n: f"{d:%d.%m.%Y.};{d:%H:%M};{t};{rh}".replace(
        f"{t};{rh}", f"{t};{rh}".replace(".", ",")
    )
)
AMERICAN = "time,temp (°F),RH (%)\n" + rows(
    lambda d, t, rh, n: f"{d:%m/%d/%Y %H:%M},{t * 1.8 + 32:.2f},{rh}"
)


@pytest.mark.parametrize(
    ("maker", "text"),
    [
        ("TinyTag", TINYTAG),
        ("Meaco", MEACO),
        ("Hanwell", HANWELL),
        ("T&D", TANDD),
        ("Rotronic", ROTRONIC),
        ("table", COMMA),
        ("table", AMERICAN),
    ],
    ids=["TinyTag", "Meaco", "Hanwell", "T&D", "Rotronic", "decimal comma", "American"],
)
def test_every_makers_file_gives_the_same_readings(maker: str, text: str) -> None:
    log = read_log(text.encode())

    assert log.maker == maker
    assert log.channels == ("t", "rh")
    assert str(log.series.times[0]) == "2025-11-21T00:00"
    assert log.series.step == 1.0
    assert log.series.t == pytest.approx([t for t, _rh in READINGS], abs=0.01)
    assert log.series.rh == pytest.approx([rh for _t, rh in READINGS])


def test_files_of_one_channel_are_put_together() -> None:
    logs = [read_log(text.encode("cp1252")) for text in (TREND_RH, TREND_T)]

    assert [log.maker for log in logs] == ["Trend", "Trend"]
    assert [log.channels for log in logs] == [("rh",), ("t",)]
    series = merge_logs(logs)
    assert series.known.all()
    assert series.t[15] == READINGS[15][0]
    assert str(series.times[15]) == "2025-11-21T15:00"


def test_the_order_of_day_and_month_is_told_by_what_makes_an_even_series() -> None:
    days = [START + timedelta(days=n) for n in range(20)]
    text = "time,t,rh\n" + "\n".join(f"{d:%m/%d/%Y} 12:00,20,50" for d in days)

    series = read_log(text.encode()).series
    assert (series.step, len(series.times)) == (24.0, 20)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "No line begins"),
        (b"\xff\xfe\x00", "No line begins"),
        (b"a,b\n1,2\n", "No line begins"),
        (b"time,remark\n2023-01-01 00:00,quiet\n", "No line has a reading"),
        (b"time,x\n2023-01-01 00:00,5\n2023-01-01 01:00,5\n", "Nothing says which"),
        (b"x" * 10 + b"\n" * 600_000, "too many lines"),
    ],
)
def test_what_is_no_loggers_file_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableLog, match=reason):
        read_log(data)


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=300), st.sampled_from([TINYTAG, MEACO, HANWELL, COMMA]), st.integers(0, 900)
)
def test_any_damage_is_read_or_refused(damage: bytes, text: str, place: int) -> None:
    whole = text.encode()
    try:
        summary = summarise(clean(read_log(whole[:place] + damage + whole[place:]).series))
    except (UnreadableLog, BadSeries):
        return
    json.dumps(summary, allow_nan=False)


def table(t: list[float], rh: list[float]) -> list[str]:
    """The lines of a plain table, an hour from one to the next."""
    hours = (START + timedelta(hours=n) for n in range(len(t)))
    return [f"{d:%Y-%m-%d %H:%M},{a},{b}" for d, a, b in zip(hours, t, rh, strict=True)]


def series_of(lines: list[str]) -> Series:
    return clean(read_log("\n".join(["time,t,rh", *lines]).encode()).series)


def test_faults_are_named_and_left_out() -> None:
    rh = [50.0 + n % 7 for n in range(200)]
    rh[10] = 3.0
    rh[20] = 120.0
    rh[40:60] = [51.5] * 20
    lines = table([20 + n % 5 / 10 for n in range(200)], rh)
    del lines[100:110]
    lines.insert(150, lines[149])

    series = series_of(lines)

    assert [(fault.kind, fault.channel, fault.readings) for fault in series.faults] == [
        ("spike", "rh", 1),
        ("impossible", "rh", 1),
        ("stuck", "rh", 19),
        ("gap", "both", 10),
        ("clock", "time", 1),
    ]
    assert (np.nanmin(series.rh), np.nanmax(series.rh)) == (50.0, 56.0)
    assert np.count_nonzero(series.rh == 51.5) == 1


def test_degrees_of_fahrenheit_without_a_word_are_a_fault_of_units() -> None:
    text = "time,t,rh\n" + rows(lambda d, t, rh, n: f"{d:%Y-%m-%d %H:%M},{t * 1.8 + 32:.2f},{rh}")

    series = clean(read_log(text.encode()).series)

    assert [fault.kind for fault in series.faults] == ["unit"]
    assert series.t == pytest.approx([t for t, _rh in READINGS], abs=0.01)


def test_short_pauses_do_not_end_an_episode_and_short_ones_are_left_out() -> None:
    rh = [50.0 + n % 5 / 10 for n in range(300)]
    rh[50:80] = [70.0 + n % 5 / 10 for n in range(30)]
    rh[60:62] = [64.0, 64.0]
    rh[200:210] = [70.0 + n % 5 / 10 for n in range(10)]
    lines = table([20 + n % 5 / 10 for n in range(300)], rh)

    summary = summarise(series_of(lines))

    [episode] = summary["episodes"]
    assert (episode["kind"], episode["start"], episode["hours"]) == (
        "damp",
        "2025-11-23T02:00",
        28.0,
    )
    assert summary["hours_rh_above_65"] == 38.0


def test_a_made_up_year_is_the_same_every_time_and_shows_what_was_planted() -> None:
    year = generate("ana")

    assert to_csv(year.series) == to_csv(generate("ana").series) != to_csv(generate("ivo").series)
    summary = summarise(clean(read_log(to_csv(year.series).encode()).series))
    events = [p for p in year.planted if not p.is_fault]
    assert [(e["kind"], e["start"]) for e in summary["episodes"]] == [
        (p.kind, year.time_of(p.start)[:16]) for p in events
    ]
    assert [e["hours"] for e in summary["episodes"]] == [p.end - p.start + 1 for p in events]
    faults = [p for p in year.planted if p.is_fault]
    assert [f["kind"] for f in summary["faults"]] == [p.kind for p in faults]


@pytest.mark.parametrize("seed", [str(n) for n in range(6)])
def test_what_is_planted_never_overlaps_and_is_always_found(seed: str) -> None:
    year = generate(seed, tuple(TEMPLATES))

    assert all(b.start > a.end + 168 for a, b in zip(year.planted, year.planted[1:], strict=False))
    kinds = {e["kind"] for e in summarise(clean(year.series))["episodes"]}
    assert {"damp", "cold", "hot", "dry"} <= kinds


def test_the_command_prints_figures_and_draws(tmp_path: Path) -> None:
    file = tmp_path / "store.csv"
    file.write_text(to_csv(generate("ana").series))
    for name in ("plot.svg", "plot.png"):
        out = StringIO()
        call_command("climate", str(file), "--plot", str(tmp_path / name), stdout=out)
    printed = StringIO()
    call_command("climate", str(file), "--format", "json", "--rh-high", "60", stdout=printed)

    summary: dict[str, Any] = json.loads(printed.getvalue())
    assert {"hours", "t", "rh", "dew_point", "emc", "twpi", "lifetime_multiplier"} <= set(summary)
    assert set(summary["lifetime_multiplier"]) == {"paper", "varnish"}
    assert set(summary["episodes"][0]) == {"kind", "start", "end", "hours"}
    assert "TWPI" in out.getvalue()
    assert "stuck" in out.getvalue()
    assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG")
    svg = (tmp_path / "plot.svg").read_text()
    assert svg.count("<polyline") >= 2
    assert 'role="img"' in svg


def test_the_command_says_what_it_cannot_read(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear reader")

    with pytest.raises(CommandError, match=r"letter\.txt: No line begins with a date and a time"):
        call_command("climate", str(file))
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("climate", str(tmp_path / "none.csv"))
    with pytest.raises(CommandError, match=r"ending in \.svg or \.png"):
        call_command("climate", str(file), "--plot", "plot.gif")
