"""Zip containers of office documents, checked before any library opens them."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass

from quarantine.errors import Refused, gettext_noop

__all__ = ["ZipLimits", "ZipRefused", "open_zip"]

DAMAGED = gettext_noop("The document is damaged or protected by a password.")
TOO_MANY = gettext_noop("The document has more than %(limit)d parts.")
TOO_LARGE = gettext_noop("Unpacked, the document takes more than %(limit)d bytes.")
DUPLICATE = gettext_noop("The document has two parts of the same name.")
XML = gettext_noop("The document has a part that is not plain XML.")
MACROS = gettext_noop("The document has macros, which are not accepted.")


class ZipRefused(Refused):
    """A container that is damaged, too large or holds what a document does not need."""


@dataclass(frozen=True, slots=True)
class ZipLimits:
    """How much a container may hold; sizes are in bytes, ``ratio`` is to the packed size."""

    entries: int = 1_000
    unpacked: int = 50 * 1024 * 1024
    ratio: int = 200


DEFAULT_LIMITS = ZipLimits()
_ENCRYPTED = 0x1
_MACROS = ("vbaproject.bin", "basic/", "scripts/")


def open_zip(data: bytes, limits: ZipLimits = DEFAULT_LIMITS) -> zipfile.ZipFile:
    """Return the container in ``data`` after reading every part of it once.

    Sizes are judged before anything is unpacked, and what is unpacked never exceeds them. XML
    parts must be UTF-8 without a document type, so that no parser behind this gate can be
    misled. Raises :class:`ZipRefused`.
    """
    try:
        # Bytes in front or behind would make the file two things at once.
        if not data.startswith(b"PK\x03\x04"):
            raise ZipRefused("zip.damaged", DAMAGED)
        archive = zipfile.ZipFile(io.BytesIO(data))
        _check_sizes(archive, len(data), limits)
        for info in archive.infolist():
            _check_part(info.filename, archive.read(info))
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        EOFError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        OverflowError,
        MemoryError,
    ) as error:
        if isinstance(error, ZipRefused):
            raise
        raise ZipRefused("zip.damaged", DAMAGED) from error
    return archive


def _check_sizes(archive: zipfile.ZipFile, packed: int, limits: ZipLimits) -> None:
    parts = archive.infolist()
    if len(parts) > limits.entries:
        raise ZipRefused("zip.too_many", TOO_MANY, limit=limits.entries)
    allowed = min(limits.unpacked, limits.ratio * packed)
    if sum(part.file_size for part in parts) > allowed:
        raise ZipRefused("zip.too_large", TOO_LARGE, limit=allowed)
    if len({part.filename.casefold() for part in parts}) < len(parts):
        raise ZipRefused("zip.duplicate", DUPLICATE)
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise ZipRefused("zip.damaged", DAMAGED)


def _check_part(name: str, data: bytes) -> None:
    folded = name.casefold()
    if folded.endswith(_MACROS[0]) or folded.startswith(_MACROS[1:]):
        raise ZipRefused("zip.macros", MACROS, where=ascii(name)[1:-1][:200])
    if folded.endswith((".xml", ".rels", ".vml")):
        try:
            text = data.decode()
        except UnicodeDecodeError as error:
            raise ZipRefused("zip.xml", XML, where=ascii(name)[1:-1][:200]) from error
        if "<!DOCTYPE" in text or "<!ENTITY" in text or "\0" in text:
            raise ZipRefused("zip.xml", XML, where=ascii(name)[1:-1][:200])
