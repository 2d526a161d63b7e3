"""What happened is told by the trail, and nobody alters it unseen."""

from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from dbrules.append_only import AppendOnlyModel, AppendOnlyViolation, protect
from practicum import api
from practicum.api import SYSTEM
from practicum.models import (
    AuditEvent,
    CommandReceipt,
    Entry,
    EntryVersion,
    LedgerLine,
    ReviewLink,
    Signature,
)
from practicum.verifying import audited_models
from tests.practicum.school import (
    School,
    agree,
    approved,
    day_ago,
    id_of,
    log,
    make_school,
    propose,
    state_of,
    submitted,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return make_school()


def test_the_trail_is_whole_and_tells_all_that_the_tables_hold(school: School) -> None:
    entry = approved(school, day_ago(3))
    agree(propose(school, entry), school.mentor)
    states, minutes = api.rebuild()
    assert states[entry] == ("approved", 2)
    assert minutes == {(school.placement, "cataloguing"): 180}
    report = api.verify_audit_trail()
    assert (report.is_whole, report.events) == (True, AuditEvent.objects.count())


ALTERATIONS: dict[str, tuple[type[Any], dict[str, Any]]] = {
    "state": (Entry, {"state": "locked"}),
    "minutes": (LedgerLine, {"minutes": 241}),
    "text": (EntryVersion, {"sealed_text": "x"}),
    "signature": (Signature, {"role": "coordinator"}),
    "event": (AuditEvent, {"command": "other"}),
    "link": (ReviewLink, {"nonce": "x"}),
}


def without_triggers(table: str, statement: str, arguments: list[Any]) -> None:
    """What somebody with the keys to the database can do."""
    with connection.cursor() as cursor:
        for event in ("update", "delete"):
            on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{event}{on_table}")
        cursor.execute(statement, arguments)


@pytest.mark.skipif(connection.vendor == "mysql", reason="MySQL commits when a trigger is dropped")
@pytest.mark.parametrize("what", ALTERATIONS)
def test_whatever_is_altered_is_found_and_named(school: School, what: str) -> None:
    entry = approved(school, day_ago(3))
    api.issue_review_link(SYSTEM, id_of(school.mentor), [submitted(school, day_ago(4))])
    model, changes = ALTERATIONS[what]
    (column, value), table = next(iter(changes.items())), model._meta.db_table
    row = model._base_manager.order_by("pk").last()
    assert row is not None
    if model is Entry:
        row = Entry.objects.get(pk=entry)
    key = row._meta.pk.get_db_prep_value(row.pk, connection)
    name = row._meta.pk.column
    without_triggers(table, f"UPDATE {table} SET {column} = %s WHERE {name} = %s", [value, key])  # noqa: S608  # names of our own tables
    broken = api.verify_audit_trail().broken
    assert broken is not None
    assert (broken.table or "auditevent") == model._meta.model_name
    with pytest.raises(CommandError, match=f"Event {broken.sequence}: "):
        call_command("verify_audit_trail")


@pytest.mark.skipif(connection.vendor == "mysql", reason="MySQL commits when a trigger is dropped")
def test_missing_and_smuggled_rows_are_found(school: School) -> None:
    entry = approved(school, day_ago(3))
    with transaction.atomic():
        line = LedgerLine.objects.get()
        line.pk = uuid4()
        LedgerLine.objects.bulk_create([line])
        broken = api.verify_audit_trail().broken
        assert broken is not None
        assert (broken.what, broken.table) == ("a row is in no event", "ledgerline")
        transaction.set_rollback(True)
    last = AuditEvent.objects.order_by("-sequence")[0]
    table = AuditEvent._meta.db_table
    without_triggers(table, f"DELETE FROM {table} WHERE sequence = %s", [last.sequence])  # noqa: S608  # names of our own tables
    broken = api.verify_audit_trail().broken
    assert broken is not None
    assert broken.what
    assert state_of(entry) == "approved"


def append_only() -> list[type[Any]]:
    models = apps.get_app_config("libschool_practicum").get_models()
    return [model for model in models if issubclass(model, AppendOnlyModel)]


@pytest.mark.parametrize("model", append_only(), ids=lambda model: model._meta.model_name)
def test_rows_written_once_are_protected_by_the_database_itself(model: type[Any]) -> None:
    with connection.cursor() as cursor:
        query = {
            "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
            "postgresql": "SELECT tgname FROM pg_trigger",
            "mysql": "SELECT trigger_name FROM information_schema.triggers "
            "WHERE trigger_schema = DATABASE()",
        }[connection.vendor]
        cursor.execute(query)
        names = {name for (name,) in cursor.fetchall()}
    assert f"{model._meta.db_table}_no_update" in names


@pytest.mark.parametrize("model", [EntryVersion, Signature, LedgerLine, AuditEvent, CommandReceipt])
def test_what_was_written_is_neither_changed_nor_deleted(school: School, model: Any) -> None:
    api.submit_entries(school.trainee, [log(school, day_ago(4)).id], key="k")
    approved(school, day_ago(3))
    row = model.objects.first()
    for change in (row.save, row.delete, model.objects.all().delete, model.objects.update):
        with pytest.raises(AppendOnlyViolation):
            change()
    table = model._meta.db_table
    column = row._meta.pk.column
    if connection.vendor != "mysql":
        protect(connection, table)
    for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):  # noqa: S608  # names of our own tables
        if connection.vendor == "mysql" and statement.startswith("DELETE"):
            continue
        with (
            pytest.raises(DatabaseError, match="never changed or deleted"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_every_table_with_a_truth_of_its_own_is_in_the_trail() -> None:
    untold = {
        model._meta.model_name
        for model in apps.get_app_config("libschool_practicum").get_models()
        if model._meta.model_name not in audited_models()
    }
    comforts = {"calendarfeed", "entrytemplate", "mailpreference", "sentnotice"}  # count nothing
    sums = {"figureshead", "placementfigures"}  # made anew from what is told
    ways = {"apitoken", "courseitem"}  # how somebody gets in, and who is told the totals
    assert untold - comforts - sums - ways == {
        "auditevent",
        "commandreceipt",
        "evidencecontent",
        "personkey",
        "trailhead",
    }
