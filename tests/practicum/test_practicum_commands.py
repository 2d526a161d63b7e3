"""The command line of the practicum."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from practicum import api
from practicum.api import SYSTEM
from tests.practicum.school import School, approved, day_ago, log, make_school

pytestmark = pytest.mark.django_db

HEAD = "trainee_name;trainee_mail;host;programme;first;last;mentor_name;mentor_mail\n"
ROW = "Žana Šarić;zana@example.org;Sample City Library;basic;2026-03-01;2026-06-30;;\n"
MENTORED = (
    "Әлия Қасым;aliya@example.org;Sample City Library;basic;2026-03-01;2026-06-30;"
    "Meri;meri@example.org\n"
)


@pytest.fixture
def school() -> School:
    return make_school()


def run(*arguments: Any, **options: Any) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def test_a_report_prints_entries_signatures_and_totals(school: School) -> None:
    approved(school, day_ago(3))
    log(school, day_ago(2), text="=HYPERLINK(1)")
    found = json.loads(run("practicum_report", str(school.placement)))
    assert found["totals"]["all"]["confirmed"] == 240
    assert found["totals"] == json.loads(json.dumps(found["totals"]))
    assert [entry["state"] for entry in found["entries"]] == ["approved", "draft"]
    assert found["entries"][0]["signatures"][-1]["name"] == "Meri"
    lines = run("practicum_report", str(school.placement), "--format", "csv").splitlines()
    assert "All,100.00,4.00,0.00,4.00,0.00" in lines
    assert any(",09:00,13:00,0,4.00,Cataloguing,Описах" in line for line in lines)
    assert any("'=HYPERLINK(1)" in line for line in lines)


def test_a_report_on_nothing_says_so() -> None:
    with pytest.raises(CommandError, match="no placement"):
        run("practicum_report", "00000000-0000-0000-0000-000000000000")


def test_a_whole_trail_is_said_to_be_whole(school: School) -> None:
    assert "events, all whole" in run("verify_audit_trail")
    assert json.loads(run("verify_audit_trail", "--format", "json"))["broken"] is None


def test_a_report_is_printed_in_the_trainees_language(school: School, settings: Settings) -> None:
    settings.LANGUAGES = [("en", "English"), ("bg", "Bulgarian")]
    approved(school, day_ago(2))
    plain = run("practicum_report", str(school.placement), "--format", "csv")
    api.wish_mail(school.trainee, api.MailWishes("bg"))
    wished = run("practicum_report", str(school.placement), "--format", "csv")
    asked = run("practicum_report", str(school.placement), "--format", "csv", "--language", "bg")
    assert wished == asked
    assert wished != plain


def test_a_dry_run_tells_what_would_be_done_and_does_nothing(
    school: School, tmp_path: Path
) -> None:
    file = tmp_path / "placements.csv"
    file.write_text(HEAD + ROW + MENTORED, encoding="utf-8")
    before = len(api.placements(SYSTEM))
    assert "2 placements would be created." in run("import_placements", str(file), "--dry-run")
    assert len(api.placements(SYSTEM)) == before
    printed = run("import_placements", str(file))
    assert "Žana Šarić: Sample City Library, 2026-03-01 to 2026-06-30" in printed
    made = {place.trainee_name: place for place in api.placements(SYSTEM)}
    assert len(made) == before + 2
    assert [one.mentor for one in made["Әлия Қасым"].mandates] == [school.mentor.person]


def test_one_faulty_line_stops_all_and_every_fault_is_named(school: School, tmp_path: Path) -> None:
    file = tmp_path / "placements.csv"
    wrong = ROW.replace("Sample City", "Another").replace("zana@", "other@")
    undated = ROW.replace("2026-03-01", "1 March").replace("zana@", "third@")
    file.write_text(HEAD + ROW + wrong + undated + ROW, encoding="utf-8")
    errors = StringIO()
    before = len(api.placements(SYSTEM))
    with pytest.raises(CommandError, match="3 faults; nothing was created"):
        call_command("import_placements", str(file), stderr=errors)
    told = errors.getvalue()
    assert ":3: There is no host “Another Library”." in told
    assert ":4: first is not a day such as 2026-02-28: “1 March”." in told
    assert ":5: This placement is there already." in told
    assert len(api.placements(SYSTEM)) == before


def test_a_table_without_its_columns_and_a_file_that_is_none_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "placements.csv"
    file.write_text("name;mail\nTena;tena@example.org\n", encoding="utf-8")
    errors = StringIO()
    with pytest.raises(CommandError, match="faults"):
        call_command("import_placements", str(file), stderr=errors)
    assert "The table has no column trainee_name." in errors.getvalue()
    with pytest.raises(CommandError, match="cannot be read"):
        run("import_placements", str(tmp_path / "none.csv"))
    broken = tmp_path / "placements.xlsx"
    broken.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(CommandError, match=r"placements\.xlsx: "):
        run("import_placements", str(broken))
