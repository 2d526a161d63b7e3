"""The sentences of notices, by name. Their places are filled by the notice's ``params``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

SENTENCES: Mapping[str, str] = {
    "task_graded": _("Your work on “%(task)s” has been graded."),
    "task_returned": _("Your work on “%(task)s” was returned to you for revision."),
    "task_returned_due": _(
        "Your work on “%(task)s” was returned to you for revision, due %(due)s."
    ),
    "review_answered": _("Your request for a review of “%(task)s” has been answered."),
    "review_asked": _("A trainee asks for a review of the grade of “%(task)s”."),
}


def say(kind: str, params: Mapping[str, Any]) -> str:
    """The sentence in the reader's language."""
    return gettext(SENTENCES[kind]) % params
