"""Compares the checker with MARC::Lint on real records and on planted mistakes, and times both.

    python -m scripts.bench.check_marc --samples FOLDER [--planted 20] [--rounds 5]

FOLDER holds files of MARC 21 records, ISO 2709 or MARCXML, also gzipped. MARC::Lint is Debian's
``libmarc-lint-perl``; without it our side alone is measured, and said so. Both read the same file
of ISO 2709 records and check them, turn by turn, each in one process, in CPU time. The status is 1
if a goal is missed: every planted mistake that MARC::Lint finds is found, fewer alarms on the
records as they are in the kinds that both look for, three times its records a second, and 0.2 ms
for the structure of a record.
"""

from __future__ import annotations

import argparse
import gzip
import io
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

from grading.checking import Diagnostic, check
from grading.checking.diagnostics import Findings
from grading.checking.formats import get_format
from grading.checking.reading import read_record
from grading.checking.shapes import find_faults
from grading.checking.tags import check_tags
from quarantine.marc import MarcRefused, Record, is_marc21, stream_marc, write_iso2709
from scripts.bench.planted import PLANTS, plant

LINT = Path(__file__).with_name("marc_lint.pl")
SPEED_GOAL = 3.0
STRUCTURE_GOAL = 0.2  # ms

Key = tuple[int, str, str]
"""Record, tag and kind of a message that both sides may give."""

# What a message of MARC::Lint is about, and the codes by which we say the same.
KINDS: tuple[tuple[str, str, str], ...] = (
    ("undefined subfield", r"is not allowed", r"subfield\.(undefined|obsolete|code)"),
    ("repeated subfield", r"Subfield _. is not repeatable", r"subfield\.repeated"),
    ("repeated field", r"Field is not repeatable", r"field\.repeated"),
    ("indicator", r"Indicator \d must be", r"indicator\."),
    ("main entry", r"Only one 1XX", r"entry\.second"),
    ("no title", r"No 245", r"field\.missing"),
    ("ISBN", r"^020: +Subfield [az] ", r"number\.isbn\."),
    ("language code", r"^041: Subfield", r"code\.(marc_languages|obsolete|length)"),
    ("area code", r"^043: Subfield", r"code\.(marc_areas|obsolete)"),
    ("full stop", r"Must end with|final punctuation", r"mark\.stop"),
    ("mark", r"preceded by (/|space|\.|,)", r"mark\.(missing|spacing)"),
    ("article", r"article", r"nonfiling\."),
    ("first subfield", r"First subfield|too few subfields", r"title\.first|link\.first"),
    ("missing $a", r"Must have a subfield _a", r"subfield\.missing"),
    ("initials", r"initials", r"title\.initials"),
    ("material", r"_h (should not|must have)", r"title\.(blank|material)"),
    ("link", r"No subfield 6", r"link\.missing"),
)


def read_samples(folder: Path) -> list[Record]:
    """Return the MARC 21 records of a folder that can be written again, each once."""
    found: dict[bytes, Record] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            for record in _readable(cast("BinaryIO", file)):
                try:
                    found.setdefault(write_iso2709(record), record)
                except MarcRefused:
                    continue
    return list(found.values())


def _readable(file: BinaryIO) -> Iterator[Record]:
    """Yield the MARC 21 records of a file, nothing if it is no file of records."""
    try:
        for outcome in stream_marc(file):
            record = outcome.record
            if record and record[0][0] == "LDR" and is_marc21(record):
                yield record
    except MarcRefused:
        return


def run_lint(records: Iterable[Record]) -> tuple[list[Counter[str]], float]:
    """Return the messages of MARC::Lint by record, and the CPU time of reading and checking."""
    written = [write_iso2709(record) for record in records]
    with tempfile.NamedTemporaryFile(suffix=".mrc") as file:
        file.write(b"".join(written))
        file.flush()
        run = subprocess.run(  # noqa: S603  # our own script
            [find_perl(), str(LINT), file.name], check=True, capture_output=True, encoding="utf-8"
        )
    messages: list[Counter[str]] = [Counter() for _ in written]
    seconds = 0.0
    for line in run.stdout.splitlines():
        number, _, message = line.partition("\t")
        if number == "seconds":
            seconds = float(message)
        else:
            messages[int(number)][message] += 1
    return messages, seconds


def find_perl() -> str:
    """Return where Perl is, empty if it is nowhere."""
    return shutil.which("perl") or ""


def has_lint() -> bool:
    """Tell whether MARC::Lint can be run here."""
    command = [find_perl(), "-MMARC::Lint", "-e1"]
    return bool(command[0]) and subprocess.call(command, stderr=subprocess.DEVNULL) == 0  # noqa: S603  # commands of our own


def our_messages(record: Record) -> Counter[str]:
    """Return what we say of a record, without the numbers of fields."""
    return Counter(f"{d.code} {d.where[:3]}" for d in check(record, "marc21"))


def compare_planted(records: list[Record], count: int, seed: int, with_lint: bool) -> bool:
    """Plant mistakes, print who finds how many of each kind; tell whether we find all of Lint's."""
    chance = random.Random(seed)  # noqa: S311  # no secret: the same mistakes each time
    rows: list[tuple[str, Record, Record]] = []
    for kind in PLANTS:
        order = chance.sample(records, len(records))
        pairs = ((base, plant(kind, base, chance)) for base in order)
        made = [(kind, base, mutant) for base, mutant in pairs if mutant][:count]
        rows += made
    ours = [bool(our_messages(mutant) - our_messages(base)) for _, base, mutant in rows]
    theirs = [False] * len(rows)
    if with_lint:
        before, _ = run_lint(base for _, base, _ in rows)
        after, _ = run_lint(mutant for _, _, mutant in rows)
        theirs = [bool(a - b) for a, b in zip(after, before, strict=True)]
    print(f"\nPlanted mistakes, {len(PLANTS)} kinds, seed {seed}")
    print(f"{'':48} {'planted':>8} {'we':>6} {'Lint':>6} {'Lint only':>10}")
    missed = 0
    for kind in PLANTS:
        places = [n for n, (name, _, _) in enumerate(rows) if name == kind]
        only = sum(theirs[n] and not ours[n] for n in places)
        missed += only
        we, lint = sum(ours[n] for n in places), sum(theirs[n] for n in places)
        shown = f"{lint:6} {only:10}" if with_lint else f"{'-':>6} {'-':>10}"
        print(f"{kind:48} {len(places):8} {we:6} {shown}")
    return not missed


def compare_untouched(records: list[Record]) -> bool:
    """Print what both say of the records as they are; tell whether we raise fewer alarms."""
    messages, _ = run_lint(records)
    theirs: Counter[tuple[str, Key]] = Counter()
    ours: Counter[tuple[str, Key]] = Counter()
    severities: Counter[str] = Counter()
    beyond = 0
    for number, record in enumerate(records):
        for message, times in messages[number].items():
            kind = next((name for name, lint, _ in KINDS if re.search(lint, message)), "other")
            theirs[kind, (number, message[:3], kind)] += times
        for diagnostic in check(record, "marc21"):
            severities[diagnostic.severity] += 1
            kind = _kind_of(diagnostic)
            if kind:
                ours[kind, (number, _tag_of(diagnostic), kind)] += 1
            else:
                beyond += 1
    print(f"\nThe {len(records)} records as they are")
    print(f"{'':24} {'both':>8} {'only we':>8} {'only Lint':>10}")
    names = [name for name, _, _ in KINDS]
    if any(kind == "other" for kind, _ in theirs):
        names.append("other")
    for name in names:
        lint = Counter({key: n for (kind, key), n in theirs.items() if kind == name})
        we = Counter({key: n for (kind, key), n in ours.items() if kind == name})
        both = sum((lint & we).values())
        print(f"{name:24} {both:8} {sum((we - lint).values()):8} {sum((lint - we).values()):10}")
    total, their_total = sum(ours.values()), sum(theirs.values())
    print(f"messages in these kinds: we {total}, MARC::Lint {their_total}")
    print(
        f"of other kinds: we {beyond}; ours in all: "
        + ", ".join(f"{severities[name]} {name}s" for name in ("error", "warning", "note"))
    )
    return total < their_total


def _kind_of(diagnostic: Diagnostic) -> str:
    tag = _tag_of(diagnostic)
    if tag != "245" and diagnostic.code.startswith(("mark.", "nonfiling.", "title.")):
        return ""  # which MARC::Lint looks for in the title alone
    if diagnostic.code == "subfield.missing" and tag != "245":
        return ""
    if diagnostic.code == "field.missing" and tag != "245":
        return ""
    return next((name for name, _, code in KINDS if re.match(code, diagnostic.code)), "")


def _tag_of(diagnostic: Diagnostic) -> str:
    """Return the tag whose rules a message is about: of an 880 that of the linked field."""
    place = str(diagnostic.params.get("place", ""))
    linked = re.match(r"880 \((...)\)", place)
    return linked[1] if linked else diagnostic.where[:3]


def compare_speed(records: list[Record], rounds: int, with_lint: bool) -> bool:
    """Print records a second, best of the rounds; tell whether the goals are met."""
    written = b"".join(map(write_iso2709, records))
    whole, alone, structure, lint = ([float("inf")] for _ in range(4))
    for _ in range(rounds):
        whole.append(_cpu(lambda: _check_stream(written)))
        alone.append(_cpu(lambda: _check_all(records)))
        structure.append(_cpu(lambda: _check_structures(records)))
        if with_lint:
            lint.append(run_lint(records)[1])
    count = len(records)
    print(f"\nSpeed, {count} records, {len(written) // count} bytes and CPU time, best of {rounds}")
    print(f"{'reading and checking':28} {count / min(whole):8.0f} records a second")
    print(f"{'checking alone':28} {min(alone) / count * 1e3:8.3f} ms a record")
    print(f"{'structure alone':28} {min(structure) / count * 1e3:8.3f} ms a record")
    is_good = min(structure) / count * 1e3 <= STRUCTURE_GOAL
    if with_lint:
        ratio = min(lint) / min(whole)
        print(f"{'MARC::Lint':28} {count / min(lint):8.0f} records a second; we {ratio:.2f} times")
        is_good &= ratio >= SPEED_GOAL
    return is_good


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _check_stream(data: bytes) -> None:
    for outcome in stream_marc(io.BytesIO(data)):
        if outcome.record:
            check(outcome.record, "marc21")


def _check_all(records: Iterable[Record]) -> None:
    for record in records:
        check(record, "marc21")


def _check_structures(records: Iterable[Record]) -> None:
    form = get_format("marc21")
    for record in records:
        found = Findings(form.profile)
        for field in check_tags(read_record(record, found), form, found)[0]:
            if not field.is_control:
                for fault in find_faults(form, field.rules, field.ind, field.codes):
                    fault.report(field, found)


def main() -> int:
    """Compare, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=Path, required=True)
    parser.add_argument("--planted", type=int, default=20, help="mistakes of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    records = read_samples(options.samples)
    if not records:
        print(f"{options.samples} holds no MARC 21 records.", file=sys.stderr)
        return 2
    with_lint = has_lint()
    if not with_lint:
        print("MARC::Lint is not installed here (libmarc-lint-perl): our side alone is measured.")
    is_good = compare_planted(records, options.planted, options.seed, with_lint)
    if with_lint:
        is_good &= compare_untouched(records)
    is_good &= compare_speed(records, options.rounds, with_lint)
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
