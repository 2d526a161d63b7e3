"""Write the structure of MARC 21, ``grading/checking/data/marc21_fields.json``, from its sources.

    python -m scripts.make_marc21_fields --avram marc21-bibliographic.avram.json

The sources are the rules of pydantic-marc 0.1.0 (``pip install pydantic-marc``: it is not a
dependency) and the newer Avram schema of avram-js. Where they differ the newer one says what is
defined, the older one what was; what neither has right is corrected below.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parent.parent / "grading" / "checking" / "data" / "marc21_fields.json"
DIGITS = "0123456789"
# In the older rules only, and rightly: the newer schema forgot them.
KEPT = {"017": "8i", "022": "lm", "222": "8b", "242": "n", "542": "8k"}
# Fields that the newer schema lets repeat and the Library of Congress does not.
ONCE = {"043"}
# Fields whose indicators the sources give as a pattern, or not at all.
INDICATORS = {"046": (" 123", " "), "588": (" 01", " ")}
# Holdings data may lie embedded in a bibliographic record; their structure is another format's.
HOLDINGS = {f"{tag}" for tag in (*range(841, 846), 853, 854, 855, *range(863, 869), 876, 877, 878)}
# Fields with the subfields of other fields; of their own they have these, which stand once.
ANY_TAG = {"880": "6", "886": "2"}
REQUIRED = {"LDR", "008", "245"}


def merge(rules: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the structure by tag, in the form that the data's README describes."""
    table: dict[str, dict[str, Any]] = {}
    for tag in sorted({*rules, *fields} - HOLDINGS):
        old, new = rules.get(tag), fields.get(tag)
        entry: dict[str, Any] = {"repeatable": bool((new or old or {}).get("repeatable"))}
        if tag in ONCE:
            entry["repeatable"] = False
        if tag in REQUIRED:
            entry["required"] = True
        if tag != "LDR" and not tag.startswith("00"):
            entry |= _indicators(tag, old, new) | _subfields(tag, old, new)
        if tag in ANY_TAG:
            entry |= {"once": ANY_TAG[tag], "any": True}
        table[tag] = entry
    return table


def _indicators(tag: str, old: Any, new: Any) -> dict[str, str]:
    if tag in INDICATORS:
        return dict(zip(("ind1", "ind2"), INDICATORS[tag], strict=True))
    values = {}
    for name, place in (("ind1", "indicator1"), ("ind2", "indicator2")):
        allowed = {value or " " for value in old[name]} if old else set()
        spec = new.get(place) if new else None
        if spec:
            allowed |= set(spec.get("codes", DIGITS if "pattern" in spec else ""))
        values[name] = "".join(sorted(allowed)) or " "
    return values


def _subfields(tag: str, old: Any, new: Any) -> dict[str, str]:
    older = set(old["subfields"]["valid"]) if old else set()
    if new is None:
        many = set(old["subfields"]["repeatable"])
        return _strings(once=older - many, many=many)
    newer = {code: spec for code, spec in new["subfields"].items() if len(code) == 1}
    many = {code for code, spec in newer.items() if spec.get("repeatable")}
    kept = set(KEPT.get(tag, ""))
    many |= {code for code in kept if code in old["subfields"]["repeatable"]} if kept else set()
    gone = older - set(newer) - kept if tag not in ANY_TAG else set()
    return _strings(once=(set(newer) | kept) - many, many=many, obsolete=gone)


def _strings(**codes: set[str]) -> dict[str, str]:
    return {name: "".join(sorted(found)) for name, found in codes.items() if found}


def main() -> None:
    """Read the sources, write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--avram", type=Path, required=True)
    avram = json.loads(parser.parse_args().avram.read_text(encoding="utf-8"))
    table = merge(import_module("pydantic_marc.rules").MARC_RULES, avram["fields"])
    rows = [f' "{tag}": {json.dumps(entry)}' for tag, entry in table.items()]
    TARGET.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
