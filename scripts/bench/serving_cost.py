"""Measures what the requests of ``scripts.bench.serving`` cost our side, in one process.

    python -m scripts.bench.serving_cost --workbench PYTHON [--postgres URL] [--requests 500]
        [--profile "check"]

PYTHON is an environment with xblock-sdk, as ``scripts.bench.serving`` takes it. CPU time is the
figure to compare: other work on the machine hardly touches it.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from scripts.bench.serving import (
    Peer,
    databases,
    link_samples,
    our_environment,
    prepare_ours,
)

DATABASE = "libschool_bench_cost"


def measure(title: str, environment: dict[str, str], requests: int, profiled: str) -> None:
    """Prepare a school and print what its requests cost."""
    sys.stdout.write(f"{title}\n")
    sys.stdout.flush()
    steps = prepare_ours(environment)
    command = [sys.executable, "-W", "ignore", "-m", "scripts.bench.serving_calls", str(requests)]
    subprocess.run(  # noqa: S603  # our own interpreter and arguments
        [*command, profiled], env={**os.environ, **environment}, input=steps, text=True, check=True
    )


@contextlib.contextmanager
def database_urls(server: str) -> Iterator[dict[str, str]]:
    """The databases to measure, by title: embedded, and one beside ``server`` if it is given."""
    embedded = {"embedded SQLite": ""}
    if not server:
        yield embedded
        return
    with databases(server, [DATABASE]) as urls:
        yield {"PostgreSQL": urls[DATABASE], **embedded}


def main() -> None:
    """Measure on each database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workbench", required=True, help="Python with xblock-sdk")
    parser.add_argument("--postgres", default="", help="URL of a database of the server")
    parser.add_argument("--requests", type=int, default=500, help="requests of each kind")
    parser.add_argument("--profile", default="", help="the kind of request to look into")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="libschool-bench-") as name,
        database_urls(options.postgres) as urls,
    ):
        folder = Path(name)
        samples = link_samples(Peer(options.workbench, folder, ""), folder)
        for title, url in urls.items():
            data = folder / title
            data.mkdir()
            environment = our_environment(data, url, samples)
            measure(title, environment, options.requests, options.profile)


if __name__ == "__main__":
    main()
