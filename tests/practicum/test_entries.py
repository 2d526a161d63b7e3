"""What trainees do, and what is refused to whom."""

from dataclasses import replace
from datetime import time, timedelta
from uuid import uuid4

import pytest

from practicum import api
from practicum.api import (
    SYSTEM,
    Actor,
    InvalidEntry,
    KeyReused,
    NotAllowed,
    NotFound,
    OverrideKind,
    ReasonNeeded,
    Requirement,
    StaleVersion,
    WrongState,
)
from tests.practicum.school import (
    RULES,
    School,
    approved,
    confirmed,
    day_ago,
    id_of,
    log,
    make_school,
    place,
    programme,
    review,
    state_of,
    submitted,
    today,
    values,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return make_school()


def test_hours_go_from_the_log_to_the_totals(school: School) -> None:
    entry = log(school, day_ago(3)).id
    assert state_of(entry) == "draft"
    assert api.totals(school.trainee, school.placement).all.draft == 240
    api.submit_entries(school.trainee, [entry])
    assert api.totals(school.trainee, school.placement).all.pending == 240
    assert review(school, entry).items[0].is_done
    totals = api.totals(school.trainee, school.placement)
    assert (totals.all.confirmed, totals.all.pending, totals.all.draft) == (240, 0, 0)
    assert {one.code: one.confirmed for one in totals.categories} == {"cataloguing": 240, "desk": 0}
    assert {one.code: one.confirmed for one in totals.competencies} == {"marc": 240}


def test_the_same_entry_sent_again_changes_nothing(school: School) -> None:
    entry = uuid4()
    first = log(school, day_ago(3), entry)
    again = log(school, day_ago(3), entry)
    assert (again.version, again.content_hash) == (1, first.content_hash)
    assert len(api.versions(school.trainee, entry)) == 1


def test_a_key_returns_the_first_receipt_and_serves_for_one_request(school: School) -> None:
    entry, when = uuid4(), values(day_ago(3))

    def send(what: api.EntryValues) -> api.Receipt:
        return api.log_hours(school.trainee, entry, what, placement=school.placement, key="k")

    first = send(when)
    api.void_entries(school.trainee, [entry])
    assert send(when) == first
    assert state_of(entry) == "void"
    with pytest.raises(KeyReused):
        send(replace(when, text="Another text"))


def test_an_edit_from_an_older_version_is_told_so(school: School) -> None:
    entry = log(school, day_ago(3)).id
    shorter = values(day_ago(3), hours=3)

    def edit(version: int, what: api.EntryValues) -> api.Receipt:
        return api.log_hours(
            school.trainee, entry, what, placement=school.placement, expected_version=version
        )

    assert edit(1, shorter).version == 2
    with pytest.raises(StaleVersion, match="version 2"):
        edit(1, values(day_ago(3), hours=2))
    numbers = [(one.number, one.is_current) for one in api.versions(school.trainee, entry)]
    assert numbers == [(1, False), (2, True)]


def test_an_overlap_names_the_entry_in_conflict_in_any_placement(school: School) -> None:
    entry = log(school, day_ago(3)).id
    second = place(school.trainee, school.other_host, school.programme, school.mentor)
    with pytest.raises(InvalidEntry) as refused:
        api.log_hours(school.trainee, uuid4(), values(day_ago(3), start=time(12)), placement=second)
    assert [(one.code, one.entry) for one in refused.value.problems] == [("overlap", entry)]
    api.void_entries(school.trainee, [entry])
    assert api.log_hours(school.trainee, uuid4(), values(day_ago(3)), placement=second).version == 1


def test_a_clock_two_days_off_is_told_the_time(school: School) -> None:
    with pytest.raises(InvalidEntry, match="by our clock it is"):
        log(school, today() + timedelta(days=2))


def test_what_is_wrong_is_found_before_it_is_sent(school: School) -> None:
    wrong = values(day_ago(3), allocations={"desk": 10})
    found = api.check_hours(school.trainee, wrong, placement=school.placement)
    assert [problem.code for problem in found] == ["allocations.sum"]
    assert not api.entries(school.trainee)


def test_nobody_logs_for_somebody_else(school: School) -> None:
    for actor in (school.other_trainee, school.mentor, school.coordinator):
        with pytest.raises(NotFound):
            api.log_hours(actor, uuid4(), values(day_ago(3)), placement=school.placement)
    with pytest.raises(NotAllowed):
        api.log_hours(SYSTEM, uuid4(), values(day_ago(3)), placement=school.placement)


def test_another_trainee_s_entry_is_not_there(school: School) -> None:
    entry = log(school, day_ago(3)).id
    with pytest.raises(NotFound):
        api.entry(school.other_trainee, entry)
    for command in (api.submit_entries, api.withdraw, api.void_entries):
        assert command(school.other_trainee, [entry]).items[0].error == "NotFound"
    with pytest.raises(NotFound):
        api.totals(school.other_trainee, school.placement)


def test_without_a_mentor_on_that_day_nothing_is_submitted(school: School) -> None:
    mandate = api.placement(SYSTEM, school.placement).mandates[0]
    api.end_mandate(school.coordinator, mandate.id, last=day_ago(10))
    entry = log(school, day_ago(3)).id
    assert api.submit_entries(school.trainee, [entry]).items[0].error == "NoApprover"


def test_a_submitted_entry_is_taken_back_until_it_is_decided(school: School) -> None:
    entry = submitted(school, day_ago(3))
    assert api.withdraw(school.trainee, [entry]).items[0].is_done
    api.submit_entries(school.trainee, [entry])
    review(school, entry)
    assert api.withdraw(school.trainee, [entry]).items[0].error == "WrongState"


def test_a_mentor_sees_the_days_of_the_mandate_and_no_others(school: School) -> None:
    mandate = api.placement(SYSTEM, school.placement).mandates[0]
    early, late = submitted(school, day_ago(20)), submitted(school, day_ago(3))
    api.end_mandate(school.coordinator, mandate.id, last=day_ago(10))
    assert [entry.id for entry in api.entries(school.mentor)] == [early]
    assert review(school, late).items[0].error == "NoMandate"
    assert review(school, early).items[0].is_done
    api.end_mandate(school.coordinator, mandate.id)
    assert api.entries(school.mentor) == []
    assert state_of(early) == "approved"


def test_a_mentor_of_another_host_finds_nothing(school: School) -> None:
    entry = submitted(school, day_ago(3))
    assert review(school, entry, by=school.other_mentor).items[0].error == "NotFound"
    assert api.entries(school.other_mentor) == []


def test_a_return_needs_a_reason_and_is_appealed_once(school: School) -> None:
    entry = submitted(school, day_ago(3))
    assert review(school, entry, approve=False).items[0].error == "ReasonNeeded"
    assert review(school, entry, approve=False, reason="Which books?").items[0].is_done
    assert api.entry(school.trainee, entry).signatures[-1].reason == "Which books?"
    with pytest.raises(ReasonNeeded):
        api.appeal(school.trainee, entry, reason=" ")
    made = api.appeal(school.trainee, entry, reason="All of the shelf.")
    with pytest.raises(WrongState):
        api.appeal(school.trainee, entry, reason="Again.")
    with pytest.raises(NotAllowed):
        api.decide_appeal(school.mentor, made.id, uphold=True, answer="Yes")
    decided = api.decide_appeal(school.coordinator, made.id, uphold=True, answer="Send it again.")
    assert decided.state == "upheld"
    assert api.submit_entries(school.trainee, [entry]).items[0].is_done


def test_caps_hold_until_a_coordinator_lets_a_longer_day_pass(school: School) -> None:
    log(school, day_ago(3), hours=6, start=time(7))
    with pytest.raises(InvalidEntry, match="more than the 600 of a day"):
        log(school, day_ago(3), hours=6, start=time(14))
    with pytest.raises(NotAllowed):
        api.override(
            school.mentor,
            school.placement,
            OverrideKind.DAY_CAP,
            day_ago(3),
            reason="Move",
            minutes=720,
        )
    api.override(
        school.coordinator,
        school.placement,
        OverrideKind.DAY_CAP,
        day_ago(3),
        reason="Move",
        minutes=720,
    )
    assert log(school, day_ago(3), hours=6, start=time(14)).version == 1


def test_totals_are_kept_over_a_rotation_to_another_host(school: School) -> None:
    approved(school, day_ago(20))
    moved = api.move_placement(
        school.coordinator,
        school.placement,
        host=school.other_host,
        first=day_ago(10),
        mentors=(id_of(school.other_mentor),),
    )
    entry = api.log_hours(school.trainee, uuid4(), values(day_ago(3)), placement=moved.id).id
    api.submit_entries(school.trainee, [entry])
    review(school, entry, by=school.other_mentor)
    together = api.person_totals(school.trainee, id_of(school.trainee))
    assert (together.all.required, together.all.confirmed) == (6000, 480)
    assert confirmed(school.placement) == confirmed(moved.id) == 240


def test_a_programme_in_two_versions_is_required_once_as_the_latest_placement_asks(
    school: School,
) -> None:
    less = Requirement(60 * 80, {"cataloguing": 60 * 50}, {"marc": 60 * 30})
    newer = programme(replace(RULES, requirement=less))
    place(school.trainee, school.other_host, newer, school.mentor, first=day_ago(10))
    together = api.person_totals(school.trainee, id_of(school.trainee))
    assert together.all.required == 60 * 80
    assert {one.code: one.required for one in together.categories} == {"cataloguing": 60 * 50}
    assert {one.code: one.required for one in together.competencies} == {"marc": 60 * 30}


def test_a_placement_does_not_end_or_pause_over_entries(school: School) -> None:
    log(school, day_ago(3))
    with pytest.raises(api.EntriesOutside):
        api.change_placement(school.coordinator, school.placement, last=day_ago(5))
    with pytest.raises(api.EntriesOutside):
        api.pause_placement(school.coordinator, school.placement, first=day_ago(4), last=day_ago(2))
    api.pause_placement(school.coordinator, school.placement, first=day_ago(9), last=day_ago(7))
    with pytest.raises(InvalidEntry, match="interrupted"):
        log(school, day_ago(8))


def test_people_who_are_each_other_s_mentors_are_told_to_the_coordinator(school: School) -> None:
    api.grant_mandate(SYSTEM, school.placement, id_of(school.other_trainee))
    assert api.mutual_mentors(school.coordinator) == []
    api.grant_mandate(SYSTEM, school.other_placement, id_of(school.trainee))
    pair = sorted((id_of(school.trainee), id_of(school.other_trainee)))
    assert api.mutual_mentors(school.coordinator) == [tuple(pair)]
    with pytest.raises(api.OwnHours):
        api.grant_mandate(SYSTEM, school.placement, id_of(school.trainee))


def test_an_attendance_sheet_makes_drafts_that_their_trainees_submit(school: School) -> None:
    api.grant_mandate(SYSTEM, school.other_placement, id_of(school.mentor))
    log(school, day_ago(3))
    api.log_hours(
        school.other_trainee, uuid4(), values(day_ago(4)), placement=school.other_placement
    )
    sheet, both = uuid4(), [school.placement, school.other_placement]
    receipt = api.record_attendance(
        school.mentor, sheet, values(day_ago(4)), title="Five-day practicum", placements=both
    )
    assert [item.error for item in receipt.items] == ["", "InvalidEntry"]
    line = next(entry for entry in api.entries(school.trainee) if entry.from_sheet == sheet)
    assert (line.state.value, line.author) == ("draft", school.mentor.person)
    with pytest.raises(NotFound):
        api.sign_on_sheet(school.other_trainee, uuid4())
    assert api.sign_on_sheet(school.trainee, sheet).state == "submitted"
    assert api.entry(school.trainee, line.id).author == school.trainee.person
    assert review(school, line.id).items[0].is_done


def test_absences_and_weeks_are_kept_and_seen_by_the_parties(school: School) -> None:
    api.record_absence(school.trainee, school.placement, day_ago(5), "sick", note="A cold")
    api.record_absence(school.mentor, school.placement, day_ago(5), "excused")
    assert [(one.day, one.kind) for one in api.absences(school.mentor, school.placement)] == [
        (day_ago(5), "excused")
    ]
    api.withdraw_absence(school.trainee, school.placement, day_ago(5))
    assert api.absences(school.trainee, school.placement) == []
    api.save_week(school.trainee, school.placement, day_ago(5), text="Опис", reflection="Научих")
    with pytest.raises(StaleVersion):
        api.save_week(school.trainee, school.placement, day_ago(5), text="Another")
    week = api.weeks(school.mentor, school.placement)[0]
    assert (week.version, week.text, week.reflection) == (1, "Опис", "Научих")


def test_an_account_finds_the_person_who_was_added_by_a_verified_address(
    school: School, django_user_model: type
) -> None:
    make = django_user_model.objects.create_user  # type: ignore[attr-defined]  # the manager of users
    unverified = make("meri2", email="MERI@example.org")
    assert api.actor_for(unverified) != school.mentor
    verified = make("meri", email="meri@example.org", first_name="Meri")
    assert api.actor_for(verified, is_mail_verified=True) == school.mentor
    assert api.find_actor(verified) == school.mentor


def test_the_program_and_strangers_confirm_nothing(school: School) -> None:
    entry = submitted(school, day_ago(3))
    with pytest.raises(NotAllowed):
        review(school, entry, by=SYSTEM)
    with pytest.raises(NotFound):
        review(school, entry, by=Actor(uuid4()))
    assert review(school, entry, by=school.trainee).items[0].error == "OwnHours"
    assert review(school, entry, by=school.coordinator).items[0].error == "NoMandate"


def test_a_second_account_with_the_same_address_confirms_nothing(
    school: School, django_user_model: type
) -> None:
    make = django_user_model.objects.create_user  # type: ignore[attr-defined]  # the manager of users
    double = api.actor_for(make("tena2", email="Tena@Example.org"))
    assert double != school.trainee
    with pytest.raises(api.OwnHours):
        api.grant_mandate(SYSTEM, school.placement, id_of(double))


def test_an_account_whose_address_is_verified_later_becomes_who_was_added(
    school: School, django_user_model: type
) -> None:
    make = django_user_model.objects.create_user  # type: ignore[attr-defined]  # the manager of users
    user = make("meri", email="meri@example.org")
    assert api.actor_for(user) != school.mentor
    assert api.actor_for(user, is_mail_verified=True) == school.mentor
    assert api.actor_for(user) == school.mentor
    assert api.verify_audit_trail().is_whole
