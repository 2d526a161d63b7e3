from collections import Counter
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.contrib.staticfiles.finders import get_finders
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from delivery.models import Asset, CourseFile, Enrollment
from delivery.static_files import StaticFiles
from delivery.tree import load_tree
from tests.delivery.factories import make_user
from tests.delivery.reading_room import FUTURE, Room, add_version, make_room

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    return make_room()


@pytest.fixture
def trainee(client: Client, room: Room) -> User:
    user = make_user()
    client.force_login(user)
    Enrollment.objects.create(user=user, course=room.course)
    return user


def add_file(room: Room, path: str, media_type: str, data: bytes) -> str:
    asset = Asset.objects.create(sha256=f"{path:x>64}", data=data)
    CourseFile.objects.create(
        version=room.version, path=path, asset=asset, media_type=media_type, size=len(data)
    )
    load_tree.cache_clear()  # a version that is served gets no more files
    return room.url(f"files/{path}")


def test_strangers_get_what_the_public_page_shows_and_nothing_else(
    client: Client, room: Room
) -> None:
    assert client.get(room.url("files/cover.svg")).status_code == 200
    assert client.get(room.url("files/plan.png")).content == b"\x89PNG plan"
    assert client.get(room.url("files/inside.pdf")).status_code == 403
    client.force_login(make_user())
    assert client.get(room.url("files/inside.pdf")).status_code == 403


def test_trainees_get_every_file_once_the_course_has_started(
    client: Client, trainee: User, room: Room
) -> None:
    answer = client.get(room.url("files/inside.pdf"))
    assert (answer.content, answer["Content-Type"]) == (b"%PDF-1.4 inside", "application/pdf")
    later = make_room(start=FUTURE)
    Enrollment.objects.create(user=trainee, course=later.course)
    assert client.get(later.url("files/inside.pdf")).status_code == 403


def test_what_is_no_file_of_the_course_is_not_there(
    client: Client, trainee: User, room: Room
) -> None:
    for path in ("nothing.png", "../cover.svg", "static/cover.svg"):
        assert client.get(room.url(f"files/{path}")).status_code == 404


def test_a_file_comes_from_the_version_that_is_previewed(client: Client, room: Room) -> None:
    client.force_login(make_user(is_staff=True))
    version = add_version(room.course)
    asset = Asset.objects.create(sha256="n" * 64, data=b"new")
    CourseFile.objects.create(
        version=version, path="new.txt", asset=asset, media_type="text/plain", size=3
    )
    assert client.get(room.url("files/new.txt")).status_code == 404
    session = client.session
    session["previews"] = {room.key: version.pk}
    session.save()
    assert client.get(room.url("files/new.txt")).content == b"new"


def test_an_unchanged_file_is_not_sent_again(
    client: Client, trainee: User, room: Room, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    first = client.get(room.url("files/plan.png"))
    assert first["Cache-Control"] == "private, no-cache"
    with django_assert_max_num_queries(4):  # session, user, course, enrolment: not the bytes
        again = client.get(room.url("files/plan.png"), headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_address_with_the_digest_keeps_for_ever(
    client: Client, trainee: User, room: Room
) -> None:
    digest = client.get(room.url("files/plan.png"))["ETag"].strip('"')
    named = client.get(room.url(f"files/plan.png?v={digest[:16]}"))
    assert named["Cache-Control"] == "private, max-age=31536000, immutable"
    wrong = client.get(room.url("files/plan.png?v=0000"))
    assert wrong["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("asked", "status", "data", "said"),
    [
        ("bytes=0-3", 206, b"%PDF", "bytes 0-3/15"),
        ("bytes=9-", 206, b"inside", "bytes 9-14/15"),
        ("bytes=-6", 206, b"inside", "bytes 9-14/15"),
        ("bytes=0-999", 206, b"%PDF-1.4 inside", "bytes 0-14/15"),
        ("bytes=15-", 416, b"", "bytes */15"),
        ("bytes=5-2", 416, b"", "bytes */15"),
        ("bytes=-", 200, b"%PDF-1.4 inside", None),
        ("pages=1-2", 200, b"%PDF-1.4 inside", None),
    ],
)
def test_parts_of_a_file_are_sent_when_asked_for(
    client: Client,
    trainee: User,
    room: Room,
    asked: str,
    status: int,
    data: bytes,
    said: str | None,
) -> None:
    answer = client.get(room.url("files/inside.pdf"), headers={"range": asked})
    assert (answer.status_code, answer.content) == (status, data)
    assert answer.get("Content-Range") == said


def test_a_head_request_tells_the_size(client: Client, trainee: User, room: Room) -> None:
    answer = client.head(room.url("files/inside.pdf"))
    assert (answer["Content-Length"], answer.content) == ("15", b"")


@pytest.mark.parametrize(
    ("path", "media_type"),
    [("a.svg", "image/svg+xml"), ("a.html", "text/html"), ("a.xml", "text/xml")],
)
def test_documents_that_could_carry_scripts_open_in_a_sandbox(
    client: Client, trainee: User, room: Room, path: str, media_type: str
) -> None:
    answer = client.get(add_file(room, path, media_type, b"<script>alert(1)</script>"))
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("sandbox;")
    assert "allow-scripts" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("media_type", ["text/javascript", "application/javascript", "text/css"])
def test_code_of_a_course_is_read_but_never_run(
    client: Client, trainee: User, room: Room, media_type: str
) -> None:
    answer = client.get(add_file(room, "code.js", media_type, b"alert(1)"))
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_what_browsers_cannot_show_is_offered_for_download(
    client: Client, trainee: User, room: Room
) -> None:
    url = add_file(room, "folder/запис.mrc", "application/marc", b"00000nam")
    answer = client.get(url)
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "Content-Disposition" not in client.get(room.url("files/plan.png"))


# --- Static files -------------------------------------------------------------------------------


def test_no_two_static_files_have_one_name_but_for_what_the_theme_replaces() -> None:
    names = Counter(name for finder in get_finders() for name, _storage in finder.list([]))
    doubles = {name for name, number in names.items() if number > 1}
    assert {name for name in doubles if not name.startswith("admin/")} == set()


def test_static_files_are_named_after_their_content_and_compressed_once(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("body { color: red }\n" * 100)
    storage = StaticFiles(location=tmp_path, base_url="/static/")
    done = list(storage.post_process({"a.css": (storage, "a.css")}))
    assert not [result for _name, _new, result in done if isinstance(result, Exception)]
    named = Path(storage.stored_name("a.css"))
    assert named.name != "a.css"
    files = {path.name for path in tmp_path.iterdir()}
    assert files == {"a.css", "a.css.gz", named.name, f"{named.name}.gz", "staticfiles.json"}
