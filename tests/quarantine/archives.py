"""Hostile course archives of our own making."""

from __future__ import annotations

import gzip
import io
import os
import struct
import tarfile
import zlib
from collections.abc import Callable, Mapping

LINKS = {tarfile.SYMTYPE, tarfile.LNKTYPE}
MB = 1024 * 1024


def header(
    name: bytes, *, size: int = 0, kind: bytes = b"0", link: bytes = b"", prefix: bytes = b""
) -> bytes:
    """Return one ustar header block with a right checksum, whatever the rest says."""
    return raw_header(name, f"{size:011o}\0".encode(), kind, link, prefix)


def raw_header(
    name: bytes, size: bytes, kind: bytes = b"0", link: bytes = b"", prefix: bytes = b""
) -> bytes:
    block = bytearray(
        struct.pack(
            "100s8s8s8s12s12s8sc100s6s2s32s32s8s8s155s12x",
            name,
            b"0000644\0",
            b"0000000\0",
            b"0000000\0",
            size,
            b"00000000000\0",
            b"        ",
            kind,
            link,
            b"ustar\0",
            b"00",
            b"",
            b"",
            b"0000000\0",
            b"0000000\0",
            prefix,
        )
    )
    block[148:156] = f"{sum(block):06o}\0 ".encode()
    return bytes(block)


def padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 512)


def file(name: bytes, data: bytes = b"<course/>", **more: bytes) -> bytes:
    return header(name, size=len(data), **more) + padded(data)


def pax(records: Mapping[str, str], kind: bytes = b"x") -> bytes:
    body = b""
    for key, value in records.items():
        rest = f" {key}={value}\n".encode("utf-8", "surrogateescape")
        size = len(rest) + 1
        while len(str(size)) + len(rest) != size:
            size += 1
        body += str(size).encode() + rest
    return file(b"pax", body, kind=kind)


def packed(*blocks: bytes, end: bytes = b"\0" * 1024) -> bytes:
    return gzip.compress(b"".join(blocks) + end, 9, mtime=0)


def by_tarfile(*entries: tuple[tarfile.TarInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", format=tarfile.PAX_FORMAT) as tar:
        for info, data in entries:
            info.size = 0 if info.type in LINKS else len(data)
            tar.addfile(info, io.BytesIO(data))
    return out.getvalue()


def link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = target
    return info, b""


def path_max_archive() -> bytes:
    """Links longer in all than PATH_MAX, which realpath() leaves unresolved (CVE-2025-4517)."""
    part = "d" * 247
    steps = "abcdefghijklmnop"
    entries = []
    path = ""
    for step in steps:
        folder = tarfile.TarInfo(os.path.join(path, part))
        folder.type = tarfile.DIRTYPE
        entries.append((folder, b""))
        entries.append(link(os.path.join(path, step), part))
        path = os.path.join(path, part)
    tunnel = os.path.join("/".join(steps), "l" * 254)
    entries.append(link(tunnel, "../" * len(steps)))
    entries.append(link("escape", f"{tunnel}/../../../outside"))
    entries.append(link("written", "escape/pwned", tarfile.LNKTYPE))
    entries.append((tarfile.TarInfo("written"), b"pwned"))
    return by_tarfile(*entries)


def zeros(size: int) -> bytes:
    squeeze = zlib.compressobj(9, wbits=31)
    parts = [squeeze.compress(header(b"zeros.xml", size=size))]
    block = b"\0" * MB
    parts += [squeeze.compress(block) for _ in range(size // MB)]
    return b"".join(parts) + squeeze.flush()


def long_file_name_in_gzip() -> bytes:
    return b"\x1f\x8b\x08\x08\0\0\0\0\0\3" + b"n" * (4 * MB)


GOOD = file(b"course/course.xml")
DEEP = b"/".join([b"d"] * 13)

HOSTILE: dict[str, Callable[[], bytes]] = {
    "PATH_MAX links (CVE-2025-4517)": path_max_archive,
    "parent path": lambda: packed(file(b"../course.xml")),
    "parent path inside": lambda: packed(file(b"course/../../course.xml")),
    "parent path in a prefix": lambda: packed(file(b"course.xml", prefix=b"..")),
    "absolute path": lambda: packed(file(b"/etc/cron.d/course")),
    "absolute path in PAX": lambda: packed(pax({"path": "/etc/passwd"}), GOOD),
    "parent path in PAX": lambda: packed(pax({"path": "../x"}), GOOD),
    "parent path in a long name": lambda: packed(file(b"long", b"../x\0", kind=b"L"), GOOD),
    "drive letter": lambda: packed(file(b"C:/course.xml")),
    "backslashes": lambda: packed(file(b"..\\course.xml")),
    "colon": lambda: packed(file(b"course/html:x.xml")),
    "control character": lambda: packed(file(b"course/a\x07b.xml")),
    "line feed": lambda: packed(file(b"course/a\nb.xml")),
    "NUL in PAX": lambda: packed(pax({"path": "course/a\0b.xml"}), GOOD),
    "right-to-left override": lambda: packed(file("course/a\u202elmx.exe".encode())),
    "not UTF-8": lambda: packed(file(b"course/\xff\xfe.xml")),
    "not UTF-8 in PAX": lambda: packed(pax({"path": "course/\udcff.xml"}), GOOD),
    "empty part": lambda: packed(file(b"course//course.xml")),
    "dot part": lambda: packed(file(b"course/./course.xml")),
    "trailing dot": lambda: packed(file(b"course./course.xml")),
    "trailing space": lambda: packed(file(b"course/course.xml ")),
    "no name": lambda: packed(file(b"")),
    "part too long": lambda: packed(pax({"path": "a" * 300}), GOOD),
    "path too long": lambda: packed(pax({"path": "/".join(["a" * 200] * 8)}), GOOD),
    "too deep": lambda: packed(file(DEEP)),
    "same name twice": lambda: packed(GOOD, GOOD),
    "name that differs in case": lambda: packed(GOOD, file(b"course/COURSE.xml")),
    "folder that differs in case": lambda: packed(GOOD, file(b"Course/other.xml")),
    "name that differs in sharp s": lambda: packed(
        file("course/straße.xml".encode()), file(b"course/STRASSE.xml")
    ),
    "name that differs in composition": lambda: packed(
        file("course/\u0107.xml".encode()), file("course/c\u0301.xml".encode())
    ),
    "file that is a folder too": lambda: packed(file(b"course"), GOOD),
    "folder that is a file too": lambda: packed(GOOD, file(b"course")),
    "symbolic link": lambda: by_tarfile(link("course.xml", "/etc/passwd")),
    "link inside": lambda: by_tarfile(link("course.xml", "course/course.xml")),
    "hard link": lambda: by_tarfile(link("course.xml", "/etc/passwd", tarfile.LNKTYPE)),
    "link by PAX": lambda: packed(pax({"linkpath": "/etc/passwd"}), GOOD),
    "link by long link name": lambda: packed(file(b"long", b"/etc/passwd\0", kind=b"K"), GOOD),
    "character device": lambda: packed(header(b"zero", kind=b"3")),
    "block device": lambda: packed(header(b"sda", kind=b"4")),
    "pipe": lambda: packed(header(b"pipe", kind=b"6")),
    "contiguous file": lambda: packed(file(b"course.xml", kind=b"7")),
    "multi-volume": lambda: packed(file(b"course.xml", kind=b"M")),
    "unknown type": lambda: packed(file(b"course.xml", kind=b"Z")),
    "old sparse file": lambda: packed(header(b"hole", size=512, kind=b"S") + b"\0" * 512),
    "sparse file by PAX 0.0": lambda: packed(pax({"GNU.sparse.size": "8796093022208"}), GOOD),
    "sparse file by PAX 1.0": lambda: packed(
        pax({"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "9" * 13}),
        GOOD,
    ),
    "PAX header of 1 GB": lambda: packed(header(b"pax", size=1 << 30, kind=b"x")),
    "long name of 1 GB": lambda: packed(header(b"long", size=1 << 30, kind=b"L")),
    "PAX size of 8 TB": lambda: packed(pax({"size": str(8 << 40)}), GOOD),
    "PAX size that is none": lambda: packed(pax({"size": "\u0663"}), GOOD),
    "PAX size below zero": lambda: packed(pax({"size": "-1"}), GOOD),
    "PAX record cut short": lambda: packed(file(b"pax", b"99 path=x\n", kind=b"x"), GOOD),
    "PAX record of no length": lambda: packed(file(b"pax", b"0 path=x\n", kind=b"x"), GOOD),
    "PAX record without end": lambda: packed(file(b"pax", b"8 path=x", kind=b"x"), GOOD),
    "PAX path twice": lambda: packed(file(b"pax", b"9 path=a\n9 path=b\n", kind=b"x"), GOOD),
    "two PAX headers": lambda: packed(pax({"path": "a"}), pax({"path": "b"}), GOOD),
    "PAX path for all": lambda: packed(pax({"path": "x"}, kind=b"g"), GOOD),
    "PAX charset": lambda: packed(pax({"hdrcharset": "BINARY"}), GOOD),
    "PAX headers without end": lambda: packed(*[pax({"comment": "x"}, kind=b"g")] * 90_000),
    "size of 8 GB": lambda: packed(raw_header(b"x", b"77777777777\0")),
    "size of 2 to the 80": lambda: packed(raw_header(b"x", b"\x80" + b"\xff" * 11)),
    "size below zero": lambda: packed(raw_header(b"x", b"\xff" * 12)),
    "size that is none": lambda: packed(raw_header(b"x", b"hello world\0")),
    "folder with a size": lambda: packed(file(b"course/", kind=b"5")),
    "wrong checksum": lambda: packed(GOOD.replace(b"ustar", b"USTAR", 1)),
    "file beyond the limit": lambda: packed(file(b"big", os.urandom(64) * (21 * MB // 64))),
    "200 MB of zeros": lambda: zeros(200 * MB),
    "20 MB of zeros in 20 kB": lambda: zeros(19 * MB),
    "25,000 empty files": lambda: packed(*[header(b"d/%d" % number) for number in range(25_000)]),
    "25,000 folders": lambda: packed(
        *[header(b"d%d/" % number, kind=b"5") for number in range(25_000)]
    ),
    "cut in a header": lambda: packed(GOOD[:300], end=b""),
    "cut in a file": lambda: packed(GOOD[:520], end=b""),
    "no end mark": lambda: packed(GOOD, end=b""),
    "cut in the compression": lambda: packed(GOOD)[:-12],
    "wrong gzip checksum": lambda: packed(GOOD)[:-8] + b"\0" * 8,
    "data after the end": lambda: packed(GOOD, end=b"\0" * 1024 + GOOD),
    "second gzip member": lambda: packed(GOOD) + packed(file(b"other.xml")),
    "bytes after gzip": lambda: packed(GOOD) + b"PK\x03\x04",
    "gzip without end of name": long_file_name_in_gzip,
    "gzip in gzip": lambda: gzip.compress(packed(GOOD)),
    "plain tar": lambda: GOOD + b"\0" * 1024,
    "zip": lambda: b"PK\x03\x04" + b"\0" * 600,
    "bzip2": lambda: b"BZh91AY&SY" + b"\0" * 600,
    "empty": lambda: b"",
    "one byte": lambda: b"\x1f",
    "text": lambda: b"<course/>",
}
