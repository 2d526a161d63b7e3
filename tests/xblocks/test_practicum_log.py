"""The block of practice hours for its author, and for whoever has no practice."""

from __future__ import annotations

from typing import Any

import pytest

from tests.xblocks.host import build_block, call
from xblocks.practicum_log import PracticumLogBlock

KEY = "block-v1:School+CAT+2026+type@practicum_log+block@hours"


def build(**authored: Any) -> Any:
    return build_block(PracticumLogBlock, authored, usage_key=KEY)


def test_an_author_s_form_is_kept_whole_or_not_at_all() -> None:
    made = build(programme="basic")
    wrong = {"programme": " ", "points": "2000", "level": "0", "measure": "kilometres"}
    status, answer = call(made, "submit_studio_edits", {"values": wrong})
    assert status == 400
    assert {finding["field"] for finding in answer["findings"]} == set(wrong)
    assert (made.programme, made.points) == ("basic", 100)
    right = {"programme": "archive", "points": "20", "measure": "competencies"}
    assert call(made, "submit_studio_edits", {"values": right})[0] == 200
    assert (made.programme, made.points, made.measure) == ("archive", 20, "competencies")


def test_an_author_is_told_of_faults_before_saving() -> None:
    _status, found = call(build(), "review_edits", {"values": {"points": "many"}})
    assert found["graded"] == 0
    assert [finding["field"] for finding in found["findings"]] == ["points", "programme"]


@pytest.mark.django_db
def test_the_editor_and_its_preview_show_the_block() -> None:
    made = build(programme="basic", display_name="My practice in the reading room")
    assert "My practice in the reading room" in made.studio_view().content
    draft = {"values": {"display_name": "Practice <b>"}}
    _status, shown = call(made, "preview_edits", draft)
    assert "Practice &lt;b&gt;" in shown["html"]
    assert made.display_name == "My practice in the reading room"


@pytest.mark.django_db
def test_who_has_no_practice_is_told_how_one_begins() -> None:
    for view in ("student_view", "public_view", "author_view"):
        assert "Your coordinator makes one" in getattr(build(programme="basic"), view)().content
    assert call(build(programme="basic"), "refresh", {})[0] == 409


def test_points_are_known_without_a_learner() -> None:
    made = build(points=30)
    assert (made.max_score(), made.weight) == (30, None)
    assert made.student_view_data()["programme"] == ""
