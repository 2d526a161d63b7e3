"""Django's SQLite backend, with the writers of the process in a fair queue.

A transaction that begins IMMEDIATE, and a single statement that writes outside any transaction,
wait for their turn in this process's ``WriteGate`` before they ask SQLite. Reads outside a
transaction never wait. Other processes still meet at SQLite's own lock, within ``timeout``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from delivery.sqlite.gate import WriteGate, gate_of

DEFAULT_TIMEOUT = 5.0  # sqlite3's own
LOCKED = "database is locked"  # SQLite's words, so that one test finds both
WRITING_MODES = {"IMMEDIATE", "EXCLUSIVE"}
WRITING_WORDS = {"ALTER", "CREATE", "DELETE", "DROP", "INSERT", "REPLACE", "UPDATE"}


# The type stubs leave out what a backend overrides.
_Django: Any = base.DatabaseWrapper


class DatabaseWrapper(_Django):  # type: ignore[misc]  # a base class without types, see above
    """A connection that queues before it writes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._held_gate: WriteGate | None = None

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor whose writes outside a transaction queue as well."""
        if self.is_in_memory_db():
            return super().create_cursor(name)
        return self.connection.cursor(factory=self._new_cursor)

    def _new_cursor(self, connection: sqlite3.Connection) -> QueueingCursor:
        return QueueingCursor(connection, self)

    @contextmanager
    def queue_for_statement(self) -> Iterator[None]:
        """Hold the gate for one statement; raises ``sqlite3.OperationalError``."""
        gate = self._gate()
        if not gate.acquire(self._timeout()):
            raise sqlite3.OperationalError(LOCKED)
        try:
            yield
        finally:
            gate.release()

    def _gate(self) -> WriteGate:
        return gate_of(str(self.settings_dict["NAME"]))

    def _timeout(self) -> float:
        return float(self.settings_dict["OPTIONS"].get("timeout", DEFAULT_TIMEOUT))

    def _start_transaction_under_autocommit(self) -> None:
        if self.transaction_mode not in WRITING_MODES or self.is_in_memory_db():
            super()._start_transaction_under_autocommit()
            return
        gate = self._gate()
        if not gate.acquire(self._timeout(), self._abandon):
            raise OperationalError(LOCKED)
        self._held_gate = gate
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._leave_gate()
            raise

    def _abandon(self) -> None:
        """Give up the transaction of a thread that ended within it: SQLite is locked till then."""
        if self.connection is not None:
            with suppress(sqlite3.Error):
                self.connection.rollback()

    def _leave_gate(self) -> None:
        gate, self._held_gate = self._held_gate, None
        if gate is not None:
            gate.release()

    def _commit(self) -> None:
        # A commit that fails leaves the transaction open: its rollback lets the next one in.
        super()._commit()
        self._leave_gate()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._leave_gate()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._leave_gate()


class QueueingCursor(base.SQLiteCursorWrapper):
    """Queues at the gate before a statement that writes in a transaction of its own."""

    def __init__(self, connection: sqlite3.Connection, wrapper: DatabaseWrapper) -> None:
        super().__init__(connection)
        self._wrapper = wrapper

    def execute(self, query: str, params: Any = None) -> Any:
        """Run one statement."""
        if not self._writes_alone(query):
            return super().execute(query, params)
        with self._wrapper.queue_for_statement():
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        """Run one statement for each of the parameters."""
        if not self._writes_alone(query):
            return super().executemany(query, param_list)
        with self._wrapper.queue_for_statement():
            return super().executemany(query, param_list)

    def _writes_alone(self, query: str) -> bool:
        if self.connection.in_transaction:
            return False
        words = query.split(None, 1)
        return bool(words) and words[0].upper() in WRITING_WORDS
