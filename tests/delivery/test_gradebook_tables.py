"""Marks as tables: what goes out is safe and complete, what comes in is shown before it counts."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from submissions import api as submissions

from delivery.gradebook import importing
from delivery.gradebook.importing import apply_marks, start_applying
from delivery.grades import api as grades
from delivery.models import Block, Enrollment, MarksImport, Override, ScoreChange
from delivery.tree import load_tree
from jobs.api import find_jobs, status
from jobs.runner import run_job
from quarantine.tables import read_table
from tests.delivery.factories import make_user
from tests.delivery.marking import Class, make_class
from tests.delivery.reading_room import faults, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def school_class() -> Class:
    made = make_class(people=3)
    ana, borna, _third = made.people
    for name, earned, possible in (("sum", 7.5, 10), ("guess", 4, 4), ("question", 1, 2)):
        made.score(ana, name, earned, possible)
    made.score(borna, "sum", 5, 10)
    return made


def table(response: Any) -> list[list[str]]:
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment; filename=")
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


# --- Out


def test_the_points_go_out_by_name_with_a_head_that_names_each_exercise(
    school_class: Class,
) -> None:
    response = school_class.get("gradebook_table", "points")
    heads, borna, ana, _third = table(response)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert heads[:5] == ["username", "name", "email", "grade", "letter"]
    assert heads[5:7] == ["One · Sum / 10 [problem/sum]", "One · Judita / 20 [marc_record/judita]"]
    assert ana[:4] == [school_class.people[0].username, "Ana Horvat", ana[2], "0.58"]
    assert ana[5:] == ["7.5", "", "4.0", "", "5.0", ""]
    assert borna[5] == "5.0"


def test_a_score_that_a_person_gave_stands_in_the_book_and_goes_out(school_class: Class) -> None:
    third = school_class.people[2]
    item = {
        "student_id": Enrollment.objects.get(user=third).anonymous_id,
        "course_id": school_class.course.key,
        "item_id": school_class.usage("marc_record", "judita"),
        "item_type": "marc_record",
    }
    given = submissions.create_submission(item, "an essay")
    submissions.set_score(given["uuid"], 14, 20)
    rows = table(school_class.get("gradebook_table", "points"))
    assert [row[6] for row in rows if row[0] == third.username] == ["14.0"]
    said = words(school_class.get("gradebook_cell", third.pk, "marc_record", "judita"))
    assert "Mark 14 of 20 points" in said
    assert "Score given" in said


def test_no_name_becomes_a_formula(school_class: Class) -> None:
    person = school_class.people[0]
    person.first_name, person.last_name = "=HYPERLINK(1)", "@x"
    person.save()
    for kind in ("points", "platform"):
        cells = [cell for row in table(school_class.get("gradebook_table", kind)) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "@", "+"))]


def test_the_platforms_report_has_its_heads_averages_and_words(school_class: Class) -> None:
    heads, _borna, ana, third = table(school_class.get("gradebook_table", "platform"))
    assert heads == [
        "Student ID",
        "Email",
        "Username",
        "Grade",
        "Exercises 1: One",
        "Exercises 2: Two",
        "Exercises 3: Three",
        "Exercises (Avg)",
        "Test",
        "Enrollment Status",
    ]
    # 7.5 of 30 is a quarter; of three exercises the best two count: (1 + 0.25) / 2.
    assert ana[3:] == ["0.58", "0.25", "1.0", "Not Attempted", "0.625", "0.5", "enrolled"]
    assert third[4:] == ["Not Attempted"] * 3 + ["0.0", "Not Attempted", "enrolled"]


def test_a_group_goes_out_alone(school_class: Class) -> None:
    group = school_class.course.groups.create(name="Evening")
    group.members.add(Enrollment.objects.get(user=school_class.people[1]))
    rows = table(school_class.get("gradebook_table", "points", group=group.pk))
    assert [row[1] for row in rows[1:]] == ["Borna Čič"]


def test_a_workbook_is_made_by_a_job_for_who_asked_alone(school_class: Class) -> None:
    assert school_class.post("gradebook_order", "workbook").status_code == 302
    page = school_class.get("gradebook_export")
    assert faults(page) == []
    assert "A file is being made" in words(page)
    (job,) = find_jobs(user=school_class.teacher)[0:9]
    assert f'data-follow="{reverse("job_status", args=[job.id])}"' in page.content.decode()
    run_job(job.id, "test")
    page = school_class.get("gradebook_export")
    assert faults(page) == []
    assert status(job.id).file_name in words(page)
    address = reverse("job_file", args=[job.id])
    assert f'href="{address}"' in page.content.decode()
    file = school_class.client.get(address)
    rows = read_table(file.content, "a.xlsx")
    assert rows[2][5:8] == [7.5, "", 4]
    colleague = make_user()
    Enrollment.objects.create(
        user=colleague, course=school_class.course, role=Enrollment.Role.INSTRUCTOR
    )
    school_class.client.force_login(colleague)
    assert school_class.client.get(address).status_code == 404
    assert status(job.id).file_name not in words(school_class.get("gradebook_export"))


def test_a_table_that_is_not_offered_is_not_there(school_class: Class) -> None:
    assert school_class.get("gradebook_table", "workbook").status_code == 404
    assert school_class.get("gradebook_table", "nothing").status_code == 404
    assert school_class.post("gradebook_order", "points").status_code == 404


# --- In


def upload(made: Class, text: str, name: str = "marks.csv", reason: str = "Oral exam") -> Any:
    file = SimpleUploadedFile(name, text.encode())
    return made.post("marks_imports", table=file, reason=reason)


def the_import() -> MarksImport:
    return MarksImport.objects.latest("created_at")


def job_of(marks: MarksImport) -> UUID:
    assert marks.job is not None
    return marks.job


def told(made: Class) -> str:
    page = made.get("marks_import", the_import().pk)
    assert faults(page) == []
    return words(page)


def test_a_dry_run_tells_every_change_and_every_fault_by_row_and_changes_nothing(
    school_class: Class,
) -> None:
    ana, borna, third = school_class.people
    upload(
        school_class,
        "username;Sum;[problem/guess];Notes\n"
        f"{ana.username};7,5;3;late\n"
        f"{borna.username};excused;;\n"
        f"{third.username};11;two;\n"
        "nobody;1;1;\n"
        f"{ana.username};1;1;\n",
    )
    said = told(school_class)
    assert "2 marks would change." in said
    assert "1 cell says what stands already." in said
    assert "2 Ana Horvat Guess 4 3" in said
    assert "3 Borna Čič Sum 5 excused" in said
    assert "4 Sum 11 is more than the 10 points that are possible." in said
    assert "4 [problem/guess] “two” is neither a number nor the word “excused”." in said
    assert "No trainee of this course is called nobody." in said
    assert f"{ana.username} has a row above already." in said
    assert school_class.cell(ana, "problem/guess").earned == 4
    assert not Override.objects.exists()


def test_what_was_checked_is_applied_once_with_its_reason(school_class: Class) -> None:
    ana, borna, _third = school_class.people
    upload(school_class, f"email,problem/sum\n{ana.email},9\n{borna.email.upper()},excused\n")
    for _press in range(2):
        school_class.post("marks_import_apply", the_import().pk)
    assert school_class.cell(ana, "problem/sum").earned == 9
    assert school_class.cell(borna, "problem/sum").is_excused
    assert Override.objects.count() == 2
    kinds = set(ScoreChange.objects.filter(kind="import").values_list("reason", "made_by"))
    assert kinds == {("Oral exam", school_class.teacher.pk)}
    assert "2 marks were changed" in told(school_class)


def test_the_exported_table_comes_back_and_changes_nothing(school_class: Class) -> None:
    course, ana = school_class.course, school_class.people[0]
    third = school_class.usage("problem", "third")
    grades.excuse(course, ana.pk, third, reason="x", by=school_class.teacher)
    rows = table(school_class.get("gradebook_table", "points"))
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    upload(school_class, out.getvalue())
    said = told(school_class)
    assert "0 marks would change. 5 cells say what stands already." in said
    assert "left out" not in said


def test_a_mark_that_somebody_changed_meanwhile_is_left_alone_and_told(
    school_class: Class,
) -> None:
    ana, borna, _third = school_class.people
    upload(school_class, f"username,Sum\n{ana.username},9\n{borna.username},8\n")
    school_class.post("gradebook_override", ana.pk, "problem", "sum", points=3, reason="x")
    school_class.post("marks_import_apply", the_import().pk)
    assert school_class.cell(ana, "problem/sum").earned == 3
    assert school_class.cell(borna, "problem/sum").earned == 8
    said = told(school_class)
    assert "1 mark was changed" in said
    assert "was changed after the check" in said


def test_a_row_without_a_name_or_with_an_address_of_several_is_nobodys(
    school_class: Class,
) -> None:
    ana, borna, third = school_class.people
    for person, address in ((ana, ""), (borna, "ured@nsk.example"), (third, "ured@nsk.example")):
        person.email = address
        person.save()
    upload(school_class, "username,email,Sum\n,,9\n,ured@nsk.example,8\n")
    said = told(school_class)
    assert "0 marks would change." in said
    assert "No trainee of this course is called \N{EN DASH}." in said
    assert "No trainee of this course is called ured@nsk.example." in said


def test_marks_that_are_no_longer_possible_are_told_and_the_others_count(
    school_class: Class,
) -> None:
    _ana, borna, third = school_class.people
    upload(school_class, f"username,Sum,Guess\n{third.username},9,4\n{borna.username},9,\n")
    for usage, possible in (("sum", 8.0), ("guess", 4.0)):
        key = school_class.usage("problem", usage)
        Block.objects.filter(usage_key=key).update(max_score=possible)
    load_tree.cache_clear()
    school_class.post("marks_import_apply", the_import().pk)
    assert the_import().state == MarksImport.State.APPLIED
    assert school_class.cell(third, "problem/sum").earned is None
    assert school_class.cell(third, "problem/guess").earned == 4
    said = told(school_class)
    assert "1 mark was changed" in said
    assert "At most 8 points are possible here." in said


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "empty"),
        ("a,b\n1,2\n", "names no column “username” or “email”"),
        ("username,Notes\nx,1\n", "names no exercise of this course"),
        ("username,Sum,problem/sum\nx,1,1\n", "Two columns are for Sum"),
        ('username,Sum\n"x', "malformed"),
    ],
)
def test_a_table_without_marks_is_refused_in_words(
    school_class: Class, text: str, problem: str
) -> None:
    response = upload(school_class, text)
    if response.status_code == 422:
        assert problem in words(response)
        return
    assert the_import().state == MarksImport.State.REFUSED
    assert problem in told(school_class)


def test_a_file_that_is_no_table_is_refused(school_class: Class) -> None:
    upload(school_class, "username,Sum\n", name="marks.exe")
    assert the_import().state == MarksImport.State.REFUSED


def test_a_discarded_table_is_never_applied(school_class: Class) -> None:
    ana = school_class.people[0]
    upload(school_class, f"username,Sum\n{ana.username},9\n")
    school_class.post("marks_import_discard", the_import().pk)
    school_class.post("marks_import_apply", the_import().pk)
    assert school_class.cell(ana, "problem/sum").earned == 7.5
    assert the_import().lines.count() == 0
    assert "was discarded" in told(school_class)


def test_a_large_table_is_checked_and_applied_by_jobs_and_an_interruption_is_made_good(
    school_class: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "SMALL_TABLE", 10)
    monkeypatch.setattr(importing, "FEW_CHANGES", 1)
    ana, borna, third = school_class.people
    lines = "".join(f"{person.username},9\n" for person in (ana, borna, third))
    upload(school_class, f"username,Sum\n{lines}")
    marks = the_import()
    assert marks.state == MarksImport.State.WAITING
    assert "Being checked" in told(school_class)
    assert school_class.get("marks_import_status", marks.pk).json()["is_over"] is False
    run_job(job_of(marks), "test")
    marks = the_import()
    assert marks.state == MarksImport.State.READY
    assert start_applying(marks, school_class.teacher) is False

    class Killed(Exception):
        """The worker dies after the first learner."""

    def die(done: int = 0, total: int = 0) -> None:
        raise Killed

    with pytest.raises(Killed):
        apply_marks(marks.pk, die)
    assert Override.objects.count() == 1
    run_job(job_of(the_import()), "test")
    assert the_import().state == MarksImport.State.APPLIED
    assert Override.objects.count() == 3
    assert {school_class.cell(one, "problem/sum").earned for one in school_class.people} == {9}
    assert "3 marks were changed" in told(school_class)


def test_an_import_of_another_course_is_not_there(school_class: Class) -> None:
    upload(school_class, f"username,Sum\n{school_class.people[0].username},9\n")
    other = make_class(people=0)
    for view in ("marks_import", "marks_import_status"):
        assert other.get(view, the_import().pk).status_code == 404
    for view in ("marks_import_apply", "marks_import_discard"):
        assert other.post(view, the_import().pk).status_code == 404
    assert the_import().state == MarksImport.State.READY


def test_without_a_file_or_a_reason_nothing_is_taken(school_class: Class) -> None:
    response = school_class.post("marks_imports", reason="")
    assert response.status_code == 422
    assert faults(response) == []
    assert not MarksImport.objects.exists()
    assert faults(school_class.get("marks_imports")) == []
