"""The coordinators' pages of the practicum in the table of who may call what.

Nobody of the table coordinates a practicum, an administrator of the site neither: all are refused.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

NOBODY = UUID(int=0)
REFUSED = ">>-------"
REFUSED_POST = "---------"
FOUND_BY_NOBODY = ">>???????"
FOUND_BY_NOBODY_POST = "--???????"
EVERYBODY = "+++++++++"
UNKNOWN_CODE = "?????????"

PLACEMENT = {"placement": NOBODY}
PERSON = {"person": NOBODY}
JOB = {"job": NOBODY}

# view: its arguments, for those that answer GET and POST
FORMS: dict[str, dict[str, Any]] = {
    "office_create": {},
    "office_table": {},
    "office_assign": {},
    "office_remind": {},
    "office_change": PLACEMENT,
    "office_move": PLACEMENT,
    "office_pause": PLACEMENT,
    "office_resume": PLACEMENT | {"pause": NOBODY},
    "office_grant": PLACEMENT,
    "office_end": PLACEMENT | {"mandate": NOBODY},
    "office_agree": PLACEMENT,
    "office_sign": PLACEMENT | {"agreement": NOBODY},
    "office_let_pass": PLACEMENT,
    "office_close": PLACEMENT,
    "office_reopen": PLACEMENT | {"period": NOBODY},
    "office_host_new": {},
    "office_host": {"host": NOBODY},
    "office_person_new": {},
    "office_replace": {},
    "office_erase": PERSON,
    "office_programme_new": {},
    "office_programme": {"code": "basic"},
    "office_named_new": {"kind": "cohorts"},
    "office_named": {"kind": "cohorts", "code": "spring"},
    "office_closing": {},
    "office_confirm": {"reopening": NOBODY},
    "office_attendance": {},
}
PAGES: dict[str, dict[str, Any]] = {
    "office": {},
    "office_entries": {},
    "office_placements": {},
    "office_placement": PLACEMENT,
    "office_hosts": {},
    "office_people": {},
    "office_expiring": {},
    "office_person": PERSON,
    "office_setup": {},
    "office_reports": {},
    "office_job": JOB,
    "office_job_file": JOB,
    "office_trail": {},
}
ACTIONS: dict[str, dict[str, Any]] = {
    "office_export": PERSON,
    "office_report_file": {},
    "office_job_cancel": JOB,
    "office_verify": {},
}
REPORT = PLACEMENT | {"kind": "record"}
OPEN: dict[str, dict[str, Any]] = {
    "report": REPORT,
    "report_file": REPORT,
    "check_form": {},
    "check": {"code": NOBODY},
}

OFFICE_ARGUMENTS = {
    f"practicum:{name}": arguments
    for name, arguments in {**FORMS, **PAGES, **ACTIONS, **OPEN}.items()
}
# What is sent where an empty form would be refused before it is asked who sends it.
OFFICE_SENT = {"practicum:report_file": {"form": "csv"}}
OFFICE = {
    **{(f"practicum:{name}", "GET"): REFUSED for name in (*FORMS, *PAGES)},
    **{(f"practicum:{name}", "POST"): REFUSED_POST for name in (*FORMS, *ACTIONS)},
    ("practicum:report", "GET"): FOUND_BY_NOBODY,
    ("practicum:report_file", "POST"): FOUND_BY_NOBODY_POST,
    ("practicum:check_form", "GET"): EVERYBODY,
    ("practicum:check", "GET"): UNKNOWN_CODE,
}
