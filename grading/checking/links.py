"""Fields that belong together: 880 with its field, and fields that UNIMARC embeds in others."""

from __future__ import annotations

import re
from collections.abc import Iterable

from grading.checking.context import Context
from grading.checking.fields import Field
from grading.checking.reading import read_indicators
from grading.graders.marc.fields import is_control

# Tag, occurrence, script (a code of MARC 21 or of ISO 15924), direction of writing.
_LINK = re.compile(r"([0-9]{3})-([0-9]{2})(/(\(3|\(B|\(N|\(S|\(2|\(4|\$1|[A-Za-z]{4})?)?(/r)?")
_UNLINKED = "00"
_EMBEDDED = re.compile(r"([0-9]{3})(.*)", re.DOTALL)


def check_links(context: Context) -> None:
    """Check that each 880 of MARC 21 and the field it stands beside name each other in ``$6``."""
    if not context.form.is_marc21:
        return
    for field in context.by_tag.get("880", ()):
        if "6" not in field.codes:
            context.found.add("link.missing", field, "$6")
    links = []
    for field in [field for field in context.fields if "6" in field.codes]:
        index = field.codes.index("6")
        match = _LINK.fullmatch(field.subfields[index][1].strip())
        if not match or (field.tag != "880" and match[1] != "880"):
            context.found.add("link.form", field, "$6", where=field.place(index))
        else:
            if index:
                context.found.add("link.first", field, "$6", where=field.place(index))
            pair = match[1] if field.tag == "880" else field.tag
            links.append((field, index, pair, match[2]))
    if context.is_draft or not links:
        return
    sides = {(field.tag == "880", tag, number) for field, _, tag, number in links}
    for field, index, tag, number in links:
        is_880 = field.tag == "880"
        if number != _UNLINKED and (not is_880, tag, number) not in sides:
            context.found.add(
                "link.alone",
                field,
                "$6",
                where=field.place(index),
                other=tag if is_880 else "880",
                number=number,
            )


def embedded_fields(field: Field, context: Context) -> Iterable[Field]:
    """Yield the fields embedded in ``field``, each led by ``$1``, and report what is none."""
    subfields = field.subfields
    starts = [index for index, (code, _) in enumerate(subfields) if code == "1"]
    for start, end in zip(starts, [*starts[1:], len(subfields)], strict=True):
        match = _EMBEDDED.fullmatch(subfields[start][1])
        if not match:
            context.found.add("embedded.tag", field, "$1", where=field.place(start))
            continue
        tag, rest = match[1], match[2]
        path = field.place(start)
        within = subfields[start + 1 : end]
        if tag not in context.form.fields:
            if not context.form.is_local(tag):
                context.found.add("embedded.undefined", field, "$1", where=path, tag=tag)
        elif is_control(tag):
            yield Field(tag, tag, "  ", (), "", rest, 0, field.row, True, True, field, start + 1)
        else:
            codes = "".join(code for code, _ in within)
            ind, row, is_plain = read_indicators(rest.ljust(2)), field.row, field.is_plain
            yield Field(tag, tag, ind, within, codes, "", 0, row, False, is_plain, field, start + 1)
