"""Open edX's course format: a folder or archive of OLX <-> a course in memory.

Pure: lxml and the quarantine's gates, no Django and no XBlock. What a block's attributes mean is
its class's business, so whoever reads a course passes a function that parses one element.
"""

from delivery.olx.files import CourseFiles
from delivery.olx.problems import Problem, Problems, Severity
from delivery.olx.reader import read_course
from delivery.olx.tree import OlxBlock, OlxCourse, Parsed
from delivery.olx.writer import write_course

__all__ = [
    "CourseFiles",
    "OlxBlock",
    "OlxCourse",
    "Parsed",
    "Problem",
    "Problems",
    "Severity",
    "read_course",
    "write_course",
]
