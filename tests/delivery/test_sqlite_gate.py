import threading
import time
from collections.abc import Callable
from functools import partial

from delivery.sqlite.gate import WriteGate, gate_of


def start(function: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=function)
    thread.start()
    return thread


def wait_for_queue(gate: WriteGate, length: int) -> None:
    deadline = time.monotonic() + 60
    while len(gate._queue) < length:
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_the_gate_opens_in_the_order_of_asking() -> None:
    gate, order, threads = WriteGate(), [], []
    assert gate.acquire(1)

    def pass_through(number: int) -> None:
        gate.acquire(10)
        order.append(number)
        gate.release()

    for number in range(8):
        threads.append(start(partial(pass_through, number)))
        wait_for_queue(gate, number + 1)
    gate.release()
    for thread in threads:
        thread.join()
    assert order == list(range(8))


def test_who_waits_too_long_is_told_and_leaves_the_queue() -> None:
    gate = WriteGate()
    gate.acquire(1)
    assert gate.acquire(0.05) is False
    gate.release()
    assert gate.acquire(0) is True


def test_a_thread_that_ended_without_releasing_is_replaced() -> None:
    gate = WriteGate()
    start(lambda: gate.acquire(1)).join()
    assert gate.acquire(5) is True
    assert gate.acquire(0.05) is False


def test_each_database_has_one_gate() -> None:
    assert gate_of("/school/a.sqlite3") is gate_of("/school/a.sqlite3")
    assert gate_of("/school/a.sqlite3") is not gate_of("/school/b.sqlite3")
