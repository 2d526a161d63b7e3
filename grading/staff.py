"""What people grade, and what people change of a machine's mark: a public face of ``grading``.

Whoever calls has checked who asks: learners' functions take the learner's own key, those of graders
the task (``Place``) and who acts (``by``, an account's id as text). Nothing of another task can be
reached through a place. What is refused is a ``TaskRefused``, whose ``describe`` says why.

The life of a work, and who must act next, is in ``grading.human.rules``.
"""

from __future__ import annotations

from grading.graders.rubric import Rubric, find_rubric_faults, read_rubric
from grading.graders.rubric.exercise import FILE_KINDS
from grading.human.answers import count_words, read_handed_in, read_written
from grading.human.bank import BankRecord, add_comment, bank, delete_comment, use_comment
from grading.human.bundling import bundle
from grading.human.errors import HeldByAnother, NoSuchWork, StaleNotes, TaskRefused
from grading.human.files import (
    FileRecord,
    add_file,
    handed_in_file,
    own_file,
    own_files,
    read_parts,
    remove_file,
)
from grading.human.handing_in import appeal, hand_in
from grading.human.judging import answer_appeal, give_back, grade, publish_all, save_notes
from grading.human.overriding import (
    AnsweredRow,
    ChangedMark,
    changed_mark,
    list_answered,
    override_line,
)
from grading.human.people import staff_names
from grading.human.queue import claim, claim_next, release
from grading.human.reading import count_owed, count_queues, list_works, load_sheet, load_task
from grading.human.records import (
    AnswerRecord,
    GradingRecord,
    Place,
    QueueCount,
    Sheet,
    TaskMoved,
    TaskSettings,
    TaskState,
    WorkPage,
    WorkRow,
)
from grading.human.rules import Actor, Policy, Role, State
from grading.signals import task_moved

__all__ = [
    "FILE_KINDS",
    "Actor",
    "AnswerRecord",
    "AnsweredRow",
    "BankRecord",
    "ChangedMark",
    "FileRecord",
    "GradingRecord",
    "HeldByAnother",
    "NoSuchWork",
    "Place",
    "Policy",
    "QueueCount",
    "Role",
    "Rubric",
    "Sheet",
    "StaleNotes",
    "State",
    "TaskMoved",
    "TaskRefused",
    "TaskSettings",
    "TaskState",
    "WorkPage",
    "WorkRow",
    "add_comment",
    "add_file",
    "answer_appeal",
    "appeal",
    "bank",
    "bundle",
    "changed_mark",
    "claim",
    "claim_next",
    "count_owed",
    "count_queues",
    "count_words",
    "delete_comment",
    "find_rubric_faults",
    "give_back",
    "grade",
    "hand_in",
    "handed_in_file",
    "list_answered",
    "list_works",
    "load_sheet",
    "load_task",
    "override_line",
    "own_file",
    "own_files",
    "publish_all",
    "read_handed_in",
    "read_parts",
    "read_rubric",
    "read_written",
    "release",
    "remove_file",
    "save_notes",
    "staff_names",
    "task_moved",
    "use_comment",
]
