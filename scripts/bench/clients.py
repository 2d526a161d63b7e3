"""Clients on this machine that ask a web server as fast as it answers."""

from __future__ import annotations

import http.client
import json
import multiprocessing
import statistics
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

TIMEOUT = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Step:
    """What one client asks for. With ``answers`` it posts an answer, a new one every time."""

    name: str
    path: str
    answers: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    client: str = ""


@dataclass
class Figure:
    """What a group of clients got in all its rounds: times of responses (s), and what they cost.

    ``computing`` is the CPU time of the web processes (s).
    """

    times: list[float] = field(default_factory=list)
    seconds: float = 0.0
    computing: float = 0.0
    size: int = 0
    last_answers: dict[str, int] = field(default_factory=dict)

    @property
    def per_second(self) -> float:
        """Responses a second."""
        return len(self.times) / self.seconds

    @property
    def p95(self) -> float:
        """The time that 95 % of the responses do not exceed (ms)."""
        return sorted(self.times)[int(len(self.times) * 0.95)] * 1000

    def __str__(self) -> str:
        return (
            f"{self.per_second:7.1f} /s   median {statistics.median(self.times) * 1000:6.1f} ms"
            f"   p95 {self.p95:6.1f} ms   CPU {self.computing / len(self.times) * 1000:5.1f} ms"
            f"   {self.size / 1024:5.1f} KB"
        )


class BadAnswer(RuntimeError):
    """A server that answers something else than success."""


class Clients:
    """Processes that ask together."""

    def __init__(self, number: int) -> None:
        self._pool = multiprocessing.get_context("spawn").Pool(number)

    def run(self, base: str, steps: list[Step], seconds: float, figure: Figure) -> None:
        """Let a client for each step ask again and again, and add what they got to ``figure``.

        Raises ``BadAnswer``.
        """
        begin = time.time() + 0.2  # together
        calls = [
            (base, step, begin, seconds, figure.last_answers.get(step.client, 0)) for step in steps
        ]
        for step, (times, size, last) in zip(steps, self._pool.starmap(_ask, calls), strict=True):
            figure.times += times
            figure.size = size
            figure.last_answers[step.client] = last
        figure.seconds += seconds

    def close(self) -> None:
        """Let the processes go."""
        self._pool.terminate()
        self._pool.join()


def _ask(
    base: str, step: Step, begin: float, seconds: float, answer: int
) -> tuple[list[float], int, int]:
    """The times of one client's requests (s), the size of the last response, the last answer."""
    address = urlsplit(base).netloc
    connection = http.client.HTTPConnection(address, timeout=TIMEOUT)
    headers = dict(step.headers)
    if step.answers and "X-CSRFToken" not in headers:
        headers |= _fetch_token(address)
    time.sleep(max(begin - time.time(), 0))
    end, times, size = time.monotonic() + seconds, [], 0
    while time.monotonic() < end:
        answer += 1
        started = time.perf_counter()
        size = _send(connection, step, headers, answer)
        times.append(time.perf_counter() - started)
    connection.close()
    return times, size, answer


def _send(
    connection: http.client.HTTPConnection, step: Step, headers: dict[str, str], answer: int
) -> int:
    body = None
    if step.answers:
        body = json.dumps({"vote_count": [{"name": "input", "value": str(answer)}]})
        headers = {**headers, "Content-Type": "application/json"}
    connection.request("POST" if step.answers else "GET", step.path, body, headers)
    response = connection.getresponse()
    data = response.read()
    if response.status != 200 or response.getheader("X-Block-Failed"):
        raise BadAnswer(f"{step.path}: {response.status} {data[:500]!r}")
    if step.answers:
        _check(json.loads(data), step)
    return len(data)


def _check(answer: dict[str, Any], step: Step) -> None:
    if set(answer.get("checkResults", ())) != {"votes_equal", "votes_named", "votes_specified"}:
        raise BadAnswer(f"{step.path}: {answer!r}")


def _fetch_token(address: str) -> dict[str, str]:
    connection = http.client.HTTPConnection(address, timeout=TIMEOUT)
    connection.request("GET", "/scenario/problem_demo.0/")
    response = connection.getresponse()
    response.read()
    cookie = str(response.getheader("Set-Cookie")).partition(";")[0]
    connection.close()
    return {"Cookie": cookie, "X-CSRFToken": cookie.partition("=")[2]}
