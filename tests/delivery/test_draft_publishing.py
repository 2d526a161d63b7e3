"""A draft becomes a version; versions are compared; what was served meanwhile is merged."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from delivery.authoring.changes import compare
from delivery.importing import import_course, restore_version
from delivery.importing.members import read_path
from delivery.models import Asset, CourseVersion, Draft, DraftBlock, DraftConflict, LearnerState
from delivery.tree import load_tree
from tests.delivery.drafting import Author, author, join_authors
from tests.delivery.factories import MadeCourse, block, make_version
from tests.delivery.olx_courses import members, small_course
from tests.delivery.sample_blocks import COUNTER, LESSON, PLAIN, Lesson
from tests.delivery.visits import join

pytestmark = pytest.mark.django_db

PICTURE = b"GIF89a\x01\0\x01\0\0\0\0;"


@pytest.fixture(autouse=True)
def _no_answers() -> Iterator[None]:
    yield
    Lesson.answers = 0
    Lesson.regraded_by.clear()


def teach() -> Author:
    return author(
        block(LESSON, "lesson", exercise={"keys": [{"tag": "245", "sub": ["a", "Fern"]}]}),
        block(PLAIN, "plain", content="one two three"),
        files={"fern.gif": PICTURE},
    )


def served(ada: Author) -> CourseVersion:
    version = ada.course.current_version
    assert version is not None
    return version


def save_key(ada: Author, exercise: Any) -> None:
    key = ada.made.usage(LESSON, "lesson")
    data = {"values": {"exercise": exercise}, "defaults": []}
    assert ada.call(key, "submit_studio_edits", data).status_code == 200


# --- Publishing ---------------------------------------------------------------------------------


def test_publishing_makes_a_version_with_the_authors_note_and_ends_the_draft() -> None:
    ada = teach()
    ada.write(ada.made.usage(PLAIN, "plain"), content="four")
    before = ada.tree
    response = ada.publish(note="  The fourth\0 word \r\n")
    assert response["Location"] == reverse("versions", args=[ada.made.key])
    version = served(ada)
    assert (version.number, version.note, version.created_by) == (2, "The fourth word", ada.user)
    after = load_tree(version.pk)
    assert dict(after.blocks) == dict(before.blocks)
    assert list(after.blocks) == list(before.blocks)
    assert dict(after.files) == dict(before.files)
    assert not DraftBlock.objects.exists()
    assert Draft.objects.get().base is None
    assert CourseVersion.objects.get(number=1).blocks.get(
        usage_key=ada.made.usage(PLAIN, "plain")
    ).fields == {"content": "one two three"}


def test_what_trainees_did_survives_publishing_and_putting_back() -> None:
    ada = author(block(COUNTER, "c"), block(PLAIN, "plain"))
    trainee = join(ada.made)
    trainee.call(COUNTER, "c", "add", {})
    ada.post("draft_move", ada.made.usage(PLAIN, "plain"), step="up")
    ada.publish()
    assert trainee.call(COUNTER, "c", "add", {}).json()["count"] == 2
    ada.client.post(reverse("version_restore", args=[ada.made.key, 1]))
    assert trainee.call(COUNTER, "c", "add", {}).json()["count"] == 3
    assert LearnerState.objects.count() == 1


def test_an_unchanged_draft_is_not_published() -> None:
    ada = teach()
    assert "nothing to publish" in ada.get("draft_publish").content.decode()
    ada.publish()
    assert served(ada).number == 1


def test_only_what_the_author_looked_at_is_published() -> None:
    ada = teach()
    ada.write(ada.made.usage(PLAIN, "plain"), content="four")
    seen = ada.tree.draft_revision
    join_authors(ada.made).write(ada.made.usage(PLAIN, "plain"), content="unseen")
    response = ada.publish(draft_revision=seen)
    assert response["Location"] == ada.url("draft_publish")
    assert served(ada).number == 1
    for wrong in ("", "x", "9" * 30, "-1"):
        ada.publish(draft_revision=wrong)
    assert served(ada).number == 1


def test_the_review_names_every_change_with_the_words_before_and_after() -> None:
    ada = teach()
    ada.write(ada.made.usage(PLAIN, "plain"), content="one deux three")
    save_key(ada, {"keys": [{"tag": "245", "sub": ["a", "Fern"]}, {"tag": "246", "sub": []}]})
    ada.post("draft_move", ada.made.usage(PLAIN, "plain"), step="up")
    new = ada.add("html", display_name="News")
    page = ada.get("draft_publish").content.decode()
    assert "1 added, 2 edited, 1 moved, 0 deleted" in page
    assert "two</del>" in page
    assert "deux</ins>" in page
    assert "keys / 2" in page
    ada.delete(new)
    assert "0 added, 2 edited" in ada.get("draft_publish").content.decode()


def test_many_changes_and_many_versions_stand_on_pages() -> None:
    ada = author(*(block(PLAIN, f"plain{number}", content="before") for number in range(30)))
    make_version(
        ada.course, *(block(PLAIN, f"plain{number}", content="after") for number in range(30))
    )
    compare_url = reverse("version_compare", args=[ada.made.key])
    for page, expected in (("", 25), ("2", 5), ("x", 25)):
        response = ada.client.get(compare_url, {"from": "1", "to": "2", "page": page})
        shown = response.content.decode()
        assert (shown.count("after</ins>"), "30 edited" in shown) == (expected, True)
    for _number in range(20):
        make_version(ada.course)
    listed = ada.client.get(reverse("versions", args=[ada.made.key]), {"page": "2"})
    assert listed.content.decode().count("/restore/") == 2
    assert 'aria-current="true">Teach' in listed.content.decode()


def test_discarding_asks_first_and_then_leaves_what_is_served() -> None:
    ada = teach()
    ada.write(ada.made.usage(PLAIN, "plain"), content="four")
    assert "Discard the draft?" in ada.get("draft_discard").content.decode()
    seen = ada.tree.draft_revision
    join_authors(ada.made).write(ada.made.usage(PLAIN, "plain"), content="unseen")
    ada.post("draft_discard", draft_revision=seen)
    assert ada.tree.blocks[ada.made.usage(PLAIN, "plain")].fields == {"content": "unseen"}
    ada.post("draft_discard", draft_revision=ada.tree.draft_revision)
    assert dict(ada.tree.blocks) == dict(load_tree(served(ada).pk).blocks)
    assert served(ada).number == 1


# --- Grading again ------------------------------------------------------------------------------


def test_a_changed_key_with_graded_answers_is_named_with_their_number() -> None:
    ada = teach()
    Lesson.answers = 7
    ada.write(ada.made.usage(PLAIN, "plain"), content="four")
    assert "Re-grade" not in ada.get("draft_publish").content.decode()
    save_key(ada, {"keys": [1]})
    assert (
        "Re-grade after publishing: Sample lesson, 7 answers"
        in ada.get("draft_publish").content.decode()
    )
    Lesson.answers = 0
    assert "Re-grade" not in ada.get("draft_publish").content.decode()


def test_answers_are_graded_again_by_the_new_key_if_the_author_says_so() -> None:
    ada = teach()
    Lesson.answers = 7
    save_key(ada, {"keys": [1]})
    response = ada.publish(regrade=ada.made.usage(LESSON, "lesson"))
    assert Lesson.regraded_by == [f"{ada.user.pk} {{'keys': [1]}}"]
    page = ada.client.get(response["Location"]).content.decode()
    assert "What the changed keys mean for answers is being worked out." in page


def test_nothing_is_graded_again_unless_asked_for_nor_what_is_of_another_course() -> None:
    ada, other = teach(), teach()
    Lesson.answers = 7
    save_key(ada, {"keys": [1]})
    ada.publish(regrade=other.made.usage(LESSON, "lesson"))
    assert Lesson.regraded_by == []
    assert served(ada).number == 2


def test_a_key_that_cannot_grade_is_told_and_nothing_is_published() -> None:
    ada = teach()
    Lesson.answers = 7
    save_key(ada, {"keys": "broken"})
    response = ada.publish(regrade=ada.made.usage(LESSON, "lesson"))
    page = ada.client.get(response["Location"]).content.decode()
    assert "“Sample lesson” cannot be graded again" in page
    assert served(ada).number == 1


# --- Versions -----------------------------------------------------------------------------------


def test_any_two_versions_are_compared_and_one_is_put_back() -> None:
    ada = teach()
    ada.write(ada.made.usage(PLAIN, "plain"), content="one two four")
    ada.publish(note="Four, not three")
    compared = reverse("version_compare", args=[ada.made.key])
    page = ada.client.get(compared, {"from": "1", "to": "2"}).content.decode()
    assert "three</del>" in page
    assert "four</ins>" in page
    assert "Four, not three" in page
    page = ada.client.get(compared, {"from": "2", "to": "1"}).content.decode()
    assert "four</del>" in page
    page = ada.client.get(compared, {"from": "1", "to": "1"}).content.decode()
    assert "There is no difference." in page
    for numbers in ({"from": "1", "to": "9"}, {"from": "x", "to": "1"}, {}):
        assert ada.client.get(compared, numbers).status_code == 404
    versions = ada.client.get(reverse("versions", args=[ada.made.key])).content.decode()
    assert "the draft" in versions
    assert "Four, not three" in versions


def test_an_authored_course_goes_out_as_olx_and_comes_back_the_same(tmp_path: Path) -> None:
    result = import_course(members(small_course()), source="")
    ada = join_authors(MadeCourse(result.course, result.version))
    first, second = (ada.made.usage("vertical", name) for name in ("first", "second"))
    text = ada.made.usage("html", "intro")
    ada.write(text, display_name="Ž ä <&>", data="<p>a & b\r\nc ]]></p>\n")
    problem = ada.add("problem", first, display_name="Папоротник")
    unit = ada.add("vertical", ada.made.usage("sequential", "seq"), display_name="Қазақ")
    record = ada.add("marc_record", unit)
    edits = {"prompt": "<p>Catalogue “this”</p>", "points": 20, "exercise": RECORD_KEY}
    saved = ada.call(record, "submit_studio_edits", {"values": edits, "defaults": []})
    assert saved.status_code == 200, saved.content
    poll = ada.add("poll_question", unit)
    ada.write(poll, question="Fern?", answers="Yes\nNo", display_name="Poll")
    ada.post("draft_duplicate", problem)
    ada.post("draft_move", text, to=second)
    ada.post("draft_files", file=SimpleUploadedFile("leaf (1).gif", PICTURE))
    ada.publish()
    archive = tmp_path / "course.tar.gz"
    call_command("export_course", ada.made.key, str(archive))
    with tarfile.open(fileobj=io.BytesIO(archive.read_bytes())) as packed:
        assert "course/static/leaf_1_.gif" in packed.getnames()
    version = served(ada)
    again = import_course(read_path(archive), source="")
    assert compare(load_tree(version.pk), load_tree(again.version.pk)).blocks == ()
    assert not again.is_new


RECORD_KEY = {
    "keys": [
        {
            "profile": "marc21",
            "fields": [{"tag": "245", "ind": "10", "sub": [["a", "Fern"]]}],
        }
    ]
}


# --- Served meanwhile ---------------------------------------------------------------------------


def test_a_draft_over_an_older_version_is_brought_up_before_it_is_published() -> None:
    ada = teach()
    plain, lesson = ada.made.usage(PLAIN, "plain"), ada.made.usage(LESSON, "lesson")
    ada.write(plain, content="of the draft")
    new = ada.add("html", display_name="News")
    make_version(
        ada.course,
        block(LESSON, "lesson", exercise={"keys": [2]}),
        block(PLAIN, "plain", content="one two three"),
        block(PLAIN, "imported", content="from outside"),
    )
    assert "Version 2 is served now" in ada.page()
    ada.publish()
    assert served(ada).number == 2
    ada.post("draft_update")
    assert ada.unit == ["lesson", "plain", "imported", new.rpartition("@")[2]]
    assert ada.tree.blocks[plain].fields == {"content": "of the draft"}
    assert ada.tree.blocks[lesson].fields == {"exercise": {"keys": [2]}}
    ada.publish()
    assert served(ada).number == 3


def test_of_a_block_that_both_sides_changed_the_authors_text_waits_for_a_choice() -> None:
    ada = teach()
    plain = ada.made.usage(PLAIN, "plain")
    ada.write(plain, content="of the draft")
    make_version(ada.course, block(PLAIN, "plain", content="imported"))
    ada.post("draft_update")
    assert ada.tree.blocks[plain].fields == {"content": "imported"}
    conflict = DraftConflict.objects.get()
    assert (conflict.author, conflict.fields) == (ada.user, {"content": "of the draft"})
    ada.post("draft_conflict", conflict.pk, mine="content", revision=ada.revision(plain))
    assert ada.tree.blocks[plain].fields == {"content": "of the draft"}
    assert ada.unit == ["plain"]


def test_what_was_deleted_outside_but_changed_in_the_draft_can_be_put_back() -> None:
    ada = teach()
    plain = ada.made.usage(PLAIN, "plain")
    ada.write(plain, content="of the draft")
    ada.post("draft_move", plain, step="up")
    make_version(ada.course, block(LESSON, "lesson"))
    ada.post("draft_update")
    assert ada.unit == ["lesson"]
    ada.post("draft_put_back", plain)
    assert ada.unit == ["plain", "lesson"]
    assert ada.tree.blocks[plain].fields == {"content": "of the draft"}


def test_a_text_of_the_draft_whose_block_is_not_served_any_more_can_be_put_back() -> None:
    ada = teach()
    plain = ada.made.usage(PLAIN, "plain")
    ada.write(plain, content="of the draft")
    make_version(ada.course, block(LESSON, "lesson"))
    page = ada.client.post(ada.url("draft_update"), follow=True).content.decode()
    assert "not in the version served any more: “Sample plain”" in page
    assert "with all of its changes" not in page
    assert "1 deleted part" in ada.page()
    ada.post("draft_put_back", plain)
    assert ada.unit == ["lesson", "plain"]
    assert ada.tree.blocks[plain].fields == {"content": "of the draft"}


def test_a_unit_that_is_not_served_any_more_can_be_put_back_with_what_the_draft_added() -> None:
    ada = teach()
    before = ada.tree
    new = ada.add("html", display_name="News")
    version = make_version(ada.course)
    version.blocks.filter(usage_key=ada.made.unit).delete()
    ada.post("draft_update")
    assert ada.made.unit not in ada.tree.blocks
    ada.post("draft_put_back", ada.made.unit)
    assert ada.unit == ["lesson", "plain", new.rpartition("@")[2]]
    for key in before.blocks:
        assert ada.tree.blocks[key].fields == before.blocks[key].fields
    ada.publish()
    assert served(ada).number == 3


def test_what_both_sides_deleted_comes_back_as_it_was() -> None:
    ada = teach()
    plain = ada.made.usage(PLAIN, "plain")
    ada.delete(plain)
    make_version(ada.course, block(LESSON, "lesson"))
    ada.post("draft_update")
    ada.post("draft_put_back", plain)
    assert ada.tree.blocks[plain].fields == {"content": "one two three"}


def test_a_text_that_waits_is_not_lost_to_another_of_the_same_author() -> None:
    ada = teach()
    ivo = join_authors(ada.made)
    plain = ada.made.usage(PLAIN, "plain")
    old = ada.revision(plain)
    ivo.write(plain, content="of Ivo")
    for content in ("first window", "second window", "second window"):
        ada.write(plain, content=content, revision=old)
    ada.write(plain, content="saved")
    make_version(ada.course, block(PLAIN, "plain", content="imported"))
    ada.post("draft_update")
    waiting = DraftConflict.objects.filter(author=ada.user).values_list("fields", flat=True)
    texts = sorted(fields["content"] for fields in waiting)
    assert texts == ["first window", "saved", "second window"]


def test_a_text_waits_on_while_its_block_is_deleted() -> None:
    ada = teach()
    plain = ada.made.usage(PLAIN, "plain")
    old = ada.revision(plain)
    join_authors(ada.made).write(plain, content="of another")
    ada.write(plain, content="of the author", revision=old)
    conflict = DraftConflict.objects.get()
    seen = ada.revision(plain)
    ada.delete(plain)
    ada.post("draft_conflict", conflict.pk, mine="content", revision=seen)
    assert DraftConflict.objects.get().fields == {"content": "of the author"}
    ada.post("draft_conflict", conflict.pk, drop="1")
    assert not DraftConflict.objects.exists()


def test_a_file_that_somebody_deleted_meanwhile_is_deleted_without_ado() -> None:
    ada = teach()
    ivo = join_authors(ada.made)
    ivo.post("draft_file_delete", "fern.gif")
    response = ada.client.post(ada.url("draft_file_delete", "fern.gif"), follow=True)
    assert "There is no such file in the draft." in response.content.decode()
    assert ada.get("draft_file_delete", "fern.gif").status_code == 404


def test_the_bytes_of_a_file_that_is_replaced_before_it_is_published_go() -> None:
    ada = teach()
    for size in (b"\x02", b"\x03", b"\x04"):
        upload = SimpleUploadedFile("fern.gif", PICTURE.replace(b"\x01", size))
        ada.post("draft_files", file=upload)
    assert {bytes(asset.data) for asset in Asset.objects.all()} == {
        PICTURE,
        PICTURE.replace(b"\x01", b"\x04"),
    }
    ada.post("draft_file_delete", "fern.gif")
    assert [bytes(asset.data) for asset in Asset.objects.all()] == [PICTURE]


def test_a_file_that_both_sides_replaced_is_named() -> None:
    ada = teach()
    mine, theirs = (PICTURE.replace(b"\x01", size) for size in (b"\x02", b"\x03"))
    ada.post("draft_files", file=SimpleUploadedFile("fern.gif", mine))
    make_version(ada.course, block(PLAIN, "plain"), files={"fern.gif": theirs})
    page = ada.client.post(ada.url("draft_update"), follow=True).content.decode()
    assert "the draft&#x27;s stand: fern.gif" in page
    assert ada.get("draft_file", "fern.gif").content == mine


def test_a_version_put_back_meanwhile_is_merged_like_any_other() -> None:
    ada = teach()
    plain = ada.made.usage(PLAIN, "plain")
    ada.write(plain, content="second")
    ada.publish()
    ada.delete(ada.made.usage(LESSON, "lesson"))
    restore_version(ada.course, 1)
    ada.post("draft_update")
    assert ada.unit == ["plain"]
    assert ada.tree.blocks[plain].fields == {"content": "one two three"}


# --- Files --------------------------------------------------------------------------------------


def test_a_file_is_uploaded_named_shown_replaced_and_deleted() -> None:
    ada = teach()
    trainee = join(ada.made)
    ada.post("draft_files", file=SimpleUploadedFile("Leaf of a fern.gif", PICTURE + b""))
    path = "Leaf_of_a_fern.gif"
    assert path in ada.get("draft_files").content.decode()
    assert ada.get("draft_file", path).content == PICTURE
    key = ada.add("html")
    ada.write(key, display_name="T", data=f'<img src="/static/{path}" alt="Leaf">')
    assert ada.url("draft_file", path) in ada.page()
    served_url = reverse("course_file", args=[ada.made.key, path])
    assert trainee.client.get(served_url).status_code == 404
    ada.publish()
    assert trainee.client.get(served_url).content == PICTURE
    assert "T</li>" in ada.get("draft_file_delete", path).content.decode()
    ada.post("draft_file_delete", path)
    assert ada.get("draft_file", path).status_code == 404
    assert trainee.client.get(served_url).content == PICTURE
    ada.post("draft_file_put_back", path)
    assert ada.get("draft_file", path).content == PICTURE


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("x.exe", b"MZ", "not accepted here"),
        ("x.gif", b"GIF89a/*<script>*/;", "program or a web page"),
        ("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='a()'/>", "may not be in one"),
        ("x.png", PICTURE, "no PNG picture"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_in_words(
    name: str, data: bytes, reason: str
) -> None:
    ada = teach()
    response = ada.post("draft_files", file=SimpleUploadedFile(name, data))
    assert response.status_code == 422
    assert reason in response.content.decode()
    assert not Draft.objects.filter(base__isnull=False).exists()


def test_the_bytes_of_a_discarded_file_go_unless_something_else_needs_them() -> None:
    ada = teach()
    ada.post("draft_files", file=SimpleUploadedFile("known.gif", PICTURE))
    ada.post("draft_files", file=SimpleUploadedFile("new.gif", PICTURE[:-1] + b"\0;"))
    assert Asset.objects.count() == 2
    ada.post("draft_discard", draft_revision=ada.tree.draft_revision)
    assert [bytes(asset.data) for asset in Asset.objects.all()] == [PICTURE]


def test_the_same_bytes_are_kept_once() -> None:
    ada = teach()
    before = Asset.objects.count()
    ada.post("draft_files", file=SimpleUploadedFile("other.gif", PICTURE))
    assert Asset.objects.count() == before
