"""The REST interface: who gets in, what comes back, and that every operation guards itself."""

from __future__ import annotations

import contextlib
import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from practicum import api
from practicum.models import ApiToken, AuditEvent
from practicum.rest.operations import OPERATIONS, Operation
from practicum.rest.shapes import Misshapen, describe, read
from tests.practicum.school import School, approved, day_ago, id_of, make_school, submitted, values

pytestmark = pytest.mark.django_db

OPEN_TO_ALL = {"categories", "competencies", "forms", "tokens"}
EMPTY_TO_STRANGERS = {
    "amendments",
    "appeals",
    "attendance_sheets",
    "cohorts",
    "entries",
    "hosts",
    "placements",
    "reopenings",
    "review_entries",
    "review_links",
    "submit_entries",
    "void_entries",
    "waiting_entries",
    "withdraw",
}
# Values are looked at before it is asked who may; nothing is told by that.
REFUSED_BY_VALUES = {"InvalidValue", "ReasonNeeded"}


@pytest.fixture
def school() -> School:
    cache.clear()
    return make_school()


class Program:
    """A client with a token."""

    def __init__(self, actor: api.Actor | None) -> None:
        self.client = Client(raise_request_exception=True)
        self.headers = (
            {"authorization": f"Bearer {api.issue_token(actor, 'test').secret}"} if actor else {}
        )

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(url(path), query, headers=self.headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.client.post(
            url(path),
            json.dumps(body or {}),
            content_type="application/json",
            headers={**self.headers, **headers},
        )


def url(path: str) -> str:
    return reverse("practicum:rest", args=[path.removeprefix("/")])


def plain_values(ago: int = 3) -> dict[str, Any]:
    made = values(day_ago(ago))
    return {
        "start": made.start.isoformat(),
        "end": made.end.isoformat(),
        "break_minutes": 0,
        "allocations": {"cataloguing": 240},
        "competencies": ["marc"],
        "text": "Описах книги.",
    }


def test_hours_are_logged_submitted_reviewed_and_added_up(school: School) -> None:
    trainee, mentor, entry = Program(school.trainee), Program(school.mentor), str(uuid4())
    body = {"values": plain_values(), "placement": str(school.placement)}
    logged = trainee.post(f"/entries/{entry}", body)
    assert (logged.status_code, logged.json()["state"]) == (200, "draft")
    done = trainee.post("/entries/submit", {"entries": [entry]}).json()
    assert done["items"][0]["state"] == "submitted"
    (waiting,) = mentor.get("/entries/waiting").json()["items"]
    assert waiting["values"]["text"] == "Описах книги."
    item = {"entry": entry, "content_hash": waiting["content_hash"], "approve": True}
    assert mentor.post("/entries/review", {"items": [item]}).json()["items"][0]["error"] == ""
    totals = trainee.get(f"/placements/{school.placement}/totals").json()
    assert totals["all"]["confirmed"] == 240


def test_a_request_sent_again_with_its_key_takes_effect_once(school: School) -> None:
    program, key = Program(school.coordinator), uuid4().hex
    body = {"name": "Nova", "mail": "nova@example.org"}
    first = program.post("/people", body, **{"idempotency-key": key})
    events = AuditEvent.objects.count()
    assert program.post("/people", body, **{"idempotency-key": key}).json() == first.json()
    assert AuditEvent.objects.count() == events
    other = program.post("/people", {**body, "name": "Neva"}, **{"idempotency-key": key})
    assert (other.status_code, other.json()["title"]) == (409, "KeyReused")


def test_refusals_are_problem_details_with_the_names_of_the_errors(school: School) -> None:
    trainee = Program(school.trainee)
    approved(school, day_ago(3))
    body = {"values": plain_values(), "placement": str(school.placement)}
    refused = trainee.post(f"/entries/{uuid4()}", body)
    assert refused.status_code == 422
    assert refused.headers["Content-Type"] == "application/problem+json"
    told = refused.json()
    assert told["type"] == "urn:libschool:practicum:InvalidEntry"
    assert told["problems"][0]["code"] == "overlap"
    assert told["problems"][0]["entry"] is not None
    for path, status in (("/nowhere", 404), (f"/placements/{uuid4()}", 404)):
        assert trainee.get(path).status_code == status
    wrong = trainee.post(f"/placements/{school.placement}/totals")
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "GET")


def test_what_has_not_the_shape_is_refused_with_its_place(school: School) -> None:
    trainee = Program(school.trainee)
    for body, where in (
        ({"placement": str(school.placement)}, "values"),
        ({"placement": 5, "values": plain_values()}, "placement"),
        (
            {"placement": str(school.placement), "values": {**plain_values(), "end": "later"}},
            "values.end",
        ),
        (
            {
                "placement": str(school.placement),
                "values": {**plain_values(), "break_minutes": "1"},
            },
            "values.break_minutes",
        ),
        (
            {"placement": str(school.placement), "values": {**plain_values(), "secret": 1}},
            "values.secret",
        ),
        (
            {
                "placement": str(school.placement),
                "values": {**plain_values(), "start": "0001-01-01T00:00:00+14:00"},
            },
            "values.start",
        ),
    ):
        refused = trainee.post(f"/entries/{uuid4()}", body)
        assert (refused.status_code, refused.json().get("where")) == (422, where)
    raw = trainee.client.post(
        url("/entries/submit"), "{", content_type="application/json", headers=trainee.headers
    )
    assert raw.status_code == 422


def test_lists_come_in_pages(school: School) -> None:
    trainee = Program(school.trainee)
    made = [submitted(school, day_ago(ago)) for ago in (6, 5, 4)]
    first = trainee.get("/entries", limit=2).json()
    assert [one["id"] for one in first["items"]] == [str(one) for one in made[:2]]
    second = trainee.client.get(first["next"], headers=trainee.headers).json()
    assert [one["id"] for one in second["items"]] == [str(made[2])]
    assert second["next"] is None
    some = trainee.get("/entries", states=["submitted", "draft"], limit=2).json()
    rest = trainee.client.get(some["next"], headers=trainee.headers).json()
    assert len(some["items"] + rest["items"]) == 3
    assert trainee.get("/entries", limit="many").status_code == 422
    assert trainee.get("/categories", limit=1).json()["next"] is not None


# --- Who gets in ----------------------------------------------------------------------------------


def test_without_a_sign_of_who_asks_nothing_is_told(school: School) -> None:
    for headers in ({}, {"authorization": "Bearer lsp_wrong"}, {"authorization": "Basic eDp5"}):
        answer = Client().get(url("/placements"), headers=headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_ends_with_its_time_its_person_and_its_revocation(school: School) -> None:
    program = Program(school.trainee)
    assert program.get("/placements").status_code == 200
    ApiToken.objects.update(expires_at="2020-01-01T00:00:00Z")
    assert program.get("/placements").status_code == 401
    fresh = Program(school.trainee)
    (kept, _old) = api.tokens(school.trainee)
    assert api.revoke_token(school.trainee, kept.id).is_revoked
    assert fresh.get("/placements").status_code == 401
    with pytest.raises(api.NotFound):
        api.revoke_token(school.mentor, kept.id)
    assert not ApiToken.objects.filter(digest__contains="lsp_").exists()


def test_a_token_makes_no_other_token(school: School) -> None:
    assert Program(school.trainee).post("/tokens", {"name": "another"}).status_code == 403


def test_a_session_acts_for_its_account_and_needs_the_csrf_token(
    school: School, django_user_model: Any
) -> None:
    user = django_user_model.objects.create(username="tena", email="tena@example.org")
    actor = api.actor_for(user, is_mail_verified=True)
    assert actor == school.trainee
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert len(client.get(url("/placements")).json()["items"]) == 1
    token = client.get(reverse("practicum:sync")).json()["csrf"]

    def answer(**headers: str) -> Any:
        name = {"name": "my program"}
        return client.post(url("/tokens"), name, content_type="application/json", headers=headers)

    elsewhere = "https://elsewhere.example"
    forged: tuple[dict[str, str], ...] = (
        {},
        {"x-csrftoken": "x" * 64},
        {"x-csrftoken": token, "origin": elsewhere},
    )
    for headers in forged:
        refused = answer(**headers)
        assert (refused.status_code, refused.json()["title"]) == (403, "CsrfFailed")
    assert answer(authorization="Bearer nothing").status_code == 401
    assert not ApiToken.objects.exists()
    assert answer(**{"x-csrftoken": token}).json()["secret"].startswith("lsp_")


def test_no_command_is_carried_out_for_a_session_without_the_csrf_token(
    school: School, django_user_model: Any
) -> None:
    user = django_user_model.objects.create(username="tena", email="tena@example.org")
    assert api.actor_for(user, is_mail_verified=True) == school.trainee
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    events = AuditEvent.objects.count()
    commands = [one for one in OPERATIONS if one.method == "POST"]
    for one in commands:
        path = url(path_of(one, school))
        refused = client.post(path, json.dumps(body_of(one)), content_type="application/json")
        assert (refused.status_code, refused.json()["title"]) == (403, "CsrfFailed"), one.name
    assert commands
    assert AuditEvent.objects.count() == events


def test_who_asks_too_often_has_to_wait(school: School, settings: Settings) -> None:
    settings.PRACTICUM_API_RATE = 3
    program = Program(school.trainee)
    statuses = {program.get("/categories").status_code for _ in range(8)}
    assert statuses == {200, 429}
    assert Program(school.mentor).get("/categories").status_code == 200


def path_of(operation: Operation, school: School) -> str:
    known = {"placement": str(school.placement), "person": str(id_of(school.trainee))}
    return re.sub(r"\{(\w+)\}", lambda found: known.get(found[1], str(uuid4())), operation.path)


def body_of(operation: Operation) -> dict[str, Any]:
    """A body of the right shape."""
    named: dict[str, Any] = {}
    return {
        name: example(describe(operation.shapes[name], named), named)
        for name in operation.required - operation.in_path
    }


def example(schema: dict[str, Any], named: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return example(named[schema["$ref"].rpartition("/")[2]], named)
    if "anyOf" in schema:
        return example(schema["anyOf"][0], named)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "object":
        wanted = schema.get("required", ())
        return {name: example(schema["properties"][name], named) for name in wanted}
    formats = {
        "uuid": str(uuid4()),
        "date": day_ago(3).isoformat(),
        "date-time": f"{day_ago(3)}T09:00:00+00:00",
    }
    if "format" in schema:
        return formats[schema["format"]]
    return {"string": "text", "integer": 1, "boolean": True, "array": []}[schema["type"]]


def test_an_operation_gives_a_stranger_nothing_and_changes_nothing(
    school: School, settings: Settings
) -> None:
    settings.PRACTICUM_API_RATE = 1000
    stranger = Program(api.Actor(api.add_person(api.SYSTEM, name="Ana", mail="a@example.org").id))
    before = AuditEvent.objects.count()
    open_doors = {
        f"{one.method} {one.path}: {told}"
        for one in OPERATIONS
        if (told := what_is_told(stranger, one, path_of(one, school)))
    }
    assert not open_doors
    assert AuditEvent.objects.count() == before


def what_is_told(stranger: Program, operation: Operation, path: str) -> str:
    """What an operation gives to somebody who takes no part, if it is more than it should be."""
    if operation.method == "GET":
        answer = stranger.get(path)
    else:
        answer = stranger.post(path, body_of(operation))
    told = answer.json()
    is_empty = answer.status_code == 200 and told["items"] == []
    if operation.name in EMPTY_TO_STRANGERS:
        return "" if is_empty else str(told)
    if operation.name in OPEN_TO_ALL:
        return "" if answer.status_code == 200 else str(told)
    is_refused = answer.status_code in (403, 404) or told.get("title") in REFUSED_BY_VALUES
    return "" if is_refused else str(told)


def test_nobody_without_a_name_reaches_any_operation(school: School) -> None:
    for operation in OPERATIONS:
        path = url(path_of(operation, school))
        assert Client().generic(operation.method, path).status_code == 401, operation


# --- The document ---------------------------------------------------------------------------------


def test_the_document_describes_every_operation() -> None:
    found = Client().get(reverse("practicum:rest_schema")).json()
    assert found["openapi"] == "3.1.0"
    described = {(method.upper(), path) for path, one in found["paths"].items() for method in one}
    assert described == {(one.method, one.path) for one in OPERATIONS}
    names = [one["operationId"] for path in found["paths"].values() for one in path.values()]
    assert len(set(names)) == len(names)
    text = json.dumps(found)
    referred = set(re.findall(r"#/components/schemas/(\w+)", text))
    assert referred <= set(found["components"]["schemas"])


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(JUNK)
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent_is_read_or_refused(raw: Any) -> None:
    for operation in OPERATIONS:
        for shape in operation.shapes.values():
            with contextlib.suppress(Misshapen):
                read(shape, raw)
