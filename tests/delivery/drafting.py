"""An author at a course's draft, for tests."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse

from delivery.authoring.trees import load_draft_tree, revision_below, revision_of
from delivery.models import Course, Enrollment
from delivery.tree import CourseTree
from tests.delivery.factories import MadeCourse, Spec, enrol, make_course, make_user


@dataclass
class Author:
    """Somebody signed in who teaches a course."""

    made: MadeCourse
    user: Any
    client: Client

    @property
    def course(self) -> Course:
        """The course as it is now."""
        return Course.objects.get(pk=self.made.course.pk)

    @property
    def tree(self) -> CourseTree:
        """The draft as it is now."""
        tree = load_draft_tree(self.course)
        assert tree is not None
        return tree

    @property
    def unit(self) -> list[str]:
        """The names of the blocks in the unit, in order."""
        children = self.tree.blocks[self.made.unit].children
        return [key.rpartition("@")[2] for key in children]

    def url(self, view: str, *arguments: Any) -> str:
        """The address of a page of the draft."""
        return reverse(view, args=[self.made.key, *arguments])

    def get(self, view: str, *arguments: Any, **query: Any) -> Any:
        """A page of the draft."""
        return self.client.get(self.url(view, *arguments), query)

    def post(self, view: str, *arguments: Any, **data: Any) -> Any:
        """The answer to a form."""
        return self.client.post(self.url(view, *arguments), data)

    def page(self) -> str:
        """The HTML of the unit's page in the draft."""
        response = self.get("draft_unit", self.made.unit)
        assert response.status_code == 200
        return str(response.content.decode())

    def add(self, block_type: str, parent: str = "", **data: str) -> str:
        """Add a block and return its usage key."""
        before = set(self.tree.blocks)
        self.post("draft_add", parent=parent or self.made.unit, block_type=block_type, **data)
        (key,) = set(self.tree.blocks) - before
        return key

    def revision(self, usage_key: str) -> str:
        """The revision of a block's fields."""
        return revision_of(self.tree, usage_key)

    def delete(self, usage_key: str, revision: str = "") -> Any:
        """Delete a block of which the author saw ``revision`` (the one it has)."""
        seen = revision or revision_below(self.tree, usage_key)
        return self.post("draft_delete", usage_key, revision=seen)

    def write(self, usage_key: str, **fields: Any) -> Any:
        """Fill in the site's form of a block."""
        revision = fields.pop("revision", None) or self.revision(usage_key)
        return self.post("draft_edit", usage_key, revision=revision, **fields)

    def write_name(self, usage_key: str, name: str) -> Any:
        """Name a block on the page of its settings."""
        revision = self.revision(usage_key)
        return self.post("draft_settings", usage_key, display_name=name, revision=revision)

    def call(
        self, usage_key: str, handler: str, data: Any, revision: str | None = None, suffix: str = ""
    ) -> Any:
        """Call a handler of a block as its editor does."""
        seen = self.revision(usage_key) if revision is None else revision
        headers = {"X-Draft-Revision": seen} if seen else {}
        return self.client.post(
            self.url("draft_handler", usage_key, handler, suffix),
            json.dumps(data),
            content_type="application/json",
            headers=headers,
        )

    def publish(self, **data: Any) -> Any:
        """Publish the draft as it is."""
        revision = data.pop("draft_revision", self.tree.draft_revision)
        return self.post("draft_publish", draft_revision=revision, **data)


def author(*blocks: Spec, **options: Any) -> Author:
    """An author of a new course with one unit that holds ``blocks``."""
    return join_authors(make_course(*blocks, **options))


def join_authors(made: MadeCourse, **attributes: Any) -> Author:
    """Another author of a course."""
    user = make_user(**attributes)
    enrol(user, made, Enrollment.Role.INSTRUCTOR)
    client = Client()
    client.force_login(user)
    return Author(made, user, client)
