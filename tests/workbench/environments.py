"""Virtual environments of their own for the hosts that the site's own cannot hold.

They are kept in the folder for temporary files under a digest of what is in them, so that only
the first run waits for the installation.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
LOCK = ROOT / "requirements.txt"
PAUSES = (5, 20, 0)  # seconds after each attempt to install


def build_environment(requirements: Path, constraints: Path | None = None) -> Path:
    """The Python of an environment with the suite, what it needs and ``requirements``."""
    wanted = requirements.read_text(encoding="utf-8") + "\n".join(_needs_of_the_suite())
    limits = constraints.read_text(encoding="utf-8") if constraints else ""
    digest = hashlib.sha256(f"{sys.version}\n{wanted}\n{limits}\n{ROOT}".encode()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"libschool-{requirements.stem}-{digest}"
    python = folder / "bin" / "python"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two workers of a run may want it at once
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            venv.create(folder, symlinks=True)
            listed = folder / "wanted.txt"
            listed.write_text(wanted, encoding="utf-8")
            options = ["-r", str(listed), *(["-c", str(constraints)] if constraints else [])]
            _install([*_installer(python), *options])
            (folder / "complete").touch()
        _announce(python)
    return python


def _install(command: list[str]) -> None:
    """Run the installer, again if it fails: a package index may not answer for a moment.

    Raises ``RuntimeError`` with what the installer said last.
    """
    for pause in PAUSES:
        done = subprocess.run(  # noqa: S603  # our own requirements
            command, capture_output=True, text=True, timeout=900, check=False
        )
        if done.returncode == 0:
            return
        time.sleep(pause)
    said = (done.stdout + done.stderr)[-4000:]
    raise RuntimeError(
        f"{' '.join(command)} failed {len(PAUSES)} times, the last time with:\n{said}"
    )


def _installer(python: Path) -> list[str]:
    uv = shutil.which("uv")
    if uv:
        return [uv, "pip", "install", "-q", "--python", str(python)]
    # This environment's pip, and no bytecode of modules that nothing will import: both save time.
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    return [*pip, "install", "-q", "--no-compile"]


def _metadata() -> ConfigParser:
    metadata = ConfigParser(interpolation=None)
    metadata.read(ROOT / "setup.cfg", encoding="utf-8")
    return metadata


def _needs_of_the_suite() -> list[str]:
    return _metadata()["options"]["install_requires"].strip().splitlines()


def _announce(python: Path) -> None:
    """Make the suite importable and its entry points known, as an installation would.

    Written on every run, for entry points come and go more often than requirements.
    """
    answer = subprocess.run(  # noqa: S603  # our own interpreter
        [python, "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"],
        check=True,
        capture_output=True,
        text=True,
    )
    packages = Path(answer.stdout.strip())
    (packages / "libschool.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    info = packages / "libschool-0.1.0.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: libschool\nVersion: 0.1.0\n", encoding="utf-8"
    )
    lines = []
    for group, entries in _metadata()["options.entry_points"].items():
        lines += [f"[{group}]", *entries.strip().splitlines(), ""]
    (info / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")


def plain_environment(**extra: str) -> dict[str, str]:
    """The process's environment without what belongs to the site's own."""
    dropped = {"DJANGO_SETTINGS_MODULE", "PYTHONPATH", "VIRTUAL_ENV", "DATABASE_URL"}
    kept = {name: value for name, value in os.environ.items() if name not in dropped}
    return kept | {"PYTHONPATH": str(ROOT), **extra}
