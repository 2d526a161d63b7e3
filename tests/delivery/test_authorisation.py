"""Every URL and every block handler, asked for by every role, against the table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from delivery.handlers import handlers_of
from delivery.models import CourseImport, Draft, DraftConflict, Enrollment, MarksImport, Notice
from delivery.notices.api import notify
from grading.api import request_regrade
from jobs.clock import seconds_from_now
from jobs.models import Job, JobFile
from practicum.rest.views import call as practicum_rest
from tests.delivery.authorisation import (
    ADMINISTRATORS,
    DRAFT_OUTCOMES,
    HANDLER_OUTCOMES,
    HANDLERS,
    ROLES,
    VIEWS,
)
from tests.delivery.authorisation_office import OFFICE_ARGUMENTS, OFFICE_SENT
from tests.delivery.factories import (
    MadeCourse,
    block,
    enrol,
    make_course,
    make_user,
    make_version,
    scored,
)

pytestmark = pytest.mark.django_db

KEY = {"profile": "marc21", "fields": [{"tag": "245", "ind": "10", "sub": [["a", "Fern"]]}]}
DRILL = {"items": [{"id": "fern", "type": "udc", "prompt": "<p>Ferns</p>", "value": "582.394"}]}
FERN_PAGE = {
    "regions": [{"cls": "stain", "sev": 1, "poly": [[0.1, 0.1], [0.4, 0.1], [0.1, 0.4]]}],
}
RUBRIC = {"criteria": [{"id": "reasons", "name": "Reasons", "points": 4}]}
STEPS = {"steps": [{"id": "press", "kind": "required"}]}
LOTS = {"items": [{"id": "fern", "limit_h": 1}, {"id": "moss", "limit_h": 9}]}
CHOICE = {"items": [{"id": "fern", "right": "keep"}], "choices": [{"id": "keep"}]}
CASE = {"nodes": [{"id": "a", "choices": [{"id": "go", "to": "b"}]}, {"id": "b", "score": 1}]}
SPENDING = {"items": [{"id": "ferns", "cost": 1, "benefit": 1}], "limit": 1}
WEEK = {
    "shifts": [{"id": "monday", "start": 9, "end": 12}],
    "people": [{"id": "fern"}],
}
STORE = {"series": "fern store", "events": ["damp", "stuck"]}
EPISODE = {"climate": {**STORE, "part": "episodes"}}
SHEET = {"climate": STORE, "data": {"ferns": 2}, "cells": [{"id": "mean", "formula": "log_t_mean"}]}
PROBLEM = "<problem><stringresponse answer='fern'><textline/></stringresponse></problem>"
BLOCKS = (
    block("annotatable", "annotatable", data="<annotatable><p>Fern</p></annotatable>"),
    block("budget", "budget", exercise=SPENDING),
    block("cataloguing_drill", "drill", exercise=DRILL),
    block("condition_report", "report", exercise=FERN_PAGE),
    block("decision_table", "decisions", exercise=CHOICE),
    block("discussion", "discussion"),
    block("drag-and-drop-v2", "drag"),
    block("lti", "lti"),
    block("marc_record", "record", exercise={"keys": [KEY]}),
    block("pdf", "pdf", url="/static/fern.pdf"),
    block("plan", "plan", exercise=STEPS),
    block("poll_question", "poll", question="Fern?", answers=[{"id": "yes", "text": "Yes"}]),
    block("practicum_log", "hours", programme="basic"),
    scored(block("problem", "problem", data=PROBLEM)),
    block("rota", "rota", exercise=WEEK),
    block("salvage", "salvage", exercise=LOTS),
    block("scenario", "case", exercise=CASE),
    block("staff_task", "essay", exercise=RUBRIC),
    block("time_line", "year", exercise=EPISODE),
    block("video", "video", html5_sources=["/static/fern.mp4"]),
    block("word_cloud", "cloud"),
    block("workbook", "sheet", exercise=SHEET),
)
SUFFIXES = {"download_data": "csv", "download_log": "csv", "xmodule_handler": "problem_get"}
COURSE_PAGES = (
    "course",
    "draft",
    "draft_add",
    "draft_discard",
    "draft_files",
    "draft_grading",
    "draft_presence",
    "draft_preview",
    "draft_publish",
    "draft_text_preview",
    "draft_update",
    "enrol",
    "grading",
    "gradebook",
    "gradebook_export",
    "gradebook_statistics",
    "gradebook_struggling",
    "groups",
    "leave",
    "marks_imports",
    "preview_stop",
    "progress",
    "regrades",
    "rescore",
    "resume",
    "transcript",
    "versions",
    "view_as",
)
DRAFT_BLOCK_PAGES = (
    "draft_delete",
    "draft_duplicate",
    "draft_edit",
    "draft_move",
    "draft_put_back",
    "draft_settings",
)
DRAFT_FILE_PAGES = ("draft_file", "draft_file_delete", "draft_file_put_back")
CELL_PAGES = (
    "gradebook_cell",
    "gradebook_excuse",
    "gradebook_extend",
    "gradebook_override",
    "gradebook_undo",
)
GROUP_PAGES = ("group", "group_delete", "group_remove")
MARKS_PAGES = (
    "marks_import",
    "marks_import_apply",
    "marks_import_discard",
    "marks_import_status",
)
JOB_PAGES = ("job", "job_status", "job_file", "job_cancel", "job_requeue")
REGRADE_PAGES = (
    "regrade",
    "regrade_state",
    "regrade_table",
    "regrade_apply",
    "regrade_stop",
    "regrade_again",
)
IMPORT_PAGES = ("import_detail", "import_status", "import_publish", "import_discard")
SOME = UUID(int=7)
PRACTICUM_ARGUMENTS: dict[str, Any] = {
    "path": "placements",
    "placement": SOME,
    "entry": SOME,
    "form": SOME,
    "sheet": SOME,
    "file": SOME,
    "amendment": SOME,
    "template": SOME,
    "link": SOME,
    "day": "2026-11-23",
    "month": "2026-11",
    "token": f"{SOME.hex}.x",
}
ADMIN_OPEN = {"admin:login", "admin:logout"}
# Programs come to it with a token, and send none of a form. Those who come by a session need one:
# it asks for that itself, as tests/practicum/test_rest.py shows of each of its commands.
ASKS_FOR_THE_TOKEN_ITSELF = [practicum_rest]


@dataclass
class Scene:
    """A course, an upload for it, and somebody of each role."""

    made: MadeCourse
    upload: CourseImport
    conflict: DraftConflict
    job: Any
    regrade: int
    notice: Notice
    people: dict[str, Any]

    def client(self, role: str) -> Client:
        client = Client()
        if role == "anonymous":
            return client
        person = self.people[role]
        client.force_login(person)
        if role == "deactivated":
            type(person).objects.filter(pk=person.pk).update(is_active=False)
        return client

    def path(self, view: str) -> str:
        if view in OFFICE_ARGUMENTS:
            return reverse(view, kwargs=OFFICE_ARGUMENTS[view])
        if view.startswith("practicum:"):
            return practicum_path(view)
        course, unit = {"course_key": self.made.key}, {"usage_key": self.made.unit}
        record = {"usage_key": self.made.usage("marc_record", "record")}
        arguments: dict[str, dict[str, Any]] = {
            "account_confirm_email": {"key": "nothing"},
            "account_reset_password_from_key": {"uidb36": "1", "key": "nothing"},
            "block_resource": {"block_type": "marc_record", "uri": "public/xblock.js"},
            "unit": course | unit,
            "unit_viewed": course | unit,
            "jump": course | {"block_id": "record"},
            "course_file": course | {"file_path": "fern.txt"},
            "block_frame": course | {"usage_key": self.made.usage("problem", "problem")},
            "block_handler": course | record | {"handler": "reset_draft", "suffix": ""},
            "version_restore": course | {"number": 1},
            "preview_start": course | {"number": 1},
            "version_compare": course,
            "draft_unit": course | unit,
            "draft_frame": course | {"usage_key": self.made.usage("problem", "problem")},
            "draft_editor": course | {"usage_key": self.made.usage("word_cloud", "cloud")},
            "draft_handler": course | record | {"handler": "reset_draft", "suffix": ""},
            "draft_conflict": course | {"conflict_id": self.conflict.pk},
            **dict.fromkeys(
                DRAFT_BLOCK_PAGES, course | {"usage_key": self.made.usage("video", "video")}
            ),
            **dict.fromkeys(DRAFT_FILE_PAGES, course | {"file_path": "fern.txt"}),
            **{page: {"import_id": self.upload.pk} for page in IMPORT_PAGES},
            **{page: {"job_id": self.job} for page in JOB_PAGES},
            **dict.fromkeys(REGRADE_PAGES, course | {"regrade_id": self.regrade}),
            **dict.fromkeys(COURSE_PAGES, course),
            "grading_room": course | {"usage_key": self.made.usage("staff_task", "essay")},
            "notice": {"notice_id": self.notice.pk},
            **self.gradebook_arguments(view),
        }
        query = "?from=1&to=2" if view == "version_compare" else ""
        return reverse(view, kwargs=arguments.get(view, {})) + query

    def gradebook_arguments(self, view: str) -> dict[str, dict[str, Any]]:
        """What the pages of the grade book are asked for; their rows are made if need be."""
        course, key = self.made.course, {"course_key": self.made.key}
        column = {"kind": "problem", "name": "problem"}
        learner = {"user_id": self.people["trainee"].pk}
        made: dict[str, dict[str, Any]] = {
            "gradebook_column": key | column,
            "gradebook_learner": key | learner,
            "gradebook_table": key | {"kind": "points"},
            "gradebook_order": key | {"kind": "workbook"},
            **dict.fromkeys(CELL_PAGES, key | column | learner),
        }
        if view in GROUP_PAGES:
            group, _is_new = course.groups.get_or_create(name="Ferns")
            made[view] = key | {"group_id": group.pk}
        if view in MARKS_PAGES:
            marks, _is_new = MarksImport.objects.get_or_create(
                course=course, defaults={"state": MarksImport.State.READY}
            )
            made[view] = key | {"import_id": marks.pk}
        return made


@pytest.fixture
def scene() -> Scene:
    made = make_course(*BLOCKS)
    elsewhere = make_course()
    people = {role: make_user(f"role-{role}") for role in ROLES if role != "anonymous"}
    for role in ("trainee", "deactivated"):
        enrol(people[role], made)
    enrol(people["instructor"], made, Enrollment.Role.INSTRUCTOR)
    enrol(people["other_instructor"], elsewhere, Enrollment.Role.INSTRUCTOR)
    people["author"].user_permissions.add(Permission.objects.get(codename="add_course"))
    type(people["author"]).objects.filter(pk=people["administrator"].pk).update(
        is_staff=True, is_superuser=True
    )
    upload = CourseImport.objects.create(
        uploaded_by=people["instructor"],
        course=made.course,
        version=make_version(made.course, *BLOCKS, files={"fern.txt": b"fern"}),
        file_name="fern.tar.gz",
        state=CourseImport.State.READY,
    )
    draft = Draft.objects.create(course=made.course)
    conflict = DraftConflict.objects.create(
        draft=draft, usage_key=made.usage("video", "video"), author=people["instructor"]
    )
    notice = notify(people["administrator"].pk, "task_graded", {"task": "Ferns"}, "/catalogue/")
    regrade = request_regrade(
        *(made.key, made.usage("marc_record", "record")),
        grader="marc",
        exercise={"keys": [KEY]},
        points=10,
        requested_by=people["instructor"].pk,
    )
    job = Job.objects.create(task="delivery.import_course", created_by=people["instructor"])
    JobFile.objects.create(job=job, name="marks.csv", data=b"", expires_at=seconds_from_now(3600))
    return Scene(made, upload, conflict, job.pk, regrade, notice, people)


def practicum_path(view: str) -> str:
    """The address of a page of the practicum, of something that is not there."""
    _prefix, practicum = get_resolver().namespace_dict["practicum"]
    possibilities, *_rest = practicum.reverse_dict.getlist(view.removeprefix("practicum:"))
    _pattern, wanted = possibilities[0][0]
    return reverse(view, kwargs={name: PRACTICUM_ARGUMENTS[name] for name in wanted})


def ask(
    client: Client, method: str, path: str, sent: dict[str, str] | None = None
) -> HttpResponseBase:
    """The response to a browser's GET, or to a POST of an empty form or JSON object, or of sent."""
    if method == "GET":
        return client.get(path, headers={"Accept": "text/html"})
    if "/handler/" in path or "/api/" in path:
        return client.post(path, "{}", content_type="application/json")
    return client.post(path, sent)


def outcome(scene: Scene, method: str, response: HttpResponseBase) -> str:
    """The sign of the table for a response."""
    location = response.headers.get("Location", "")
    asked_to_enrol = method == "GET" and location == scene.path("course")
    if location.startswith(reverse("account_login")) or asked_to_enrol:
        return ">"
    return {401: "-", 403: "-", 404: "?"}.get(response.status_code, "+")


def fingerprint() -> dict[str, int]:
    """How many rows each of our tables has, in one statement: it is asked for very often."""
    tables = [
        model._meta.db_table
        for model in apps.get_models()
        if model.__module__.split(".")[0] in {"delivery", "grading", "jobs", "practicum"}
    ]
    name = connection.ops.quote_name
    counts = ", ".join(
        f"(SELECT COUNT(*) FROM {name(table)})"  # noqa: S608  # our own tables
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}")
        return dict(zip(tables, cursor.fetchone(), strict=True))


def view_names(patterns: list[Any], namespace: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from view_names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


def test_every_url_stands_in_the_table() -> None:
    found = view_names(get_resolver().url_patterns)
    names = {name for name in found if not name.startswith("admin:")}
    assert names == {view for view, _ in VIEWS}


def test_every_handler_of_every_installed_block_stands_in_the_table() -> None:
    found = set()
    for point in entry_points(group="xblock.v1"):
        tag = point.name.removeprefix("_").removesuffix("_extracted")
        if tag in {block.block_type for block in BLOCKS} or point.dist.name == "libschool":  # type: ignore[union-attr]  # every point has one
            found |= {(tag, name) for name in handlers_of(point.load())}
    assert found <= set(HANDLERS)
    for tag in ("cataloguing_drill", "condition_report", "marc_record", "practicum_log"):
        ours = {row for row in HANDLERS if row[0] == tag}
        assert {row for row in found if row[0] == tag} == ours


def asked_by_each_role(
    scene: Scene, method: str, path: str, sent: dict[str, str] | None = None
) -> str:
    """The signs of all roles' requests; what one of them changed is undone before the next."""
    signs = ""
    for role in ROLES:
        client = scene.client(role)
        with transaction.atomic():
            before = fingerprint()
            sign = outcome(scene, method, ask(client, method, path, sent))
            if sign in "-?":
                assert fingerprint() == before, role
            transaction.set_rollback(True)
        signs += sign
    return signs


@pytest.mark.parametrize(("view", "method"), VIEWS)
def test_each_role_gets_from_each_url_what_the_table_says(
    scene: Scene, view: str, method: str
) -> None:
    signs = asked_by_each_role(scene, method, scene.path(view), OFFICE_SENT.get(view))
    assert signs == VIEWS[view, method]


@pytest.mark.parametrize(("block_type", "handler"), HANDLERS)
def test_each_role_gets_from_each_handler_what_the_table_says(
    scene: Scene, block_type: str, handler: str
) -> None:
    name = next(spec.name for spec in BLOCKS if spec.block_type == block_type)
    arguments = {
        "course_key": scene.made.key,
        "usage_key": scene.made.usage(block_type, name),
        "handler": handler,
        "suffix": SUFFIXES.get(handler, ""),
    }
    level = HANDLERS[block_type, handler]
    path = reverse("block_handler", kwargs=arguments)
    assert asked_by_each_role(scene, "POST", path) == HANDLER_OUTCOMES[level]
    on_draft = ask(scene.client("instructor"), "POST", reverse("draft_handler", kwargs=arguments))
    assert outcome(scene, "POST", on_draft) == DRAFT_OUTCOMES[level]


def test_nobody_but_administrators_opens_any_page_of_the_admin(scene: Scene) -> None:
    clients = [scene.client(role) for role in ROLES if role != "administrator"]
    names = {name for name in view_names(get_resolver().url_patterns) if name.startswith("admin:")}
    for path in sorted(admin_path(name) for name in names - ADMIN_OPEN):
        signs = "".join(outcome(scene, "GET", ask(client, "GET", path)) for client in clients)
        assert signs == ADMINISTRATORS[:-1], path


def admin_path(name: str) -> str:
    """The address of a page of the admin, with made-up arguments where it takes some."""
    if name == "admin:None":
        return reverse("admin:index") + "nothing/"
    if name == "admin:app_list":
        return reverse(name, args=["libschool_delivery"])
    arguments: list[str] = []
    while True:
        try:
            return reverse(name, args=arguments)
        except NoReverseMatch:
            assert len(arguments) < 3, name
            arguments.append("1")


def test_a_role_taken_away_during_a_session_is_gone_at_the_next_request(scene: Scene) -> None:
    client = scene.client("instructor")
    path = scene.path("versions")
    assert client.get(path).status_code == 200
    Enrollment.objects.filter(user=scene.people["instructor"]).update(role=Enrollment.Role.TRAINEE)
    assert client.get(path).status_code == 403


def test_no_view_but_one_is_exempt_from_the_check_of_forged_requests() -> None:
    def callbacks(patterns: list[Any]) -> Iterator[Any]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from callbacks(pattern.url_patterns)
            else:
                yield pattern.callback

    views = callbacks(get_resolver().url_patterns)
    exempt = [view for view in views if getattr(view, "csrf_exempt", False)]
    assert exempt == ASKS_FOR_THE_TOKEN_ITSELF
