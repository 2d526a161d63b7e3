"""What learners' requests read and write: in few queries, and without losing anything."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from xblock.exceptions import InvalidScopeError

from delivery.access import Visit
from delivery.models import LearnerState, SharedState
from delivery.runtime.calls import act_locked
from delivery.runtime.host import BlockRuntime
from delivery.runtime.state import LearnerStore
from delivery.tree import load_tree
from tests.delivery.factories import MadeCourse, Spec, block, enrol, make_course, make_user
from tests.delivery.sample_blocks import COUNTER, PLAIN

THREADS = 4
ROUNDS = 5


def make_visit(*blocks: Spec, **options: Any) -> tuple[MadeCourse, Visit]:
    made = make_course(*blocks, **options)
    user = make_user()
    enrollment = enrol(user, made)
    return made, Visit(made.course, user, enrollment, made.version.pk)


def only(made: MadeCourse, name: str = "a") -> str:
    return made.usage(COUNTER, name)


# --- Scopes -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_scope_is_kept_where_it_belongs() -> None:
    made, visit = make_visit(block(COUNTER, "a"))
    runtime = BlockRuntime(visit)
    one = runtime.get_block(only(made))
    one.count, one.votes, one.speed, one.nickname = 2, {"x": 1}, 5, "Fern"
    one.save()
    runtime.store.flush()
    again = BlockRuntime(visit).get_block(only(made))
    assert (again.count, again.votes, again.speed, again.nickname) == (2, {"x": 1}, 5, "Fern")
    assert LearnerState.objects.get().state == {"count": 2}
    rows = {(row.scope, row.owner, row.target): row.state for row in SharedState.objects.all()}
    assert rows == {
        ("summary", 0, only(made)): {"votes": {"x": 1}},
        ("preferences", visit.user.pk, COUNTER): {"speed": 5},
        ("user_info", visit.user.pk, ""): {"nickname": "Fern"},
    }


@pytest.mark.django_db
def test_what_one_learner_does_is_not_seen_by_another_unless_it_is_everyones() -> None:
    made, visit = make_visit(block(COUNTER, "a"))
    other = make_user()
    runtime = BlockRuntime(visit)
    one = runtime.get_block(only(made))
    one.count, one.votes, one.speed = 2, {"x": 1}, 5
    one.save()
    runtime.store.flush()
    theirs = BlockRuntime(Visit(made.course, other, enrol(other, made), made.version.pk)).get_block(
        only(made)
    )
    assert (theirs.count, theirs.speed, theirs.votes) == (0, 1, {"x": 1})


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "value"), [("limit", 9), ("words", ["x"])])
def test_who_takes_a_course_cannot_change_what_its_author_wrote(name: str, value: object) -> None:
    made, visit = make_visit(block(COUNTER, "a", limit=4))
    one = BlockRuntime(visit).get_block(only(made))
    setattr(one, name, value)
    with pytest.raises(InvalidScopeError):
        one.save()
    assert load_tree(made.version.pk).blocks[only(made)].fields == {"limit": 4}


@pytest.mark.django_db
def test_a_block_that_changes_a_list_it_was_given_does_not_change_the_course() -> None:
    made, visit = make_visit(block(COUNTER, "a", words=["x"]))
    BlockRuntime(visit).get_block(only(made)).words.append("y")
    assert BlockRuntime(visit).get_block(only(made)).words == ["x"]


@pytest.mark.django_db
def test_settings_come_from_the_containers_around_unless_the_block_sets_them() -> None:
    made, visit = make_visit(
        block(COUNTER, "a"),
        block(COUNTER, "b", due="2031-01-01T00:00:00Z"),
        settings={"due": "2030-01-01T00:00:00Z", "graceperiod": "2 days"},
    )
    runtime = BlockRuntime(visit)
    assert runtime.get_block(only(made)).due.year == 2030
    assert runtime.get_block(only(made, "b")).due.year == 2031
    assert runtime.get_block(only(made)).graceperiod.days == 2
    assert runtime.get_block(only(made)).close_date.day == 3


@pytest.mark.django_db
def test_blocks_know_their_parents_and_children() -> None:
    made, visit = make_visit(block(COUNTER, "a", block(PLAIN, "b"), block(PLAIN, "c")))
    runtime = BlockRuntime(visit)
    parent = runtime.get_block(only(made))
    assert [child.scope_ids.usage_id.block_id for child in parent.get_children()] == ["b", "c"]
    assert parent.get_children()[0].get_parent() is parent
    assert [each.url_name for each in runtime.query(parent).children()] == ["b", "c"]
    assert str(parent.location) == only(made)
    assert str(parent.course_id) == made.key


@pytest.mark.django_db
def test_a_deleted_field_has_its_default_again() -> None:
    made, visit = make_visit(block(COUNTER, "a"))
    runtime = BlockRuntime(visit)
    one = runtime.get_block(only(made))
    one.count, one.note = 4, "x"
    one.save()
    runtime.store.flush()
    runtime = BlockRuntime(visit)
    one = runtime.get_block(only(made))
    del one.count
    assert one.count == 0
    runtime.store.flush()
    assert LearnerState.objects.get().state == {"note": "x"}


# --- Queries ------------------------------------------------------------------------------------


def queries(action: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        action()
    words = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return [q["sql"] for q in captured.captured_queries if not q["sql"].startswith(words)]


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 5, 40])
def test_a_unit_is_read_by_one_query_for_each_table_whatever_its_size(number: int) -> None:
    blocks = [block(COUNTER, f"n{i}") for i in range(number)]
    made, visit = make_visit(*blocks)
    runtime = BlockRuntime(visit)

    def read() -> None:
        runtime.store.prefetch([made.unit])
        for i in range(number):
            one = runtime.get_block(only(made, f"n{i}"))
            assert (one.count, one.votes, one.speed, one.nickname) == (0, {}, 1, "")

    load_tree(made.version.pk)
    assert len(queries(read)) == 2


@pytest.mark.django_db
def test_shared_rows_are_not_asked_for_when_no_block_shares_anything() -> None:
    made, visit = make_visit(block(PLAIN, "a"), block("html", "b"))
    load_tree(made.version.pk)
    store = LearnerStore(visit.tree, made.course.pk, visit.user.pk)
    asked = queries(lambda: store.prefetch([made.unit]))
    assert len(asked) == 1
    assert SharedState._meta.db_table not in asked[0]


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 20])
def test_all_changes_of_a_request_are_written_at_once(number: int) -> None:
    made, visit = make_visit(*[block(COUNTER, f"n{i}") for i in range(number)])
    runtime = BlockRuntime(visit)
    with transaction.atomic():
        runtime.store.lock([made.unit])
        for i in range(number):
            one = runtime.get_block(only(made, f"n{i}"))
            one.count = i
            one.save()
        assert len(queries(runtime.store.flush)) == 1
    assert LearnerState.objects.count() == number


@pytest.mark.django_db
def test_a_page_that_changes_nothing_writes_nothing() -> None:
    made, visit = make_visit(block(COUNTER, "a"))
    runtime = BlockRuntime(visit)
    one = runtime.get_block(only(made))
    assert (one.count, one.log) == (0, [])
    one.save()
    assert queries(runtime.store.flush) == []


# --- Two at once --------------------------------------------------------------------------------


def at_once(action: Callable[[int, int], None]) -> list[Exception]:
    """Run ``action(number)`` in threads that start together; returns their errors."""
    errors = []
    barrier = threading.Barrier(THREADS, timeout=60)

    def run(number: int) -> None:
        try:
            barrier.wait()
            for turn in range(ROUNDS):
                action(number, turn)
        except Exception as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[number]) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def add_one(visit: Visit, key: str) -> None:
    act_locked(visit, key, lambda runtime: _increase(runtime, key))


def _increase(runtime: BlockRuntime, key: str) -> None:
    one = runtime.get_block(key)
    one.count += 1
    one.votes = {"all": one.votes.get("all", 0) + 1}
    one.save()


def totals() -> tuple[int, int]:
    return (
        sum(
            state.get("count", 0) for state in LearnerState.objects.values_list("state", flat=True)
        ),
        SharedState.objects.get(scope="summary").state["votes"]["all"],
    )


@pytest.mark.django_db(transaction=True)
def test_two_calls_at_once_lose_no_update_from_the_first_one_on() -> None:
    made, visit = make_visit(block(COUNTER, "a"))
    load_tree(made.version.pk)
    assert at_once(lambda number, turn: add_one(visit, only(made))) == []
    assert totals() == (THREADS * ROUNDS, THREADS * ROUNDS)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_updates_are_lost() -> None:
    """The twin of the test above: it shows that that one can fail."""
    made, visit = make_visit(block(COUNTER, "a"))
    load_tree(made.version.pk)
    ready = threading.Barrier(2, timeout=60)

    def race() -> None:
        try:
            runtime = BlockRuntime(visit)
            runtime.store.prefetch([only(made)])
            _increase(runtime, only(made))
            ready.wait()
            runtime.store.flush()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=race) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert totals() == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_learners_at_once_lose_no_update_of_what_they_share() -> None:
    made, visit = make_visit(block(COUNTER, "a"))
    load_tree(made.version.pk)
    visits = [visit]
    for _ in range(THREADS - 1):
        user = make_user()
        visits.append(Visit(made.course, user, enrol(user, made), made.version.pk))
    assert at_once(lambda number, turn: add_one(visits[number], only(made))) == []
    assert totals() == (THREADS * ROUNDS, THREADS * ROUNDS)


@pytest.mark.django_db(transaction=True)
def test_a_container_and_its_child_called_at_once_lose_nothing() -> None:
    made, visit = make_visit(block(COUNTER, "a", block(COUNTER, "b")))
    load_tree(made.version.pk)
    child = only(made, "b")

    def count(runtime: BlockRuntime) -> None:
        one = runtime.get_block(child)
        one.count += 1
        one.save()

    def call(number: int, turn: int) -> None:
        act_locked(visit, only(made) if number % 2 else child, count)

    assert at_once(call) == []
    state = LearnerState.objects.get(usage_key=child).state
    assert state["count"] == THREADS * ROUNDS


@pytest.mark.django_db
@pytest.mark.parametrize("first", [None, {"all": 5}])
def test_a_call_that_read_shared_fields_before_they_changed_is_made_again(
    first: dict[str, int] | None,
) -> None:
    made, visit = make_visit(block(COUNTER, "a"))
    key = only(made)
    summary: dict[str, Any] = {"scope": "summary", "owner": 0, "target": key}
    if first:
        SharedState.objects.create(**summary, state={"votes": first})
    attempts = []

    def vote(runtime: BlockRuntime) -> None:
        _increase(runtime, key)
        attempts.append(runtime)
        if len(attempts) == 1:  # a change between this attempt's reading and writing
            SharedState.objects.update_or_create(
                **summary, defaults={"state": {"votes": {"all": 70}}}
            )

    act_locked(visit, key, vote)
    assert len(attempts) == 2  # and the first, with all that happened in it, is undone
    before = first["all"] if first else 0
    assert SharedState.objects.get(scope="summary").state == {"votes": {"all": before + 1}}
    assert LearnerState.objects.get().state == {"count": 1}


@pytest.mark.django_db(transaction=True)
def test_pages_at_once_keep_each_others_fields() -> None:
    made, visit = make_visit(block(COUNTER, "a"))
    load_tree(made.version.pk)

    def write(number: int, turn: int) -> None:
        runtime = BlockRuntime(visit)
        one = runtime.get_block(only(made))
        if number % 2:
            one.note = f"note {turn}"
        else:
            one.count = turn
        one.save()
        runtime.store.flush()

    assert at_once(write) == []
    assert LearnerState.objects.get().state == {"note": f"note {ROUNDS - 1}", "count": ROUNDS - 1}


@pytest.mark.django_db
def test_a_failed_call_leaves_nothing_behind() -> None:
    made, visit = make_visit(block(COUNTER, "a"))

    def fail(runtime: BlockRuntime) -> None:
        _increase(runtime, only(made))
        runtime.store.flush()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        act_locked(visit, only(made), fail)
    assert (LearnerState.objects.count(), SharedState.objects.count()) == (0, 0)
