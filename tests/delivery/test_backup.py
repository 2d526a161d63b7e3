"""The whole school in one file and back, in a school with its own database and processes."""

import json
import os
import shutil
import signal
import sqlite3
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from delivery.backups import BackupError, back_up, open_backup
from delivery.backups.archive import ArchiveReader, ArchiveWriter, Manifest, Progress
from tests.delivery.schools import School, wait_until

SETTINGS = "tests.delivery.served.settings"
ADD_PERSON = (
    "INSERT INTO auth_user (username, password, is_superuser, first_name, last_name, email, "
    "is_staff, is_active, date_joined) "
    "VALUES ('{}', '', false, '', '', '', false, true, '2024-10-01 10:00:00')"
)


def add_person(school: School, name: str) -> None:
    school.query(ADD_PERSON.format(name))


def list_people(school: School) -> list[str]:
    return [name for (name,) in school.query("SELECT username FROM auth_user ORDER BY id")]


def add_file(school: School, name: str, text: str) -> None:
    path = school.data / "media" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> School:
    """A school with a person, a file and a back-up of both."""
    school = School(tmp_path_factory.mktemp("filled"), SETTINGS)
    school.do("migrate", "-v0")
    add_person(school, "Judita")
    add_file(school, "evidence/shelf one.txt", "a shelf")
    said = school.do("backup", str(school.folder / "school.zip"))
    assert "2 files" in said
    return school


@pytest.fixture
def backup_file(filled: School) -> Path:
    return filled.folder / "school.zip"


@pytest.fixture
def school(filled: School, tmp_path: Path) -> School:
    """A school of the same that went on for a while."""
    school = School(tmp_path, SETTINGS)
    shutil.copytree(filled.data, school.data)
    add_person(school, "Marko")
    add_file(school, "evidence/shelf two.txt", "another shelf")
    return school


@pytest.mark.services
@pytest.mark.xdist_group("backup")
def test_a_round_trip_brings_the_school_back_and_keeps_what_it_replaces(
    school: School, backup_file: Path
) -> None:
    refused = school.run("restore", str(backup_file))
    assert refused.returncode == 1
    assert "2 people" in refused.stderr
    declined = school.run("restore", str(backup_file), "--force", answer="no\n")
    assert declined.returncode == 1
    assert list_people(school) == ["Judita", "Marko"]

    said = school.do("restore", str(backup_file), "--force", answer="yes\n")
    assert list_people(school) == ["Judita"]
    files = [path.name for path in (school.data / "media").rglob("*.txt")]
    assert files == ["shelf one.txt"]
    assert (school.data / "media/evidence/shelf one.txt").read_text() == "a shelf"
    aside = [line.removeprefix("Kept aside: ") for line in said.splitlines() if "aside" in line]
    database, media = map(Path, aside)
    assert (media / "evidence/shelf two.txt").read_text() == "another shelf"
    shutil.copy(database, school.data / "libschool.sqlite3")
    assert list_people(school) == ["Judita", "Marko"]


@pytest.mark.services
@pytest.mark.xdist_group("backup")
def test_a_new_school_takes_a_backup_without_force(tmp_path: Path, backup_file: Path) -> None:
    school = School(tmp_path, SETTINGS)
    school.do("restore", str(backup_file), "--no-input")
    assert list_people(school) == ["Judita"]


@pytest.mark.services
@pytest.mark.xdist_group("backup")
def test_a_running_school_is_not_replaced(school: School, backup_file: Path) -> None:
    school.query(
        "INSERT INTO libschool_jobs_runnerheartbeat (name, kind, pid, started_at, beat_at) "
        "VALUES ('runner', 'runner', 1, datetime('now'), datetime('now'))"
    )
    refused = school.run("restore", str(backup_file), "--force", "--no-input")
    assert refused.returncode == 1
    assert "running" in refused.stderr
    assert list_people(school) == ["Judita", "Marko"]


@pytest.mark.services
@pytest.mark.xdist_group("backup")
def test_a_database_in_use_is_not_replaced(school: School, backup_file: Path) -> None:
    user = sqlite3.connect(school.data / "libschool.sqlite3")
    user.execute("SELECT * FROM auth_user").fetchall()
    refused = school.run("restore", str(backup_file), "--force", "--no-input")
    user.close()
    assert refused.returncode == 1
    assert "Another process uses the database" in refused.stderr
    assert list_people(school) == ["Judita", "Marko"]
    assert list(school.data.glob("*replaced*")) == []
    assert (school.data / "media/evidence/shelf two.txt").exists()


def run_sql(url: str, statement: str) -> list[Any]:
    with psycopg.connect(url, autocommit=True) as database:
        cursor = database.execute(statement)
        return cursor.fetchall() if cursor.description else []


@pytest.mark.services
@pytest.mark.postgres
@pytest.mark.xdist_group("backup")
@pytest.mark.skipif(
    not os.environ.get("TEST_POSTGRES_URL") or not shutil.which("pg_dump"),
    reason="needs TEST_POSTGRES_URL and PostgreSQL's client programs",
)
def test_a_round_trip_on_postgresql(tmp_path: Path) -> None:
    url = urlsplit(os.environ["TEST_POSTGRES_URL"])
    name = f"backup_{uuid4().hex[:12]}"
    maintenance = url._replace(path="/postgres").geturl()
    school_url = url._replace(path=f"/{name}").geturl()
    run_sql(maintenance, f"CREATE DATABASE {name}")
    try:
        school = School(tmp_path, SETTINGS, DATABASE_URL=school_url)
        school.do("migrate", "-v0")
        run_sql(school_url, ADD_PERSON.format("Judita"))
        school.do("backup", str(tmp_path / "school.zip"))
        run_sql(school_url, ADD_PERSON.format("Marko"))
        said = school.do("restore", str(tmp_path / "school.zip"), "--force", "--no-input")
        # the sequence goes on from where it was
        run_sql(school_url, ADD_PERSON.format("Ana"))
        assert run_sql(school_url, "SELECT username FROM auth_user") == [("Judita",), ("Ana",)]
        schema = next(line.split()[-1] for line in said.splitlines() if "schema" in line)
        kept = run_sql(school_url, f"TABLE {schema}.auth_user")
        assert len(kept) == 2
    finally:
        run_sql(maintenance, f"DROP DATABASE {name}")


@pytest.mark.services
@pytest.mark.xdist_group("backup")
def test_a_killed_backup_leaves_nothing_under_its_name(school: School) -> None:
    add_file(school, "large.bin", "shelf" * 10_000_000)
    target = school.folder / "killed.zip"
    process = school.start("backup", str(target))
    wait_until(lambda: list(school.folder.glob(".killed.zip-*/killed.zip")))
    assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not target.exists()
    school.do("backup", str(target))
    assert target.exists()


# --- In this process ------------------------------------------------------------------------------


def show_nothing(_count: int) -> None:
    """Take no notice of the progress."""


def ignore(_total: int) -> Progress:
    return show_nothing


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    folder.mkdir()
    settings.MEDIA_ROOT = str(folder)
    return folder


needs_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's own")


@needs_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_backup_holds_what_was_committed_and_what_lies_in_media(
    tmp_path: Path, media: Path
) -> None:
    get_user_model().objects.create(username="Judita")
    (media / "a.txt").write_text("a")
    (media / "link.txt").symlink_to("/etc/hostname")
    back_up(tmp_path / "school.zip", ignore)
    with open_backup(tmp_path / "school.zip") as archive:
        assert set(archive.manifest.members) == {"database", "media/a.txt"}
        archive.extract("database", tmp_path / "copy", show_nothing)
    copy = sqlite3.connect(tmp_path / "copy")
    assert copy.execute("SELECT username FROM auth_user").fetchall() == [("Judita",)]
    copy.close()
    assert (tmp_path / "school.zip").stat().st_mode & 0o077 == 0


@needs_sqlite
@pytest.mark.django_db(transaction=True)
def test_an_interrupted_backup_leaves_nothing(tmp_path: Path, media: Path) -> None:
    def interrupt(_count: int) -> None:
        raise KeyboardInterrupt

    before = sorted(tmp_path.iterdir())
    with pytest.raises(KeyboardInterrupt):
        back_up(tmp_path / "school.zip", lambda total: interrupt)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.django_db
def test_a_backup_does_not_overwrite(tmp_path: Path) -> None:
    (tmp_path / "school.zip").write_text("precious")
    with pytest.raises(BackupError, match="exists already"):
        back_up(tmp_path / "school.zip", ignore)
    with pytest.raises(BackupError, match="no folder"):
        back_up(tmp_path / "nowhere" / "school.zip", ignore)
    assert (tmp_path / "school.zip").read_text() == "precious"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A sound archive of a made-up database and one file."""
    path = tmp_path / "sound.zip"
    manifest = Manifest(connection.vendor, "2024-10-01T10:00:00+00:00", "0.1", [])
    with ArchiveWriter(path, manifest, show_nothing) as writer:
        for name in ("database", "media/a.txt"):
            (tmp_path / "source").write_text(f"the content of {name}")
            with (tmp_path / "source").open("rb") as source:
                writer.add(name, source)
    return path


def rewrite(archive: Path, **changes: bytes) -> None:
    """Replace members of the archive, hashes and all left as they were."""
    with zipfile.ZipFile(archive) as old:
        members = {name: old.read(name) for name in old.namelist()}
    members |= changes
    with zipfile.ZipFile(archive, "w") as new:
        for name, content in members.items():
            new.writestr(name, content)


def change_manifest(archive: Path, **changes: object) -> None:
    with zipfile.ZipFile(archive) as old:
        manifest = json.loads(old.read("manifest.json"))
    rewrite(archive, **{"manifest.json": json.dumps(manifest | changes).encode()})


def test_a_changed_member_is_refused(archive: Path, tmp_path: Path) -> None:
    for content in (b"the content of dotobase", b"short", b"longer than it was before"):
        rewrite(archive, database=content)
        reader = ArchiveReader(archive)
        with pytest.raises(BackupError, match="not what was saved"):
            reader.extract("database", tmp_path / content.decode(), show_nothing)
        reader.close()


def test_a_file_that_was_cut_off_is_refused(archive: Path) -> None:
    whole = archive.read_bytes()
    for length in (0, 10, len(whole) // 2, len(whole) - 1):
        archive.write_bytes(whole[:length])
        with pytest.raises(BackupError, match="not a finished back-up"):
            ArchiveReader(archive)


@pytest.mark.parametrize(
    "name",
    ["media/../../etc/passwd", "/etc/passwd", "media//a", "settings.py", "media\\a", "media/"],
)
def test_a_name_that_leads_elsewhere_is_refused(archive: Path, name: str) -> None:
    with zipfile.ZipFile(archive) as old:
        members = json.loads(old.read("manifest.json"))["members"]
    change_manifest(archive, members=members | {name: members["database"]})
    with pytest.raises(BackupError, match="unexpected name"):
        ArchiveReader(archive)


@pytest.mark.parametrize(
    "changes",
    [{"format": 2}, {"members": []}, {"members": {}}, {"members": {"database": {}}}, {"more": 1}],
)
def test_a_manifest_of_another_form_is_refused(archive: Path, changes: dict[str, object]) -> None:
    change_manifest(archive, **changes)
    with pytest.raises(BackupError):
        ArchiveReader(archive)


def test_another_zip_file_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("course.xml", "<course/>")
    with pytest.raises(BackupError, match="not a back-up of a school"):
        ArchiveReader(tmp_path / "other.zip")


@pytest.mark.django_db
def test_a_backup_of_another_database_or_a_newer_version_is_refused(archive: Path) -> None:
    change_manifest(archive, migrations=["libschool_jobs.9999_the_future"])
    with pytest.raises(BackupError, match="9999_the_future"), open_backup(archive):
        pass
    change_manifest(archive, database="oracle")
    with pytest.raises(BackupError, match="oracle"), open_backup(archive):
        pass
