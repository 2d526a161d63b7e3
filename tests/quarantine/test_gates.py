"""What holds for all gates: the corpus of others' attacks, and no way around them."""

from __future__ import annotations

import ast
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from quarantine.archive import read_archive
from quarantine.errors import Refused
from quarantine.files import KINDS, inspect_upload
from quarantine.html import sanitize
from quarantine.json import parse_json
from quarantine.marc import read_marc
from quarantine.tables import read_table
from quarantine.xml import parse_xml
from tests.quarantine.test_html import assert_harmless

ROOT = Path(__file__).parents[2]
PACKAGES = ("delivery", "grading", "jobs", "practicum", "xblocks", "scripts")
CORPUS = os.environ.get("HOSTILE_CORPUS", "")

# Calls that take input apart outside the gates, by the last names of what is called.
AROUND = {
    "iterparse",
    "XMLParser",
    "XMLPullParser",
    "ETCompatXMLParser",
    "HTMLParser",
    "extractall",
    "unpack_archive",
    "load_workbook",
    "MARCReader",
    "parse_xml_to_array",
    "literal_eval",
    "eval",
    "exec",
}
MODULES = {"etree": {"parse", "fromstring", "XML", "HTML", "XSLT"}, "pickle": {"load", "loads"}}
IMPORTS = {"bleach", "pickle", "tarfile", "xml", "defusedxml", "pymarc", "openpyxl", "marshal"}


def imported(node: ast.Import | ast.ImportFrom) -> set[str]:
    """Return the packages that a statement imports from."""
    if isinstance(node, ast.ImportFrom):
        return {(node.module or "").split(".")[0]}
    return {alias.name.split(".")[0] for alias in node.names}


def calls_around(tree: ast.AST) -> list[int]:
    """Return the lines of a module that take input apart by themselves."""
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func).split(".")
            module = called[-2] if len(called) > 1 else ""
            if called[-1] in AROUND or called[-1] in MODULES.get(module, ()):
                lines.append(node.lineno)
        if isinstance(node, (ast.Import, ast.ImportFrom)) and imported(node) & IMPORTS:
            lines.append(node.lineno)
    return lines


def test_nothing_is_taken_apart_outside_the_gates() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        for line in calls_around(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "etree.parse(path)",
        "lxml.etree.fromstring(data)",
        "from xml.etree import ElementTree",
        "for x in iterparse(f): pass",
        "p = etree.XMLParser(resolve_entities=False)",
        "tar.extractall(path, filter='data')",
        "import tarfile",
        "import bleach",
        "from pymarc import MARCReader",
        "eval(answer)",
        "pickle.loads(data)",
    ],
)
def test_the_search_finds_each_way_around(code: str) -> None:
    assert calls_around(ast.parse(code))


def test_the_quarantine_knows_no_framework() -> None:
    for path in (ROOT / "quarantine").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                assert not imported(node) & {"django", "celery", "xblock", *PACKAGES}, path


def archive(data: bytes) -> None:
    for _ in read_archive(io.BytesIO(data)):
        pass


def page(data: bytes) -> None:
    assert_harmless(sanitize(data.decode("utf-8", "surrogateescape")))


def upload(data: bytes) -> None:
    for kind, look in KINDS.items():
        try:
            inspect_upload(f"x.{look.extensions[0]}", data, allowed=[kind])
        except Refused:
            continue


def table(data: bytes) -> None:
    for name in ("x.csv", "x.xlsx"):
        try:
            read_table(data, name)
        except Refused:
            continue


@pytest.mark.skipif(not CORPUS, reason="HOSTILE_CORPUS names no folder")
@pytest.mark.parametrize(
    "gate",
    [archive, page, upload, table, parse_xml, parse_json, read_marc],
    ids=lambda gate: gate.__name__,
)
def test_a_corpus_of_attacks_raises_nothing_else(gate: Callable[[bytes], Any]) -> None:
    """Every file of the folder, and for pages every line of every text file, goes to every gate."""
    tried = 0
    for path in sorted(Path(CORPUS).rglob("*")):
        if not path.is_file() or path.stat().st_size > 5_000_000:
            continue
        data = path.read_bytes()
        for piece in [data, *(data.splitlines() if gate is page and path.suffix == ".txt" else [])]:
            tried += 1
            try:
                gate(piece)
            except Refused as refusal:
                str(refusal).encode("utf-8", "surrogatepass")
    assert tried
