"""What a course says of itself to people who do not take it yet."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from django.utils.safestring import SafeString, mark_safe

from delivery.models import Block, CourseFile, CourseVersion
from delivery.runtime.links import rewrite_links
from quarantine.errors import Refused
from quarantine.html import plain_text, sanitize

ABOUTS_KEPT = 256
SUMMARY_LENGTH = 300
STATIC_REFERENCE = re.compile(r"""["']/static/(?P<path>[^"'?#]+)""")


@dataclass(frozen=True, slots=True)
class About:
    """A course's own description: plain ``summary`` and ``facts``, sanitised ``text``."""

    summary: str
    text: SafeString
    outcomes: tuple[str, ...]
    effort: str
    duration: str
    cover: str
    public_files: frozenset[str]


@lru_cache(maxsize=ABOUTS_KEPT)
def load_about(version_id: int) -> About:
    """What a version says of the course; raises ``CourseVersion.DoesNotExist``.

    Reads no more of the version than it needs: a catalogue shows many courses at once.
    """
    version = CourseVersion.objects.select_related("course").get(pk=version_id)
    root = Block.objects.filter(version=version, usage_key=version.root).first()
    files = CourseFile.objects.filter(version=version).values_list("path", flat=True)
    return read_about(
        version.course.key, version.about, root.fields if root else {}, frozenset(files)
    )


def read_about(
    course_key: str, pages: Mapping[str, str], fields: Mapping[str, Any], files: frozenset[str]
) -> About:
    """What a course says of itself in its about ``pages`` and the ``fields`` of its root block.

    A text that cannot be cleaned is left out, and so is a cover that is not among the ``files``.
    """
    overview = pages.get("overview", "")
    cover = str(_setting(fields, "course_image") or "")
    named = {match["path"] for match in STATIC_REFERENCE.finditer(overview)}
    words = _plain(overview)
    # Authors often write the outcomes into the text as well: nobody is told them twice.
    outcomes = tuple(entry for entry in _outcomes(fields) if entry.rstrip(".") not in words)
    return About(
        summary=_plain(pages.get("short_description", "")) or words[:SUMMARY_LENGTH],
        text=_clean(overview, course_key),
        outcomes=outcomes,
        effort=_plain(pages.get("effort", "")),
        duration=_plain(pages.get("duration", "")),
        cover=cover if cover in files else "",
        public_files=files & {cover, *map(unquote, named)},
    )


def _setting(fields: Mapping[str, Any], name: str) -> Any:
    """A setting of the course; the ones nobody declares are kept under ``xml_attributes``."""
    others = fields.get("xml_attributes")
    return fields.get(name) or (others.get(name) if isinstance(others, dict) else None)


def _outcomes(fields: Mapping[str, Any]) -> tuple[str, ...]:
    found = _setting(fields, "learning_info") or []
    if isinstance(found, str):
        try:
            found = json.loads(found)
        except ValueError:
            return ()
    return tuple(str(entry) for entry in found) if isinstance(found, list) else ()


def _plain(html: str) -> str:
    try:
        return plain_text(html)
    except Refused:
        return ""


def _clean(html: str, course_key: str) -> SafeString:
    try:
        return mark_safe(sanitize(rewrite_links(html, course_key)))  # noqa: S308  # sanitised
    except Refused:
        return SafeString("")
