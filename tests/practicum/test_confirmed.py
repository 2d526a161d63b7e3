"""What counts, how it is corrected, closed, sent by mail and erased."""

from dataclasses import replace
from datetime import time, timedelta
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.utils import timezone
from pytest_django import Settings

from practicum import api
from practicum.api import (
    SYSTEM,
    AmendmentOpen,
    InvalidEntry,
    LinkExpired,
    LinkInvalid,
    LinkRevoked,
    NotAllowed,
    NotFound,
    OwnHours,
    ReviewItem,
    StaleVersion,
    TooLate,
    WrongState,
)
from practicum.models import AuditEvent, LedgerLine, ReviewLink, Signature
from tests.practicum.school import (
    RULES,
    School,
    agree,
    approved,
    confirmed,
    day_ago,
    id_of,
    log,
    make_school,
    person,
    place,
    propose,
    review,
    state_of,
    submitted,
    values,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return make_school()


# --- Undo, amendments -----------------------------------------------------------------------------


def test_an_approval_is_taken_back_by_its_signer_soon_and_before_a_report(school: School) -> None:
    entry = approved(school, day_ago(3))
    with pytest.raises(NotAllowed):
        api.undo_approval(school.coordinator, entry)
    api.undo_approval(school.mentor, entry)
    assert (state_of(entry), confirmed(school.placement)) == ("submitted", 0)
    assert [one.is_withdrawn for one in api.entry(SYSTEM, entry).signatures] == [False, True]
    review(school, entry)
    api.issue_document(school.trainee, school.placement, "record", day_ago(9), day_ago(1))
    with pytest.raises(TooLate):
        api.undo_approval(school.mentor, entry)


def test_the_old_value_counts_until_somebody_else_signs_the_new_one(school: School) -> None:
    entry = approved(school, day_ago(3))
    made = propose(school, entry)
    assert confirmed(school.placement) == 240
    with pytest.raises(AmendmentOpen):
        propose(school, entry)
    with pytest.raises(OwnHours):
        agree(made, school.trainee)
    with pytest.raises(StaleVersion):
        api.approve_amendment(school.mentor, made.id, content_hash="0" * 64)
    assert agree(made, school.mentor).state == "approved"
    assert (confirmed(school.placement), api.entry(SYSTEM, entry).version) == (180, 2)
    lines = LedgerLine.objects.order_by("version", "-minutes").values_list("minutes", flat=True)
    assert list(lines) == [240, -240, 180]


def test_a_mentor_s_proposal_is_signed_by_a_coordinator_never_by_the_mentor(school: School) -> None:
    entry = approved(school, day_ago(3))
    made = propose(school, entry, by=school.mentor)
    with pytest.raises(OwnHours):
        agree(made, school.mentor)
    assert agree(made, school.coordinator).state == "approved"
    assert confirmed(school.placement) == 180


def test_a_refused_or_withdrawn_proposal_leaves_the_ledger(school: School) -> None:
    entry = approved(school, day_ago(3))
    made = propose(school, entry)
    assert api.reject_amendment(school.mentor, made.id, reason="It was not.").state == "rejected"
    made = propose(school, entry)
    assert api.withdraw_amendment(school.trainee, made.id).state == "withdrawn"
    with pytest.raises(WrongState):
        agree(made, school.mentor)
    assert confirmed(school.placement) == 240


def test_an_amendment_that_meanwhile_meets_another_entry_is_not_signed(school: School) -> None:
    entry = approved(school, day_ago(3))
    made = propose(school, entry, hours=6)
    log(school, day_ago(3), hours=1, start=time(14))
    with pytest.raises(InvalidEntry):
        agree(made, school.mentor)
    assert confirmed(school.placement) == 240


def test_a_reversal_takes_hours_back_whole_and_frees_the_time(school: School) -> None:
    entry = approved(school, day_ago(3))
    agree(propose(school, entry, hours=None), school.mentor)
    assert (state_of(entry), confirmed(school.placement)) == ("void", 0)
    assert log(school, day_ago(3)).version == 1


# --- Periods --------------------------------------------------------------------------------------


def test_a_closed_period_changes_by_two_signatures_only(school: School) -> None:
    entry, waiting = approved(school, day_ago(5)), submitted(school, day_ago(4))
    receipt = api.close_period(school.coordinator, school.placement, day_ago(9), day_ago(2))
    assert {item.id: item.error for item in receipt.items} == {entry: "", waiting: "NotApproved"}
    assert state_of(entry) == "locked"
    assert review(school, waiting).items[0].error == "PeriodClosed"
    with pytest.raises(InvalidEntry, match="is closed"):
        log(school, day_ago(3))
    with pytest.raises(WrongState):
        api.undo_approval(school.mentor, entry)
    made = propose(school, entry)
    assert agree(made, school.mentor).state == "signed"
    assert confirmed(school.placement) == 240
    with pytest.raises(OwnHours):
        agree(made, school.mentor)
    assert agree(made, school.coordinator).state == "approved"
    assert (state_of(entry), confirmed(school.placement)) == ("locked", 180)


def test_hours_moved_into_a_closed_period_take_two_signatures_as_well(school: School) -> None:
    entry = approved(school, day_ago(2))
    api.close_period(school.coordinator, school.placement, day_ago(9), day_ago(4))
    made = api.propose_amendment(
        school.trainee, entry, values(day_ago(5)), base=1, reason="It was the day before."
    )
    assert agree(made, school.mentor).state == "signed"
    assert agree(made, school.coordinator).state == "approved"


def test_a_period_is_opened_again_by_two_and_what_is_locked_stays_so(school: School) -> None:
    entry = approved(school, day_ago(5))
    period = api.close_period(SYSTEM, school.placement, day_ago(9), day_ago(2)).id
    asked = api.reopen_period(school.coordinator, period, reason="A day is missing.")
    with pytest.raises(OwnHours):
        api.confirm_reopening(school.coordinator, asked.id)
    with pytest.raises(NotAllowed):
        api.confirm_reopening(school.other_mentor, asked.id)
    api.confirm_reopening(school.second_coordinator, asked.id)
    assert state_of(entry) == "locked"
    assert log(school, day_ago(3)).version == 1
    api.close_period(SYSTEM, school.placement, day_ago(9), day_ago(2))
    with pytest.raises(api.PeriodOverlaps):
        api.close_period(SYSTEM, school.placement, day_ago(12), day_ago(8))


def test_a_period_is_not_closed_before_its_grace_is_over() -> None:
    school = make_school(replace(RULES, grace_days=5))
    with pytest.raises(api.PeriodNotOver):
        api.close_period(school.coordinator, school.placement, day_ago(9), day_ago(3))
    due = api.due_periods(school.coordinator)
    assert due
    assert all(last < day_ago(5) for _placement, _first, last in due)


def test_where_two_have_to_sign_the_mentor_alone_counts_nothing() -> None:
    school = make_school(replace(RULES, is_two_step=True))
    entry = submitted(school, day_ago(3))
    assert review(school, entry, by=school.coordinator).items[0].error == "NoMandate"
    assert review(school, entry).items[0].state == "submitted"
    assert confirmed(school.placement) == 0
    assert review(school, entry).items[0].error == "NotAllowed"
    assert review(school, entry, by=school.coordinator).items[0].state == "approved"
    assert confirmed(school.placement) == 240


def test_a_document_is_superseded_once_its_figures_change(school: School) -> None:
    entry = approved(school, day_ago(3))
    code = api.issue_document(school.trainee, school.placement, "record", day_ago(9), day_ago(1)).id
    assert (api.check_document(code).minutes, api.check_document(code).is_current) == (240, True)
    agree(propose(school, entry), school.mentor)
    assert not api.check_document(code).is_current
    with pytest.raises(NotFound):
        api.check_document(uuid4())


# --- Links ----------------------------------------------------------------------------------------


def test_a_link_decides_on_what_it_lists_and_nothing_else(school: School) -> None:
    listed, other = submitted(school, day_ago(3)), submitted(school, day_ago(4))
    _id, token = api.issue_review_link(SYSTEM, id_of(school.mentor), [listed])
    view = api.open_review_link(token)
    assert [entry.id for entry in view.entries] == [listed]
    assert (state_of(listed), view.mentor_name) == ("submitted", "Meri")
    items = [
        ReviewItem(entry, api.entry(SYSTEM, entry).content_hash, True) for entry in (listed, other)
    ]
    receipt = api.review_entries(view.actor, items)
    assert [item.error for item in receipt.items] == ["", "NotFound"]
    assert api.entry(SYSTEM, listed).signatures[-1].means == "link"
    assert api.open_review_link(token).decided == {listed}
    assert api.review_entries(view.actor, items).items[0].error == "WrongState"
    assert api.entries(view.actor) == []
    with pytest.raises(NotAllowed):
        api.propose_amendment(view.actor, listed, None, base=1, reason="No")
    assert AuditEvent.objects.filter(command="open_link", means="link").count() == 1


def test_a_link_refuses_a_version_that_changed_since_it_was_sent(school: School) -> None:
    entry = submitted(school, day_ago(3))
    _id, token = api.issue_review_link(SYSTEM, id_of(school.mentor), [entry])
    shown = api.entry(SYSTEM, entry).content_hash
    api.withdraw(school.trainee, [entry])
    api.log_hours(
        school.trainee,
        entry,
        values(day_ago(3), hours=6),
        placement=school.placement,
        expected_version=1,
    )
    api.submit_entries(school.trainee, [entry])
    view = api.open_review_link(token)
    assert view.stale == {entry}
    old = api.review_entries(view.actor, [ReviewItem(entry, shown, True)])
    new = api.review_entries(view.actor, [ReviewItem(entry, view.entries[0].content_hash, True)])
    assert (old.items[0].error, new.items[0].error) == ("StaleVersion", "NotFound")


def test_altered_expired_and_revoked_links_open_nothing(school: School, settings: Settings) -> None:
    entry = submitted(school, day_ago(3))
    link, token = api.issue_review_link(SYSTEM, id_of(school.mentor), [entry])
    view = api.open_review_link(token)
    for altered in (token[:-1] + ("A" if token[-1] != "A" else "B"), "x", "", uuid4().hex + ".x"):
        with pytest.raises(LinkInvalid):
            api.open_review_link(altered)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [settings.SECRET_KEY]
    assert api.open_review_link(token).entries
    api.revoke_review_link(school.coordinator, link)
    with pytest.raises(LinkRevoked):
        api.open_review_link(token)
    item = ReviewItem(entry, view.entries[0].content_hash, True)
    with pytest.raises(LinkRevoked):
        api.review_entries(view.actor, [item])
    _id, token = api.issue_review_link(SYSTEM, id_of(school.mentor), [entry])
    ReviewLink.objects.filter(revoked_at=None).update(
        expires_at=timezone.now() + timedelta(days=99)
    )
    with pytest.raises(LinkInvalid):
        api.open_review_link(token)


def test_a_link_expires(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = submitted(school, day_ago(3))
    _id, token = api.issue_review_link(
        SYSTEM, id_of(school.mentor), [entry], valid_for=timedelta(days=2)
    )
    later = timezone.now() + timedelta(days=2, seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    with pytest.raises(LinkExpired):
        api.open_review_link(token)


def test_a_revoked_mandate_takes_its_links_with_it(school: School) -> None:
    entry = submitted(school, day_ago(3))
    _id, token = api.issue_review_link(SYSTEM, id_of(school.mentor), [entry])
    api.end_mandate(school.coordinator, api.placement(SYSTEM, school.placement).mandates[0].id)
    with pytest.raises(LinkRevoked):
        api.open_review_link(token)


# --- Privacy --------------------------------------------------------------------------------------


def whole_database() -> str:
    """Every value of every table of the practicum, as text."""
    found = []
    for model in apps.get_app_config("libschool_practicum").get_models():
        for row in model._base_manager.values():
            found += [
                bytes(v).decode("latin1") if isinstance(v, memoryview | bytes) else str(v)
                for v in row.values()
            ]
    return "\n".join(found)


def finished(school: School) -> UUID:
    """A trainee whose placement is over, with approved hours, a file, a week and an absence."""
    trainee = person("Zdravka")
    placement = place(
        trainee, school.host, school.programme, school.mentor, first=day_ago(60), last=day_ago(20)
    )
    mine = replace(school, trainee=trainee, placement=placement)
    file = api.add_evidence(trainee, "Zdravka.txt", "Моят дневник".encode()).id
    entry = api.log_hours(
        trainee, uuid4(), values(day_ago(30), evidence=(file,)), placement=placement
    ).id
    api.submit_entries(trainee, [entry])
    review(mine, entry)
    api.save_week(trainee, placement, day_ago(30), text="Тайна седмица")
    api.record_absence(trainee, placement, day_ago(29), "sick", note="Тайна болест")
    return placement


def test_an_erased_person_is_nowhere_and_their_hours_stay(school: School) -> None:
    placement = finished(school)
    trainee = api.placement(SYSTEM, placement).trainee
    entry = api.entries(SYSTEM, placement=placement)[0]
    exported = str(api.export_person(school.coordinator, trainee))
    for secret in ("Zdravka", "zdravka@example.org", "Описах", "Тайна седмица", "Тайна болест"):
        assert secret in exported
    api.erase_person(school.coordinator, trainee)
    everything = whole_database() + str(api.entries(SYSTEM)) + str(api.placements(SYSTEM))
    for secret in ("Zdravka", "zdravka@", "Тайна"):
        assert secret not in everything
    assert api.entry(SYSTEM, entry.id).values.text == ""
    assert [one.name for one in api.entry(SYSTEM, entry.id).signatures] == ["", ""]
    assert confirmed(placement) == 240
    assert api.verify_audit_trail().is_whole
    with pytest.raises(NotFound):
        api.read_evidence(SYSTEM, entry.values.evidence[0])
    with pytest.raises(api.Erased):
        api.log_hours(api.Actor(trainee), uuid4(), values(day_ago(31)), placement=placement)


def test_a_running_placement_is_not_erased_and_nobody_erases_themselves(school: School) -> None:
    with pytest.raises(WrongState):
        api.erase_person(school.coordinator, id_of(school.trainee))
    with pytest.raises(NotAllowed):
        api.erase_person(school.trainee, id_of(school.trainee))
    with pytest.raises(NotFound):
        api.export_person(school.mentor, id_of(school.trainee))


def test_an_erased_mentor_stays_named_where_they_signed(school: School) -> None:
    entry = approved(school, day_ago(3))
    api.erase_person(school.coordinator, id_of(school.mentor))
    signature = api.entry(school.trainee, entry).signatures[-1]
    assert (signature.name, signature.organisation) == ("Meri", "Sample City Library")
    assert confirmed(school.placement) == 240
    assert api.verify_audit_trail().is_whole


def test_evidence_is_seen_by_who_sees_the_entry(school: School) -> None:
    file = api.add_evidence(school.trainee, "notes.txt", b"What I did")
    with pytest.raises(NotFound):
        api.read_evidence(school.mentor, file.id)
    submitted(school, day_ago(3), evidence=(file.id,))
    found = api.read_evidence(school.mentor, file.id)
    assert (found.data, found.name, found.sha256) == (b"What I did", "notes.txt", file.content_hash)
    with pytest.raises(NotFound):
        api.read_evidence(school.other_mentor, file.id)
    for name, data in (
        ("huge.txt", b"x" * (api.EVIDENCE_LIMIT + 1)),
        ("page.pdf", b"<html><script>alert(1)</script>"),
        ("run.exe", b"MZ"),
    ):
        with pytest.raises(api.EvidenceRefused):
            api.add_evidence(school.trainee, name, data)


# --- Competencies, forms, checklists --------------------------------------------------------------


def test_levels_are_told_by_the_trainee_and_confirmed_by_the_mentor(school: School) -> None:
    api.assess_competency(school.trainee, school.placement, "marc", 3)
    api.assess_competency(school.mentor, school.placement, "marc", 2, note="Soon three.")
    row = api.competency_matrix(school.trainee, school.placement)[0]
    assert (row.code, row.own, row.confirmed, len(row.assessments)) == ("marc", 3, 2, 2)
    with pytest.raises(api.InvalidValue):
        api.assess_competency(school.mentor, school.placement, "marc", 9)
    with pytest.raises(NotFound):
        api.assess_competency(school.other_mentor, school.placement, "marc", 1)


def test_forms_are_filled_in_whole_by_whom_they_are_for(school: School) -> None:
    criteria = [{"code": "care", "name": "Care", "levels": 3}]
    form = api.save_form(SYSTEM, "mid", "mid_term", "Mid-term", criteria).id
    of_host = api.save_form(SYSTEM, "host", "host", "Your host", criteria).id
    with pytest.raises(NotAllowed):
        api.submit_evaluation(school.trainee, school.placement, form, {"care": 3})
    with pytest.raises(api.InvalidValue):
        api.submit_evaluation(school.mentor, school.placement, form, {})
    api.submit_evaluation(school.mentor, school.placement, form, {"care": 2}, remarks="Точна")
    api.submit_evaluation(school.trainee, school.placement, of_host, {"care": 1})
    seen = api.evaluations(school.trainee, school.placement)
    assert [(one.kind, one.levels["care"]) for one in seen] == [("mid_term", 2), ("host", 1)]
    assert [one.kind for one in api.evaluations(school.mentor, school.placement)] == ["mid_term"]


def test_a_checklist_is_ticked_and_unticked(school: School) -> None:
    made = api.save_checklist(SYSTEM, "safety", "First day", [("exit", "Seen the exits")]).id
    api.tick_item(school.trainee, school.placement, made, "exit")
    assert api.checklists(school.mentor, school.placement)[0].items[0][2] is not None
    api.tick_item(school.mentor, school.placement, made, "exit", is_done=False)
    assert api.checklists(school.mentor, school.placement)[0].items[0][2] is None


def test_an_agreement_is_signed_by_all_three_over_what_it_says(school: School) -> None:
    made = api.create_agreement(
        school.coordinator, school.placement, first=day_ago(60), last=day_ago(-60), minutes=6000
    )

    def sign(actor: api.Actor) -> None:
        api.sign_agreement(actor, made.id, content_hash=made.content_hash)

    for actor in (school.trainee, school.mentor, school.coordinator):
        sign(actor)
    with pytest.raises(NotAllowed):
        sign(school.other_trainee)
    roles = Signature.objects.filter(subject=made.id).values_list("role", flat=True)
    assert sorted(roles) == ["coordinator", "mentor", "trainee"]


def test_a_return_takes_the_first_of_two_signatures_away() -> None:
    school = make_school(replace(RULES, is_two_step=True))
    entry = submitted(school, day_ago(3))
    review(school, entry)
    review(school, entry, by=school.coordinator, approve=False, reason="Which books?")
    api.submit_entries(school.trainee, [entry])
    assert review(school, entry, by=school.coordinator).items[0].error == "NoMandate"
    assert review(school, entry).items[0].is_done
    assert review(school, entry, by=school.coordinator).items[0].state == "approved"


def test_what_waits_of_an_erased_person_stays_undecided_and_the_trail_whole(
    school: School,
) -> None:
    placement = finished(school)
    trainee = api.Actor(api.placement(SYSTEM, placement).trainee)
    entry = api.log_hours(trainee, uuid4(), values(day_ago(31)), placement=placement).id
    api.submit_entries(trainee, [entry])
    api.erase_person(school.coordinator, id_of(trainee))
    assert review(school, entry).items[0].error == "Erased"
    assert state_of(entry) == "submitted"
    assert api.rebuild()[0][entry] == ("submitted", 1)
