"""Instructors bring a course in with the browser: upload, report, preview, publish."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from delivery.importing import import_course
from delivery.models import Asset, Block, Course, CourseImport, CourseVersion, Enrollment
from jobs import api as jobs
from jobs.models import Job
from tests.delivery.olx_courses import (
    KEY,
    Files,
    archive,
    members,
    small_course,
    usage_key,
    with_files,
)

pytestmark = pytest.mark.django_db

State = CourseImport.State
SIGN_IN = "delivery.accounts.AccountBackend"


def signed_in(name: str, *, may_author: bool = False, is_staff: bool = False) -> Client:
    user = get_user_model().objects.create_user(name, is_staff=is_staff)
    if may_author:
        user.user_permissions.add(Permission.objects.get(codename="add_course"))
    client = Client()
    client.force_login(user, backend=SIGN_IN)
    return client


@pytest.fixture
def author() -> Client:
    return signed_in("author", may_author=True)


def upload(client: Client, data: bytes | Files, name: str = "course.tar.gz") -> Any:
    data = data if isinstance(data, bytes) else archive(data)
    form = {"archive": SimpleUploadedFile(name, data)}
    return client.post(reverse("imports"), form)


def bring_in(client: Client, data: bytes | Files) -> CourseImport:
    """Upload a course and let the job read it."""
    response = upload(client, data)
    assert response.status_code == 302, response.content.decode()
    call_command("run_jobs", "--once")
    return CourseImport.objects.latest("created_at")


def post(client: Client, name: str, *args: Any) -> Any:
    return client.post(reverse(name, args=args))


def get(client: Client, name: str, *args: Any) -> Any:
    return client.get(reverse(name, args=args))


def test_an_upload_waits_for_its_job_and_shows_how_far_it_is(author: Client) -> None:
    response = upload(author, small_course())
    row = CourseImport.objects.get()
    assert response["Location"] == reverse("import_detail", args=[row.pk])
    assert (row.state, row.file_name) == (State.WAITING, "course.tar.gz")
    assert not Course.objects.exists()
    page = get(author, "import_detail", row.pk).content.decode()
    assert "<progress" in page
    assert reverse("import_status", args=[row.pk]) in page
    assert get(author, "import_status", row.pk).json() == {
        "state": "waiting",
        "label": "Waiting",
        "done": 0,
        "total": 0,
        "is_over": False,
    }


def test_what_was_read_is_reported_and_not_served_yet(author: Client) -> None:
    row = bring_in(author, small_course())
    assert row.state == State.READY
    assert get(author, "import_status", row.pk).json()["is_over"] is True
    course = Course.objects.get()
    assert course.current_version is None
    assert course.versions.get().source == "course.tar.gz"
    page = get(author, "import_detail", row.pk).content.decode()
    assert "The block type nosuchblock is not installed." in page
    assert "vertical/second.xml:2" in page
    assert get(Client(), "course", KEY).status_code == 404
    assert course.display_name == "Cataloguing"


def test_the_archive_is_let_go_of_once_it_is_read(author: Client) -> None:
    row = bring_in(author, small_course())
    assert row.upload is None
    assert Asset.objects.count() == 1


def test_a_preview_is_seen_by_who_asked_for_it_alone(author: Client) -> None:
    bring_in(author, small_course())
    response = post(author, "preview_start", KEY, 1)
    assert response["Location"] == reverse("course", args=[KEY])
    assert author.session["previews"] == {KEY: CourseVersion.objects.get().pk}
    assert "Cataloguing" in get(author, "course", KEY).content.decode()
    assert get(Client(), "course", KEY).status_code == 404
    post(author, "preview_stop", KEY)
    assert author.session["previews"] == {}


def test_publishing_serves_the_version_and_ends_the_preview(author: Client) -> None:
    row = bring_in(author, small_course())
    post(author, "preview_start", KEY, 1)
    response = post(author, "import_publish", row.pk)
    assert response["Location"] == reverse("course", args=[KEY])
    course = Course.objects.get()
    assert (course.current_version, course.display_name) == (row.version, "Cataloguing")
    row.refresh_from_db()
    assert row.state == State.PUBLISHED
    assert author.session["previews"] == {}
    assert get(Client(), "course", KEY).status_code == 200


def test_publishing_twice_says_so_and_changes_nothing(author: Client) -> None:
    row = bring_in(author, small_course())
    post(author, "import_publish", row.pk)
    response = post(author, "import_publish", row.pk)
    assert response["Location"] == reverse("import_detail", args=[row.pk])
    assert CourseVersion.objects.count() == 1


def test_discarding_takes_the_version_and_a_course_that_never_was_served(author: Client) -> None:
    row = bring_in(author, small_course())
    assert post(author, "import_discard", row.pk)["Location"] == reverse("imports")
    assert not Course.objects.exists()
    assert not Block.objects.exists()
    assert CourseImport.objects.get().state == State.DISCARDED


def test_discarding_a_new_version_leaves_the_one_served(author: Client) -> None:
    first = bring_in(author, small_course())
    post(author, "import_publish", first.pk)
    second = bring_in(author, with_files({"html/intro.html": "new"}))
    post(author, "import_discard", second.pk)
    assert Course.objects.get().current_version == first.version
    assert CourseVersion.objects.count() == 1


def test_an_upload_discarded_before_it_was_read_never_becomes_a_course(author: Client) -> None:
    upload(author, small_course())
    row = CourseImport.objects.get()
    post(author, "import_discard", row.pk)
    call_command("run_jobs", "--once")
    assert not Course.objects.exists()
    assert not Asset.objects.exists()
    with pytest.raises(jobs.UnknownJob):
        jobs.status(row.job)  # type: ignore[arg-type]  # set by the upload


def test_a_course_that_has_not_changed_is_as_good_as_published(author: Client) -> None:
    first = bring_in(author, small_course())
    post(author, "import_publish", first.pk)
    again = bring_in(author, small_course())
    assert (again.state, again.version) == (State.PUBLISHED, first.version)
    assert CourseVersion.objects.count() == 1


def test_a_hostile_archive_is_refused_with_its_reason(author: Client) -> None:
    row = bring_in(author, with_files({"vertical/first.xml": "<!DOCTYPE v><v/>"}))
    assert row.state == State.REFUSED
    page = get(author, "import_detail", row.pk).content.decode()
    assert "document type" in page
    assert "course/vertical/first.xml" in page
    assert not Course.objects.exists()
    assert not Asset.objects.exists()


def test_an_import_that_breaks_down_is_shown_as_such(author: Client) -> None:
    upload(author, small_course())
    Job.objects.update(state=Job.State.DEAD)
    row = CourseImport.objects.get()
    assert get(author, "import_status", row.pk).json()["is_over"] is True
    assert "Something went wrong" in get(author, "import_detail", row.pk).content.decode()
    post(author, "import_discard", row.pk)
    assert CourseImport.objects.get().state == State.DISCARDED


def test_the_reading_shows_its_progress(author: Client) -> None:
    upload(author, small_course())
    Job.objects.update(state=Job.State.RUNNING, progress_done=3, progress_total=8)
    row = CourseImport.objects.get()
    standing = get(author, "import_status", row.pk).json()
    assert (standing["state"], standing["done"], standing["total"]) == ("reading", 3, 8)
    assert 'value="3" max="8"' in get(author, "import_detail", row.pk).content.decode()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"PK\x03\x04 zip", "This is not a .tar.gz file."),
        (b"", "The submitted file is empty."),
    ],
)
def test_what_is_no_archive_is_refused_at_once(author: Client, data: bytes, says: str) -> None:
    response = upload(author, data)
    assert response.status_code == 422
    assert says in response.content.decode()
    assert not CourseImport.objects.exists()


def test_a_file_that_is_too_large_is_refused(author: Client, settings: Any) -> None:
    settings.MAX_COURSE_UPLOAD = 500
    response = upload(author, small_course())
    assert response.status_code in {413, 422}
    assert not CourseImport.objects.exists()


def test_nobody_piles_up_uploads(author: Client) -> None:
    responses = [upload(author, small_course()).status_code for _ in range(6)]
    assert responses == [302] * 5 + [422]


# --- Who may --------------------------------------------------------------------------------------


def test_who_teaches_nothing_and_may_add_nothing_is_turned_away() -> None:
    trainee = signed_in("trainee")
    assert get(trainee, "imports").status_code == 403
    assert upload(trainee, small_course()).status_code == 403
    assert not CourseImport.objects.exists()


def test_an_author_cannot_import_into_another_s_course(author: Client) -> None:
    first = bring_in(author, small_course())
    post(author, "import_publish", first.pk)
    other = signed_in("other", may_author=True)
    row = bring_in(other, with_files({"html/intro.html": "mine now"}))
    assert row.state == State.REFUSED
    assert "only its instructors" in get(other, "import_detail", row.pk).content.decode()
    assert CourseVersion.objects.count() == 1


def test_an_instructor_brings_new_versions_but_no_new_course(author: Client) -> None:
    bring_in(author, small_course())
    instructor = signed_in("instructor")
    Enrollment.objects.create(
        user=get_user_model().objects.get(username="instructor"),
        course=Course.objects.get(),
        role=Enrollment.Role.INSTRUCTOR,
    )
    row = bring_in(instructor, with_files({"html/intro.html": "better"}))
    assert row.state == State.READY
    new = bring_in(
        instructor, with_files({"course.xml": '<course org="O" course="C" url_name="2026"/>'})
    )
    assert new.state == State.REFUSED
    assert Course.objects.count() == 1


def test_an_administrator_may_do_all_of_it(author: Client) -> None:
    row = bring_in(author, small_course())
    keeper = signed_in("keeper", is_staff=True)
    assert "course.tar.gz" in get(keeper, "imports").content.decode()
    assert post(keeper, "import_publish", row.pk).status_code == 302
    assert Course.objects.get().current_version == row.version


@pytest.mark.parametrize(
    ("name", "method"),
    [
        ("import_detail", "get"),
        ("import_status", "get"),
        ("import_publish", "post"),
        ("import_discard", "post"),
    ],
)
def test_another_author_does_not_find_the_upload(author: Client, name: str, method: str) -> None:
    row = bring_in(author, small_course())
    other = signed_in("other", may_author=True)
    assert getattr(other, method)(reverse(name, args=[row.pk])).status_code == 404
    row.refresh_from_db()
    assert row.state == State.READY


def test_who_is_no_longer_instructor_publishes_nothing(author: Client) -> None:
    row = bring_in(author, small_course())
    Enrollment.objects.update(is_active=False)
    assert post(author, "import_publish", row.pk).status_code == 403
    assert post(author, "import_discard", row.pk).status_code == 403
    assert Course.objects.get().current_version is None


@pytest.mark.parametrize("name", ["import_publish", "import_discard"])
def test_looking_changes_nothing(author: Client, name: str) -> None:
    row = bring_in(author, small_course())
    assert get(author, name, row.pk).status_code == 405


# --- Versions -------------------------------------------------------------------------------------


@pytest.fixture
def two_versions(author: Client) -> Client:
    user = get_user_model().objects.get(username="author")
    import_course(members(small_course()), source="first.tar.gz", user=user)
    import_course(members(with_files({"html/intro.html": "new"})), source="second", user=user)
    return author


def test_versions_are_listed_and_one_is_put_back(two_versions: Client) -> None:
    page = get(two_versions, "versions", KEY).content.decode()
    assert "first.tar.gz" in page
    assert page.count("served now") == 1
    response = post(two_versions, "version_restore", KEY, 1)
    assert response["Location"] == reverse("versions", args=[KEY])
    version = Course.objects.get().current_version
    assert version is not None
    assert version.number == 1


@pytest.mark.parametrize("name", ["version_restore", "preview_start"])
def test_a_version_of_another_number_is_not_found(two_versions: Client, name: str) -> None:
    assert post(two_versions, name, KEY, 9).status_code == 404


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("versions", [KEY]),
        ("version_restore", [KEY, 1]),
        ("preview_start", [KEY, 1]),
        ("preview_stop", [KEY]),
    ],
)
def test_trainees_have_no_say_in_versions(two_versions: Client, name: str, args: list[Any]) -> None:
    trainee = signed_in("trainee")
    Enrollment.objects.create(
        user=get_user_model().objects.get(username="trainee"), course=Course.objects.get()
    )
    call: Callable[..., Any] = trainee.get if name == "versions" else trainee.post
    assert call(reverse(name, args=args)).status_code == 403


def test_author_text_is_shown_as_text(author: Client) -> None:
    attack = "<script>alert(1)</script>"
    name = "&lt;script&gt;alert(1)&lt;/script&gt;"
    files = with_files(
        {
            "course/2026.xml": f'<course display_name="{name}"><chapter url_name="one"/></course>',
            "html/intro.html": '<img src="/static/%3Cscript%3Ealert(1)%3C/script%3E.png">',
            f"static/{attack.replace('/', '_')}.txt".replace("<", "").replace(">", ""): "x",
        }
    )
    row = bring_in(author, files)
    for page in (get(author, "import_detail", row.pk), get(author, "imports")):
        assert attack not in page.content.decode()
    post(author, "import_publish", row.pk)
    assert attack not in get(author, "versions", KEY).content.decode()


@pytest.mark.parametrize(
    "changes",
    [
        {"vertical/first.xml": "<vertical><oops"},
        {"html/intro.html": None},
        {"vertical/first.xml": "<vertical><drag-and-drop-v2 max_attempts='x'/></vertical>"},
    ],
)
def test_what_could_not_be_read_is_a_placeholder_with_its_reason_for_staff(
    author: Client, changes: dict[str, str | None]
) -> None:
    user = get_user_model().objects.get(username="author")
    import_course(members(with_files(changes)), source="", user=user)
    page = get(author, "unit", KEY, usage_key("vertical", "first")).content.decode()
    assert "This part of the page cannot be shown." in page
    assert "could not be read when this version of the course was imported" in page
