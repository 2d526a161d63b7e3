import json

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from delivery.models import Completion, Course, LearnerState
from tests.delivery.factories import MadeCourse, block, enrol, make_course, make_user, scored

CHOICE = (
    "<problem><multiplechoiceresponse><choicegroup>"
    '<choice correct="true">Z 699</choice><choice correct="false">QA 76</choice>'
    "</choicegroup></multiplechoiceresponse></problem>"
)


def frame_url(made: MadeCourse, block_type: str, name: str) -> str:
    return reverse("block_frame", args=[made.key, made.usage(block_type, name)])


def handler_url(
    made: MadeCourse, block_type: str, name: str, handler: str, suffix: str = ""
) -> str:
    return reverse("block_handler", args=[made.key, made.usage(block_type, name), handler, suffix])


@pytest.fixture
def made(db: None) -> MadeCourse:
    return make_course(
        block("html", "text", data="<p>Welcome to <b>Fernland</b></p>"),
        scored(block("problem", "choice", data=CHOICE, display_name="Shelf marks")),
    )


@pytest.fixture
def learner(made: MadeCourse, client: Client) -> User:
    user = make_user()
    enrol(user, made)
    client.force_login(user)
    return user


def test_a_unit_shows_text_in_the_page_and_a_problem_in_a_frame(
    made: MadeCourse, learner: User, client: Client
) -> None:
    page = client.get(reverse("unit", args=[made.key, made.unit])).content.decode()
    assert "<p>Welcome to <b>Fernland</b></p>" in page
    assert frame_url(made, "problem", "choice") in page


def test_a_problem_is_answered_rightly_and_graded(
    made: MadeCourse, learner: User, client: Client
) -> None:
    page = client.get(frame_url(made, "problem", "choice"))
    assert page.status_code == 200
    assert "Z 699" in page.content.decode()
    response = client.post(
        handler_url(made, "problem", "choice", "xmodule_handler", "problem_check"),
        {f"input_{made.usage('problem', 'choice').rpartition('@')[2]}_2_1": "choice_0"},
    )
    assert response.status_code == 200, response.content
    assert json.loads(response.content)["success"] == "correct"
    row = LearnerState.objects.get(user=learner)
    assert (row.earned, row.possible) == (1.0, 1.0)
    assert Completion.objects.get(user=learner).completion == 1.0


def test_what_stands_in_a_frame_is_marked_as_being_in_the_language_of_the_course(
    made: MadeCourse, learner: User, client: Client
) -> None:
    Course.objects.update(language="hr")
    page = client.get(frame_url(made, "problem", "choice")).content.decode()
    assert '<main id="content" lang="hr">' in page
