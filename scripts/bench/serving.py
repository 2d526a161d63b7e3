r"""Measures how fast pages and answers are served, beside the workbench of xblock-sdk.

    python -m scripts.bench.serving --workbench PYTHON --postgres URL [--rounds 8]

PYTHON belongs to an environment made apart for the peer:

    pip install xblock-sdk==0.14.0 XBlock==6.1.0 "Django~=5.2" "setuptools<81" lazy \
        gunicorn "psycopg[binary]"
    pip uninstall --yes django-pyfs    # ships the same package as the next, for an older Django
    pip install --force-reinstall --no-deps openedx-django-pyfs

URL names a PostgreSQL server and an existing database; two more are made beside it and dropped at
the end. Both sides serve xblock-sdk's own sample blocks to four clients on this machine: a
problem of seven blocks, its ``check`` handler, and a page of three problems. Ours signs in, checks
the enrolment and translates; the peer does none of it. What the clients answered is looked up in
the database at the end. All servers run all the time and take turns, so that whatever else the
machine does touches them alike. The status is 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scripts.bench.clients import Clients, Figure, Step

CLIENTS = 4
PEER_PORT, OUR_PORT, EMBEDDED_PORT = 8461, 8462, 8463
TURN = 1.5  # seconds
START_LIMIT = 60.0  # seconds
PROBLEM, THREE, CHECK = "problem of 7 blocks", "three problems", "check"
GOALS = {PROBLEM: 5.0, THREE: 8.0, CHECK: 10.0}  # times the peer's requests a second
EMBEDDED_SHARE = 0.5  # of the goals, with SQLite in one process
P95_GOAL = 40.0  # ms
SCENARIOS = {PROBLEM: "problem with thumbs and textbox", THREE: "three problems 2"}
PYTHON = [sys.executable, "-W", "ignore", "-m"]


@dataclass(frozen=True)
class Site:
    """A running server and what its clients ask for."""

    title: str
    base: str
    process: int
    steps: list[Step]
    share: float = 1.0

    def computing(self) -> float:
        """The CPU time that the server's processes have taken (s)."""
        found: dict[int, tuple[int, int]] = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                values = stat.read_text().rpartition(")")[2].split()
                found[int(stat.parent.name)] = (int(values[1]), sum(map(int, values[11:13])))
        family = {self.process}
        for number, (parent, _ticks) in sorted(found.items()):
            if parent in family:
                family.add(number)
        ticks = sum(found[number][1] for number in family if number in found)
        return ticks / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Peer:
    """The workbench: its interpreter and its database."""

    python: str
    folder: Path
    database: str


def run(command: list[str], environment: dict[str, str], folder: Path | None = None) -> str:
    """Run a command to its end and return what it wrote; raises with what it complained about."""
    done = subprocess.run(  # noqa: S603  # our own interpreters and arguments
        command, env={**os.environ, **environment}, cwd=folder, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr[-4000:]}")
    return done.stdout


@contextlib.contextmanager
def serving(
    command: list[str], environment: dict[str, str], folder: Path, url: str
) -> Iterator[int]:
    """Keep a server running, once it answers ``url``; the number of its process."""
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(  # noqa: S603  # our own interpreters and arguments
            command,
            env={**os.environ, **environment},
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            _await(server, url, folder / "server.log")
            yield server.pid
        finally:
            server.terminate()
            server.wait(30)


def _await(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=START_LIMIT):  # noqa: S310  # our own server
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError(f"The server does not answer:\n{log.read_text()[-4000:]}")


# --- The peer -----------------------------------------------------------------------------------

PEER_SETTINGS = """
import os
from workbench.settings import *

DEBUG = False
TEMPLATES[0]["OPTIONS"]["debug"] = False
INSTALLED_APPS = tuple(app for app in INSTALLED_APPS if app != "debug_toolbar")
MIDDLEWARE = tuple(each for each in MIDDLEWARE if "debug_toolbar" not in each)
DATABASES = {{"default": {{
    "ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 600,
    "HOST": {host!r}, "PORT": {port!r}, "NAME": {name!r},
    "USER": {user!r}, "PASSWORD": {password!r},
}}}}
LOGGING = {{"version": 1, "disable_existing_loggers": True}}
"""
PEER_WSGI = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peer_settings")
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
"""
PEER_ANSWERS = """
import json, django
django.setup()
from workbench.models import XBlockState
rows = XBlockState.objects.filter(scope="usage").values_list("user_id", "state")
print(json.dumps([[user, state] for user, state in rows if "student_input" in state]))
"""


def prepare_peer(peer: Peer) -> None:
    """Write the peer's settings and make its database."""
    parts = urlsplit(peer.database)
    settings = PEER_SETTINGS.format(
        host=parts.hostname or "",
        port=str(parts.port or 5432),
        user=parts.username or "",
        password=parts.password or "",
        name=parts.path[1:],
    )
    (peer.folder / "peer_settings.py").write_text(settings)
    (peer.folder / "peer_wsgi.py").write_text(PEER_WSGI)
    (peer.folder / "var").mkdir()
    run(
        [peer.python, "-W", "ignore", "-m", "django", "migrate", "--run-syncdb", "-v", "0"],
        _peer_environment(peer),
        peer.folder,
    )


def _peer_environment(peer: Peer) -> dict[str, str]:
    return {"DJANGO_SETTINGS_MODULE": "peer_settings", "PYTHONPATH": str(peer.folder)}


@contextlib.contextmanager
def serving_peer(peer: Peer) -> Iterator[Site]:
    """The peer, served by two processes."""
    command = [peer.python, "-m", "gunicorn", "-w", "2", "-b", f"127.0.0.1:{PEER_PORT}"]
    base = f"http://127.0.0.1:{PEER_PORT}"
    with serving(
        [*command, "peer_wsgi:application"], _peer_environment(peer), peer.folder, f"{base}/"
    ) as process:
        steps = [_peer_step(name, number) for name in SCENARIOS for number in range(CLIENTS)]
        _touch(base, steps)
        usage = _peer_usage(base)
        for number in range(CLIENTS):
            path = f"/handler/{usage}/check/?student=s{number}"
            steps.append(Step(CHECK, path, answers=True, client=f"s{number}"))
        yield Site("Workbench, PostgreSQL, 2 processes", base, process, steps)


def _touch(base: str, steps: list[Step]) -> None:
    # One by one: two first visits at once leave the peer with double rows that it cannot read.
    # Several times: each of its processes must know the scenarios before its first handler call.
    for step in steps * 4:
        with urllib.request.urlopen(base + step.path, timeout=30):  # noqa: S310  # our own server
            pass


def run_in_peer(peer: Peer, code: str) -> str:
    """What a piece of Python prints in the peer's environment."""
    return run([peer.python, "-W", "ignore", "-c", code], _peer_environment(peer), peer.folder)


def _peer_step(name: str, number: int) -> Step:
    scenario = {PROBLEM: "problem_demo.0", THREE: "problem_demo.1"}[name]
    return Step(name, f"/scenario/{scenario}/?student=s{number}", client=f"s{number}")


def _peer_usage(base: str) -> str:
    page = f"{base}/scenario/problem_demo.0/"
    with urllib.request.urlopen(page, timeout=30) as response:  # noqa: S310  # our own server
        text = str(response.read().decode())
    before = text.partition("data-init='ProblemBlock'")[0] or text
    return before.rpartition("data-usage='")[2].partition("'")[0]


# --- Ours ---------------------------------------------------------------------------------------


def our_environment(folder: Path, database: str, samples: Path) -> dict[str, str]:
    """The environment of a school in ``folder``; without a database it embeds its own."""
    environment = {
        "LIBSCHOOL_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "scripts.bench.serving_settings",
        "PYTHONPATH": f"{Path.cwd()}{os.pathsep}{samples}",
        "LOG_LEVEL": "WARNING",
    }
    return environment | ({"DATABASE_URL": database} if database else {})


def link_samples(peer: Peer, folder: Path) -> Path:
    """Make the peer's sample blocks importable for us, without anything else it has installed."""
    found = run_in_peer(peer, "import sample_xblocks; print(sample_xblocks.__file__)")
    packages = Path(found.strip()).parent.parent
    samples = folder / "samples"
    samples.mkdir()
    (samples / "sample_xblocks").symlink_to(packages / "sample_xblocks")
    (metadata,) = packages.glob("xblock_sdk-*.dist-info")
    (samples / metadata.name).symlink_to(metadata)
    return samples


def prepare_ours(environment: dict[str, str]) -> str:
    """Make the school of ``environment``; the requests to make, as JSON."""
    run([*PYTHON, "delivery", "migrate", "-v", "0"], environment)
    run([*PYTHON, "delivery", "collectstatic", "--noinput", "-v", "0"], environment)
    return run([*PYTHON, "scripts.bench.serving_school", str(CLIENTS)], environment)


@contextlib.contextmanager
def serving_ours(
    title: str, port: int, environment: dict[str, str], processes: int, share: float
) -> Iterator[Site]:
    """Ours, as ``libschool serve`` serves."""
    folder = Path(environment["LIBSCHOOL_DATA"])
    prepared = json.loads(prepare_ours(environment))
    serve = [*PYTHON, "delivery", "serve", "--port", str(port), "--processes", str(processes)]
    base = f"http://127.0.0.1:{port}"
    with serving(serve, environment, folder, f"{base}/health/") as process:
        yield Site(title, base, process, [Step(**step) for step in prepared], share)


def read_our_answers(environment: dict[str, str]) -> list[list[Any]]:
    """What each client's answer is in the database."""
    rows: list[list[Any]] = json.loads(
        run([*PYTHON, "scripts.bench.serving_school", "answers"], environment)
    )
    return rows


# --- Both ---------------------------------------------------------------------------------------


def measure(sites: list[Site], rounds: int) -> dict[str, dict[str, Figure]]:
    """The figures of each site and step, the sites taking turns."""
    clients = Clients(CLIENTS)
    figures: dict[str, dict[str, Figure]] = {site.title: {} for site in sites}
    for name in dict.fromkeys(step.name for site in sites for step in site.steps):
        for turn in range(rounds + 1):  # the first one warms up and does not count
            for site in sites:
                steps = [step for step in site.steps if step.name == name]
                if not steps:
                    continue
                if turn < 2:
                    last = figures[site.title].get(name, Figure()).last_answers
                    figures[site.title][name] = Figure(last_answers=last)
                figure, before = figures[site.title][name], site.computing()
                clients.run(site.base, steps, TURN, figure)
                figure.computing += site.computing() - before
    clients.close()
    return figures


def expect_answers(rows: list[list[Any]], figure: Figure) -> None:
    """Raise unless each client's last answer is what the database has."""
    kept = {str(user): state for user, state in rows}
    for user, last in figure.last_answers.items():
        if str(last) not in str(kept.get(user)):
            raise RuntimeError(f"{user} answered {last}; the database has {kept.get(user)!r}.")


def report(site: Site, figures: dict[str, Figure], peer: dict[str, Figure]) -> bool:
    """Print a site's figures beside the peer's; whether all its goals are reached."""
    is_good = True
    sys.stdout.write(f"\n{site.title}\n")
    for name, figure in figures.items():
        line = f"  {name:24} {figure}"
        if name in GOALS and figures is not peer:
            ratio, goal = figure.per_second / peer[name].per_second, GOALS[name] * site.share
            missed = ratio < goal or figure.p95 > P95_GOAL
            is_good = is_good and not missed
            line += f"  {ratio:5.1f} x (goal {goal:g} x){'  MISSED' if missed else ''}"
        sys.stdout.write(f"{line}\n")
    return is_good


@contextlib.contextmanager
def databases(server: str, names: list[str]) -> Iterator[dict[str, str]]:
    """Make databases beside the one that ``server`` names, and drop them at the end."""
    import psycopg  # here: the module is read without it when nothing is measured

    parts = urlsplit(server)
    with psycopg.connect(server, autocommit=True) as connection:
        for name in names:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield {name: parts._replace(path=f"/{name}").geturl() for name in names}
        finally:
            for name in names:
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def compare(peer: Peer, url: str, samples: Path, rounds: int) -> bool:
    """Measure all sites and print their figures; whether all goals are reached."""
    ours = our_environment(peer.folder.parent / "ours", url, samples)
    embedded = our_environment(peer.folder.parent / "embedded", "", samples)
    with (
        serving_peer(peer) as first,
        serving_ours("Library School, PostgreSQL, 2 processes", OUR_PORT, ours, 2, 1.0) as second,
        serving_ours(
            "Library School, embedded SQLite", EMBEDDED_PORT, embedded, 1, EMBEDDED_SHARE
        ) as third,
    ):
        sites = [first, second, third]
        figures = measure(sites, rounds)
    answers = [
        json.loads(run_in_peer(peer, PEER_ANSWERS)),
        read_our_answers(ours),
        read_our_answers(embedded),
    ]
    for site, rows in zip(sites, answers, strict=True):
        expect_answers(rows, figures[site.title][CHECK])
    results = [report(site, figures[site.title], figures[first.title]) for site in sites]
    return all(results)


def main() -> int:
    """Make the databases and folders, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workbench", required=True, help="Python with xblock-sdk")
    parser.add_argument("--postgres", required=True, help="URL of a database of the server")
    parser.add_argument("--rounds", type=int, default=8, help="turns of each site for each figure")
    options = parser.parse_args()
    names = ["libschool_bench_peer", "libschool_bench_ours"]
    folder = Path(tempfile.mkdtemp(prefix="libschool-bench-"))
    try:
        with databases(options.postgres, names) as urls:
            for part in ("peer", "ours", "embedded"):
                (folder / part).mkdir()
            peer = Peer(options.workbench, folder / "peer", urls[names[0]])
            prepare_peer(peer)
            samples = link_samples(peer, folder)
            good = compare(peer, urls[names[1]], samples, options.rounds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
