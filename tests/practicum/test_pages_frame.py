"""What the practicum's pages have in common: cost, frame, working without a network."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings as site
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from practicum import api
from practicum.api import SYSTEM
from practicum.calendars import Event, write_calendar
from practicum.rules.calendar import week_of
from practicum.views.access import Who, access
from tests.practicum.school import (
    School,
    approved,
    at_utc,
    day_ago,
    log,
    make_school,
    person,
    place,
    propose,
    submitted,
    today,
)
from tests.practicum.visits import PAGE, said, sign_in, url

pytestmark = pytest.mark.django_db


GUARD = "delivery.access.AccessMiddleware"


@pytest.fixture
def school() -> School:
    return make_school()


# --- Cost -----------------------------------------------------------------------------------------


def cost(client: Client, address: str) -> int:
    client.get(address)  # what a session keeps is kept
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def fill(school: School) -> None:
    """Ten more days of the trainee's, and another trainee of the mentor's with ten."""
    another = person("Vesela")
    other = place(another, school.host, school.programme, school.mentor)
    for days in (10, 11, 13, 14, 15, 16, 17, 18, 19, 20):
        submitted(school, day_ago(days))
        theirs = log(
            School(**{**school.__dict__, "trainee": another, "placement": other}), day_ago(days)
        ).id
        api.submit_entries(another, [theirs])


PAGES: dict[str, tuple[Callable[[School], tuple[Any, ...]], int]] = {
    "home": (lambda _school: (), 30),
    "placement": (lambda school: (school.placement,), 30),
    "log": (lambda school: (school.placement,), 26),
    "week": (lambda school: (school.placement, week_of(day_ago(12)).isoformat()), 28),
    "month": (lambda school: (school.placement, f"{day_ago(12):%Y-%m}"), 23),
    "competencies": (lambda school: (school.placement,), 16),
    "mine": (lambda _school: (), 8),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_trainees_page_costs_the_same_however_much_was_logged(school: School, page: str) -> None:
    arguments, most = PAGES[page]
    submitted(school, day_ago(12))
    tena = sign_in(school.trainee)
    address = url(page, *arguments(school))
    before = cost(tena, address)
    fill(school)
    assert cost(tena, address) == before
    assert before <= most


def test_a_mentors_list_costs_the_same_for_one_trainee_and_for_two(school: School) -> None:
    submitted(school, day_ago(9))
    meri = sign_in(school.mentor)
    before = cost(meri, url("review"))
    fill(school)
    assert cost(meri, url("review")) == before
    assert before <= 22


def test_a_mentors_corrections_cost_the_same_however_many_wait(school: School) -> None:
    propose(school, approved(school, day_ago(9)))
    meri = sign_in(school.mentor)
    before = cost(meri, url("review"))
    for days in (10, 11, 12):
        propose(school, approved(school, day_ago(days)))
    assert cost(meri, url("review")) == before
    assert said(meri.get(url("review"))).count("It was less.") == 4


# --- Without the school's site --------------------------------------------------------------------


def test_the_pages_stand_in_a_plain_frame_where_the_site_is_not(
    school: School, settings: Any
) -> None:
    folder = Path(apps.get_app_config("libschool_practicum").path) / "templates"
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [folder],
            "OPTIONS": {
                "context_processors": [
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                    "django.template.context_processors.request",
                ]
            },
        }
    ]
    settings.MIDDLEWARE = [name for name in site.MIDDLEWARE if name != GUARD]
    tena = sign_in(school.trainee)
    page = said(tena.get(url("home")))
    assert "practicum/frame.css" in page
    assert "Sample City Library" in page
    anonymous = Client(headers=PAGE).get(url("home"))
    assert anonymous.headers["Location"].startswith("/accounts/login/")
    assert Client().get(url("sync")).status_code == 403


def tokens_of(app: str, sheet: str) -> dict[str, str]:
    """The custom properties that a stylesheet sets first, for all media."""
    text = (Path(apps.get_app_config(app).path) / "static" / sheet).read_text()
    root = text.partition(":root {")[2].partition("}")[0]
    return dict(re.findall(r"(--[\w-]+): ([^;]+);", root))


def test_the_plain_frame_has_the_site_s_tokens_but_for_its_fonts() -> None:
    site_tokens = tokens_of("libschool_delivery", "delivery/tokens.css")
    plain = tokens_of("libschool_practicum", "practicum/frame.css")
    assert len(plain) > 50
    own = {name: value for name, value in plain.items() if site_tokens.get(name) != value}
    assert own.keys() == {"--serif", "--sans", "--mono"}


@pytest.mark.parametrize("sheet", ["frame", "office", "practicum"])
def test_every_token_of_the_pages_is_one_of_the_plain_frame(sheet: str) -> None:
    folder = Path(apps.get_app_config("libschool_practicum").path) / "static" / "practicum"
    used = set(re.findall(r"var\((--[\w-]+)", (folder / f"{sheet}.css").read_text()))
    assert used
    assert used <= tokens_of("libschool_practicum", "practicum/frame.css").keys()


def test_open_edx_is_told_where_the_pages_lie() -> None:
    app: Any = apps.get_app_config("libschool_practicum")
    (config,) = app.plugin_app["url_config"].values()
    assert config["namespace"] == "practicum"
    assert config["regex"].startswith("^practice")


def test_a_coordinators_view_is_refused_to_others(rf: Any, school: School) -> None:
    @access(Who.COORDINATOR)
    def office(request: Any) -> HttpResponse:
        return HttpResponse("office")

    request = rf.get("/")
    for who, is_let in ((school.mentor, False), (school.coordinator, True)):
        client = sign_in(who)
        request.user = client.get(url("home")).wsgi_request.user
        if is_let:
            assert office(request).content == b"office"
        else:
            with pytest.raises(PermissionDenied):
                office(request)


# --- Without a network ----------------------------------------------------------------------------


def kept(school: School, days: int = 1, **changes: Any) -> dict[str, Any]:
    day = day_ago(days)
    return {
        "person": str(school.trainee.person),
        "placement": str(school.placement),
        "entry": str(uuid4()),
        "day": f"{day.day}.{day.month}.",
        "start": "9",
        "end": "13",
        "pause": "",
        "main": "cataloguing",
        "text": "Без мрежа",
        "competencies": ["marc"],
        **changes,
    }


def send(client: Client, item: object) -> Any:
    return client.post(url("sync"), json.dumps(item), content_type="application/json")


def test_a_kept_day_is_taken_once_however_often_it_is_sent(school: School) -> None:
    tena, item = sign_in(school.trainee), kept(school)
    answers = [send(tena, item).json() for _time in range(3)]
    assert {answer["entry"] for answer in answers} == {item["entry"]}
    (record,) = api.entries(school.trainee)
    assert record.values.text == "Без мрежа"
    assert record.values.competencies == ("marc",)


def test_a_kept_day_that_was_changed_meanwhile_is_told_and_changes_nothing(school: School) -> None:
    tena, item = sign_in(school.trainee), kept(school)
    send(tena, item)
    answer = send(tena, {**item, "end": "12"})
    assert answer.status_code == 409
    assert "changed meanwhile" in answer.json()["problems"][0]
    assert answer.json()["url"] == url("entry", item["entry"])
    assert api.entries(school.trainee)[0].net_minutes == 240


def test_a_kept_day_is_never_sent_as_somebody_elses(school: School) -> None:
    answer = send(sign_in(school.other_trainee), kept(school))
    assert answer.status_code == 409
    assert answer.json()["is_other"]
    assert api.entries(SYSTEM) == []


def test_a_kept_day_that_the_rules_refuse_comes_back_in_words(school: School) -> None:
    tena = sign_in(school.trainee)
    log(school, day_ago(1))
    overlapping = send(tena, kept(school))
    assert overlapping.status_code == 422
    assert "Another entry has the time from" in overlapping.json()["problems"][0]
    unreadable = send(tena, kept(school, start="x"))
    assert "Write it like 9:30" in unreadable.json()["problems"][0]


@pytest.mark.parametrize("body", ["", "[]", "null", "{", '"x"', "[" * 5000])
def test_what_is_no_day_is_not_found(school: School, body: str) -> None:
    tena = sign_in(school.trainee)
    response = tena.post(url("sync"), body, content_type="application/json")
    assert response.status_code == 404


@pytest.mark.parametrize(
    "changes",
    [{"placement": "x"}, {"placement": None}, {"entry": "x"}, {"entry": {"a": 1}}, {"start": []}],
)
def test_a_kept_day_with_odd_values_is_refused(school: School, changes: dict[str, Any]) -> None:
    response = send(sign_in(school.trainee), kept(school, **changes))
    assert response.status_code in (404, 422)
    assert api.entries(school.trainee) == []


def test_a_stranger_is_told_to_sign_in_and_sends_nothing(school: School) -> None:
    assert send(Client(), kept(school)).status_code == 403
    assert api.entries(SYSTEM) == []


def test_the_device_learns_what_the_form_needs_and_nothing_of_what_was_written(
    school: School,
) -> None:
    log(school, day_ago(1))
    response = sign_in(school.trainee).get(url("sync"))
    (known,) = response.json()["placements"]
    assert ["cataloguing", "Cataloguing"] in known["categories"]
    assert known["last"]["start"] == "09:00"
    assert "рафтовете" not in said(response)
    assert "no-store" in response.headers["Cache-Control"]


def test_the_page_without_a_network_and_its_worker_hold_nobodys_data(school: School) -> None:
    tena = sign_in(school.trainee)
    for name in ("offline", "worker", "manifest"):
        mine, anybodys = tena.get(url(name)), Client().get(url(name))
        assert mine.content == anybodys.content
    worker = tena.get(url("worker"))
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert url("worker").startswith(url("home"))  # or its scope would not reach the pages
    assert url("offline") in said(worker)


# --- What is one's own ----------------------------------------------------------------------------


def test_everything_of_ones_own_comes_as_a_file_and_as_a_page(school: School) -> None:
    approved(school, day_ago(1))
    tena = sign_in(school.trainee)
    data = tena.get(url("export")).json()
    assert data["person"]["name"] == "Tena"
    assert len(data["placements"][0]["entries"]) == 1
    assert "рафтовете" in said(tena.get(url("readable")))
    assert sign_in(school.other_trainee).get(url("export")).json()["person"]["name"] == "Toma"


def test_a_calendar_is_read_at_its_secret_address_without_signing_in(school: School) -> None:
    approved(school, day_ago(1))
    tena = sign_in(school.trainee)
    tena.post(url("change_feed"), {"open": "1"})
    address = url("feed", api.feed_token(school.trainee))
    assert address in said(tena.get(url("mine")))
    calendar = Client().get(address)
    assert calendar.headers["Content-Type"].startswith("text/calendar")
    assert "Practice\\, 4 h" in said(calendar)
    assert "Sample City Library" in said(calendar)
    tena.post(url("change_feed"), {"close": "1"})
    assert Client().get(address).status_code == 404


def test_a_mentors_calendar_has_their_trainees_placements_and_no_days(school: School) -> None:
    approved(school, day_ago(1))
    text = said(Client().get(url("feed", api.open_feed(school.mentor))))
    assert "Tena: placement begins" in text
    assert "Practice\\," not in text


def test_a_calendar_keeps_to_its_form() -> None:
    long = "Национална библиотека „Свети Свети Кирил и Методий“; зала 2, гише\n" * 2
    event = Event("x", at_utc(2026, 3, 29, 1), at_utc(2026, 3, 29, 5), long, "Зала,и;други\\")
    text = write_calendar(
        "Practice", [event, Event("y", today(), None, "Ends")], at_utc(2026, 1, 1)
    )
    lines = text.split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = text.replace("\r\n ", "")
    assert "DTSTART:20260329T010000Z" in unfolded
    assert "LOCATION:Зала\\,и\\;други\\\\" in unfolded
    assert unfolded.count("\\n") == 2
    assert f"DTEND;VALUE=DATE:{today() + timedelta(days=1):%Y%m%d}" in unfolded


def test_wishes_for_mail_are_kept_from_the_page(school: School) -> None:
    sign_in(school.mentor).post(url("mine"), {"language": "en", "wants_digest": "on"})
    wishes = api.mail_wishes(school.mentor)
    assert (wishes.language, wishes.wants_reminders, wishes.wants_digest) == ("en", False, True)


def test_a_template_is_deleted_by_its_owner_alone(school: School) -> None:
    template = api.save_template(school.trainee, "Morning", {"start": "9:00"})
    assert sign_in(school.mentor).post(url("drop_template", template)).status_code == 404
    sign_in(school.trainee).post(url("drop_template", template))
    assert api.templates(school.trainee) == []
