"""``transcription``: the elements of an early or Cyrillic title page, as the rules have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from grading.data import gettext_noop as _
from grading.graders.compare.text import Value
from grading.graders.compare.values import ModelValue, Verdict, compare
from grading.graders.drill.item import Finding, Item, Settings
from grading.graders.drill.old_print import CONVENTIONS, FEATURES, Feature, compose, fold
from grading.graders.drill.parts import Part, check_distinct, make_part, read_named
from grading.graders.drill.typed import explain_verdict, forms_of, read_value_members
from grading.graders.reading import Node

MOST_ELEMENTS = 20
LONGEST_TEXT = 500
WEIGHT = 2.0
FEATURE_CREDIT = 0.8

FREE = _("%(place)s: right; how old print or spelling is given is left to you here.")
SEVERAL = _("%(place)s: several features of old print or spelling are not given as the rule says.")
FEATURE = {
    "line_ends": _("%(place)s: right but for the ends of lines and the hyphens that stood there."),
    "long_s": _("%(place)s: right but for the long s. The rule says: it is given as s."),
    "ligatures": _("%(place)s: right but for the ligatures; the rule says which are kept."),
    "ampersand": _("%(place)s: right but for the sign for «and»; it is given as it stands."),
    "vv": _("%(place)s: right but for w and vv; the rule says how they are given."),
    "uv": _("%(place)s: right but for u and v; the rule says when each is given."),
    "ij": _("%(place)s: right but for i and j; the rule says when each is given."),
    "hard_sign": _("%(place)s: right but for the mute ъ or ь at the end of words."),
    "yat": _("%(place)s: right but for the old letter ѣ."),
    "decimal_i": _("%(place)s: right but for the old decimal i."),
    "fita": _("%(place)s: right but for the old letter ѳ."),
    "izhitsa": _("%(place)s: right but for the old letter izhitsa."),
    "yus": _("%(place)s: right but for the old letters ѫ and ѭ."),
}


class Element(NamedTuple):
    """An element to be transcribed; ``free`` are the features that do not count."""

    part: Part
    value: ModelValue
    free: frozenset[str]
    weight: float


@dataclass(frozen=True, slots=True)
class Transcription(Item):
    """The elements of a title page."""

    TYPE = "transcription"

    features: Mapping[str, Feature]
    elements: tuple[Element, ...]

    @classmethod
    def read(cls, node: Node, settings: Settings) -> Transcription:
        """Read the elements and the features that are looked for."""
        features = CONVENTIONS[node.get("conventions").one_of(list(CONVENTIONS), "modern")]
        free = node.get("free").some_of(FEATURES, ())
        rows = node.get("elements").list(1, MOST_ELEMENTS)
        elements = tuple(_read_element(row, free) for row in rows)
        check_distinct([element.part for element in elements], node.get("elements"))
        return cls(features, elements)

    @property
    def possible(self) -> float:
        """The weights of the elements."""
        return sum(element.weight for element in self.elements)

    @property
    def effort(self) -> float:
        """That of all accepted forms, each folded and compared once for every feature."""
        return sum(self._effort(element) for element in self.elements)

    def _effort(self, element: Element) -> float:
        passes = 3 + len(self.features.keys() - element.free)
        return passes * sum(1.5 + len(form.text) / 16 for form in forms_of(element.value))

    def grade(self, answer: Node) -> Sequence[Finding]:
        """Compare element by element."""
        given = read_named(answer.get("elements"), [e.part for e in self.elements])
        return [self._compare(element, given[element.part.id]) for element in self.elements]

    def _compare(self, element: Element, answer: Node) -> Finding:
        typed = compose(answer.text("", LONGEST_TEXT))
        plain = compare(element.value, Value(typed))
        if plain.credit == 1.0 or not typed.strip():
            return _explain(element, plain)
        shown = self._shown(element, typed)
        free = [name for name in shown if name in element.free]
        lenient = self._compare_folded(element, typed, free)
        if lenient.credit == 1.0:
            return _explain(element, Verdict(1.0, "ok"), "free", FREE)
        best = max(plain, lenient, key=lambda verdict: verdict.credit)
        whole = self._compare_folded(element, typed, shown)
        faults = self._find_faults(element, typed, shown, whole.credit)
        credit = whole.credit * FEATURE_CREDIT ** len(faults)
        is_explained = whole.credit == 1.0
        if not faults or (credit <= best.credit and not is_explained):
            return _explain(element, best)
        reason, template = "several", SEVERAL
        if len(faults) == 1 and is_explained:
            reason, template = faults[0], FEATURE[faults[0]]
        return _explain(element, Verdict(max(credit, best.credit), reason), reason, template)

    def _shown(self, element: Element, typed: str) -> list[str]:
        """Return the features that the model or the answer shows."""
        values = (element.value.value, *element.value.alternatives)
        texts = [typed, *(value.raw for value in values)]
        return [name for name, feature in self.features.items() if feature.occurs_in(texts)]

    def _compare_folded(self, element: Element, typed: str, names: Sequence[str]) -> Verdict:
        if not names:
            return compare(element.value, Value(typed))
        features = tuple(self.features[name] for name in names)
        return compare(_fold_model(element.value, features), Value(fold(typed, features)))

    def _find_faults(
        self, element: Element, typed: str, shown: Sequence[str], reached: float
    ) -> list[str]:
        """Return the features that must be folded away to reach so much credit."""
        return [
            name
            for name in shown
            if name not in element.free
            and self._compare_folded(element, typed, [n for n in shown if n != name]).credit
            < reached
        ]

    def public(self, seed: str) -> dict[str, Any]:
        """What is to be transcribed."""
        return {"elements": [{"id": e.part.id, "text": e.part.text} for e in self.elements]}

    def model(self) -> dict[str, Any]:
        """The transcription of each element."""
        return {"elements": {e.part.id: e.value.value.raw for e in self.elements}}


@lru_cache(maxsize=512)
def _fold_model(model: ModelValue, features: tuple[Feature, ...]) -> ModelValue:
    """Return the model without these features; kept, since every answer needs the same ones."""
    return model._replace(
        value=Value(fold(model.value.raw, features)),
        alternatives=tuple(Value(fold(v.raw, features)) for v in model.alternatives),
        near=tuple((Value(fold(v.raw, features)), credit, why) for v, credit, why in model.near),
    )


def _read_element(node: Node, free: Sequence[str]) -> Element:
    read = read_value_members(node, "text", LONGEST_TEXT)
    value = read._replace(
        value=Value(compose(read.value.raw)),
        alternatives=tuple(Value(compose(value.raw)) for value in read.alternatives),
    )
    own = node.get("free").some_of(FEATURES, free)
    part = make_part(node.get("label").text())
    return Element(part, value, frozenset(own), node.weight(WEIGHT))


def _explain(element: Element, verdict: Verdict, reason: str = "", template: str = "") -> Finding:
    if template:
        is_right = verdict.credit == 1.0
        return Finding(
            f"elements.{element.part.id}",
            f"element.{reason}",
            template,
            verdict.credit,
            element.weight,
            params={"place": element.part.text},
            expected="" if is_right else element.value.value.raw,
        )
    return explain_verdict(
        verdict,
        place=f"elements.{element.part.id}",
        name="element",
        label=element.part.text,
        weight=element.weight,
        model=element.value,
    )
