"""A block's own editor on the draft: who may call it, what it may change, and two at once."""

from __future__ import annotations

from typing import Any

import pytest
from webob import Response

from delivery.authoring.trees import revision_below
from delivery.models import DraftConflict
from tests.delivery.drafting import Author, author, join_authors
from tests.delivery.factories import block
from tests.delivery.sample_blocks import COUNTER, LESSON, PLAIN, Counter, for_authors
from tests.delivery.visits import join

pytestmark = pytest.mark.django_db

SAVE = "submit_studio_edits"


def lesson(**fields: Any) -> tuple[Author, str]:
    ada = author(block(LESSON, "lesson", hint="a hint", **fields), block(PLAIN, "plain"))
    return ada, ada.made.usage(LESSON, "lesson")


def edits(**values: Any) -> dict[str, Any]:
    return {"values": values, "defaults": []}


def test_an_editors_save_changes_the_draft_and_nothing_that_is_served() -> None:
    ada, key = lesson()
    response = ada.call(key, SAVE, edits(hint="<b>a better hint</b>", exercise={"k": 1}))
    assert response.json() == {"result": "success"}
    assert ada.tree.blocks[key].fields == {"hint": "<b>a better hint</b>", "exercise": {"k": 1}}
    assert ada.made.version.blocks.get(usage_key=key).fields == {"hint": "a hint"}
    assert response["X-Draft-Revision"] == ada.revision(key)


def test_a_field_that_gets_its_default_back_is_unset() -> None:
    ada, key = lesson(display_name="Ferns")
    ada.call(key, SAVE, {"values": {"exercise": {"k": 1}}, "defaults": ["display_name"]})
    assert ada.tree.blocks[key].fields == {"hint": "a hint", "exercise": {"k": 1}}


def test_what_the_blocks_validation_refuses_is_not_saved_and_the_reason_is_told() -> None:
    ada, key = lesson()
    response = ada.call(key, SAVE, edits(exercise={}))
    assert response.status_code == 400
    assert response.json()["error"]["messages"][0]["text"] == "There is no key."
    assert ada.tree.blocks[key].fields == {"hint": "a hint"}


def test_the_page_of_a_unit_says_what_is_not_ready_for_trainees() -> None:
    ada, key = lesson()
    assert "There is no key." in ada.page()
    ada.call(key, SAVE, edits(exercise={"k": 1}))
    assert "There is no key." not in ada.page()


def test_an_editor_gets_fields_as_they_were_written_and_pages_get_them_sanitised() -> None:
    written = "<p onclick='x()'>Fern</p>"
    ada = author(block(LESSON, "lesson", hint=written))
    key = ada.made.usage(LESSON, "lesson")
    assert ada.call(key, "look", {}).json()["hint"] == written
    frame = ada.get("draft_frame", key).content.decode()
    assert "Fern" in frame
    assert "onclick" not in frame


def test_an_editor_gets_links_as_they_were_written_and_its_preview_those_of_the_draft() -> None:
    picture = '<p><img src="/static/a.svg" alt=""></p>'
    ada = author(block("marc_record", "record", source_image="/static/a.svg", prompt=picture))
    key = ada.made.usage("marc_record", "record")
    page = ada.get("draft_edit", key).content.decode()
    assert 'value="/static/a.svg"' in page
    assert '"value": "/static/a.svg"' in page
    assert "src=&quot;/static/a.svg&quot;" in page
    shown = ada.call(key, "preview_edits", {"values": {}}).json()["html"]
    assert shown.count(ada.url("draft_file", "a.svg")) == 2


def test_answers_are_graded_again_at_publishing_and_not_from_the_editor() -> None:
    ada = author(block("marc_record", "record"))
    key = ada.made.usage("marc_record", "record")
    assert '"regrades_later": true' in ada.get("draft_edit", key).content.decode()
    assert ada.call(key, "regrade_answers", {}).status_code == 409


def test_a_call_that_changes_nothing_needs_no_revision_and_makes_no_draft() -> None:
    ada, key = lesson()
    assert ada.call(key, "look", {}, revision="").status_code == 200
    assert ada.call(key, SAVE, edits(exercise={"k": 1}), revision="").status_code == 428
    assert ada.tree.draft_revision == 0


def test_a_block_that_is_not_the_suites_has_its_editor_in_a_frame() -> None:
    ada, key = lesson()
    page = ada.get("draft_edit", key).content.decode()
    assert ada.url("draft_editor", key) in page
    frame = ada.get("draft_editor", key)
    html = frame.content.decode()
    assert "StudioEditableXBlockMixin" in html
    assert f'data-revision="{ada.revision(key)}"' in html
    assert "'unsafe-inline'" not in frame["Content-Security-Policy"].split("style-src")[0]


@pytest.mark.parametrize("block_type", ["marc_record", "cataloguing_drill"])
def test_the_suites_own_editors_stand_in_the_page(block_type: str) -> None:
    ada = author()
    key = ada.add(block_type)
    page = ada.get("draft_edit", key)
    html = page.content.decode()
    assert 'data-init="SchoolBlock"' in html
    assert "<iframe" not in html
    assert "unsafe" not in page["Content-Security-Policy"]


@pytest.mark.parametrize("block_type", ["html", "problem", "video", "poll_question", "annotatable"])
def test_blocks_whose_editor_is_part_of_studio_are_edited_in_a_form(block_type: str) -> None:
    ada = author()
    key = ada.add(block_type)
    page = ada.get("draft_edit", key).content.decode()
    assert 'name="display_name"' in page
    assert "Save in the draft" in page


def test_the_tags_in_the_words_about_a_field_are_shown() -> None:
    ada = author(block("problem", "p", data="<problem/>"))
    page = ada.get("draft_edit", ada.made.usage("problem", "p")).content.decode()
    assert "from &lt;problem&gt; to &lt;/problem&gt;" in page


def test_the_form_keeps_what_it_does_not_show_and_leaves_defaults_unset() -> None:
    ada = author(
        block("poll_question", "poll", question="Fern?", answers=[{"id": "yes", "text": "Yes"}])
    )
    key = ada.made.usage("poll_question", "poll")
    ada.write(key, question="Fern or moss?", answers="Moss\r\nYes\r\n\r\nYes", display_name="Poll")
    fields = ada.tree.blocks[key].fields
    assert fields["question"] == "Fern or moss?"
    assert fields["answers"] == [{"id": "answer1", "text": "Moss"}, {"id": "yes", "text": "Yes"}]
    film = ada.add("video")
    ada.write(film, display_name="Film", html5_sources="/static/a.mp4\r\n/static/a.webm")
    fields = ada.tree.blocks[film].fields
    assert fields["html5_sources"] == ["/static/a.mp4", "/static/a.webm"]
    assert "download_video" not in fields
    response = ada.write(film, display_name="Film", transcripts="{nonsense")
    assert "This is not JSON" in response.content.decode()


def test_authors_handlers_are_called_on_the_draft_alone() -> None:
    ada, key = lesson()
    trainee = join(ada.made)
    assert trainee.client.post(ada.url("draft_handler", key, SAVE, "")).status_code == 403
    for client in (trainee.client, ada.client):
        served = trainee.handler_url(LESSON, "lesson", SAVE)
        assert client.post(served, "{}", content_type="application/json").status_code == 404
    assert ada.call(key, "undeclared_handler", {}).status_code == 404


def test_a_handler_may_not_change_another_block(monkeypatch: pytest.MonkeyPatch) -> None:
    ada = author(block(COUNTER, "parent", block(COUNTER, "child")))
    parent = ada.made.usage(COUNTER, "parent")
    child = ada.made.usage(COUNTER, "child")

    def prepare(self: Any, request: Any, suffix: str = "") -> Any:
        other = self.runtime.get_block(child)
        other.limit = 99
        other.save()
        return Response("done")

    prepare._is_xblock_handler = True  # type: ignore[attr-defined]  # as XBlock.handler does
    monkeypatch.setattr(Counter, "prepare", for_authors(prepare))
    assert ada.call(parent, "prepare", {}).status_code == 400
    assert ada.tree.blocks[child].fields == {}


# --- Two authors --------------------------------------------------------------------------------


def test_changes_to_different_blocks_add_up() -> None:
    ada, key = lesson()
    bela = join_authors(ada.made)
    plain = ada.made.usage(PLAIN, "plain")
    seen = (ada.revision(key), ada.revision(plain))
    ada.call(key, SAVE, edits(exercise={"k": 1}), revision=seen[0])
    bela.write(plain, content="from Bela", revision=seen[1])
    bela.post("draft_move", plain, step="up")
    assert ada.unit == ["plain", "lesson"]
    assert ada.tree.blocks[key].fields["exercise"] == {"k": 1}
    assert ada.tree.blocks[plain].fields == {"content": "from Bela"}


def conflicting() -> tuple[Author, Author, str]:
    """Ada saved the hint; Bela wrote another, knowing only the first."""
    ada, key = lesson(exercise={"k": 1})
    bela = join_authors(ada.made)
    seen = bela.revision(key)
    ada.call(key, SAVE, edits(exercise={"k": 1}, hint="hint of Ada"), revision=seen)
    response = bela.call(key, SAVE, edits(exercise={"k": 2}, hint="hint of Bela"), revision=seen)
    assert response.status_code == 409
    conflict = DraftConflict.objects.get()
    assert response["X-Draft-Conflict"] == bela.url("draft_conflict", conflict.pk)
    return ada, bela, key


def test_of_two_texts_of_one_block_none_is_lost_and_both_are_shown() -> None:
    ada, bela, key = conflicting()
    assert ada.tree.blocks[key].fields["hint"] == "hint of Ada"
    page = bela.get("draft_conflict", DraftConflict.objects.get().pk).content.decode()
    assert "hint of Ada" in page
    assert "hint of Bela" in page
    assert "changed the same block" in bela.page()
    refused = bela.client.get(bela.publish()["Location"]).content.decode()
    assert "waiting to be settled" in refused


def test_the_author_chooses_field_by_field_what_stands() -> None:
    ada, bela, key = conflicting()
    conflict = DraftConflict.objects.get()
    bela.post("draft_conflict", conflict.pk, mine="hint", revision=bela.revision(key))
    assert ada.tree.blocks[key].fields == {"hint": "hint of Bela", "exercise": {"k": 1}}
    assert not DraftConflict.objects.exists()


def test_the_author_may_leave_the_draft_as_it_is() -> None:
    ada, bela, key = conflicting()
    bela.post("draft_conflict", DraftConflict.objects.get().pk, drop="1")
    assert ada.tree.blocks[key].fields["hint"] == "hint of Ada"
    assert not DraftConflict.objects.exists()


def test_a_choice_made_on_an_older_text_is_asked_again() -> None:
    ada, bela, key = conflicting()
    conflict = DraftConflict.objects.get()
    seen = bela.revision(key)
    ada.call(key, SAVE, edits(exercise={"k": 3}))
    bela.post("draft_conflict", conflict.pk, mine="hint", revision=seen)
    assert ada.tree.blocks[key].fields == {"hint": "hint of Ada", "exercise": {"k": 3}}
    assert DraftConflict.objects.exists()


def test_what_was_written_of_a_block_that_is_deleted_meanwhile_is_still_shown() -> None:
    ada, bela, key = conflicting()
    ada.delete(key)
    page = bela.get("draft_conflict", DraftConflict.objects.get().pk).content.decode()
    assert "This block was deleted meanwhile" in page
    assert "hint of Bela" in page


def test_a_text_saved_after_its_block_was_deleted_is_kept_and_taken_once_that_is_put_back() -> None:
    ada, _key = lesson()
    bela = join_authors(ada.made)
    plain = ada.made.usage(PLAIN, "plain")
    seen = bela.revision(plain)
    ada.delete(ada.made.unit)
    response = bela.write(plain, content="of Bela", revision=seen)
    conflict = DraftConflict.objects.get()
    assert response["Location"] == bela.url("draft_conflict", conflict.pk)
    assert "of Bela" in bela.client.get(response["Location"]).content.decode()
    bela.post("draft_put_back", ada.made.unit)
    bela.post("draft_conflict", conflict.pk, mine="content", revision=bela.revision(plain))
    assert ada.tree.blocks[plain].fields == {"content": "of Bela"}
    other, _key = lesson()
    assert other.write(plain, content="x", revision=seen).status_code == 404


def test_a_conflict_of_another_course_is_not_found() -> None:
    conflicting()
    stranger, _key = lesson()
    conflict = DraftConflict.objects.get()
    assert stranger.get("draft_conflict", conflict.pk).status_code == 404
    assert stranger.post("draft_conflict", conflict.pk, drop="1").status_code == 404
    assert DraftConflict.objects.exists()


def test_two_texts_in_the_sites_form_lead_to_the_same_choice() -> None:
    ada, _key = lesson()
    bela = join_authors(ada.made)
    plain = ada.made.usage(PLAIN, "plain")
    seen = ada.revision(plain)
    ada.write(plain, content="of Ada", revision=seen)
    response = bela.write(plain, content="of Bela", revision=seen)
    assert response["Location"] == bela.url("draft_conflict", DraftConflict.objects.get().pk)


def test_a_block_that_somebody_changed_is_not_deleted_unseen() -> None:
    ada, key = lesson()
    bela = join_authors(ada.made)
    seen = revision_below(bela.tree, key)
    ada.call(key, SAVE, edits(exercise={"k": 1}))
    response = bela.delete(key, seen)
    assert key in ada.tree.blocks
    assert "Somebody changed" in bela.client.get(response["Location"]).content.decode()
    bela.delete(key)
    assert key not in ada.tree.blocks


def test_a_name_set_while_somebody_changed_the_block_is_kept_on_the_page() -> None:
    ada, key = lesson()
    bela = join_authors(ada.made)
    seen = bela.revision(key)
    ada.call(key, SAVE, edits(exercise={"k": 1}))
    response = bela.post("draft_settings", key, display_name="Of Bela", revision=seen)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="Of Bela"' in page
    assert f'value="{bela.revision(key)}"' in page


def test_authors_are_told_of_each_other() -> None:
    ada, _key = lesson()
    bela = join_authors(ada.made, first_name="Bela", last_name="Kos")
    assert "Bela Kos" not in ada.page()
    bela.page()
    assert "Bela Kos is on this page as well." in ada.page()
    bela.get("draft")
    assert "Bela Kos has the draft open." in ada.page()
    news = ada.post("draft_presence", here=ada.made.unit).json()
    assert news["others"] == [{"name": "Bela Kos", "place": "", "here": False}]
    bela.write(ada.made.usage(PLAIN, "plain"), content="x")
    assert ada.post("draft_presence", here="").json()["revision"] == 1
