"""Measures checking and importing a large course, and how quickly hostile ones are refused.

    python -m scripts.bench.import_course [--blocks 5000] [--only archive]

Every case runs in a process of its own. Memory is its peak above the idle process (site loaded,
database connected). The status is 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

GOALS = {"check": (10.0, 300.0), "import": (20.0, 300.0)}  # seconds, MB
HOSTILE_GOAL = (5.0, 200.0)


@dataclass(frozen=True, slots=True)
class Figure:
    """What a case took: seconds, of them computing, MB above idle, and how it ended."""

    case: str
    seconds: float
    computing: float
    megabytes: float
    outcome: str

    @property
    def is_good(self) -> bool:
        """Whether the case reached its goal."""
        seconds, megabytes = GOALS.get(self.case, HOSTILE_GOAL)
        return self.seconds <= seconds and self.megabytes <= megabytes

    def __str__(self) -> str:
        mark = "" if self.is_good else "  MISSED"
        return (
            f"{self.case:28} {self.seconds:6.2f} s ({self.computing:5.2f} s CPU) "
            f"{self.megabytes:6.1f} MB  {self.outcome}{mark}"
        )


def start_site() -> None:
    """Load the site; the data folder comes from the environment."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "delivery.settings"
    os.environ["LOG_LEVEL"] = "CRITICAL"
    import django  # here: only a child loads the site, with its own data folder

    django.setup()


def write_archives(folder: Path, blocks: int) -> dict[str, Path]:
    """Write the large course and every hostile one; their paths by case."""
    from tests.delivery import hostile_courses, olx_courses

    unit = "vertical/second.xml"
    cases = {"check": olx_courses.pack(olx_courses.large_course(blocks))}
    cases |= {f"archive: {name}": build() for name, build in hostile_courses.ARCHIVES.items()}
    for name, xml in hostile_courses.XML_ATTACKS.items():
        cases[f"xml: {name}"] = olx_courses.archive(olx_courses.with_files({unit: xml}))
    paths = {}
    for number, (name, data) in enumerate(cases.items()):
        paths[name] = folder / f"{number}.tar.gz"
        paths[name].write_bytes(data)
    return {**paths, "import": paths["check"]}


def run_case(case: str, path: Path) -> Figure:
    """Run one case in this process."""
    start_site()
    from django.db import connection

    from delivery.importing import check_course, import_course
    from delivery.importing.members import read_path
    from delivery.runtime.registry import is_installed

    connection.ensure_connection()
    is_installed("problem")
    idle = _peak()
    begun, begun_computing = time.perf_counter(), time.process_time()
    if case == "import":
        result = import_course(read_path(path), source="bench")
        outcome = f"{result.version.blocks.count()} blocks"
    else:
        problems = check_course(read_path(path))
        refused = [each.code for each in problems if each.severity == "error"]
        outcome = refused[0] if refused else f"{len(problems)} problems"
    seconds = time.perf_counter() - begun
    computing = time.process_time() - begun_computing
    return Figure(case, seconds, computing, _peak() - idle, outcome)


def _peak() -> float:
    """The most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run_child(case: str, path: Path, data_folder: str) -> Figure:
    """Run one case in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "scripts.bench.import_course"]
    environment = {**os.environ, "LIBSCHOOL_DATA": data_folder}
    done = subprocess.run(  # noqa: S603  # our own interpreter and arguments
        [*command, "--case", case, "--path", str(path)],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    return Figure(**json.loads(done.stdout.splitlines()[-1]))


def migrate(data_folder: str) -> None:
    """Make the database."""
    subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "delivery", "migrate", "--verbosity", "0"],
        check=True,
        env={**os.environ, "LIBSCHOOL_DATA": data_folder},
    )


def main() -> int:
    """Run all cases and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--blocks", type=int, default=5_000)
    parser.add_argument("--only", default="", help="run the cases whose name begins so")
    parser.add_argument("--case", help=argparse.SUPPRESS)
    parser.add_argument("--path", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.case:
        figure = run_case(options.case, options.path)
        values = {name: getattr(figure, name) for name in Figure.__dataclass_fields__}
        sys.stdout.write(f"{json.dumps(values)}\n")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        migrate(folder)
        paths = write_archives(Path(folder), options.blocks)
        figures = []
        for case in (name for name in paths if name.startswith(options.only)):
            figures.append(run_child(case, paths[case], folder))
            sys.stdout.write(f"{figures[-1]}\n")
    return 0 if all(figure.is_good for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
