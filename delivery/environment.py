"""Reads the settings that come from the environment.

Every setting has a safe default for a stand-alone school; a production site sets
``LIBSCHOOL_PRODUCTION=1`` and must then name what may not be guessed.
"""

from __future__ import annotations

import os
import secrets
from importlib.util import find_spec
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off", ""}
MIN_SECRET_LENGTH = 40


def read_bool(name: str, default: bool = False) -> bool:
    """The yes or no in the environment variable ``name``; raises ``ImproperlyConfigured``."""
    word = os.environ.get(name)
    if word is None:
        return default
    if word.strip().lower() in TRUE_WORDS:
        return True
    if word.strip().lower() in FALSE_WORDS:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {word!r}.")


def read_int(name: str, default: int) -> int:
    """The whole number in the environment variable ``name``; raises ``ImproperlyConfigured``."""
    try:
        return int(os.environ.get(name, default))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number.") from error


def read_list(name: str, default: str = "") -> list[str]:
    """The comma-separated words in the environment variable ``name``."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def locate_package(name: str) -> Path:
    """The folder of an installed package, found without importing it."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ImproperlyConfigured(f"The package {name} is not installed.")
    return Path(spec.origin).parent


def read_secret(data_dir: Path, production: bool) -> str:
    """The secret key: from the environment or, outside production, from a file made once.

    Raises ``ImproperlyConfigured`` in production when ``SECRET_KEY`` is missing, short, or the
    one that development generated in ``data_dir``.
    """
    path = data_dir / "secret_key"
    given = os.environ.get("SECRET_KEY", "")
    if production:
        if len(given) < MIN_SECRET_LENGTH:
            raise ImproperlyConfigured(
                f"A production site needs SECRET_KEY with at least {MIN_SECRET_LENGTH} random "
                "characters. Make one with: python3 -c 'import secrets; "
                "print(secrets.token_urlsafe(50))'"
            )
        if path.exists() and path.read_text().strip() == given:
            raise ImproperlyConfigured(
                f"SECRET_KEY is the development secret of {path}. A production site needs its own."
            )
    return given or _development_secret(path)


def _development_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(50))
    try:
        os.link(draft, path)  # fails if another process was first: both then read the same key
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()
