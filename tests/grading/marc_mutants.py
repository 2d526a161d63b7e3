"""Records as learners make them: model records after a few mistakes."""

from __future__ import annotations

import copy
import os
from typing import Any

from hypothesis import strategies as st

from grading.graders.marc.profiles import get_profile
from tests.grading.marc_records import MODELS, answer_of

EXAMPLES = int(os.environ.get("HYPOTHESIS_EXAMPLES", "60"))
"""How many records a property is tried on; 2,000 for a longer look."""

Key = dict[str, Any]
Answer = list[list[Any]]

words = st.text(
    alphabet="abcdeščđžABČ абвгдАБВ 0123456789 .,:;/-[]()\"'=+", min_size=1, max_size=25
).filter(str.strip)


@st.composite
def keys(draw: st.DrawFn) -> Key:
    """A model record as it is, or one put together of fields of several and made-up values."""
    profile = draw(st.sampled_from(["marc21", "unimarc", "comarc"]))
    records = [key for key in MODELS.values() if key["profile"] == profile]
    if draw(st.booleans()):
        return copy.deepcopy(draw(st.sampled_from(records)))
    pool = [field for key in records for field in key["fields"]]
    fields: list[dict[str, Any]] = []
    signatures = set()
    for field in draw(st.lists(st.sampled_from(pool), min_size=1, max_size=14)):
        field = copy.deepcopy(field)
        if "sub" in field and draw(st.integers(0, 3)) == 0:
            place = draw(st.integers(0, len(field["sub"]) - 1))
            if field["tag"] not in ("100", "105", "106", "020", "010", "675", "080", "676", "082"):
                field["sub"][place][1] = draw(words)
        signature = repr(field)
        is_single = field["tag"] in get_profile(profile).not_repeatable
        if signature in signatures or (
            is_single and any(other["tag"] == field["tag"] for other in fields)
        ):
            continue
        signatures.add(signature)
        fields.append(field)
    return {"profile": profile, "fields": fields}


@st.composite
def mutants(draw: st.DrawFn, key: Key) -> Answer:
    """The key's own record after a few of the mistakes that learners make."""
    answer = answer_of(key)
    for _ in range(draw(st.integers(0, 7))):
        if not answer:
            break
        place = draw(st.integers(0, len(answer) - 1))
        field = copy.deepcopy(answer[place])
        match draw(
            st.sampled_from(["drop", "copy", "value", "tag", "ind", "code", "less", "junk"])
        ):
            case "drop":
                del answer[place]
            case "copy":
                answer.append(_damage(draw, field))
            case "value":
                answer[place] = _damage(draw, field)
            case "tag" if len(field) == 3:
                answer[place][0] = draw(st.sampled_from(["700", "650", "246", "500", "702", "606"]))
            case "ind" if len(field) == 3:
                answer[place][1] = draw(st.sampled_from(["  ", "1 ", " 1", "10", "04", "00"]))
            case "code" if len(field) == 3 and field[2]:
                subfield = draw(st.integers(0, len(field[2]) - 1))
                answer[place][2][subfield][0] = draw(st.sampled_from("abcdefvxyz24"))
            case "less" if len(field) == 3 and field[2]:
                del answer[place][2][draw(st.integers(0, len(field[2]) - 1))]
            case "junk":
                answer.append(["500", "  ", [["a", draw(words)]]])
    return answer


def _damage(draw: st.DrawFn, field: list[Any]) -> list[Any]:
    if len(field) == 2:
        place = draw(st.integers(0, len(field[1])))
        return [field[0], field[1][:place] + draw(st.sampled_from("ax 1")) + field[1][place + 1 :]]
    if not field[2]:
        return field
    subfield = field[2][draw(st.integers(0, len(field[2]) - 1))]
    subfield[1] = draw(
        st.one_of(
            words,
            st.just(subfield[1].upper()),
            st.just(subfield[1].rstrip(" .,:;/")),
            st.just(subfield[1][:-2] + "x"),
        )
    )
    return field
