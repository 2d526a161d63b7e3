"""Settings from the environment: safe defaults, and refusals that say what is missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from delivery.environment import locate_package, read_bool, read_int, read_list, read_secret

ROOT = Path(__file__).resolve().parents[2]
LONG = "a-secret-that-is-long-enough-for-a-production-site"


@pytest.mark.parametrize(
    ("word", "meant"), [("1", True), ("YES", True), ("off", False), ("", False)]
)
def test_yes_and_no_are_read_in_the_usual_words(
    monkeypatch: pytest.MonkeyPatch, word: str, meant: bool
) -> None:
    monkeypatch.setenv("SWITCH", word)
    assert read_bool("SWITCH", not meant) is meant


def test_words_that_are_neither_yes_nor_no_nor_a_number_are_refused_by_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SWITCH", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="SWITCH"):
        read_bool("SWITCH")
    with pytest.raises(ImproperlyConfigured, match="SWITCH"):
        read_int("SWITCH", 1)


def test_lists_are_split_at_commas_and_trimmed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAMES", " one , two,, ")
    assert read_list("NAMES") == ["one", "two"]


def test_a_secret_is_made_once_and_readable_by_its_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    first = read_secret(tmp_path / "data", production=False)
    assert len(first) >= 40
    assert read_secret(tmp_path / "data", production=False) == first
    assert (tmp_path / "data" / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("given", [None, "", "short"])
def test_production_refuses_a_missing_or_short_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str | None
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    if given is not None:
        monkeypatch.setenv("SECRET_KEY", given)
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY"):
        read_secret(tmp_path, production=True)
    assert not (tmp_path / "secret_key").exists()


def test_production_refuses_the_development_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("SECRET_KEY", read_secret(tmp_path, production=False))
    with pytest.raises(ImproperlyConfigured, match="development secret"):
        read_secret(tmp_path, production=True)


def test_a_package_is_found_without_being_imported() -> None:
    assert (locate_package("xblocks_contrib") / "__init__.py").exists()
    with pytest.raises(ImproperlyConfigured, match="no_such_package"):
        locate_package("no_such_package")


def check_settings(data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(  # our own command
        [sys.executable, "-m", "delivery", "check", "--deploy", "--fail-level", "ERROR"],
        cwd=ROOT,
        env={**kept, "LIBSCHOOL_DATA": str(data), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("environment", "missing"),
    [
        ({}, "SECRET_KEY"),
        ({"SECRET_KEY": LONG}, "ALLOWED_HOSTS"),
        ({"SECRET_KEY": LONG, "ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"SECRET_KEY": LONG, "ALLOWED_HOSTS": "fern.example", "DEBUG": "1"}, "DEBUG"),
    ],
)
def test_a_production_site_does_not_start_half_configured(
    tmp_path: Path, environment: dict[str, str], missing: str
) -> None:
    done = check_settings(tmp_path, LIBSCHOOL_PRODUCTION="1", **environment)
    assert done.returncode != 0
    assert missing in done.stderr


def test_a_configured_production_site_passes_djangos_own_checks(tmp_path: Path) -> None:
    done = check_settings(
        tmp_path, LIBSCHOOL_PRODUCTION="1", SECRET_KEY=LONG, ALLOWED_HOSTS="fern.example"
    )
    assert done.returncode == 0, done.stderr
