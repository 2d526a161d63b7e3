"""Copies a database into a file and puts such a copy in its place, keeping what it replaces."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection

from delivery.backups.archive import BackupError

PAGES_AT_ONCE = 2000
USE_TIMEOUT = 2.0  # seconds to wait for others to leave the database
SCHEMA = "public"


def database_size() -> int:
    """About how many bytes the copy will have."""
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        return path.stat().st_size if path.exists() else 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def copy_database(target: Path) -> None:
    """Write a consistent copy of the database to ``target``, while others may use it."""
    _by_vendor(_copy_sqlite, _copy_postgresql)(target)


def replace_database(source: Path, stamp: str) -> str:
    """Put the copy ``source`` in the place of the database; where the replaced one is now."""
    connection.close()
    return str(_by_vendor(_replace_sqlite, _replace_postgresql)(source, stamp))


def check_copy(source: Path) -> None:
    """Raise ``BackupError`` if ``source`` is not a sound copy."""
    if connection.vendor != "sqlite":
        _run("pg_restore", "--list", str(source))
        return
    try:
        copy = sqlite3.connect(f"file:{source}?mode=ro", uri=True)
        try:
            verdict = copy.execute("PRAGMA quick_check").fetchone()[0]
        finally:
            copy.close()
    except sqlite3.Error as error:
        raise BackupError(f"The saved database cannot be read: {error}") from error
    if verdict != "ok":
        raise BackupError(f"The saved database is damaged: {verdict}")


def _by_vendor(for_sqlite: Callable[..., Any], for_postgresql: Callable[..., Any]) -> Any:
    vendors = {"sqlite": for_sqlite, "postgresql": for_postgresql}
    if connection.vendor not in vendors:
        raise BackupError(f"There is no back-up for {connection.display_name}; use its own tools.")
    return vendors[connection.vendor]


# --- SQLite -------------------------------------------------------------------------------------


def _copy_sqlite(target: Path) -> None:
    name = str(connection.settings_dict["NAME"])
    source = sqlite3.connect(f"file:{name}?mode=ro", uri=True, timeout=30)
    copy = sqlite3.connect(target)
    try:
        # A read transaction of our own: else every write of others starts the copy again.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(copy, pages=PAGES_AT_ONCE)
        copy.execute("PRAGMA journal_mode=DELETE")
    finally:
        copy.close()
        source.close()


def _replace_sqlite(source: Path, stamp: str) -> str:
    path = Path(connection.settings_dict["NAME"])
    aside = path.with_name(f"{path.name}.replaced-{stamp}")
    if path.exists():
        _fold_journal(path)
        os.replace(path, aside)
    os.replace(source, path)
    return str(aside) if aside.exists() else ""


def _fold_journal(path: Path) -> None:
    """Bring the write-ahead log into the file, which needs everybody else to be gone."""
    database = sqlite3.connect(path, timeout=USE_TIMEOUT)
    try:
        mode = database.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
    except sqlite3.OperationalError:
        mode = "locked"
    finally:
        database.close()
    if mode != "delete":
        raise BackupError("Another process uses the database. Stop the school first.")


# --- PostgreSQL ---------------------------------------------------------------------------------


def _copy_postgresql(target: Path) -> None:
    options = ("--format=custom", "--no-owner", "--no-privileges", f"--schema={SCHEMA}")
    _run("pg_dump", *options, f"--file={target}", connects=True)


def _replace_postgresql(source: Path, stamp: str) -> str:
    """Restore in one transaction; the replaced tables stay in a schema of their own."""
    aside = f"replaced_{stamp.replace('-', '_')}"
    script = source.with_suffix(".sql")
    options = ("--no-owner", "--no-privileges", f"--schema={SCHEMA}")
    _run("pg_restore", *options, f"--file={script}", str(source))
    _run(
        "psql",
        *("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"),
        f"--command=ALTER SCHEMA {SCHEMA} RENAME TO {aside}",
        f"--command=CREATE SCHEMA {SCHEMA}",
        f"--file={script}",
        connects=True,
    )
    return f"schema {aside}"


def _run(program: str, *arguments: str, connects: bool = False) -> None:
    """Run one of PostgreSQL's own programs; raises ``BackupError`` with what it said."""
    found = shutil.which(program)
    if found is None:
        raise BackupError(f"{program} is needed: install PostgreSQL's client programs.")
    environment = dict(os.environ)
    where: list[str] = []
    if connects:
        client, variables = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
        where = list(client[1:])
        environment |= variables or {}
    done = subprocess.run(  # noqa: S603  # a fixed program with our own arguments
        [found, *arguments, *where],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise BackupError(f"{program} failed: {said[-2000:]}")
