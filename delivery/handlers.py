"""Who may call which handler of which block. What is not said here or by the handler is refused.

Our own handlers declare it themselves (``xblocks.block.callable_by``). For other people's blocks
this table speaks, which the setting ``XBLOCK_HANDLER_ACCESS`` can add to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings

LEARNER = "learner"
STAFF = "staff"
AUTHOR = "author"
LEVELS = frozenset({LEARNER, STAFF, AUTHOR})


@dataclass(frozen=True, slots=True)
class HandlerRule:
    """Who may call a handler, and how.

    Those for staff are called on what is served, by staff who are not looking as a trainee; those
    for authors on a course's draft.

    ``is_safe``: it changes nothing and may be called by GET. ``suffixes`` limits what may follow
    its name (``None``: anything). ``accepts_host_events``: its calls may publish scores and
    completions; not so where the browser names the event.
    """

    access: str = LEARNER
    is_safe: bool = False
    suffixes: frozenset[str] | None = None
    accepts_host_events: bool = True


_OPEN = HandlerRule()
_SAFE = HandlerRule(is_safe=True)
_TRACKING = HandlerRule(accepts_host_events=False)
_AUTHORS = HandlerRule(access=AUTHOR)

# Handlers that the site itself offers for every block.
HOST_HANDLERS: dict[str, HandlerRule] = {"publish_completion": _OPEN}

THIRD_PARTY: dict[str, dict[str, HandlerRule]] = {
    "problem": {
        # `score_update` and `ungraded_response` belong to outside graders.
        "xmodule_handler": HandlerRule(
            suffixes=frozenset(
                {
                    "hint_button",
                    "input_ajax",
                    "problem_check",
                    "problem_get",
                    "problem_reset",
                    "problem_save",
                    "problem_show",
                }
            )
        ),
    },
    "poll_question": {
        "handle_get_state": _OPEN,
        "handle_submit_state": _OPEN,
        "handle_reset_state": _OPEN,
    },
    "word_cloud": {
        "handle_get_state": _OPEN,
        "handle_submit_state": _OPEN,
        "submit_studio_edits": _AUTHORS,
    },
    "pdf": {"on_download": _OPEN, "save_pdf": _AUTHORS},
    "video": {"captions": _SAFE},
    "drag-and-drop-v2": {
        "drop_item": _OPEN,
        "do_attempt": _OPEN,
        "reset": _OPEN,
        "show_answer": _OPEN,
        "expand_static_url": _OPEN,
        "publish_event": _TRACKING,
        "student_view_user_state": _SAFE,
        "studio_submit": _AUTHORS,
    },
}


class UnknownLevel(ValueError):
    """A declaration that is none of ``learner``, ``staff`` and ``author``."""


def _rule_for(level: Any, where: str, is_safe: bool = False) -> HandlerRule:
    if level not in LEVELS:
        raise UnknownLevel(f"{where}: access must be one of {sorted(LEVELS)}, not {level!r}.")
    return HandlerRule(access=str(level), is_safe=is_safe)


def find_rule(block_type: str, block_class: Any, name: str) -> HandlerRule | None:
    """The rule of a handler, or ``None`` if nobody may call it.

    Raises ``UnknownLevel`` for a declaration or setting that cannot be understood.
    """
    if name in HOST_HANDLERS:
        return HOST_HANDLERS[name]
    listed = THIRD_PARTY.get(block_type, {}).get(name)
    if listed is not None:
        return listed
    handler = getattr(block_class, name, None)
    if not getattr(handler, "_is_xblock_handler", False):
        return None
    declared = getattr(handler, "libschool_access", None)
    if declared is not None:
        is_safe = getattr(handler, "libschool_is_safe", False)
        return _rule_for(declared, f"{block_type}.{name}", is_safe)
    added = settings.XBLOCK_HANDLER_ACCESS.get(block_type, {}).get(name)
    return _rule_for(added, f"XBLOCK_HANDLER_ACCESS, {block_type}.{name}") if added else None


def handlers_of(block_class: Any) -> list[str]:
    """The names of all handlers that a class has, called or not."""
    return sorted(
        name
        for name in dir(block_class)
        if getattr(getattr(block_class, name, None), "_is_xblock_handler", False)
    )
