"""Every package is shipped, typed, and held to the import rules."""

import configparser
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HERE = {"course_content", "docs", "scripts", "tests"}  # in the repository, not in the wheel
SETUP = configparser.ConfigParser(interpolation=None)
SETUP.read(ROOT / "setup.cfg")


def words(section: str, option: str) -> set[str]:
    return set(re.findall(r"\w+", SETUP[section][option]))


def packages() -> set[str]:
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    return found - HERE


def test_every_package_is_in_the_wheel() -> None:
    assert packages() == words("options.packages.find", "include")


def test_every_package_is_checked_for_its_types_and_its_imports() -> None:
    assert packages() <= words("mypy", "files")
    assert packages() == words("importlinter", "root_packages")


def test_a_deprecation_in_any_package_is_an_error() -> None:
    _kind, _category, named = SETUP["tool:pytest"]["filterwarnings"].rpartition("Warning:")
    assert packages() == set(re.findall(r"\w+", named))
