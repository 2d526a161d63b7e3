"""What a learner's request reads and writes, fetched in one go and written in one go.

A page reads without locks; its writes change only the fields that were set, in the row as it is
when the write happens. A handler that may write locks the learner's rows first and reads
afterwards, so that two calls for one learner and block follow each other. Rows that all learners
share would make a whole class wait for each call, and few calls write them: they are locked when
they are written, and a call that read what has changed since is refused and made again, with
locks from the start.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from delivery.grades.counting import NewScore, count_scores
from delivery.grades.models import ScoreChange
from delivery.models import Completion, LearnerState, SharedState, TrackingEvent
from delivery.prepared import Prepared, Slot, upsert
from delivery.runtime.registry import BlockTypeMissing, load_block_class
from delivery.runtime.scopes import FieldPlan, Home, plan_of
from delivery.tree import CourseTree

SHARED_SCOPES = {
    Home.SUMMARY: SharedState.Scope.SUMMARY,
    Home.PREFERENCES: SharedState.Scope.PREFERENCES,
    Home.USER_INFO: SharedState.Scope.USER_INFO,
}
LEARNERS_ROW = ("user_id", "course_id", "usage_key")  # the columns that are unique together
# What is written of a learner's row: the score only if it changed, for it may have been given in
# the same call, past this store; a published one beside it while a given one counts.
STATE = ("state", "updated_at")
SCORE = ("earned", "possible", "scored_at")
SET_ASIDE = ("published_earned", "published_possible")
NO_PLAN = FieldPlan({}, False, ())
NO_EXTENSIONS: Mapping[str, str] = {}


Points = tuple[float | None, float | None]  # earned of possible


class SharedStateChanged(Exception):
    """What a call has read of the shared rows it writes is out of date: it must be made again."""


class SharedKey(NamedTuple):
    """What names a ``SharedState`` row."""

    scope: str
    owner: int
    target: str


@dataclass(slots=True)
class Record:
    """The fields in one row, and what this request does to them."""

    state: dict[str, Any] = field(default_factory=dict)
    changed: dict[str, Any] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    updated_at: datetime | None = None

    @property
    def is_dirty(self) -> bool:
        """Whether there is something to write."""
        return bool(self.changed or self.removed)

    def set(self, name: str, value: Any) -> None:
        """Give a field a value (JSON)."""
        self.state[name] = self.changed[name] = value
        self.removed.discard(name)

    def remove(self, name: str) -> None:
        """Forget a field; raises ``KeyError`` if it is not set."""
        del self.state[name]
        self.changed.pop(name, None)
        self.removed.add(name)

    def rebase(self, state: dict[str, Any]) -> None:
        """Take ``state`` as what is stored, and do the same changes to it."""
        self.state = {
            name: value for name, value in state.items() if name not in self.removed
        } | self.changed


@dataclass(slots=True)
class LearnerRecord(Record):
    """A ``LearnerState`` row: the learner's fields in a block, and the score that counts."""

    earned: float | None = None
    possible: float | None = None
    scored_at: datetime | None = None
    given_at: datetime | None = None
    score_changed: bool = False
    is_late: bool = False
    stored: Points = (None, None)

    @property
    def moves(self) -> bool:
        """Whether the points are others than those that are stored."""
        return (self.earned, self.possible) != self.stored

    @property
    def is_dirty(self) -> bool:
        """Whether there is something to write."""
        return bool(self.changed or self.removed or self.score_changed)

    def set_score(
        self, earned: float | None, possible: float | None, *, is_late: bool = False
    ) -> None:
        """Store raw points that the block published, or none; late ones came in days of grace."""
        self.earned, self.possible, self.is_late = earned, possible, is_late
        self.score_changed = True


class LearnerStore:
    """One learner's data in one course, for one request."""

    def __init__(
        self,
        tree: CourseTree,
        course_id: int,
        user_id: int,
        extensions: Mapping[str, str] = NO_EXTENSIONS,
    ) -> None:
        self.tree = tree
        self.course_id = course_id
        self.user_id = user_id
        self.extensions = extensions  # due dates of the learner's own, by usage key
        self.is_locking = False
        self.is_rescoring = False  # what was answered before scores again, however late it is now
        self._locks_shared = False
        self._learner: dict[str, LearnerRecord] = {}
        self._shared: dict[SharedKey, Record] = {}
        self._completions: dict[str, float] = {}
        self._events: list[TrackingEvent] = []
        self._refused: list[NewScore] = []

    @property
    def changes_progress(self) -> bool:
        """Whether a completion is waiting to be written; every score brings one."""
        return bool(self._completions)

    # --- Reading --------------------------------------------------------------------------------

    def prefetch(self, usage_keys: Iterable[str]) -> None:
        """Read all that blocks and the blocks below them keep: at most one query per table."""
        self._load(self._below(usage_keys))

    def lock(self, usage_keys: Iterable[str], *, with_shared: bool = False) -> None:
        """Hold the learner's rows of blocks and those below for this transaction, then read them.

        From here on, rows that are needed besides are locked as well when they are first read.
        ``with_shared`` does the same to the rows that learners share.
        """
        self.is_locking = True
        self._locks_shared = with_shared
        self._load(self._below(usage_keys))

    def learner(self, usage_key: str) -> LearnerRecord:
        """The learner's row of a block."""
        if usage_key not in self._learner:
            self._load_learner([usage_key])
        return self._learner[usage_key]

    def shared(self, home: Home, usage_key: str) -> Record:
        """The row that a field of one of the shared scopes lives in."""
        key = self._shared_key(home, usage_key)
        if key not in self._shared:
            self._load_shared([key])
        return self._shared[key]

    def _below(self, usage_keys: Iterable[str]) -> list[str]:
        found = {node.usage_key: None for key in usage_keys for node in self.tree.descendants(key)}
        return list(found)

    def _plan(self, usage_key: str) -> FieldPlan:
        try:
            return plan_of(load_block_class(self.tree.blocks[usage_key].block_type))
        except BlockTypeMissing:
            return NO_PLAN

    def _shared_key(self, home: Home, usage_key: str) -> SharedKey:
        scope = SHARED_SCOPES[home].value
        if home is Home.SUMMARY:
            return SharedKey(scope, 0, usage_key)
        if home is Home.PREFERENCES:
            return SharedKey(scope, self.user_id, self.tree.blocks[usage_key].block_type)
        return SharedKey(scope, self.user_id, "")

    def _load(self, usage_keys: Sequence[str]) -> None:
        plans = {key: self._plan(key) for key in usage_keys}
        # To lock a row is to make it: not worth it for blocks that keep nothing.
        kept = [key for key in usage_keys if plans[key].has_learner_state or not self.is_locking]
        self._load_learner(kept)
        shared = (self._shared_key(home, key) for key in usage_keys for home in plans[key].shared)
        self._load_shared(list(dict.fromkeys(shared)))

    def _load_learner(self, usage_keys: Sequence[str]) -> None:
        missing = [key for key in usage_keys if key not in self._learner]
        stored = _fetch(_LearnerTable(self), missing, self.is_locking)
        for key in missing:
            self._learner[key] = stored.get(key) or LearnerRecord()

    def _load_shared(self, keys: Sequence[SharedKey]) -> None:
        missing = [key for key in keys if key not in self._shared]
        stored = _fetch(_SharedTable(self), missing, self._locks_shared)
        for key in missing:
            self._shared[key] = stored.get(key) or Record()

    # --- Writing --------------------------------------------------------------------------------

    def complete(self, usage_key: str, completion: float) -> None:
        """Note how far a block is completed (0-1)."""
        self._completions[usage_key] = completion

    def refuse_score(self, usage_key: str, earned: float, possible: float) -> None:
        """Note points that came too late to count."""
        self._refused.append(
            NewScore(
                usage_key,
                earned,
                possible,
                kind=ScoreChange.Kind.LATE,
                counts=False,
                is_late=True,
                made_by=self.user_id,
            )
        )

    def track(self, usage_key: str, name: str, data: Any) -> None:
        """Note an event."""
        self._events.append(
            TrackingEvent(
                user_id=self.user_id,
                course_id=self.course_id,
                usage_key=usage_key,
                name=name,
                data=data,
            )
        )

    def flush(self) -> None:
        """Write all changes. Without locks so far, takes them and merges field by field.

        Raises ``SharedStateChanged`` if the rows were locked but a shared one that is to be
        written is not as it was read; the transaction must then be given up.
        """
        learner = {key: row for key, row in self._learner.items() if row.is_dirty}
        shared = {key: row for key, row in self._shared.items() if row.is_dirty}
        if not (learner or shared or self._completions or self._events or self._refused):
            return
        with transaction.atomic(savepoint=False):
            if not self.is_locking:
                self._rebase(_LearnerTable(self), learner)
                self._rebase(_SharedTable(self), shared)
            elif not self._locks_shared:
                self._verify(shared)
            new_scores = self._write_learner(learner)
            self._write_shared(shared)
            self._write_completions()
            TrackingEvent.objects.bulk_create(self._events)
            self._count(new_scores)
        for row in (*learner.values(), *shared.values()):
            row.changed, row.removed = {}, set()
        for row in learner.values():
            row.score_changed, row.stored = False, (row.earned, row.possible)
        self._completions, self._events, self._refused = {}, [], []

    def _count(self, new_scores: list[NewScore]) -> None:
        if new_scores or self._refused:
            count_scores(self.tree, self.course_id, self.user_id, [*self._refused, *new_scores])

    def _verify(self, rows: dict[SharedKey, Record]) -> None:
        for key, stored in _fetch(_SharedTable(self), sorted(rows), lock=True).items():
            read_at = rows[key].updated_at
            if stored.updated_at != read_at if read_at else stored.state:
                raise SharedStateChanged(key)

    def _rebase(self, table: Any, rows: dict[Any, Any]) -> None:
        stored = _fetch(table, sorted(rows), lock=True)
        for key, row in rows.items():
            row.rebase(stored[key].state)
            if isinstance(row, LearnerRecord) and not row.score_changed:
                row.earned, row.possible = stored[key].earned, stored[key].possible
            if isinstance(row, LearnerRecord):
                row.stored, row.scored_at = stored[key].stored, stored[key].scored_at
                row.given_at = stored[key].given_at

    def _write_learner(self, rows: dict[str, LearnerRecord]) -> list[NewScore]:
        """Write the learner's rows; the scores that came with them."""
        given = self._still_given(rows)
        groups: dict[tuple[str, ...], list[LearnerState]] = {}
        for key, row in sorted(rows.items()):
            written = LearnerState(
                user_id=self.user_id, course_id=self.course_id, usage_key=key, state=row.state
            )
            fields: tuple[str, ...] = STATE
            if row.score_changed and key in given:
                fields += SET_ASIDE
                written.published_earned, written.published_possible = row.earned, row.possible
            elif row.score_changed:
                fields += SCORE
                row.scored_at = timezone.now() if row.moves else row.scored_at
                written.earned, written.possible = row.earned, row.possible
                written.scored_at = row.scored_at
            groups.setdefault(fields, []).append(written)
        for fields, group in groups.items():
            upsert(group, LEARNERS_ROW, fields)
        return [
            self._new_score(key, row, counts=key not in given)
            for key, row in sorted(rows.items())
            if row.score_changed
        ]

    def _new_score(self, usage_key: str, row: LearnerRecord, *, counts: bool) -> NewScore:
        kinds = ScoreChange.Kind
        scored = kinds.REGRADE if self.is_rescoring else kinds.SUBMISSION
        return NewScore(
            usage_key,
            row.earned,
            row.possible,
            kind=kinds.RESET if row.earned is None else scored,
            counts=counts,
            moves=row.moves,
            is_late=row.is_late,
            made_by=self.user_id,
        )

    def _still_given(self, rows: dict[str, LearnerRecord]) -> set[str]:
        """The rows with a given score: it may have been reset since they were read."""
        given = [key for key, row in rows.items() if row.score_changed and row.given_at]
        stored = _fetch(_LearnerTable(self), given, lock=True)
        return {key for key, row in stored.items() if row.given_at}

    def _write_shared(self, rows: dict[SharedKey, Record]) -> None:
        upsert(
            [SharedState(**key._asdict(), state=row.state) for key, row in sorted(rows.items())],
            ("scope", "owner", "target"),
            STATE,
        )

    def _write_completions(self) -> None:
        upsert(
            [
                Completion(
                    user_id=self.user_id,
                    course_id=self.course_id,
                    usage_key=key,
                    completion=completion,
                )
                for key, completion in sorted(self._completions.items())
            ],
            LEARNERS_ROW,
            ("completion", "updated_at"),
        )


def _learner_rows(listed: list[Any]) -> QuerySet[LearnerState, tuple[Any, ...]]:
    rows = LearnerState.objects.filter(
        user_id=Slot("user_id"), course_id=Slot("course_id"), usage_key__in=listed
    )
    return rows.values_list("usage_key", "state", "earned", "possible", "scored_at", "given_at")


def _shared_rows(listed: list[Any]) -> QuerySet[SharedState, tuple[Any, ...]]:
    rows = SharedState.objects.filter(
        scope__in=SHARED_SCOPES.values(), owner__in=[0, Slot("owner")], target__in=listed
    )
    return rows.values_list("scope", "owner", "target", "state", "updated_at")


_LEARNER_ROWS = Prepared(_learner_rows)
_LOCKED_LEARNER_ROWS = Prepared(
    lambda listed: _learner_rows(listed).order_by("usage_key").select_for_update()
)
_SHARED_ROWS = Prepared(_shared_rows)
_LOCKED_SHARED_ROWS = Prepared(
    lambda listed: _shared_rows(listed).order_by("scope", "owner", "target").select_for_update()
)


class _LearnerTable:
    def __init__(self, store: LearnerStore) -> None:
        self._store = store

    def read(self, keys: Sequence[str], lock: bool = False) -> dict[str, LearnerRecord]:
        query = _LOCKED_LEARNER_ROWS if lock else _LEARNER_ROWS
        rows = query.fetch(keys, user_id=self._store.user_id, course_id=self._store.course_id)
        return {
            key: LearnerRecord(
                state=state,
                earned=earned,
                possible=possible,
                scored_at=scored,
                given_at=given,
                stored=(earned, possible),
            )
            for key, state, earned, possible, scored, given in rows
        }

    def insert(self, keys: Sequence[str]) -> None:
        LearnerState.objects.bulk_create(
            [
                LearnerState(
                    user_id=self._store.user_id, course_id=self._store.course_id, usage_key=key
                )
                for key in keys
            ],
            ignore_conflicts=True,
        )


class _SharedTable:
    def __init__(self, store: LearnerStore) -> None:
        self._store = store

    def read(self, keys: Sequence[SharedKey], lock: bool = False) -> dict[SharedKey, Record]:
        query = _LOCKED_SHARED_ROWS if lock else _SHARED_ROWS
        rows = query.fetch([key.target for key in keys], owner=self._store.user_id)
        return {
            SharedKey(scope, owner, target): Record(state=state, updated_at=moment)
            for scope, owner, target, state, moment in rows
        }

    def insert(self, keys: Sequence[SharedKey]) -> None:
        SharedState.objects.bulk_create(
            [SharedState(**key._asdict()) for key in keys], ignore_conflicts=True
        )


def _fetch(table: Any, keys: Sequence[Any], lock: bool) -> dict[Any, Any]:
    if not keys:
        return {}
    found: dict[Any, Any] = _lock_rows(table, keys) if lock else table.read(keys)
    return found


def _lock_rows(table: Any, keys: Sequence[Any]) -> dict[Any, Any]:
    """Lock rows in the order of their keys, making those that do not exist yet.

    Rows that another transaction made meanwhile are not in the snapshot of the first query, so
    missing ones are inserted unless they conflict, and then read by a second one.
    """
    found: dict[Any, Any] = table.read(sorted(keys), lock=True)
    missing = sorted(set(keys) - set(found))
    if missing:
        table.insert(missing)
        found |= table.read(missing, lock=True)
    return found
