"""The block of tasks that people grade: what trainees and staff get, and what nobody else does."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from opaque_keys.edx.keys import UsageKey
from webob import Request
from xblock.reference.user_service import UserService, XBlockUser

from grading.models import TaskWork
from tests.grading.tasks import ANA, BETTER, BORIS, ESSAY, FAIR, GOOD, RUBRIC
from tests.xblocks.host import PAST, People, Urls, build_block, call, state_of
from xblocks.staff_task import StaffTaskBlock

pytestmark = pytest.mark.django_db

USAGE_KEY = UsageKey.from_string("block-v1:School+CAT+2026+type@staff_task+block@essay")
TENA, OTHER = "a" * 32, "b" * 32


class Staff(UserService):
    """A member of the staff, who may ask what trainees are called."""

    def __init__(self, account: str) -> None:
        user = XBlockUser(is_current_user=True)
        user.opt_attrs |= {
            "edx-platform.is_authenticated": True,
            "edx-platform.anonymous_user_id": "f" * 31 + account[-1],
            "edx-platform.user_is_staff": True,
            "edx-platform.user_id": int(account),
        }
        super().__init__(user=user)

    def get_current_user(self) -> XBlockUser:
        return self._user

    def get_names_by_anonymous_ids(self, ids: Any) -> dict[str, str]:
        return {name: f"Trainee {name[0]}" for name in ids}


def make(student: str | None = TENA, mixed_in: Any = None, user: Any = None, **fields: Any) -> Any:
    authored = {
        "display_name": "Access points",
        "prompt": "<p>Justify them.</p>",
        "exercise": RUBRIC,
        "points": 20,
        **fields,
    }
    services = {"user": user or People(student), "replace_urls": Urls()}
    return build_block(
        StaffTaskBlock,
        authored,
        student,
        usage_key=USAGE_KEY,
        services=services,
        mixed_in=mixed_in,
    )


def desk(account: str = ANA, **fields: Any) -> Any:
    return make(None, user=Staff(account), **fields)


def hand_in(block: Any = None, answer: Any = ESSAY) -> dict[str, Any]:
    status, state = call(block or make(), "submit", {"fields": answer})
    assert status == 200, state
    return dict(state)


def upload(block: Any, name: str, data: bytes) -> tuple[int, Any]:
    request = Request.blank("/", method="POST", POST={"file": (name, data)})
    response = block.runtime.handle(block, "upload", request)
    return response.status_int, json.loads(response.body)


def fetch(block: Any, handler: str, suffix: str = "") -> Any:
    return block.runtime.handle(block, handler, Request.blank("/"), suffix)


def work() -> str:
    return str(TaskWork.objects.get().uuid.hex)


def grade(block: Any = None, marks: Any = GOOD, **more: Any) -> tuple[int, Any]:
    version = more.pop("version", 1)
    content = {"marks": marks, "comment": "", "pins": [], **more.pop("content", {})}
    data = {"work": work(), "version": version, "content": content, **more}
    return call(block or desk(), "staff_grade", data)


# --- The trainee ----------------------------------------------------------------------------------


def test_a_trainee_sees_the_rubric_and_that_it_is_their_turn() -> None:
    block = make()
    html = block.render("student_view").content
    assert "Избор на точки за достъп" in html
    assert "Each one, by its rule." in html
    task = state_of(block)["task"]
    assert (task["is_your_turn"], task["state"]) == (True, "")
    assert "ls-desk" not in html


def test_what_is_handed_in_is_done_and_waits() -> None:
    block = make()
    state = hand_in(block)
    assert state["task"]["status"] == "Handed in. An instructor grades it next."
    assert [answer["text"] for answer in state["task"]["answers"]] == [ESSAY["text"]]
    assert block.runtime.published == [("completion", {"completion": 1.0})]
    assert state["may_submit"], "until somebody begins to grade"
    call(desk(), "staff_next", {})
    assert state_of(make())["closed_reason"] == "Somebody has begun to grade your answer."


def test_the_walk_from_essay_to_grade_over_a_revision_and_a_review() -> None:
    hand_in()
    returned = {"work": work(), "version": 1, "content": {"marks": {}, "comment": "Which rule?"}}
    assert call(desk(), "staff_return", {**returned, "due_at": "2099-01-01T12:00:00Z"})[0] == 200
    task = state_of(make())["task"]
    assert (task["state"], task["due_at"]) == ("returned", "2099-01-01T12:00:00+00:00")
    assert task["answers"][0]["gradings"][0]["comment"] == "Which rule?"
    late = make(mixed_in=PAST)
    assert state_of(late)["may_submit"], "the revision has a date of its own"
    assert hand_in(late, BETTER)["attempts"] == 2
    assert grade(marks=FAIR, version=2)[0] == 200
    state = state_of(make())
    assert state["result"]["points"] == 14.0
    given = state["task"]["answers"][1]["gradings"][0]
    assert given["marks"]["choice"]["comment"] == "And the editor?"
    assert "by" not in given
    status, state = call(make(), "appeal", {"reason": "The editor is there."})
    assert (status, state["task"]["state"], state["task"]["may_appeal"]) == (200, "appealed", False)
    assert call(make(), "appeal", {"reason": "Again."})[0] == 409
    assert call(desk(), "staff_reply", {"work": work(), "reply": "Not by name."})[0] == 200
    assert state_of(make())["task"]["appeal_answer"] == "Not by name."


def test_a_result_that_the_host_holds_back_is_not_shown() -> None:
    hand_in()
    grade(content={"comment": "kanarinac"})
    hidden = make(mixed_in={"show_correctness": "never"})
    html = hidden.render("student_view").content
    assert "kanarinac" not in html
    assert state_of(hidden)["result"] is None
    assert call(hidden, "appeal", {"reason": "Why?"})[0] == 403


def test_after_the_due_date_nothing_is_handed_in() -> None:
    status, answer = call(make(mixed_in=PAST), "submit", {"fields": ESSAY})
    assert (status, answer["error"]) == (403, "The due date has passed.")


def test_what_is_not_as_asked_for_is_refused_in_words() -> None:
    status, answer = call(make(), "submit", {"fields": {"text": "one", "files": []}})
    assert status == 400
    assert "At least 2 words" in answer["error"]
    assert call(make(student=None), "submit", {"fields": ESSAY})[0] == 403
    assert call(make(exercise={}), "submit", {"fields": ESSAY})[0] == 422


def test_a_draft_keeps_text_and_files_by_name() -> None:
    _status, file = upload(make(), "notes.txt", b"abc")
    draft = {"text": "so far", "files": [file["id"]]}
    status, kept = call(make(), "save_draft", {"fields": draft, "revision": 0})
    assert (status, kept["fields"]) == (200, {"text": "so far", "files": [file]})
    assert state_of(make())["fields"]["files"][0]["name"] == "notes.txt"
    assert call(make(), "save_draft", {"fields": {"text": 1}, "revision": 1})[0] == 400


def test_files_are_let_in_handed_out_and_taken_out() -> None:
    status, file = upload(make(), "notes.txt", b"abc")
    assert status == 200
    response = fetch(make(), "file", file["id"])
    assert (response.body, response.headers["Content-Type"]) == (
        b"abc",
        "text/plain; charset=utf-8",
    )
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert upload(make(), "evil.exe", b"MZ")[0] == 400
    assert upload(make(), "evil.txt", b"<script>")[0] == 400
    assert fetch(make(), "upload").status_int == 400
    assert call(make(), "remove_file", {"file": file["id"]})[0] == 200
    assert fetch(make(), "file", file["id"]).status_int == 404


# --- Nobody else ----------------------------------------------------------------------------------

STAFF_CALLS: dict[str, dict[str, Any]] = {
    "staff_answer": {"student": TENA},
    "staff_answers": {},
    "staff_bank": {},
    "staff_grade": {"version": 1, "content": {"marks": GOOD}},
    "staff_next": {},
    "staff_note": {"content": {}, "revision": 0},
    "staff_open": {"take": True},
    "staff_override": {"student": TENA, "points": 1},
    "staff_publish": {},
    "staff_queue": {},
    "staff_release": {},
    "staff_reply": {"reply": "x"},
    "staff_return": {"version": 1, "content": {"comment": "x"}},
}


def handlers() -> list[str]:
    return [
        name
        for name in dir(StaffTaskBlock)
        if name.startswith("staff_")
        and getattr(getattr(StaffTaskBlock, name), "_is_xblock_handler", False)
    ]


def test_every_handler_of_the_staff_is_tried_below() -> None:
    assert set(handlers()) == {*STAFF_CALLS, "staff_file", "staff_bundle"}


@pytest.mark.parametrize("student", [TENA, OTHER, None])
@pytest.mark.parametrize("name", sorted(STAFF_CALLS))
def test_a_trainee_can_call_nothing_of_the_staff(name: str, student: str | None) -> None:
    hand_in()
    before = TaskWork.objects.values().get()
    status, answer = call(make(student), name, {"work": work(), **STAFF_CALLS[name]})
    assert status == 403
    assert str(ESSAY["text"]) not in json.dumps(answer, ensure_ascii=False)
    assert TaskWork.objects.values().get() == before


def test_a_trainee_reaches_no_answer_mark_comment_or_file_of_another() -> None:
    _status, file = upload(make(), "secret.txt", b"kanarinac")
    hand_in(answer={"text": "kanarinac žuti", "files": [file["id"]]})
    grade(content={"comment": "kanarček"})
    other = make(OTHER)
    told: list[str] = [other.render(view).content for view in ("student_view", "public_view")]
    told.append(json.dumps(other.student_view_data()))
    for name, data in (
        ("submit", {"fields": {"text": "my own words", "files": [file["id"]]}}),
        ("save_draft", {"fields": {"text": "", "files": [file["id"]]}, "revision": 0}),
        ("remove_file", {"file": file["id"]}),
        ("appeal", {"reason": "x"}),
        ("reset_draft", {}),
    ):
        told.append(json.dumps(call(make(OTHER), name, data)[1], ensure_ascii=False))
    for name in ("file", "staff_file", "staff_bundle"):
        response = fetch(make(OTHER), name, file["id"])
        assert response.status_int in (403, 404)
        told.append(response.text)
    for text in told:
        for canary in ("kanarinac", "kanarček", "secret.txt"):
            assert canary not in text
    assert fetch(make(), "file", file["id"]).body == b"kanarinac", "it is still there"


# --- Staff ----------------------------------------------------------------------------------------


def test_staff_see_the_queue_and_grade_what_is_next() -> None:
    hand_in()
    hand_in(make(OTHER))
    block = desk()
    assert 'data-part="desk"' in block.render("student_view").content
    _status, queue = call(block, "staff_queue", {})
    assert [row["name"] for row in queue["rows"]] == ["Trainee a", "Trainee b"]
    assert queue["counts"] == {"waiting": 2}
    _status, first = call(block, "staff_next", {})
    assert first["sheet"]["answers"][0]["text"] == ESSAY["text"]
    assert first["sheet"]["is_mine"]
    content = {"marks": GOOD, "comment": "", "pins": []}
    data = {"work": first["sheet"]["id"], "version": 1, "content": content}
    assert call(block, "staff_grade", data)[1]["sheet"]["state"] == "published"
    _status, second = call(block, "staff_next", {"after": first["sheet"]["id"]})
    assert second["sheet"]["name"] == "Trainee b"
    _status, filtered = call(block, "staff_queue", {"states": ["published"]})
    assert [row["score"] for row in filtered["rows"]] == [1.0]


def test_a_second_grader_is_told_who_has_a_work_in_hand() -> None:
    hand_in()
    call(desk(ANA), "staff_next", {})
    status, answer = call(desk(BORIS), "staff_open", {"work": work(), "take": True})
    assert (status, answer["error"]) == (409, "Somebody else is grading this at the moment.")
    assert call(desk(BORIS), "staff_open", {"work": work()})[0] == 200, "looking is allowed"


def test_notes_come_back_and_a_stale_window_is_told() -> None:
    hand_in()
    note = {"work": work(), "content": {"comment": "so far"}, "revision": 0}
    assert call(desk(), "staff_note", note)[1]["revision"] == 1
    status, answer = call(desk(), "staff_note", {**note, "content": {"comment": "older"}})
    assert (status, answer["content"], answer["revision"]) == (409, {"comment": "so far"}, 1)


def test_blind_grading_hides_names_until_the_grade_is_shown() -> None:
    _status, file = upload(make(), "ana_anić.txt", b"abc")
    hand_in(answer={**ESSAY, "files": [file["id"]]})
    block = desk(is_blind=True)
    row = call(block, "staff_queue", {})[1]["rows"][0]
    assert row["name"] == f"Answer {work()[:6].upper()}"
    sheet = call(block, "staff_open", {"work": work()})[1]["sheet"]
    assert sheet["answers"][0]["files"][0]["name"] == "1.txt"
    sent = fetch(block, "staff_file", file["id"]).headers["Content-Disposition"]
    assert f"{file['id'][:6]}.txt" in sent
    assert "ana" not in sent
    bundle = b"".join(fetch(block, "staff_bundle").app_iter)
    assert all("Trainee" not in name for name in zipfile.ZipFile(io.BytesIO(bundle)).namelist())
    grade(block)
    assert call(block, "staff_queue", {})[1]["rows"][0]["name"] == "Trainee a"


def test_staff_download_files_and_all_answers() -> None:
    _status, file = upload(make(), "notes.txt", b"abc")
    hand_in(answer={**ESSAY, "files": [file["id"]]})
    assert fetch(desk(), "staff_file", file["id"]).body == b"abc"
    assert fetch(desk(), "staff_file", "f" * 32).status_int == 404
    response = fetch(desk(), "staff_bundle")
    names = zipfile.ZipFile(io.BytesIO(b"".join(response.app_iter))).namelist()
    assert names == ["Trainee a/answer.txt", "Trainee a/1 notes.txt"]


def test_two_graders_who_differ_need_a_decision() -> None:
    hand_in()
    two = {"graders": 2, "tolerance": 10}
    assert grade(desk(ANA, **two), GOOD)[1]["sheet"]["state"] == "second"
    assert grade(desk(ANA, **two), GOOD)[0] == 409
    sheet = grade(desk(BORIS, **two), FAIR)[1]["sheet"]
    assert (sheet["state"], sheet["differences"]) == ("moderation", {"choice": -3.0})


def test_grades_that_are_shown_together_are_shown_at_a_word() -> None:
    hand_in()
    together = {"publishes": "together"}
    assert grade(desk(**together))[1]["sheet"]["state"] == "ready"
    assert state_of(make(**together))["result"] is None
    assert call(desk(**together), "staff_publish", {})[1] == {"published": 1}
    assert state_of(make(**together))["result"]["score"] == 1.0


def test_the_bank_is_kept_by_course() -> None:
    _status, found = call(desk(), "staff_bank", {"add": "Name the rule.", "is_shared": True})
    [row] = found["bank"]
    assert (row["text"], row["is_shared"]) == ("Name the rule.", True)
    assert call(desk(BORIS), "staff_bank", {"delete": row["id"]})[0] == 404
    assert call(desk(), "staff_bank", {"delete": row["id"]})[1] == {"bank": []}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("staff_open", {"work": "x"}),
        ("staff_open", {"work": "f" * 32}),
        ("staff_queue", {"states": ["open"]}),
        ("staff_queue", {"page": 0}),
        ("staff_queue", {"page": 10**30}),
        ("staff_note", {"work": "f" * 32, "content": {}, "revision": -1}),
        ("staff_note", {"work": "f" * 32, "content": [], "revision": 0}),
        ("staff_return", {"work": "f" * 32, "version": 1, "content": {}, "due_at": "soon"}),
        ("staff_return", {"work": "f" * 32, "version": 1, "content": {}, "due_at": "2026-01-01"}),
        ("staff_grade", {"work": "f" * 32, "version": "1", "content": {}}),
        ("staff_answers", {}),
    ],
)
def test_what_makes_no_sense_is_refused(name: str, data: Any) -> None:
    status, answer = call(desk(), name, data)
    assert status in (400, 404)
    assert answer["error"]


# --- Authors --------------------------------------------------------------------------------------


def test_a_rubric_with_faults_names_each_by_its_place() -> None:
    broken = {"criteria": [{"id": "a", "name": ""}, {"id": "b", "name": "B"}]}
    faults = dict(make().find_faults(make(exercise=broken)))
    assert set(faults) == {"criteria[0].points", "criteria[1].points"}
    assert dict(make().find_faults(make(graders=3)))["graders"]
    assert dict(make().find_faults(make(tolerance=101)))["tolerance"]


def test_an_author_tries_the_task_without_keeping_anything() -> None:
    block = make()
    values = {"exercise": RUBRIC}
    _status, state = call(block, "try_answer", {"values": values, "fields": ESSAY, "tries": 0})
    assert state["task"]["state"] == "waiting"
    assert state["task"]["answers"][0]["text"] == ESSAY["text"]
    assert not TaskWork.objects.exists()
    status, _answer = call(block, "preview_edits", {"values": values, "draft": None})
    assert status == 200


def test_the_score_is_known_without_a_learner_and_may_be_computed_again() -> None:
    block = make()
    assert block.max_score() == 20
    hand_in(block)
    assert block.has_submitted_answer()
    grade(marks=FAIR)
    block.rescore(only_if_higher=False)
    assert block.runtime.published[-1] == (
        "grade",
        {"value": 14.0, "max_value": 20.0, "only_if_higher": False},
    )
