"""No two entries of a person have the same time: the database's own rule, on every engine.

A look before the insert lets two requests at once through. PostgreSQL has an exclusion
constraint; SQLite's write lock makes a trigger exact; on MySQL the trigger locks the trainee's row
first, since otherwise each of two would not see the other's entry.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from dbrules.append_only import execute

RULE = "libschool_practicum_entry_overlap"
TABLE = "libschool_practicum_entry"
PEOPLE = "libschool_practicum_person"

_TAKEN = """SELECT {what} FROM {table} AS other
    WHERE other.trainee_id = NEW.trainee_id AND other.state <> 'void'{but_itself}
    AND other.starts_at < NEW.ends_at AND NEW.starts_at < other.ends_at"""

_LOCK = f"SELECT number INTO locked FROM {PEOPLE} WHERE number = NEW.trainee_id"  # noqa: S608  # names of our own tables


def protect(connection: BaseDatabaseWrapper) -> None:
    """Let the database refuse an entry whose time another one of its trainee has."""
    unprotect(connection)
    for statement in _statements(connection.vendor):
        execute(connection, statement)


def unprotect(connection: BaseDatabaseWrapper) -> None:
    """Take the rule away."""
    if connection.vendor == "postgresql":
        execute(connection, f"ALTER TABLE {TABLE} DROP CONSTRAINT IF EXISTS {RULE}")
        return
    for event in ("insert", "update"):
        execute(connection, f"DROP TRIGGER IF EXISTS {RULE}_{event}")


def is_broken_by(error: BaseException) -> bool:
    """Whether ``error`` is the database's refusal by this rule."""
    return RULE in str(error)


def _statements(vendor: str) -> list[str]:
    if vendor == "postgresql":
        # a range of one number needs no extension, which not every account may install
        return [
            f"ALTER TABLE {TABLE} ADD CONSTRAINT {RULE} EXCLUDE USING gist ("
            "int8range(trainee_id, trainee_id, '[]') WITH &&, "
            "tstzrange(starts_at, ends_at, '[)') WITH &&) WHERE (state <> 'void')"
        ]
    body = {"sqlite": _sqlite, "mysql": _mysql}.get(vendor)
    return [body("insert", ""), body("update", " AND other.id <> NEW.id")] if body else []


def _sqlite(event: str, but_itself: str) -> str:
    taken = _TAKEN.format(what="1", table=TABLE, but_itself=but_itself)
    columns = " OF starts_at, ends_at, trainee_id, state" if event == "update" else ""
    return (
        f"CREATE TRIGGER {RULE}_{event} BEFORE {event.upper()}{columns} ON {TABLE} FOR EACH ROW "
        f"WHEN NEW.state <> 'void' AND EXISTS ({taken}) "
        f"BEGIN SELECT RAISE(ABORT, '{RULE}'); END"
    )


def _mysql(event: str, but_itself: str) -> str:
    taken = _TAKEN.format(what="COUNT(*) INTO taken", table=TABLE, but_itself=but_itself)
    return (  # fixed names only
        f"CREATE TRIGGER {RULE}_{event} BEFORE {event.upper()} ON {TABLE} FOR EACH ROW BEGIN "
        "DECLARE locked BIGINT; DECLARE taken BIGINT; IF NEW.state <> 'void' THEN "
        f"{_LOCK} FOR UPDATE; "
        f"{taken} LOCK IN SHARE MODE; "
        f"IF taken > 0 THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{RULE}'; END IF; "
        "END IF; END"
    )
