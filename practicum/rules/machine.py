"""The state machine of an entry, as a table (T1 to T16).

Commands that leave the state alone (T9, T11, T14, T15) are in it for their guards. What is not in
the table does not happen: nobody edits another's hours, signs for somebody else or approves by
the passing of time, and no administrator gets past it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from practicum.data import EntryState

DRAFT, SUBMITTED, RETURNED = EntryState.DRAFT, EntryState.SUBMITTED, EntryState.RETURNED
APPROVED, LOCKED, VOID = EntryState.APPROVED, EntryState.LOCKED, EntryState.VOID

COUNTED = frozenset({APPROVED, LOCKED})
OPEN = frozenset({DRAFT, SUBMITTED, RETURNED})


@dataclass(frozen=True, slots=True)
class Step:
    """From one of the states ``sources`` (none: from nothing) to ``target`` (``None``: stays)."""

    number: str
    sources: frozenset[EntryState]
    target: EntryState | None


STEPS: Mapping[str, Step] = {
    "create": Step("T1", frozenset(), DRAFT),
    "edit": Step("T2", frozenset({DRAFT, RETURNED}), None),
    "submit": Step("T3", frozenset({DRAFT, RETURNED}), SUBMITTED),
    "recall": Step("T4", frozenset({SUBMITTED}), DRAFT),
    "approve": Step("T5", frozenset({SUBMITTED}), APPROVED),
    "sign_first": Step("T5", frozenset({SUBMITTED}), None),  # where two have to sign
    "return": Step("T6", frozenset({SUBMITTED}), RETURNED),
    "undo": Step("T7", frozenset({APPROVED}), SUBMITTED),
    "lock": Step("T8", frozenset({APPROVED}), LOCKED),
    "propose": Step("T9", COUNTED, None),
    "amend": Step("T10", COUNTED, None),
    "drop_amendment": Step("T11", COUNTED, None),
    "void": Step("T12", frozenset({DRAFT, RETURNED}), VOID),
    "reverse": Step("T13", COUNTED, VOID),
    "record_on_sheet": Step("T16", frozenset(), DRAFT),
}


def can(command: str, state: EntryState | None) -> bool:
    """Whether ``command`` is a step from ``state`` (``None``: there is no entry yet)."""
    step = STEPS[command]
    return state in step.sources if state is not None else not step.sources


def follow(command: str, state: EntryState | None) -> EntryState:
    """The state after ``command``; raises ``ValueError`` where there is no such step."""
    if not can(command, state):
        raise ValueError(f"{command} is no step from {state}.")
    target = STEPS[command].target
    result = target if target is not None else state
    if result is None:
        raise ValueError(f"{command} leads nowhere.")
    return result
