"""What is kept can be read again, by whom it concerns and by nobody else."""

from uuid import uuid4

import pytest

from practicum import api
from practicum.api import SYSTEM, InvalidValue, NotAllowed, NotFound, WrongState
from tests.practicum.school import (
    School,
    approved,
    coordinator,
    day_ago,
    id_of,
    make_school,
    person,
    review,
    submitted,
    values,
)

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def school() -> School:
    return make_school()


def test_a_contract_is_read_with_its_file_and_signed_once_by_each_party(school: School) -> None:
    file = api.add_evidence(school.coordinator, "contract.pdf", PDF, owner=id_of(school.trainee))
    made = api.create_agreement(
        school.coordinator,
        school.placement,
        first=day_ago(200),
        last=day_ago(-100),
        minutes=6000,
        reference="Договор 12/2026",
        file=file.id,
    )
    for party in (school.trainee, school.mentor, school.coordinator):
        (shown,) = api.agreements(party, school.placement)
        api.sign_agreement(party, shown.id, content_hash=shown.content_hash)
        with pytest.raises(WrongState):
            api.sign_agreement(party, shown.id, content_hash=shown.content_hash)
    (kept,) = api.agreements(school.trainee, school.placement)
    assert (kept.reference, kept.minutes, kept.file) == ("Договор 12/2026", 6000, file.id)
    assert [(one.role, one.name) for one in kept.signatures] == [
        ("trainee", "Tena"),
        ("mentor", "Meri"),
        ("coordinator", "Koraljka"),
    ]
    assert api.read_evidence(school.mentor, file.id).data == PDF
    with pytest.raises(NotFound):
        api.read_evidence(school.other_mentor, file.id)
    with pytest.raises(NotFound):
        api.agreements(school.other_mentor, school.placement)
    api.create_agreement(
        school.coordinator, school.placement, first=day_ago(200), last=day_ago(-150), minutes=7000
    )
    second = coordinator("Kalina")
    with pytest.raises(WrongState):
        api.sign_agreement(second, made.id, content_hash=made.content_hash)


def test_coordinators_find_hosts_people_and_programmes_and_others_their_own(
    school: School,
) -> None:
    assert [one.name for one in api.hosts(school.coordinator)] == [
        "Sample City Library",
        "Sample Village Library",
    ]
    assert [one.id for one in api.hosts(school.coordinator, search="village")] == [
        school.other_host
    ]
    assert [one.id for one in api.hosts(school.coordinator, limit=1, offset=1)] == [
        school.other_host
    ]
    assert [one.id for one in api.hosts(school.trainee)] == [school.host]
    assert [one.id for one in api.hosts(school.other_mentor)] == [school.other_host]
    (programme,) = api.programmes(school.coordinator)
    assert (programme.version, programme.rules.requirement.minutes) == (school.programme, 6000)
    names = [one.name for one in api.people(school.coordinator)]
    assert names == ["Kiril", "Koraljka", "Marko", "Meri", "Tena", "Toma"]
    assert [one.name for one in api.people(school.coordinator, search="TENA@")] == ["Tena"]
    assert [one.name for one in api.people(school.coordinator, limit=2, offset=3)] == [
        "Meri",
        "Tena",
    ]
    for command in (api.people, api.programmes, api.trail_events):
        for stranger in (school.trainee, school.mentor):
            with pytest.raises(NotAllowed):
                command(stranger)


def test_who_was_dismissed_coordinates_until_their_last_day(school: School) -> None:
    kiril = school.second_coordinator
    api.dismiss_coordinator(school.coordinator, id_of(kiril), last=day_ago(0))
    assert api.is_coordinator(kiril)
    api.dismiss_coordinator(school.coordinator, id_of(kiril), last=day_ago(1))
    assert not api.is_coordinator(kiril)
    with pytest.raises(NotAllowed):
        api.dismiss_coordinator(kiril, id_of(school.coordinator), last=day_ago(1))
    assert api.verify_audit_trail().is_whole


def test_codes_forms_and_checklists_are_there_for_who_takes_part(school: School) -> None:
    api.save_form(
        SYSTEM, "final", "final", "Final", [{"code": "care", "name": "Care", "levels": 5}]
    )
    api.save_form(
        SYSTEM, "final", "final", "At the end", [{"code": "care", "name": "Care", "levels": 4}]
    )
    api.save_checklist(SYSTEM, "safety", "Safety", [("exit", "Where are the exits?")])
    assert [one.code for one in api.categories(school.trainee)] == ["cataloguing", "desk"]
    assert [(one.code, one.levels) for one in api.competencies(school.mentor)] == [
        ("marc", 4),
        ("service", 4),
    ]
    assert [(one.title, one.number) for one in api.forms(school.mentor)] == [("At the end", 2)]
    assert api.checklist_versions(school.trainee)[0].items == (("exit", "Where are the exits?"),)
    cohort = api.save_cohort(SYSTEM, "spring", "Spring").id
    assert api.cohorts(school.trainee) == []
    api.change_placement(school.coordinator, school.placement, cohort=cohort)
    assert [one.name for one in api.cohorts(school.trainee)] == ["Spring"]
    assert api.cohorts(school.other_trainee) == []


def test_a_host_has_details_of_the_right_kind(school: School) -> None:
    for wrong in ({"capacity": -1}, {"capacity": "many"}, {"country": "Bulgaria"}, {"tz": "Sofia"}):
        with pytest.raises(InvalidValue):
            api.save_host(school.coordinator, name="Sample", **wrong)
    assert api.save_host(school.coordinator, name="Sample", capacity=3, country="BG").id


def test_interruptions_exceptions_and_requests_are_listed_until_they_are_settled(
    school: School,
) -> None:
    pause = api.pause_placement(
        school.coordinator, school.placement, first=day_ago(9), last=day_ago(8), reason="Ill"
    )
    (seen,) = api.pauses(school.trainee, school.placement)
    assert (seen.id, seen.reason, seen.is_cancelled) == (pause.id, "Ill", False)
    api.cancel_pause(school.coordinator, seen.id)
    with pytest.raises(WrongState):
        api.cancel_pause(school.coordinator, seen.id)
    api.override(
        school.coordinator,
        school.placement,
        api.OverrideKind.DAY_CAP,
        day_ago(5),
        reason="A fair",
        minutes=700,
    )
    (let,) = api.overrides(school.mentor, school.placement)
    assert (let.minutes, let.reason, let.day) == (700, "A fair", day_ago(5))
    api.close_period(school.coordinator, school.placement, day_ago(7), day_ago(6))
    period = api.periods(school.coordinator, school.placement)[0].id
    asked = api.reopen_period(school.coordinator, period, reason="Forgotten")
    (request,) = api.reopenings(school.second_coordinator)
    assert (request.id, request.reason) == (asked.id, "Forgotten")
    assert api.reopenings(school.other_mentor) == []
    api.confirm_reopening(school.second_coordinator, asked.id)
    assert api.reopenings(school.coordinator) == []
    assert len(api.reopenings(school.coordinator, only_pending=False)) == 1


def test_appeals_wait_for_a_coordinator_and_carry_their_answers(school: School) -> None:
    entry = submitted(school, day_ago(2))
    review(school, entry, approve=False, reason="Too long.")
    api.appeal(school.trainee, entry, reason="It was not.")
    (open_one,) = api.appeals(school.coordinator)
    assert (open_one.entry, open_one.reason, open_one.answer) == (entry, "It was not.", "")
    assert api.appeals(school.other_trainee) == []
    api.decide_appeal(school.coordinator, open_one.id, uphold=True, answer="You are right.")
    assert api.appeals(school.coordinator) == []
    (settled,) = api.appeals(school.trainee, only_open=False)
    assert (settled.state.value, settled.answer) == ("upheld", "You are right.")


def test_a_sheet_is_seen_with_the_lines_that_one_may_see(school: School) -> None:
    sheet = uuid4()
    api.record_attendance(
        school.coordinator,
        sheet,
        values(day_ago(3)),
        title="Group practice",
        placements=[school.placement, school.other_placement],
    )
    (all_of_it,) = api.attendance_sheets(school.coordinator)
    assert {placement for _entry, placement, _state in all_of_it.lines} == {
        school.placement,
        school.other_placement,
    }
    (own,) = api.attendance_sheets(school.trainee)
    assert [placement for _entry, placement, _state in own.lines] == [school.placement]
    assert api.attendance_sheets(person("Stranger")) == []


def test_a_sheet_on_which_nobody_could_be_put_is_not_kept(school: School) -> None:
    for recorder, placements in (
        (school.other_mentor, [school.placement]),
        (school.coordinator, []),
    ):
        with pytest.raises(NotFound):
            api.record_attendance(
                recorder, uuid4(), values(day_ago(3)), title="Practice", placements=placements
            )
    sheet = uuid4()
    late = values(day_ago(-2))
    receipt = api.record_attendance(
        school.coordinator, sheet, late, title="Practice", placements=[school.placement]
    )
    assert (receipt.state, receipt.items[0].error) == ("", "InvalidEntry")
    again = api.record_attendance(
        school.coordinator,
        sheet,
        values(day_ago(2)),
        title="Practice",
        placements=[school.placement],
    )
    assert (again.state, again.items[0].state) == ("recorded", "draft")
    assert len(api.attendance_sheets(school.coordinator)) == 1


def test_levels_of_all_placements_are_one_matrix(school: School) -> None:
    api.assess_competency(school.mentor, school.placement, "marc", 1)
    moved = api.move_placement(
        school.coordinator,
        school.placement,
        host=school.other_host,
        first=day_ago(50),
        mentors=(id_of(school.other_mentor),),
    ).id
    api.assess_competency(school.other_mentor, moved, "marc", 3)
    matrix = {
        one.code: one for one in api.person_competencies(school.trainee, id_of(school.trainee))
    }
    assert [one.level for one in matrix["marc"].assessments] == [1, 3]
    assert matrix["marc"].confirmed == 3
    with pytest.raises(NotFound):
        api.person_competencies(school.other_trainee, id_of(school.trainee))


def test_who_looked_at_somebody_s_data_is_told_to_them(school: School) -> None:
    trainee = id_of(school.trainee)
    file = api.add_evidence(school.trainee, "note.pdf", PDF)
    api.log_hours(
        school.trainee,
        uuid4(),
        values(day_ago(2), evidence=(file.id,)),
        placement=school.placement,
    )
    api.read_evidence(school.trainee, file.id)
    assert api.access_log(school.trainee, trainee) == []
    api.read_evidence(school.mentor, file.id)
    api.export_person(school.coordinator, trainee)
    looks = api.access_log(school.trainee, trainee)
    assert [(one.command, one.actor) for one in looks] == [
        ("look_at_export", id_of(school.coordinator)),
        ("look_at_file", id_of(school.mentor)),
    ]
    with pytest.raises(NotFound):
        api.access_log(school.mentor, trainee)
    assert api.verify_audit_trail().is_whole


def test_links_are_listed_without_their_tokens(school: School) -> None:
    entry = submitted(school, day_ago(2))
    link, _token = api.issue_review_link(SYSTEM, id_of(school.mentor), [entry])
    for reader in (school.mentor, school.coordinator):
        (listed,) = api.review_links(reader)
        assert (listed.id, listed.entries) == (link, (entry,))
    assert api.review_links(school.other_mentor, mentor=id_of(school.mentor)) == []


def test_what_waits_for_a_mentor_comes_in_pages_and_none_of_it_for_others(school: School) -> None:
    waiting = [submitted(school, day_ago(ago)) for ago in (6, 5, 4)]
    approved(school, day_ago(3))
    assert [one.id for one in api.waiting_entries(school.mentor)] == waiting
    page = api.waiting_entries(school.mentor, limit=1, offset=1)
    assert [one.id for one in page] == waiting[1:2]
    for nobody in (school.coordinator, school.other_mentor, school.trainee):
        assert api.waiting_entries(nobody) == []
    assert len(api.waiting_entries(SYSTEM)) == 3
