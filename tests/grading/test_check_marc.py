"""``check_marc``: every record of a file is checked, whatever became of the others."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
import termios
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from quarantine.marc import write_iso2709, write_marc_text, write_marcxml
from tests.grading.checking.records import MARC21, UNIMARC, with_field

WRONG = with_field(MARC21, "245", "70", MARC21[5][2])
DATA = Path(__file__).parent / "checking" / "data"
REPOSITORY = Path(__file__).parents[2]


def run(*args: Any) -> tuple[str, int]:
    """Return what the command prints, and its status."""
    out = io.StringIO()
    try:
        call_command("check_marc", *map(str, args), stdout=out)
    except SystemExit as stop:
        return out.getvalue(), int(stop.code or 0)
    return out.getvalue(), 0


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.mrc"
    path.write_bytes(write_iso2709(MARC21) * 2)
    return path


def test_right_records_end_with_status_0(good: Path) -> None:
    assert run(good, "--profile", "marc21") == (
        "2 records: 0 errors, 0 warnings, 0 notes.\n",
        0,
    )


def test_a_mistake_is_told_with_its_record_and_place(tmp_path: Path) -> None:
    path = tmp_path / "wrong.mrc"
    path.write_bytes(write_iso2709(MARC21) + write_iso2709([["001", "x1"], *WRONG]))
    printed, status = run(path, "--profile", "marc21")

    assert status == 1
    assert printed.splitlines() == [
        f"Record 2 x1 (byte {len(write_iso2709(MARC21))})",
        "  error    245[0]/ind1          245: the first indicator must be one of 0, 1, not «7».",
        "2 records: 1 errors, 0 warnings, 0 notes.",
    ]


def test_json_is_one_line_for_each_record(tmp_path: Path) -> None:
    path = tmp_path / "mixed.mrc"
    bad = b"99999" + write_iso2709(MARC21)[5:]
    path.write_bytes(write_iso2709(MARC21) + bad + write_iso2709(WRONG))
    printed, status = run(path, "--profile", "marc21", "--format", "json")
    rows = [json.loads(line) for line in printed.splitlines()]

    assert status == 1
    assert [row["number"] for row in rows] == [1, 2, 3]
    assert [row["readable"] for row in rows] == [True, False, True]
    assert [row["offset"] for row in rows] == [0, len(bad), 2 * len(bad)]
    assert [[d["code"] for d in row["diagnostics"]] for row in rows] == [
        [],
        ["marc.length"],
        ["indicator.first.value"],
    ]
    assert rows[2]["diagnostics"][0]["refs"][0]["url"].endswith("bd245.html")


@pytest.mark.parametrize(
    "content",
    [
        write_iso2709(UNIMARC),
        write_marcxml([UNIMARC]),
        json.dumps(UNIMARC).encode(),
        write_marc_text([UNIMARC]).encode(),
    ],
)
def test_every_form_is_read(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "records"
    path.write_bytes(content)

    assert run(path, "--profile", "unimarc")[1] == 0


def test_windows_1251_is_told_by_itself_or_by_name() -> None:
    path = DATA / "rusmarc.iso"

    assert run(path, "--profile", "rusmarc") == run(
        path, "--profile", "rusmarc", "--encoding", "cp1251"
    )
    assert "14 of them unreadable" in run(path, "--profile", "rusmarc", "--encoding", "utf-8")[0]


def test_what_is_less_grave_may_be_left_out() -> None:
    everything = run(DATA / "rusmarc.iso", "--profile", "rusmarc", "--format", "json")[0]
    errors = run(
        DATA / "rusmarc.iso", "--profile", "rusmarc", "--format", "json", "--least", "error"
    )[0]

    def severities(printed: str) -> set[str]:
        rows = [json.loads(line)["diagnostics"] for line in printed.splitlines()]
        return {diagnostic["severity"] for row in rows for diagnostic in row}

    assert severities(everything) >= {"error", "warning"}
    assert severities(errors) == {"error"}


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "There are no records"), (b"<html/>", "The XML is no MARCXML")],
)
def test_a_file_that_holds_no_records_is_refused(
    content: bytes, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "none"
    path.write_bytes(content)

    with pytest.raises(CommandError, match=message):
        run(path, "--profile", "marc21")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.mrc cannot be read: No such file"):
        run(tmp_path / "none.mrc", "--profile", "marc21")


@pytest.mark.services
def test_standard_input_is_read_and_a_terminal_is_shown_the_progress(good: Path) -> None:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    with good.open("rb") as source:
        done = subprocess.run(
            [sys.executable, "-m", "delivery", "check_marc", "-", "--profile", "marc21"],
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=theirs,
            cwd=REPOSITORY,
            check=False,
        )
    shown = os.read(ours, 65_536).decode()
    os.close(theirs)
    os.close(ours)

    assert done.returncode == 0
    assert done.stdout.decode().startswith("2 records: 0 errors")
    assert "%|" in shown
