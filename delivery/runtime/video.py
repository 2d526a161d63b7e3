"""Films: the browser's own player for what the school keeps, a plain link to what others keep.

The player of the platform's block loads scripts from YouTube and reports to it, which no page of
this site does. So the block's class reads and writes the OLX, and this module shows it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote, urlsplit

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info

from delivery.models import Asset
from delivery.runtime.links import rewrite_links
from delivery.tree import BlockNode, CourseTree

CAPTIONS = "captions"
YOUTUBE = "https://www.youtube.com/watch?v="
YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{5,20}")
YOUTUBE_FIELDS = ("youtube_id_1_0", "youtube_id_1_25", "youtube_id_0_75", "youtube_id_1_5")
MEDIA_TYPES = {".mp4": "video/mp4", ".webm": "video/webm", ".ogv": "video/ogg", ".mov": "video/mp4"}
MAX_CAPTIONS = 1_000_000  # bytes
SRT_TIME = re.compile(r"(\d{1,2}:\d{2}:\d{2})[,.](\d{3})")


@dataclass(frozen=True, slots=True)
class Source:
    """A film file of the school."""

    url: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Track:
    """Captions in one language."""

    url: str
    language: str
    label: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A film on another site."""

    url: str
    site: str


def _own_url(tree: CourseTree, url: str) -> str:
    return rewrite_links(f'"{url}"', tree.course_key, is_draft=tree.is_draft)[1:-1]


def _sources(tree: CourseTree, fields: Mapping[str, Any]) -> list[Source]:
    urls = [_own_url(tree, str(url)) for url in fields.get("html5_sources") or ()]
    return [
        Source(url, MEDIA_TYPES.get(f".{url.rpartition('.')[2].lower()}", "video/mp4"))
        for url in urls
        if url.startswith("/") and not url.startswith("//")
    ]


def _elsewhere(fields: Mapping[str, Any]) -> Iterator[Elsewhere]:
    for name in YOUTUBE_FIELDS:
        if YOUTUBE_ID.fullmatch(str(fields.get(name) or "")):
            yield Elsewhere(f"{YOUTUBE}{fields[name]}", "YouTube")
            break
    for url in map(str, fields.get("html5_sources") or ()):
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname:
            yield Elsewhere(url, parts.hostname)


def caption_files(fields: Mapping[str, Any]) -> dict[str, str]:
    """The caption file of each language, by its path below ``static/``."""
    files = dict(fields.get("transcripts") or {})
    if fields.get("sub") and "en" not in files:
        files["en"] = f"subs_{fields['sub']}.srt.sjson"
    return {str(language): str(path) for language, path in files.items() if path}


def _label(language: str) -> str:
    try:
        return str(get_language_info(language)["name_local"])
    except KeyError:
        return language


def _tracks(tree: CourseTree, node: BlockNode, handlers: str) -> list[Track]:
    return [
        Track(
            f"{handlers}{CAPTIONS}/{quote(language)}",
            language,
            _label(language),
        )
        for language, path in sorted(caption_files(node.fields).items())
        if path in tree.files
    ]


def _link(tree: CourseTree, fields: Mapping[str, Any], name: str) -> str:
    url = _own_url(tree, str(fields.get(name) or ""))
    return url if url.startswith(("/", "https://", "http://")) else ""


def render_video(tree: CourseTree, node: BlockNode, handlers: str) -> SafeString:
    """A film with its captions, its downloads, and where else it can be seen.

    ``handlers`` is the URL below which the block's handlers are.
    """
    fields = node.fields
    context = {
        "name": node.display_name,
        "sources": _sources(tree, fields),
        "tracks": _tracks(tree, node, handlers),
        "elsewhere": list(_elsewhere(fields)),
        "transcript": _link(tree, fields, "track") if fields.get("download_track") else "",
        "handout": _link(tree, fields, "handout"),
        "may_download": bool(fields.get("download_video")),
        "completion_url": f"{handlers}publish_completion/",
    }
    return SafeString(render_to_string("blocks/video.html", context))


def read_captions(tree: CourseTree, node: BlockNode, language: str) -> str | None:
    """The captions of a film as WebVTT, or ``None`` if there are none in this language."""
    file = tree.files.get(caption_files(node.fields).get(language, ""))
    if file is None or file.size > MAX_CAPTIONS:
        return None
    data = bytes(Asset.objects.values_list("data", flat=True).get(pk=file.sha256))
    return to_webvtt(data.decode("utf-8-sig", "replace"))


def to_webvtt(text: str) -> str:
    """Captions in SubRip, in the platform's JSON, or in WebVTT already, as WebVTT."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if text.startswith("WEBVTT"):
        return text + "\n"
    if text.startswith("{"):
        return _from_json(text)
    return "WEBVTT\n\n" + SRT_TIME.sub(r"\1.\2", text) + "\n"


def _from_json(text: str) -> str:
    try:
        cues = json.loads(text)
        rows = list(zip(cues["start"], cues["end"], cues["text"], strict=False))
        parts = [
            f"{_clock(start)} --> {_clock(end)}\n{escape(str(words))}" for start, end, words in rows
        ]
    except (ValueError, KeyError, TypeError):
        parts = []
    return "WEBVTT\n\n" + "\n\n".join(parts) + "\n"


def _clock(milliseconds: Any) -> str:
    seconds, rest = divmod(int(milliseconds), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{rest:03}"
