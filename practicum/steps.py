"""What the trail's steps are called where people read them."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

STEPS = {
    "create": gettext_noop("logged hours"),
    "edit": gettext_noop("changed hours"),
    "submit": gettext_noop("submitted hours"),
    "recall": gettext_noop("took hours back to change them"),
    "void": gettext_noop("gave up hours"),
    "approve": gettext_noop("approved hours"),
    "countersign": gettext_noop("countersigned hours"),
    "return": gettext_noop("returned hours"),
    "undo": gettext_noop("took an approval back"),
    "lock": gettext_noop("locked hours"),
    "close_period": gettext_noop("closed a period"),
    "reopen_period": gettext_noop("asked to open a period again"),
    "confirm_reopening": gettext_noop("opened a period again"),
    "create_placement": gettext_noop("created a placement"),
    "change_placement": gettext_noop("changed a placement"),
    "move_placement": gettext_noop("moved to another host library"),
    "pause_placement": gettext_noop("interrupted a placement"),
    "cancel_pause": gettext_noop("cancelled an interruption"),
    "grant_mandate": gettext_noop("assigned a mentor"),
    "end_mandate": gettext_noop("ended a mentor's mandate"),
    "override": gettext_noop("let an exception pass"),
    "create_agreement": gettext_noop("wrote down an agreement"),
    "sign_agreement": gettext_noop("signed an agreement"),
    "issue_document": gettext_noop("handed out a report"),
    "issue_report": gettext_noop("handed out a summary"),
    "remind": gettext_noop("reminded of open weeks"),
    "issue_link": gettext_noop("sent a link to a mentor"),
    "record_attendance": gettext_noop("recorded attendance"),
    "add_person": gettext_noop("made a person known"),
    "create_person": gettext_noop("made a person known"),
    "erase_person": gettext_noop("erased a person"),
    "import_dossier": gettext_noop("took in a person's practice"),
    "import_entry": gettext_noop("took in hours"),
    "look_at_export": gettext_noop("took out a person's data"),
    "look_at_file": gettext_noop("opened a person's file"),
    "appoint_coordinator": gettext_noop("appointed a coordinator"),
    "create_host": gettext_noop("added a host library"),
    "change_host": gettext_noop("changed a host library"),
    "create_programme": gettext_noop("made a programme"),
    "change_programme": gettext_noop("changed a programme"),
    "save_week": gettext_noop("wrote a weekly report"),
    "record_absence": gettext_noop("noted an absence"),
}


def step_name(command: str) -> str:
    """A step in words; the name that programs know it by, where there are none."""
    return _(STEPS[command]) if command in STEPS else command.replace("_", " ")
