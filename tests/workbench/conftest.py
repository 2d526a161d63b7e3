"""The XBlock workbench in an environment of its own, served to the tests of a module."""

import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from tests.ports import free_port
from tests.workbench.environments import HERE, LOCK, build_environment, plain_environment
from tests.workbench.served import Workbench

STARTUP = 180  # seconds


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    python = build_environment(HERE / "workbench.txt", LOCK)
    folder = tmp_path_factory.mktemp("workbench")
    (folder / "var").mkdir()
    environment = plain_environment(
        DJANGO_SETTINGS_MODULE="tests.workbench.settings", EXCLUDE_SAMPLE_XBLOCKS="yes"
    )
    django = [str(python), "-m", "django"]
    subprocess.run(  # noqa: S603  # our own interpreter and arguments
        [*django, "migrate", "--run-syncdb", "-v0"],
        cwd=folder,
        env=environment,
        check=True,
        timeout=300,
    )
    address = f"127.0.0.1:{free_port()}"
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(  # noqa: S603  # our own interpreter and arguments
            [*django, "runserver", "--noreload", address],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(f"http://{address}/", server)
        yield Workbench(f"http://{address}", folder / "log")
    finally:
        server.terminate()
        server.wait(60)


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + STARTUP
    while time.monotonic() < deadline:
        assert server.poll() is None, "the workbench ended"
        try:
            urllib.request.urlopen(url, timeout=30).close()  # noqa: S310  # our own server
        except urllib.error.URLError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the workbench did not start")
