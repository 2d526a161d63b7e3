"""What every graded exercise does for its learners: a draft, submissions, a result to show.

All of it is kept by ``grading``; the block's own fields are the author's alone. The key of an
exercise is read here only to grade, and to show the answer once the author's policy allows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from web_fragments.fragment import Fragment
from webob import Response
from xblock.core import XBlock
from xblock.exceptions import JsonHandlerError
from xblock.scorable import ScorableXBlockMixin, Score

from grading import api as grading
from grading import staff
from grading.api import FeedbackLevel, ItemState, StudentItemKey, SubmissionRecord
from xblocks.authoring import EditedExercise
from xblocks.block import callable_by
from xblocks.rendering import data_island
from xblocks.requests import read_value
from xblocks.staff import StaffHalf

SUBMISSION_KEY = re.compile(r"[0-9A-Za-z_-]{1,64}")

HIDDEN_RESULTS = {"never", "never_but_include_grade"}


class ExerciseBlock(ScorableXBlockMixin, StaffHalf, EditedExercise):
    """Base of the graded blocks. A subclass names its ``GRADER`` and fills in what is open."""

    has_score = True
    icon_class = "problem"

    # --- What a subclass fills in ---

    def page_context(self) -> dict[str, Any]:
        """What the author wrote and anybody may see."""
        raise NotImplementedError

    def exercise_state(self, item: ItemState, answer_shown: bool) -> dict[str, Any]:
        """What the page's script needs beside ``state``; JSON, without the key."""
        raise NotImplementedError

    def page_state(self, state: dict[str, Any]) -> dict[str, Any]:
        """What the script needs once, when the page opens; JSON, without the key."""
        return {}

    def plain_text(self) -> str:
        """The text of the exercise for the search index."""
        raise NotImplementedError

    def check_submission(self, item: StudentItemKey, answer: Any) -> None:
        """Raise ``InvalidAnswer`` for an answer that this learner may not hand in now."""

    # --- Views ---

    @XBlock.supports("multi_device")
    def student_view(self, context: Any = None) -> Fragment:
        """The exercise as a trainee works at it."""
        return self.page(self.state(self._load()))

    def public_view(self, context: Any = None) -> Fragment:
        """The exercise for a visitor: to read, not to answer."""
        return self.page(self.state(None))

    def author_view(self, context: Any = None) -> Fragment:
        """The exercise in Studio: as a trainee sees it, the answer included."""
        return self.page(self.state(self._load(), answer_shown=True))

    def student_view_data(self, context: Any = None) -> dict[str, Any]:
        """The exercise as JSON, for clients that draw it themselves; bound to no learner."""
        return {
            **self.page_context(),
            "points": self.points,
            "attempts_allowed": self.attempts_allowed,
        }

    def index_dictionary(self) -> dict[str, Any]:
        """What the search index keeps."""
        entry: dict[str, Any] = super().index_dictionary()
        content = {"display_name": self.display_name, "text": self.plain_text()}
        entry["content"] = {**entry.get("content", {}), **content}
        entry["content_type"] = self.translate("Exercise")
        return entry

    def page(self, state: dict[str, Any]) -> Fragment:
        """The exercise for a learner who stands as ``state`` says."""
        island = data_island({**state, **self.page_state(state)})
        context = {**state, **self.page_context(), "island": island}
        return self.fragment({**context, "for_staff": self.HAS_MACHINE_MARKS and self.is_staff()})

    def _load(self) -> ItemState | None:
        item = self.student_item()
        return grading.load_item(item) if item else None

    # --- State ---

    def state(self, item: ItemState | None, answer_shown: bool | None = None) -> dict[str, Any]:
        """Where a learner stands, as the page's script reads it (``None``: a visitor).

        ``result`` is the last mark as far as the learner may see it, ``submitted`` the last
        answer, ``answer`` the model answer once it may be shown, ``closed_reason`` why nothing
        can be submitted, ``notice`` why no result is shown.
        """
        known = item or ItemState()
        hidden = self.result_is_hidden()
        if answer_shown is None:
            answer_shown = item is not None and not hidden and self._may_show_answer(known)
        reason = self._closed_reason(item)
        return {
            "revision": known.draft_revision,
            "saved_at": known.draft_saved_at.isoformat() if known.draft_saved_at else None,
            "attempts": known.attempts,
            "attempts_allowed": self.attempts_allowed,
            "may_submit": not reason,
            "closed_reason": reason,
            "points": self.points,
            "result": None if hidden else self._result(known, answer_shown),
            "notice": self.translate("Received. The result is not shown yet.")
            if hidden and known.last
            else "",
            **self.exercise_state(known, answer_shown),
        }

    def _result(self, item: ItemState, answer_shown: bool) -> dict[str, Any] | None:
        if item.last is None:
            return None
        level = FeedbackLevel(min(max(self.feedback_level, 0), FeedbackLevel.ANSWER))
        result = grading.show_mark(item.last.mark, item.last.points, level, answer_shown)
        if item.earned is not None and item.possible and item.earned != item.last.earned:
            # A person gave another score than the mark's: for some of its lines, or as a whole.
            result |= {
                "points": item.earned,
                "possible": item.possible,
                "score": item.earned / item.possible,
                **self._changed_lines(item.last, result["lines"]),
            }
        return result

    def _changed_lines(self, last: SubmissionRecord, lines: list[Any]) -> dict[str, Any]:
        """The lines with what staff changed of them, and all changes in short."""
        student = self.student_item()
        if student is None:
            return {}
        changed = staff.changed_mark(student, last.mark, last.attempt)
        scale = last.points / changed.possible if changed.possible else 0.0
        changes = self.show_changes(changed, scale)
        shown = [
            {**line, "points": changes[at]["points"], "change": changes[at]}
            if at in changes
            else line
            for at, line in enumerate(lines)
        ]
        return {"lines": shown, "changes": list(changes.values())}

    def _closed_reason(self, item: ItemState | None) -> str:
        if item is None:
            return self.translate("Sign in and enrol to do this exercise.")
        if self.is_past_due():
            return self.translate("The due date has passed.")
        if self._is_used_up(item):
            return self.translate("All attempts are used up.")
        return ""

    def _is_used_up(self, item: ItemState) -> bool:
        return bool(self.attempts_allowed) and item.attempts >= self.attempts_allowed

    def _may_show_answer(self, item: ItemState) -> bool:
        policy = self.show_answer
        if policy == "attempted":
            return item.attempts > 0
        if policy == "past_due":
            return self.is_past_due()
        if policy == "finished":
            return self.is_past_due() or self._is_used_up(item) or _is_solved(item)
        return bool(policy == "always")

    def result_is_hidden(self) -> bool:
        """Whether the host's ``show_correctness`` keeps results back."""
        policy = getattr(self, "show_correctness", "always")
        if policy in HIDDEN_RESULTS:
            return True
        due = self.close_date
        return policy == "past_due" and due is not None and not self.is_past_due()

    # --- Handlers ---

    @callable_by("learner")
    @XBlock.json_handler
    def submit(self, data: Any, suffix: str = "") -> dict[str, Any]:
        """Grade and keep an answer: ``{"fields": answer, "key": an id of this try}``."""
        item = self.require_student()
        if self.is_past_due():
            raise JsonHandlerError(403, self.translate("The due date has passed."))
        key = read_value(data, "key", "")
        if key and not (isinstance(key, str) and SUBMISSION_KEY.fullmatch(key)):
            raise JsonHandlerError(400, self.translate("The key of this submission is not valid."))
        answer = read_value(data, "fields")
        with self.refusals(), grading.prefetched(item["student_id"], item["course_id"], ()):
            self.check_submission(item, answer)
            grading.submit(
                item,
                answer,
                grader=self.GRADER,
                exercise=self.exercise,
                points=self.points,
                attempts_allowed=self.attempts_allowed,
                idempotency_key=key,
            )
            state = grading.load_item(item)
            self._publish(state)
        return self.state(state)

    @callable_by("learner")
    @XBlock.json_handler
    def save_draft(self, data: Any, suffix: str = "") -> Any:
        """Keep an unsent answer: ``{"fields": answer, "revision": the one it was based on}``."""
        revision = read_value(data, "revision")
        if isinstance(revision, bool) or not isinstance(revision, int) or revision < 0:
            raise JsonHandlerError(400, self.translate("The revision must be a number."))
        draft = read_value(data, "fields")
        with self.refusals():
            self.check_draft(draft)
            return self._keep_draft(self.require_student(), draft, revision)

    @callable_by("learner")
    @XBlock.json_handler
    def reset_draft(self, data: Any, suffix: str = "") -> Any:
        """Begin again with what the author gave; submissions stay."""
        item = self.require_student()
        with self.refusals():
            return self._keep_draft(item, None, grading.load_item(item).draft_revision)

    def _keep_draft(self, item: StudentItemKey, draft: Any, revision: int) -> Any:
        try:
            kept = grading.save_draft(item, draft, revision)
        except grading.StaleDraft as stale:
            message = self.translate("This was changed in another window.")
            return Response(
                json_body={"error": message, **self._draft_state(stale.current)}, status=409
            )
        return self._draft_state(kept)

    def _draft_state(self, item: ItemState) -> dict[str, Any]:
        state = self.state(item)
        return {name: state[name] for name in ("fields", "revision", "saved_at")}

    def require_student(self) -> StudentItemKey:
        """The learner, or a refusal of the visitor nobody knows."""
        item = self.student_item()
        if item is None:
            raise JsonHandlerError(403, self.translate("Please sign in."))
        return item

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Turn what ``grading`` refuses into an answer the page can show."""
        try:
            yield
        except grading.InvalidAnswer as error:
            place = f"{error.where}: " if error.where and not error.quotes else ""
            raise JsonHandlerError(400, place + error.describe(self.translate)) from error
        except grading.InvalidExercise as error:
            message = self.translate("This exercise has a fault; please tell your instructor.")
            raise JsonHandlerError(422, message) from error
        except grading.AttemptsUsedUp as error:
            raise JsonHandlerError(403, self.translate("All attempts are used up.")) from error
        except grading.IdempotencyConflict as error:
            message = self.translate("This submission was sent before with another answer.")
            raise JsonHandlerError(409, message) from error

    # --- Score ---

    def max_score(self) -> int:
        """Points possible; known without a learner."""
        return int(self.points)

    def has_submitted_answer(self) -> bool:
        """Whether the learner has submitted."""
        item = self._load()
        return item is not None and item.last is not None

    def get_score(self) -> Score:
        """The score that counts."""
        item = self._load() or ItemState()
        return Score(item.earned or 0.0, item.possible or float(self.points))

    def set_score(self, score: Score) -> None:
        """Let the host's score count: after it took ours, or when staff override it."""
        item = self.student_item()
        if item is not None and self.has_submitted_answer():
            grading.set_score(item, score.raw_earned, score.raw_possible)

    def calculate_score(self) -> Score:
        """The score of the last answer by the exercise as it is now."""
        item, state = self.student_item(), self._load()
        if state is None or state.last is None:
            raise ValueError(self.translate("Nothing was submitted yet."))
        score = grading.preview_score(self.GRADER, self.exercise, state.last.answer, item)
        return Score(score * self.points, float(self.points))

    def rescore(self, only_if_higher: bool) -> None:
        """Grade the last answer again, keep the new mark, tell the host.

        Raises ``ValueError`` if nothing was submitted.
        """
        item = self.student_item()
        if item is None or not self.has_submitted_answer():
            raise ValueError(self.translate("Nothing was submitted yet."))
        grading.rescore(
            item,
            grader=self.GRADER,
            exercise=self.exercise,
            points=self.points,
            only_if_higher=bool(only_if_higher),
        )
        self._publish(grading.load_item(item), only_if_higher)

    def _publish(self, item: ItemState, only_if_higher: bool | None = None) -> None:
        """Tell the host the score that counts, never above the points possible."""
        possible = item.possible or float(self.points)
        earned = min(max(item.earned or 0.0, 0.0), possible)
        event: dict[str, Any] = {"value": earned, "max_value": possible}
        if only_if_higher is not None:
            event["only_if_higher"] = only_if_higher
        self.runtime.publish(self, "grade", event)


def _is_solved(item: ItemState) -> bool:
    return bool(item.possible) and (item.earned or 0.0) >= (item.possible or 0.0)
