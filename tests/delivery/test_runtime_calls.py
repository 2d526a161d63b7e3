"""Handler calls over HTTP: who may, what arrives, what is kept, and two at once."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from delivery.handlers import AUTHOR, THIRD_PARTY, HandlerRule, find_rule, handlers_of
from delivery.models import Enrollment, LearnerState, SharedState
from delivery.runtime.assets import installed_tags
from delivery.runtime.host import served_class
from delivery.runtime.registry import load_block_class
from delivery.tree import load_tree
from tests.delivery.factories import Spec, block, make_course, make_version
from tests.delivery.sample_blocks import BROKEN, COUNTER, PLAIN
from tests.delivery.visits import Learner, join, visit

THREADS = 4
ROUNDS = 4


def counter(*children: Spec, **fields: Any) -> Spec:
    return block(COUNTER, "a", *children, **fields)


def count_of(learner: Learner) -> int:
    count: int = LearnerState.objects.get(user=learner.user).state["count"]
    return count


# --- What arrives and comes back ----------------------------------------------------------------


@pytest.mark.django_db
def test_a_json_handler_gets_its_data_and_suffix_and_its_fields_are_kept() -> None:
    learner = visit(counter())
    answer = learner.call(COUNTER, "a", "add", {"é": [1]}, suffix="x/y")
    assert answer.json() == {"count": 1, "suffix": "x/y", "sent": {"é": [1]}}
    assert learner.call(COUNTER, "a", "add", {}).json()["count"] == 2
    assert count_of(learner) == 2


@pytest.mark.django_db
def test_a_handler_gets_uploaded_files() -> None:
    learner = visit(counter())
    file = SimpleUploadedFile("judita.mrc", b"x" * 300)
    response = learner.client.post(
        learner.handler_url(COUNTER, "a", "upload"), {"file": file, "title": "Šenoa"}
    )
    assert response.content.decode() == "judita.mrc 300 Šenoa"
    assert response["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.django_db
def test_files_beyond_the_limit_are_refused() -> None:
    learner = visit(counter())
    file = SimpleUploadedFile("big.bin", b"x" * (10 * 2**20 + 1))
    response = learner.client.post(
        learner.handler_url(COUNTER, "a", "upload"), {"file": file, "title": "x"}
    )
    assert response.status_code == 413


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{" * 20, 400),
        (b"not json", 400),
        (b"[" * 51 + b"]" * 51, 400),
        (b'{"a":' * 100_000, 400),
        (b'{"a": "\\u0000"}', 400),
        (b'{"a": "' + b"x" * 2**20 + b'"}', 413),
        (b'{"a": "' + b"x" * 3 * 2**20 + b'"}', 413),
    ],
)
def test_bodies_that_are_broken_too_deep_or_too_large_are_refused(body: bytes, status: int) -> None:
    learner = visit(counter())
    response = learner.client.post(
        learner.handler_url(COUNTER, "a", "add"), body, content_type="application/json"
    )
    assert response.status_code == status
    assert not LearnerState.objects.filter(state__has_key="count").exists()


@pytest.mark.django_db
def test_brackets_in_texts_are_not_nesting() -> None:
    learner = visit(counter())
    assert learner.call(COUNTER, "a", "add", {"a": "[{" * 200 + '"]'}).status_code == 200


@pytest.mark.django_db
def test_a_handler_that_fails_keeps_nothing_and_tells_no_secrets() -> None:
    learner = visit(counter())
    response = learner.call(COUNTER, "a", "fail", {})
    assert response.status_code == 500
    assert "secret" not in response.content.decode()
    assert not LearnerState.objects.filter(state__has_key="count").exists()


@pytest.mark.django_db
def test_a_handlers_own_refusal_is_passed_on() -> None:
    response = visit(counter()).call(COUNTER, "a", "fail", {}, suffix="politely")
    assert response.status_code == 422
    assert response.json() == {"error": "Not like this"}


# --- Who may call -------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["undeclared", "nosuch", "student_view", "save", "__init__"])
def test_what_nobody_declared_is_not_served(name: str) -> None:
    learner = visit(counter())
    assert learner.call(COUNTER, "a", name, {}).status_code == 404
    assert not LearnerState.objects.exists()


@pytest.mark.django_db
def test_a_setting_can_open_another_blocks_handler(settings: Settings) -> None:
    settings.XBLOCK_HANDLER_ACCESS = {COUNTER: {"undeclared": "learner"}}
    assert visit(counter()).call(COUNTER, "a", "undeclared", {}).status_code == 200


@pytest.mark.django_db
def test_authors_handlers_are_refused_before_they_run_on_what_is_served() -> None:
    learner = visit(counter())
    author = join(learner.made)
    Enrollment.objects.filter(user=author.user).update(role="instructor")
    for person in (learner, author):
        assert person.call(COUNTER, "a", "prepare", {}).status_code == 404
    assert not LearnerState.objects.exists()


@pytest.mark.django_db
def test_handlers_that_change_something_are_not_called_by_get() -> None:
    learner = visit(counter())
    response = learner.client.get(learner.handler_url(COUNTER, "a", "add"))
    assert response.status_code == 405
    assert response["Allow"] == "POST"


@pytest.mark.django_db
def test_a_call_without_the_token_is_refused() -> None:
    learner = visit(counter())
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(learner.user)
    response = strict.post(
        learner.handler_url(COUNTER, "a", "add"), "{}", content_type="application/json"
    )
    assert response.status_code == 403
    assert not LearnerState.objects.exists()


@pytest.mark.django_db
def test_strangers_and_those_who_left_are_refused() -> None:
    learner = visit(counter())
    url = learner.handler_url(COUNTER, "a", "add")
    assert Client().post(url, "{}", content_type="application/json").status_code == 403
    Enrollment.objects.filter(user=learner.user).update(is_active=False)
    assert learner.call(COUNTER, "a", "add", {}).status_code == 403
    assert learner.frame(COUNTER, "a").status_code in (302, 403)
    assert not LearnerState.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "unit_settings", [{"start": "2999-01-01T00:00:00Z"}, {"visible_to_staff_only": True}]
)
def test_what_is_not_open_yet_answers_as_if_it_were_not_there(
    unit_settings: dict[str, Any],
) -> None:
    learner = visit(counter(), unit_settings=unit_settings)
    assert learner.call(COUNTER, "a", "add", {}).status_code == 404
    assert learner.frame(COUNTER, "a").status_code == 404
    assert join(learner.made, is_staff=True).call(COUNTER, "a", "add", {}).status_code == 200


@pytest.mark.django_db
def test_a_block_of_another_course_is_not_there() -> None:
    learner = visit(counter())
    other = make_course(counter())
    url = reverse("block_handler", args=[learner.made.key, other.usage(COUNTER, "a"), "add", ""])
    assert learner.client.post(url, "{}", content_type="application/json").status_code == 404


@pytest.mark.django_db
def test_staff_call_the_version_that_they_preview() -> None:
    learner = visit(counter(limit=1))
    served = learner.made.course.current_version
    make_version(learner.made.course, counter(limit=2))
    learner.made.course.current_version = served
    learner.made.course.save()
    staff = join(learner.made, is_staff=True)
    new = learner.made.course.versions.get(number=2)
    session = staff.client.session
    session["previews"] = {learner.made.key: new.pk}
    session.save()
    event = {"event": "grade", "data": {"value": 2, "max_value": 2}}
    assert staff.call(COUNTER, "a", "publish", event).status_code == 200
    assert staff.frame(COUNTER, "a").status_code == 200


def test_every_handler_of_a_hosted_block_is_either_listed_or_refused() -> None:
    listed = {
        (tag, name)
        for tag in THIRD_PARTY
        for name in handlers_of(served_class(tag))
        if find_rule(tag, served_class(tag), name)
    }
    assert ("problem", "xmodule_handler") in listed
    refused = {
        (tag, name)
        for tag in THIRD_PARTY
        for name in handlers_of(served_class(tag))
        if not find_rule(tag, served_class(tag), name)
    }
    assert ("video", "studio_transcript") in refused
    for_authors = {
        (tag, name)
        for tag, name in listed
        if find_rule(tag, served_class(tag), name) == HandlerRule(access=AUTHOR)
    }
    assert for_authors == {
        ("drag-and-drop-v2", "studio_submit"),
        ("pdf", "save_pdf"),
        ("word_cloud", "submit_studio_edits"),
    }
    assert {entry for entry in listed if "studio_s" in entry[1]} <= for_authors


def test_every_listed_handler_exists() -> None:
    for tag, rules in THIRD_PARTY.items():
        known = set(handlers_of(served_class(tag))) | {"captions"}
        assert set(rules) <= known, tag


def test_blocks_that_nobody_lists_offer_their_handlers_to_nobody() -> None:
    for tag in installed_tags():
        block_class = load_block_class(tag)
        if block_class.__module__.startswith(("xblocks.", "tests.")):
            continue
        plain_tag = tag.removeprefix("_").removesuffix("_extracted")
        if plain_tag not in THIRD_PARTY:
            open_handlers = [h for h in handlers_of(block_class) if find_rule(tag, block_class, h)]
            assert set(open_handlers) <= {"publish_completion"}, tag


# --- Completion by being seen -------------------------------------------------------------------


@pytest.mark.django_db
def test_a_block_without_a_score_is_completed_by_being_seen() -> None:
    learner = visit(block(PLAIN, "p", content="x"))
    call = (PLAIN, "p", "publish_completion")
    assert learner.call(*call, {"completion": 1.0}).status_code == 200
    assert learner.completion(PLAIN, "p") == 1.0


@pytest.mark.django_db
def test_an_answer_says_when_it_changed_the_learners_progress() -> None:
    learner = visit(block(PLAIN, "a"), counter())
    seen = learner.call(PLAIN, "a", "publish_completion", {"completion": 1.0})
    assert seen["X-Progress"] == "changed"
    assert "X-Progress" not in learner.call(COUNTER, "a", "add", {})


@pytest.mark.django_db
def test_a_block_with_a_score_is_not_completed_by_being_seen() -> None:
    learner = visit(counter())
    assert learner.call(COUNTER, "a", "publish_completion", {"completion": 1.0}).status_code == 400
    assert learner.completion(COUNTER, "a") is None


# --- Frames -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_frame_shows_the_block_to_its_learner() -> None:
    learner = visit(counter())
    learner.call(COUNTER, "a", "add", {})
    frame = learner.frame(COUNTER, "a")
    assert "<p>count 1</p>" in frame.content.decode()
    assert f'data-usage-id="{learner.made.usage(COUNTER, "a")}"' in frame.content.decode()
    assert frame["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.django_db
def test_a_block_that_fails_is_a_notice_with_the_reason_for_staff_alone() -> None:
    learner = visit(block(BROKEN, "b"))
    frame = learner.frame(BROKEN, "b")
    assert frame.status_code == 200
    assert "cannot be shown" in frame.content.decode()
    assert "secret" not in frame.content.decode()
    assert (
        "the secret reason" in join(learner.made, is_staff=True).frame(BROKEN, "b").content.decode()
    )


# --- Queries ------------------------------------------------------------------------------------


def count_queries(action: Callable[[], HttpResponse]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert action().status_code == 200
    quiet = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return [q["sql"] for q in captured.captured_queries if not q["sql"].startswith(quiet)]


@pytest.mark.django_db
def test_a_graded_call_takes_few_queries_however_large_its_block() -> None:
    children = [block(COUNTER, f"c{i}") for i in range(12)]
    learner = visit(counter(*children))
    event = {"event": "grade", "data": {"value": 1, "max_value": 1}}

    def call() -> Any:
        return learner.call(COUNTER, "a", "publish", event)

    load_tree(learner.made.version.pk)
    assert len(count_queries(call)) <= 12  # the first call makes the rows that later ones lock
    assert len(count_queries(call)) <= 9


@pytest.mark.django_db
def test_a_frame_takes_few_queries_however_large_its_block() -> None:
    children = [block(COUNTER, f"c{i}") for i in range(12)]
    learner = visit(counter(*children))
    load_tree(learner.made.version.pk)
    asked = count_queries(lambda: learner.frame(COUNTER, "a"))
    assert len([sql for sql in asked if "session" not in sql and "auth_user" not in sql]) <= 4


# --- Two at once --------------------------------------------------------------------------------


def at_once(learners: list[Learner]) -> list[int]:
    """Let each learner call ``add`` some times, all at the same time; returns the statuses."""
    statuses = []
    barrier = threading.Barrier(len(learners), timeout=60)

    def run(learner: Learner) -> None:
        try:
            barrier.wait()
            for _turn in range(ROUNDS):
                client = Client()
                client.cookies = learner.client.cookies
                response = client.post(
                    learner.handler_url(COUNTER, "a", "add"),
                    json.dumps({}),
                    content_type="application/json",
                )
                statuses.append(response.status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[learner]) for learner in learners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


@pytest.mark.django_db(transaction=True)
def test_two_tabs_of_one_learner_lose_no_call() -> None:
    learner = visit(counter())
    assert at_once([learner] * THREADS) == [200] * THREADS * ROUNDS
    assert count_of(learner) == THREADS * ROUNDS


@pytest.mark.django_db(transaction=True)
def test_a_class_that_votes_at_once_loses_no_vote() -> None:
    first = visit(counter())
    learners = [first, *(join(first.made) for _ in range(THREADS - 1))]
    assert at_once(learners) == [200] * THREADS * ROUNDS
    assert [count_of(learner) for learner in learners] == [ROUNDS] * THREADS
    assert SharedState.objects.get(scope="summary").state["votes"]["all"] == THREADS * ROUNDS
