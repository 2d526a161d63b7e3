"""The bytes of a ``.tar.gz`` as a stream of entries; see :mod:`quarantine.archive` for their use.

Our own reader of the format, because the standard library's believes sizes before it checks them,
takes a damaged header for the end, and unpacks sparse files. It reads what tar programs write
today (ustar, GNU long names, PAX paths) and refuses the rest.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from quarantine.errors import Refused, gettext_noop

__all__ = ["ArchiveLimits", "ArchiveRefused", "Entry", "Readable", "read_entries"]

BLOCK = 512
# Up to here an archive may unpack to whatever ratio: padding alone makes small ones wide.
SMALL = 1024 * 1024
CHUNK = 64 * 1024
# A name, a link's name and two kinds of attributes may stand before a file.
MAX_EXTENSIONS = 8

NOT_GZIP = gettext_noop("This is not a .tar.gz archive.")
PLAIN_TAR = gettext_noop("This archive is not compressed; please upload it as .tar.gz.")
TOO_SHORT = gettext_noop("The archive is damaged: it ends too early.")
TRAILING = gettext_noop("The archive is damaged: there are data after its end.")
TWICE = gettext_noop("The archive is damaged: a file has two names or sizes.")
TOO_LARGE = gettext_noop("The archive takes more than %(limit)d bytes.")
UNPACKED_TOO_LARGE = gettext_noop("Unpacked, the archive takes more than %(limit)d bytes.")
MEMBER_TOO_LARGE = gettext_noop("The file takes more than %(limit)d bytes.")
HEADER_TOO_LARGE = gettext_noop("The archive has a header of more than %(limit)d bytes.")
NOT_A_FILE = gettext_noop("Only plain files are accepted, no links, devices or sparse files.")
ENCODING = gettext_noop("The name of a file is not valid UTF-8.")


class ArchiveRefused(Refused):
    """An archive or folder that is damaged, too large, or holds what it may not."""


class Readable(Protocol):
    """Anything that gives bytes: a file, an upload."""

    def read(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes, none at the end."""


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """How much an archive may hold; sizes are in bytes.

    What it unpacks to is bounded by ``unpacked`` and, beyond one megabyte, by ``ratio`` times what
    was uploaded.
    """

    upload: int = 50 * 1024 * 1024
    unpacked: int = 200 * 1024 * 1024
    ratio: int = 200
    members: int = 20_000
    member: int = 20 * 1024 * 1024
    depth: int = 12
    header: int = 64 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or folder as the archive names it, its ``name`` not yet judged."""

    name: str
    is_folder: bool
    data: bytes


def read_entries(stream: Readable, limits: ArchiveLimits) -> Iterator[Entry]:
    """Yield the files and folders of a gzipped tar archive as they come by.

    Holds one file at a time and leaves their count to the caller. Raises
    :class:`ArchiveRefused`, also after the last entry when what follows it is damaged: nothing
    read before may be used until the iterator is exhausted.
    """
    source = _Unzipped(stream, limits)
    extended: dict[str, str] = {}
    in_a_row = 0
    while header := _Header.read(source):
        if header.kind in b"xgLK":
            in_a_row += 1
            if in_a_row > MAX_EXTENSIONS:
                raise _damaged(gettext_noop("The archive has too many headers for one file."))
            _extend(extended, header, source, limits)
        else:
            yield _entry(header, extended, source, limits)
            extended, in_a_row = {}, 0
    source.finish()


def _damaged(template: str, where: str = "") -> ArchiveRefused:
    return ArchiveRefused("archive.damaged", template, where=where)


class _Unzipped:
    """The one gzip member of ``stream``, unpacked as it is read and never beyond the limits."""

    def __init__(self, stream: Readable, limits: ArchiveLimits) -> None:
        self.stream = stream
        self.limits = limits
        self.taken = 0
        self.given = 0
        self.buffer = bytearray()
        self.unzip = zlib.decompressobj(wbits=31)
        self.packed = self._take()
        if not self.packed.startswith(b"\x1f\x8b"):
            is_tar = self.packed[257:262] == b"ustar"
            raise ArchiveRefused("archive.not_gzip", PLAIN_TAR if is_tar else NOT_GZIP)

    def read(self, size: int) -> bytes:
        """Return exactly ``size`` bytes, or what is left at the end."""
        while len(self.buffer) < size and self._more():
            pass
        data = bytes(self.buffer[:size])
        del self.buffer[:size]
        return data

    def finish(self) -> None:
        """Read to the end, where the checksum is, and make sure that only padding is left."""
        while self.buffer or self._more():
            if self.buffer.strip(b"\0"):
                raise _damaged(TRAILING)
            self.buffer.clear()
        while self.packed:
            if self.packed.strip(b"\0"):
                raise _damaged(TRAILING)
            self.packed = self._take()

    def _more(self) -> bool:
        """Unpack a little more into the buffer; false at the end."""
        if self.unzip.eof:
            return False
        if not self.packed:
            self.packed = self._take()
        try:
            data = self.unzip.decompress(self.packed, CHUNK)
        except zlib.error as error:
            raise _damaged(
                gettext_noop("The archive is damaged: it cannot be unpacked.")
            ) from error
        if not data and not self.packed and not self.unzip.eof:
            raise _damaged(TOO_SHORT)
        self.packed = self.unzip.unused_data if self.unzip.eof else self.unzip.unconsumed_tail
        self.given += len(data)
        allowed = min(self.limits.unpacked, max(SMALL, self.limits.ratio * self.taken))
        if self.given > allowed:
            raise ArchiveRefused("archive.unpacked_too_large", UNPACKED_TOO_LARGE, limit=allowed)
        self.buffer += data
        return True

    def _take(self) -> bytes:
        data = self.stream.read(CHUNK)
        self.taken += len(data)
        if self.taken > self.limits.upload:
            raise ArchiveRefused("archive.too_large", TOO_LARGE, limit=self.limits.upload)
        return data


@dataclass(frozen=True, slots=True)
class _Header:
    """One header block: ``kind`` is its type flag, ``size`` what it claims to be followed by."""

    name: bytes
    size: int
    kind: bytes

    @classmethod
    def read(cls, source: _Unzipped) -> _Header | None:
        """Return the next header, or ``None`` at the mark of the end."""
        block = source.read(BLOCK)
        if len(block) < BLOCK:
            raise _damaged(TOO_SHORT)
        if not block.strip(b"\0"):
            return None
        if not _is_sum(_number(block[148:156]), block[:148] + b" " * 8 + block[156:]):
            raise _damaged(gettext_noop("The archive is damaged: a checksum is wrong."))
        name = _text(block[:100])
        if block[257:263] == b"ustar\0" and (prefix := _text(block[345:500])):
            name = prefix + b"/" + name
        return cls(name, _number(block[124:136]), block[156:157])


def _is_sum(number: int, block: bytes) -> bool:
    """Tell whether ``number`` is the sum of the bytes, which some old systems took as signed."""
    total = sum(block)
    return number == total or number == total - 256 * sum(byte > 127 for byte in block)


def _text(field: bytes) -> bytes:
    return field.split(b"\0", 1)[0]


def _number(field: bytes) -> int:
    """Read an octal number, or GNU's binary one for sizes beyond 8 GB."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    digits = field.split(b"\0", 1)[0].strip(b" ")
    if not re.fullmatch(rb"[0-7]*", digits):
        raise _damaged(gettext_noop("The archive is damaged: a number is wrong."))
    return int(digits or b"0", 8)


def _body(source: _Unzipped, size: int, where: str) -> bytes:
    """Return the ``size`` bytes after a header and skip the padding to the next block."""
    data = source.read(size)
    if len(data) < size or len(source.read(-size % BLOCK)) < -size % BLOCK:
        raise _damaged(TOO_SHORT, where)
    return data


def _extend(
    extended: dict[str, str], header: _Header, source: _Unzipped, limits: ArchiveLimits
) -> None:
    """Note what an extension header says of the entry that follows it."""
    if header.size > limits.header:
        raise ArchiveRefused("archive.header_too_large", HEADER_TOO_LARGE, limit=limits.header)
    body = _body(source, header.size, "")
    if header.kind == b"L":
        said = {"path": _decoded(_text(body))}
    elif header.kind == b"K":
        said = {"linkpath": ""}
    else:
        said = _records(body)
    if any(name.startswith("GNU.sparse.") for name in said):
        raise ArchiveRefused("archive.not_a_file", NOT_A_FILE, where=said.get("path", ""))
    if header.kind == b"g" and said.keys() & {"path", "size", "linkpath", "hdrcharset"}:
        raise _damaged(gettext_noop("A header of the archive speaks for all files."))
    if header.kind != b"g":
        if said.keys() & extended.keys():
            raise _damaged(TWICE)
        extended.update(said)


def _records(body: bytes) -> dict[str, str]:
    """Read the records of a PAX header, ``LENGTH KEY=VALUE`` each; only ours are kept."""
    said = {}
    place = 0
    while place < len(body):
        match = re.compile(rb"([0-9]{1,6}) ([^=\n]{1,200})=").match(body, place)
        end = place + int(match[1]) if match else 0
        if not match or end <= match.end() or body[end - 1 : end] != b"\n":
            raise _damaged(gettext_noop("The archive is damaged: a header is wrong."))
        key = match[2].decode("ascii", "replace")
        if key in ("path", "size", "linkpath", "hdrcharset") or key.startswith("GNU.sparse."):
            if key in said:
                raise _damaged(TWICE)
            said[key] = _decoded(body[match.end() : end - 1])
        place = end
    return said


def _decoded(name: bytes) -> str:
    try:
        return name.decode()
    except UnicodeDecodeError as error:
        raise ArchiveRefused(
            "archive.encoding", ENCODING, where=name.decode("utf-8", "replace")[:200]
        ) from error


def _entry(
    header: _Header, extended: dict[str, str], source: _Unzipped, limits: ArchiveLimits
) -> Entry:
    name = extended["path"] if "path" in extended else _decoded(header.name)
    size = header.size
    if "size" in extended:
        if not re.fullmatch("[0-9]{1,15}", extended["size"]):
            raise _damaged(gettext_noop("The archive is damaged: a number is wrong."), name)
        size = int(extended["size"])
    is_folder = header.kind == b"5" or (header.kind in b"0\0" and name.endswith("/"))
    if (not is_folder and header.kind not in b"0\0") or extended.keys() - {"path", "size"}:
        raise ArchiveRefused("archive.not_a_file", NOT_A_FILE, where=name)
    if is_folder and size:
        raise _damaged(gettext_noop("The archive is damaged: a folder has a size."), name)
    if size > limits.member:
        raise ArchiveRefused(
            "archive.member_too_large", MEMBER_TOO_LARGE, where=name, limit=limits.member
        )
    return Entry(name, is_folder, _body(source, size, name))
