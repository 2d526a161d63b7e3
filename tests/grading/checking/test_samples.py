"""Records that real libraries made: what the check says of them is explained one by one."""

from __future__ import annotations

from pathlib import Path

from grading.checking import Diagnostic, check
from quarantine.marc import Record, stream_marc

HERE = Path(__file__).parent / "data"
OTHERS = Path(__file__).parents[2] / "quarantine" / "data"


def records(path: Path) -> list[Record]:
    with path.open("rb") as file:
        return [outcome.record for outcome in stream_marc(file) if outcome.record]


def found(path: Path, profile: str) -> list[tuple[str, str, str]]:
    """Return severity, code and place of what is found, notes left out."""
    diagnostics: list[Diagnostic] = [d for r in records(path) for d in check(r, profile)]
    return [(d.severity, d.code, d.where) for d in diagnostics if d.severity != "note"]


def test_records_of_the_national_library_of_russia() -> None:
    assert len(records(HERE / "rusmarc.iso")) >= 10
    assert found(HERE / "rusmarc.iso", "rusmarc") == [
        # «5-900776-31-» and then the Cyrillic letter that looks like an X.
        ("error", "number.cyrillic", "010[0]$a[0]"),
        # «5-595-03091-1»: the check digit would be 7.
        ("error", "number.isbn.check", "010[0]$a[0]"),
        # Russian and English side by side, coded as a translation of nothing.
        ("warning", "language.original", "101[0]$c"),
        # 1997 in the coded data, 2002 in the publication field.
        ("warning", "year.disagrees", "100[0]$a[0]/09-12"),
    ]


def test_a_record_in_the_encoding_of_another_system() -> None:
    assert found(OTHERS / "rusmarc_cp1251.iso", "rusmarc") == []


def test_a_record_of_the_italian_union_catalogue() -> None:
    errors = found(OTHERS / "unimarc.dat", "unimarc")

    assert [row for row in errors if row[0] == "error"] == [
        # The indicator for translations is blank, which the format does not provide for.
        ("error", "indicator.first.value", "101[0]/ind1"),
    ]
    assert {row[1:] for row in errors if row[0] == "warning"} == {
        # The last position of the leader is 0 as in MARC 21.
        ("position.system", "LDR[0]/23"),
        # «$b, Isaac»: the comma that a display adds is typed.
        ("mark.leading", "454[0]$b[0]"),
        ("mark.leading", "700[0]$b[0]"),
        ("mark.leading", "702[0]$b[0]"),
        ("mark.leading", "702[1]$b[0]"),
        ("mark.leading", "702[2]$b[0]"),
    }


def test_records_of_the_library_of_congress() -> None:
    errors = [row for row in found(OTHERS / "marc21.dat", "marc21") if row[0] == "error"]

    # The number of characters that sorting passes over is left out.
    assert errors == [("error", "indicator.second.value", "440[0]/ind2")]
