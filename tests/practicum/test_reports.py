"""Reports: one set of figures, whatever they are shown as, in the reader's language."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, time, timedelta
from pathlib import Path
from uuid import uuid4

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from practicum import api
from practicum.api import SYSTEM, Edition, Report, ReportRequest, Requirement, Rules
from tests.practicum.school import (
    TZ,
    School,
    approved,
    day_ago,
    id_of,
    log,
    make_school,
    person,
    place,
    submitted,
)

pytestmark = pytest.mark.django_db

LANGUAGES = ("bg", "hr", "sl", "ru", "kk", "en")
NAMES = ("Žaklina Šćepanović", "Әлия Ғаббасқызы", "Đorđe Čabrić", "Щедрина Ёлка", "Zoran Abe")


@pytest.fixture
def school() -> School:
    return make_school()


@pytest.fixture
def cohort(school: School) -> School:
    """A cohort of five with names of many alphabets at the host, and some hours of the first."""
    code = api.save_cohort(SYSTEM, "spring", "Пролет 2026").id
    for name in NAMES:
        trainee = api.Actor(api.add_person(SYSTEM, name=name, mail=f"{uuid4().hex}@example.org").id)
        place(trainee, school.host, school.programme, school.mentor, cohort=code)
    return school


def cohort_id() -> str:
    return str(api.save_cohort(SYSTEM, "spring", "Пролет 2026").id)


def make(school: School, kind: str, **changes: object) -> Report:
    of = {"placement": school.placement} if kind in ("record", "weekly") else {}
    return api.make_report(school.coordinator, ReportRequest(kind, **{**of, **changes}))  # type: ignore[arg-type]  # values of several types


def text_of(report: Report, language: str = "en") -> str:
    pdf = api.as_file(report, "pdf", Edition(language)).data
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def rows_of_csv(report: Report, language: str) -> list[list[str]]:
    text = api.as_file(report, "csv", Edition(language)).data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter="," if language == "en" else ";"))


def test_every_form_of_a_report_shows_the_same_total(school: School) -> None:
    for days, hours in ((9, 1), (8, 3), (7, 4)):
        approved(school, day_ago(days), hours=hours, allocations={"desk": hours * 60})
    log(school, day_ago(2))
    report = make(school, "record")
    assert report.minutes == 480
    assert "8,00" in text_of(report, "hr")
    stored = json.loads(api.as_file(report, "json", Edition("hr")).data)
    assert stored["confirmed"] == stored["sections"][0]["totals"]["confirmed"] == 480
    book = openpyxl.load_workbook(io.BytesIO(api.as_file(report, "xlsx", Edition("hr")).data))
    assert [cell.value for cell in book.worksheets[1][4]][2] == 8
    assert any(row[1:3] == ["100,00", "8,00"] for row in rows_of_csv(report, "hr"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_and_decimals_are_written_in_the_language(school: School, language: str) -> None:
    day = day_ago(3)
    approved(school, day, allocations={"cataloguing": 240})
    written = {
        "bg": f"{day:%d.%m.%Y} г.",  # noqa: RUF001  # letters of that language
        "hr": f"{day:%d.%m.%Y}.",
        "sl": f"{day:%d. %m. %Y}",
        "en": day.strftime("%d %b %Y"),
    }.get(language, f"{day:%d.%m.%Y}")
    text = text_of(make(school, "record"), language)
    assert written in text
    assert ("4.00" if language == "en" else "4,00") in text
    assert "Описах книги и подредих рафтовете." in text


def test_a_table_for_a_spreadsheet_holds_no_formula_and_opens_right(school: School) -> None:
    log(school, day_ago(2), text="=HYPERLINK(1)")
    report = make(school, "record")
    data = api.as_file(report, "csv", Edition("kk")).data
    assert data.startswith(b"\xef\xbb\xbf")
    cells = [cell for row in rows_of_csv(report, "kk") for cell in row]
    assert "'=HYPERLINK(1)" in cells
    assert "4,00" in cells
    book = openpyxl.load_workbook(io.BytesIO(api.as_file(report, "xlsx", Edition("kk")).data))
    values = [cell.value for page in book for row in page.iter_rows() for cell in row]
    assert "'=HYPERLINK(1)" in values
    assert not any(
        cell.data_type == "f" for page in book for row in page.iter_rows() for cell in row
    )


def test_a_signature_is_on_the_record_only_while_it_counts(school: School) -> None:
    approved(school, day_ago(3))
    log(school, day_ago(2))
    entries = make(school, "record").sections[-1]
    place = [column.name for column in entries.columns].index("signed_by")
    assert [row[place] for row in entries.rows] == ["Meri", ""]


def test_the_report_book_has_a_page_for_each_week(school: School) -> None:
    monday = day_ago(14) - timedelta(days=day_ago(14).isoweekday() - 1)
    approved(school, monday)
    log(school, monday + timedelta(days=7))
    api.save_week(
        school.trainee, school.placement, monday, text="Каталог", reflection="Научих много."
    )
    api.record_absence(
        school.trainee, school.placement, monday + timedelta(days=1), "sick", note="грип"
    )
    report = make(school, "weekly")
    assert [section.is_on_new_page for section in report.sections] == [False, False, True]
    pdf = api.as_file(report, "pdf", Edition("bg")).data
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    assert len(pages) == 2
    assert all(one in pages[0] for one in ("Научих много.", "Каталог"))
    assert "грип" not in pages[0]


@pytest.mark.parametrize(
    ("language", "order"),
    [
        ("hr", ["Đorđe Čabrić", "Zoran Abe", "Žaklina Šćepanović", "Щедрина Ёлка"]),
        ("kk", ["Әлия Ғаббасқызы", "Щедрина Ёлка", "Đorđe Čabrić", "Žaklina Šćepanović"]),
    ],
)
def test_names_stand_in_the_order_of_the_language(
    cohort: School, language: str, order: list[str]
) -> None:
    report = make(cohort, "cohort", cohort=cohort_id(), language=language)
    names = [str(row[0]) for row in report.sections[0].rows]
    assert [name for name in names if name in order] == order
    assert len(names) == len(NAMES)


def test_a_cohort_counts_a_rotation_once_and_what_is_missing(school: School) -> None:
    cohort = api.save_cohort(SYSTEM, "spring", "Spring").id
    trainee = person("Rada")
    first = place(trainee, school.host, school.programme, school.mentor, cohort=cohort)
    api.move_placement(
        school.coordinator,
        first,
        host=school.other_host,
        first=day_ago(-2),
        mentors=(id_of(school.other_mentor),),
    )
    report = make(school, "cohort", cohort=cohort)
    (row,) = report.sections[0].rows
    hosts = "Sample City Library; Sample Village Library"
    assert row == ("Rada", hosts, 6000, 0, 0, 6000, (0, 6000))
    assert report.sections[0].totals[2:] == (6000, 0, 0, 6000, (0, 6000))


def test_a_host_summary_of_a_month_counts_its_days_alone(school: School) -> None:
    approved(school, day_ago(3))
    approved(school, day_ago(60))
    whole = make(school, "host", host=school.host)
    part = make(school, "host", host=school.host, first=day_ago(10), last=day_ago(0))
    assert (whole.minutes, part.minutes) == (480, 240)
    assert make(school, "host", host=school.other_host).minutes == 0


def test_the_monthly_sheet_has_a_column_for_each_day(school: School) -> None:
    day = day_ago(31).replace(day=10)
    approved(school, day, hours=3, allocations={"desk": 180})
    api.record_absence(school.trainee, school.placement, day.replace(day=11), "sick")
    (section,) = make(school, "monthly", first=day).sections
    assert len([one for one in section.columns if one.is_plain]) in (28, 29, 30, 31)
    (row,) = section.rows
    assert row[0] == "Tena"
    assert row[10] == 180
    assert row[-3:] == (1, 1, 180)
    assert section.totals[-3:] == (1, 1, 180)


def test_a_funders_report_names_nobody_and_counts_erased_people(school: School) -> None:
    approved(school, day_ago(3))
    trainee = person("Kasija")
    old = place(trainee, school.host, school.programme, first=day_ago(90), last=day_ago(50))
    api.erase_person(school.coordinator, id_of(trainee))
    report = make(school, "funder")
    assert not report.is_personal
    assert (report.minutes, old in report.placements) == (240, True)
    assert report.facts[0].value == 3
    text = text_of(report)
    assert not any(name in text for name in ("Tena", "Kasija", "Toma", "Meri"))


def test_rounded_hours_sum_to_the_rounded_total(school: School) -> None:
    for code in "abc":
        api.save_category(SYSTEM, code, code)
    rules = Rules(requirement=Requirement(600), categories=("a", "b", "c"), grace_days=0)
    version = api.save_programme(SYSTEM, "thirds", "Thirds", rules).id
    trainee = person("Treta")
    of = place(trainee, school.host, version, school.mentor)
    values = api.EntryValues(
        start=api.moment(day_ago(2), time(9), TZ),
        end=api.moment(day_ago(2), time(10), TZ),
        break_minutes=0,
        allocations={"a": 20, "b": 20, "c": 20},
    )
    entry = api.log_hours(trainee, uuid4(), values, placement=of).id
    api.submit_entries(trainee, [entry])
    shown = api.entry(SYSTEM, entry)
    api.review_entries(school.mentor, [api.ReviewItem(entry, shown.content_hash, approve=True)])
    report = api.make_report(SYSTEM, ReportRequest("record", placement=of))
    rows = [row for row in rows_of_csv(report, "hr") if row and row[0] in "abc"]
    assert [row[2] for row in rows] == ["0,34", "0,33", "0,33"]


def test_who_sees_a_placement_may_report_on_it_and_coordinators_on_all(school: School) -> None:
    for actor in (school.trainee, school.mentor, school.coordinator):
        wanted = ReportRequest("record", placement=school.placement)
        assert api.make_report(actor, wanted).placements == (school.placement,)
    with pytest.raises(api.NotFound):
        api.make_report(school.other_mentor, ReportRequest("weekly", placement=school.placement))
    for kind in ("cohort", "host", "monthly", "funder"):
        for actor in (school.trainee, school.mentor):
            with pytest.raises(api.NotAllowed):
                api.make_report(actor, ReportRequest(kind, host=school.host))


def test_what_is_not_there_cannot_be_reported_on(school: School) -> None:
    for wanted in (
        ReportRequest("cohort"),
        ReportRequest("host", host=uuid4()),
        ReportRequest("nothing"),
        ReportRequest("record"),
    ):
        with pytest.raises(api.NotFound):
            api.make_report(school.coordinator, wanted)
    with pytest.raises(api.InvalidValue):
        make(school, "funder", first=day_ago(1), last=day_ago(2))


def test_a_code_tells_whether_a_summary_still_holds(school: School) -> None:
    approved(school, day_ago(3))
    report = make(school, "funder")
    code = api.issue_report(
        school.coordinator, report.kind, report.placements, report.first, report.last
    ).id
    check = api.check_document(code)
    assert (check.kind, check.minutes, check.is_current) == ("funder", 240, True)
    approved(school, day_ago(4))
    assert not api.check_document(code).is_current
    assert api.verify_audit_trail().is_whole
    with pytest.raises(api.NotAllowed):
        api.issue_report(school.mentor, "funder", report.placements, report.first, report.last)


def test_no_approval_is_taken_back_once_a_summary_of_its_day_went_out(school: School) -> None:
    entry = approved(school, day_ago(3))
    report = make(school, "funder")
    api.issue_report(school.coordinator, report.kind, report.placements, report.first, report.last)
    with pytest.raises(api.TooLate):
        api.undo_approval(school.mentor, entry)


def test_a_request_survives_being_stored(school: School) -> None:
    wanted = ReportRequest(
        "monthly", host=school.host, first=date(2026, 2, 1), last=date(2026, 2, 28), language="kk"
    )
    assert ReportRequest.of_plain(json.loads(json.dumps(wanted.plain()))) == wanted


def test_a_printed_report_says_how_to_check_it(school: School) -> None:
    code = uuid4()
    url = f"https://school.example.org/practice/check/{code}/"
    pdf = api.as_file(make(school, "record"), "pdf", Edition("en", "School", code, url)).data
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert text.replace("\n", "").count(str(code)) >= 2


def test_the_command_writes_every_form(school: School, tmp_path: Path) -> None:
    submitted(school, day_ago(3))
    for form, begins in (("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
        file = tmp_path / f"record.{form}"
        arguments = ("practicum_report", str(school.placement), "--format", form)
        call_command(*arguments, "--output", str(file), "--language", "bg")
        assert file.read_bytes().startswith(begins)
    with pytest.raises(CommandError, match="--output"):
        call_command("practicum_report", str(school.placement), "--format", "pdf")
