"""Trainees log, change, send and correct their days in the browser."""

from datetime import time, timedelta
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from practicum import api
from practicum.api import SYSTEM, EntryRecord, EntryState
from tests.practicum.school import (
    School,
    approved,
    confirmed,
    day_ago,
    log,
    make_school,
    review,
    state_of,
    submitted,
)
from tests.practicum.visits import day_form, log_day, said, sign_in, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return make_school()


@pytest.fixture
def tena(school: School) -> Client:
    return sign_in(school.trainee)


def only_entry(school: School) -> EntryRecord:
    (found,) = api.entries(school.trainee)
    return found


def picture() -> bytes:
    kept = BytesIO()
    Image.new("RGB", (8, 8), "white").save(kept, "PNG")
    return kept.getvalue()


def test_a_usual_day_takes_day_times_and_one_activity(tena: Client, school: School) -> None:
    page = said(log_day(tena, school, day_ago(1)))
    record = only_entry(school)
    assert record.net_minutes == 240
    assert record.values.allocations == {"cataloguing": 240}
    assert record.values.text == "Описах книги."
    assert "Kept: 4 h" in page


def test_times_breaks_and_shares_are_read_in_the_readers_way(tena: Client, school: School) -> None:
    day = day_ago(1)
    log_day(
        tena,
        school,
        day,
        day=f"{day.day}. {day.month}. {day.year}.",
        start="8.30",
        end="16,30",
        pause="0:30",
        part_desk="1,5",
    )
    record = only_entry(school)
    assert record.values.start == api.moment(day, time(8, 30), "Europe/Sofia")
    assert record.values.break_minutes == 30
    assert record.values.allocations == {"cataloguing": 360, "desk": 90}


def test_what_cannot_be_read_is_told_beside_its_field_and_stays_typed(
    tena: Client, school: School
) -> None:
    page = said(log_day(tena, school, day_ago(1), start="noonish", text="Рафтове"))
    assert "is not a time. Write it like 9:30." in page
    assert 'value="noonish"' in page
    assert "Рафтове" in page
    assert api.entries(school.trainee) == []


def test_an_overlap_names_and_links_the_entry_in_conflict(tena: Client, school: School) -> None:
    other = log(school, day_ago(1)).id
    page = said(log_day(tena, school, day_ago(1), start="12:00", end="15:00"))
    assert "Another entry has the time from" in page
    assert url("entry", other) in page
    assert len(api.entries(school.trainee)) == 1


def test_sending_the_form_twice_keeps_one_day(tena: Client, school: School) -> None:
    sent = day_form(day_ago(1))
    for _time in range(2):
        assert tena.post(url("log", school.placement), sent).status_code == 302
    assert len(api.entries(school.trainee)) == 1


def test_a_day_is_kept_and_sent_in_one_go(tena: Client, school: School) -> None:
    page = said(log_day(tena, school, day_ago(1), send="1"))
    assert only_entry(school).state is EntryState.SUBMITTED
    assert "Sent to your mentor: 4 h" in page


def test_shares_larger_than_the_day_are_refused_in_words(tena: Client, school: School) -> None:
    page = said(log_day(tena, school, day_ago(1), part_desk="5:00"))
    assert "The activities take 300 minutes, the time is 240." in page
    assert 'value="5:00"' in page


def test_a_clock_two_days_off_is_told_what_ours_says(tena: Client, school: School) -> None:
    page = said(log_day(tena, school, day_ago(-2)))
    assert "The entry ends in the future: by our clock it is" in page
    assert api.entries(school.trainee) == []


def test_a_time_that_the_clocks_skip_is_told_so(school: School) -> None:
    year = timezone.now().year
    days = (day_ago(0).replace(year=year, month=3, day=day) for day in range(25, 32))
    sunday = next(day for day in days if day.isoweekday() == 7)  # when summer time begins
    page = said(log_day(sign_in(school.trainee), school, sunday, start="3:30", end="7:00"))
    assert "there is no 03:30: the clocks are put forward then" in page


def test_an_edit_of_what_was_changed_elsewhere_is_refused_and_shows_what_was_typed(
    tena: Client, school: School
) -> None:
    entry = log(school, day_ago(1)).id
    changed = day_form(day_ago(1), entry=str(entry), version="1", end="12:00")
    assert tena.post(url("edit", entry), changed).status_code == 302
    late = day_form(day_ago(1), entry=str(entry), version="1", end="11:00", text="Рафтове")
    page = said(tena.post(url("edit", entry), late))
    assert "This was changed meanwhile: version 2 is the current one." in page
    assert "Рафтове" in page
    assert only_entry(school).net_minutes == 180


def test_a_returned_day_shows_why_and_is_mended_and_sent_again(
    tena: Client, school: School
) -> None:
    entry = submitted(school, day_ago(1))
    review(school, entry, approve=False, reason="Нямаше ли почивка?")
    assert "Нямаше ли почивка?" in said(tena.get(url("home")))
    sent = day_form(day_ago(1), entry=str(entry), version="1", pause="30", send="1")
    tena.post(url("edit", entry), sent)
    record = only_entry(school)
    assert record.state is EntryState.SUBMITTED
    assert record.net_minutes == 210


def test_the_form_begins_with_the_usual_hours_and_may_repeat_a_day_whole(
    tena: Client, school: School
) -> None:
    entry = log(school, day_ago(3), start=time(8), hours=5).id
    fresh = said(tena.get(url("log", school.placement)))
    assert 'value="08:00"' in fresh
    assert "рафтовете" not in fresh
    again = said(tena.get(url("log", school.placement) + f"?like={entry}&day={day_ago(1)}"))
    assert "рафтовете" in again
    assert f'value="{day_ago(1):%d.%m.%Y}"' in again


def test_a_day_becomes_a_template_and_a_form_begins_from_it(tena: Client, school: School) -> None:
    log_day(tena, school, day_ago(1), keep_as="Гише", start="10:15", end="12:15")
    (template,) = api.templates(school.trainee)
    log(school, day_ago(2))
    page = said(tena.get(url("log", school.placement) + f"?template={template.id}"))
    assert 'value="10:15"' in page
    assert "Гише" in page


def test_a_picture_is_kept_with_its_day_and_handed_out_as_a_download(
    tena: Client, school: School
) -> None:
    upload = SimpleUploadedFile("рафт.png", picture(), content_type="image/png")
    log_day(tena, school, day_ago(1), evidence=upload)
    (file,) = only_entry(school).values.evidence
    response = tena.get(url("evidence", file))
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert sign_in(school.other_trainee).get(url("evidence", file)).status_code == 404


def test_a_disguised_file_is_refused_and_the_others_need_not_be_chosen_again(
    tena: Client, school: School
) -> None:
    files = [
        SimpleUploadedFile("shelf.png", picture(), content_type="image/png"),
        SimpleUploadedFile("report.pdf", b"MZ\x90\x00program", content_type="application/pdf"),
    ]
    page = said(log_day(tena, school, day_ago(1), evidence=files))
    assert "report.pdf:" in page
    assert api.entries(school.trainee) == []
    kept = page.split('name="kept" value="')[1][:36]
    log_day(tena, school, day_ago(1), kept=kept)
    assert only_entry(school).values.evidence == (UUID(kept),)


def test_a_hundred_megabytes_are_refused_before_they_are_read(tena: Client, school: School) -> None:
    response = tena.post(
        url("log", school.placement),
        b"",
        content_type="multipart/form-data; boundary=x",
        headers={"Content-Length": str(100 * 2**20)},
    )
    assert response.status_code == 413
    assert "larger than the 20 MB allowed here" in said(response)


def test_a_week_is_sent_taken_back_and_an_entry_given_up(tena: Client, school: School) -> None:
    entries = [log(school, day_ago(days)).id for days in (1, 2)]
    page = said(tena.get(url("home")))
    assert "2 days are not sent to your mentor yet." in page
    act = {"entry": entries, "next": url("home")}
    page = said(tena.post(url("act"), {**act, "action": "send"}, follow=True))
    assert "2 days were sent to your mentor." in page
    tena.post(url("act"), {**act, "action": "take_back"})
    assert [state_of(one) for one in entries] == ["draft", "draft"]
    tena.post(url("act"), {**act, "entry": entries[:1], "action": "give_up"})
    assert [state_of(one) for one in entries] == ["void", "draft"]


def test_a_form_leads_back_to_no_other_site(tena: Client, school: School) -> None:
    entry = log(school, day_ago(1)).id
    response = tena.post(
        url("act"), {"entry": entry, "action": "send", "next": "https://evil.example/"}
    )
    assert response.headers["Location"] == url("home")


def test_hours_that_count_are_corrected_by_a_proposal_that_another_signs(
    tena: Client, school: School
) -> None:
    entry = approved(school, day_ago(1))
    assert "can be corrected" in said(tena.get(url("edit", entry), follow=True))
    proposal = day_form(
        day_ago(1), entry=str(entry), version="1", end="12:00", reason="Сгреших.", key=uuid4().hex
    )
    tena.post(url("correct", entry), proposal)
    assert confirmed(school.placement) == 240
    meri = sign_in(school.mentor)
    assert "Сгреших." in said(meri.get(url("review")))
    (amendment,) = api.amendments(school.mentor)
    meri.post(
        url("amendment", entry, amendment.id),
        {"action": "sign", "content_hash": amendment.content_hash},
    )
    assert confirmed(school.placement) == 180


def test_a_correction_is_withdrawn_by_whoever_proposed_it(tena: Client, school: School) -> None:
    entry = approved(school, day_ago(1))
    tena.post(url("correct", entry), {"take_back": "1", "reason": "Сгреших."})
    (amendment,) = api.amendments(school.trainee)
    tena.post(url("amendment", entry, amendment.id), {"action": "withdraw"})
    assert api.amendments(school.trainee) == []
    assert confirmed(school.placement) == 240


def test_a_trainee_objects_to_a_return_once(tena: Client, school: School) -> None:
    entry = submitted(school, day_ago(1))
    review(school, entry, approve=False, reason="No.")
    tena.post(url("appeal", entry), {"reason": "Бях там."})
    page = said(tena.get(url("entry", entry)))
    assert "Your objection: Бях там." in page
    assert "I do not agree with the return" not in page


def test_a_report_on_a_week_is_kept_and_a_late_one_shows_its_text(
    tena: Client, school: School
) -> None:
    monday = day_ago(7) - timedelta(days=day_ago(7).weekday())
    address = url("week", school.placement, monday.isoformat())
    tena.post(address, {"text": "Седмица", "reflection": "Научих", "version": "0"})
    (report,) = api.weeks(school.trainee, school.placement)
    assert (report.text, report.reflection) == ("Седмица", "Научих")
    page = said(tena.post(address, {"text": "Друго", "reflection": "", "version": "0"}))
    assert "The report was changed meanwhile" in page
    assert "Друго" in page


def test_an_absence_is_noted_seen_in_the_week_and_taken_back(tena: Client, school: School) -> None:
    day = day_ago(2)
    tena.post(
        url("absence", school.placement),
        {"absence-day": f"{day:%d.%m.}", "absence-kind": "sick", "absence-note": ""},
    )
    week = url("week", school.placement, day.isoformat())
    assert "Absent: sick" in said(tena.get(week, follow=True))
    tena.post(url("absence", school.placement), {"take_back": day.isoformat()})
    assert api.absences(school.trainee, school.placement) == []


def test_a_form_that_was_sent_and_comes_back_with_other_days_is_told_so(
    tena: Client, school: School
) -> None:
    first, second = log(school, day_ago(2)).id, log(school, day_ago(1)).id
    sent = {"action": "send", "key": uuid4().hex, "next": url("placement", school.placement)}
    tena.post(url("act"), {**sent, "entry": str(first)})
    response = tena.post(url("act"), {**sent, "entry": str(second)}, follow=True)
    assert response.redirect_chain == [(sent["next"], 302)]
    assert "This form was sent before." in said(response)
    assert (state_of(first), state_of(second)) == ("submitted", "draft")


def test_a_trainee_signs_on_the_spot_that_they_were_there(tena: Client, school: School) -> None:
    sheet = uuid4()
    values = log(school, day_ago(5))
    record = api.entry(SYSTEM, values.id)
    shifted = type(record.values)(
        start=record.values.start + timedelta(days=1),
        end=record.values.end + timedelta(days=1),
        break_minutes=0,
        allocations=record.values.allocations,
    )
    api.record_attendance(
        school.mentor, sheet, shifted, title="Rare books", placements=[school.placement]
    )
    assert "Your mentor wrote down that you were there" in said(tena.get(url("home")))
    tena.post(url("sign_sheet", sheet), {"next": url("home")})
    line = next(one for one in api.entries(school.trainee) if one.from_sheet == sheet)
    assert line.state is EntryState.SUBMITTED


def test_hours_are_shown_against_what_is_required_with_a_forecast(
    tena: Client, school: School
) -> None:
    approved(school, day_ago(1))
    submitted(school, day_ago(2))
    page = said(tena.get(url("placement", school.placement)))
    assert "4 h of 100 h confirmed" in page
    assert "4 h waiting" in page
    assert "the hours will be there on" in page


def test_a_month_shows_each_day_with_its_hours_and_state(tena: Client, school: School) -> None:
    approved(school, day_ago(1))
    page = said(tena.get(url("month", school.placement, f"{day_ago(1):%Y-%m}")))
    assert "4 h logged in this month." in page
    assert "Confirmed" in page


@pytest.mark.parametrize("month", ["2026-13", "nothing", "0000-01", "0001-01", "9999-12"])
def test_there_is_no_such_month_and_week(tena: Client, school: School, month: str) -> None:
    assert tena.get(url("month", school.placement, month)).status_code == 404
    assert tena.get(url("week", school.placement, f"{month}-01")).status_code == 404


def test_an_account_without_a_placement_is_told_how_one_comes(client: Client) -> None:
    client.force_login(User.objects.create_user("fern", "fern@example.org", "pass"))
    page = said(client.get(url("home"), headers={"Accept": "text/html"}))
    assert "You are not placed at a host library yet." in page
    assert "fern@example.org" in page


def test_a_trainee_without_hours_is_told_how_to_begin(tena: Client) -> None:
    assert "Log your first day" in said(tena.get(url("home")))
