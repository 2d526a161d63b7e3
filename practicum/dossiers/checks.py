"""Whether what a dossier says holds together: whose it is, what is signed, what counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from practicum.data import DecisionKind
from practicum.dossiers.rows import OWN, Row, Rows, columns, name_of
from practicum.entry_rows import head_values, version_digest
from practicum.models import Entry, EntryVersion, Person
from practicum.rules.calendar import is_zone
from practicum.rules.machine import COUNTED
from quarantine.errors import Refused, gettext_noop

ALLOWING = {DecisionKind.APPROVE.value, DecisionKind.AMEND.value}

OTHERS = gettext_noop("This belongs to somebody else or to another placement.")
ZONE = gettext_noop("There is no time zone of this name.")
MINUTES = gettext_noop("The minutes are not those from start to end, or of the categories.")
DIGEST = gettext_noop("The digest is not that of the content.")
HEAD = gettext_noop("The entry does not say what its version %(version)d says.")
LEDGER = gettext_noop("The minutes that count are not those of the version that was signed.")
UNSIGNED = gettext_noop("Nobody signed the version that counts who might.")


def check_rows(rows: Rows, trainee: UUID) -> None:
    """Raise ``Refused``, with the place, for rows that no school could have written."""
    placements = {row["id"]: row for row in rows["placement"]}
    entries = {row["id"]: row for row in rows["entry"]}
    for where, row in _placed(rows):
        if row.get("trainee_id", trainee) != trainee or row.get("owner_id", trainee) != trainee:
            raise Refused("dossier.others", OTHERS, where=where)
        entry = entries.get(row.get("entry_id"))
        if entry and row.get("placement_id", entry["placement_id"]) != entry["placement_id"]:
            raise Refused("dossier.others", OTHERS, where=where)
    for where, row in _numbered(rows, "placement"):
        if row["follows_id"] is not None and row["follows_id"] not in placements:
            raise Refused("dossier.others", OTHERS, where=f"{where}.follows_id")
        if not is_zone(row["tz"]):
            raise Refused("dossier.zone", ZONE, where=f"{where}.tz")
    versions = _check_versions(rows, entries)
    withdrawn = {row["signature_id"] for row in rows["withdrawal"]}
    signed: dict[UUID, list[Row]] = {}
    for signature in rows["signature"]:
        if signature["entry_id"] and signature["id"] not in withdrawn:
            signed.setdefault(signature["entry_id"], []).append(signature)
    ledger: dict[UUID, Counter[str]] = {}
    for line in rows["ledgerline"]:
        ledger.setdefault(line["entry_id"], Counter())[line["category"]] += line["minutes"]
    for where, entry in _numbered(rows, "entry"):
        version = versions.get((entry["id"], entry["version"]))
        tz = placements[entry["placement_id"]]["tz"]
        if version is None or _differs(entry, version, tz):
            raise Refused("dossier.head", HEAD, where=where, version=entry["version"])
        is_counted = entry["state"] in COUNTED
        counts = Counter[str](version["allocations"] if is_counted else {})
        if +ledger.get(entry["id"], Counter()) != +counts or -ledger.get(entry["id"], Counter()):
            raise Refused("dossier.ledger", LEDGER, where=where)
        if is_counted:
            _check_signed(where, version, signed.get(entry["id"], []), trainee)


def _placed(rows: Rows) -> Iterator[tuple[str, Row]]:
    for model in OWN:
        yield from _numbered(rows, name_of(model))


def _numbered(rows: Rows, name: str) -> Iterator[tuple[str, Row]]:
    return ((f"{name}[{number}]", row) for number, row in enumerate(rows[name]))


def _check_versions(rows: Rows, entries: dict[UUID, Row]) -> dict[tuple[UUID, int], Row]:
    found: dict[tuple[UUID, int], Row] = {}
    for where, row in _numbered(rows, "entryversion"):
        seconds = (row["ends_at"] - row["starts_at"]).total_seconds()
        net = row["net_minutes"]
        if net != sum(row["allocations"].values()) or seconds != 60 * (net + row["break_minutes"]):
            raise Refused("dossier.minutes", MINUTES, where=where)
        entry = entries[row["entry_id"]]
        made = _unsaved(EntryVersion, row)
        made.entry = Entry(id=entry["id"], placement_id=entry["placement_id"])
        if version_digest(made, row["author_id"]) != row["content_hash"]:
            raise Refused("dossier.digest", DIGEST, where=where)
        found[row["entry_id"], row["number"]] = row
    return found


def _unsaved(model: Any, row: Row) -> Any:
    people = {field.attname for field in columns(model) if field.related_model is Person}
    return model(**{name: value for name, value in row.items() if name not in people})


def _differs(entry: Row, version: Row, tz: str) -> bool:
    head = head_values(_unsaved(EntryVersion, version), tz)
    return any(entry[name] != value for name, value in head.items())


def _check_signed(where: str, version: Row, signatures: list[Row], trainee: UUID) -> None:
    strangers = (
        one["signer_id"]
        for one in signatures
        if one["kind"] in ALLOWING and one["content_hash"] == version["content_hash"]
    )
    if not set(strangers) - {trainee, version["author_id"]}:
        raise Refused("dossier.unsigned", UNSIGNED, where=where)
