"""The blocks and apps on the oldest versions they promise to run on."""

import subprocess
from pathlib import Path

import pytest

from tests.workbench.environments import HERE, ROOT, build_environment, plain_environment

TESTS = [
    "tests/xblocks",
    "tests/grading/test_api.py",
    "tests/grading/test_models.py",
    "tests/practicum/test_entries.py",
]
VERSIONS = "import django, importlib.metadata as m; print(django.VERSION[:2], m.version('XBlock'))"


def run(python: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  # our own interpreter and arguments
        [str(python), *arguments],
        cwd=ROOT,
        env=plain_environment(),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.mark.services
def test_the_unit_tests_pass_on_xblock_5_2_and_django_4_2() -> None:
    python = build_environment(HERE / "oldest.txt")
    assert run(python, "-c", VERSIONS).stdout.strip() == "(4, 2) 5.2.0"
    settings = "--ds=tests.workbench.plain_settings"
    result = run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", settings, *TESTS)
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-1000:]
    assert " passed" in result.stdout
