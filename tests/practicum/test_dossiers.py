"""A person's dossier comes back as it went out, and nothing else is taken for one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from practicum import api
from practicum.api import SYSTEM
from quarantine.errors import Refused
from tests.practicum.school import (
    RULES,
    School,
    agree,
    approved,
    day_ago,
    id_of,
    log,
    make_school,
    programme,
    propose,
    review,
    submitted,
    today,
)

pytestmark = pytest.mark.django_db

TEXT = "Записка".encode()


class _Undo(Exception):
    pass


def fill(school: School) -> None:
    """Something in every table that a dossier has."""
    tena, meri, ada = school.trainee, school.mentor, school.coordinator
    file = api.add_evidence(tena, "note.txt", TEXT).id
    approved(school, day_ago(3), evidence=(file,))
    agree(propose(school, approved(school, day_ago(4))), meri)
    propose(school, approved(school, day_ago(5)))
    back = submitted(school, day_ago(6))
    review(school, back, approve=False, reason="Беше до един часа.")
    api.appeal(tena, back, reason="Това беше до един.")
    log(school, day_ago(7))
    api.void_entries(tena, [log(school, day_ago(8)).id])
    old = day_ago(150)
    approved(school, old)
    api.close_period(ada, school.placement, old, old)
    api.save_week(tena, school.placement, day_ago(7), text="Седмица", reflection="Добре")
    api.record_absence(tena, school.placement, day_ago(12), "sick")
    api.pause_placement(ada, school.placement, first=day_ago(40), last=day_ago(38), reason="Ремонт")
    api.assess_competency(meri, school.placement, "marc", 3)
    agreement = api.create_agreement(
        ada, school.placement, first=day_ago(200), last=today(), minutes=6000, reference="12"
    )
    api.sign_agreement(tena, agreement.id, content_hash=agreement.content_hash)


def figures(placement: Any) -> Any:
    """What the report says of a placement, but for when, and how many events the trail has."""
    report = json.loads(json.dumps(api.as_json(api.report_on(SYSTEM, placement))))
    return {**report, "sequence": 0, "totals": {**report["totals"], "sequence": 0}}


def carried(make: Callable[[School], None] = fill) -> tuple[School, bytes, Any]:
    """A school that is no more, a dossier from it, and what it said of the placement."""
    found: list[Any] = []
    try:
        with transaction.atomic():
            school = make_school()
            make(school)
            person = id_of(school.trainee)
            found += [school, api.export_dossier(SYSTEM, person), figures(school.placement)]
            raise _Undo
    except _Undo:
        pass
    school, data, said = found
    return school, data, said


def test_a_dossier_taken_in_elsewhere_goes_out_again_byte_for_byte() -> None:
    school, data, said = carried()
    api.import_dossier(SYSTEM, data)
    assert api.export_dossier(SYSTEM, id_of(school.trainee)) == data
    assert figures(school.placement) == said
    assert said["totals"]["all"]["confirmed"] == 240 + 180 + 240 + 240
    filled = {name for name, rows in json.loads(data)["rows"].items() if rows}
    assert len(filled) >= 18, filled


def test_what_was_taken_in_is_in_the_trail_and_goes_on() -> None:
    school, data, _said = carried()
    api.import_dossier(SYSTEM, data)
    assert api.verify_audit_trail().is_whole
    states, minutes = api.rebuild()
    records = api.entries(SYSTEM, states=list(api.EntryState))
    assert states == {one.id: (one.state.value, one.version) for one in records}
    assert minutes == {(school.placement, "cataloguing"): 900}
    (file,) = next(one.values.evidence for one in records if one.values.evidence)
    assert api.read_evidence(school.trainee, file).data == TEXT
    approved(school, day_ago(1))
    assert api.totals(SYSTEM, school.placement).all.confirmed == 1140


def test_a_school_that_has_the_categories_keeps_its_own() -> None:
    school, data, _said = carried()
    programme(RULES, code="other")
    api.import_dossier(SYSTEM, data)
    assert [one.code for one in api.categories(SYSTEM)].count("desk") == 1
    assert api.totals(SYSTEM, school.placement).all.confirmed == 900


def test_a_dry_run_changes_nothing_and_a_second_time_is_refused() -> None:
    _school, data, _said = carried()
    api.import_dossier(SYSTEM, data, is_dry_run=True)
    assert api.placements(SYSTEM) == []
    api.import_dossier(SYSTEM, data)
    with pytest.raises(Refused, match="trainee: The school has this already"):
        api.import_dossier(SYSTEM, data)


def test_nobody_but_the_program_takes_one_in_and_only_coordinators_take_one_out() -> None:
    school = make_school()
    for who in (school.trainee, school.mentor):
        with pytest.raises(api.NotAllowed):
            api.export_dossier(who, id_of(school.trainee))
    data = api.export_dossier(school.coordinator, id_of(school.trainee))
    (look,) = api.access_log(school.trainee, id_of(school.trainee))
    assert look.actor == school.coordinator.person
    with pytest.raises(api.NotAllowed):
        api.import_dossier(school.coordinator, data)


Change = Callable[[Any], object]


def counted(document: Any) -> Any:
    return next(one for one in document["rows"]["entry"] if one["state"] == "approved")


def lines_of(document: Any, entry: Any) -> list[Any]:
    return [one for one in document["rows"]["ledgerline"] if one["entry_id"] == entry["id"]]


def move(document: Any, table: str, **values: Any) -> None:
    document["rows"][table][0].update(values)


OTHER = "00000000-0000-7000-8000-000000000000"
HOSTILE: dict[str, tuple[Change, str]] = {
    "format": (lambda one: one.update(format="other"), "no dossier"),
    "part": (lambda one: one.update(more=1), "parts have to be"),
    "table": (lambda one: one["rows"].pop("entry"), "rows: The parts"),
    "no rows": (lambda one: one["rows"].update(entry={}), "entry: There has to be a list"),
    "key": (lambda one: one.update(key="x"), "key: This is no key"),
    "another key": (lambda one: one.update(key="A" * 43 + "="), "does not open this"),
    "people": (lambda one: one.update(people="x"), r"people\[0\]"),
    "nobody": (lambda one: one.update(trainee=OTHER), "trainee: This is nobody"),
    "column": (lambda one: move(one, "entry", more=1), r"entry\[0\]: The columns"),
    "number": (lambda one: move(one, "entry", net_minutes="9"), r"entry\[0\]\.net_minutes"),
    "float": (lambda one: move(one, "entry", net_minutes=9.0), r"entry\[0\]\.net_minutes"),
    "truth": (lambda one: move(one, "mandate", first=True), r"mandate\[0\]\.first"),
    "day": (lambda one: move(one, "placement", first="2026-02-30"), r"placement\[0\]\.first"),
    "long": (lambda one: move(one, "hostlibrary", name="x" * 300), r"hostlibrary\[0\]\.name"),
    "state": (lambda one: move(one, "entry", state="paid"), r"entry\[0\]\.state"),
    "zone": (lambda one: move(one, "placement", tz="Mars/Base"), r"placement\[0\]\.tz"),
    "list": (lambda one: move(one, "entryversion", evidence=[["x"]]), r"\[0\]\.evidence"),
    "nowhere": (lambda one: move(one, "entry", placement_id=OTHER), r"placement_id: .* nowhere"),
    "twice": (lambda one: one["rows"]["pause"].append(one["rows"]["pause"][0]), "occurs twice"),
    "rules": (lambda one: one["rows"]["programmeversion"][0]["rules"].update(day_cap="x"), "rules"),
    "text": (lambda one: move(one, "entryversion", sealed_text=""), "digest is not that"),
    "minutes": (lambda one: move(one, "entryversion", net_minutes=9), "minutes are not those"),
    "head": (lambda one: move(one, "entry", net_minutes=9), "does not say what its version"),
    "ledger": (
        lambda one: lines_of(one, counted(one))[0].update(minutes=999),
        "minutes that count",
    ),
    "draft": (lambda one: counted(one).update(state="draft"), "minutes that count"),
    "unsigned": (
        lambda one: [
            sign.update(kind="submit")
            for sign in one["rows"]["signature"]
            if sign["entry_id"] == counted(one)["id"]
        ],
        "Nobody signed",
    ),
    "own": (
        lambda one: [
            sign.update(signer_id=one["trainee"])
            for sign in one["rows"]["signature"]
            if sign["entry_id"] == counted(one)["id"]
        ],
        "Nobody signed",
    ),
    "somebody else": (
        lambda one: move(
            one,
            "placement",
            trainee_id=next(man["id"] for man in one["people"] if man["id"] != one["trainee"]),
        ),
        "somebody else",
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_was_tampered_with_is_refused_with_its_place(what: str) -> None:
    change, told = HOSTILE[what]
    _school, data, _said = carried()
    document = json.loads(data)
    change(document)
    with pytest.raises(Refused, match=told):
        api.import_dossier(SYSTEM, json.dumps(document).encode())
    assert api.people(SYSTEM) == []


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"null", b"\xff", b"{", b"[" * 9000, b'{"a":1,"a":2}']
)
def test_what_is_no_document_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        api.import_dossier(SYSTEM, data)


def test_the_command_writes_a_dossier_and_takes_it_in(tmp_path: Path) -> None:
    file, again = tmp_path / "tena.json", tmp_path / "again.json"
    school, data, _said = carried()
    file.write_bytes(data)
    call_command("practicum_dossier", "import", str(file), "--dry-run")
    call_command("practicum_dossier", "import", str(file))
    call_command("practicum_dossier", "export", str(school.trainee.person), str(again))
    assert again.read_bytes() == data
    assert again.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match=r"tena\.json: trainee: The school has"):
        call_command("practicum_dossier", "import", str(file))
    with pytest.raises(CommandError, match="no person"):
        call_command("practicum_dossier", "export", OTHER, str(again))
