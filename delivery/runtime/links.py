"""Rewrites the links that authors write to a course's own files and blocks.

``/static/NAME`` and ``/asset-v1:…@asset+block@NAME`` lead to a file of the course,
``/jump_to_id/ID`` to a block, and ``/course/…`` to a page of the course, as in Open edX. Only
what stands in quotation marks as a whole is touched.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from urllib.parse import unquote

from django.urls import NoReverseMatch, reverse

LINK = re.compile(
    r"""(?P<quote>\\?['"])(?P<kind>/static/|/jump_to_id/|/course/"""
    r"""|/?asset-v1:[^'"\s]+?type@asset\+block@)(?P<rest>[^'"\\]*)(?P=quote)"""
)
SUFFIX = re.compile(r"[?#].*$", re.DOTALL)
# Below ``/static/`` are this site's own static files as well as (in links) the course's. These
# folders are the site's: a block that writes such a URL means its own script or picture.
SITE_FOLDERS = (
    "xblock/resources/",
    "js/capa/",
    "js/vendor/",
    "images/green-pointer",
    "images/spinner",
    "images/vsepr/",
)


@lru_cache(maxsize=20_000)
def file_url(course_key: str, path: str, is_draft: bool = False) -> str:
    """The URL of a course file, or of one of its draft, by its path below ``static/``."""
    # The links stand in HTML attributes, where these two would mean something.
    url = reverse("draft_file" if is_draft else "course_file", args=[course_key, path])
    return url.replace("&", "%26").replace("'", "%27")


@lru_cache(maxsize=20_000)
def jump_url(course_key: str, block_id: str) -> str:
    """The URL that leads to the unit with a block."""
    return reverse("jump", args=[course_key, block_id])


@lru_cache(maxsize=1_000)
def course_url(course_key: str) -> str:
    """The URL of the course page."""
    return reverse("course", args=[course_key])


@lru_cache(maxsize=50_000)
def handler_base(course_key: str, usage_key: str, is_draft: bool = False) -> str:
    """The URL below which a block's handlers are: a name, a slash and a suffix follow."""
    view = "draft_handler" if is_draft else "block_handler"
    return reverse(view, args=[course_key, usage_key, "x", ""])[: -len("x/")]


@lru_cache(maxsize=20_000)
def frame_url(course_key: str, usage_key: str, is_draft: bool = False) -> str:
    """The URL of a block's frame."""
    return reverse("draft_frame" if is_draft else "block_frame", args=[course_key, usage_key])


def _target(course_key: str, kind: str, rest: str, is_draft: bool) -> str:
    bare = SUFFIX.sub("", rest)
    suffix = rest[len(bare) :]
    if kind == "/course/":
        return course_url(course_key) + rest
    if kind == "/jump_to_id/":
        return jump_url(course_key, unquote(bare).strip("/")) + suffix
    path = unquote(unescape(bare))
    if kind != "/static/":
        path = path.replace("@", "/")
    return file_url(course_key, path, is_draft) + suffix


def rewrite_links(
    text: str, course_key: str, site_folders: tuple[str, ...] = (), *, is_draft: bool = False
) -> str:
    """``text`` with the course's own links made into URLs of this site.

    ``site_folders`` are left alone below ``/static/``: those of text that blocks have made. The
    files of a draft are others than those that are served.
    """

    def replace(match: re.Match[str]) -> str:
        if match["kind"] == "/static/" and match["rest"].startswith(site_folders):
            return match[0]
        try:
            target = _target(course_key, match["kind"], match["rest"], is_draft)
        except NoReverseMatch:  # nothing after the slash, or what no name can be
            return match[0]
        return f"{match['quote']}{target}{match['quote']}"

    if "/static/" not in text and "/jump_to_id/" not in text and "/course/" not in text:
        return text if "asset-v1:" not in text else LINK.sub(replace, text)
    return LINK.sub(replace, text)
