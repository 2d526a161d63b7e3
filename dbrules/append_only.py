"""Tables whose rows are written once: refused by the models and by the database itself.

The triggers live in migrations, one dialect per vendor. SQLite rebuilds a table to alter it and
loses its triggers on the way, so a migration that alters a protected table calls ``protect``
again afterwards.
"""

from __future__ import annotations

import logging
from typing import Any, NoReturn

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import DatabaseError

logger = logging.getLogger(__name__)

EVENTS = ("UPDATE", "DELETE")
REFUSAL = "rows of this table are never changed or deleted"


class AppendOnlyViolation(Exception):
    """Someone tried to change or delete a row that is kept for ever."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """A query set that can create but neither change nor delete."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnlyViolation(REFUSAL)

    def delete(self) -> NoReturn:
        """Refuse."""
        raise AppendOnlyViolation(REFUSAL)


class AppendOnlyModel(models.Model):
    """A row that is written once."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row; a second save is refused."""
        if not self._state.adding:
            raise AppendOnlyViolation(REFUSAL)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise AppendOnlyViolation(REFUSAL)


def protect(connection: BaseDatabaseWrapper, table: str) -> None:
    """Let the database refuse UPDATE and DELETE on ``table``."""
    unprotect(connection, table)
    for event in EVENTS:
        for statement in _statements(connection.vendor, table, event):
            execute(connection, statement)


def unprotect(connection: BaseDatabaseWrapper, table: str) -> None:
    """Take the protection of ``table`` away."""
    is_postgresql = connection.vendor == "postgresql"
    for event in EVENTS:
        on_table = f" ON {table}" if is_postgresql else ""
        execute(connection, f"DROP TRIGGER IF EXISTS {_name(table, event)}{on_table}")
    if is_postgresql:
        execute(connection, f"DROP FUNCTION IF EXISTS {table}_refuse()")


def _name(table: str, event: str) -> str:
    return f"{table}_no_{event.lower()}"


def _statements(vendor: str, table: str, event: str) -> list[str]:
    name = _name(table, event)
    trigger = f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW"
    if vendor == "sqlite":
        return [f"{trigger} BEGIN SELECT RAISE(ABORT, '{table}: {REFUSAL}'); END"]
    if vendor == "postgresql":
        return [
            f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{table}: {REFUSAL}'; END $$",
            f"{trigger} EXECUTE FUNCTION {table}_refuse()",
        ]
    if vendor == "mysql":
        # Emptying a whole database (Django's flush) switches foreign keys off; nothing else does.
        return [
            f"{trigger} IF @@foreign_key_checks THEN "
            f"SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{table}: {REFUSAL}'; END IF"
        ]
    return []


def execute(connection: BaseDatabaseWrapper, statement: str) -> None:
    """Run ``statement``; MySQL may forbid triggers to an ordinary account, which is no failure.

    With binary logging on, MySQL lets only a privileged account create triggers. The models
    refuse in any case, so the migration goes on and says what is missing.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError:
        if connection.vendor != "mysql":
            raise
        logger.warning("This MySQL account may not create triggers: %s", statement)
