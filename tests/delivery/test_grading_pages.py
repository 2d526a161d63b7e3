"""The grading pages, and that nobody reaches what another trainee handed in, by any address."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from delivery.models import Enrollment, LearnerState
from grading.models import TaskWork
from tests.delivery.authorisation import HANDLERS, VIEWS
from tests.delivery.factories import block, enrol, make_course, make_user, scored
from tests.delivery.test_authorisation import BLOCKS, Scene, ask, scene
from tests.delivery.visits import Learner, join, visit
from tests.grading.tasks import BETTER, ESSAY, FAIR, RUBRIC

__all__ = ["scene"]

pytestmark = pytest.mark.django_db

TASK = scored(
    block("staff_task", "essay", display_name="Access points", exercise=RUBRIC, points=20)
)
CANARIES = ("kanarinac", "kanarček", "канарче", "canary.txt")


def teacher_of(learner: Learner) -> Learner:
    user = make_user(first_name="Ivo", last_name="Instructor")
    enrol(user, learner.made, Enrollment.Role.INSTRUCTOR)
    client = Client()
    client.force_login(user)
    return Learner(learner.made, user, client)


def call(who: Learner, handler: str, data: Any) -> Any:
    response = who.call("staff_task", "essay", handler, data)
    assert response.status_code == 200, response.content
    return response.json()


def grade(teacher: Learner, marks: Any = FAIR, **content: Any) -> None:
    sheet = call(teacher, "staff_next", {})["sheet"]
    given = {"marks": marks, "comment": "", "pins": [], **content}
    version = sheet["answers"][-1]["number"]
    call(teacher, "staff_grade", {"work": sheet["id"], "version": version, "content": given})


def test_the_walk_from_essay_to_the_learners_score() -> None:
    trainee = visit(TASK)
    teacher = teacher_of(trainee)
    call(trainee, "submit", {"fields": ESSAY})
    assert trainee.completion("staff_task", "essay") == 1.0
    sheet = call(teacher, "staff_next", {})["sheet"]
    back = {"work": sheet["id"], "version": 1, "content": {"marks": {}, "comment": "Why?"}}
    call(teacher, "staff_return", back)
    assert "Returned for revision" in trainee.page()
    call(trainee, "submit", {"fields": BETTER})
    grade(teacher, comment="Better.")
    state = trainee.state("staff_task", "essay")
    assert (state.earned, state.possible) == (14.0, 20.0)
    assert state.given_at is not None
    assert "Better." in trainee.page()


def test_the_course_shows_what_is_owed_in_each_of_its_tasks() -> None:
    trainee = visit(TASK)
    teacher = teacher_of(trainee)
    empty = teacher.client.get(reverse("grading", args=[trainee.made.key])).content.decode()
    assert "nothing waits" in empty
    call(trainee, "submit", {"fields": ESSAY})
    page = teacher.client.get(reverse("grading", args=[trainee.made.key])).content.decode()
    assert "1 work waits" in page
    assert "Access points" in page
    assert "Grading (1" in teacher.client.get(reverse("teach")).content.decode()
    room = reverse(
        "grading_room", args=[trainee.made.key, trainee.made.usage("staff_task", "essay")]
    )
    html = teacher.client.get(room).content.decode()
    assert 'data-part="desk"' in html
    assert "data-grading-room" in html
    unit = reverse("grading_room", args=[trainee.made.key, trainee.made.unit])
    assert teacher.client.get(unit).status_code == 404


def test_a_course_without_such_tasks_says_how_to_begin() -> None:
    trainee = visit(block("html", "text", data="<p>x</p>"))
    page = teacher_of(trainee).client.get(reverse("grading", args=[trainee.made.key]))
    assert "has no task that people grade" in page.content.decode()


def test_the_page_of_queues_costs_the_same_however_many_wait() -> None:
    made = make_course(TASK)
    learners = [join(made) for _number in range(4)]
    teacher = teacher_of(learners[0])
    counts = []
    for group in (learners[:1], learners[1:]):
        for learner in group:
            call(learner, "submit", {"fields": ESSAY})
        teacher.client.get(reverse("grading", args=[made.key]))
        with CaptureQueriesContext(connection) as queries:
            teacher.client.get(reverse("grading", args=[made.key]))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 5


def test_the_names_of_a_queue_cost_one_query() -> None:
    made = make_course(TASK)
    learners = [join(made, first_name=f"Tena{number}") for number in range(4)]
    teacher = teacher_of(learners[0])
    counts = []
    for group in (learners[:1], learners[1:]):
        for learner in group:
            call(learner, "submit", {"fields": ESSAY})
        with CaptureQueriesContext(connection) as queries:
            found = call(teacher, "staff_queue", {})
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert [row["name"] for row in found["rows"]] == ["Tena0", "Tena1", "Tena2", "Tena3"]


def test_who_teaches_elsewhere_or_looks_as_a_trainee_is_no_staff_here() -> None:
    trainee = visit(TASK)
    call(trainee, "submit", {"fields": ESSAY})
    stranger = teacher_of(visit(TASK))
    url = trainee.handler_url("staff_task", "essay", "staff_queue")
    answer = stranger.client.post(url, "{}", content_type="application/json")
    assert answer.status_code in (302, 403, 404)
    teacher = teacher_of(trainee)
    teacher.client.post(reverse("view_as", args=[trainee.made.key]), {"role": "trainee"})
    answer = teacher.call("staff_task", "essay", "staff_queue", {})
    assert answer.status_code == 404


def test_an_archive_is_streamed_to_staff_and_to_nobody_else() -> None:
    trainee = visit(TASK)
    call(trainee, "submit", {"fields": ESSAY})
    url = trainee.handler_url("staff_task", "essay", "staff_bundle")
    assert trainee.client.get(url).status_code == 404
    response: Any = teacher_of(trainee).client.get(url)
    assert response.streaming
    assert b"".join(response.streaming_content).startswith(b"PK")
    assert response["Content-Disposition"].startswith("attachment")


def upload(who: Learner, name: str, data: bytes) -> str:
    url = who.handler_url("staff_task", "essay", "upload")
    response = who.client.post(url, {"file": SimpleUploadedFile(name, data)})
    assert response.status_code == 200, response.content
    return str(response.json()["id"])


@pytest.fixture
def secrets(scene: Scene) -> dict[str, str]:  # the fixture that was imported
    """Another trainee's work with a file, graded with comments; the ids that lead to it."""
    victim = Learner(scene.made, scene.people["deactivated"], Client())
    victim.client.force_login(victim.user)
    file = upload(victim, "canary.txt", b"kanarinac u datoteci")
    call(victim, "submit", {"fields": {"text": "kanarinac žuti", "files": [file]}})
    teacher = Learner(scene.made, scene.people["instructor"], scene.client("instructor"))
    reasons = {"reasons": {"points": 3, "comment": "kanarček"}}
    grade(teacher, reasons, comment="канарче")
    enrollment = Enrollment.objects.get(user=victim.user, course=scene.made.course)
    work = TaskWork.objects.get()
    return {"file": file, "work": work.uuid.hex, "student": enrollment.anonymous_id}


def assert_nothing_told(response: Any) -> None:
    parts = response.streaming_content if response.streaming else [response.content]
    body = b"".join(parts).decode("utf-8", "replace")
    for canary in CANARIES:
        assert canary not in body
        assert json.dumps(canary)[1:-1] not in body


ACCEPTING = {"criteria": [{"id": "reasons", "name": "Reasons", "points": 4}]}
ACCEPTING |= {"accepts": {"text": True, "files": {"most": 2, "kinds": ["txt"]}}}  # type: ignore[dict-item]  # JSON


@pytest.fixture(autouse=True)
def _task_that_takes_files(monkeypatch: pytest.MonkeyPatch) -> None:
    essay = next(spec for spec in BLOCKS if spec.block_type == "staff_task")
    monkeypatch.setitem(essay.fields, "exercise", ACCEPTING)


@pytest.mark.parametrize("role", ["trainee", "outsider", "other_instructor", "anonymous"])
def test_no_address_tells_a_trainees_work_to_another(
    scene: Scene,  # likewise
    secrets: dict[str, str],
    role: str,
) -> None:
    client = scene.client(role)
    for view, method in VIEWS:
        if not view.startswith(("account", "admin:", "leave", "practicum:")):
            assert_nothing_told(ask(client, method, scene.path(view)))
    before = LearnerState.objects.filter(user=scene.people["deactivated"]).values().first()
    for block_type, handler in HANDLERS:
        names = {"staff_task": "essay", "marc_record": "record", "cataloguing_drill": "drill"}
        if block_type not in names:
            continue
        usage = scene.made.usage(block_type, names[block_type])
        for suffix in ("", secrets["file"], secrets["work"]):
            url = reverse("block_handler", args=[scene.made.key, usage, handler, suffix])
            assert_nothing_told(client.get(url))
            data = {
                **secrets,
                "after": secrets["work"],
                "fields": {"text": "mine", "files": [secrets["file"]]},
                "revision": 0,
                "take": True,
                "version": 1,
                "content": {},
                "reason": "x",
                "points": 1,
                "item": secrets["work"],
            }
            assert_nothing_told(client.post(url, json.dumps(data), "application/json"))
    assert LearnerState.objects.filter(user=scene.people["deactivated"]).values().first() == before
