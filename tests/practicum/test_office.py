"""The coordinators' pages: what they show, what they carry out, and whom they refuse."""

from __future__ import annotations

import io
import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader
from pytest_django import Settings

from documents.content import Document
from documents.pdf import write_pdf
from jobs import api as jobs
from jobs.runner import run_job
from practicum import api
from practicum.api import SYSTEM, Actor, ItemOutcome
from practicum.models import SentNotice
from practicum.views.showing import say_outcome
from tests.practicum.school import (
    TZ,
    School,
    approved,
    day_ago,
    id_of,
    log,
    make_school,
    place,
    submitted,
)

pytestmark = pytest.mark.django_db

TABLE = (
    "trainee_name;trainee_mail;host;programme;first;last\n"
    "Žana Šarić;zana@example.org;Sample City Library;basic;2026-03-01;2026-06-30\n"
)


@pytest.fixture
def school() -> School:
    return make_school()


def account(actor: Actor, name: str) -> Client:
    """A browser signed in as somebody of the school."""
    user = User.objects.create_user(name, f"{name}@example.org")
    assert api.actor_for(user, is_mail_verified=True) == actor
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def office(school: School) -> Client:
    return account(school.coordinator, "koraljka")


def url(name: str, *args: Any, **query: Any) -> str:
    pairs = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"practicum:{name}", args=args) + (f"?{pairs}" if pairs else "")


def page(client: Client, name: str, *args: Any, status: int = 200, **query: Any) -> str:
    response = client.get(url(name, *args, **query))
    assert response.status_code == status, response.content[:500]
    return " ".join(response.content.decode().split())


def send(client: Client, view: str, /, *args: Any, status: int = 302, **data: Any) -> Any:
    response = client.post(url(view, *args), data)
    assert response.status_code == status, response.content.decode()[-3000:]
    return response


# --- Every page -----------------------------------------------------------------------------------


def places(school: School) -> dict[str, tuple[Any, ...]]:
    """Every page of the office that a coordinator may open, with its arguments."""
    one = school.placement
    mandate = api.placement(SYSTEM, one).mandates[0].id
    pause = api.pause_placement(SYSTEM, one, first=day_ago(-2), last=day_ago(-3)).id
    agreement = api.create_agreement(SYSTEM, one, first=day_ago(9), last=day_ago(1), minutes=60).id
    period = api.close_period(SYSTEM, one, day_ago(40), day_ago(30)).id
    asked = api.reopen_period(school.second_coordinator, period, reason="Late entry").id
    api.save_cohort(SYSTEM, "spring", "Spring")
    on_placement = (
        *("placement", "change", "move", "pause", "grant", "agree", "let_pass", "close"),
    )
    return {
        **{f"office_{name}": (one,) for name in on_placement},
        "office_resume": (one, pause),
        "office_end": (one, mandate),
        "office_sign": (one, agreement),
        "office_reopen": (one, period),
        "office_confirm": (asked,),
        "office_host": (school.host,),
        "office_person": (id_of(school.trainee),),
        "office_erase": (id_of(school.trainee),),
        "office_programme": ("basic",),
        "office_named": ("categories", "desk"),
        "office_named_new": ("competencies",),
        "report": (one, "record"),
        **dict.fromkeys(
            (
                *("office", "office_entries", "office_placements", "office_create"),
                *("office_table", "office_assign", "office_remind", "office_expiring"),
                *("office_hosts", "office_host_new"),
                *("office_people", "office_person_new", "office_replace", "office_setup"),
                *("office_programme_new", "office_closing", "office_attendance"),
                *("office_reports", "office_trail"),
            ),
            (),
        ),
    }


def test_every_page_opens_for_coordinators_and_for_nobody_else(
    school: School, office: Client
) -> None:
    approved(school, day_ago(3))
    opened = places(school)
    refused = [account(school.mentor, "meri"), account(school.other_trainee, "toma")]
    for name, args in opened.items():
        text = page(office, name, *args)
        assert "<h1>" in text, name
        if name == "report":
            continue
        for client in refused:
            assert client.get(url(name, *args)).status_code == 403, name
        assert Client().get(url(name, *args), headers={"accept": "text/html"}).status_code == 302


def test_an_empty_school_says_how_to_begin() -> None:
    actor = api.actor_for(User.objects.create_user("first", "f@example.org"), is_mail_verified=True)
    api.appoint_coordinator(SYSTEM, id_of(actor))
    client = Client()
    client.force_login(User.objects.get(username="first"))
    for name, said in (
        ("office", "No placement runs now"),
        ("office_hosts", "Begin with the first"),
        ("office_setup", "No programme yet"),
        ("office_entries", "No entry fits"),
        ("office_closing", "is closed"),
    ):
        assert said in page(client, name)


# --- The dashboard --------------------------------------------------------------------------------


def test_the_dashboard_moves_when_a_mentor_approves(school: School, office: Client) -> None:
    entry = submitted(school, day_ago(3))
    assert "waiting: <strong>4 h</strong>" in page(office, "office")
    shown = api.entry(SYSTEM, entry)
    api.review_entries(school.mentor, [api.ReviewItem(entry, shown.content_hash, approve=True)])
    text = page(office, "office")
    assert "approved: <strong>4 h</strong>" in text
    assert "waiting: <strong>0 h</strong>" in text


def test_every_figure_of_the_dashboard_opens_its_entries(school: School, office: Client) -> None:
    approved(school, day_ago(3), allocations={"desk": 240})
    log(school, day_ago(2))
    found = api.dashboard(school.coordinator)
    assert dict(found.overview.states)["approved"] == 240
    assert found.overview.categories == (("desk", 240),)
    for query, count in (
        ({"state": "approved"}, 1),
        ({"state": "draft", "host": school.host}, 1),
        ({"category": "desk"}, 1),
        ({"host": school.other_host}, 0),
        ({"search": "tEna"}, 2),
        ({"search": "nobody"}, 0),
        ({"placement": school.placement, "first": day_ago(2)}, 1),
        ({"mentor": id_of(school.mentor)}, 2),
        ({"overdue": "on"}, 0),
    ):
        response = office.get(url("office_entries", **query))
        assert len(response.context["rows"]) == count, query


def test_who_is_behind_plan_is_told(school: School) -> None:
    found = api.dashboard(school.coordinator).overview
    assert found.behind_count == 2
    first = found.behind[0]
    assert 0 < first.behind(day_ago(0)) == first.expected(day_ago(0)) < 6000


def test_sums_on_the_dashboard_are_those_of_the_ledger(school: School) -> None:
    for days in (9, 8, 7):
        approved(school, day_ago(days))
    entry = approved(school, day_ago(6))
    api.undo_approval(school.mentor, entry)
    log(school, day_ago(5))
    found = dict(api.dashboard(school.coordinator).overview.states)
    totals = api.totals(SYSTEM, school.placement).all
    assert found["approved"] + found["locked"] == totals.confirmed == 720
    assert (found["submitted"], found["draft"]) == (totals.pending, totals.draft) == (240, 240)


def queries(client: Client, name: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        page(client, name)
    return len(captured)


def test_pages_ask_no_more_for_more_entries(school: School, office: Client) -> None:
    approved(school, day_ago(9))
    names = ("office", "office_entries", "office_placements", "office_hosts")
    for name in names:
        page(office, name)  # sums are brought up to date, and what is kept is kept
    before = {name: queries(office, name) for name in names}
    for days in range(2, 8):
        approved(school, day_ago(days))
    place(school.other_trainee, school.host, school.programme, school.mentor)
    for name in names:
        page(office, name)
    after = {name: queries(office, name) for name in names}
    assert after == before
    assert max(after.values()) <= 24


def test_lists_are_sorted_searched_and_paged(school: School, office: Client) -> None:
    for number in range(55):
        trainee = Actor(
            api.add_person(SYSTEM, name=f"Čedna {number:02}", mail=f"c{number}@example.org").id
        )
        place(trainee, school.host, school.programme)
    first = office.get(url("office_placements", search="čedna", sort="name")).context
    assert [len(first["items"]), first["following"]] == [50, 2]
    assert first["items"][0].trainee_name == "Čedna 00"
    second = office.get(url("office_placements", search="čedna", sort="name", page=2)).context
    assert [one.trainee_name for one in second["items"]][-1] == "Čedna 54"
    assert "Čedna 07" in page(office, "office_people", search="ČEDNA 07")
    for odd in ("-1", "0", "x", "99999999999", ""):
        assert office.get(url("office_placements", page=odd)).status_code == 200


# --- Setting up -----------------------------------------------------------------------------------


def test_hosts_programmes_and_codes_are_made_and_changed(school: School, office: Client) -> None:
    host: dict[str, Any] = {
        "name": "Градска библиотека",
        "tz": "Europe/Sofia",
        "capacity": "3",
        "country": "bg",
    }
    send(office, "office_host_new", **host)
    made = next(one for one in api.hosts(SYSTEM) if one.name == "Градска библиотека")
    assert (made.country, made.capacity) == ("BG", 3)
    send(office, "office_host", made.id, **{**host, "capacity": "5"})
    assert next(one for one in api.hosts(SYSTEM) if one.id == made.id).capacity == 5
    answer = send(office, "office_host_new", status=422, **{**host, "tz": "Mars/Base"})
    assert "error-summary" in answer.content.decode()
    send(office, "office_named_new", "categories", code="archive", name="Архив")
    send(office, "office_named", "categories", "archive", name="Архиви")
    assert ("archive", "Архиви") in [(one.code, one.name) for one in api.categories(SYSTEM)]
    send(office, "office_named_new", "competencies", code="reads", name="Reads", levels="5")
    assert next(one for one in api.competencies(SYSTEM) if one.code == "reads").levels == 5
    assert office.get(url("office_named_new", "planets")).status_code == 404


def test_a_programme_gets_a_new_version_with_what_was_typed(school: School, office: Client) -> None:
    form = office.get(url("office_programme", "basic")).context["form"]
    typed: dict[str, Any] = {
        name: form[name].value() for name in form.fields if form[name].value() is not None
    }
    typed |= {"minutes": "120,5", "category_desk": "7:30", "weekdays": ["1", "2"]}
    typed.pop("is_two_step")
    send(office, "office_programme", "basic", **typed)
    (programme,) = api.programmes(SYSTEM)
    assert programme.number == 2
    assert programme.rules.requirement.minutes == 120 * 60 + 30
    assert programme.rules.requirement.categories["desk"] == 450
    assert programme.rules.weekdays == (1, 2)


def test_a_placement_is_made_moved_paused_and_closed(school: School, office: Client) -> None:
    approved(school, day_ago(60))
    send(
        office,
        "office_create",
        trainee=id_of(school.other_trainee),
        host=school.host,
        programme_version=school.programme,
        first=day_ago(0),
        last=day_ago(-30),
        mentor=id_of(school.mentor),
    )
    far = {"first": day_ago(200), "last": "9999-12-31"}
    send(office, "office_change", school.placement, status=422, **far)
    made = next(
        one
        for one in api.placements(SYSTEM)
        if one.trainee == id_of(school.other_trainee) and one.host == school.host
    )
    assert [one.mentor for one in made.mandates] == [id_of(school.mentor)]
    send(office, "office_change", made.id, first=day_ago(0), last=day_ago(-60))
    send(office, "office_pause", made.id, first=day_ago(-5), last=day_ago(-6), reason="ill")
    assert len(api.placement(SYSTEM, made.id).pauses) == 1
    send(office, "office_move", made.id, host=school.other_host, first=day_ago(-10))
    assert api.placement(SYSTEM, made.id).last == day_ago(-9)
    send(office, "office_close", school.placement, first=day_ago(70), last=day_ago(50))
    (period,) = api.periods(SYSTEM, school.placement)
    assert period.is_closed
    send(office, "office_reopen", school.placement, period.id, reason="Забравен ден")
    (asked,) = api.reopenings(SYSTEM)
    refused = send(office, "office_confirm", asked.id, status=422)  # who asked may not confirm
    assert "error-summary" in refused.content.decode()
    send(account(school.second_coordinator, "kiril"), "office_confirm", asked.id)
    assert not api.periods(SYSTEM, school.placement)[0].is_closed


def test_an_agreement_keeps_its_file_and_is_signed(school: School, office: Client) -> None:
    contract = SimpleUploadedFile("договор.pdf", write_pdf(Document("Договор", "bg", [])))
    send(
        office,
        "office_agree",
        school.placement,
        first=day_ago(9),
        last=day_ago(-9),
        minutes="120",
        reference="12/2026",
        file=contract,
        key="k1",
    )
    (agreement,) = api.agreements(SYSTEM, school.placement)
    assert (agreement.minutes, agreement.reference) == (7200, "12/2026")
    send(office, "office_sign", school.placement, agreement.id)
    (agreement,) = api.agreements(SYSTEM, school.placement)
    assert [one.role for one in agreement.signatures] == ["coordinator"]
    disguised = SimpleUploadedFile("договор.pdf", b"MZ\x90\x00 a program")
    answer = send(
        office,
        "office_agree",
        school.placement,
        status=422,
        first=day_ago(9),
        last=day_ago(-9),
        minutes="1",
        file=disguised,
    )
    assert "error-summary" in answer.content.decode()


def test_a_form_sent_twice_acts_once(school: School, office: Client) -> None:
    typed: dict[str, Any] = {
        "first": day_ago(-5),
        "last": day_ago(-7),
        "reason": "",
        "key": uuid4().hex,
    }
    for _ in range(2):
        send(office, "office_pause", school.placement, **typed)
    assert len(api.pauses(SYSTEM, school.placement)) == 1


# --- Work on many ---------------------------------------------------------------------------------


def test_a_table_is_looked_at_before_it_is_carried_out(school: School, office: Client) -> None:
    before = len(api.placements(SYSTEM))
    upload = SimpleUploadedFile("placements.csv", TABLE.encode("utf-8-sig"))
    looked = send(office, "office_table", status=200, file=upload)
    assert "Žana Šarić" in looked.content.decode()
    assert len(api.placements(SYSTEM)) == before
    send(office, "office_table", again=looked.context["kept"])
    assert len(api.placements(SYSTEM)) == before + 1
    again = send(office, "office_table", status=409, again=looked.context["kept"])
    assert "there already" in again.content.decode()


def test_a_table_as_large_as_may_be_is_carried_out_and_a_larger_one_refused(
    school: School, office: Client
) -> None:
    before = len(api.placements(SYSTEM))
    padding = " " * 120_000
    rows = (
        f"Zora;zora{number}@example.org;Sample City Library;basic;2026-03-01;2026-06-30;{padding}\n"
        for number in range(8)
    )
    table = ("trainee_name;trainee_mail;host;programme;first;last;tz\n" + "".join(rows)).encode()
    largest = SimpleUploadedFile("large.csv", table.ljust(1024 * 1024))
    kept = send(office, "office_table", status=200, file=largest).context["kept"]
    send(office, "office_table", again=kept)
    assert len(api.placements(SYSTEM)) == before + 8
    larger = SimpleUploadedFile("larger.csv", table.ljust(1024 * 1024 + 1))
    assert (
        "1 MB is the most" in send(office, "office_table", status=422, file=larger).content.decode()
    )


def test_a_table_that_is_wrong_altered_or_anothers_creates_nothing(
    school: School, office: Client
) -> None:
    before = len(api.placements(SYSTEM))
    wrong = SimpleUploadedFile("placements.csv", TABLE.replace("basic", "none").encode())
    answer = send(office, "office_table", status=200, file=wrong).content.decode()
    assert "Line 2" in answer
    far = SimpleUploadedFile("far.csv", TABLE.replace("2026-06-30", "9999-12-31").encode())
    assert "is not a day" in send(office, "office_table", status=200, file=far).content.decode()
    disguised = SimpleUploadedFile("placements.xlsx", b"no workbook")
    send(office, "office_table", status=422, file=disguised)
    good = SimpleUploadedFile("placements.csv", TABLE.encode())
    kept = send(office, "office_table", status=200, file=good).context["kept"]
    send(office, "office_table", again=kept[:-2] + "xx")
    send(account(school.second_coordinator, "kiril"), "office_table", again=kept)
    assert len(api.placements(SYSTEM)) == before


def test_mentors_are_assigned_to_several_and_replaced(school: School, office: Client) -> None:
    both = [str(school.placement), str(school.other_placement)]
    chosen = office.get(url("office_assign") + f"?placements={both[0]}&placements={both[1]}")
    assert len(chosen.context["form"].fields["placements"].choices) == 2
    mentor = id_of(api.Actor(api.add_person(SYSTEM, name="Nova", mail="nova@example.org").id))
    send(office, "office_assign", mentor=mentor, placements=both, key="k")
    for one in both:
        assert mentor in [held.mentor for held in api.placement(SYSTEM, UUID(one)).mandates]
    send(office, "office_replace", leaving=mentor, successor=id_of(school.mentor), first=day_ago(0))
    same: dict[str, Any] = {"leaving": mentor, "successor": mentor, "first": day_ago(0)}
    send(office, "office_replace", status=422, **same)
    ended = [
        held.last
        for held in api.placement(SYSTEM, school.other_placement).mandates
        if held.mentor == mentor
    ]
    assert ended == [day_ago(1)]


def test_a_coordinator_reminds_of_open_weeks_once_a_day(school: School, office: Client) -> None:
    submitted(school, day_ago(2))
    both: dict[str, Any] = {"placements": [school.placement, school.other_placement]}
    shown = office.get(url("office_remind", mentor=id_of(school.mentor)))
    assert [str(one) for one, _label in shown.context["form"].fields["placements"].choices] == [
        str(school.placement)
    ]
    send(office, "office_remind", **both, key="first")
    again = send(office, "office_remind", status=422, **both, key="second")
    assert "nobody to remind" in again.content.decode()
    (notice,) = SentNotice.objects.all()
    assert (notice.rule, notice.recipient.id) == ("mentor", id_of(school.mentor))
    (event,) = api.trail_events(SYSTEM, subject=school.placement, limit=1)
    assert (event.command, event.actor) == ("remind", school.coordinator.person)
    assert api.verify_audit_trail().is_whole


def test_a_mentor_is_assigned_to_all_that_were_chosen_or_to_none(
    school: School, office: Client
) -> None:
    both = [str(school.placement), str(school.other_placement)]
    own = id_of(school.other_trainee)
    send(office, "office_assign", status=422, mentor=own, placements=both, key="k")
    held = [one.mentor for pk in both for one in api.placement(SYSTEM, UUID(pk)).mandates]
    assert own not in held


@pytest.mark.parametrize("name", ["office_assign", "office_remind"])
def test_where_no_placement_was_ticked_nothing_can_be_sent(office: Client, name: str) -> None:
    shown = page(office, name)
    form = shown[shown.index('<form class="sheet') : shown.index("</main>")]
    assert "Tick placements in the list first." in shown
    assert 'type="submit"' not in form
    assert f'href="{url("office_placements")}"' in form  # the list, to go back to


def test_a_persons_page_asks_for_no_other_placements(school: School, office: Client) -> None:
    listed = office.get(url("office_person", id_of(school.mentor))).context
    assert [one.id for one in listed["mentored"]] == [school.placement]
    assert listed["placements"] == []
    listed = office.get(url("office_person", id_of(school.trainee))).context
    assert [one.id for one in listed["placements"]] == [school.placement]


def test_a_refusal_without_its_details_is_a_whole_sentence() -> None:
    assert say_outcome(ItemOutcome(uuid4(), error="InvalidValue")) == "This cannot be done."
    assert "closed" in say_outcome(ItemOutcome(uuid4(), error="PeriodClosed"))


def test_due_months_are_closed_together(school: School, office: Client) -> None:
    approved(school, day_ago(100))
    due = office.get(url("office_closing")).context["due"]
    assert due
    send(office, "office_closing", periods=[one["value"] for one in due] + ["x/y/z", "nothing"])
    assert not office.get(url("office_closing")).context["due"]
    assert [one.is_closed for one in api.periods(SYSTEM, school.placement)].count(True) >= 6


def test_an_attendance_sheet_makes_a_draft_for_each(school: School, office: Client) -> None:
    send(
        office,
        "office_attendance",
        sheet=uuid4(),
        title="Екскурзия",
        day=day_ago(1),
        start="9:00",
        end="13:30",
        tz=TZ,
        pause="30",
        category="desk",
        placements=[school.placement, school.other_placement],
    )
    made = api.entries(SYSTEM)
    assert [(one.net_minutes, one.state.value) for one in made] == [(240, "draft")] * 2


def test_a_sheet_is_of_the_time_zone_that_is_chosen(school: School, office: Client) -> None:
    host = api.save_host(SYSTEM, name="Sample Island Library", tz="Asia/Kolkata").id
    far = place(school.trainee, host, school.programme, school.mentor, tz="Asia/Kolkata")
    form = office.get(url("office_attendance")).context["form"]
    assert [zone for zone, _label in form.fields["tz"].choices] == [TZ, "Asia/Kolkata"]
    sent: dict[str, Any] = {"sheet": uuid4(), "title": "Visit", "day": day_ago(1)}
    sent |= {"start": "9:00", "end": "13:00"}
    send(office, "office_attendance", **sent, tz="Asia/Kolkata", category="desk", placements=[far])
    (made,) = api.entries(SYSTEM)
    assert (made.values.start.hour, made.values.start.minute) == (3, 30)  # UTC


# --- People and their data ------------------------------------------------------------------------


def test_a_persons_data_is_taken_out_and_that_is_noted(school: School, office: Client) -> None:
    approved(school, day_ago(3))
    response = send(office, "office_export", id_of(school.trainee), status=200)
    assert json.loads(response.content)["person"]["name"] == "Tena"
    assert response["Cache-Control"] == "no-store"
    assert "took out a person&#x27;s data" in page(office, "office_person", id_of(school.trainee))


def test_somebody_is_erased_only_after_the_name_was_typed(school: School, office: Client) -> None:
    trainee = id_of(api.Actor(api.add_person(SYSTEM, name="Ёлка Щ", mail="e@example.org").id))
    send(office, "office_erase", trainee, status=422, name="Ёлка")
    assert api.person_name(school.coordinator, trainee) == "Ёлка Щ"
    send(office, "office_erase", trainee, name=" Ёлка  Щ ")
    assert api.person_name(school.coordinator, trainee) == ""
    running = id_of(school.trainee)
    answer = send(office, "office_erase", running, status=422, name="Tena")
    assert "error-summary" in answer.content.decode()


# --- Reports --------------------------------------------------------------------------------------


def pdf_text(data: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def test_a_printed_record_can_be_checked_by_anybody(school: School, office: Client) -> None:
    approved(school, day_ago(3))
    answer = send(
        office, "report_file", school.placement, "record", status=200, form="pdf", language="kk"
    )
    assert answer["Content-Type"] == "application/pdf"
    assert "attachment" in answer["Content-Disposition"]
    (issued,) = [one for one in api.trail_events(SYSTEM) if one.command == "issue_document"]
    code = issued.facts["document"]
    assert code in pdf_text(answer.content).replace("\n", "")
    stranger = Client()
    text = page(stranger, "check", code)
    assert "This report holds." in text
    assert "4 h" in text
    assert "Tena" not in text
    approved(school, day_ago(4))
    assert "superseded" in page(stranger, "check", code)
    assert page(stranger, "check", uuid4(), status=404)
    assert stranger.get(url("check_form", code=code)).status_code == 302
    assert "No report bears this code" in page(stranger, "check_form", code="nonsense")


def test_a_record_is_for_those_who_see_the_placement(school: School) -> None:
    for actor, name, status in (
        (school.trainee, "tena", 200),
        (school.mentor, "meri", 200),
        (school.other_mentor, "marko", 404),
    ):
        client = account(actor, name)
        assert client.get(url("report", school.placement, "weekly")).status_code == status
        send(client, "report_file", school.placement, "record", status=status, form="csv")
    assert client.get(url("report", school.other_placement, "cohort")).status_code == 404


def test_a_report_is_in_the_language_that_its_trainee_wishes_for(
    school: School, office: Client, settings: Settings
) -> None:
    settings.LANGUAGES = [("en", "English"), ("hr", "Croatian")]
    wanted = '<article class="report" lang="{}">'
    assert wanted.format("en") in page(office, "report", school.placement, "record")
    api.wish_mail(school.trainee, api.MailWishes("hr"))
    assert wanted.format("hr") in page(office, "report", school.placement, "record")
    asked = page(office, "report", school.placement, "record", language="bg")
    assert wanted.format("bg") in asked
    assert api.trainee_language(school.mentor, school.placement) == "hr"
    with pytest.raises(api.NotFound):
        api.trainee_language(school.other_mentor, school.placement)


def test_a_summary_is_shown_and_given_in_every_form(school: School, office: Client) -> None:
    approved(school, day_ago(3))
    text = page(office, "office_reports", kind="funder", language="bg")
    assert "4,00" in text
    begins = {"pdf": b"%PDF", "xlsx": b"PK", "csv": b"\xef\xbb\xbf", "json": b"{"}
    for form, start in begins.items():
        answer = send(
            office, "office_report_file", status=200, kind="funder", language="bg", form=form
        )
        assert answer.content.startswith(start)
    assert page(office, "office_reports", kind="cohort", language="en", status=422)
    send(office, "office_report_file", status=404, kind="funder", language="bg", form="exe")


def test_a_long_report_is_made_as_a_job_for_who_asked(
    school: School, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(school, day_ago(3))
    monkeypatch.setattr("practicum.views.reports.ROWS_AT_ONCE", 0)
    sent = send(office, "office_report_file", kind="funder", language="hr", form="pdf", key="k")
    job = UUID(sent.url.rstrip("/").rpartition("/")[2])
    assert "is being made" in page(office, "office_job", job)
    told = office.get(sent.url, headers={"accept": "application/json"}).json()
    assert told["is_over"] is False
    run_job(job, "test")
    assert "It is ready." in page(office, "office_job", job)
    file = office.get(url("office_job_file", job))
    assert file.content.startswith(b"%PDF")
    assert "4,00" in pdf_text(file.content)
    late = office.post(url("office_job_cancel", job))
    assert (late.status_code, late.headers["Location"]) == (302, url("office_job", job)), (
        "done meanwhile"
    )
    other = account(school.second_coordinator, "kiril")
    for name in ("office_job", "office_job_file"):
        assert other.get(url(name, job)).status_code == 404
    assert other.post(url("office_job_cancel", job)).status_code == 404


def test_the_trail_is_read_and_checked(school: School, office: Client) -> None:
    approved(school, day_ago(3))
    text = page(office, "office_trail")
    assert "approved hours" in text
    assert page(office, "office_trail", subject=school.placement)
    assert page(office, "office_trail", before="3")
    sent = send(office, "office_verify")
    job = UUID(sent.url.rstrip("/").rpartition("/")[2])
    run_job(job, "test")
    assert jobs.status(job).state == "done"
    assert "are whole" in page(office, "office_job", job)


def test_figures_are_made_anew_for_whom_they_changed(school: School) -> None:
    approved(school, day_ago(3))
    first = api.dashboard(school.coordinator)
    api.change_placement(school.coordinator, school.placement, last=day_ago(-20))
    log(school, day_ago(2))
    second = api.dashboard(school.coordinator)
    assert second.sequence > first.sequence
    assert dict(second.overview.states)["draft"] == 240
    assert second.overview.ending_count == 1
    assert second.today == day_ago(0)
