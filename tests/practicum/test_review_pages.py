"""Mentors confirm and return in the browser: with an account, and by the link in a mail."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from practicum import api
from practicum.api import SYSTEM
from practicum.models import AuditEvent, ReviewLink
from practicum.views import links
from tests.practicum.school import (
    School,
    confirmed,
    day_ago,
    id_of,
    log,
    make_school,
    person,
    place,
    state_of,
    submitted,
)
from tests.practicum.visits import PAGE, decisions, link_for, said, sign_in, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return make_school()


def visitor() -> Client:
    return Client(headers=PAGE)


def open_link(client: Client, address: str) -> tuple[str, str]:
    """The page behind a mailed address, and where it lies."""
    response = client.get(address, follow=True)
    return said(response), response.redirect_chain[-1][0]


# --- With an account ------------------------------------------------------------------------------


def test_a_mentor_confirms_some_and_returns_one_with_a_reason(school: School) -> None:
    kept, wrong = submitted(school, day_ago(2)), submitted(school, day_ago(1))
    meri = sign_in(school.mentor)
    page = said(meri.get(url("review")))
    assert page.count('name="shown_') == 2
    done = said(
        meri.post(url("review"), decisions(page, **{str(wrong): "Нямаше ли почивка?"}), follow=True)
    )
    assert "You signed for 1 day." in done
    assert "1 day goes back with your reason." in done
    assert (state_of(kept), state_of(wrong)) == ("approved", "returned")


def test_a_return_without_a_reason_is_asked_for_one(school: School) -> None:
    entry = submitted(school, day_ago(1))
    meri = sign_in(school.mentor)
    sent = decisions(said(meri.get(url("review"))), **{str(entry): ""})
    assert "Please give a reason." in said(meri.post(url("review"), sent, follow=True))
    assert state_of(entry) == "submitted"


def test_a_day_that_changed_after_it_was_shown_is_left_out_and_told(school: School) -> None:
    entry = submitted(school, day_ago(1))
    meri = sign_in(school.mentor)
    sent = decisions(said(meri.get(url("review"))))
    api.withdraw(school.trainee, [entry])
    log_again(school, entry)
    api.submit_entries(school.trainee, [entry])
    assert "It was changed meanwhile" in said(meri.post(url("review"), sent, follow=True))
    assert confirmed(school.placement) == 0


def log_again(school: School, entry: UUID) -> None:
    record = api.entry(school.trainee, entry)
    changed = type(record.values)(
        start=record.values.start,
        end=record.values.end - timedelta(hours=1),
        break_minutes=0,
        allocations={"cataloguing": 180},
    )
    api.log_hours(
        school.trainee,
        entry,
        changed,
        placement=school.placement,
        expected_version=record.version,
    )


def test_sending_the_decisions_twice_signs_once(school: School) -> None:
    submitted(school, day_ago(1))
    meri = sign_in(school.mentor)
    sent = decisions(said(meri.get(url("review"))))
    for _time in range(2):
        meri.post(url("review"), sent)
    (record,) = api.entries(school.trainee)
    assert [one.kind for one in record.signatures] == ["submit", "approve"]


def test_a_signature_is_taken_back_soon_after(school: School) -> None:
    entry = submitted(school, day_ago(1))
    meri = sign_in(school.mentor)
    meri.post(url("review"), decisions(said(meri.get(url("review")))))
    assert "Signed just now" in said(meri.get(url("review")))
    meri.post(url("undo", entry))
    assert state_of(entry) == "submitted"
    assert confirmed(school.placement) == 0


def test_a_mentor_of_another_host_neither_sees_nor_decides(school: School) -> None:
    entry = submitted(school, day_ago(1))
    record = api.entry(SYSTEM, entry)
    marko = sign_in(school.other_mentor)
    assert marko.get(url("entry", entry)).status_code == 404
    assert marko.get(url("placement", school.placement)).status_code == 404
    sent = {
        f"shown_{entry}": record.content_hash,
        f"decision_{entry}": "confirm",
        "key": uuid4().hex,
    }
    assert "It is not there any more." in said(marko.post(url("review"), sent, follow=True))
    assert state_of(entry) == "submitted"


def test_a_trainee_confirms_nothing_of_their_own(school: School) -> None:
    entry = submitted(school, day_ago(1))
    record = api.entry(SYSTEM, entry)
    sent = {f"shown_{entry}": record.content_hash, f"decision_{entry}": "confirm"}
    sign_in(school.trainee).post(url("review"), sent)
    assert state_of(entry) == "submitted"


@pytest.mark.parametrize(
    "page",
    [
        "placement",
        "log",
        "competencies",
        "evaluations",
        "checklists",
    ],
)
def test_another_trainees_pages_are_not_there(school: School, page: str) -> None:
    toma = sign_in(school.other_trainee)
    assert toma.get(url(page, school.placement)).status_code == 404


def test_another_trainees_entry_is_not_there_to_look_at_change_or_send(school: School) -> None:
    entry = log(school, day_ago(1)).id
    toma = sign_in(school.other_trainee)
    for page in ("entry", "edit", "correct"):
        assert toma.get(url(page, entry)).status_code == 404
    toma.post(url("act"), {"entry": entry, "action": "give_up"})
    toma.post(url("act"), {"entry": entry, "action": "send"})
    assert state_of(entry) == "draft"


def test_a_mentor_changes_none_of_a_trainees_hours(school: School) -> None:
    entry = log(school, day_ago(1)).id
    meri = sign_in(school.mentor)
    assert meri.get(url("log", school.placement)).status_code == 404
    assert meri.get(url("edit", entry)).status_code == 404
    assert meri.post(url("absence", school.placement), {}).status_code == 404


# --- By a link ------------------------------------------------------------------------------------


def test_two_clicks_from_the_mail_to_done(school: School) -> None:
    entries = [submitted(school, day_ago(days)) for days in (1, 2)]
    meri = visitor()
    page, place = open_link(meri, link_for(school, *entries))
    assert "Sign as Meri" in page
    done = said(meri.post(place, decisions(page), follow=True))
    assert "You signed for 2 days." in done
    assert [state_of(one) for one in entries] == ["approved", "approved"]
    (record, _other) = api.entries(school.trainee)
    assert record.signatures[-1].means == "link"


def test_opening_decides_nothing_however_often(school: School) -> None:
    entry = submitted(school, day_ago(1))
    address = link_for(school, entry)
    for _time in range(3):
        open_link(visitor(), address)
    assert state_of(entry) == "submitted"
    assert AuditEvent.objects.filter(command="open_link").count() == 1


def test_the_secret_leaves_the_address_and_nothing_keeps_the_page(school: School) -> None:
    address = link_for(school, submitted(school, day_ago(1)))
    meri = visitor()
    first = meri.get(address)
    assert first.headers["Referrer-Policy"] == "no-referrer"
    page = meri.get(first.headers["Location"])
    token = address.split("/r/")[1].strip("/")
    assert token not in said(page)
    assert token not in first.headers["Location"]
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"


def test_the_address_without_the_secret_opens_nothing_for_another(school: School) -> None:
    _page, place = open_link(visitor(), link_for(school, submitted(school, day_ago(1))))
    response = visitor().get(place)
    assert response.status_code == 404
    assert "This link does not open" in said(response)


def test_an_altered_link_opens_nothing(school: School) -> None:
    address = link_for(school, submitted(school, day_ago(1)))
    altered = address[:-4] + ("abc/" if address[-4:] != "abc/" else "xyz/")
    response = visitor().get(altered)
    assert response.status_code == 404
    assert "Perhaps it was cut in two" in said(response)


def test_an_expired_link_says_so_and_decides_nothing_any_more(school: School) -> None:
    entry = submitted(school, day_ago(1))
    address = link_for(school, entry)
    meri = visitor()
    page, place = open_link(meri, address)
    # Its time passes by writing a link that was over long ago, under the same signature's rules.
    link = ReviewLink.objects.get()
    past = timezone.now() - timedelta(days=1)
    ReviewLink.objects.filter(pk=link.pk).update(expires_at=past)
    assert meri.post(place, decisions(page)).status_code == 404  # the signature is over the time
    assert state_of(entry) == "submitted"


def test_a_link_whose_time_is_over_is_told_from_a_wrong_one(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = link_for(school, submitted(school, day_ago(1)))
    later = timezone.now() + timedelta(days=15)
    monkeypatch.setattr(timezone, "now", lambda: later)
    response = visitor().get(address)
    assert response.status_code == 410
    assert "This link has expired" in said(response)


def test_a_withdrawn_link_says_so(school: School) -> None:
    entry = submitted(school, day_ago(1))
    link, token = api.issue_review_link(SYSTEM, id_of(school.mentor), [entry])
    meri = visitor()
    page, place = open_link(meri, url("arrive", token))
    api.revoke_review_link(school.coordinator, link)
    response = meri.post(place, decisions(page))
    assert response.status_code == 410
    assert "This link was withdrawn" in said(response)
    assert state_of(entry) == "submitted"


def test_a_link_replayed_after_the_decision_signs_nothing_again(school: School) -> None:
    address = link_for(school, submitted(school, day_ago(1)))
    meri = visitor()
    page, place = open_link(meri, address)
    sent = decisions(page)
    meri.post(place, sent)
    thief = visitor()
    again, other = open_link(thief, address)
    assert "Nothing here waits for you any more." in again
    assert "shown_" not in again
    thief.post(other, {**sent, "key": uuid4().hex})
    (record,) = api.entries(school.trainee)
    assert [one.kind for one in record.signatures] == ["submit", "approve"]


def test_a_link_gives_no_more_than_its_days(school: School) -> None:
    listed, other = submitted(school, day_ago(1)), submitted(school, day_ago(2))
    meri = visitor()
    page, place = open_link(meri, link_for(school, listed))
    assert str(other) not in page
    record = api.entry(SYSTEM, other)
    sent = {
        f"shown_{other}": record.content_hash,
        f"decision_{other}": "confirm",
        "key": uuid4().hex,
    }
    meri.post(place, sent)
    assert state_of(other) == "submitted"


def test_a_day_that_changed_since_the_mail_is_shown_as_such(school: School) -> None:
    entry = submitted(school, day_ago(1))
    address = link_for(school, entry)
    api.withdraw(school.trainee, [entry])
    log_again(school, entry)
    api.submit_entries(school.trainee, [entry])
    page, _place = open_link(visitor(), address)
    assert "Changed since the mail" in page
    assert "now 3 h" in page
    assert "shown_" not in page


def test_a_link_ends_with_the_mandate(school: School) -> None:
    entry = submitted(school, day_ago(1))
    address = link_for(school, entry)
    placement = api.placement(SYSTEM, school.placement)
    api.end_mandate(school.coordinator, placement.mandates[0].id, last=day_ago(3))
    page, _place = open_link(visitor(), address)
    assert str(entry) not in page


def test_a_signature_by_link_is_taken_back_by_it(school: School) -> None:
    entry = submitted(school, day_ago(1))
    meri = visitor()
    page, place = open_link(meri, link_for(school, entry))
    meri.post(place, decisions(page))
    link = place.rstrip("/").rsplit("/", 1)[1]
    meri.post(url("undo_by_link", link, entry))
    assert state_of(entry) == "submitted"


def test_reminders_are_stopped_from_the_page(school: School) -> None:
    meri = visitor()
    _page, place = open_link(meri, link_for(school, submitted(school, day_ago(1))))
    link = place.rstrip("/").rsplit("/", 1)[1]
    meri.post(url("wish_by_link", link), {"stop": "1"})
    assert not api.mail_wishes(school.mentor).wants_reminders
    meri.post(url("wish_by_link", link), {"remind": "1"})
    assert api.mail_wishes(school.mentor).wants_reminders


def test_guessing_links_is_slowed_down(
    school: School, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    monkeypatch.setattr(links, "MOST_WRONG", 2)
    guesser = Client(headers=PAGE, REMOTE_ADDR="192.0.2.77")
    codes = [guesser.get(url("arrive", "x" * 20)).status_code for _time in range(4)]
    assert codes == [404, 404, 429, 429]
    right = guesser.get(link_for(school, submitted(school, day_ago(1))))
    assert right.status_code == 302


# --- Competencies, evaluations, checklists --------------------------------------------------------


def test_trainee_and_mentor_note_levels_that_stay_over_time(school: School) -> None:
    tena, meri = sign_in(school.trainee), sign_in(school.mentor)
    address = url("competencies", school.placement)
    for level in ("1", "2"):
        tena.post(address, {"competency": "marc", "level": level, "note": ""})
    meri.post(address, {"competency": "marc", "level": "3", "note": "Сигурна работа"})
    row = api.competency_matrix(school.trainee, school.placement)[0]
    assert [(one.level, one.is_own) for one in row.assessments] == [
        (1, True),
        (2, True),
        (3, False),
    ]
    assert "Сигурна работа" in said(tena.get(address))


def test_a_level_that_there_is_not_is_refused(school: School) -> None:
    tena = sign_in(school.trainee)
    address = url("competencies", school.placement)
    page = said(tena.post(address, {"competency": "marc", "level": "99"}))
    assert "99 is not one of the available choices" in page
    assert api.competency_matrix(school.trainee, school.placement)[0].assessments == ()


def evaluation(school: School, kind: str) -> UUID:
    criteria = [{"code": "care", "name": "Care for readers", "levels": 3}]
    return api.save_form(SYSTEM, kind.replace("_", "-"), kind, f"Form {kind}", criteria).id


def test_a_mentor_evaluates_the_trainee_and_the_trainee_the_host(school: School) -> None:
    final, host = evaluation(school, "final"), evaluation(school, "host")
    tena, meri = sign_in(school.trainee), sign_in(school.mentor)
    answers = {"level_care": "2", "remarks": "Добре"}
    assert tena.get(url("evaluate", school.placement, final)).status_code == 404
    assert meri.get(url("evaluate", school.placement, host)).status_code == 404
    meri.post(url("evaluate", school.placement, final), answers)
    tena.post(url("evaluate", school.placement, host), answers)
    kinds = [one.kind for one in api.evaluations(school.trainee, school.placement)]
    assert kinds == ["final", "host"]
    assert "Form host" not in said(meri.get(url("evaluations", school.placement)))
    for page in (url("evaluations", school.placement), url("readable")):
        assert "Care for readers" in said(tena.get(page))


def test_an_evaluation_with_a_gap_is_not_signed(school: School) -> None:
    form = evaluation(school, "final")
    meri = sign_in(school.mentor)
    page = said(meri.post(url("evaluate", school.placement, form), {"remarks": "Добре"}))
    assert "This field is required." in page
    assert api.evaluations(school.mentor, school.placement) == []


def test_a_checklist_is_ticked_and_unticked(school: School) -> None:
    made = api.save_checklist(
        SYSTEM, "first", "First day", [("fire", "Fire exits"), ("key", "Key")]
    )
    tena = sign_in(school.trainee)
    address = url("checklists", school.placement)
    tena.post(address, {"list": str(made.id), "item": ["fire"]})
    (ticked,) = api.checklists(school.trainee, school.placement)
    assert [at is not None for _code, _text, at in ticked.items] == [True, False]
    tena.post(address, {"list": str(made.id), "item": ["key"]})
    (ticked,) = api.checklists(school.trainee, school.placement)
    assert [at is not None for _code, _text, at in ticked.items] == [False, True]


def test_a_mentor_of_many_sees_all_their_trainees(school: School) -> None:
    second = person("Vesela")
    place(second, school.host, school.programme, school.mentor)
    page = said(sign_in(school.mentor).get(url("review")))
    assert "Tena" in page
    assert "Vesela" in page
    assert "Toma" not in page
