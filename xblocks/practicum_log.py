"""The block ``practicum_log``: a trainee's own hours of a programme, inside a unit of a course.

What is logged, confirmed and counted is ``practicum``'s. The block shows it, takes a quick entry,
and registers itself there; its score comes from there, whenever a mentor confirms.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from web_fragments.fragment import Fragment
from xblock.completable import CompletableXBlockMixin
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError
from xblock.fields import Integer, Scope, String

from practicum import api as practicum
from practicum.api import (
    Actor,
    EntryState,
    EntryValues,
    Measure,
    PlacementRecord,
    PracticumError,
    Problem,
    Standing,
)
from xblocks.block import _, callable_by
from xblocks.editing import Fault, FormGroup, names_in
from xblocks.plain_authoring import PlainEditedBlock
from xblocks.practice_page import MAX_SUBMITTED, describe_practice
from xblocks.rendering import render_template
from xblocks.requests import read_value

MAX_POINTS = 1000


class PracticumLogBlock(CompletableXBlockMixin, PlainEditedBlock):
    """The hours of a programme of practice, and the score that they make."""

    TEMPLATE: ClassVar[str] = "practicum_log.html"
    MODULE: ClassVar[str] = "practicum_log.js"
    STYLES: ClassVar[tuple[str, ...]] = ("block.css", "practicum_log.css")

    has_score = True
    has_custom_completion = True
    icon_class = "other"
    weight = None  # a given score counts with its own points

    display_name = String(
        display_name=_("Display name"),
        help=_("The heading of this block."),
        scope=Scope.settings,
        default=_("My practice"),
    )
    programme = String(
        display_name=_("Programme"),
        help=_("The code of the programme of practice, as the coordinators have it."),
        scope=Scope.content,
        default="",
    )
    measure = String(
        display_name=_("What counts"),
        help=_("Confirmed hours against the required ones, or the competencies reached."),
        scope=Scope.settings,
        default=Measure.HOURS.value,
        values=[
            {"display_name": _("Confirmed hours"), "value": Measure.HOURS.value},
            {"display_name": _("Competencies reached"), "value": Measure.COMPETENCIES.value},
        ],
    )
    level = Integer(
        display_name=_("Level"),
        help=_("From which level on a competency is reached, as a mentor saw it."),
        scope=Scope.settings,
        default=2,
        values={"min": 1, "max": 20},
    )
    points = Integer(
        display_name=_("Points"),
        help=_("What all that is required earns. A part earns whole points, rounded down."),
        scope=Scope.settings,
        default=100,
        values={"min": 1, "max": MAX_POINTS},
    )

    FORM = (
        FormGroup("task", _("Practice"), ("display_name", "programme")),
        FormGroup("points", _("Score"), ("measure", "level", "points")),
    )
    editable_fields = names_in(FORM)

    @staticmethod
    def workbench_scenarios() -> list[tuple[str, str]]:
        """What the workbench shows."""
        return [("Practicum log", '<practicum_log programme="basic"/>')]

    # --- Views ---

    @XBlock.supports("multi_device")
    def student_view(self, context: Any = None) -> Fragment:
        """The trainee's own practice."""
        return self.fragment(self._page(self._actor()))

    def public_view(self, context: Any = None) -> Fragment:
        """For a visitor nobody knows."""
        return self.fragment(self._page(None))

    def author_view(self, context: Any = None) -> Fragment:
        """What it looks like, to its author."""
        return self.fragment(self._page(None))

    def preview(self) -> str:
        """The page without a trainee, for the editor."""
        return str(render_template(self.TEMPLATE, self._page(None), self.translate))

    def student_view_data(self, context: Any = None) -> dict[str, Any]:
        """The block as JSON; bound to no learner."""
        return {name: getattr(self, name) for name in self.editable_fields}

    # --- Who, where ---

    def _actor(self) -> Actor | None:
        """The trainee as the practicum knows them; ``None`` for whoever takes no part in it."""
        service = self.runtime.service(self, "user")
        find = getattr(service, "get_user_by_anonymous_id", None)
        user = find() if find is not None and self.student_item() is not None else None
        return practicum.find_actor(user) if user is not None else None

    def _placements(self, actor: Actor) -> list[PlacementRecord]:
        """The trainee's own placements in the programme, the latest first."""
        return [
            placement
            for placement in practicum.placements(actor, trainee=actor.person)
            if placement.programme == self.programme
        ]

    def _practising(self) -> tuple[Actor, list[PlacementRecord]]:
        """The trainee with their placements, or a refusal of whoever has none."""
        actor = self._actor()
        placements = self._placements(actor) if actor is not None else []
        if actor is None or not placements:
            raise JsonHandlerError(409, self.translate("You have no placement in this programme."))
        return actor, placements

    # --- Page ---

    def _page(self, actor: Actor | None) -> dict[str, Any]:
        placements = self._placements(actor) if actor is not None else []
        shared = {
            "display_name": self.display_name,
            "practice_url": _practice_url(),
            "uid": f"ls-{secrets.token_hex(4)}",
            "has_placement": bool(placements),
        }
        if actor is None or not placements:
            return shared
        standing = self._standing(actor)
        return {**shared, **self._shown(actor, placements, standing), **self._form(placements)}

    def _standing(self, actor: Actor) -> Standing:
        """How far the trainee has come; registers the block with the practicum at first."""
        item = self.student_item()
        if item is None:
            raise JsonHandlerError(403, self.translate("Please sign in."))
        return practicum.register_item(
            actor,
            {name: str(value) for name, value in item.items()},
            programme=self.programme,
            points=self.points,
            measure=Measure(self.measure),
            level=self.level,
        )

    def _form(self, placements: Sequence[PlacementRecord]) -> dict[str, Any]:
        """What the quick entry offers: placements that run, their activities, a usual day."""
        today = timezone.now().date()
        running = [one for one in placements if one.first <= today + timedelta(days=1)]
        latest = (running or placements)[0]
        names = {one.code: one.name for one in practicum.categories(Actor(latest.trainee))}
        return {
            "placements": [{"id": str(one.id), "name": one.host_name} for one in running],
            "categories": [
                {"code": code, "name": names.get(code, code)} for code in latest.rules.categories
            ],
            "first": latest.first.isoformat(),
            "today": min(practicum.local_day(timezone.now(), latest.tz), latest.last).isoformat(),
        }

    def _shown(
        self, actor: Actor, placements: Sequence[PlacementRecord], standing: Standing
    ) -> dict[str, Any]:
        wanted = {placement.id for placement in placements}
        every = practicum.entries(actor, trainee=actor.person)
        entries = [entry for entry in every if entry.placement in wanted]
        return describe_practice(placements, entries, standing, self.translate)

    # --- Handlers ---

    @callable_by("learner")
    @XBlock.json_handler
    def refresh(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """The figures as they are now: ``{"html"}``. Tells the host how much is done."""
        return self._answer(*self._practising())

    @callable_by("learner")
    @XBlock.json_handler
    def log(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """Log a stretch of practice, and submit it if ``submit`` says so.

        ``{"entry": an id of the client's, "placement", "day", "start", "end", "break_minutes",
        "category", "text", "submit"}``; sent again it changes nothing.
        """
        actor, placements = self._practising()
        entry = _uuid(data, "entry")
        chosen = _uuid(data, "placement")
        placement = next((one for one in placements if one.id == chosen), None)
        if placement is None:
            raise JsonHandlerError(403, self.translate("You have no placement in this programme."))
        values = self._values(data, placement)
        try:
            receipt = practicum.log_hours(actor, entry, values, placement=placement.id)
            said = [self._say(problem) for problem in receipt.warnings]
            if read_value(data, "submit", False) is True and receipt.state == EntryState.DRAFT:
                said += self._submit(actor, [entry])
        except PracticumError as error:
            raise JsonHandlerError(400, self._say_error(error)) from error
        return {**self._answer(actor, placements), "said": said}

    @callable_by("learner")
    @XBlock.json_handler
    def submit_drafts(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """Ask the mentor to confirm drafts: ``{"entries": ids}``."""
        actor, placements = self._practising()
        raw = read_value(data, "entries")
        if not isinstance(raw, list) or len(raw) > MAX_SUBMITTED:
            raise JsonHandlerError(400, self.translate("The entries are a list of ids."))
        entries = [_uuid({"entry": one}, "entry") for one in raw]
        try:
            said = self._submit(actor, entries)
        except PracticumError as error:
            raise JsonHandlerError(400, self._say_error(error)) from error
        return {**self._answer(actor, placements), "said": said}

    def _submit(self, actor: Actor, entries: Sequence[UUID]) -> list[str]:
        """Submit; what could not be is told."""
        receipt = practicum.submit_entries(actor, entries)
        failed = [item for item in receipt.items if not item.is_done]
        if any(item.error == "NoApprover" for item in failed):
            return [self.translate("Kept as a draft: no mentor answers for that day yet.")]
        return [self.translate("Some entries could not be submitted.")] if failed else []

    def _values(self, data: Any, placement: PlacementRecord) -> EntryValues:
        """What was typed, as values; raises a refusal in words."""
        try:
            day = _day(_text(data, "day"))
            since, until = _clock(_text(data, "start")), _clock(_text(data, "end"))
            start = practicum.moment(day, since, placement.tz)
            end = practicum.moment(day + timedelta(days=until <= since), until, placement.tz)
        except practicum.NoSuchTime as error:
            raise JsonHandlerError(400, self.translate(error.template) % error.params) from error
        except ValueError as error:
            message = self.translate("A day and two times are needed.")
            raise JsonHandlerError(400, message) from error
        pause = read_value(data, "break_minutes", 0)
        if isinstance(pause, bool) or not isinstance(pause, int):
            raise JsonHandlerError(400, self.translate("The break is a number of minutes."))
        net = int((end - start) / timedelta(minutes=1)) - pause
        return EntryValues(
            start, end, pause, {_text(data, "category"): net}, (), _text(data, "text")
        )

    def _answer(self, actor: Actor, placements: Sequence[PlacementRecord]) -> dict[str, Any]:
        standing = self._standing(actor)
        if standing.done:
            self.emit_completion(round(standing.share, 4))
        shown = {"practice_url": _practice_url(), **self._shown(actor, placements, standing)}
        html = render_template("practice/standing.html", shown, self.translate)
        return {"html": str(html), "usual": shown["usual"]}

    def _say(self, problem: Problem) -> str:
        return self.translate(problem.template) % problem.params

    def _say_error(self, error: PracticumError) -> str:
        if isinstance(error, practicum.InvalidEntry):
            return " ".join(self._say(problem) for problem in error.problems if problem.is_hard)
        text = self.translate(error.template)
        return text % error.params if error.params else text

    # --- Score ---

    def max_score(self) -> int:
        """Points possible; known without a learner."""
        return int(self.points)

    # --- Authors ---

    def find_faults(self) -> Iterator[Fault]:
        """A programme is named, and the numbers are in their range."""
        if not self.programme.strip():
            yield Fault("programme", _("The code of a programme is needed."))
        if self.measure not in list(Measure):
            yield Fault("measure", _("This is none of the choices."))
        if not 1 <= self.points <= MAX_POINTS:
            yield Fault("points", _("A whole number from 1 to 1000 is needed."))
        if not 1 <= self.level <= 20:
            yield Fault("level", _("A whole number from 1 to 20 is needed."))


def _practice_url() -> str:
    """The practicum's own pages, where the host has them."""
    try:
        return str(reverse("practicum:home"))
    except NoReverseMatch:
        return ""


def _text(data: Any, name: str) -> str:
    value = read_value(data, name, "")
    if not isinstance(value, str):
        raise JsonHandlerError(400, f"{name} is a text.")
    return value


def _day(text: str) -> date:
    found = date.fromisoformat(text)
    if not practicum.is_meant(found):
        raise ValueError(text)
    return found


def _clock(text: str) -> time:
    """A time of day at the placement, so without a zone of its own; raises ``ValueError``."""
    found = time.fromisoformat(text)
    if found.tzinfo is not None:
        raise ValueError(text)
    return found


def _uuid(data: Any, name: str) -> UUID:
    try:
        return UUID(_text(data, name))
    except ValueError as error:
        raise JsonHandlerError(400, f"{name} is no id.") from error
