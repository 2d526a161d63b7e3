"""Brings courses in: read everything, then write one new version, then move the pointer.

Whatever goes wrong before the last step leaves the school as it was. What trainees did hangs on
usage keys and is not touched by any import.
"""

from delivery.importing.reading import StagedCourse, check_course, stage_course
from delivery.importing.saving import ImportResult, import_course, save_course
from delivery.importing.versions import (
    discard_version,
    list_versions,
    publish_version,
    restore_version,
)
from delivery.olx import Problem, Severity

__all__ = [
    "ImportResult",
    "Problem",
    "Severity",
    "StagedCourse",
    "check_course",
    "discard_version",
    "import_course",
    "list_versions",
    "publish_version",
    "restore_version",
    "save_course",
    "stage_course",
]
