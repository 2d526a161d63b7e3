"""Pictures without what cameras write beside them: where, when and with what they were taken.

Pure. The picture itself is not encoded again; what is not needed to show it is left out.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping

from quarantine.errors import gettext_noop
from quarantine.file_kinds import FileRefused

__all__ = ["strip_metadata"]

# JPEG: what is needed to decode, and the colour profile. All other APPn segments and comments go.
_KEPT_APPS = {0xE0, 0xEE}  # JFIF; Adobe, which says how colours are coded
_ICC = b"ICC_PROFILE\0"
_EXIF = b"Exif\0\0"
_ORIENTATION = 0x0112
# The end of a scan: a marker that is neither a byte of the scan nor a restart within it.
_AFTER_SCAN = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]", re.DOTALL)
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_PNG_DROPPED = {b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"}
_WEBP_DROPPED = {b"EXIF", b"XMP "}
_WEBP_FLAGS = 0x08 | 0x04  # that EXIF and XMP follow

BROKEN = gettext_noop("The picture is damaged.")


def strip_metadata(kind: str, data: bytes) -> bytes:
    """A picture of ``kind`` (a key of ``files.KINDS``) without metadata; other kinds as they are.

    A JPEG keeps its orientation, since it would be shown lying on its side; what phones put after
    its end (a film, another picture with its own metadata) goes. Raises ``FileRefused`` for a
    picture that ends in the middle of a part.
    """
    strip = _STRIPPERS.get(kind)
    if strip is None:
        return data
    try:
        return strip(data)
    except (IndexError, struct.error) as error:
        raise FileRefused("file.disguised", BROKEN) from error


def _strip_jpeg(data: bytes) -> bytes:
    out = bytearray(data[:2])
    place = 2
    while True:
        if data[place] != 0xFF:
            raise IndexError
        marker = data[place + 1]
        if marker == 0xFF:  # fill byte
            place += 1
            continue
        if marker == 0xD9:
            return bytes(out) + b"\xff\xd9"
        length = struct.unpack(">H", data[place + 2 : place + 4])[0]
        segment = data[place : place + 2 + length]
        if length < 2 or len(segment) != 2 + length:
            raise IndexError
        out += _kept_segment(marker, segment)
        place += len(segment)
        if marker == 0xDA:  # a scan of the picture follows
            after = _AFTER_SCAN.search(data, place)
            out += data[place : after.start() if after else len(data)]
            if after is None:  # cut short: what is there can be shown
                return bytes(out)
            place = after.start()


def _kept_segment(marker: int, segment: bytes) -> bytes:
    body = segment[4:]
    is_app, is_comment = 0xE0 <= marker <= 0xEF, marker == 0xFE
    if marker == 0xE1 and body.startswith(_EXIF):
        return _orientation_alone(body[len(_EXIF) :])
    if is_comment or (is_app and marker not in _KEPT_APPS and not body.startswith(_ICC)):
        return b""
    return segment


def _orientation_alone(tiff: bytes) -> bytes:
    """An Exif segment with nothing but the orientation; nothing, if there is none."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 10:
        return b""
    try:
        start = struct.unpack(order + "I", tiff[4:8])[0]
        entries = struct.unpack(order + "H", tiff[start : start + 2])[0]
        for number in range(min(entries, 512)):
            entry = tiff[start + 2 + 12 * number :][:12]
            tag, _type, _count, value = struct.unpack(order + "HHIH", entry[:10])
            if tag == _ORIENTATION and 1 < value <= 8:
                made = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, tag, 3, 1, value, 0, 0)
                body = _EXIF + made
                return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    except struct.error:
        return b""
    return b""


def _strip_png(data: bytes) -> bytes:
    out = bytearray(_PNG_HEAD)
    place = len(_PNG_HEAD)
    while place < len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        chunk = data[place : place + 12 + length]
        if len(chunk) != 12 + length:
            raise IndexError
        if kind not in _PNG_DROPPED:
            out += chunk
        place += len(chunk)
    return bytes(out)


def _strip_webp(data: bytes) -> bytes:
    out = bytearray()
    place = 12
    end = min(len(data), 8 + struct.unpack("<I", data[4:8])[0])
    while place + 8 <= end:
        kind, length = struct.unpack("<4sI", data[place : place + 8])
        chunk = bytearray(data[place : place + 8 + length + length % 2])
        if len(chunk) < 8 + length:
            raise IndexError
        if kind == b"VP8X":
            chunk[8] &= ~_WEBP_FLAGS & 0xFF
        if kind not in _WEBP_DROPPED:
            out += chunk
        place += 8 + length + length % 2
    return b"RIFF" + struct.pack("<I", len(out) + 4) + b"WEBP" + bytes(out)


_STRIPPERS: Mapping[str, Callable[[bytes], bytes]] = {
    "jpeg": _strip_jpeg,
    "png": _strip_png,
    "webp": _strip_webp,
}
