"""Small courses for the tests of reading, importing and exporting, written as files."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from quarantine.archive import Member

Files = dict[str, str | bytes]

KEY = "course-v1:Demo+CAT1+2026"


def usage_key(tag: str, name: str) -> str:
    return f"block-v1:Demo+CAT1+2026+type@{tag}+block@{name}"


def grading_policy(*formats: str) -> str:
    graders = [
        {"type": name, "min_count": 1, "drop_count": 0, "short_label": name, "weight": 1.0}
        for name in formats
    ]
    return json.dumps({"GRADER": graders, "GRADE_CUTOFFS": {"Pass": 0.6}})


def small_course(**changes: str | bytes | None) -> Files:
    """Two units with HTML, a problem and a foreign block; ``changes`` by path, None to remove.

    Keyword names write ``__`` for ``/`` and ``_x`` at the end for ``.xml``.
    """
    files: Files = {
        "course.xml": '<course url_name="2026" org="Demo" course="CAT1"/>',
        "course/2026.xml": '<course display_name="Cataloguing"><chapter url_name="one"/></course>',
        "chapter/one.xml": (
            '<chapter display_name="Week 1"><sequential url_name="seq"/></chapter>'
        ),
        "sequential/seq.xml": (
            '<sequential display_name="Lesson" format="Exercises" graded="true"'
            ' due="2030-05-01T12:00:00Z">\n'
            '  <vertical url_name="first"/>\n'
            '  <vertical url_name="second"/>\n'
            "</sequential>"
        ),
        "vertical/first.xml": (
            '<vertical display_name="Read">\n'
            '  <html url_name="intro"/>\n'
            '  <problem url_name="sum"/>\n'
            "</vertical>"
        ),
        "vertical/second.xml": (
            '<vertical display_name="Do">\n'
            '  <nosuchblock url_name="odd" colour="red"><inner>text</inner></nosuchblock>\n'
            "</vertical>"
        ),
        "html/intro.xml": '<html filename="intro" display_name="Welcome"/>',
        "html/intro.html": '<p>See <img src="/static/cover.svg" alt="cover"></p>\n',
        "problem/sum.xml": (
            '<problem display_name="Sum" weight="2.0"><numericalresponse answer="4">'
            "<label>2 + 2</label><formulaequationinput/></numericalresponse></problem>"
        ),
        "policies/2026/policy.json": json.dumps(
            {"course/2026": {"start": "2020-01-01T00:00:00Z", "language": "en"}}
        ),
        "policies/2026/grading_policy.json": grading_policy("Exercises"),
        "about/overview.html": "<p>A course about <em>records</em>.</p>",
        "static/cover.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    }
    for name, content in changes.items():
        path = name.replace("__", "/")
        path = f"{path[:-2]}.xml" if path.endswith("_x") else path
        files.pop(path, None)
        if content is not None:
            files[path] = content
    return files


def with_files(changes: Mapping[str, str | bytes | None]) -> Files:
    """The small course with files changed by path; ``None`` removes one."""
    files = small_course()
    for path, content in changes.items():
        files.pop(path, None)
        if content is not None:
            files[path] = content
    return files


def members(files: Mapping[str, str | bytes], folder: str = "course") -> Iterator[Member]:
    for path, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        yield Member(f"{folder}/{path}" if folder else path, data)


def archive(files: Mapping[str, str | bytes], folder: str = "course") -> bytes:
    return pack(members(files, folder))


def pack(contents: Iterable[Member]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        for member in contents:
            info = tarfile.TarInfo(member.path)
            info.size = len(member.data)
            tar.addfile(info, io.BytesIO(member.data))
    return stream.getvalue()


def large_course(blocks: int, per_unit: int = 10) -> Iterator[Member]:
    """A course of about ``blocks`` blocks, as the speed of importing is measured with."""
    units = max(1, blocks // (per_unit + 1))
    sequentials = max(1, units // 5)
    yield from members(
        {
            "course.xml": '<course url_name="2026" org="Demo" course="LARGE"/>',
            "course/2026.xml": '<course display_name="Large"><chapter url_name="c"/></course>',
            "policies/2026/grading_policy.json": grading_policy("Exercises"),
            "chapter/c.xml": _parent("chapter", "sequential", "s", range(sequentials)),
        }
    )
    for number in range(sequentials):
        inside = range(number, units, sequentials)
        text = _parent("sequential", "vertical", "v", inside)
        yield from members({f"sequential/s{number}.xml": text})
    for number in range(units):
        yield from members(_unit(number, per_unit))


def _parent(tag: str, child: str, letter: str, numbers: Any) -> str:
    inside = "".join(f'<{child} url_name="{letter}{number}"/>' for number in numbers)
    return f'<{tag} display_name="{tag}">{inside}</{tag}>'


def _unit(number: int, size: int) -> Files:
    files: Files = {}
    pointers = []
    for index in range(size):
        name = f"b{number}_{index}"
        if index % 2:
            pointers.append(f'<html url_name="{name}"/>')
            files[f"html/{name}.xml"] = f'<html filename="{name}" display_name="Text {name}"/>'
            files[f"html/{name}.html"] = f"<p>{'words and words ' * 60}{name}</p>"
        else:
            pointers.append(f'<problem url_name="{name}"/>')
            files[f"problem/{name}.xml"] = (
                f'<problem display_name="Problem {name}"><numericalresponse answer="{index}">'
                "<label>How many?</label><formulaequationinput/></numericalresponse></problem>"
            )
    files[f"vertical/v{number}.xml"] = (
        f'<vertical display_name="Unit {number}">{"".join(pointers)}</vertical>'
    )
    return files
