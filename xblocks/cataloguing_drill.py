"""The block ``cataloguing_drill``: short items of many types, answered and graded together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from xblock.core import XBlock
from xblock.fields import Scope, String

from grading.api import InvalidAnswer, InvalidExercise, ItemState, instance_of
from grading.drill import CHOICES, check, find_item_faults, model_answer, positions_of, public_items
from quarantine.html import HtmlRefused, plain_text
from xblocks.authoring import FEEDBACK_GROUP, POINTS_GROUP
from xblocks.block import _, callable_by
from xblocks.drill_scenarios import CATALOGUING_DRILL_SCENARIOS
from xblocks.editing import Finding, FormGroup, names_in
from xblocks.fields import JsonDict
from xblocks.requests import read_value
from xblocks.sourced import NO_DESCRIPTION, SourcedExerciseBlock, is_course_file

MOST_ITEMS = 100
ITEMS_SHOWN = ("all", "one")

TYPE_NAMES: Mapping[str, str] = {
    "order": _("Order and punctuation"),
    "mapping": _("Fields and subfields"),
    "fixed_field": _("Fixed field"),
    "access_points": _("Access points"),
    "authority": _("Authority record"),
    "udc": _("UDC number"),
    "isbn": _("ISBN"),
    "duplicate": _("Duplicate or new edition"),
    "lrm": _("LRM entities"),
    "rda": _("RDA elements"),
    "headings": _("Subject headings"),
    "transcription": _("Transcription"),
}
"""What the page calls an item of each type."""

ASKED: Mapping[str, str] = {"order": _("The order"), "marks": _("The marks")}

_FOR_THE_TEMPLATE = ("prompt", "source", "image", "image_alt")
_SHAPE = _("The answers of a drill are an object of items.")


class CataloguingDrillBlock(SourcedExerciseBlock):
    """A drill: ordering, mapping, coding, UDC, authorities, transcription and more."""

    GRADER: ClassVar[str] = "drill"
    TEMPLATE: ClassVar[str] = "cataloguing_drill.html"
    MODULE: ClassVar[str] = "cataloguing_drill.js"
    STYLES: ClassVar[tuple[str, ...]] = ("block.css", "exercise.css", "cataloguing_drill.css")

    display_name = String(
        display_name=_("Display name"),
        help=_("The heading of this exercise."),
        scope=Scope.settings,
        default=_("Cataloguing drill"),
    )
    exercise = JsonDict(
        display_name=_("Items"),
        help=_("What is asked, and the right answers, which trainees never see before they may."),
        scope=Scope.content,
        default={},
    )
    items_shown = String(
        display_name=_("Items shown"),
        help=_("All items one under another, or one at a time."),
        scope=Scope.settings,
        default="all",
        values=[
            {"display_name": _("All on one page"), "value": "all"},
            {"display_name": _("One at a time"), "value": "one"},
        ],
    )

    FORM = (
        FormGroup("task", _("Task"), ("display_name", "prompt", "items_shown")),
        FormGroup("source", _("Source"), ("source_text", "source_image", "source_image_alt")),
        FormGroup("key", _("Items"), ("exercise",)),
        POINTS_GROUP,
        FEEDBACK_GROUP,
    )
    editable_fields = names_in(FORM)
    EDITOR_MODULE: ClassVar[str] = "cataloguing_drill_editor.js"
    EDITOR_STYLES: ClassVar[tuple[str, ...]] = ("editor.css", "engine_editor.css")

    # --- What the page gets ---

    def page_context(self) -> dict[str, Any]:
        """The task, the source, and what each of the learner's items asks."""
        items = self._public_items()
        share = self.points / (sum(item["points"] for item in items) or 1)
        return {
            **super().page_context(),
            "items_shown": self.items_shown,
            "items": [self._asked(item, share) for item in items],
            "uid": self._uid(),
        }

    def _uid(self) -> str:
        """What names the parts of this page: two drills may have items of one name."""
        return "ls-" + hashlib.sha256(str(self.usage_key).encode()).hexdigest()[:12]

    def _asked(self, item: Mapping[str, Any], share: float) -> dict[str, Any]:
        """What the template writes of an item; author HTML is sanitised here.

        ``share`` is what a point of the item counts of the exercise's points.
        """
        return {
            "id": item["id"],
            "name": self.translate(TYPE_NAMES[item["type"]]),
            "points": f"{round(item['points'] * share, 2):g}",
            "prompt": self.clean(item["prompt"]),
            "source": self.clean(item.get("source", "")),
            "image": self.image_url(item.get("image", "")),
            "image_alt": item.get("image_alt", ""),
        }

    def page_state(self, state: dict[str, Any]) -> dict[str, Any]:
        """The learner's items as the script draws them, and how they are shown."""
        items = [self._drawn(item) for item in self._public_items()]
        return {"items": items, "items_shown": self.items_shown}

    def _drawn(self, item: Mapping[str, Any]) -> dict[str, Any]:
        rest = {name: item[name] for name in item if name not in _FOR_THE_TEMPLATE}
        return {name: self._translated(value) for name, value in rest.items()}

    def _translated(self, part: Any) -> Any:
        """``part`` of an item with the labels of built-in choices in the reader's language."""
        if isinstance(part, list):
            return [self._translated(inner) for inner in part]
        if not isinstance(part, dict):
            return part
        return {name: self._translate_labels(name, value) for name, value in part.items()}

    def _translate_labels(self, name: str, value: Any) -> Any:
        if name in ("label", "name") and isinstance(value, str) and value:
            return self.translate(value)
        if name == "codes" and isinstance(value, dict):
            return {code: self.translate(label) for code, label in value.items() if label}
        return self._translated(value)

    def _public_items(self) -> list[dict[str, Any]]:
        """The learner's items without the truth; none of an exercise with a fault."""
        try:
            return public_items(self._instance())
        except InvalidExercise:
            return []

    def _instance(self) -> Mapping[str, Any]:
        return instance_of(self.GRADER, self.exercise, self.student_item())

    def exercise_state(self, item: ItemState, answer_shown: bool) -> dict[str, Any]:
        """The answers in the work area, those submitted and, once it may be shown, the model."""
        return {
            "fields": {"items": {}} if item.draft is None else item.draft,
            "submitted": item.last.answer if item.last else None,
            "answer": self._model() if answer_shown else None,
        }

    def _model(self) -> dict[str, Any] | None:
        try:
            return model_answer(self._instance())
        except InvalidExercise:
            return None

    def student_view_data(self, context: Any = None) -> dict[str, Any]:
        """The task and its source, bound to no learner: the items differ from one to the next."""
        data = super().student_view_data(context)
        return {name: data[name] for name in data if name not in ("items", "uid")}

    def plain_text(self) -> str:
        """The task, the source and what the items ask, without markup."""
        asked = [_text_of(item["prompt"]) for item in self._public_items()]
        return "\n".join(filter(None, (super().plain_text(), *asked)))

    # --- The author's editor ---

    def review(self) -> Iterator[Finding]:
        """Pictures that some trainees cannot see, and how many items each of them gets."""
        yield from super().review()
        items = self.exercise.get("items") or ()
        for at, item in enumerate(items):
            if isinstance(item, dict) and item.get("image") and not item.get("image_alt"):
                where = f"items[{at}].image_alt"
                yield Finding("warning", "exercise", self.translate(NO_DESCRIPTION), where)
        shown = len(self._public_items())
        if 0 < shown < len(items):
            message = self.translate("Each trainee gets %(shown)s of the %(all)s items.")
            text = message % {"shown": shown, "all": len(items)}
            yield Finding("note", "exercise", text, "pools")

    def editor_state(self) -> dict[str, Any]:
        """What an author chooses from: the types of items, and the lists of their fields."""
        choices = {**CHOICES, "asked": ASKED, "types": TYPE_NAMES}
        return {"choices": {name: self._labels(labels) for name, labels in choices.items()}}

    @callable_by("author")
    @XBlock.json_handler
    def field_layout(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """The positions of a fixed field of a format and a kind of material."""
        names = [read_value(data, name, "") for name in ("profile", "tag", "material")]
        profile, tag, material = (name if isinstance(name, str) else "" for name in names)
        return {"positions": self._translated(positions_of(profile, tag, material or "books"))}

    def _labels(self, labels: Mapping[str, str]) -> dict[str, str]:
        return {code: self.translate(label) for code, label in labels.items()}

    def editor_context(self) -> dict[str, Any]:
        """The words of the item editor."""
        return {"own_template": "editor/drill.html"}

    # --- Checks ---

    def check_draft(self, draft: Any) -> None:
        """Raise ``InvalidAnswer`` unless ``draft`` has the shape of answers, finished or not."""
        items = draft.get("items") if isinstance(draft, dict) else None
        if not isinstance(items, dict) or len(items) > MOST_ITEMS:
            raise InvalidAnswer(_SHAPE)

    def check_exercise(self, data: Any) -> None:
        """Raise ``InvalidExercise`` for items that cannot be graded or shown."""
        if data.items_shown not in ITEMS_SHOWN:
            raise InvalidExercise(_("This is none of the choices."), "items_shown")
        self.check_source(data)
        check(data.exercise)
        fault = next(self._foreign_pictures(data.exercise), None)
        if fault is not None:
            raise fault

    def find_exercise_faults(self, data: Any) -> Iterator[InvalidExercise]:
        """Every item's fault, not only the first of them."""
        seen = set()
        more = (*find_item_faults(data.exercise), *self._foreign_pictures(data.exercise))
        for fault in (*super().find_exercise_faults(data), *more):
            if fault.where not in seen:
                yield fault
            seen.add(fault.where)

    @staticmethod
    def _foreign_pictures(exercise: Mapping[str, Any]) -> Iterator[InvalidExercise]:
        for at, item in enumerate(exercise.get("items") or ()):
            variants = item.get("variants", ()) if isinstance(item, dict) else ()
            for part in (item, *variants):
                image = part.get("image") if isinstance(part, dict) else None
                if image and not is_course_file(image):
                    message = _("A file of the course is needed: /static/…")
                    yield InvalidExercise(message, f"items[{at}].image")

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """Drills to try in the XBlock workbench: one item of each type, and one by one."""
        return CATALOGUING_DRILL_SCENARIOS


def _text_of(html: str) -> str:
    try:
        return plain_text(html)
    except HtmlRefused:
        return ""
