"""Uploaded files: let in by what they hold, handed out so that no browser runs them."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from urllib.parse import quote

from quarantine.errors import gettext_noop
from quarantine.file_kinds import KINDS, FileRefused
from quarantine.tar import Readable

__all__ = [
    "DOWNLOAD_HEADERS",
    "KINDS",
    "UPLOAD_LIMIT",
    "FileRefused",
    "Upload",
    "download_headers",
    "inspect_upload",
    "safe_name",
]

UPLOAD_LIMIT = 10 * 1024 * 1024
MAX_NAME = 100
CHUNK = 64 * 1024

TOO_LARGE = gettext_noop("The file takes more than %(limit)d bytes.")
EMPTY = gettext_noop("The file is empty.")
KIND = gettext_noop("Files of this kind are not accepted here; accepted are: %(accepted)s.")
VIRUS = gettext_noop("The file is a virus test file.")

# What every answer that hands out an uploaded file says, whatever the file.
DOWNLOAD_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Disposition": "attachment",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }
)

# In two parts, or virus scanners would find it here.
_EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_NOT_IN_NAMES = re.compile('[\x00-\x1f\x7f-\x9f<>:"/\\\\|?*%;\ud800-\udfff]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was let in: ``kind`` is a key of :data:`KINDS`, ``size`` is in bytes.

    ``safe_name`` is fit to be shown and offered for download; the name to store under is the
    caller's, and random. ``sha256`` is in hexadecimal.
    """

    kind: str
    media_type: str
    safe_name: str
    size: int
    sha256: str
    data: bytes = field(repr=False)


def inspect_upload(
    name: str, source: bytes | Readable, *, allowed: Collection[str], limit: int = UPLOAD_LIMIT
) -> Upload:
    """Return the upload called ``name`` if it is of one of the ``allowed`` kinds, inside too.

    ``allowed`` are keys of :data:`KINDS`; ``limit`` is in bytes, and no more than that is read.
    An archive is only recognised here and is opened by :mod:`quarantine.archive`. Raises a
    :class:`quarantine.errors.Refused`.
    """
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    data = _read(stream, limit)
    if not data:
        raise FileRefused("file.empty", EMPTY)
    if _EICAR in data:
        raise FileRefused("file.virus", VIRUS)
    kind = _kind(name, allowed)
    KINDS[kind].check(data)
    return Upload(
        kind=kind,
        media_type=KINDS[kind].media_type,
        safe_name=safe_name(name),
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        data=data,
    )


def safe_name(name: str) -> str:
    """Return the last part of ``name`` without anything that misleads a person or a system."""
    base = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    base = "".join(
        character for character in base if unicodedata.category(character) not in ("Cf", "Co", "Cn")
    )
    base = re.sub(r"\s+", " ", _NOT_IN_NAMES.sub("_", base)).strip(" .")
    stem, dot, extension = base.rpartition(".")
    if not dot:
        stem, extension = base, ""
    stem = stem[: MAX_NAME - len(extension[:10]) - 1].strip(" .") or "file"
    shortened = f"{stem}{dot}{extension[:10].lower()}"
    return f"_{shortened}" if _RESERVED.match(shortened) else shortened


def download_headers(upload_name: str, media_type: str) -> dict[str, str]:
    """Return the headers with which to hand out a file under the name that it came with.

    ``media_type`` is one of :data:`KINDS`, never one that a client gave.
    """
    name = safe_name(upload_name)
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return {
        **DOWNLOAD_HEADERS,
        "Content-Disposition": disposition,
        "Content-Type": media_type,
    }


def _read(stream: Readable, limit: int) -> bytes:
    data = bytearray()
    while chunk := stream.read(CHUNK):
        data += chunk
        if len(data) > limit:
            raise FileRefused("file.too_large", TOO_LARGE, limit=limit)
    return bytes(data)


def _kind(name: str, allowed: Collection[str]) -> str:
    folded = name.lower()
    for kind in allowed:
        if any(folded.endswith(f".{extension}") for extension in KINDS[kind].extensions):
            return kind
    accepted = ", ".join(f".{KINDS[kind].extensions[0]}" for kind in sorted(allowed))
    raise FileRefused("file.kind", KIND, accepted=accepted)
