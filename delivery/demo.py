"""Demo people for a school on somebody's own machine: made up, and plainly so."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import transaction

from delivery.demo_practicum import create_demo_practicum
from delivery.models import Course, Enrollment

FILE_NAME = "demo_people.txt"
PASSWORD_BYTES = 9
COURSE = "course-v1:LibrarySchool+CAT101+2026"
SCHOOLS = (
    "course-v1:LibrarySchool+CON101+2026",
    "course-v1:LibrarySchool+MAN101+2026",
)
"""Courses that the demo trainee finds on signing in, beside the one to enrol in."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody who does not exist, and what they do in the school."""

    username: str
    first_name: str
    last_name: str
    role: str
    is_administrator: bool = False
    teaches: bool = False
    studies: bool = False

    @property
    def email(self) -> str:
        """An address that can never receive mail (RFC 2606)."""
        return f"{self.username}@example.org"


PEOPLE = (
    DemoPerson("tena", "Tena", "Trainee", "trainee", studies=True),
    DemoPerson("ivo", "Ivo", "Instructor", "instructor", teaches=True),
    DemoPerson("meri", "Meri", "Mentor", "mentor"),
    DemoPerson("ada", "Ada", "Administrator", "administrator", is_administrator=True),
)


def create_demo_people(data_dir: Path) -> dict[DemoPerson, str]:
    """Create whoever is missing and return everybody with their password.

    Passwords are kept in ``data_dir`` (readable by its owner alone), so that a later start can
    show them again; one that was changed on the site is not set back.
    """
    path = data_dir / FILE_NAME
    kept = _read(path)
    passwords = {}
    with transaction.atomic():
        for person in PEOPLE:
            passwords[person] = _ensure(person, kept.get(person.username, ""))
        create_demo_practicum(*(_user(role) for role in ("trainee", "mentor", "administrator")))
    _write(path, passwords)
    return passwords


def _ensure(person: DemoPerson, kept: str) -> str:
    password = kept or secrets.token_urlsafe(PASSWORD_BYTES)
    user, is_new = get_user_model().objects.get_or_create(
        username=person.username,
        defaults={
            "email": person.email,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "is_staff": person.is_administrator,
            "is_superuser": person.is_administrator,
        },
    )
    if is_new or not kept:
        user.set_password(password)
        user.save(update_fields=["password"])
    EmailAddress.objects.get_or_create(
        user=user, email=person.email, defaults={"verified": True, "primary": True}
    )
    if person.teaches:
        _enrol(user, (COURSE, *SCHOOLS), Enrollment.Role.INSTRUCTOR)
    if person.studies:
        _enrol(user, SCHOOLS, Enrollment.Role.TRAINEE)
    return password


def _user(role: str) -> User:
    username = next(person.username for person in PEOPLE if person.role == role)
    return get_user_model().objects.get(username=username)


def _enrol(user: User, keys: Sequence[str], role: Enrollment.Role) -> None:
    for course in Course.objects.filter(key__in=keys):
        Enrollment.objects.get_or_create(user=user, course=course, defaults={"role": role})


def _read(path: Path) -> Mapping[str, str]:
    if not path.exists():
        return {}
    lines = (line.split() for line in path.read_text().splitlines())
    return {words[0]: words[1] for words in lines if len(words) >= 2}


def _write(path: Path, passwords: Mapping[DemoPerson, str]) -> None:
    draft = path.with_suffix(".new")
    with open(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
        for person, password in passwords.items():
            file.write(f"{person.username} {password} {person.role}\n")
    draft.replace(path)
