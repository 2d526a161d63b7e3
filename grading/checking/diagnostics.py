"""What a check finds: a diagnostic for each mistake, collected while a record is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, TypeAlias

from grading.checking.fields import Field
from grading.checking.messages import RULES
from grading.graders.marc.profiles import Profile
from grading.graders.marc.refs import find_refs

Severity: TypeAlias = Literal["error", "warning", "note"]

MOST = 500
"""A record with more mistakes than this is not worth reading to its end."""

_TRANSLATED = frozenset({"name", "mark"})
"""The params that may have words of their own."""

_LAST = 1_000_000
"""After all rows: the place of what a record has not."""


class Diagnostic(NamedTuple):
    """One mistake in a record, or something worth knowing of it.

    ``code`` is stable (``subfield.undefined``). ``severity`` is error (the format or the rule
    forbids it), warning (most probably wrong) or note (worth a look). ``where`` is a path in the
    style of score lines: ``245[0]`` is the first 245, ``245[0]$b[1]`` its second ``$b``,
    ``245[0]$b`` one that is not there, ``245[0]/ind1`` an indicator, ``008[0]/35-37`` and
    ``100[0]$a[0]/22-24`` positions, ``245`` a field that is not there, empty the whole record.
    ``template`` is an English sentence with named ``%(name)s`` places that ``params`` fill;
    ``refs`` name rules by ``scheme``, ``number`` and ``url``.
    """

    code: str
    severity: Severity
    where: str
    template: str
    params: Mapping[str, Any] = MappingProxyType({})
    refs: tuple[Mapping[str, str], ...] = ()

    @property
    def message(self) -> str:
        """The sentence in English."""
        return self.template % self.params if self.params else self.template


def describe(diagnostic: Diagnostic, translate: Callable[[str], str] = str) -> dict[str, Any]:
    """Return a diagnostic ready for JSON, its sentence in the language of ``translate``."""
    params = dict(diagnostic.params)
    for name in _TRANSLATED & params.keys():
        params[name] = translate(params[name])
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "where": diagnostic.where,
        "message": translate(diagnostic.template) % params,
        "refs": [dict(ref) for ref in diagnostic.refs],
    }


class Findings:
    """Collects diagnostics of a record in one format."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._found: list[tuple[int, Diagnostic]] = []

    def in_order(self) -> list[Diagnostic]:
        """Return the diagnostics in the order of the record's rows, of what is not there last."""
        self._found.sort(key=itemgetter(0))
        return [diagnostic for _, diagnostic in self._found]

    def add(
        self,
        code: str,
        on: Field | str = "",
        part: str = "",
        *,
        where: str = "",
        severity: Severity | None = None,
        **params: Any,
    ) -> None:
        """Add what ``RULES`` says of ``code``.

        ``on`` is the field, or the tag of one that is not there; ``part`` the part of it that the
        rule is about, as it is shown and looked up: ``$b``, ``/ind1``, ``/35-37``, ``$a/22-24``.
        ``where`` is the path if it is not simply the field's followed by the part; ``severity``
        is the rule's own by default.
        """
        if len(self._found) >= MOST:
            return
        usual, template = RULES[code]
        if isinstance(on, str):
            tag, label, row = on, on, _LAST
        else:
            tag, label, row = on.rules, on.label, on.row
        if "%(place)s" in template:
            params["place"] = _show(label, part)
        refs = find_refs(self._profile, tag, part) if tag else ()
        if not where:
            where = f"{on if isinstance(on, str) else on.path}{part}"
        diagnostic = Diagnostic(code, severity or usual, where, template, params, refs)
        self._found.append((row, diagnostic))


def _show(label: str, part: str) -> str:
    """Return a place as cataloguers write it; a sentence names the indicator itself."""
    if part.startswith("/ind"):
        return label
    return f"{label} {part}" if part.startswith("$") else f"{label}{part}"
