import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from delivery.views import errors
from tests.delivery.factories import make_user
from tests.delivery.reading_room import faults, make_room, words

pytestmark = pytest.mark.django_db

PAGE = {"accept": "text/html"}


def test_a_missing_page_says_what_to_do(client: Client) -> None:
    response = client.get("/nothing/here/", headers=PAGE)
    assert response.status_code == 404
    assert faults(response) == []
    assert "There is no such page" in words(response)
    assert "tried" not in words(response)


def test_a_missing_course_is_named_as_such(client: Client) -> None:
    response = client.get("/courses/course-v1:No+Such+One/", headers=PAGE)
    assert "There is no such course." in words(response)


def test_an_address_with_a_nul_character_leads_nowhere(client: Client) -> None:
    assert client.get("/courses/a%00b/", headers=PAGE).status_code == 404
    client.force_login(make_user(is_staff=True))
    room = make_room()
    for method in (client.get, client.post):
        assert method(room.url("draft/blocks/a%00b/edit/")).status_code == 404
        assert method(room.url("units/a%00b/viewed/")).status_code == 404
    assert client.post(room.url("draft/blocks/a%00b/put-back/")).status_code == 404
    assert client.get(room.url("gradebook/?q=fern")).status_code == 200
    assert client.get(room.url("gradebook/?q=fern%00")).status_code == 404


def test_a_closed_page_says_who_one_is(client: Client) -> None:
    client.force_login(make_user("tena"))
    response = client.get("/manage/", headers=PAGE)
    assert response.status_code == 403
    assert faults(response) == []
    assert "You are signed in as tena." in words(response)


def test_scripts_are_answered_in_json(client: Client) -> None:
    client.force_login(make_user())
    refused = client.get("/manage/", headers={"accept": "application/json"})
    assert (refused.status_code, refused.json()) == (403, {"error": "You may not see this page."})
    assert client.get("/nothing/").json() == {"error": ""}


def test_a_form_without_its_token_is_refused_with_words(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    room = make_room()
    strict.force_login(make_user())
    response = strict.post(room.url("enrol/"), headers=PAGE)
    assert response.status_code == 403
    assert faults(response) == []
    assert "Nothing was changed." in words(response)


def test_a_request_that_cannot_be_understood_has_a_page() -> None:
    request = RequestFactory().get("/", headers=PAGE)
    request.session = SessionBase()
    response = errors.bad_request(request)
    assert response.status_code == 400
    assert faults(response) == []


def test_a_failing_server_answers_without_the_database(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    request = RequestFactory().get("/", headers=PAGE)
    with django_assert_num_queries(0):
        response = errors.server_error(request)
    assert response.status_code == 500
    assert faults(response) == []
    assert "What you had saved or submitted before is safe" in words(response)
    assert errors.server_error(RequestFactory().get("/")).headers["Content-Type"] == (
        "application/json"
    )


def test_a_failing_view_shows_the_page_of_a_failing_server(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.raise_request_exception = False
    client.force_login(make_user())
    monkeypatch.setattr("delivery.views.home.load_completions", lambda *_: 1 / 0)
    response = client.get("/", headers=PAGE)
    assert response.status_code == 500
    assert "Something went wrong on our side" in words(response)
