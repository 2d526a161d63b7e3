"""Where two have to sign, they are two people; what one lost, a successor does not gain."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from practicum import api
from practicum.api import SYSTEM, Actor, Means, NotFound, OwnHours, WrongState
from practicum.models import Mandate, Person, ReviewLink
from practicum.sealing import Vault
from tests.practicum.school import (
    RULES,
    School,
    approved,
    confirmed,
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


@pytest.fixture
def school() -> School:
    return make_school()


def second_account_of(actor: Actor) -> Actor:
    """Another person with the same address, which was not verified for them."""
    known = Person.objects.get(id=id_of(actor))
    double = Person.objects.get(id=id_of(coordinator("Double")))
    mail = Vault().open(known.pk, known.sealed_mail)
    Person.objects.filter(pk=double.pk).update(sealed_mail=Vault().seal(double.pk, mail))
    return Actor(double.id)


def locked(school: School) -> UUID:
    entry = approved(school, day_ago(10))
    api.close_period(school.coordinator, school.placement, day_ago(12), day_ago(8))
    return entry


def reversal(school: School, entry: UUID) -> api.Receipt:
    shown = api.entry(SYSTEM, entry)
    return api.propose_amendment(
        school.trainee, entry, None, base=shown.version, reason="I was not there."
    )


def agree(made: api.Receipt, by: Actor) -> api.Receipt:
    return api.approve_amendment(by, made.id, content_hash=made.content_hash)


def test_a_signature_on_an_earlier_proposal_is_none_on_a_later_one(school: School) -> None:
    entry = locked(school)
    first = reversal(school, entry)
    assert agree(first, school.mentor).state == "signed"
    api.withdraw_amendment(school.trainee, first.id)
    second = reversal(school, entry)
    assert agree(second, school.coordinator).state == "signed"
    with pytest.raises(OwnHours):
        agree(second, school.coordinator)
    assert confirmed(school.placement) == 240
    assert agree(second, school.mentor).state == "approved"
    assert confirmed(school.placement) == 0


def test_two_accounts_of_one_human_do_not_sign_twice(school: School) -> None:
    entry = locked(school)
    made = reversal(school, entry)
    assert agree(made, school.coordinator).state == "signed"
    with pytest.raises(OwnHours):
        agree(made, second_account_of(school.coordinator))
    assert confirmed(school.placement) == 240


def test_two_accounts_of_a_mentor_do_not_countersign() -> None:
    school = make_school(replace(RULES, is_two_step=True))
    entry = submitted(school, day_ago(2))
    review(school, entry)
    outcome = review(school, entry, by=second_account_of(school.mentor)).items[0]
    assert (outcome.error, confirmed(school.placement)) == ("OwnHours", 0)


def test_two_accounts_of_a_coordinator_do_not_open_a_period(school: School) -> None:
    locked(school)
    period = api.periods(school.coordinator, school.placement)[0]
    asked = api.reopen_period(school.coordinator, period.id, reason="Something was forgotten.")
    with pytest.raises(OwnHours):
        api.confirm_reopening(second_account_of(school.coordinator), asked.id)
    assert api.periods(school.coordinator, school.placement)[0].is_closed


def test_a_trainee_s_other_account_lets_nothing_of_theirs_pass(school: School) -> None:
    double = second_account_of(school.trainee)
    with pytest.raises(OwnHours):
        api.override(
            double,
            school.placement,
            api.OverrideKind.DAY_CAP,
            day_ago(1),
            reason="A long day.",
            minutes=700,
        )
    locked(school)
    period = api.periods(school.coordinator, school.placement)[0]
    with pytest.raises(OwnHours):
        api.reopen_period(double, period.id, reason="Something was forgotten.")


def test_who_returned_an_entry_decides_no_appeal_with_another_account(school: School) -> None:
    entry = submitted(school, day_ago(2))
    review(school, entry, approve=False, reason="Too long.", by=school.mentor)
    appeal = api.appeal(school.trainee, entry, reason="It was as long as that.")
    with pytest.raises(OwnHours):
        api.decide_appeal(
            second_account_of(school.mentor), appeal.id, uphold=False, answer="It was not."
        )


# --- Mandates -------------------------------------------------------------------------------------


def test_a_successor_answers_no_longer_than_the_mentor_who_left(school: School) -> None:
    successor, until = person("Nevena"), day_ago(-20)
    (mandate,) = api.placement(SYSTEM, school.placement).mandates
    api.end_mandate(school.coordinator, mandate.id, last=until)
    receipt = api.replace_mentor(
        school.coordinator, id_of(school.mentor), id_of(successor), first=day_ago(-1)
    )
    spans = {
        one.name: (one.first, one.last) for one in api.placement(SYSTEM, school.placement).mandates
    }
    assert spans["Meri"][1] == day_ago(0)
    assert spans["Nevena"] == (day_ago(-1), until)
    assert [item.id for item in receipt.items] == [school.placement]


def test_a_mentor_who_is_replaced_whole_loses_the_links_as_well(school: School) -> None:
    entry = submitted(school, day_ago(2))
    link, token = api.issue_review_link(SYSTEM, id_of(school.mentor), [entry])
    api.replace_mentor(
        school.coordinator, id_of(school.mentor), id_of(person("Nevena")), first=day_ago(200)
    )
    assert ReviewLink.objects.get(pk=link).revoked_at is not None
    with pytest.raises(api.LinkRevoked):
        api.open_review_link(token)


def test_a_revoked_mandate_ends_no_other_way(school: School) -> None:
    (mandate,) = api.placement(SYSTEM, school.placement).mandates
    api.end_mandate(school.coordinator, mandate.id)
    with pytest.raises(WrongState):
        api.end_mandate(school.coordinator, mandate.id, last=day_ago(0))
    assert Mandate.objects.get(pk=mandate.id).last is None


# --- Moving on ------------------------------------------------------------------------------------


def test_an_interruption_goes_along_to_the_next_host(school: School) -> None:
    pause = (day_ago(20), day_ago(10))
    api.pause_placement(school.coordinator, school.placement, first=pause[0], last=pause[1])
    moved = api.move_placement(
        school.coordinator, school.placement, host=school.other_host, first=day_ago(15)
    ).id
    assert api.placement(SYSTEM, school.placement).pauses == (pause,)
    assert api.placement(SYSTEM, moved).pauses == ((day_ago(15), pause[1]),)


def test_a_placement_joins_a_cohort_later(school: School) -> None:
    cohort = api.save_cohort(SYSTEM, "spring", "Spring").id
    api.change_placement(school.coordinator, school.placement, cohort=cohort)
    assert api.placement(SYSTEM, school.placement).cohort == cohort
    with pytest.raises(NotFound):
        api.change_placement(school.coordinator, school.placement, cohort=uuid4())


def test_a_report_is_on_a_week_of_the_placement(school: School) -> None:
    with pytest.raises(api.InvalidValue):
        api.save_week(school.trainee, school.placement, day_ago(300), text="Long ago.")


def test_a_link_s_openings_are_told_from_another_s(school: School) -> None:
    links = [
        api.issue_review_link(SYSTEM, id_of(school.mentor), [submitted(school, day_ago(ago))])
        for ago in (2, 3)
    ]
    for _link, token in links:
        assert api.open_review_link(token).actor.means is Means.LINK
    opened = [
        one.subject for one in api.trail_events(school.coordinator) if one.command == "open_link"
    ]
    assert sorted(opened) == sorted(link for link, _token in links)


def test_a_mentor_reads_of_the_days_of_the_mandate_alone(school: School) -> None:
    (mandate,) = api.placement(SYSTEM, school.placement).mandates
    for day in (day_ago(20), day_ago(3)):
        api.record_absence(school.trainee, school.placement, day, "sick")
        api.save_week(school.trainee, school.placement, day, text="A week.")
    api.end_mandate(school.coordinator, mandate.id, last=day_ago(10))
    seen = api.absences(school.mentor, school.placement)
    assert [absence.day for absence in seen] == [day_ago(20)]
    assert len(api.weeks(school.mentor, school.placement)) == 1
    assert len(api.absences(school.trainee, school.placement)) == 2
    assert len(api.weeks(school.coordinator, school.placement)) == 2


def test_a_day_can_have_one_entry_more_after_another_is_given_up(school: School) -> None:
    entry = submitted(school, day_ago(4))
    api.withdraw(school.trainee, [entry])
    api.void_entries(school.trainee, [entry])
    again = api.log_hours(school.trainee, uuid4(), values(day_ago(4)), placement=school.placement)
    assert again.state == "draft"
    assert timedelta(minutes=api.totals(SYSTEM, school.placement).all.draft) == timedelta(hours=4)
