"""Queries whose SQL is worked out once, and who is let in by those that every request makes."""

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from delivery.models import LearnerState
from delivery.prepared import MOST_ROWS, Prepared, Slot, upsert
from delivery.sessions import SessionStore
from tests.delivery.factories import make_course, make_user

COLUMNS = ("usage_key", "state", "earned", "scored_at", "user__is_active", "user__username")


def states(listed: list[Any], user_id: Any) -> Any:
    rows = LearnerState.objects.filter(user_id=user_id, usage_key__in=listed, possible=2.0)
    return rows.order_by("usage_key").values_list(*COLUMNS)


STATES = Prepared(lambda listed: states(listed, Slot("user_id")))


def make_states(number: int) -> tuple[int, list[str]]:
    user, course = make_user(), make_course().course
    keys = [f"block-{index:02}" for index in range(number)]
    LearnerState.objects.bulk_create(
        LearnerState(
            user=user,
            course=course,
            usage_key=key,
            state={"слово": [index, None]},
            earned=index / 2 if index % 2 else None,
            possible=2.0,
            scored_at=timezone.now() if index % 2 else None,
        )
        for index, key in enumerate(keys)
    )
    return user.pk, keys


@pytest.mark.django_db
def test_a_prepared_query_finds_what_django_finds_for_lists_of_any_length() -> None:
    user_id, keys = make_states(9)
    for length in range(1, 10):
        wanted = [*keys[:length], "not there"]
        assert STATES.fetch(wanted, user_id=user_id) == list(states(wanted, user_id))
    assert STATES.fetch(keys, user_id=user_id + 1) == []


@pytest.mark.django_db
def test_lists_of_about_a_length_share_their_sql() -> None:
    with CaptureQueriesContext(connection) as made:
        for length in range(1, 65):
            STATES.fetch(["a"] * length, user_id=1)
    assert len({query["sql"] for query in made.captured_queries}) == 7  # 1, 2, 4 … 64


@pytest.mark.django_db(transaction=True)
def test_every_thread_asks_on_its_own_connection() -> None:
    user_id, keys = make_states(2)
    expected = STATES.fetch(keys, user_id=user_id)
    found: list[Any] = []

    def ask() -> None:
        found.append((STATES.fetch(keys, user_id=user_id), connection.connection))
        connection.close()

    thread = Thread(target=ask)
    thread.start()
    thread.join()
    [(rows, other)] = found
    assert rows == expected
    assert other is not connection.connection


@pytest.mark.django_db
def test_an_upsert_adds_rows_and_changes_the_named_columns_of_others() -> None:
    user_id, keys = make_states(3)
    course_id = LearnerState.objects.values_list("course_id", flat=True)[0]
    before = {row.usage_key: row for row in LearnerState.objects.all()}
    wanted = [*keys, *(f"new-{number:04}" for number in range(MOST_ROWS))]
    upsert(
        [
            LearnerState(
                user_id=user_id,
                course_id=course_id,
                usage_key=key,
                state={"ключ": [key, None, 0.5]},
                earned=7.0,
            )
            for key in wanted
        ],
        ("user_id", "course_id", "usage_key"),
        ("state", "updated_at"),
    )
    after = {row.usage_key: row for row in LearnerState.objects.all()}
    assert sorted(after) == sorted(wanted)
    assert all(row.state == {"ключ": [key, None, 0.5]} for key, row in after.items())
    for key, row in before.items():
        assert (after[key].pk, after[key].earned) == (row.pk, row.earned)
        assert after[key].scored_at == row.scored_at
        assert after[key].updated_at > row.updated_at
    assert {after[key].earned for key in wanted[3:]} == {7.0}


@pytest.mark.django_db
def test_an_upsert_of_nothing_asks_nothing(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(0):
        upsert([], ("usage_key",), ("state",))


# --- Who is let in ------------------------------------------------------------------------------


def is_let_in(client: Client) -> bool:
    return client.get(reverse("account_email")).status_code == 200


@pytest.mark.django_db
def test_a_session_ends_when_it_expires(client: Client) -> None:
    client.force_login(make_user())
    assert is_let_in(client)
    session = SessionStore.get_model_class().objects.get()
    session.expire_date = timezone.now() - timedelta(seconds=1)
    session.save()
    assert not is_let_in(client)


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x" * 32, "' OR 1=1 --", "é", "x" * 500])
def test_a_made_up_session_is_nobodys(client: Client, key: str) -> None:
    client.force_login(make_user())
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not is_let_in(client)


@pytest.mark.django_db
def test_an_account_that_was_closed_or_removed_is_let_in_no_more(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    user.is_active = False
    user.save()
    assert not is_let_in(client)
    user.is_active = True
    user.save()
    assert is_let_in(client)
    user.delete()
    assert not is_let_in(client)


@pytest.mark.django_db
def test_a_new_password_ends_the_sessions_that_others_have(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    user.set_password("quite-another-one-7")
    user.save()
    assert not is_let_in(client)
