"""Fills an empty school for browser tests: ``python -m tests.e2e.preparing COURSE…``.

The same commands as a newcomer's, but in one process, and beside them learners who are enrolled
and signed in already, so that every test has one of its own.
"""

import json
import sys
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402  # the apps must be there first
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402  # only once the settings are named
from django.contrib.auth.models import User  # noqa: E402  # only once the settings are named
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402  # only once the settings are named
from django.core.management import call_command  # noqa: E402  # only once the settings are named

from delivery.demo import create_demo_people  # noqa: E402  # only once the settings are named
from delivery.grades.api import recompute  # noqa: E402  # only once the settings are named
from delivery.models import Course, Enrollment  # noqa: E402  # only once the settings are named

LEARNERS = 200
BACKEND = "delivery.accounts.AccountBackend"


def sign_in(user: User) -> str:
    """The session cookie of somebody who is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def enrol_learners() -> list[str]:
    users = User.objects.bulk_create(
        User(username=f"learner{number:02}", first_name="Lea", last_name=f"Learner {number:03}")
        for number in range(LEARNERS)
    )
    for course in Course.objects.all():
        Enrollment.objects.bulk_create(Enrollment(user=user, course=course) for user in users)
        recompute(course)
    return [sign_in(user) for user in users]


def prepare(courses: list[str]) -> None:
    """Make the school and print, as JSON, how to be somebody in it."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    for course in courses:
        call_command("import_course", course, stdout=sys.stderr)
    people = {
        person.username: {"password": password, "cookie": sign_in(_user(person.username))}
        for person, password in create_demo_people(Path(settings.DATA_DIR)).items()
    }
    print(json.dumps({"people": people, "learners": enrol_learners()}))


def _user(username: str) -> User:
    return User.objects.get(username=username)


if __name__ == "__main__":
    prepare(sys.argv[1:])
