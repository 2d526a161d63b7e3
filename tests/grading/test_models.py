from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from dbrules.append_only import AppendOnlyViolation, protect
from grading import api
from grading.models import ExerciseSnapshot, Submission
from tests.grading.exercises import EXERCISE, RIGHT, item

pytestmark = pytest.mark.django_db

TABLES = [Submission._meta.db_table, ExerciseSnapshot._meta.db_table]


@pytest.fixture(autouse=True)
def submitted() -> None:
    api.submit(item(), RIGHT, grader="marc", exercise=EXERCISE, points=10)


@pytest.mark.parametrize("model", [Submission, ExerciseSnapshot])
def test_the_models_refuse_to_change_what_was_kept(model: Any) -> None:
    row = model.objects.get()
    for change in (row.save, row.delete, model.objects.all().delete, model.objects.update):
        with pytest.raises(AppendOnlyViolation):
            change()
    with pytest.raises(AppendOnlyViolation), transaction.atomic():
        model.objects.bulk_update([row], ["exercise"])
    assert model.objects.count() == 1


@pytest.mark.parametrize("table", TABLES)
def test_the_database_itself_refuses_to_change_what_was_kept(table: str) -> None:
    column = "score" if table == Submission._meta.db_table else "exercise"
    with (
        pytest.raises(DatabaseError, match="never changed or deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE {table} SET {column} = {column}")  # noqa: S608  # fixed names


@pytest.mark.skipif(connection.vendor == "mysql", reason="MySQL commits when a trigger is made")
@pytest.mark.parametrize("table", TABLES)
def test_the_database_itself_refuses_to_delete_what_was_kept(table: str) -> None:
    protect(connection, table)
    with (
        pytest.raises(DatabaseError, match="never changed or deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608  # fixed names
    assert Submission.objects.count() == 1
