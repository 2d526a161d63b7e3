"""A draft: what authors change in it, and that trainees see none of that before it is published."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from delivery.authoring import writing
from delivery.authoring.writing import DraftWriter, WriteRefused
from delivery.importing import discard_version
from delivery.importing.versions import VersionInUse
from delivery.models import Course, Draft, DraftVisit
from tests.delivery.drafting import Author, author
from tests.delivery.factories import block, make_version
from tests.delivery.sample_blocks import COUNTER, PLAIN
from tests.delivery.visits import join

pytestmark = pytest.mark.django_db


def three(**options: Any) -> Author:
    return author(
        block(PLAIN, "one", content="first"),
        block(PLAIN, "two", content="second"),
        block(PLAIN, "three", content="third"),
        **options,
    )


def test_looking_at_a_draft_writes_nothing_into_it() -> None:
    ada = three()
    page = ada.page()
    assert "Nothing is changed yet" in page
    assert ada.get("draft").status_code == 200
    assert not Draft.objects.exists()


def test_an_empty_unit_says_how_to_begin() -> None:
    assert "This unit is empty. Choose below" in author().page()


def test_a_new_block_opens_in_its_editor_and_stands_at_the_end_of_its_unit() -> None:
    ada = three()
    before = set(ada.tree.blocks)
    response = ada.post("draft_add", parent=ada.made.unit, block_type="html")
    (key,) = set(ada.tree.blocks) - before
    assert response["Location"] == ada.url("draft_edit", key)
    assert ada.unit == ["one", "two", "three", key.rpartition("@")[2]]


def test_trainees_see_the_served_version_until_the_draft_is_published() -> None:
    ada = three()
    trainee = join(ada.made)
    key = ada.add("html", display_name="News")
    ada.write(key, display_name="News", data="<p>Fresh ferns</p>")
    assert "Fresh ferns" in ada.page()
    assert "Fresh ferns" not in trainee.page()
    ada.publish()
    assert "Fresh ferns" in trainee.page()


def test_a_block_moves_up_and_down_and_stays_at_the_ends() -> None:
    ada = three()
    two = ada.made.usage(PLAIN, "two")
    for step, order in [
        ("up", ["two", "one", "three"]),
        ("up", ["two", "one", "three"]),
        ("down", ["one", "two", "three"]),
        ("down", ["one", "three", "two"]),
        ("down", ["one", "three", "two"]),
    ]:
        response = ada.post("draft_move", two, step=step)
        assert ada.unit == order
        assert response["Location"] == ada.url("draft_unit", ada.made.unit) + "#block-two"


def test_a_block_moves_to_the_end_of_another_unit() -> None:
    ada = three()
    other = ada.add("vertical", ada.made.usage("sequential", "subsection"), display_name="Other")
    one = ada.made.usage(PLAIN, "one")
    assert "Other" in ada.get("draft_move", one).content.decode()
    ada.post("draft_move", one, to=other)
    assert ada.unit == ["two", "three"]
    assert ada.tree.blocks[other].children == (one,)
    assert ada.tree.blocks[one].parent == other


@pytest.mark.parametrize(
    ("block_type", "parent"),
    [
        ("html", "sequential"),
        ("html", PLAIN),
        ("vertical", "chapter"),
        ("sequential", "vertical"),
        ("chapter", "vertical"),
        ("course", "vertical"),
    ],
)
def test_a_block_stands_only_where_its_type_may(block_type: str, parent: str) -> None:
    ada = three()
    names = {"sequential": "subsection", PLAIN: "one", "vertical": "unit", "chapter": "chapter"}
    before = set(ada.tree.blocks)
    where = ada.made.usage(parent, names[parent])
    ada.post("draft_add", parent=where, block_type=block_type)
    assert set(ada.tree.blocks) == before


def test_a_block_of_a_type_that_is_not_installed_or_not_hosted_cannot_be_added() -> None:
    ada = three()
    for block_type in ("holodeck", "lti", ""):
        ada.post("draft_add", parent=ada.made.unit, block_type=block_type)
    assert ada.unit == ["one", "two", "three"]


def test_a_copy_stands_behind_its_original_and_is_another_block() -> None:
    ada = three()
    one = ada.made.usage(PLAIN, "one")
    ada.post("draft_duplicate", one)
    first, copy, *_rest = ada.tree.blocks[ada.made.unit].children
    assert first == one
    assert ada.tree.blocks[copy].fields == {
        "content": "first",
        "display_name": "Sample plain (copy)",
    }
    ada.write(copy, content="changed")
    assert ada.tree.blocks[one].fields == {"content": "first"}


def test_a_copied_unit_brings_copies_of_all_its_blocks() -> None:
    ada = three()
    ada.post("draft_duplicate", ada.made.unit)
    _unit, copy = ada.tree.blocks[ada.made.usage("sequential", "subsection")].children
    contents = [ada.tree.blocks[key].fields["content"] for key in ada.tree.blocks[copy].children]
    assert contents == ["first", "second", "third"]
    assert not set(ada.tree.blocks[copy].children) & set(ada.tree.blocks[ada.made.unit].children)


def test_a_deleted_block_is_put_back_where_it_was() -> None:
    ada = three()
    two = ada.made.usage(PLAIN, "two")
    response = ada.delete(two)
    assert ada.unit == ["one", "three"]
    assert "Undo" in ada.client.get(response["Location"]).content.decode()
    response = ada.post("draft_put_back", two)
    assert ada.unit == ["one", "two", "three"]
    assert response["Location"].endswith("#block-two")


def test_a_deleted_unit_is_put_back_with_everything_that_was_changed_in_it() -> None:
    ada = three()
    ada.write(ada.made.usage(PLAIN, "one"), content="changed")
    ada.delete(ada.made.unit)
    assert ada.made.unit not in ada.tree.blocks
    assert "1 deleted part" in ada.get("draft").content.decode()
    ada.post("draft_put_back", ada.made.unit)
    assert ada.unit == ["one", "two", "three"]
    assert ada.tree.blocks[ada.made.usage(PLAIN, "one")].fields == {"content": "changed"}


def test_what_was_in_something_deleted_waits_until_that_is_put_back() -> None:
    ada = three()
    one = ada.made.usage(PLAIN, "one")
    ada.delete(one)
    ada.delete(ada.made.unit)
    ada.post("draft_put_back", one)
    assert one not in ada.tree.blocks
    ada.post("draft_put_back", ada.made.unit)
    ada.post("draft_put_back", one)
    assert ada.unit == ["one", "two", "three"]


def test_a_part_is_not_moved_into_itself() -> None:
    ada = author(block(PLAIN, "group", block("vertical", "inner")))
    ada.post("draft_move", ada.made.usage(PLAIN, "group"), to=ada.made.usage("vertical", "inner"))
    assert ada.unit == ["group"]


def test_an_author_is_nowhere_else_than_in_the_draft() -> None:
    ada = author()
    for here in ("nowhere", "a\0b", "x" * 5_000):
        assert ada.post("draft_presence", here=here).status_code == 200
        assert DraftVisit.objects.get().usage_key == ""


def test_a_section_a_subsection_and_a_unit_are_added_renamed_moved_and_deleted() -> None:
    ada = three()
    chapter = ada.add("chapter", ada.made.usage("course", "course"), display_name="Ferns")
    subsection = ada.add("sequential", chapter, display_name="Spores")
    unit = ada.add("vertical", subsection, display_name="Sori")
    ada.post("draft_move", chapter, step="up")
    assert ada.tree.blocks[ada.tree.root].children[0] == chapter
    ada.post("draft_settings", unit, display_name="Indusia", revision=ada.revision(unit))
    assert ada.tree.blocks[unit].display_name == "Indusia"
    ada.delete(chapter)
    assert unit not in ada.tree.blocks


def test_the_outline_opens_one_section_and_stays_there_when_something_moves_in_it() -> None:
    ada = three()
    chapter = ada.add("chapter", ada.made.usage("course", "course"), display_name="Ferns")
    subsection = ada.add("sequential", chapter, display_name="Spores")
    first = ada.add("vertical", subsection, display_name="Sori")
    ada.add("vertical", subsection, display_name="Indusia")
    assert "Sori" not in ada.get("draft").content.decode()
    response = ada.post("draft_move", first, step="down")
    assert response["Location"].startswith(ada.url("draft") + "?section=")
    page = ada.client.get(response["Location"]).content.decode()
    assert page.index("Indusia") < page.index("Sori")
    assert "The unit" not in page
    response = ada.delete(first)
    page = ada.client.get(response["Location"]).content.decode()
    assert "“Sori” is deleted from the draft." in page
    assert "Indusia" in page


def test_settings_are_dates_and_who_sees_a_part() -> None:
    ada = three()
    subsection = ada.made.usage("sequential", "subsection")
    ada.post(
        "draft_settings",
        subsection,
        display_name="Week one",
        due="2027-03-01T12:00",
        visible_to_staff_only="on",
        revision=ada.revision(subsection),
    )
    assert ada.tree.blocks[subsection].fields == {
        "display_name": "Week one",
        "due": "2027-03-01T12:00:00Z",
        "visible_to_staff_only": True,
    }
    ada.post(
        "draft_settings", subsection, display_name="Week one", revision=ada.revision(subsection)
    )
    assert ada.tree.blocks[subsection].fields == {"display_name": "Week one"}


def test_what_cannot_be_stored_is_refused_in_words_and_what_was_typed_stays() -> None:
    ada = author(block("problem", "p", data="<problem><p>Fern</p></problem>"))
    key = ada.made.usage("problem", "p")
    response = ada.write(key, display_name="P", data="<problem><unclosed></problem>")
    assert response.status_code == 422
    page = response.content.decode()
    assert "The block cannot work with this" in page
    assert "&lt;unclosed&gt;" in page
    assert ada.tree.blocks[key].fields["data"] == "<problem><p>Fern</p></problem>"


def test_a_block_with_another_key_in_its_address_is_not_found() -> None:
    ada = three()
    other = three()
    foreign = other.made.usage(PLAIN, "one")
    assert ada.get("draft_edit", foreign).status_code == 404
    for view in ("draft_settings", "draft_duplicate", "draft_move"):
        assert ada.post(view, foreign, step="up", revision="").status_code == 404
    ada.post("draft_delete", foreign, revision="")
    ada.post("draft_put_back", foreign)
    ada.post("draft_add", parent=other.made.unit, block_type="html")
    ada.post("draft_move", ada.made.usage(PLAIN, "one"), to=other.made.unit)
    assert (ada.unit, other.unit) == (["one", "two", "three"], ["one", "two", "three"])
    assert not Draft.objects.filter(course=other.course).exists()


def test_authors_html_stays_as_it_is_written_and_is_sanitised_when_shown() -> None:
    ada = author()
    written = '<p onclick="alert(1)">Fern<script>alert(2)</script></p>'
    key = ada.add("html")
    ada.write(key, display_name="Text", data=written)
    assert ada.tree.blocks[key].fields["data"] == written
    page = ada.page()
    assert "Fern" in page
    assert "alert" not in page
    editor = ada.get("draft_edit", key).content.decode()
    assert "&lt;script&gt;alert(2)&lt;/script&gt;" in editor
    preview = ada.post("draft_text_preview", data=written).content.decode()
    assert "alert" not in preview
    assert "Fern" in preview


def test_what_a_learner_may_do_with_a_block_can_be_tried_on_the_draft() -> None:
    ada = author(block(COUNTER, "c", limit=3))
    key = ada.made.usage(COUNTER, "c")
    assert ada.call(key, "add", {}).json()["count"] == 1
    assert not Draft.objects.exists()


def test_a_unit_has_room_for_two_hundred_blocks() -> None:
    ada = three()
    with writing.writing(ada.course, ada.user) as writer:
        for _ in range(writing.MOST_CHILDREN - 3):
            writing.add_block(writer, ada.made.unit, PLAIN, {"content": "more"})

    def one_more(writer: DraftWriter) -> None:
        writing.add_block(writer, ada.made.unit, PLAIN, {})

    with (
        pytest.raises(WriteRefused, match="no room"),
        writing.writing(ada.course, ada.user) as writer,
    ):
        one_more(writer)
    assert len(ada.unit) == writing.MOST_CHILDREN


def test_the_preview_shows_the_whole_draft_as_a_trainee_sees_it_and_ends_where_it_began() -> None:
    ada = three()
    key = ada.add("html", display_name="News")
    ada.write(key, display_name="News", data="<p>Fresh ferns</p>")
    response = ada.post("draft_preview", unit=ada.made.unit)
    page = ada.client.get(response["Location"]).content.decode()
    assert "Fresh ferns" in page
    assert "You are previewing the draft" in page
    assert "as a trainee does" in page
    ada.post("preview_stop")
    page = ada.client.get(ada.url("unit", ada.made.unit)).content.decode()
    assert "Fresh ferns" not in page
    assert "as its staff" in page


def test_blocks_in_a_preview_meet_a_trainee_and_blocks_in_the_editor_an_author() -> None:
    ada = author(block(PLAIN, "frame"), block("video", "film", html5_sources=["/static/f.mp4"]))
    assert ada.url("draft_frame", ada.made.usage(PLAIN, "frame")) in ada.page()
    ada.post("draft_preview", unit=ada.made.unit)
    page = ada.client.get(ada.url("unit", ada.made.unit)).content.decode()
    assert ada.url("block_frame", ada.made.usage(PLAIN, "frame")) in page
    film = ada.made.usage("video", "film")
    assert ada.url("block_handler", film, "publish_completion", "") in page
    assert ada.url("draft_file", "f.mp4") in page


def test_a_page_that_is_a_single_block_is_edited_but_takes_no_others() -> None:
    ada = three()
    version = ada.made.version
    lone = version.blocks.create(
        usage_key=ada.made.usage("html", "lone"),
        block_type="html",
        parent=ada.made.usage("sequential", "subsection"),
        position=99,
        fields={"data": "<p>Alone</p>"},
    )
    page = ada.get("draft_unit", lone.usage_key).content.decode()
    assert "Alone" in page
    assert ada.url("draft_edit", lone.usage_key) in page
    assert "Add a block" not in page


def test_a_block_that_could_not_be_read_is_moved_or_deleted_but_not_edited() -> None:
    ada = three()
    key = ada.made.usage(PLAIN, "two")
    ada.made.version.blocks.filter(usage_key=key).update(olx="<sample_plain broken=", fields={})
    assert ada.get("draft_edit", key).status_code == 404
    assert ada.get("draft_settings", key).status_code == 404
    ada.post("draft_duplicate", key)
    assert ada.unit == ["one", "two", "three"]
    ada.post("draft_move", key, step="up")
    assert ada.unit == ["two", "one", "three"]
    ada.publish()
    version = ada.course.current_version
    assert version is not None
    assert version.blocks.get(usage_key=key).olx == "<sample_plain broken="


def queries(ada: Author, view: str, *arguments: Any) -> int:
    ada.get(view, *arguments)  # what is kept in memory is there
    with CaptureQueriesContext(connection) as asked:
        assert ada.get(view, *arguments).status_code == 200
    return len(asked)


@pytest.mark.parametrize("view", ["draft_unit", "draft", "draft_files", "draft_publish"])
def test_a_page_of_the_draft_asks_no_more_of_a_larger_course(view: str) -> None:
    def ask(units: int) -> int:
        ada = author(*(block("marc_record", f"record{n}") for n in range(units)))
        ada.write_name(ada.made.unit, "Another name")
        with writing.writing(ada.course, ada.user) as writer:
            subsection = ada.made.usage("sequential", "subsection")
            for number in range(units):
                unit = writing.add_block(writer, subsection, "vertical", {"display_name": "U"})
                writing.add_block(writer, unit, PLAIN, {"content": str(number)})
        arguments = [ada.made.unit] if view == "draft_unit" else []
        return queries(ada, view, *arguments)

    few = ask(2)
    assert ask(20) == few
    assert few <= 16


def test_a_course_without_a_version_has_nothing_to_edit() -> None:
    ada = author()
    Course.objects.filter(pk=ada.course.pk).update(current_version=None)
    assert ada.get("draft").status_code == 404


def test_a_version_below_a_draft_is_not_discarded() -> None:
    ada = three()
    first = ada.made.version
    ada.delete(ada.made.usage(PLAIN, "one"))
    make_version(ada.course)
    with pytest.raises(VersionInUse, match="has a draft over it"):
        discard_version(first)
