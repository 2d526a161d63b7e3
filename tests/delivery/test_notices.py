"""Notices: told with what they tell of, shown on the site, mailed as each person wishes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from delivery.models import Enrollment, Notice, NoticeWish
from delivery.notices.api import DIGESTS_TASK, mark_read, notify
from delivery.notices.kinds import SENTENCES, say
from grading import staff
from jobs.api import enqueue
from jobs.models import Job
from jobs.runner import run_job
from tests.delivery.factories import MadeCourse, block, enrol, make_course, make_user
from tests.grading.tasks import ANA, ESSAY, FAIR, RUBRIC, SETTINGS, verdict

pytestmark = pytest.mark.django_db


def run_jobs() -> None:
    for job in Job.objects.filter(state=Job.State.QUEUED).order_by("created_at"):
        run_job(job.pk, "test")


def mail_the_day() -> None:
    """What the morning brings: a job, and those that it leaves."""
    enqueue(DIGESTS_TASK, {})
    for _turn in range(2):
        run_jobs()


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def made() -> MadeCourse:
    task = block("staff_task", "essay", display_name="Точки за достъп", exercise=RUBRIC)
    return make_course(task)


def hand_in(made: MadeCourse, enrollment: Enrollment) -> tuple[staff.Place, Any]:
    place = staff.Place(made.key, made.usage("staff_task", "essay"))
    item = {
        "student_id": enrollment.anonymous_id,
        "course_id": place.course_key,
        "item_id": place.usage_key,
        "item_type": "staff_task",
    }
    staff.hand_in(item, ESSAY, SETTINGS)  # type: ignore[arg-type]  # the same keys
    return place, item


def test_a_trainee_is_told_of_a_grade_on_the_site_and_by_mail(made: MadeCourse) -> None:
    trainee = make_user(first_name="Tena")
    place, _item = hand_in(made, enrol(trainee, made))
    work = staff.claim_next(place, ANA)
    assert work is not None
    staff.grade(place, work, ANA, verdict(FAIR), SETTINGS, version=1)
    client = signed_in(trainee)
    page = client.get(reverse("notices")).content.decode()
    assert "Your work on “Точки за достъп” has been graded." in page
    assert "Notices, some of them new" in page
    run_jobs()
    [sent] = mail.outbox
    assert sent.to == [trainee.email]
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    assert sent.subject == "Library School: Your work on “Точки за достъп” has been graded."
    assert "Dear Tena" in sent.body
    assert f"/courses/{made.key}/units/" in sent.body.replace("%3A", ":").replace("%2B", "+")
    run_jobs()
    assert len(mail.outbox) == 1
    notice = Notice.objects.get()
    followed = client.get(reverse("notice", args=[notice.pk]))
    assert followed["Location"] == notice.path
    assert client.get(notice.path).status_code == 200
    assert "some of them new" not in client.get(reverse("notices")).content.decode()


def test_a_return_names_its_date_and_a_review_is_told_to_who_graded(made: MadeCourse) -> None:
    trainee, teacher = make_user(), make_user()
    enrol(teacher, made, Enrollment.Role.INSTRUCTOR)
    place, item = hand_in(made, enrol(trainee, made))
    by = str(teacher.pk)
    work = staff.claim_next(place, by)
    assert work is not None
    due = timezone.now() + dt.timedelta(days=3)
    said = verdict({}, comment="Say why.")
    staff.give_back(place, work, by, said, SETTINGS, version=1, due_at=due)
    assert "for revision, due" in say(*Notice.objects.values_list("kind", "params").get())
    staff.hand_in(item, ESSAY, SETTINGS)
    staff.grade(place, work, by, verdict(FAIR), SETTINGS, version=2)
    staff.appeal(item, "Look again.")
    notice = Notice.objects.get(user=teacher)
    assert notice.kind == "review_asked"
    assert signed_in(teacher).get(notice.path).status_code == 200
    staff.answer_appeal(place, work, by, "I did.")
    assert Notice.objects.filter(user=trainee).first().kind == "review_answered"  # type: ignore[union-attr]  # the latest


def test_what_is_undone_was_never_told(made: MadeCourse) -> None:
    trainee = make_user()
    with transaction.atomic():
        notify(trainee.pk, "task_graded", {"task": "x"}, "/")
        transaction.set_rollback(True)
    assert not Notice.objects.exists()
    assert not Job.objects.exists()


def test_who_wishes_one_mail_a_day_gets_all_in_one() -> None:
    user = make_user()
    NoticeWish.objects.create(user=user, mail=NoticeWish.Mail.DAILY)
    for name in ("First", "Second"):
        notify(user.pk, "task_graded", {"task": name}, "/")
    run_jobs()
    assert mail.outbox == []
    for _day in range(2):
        mail_the_day()
    [sent] = mail.outbox
    assert "2 notices" in sent.subject
    assert "First" in sent.body
    assert "Second" in sent.body


def test_an_address_that_is_refused_keeps_nobody_from_their_mail() -> None:
    refused, other = make_user(), make_user()
    refused.email = "no\nheader@school.example"
    refused.save()
    for user in (refused, other):
        NoticeWish.objects.create(user=user, mail=NoticeWish.Mail.DAILY)
        notify(user.pk, "task_graded", {"task": "x"}, "/")
    mail_the_day()
    assert [sent.to for sent in mail.outbox] == [[other.email]]
    assert [notice.user_id for notice in Notice.objects.filter(awaits_mail=True)] == [refused.pk]


def test_who_wishes_none_or_has_read_it_gets_no_mail() -> None:
    silent, quick = make_user(), make_user()
    NoticeWish.objects.create(user=silent, mail=NoticeWish.Mail.NEVER)
    for user in (silent, quick):
        notify(user.pk, "task_graded", {"task": "x"}, "/")
    mark_read(quick.pk)
    run_jobs()
    assert mail.outbox == []
    assert Notice.objects.filter(user=silent).count() == 1


def test_a_wish_is_kept_with_the_language_it_was_made_in() -> None:
    user = make_user()
    client = signed_in(user)
    assert client.post(reverse("notice_wishes"), {"mail": "daily"}).status_code == 302
    wish = NoticeWish.objects.get()
    assert (wish.mail, wish.language) == ("daily", "en")
    assert client.post(reverse("notice_wishes"), {"mail": "hourly"}).status_code == 200
    assert NoticeWish.objects.get().mail == "daily"


def test_nobody_reads_or_follows_the_notices_of_another() -> None:
    owner, other = make_user(), make_user()
    notice = notify(owner.pk, "task_graded", {"task": "kanarinac"}, "/catalogue/")
    client = signed_in(other)
    assert client.get(reverse("notice", args=[notice.pk])).status_code == 404
    assert "kanarinac" not in client.get(reverse("notices")).content.decode()
    client.post(reverse("notices_read"))
    assert Notice.objects.get().read_at is None


def test_a_page_of_notices_costs_the_same_however_many_there_are() -> None:
    user = make_user()
    client = signed_in(user)
    counts = []
    for number in (1, 40):
        for _notice in range(number):
            notify(user.pk, "task_graded", {"task": "x"}, "/")
        client.get(reverse("notices"))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse("notices"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6
    assert "page=2" in client.get(reverse("notices")).content.decode()


def test_a_sentence_that_nobody_knows_is_refused() -> None:
    with pytest.raises(KeyError):
        notify(make_user().pk, "rumour", {}, "/")
    assert all(sentence.endswith(".") for sentence in SENTENCES.values())
