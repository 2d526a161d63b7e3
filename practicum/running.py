"""How a command of ``practicum.api`` runs: whole or not at all, and once for an idempotency key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.utils import timezone

from dbrules.deadlocks import restarted
from jobs.api import enqueue
from practicum import overlap, trail
from practicum.canonical import digest, plain
from practicum.data import Actor, ItemOutcome, Problem, Receipt, gettext_noop
from practicum.errors import InvalidEntry, InvalidValue, KeyReused, PracticumError
from practicum.models import CommandReceipt, CourseItem
from practicum.sealing import Vault

UPDATE_SCORES = "practicum.update_scores"
MAX_KEY = 64
OVERLAP = Problem("overlap", gettext_noop("Another entry has some of this time."), field="start")


@dataclass(slots=True)
class Run:
    """One run of a command: who, when, and what it writes.

    ``credited`` are the trainees of whom something counts now that did not, or the reverse.
    """

    actor: Actor
    at: datetime
    vault: Vault = field(default_factory=Vault)
    _steps: list[trail.Step] = field(default_factory=list)
    credited: set[UUID] = field(default_factory=set)
    _new: dict[type[models.Model], list[Any]] = field(default_factory=dict)
    _changed: dict[int, tuple[Any, set[str]]] = field(default_factory=dict)

    def step(self, command: str, subject: UUID, **facts: Any) -> trail.Step:
        """Begin an audit event. ``facts`` are ids, numbers and codes, nothing personal."""
        step = trail.Step(command, subject, facts)
        self._steps.append(step)
        return step

    def add(self, step: trail.Step, *rows: Any) -> None:
        """Insert rows at the end of the run (in the order of their models' first appearance)."""
        for row in rows:
            row.event_id = step.id
            step.rows.append(row)
            self._new.setdefault(type(row), []).append(row)

    def change(self, step: trail.Step, row: Any, **values: Any) -> None:
        """Change columns of a row that the run holds the lock of; written with the others."""
        for name, value in values.items():
            setattr(row, name, value)
        row.event_id = step.id
        step.rows.append(row)
        if not any(row is new for new in self._new.get(type(row), ())):
            _row, names = self._changed.setdefault(id(row), (row, set()))
            names.update((*values, "event_id"))

    def save_now(self, step: trail.Step, row: Any) -> None:
        """Insert a row at once, for those whose key the database gives."""
        row.event_id = step.id
        row.save(force_insert=True)
        step.rows.append(row)

    def flush(self) -> None:
        """Write what was added and changed so far."""
        for model, rows in self._new.items():
            model._default_manager.bulk_create(rows)
        self._new.clear()
        _update(self._changed.values())
        self._changed.clear()

    def finish(self) -> int:
        """Write what is left, and the trail; returns the number of the last event."""
        self.flush()
        for trainee in self._trainees_in_courses():
            enqueue(UPDATE_SCORES, {"trainee": str(trainee)})
        return trail.append(self._steps, self.actor, self.at)

    def _trainees_in_courses(self) -> set[UUID]:
        if not self.credited:
            return set()
        rows = CourseItem.objects.filter(trainee__id__in=self.credited)
        return set(rows.values_list("trainee__id", flat=True))


def _update(changed: Iterable[tuple[Any, set[str]]]) -> None:
    """Write columns of rows, one statement for all rows of which the same columns changed."""
    alike: dict[tuple[type[models.Model], tuple[str, ...]], list[Any]] = {}
    for row, changes in changed:
        alike.setdefault((type(row), tuple(sorted(changes))), []).append(row)
    quote = connection.ops.quote_name
    for (model, names), rows in alike.items():
        fields: list[Any] = [model._meta.get_field(name) for name in names]
        key: Any = model._meta.pk
        columns = ", ".join(f"{quote(field.column)} = %s" for field in fields)
        table, where = quote(model._meta.db_table), quote(key.column)
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {table} SET {columns} WHERE {where} = %s",  # noqa: S608  # names of ours
                [[_stored(field, row) for field in (*fields, key)] for row in rows],
            )


def _stored(field: Any, row: models.Model) -> Any:
    return field.get_db_prep_save(getattr(row, field.attname), connection)


Effect = Callable[[Run], Receipt]


def perform(actor: Actor, command: str, key: str, request: object, effect: Effect) -> Receipt:
    """Run ``effect`` as one transaction and return its receipt.

    With a ``key`` (of the actor's, at most 64 characters) the first receipt is kept and returned
    to every later call with the same ``request``. Raises ``KeyReused`` for another request, and
    what ``effect`` raises.
    """
    if len(key) > MAX_KEY:
        raise InvalidValue(what="idempotency key")
    request_hash = digest([command, request, key])
    try:
        return _attempt(actor, command, key, request_hash, effect)
    except (PracticumError, DatabaseError) as error:
        # Another request with this key may have been first, and that is why this one failed.
        if key and not isinstance(error, KeyReused):
            earlier = _find_receipt(actor, key, request_hash)
            if earlier is not None:
                return earlier
        if overlap.is_broken_by(error):
            raise InvalidEntry((OVERLAP,)) from error
        raise


@restarted
def _attempt(actor: Actor, command: str, key: str, request_hash: str, effect: Effect) -> Receipt:
    try:
        return _once(actor, command, key, request_hash, effect)
    except IntegrityError as error:
        if overlap.is_broken_by(error):
            raise
    # Somebody made the same thing at the same moment: the second time it is found.
    return _once(actor, command, key, request_hash, effect)


def _once(actor: Actor, command: str, key: str, request_hash: str, effect: Effect) -> Receipt:
    with transaction.atomic():
        trail.take_write_lock()
        earlier = _find_receipt(actor, key, request_hash) if key else None
        if earlier is not None:
            return earlier
        run = Run(actor, timezone.now())
        receipt = effect(run)
        run.finish()
        if key:
            CommandReceipt.objects.create(
                actor=_owner(actor),
                key=key,
                command=command,
                request_hash=request_hash,
                receipt=plain(receipt),
                at=run.at,
            )
    return receipt


def _owner(actor: Actor) -> str:
    return str(actor.person or actor.means.value)


def _find_receipt(actor: Actor, key: str, request_hash: str) -> Receipt | None:
    row = CommandReceipt.objects.filter(actor=_owner(actor), key=key).first()
    if row is None:
        return None
    if row.request_hash != request_hash:
        raise KeyReused
    return load_receipt(row.receipt)


def load_receipt(stored: Mapping[str, Any]) -> Receipt:
    """The receipt that was stored as plain JSON."""
    return Receipt(
        id=UUID(stored["id"]),
        state=stored["state"],
        version=stored["version"],
        content_hash=stored["content_hash"],
        warnings=_problems(stored["warnings"]),
        items=tuple(
            ItemOutcome(
                id=UUID(item["id"]),
                state=item["state"],
                version=item["version"],
                error=item["error"],
                problems=_problems(item["problems"]),
            )
            for item in stored["items"]
        ),
    )


def _problems(stored: list[Mapping[str, Any]]) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            code=one["code"],
            template=one["template"],
            params=one["params"],
            is_hard=one["is_hard"],
            field=one["field"],
            entry=UUID(one["entry"]) if one["entry"] else None,
        )
        for one in stored
    )
