"""Blocks that show what the runtime does, installed under tags of their own."""

from __future__ import annotations

from typing import Any, ClassVar

from web_fragments.fragment import Fragment
from webob import Response
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError
from xblock.fields import Dict, Integer, List, Scope, String
from xblock.utils.studio_editable import StudioEditableXBlockMixin
from xblock.validation import ValidationMessage


def for_learners(handler: Any) -> Any:
    """Declare a handler as our own blocks do."""
    handler.libschool_access = "learner"
    return handler


def for_authors(handler: Any) -> Any:
    """Declare a handler for the staff of a course."""
    handler.libschool_access = "author"
    return handler


@XBlock.needs("user", "i18n")
class Counter(XBlock):
    """A block with a field in every scope."""

    has_children = True
    has_score = True

    limit = Integer(default=3, scope=Scope.settings)
    words = List(default=[], scope=Scope.content)
    count = Integer(default=0, scope=Scope.user_state)
    note = String(default="", scope=Scope.user_state)
    log = List(default=[], scope=Scope.user_state)
    votes = Dict(default={}, scope=Scope.user_state_summary)
    speed = Integer(default=1, scope=Scope.preferences)
    nickname = String(default="", scope=Scope.user_info)

    def max_score(self) -> float:
        """As many points as the limit."""
        return float(self.limit)

    def student_view(self, context: Any = None) -> Fragment:
        """The count."""
        return Fragment(f"<p>count {self.count}</p>")

    @for_learners
    @XBlock.json_handler
    def add(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """Count, for the learner and for everyone."""
        self.count += 1
        self.votes = {"all": self.votes.get("all", 0) + 1}
        return {"count": self.count, "suffix": suffix, "sent": data}

    @for_learners
    @XBlock.json_handler
    def publish(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """Publish whatever is asked for."""
        self.runtime.publish(self, data["event"], data["data"])
        return {}

    @for_learners
    @XBlock.json_handler
    def due_date(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """When the block is due, as it sees it."""
        return {"due": self.due.isoformat() if self.due else None}

    @for_learners
    @XBlock.json_handler
    def fail(self, data: Any, suffix: str = "") -> None:
        """Change a field, then fail."""
        self.count += 1
        self.save()
        if suffix == "politely":
            raise JsonHandlerError(422, "Not like this")
        raise RuntimeError("the secret reason")

    @for_learners
    @XBlock.handler
    def upload(self, request: Any, suffix: str = "") -> Response:
        """Say what arrived."""
        file = request.POST["file"]
        text = f"{file.filename} {len(file.file.read())} {request.POST['title']}"
        return Response(text, content_type="text/plain", charset="utf-8")

    @for_authors
    @XBlock.json_handler
    def prepare(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """Something for authors."""
        self.count += 1
        return {"prepared": True}

    @XBlock.json_handler
    def undeclared(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """A handler of which nobody says who may call it."""
        self.count += 1
        return {}


@XBlock.needs("i18n")
class Lesson(StudioEditableXBlockMixin, XBlock):
    """An exercise with an editor of its own, whose answers can be graded again."""

    editable_fields = ("display_name", "exercise", "hint")
    answers: ClassVar[int] = 0
    regraded_by: ClassVar[list[str]] = []

    display_name = String(default="Lesson", scope=Scope.settings)
    exercise = Dict(default={}, scope=Scope.content)
    hint = String(default="", scope=Scope.content, multiline_editor="html")

    def student_view(self, context: Any = None) -> Fragment:
        """The hint."""
        return Fragment(f"<p>{self.hint}</p>")

    def validate_field_data(self, validation: Any, data: Any) -> None:
        """Ask for a key."""
        if not data.exercise:
            validation.add(ValidationMessage(ValidationMessage.ERROR, "There is no key."))

    @for_authors
    @XBlock.handler
    def submit_studio_edits(self, request: Any, suffix: str = "") -> Any:
        """Save the author's form."""
        return super().submit_studio_edits(request, suffix)

    @for_authors
    @XBlock.json_handler
    def look(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """What the block has, for its editor."""
        return {"hint": self.hint, "exercise": self.exercise}

    def count_graded_answers(self) -> int:
        """How many answers there are."""
        return type(self).answers

    def request_regrade(self, requested_by: Any) -> int:
        """Note who asked, with which key."""
        if self.exercise == {"keys": "broken"}:
            raise ValueError("the key is no list")
        self.regraded_by.append(f"{requested_by} {self.exercise}")
        return 1


class Plain(XBlock):
    """A block that keeps nothing."""

    content = String(default="", scope=Scope.content)

    def student_view(self, context: Any = None) -> Fragment:
        """The content as it is."""
        return Fragment(f"<p>{self.content}</p>")


class Broken(XBlock):
    """A block whose view fails."""

    def student_view(self, context: Any = None) -> Fragment:
        """Fail."""
        raise RuntimeError("the secret reason")


class _EntryPoint:
    group = "xblock.v1"

    def __init__(self, name: str, block_class: type[Any]) -> None:
        self.name = name
        self._class = block_class

    def load(self) -> type[Any]:
        """The class, as an installed package would give it."""
        return self._class


SAMPLES = {
    "sample_counter": Counter,
    "sample_plain": Plain,
    "sample_broken": Broken,
    "sample_lesson": Lesson,
}
COUNTER, PLAIN, BROKEN, LESSON = SAMPLES

for _name, _class in SAMPLES.items():
    XBlock.extra_entry_points.append((_name, _EntryPoint(_name, _class)))
