"""The parts of a field that are judged one by one, and what the judgement may depend on."""

from __future__ import annotations

from typing import NamedTuple

from grading.graders.marc.fixed import FixedVerdict
from grading.graders.marc.profiles import Profile


class Context(NamedTuple):
    """What the rest says: wrong years of publication in the answer, whether it has a main entry.

    ``language`` is the model's, as coded in it; empty if it does not say.
    """

    profile: Profile
    punctuation: str
    wrong_years: frozenset[str]
    has_main_entry: bool
    language: str = ""


class Element(NamedTuple):
    """A part of a field that is judged by itself.

    ``kind`` is ind1, ind2, content, mark, order, extra, undefined or fixed; ``code`` the
    subfield's code in the model (in the answer for an extra one); ``place`` where it stands in the
    answer's field, empty if it does not; ``missing`` tells that its subfield is not there at all.
    """

    kind: str
    weight: float
    credit: float
    reason: str
    code: str = ""
    place: str = ""
    expected: str = ""
    remark: str = ""
    fixed: FixedVerdict | None = None
    missing: bool = False
