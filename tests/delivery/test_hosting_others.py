"""The other blocks that are hosted as their packages have them, over HTTP."""

import json
from typing import Any

import pytest
from django.urls import reverse

from delivery.models import SharedState, TrackingEvent
from tests.delivery.factories import Spec, block, scored
from tests.delivery.visits import Learner, join, visit

pytestmark = pytest.mark.django_db

POLL = block(
    "poll_question",
    "poll",
    display_name="Which?",
    question="<p>Which <b>shelf</b>?</p>",
    answers=[{"id": "first", "text": "First"}, {"id": "second", "text": "Second"}],
)
CLOUD = block("word_cloud", "cloud", display_name="Words", num_inputs=2, instructions="Say.")
DRAG = {
    "zones": [
        {"uid": "top", "title": "Top", "x": 0, "y": 0, "width": 9, "height": 9, "align": "left"},
        {"uid": "low", "title": "Low", "x": 0, "y": 9, "width": 9, "height": 9, "align": "left"},
    ],
    "items": [
        {
            "id": 0,
            "displayName": "A",
            "zones": ["top"],
            "feedback": {"correct": "Yes", "incorrect": "No"},
        },
        {
            "id": 1,
            "displayName": "B",
            "zones": ["low"],
            "feedback": {"correct": "Yes", "incorrect": "No"},
        },
    ],
    "feedback": {"start": "Go", "finish": "Done"},
    "targetImg": "/static/shelf.png",
}


# --- html ---------------------------------------------------------------------------------------


def test_html_is_part_of_the_page_with_its_links_made_to_work() -> None:
    learner = visit(
        block(
            "html",
            "text",
            data='<img src="/static/a b.png" alt="x"><a href="/jump_to_id/text">here</a>',
        )
    )
    page = learner.page()
    assert f'src="{reverse("course_file", args=[learner.made.key, "a b.png"])}"' in page
    assert f'href="{reverse("jump", args=[learner.made.key, "text"])}"' in page


def test_formulas_in_html_are_mathml_and_code_is_left_alone() -> None:
    page = visit(
        block("html", "text", data=r"<p>\(x^2\) and <code>\(y\)</code> and \[\frac{a}{b}\]</p>")
    ).page()
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in page
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"' in page
    assert r"<code>\(y\)</code>" in page


def test_a_formula_that_cannot_be_set_stays_as_it_was_written() -> None:
    page = visit(block("html", "text", data=r"<p>\(\text{a &lt;b&gt;}\)</p>")).page()
    assert r"\(\text{a &lt;b&gt;}\)" in page
    assert "<math" not in page


def test_html_can_name_its_reader() -> None:
    learner = visit(block("html", "text", data="<p>%%USER_ID%% in %%COURSE_ID%%</p>"))
    page = learner.page()
    assert f"<p>{learner.user.enrollments.get().anonymous_id} in {learner.made.key}</p>" in page


# --- video --------------------------------------------------------------------------------------


def film(**fields: Any) -> Spec:
    return block("video", "film", display_name="Film", **fields)


def test_a_film_of_the_school_plays_in_the_page_with_its_captions() -> None:
    learner = visit(
        film(html5_sources=["/static/film.webm"], transcripts={"sl": "film-sl.srt"}),
        files={"film-sl.srt": b"1\r\n00:00:01,500 --> 00:00:02,000\r\n\xc5\xbdivjo\r\n"},
    )
    page = learner.page()
    captions = learner.handler_url("video", "film", "captions", "sl")
    assert f'src="{reverse("course_file", args=[learner.made.key, "film.webm"])}"' in page
    assert 'type="video/webm"' in page
    assert f'src="{captions}"' in page
    response = learner.client.get(captions)
    assert response["Content-Type"] == "text/vtt; charset=utf-8"
    assert response.content.decode() == "WEBVTT\n\n1\n00:00:01.500 --> 00:00:02.000\nŽivjo\n"


def test_captions_in_the_platforms_json_are_read_too() -> None:
    cues = {"start": [0, 61_500], "end": [900, 62_000], "text": ["a <b>", "c"]}
    learner = visit(
        film(html5_sources=["/static/film.mp4"], sub="xyz"),
        files={"subs_xyz.srt.sjson": json.dumps(cues).encode()},
    )
    vtt = learner.client.get(
        learner.handler_url("video", "film", "captions", "en")
    ).content.decode()
    assert "00:00:00.000 --> 00:00:00.900\na &lt;b&gt;" in vtt
    assert "00:01:01.500 --> 00:01:02.000\nc" in vtt


def test_a_film_on_another_site_is_a_link_and_loads_nothing_from_there() -> None:
    page = visit(
        film(youtube_id_1_0="abcdefghijk", html5_sources=["https://films.example/a.mp4"])
    ).page()
    assert 'href="https://www.youtube.com/watch?v=abcdefghijk"' in page
    assert 'href="https://films.example/a.mp4"' in page
    assert "<video" not in page
    assert 'src="http' not in page


def test_a_film_that_nobody_set_is_not_the_platforms_sample() -> None:
    page = visit(film()).page()
    assert "There is no film here yet." in page
    assert "youtube" not in page


def test_a_film_is_complete_when_it_was_watched() -> None:
    learner = visit(film(html5_sources=["/static/film.mp4"]))
    assert (
        learner.call("video", "film", "publish_completion", {"completion": 1.0}).status_code == 200
    )
    assert learner.completion("video", "film") == 1.0


@pytest.mark.parametrize("completion", [1.5, -0.1, "1", None, True])
def test_a_completion_outside_its_range_is_refused(completion: object) -> None:
    learner = visit(film(html5_sources=["/static/film.mp4"]))
    response = learner.call("video", "film", "publish_completion", {"completion": completion})
    assert response.status_code == 400
    assert learner.completion("video", "film") is None


# --- poll ---------------------------------------------------------------------------------------


def test_a_poll_shows_its_question_and_counts_everyones_votes() -> None:
    one = visit(POLL)
    other = join(one.made)
    assert "Which <b>shelf</b>?" in one.frame("poll_question", "poll").content.decode()
    one.call("poll_question", "poll", "handle_submit_state", {"answer": "first"})
    answer = other.call("poll_question", "poll", "handle_submit_state", {"answer": "second"}).json()
    assert answer["poll_answers"] == {"first": 1, "second": 1}
    assert answer["total"] == 2
    shared = SharedState.objects.get()
    assert (shared.scope, shared.owner) == ("summary", 0)
    assert shared.state["poll_answers"] == {"first": 1, "second": 1}


def test_one_person_has_one_vote_and_may_take_it_back() -> None:
    learner = visit(POLL)
    learner.frame("poll_question", "poll")
    call = ("poll_question", "poll")
    learner.call(*call, "handle_submit_state", {"answer": "first"})
    again = learner.call(*call, "handle_submit_state", {"answer": "first"}).json()
    assert "error" in again
    assert learner.call(*call, "handle_reset_state", {}).json() == {"status": "success"}
    assert SharedState.objects.get().state["poll_answers"]["first"] == 0
    learner.call(*call, "handle_submit_state", {"answer": "second"})
    assert SharedState.objects.get().state["poll_answers"] == {"first": 0, "second": 1}


# --- word cloud ---------------------------------------------------------------------------------


def test_a_word_cloud_gathers_everyones_words() -> None:
    one = visit(CLOUD)
    other = join(one.made)
    assert "Say." in one.frame("word_cloud", "cloud").content.decode()
    one.call("word_cloud", "cloud", "handle_submit_state", {"student_words": ["Shelf", "book"]})
    state = other.call(
        "word_cloud", "cloud", "handle_submit_state", {"student_words": ["book"]}
    ).json()
    assert state["total_count"] == 3
    assert {word["text"]: word["size"] for word in state["top_words"]} == {"book": 2, "shelf": 1}


def test_a_word_cloud_takes_as_many_words_as_it_asks_for_and_no_long_ones() -> None:
    learner = visit(CLOUD)
    learner.call(
        "word_cloud", "cloud", "handle_submit_state", {"student_words": ["x" * 5000, "b", "c", 4]}
    )
    words = SharedState.objects.get().state["all_words"]
    assert words == {"x" * 60: 1, "b": 1}


# --- annotatable, pdf ---------------------------------------------------------------------------


def test_an_annotated_text_shows_its_notes() -> None:
    frame = visit(
        block(
            "annotatable",
            "notes",
            data='<annotatable><instructions><p>Read.</p></instructions><p>A <annotation title="T"'
            ' body="Why so" highlight="yellow">word</annotation>.</p></annotatable>',
        )
    ).frame("annotatable", "notes")
    page = frame.content.decode()
    assert 'data-comment-body="Why so"' in page
    assert "<p>Read.</p>" in page
    assert "vendor/qtip2/jquery.qtip.min.js" in page


def test_a_pdf_of_the_course_is_shown_and_its_use_is_noted() -> None:
    learner = visit(block("pdf", "leaflet", url="/static/leaflet.pdf", display_name="Leaflet"))
    page = learner.frame("pdf", "leaflet").content.decode()
    assert f'src="{reverse("course_file", args=[learner.made.key, "leaflet.pdf"])}"' in page
    learner.call("pdf", "leaflet", "on_download", {})
    assert set(TrackingEvent.objects.values_list("name", flat=True)) == {
        "edx.pdf.loaded",
        "edx.pdf.downloaded",
    }


# --- drag and drop ------------------------------------------------------------------------------


def drag(**fields: Any) -> Spec:
    return scored(block("drag-and-drop-v2", "sort", data=DRAG, display_name="Sort", **fields))


def drop(learner: Learner, item: int, zone: str) -> Any:
    response = learner.call("drag-and-drop-v2", "sort", "drop_item", {"val": item, "zone": zone})
    assert response.status_code == 200, response.content
    return response.json()


def test_drag_and_drop_hides_its_key_and_finds_its_picture() -> None:
    learner = visit(drag())
    page = learner.frame("drag-and-drop-v2", "sort").content.decode()
    assert reverse("course_file", args=[learner.made.key, "shelf.png"]) in page
    assert '"zones": ["top"]' not in page


def test_items_dropped_rightly_earn_the_points_and_wrong_drops_do_not() -> None:
    learner = visit(drag(mode="standard"))
    assert drop(learner, 0, "low")["correct"] is False
    assert drop(learner, 0, "top")["correct"] is True
    state = learner.state("drag-and-drop-v2", "sort")
    assert (state.earned, state.possible) == (0.5, 1.0)
    assert drop(learner, 1, "low")["finished"] is True
    assert learner.state("drag-and-drop-v2", "sort").earned == 1.0
    assert learner.completion("drag-and-drop-v2", "sort") == 1.0


def test_an_assessment_is_graded_when_it_is_handed_in() -> None:
    learner = visit(drag(mode="assessment", max_attempts=2))
    drop(learner, 0, "low")
    drop(learner, 1, "low")
    result = learner.call("drag-and-drop-v2", "sort", "do_attempt", {}).json()
    assert result["correct"] is False
    assert learner.state("drag-and-drop-v2", "sort").earned == 0.5
    assert (
        learner.client.get(
            learner.handler_url("drag-and-drop-v2", "sort", "student_view_user_state")
        ).json()["attempts"]
        == 1
    )


def test_a_browser_cannot_publish_its_own_grade() -> None:
    learner = visit(drag())
    response = learner.call(
        "drag-and-drop-v2",
        "sort",
        "publish_event",
        {"event_type": "grade", "value": 1, "max_value": 1},
    )
    assert response.status_code == 200
    learner.call(
        "drag-and-drop-v2", "sort", "publish_event", {"event_type": "completion", "completion": 1}
    )
    assert learner.state("drag-and-drop-v2", "sort").earned is None
    assert learner.completion("drag-and-drop-v2", "sort") is None
    learner.call("drag-and-drop-v2", "sort", "publish_event", {"event_type": "edx.seen", "a": 1})
    assert TrackingEvent.objects.get().name == "edx.seen"


# --- what is not hosted -------------------------------------------------------------------------


@pytest.mark.parametrize("block_type", ["lti", "discussion"])
def test_blocks_that_need_another_server_say_so(block_type: str) -> None:
    page = visit(block(block_type, "x")).page()
    assert "This part" in page
    assert "<iframe" not in page


def test_a_block_of_an_unknown_type_is_a_notice_and_its_type_is_for_staff() -> None:
    learner = visit(block("teleporter", "x"), block("html", "y", data="<p>Still here</p>"))
    page = learner.page()
    assert "cannot be shown" in page
    assert "Still here" in page
    assert "teleporter" not in page.replace("+type@teleporter", "")
    staff = join(learner.made, is_staff=True)
    assert "is not installed" in staff.page()
