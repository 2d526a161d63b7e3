"""Reads a course folder into a tree of blocks, block by block, and reports what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath

from lxml import etree

from delivery.olx.blocks import BlockReader
from delivery.olx.files import CourseFiles
from delivery.olx.links import check_links
from delivery.olx.names import NAME
from delivery.olx.policy import policy_path, read_grading_policy, read_policy
from delivery.olx.problems import Problems
from delivery.olx.sources import decode_text
from delivery.olx.tree import OlxCourse, ParseBlock
from quarantine.errors import Refused, gettext_noop
from quarantine.xml import parse_xml

DEFAULT_ORG = "edx"
DEFAULT_NUMBER = "course"
MAX_STATIC_PATH = 500
PAGE_FOLDERS = ("about", "info", "tabs")
PAGE_SUFFIXES = (".html", ".json")
# What an export holds besides blocks, and what the reader takes from elsewhere.
KNOWN_FOLDERS = (*PAGE_FOLDERS, "assets", "drafts", "policies", "static", "textbooks")
KNOWN_FILES = {"course.xml", "grading_policy.json"}

NO_RUN = gettext_noop("The course has no run: <course> in course.xml needs a url_name.")
BAD_KEY = gettext_noop(
    "“%(value)s” cannot be part of a course key (attribute %(attribute)s): only letters, digits "
    "and - _ . ~ : may be used."
)
LONG_KEY = gettext_noop("The course key is longer than %(limit)d characters.")
MAX_COURSE_KEY = 150

Progress = Callable[[int], None]


def read_course(
    files: CourseFiles, parse: ParseBlock, progress: Progress | None = None
) -> OlxCourse:
    """Read the course in ``files``; ``progress`` is called with the number of blocks so far.

    Raises ``quarantine.errors.Refused`` for a course without a key and for XML that says what no
    course needs to say (document types, entities, excesses). Everything else that is wrong is
    in ``problems``, and the rest is read.
    """
    problems = Problems()
    root = _parse_root(files)
    org, number, run = _key_parts(root, files, problems)
    course = OlxCourse(org, number, run, files, problems)
    course.grading_policy = read_grading_policy(files, run, problems)
    course.static = _static_paths(files, problems)
    course.about = _pages(files, problems)
    reader = BlockReader(course, parse, read_policy(files, run, problems), progress)
    reader.read_root(root)
    reader.report_unused_policy(policy_path(files, run))
    _report_links(course, reader.used_files)
    _report_left_out(files, reader.used_files, problems)
    return course


def _parse_root(files: CourseFiles) -> etree._Element:
    try:
        return parse_xml(files.read("course.xml"), root="course")
    except Refused as refusal:
        refusal.where = refusal.where or files.in_archive("course.xml")
        raise


def _key_parts(
    root: etree._Element, files: CourseFiles, problems: Problems
) -> tuple[str, str, str]:
    org, number, run = (root.get(name, "") for name in ("org", "course", "url_name"))
    if not run:
        raise Refused("course.no_run", NO_RUN, where="course.xml")
    if not org:
        org = DEFAULT_ORG
        problems.add("course.no_org", "course.xml", org=org)
    if not number:
        folder = PurePosixPath(files.root).name
        number = folder if NAME.fullmatch(folder) else DEFAULT_NUMBER
        problems.add("course.no_number", "course.xml", number=number)
    for attribute, value in (("org", org), ("course", number), ("url_name", run)):
        if not NAME.fullmatch(value):
            raise Refused(
                "course.key", BAD_KEY, where="course.xml", value=value[:80], attribute=attribute
            )
    if len(org) + len(number) + len(run) > MAX_COURSE_KEY:
        raise Refused("course.long_key", LONG_KEY, where="course.xml", limit=MAX_COURSE_KEY)
    return org, number, run


def _static_paths(files: CourseFiles, problems: Problems) -> list[str]:
    paths = []
    for path in files.below("static"):
        name = path.removeprefix("static/")
        if len(name) > MAX_STATIC_PATH:
            problems.add("file.name", path, limit=MAX_STATIC_PATH)
        else:
            paths.append(name)
    return paths


def _pages(files: CourseFiles, problems: Problems) -> dict[str, str]:
    """The HTML (and JSON) about the course, by path without ``about/`` and ``.html``."""
    pages = {}
    for folder in PAGE_FOLDERS:
        for path in files.below(folder):
            if path.endswith(PAGE_SUFFIXES):
                name = path.removeprefix("about/").removesuffix(".html")
                pages[name] = decode_text(files.read(path), path, problems)
    return pages


def _report_links(course: OlxCourse, used_files: set[str]) -> None:
    static = {*course.static, *(path.replace("/", "_") for path in course.static)}
    names = {block.name for block in course.blocks}
    pages = {path for path in course.files.below("about") if path.endswith(".html")}
    for path in sorted(used_files | pages):
        text = course.files.read(path).decode("utf-8", "replace")
        check_links(text, path, static, names, course.problems)


def _report_left_out(files: CourseFiles, used: set[str], problems: Problems) -> None:
    for path in files:
        folder = path.partition("/")[0]
        if folder == "drafts":
            if path.endswith(".xml"):
                problems.add("file.draft", path)
        elif path not in used and path not in KNOWN_FILES and folder not in KNOWN_FOLDERS:
            problems.add("file.unused", path)
