"""The files that block packages ship for the browser, and where they are served.

A block asks for ``public/css/a.css`` below the package of its module, or, as the platform's
former blocks do, for ``problem/public/css/a.css`` below the top package. Only files in a folder
that is named as public are served, under one name either way: ``xblock/resources/TOP/PATH``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import entry_points
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import reverse

from delivery.runtime.registry import BlockTypeMissing, is_installed, load_block_class
from delivery.runtime.sheets import without_foreign_imports

STATIC_PREFIX = "xblock/resources"
PUBLIC = "public"
MAX_URI = 250
SERVED_TYPES: dict[str, str] = {
    ".css": "text/css",
    ".gif": "image/gif",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".otf": "font/otf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".txt": "text/plain",
    ".vtt": "text/vtt",
    ".wav": "audio/wav",
    ".webm": "video/webm",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}

# What hosts of blocks are asked for by its place in edx-platform, and where it is here.
LIBRARIES = {
    "underscore-min.js": "vendor/underscore/underscore-umd-min.js",
    "underscore.js": "vendor/underscore/underscore-umd-min.js",
    "jquery.min.js": "vendor/jquery/jquery.min.js",
    "jquery.js": "vendor/jquery/jquery.min.js",
}


class PublicFile(NamedTuple):
    """A file on the disk, and its name among the static files."""

    path: Path
    static_name: str


def _folder(package: str) -> Path | None:
    file = getattr(sys.modules.get(package), "__file__", None)
    return Path(file).resolve().parent if file else None


def _places(block_class: Any) -> list[Path]:
    unmixed = getattr(block_class, "unmixed_class", block_class)
    package = sys.modules[unmixed.__module__].__package__ or unmixed.__module__
    own, top = _folder(package), _folder(package.partition(".")[0])
    places = [own / (block_class.resources_dir or "")] if own else []
    return [*places, top] if top else places


def _public_name(block_class: Any) -> str:
    return str(getattr(block_class, "public_dir", PUBLIC) or PUBLIC)


@lru_cache(maxsize=5_000)
def find_public_file(tag: str, uri: str) -> PublicFile | None:
    """The file behind a resource URI of a block type, or ``None`` if none may be served."""
    try:
        block_class = load_block_class(tag)
    except BlockTypeMissing:
        return None
    parts = uri.split("/")
    if _public_name(block_class) not in parts[:-1] or any(part.startswith(".") for part in parts):
        return None
    if len(uri) > MAX_URI or "\x00" in uri:
        return None
    for place in _places(block_class):
        path = (place / uri).resolve()
        top = _places(block_class)[-1]
        if (
            path.is_relative_to(place.resolve())
            and path.is_relative_to(top)
            and path.suffix.lower() in SERVED_TYPES
            and path.is_file()
        ):
            return PublicFile(path, _static_name(path, top))
    return None


def open_public_file(path: Path) -> IO[bytes]:
    """A file that a block's package ships; a stylesheet without what it asks of other sites."""
    if path.suffix.lower() != ".css":
        return path.open("rb")
    text = path.read_text("utf-8", errors="replace")
    return BytesIO(without_foreign_imports(text).encode())


def _static_name(path: Path, top: Path) -> str:
    return f"{STATIC_PREFIX}/{top.name}/{path.relative_to(top).as_posix()}"


@lru_cache(maxsize=5_000)
def resource_url(tag: str, uri: str) -> str:
    """The URL of a file that a block type ships: among the static files once they are collected."""
    found = find_public_file(tag, uri)
    if found is not None:
        try:
            return str(staticfiles_storage.url(found.static_name))
        except ValueError:  # not collected: a checkout that is tried without `collectstatic`
            pass
    return reverse("block_resource", args=[tag, uri])


@lru_cache(maxsize=200)
def library_url(resource: str) -> str:
    """The URL of a library of the host, by the name it has in Open edX."""
    name = LIBRARIES.get(PurePosixPath(resource).name, resource)
    try:
        return str(staticfiles_storage.url(name))
    except ValueError:
        return static_root() + name


def static_root() -> str:
    """The URL below which all static files are."""
    return str(settings.STATIC_URL)


def installed_tags() -> list[str]:
    """The entry point names of all block types that can be imported."""
    names = {point.name for point in entry_points(group="xblock.v1")}
    return sorted(name for name in names if is_installed(name))


def public_files() -> Iterator[PublicFile]:
    """Every file that the installed blocks' packages ship for the browser, each once."""
    seen: set[Path] = set()
    for tag in installed_tags():
        block_class = load_block_class(tag)
        for place in _places(block_class)[:1]:
            top = _places(block_class)[-1]
            for path in sorted((place / _public_name(block_class)).rglob("*")):
                if path in seen or not path.is_file() or path.suffix.lower() not in SERVED_TYPES:
                    continue
                seen.add(path)
                yield PublicFile(path, _static_name(path, top))
