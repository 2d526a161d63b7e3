"""A school that is being served."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import BrowserContext

from tests.delivery.schools import School


@dataclass(frozen=True)
class OpenSchool:
    """A school that is being served, and how to be somebody in it."""

    school: School
    people: dict[str, dict[str, str]]  # username to password and session cookie
    learners: Iterator[str]  # session cookies of learners whom no test has met yet

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.school.port}"

    def sign_in(self, context: BrowserContext, person: str) -> None:
        """Let a browser be a demo person's, or that of a new ``"learner"``."""
        value = next(self.learners) if person == "learner" else self.people[person]["cookie"]
        context.add_cookies([{"name": "sessionid", "value": value, "url": self.url}])
