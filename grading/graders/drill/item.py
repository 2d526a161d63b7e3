"""What every item has, and what an item type has to say."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from grading.graders.reading import HEAVIEST, LONGEST_HTML, Node

Ref = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Settings:
    """What an author may set for a whole drill.

    ``unwanted`` is the least that a choice which nothing justifies costs, as a share of a right
    one; ``shuffle`` puts the items in another order for each learner.
    """

    shuffle: bool = False
    unwanted: float = 0.2


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found at one place of an answer.

    ``credit`` (0-1) of ``weight`` was earned; a finding without weight is a note. ``charge`` is
    what an unjustified choice costs, in the same measure as the weights. ``place`` is a path in
    the item's value, ``code`` says what was found (``mark.spacing``).
    """

    place: str
    code: str
    template: str
    credit: float = 0.0
    weight: float = 0.0
    charge: float = 0.0
    params: Mapping[str, Any] = field(default_factory=dict)
    expected: str = ""
    refs: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """What every item has beside the data of its type; ``weight`` 0 leaves it to the parts."""

    id: str
    prompt: str
    shown: Mapping[str, str]
    weight: float
    feedback: str
    refs: tuple[Ref, ...]


class Item(ABC):
    """An item as it was read. A subclass is one item type; it never changes."""

    TYPE: ClassVar[str]

    @classmethod
    @abstractmethod
    def read(cls, node: Node, settings: Settings) -> Item:
        """Read the data of the type; raises InvalidExercise."""

    @property
    @abstractmethod
    def possible(self) -> float:
        """The weights of the item's parts together."""

    @property
    def points(self) -> float:
        """What the item counts unless the author says otherwise.

        The page shows it: where ``possible`` tells how many parts are right, it is another number,
        and the parts share it.
        """
        return self.possible

    @property
    def effort(self) -> float:
        """What comparing an answer may cost beyond reading the item (1: reading one value)."""
        return 0.0

    @abstractmethod
    def grade(self, answer: Node) -> Sequence[Finding]:
        """Compare a value that is not blank; the weights add up to ``possible``.

        Raises InvalidAnswer if the value has another shape.
        """

    @abstractmethod
    def public(self, seed: str) -> dict[str, Any]:
        """What the page may know; lists whose order tells something in the order of ``seed``."""

    @abstractmethod
    def model(self) -> Any:
        """The value of a perfect answer."""


def read_frame(node: Node, item_id: str) -> Frame:
    """Read what every item has."""
    shown = {
        "source": node.get("source").text("", LONGEST_HTML),
        "image": node.get("image").picture(),
        "image_alt": node.get("image_alt").text(""),
        "lang": node.get("lang").language(),
    }
    return Frame(
        id=item_id,
        prompt=node.get("prompt").text(longest=LONGEST_HTML),
        shown={name: text for name, text in shown.items() if text},
        weight=node.get("w").number(0.0, 1e-3, HEAVIEST),
        feedback=node.get("feedback").text("").strip(),
        refs=tuple(_read_ref(ref) for ref in node.get("refs").list(most=12)),
    )


def _read_ref(node: Node) -> Ref:
    return {
        "scheme": node.get("scheme").text(),
        "number": node.get("number").text(""),
        "url": node.get("url").url(),
    }
