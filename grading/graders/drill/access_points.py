"""``access_points``: which names get an access point, of which kind, in which form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from grading.data import gettext_noop as _
from grading.graders.compare.values import ModelValue
from grading.graders.drill.item import Finding, Item, Settings
from grading.graders.drill.parts import Part, check_distinct, make_part, read_named, show_choices
from grading.graders.drill.typed import effort_of, grade_value, read_value
from grading.graders.marc import PROFILES
from grading.graders.reading import Node

ENTRIES = {
    "main": _("Main access point"),
    "alternative": _("Alternative responsibility"),
    "added": _("Added access point"),
    "none": _("No access point"),
}
OPTIONAL = "optional"
KIND_WRONG = 0.5
WEIGHTS = {"entry": 2.0, "heading": 4.0, "relator": 2.0}

RIGHT = _("«%(place)s»: rightly given an access point.")
KIND = _("«%(place)s»: rightly given an access point, but of another kind.")
MISSING = _("«%(place)s»: an access point is missing.")
OWN_WORDS = {
    "heading.empty": _("«%(place)s»: the form of the heading is missing."),
    "relator.empty": _("«%(place)s»: the relator is missing."),
    "relator.code": _("«%(place)s»: this must be another relator."),
}
"""What is said in place of the words for any value, by code: a name has two values."""
UNWANTED = _("«%(place)s»: nothing justifies an access point.")
NEUTRAL = _("«%(place)s»: an access point is allowed here; it counts neither way.")
UNSUPPORTED = _("«%(place)s»: this counts only with an access point.")


NO_FORM = _("Only a name that gets an access point has a heading and a relator.")


class Name(NamedTuple):
    """A name in the source; ``entry`` is one of ENTRIES or optional."""

    part: Part
    entry: str
    heading: ModelValue | None
    relator: ModelValue | None

    @property
    def is_justified(self) -> bool:
        """Tell whether the name must have an access point."""
        return self.entry not in ("none", OPTIONAL)


@dataclass(frozen=True, slots=True)
class AccessPoints(Item):
    """The names of a source, some of which get access points."""

    TYPE = "access_points"

    profile: str
    names: tuple[Name, ...]
    relators: tuple[Mapping[str, str], ...]
    charge: float

    @classmethod
    def read(cls, node: Node, settings: Settings) -> AccessPoints:
        """Read the names and the choice of relators."""
        profile = node.get("profile").one_of(PROFILES, PROFILES[0])
        entries = [*_entries(profile), OPTIONAL]
        names = tuple(_read_name(row, entries) for row in node.get("names").list(1))
        check_distinct([name.part for name in names], node.get("names"))
        justified = sum(name.is_justified for name in names)
        if not justified:
            raise node.get("names").fail(_("No name gets an access point."))
        wrong = sum(name.entry == "none" for name in names)
        charge = WEIGHTS["entry"] * max(settings.unwanted, justified / wrong if wrong else 0.0)
        relators = tuple(
            {"code": row.get("code").text().strip(), "label": row.get("label").text("")}
            for row in node.get("relators").list(most=300)
        )
        return cls(profile, names, relators, charge)

    @property
    def possible(self) -> float:
        """For each name that gets one: the entry, its heading, its relator."""
        return sum(
            WEIGHTS["entry"]
            + (WEIGHTS["heading"] if name.heading else 0.0)
            + (WEIGHTS["relator"] if name.relator else 0.0)
            for name in self.names
            if name.is_justified
        )

    @property
    def points(self) -> float:
        """Two points for each name in the source, twice as much where forms are asked too."""
        return len(self.names) * (2.0 if self.asked == ["entry"] else 4.0)

    @property
    def asked(self) -> list[str]:
        """What is asked of the names."""
        asked = ["entry"]
        if any(name.heading for name in self.names):
            asked.append("heading")
        if any(name.relator for name in self.names):
            asked.append("relator")
        return asked

    @property
    def effort(self) -> float:
        """That of all accepted forms and relators."""
        models = (model for name in self.names for model in (name.heading, name.relator))
        return sum(effort_of(model) for model in models if model)

    def grade(self, answer: Node) -> Sequence[Finding]:
        """Compare name by name."""
        given = read_named(answer.get("names"), [name.part for name in self.names])
        findings: list[Finding] = []
        for name in self.names:
            row = given[name.part.id]
            for kind in WEIGHTS:  # of every name: a refusal must not tell which of them count
                row.get(kind).text("")
            chosen = row.get("entry").text("").strip()
            entry = chosen if chosen in ENTRIES else "none"
            entries = self._compare_entry(name, entry)
            forms = _compare_form(name, row, is_entry=entry != "none") if name.is_justified else []
            findings += _as_one(entries + forms) if entry == "none" else entries + forms
        return findings

    def _compare_entry(self, name: Name, entry: str) -> list[Finding]:
        where, params = f"names.{name.part.id}.entry", {"place": name.part.text}
        if name.is_justified:
            if entry == "none":
                reason, credit, template = "missing", 0.0, MISSING
            elif entry != name.entry:
                reason, credit, template = "kind", KIND_WRONG, KIND
            else:
                reason, credit, template = "right", 1.0, RIGHT
            expected = "" if credit == 1.0 else name.entry
            weight = WEIGHTS["entry"]
            code = f"entry.{reason}"
            return [
                Finding(where, code, template, credit, weight, params=params, expected=expected)
            ]
        if entry == "none":
            return []
        if name.entry == OPTIONAL:
            return [Finding(where, "entry.optional", NEUTRAL, params=params)]
        return [Finding(where, "entry.unwanted", UNWANTED, charge=self.charge, params=params)]

    def public(self, seed: str) -> dict[str, Any]:
        """The names as they stand in the source."""
        return {
            "profile": self.profile,
            "entries": show_choices(_entries(self.profile)),
            "names": [{"id": name.part.id, "text": name.part.text} for name in self.names],
            "ask": self.asked,
            "relators": [dict(row) for row in self.relators],
        }

    def model(self) -> dict[str, Any]:
        """The entry of every name for which it is settled, with its form."""
        settled = [name for name in self.names if name.entry != OPTIONAL]
        return {"names": {name.part.id: _model_of(name) for name in settled}}


def _compare_form(name: Name, row: Node, *, is_entry: bool) -> list[Finding]:
    findings = []
    for kind, model in (("heading", name.heading), ("relator", name.relator)):
        if model is None:
            continue
        found = grade_value(
            model,
            row.get(kind),
            place=f"names.{name.part.id}.{kind}",
            name=kind,
            label=name.part.text,
            weight=WEIGHTS[kind],
        )
        if not is_entry and found.credit:
            found = replace(
                found,
                code=f"{kind}.unsupported",
                template=UNSUPPORTED,
                credit=0.0,
                expected=model.value.raw,
            )
        elif found.code in OWN_WORDS:
            found = replace(found, template=OWN_WORDS[found.code])
        findings.append(found)
    return findings


def _as_one(findings: Sequence[Finding]) -> list[Finding]:
    """Let a missing access point stand for the form that it lacks as well: it is one mistake."""
    lacking = [found for found in findings if found.code.endswith(".empty")]
    if not lacking:
        return list(findings)
    missing, *others = (found for found in findings if found not in lacking)
    weight = missing.weight + sum(found.weight for found in lacking)
    return [replace(missing, weight=weight), *others]


def _entries(profile: str) -> dict[str, str]:
    return {
        name: label
        for name, label in ENTRIES.items()
        if name != "alternative" or profile != "marc21"
    }


def _read_name(node: Node, entries: Sequence[str]) -> Name:
    entry = node.get("entry").one_of(entries)
    heading = read_value(node.get("heading"), "name") if node.has("heading") else None
    relator = read_value(node.get("relator"), "code") if node.has("relator") else None
    if entry in ("none", OPTIONAL) and (heading or relator):
        raise node.fail(NO_FORM)
    return Name(make_part(node.get("name").text()), entry, heading, relator)


def _model_of(name: Name) -> dict[str, str]:
    model = {"entry": name.entry}
    if name.heading:
        model["heading"] = name.heading.value.raw
    if name.relator:
        model["relator"] = name.relator.value.raw
    return model
