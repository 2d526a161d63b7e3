from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import tarfile
import time
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarantine.archive import (
    ArchiveLimits,
    ArchiveRefused,
    Member,
    read_archive,
    read_folder,
    write_archive,
)
from tests.quarantine.archives import GOOD, HOSTILE, file, header, packed, pax

MEASURE = """
import io, resource, sys
from pathlib import Path
from quarantine.archive import ArchiveRefused, read_archive
idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for path in Path(sys.argv[1]).iterdir():
    try:
        for member in read_archive(io.BytesIO(path.read_bytes())):
            pass
    except ArchiveRefused:
        pass
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - idle) // 1024)
"""


def read(data: bytes, **limits: int) -> list[Member]:
    return list(read_archive(io.BytesIO(data), limits=ArchiveLimits(**limits)))


@cache
def hostile(name: str) -> bytes:
    return HOSTILE[name]()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_is_refused_in_time(name: str) -> None:
    data = hostile(name)
    start = time.process_time()
    with pytest.raises(ArchiveRefused) as refusal:
        read(data)
    assert time.process_time() - start < 5
    assert refusal.value.code.startswith("archive.")
    assert len(str(refusal.value)) < 400
    str(refusal.value).encode()


def test_no_hostile_archive_takes_200_mb(tmp_path: Path) -> None:
    for number, name in enumerate(HOSTILE):
        (tmp_path / str(number)).write_bytes(hostile(name))
    result = subprocess.run(  # noqa: S603 # our own interpreter and script
        [sys.executable, "-c", MEASURE, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert int(result.stdout) < 200


@pytest.mark.parametrize(
    ("name", "code", "where"),
    [
        ("parent path", "archive.path", "../course.xml"),
        ("colon", "archive.path", "course/html\ufffdx.xml"),
        ("too deep", "archive.too_deep", "d/d/d/d/d/d/d/d/d/d/d/d/d"),
        ("symbolic link", "archive.not_a_file", "course.xml"),
        ("name that differs in case", "archive.duplicate", "course/COURSE.xml"),
        ("file beyond the limit", "archive.member_too_large", "big"),
        ("25,000 empty files", "archive.too_many_members", ""),
        ("PAX header of 1 GB", "archive.header_too_large", ""),
        ("20 MB of zeros in 20 kB", "archive.unpacked_too_large", ""),
        ("plain tar", "archive.not_gzip", ""),
        ("second gzip member", "archive.damaged", ""),
    ],
)
def test_a_refusal_says_what_and_where(name: str, code: str, where: str) -> None:
    with pytest.raises(ArchiveRefused) as refusal:
        read(hostile(name))
    assert (refusal.value.code, refusal.value.where) == (code, where)


def test_a_plain_tar_is_told_apart_from_other_files() -> None:
    with pytest.raises(ArchiveRefused, match="not compressed"):
        read(hostile("plain tar"))
    with pytest.raises(ArchiveRefused, match=r"not a \.tar\.gz"):
        read(hostile("zip"))


def test_the_upload_itself_is_capped() -> None:
    with pytest.raises(ArchiveRefused) as refusal:
        read(packed(file(b"x", os.urandom(300_000))), upload=200_000)
    assert refusal.value.code == "archive.too_large"


def test_harmless_oddities_are_read() -> None:
    inner = packed(GOOD)
    assert read(
        packed(
            pax({"comment": "0123456789"}, kind=b"g"),
            header(b"./", kind=b"5"),
            header(b"course/", kind=b"5"),
            header(b"course", kind=b"5"),
            file(b"./course/course.xml"),
            pax({"path": "course/static/čitaonica.txt", "mtime": "1.5"}),
            file(b"course/static/other.txt", b"x"),
            file(b"static/inner.tar.gz", inner),
            file(b"old.txt", b"y", kind=b"\0"),
            file(b"long", b"static/" + b"n" * 200 + b"\0", kind=b"L"),
            file(b"static/n", b"z"),
            end=b"\0" * 10_240,
        )
        + b"\0" * 512
    ) == [
        Member("course/course.xml", b"<course/>"),
        Member("course/static/čitaonica.txt", b"x"),
        Member("static/inner.tar.gz", inner),
        Member("old.txt", b"y"),
        Member("static/" + "n" * 200, b"z"),
    ]


@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_what_the_standard_library_writes_is_read(form: int) -> None:
    out = io.BytesIO()
    names = ["course/course.xml", "course/" + "n" * 90 + "/" + "m" * 90, "course/šuma.txt"]
    with tarfile.open(fileobj=out, mode="w:gz", format=form) as tar:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = 3
            tar.addfile(info, io.BytesIO(b"abc"))
    assert read(out.getvalue()) == [Member(name, b"abc") for name in names]


def is_unambiguous(files: dict[str, bytes]) -> bool:
    """Tell whether no first part is another's in other letters, so that no two paths can meet."""
    first = [unicodedata.normalize("NFC", path.split("/")[0].casefold()) for path in files]
    return len(set(first)) == len(first)


PARTS = (
    st.text(
        alphabet=st.characters(
            codec="utf-8",
            exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp"),
            exclude_characters="/\\:",
        ),
        min_size=1,
        max_size=40,
    )
    .map(lambda part: unicodedata.normalize("NFC", part))
    .filter(lambda part: part == part.rstrip(". ") and len(part.encode()) < 250)
)


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.lists(PARTS, min_size=1, max_size=4).map("/".join), st.binary(max_size=2000), max_size=8
    ).filter(is_unambiguous)
)
def test_what_is_written_is_read_back_and_depends_on_nothing_else(files: dict[str, bytes]) -> None:
    members = [Member(path, data) for path, data in files.items()]
    out, again = io.BytesIO(), io.BytesIO()
    write_archive(members, out)
    write_archive(reversed(members), again)
    assert out.getvalue() == again.getvalue()
    assert {member.path: member.data for member in read(out.getvalue())} == files


def test_nothing_is_written_that_would_not_be_read() -> None:
    for path in ("../x", "/x", "a:b", "a//b", "x "):
        with pytest.raises(ArchiveRefused):
            write_archive([Member(path, b"")], io.BytesIO())
    with pytest.raises(ArchiveRefused):
        write_archive([Member("x", b""), Member("X", b"")], io.BytesIO())


def test_mutants_of_a_good_archive_raise_nothing_else() -> None:
    rng = random.Random(20_250_607)  # noqa: S311 # a seed, no secret
    blocks = [
        file(b"course/b.xml"),
        pax({"path": "course/c.xml"}),
        file(b"c", b"x" * 600),
        file(b"long", b"n" * 120 + b"\0", kind=b"L"),
        file(b"d", b"y"),
    ]
    results: Counter[str] = Counter()
    for number in range(1_500):
        mutants = [bytearray(block) for block in blocks]
        for _ in range(rng.randint(1, 6)):
            mutant = rng.choice(mutants)
            mutant[rng.randrange(len(mutant))] = rng.choice(b"\0\1 ./0159:=LKSgx\x80\xff")
        for mutant in mutants if number % 4 else []:
            # With its checksum made right again, damage gets as far as it can.
            mutant[148:156] = b" " * 8
            mutant[148:156] = b"%06o\0 " % sum(mutant[:512])
        try:
            read(packed(*map(bytes, mutants)))
            results["read"] += 1
        except ArchiveRefused as refusal:
            results[refusal.code] += 1
    assert results["read"] > 50
    assert results.keys() > {"archive.damaged", "archive.path", "archive.not_a_file"}


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=65_536), st.booleans())
def test_any_bytes_are_read_or_refused(data: bytes, is_packed: bool) -> None:
    with pytest.raises(ArchiveRefused):
        read(packed(data, end=b"") if is_packed and data.strip(b"\0") else data)


def test_a_folder_is_read_like_an_archive(tmp_path: Path) -> None:
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "course.xml").write_bytes(b"<course/>")
    (tmp_path / "about.html").write_bytes(b"x")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_bytes(b"secret")
    assert list(read_folder(tmp_path)) == [
        Member("about.html", b"x"),
        Member("course/course.xml", b"<course/>"),
    ]


@pytest.mark.parametrize("target", ["/etc/passwd", "..", "course.xml", "missing"])
def test_a_link_in_a_folder_is_refused(tmp_path: Path, target: str) -> None:
    (tmp_path / "course.xml").write_bytes(b"<course/>")
    (tmp_path / "link").symlink_to(target)
    with pytest.raises(ArchiveRefused) as refusal:
        list(read_folder(tmp_path))
    assert (refusal.value.code, refusal.value.where) == ("archive.not_a_file", "link")


def test_a_pipe_in_a_folder_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ArchiveRefused) as refusal:
        list(read_folder(tmp_path))
    assert refusal.value.code == "archive.not_a_file"


def test_the_limits_of_archives_hold_for_folders(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).write_bytes(b"x" * 100)
    for limits, code in [
        (ArchiveLimits(members=2), "archive.too_many_members"),
        (ArchiveLimits(member=99), "archive.member_too_large"),
        (ArchiveLimits(unpacked=299), "archive.unpacked_too_large"),
    ]:
        with pytest.raises(ArchiveRefused) as refusal:
            list(read_folder(tmp_path, limits=limits))
        assert refusal.value.code == code
    with pytest.raises(ArchiveRefused) as refusal:
        list(read_folder(tmp_path / "missing"))
    assert refusal.value.code == "archive.unreadable"
