"""A learner in front of a course: opens frames, calls handlers, reads what was kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.test import Client
from django.urls import reverse

from delivery.models import Completion, LearnerState
from tests.delivery.factories import MadeCourse, Spec, enrol, make_course, make_user


@dataclass
class Learner:
    """Somebody signed in, enrolled in a course."""

    made: MadeCourse
    user: Any
    client: Client

    def frame(self, block_type: str, name: str) -> Any:
        """The response for a block's frame."""
        return self.client.get(
            reverse("block_frame", args=[self.made.key, self.made.usage(block_type, name)])
        )

    def page(self) -> str:
        """The HTML of the unit."""
        response = self.client.get(reverse("unit", args=[self.made.key, self.made.unit]))
        assert response.status_code == 200
        return str(response.content.decode())

    def handler_url(self, block_type: str, name: str, handler: str, suffix: str = "") -> str:
        """The URL of a handler."""
        usage = self.made.usage(block_type, name)
        return reverse("block_handler", args=[self.made.key, usage, handler, suffix])

    def call(self, block_type: str, name: str, handler: str, data: Any, suffix: str = "") -> Any:
        """The response of a JSON handler."""
        return self.client.post(
            self.handler_url(block_type, name, handler, suffix),
            json.dumps(data),
            content_type="application/json",
        )

    def state(self, block_type: str, name: str) -> LearnerState:
        """What is kept of a block."""
        return LearnerState.objects.get(user=self.user, usage_key=self.made.usage(block_type, name))

    def completion(self, block_type: str, name: str) -> float | None:
        """How far a block is completed."""
        found = Completion.objects.filter(
            user=self.user, usage_key=self.made.usage(block_type, name)
        )
        return found.values_list("completion", flat=True).first()


def visit(*blocks: Spec, **options: Any) -> Learner:
    """A new learner in a new course with one unit that holds ``blocks``."""
    return join(make_course(*blocks, **options))


def join(made: MadeCourse, **attributes: Any) -> Learner:
    """A new learner in a course."""
    user = make_user(**attributes)
    enrol(user, made)
    client = Client()
    client.force_login(user)
    return Learner(made, user, client)


def problem_html(frame: Any) -> str:
    """The problem in a frame: its script takes it from an attribute."""
    _before, _mark, rest = frame.content.decode().partition('data-content="')
    return unescape(rest.partition('"')[0])
