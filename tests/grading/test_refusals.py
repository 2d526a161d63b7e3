"""Every refusal of an exercise or an answer is a sentence that a translation can reach."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import grading

ROOT = Path(grading.__file__).parent
RAISED = {"InvalidExercise", "InvalidAnswer", "fail", "error"}
MARKERS = {"_", "gettext_noop"}
PLACE = re.compile(r"%\((\w+)\)s")

TREES = {
    str(path.relative_to(ROOT)): ast.parse(path.read_text())
    for path in sorted(ROOT.rglob("*.py"))
    if path.parts[len(ROOT.parts)] not in ("migrations", "management")
}


class Refusal(NamedTuple):
    """A call that refuses something: its module and line, its sentence, the params it fills in."""

    path: str
    line: int
    template: ast.expr
    params: set[str] | None


def marked(node: ast.expr) -> str | None:
    """The sentence in ``_("…")``."""
    if isinstance(node, ast.Call) and name_of(node.func) in MARKERS:
        [text] = node.args
        return str(text.value) if isinstance(text, ast.Constant) else None
    return None


def name_of(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def constants(tree: ast.Module) -> dict[str, ast.expr]:
    """What the constants of a module are set to, by name."""
    assignments = (node for node in tree.body if isinstance(node, ast.Assign))
    return {name_of(node.targets[0]): node.value for node in assignments}


def refusals() -> Iterator[Refusal]:
    """All calls whose first argument is a sentence."""
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or name_of(node.func) not in RAISED or not node.args:
                continue
            if isinstance(node.func, ast.Attribute) and name_of(node.func.value) == "logger":
                continue
            names = [keyword.arg for keyword in node.keywords]
            params = None if None in names else {name for name in names if name}
            yield Refusal(path, node.lineno, node.args[0], params)


def sentence_of(refusal: Refusal) -> str | None:
    """The sentence of a call; ``None`` if it is not marked for translation."""
    template = refusal.template
    if not name_of(template).isupper():
        return marked(template)
    module = refusal.path
    if isinstance(template, ast.Attribute):
        owner = name_of(template.value)
        [module] = [path for path in TREES if Path(path).stem == owner]
    return marked(constants(TREES[module])[name_of(template)])


def faults() -> Iterator[tuple[str, int, str]]:
    """What is wrong with the sentences of refusals; those handed on are judged elsewhere."""
    for refusal in refusals():
        if name_of(refusal.template).islower():
            continue
        sentence = sentence_of(refusal)
        if sentence is None:
            yield refusal.path, refusal.line, "is not in gettext_noop"
        elif not (sentence[0] in "«%" or sentence[0].isupper()) or sentence[-1] != ".":
            yield refusal.path, refusal.line, f"is no whole sentence: {sentence}"
        elif refusal.params is not None and set(PLACE.findall(sentence)) != refusal.params:
            yield refusal.path, refusal.line, f"is given other params than it has: {sentence}"


def test_the_refusals_of_both_graders_and_of_the_store_are_found() -> None:
    paths = [refusal.path for refusal in refusals()]

    assert {str(Path(path).parent) for path in paths} >= {".", "graders/drill", "graders/marc"}
    assert len(paths) > 80


def test_every_refusal_is_a_sentence_marked_for_translation_with_all_its_params() -> None:
    assert list(faults()) == []
