"""Many at once, on the database of the settings; each promise has a twin that breaks it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection

from practicum import api, overlap
from practicum.api import SYSTEM, InvalidEntry, Receipt, ReviewItem, WrongState
from practicum.canonical import digest
from practicum.models import AuditEvent, Entry, LedgerLine, Person, Placement, Signature, TrailHead
from practicum.models.base import new_id
from tests.practicum.school import (
    TZ,
    School,
    confirmed,
    day_ago,
    id_of,
    log,
    make_school,
    place,
    state_of,
    submitted,
    today,
    values,
)

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8


def at_once(work: Callable[[int, Barrier], Any], threads: int = THREADS) -> list[Any]:
    """What each thread's ``work`` returned or raised; they start together."""
    barrier = Barrier(threads, timeout=60)

    def run(number: int) -> Any:
        try:
            barrier.wait()
            return work(number, barrier)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


@pytest.fixture
def school() -> School:
    return make_school()


def kept(outcomes: list[Any]) -> list[Receipt]:
    return [outcome for outcome in outcomes if isinstance(outcome, Receipt)]


# --- I1: no overlap -------------------------------------------------------------------------------


def test_of_entries_for_the_same_time_one_is_kept_whatever_the_placement(school: School) -> None:
    second = place(school.trainee, school.other_host, school.programme, school.mentor)
    both = (school.placement, second)

    def work(number: int, _: Barrier) -> Receipt:
        when = values(day_ago(2))
        return api.log_hours(school.trainee, uuid4(), when, placement=both[number % 2])

    outcomes = at_once(work)
    assert len(kept(outcomes)) == 1
    refused = [outcome for outcome in outcomes if not isinstance(outcome, Receipt)]
    assert all(isinstance(outcome, InvalidEntry) for outcome in refused), refused
    assert Entry.objects.count() == 1


def naive_insert(placement: Placement, number: int, barrier: Barrier | None) -> Entry:
    """Look, then insert: what an application alone can do."""
    start = api.moment(day_ago(5), time(8), TZ) + timedelta(minutes=number)
    end = start + timedelta(hours=1)
    rows = Entry.objects.filter(trainee_id=placement.trainee_id)
    is_free = not rows.filter(starts_at__lt=end, ends_at__gt=start).exists()
    if barrier is not None:
        barrier.wait()
    assert is_free
    return Entry.objects.create(
        id=new_id(),
        event_id=new_id(),
        placement=placement,
        trainee_id=placement.trainee_id,
        state="draft",
        version=1,
        starts_at=start,
        ends_at=end,
        day=day_ago(5),
        net_minutes=60,
        created_at=start,
    )


def test_the_database_itself_lets_one_of_many_inserts_in(school: School) -> None:
    placement = Placement.objects.get(pk=school.placement)
    outcomes = at_once(lambda number, barrier: naive_insert(placement, number, barrier))
    assert len([outcome for outcome in outcomes if isinstance(outcome, Entry)]) == 1
    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert all(isinstance(error, DatabaseError) for error in refused), refused
    assert Entry.objects.count() == 1


@pytest.fixture
def without_the_rule() -> Any:
    overlap.unprotect(connection)
    yield
    Entry.objects.all().delete()
    overlap.protect(connection)


@pytest.mark.usefixtures("without_the_rule")
def test_without_the_database_s_rule_a_look_before_the_insert_lets_all_in(school: School) -> None:
    placement = Placement.objects.get(pk=school.placement)
    at_once(lambda number, barrier: naive_insert(placement, number, barrier))
    assert Entry.objects.count() > 1


# --- I7, I10: decisions ---------------------------------------------------------------------------


def test_of_decisions_at_once_on_one_version_one_counts(school: School) -> None:
    entry = submitted(school, day_ago(2))
    shown = api.entry(school.mentor, entry).content_hash

    def work(number: int, _: Barrier) -> Receipt:
        item = ReviewItem(entry, shown, number % 2 == 0, "Please say more.")
        return api.review_entries(school.mentor, [item])

    outcomes = kept(at_once(work))
    assert len(outcomes) == THREADS
    assert sum(outcome.items[0].is_done for outcome in outcomes) == 1
    assert confirmed(school.placement) == (240 if state_of(entry) == "approved" else 0)
    assert api.verify_audit_trail().is_whole


def test_a_version_edited_meanwhile_is_never_approved_as_it_was_shown(school: School) -> None:
    entry = submitted(school, day_ago(2))
    shown = api.entry(school.mentor, entry).content_hash

    def work(number: int, _: Barrier) -> Any:
        if number % 2:
            return api.review_entries(school.mentor, [ReviewItem(entry, shown, True)])
        recalled = api.withdraw(school.trainee, [entry])
        if not recalled.items[0].is_done:
            return recalled
        longer = values(day_ago(2), hours=6)
        api.log_hours(school.trainee, entry, longer, placement=school.placement, expected_version=1)
        return api.submit_entries(school.trainee, [entry])

    outcomes = at_once(work)
    assert not [outcome for outcome in outcomes if isinstance(outcome, TypeError)]
    record = api.entry(school.mentor, entry)
    if record.state.value == "approved":
        assert (record.content_hash, confirmed(school.placement)) == (shown, 240)
    else:
        assert confirmed(school.placement) == 0


def test_without_the_lock_one_entry_is_approved_and_counted_many_times(school: School) -> None:
    entry = submitted(school, day_ago(2))
    mentor = Person.objects.get(id=id_of(school.mentor))

    def naive_approve(number: int, barrier: Barrier) -> None:
        row = Entry.objects.get(pk=entry)
        barrier.wait()
        assert row.state == "submitted"
        signature = Signature.objects.create(
            event_id=new_id(),
            subject=row.pk,
            entry=row,
            kind="approve",
            content_hash="",
            signer=mentor,
            role="mentor",
            sealed_signer="",
            means="account",
            at=row.created_at,
        )
        LedgerLine.objects.create(
            event_id=new_id(),
            entry=row,
            placement_id=row.placement_id,
            version=1,
            category="cataloguing",
            day=row.day,
            minutes=row.net_minutes,
            signature=signature,
        )
        Entry.objects.filter(pk=row.pk).update(state="approved")

    at_once(naive_approve)
    assert confirmed(school.placement) > 240


def test_bulk_approvals_that_cross_count_each_entry_once(school: School) -> None:
    entries = [submitted(school, day_ago(days)) for days in range(2, 8)]
    shown = {entry: api.entry(school.mentor, entry).content_hash for entry in entries}

    def work(number: int, _: Barrier) -> Receipt:
        order = entries if number % 2 else list(reversed(entries))
        return api.review_entries(
            school.mentor, [ReviewItem(entry, shown[entry], True) for entry in order[number % 3 :]]
        )

    outcomes = at_once(work)
    assert len(kept(outcomes)) == THREADS, outcomes
    assert confirmed(school.placement) == len(entries) * 240
    assert api.verify_audit_trail().is_whole


# --- I8: replays ----------------------------------------------------------------------------------


def test_one_request_sent_many_times_at_once_takes_effect_once(school: School) -> None:
    entry, key = uuid4(), "one"

    def work(number: int, _: Barrier) -> Receipt:
        return api.log_hours(
            school.trainee, entry, values(day_ago(2)), placement=school.placement, key=key
        )

    outcomes = at_once(work)
    assert len(kept(outcomes)) == THREADS, outcomes
    assert len(set(outcomes)) == 1
    assert AuditEvent.objects.filter(subject=entry).count() == 1


def test_one_submission_and_one_approval_sent_many_times_take_effect_once(school: School) -> None:
    entry = log(school, day_ago(2)).id
    sent = at_once(lambda *_: api.submit_entries(school.trainee, [entry], key="submit"))
    assert len(set(kept(sent))) == 1
    item = ReviewItem(entry, api.entry(school.mentor, entry).content_hash, True)
    signed = at_once(lambda *_: api.review_entries(school.mentor, [item], key="approve"))
    assert len(set(kept(signed))) == 1
    assert kept(signed)[0].items[0].is_done
    assert confirmed(school.placement) == 240


# --- The trail ------------------------------------------------------------------------------------


def test_many_people_at_once_leave_one_chain_without_gaps(school: School) -> None:
    def work(number: int, _: Barrier) -> list[Receipt]:
        actor, placement = (
            (school.trainee, school.placement)
            if number % 2
            else (school.other_trainee, school.other_placement)
        )
        return [
            api.log_hours(
                actor,
                uuid4(),
                values(day_ago(2 + 4 * number + round_), hours=2),
                placement=placement,
            )
            for round_ in range(4)
        ]

    outcomes = at_once(work)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)], outcomes
    assert Entry.objects.count() == THREADS * 4
    assert api.verify_audit_trail().is_whole


# --- What is looked up and made, or read and changed, at once -------------------------------------


def test_an_account_that_comes_in_twice_at_once_is_one_person(django_user_model: Any) -> None:
    user = django_user_model.objects.create(username="tena", email="tena@example.org")
    outcomes = at_once(lambda _number, _barrier: api.actor_for(user))
    assert len(set(map(str, outcomes))) == 1, outcomes
    assert Person.objects.filter(user=user).count() == 1


def test_one_address_given_by_many_at_once_is_one_person() -> None:
    outcomes = at_once(
        lambda _number, _barrier: api.add_person(SYSTEM, name="Tena", mail="tena@example.org").id
    )
    assert len(set(map(str, outcomes))) == 1, outcomes
    assert Person.objects.count() == 1


def test_a_mandate_ended_in_two_ways_at_once_is_as_the_trail_tells(school: School) -> None:
    mandate = api.placement(SYSTEM, school.placement).mandates[0].id

    def work(number: int, _: Barrier) -> Receipt:
        last = day_ago(number) if number % 2 else None
        return api.end_mandate(school.coordinator, mandate, last=last)

    outcomes = at_once(work)
    refused = [outcome for outcome in outcomes if not isinstance(outcome, Receipt)]
    assert all(isinstance(error, WrongState) for error in refused), refused
    assert api.placement(SYSTEM, school.placement).mandates[0].is_revoked
    assert api.verify_audit_trail().is_whole


def test_hosts_merged_while_placements_change_are_as_the_trail_tells(school: School) -> None:
    def work(number: int, _: Barrier) -> Receipt:
        if not number:
            return api.merge_hosts(school.coordinator, school.host, school.other_host)
        last = today() + timedelta(days=50 + number)
        return api.change_placement(school.coordinator, school.placement, last=last)

    outcomes = at_once(work)
    assert len(kept(outcomes)) == THREADS, outcomes
    assert api.placement(SYSTEM, school.placement).host == school.other_host
    assert api.verify_audit_trail().is_whole


def test_without_the_head_s_lock_the_chain_forks(school: School) -> None:
    def naive_append(number: int, barrier: Barrier) -> None:
        head = TrailHead.objects.get()
        barrier.wait()
        AuditEvent.objects.create(
            sequence=head.sequence + 1,
            previous=head.hash,
            actor=None,
            means="system",
            command="naive",
            subject=UUID(int=number),
            facts={},
            rows=[],
            at="2026-01-01T00:00:00Z",
            hash=digest([number]),
        )

    outcomes = at_once(naive_append)
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert not api.verify_audit_trail().is_whole
