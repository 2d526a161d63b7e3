"""What a pointer is, which file it means, and how its text is read."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from lxml import etree

from delivery.olx.files import CourseFiles
from delivery.olx.problems import Problems

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def strip_controls(text: str) -> str:
    """``text`` without the characters that XML and databases cannot hold."""
    return _CONTROL.sub("", text)


def decode_text(data: bytes, path: str, problems: Problems) -> str:
    """The text of an HTML file; reports what had to be replaced or removed."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.add("file.encoding", path, data.count(b"\n", 0, error.start) + 1)
        return strip_controls(data.decode("utf-8-sig", "replace"))
    found = _CONTROL.search(text)
    if found:
        problems.add("file.encoding", path, text.count("\n", 0, found.start()) + 1)
    return strip_controls(text).replace("\r\n", "\n")


def is_pointer(element: etree._Element) -> bool:
    """Whether an element only names its definition (xmodule.xml_block.is_pointer_tag)."""
    expected = {"url_name", "course", "org"} if element.tag == "course" else {"url_name"}
    return is_empty(element) and set(element.attrib) == expected


def is_empty(element: etree._Element) -> bool:
    """Whether an element has neither children nor text."""
    return len(element) == 0 and not (element.text or "").strip()


def html_path(files: CourseFiles, definition: str, filename: str) -> str | None:
    """The ``.html`` file that an ``html`` block's ``filename`` means, or ``None``.

    It lies beside the block's own file ``definition``; older courses count from the course folder
    or from ``html/`` (xmodule.html_block.HtmlBlock.backcompat_paths).
    """
    folder = str(PurePosixPath(definition).parent)
    stem = filename.removesuffix(".html")
    candidates = (f"{folder}/{stem}.html", f"html/{stem}.html", f"{stem}.html", filename)
    return next((path for path in candidates if path in files), None)
