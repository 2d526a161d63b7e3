"""What the log tells of a request."""

from __future__ import annotations

import json
import logging

import pytest
from django.test import Client, RequestFactory
from pytest_django import Settings

from delivery.logs import find_address, hide_secrets, visitor_address
from practicum.views.throttle import is_over

SPOOFED = "192.0.2.1, 198.51.100.7, 203.0.113.9"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        pytest.param(0, SPOOFED, "10.0.0.1", id="without proxies no header is believed"),
        pytest.param(1, SPOOFED, "203.0.113.9", id="one proxy saw the last"),
        pytest.param(2, SPOOFED, "198.51.100.7", id="two proxies: what the outer one saw"),
        pytest.param(2, "203.0.113.9", "10.0.0.1", id="too few hops: past the proxies"),
        pytest.param(1, "", "", id="an empty header says nothing"),
    ],
)
def test_the_address_is_what_our_own_proxies_saw(
    proxies: int, forwarded: str, expected: str
) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert find_address(request, proxies) == expected


@pytest.mark.django_db
def test_a_request_is_one_line_with_its_address_and_id(
    client: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.AXES_IPWARE_PROXY_COUNT = 1
    with caplog.at_level(logging.INFO, logger="django_structlog"):
        client.get("/health/", HTTP_X_FORWARDED_FOR="203.0.113.9")
    [line] = [record.msg for record in caplog.records if record.name.startswith("django_structlog")]
    assert isinstance(line, dict), json.dumps(line)
    assert {key: line[key] for key in ("event", "code", "request", "ip")} == {
        "event": "request_finished",
        "code": 200,
        "request": "GET /health/",
        "ip": "203.0.113.9",
    }
    assert line["request_id"]


@pytest.mark.parametrize(
    ("address", "logged"),
    [
        ("GET /practice/r/0a1b.sEcr-et_/", "GET /practice/r/[secret]/"),
        ("GET /practice/calendar/0a1b.sEcr.ics", "GET /practice/calendar/[secret]"),
        ("GET /accounts/password/reset/key/1-abc/", "GET /accounts/password/reset/key/[secret]/"),
        ("GET /practice/review/", "GET /practice/review/"),
    ],
)
def test_addresses_that_open_something_are_logged_without_their_secret(
    address: str, logged: str
) -> None:
    line = hide_secrets(None, "info", {"request": address, "code": 200})
    assert line == {"request": logged, "code": 200}


def test_the_practicum_counts_tries_by_what_our_own_proxy_saw(settings: Settings) -> None:
    settings.AXES_IPWARE_PROXY_COUNT = 1
    assert f"{visitor_address.__module__}.visitor_address" == settings.PRACTICUM_ADDRESS_OF

    def tried(address: str) -> bool:
        request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=address)
        return is_over(request, "proxied", 1)

    assert [tried(f"203.0.113.{last}") for last in (1, 2, 1)] == [False, False, True]
