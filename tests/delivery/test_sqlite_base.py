import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from delivery.access import Access, access
from delivery.sqlite.gate import gate_of

THREADS = 8
ROUNDS = 60
PRAGMAS = "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"
QUEUEING: dict[str, Any] = {
    "ENGINE": "delivery.sqlite",
    "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": PRAGMAS},
}
UNPROTECTED: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "OPTIONS": {"timeout": 5, "init_command": PRAGMAS},
}
UNFAIR = {**QUEUEING, "ENGINE": "django.db.backends.sqlite3"}


@pytest.fixture
def shelf(tmp_path: Path, django_db_blocker: Any) -> Iterator[Callable[[Any], None]]:
    """Makes the database alias ``shelf`` of the given settings, with one shared row."""
    with django_db_blocker.unblock():

        def make(settings: Any) -> None:
            connections.settings["shelf"] = {
                **connections.settings["default"],
                "NAME": str(tmp_path / "shelf.sqlite3"),
                "CONN_MAX_AGE": 0,
                **settings,
            }
            run("CREATE TABLE shelf (books integer NOT NULL)")
            run("INSERT INTO shelf VALUES (0)")

        yield make
        connections["shelf"].close()
        del connections["shelf"]
        del connections.settings["shelf"]


def run(statement: str, *parameters: int) -> list[Any]:
    with connections["shelf"].cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if statement.startswith("SELECT") else []


def count_books() -> int:
    return int(run("SELECT books FROM shelf")[0][0])


def add_book() -> None:
    """Read, think, write: the transaction that loses updates or locks when unprotected."""
    with transaction.atomic("shelf"):
        books = count_books()
        time.sleep(0.0005)
        run("UPDATE shelf SET books = %s", books + 1)


def in_threads(work: Callable[[list[str]], None], count: int = THREADS) -> list[str]:
    errors: list[str] = []

    def body() -> None:
        try:
            work(errors)
        finally:
            connections["shelf"].close()

    threads = [threading.Thread(target=body) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def add_many(errors: list[str]) -> None:
    for _ in range(ROUNDS):
        try:
            add_book()
        except OperationalError as error:
            errors.append(str(error))


def test_many_writers_lose_nothing_and_never_meet_a_locked_database(
    shelf: Callable[[Any], None],
) -> None:
    shelf(QUEUEING)
    assert in_threads(add_many) == []
    assert count_books() == THREADS * ROUNDS


def test_without_the_settings_the_same_writers_meet_a_locked_database(
    shelf: Callable[[Any], None],
) -> None:
    shelf(UNPROTECTED)
    errors = in_threads(add_many)
    assert set(errors) == {"database is locked"}
    assert len(errors) > THREADS * ROUNDS / 10


def count_overtaking() -> int:
    """The most transactions of others that one had to let pass, after it asked to begin."""
    worst = []
    done = [0]

    def work(errors: list[str]) -> None:
        for _ in range(ROUNDS):
            asked_at = done[0]
            with transaction.atomic("shelf"):
                worst.append(done[0] - asked_at)
                run("UPDATE shelf SET books = %s", count_books() + 1)
                time.sleep(0.001)
                done[0] += 1

    assert in_threads(work) == []
    return max(worst)


def test_no_writer_waits_for_more_than_those_before_it(shelf: Callable[[Any], None]) -> None:
    shelf(QUEUEING)
    assert count_overtaking() <= 2 * THREADS


def test_without_the_queue_a_writer_is_overtaken_again_and_again(
    shelf: Callable[[Any], None],
) -> None:
    shelf(UNFAIR)
    assert count_overtaking() > 2 * THREADS


def gate_is_free() -> bool:
    gate = gate_of(connections.settings["shelf"]["NAME"])
    if not gate.acquire(0):
        return False
    gate.release()
    return True


def test_a_nested_transaction_holds_the_queue_once(shelf: Callable[[Any], None]) -> None:
    shelf(QUEUEING)
    with transaction.atomic("shelf"):
        add_book()
        with transaction.atomic("shelf", savepoint=False):
            add_book()
        assert not gate_is_free()
    assert gate_is_free()
    assert count_books() == 2


class Fire(Exception):
    pass


def burn() -> None:
    raise Fire


def close_connection() -> None:
    connections["shelf"].close()


def break_statement() -> None:
    run("SELECT title FROM nowhere")


@pytest.mark.parametrize("accident", [burn, close_connection, break_statement])
def test_the_next_may_write_whatever_happened_in_a_transaction(
    shelf: Callable[[Any], None], accident: Callable[[], None]
) -> None:
    shelf(QUEUEING)

    def work(errors: list[str]) -> None:
        try:
            with transaction.atomic("shelf"):
                run("UPDATE shelf SET books = 7")
                accident()
        except (Fire, OperationalError):
            pass

    in_threads(work, count=1)
    assert gate_is_free()
    assert count_books() == 0


def test_an_inner_failure_that_is_caught_keeps_the_outer_transaction(
    shelf: Callable[[Any], None],
) -> None:
    shelf(QUEUEING)
    with transaction.atomic("shelf"):
        add_book()
        with pytest.raises(Fire), transaction.atomic("shelf"):
            add_and_burn()
        assert not gate_is_free()
    assert gate_is_free()
    assert count_books() == 1


def add_and_burn() -> None:
    add_book()
    burn()


def test_a_thread_that_ended_inside_a_transaction_does_not_block_the_others(
    shelf: Callable[[Any], None],
) -> None:
    shelf(QUEUEING)

    def leave_open() -> None:
        connection = connections["shelf"]
        connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)

    thread = threading.Thread(target=leave_open)
    thread.start()
    thread.join()
    add_book()
    assert count_books() == 1


def test_reading_does_not_wait_for_a_writer(shelf: Callable[[Any], None]) -> None:
    shelf(QUEUEING)
    with transaction.atomic("shelf"):
        run("UPDATE shelf SET books = 7")
        seen = []
        in_threads(lambda errors: seen.append(count_books()), count=1)
        assert seen == [0]


def test_a_single_statement_waits_its_turn(shelf: Callable[[Any], None]) -> None:
    shelf(QUEUEING)
    done = threading.Event()

    def write_alone() -> None:
        run("UPDATE shelf SET books = books + 10")
        done.set()
        connections["shelf"].close()

    with transaction.atomic("shelf"):
        add_book()
        thread = threading.Thread(target=write_alone)
        thread.start()
        assert not done.wait(0.1)
    thread.join()
    assert count_books() == 11


# --- A database that another process keeps locked -------------------------------------------------


@access(Access.ANYONE)
def borrow(request: HttpRequest) -> HttpResponse:
    add_book()
    return HttpResponse("borrowed")


@access(Access.ANYONE)
def misplace(request: HttpRequest) -> HttpResponse:
    return HttpResponse(run("SELECT title FROM nowhere"))


urlpatterns = [path("borrow/", borrow), path("misplace/", misplace)]


@pytest.fixture
def client_of_a_locked_shelf(shelf: Callable[[Any], None], settings: Any) -> Iterator[Client]:
    settings.MIDDLEWARE = ["delivery.guards.BusyDatabaseMiddleware"]
    settings.ROOT_URLCONF = __name__
    quick = {**QUEUEING["OPTIONS"], "timeout": 0.05}
    shelf({**QUEUEING, "OPTIONS": quick})
    other = sqlite3.connect(connections.settings["shelf"]["NAME"], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield Client()
    other.execute("ROLLBACK")
    other.close()


def test_a_page_of_a_locked_school_asks_to_try_again(client_of_a_locked_shelf: Client) -> None:
    answer = client_of_a_locked_shelf.get("/borrow/", headers={"accept": "text/html"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert b"The school is very busy" in answer.content


def test_a_script_of_a_locked_school_is_told_so(client_of_a_locked_shelf: Client) -> None:
    answer = client_of_a_locked_shelf.post("/borrow/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "very busy" in answer.json()["error"]
    assert gate_is_free()


def test_another_failure_of_the_database_is_not_called_busy(
    client_of_a_locked_shelf: Client,
) -> None:
    with pytest.raises(OperationalError, match="no such table"):
        client_of_a_locked_shelf.get("/misplace/")
