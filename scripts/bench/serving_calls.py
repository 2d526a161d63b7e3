"""Makes the requests of ``scripts.bench.serving`` in one process and says what each costs.

    python -m scripts.bench.serving_calls REQUESTS [PROFILED]   < the requests, as JSON

The site is called as its web server calls it, without the server. Of a kind of request named
PROFILED it prints where the time goes instead.
"""

from __future__ import annotations

import cProfile
import io
import json
import pstats
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.db import connection

from delivery.wsgi import application  # isort: skip  # sets the site up for what follows
from delivery.runtime.assets import installed_tags
from scripts.bench.clients import BadAnswer, Step

BATCH = 40
LINES = 60  # of a profile


class Caller:
    """Asks for one step again and again, with a new answer every time."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self.answer = 0

    def __call__(self) -> None:
        """Make one request; raises ``BadAnswer``."""
        self.answer += 1
        statuses: list[str] = []
        response = application(self._environ(), lambda status, *_rest: statuses.append(status))  # type: ignore[arg-type]  # nothing is written by hand
        body = b"".join(response)
        response.close()
        if not statuses[0].startswith("200"):
            raise BadAnswer(f"{self.step.path}: {statuses[0]} {body[:300]!r}")

    def _environ(self) -> dict[str, Any]:
        answer = {"vote_count": [{"name": "input", "value": str(self.answer)}]}
        body = json.dumps(answer).encode() if self.step.answers else b""
        address = urlsplit(self.step.path)
        environ = {
            "REQUEST_METHOD": "POST" if self.step.answers else "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": address.path,
            "QUERY_STRING": address.query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "127.0.0.1:8000",
            "HTTP_ACCEPT_ENCODING": "identity",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
        }
        if self.step.answers:
            environ |= {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(body))}
        for name, value in self.step.headers.items():
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
        return environ


def call(callers: Sequence[Callable[[], None]], requests: int) -> float:
    """Let the callers take turns; the CPU time of a request (ms)."""
    before = time.process_time()
    for number in range(requests):
        callers[number % len(callers)]()
    return (time.process_time() - before) / requests * 1000


def measure(callers: Sequence[Callable[[], None]], requests: int) -> list[float]:
    """The CPU time of a request (ms) in each batch, ascending: the first is the least disturbed."""
    return sorted(call(callers, BATCH) for _batch in range(max(1, requests // BATCH)))


def profile(callers: Sequence[Callable[[], None]], requests: int) -> None:
    """Print where the time of the requests goes."""
    profiler = cProfile.Profile()
    profiler.enable()
    call(callers, requests)
    profiler.disable()
    pstats.Stats(profiler, stream=sys.stdout).sort_stats("cumulative").print_stats(LINES * 2)
    pstats.Stats(profiler, stream=sys.stdout).sort_stats("tottime").print_stats(LINES)


def main(requests: int, profiled: str) -> None:
    """Measure each kind of request."""
    installed_tags()  # all block classes are there, as in a web process
    steps = [Step(**step) for step in json.load(sys.stdin)]
    for name in dict.fromkeys(step.name for step in steps):
        callers = [Caller(step) for step in steps if step.name == name]
        call(callers, BATCH)  # warms up
        if name == profiled:
            profile(callers, requests)
        elif not profiled:
            times = measure(callers, requests)
            median = times[len(times) // 2]
            sys.stdout.write(f"  {name:24} CPU {times[0]:6.2f} ms   median {median:6.2f} ms\n")
    connection.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), " ".join(sys.argv[2:]))
