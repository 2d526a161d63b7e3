"""Fills the school that ``scripts.bench.serving`` measures, and reads back what was answered.

python -m scripts.bench.serving_school CLIENTS     the requests to make, as JSON
python -m scripts.bench.serving_school answers     what each client answered last, as JSON
"""

from __future__ import annotations

import json
import secrets
import sys
import tempfile
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402  # the site must be set up first
from django.contrib import auth  # noqa: E402  # only once the settings are named
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402  # only once the settings are named
from django.middleware.csrf import CSRF_SECRET_LENGTH  # noqa: E402  # only once the settings are named
from django.urls import reverse  # noqa: E402  # only once the settings are named
from sample_xblocks.basic.problem import ProblemBlock  # type: ignore[import-not-found]  # noqa: E402  # only once the settings are named

from delivery.importing import import_course  # noqa: E402  # only once the settings are named
from delivery.importing.members import read_path  # noqa: E402  # only once the settings are named
from delivery.models import Course, Enrollment, LearnerState  # noqa: E402  # only once the settings are named
from delivery.tree import load_tree  # noqa: E402  # only once the settings are named

PROBLEM, THREE, CHECK = "problem of 7 blocks", "three problems", "check"
PAGE = "page around the problem"
SCENARIOS = {PROBLEM: "problem with thumbs and textbox", THREE: "three problems 2"}


def write_course(folder: Path) -> None:
    """Write a course with a unit for each scenario."""
    texts = dict(ProblemBlock.workbench_scenarios())
    files = {
        "course.xml": '<course url_name="2026" org="Bench" course="SERVE"/>',
        "course/2026.xml": '<course display_name="Bench"><chapter url_name="c"/></course>',
        "chapter/c.xml": '<chapter display_name="C"><sequential url_name="s"/></chapter>',
        "sequential/s.xml": "<sequential>"
        + "".join(f'<vertical url_name="u{n}"/>' for n in range(len(SCENARIOS)))
        + "</sequential>",
    }
    for number, title in enumerate(SCENARIOS.values()):
        files[f"vertical/u{number}.xml"] = f"<vertical>{texts[title]}</vertical>"
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


def prepare(clients: int) -> list[dict[str, Any]]:
    """Make the course and its learners; the requests of each."""
    with tempfile.TemporaryDirectory() as folder:
        write_course(Path(folder))
        course = import_course(read_path(Path(folder)), source="bench").course
    return [step for number in range(clients) for step in _steps(course, number)]


def _steps(course: Course, number: int) -> list[dict[str, Any]]:
    user = auth.get_user_model().objects.create(username=f"reader{number}")
    Enrollment.objects.create(user=user, course=course)
    token = secrets.token_hex(CSRF_SECRET_LENGTH // 2)
    cookies = {settings.SESSION_COOKIE_NAME: _sign_in(user), settings.CSRF_COOKIE_NAME: token}
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "X-CSRFToken": token,
    }
    tree = load_tree(course.current_version_id or 0)
    steps: list[dict[str, Any]] = []
    for name, unit in zip(SCENARIOS, tree.units, strict=True):
        (root,) = tree.children(unit.usage_key)
        args = [course.key, root.usage_key]
        steps.append({"name": name, "path": reverse("block_frame", args=args)})
        if name == PROBLEM:
            page = reverse("unit", args=[course.key, unit.usage_key])
            steps.append({"name": PAGE, "path": page})
            check = reverse("block_handler", args=[*args, "check", ""])
            steps.append({"name": CHECK, "path": check, "answers": True})
    return [{**step, "headers": headers, "client": user.username} for step in steps]


def _sign_in(user: Any) -> str:
    session = SessionStore()
    session[auth.SESSION_KEY] = str(user.pk)
    session[auth.BACKEND_SESSION_KEY] = "delivery.accounts.AccountBackend"
    session[auth.HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def read_answers() -> list[list[Any]]:
    """What the text input of each learner has, as ``[learner, state]``."""
    rows = LearnerState.objects.filter(usage_key__contains="type@textinput_demo")
    return [
        [user, state]
        for user, state in rows.values_list("user__username", "state")
        if "student_input" in state
    ]


if __name__ == "__main__":
    result = read_answers() if sys.argv[1] == "answers" else prepare(int(sys.argv[1]))
    sys.stdout.write(f"{json.dumps(result)}\n")
