"""The served school with its real processes: it starts, recovers from any kill, and ends clean."""

import http.client
import os
import signal
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.delivery.schools import School, children_of, is_alive, wait_until
from tests.ports import free_port

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("serve")]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> School:
    school = School(tmp_path_factory.mktemp("prepared"), "tests.delivery.served.settings")
    school.do("migrate", "-v0")
    return school


def make_school(prepared: School, folder: Path) -> School:
    school = School(folder, "tests.delivery.served.settings", WEB_CLIENT_TIMEOUT="1")
    school.data.mkdir()
    database = "libschool.sqlite3"
    (school.data / database).write_bytes((prepared.data / database).read_bytes())
    school.port = free_port()
    return school


@pytest.fixture
def school(prepared: School, tmp_path: Path) -> Iterator[School]:
    """A school that is not served yet."""
    school = make_school(prepared, tmp_path)
    yield school
    school.end()


@pytest.fixture(scope="module")
def open_one(prepared: School, tmp_path_factory: pytest.TempPathFactory) -> Iterator[School]:
    """A school that is served, for tests that do it no harm."""
    school = make_school(prepared, tmp_path_factory.mktemp("open"))
    open_school(school)
    yield school
    school.end()


def ask(school: School, where: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", school.port, timeout=60)
    try:
        connection.request("GET", where)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def open_school(school: School) -> None:
    school.serve("--port", str(school.port))


def test_it_serves_and_ends_clean(school: School) -> None:
    open_school(school)
    assert ask(school, "/health/")[0] == 200
    wait_until(lambda: ask(school, "/ready/")[0] == 200)
    children = children_of(school.process.pid)
    assert len(children) == 3  # gunicorn's master and worker, and the runner
    school.process.terminate()
    assert school.process.wait(timeout=60) == 0
    assert not any(is_alive(pid) for pid in children)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", school.port))


def test_the_runner_gives_way_to_the_web_process(open_one: School) -> None:
    runner, web = open_one.part("run_jobs"), open_one.part("gunicorn")
    assert os.getpriority(os.PRIO_PROCESS, web) == 0
    wait_until(lambda: os.getpriority(os.PRIO_PROCESS, runner) == 10)


def test_no_process_outlives_a_killed_supervisor(school: School) -> None:
    open_school(school)
    children = children_of(school.process.pid)
    school.process.kill()
    school.process.wait()
    wait_until(lambda: not any(is_alive(pid) for pid in children))


def hand_in_books(school: School, acknowledged: list[int], stop: threading.Event) -> None:
    """Hand in books until told to stop; keep the names of those that were acknowledged."""
    number = 0
    while not stop.is_set():
        number += 1
        stop.wait(0.05)
        try:
            status, said = ask(school, f"/hand-in/?book={number}&seconds=0.1")
        except (OSError, http.client.HTTPException):
            continue
        if (status, said) == (200, b"kept"):
            acknowledged.append(number)


def wait_for_more(acknowledged: list[int], count: int) -> None:
    before = len(acknowledged)
    wait_until(lambda: len(acknowledged) >= before + count)


def states(school: School) -> Counter[str]:
    return Counter(state for (state,) in school.query("SELECT state FROM libschool_jobs_job"))


def test_kill_9_of_web_and_runner_loses_no_acknowledged_job_and_doubles_none(
    school: School,
) -> None:
    open_school(school)
    acknowledged: list[int] = []
    stop = threading.Event()
    client = threading.Thread(target=hand_in_books, args=(school, acknowledged, stop))
    client.start()
    for words in (("gunicorn",), ("run_jobs",), ("gunicorn",)):
        wait_for_more(acknowledged, 10)
        victim = school.part(*words)
        wait_until(lambda: states(school)["running"] >= 1)  # a kill must meet a job in flight
        for pid in [victim, *children_of(victim)]:
            os.kill(pid, signal.SIGKILL)
    wait_for_more(acknowledged, 1)
    stop.set()
    client.join()
    wait_until(lambda: set(states(school)) == {"done"})
    names = [name for (name,) in school.query("SELECT name FROM auth_group")]
    handed_in = {name.split()[2] for name in names if name.startswith("handed in")}
    shelved = Counter(name.split()[1] for name in names if name.startswith("shelved"))
    assert {str(number) for number in acknowledged} <= handed_in
    assert set(shelved) == handed_in
    assert set(shelved.values()) == {1}


def test_a_body_that_is_too_large_is_refused_before_it_is_sent(open_one: School) -> None:
    with socket.create_connection(("127.0.0.1", open_one.port), timeout=60) as client:
        client.sendall(
            b"POST /take/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n"
        )
        assert client.recv(100).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        (b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 100 + b"\r\n", b"431"),
        (b"POST /take/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n", b"400"),
    ],
)
def test_a_request_beyond_all_measure_is_refused(
    open_one: School, request_head: bytes, status: bytes
) -> None:
    with socket.create_connection(("127.0.0.1", open_one.port), timeout=60) as client:
        client.sendall(request_head)
        assert client.recv(100).split()[1] == status


def test_clients_that_stall_do_not_keep_the_threads(open_one: School) -> None:
    stalled = []
    for _ in range(20):
        client = socket.create_connection(("127.0.0.1", open_one.port), timeout=60)
        client.sendall(b"GET /health/ HTTP/1.1\r\nHost: loc")
        stalled.append(client)
    assert ask(open_one, "/health/")[0] == 200
    for client in stalled:
        client.close()


def test_a_port_in_use_is_told(school: School) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", school.port))
        other.listen()
        done = school.run("serve", "--port", str(school.port))
    assert done.returncode == 1
    assert f"port {school.port}" in done.stderr
    assert "--port" in done.stderr


def test_more_than_one_process_needs_postgresql(school: School) -> None:
    done = school.run("serve", "--processes", "2")
    assert done.returncode == 1
    assert "use PostgreSQL" in done.stderr


def test_a_database_that_is_not_up_to_date_is_told(school: School) -> None:
    (school.data / "libschool.sqlite3").unlink()
    done = school.run("serve")
    assert done.returncode == 1
    assert "libschool migrate" in done.stderr
