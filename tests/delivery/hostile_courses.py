"""Archives and XML made to harm, each built when it is asked for."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Callable

from tests.delivery.olx_courses import archive, small_course

Add = Callable[[tarfile.TarFile], None]


def packed(add: Add) -> bytes:
    """The small course with something added."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        with tarfile.open(fileobj=io.BytesIO(archive(small_course()))) as good:
            for member in good:
                tar.addfile(member, good.extractfile(member))
        add(tar)
    return stream.getvalue()


def named(name: str, data: bytes = b"x") -> Add:
    def add(tar: tarfile.TarFile) -> None:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        tar.addfile(info, io.BytesIO(data))

    return add


def typed(kind: bytes, target: str = "") -> Add:
    def add(tar: tarfile.TarFile) -> None:
        info = tarfile.TarInfo("course/static/odd")
        info.type, info.linkname = kind, target
        tar.addfile(info)

    return add


def many(tar: tarfile.TarFile) -> None:
    for number in range(21_000):
        tar.addfile(tarfile.TarInfo(f"course/static/{number}"))


ARCHIVES: dict[str, Callable[[], bytes]] = {
    "traversal": lambda: packed(named("course/../../escape.txt")),
    "absolute": lambda: packed(named("/tmp/escape.txt")),  # noqa: S108  # the attack itself
    "backslash": lambda: packed(named("course\\..\\escape.txt")),
    "drive": lambda: packed(named("C:/escape.txt")),
    "symlink out": lambda: packed(typed(tarfile.SYMTYPE, "/etc")),
    "symlink in": lambda: packed(typed(tarfile.SYMTYPE, "cover.svg")),
    "hard link": lambda: packed(typed(tarfile.LNKTYPE, "/etc/passwd")),
    "device": lambda: packed(typed(tarfile.CHRTYPE)),
    "pipe": lambda: packed(typed(tarfile.FIFOTYPE)),
    "sparse": lambda: packed(typed(tarfile.GNUTYPE_SPARSE)),
    "twice": lambda: packed(named("course/course.xml")),
    "same but for case": lambda: packed(named("course/Course.xml")),
    "deep": lambda: packed(named("course/" + "d/" * 3000 + "x")),
    "long name": lambda: packed(named("course/static/" + "n" * 5000)),
    "bomb": lambda: gzip.compress(archive(small_course()) + bytes(200 * 2**20)),
    "bomb in a member": lambda: packed(named("course/static/zeros", bytes(25 * 2**20))),
    "gzip in gzip": lambda: gzip.compress(archive(small_course())),
    "too many": lambda: packed(many),
    "plain tar": lambda: gzip.decompress(archive(small_course())),
    "cut off": lambda: archive(small_course())[:-200],
    "zip": lambda: b"PK\x03\x04" + bytes(100),
    "empty": lambda: b"",
    "noise": lambda: bytes(range(256)) * 20,
}

XML_ATTACKS: dict[str, str | bytes] = {
    "doctype": '<!DOCTYPE vertical [<!ENTITY x "y">]><vertical>&x;</vertical>',
    "external entity": '<!DOCTYPE v [<!ENTITY x SYSTEM "file:///etc/hostname">]><v>&x;</v>',
    "external DTD": '<!DOCTYPE vertical SYSTEM "http://127.0.0.1:9/x.dtd"><vertical/>',
    "billion laughs": (
        '<!DOCTYPE v [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
        '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><v>&c;</v>'
    ),
    "UTF-7": b'<?xml version="1.0" encoding="UTF-7"?>+ADw-vertical/+AD4-',
    "attributes": "<vertical " + " ".join(f'a{n}="1"' for n in range(100)) + "/>",
    "size": "<vertical>" + " " * (3 * 2**20) + "</vertical>",
    "nodes": "<vertical>" + "<a/>" * 250_000 + "</vertical>",
}
