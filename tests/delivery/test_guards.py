from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from delivery.access import Access, access
from delivery.guards import MULTIPART_SLACK


@access(Access.ANYONE)
def take(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.body)))


urlpatterns = [path("take/", take), path("teach/imports/", take, name="imports")]


@pytest.fixture
def client(settings: Any) -> Client:
    settings.MIDDLEWARE = ["delivery.guards.BodyLimitMiddleware"]
    settings.ROOT_URLCONF = __name__
    settings.MAX_REQUEST_BODY = 1000
    settings.MAX_COURSE_UPLOAD = 5000
    return Client()


def send(client: Client, where: str, size: int) -> Any:
    return client.post(where, b"x" * size, content_type="text/plain")


def test_a_body_within_the_limit_passes(client: Client) -> None:
    assert send(client, "/take/", 1000).content == b"1000"


def test_a_body_beyond_the_limit_is_refused_unread(client: Client) -> None:
    answer = send(client, "/take/", 1001)
    assert answer.status_code == 413
    assert "larger than" in answer.json()["error"]


def test_a_course_may_be_larger(client: Client) -> None:
    assert send(client, "/teach/imports/", 5000).status_code == 200
    assert send(client, "/teach/imports/", 5001 + MULTIPART_SLACK).status_code == 413
